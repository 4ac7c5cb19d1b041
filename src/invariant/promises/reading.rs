//! Each record is processed once by each group, and none is passed over.

use std::sync::Arc;

use super::super::history::reader_of;
use super::super::intervals::Intervals;
use super::{Broke, Ledger, PromiseKind};
use crate::event::broker::BrokerEvent;
use crate::event::consumer::ConsumerEvent;
use crate::event::group::GroupEvent;
use crate::event::hand::HandEvent;
use crate::event::program::ProgramEvent;
use crate::event::{CallKind, EventKind, Family, PositionWhy};
use crate::ids::{ClientId, EventId, PartitionNo, TopicNo};
use crate::simulation::Simulation;
use crate::sorted::SortedMap;

/// A group, by the first client of the run that belongs to it; a consumer without `group.id` is one of its own.
type Reader = ClientId;

/// What a group has done with a partition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct GroupProgress {
    /// Where the group began: what lies before is not its.
    base: u64,
    processed: Intervals,
    /// Passed over by a user's own `seek`, or processed before it led back.
    excused: Intervals,
    /// All before it is done, says the group: an owner began there by itself, or has committed it.
    reached: u64,
    /// What it has committed, which may be ahead of what its owner has read.
    committed: u64,
    skipped: Intervals,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Reading {
    readers: SortedMap<ClientId, Reader>,
    progress: Arc<SortedMap<(Reader, PartitionNo), Arc<GroupProgress>>>,
    /// Returned by `poll`, and not processed yet.
    in_hand: SortedMap<(ClientId, PartitionNo), (u64, u64)>,
    /// Where a consumer goes on reading.
    positions: SortedMap<(ClientId, PartitionNo), u64>,
}

impl Reading {
    pub(super) fn processed(&self, client: ClientId, partition: PartitionNo) -> Option<&Intervals> {
        Some(&self.progress_of(client, partition)?.processed)
    }

    pub(super) fn skipped(&self, client: ClientId, partition: PartitionNo) -> Option<&Intervals> {
        Some(&self.progress_of(client, partition)?.skipped)
    }

    pub(super) fn unprocessed(&self, client: ClientId, partition: PartitionNo, end: u64) -> Vec<(u64, u64)> {
        let Some(progress) = self.progress_of(client, partition) else { return Vec::new() };
        let mut accounted = progress.processed.clone();
        for (start, end) in progress.excused.iter() {
            accounted.add(start, end);
        }
        accounted.gaps(progress.base, end)
    }

    pub(super) fn unprocessed_before(&self, client: ClientId, partition: PartitionNo, begin: u64) -> Vec<(u64, u64)> {
        let Some(progress) = self.progress_of(client, partition) else { return Vec::new() };
        let mut accounted = progress.processed.clone();
        for (start, end) in progress.skipped.iter() {
            accounted.add(start, end);
        }
        accounted.gaps(progress.base, begin)
    }

    fn progress_of(&self, client: ClientId, partition: PartitionNo) -> Option<&GroupProgress> {
        self.progress.get(&(*self.readers.get(&client)?, partition)).map(Arc::as_ref)
    }

    fn progress_mut(&mut self, client: ClientId, partition: PartitionNo) -> Option<&mut GroupProgress> {
        let reader = *self.readers.get(&client)?;
        let progress = Arc::make_mut(&mut self.progress).get_mut(&(reader, partition))?;
        Some(Arc::make_mut(progress))
    }

    pub(super) fn take(&mut self, id: EventId, kind: &EventKind, simulation: &Simulation, ledger: &mut Ledger) {
        match kind.family() {
            Family::Program(event) => self.take_of_program(id, event, ledger),
            Family::Consumer(event) => self.take_of_consumer(id, event, ledger),
            Family::Group(event) => self.take_of_group(id, event, ledger),
            Family::Broker(event) => self.take_of_broker(event),
            Family::Hand(event) => self.take_of_hand(id, event, simulation, ledger),
            Family::Producer(_) | Family::Network(_) => {}
        }
    }

    fn take_of_program(&mut self, id: EventId, event: ProgramEvent, ledger: &mut Ledger) {
        match event {
            ProgramEvent::RecordsProcessed(of) => {
                self.done(id, of.client, of.partition, of.first, of.last + 1, ledger);
            }
            ProgramEvent::CallStarted(of) => {
                // One thread does it all: who polls again has dropped what it has not processed by then.
                if of.kind == CallKind::Poll {
                    self.dropped(id, of.client, ledger);
                }
            }
            ProgramEvent::CallReturned(_) => {}
        }
    }

