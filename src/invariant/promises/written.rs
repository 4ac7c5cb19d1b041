//! Acknowledged records are kept, in the order of their sends, and once.

use super::super::{Handled, RecordIndex};
use super::{Broke, Ledger, PromiseKind, Took};
use crate::error::Code;
use crate::event::broker::BrokerEvent;
use crate::event::hand::{self, HandEvent};
use crate::event::network::NetworkEvent;
use crate::event::producer::ProducerEvent;
use crate::event::{EventKind, Family};
use crate::ids::{BatchId, BrokerId, ClientId, ConnectionId, EventId, PartitionNo, TopicNo};
use crate::network::{End, Parcel};
use crate::simulation::{Life, Simulation};
use crate::sorted::{SortedMap, SortedSet};
use crate::wire::Api;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Writing {
    /// The highest number among a producer's records in a partition's log.
    highest: SortedMap<(ClientId, PartitionNo), u32>,
    /// Acknowledged with `acks=0`, and on their way: nobody knows yet whether they arrive.
    unsure: SortedSet<BatchId>,
    /// Producers whose requests a fault answered, in the broker's place, with an error that no broker would give for them:
    /// what they make of it is not held against them.
    lied_to: SortedSet<ClientId>,
    /// Topics that a user deleted: what was acknowledged in them is gone by their own hand.
    deleted: SortedSet<TopicNo>,
}

impl Writing {
    pub(super) fn was_lied_to(&self, client: ClientId) -> bool {
        self.lied_to.contains(&client)
    }

    pub(super) fn is_deleted(&self, topic: TopicNo) -> bool {
        self.deleted.contains(&topic)
    }

    pub(super) fn take(
        &mut self,
        id: EventId,
        kind: &EventKind,
        handled: Option<BatchId>,
        index: &RecordIndex,
        simulation: &Simulation,
        ledger: &mut Ledger,
    ) {
        match kind.family() {
            Family::Broker(event) => self.take_of_broker(id, event, handled, index, ledger),
            Family::Producer(ProducerEvent::BatchAcknowledged(of)) => {
                self.acknowledged(id, of.batch, of.partition, of.base_offset, of.records, index, simulation, ledger);
            }
            Family::Network(NetworkEvent::ConnectionClosed(of)) => {
                if !self.unsure.is_empty() && is_unread(of.connection, of.broker, simulation) {
                    self.lost_if(id, Took::Closing, index, ledger, |batch| {
                        index.last_attempt(batch).is_some_and(|last| last.connection == Some(of.connection))
                    });
                }
            }
            Family::Hand(event) => self.take_of_hand(id, event, index, ledger),
            Family::Program(_) | Family::Producer(_) | Family::Network(_) | Family::Group(_) | Family::Consumer(_) => {}
        }
    }

