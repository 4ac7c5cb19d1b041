//! How the past takes in what happens: a match for each family of events that it reads, whole.

use std::sync::Arc;

use super::super::RecordIndex;
use super::members::{Gone, GoneHow, Removed};
use super::{Begun, Committed, History, Taken};
use crate::error::Code;
use crate::event::consumer::{self, ConsumerEvent};
use crate::event::group::GroupEvent;
use crate::event::hand::HandEvent;
use crate::event::producer::ProducerEvent;
use crate::event::program::ProgramEvent;
use crate::event::{Event, Family, GroupState, PositionWhy, ResetWhy, broker::BrokerEvent};
use crate::ids::{ClientId, EventId, GroupNo, PartitionNo, TopicNo};
use crate::simulation::{ClientNode, Simulation};

/// What the past asks of the world as it is.
pub(in crate::invariant) trait World {
    /// The first client of the run with the same `group.id`.
    fn reader_of(&self, client: ClientId) -> ClientId;

    /// What the newest commit of a consumer asks for, while it is under way; empty when there is none.
    fn asked(&self, client: ClientId, partitions: u32) -> Arc<[(PartitionNo, i64)]>;
}

impl World for Simulation {
    fn reader_of(&self, client: ClientId) -> ClientId {
        reader_of(client, self)
    }

    fn asked(&self, client: ClientId, partitions: u32) -> Arc<[(PartitionNo, i64)]> {
        asked(client, partitions, self)
    }
}

impl History {
    /// Takes in an event that the index has taken in; `world` is as it is after its move.
    pub(in crate::invariant) fn take(&mut self, id: EventId, event: &Event, index: &RecordIndex, world: &impl World) {
        match event.kind.family() {
            Family::Program(of) => self.take_of_program(id, event.cause, of),
            Family::Producer(of) => self.take_of_producer(of),
            Family::Consumer(of) => self.take_of_consumer(id, event.cause, of, world),
            Family::Group(of) => self.take_of_group(id, of),
            Family::Hand(of) => self.take_of_hand(id, of, index, world),
            Family::Broker(of) => self.take_of_broker(of),
            Family::Network(_) => {}
        }
    }

    fn take_of_program(&mut self, event: EventId, cause: EventId, of: ProgramEvent) {
        match of {
            ProgramEvent::RecordsProcessed(of) => {
                self.tally.processed += of.last + 1 - of.first;
                let offsets = u32::try_from(of.last + 1 - of.first).unwrap_or(u32::MAX);
                if let Some(track) = self.track_mut(of.client, of.partition) {
                    track.processed.push(Taken { event, cause, client: of.client, first: of.first, offsets });
                }
            }
            ProgramEvent::CallStarted(of) => {
                if self.reader(of.client).is_some() {
                    self.calls.insert(of.client, of.call);
                }
            }
            ProgramEvent::CallReturned(of) => {
                self.calls.remove(&of.client);
            }
        }
    }

    fn take_of_producer(&mut self, event: ProducerEvent) {
        use ProducerEvent::*;
        match event {
            SendCalled(_) => self.tally.sent += 1,
            // Nobody answered: the request counts as done when it is written.
            RecordAcknowledged(of) if of.offset < 0 => self.tally.unanswered += 1,
            RecordAcknowledged(_) => self.tally.acknowledged += 1,
            RecordFailed(_) | SendFailed(_) => self.tally.failed += 1,
            MetadataAwaited(_)
            | Serialized(_)
            | Partitioned(_)
            | MemoryAwaited(_)
            | Appended(_)
            | BatchReady(_)
            | BatchDrained(_)
            | BatchSplit(_)
            | BatchRetried(_)
            | BatchExpired(_)
            | BatchFailed(_)
            | BatchAcknowledged(_)
            | ProducerIdRefused(_)
            | ProducerIdAssigned(_)
            | ProducerEpochBumped(_) => {}
        }
    }

    fn take_of_consumer(&mut self, event: EventId, cause: EventId, of: ConsumerEvent, world: &impl World) {
        use ConsumerEvent::*;
        match of {
            RecordsReturned(of) => {
                let offsets = u32::try_from(of.position - of.first).unwrap_or(u32::MAX);
                if let Some(track) = self.track_mut(of.client, of.partition) {
                    track.polled.push(Taken { event, cause, client: of.client, first: of.first, offsets });
                }
            }
            PositionSet(of) => {
                self.forgotten(event, of.client, of.partition, of.why);
                if let Some(track) = self.track_mut(of.client, of.partition) {
                    track.begun.push(Begun { event, client: of.client, offset: of.offset, why: of.why });
                }
            }
            JoinStarted(of) => self.in_touch(of.client, of.group),
            CommitStarted(of) => {
                self.in_touch(of.client, of.group);
                self.pledged(of.client, event, of.how, world.asked(of.client, of.partitions));
            }
            CommitSucceeded(of) => self.pledge_ended(of.client, event, cause, false),
            CommitFailed(of) => {
                self.pledge_ended(of.client, event, cause, of.retried);
                if is_out(of.code) {
                    self.hears(of.client, event);
                }
            }
            HeartbeatAnswered(of) if is_out(of.code) => self.hears(of.client, event),
            Joined(consumer::Joined { client, .. })
            | PartitionsLost(consumer::PartitionsLost { client, .. })
            | PollIntervalExceeded(consumer::PollIntervalExceeded { client, .. })
            | LeaveSent(consumer::LeaveSent { client, .. }) => self.hears(client, event),
            OwnerChanged(of) => self.changed_hands(cause, of.client, of.partition, of.owned),
            PollReturned(_)
            | AssignmentComputed(_)
            | PartitionsAssigned(_)
            | PartitionsRevoked(_)
            | HeartbeatAnswered(_)
            | SessionLost(_)
            | ConsumerPaused(_) => {}
        }
    }

