//! What the page looks at: language, what is followed, selected, open, scrolled and zoomed.

use std::sync::Arc;

use crate::ids::{BatchId, BrokerId, ClientId, ConnectionId, EventId, GroupNo, PartitionNo, RecordId, TopicNo};
use crate::lang::Lang;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Instant;
use crate::timeline::{Opened, Reader};

/// A thing of the scene.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum Selection {
    #[default]
    Nothing,
    Record(RecordId),
    /// A batch of a producer, wherever it is.
    Batch(BatchId),
    /// A place in a log.
    Offset(PartitionNo, u64),
    Request(ConnectionId, i32),
    Partition(PartitionNo),
    Broker(BrokerId),
    Client(ClientId),
    Group(GroupNo),
}

/// Whose settings are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub enum SettingsOf {
    /// The client of what is selected; else who acts, or whose record is followed.
    #[default]
    Nearest,
    Client(ClientId),
    Topic(TopicNo),
    Cluster,
}

/// What the page looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    pub lang: Lang,
    /// The scenario's title; none: what the script says of itself.
    pub title: Option<Arc<str>>,
    /// None: the story's own, as its chapters say; without chapters one record after another.
    pub followed: Option<RecordId>,
    pub selected: Selection,
    /// The first offset shown of a partition; without an entry the tape is pinned to its end.
    pub scroll: SortedMap<PartitionNo, u64>,
    pub settings_of: SettingsOf,
    /// Producers whose stations are shown besides the followed record's.
    pub open_producers: SortedSet<ClientId>,
    /// Groups whose members are hidden.
    pub folded_groups: SortedSet<GroupNo>,
    /// Pixels that the lanes of the timeline have.
    pub width: u32,
    /// The window is low: partitions that the event does not touch are folded.
    pub low: bool,
    /// Cells that a tape has room for, at least 1.
    pub cells: u64,
    /// The folded partition that is open besides, and the move at which the reader opened it: elsewhere it is folded again.
    pub unfolded: Option<(u64, PartitionNo)>,
    /// Microseconds that a hundred pixels of the lanes stand for.
    pub zoom_us: u64,
    /// The middle of the lanes; none: now.
    pub center: Option<Instant>,
    /// The event of the move that is told; none: the last that is a step.
    pub told: Option<EventId>,
    /// What repeats itself and is told one by one.
    pub opened: Option<Opened>,
    /// The story has been told to its end, and the reader asked for more.
    pub ended: bool,
    /// Milliseconds of virtual time a second while it plays.
    pub playing: Option<u32>,
}

impl Lens {
    /// Who reads through it.
    pub const fn reader(&self) -> Reader {
        Reader { follows: self.followed, opened: self.opened }
    }
}

impl Default for Lens {
    fn default() -> Lens {
        Lens {
            lang: Lang::En,
            title: None,
            followed: None,
            selected: Selection::Nothing,
            scroll: SortedMap::new(),
            settings_of: SettingsOf::Nearest,
            open_producers: SortedSet::new(),
            folded_groups: SortedSet::new(),
            width: 980,
            low: false,
            cells: 16,
            unfolded: None,
            zoom_us: 2_000,
            center: None,
            told: None,
            opened: None,
            ended: false,
            playing: None,
        }
    }
}
