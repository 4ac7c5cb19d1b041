//! The text that a program was pasted from, kept with the run.

use std::sync::Arc;

/// `code p text="…" call=12 callback=13`: what the program of a client was pasted from, and on which of its lines, from 1, its parts
/// stand. It takes no time and does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastedCode {
    pub client: Arc<str>,
    /// As it was pasted.
    pub text: Arc<str>,
    pub kotlin: bool,
    /// Each part once, in the order of [`CodePart::ALL`].
    pub parts: Vec<(CodePart, u32)>,
}

/// A part of a program that a line of its text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodePart {
    /// The client's constructor.
    Make,
    /// `subscribe` or `assign`.
    Subscribe,
    /// `send` or `poll`.
    Call,
    /// Waiting for the future.
    Get,
    /// What the callback does first.
    Callback,
    /// What is done first with a record.
    Process,
    Commit,
    Sleep,
}

impl CodePart {
    pub const ALL: [(&str, CodePart); 8] = [
        ("make", CodePart::Make),
        ("subscribe", CodePart::Subscribe),
        ("call", CodePart::Call),
        ("get", CodePart::Get),
        ("callback", CodePart::Callback),
        ("process", CodePart::Process),
        ("commit", CodePart::Commit),
        ("sleep", CodePart::Sleep),
    ];
}
