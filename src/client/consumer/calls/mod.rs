//! The application's thread inside the client: one call at a time, as an explicit stack of frames.

mod begin;
mod close;
mod commit;
pub(super) mod frames;
mod join;
mod list_offsets;
mod lookup;
mod offsets;
mod partitions_for;
mod passes;
mod poll;
mod run;
pub(super) mod tasks;

pub(super) use self::frames::CallStack;
pub use self::frames::{CallInfo, Waiting};
pub use self::tasks::{CloseStage, PollStage};
