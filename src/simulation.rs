//! The world: `Simulation`, `Command`, `step`.
