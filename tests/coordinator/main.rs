//! The group coordinator from outside: as stories, with random clients, and against recorded conversations.

mod frames;
mod random;
mod scripts;
mod world;