    fn take_of_consumer(&mut self, id: EventId, event: ConsumerEvent, ledger: &mut Ledger) {
        use ConsumerEvent::*;
        match event {
            PositionSet(of) => self.positioned(id, of.client, of.partition, of.offset, of.why, ledger),
            RecordsReturned(of) => self.returned(of.client, of.partition, of.first, of.position),
            PollReturned(_)
            | JoinStarted(_)
            | Joined(_)
            | AssignmentComputed(_)
            | PartitionsAssigned(_)
            | PartitionsRevoked(_)
            | PartitionsLost(_)
            | OwnerChanged(_)
            | HeartbeatAnswered(_)
            | CommitStarted(_)
            | CommitSucceeded(_)
            | CommitFailed(_)
            | PollIntervalExceeded(_)
            | SessionLost(_)
            | LeaveSent(_)
            | ConsumerPaused(_) => {}
        }
    }

    fn take_of_group(&mut self, id: EventId, event: GroupEvent, ledger: &mut Ledger) {
        use GroupEvent::*;
        match event {
            OffsetCommitted(of) => {
                self.committed(id, of.client, of.partition, of.offset.cast_unsigned(), ledger);
            }
            GroupStateChanged(_)
            | MemberIdGiven(_)
            | MemberJoined(_)
            | MemberRemoved(_)
            | GenerationStarted(_)
            | AssignmentStored(_)
            | OffsetCommitRefused(_)
            | GroupLoaded(_) => {}
        }
    }

    fn take_of_broker(&mut self, event: BrokerEvent) {
        use BrokerEvent::*;
        match event {
            TopicDeleted(of) => self.forget(of.topic),
            BatchAppended(_)
            | DuplicateFound(_)
            | AppendRefused(_)
            | ProduceParked(_)
            | FollowerAppended(_)
            | LogTruncated(_)
            | IsrChangeAsked(_)
            | HighWatermarkMoved(_)
            | RecordsDeleted(_)
            | FetchParked(_)
            | FetchAnswered(_)
            | TopicCreated(_)
            | PartitionsAdded(_)
            | LeaderChanged(_)
            | IsrChanged(_)
            | ReassignmentBegan(_)
            | ReassignmentEnded(_)
            | BrokerFenced(_)
            | BrokerRegistered(_) => {}
        }
    }

    fn take_of_hand(&mut self, id: EventId, event: HandEvent, simulation: &Simulation, ledger: &mut Ledger) {
        use HandEvent::*;
        match event {
            ClientStarted(of) => {
                if of.consumer {
                    self.readers.insert(of.client, reader_of(of.client, simulation));
                }
            }
            ClientKilled(of) => self.dropped(id, of.client, ledger),
            ClientClosed(of) => self.dropped(id, of.client, ledger),
            ProcessPaused(_) | BrokerCrashed(_) | BrokerStopped(_) | BrokerStarted(_) | FaultArmed(_)
            | ClusterPaused(_) | LinkCut(_) | LinkSlowed(_) | LinkMended(_) | HoldArmed(_) | MessageHeld(_)
            | HoldReleased(_) | ResponseDropped(_) | ErrorAnswered(_) | ProcessingChanged(_) | AdminRefused(_)
            | ConstructorThrew(_) | ChapterBegan(_) | ScriptStopped(_) => {}
        }
    }

    /// `poll` returned records from `first` up to `position`.
    fn returned(&mut self, client: ClientId, partition: PartitionNo, first: u64, position: u64) {
        self.positions.insert((client, partition), position);
        let is_ahead = |progress: &GroupProgress| progress.committed > progress.reached;
        if self.progress_of(client, partition).is_some_and(is_ahead)
            && let Some(progress) = self.progress_mut(client, partition)
        {
            progress.reached = progress.reached.max(progress.committed.min(position));
        }
        let held = self.in_hand.entry((client, partition)).or_insert((first, first));
        if held.1 != first {
            *held = (first, first);
        }
        held.1 = position;
    }

