//! Top bar, narration, transport, faults, outline.

use super::super::Selection;
use crate::explain::Spans;
use crate::timeline::Opened;

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Top {
    pub title: String,
    pub promises: Vec<Promise>,
    /// `1 never sent`, where there are such records.
    pub never_sent: Option<String>,
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
    /// `, not checked`; empty of one that was.
    pub rest: String,
    /// How often it was broken.
    pub count: u64,
    /// What it was broken with last.
    pub why: Selection,
}

/// A column of the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Area {
    Producers,
    Cluster,
    Groups,
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
    /// A chapter of the story begins.
    Chapter,
    /// Nothing is scheduled any more, or the story has been told.
    End,
}

/// A number at the end of a story, or while time runs.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// In markup: `sent`.
    pub id: &'static str,
    pub label: String,
    pub value: String,
    /// A promise is broken.
    pub is_broken: bool,
    pub is_zero: bool,
    /// The records that it counts can be listed.
    pub lists: bool,
}

/// What was seen, when the story has been told.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Ending {
    pub counts: Vec<Count>,
    /// What can be tried, by the words of its button.
    pub tries: Vec<String>,
    /// It is a branch of a story in which something could be tried.
    pub is_branch: bool,
}

/// What repeated itself between two steps.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fold {
    /// `Folded on the way: c2's heartbeat is answered: 14 times until 44 158.0`, or while it is open `time 3 of 14`.
    pub text: Spans,
    /// What opens; none: it is open.
    #[serde(skip)]
    pub opens: Option<Opened>,
}

/// How a chapter stands to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum ChapterState {
    Past,
    Now,
    Ahead,
}

/// A chapter on the line of the whole run.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ChapterMark {
    /// From 1; 0 is what comes before the first.
    pub number: u32,
    pub title: String,
    pub state: ChapterState,
    /// The moves in which it begins, and the next one, as far as they are computed.
    pub begins: Option<u64>,
    pub ends: Option<u64>,
    /// Steps of the run before it, and its own, as far as they are computed.
    pub before: u64,
    pub steps: u64,
    /// Steps of it up to here.
    pub passed: u64,
    /// `+44 s`, where it is long.
    pub waits: Option<String>,
}

/// What happened in the move that led here.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Story {
    pub kind: StoryKind,
    pub happened: Spans,
    pub meaning: Spans,
    pub why: Spans,
    /// The other events of the move, as they happened: their numbers, and what happened.
    pub others: Vec<(u32, Spans)>,
    /// `2 more at 4 198.0`.
    pub others_text: Option<String>,
    /// What repeated itself on the way here.
    pub fold: Option<Fold>,
    /// The story has been told.
    pub ending: Option<Ending>,
    /// Virtual time runs by itself: numbers in place of sentences.
    pub running: Option<Vec<Count>>,
    /// What the told event is about: the thing drawn in blue.
    pub about: Selection,
    /// In which column of the scene it happens; none where that is in none of them.
    pub area: Option<Area>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Transport {
    /// `4 198.0 ms`
    pub time: String,
    pub time_us: u64,
    /// `chapter 4 of 5, step 9`; of a run without chapters `step 12`.
    pub step: String,
    pub step_number: u64,
    /// As far as they are computed.
    pub steps: u64,
    pub move_number: u64,
    pub moves: u64,
    /// The chapters of the story, getting ready first; none of a run that has none.
    pub chapters: Vec<ChapterMark>,
    pub can_go_back: bool,
    pub can_go_forward: bool,
    /// The story has been told to its end.
    pub has_ended: bool,
    /// The scrubber's `aria-valuetext`.
    pub value_text: String,
    /// `20 ms/s` while it plays.
    pub playing: Option<String>,
}

/// A fault that can be chosen, and what it can act on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FaultOffer {
    /// What tells its ways apart, where it has more than one.
    pub about: Option<String>,
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
