//! The parts of the build helper that the browser tests use too: where things lie, the static server, the browser.

pub mod budget;
pub mod figure;
pub mod paths;
pub mod process;
pub mod server;
pub mod sites;
pub mod tools;
