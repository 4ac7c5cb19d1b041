//! Plays scripts on the model and shows what happened, in the shape of runs recorded on a real cluster.

pub mod observed;
pub mod options;
mod outcomes;
pub mod play;
pub mod recorded;
pub mod stable;
pub mod story;
pub mod transcript;
pub mod view;