    fn take_of_group(&mut self, event: EventId, of: GroupEvent) {
        use GroupEvent::*;
        match of {
            OffsetCommitted(of) => {
                self.in_touch(of.client, of.group);
                let commit = Committed { event, client: of.client, offset: Some(of.offset) };
                Arc::make_mut(&mut self.commits).entry((of.group, of.partition)).or_default().push(commit);
            }
            MemberJoined(of) => Arc::make_mut(self.members.entry(of.group).or_default()).joined(of.client),
            MemberRemoved(of) => {
                self.tally.removed += 1;
                let removed = Removed { event, client: of.client, why: of.why };
                Arc::make_mut(self.members.entry(of.group).or_default()).left(removed);
            }
            GenerationStarted(of) => {
                let is_next = Arc::make_mut(self.members.entry(of.group).or_default()).generation(event);
                self.tally.rebalances += u64::from(is_next);
            }
            GroupStateChanged(of) => {
                if of.to == GroupState::Dead {
                    Arc::make_mut(&mut self.commits).retain(|(group, _), _| *group != of.group);
                }
            }
            MemberIdGiven(_) | AssignmentStored(_) | OffsetCommitRefused(_) | GroupLoaded(_) => {}
        }
    }

    fn take_of_hand(&mut self, event: EventId, of: HandEvent, index: &RecordIndex, world: &impl World) {
        use HandEvent::*;
        match of {
            ClientStarted(of) => {
                if of.consumer {
                    self.readers.insert(of.client, world.reader_of(of.client));
                }
            }
            ClientKilled(of) => {
                let how = if of.exited { GoneHow::Exited } else { GoneHow::Killed };
                self.ended(event, of.client, how, index);
            }
            ClientClosed(of) => self.ended(event, of.client, GoneHow::Closed, index),
            ProcessPaused(_) | BrokerCrashed(_) | BrokerStopped(_) | BrokerStarted(_) | FaultArmed(_)
            | ClusterPaused(_) | LinkCut(_) | LinkSlowed(_) | LinkMended(_) | HoldArmed(_) | MessageHeld(_)
            | HoldReleased(_) | ResponseDropped(_) | ErrorAnswered(_) | ProcessingChanged(_) | AdminRefused(_)
            | ConstructorThrew(_) | ChapterBegan(_) | ScriptStopped(_) => {}
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

    /// A process ends once: what is closed and then ends has been told before.
    fn ended(&mut self, event: EventId, client: ClientId, how: GoneHow, index: &RecordIndex) {
        if self.gone.contains_key(&client) {
            return;
        }
        let never_sent = index.never_sent(client);
        self.tally.never_sent += never_sent;
        self.gone.insert(client, Gone { event, how, never_sent });
    }

    /// A consumer's request has named its group.
    fn in_touch(&mut self, client: ClientId, group: GroupNo) {
        if let Some(reader) = self.reader(client)
            && self.groups.get(&reader) != Some(&group)
        {
            self.groups.insert(reader, group);
        }
    }

    /// A consumer was told that nothing is committed: what was has been deleted.
    fn forgotten(&mut self, event: EventId, client: ClientId, partition: PartitionNo, why: PositionWhy) {
        let (PositionWhy::Earliest(reset) | PositionWhy::Latest(reset) | PositionWhy::ByDuration(reset)) = why else {
            return;
        };
        let Some(group) = self.group_of(client).filter(|_| reset == ResetWhy::NothingCommitted) else { return };
        let key = (group, partition);
        if self.commits.contains_key(&key)
            && let Some(commits) = Arc::make_mut(&mut self.commits).get_mut(&key)
        {
            commits.push(Committed { event, client, offset: None });
        }
    }

    fn forget(&mut self, topic: TopicNo) {
        Arc::make_mut(&mut self.tracks).retain(|(_, partition), _| partition.topic != topic);
        Arc::make_mut(&mut self.commits).retain(|(_, partition), _| partition.topic != topic);
    }
}

/// Whether a code tells a member that it is none any more, or that its generation is over.
const fn is_out(code: Code) -> bool {
    matches!(code, Code::UnknownMemberId | Code::IllegalGeneration | Code::FencedInstanceId)
}

/// What the newest commit of a consumer asks for, while it is under way.
fn asked(client: ClientId, partitions: u32, simulation: &Simulation) -> Arc<[(PartitionNo, i64)]> {
    let found = usize::from(client.0).checked_sub(1).and_then(|i| simulation.clients().get(i));
    let Some(ClientNode::Consumer(consumer)) = found.map(|client| &client.node) else { return Arc::default() };
    let Some(offsets) = consumer.newest_commit().filter(|offsets| offsets.len() == partitions as usize) else {
        return Arc::default();
    };
    let named = offsets.iter().filter_map(|(partition, offset)| {
        let topic = simulation.names().topic_no(&partition.topic)?;
        Some((PartitionNo { topic, partition: partition.partition }, offset.offset))
    });
    named.collect()
}

/// The first client of the run with the same `group.id`.
pub(in crate::invariant) fn reader_of(client: ClientId, simulation: &Simulation) -> ClientId {
    let group = |node: &ClientNode| match node {
        ClientNode::Consumer(consumer) => consumer.settings().group_id.clone(),
        ClientNode::Producer(_) => None,
    };
    let clients = simulation.clients();
    let Some(own) = clients.iter().find(|other| other.id == client).and_then(|own| group(&own.node)) else {
        return client;
    };
    clients.iter().find(|other| group(&other.node).as_ref() == Some(&own)).map_or(client, |first| first.id)
}
