//! The readable transcript of a run.

use std::fmt::Write;

use partita::event::Event;
use partita::simulation::Simulation;

/// One line for an event: when, and what.
pub fn line(simulation: &Simulation, event: &Event) -> String {
    let sentence = partita::explain::plain(simulation.names(), event);
    let mut out = String::new();
    write!(out, "{:>12} ms  {sentence}", event.at.to_string()).expect("a string takes all");
    out
}
