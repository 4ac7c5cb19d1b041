//! Brokers and partitions: the tapes.

use std::sync::Arc;

use super::Glyph;
use crate::ids::{BrokerId, ClientId, GroupNo, PartitionNo, RecordId};

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Cluster {
    pub heading: String,
    /// `topic orders, 3 partitions`
    pub note: String,
    pub brokers: Vec<Broker>,
    pub partitions: Vec<Arc<Partition>>,
    /// What there is room for in a cell: the same on all tapes, so that equal lengths are equal numbers.
    pub zoom: Zoom,
    /// Cells that hold a glyph only, for which a tape has room.
    pub cells: u64,
    /// It is drawn for a low window.
    pub low: bool,
    /// What to do when there is no topic.
    pub empty: Option<String>,
}

/// What is written in a cell, by how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Zoom {
    /// The shape of the key.
    Glyph,
    /// The shape and the beginning of the value.
    Value,
    /// The shape, the key and the beginning of the value.
    Key,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum BrokerState {
    Up,
    Starting,
    Stopping,
    Stopped,
    Crashed,
    Frozen,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Broker {
    pub id: BrokerId,
    /// `B1`
    pub name: String,
    pub state: BrokerState,
    /// `leads 0 and 2`, `crashed, fenced in 6 400.0 ms`
    pub text: String,
    /// The same where there is little room: `fenced in 6 400.0 ms`.
    pub brief: String,
    /// The button, and the line of the script grammar that it does.
    pub button: (String, String),
    pub now: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Partition {
    pub id: PartitionNo,
    /// `orders-0`
    pub name: String,
    pub leader: Option<i32>,
    /// `leader B1, epoch 0`
    pub leader_text: String,
    /// `ISR {1}`
    pub isr_text: String,
    pub log_start: u64,
    pub log_end: u64,
    pub high_watermark: u64,
    pub last_stable: u64,
    /// Only the mini tape is drawn: the current event does not touch it.
    pub folded: bool,
    /// The current event is here.
    pub touched: bool,
    /// At most sixteen.
    pub cells: Vec<Cell>,
    /// Cells before the first one and behind the last one that is shown.
    pub older: u64,
    pub newer: u64,
    /// `12 older`
    pub older_text: Option<String>,
    pub newer_text: Option<String>,
    /// First offsets of leader epochs, from the second on: offset and `epoch 1`.
    pub epochs: Vec<(u64, String)>,
    pub replicas: Vec<Replica>,
    pub lanes: Vec<GroupLane>,
    /// `orders-0 is empty. Send a record: press N.`
    pub empty: Option<String>,
    /// What happens here now, in a few words.
    pub now: Option<String>,
    /// The `aria-label` of the picture.
    pub label: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum CellState {
    Readable,
    AboveHighWatermark,
    /// A commit or abort marker takes an offset and is no record.
    Marker,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Cell {
    pub offset: u64,
    pub state: CellState,
    pub glyph: Glyph,
    /// What tells the record from others with its key, where there is room for it: `1035` of `{"order":1035,"qty":2}`.
    pub caption: Option<String>,
    /// Whose record it is, where a producer of this run wrote it.
    pub record: Option<RecordId>,
    /// The base offset of its batch: neighbours with the same one are joined.
    pub batch: u64,
    pub now: bool,
    pub followed: bool,
    pub selected: bool,
    /// Some group has processed it twice.
    pub twice: bool,
    /// `offset 13, key kai, …`
    pub label: String,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Replica {
    pub broker: BrokerId,
    /// `B1`
    pub label: String,
    pub leads: bool,
    /// `lead` where it leads.
    pub tag: Option<String>,
    pub in_sync: bool,
    pub offline: bool,
    pub log_end: u64,
    /// `LEO 16`
    pub text: String,
}

/// A group on a partition.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct GroupLane {
    pub group: GroupNo,
    pub name: String,
    /// Who reads: the client and its name; none: `free`.
    pub reader: Option<ClientId>,
    pub reader_text: String,
    /// Nobody reads: for the group it still belongs to one whose process is gone, the one that is named.
    pub held: bool,
    /// Who read here and does no more: gone with its process, or removed without knowing it.
    pub ghosts: Vec<ClientId>,
    pub committed: Option<u64>,
    pub position: Option<u64>,
    /// HW − committed, where something is committed.
    pub lag: Option<u64>,
    /// `lag 3`
    pub lag_text: String,
    /// What a crash would read again: from the committed offset to the position.
    pub again: Option<(u64, u64)>,
    /// Not read yet: from the position to the high watermark.
    pub unread: Option<(u64, u64)>,
    /// Processed twice: ranges, ends excluded.
    pub twice: Vec<(u64, u64)>,
    pub now: bool,
    /// All of it in words.
    pub text: String,
}