    fn positioned(
        &mut self,
        id: EventId,
        client: ClientId,
        partition: PartitionNo,
        offset: u64,
        why: PositionWhy,
        ledger: &mut Ledger,
    ) {
        self.positions.insert((client, partition), offset);
        let Some(reader) = self.readers.get(&client).copied() else { return };
        let all = Arc::make_mut(&mut self.progress);
        let progress = all
            .entry((reader, partition))
            .or_insert_with(|| Arc::new(GroupProgress { base: offset, reached: offset, ..GroupProgress::default() }));
        let progress = Arc::make_mut(progress);
        match why {
            // What a user asks for by hand may be processed again, and what is passed by hand was not promised.
            PositionWhy::Seek | PositionWhy::Diverged => {
                let held_to = self.in_hand.get(&(client, partition)).map_or(0, |held| held.1);
                let before = progress.processed.iter().last().map_or(progress.base, |(_, to)| to).max(held_to);
                progress.excused.add(before, offset);
                for (from, to) in progress.processed.iter().collect::<Vec<_>>() {
                    progress.excused.add(from.max(offset), to);
                }
                progress.processed.remove(offset, u64::MAX);
            }
            // Where the log begins now: what lay before is deleted.
            PositionWhy::Earliest(_) => {
                progress.excused.add(progress.base, offset);
                progress.base = progress.base.min(offset);
            }
            // From here on all is read, what was read before too.
            PositionWhy::Committed | PositionWhy::Latest(_) | PositionWhy::ByDuration(_) => {
                (progress.reached, progress.committed) = (offset, offset);
                progress.base = progress.base.min(offset);
            }
        }
        self.look_for_skipped(id, client, partition, ledger);
    }

    /// The group is told that all before `offset` is done; what the consumer has not read yet, it still may.
    fn committed(&mut self, id: EventId, client: ClientId, partition: PartitionNo, offset: u64, ledger: &mut Ledger) {
        let Some(position) = self.positions.get(&(client, partition)).copied() else { return };
        let Some(progress) = self.progress_mut(client, partition) else { return };
        ledger.checked.commits += 1;
        progress.committed = offset;
        progress.reached = progress.reached.max(offset.min(position));
        self.look_for_skipped(id, client, partition, ledger);
    }

    /// What the consumer had in hand, it will not process any more.
    fn dropped(&mut self, id: EventId, client: ClientId, ledger: &mut Ledger) {
        let held = |key: &(ClientId, PartitionNo)| key.0 == client;
        let partitions: Vec<PartitionNo> = self.in_hand.keys().filter(|key| held(key)).map(|key| key.1).collect();
        self.in_hand.retain(|key, _| !held(key));
        for partition in partitions {
            self.look_for_skipped(id, client, partition, ledger);
        }
    }

    fn done(
        &mut self,
        id: EventId,
        client: ClientId,
        partition: PartitionNo,
        first: u64,
        end: u64,
        ledger: &mut Ledger,
    ) {
        if let Some(held) = self.in_hand.get_mut(&(client, partition)) {
            held.0 = held.0.max(end);
            if held.0 >= held.1 {
                self.in_hand.remove(&(client, partition));
            }
        }
        let Some(reader) = self.readers.get(&client).copied() else { return };
        let Some(progress) = self.progress_mut(client, partition) else { return };
        let again = progress.processed.within(first, end);
        progress.processed.add(first, end);
        ledger.checked.processed += end - first;
        ledger.kept(PromiseKind::ProcessedOnce);
        for (first, end) in again {
            let what = Broke::Offsets { reader, partition, first, end };
            ledger.broken(PromiseKind::ProcessedOnce, end - first, id, what);
        }
    }

    /// What lies before the offset at which the group went on, and nobody has processed or has in hand, is passed over.
    fn look_for_skipped(&mut self, id: EventId, client: ClientId, partition: PartitionNo, ledger: &mut Ledger) {
        let Some(reader) = self.readers.get(&client).copied() else { return };
        let colleagues =
            self.in_hand.iter().filter(|((other, at), _)| *at == partition && self.readers.get(other) == Some(&reader));
        let held: Vec<(u64, u64)> = colleagues.map(|(_, held)| *held).collect();
        let Some(progress) = self.progress_mut(client, partition) else { return };
        let mut accounted = progress.processed.clone();
        let known = progress.excused.iter().chain(progress.skipped.iter());
        for (start, end) in known.chain(held).collect::<Vec<_>>() {
            accounted.add(start, end);
        }
        let gaps = accounted.gaps(progress.base, progress.reached);
        for (start, end) in &gaps {
            progress.skipped.add(*start, *end);
        }
        ledger.kept(PromiseKind::NoneSkipped);
        for (first, end) in gaps {
            let what = Broke::Offsets { reader, partition, first, end };
            ledger.broken(PromiseKind::NoneSkipped, end - first, id, what);
        }
    }

    fn forget(&mut self, topic: TopicNo) {
        Arc::make_mut(&mut self.progress).retain(|(_, partition), _| partition.topic != topic);
        self.in_hand.retain(|(_, partition), _| partition.topic != topic);
        self.positions.retain(|(_, partition), _| partition.topic != topic);
    }
}
