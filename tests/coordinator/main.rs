//! The group coordinator from outside: as stories, with random clients, and against recorded conversations.

mod frames;
#[path = "../kept_text/mod.rs"]
mod kept_text;
mod log;
mod random;
mod scripts;
mod world;