    fn take_of_broker(
        &mut self,
        id: EventId,
        event: BrokerEvent,
        handled: Option<BatchId>,
        index: &RecordIndex,
        ledger: &mut Ledger,
    ) {
        use BrokerEvent::*;
        match event {
            BatchAppended(_) => {
                if let Some(batch) = handled {
                    self.appended(id, batch, index, ledger);
                    self.arrived(batch, index, ledger);
                }
            }
            DuplicateFound(_) => {
                ledger.checked.duplicates += 1;
                if let Some(batch) = handled {
                    self.arrived(batch, index, ledger);
                }
            }
            AppendRefused(_) => {
                if let Some(batch) = handled {
                    self.lost_if(id, Took::Refusal, index, ledger, |unsure| unsure == batch);
                }
            }
            TopicDeleted(of) => {
                self.highest.retain(|(_, partition), _| partition.topic != of.topic);
                self.deleted.insert(of.topic);
            }
            HighWatermarkMoved(_)
            | ProduceParked(_)
            | FollowerAppended(_)
            | LogTruncated(_)
            | IsrChangeAsked(_)
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

    fn take_of_hand(&mut self, id: EventId, event: HandEvent, index: &RecordIndex, ledger: &mut Ledger) {
        use HandEvent::*;
        match event {
            ErrorAnswered(of) => {
                if of.api != Api::Produce {
                    return;
                }
                let code = of.code;
                if !code.is_retriable() || matches!(code, Code::OutOfOrderSequenceNumber | Code::UnknownProducerId) {
                    self.lied_to.extend(of.connection.client());
                }
                self.lost_if(id, Took::Error, index, ledger, |batch| {
                    Some(batch.client) == of.connection.client()
                        && index.last_attempt(batch).is_some_and(|last| last.correlation_id == of.correlation_id)
                });
            }
            BrokerCrashed(hand::BrokerCrashed { broker }) | BrokerStarted(hand::BrokerStarted { broker }) => {
                let starts = matches!(event, BrokerStarted(_));
                ledger.checked.restarts += u64::from(starts);
                let took = if starts { Took::Absence } else { Took::Crash };
                self.lost_if(id, took, index, ledger, |batch| {
                    index.last_attempt(batch).is_some_and(|last| last.broker == broker)
                });
            }
            ClientStarted(_) | ClientClosed(_) | ClientKilled(_) | ProcessPaused(_) | BrokerStopped(_)
            | FaultArmed(_) | ClusterPaused(_) | LinkCut(_) | LinkSlowed(_) | LinkMended(_) | HoldArmed(_)
            | MessageHeld(_) | HoldReleased(_) | ResponseDropped(_) | ProcessingChanged(_) | AdminRefused(_)
            | ConstructorThrew(_) | ChapterBegan(_) | ScriptStopped(_) => {}
        }
    }

    fn appended(&mut self, id: EventId, batch: BatchId, index: &RecordIndex, ledger: &mut Ledger) {
        let Some(facts) = index.batch(batch) else { return };
        ledger.checked.batches += 1;
        ledger.checked.written += u64::from(facts.records);
        if index.is_written_again(batch) {
            ledger.broken(PromiseKind::WrittenOnce, u64::from(facts.records), id, Broke::Batch(batch));
            return;
        }
        ledger.kept(PromiseKind::WrittenOnce);
        let first = index.record_in(batch, 0).map_or(0, |record| record.number);
        let last = index.record_in(batch, facts.records.saturating_sub(1)).map_or(first, |record| record.number);
        let key = (batch.client, facts.partition);
        let before = self.highest.get(&key).copied();
        let is_late = before.is_some_and(|highest| first < highest);
        match is_late {
            true => ledger.broken(PromiseKind::OrderKept, 1, id, Broke::Batch(batch)),
            false => ledger.kept(PromiseKind::OrderKept),
        }
        self.highest.insert(key, before.map_or(last, |highest| highest.max(last)));
    }

    #[expect(clippy::too_many_arguments, reason = "the event's own parts, and what they are judged by")]
    fn acknowledged(
        &mut self,
        id: EventId,
        batch: BatchId,
        partition: PartitionNo,
        base_offset: i64,
        records: u32,
        index: &RecordIndex,
        simulation: &Simulation,
        ledger: &mut Ledger,
    ) {
        if self.deleted.contains(&partition.topic) {
            return;
        }
        let is_there = match u64::try_from(base_offset) {
            Ok(base_offset) => {
                let last = base_offset + u64::from(records.saturating_sub(1));
                index.batch_at(partition, base_offset) == Some(batch) && index.batch_at(partition, last) == Some(batch)
            }
            Err(_) => {
                let is_written = |handled| matches!(handled, Handled::Written(_) | Handled::Duplicate(_));
                index.attempts(batch).any(|attempt| attempt.handled.is_some_and(|(handled, _)| is_written(handled)))
            }
        };
        let (is_answered, records) = (base_offset >= 0, u64::from(records));
        if is_there {
            ledger.checked.take(is_answered, records, 0);
            return ledger.kept(PromiseKind::AcknowledgedKept);
        }
        let last = index.last_attempt(batch);
        let lives = last.is_some_and(|last| simulation.broker_life(last.broker) != Life::Gone);
        if !is_answered && lives && index.is_under_way(batch) {
            self.unsure.insert(batch);
            return;
        }
        let took = match last.and_then(|last| last.handled) {
            Some((Handled::Refused(_), _)) => Took::Refusal,
            _ if !lives => Took::Absence,
            _ if self.was_lied_to(batch.client) => Took::Error,
            _ => Took::Unknown,
        };
        ledger.checked.take(is_answered, records, records);
        ledger.broken(PromiseKind::AcknowledgedKept, records, id, Broke::Lost(batch, took));
    }

    /// A batch whose producer did not wait for an answer has arrived after all.
    fn arrived(&mut self, batch: BatchId, index: &RecordIndex, ledger: &mut Ledger) {
        if self.unsure.remove(&batch) {
            let records = index.batch(batch).map_or(0, |facts| u64::from(facts.records));
            ledger.checked.take(false, records, 0);
            ledger.kept(PromiseKind::AcknowledgedKept);
        }
    }

    /// Those of the batches on their way that will never arrive are lost, though their producers were told "done".
    fn lost_if(
        &mut self,
        id: EventId,
        took: Took,
        index: &RecordIndex,
        ledger: &mut Ledger,
        is_lost: impl Fn(BatchId) -> bool,
    ) {
        let lost: Vec<BatchId> = self.unsure.iter().copied().filter(|batch| is_lost(*batch)).collect();
        for batch in lost {
            self.unsure.remove(&batch);
            let records = index.batch(batch).map_or(0, |facts| u64::from(facts.records));
            ledger.checked.take(false, records, records);
            ledger.broken(PromiseKind::AcknowledgedKept, records, id, Broke::Lost(batch, took));
        }
    }
}

/// Whether nobody will read what is still on its way to the broker on a connection.
fn is_unread(connection: ConnectionId, broker: BrokerId, simulation: &Simulation) -> bool {
    let is_request = |parcel: &Parcel| matches!(parcel, Parcel::Frame(_));
    let travels = simulation.network().on_the_way().any(|delivery| {
        delivery.connection == connection && delivery.to == End::Acceptor && is_request(&delivery.parcel)
    });
    let is_open = simulation.broker(broker).is_some_and(|node| node.connections().contains_key(&connection));
    simulation.broker_life(broker) == Life::Running && !is_open && !travels
}
