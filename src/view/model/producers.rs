//! The producer column, and what is under way on the wires.

use std::sync::Arc;

use super::super::Selection;
use super::{Glyph, Piece, ProcessState, ProgramLine, Tone};
use crate::explain::Chip;
use crate::ids::{BatchId, ClientId, PartitionNo, RecordId};

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Producers {
    pub heading: String,
    /// `following one record`
    pub note: String,
    pub producers: Vec<Arc<Producer>>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Producer {
    pub client: ClientId,
    pub name: String,
    /// `id 1000, idempotent`
    pub about: String,
    pub state: ProcessState,
    /// Where its program is.
    pub program: ProgramLine,
    /// What it does, in one line: for one that is folded.
    pub summary: String,
    pub open: bool,
    /// The records that can be followed, newest first.
    pub records: Vec<Pick>,
    /// The record whose journey the stations show.
    pub followed: Option<Pick>,
    /// Six when it is open.
    pub stations: Vec<Arc<Station>>,
    /// A retry is pending or running: the line from 6 back to 4 is drawn.
    pub retries: bool,
    pub memory: Memory,
}

/// A record to follow.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Pick {
    pub record: RecordId,
    pub glyph: Glyph,
    /// `record 7, mia`
    pub label: String,
}

/// `buffer.memory` of a producer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Memory {
    pub total: u64,
    pub free: u64,
    /// `send()` calls that wait for some.
    pub waiting: u32,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum StationState {
    Passed,
    Now,
    Ahead,
    /// `send` waits here: for metadata or memory.
    Blocked,
    Failed,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Station {
    /// 1 to 6.
    pub number: u8,
    pub title: String,
    pub state: StationState,
    /// Beside the title: `topic orders, partition not set`.
    pub note: Option<String>,
    pub chips: Vec<Chip>,
    pub body: StationBody,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub enum StationBody {
    /// The followed record has not come so far.
    Empty,
    /// Key and value as text, shortened; headers as `name: value`.
    Record {
        glyph: Glyph,
        key: String,
        value: String,
        headers: Vec<String>,
    },
    /// Bytes in hex, shortened, and their size; none: null.
    Serialize {
        key: Option<(String, String)>,
        value: Option<(String, String)>,
    },
    /// The partitions, which of them is chosen, and how.
    Partition {
        slots: Vec<(i32, bool)>,
        text: String,
        /// The same where there is little room.
        short: String,
    },
    Accumulate {
        deques: Vec<Deque>,
        waits: Option<String>,
    },
    Send {
        rows: Vec<SendRow>,
    },
    Result {
        tries: Vec<Piece>,
        then: Option<String>,
        result: Option<String>,
    },
}

/// A partition's deque.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Deque {
    pub partition: String,
    pub tiles: Vec<Tile>,
    /// Older batches that are not shown.
    pub more: u32,
    /// `4.0 ms`, `full, goes next`; of one whose producer is gone, what went with it.
    pub note: String,
    /// Its producer is gone: amber where the user killed it.
    pub gone: Option<Tone>,
    /// What is left of `linger.ms`, in thousandths; none: the last batch does not linger.
    pub linger: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum TileState {
    Open,
    Closed,
    /// Put back for another try.
    Back,
}

/// A batch in its deque.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Tile {
    pub batch: BatchId,
    pub state: TileState,
    pub now: bool,
    /// In thousandths of its buffer.
    pub fill: u16,
    /// `93 B`
    pub size: String,
    pub glyphs: Vec<Glyph>,
    /// Records that are not drawn.
    pub more: u32,
    /// The number of the next try, from 2.
    pub next_try: Option<u32>,
    /// All of it in words.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum SlotState {
    Free,
    Used,
    Now,
}

/// The connection to a broker, and the requests in flight on it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SendRow {
    pub broker: i32,
    /// `B1`
    pub label: String,
    /// `max.in.flight.requests.per.connection` of them, at most eight.
    pub slots: Vec<SlotState>,
    pub requests: Vec<RequestLine>,
    /// `no connection`, `connecting`
    pub note: Option<Piece>,
    /// The producer is gone, and with it what was in flight.
    pub gone: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RequestLine {
    pub select: Selection,
    pub correlation_id: i32,
    /// `#21 orders-1, try 2, arrived`
    pub text: String,
    pub tone: Tone,
}

/// What is under way, and the connections.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Wires {
    pub links: Vec<Link>,
    pub tokens: Vec<Token>,
}

/// An open connection.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Link {
    pub client: ClientId,
    pub broker: i32,
    /// What goes to the client is lost.
    pub dark: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Direction {
    Request,
    Response,
}

/// A message under way.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Token {
    pub select: Selection,
    pub client: ClientId,
    pub consumer: bool,
    pub broker: i32,
    pub direction: Direction,
    pub api: &'static str,
    /// `#21`
    pub label: String,
    pub glyphs: Vec<Glyph>,
    /// The partition that it is about; the first, where it is about more.
    pub partition: Option<PartitionNo>,
    pub sent_us: u64,
    pub arrives_us: u64,
    /// How far it is, in thousandths.
    pub way: u16,
    pub now: bool,
    /// It will be lost: its direction is dark, or its broker is gone.
    pub dark: bool,
    /// All of it in words.
    pub text: String,
}
