//! History: moves, checkpoints, seek, forks.
