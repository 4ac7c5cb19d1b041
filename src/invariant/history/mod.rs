//! What happened before: who processed an offset when, what a group had committed when, who is gone since when, what was
//! never sent. Folded from events, so that a sentence can say what its event alone does not know.
//!
//! An entry is some 24 bytes, and there is one for each poll that returned records, each processing and each committed
//! offset; they lie in shared chunks.

mod commits;
mod members;
mod owners;
mod taking;
mod takings;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use super::chunks::Chunks;
use super::intervals::Intervals;
use crate::event::PositionWhy;
use crate::ids::{CallId, ClientId, EventId, GroupNo, PartitionNo};
use crate::sorted::SortedMap;

pub use commits::{Committed, Pledge};
pub use members::{Gone, GoneHow, MembersOf, Removed};
pub use takings::Taken;

use owners::Handed;
pub(super) use taking::reader_of;
use takings::Takings;

/// A consumer began to read a partition somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Begun {
    pub event: EventId,
    pub client: ClientId,
    pub offset: u64,
    pub why: PositionWhy,
}

/// What the consumers of a group, or one without a group, did with a partition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Track {
    begun: Chunks<Begun, 16>,
    polled: Takings,
    processed: Takings,
}

/// What a run has counted so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tally {
    /// Records that programs gave to `send`.
    pub sent: u64,
    /// By a broker.
    pub acknowledged: u64,
    /// Counted as sent without an answer: `acks=0` asks for none.
    pub unanswered: u64,
    /// Their callbacks got an exception, or `send` threw it.
    pub failed: u64,
    /// Their producers were killed or closed without having sent them.
    pub never_sent: u64,
    /// Offsets that programs have processed, each as often as one has.
    pub processed: u64,
    /// Members that left their groups, or were taken out.
    pub removed: u64,
    /// Generations behind the first of each group.
    pub rebalances: u64,
}

/// All that sentences know of the past.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct History {
    tally: Tally,
    /// The first client of a consumer's group, which stands for the group; a consumer alone stands for itself.
    readers: SortedMap<ClientId, ClientId>,
    tracks: Arc<SortedMap<(ClientId, PartitionNo), Arc<Track>>>,
    groups: SortedMap<ClientId, GroupNo>,
    commits: Arc<SortedMap<(GroupNo, PartitionNo), Chunks<Committed, 64>>>,
    pledges: SortedMap<ClientId, Arc<Chunks<Pledge, 64>>>,
    gone: SortedMap<ClientId, Gone>,
    members: SortedMap<GroupNo, Arc<MembersOf>>,
    handed: SortedMap<ClientId, Arc<Chunks<Handed, 64>>>,
    /// When consumers heard how they stand with their groups, or left them.
    heard: SortedMap<ClientId, Arc<Chunks<EventId, 64>>>,
    /// The call that each consumer's program is in.
    calls: SortedMap<ClientId, CallId>,
}

impl History {
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    /// How many records went with a producer that is gone.
    pub fn never_sent(&self, client: ClientId) -> u64 {
        self.gone.get(&client).map_or(0, |gone| gone.never_sent)
    }

    /// The client that stands for a consumer's group.
    pub fn reader(&self, client: ClientId) -> Option<ClientId> {
        self.readers.get(&client).copied()
    }

    /// Each partition that a group, or a consumer alone, has a past on, and who stands for it.
    pub fn tracked(&self) -> impl Iterator<Item = (ClientId, PartitionNo)> {
        self.tracks.keys().copied()
    }

    /// The group of a consumer that has been in touch with its coordinator.
    pub fn group_of(&self, client: ClientId) -> Option<GroupNo> {
        self.groups.get(&self.reader(client)?).copied()
    }

    /// Who of a consumer's group processed an offset before an event, in order.
    pub fn processed(
        &self,
        client: ClientId,
        partition: PartitionNo,
        offset: u64,
        before: EventId,
    ) -> impl Iterator<Item = Taken> {
        self.track(client, partition).into_iter().flat_map(move |track| track.processed.of(offset, before))
    }

    /// The offsets from `first` up to `end` that nobody of a consumer's group had processed before an event.
    pub fn never_processed(
        &self,
        client: ClientId,
        partition: PartitionNo,
        (first, end): (u64, u64),
        before: EventId,
    ) -> Intervals {
        let mut offsets = Intervals::default();
        offsets.add(first, end);
        if let Some(track) = self.track(client, partition) {
            track.processed.take_from(&mut offsets, first, end, before);
        }
        offsets
    }

    /// What was processed in a range of events, partition by partition, in order for each group.
    pub fn processed_within(&self, events: &Range<EventId>) -> impl Iterator<Item = (PartitionNo, Taken)> {
        let tracks = self.tracks.iter();
        tracks.flat_map(|((_, no), track)| track.processed.during(events).map(|taken| (*no, taken)))
    }

    /// To whom of a consumer's group `poll` returned an offset before an event, in order.
    pub fn polled(
        &self,
        client: ClientId,
        partition: PartitionNo,
        offset: u64,
        before: EventId,
    ) -> impl Iterator<Item = Taken> {
        self.track(client, partition).into_iter().flat_map(move |track| track.polled.of(offset, before))
    }

    /// Where a consumer last began to read a partition before an event.
    pub fn begun(&self, client: ClientId, partition: PartitionNo, before: EventId) -> Option<Begun> {
        let begun = &self.track(client, partition)?.begun;
        let behind = begun.partition_point(|begun| begun.event < before);
        (0..behind).rev().filter_map(|i| begun.get(i)).find(|begun| begun.client == client).copied()
    }

    /// How far `poll` has taken a consumer in a partition between two events.
    pub fn read_to(&self, client: ClientId, partition: PartitionNo, after: EventId, before: EventId) -> Option<u64> {
        self.track(client, partition)?.polled.last_end(client, after, before)
    }

    /// When and how a client's process ended.
    pub fn gone(&self, client: ClientId) -> Option<Gone> {
        self.gone.get(&client).copied()
    }

    fn track(&self, client: ClientId, partition: PartitionNo) -> Option<&Track> {
        self.tracks.get(&(self.reader(client)?, partition)).map(Arc::as_ref)
    }

    fn track_mut(&mut self, client: ClientId, partition: PartitionNo) -> Option<&mut Track> {
        let reader = self.reader(client)?;
        Some(Arc::make_mut(Arc::make_mut(&mut self.tracks).entry((reader, partition)).or_default()))
    }
}
