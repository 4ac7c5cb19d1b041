//! The inspector and the settings.

use super::super::Selection;
use super::Glyph;
use crate::explain::Spans;

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Inspector {
    pub select: Selection,
    /// `Batch`
    pub kind: String,
    /// `orders-1@12–14`
    pub name: String,
    /// `producer-1 › request #21 › try 2`
    pub path: String,
    pub glyphs: Vec<Glyph>,
    pub fields: Vec<Field>,
    pub bytes: Option<Bytes>,
    /// The causes of what happened here, from the `send` on.
    pub chain_heading: String,
    pub chain: Vec<Party>,
    /// Said when nothing is selected or the thing is gone.
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Field {
    pub name: String,
    pub value: Spans,
    /// The whole thing is another one of the scene.
    pub select: Selection,
}

/// The bytes of a batch, field by field.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Bytes {
    pub heading: String,
    /// `record batch v2, 157 B`
    pub note: String,
    pub lines: Vec<ByteLine>,
    /// Lines that are not shown.
    pub more: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ByteLine {
    /// `00 00 00 91`, shortened.
    pub hex: String,
    pub name: &'static str,
    pub value: String,
    /// The current event looks at it.
    pub now: bool,
    /// Which record of the batch it belongs to, from 0.
    pub record: Option<u32>,
}

/// What one party had to do with a thing, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Party {
    /// A producer, a group; empty where there is only one.
    pub name: String,
    /// `, the second time`
    pub note: String,
    pub causes: Vec<Cause>,
    /// What stands in place of those of its rows that wait.
    pub folded: Option<FoldedCauses>,
}

/// A row in place of several that wait.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FoldedCauses {
    /// Of the first of them.
    pub number: Option<u64>,
    pub time: String,
    /// `send() to acknowledged`
    pub text: String,
    /// `3 steps`
    pub steps: String,
}

/// How a row of the chain is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum CauseMark {
    Done,
    /// A fault of the user's ended it.
    Cut,
    /// It has not happened, and may not.
    ToCome,
}

/// An event on the way from the `send`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Cause {
    /// None: it has not happened.
    pub number: Option<u64>,
    /// `4 198.0`
    pub time: String,
    pub text: String,
    pub now: bool,
    pub mark: CauseMark,
    /// Not one of the main steps: where there is little room, it waits until it is asked for.
    pub minor: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Settings {
    pub heading: String,
    /// Whose they are.
    pub of: String,
    /// The target in the script grammar: `producer-1`; empty where they cannot be changed.
    pub target: String,
    /// `2 changed`
    pub changed_text: String,
    pub rows: Vec<SettingRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SettingRow {
    pub name: &'static str,
    pub value: String,
    pub default: String,
    pub changed: bool,
    /// `default 16384`, where it is changed.
    pub default_text: Option<String>,
    /// What it does here, or why it has no effect here.
    pub does: String,
    pub acts: bool,
    /// The station where it acts, 1 to 6.
    pub station: Option<u8>,
    /// Where it acts, in words.
    pub place: String,
    /// Remarks: whether it is a warning, and the sentence.
    pub advice: Vec<(bool, String)>,
    /// Kafka's own word for what it takes: `INT`, and the allowed values; may be empty.
    pub type_text: String,
    /// Another setting decides: the sentence.
    pub forced: Option<String>,
    /// Among those that are shown before one searches.
    pub common: bool,
}

/// What changing a setting would do, and what it did so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changing {
    /// Where that is counted.
    pub did: Option<String>,
    pub from_start: Spans,
    pub from_now: Spans,
}
