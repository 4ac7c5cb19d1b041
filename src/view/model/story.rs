//! Top bar, narration, transport, faults, outline.

use super::super::Selection;
use crate::explain::Spans;

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Top {
    pub title: String,
    pub promises: Vec<Promise>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum PromiseState {
    Kept,
    /// Nothing has happened that it speaks of.
    NotChecked,
    Broken,
}

/// What Kafka promises, and whether this run has kept it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Promise {
    /// In markup: `acknowledged-kept`.
    pub id: &'static str,
    pub state: PromiseState,
    /// `Acked records kept`, or `5 processed twice`.
    pub text: String,
    /// How often it was broken.
    pub count: u64,
    /// To where it was broken first: the move, and the words of the link.
    pub go_to: Option<(u64, String)>,
}

/// What kind of place the run stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum StoryKind {
    /// Nothing has happened yet.
    Start,
    Event,
    /// The user's command.
    Command,
    /// A line of the script could not be carried out: the script goes no further.
    Stopped,
    /// Nothing is scheduled any more.
    End,
}

/// What happened in the move that led here.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Story {
    pub kind: StoryKind,
    pub happened: Spans,
    pub meaning: Spans,
    pub why: Spans,
    /// The other events of the move, by what happened.
    pub others: Vec<Spans>,
    /// `2 more at 4 198.0`.
    pub others_text: Option<String>,
    /// `14 routine events passed`.
    pub passed_text: Option<String>,
    /// What the told event is about: the thing drawn in blue.
    pub about: Selection,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Transport {
    /// `4 198.0 ms`
    pub time: String,
    pub time_us: u64,
    /// `step 412 of 431`
    pub step: String,
    pub step_number: u64,
    pub steps: u64,
    pub move_number: u64,
    pub moves: u64,
    pub can_go_back: bool,
    pub can_go_forward: bool,
    /// The scrubber's `aria-valuetext`.
    pub value_text: String,
    /// `20 ms/s` while it plays.
    pub playing: Option<String>,
    /// `The run is idle until 7 194.0.`, when nothing happens for a while.
    pub idle: Option<String>,
}

/// A fault that can be chosen, and what it can act on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FaultOffer {
    /// The key: B D P K W, and E for an error answered.
    pub key: char,
    pub name: String,
    pub targets: Vec<FaultTarget>,
    /// None: it can act now. Else why not.
    pub reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FaultTarget {
    pub name: String,
    pub select: Selection,
    /// The line of the script grammar that does it.
    pub command: String,
    /// None: it can act now. Else why not.
    pub reason: Option<String>,
}

/// A fault that is in force.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ActiveFault {
    pub text: String,
    pub select: Selection,
    /// The line of the script grammar that lifts it, and its label.
    pub lift: Option<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Faults {
    pub heading: String,
    pub offers: Vec<FaultOffer>,
    pub active: Vec<ActiveFault>,
}

/// An item of the outline: the whole scene as a tree of texts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Node {
    /// The same for the same thing in every view.
    pub id: String,
    pub text: String,
    pub select: Selection,
    /// It is what happens now.
    pub now: bool,
    pub children: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Outline {
    pub roots: Vec<Node>,
}
