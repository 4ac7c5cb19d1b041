//! The timeline: the whole run as a strip, and a window of it as lanes.

use super::super::Selection;
use super::Tone;

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Lanes {
    pub strip: Strip,
    pub window: Window,
    pub lanes: Vec<Lane>,
    pub messages: Vec<Message>,
    pub branches: Vec<BranchRow>,
}

/// The whole run.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Strip {
    pub label: String,
    /// Microseconds at the end of what is computed.
    pub end_us: u64,
    pub position_us: u64,
    /// In order of time.
    pub marks: Vec<Mark>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum MarkKind {
    Fault,
    Alarm,
    /// A branch leaves here.
    Branch,
    /// The user's command.
    Command,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Mark {
    pub kind: MarkKind,
    pub at_us: u64,
    pub number: u64,
    /// Steps of the run up to that move.
    pub steps: u64,
    pub text: String,
}

/// What the lanes show: stretches of true scale, with idle time folded between them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Window {
    /// In order; pixels counted from the left.
    pub stretches: Vec<Stretch>,
    pub ticks: Vec<Tick>,
    /// Where now is, in pixels.
    pub now_px: i32,
    /// `4 198.0`
    pub now_text: String,
    pub width: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Stretch {
    pub from_us: u64,
    pub to_us: u64,
    pub from_px: i32,
    pub to_px: i32,
    /// Folded: the length of the idle time, `+1 990.7`.
    pub fold: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Tick {
    pub px: i32,
    /// Empty: a short tick.
    pub text: String,
}

impl Window {
    /// The place of an instant in pixels; none outside the window.
    pub fn px(&self, at_us: u64) -> Option<i32> {
        let stretch = self.stretches.iter().find(|stretch| (stretch.from_us..=stretch.to_us).contains(&at_us))?;
        let length = (stretch.to_us - stretch.from_us).max(1);
        let width = u64::try_from(stretch.to_px - stretch.from_px).unwrap_or(0);
        let into = width * (at_us - stretch.from_us) / length;
        Some(stretch.from_px + i32::try_from(into).unwrap_or(i32::MAX))
    }

    /// The instant at a pixel, in microseconds.
    pub fn at(&self, px: i32) -> Option<u64> {
        let stretch = self.stretches.iter().find(|stretch| (stretch.from_px..=stretch.to_px).contains(&px))?;
        let width = u64::try_from((stretch.to_px - stretch.from_px).max(1)).unwrap_or(1);
        let into = u64::try_from(px - stretch.from_px).unwrap_or(0);
        Some(stretch.from_us + (stretch.to_us - stretch.from_us) * into / width)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum LaneKind {
    Producer,
    Broker,
    Consumer,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Lane {
    pub kind: LaneKind,
    pub select: Selection,
    pub name: String,
    pub tone: Tone,
    /// The user took it down or made it stand still: hatched in amber, in pixels.
    pub down: Vec<(i32, i32)>,
    /// It has ended by itself: hatched in ink, in pixels.
    pub ended: Option<(i32, i32)>,
    /// Where it went, in a word: `killed`.
    pub said: Vec<(i32, String)>,
    /// A record is processed, or a batch lingers: in pixels.
    pub bars: Vec<(i32, i32)>,
    /// What a consumer's program has processed, one after the other.
    pub processed: Vec<ProcessedBox>,
}

/// Records that a program was done with at once, as a part of the time that it worked.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ProcessedBox {
    pub from_px: i32,
    pub to_px: i32,
    /// The offset, or the first and the last: `5`, `5–7`.
    pub text: String,
    /// The first of the offsets that broke a promise: they had been processed before.
    pub twice: Option<Selection>,
}

impl ProcessedBox {
    /// Whether it is drawn as a box: a narrower one has no room for an offset.
    pub const fn is_wide(&self) -> bool {
        self.to_px - self.from_px >= 8
    }
}

/// A message: a slanted line from lane to lane.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Message {
    pub select: Selection,
    pub from_lane: u16,
    pub to_lane: u16,
    pub from_px: i32,
    /// None: it arrives outside the window, or was dropped.
    pub to_px: Option<i32>,
    pub request: bool,
    pub dropped: bool,
    /// Sent after now: dashed.
    pub future: bool,
    pub now: bool,
    /// `#21`; empty for routine ones.
    pub label: String,
    /// The move in which it was sent.
    pub number: u64,
}

/// A branch of the run.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct BranchRow {
    pub index: usize,
    pub name: String,
    /// As much of the name as the strip has room for.
    pub short: String,
    pub shown: bool,
    pub parent: Option<usize>,
    /// Where it left its parent.
    pub left_us: Option<u64>,
    pub end_us: u64,
    /// All of it in words.
    pub text: String,
}
