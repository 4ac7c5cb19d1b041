//! How the index takes in what happened: a match for each family of events that it reads, whole.

use std::sync::Arc;

use super::super::facts::{Attempt, Handled};
use super::entry::{Batch, NONE, RecordEntry, Standing};
use super::{RecordIndex, Written};
use crate::error::{Code, Failure};
use crate::event::broker::BrokerEvent;
use crate::event::hand::HandEvent;
use crate::event::network::NetworkEvent;
use crate::event::producer::{Appended, BatchDrained, ProducerEvent};
use crate::event::{EventKind, Family};
use crate::ids::{BatchId, BrokerId, ClientId, ConnectionId, EventId, PartitionNo, RecordId, TopicNo};
use crate::wire::Api;

impl RecordIndex {
    /// Takes in what happened; gives the producer's batch that a broker handled in this event.
    pub(in crate::invariant) fn take(&mut self, id: EventId, kind: &EventKind) -> Option<BatchId> {
        match kind.family() {
            Family::Producer(event) => self.take_of_producer(id, event),
            Family::Network(event) => self.take_of_network(event),
            Family::Broker(event) => return self.take_of_broker(id, event),
            Family::Hand(event) => self.take_of_hand(event),
            Family::Program(_) | Family::Group(_) | Family::Consumer(_) => {}
        }
        None
    }

    fn take_of_producer(&mut self, id: EventId, event: ProducerEvent) {
        use ProducerEvent::*;
        match event {
            SendCalled(of) => {
                let records = &mut self.of_mut(of.record.client).records;
                while records.len() < of.record.number {
                    records.push(RecordEntry::default());
                }
                records.push(RecordEntry {
                    called: id,
                    topic: of.topic,
                    partition: of.partition,
                    ..RecordEntry::default()
                });
            }
            Serialized(of) => {
                if let Some(entry) = self.entry(of.record) {
                    (entry.key_bytes, entry.value_bytes) = (of.key_bytes, of.value_bytes);
                    entry.standing = Standing::Serialized;
                }
            }
            Partitioned(of) => {
                if let Some(entry) = self.entry(of.record) {
                    (entry.partition, entry.by) = (of.partition, Some(of.by));
                    entry.standing = Standing::Partitioned;
                }
            }
            Appended(of) => self.take_appended(id, of),
            SendFailed(of) => {
                let standing = if of.thrown { Standing::Threw } else { Standing::Failed };
                self.end(id, of.record, standing, RecordEntry::failed(of.why, of.exception));
            }
            RecordAcknowledged(of) => self.end(id, of.record, Standing::Acknowledged, of.offset),
            RecordFailed(of) => self.end(id, of.record, Standing::Failed, RecordEntry::failed(of.why, of.exception)),
            BatchReady(of) => {
                if let Some(batch) = self.batch_mut(of.batch) {
                    batch.ready = Some((of.why, id));
                    batch.bytes = of.bytes;
                }
            }
            BatchDrained(of) => self.take_drained(id, of),
            BatchRetried(of) => {
                if let Some(batch) = self.batch_mut(of.batch) {
                    batch.in_request = false;
                    batch.answered(of.code, id);
                }
            }
            BatchSplit(of) => {
                if let Some(batch) = self.batch_mut(of.batch) {
                    batch.in_request = false;
                    batch.split_into = Some(of.into);
                    batch.ended = id;
                    batch.answered(Code::MessageTooLarge, id);
                }
            }
            BatchAcknowledged(of) => self.end_batch(id, of.batch, Ok(of.base_offset)),
            BatchFailed(of) => self.end_batch(id, of.batch, Err(of.why)),
            BatchExpired(of) => self.end_batch(id, of.batch, Err(Failure::Code(Code::RequestTimedOut))),
            MetadataAwaited(_)
            | MemoryAwaited(_)
            | ProducerIdRefused(_)
            | ProducerIdAssigned(_)
            | ProducerEpochBumped(_) => {}
        }
    }

    fn take_of_network(&mut self, event: NetworkEvent) {
        use NetworkEvent::*;
        match event {
            RequestSent(of) => {
                if of.api == Api::Produce {
                    self.sent(of.connection, of.correlation_id);
                }
            }
            ConnectionOpening(_) | ConnectionOpened(_) | ConnectionRefused(_) | ConnectionClosed(_)
            | RequestArrived(_) | ResponseSent(_) | ResponseArrived(_) | RequestTimedOut(_) | MetadataUpdated(_)
            | CoordinatorFound(_) | CoordinatorLost(_) => {}
        }
    }

    fn take_of_broker(&mut self, id: EventId, event: BrokerEvent) -> Option<BatchId> {
        use BrokerEvent::*;
        match event {
            BatchAppended(of) => {
                let (handled, number) = (Handled::Written(of.base_offset), of.correlation_id);
                let batch = self.arrived(of.connection, number, of.partition);
                let written = Written {
                    base_offset: of.base_offset,
                    records: of.records,
                    batch: batch.map_or(NONE, |batch| batch.number),
                    client: of.connection.client().unwrap_or_default(),
                };
                Arc::make_mut(self.logs.entry(of.partition).or_default()).push(written);
                self.take_handled(id, batch?, of.connection, number, handled)
            }
            DuplicateFound(of) => {
                let (handled, number) = (Handled::Duplicate(of.base_offset), of.correlation_id);
                let batch = self.arrived(of.connection, number, of.partition)?;
                self.take_handled(id, batch, of.connection, number, handled)
            }
            AppendRefused(of) => {
                let (handled, number) = (Handled::Refused(of.code), of.correlation_id);
                let batch = self.arrived(of.connection, number, of.partition)?;
                self.take_handled(id, batch, of.connection, number, handled)
            }
            TopicDeleted(of) => {
                self.logs.retain(|partition, _| partition.topic != of.topic);
                None
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
            | BrokerRegistered(_) => None,
        }
    }

    fn take_of_hand(&mut self, event: HandEvent) {
        use HandEvent::*;
        match event {
            ErrorAnswered(of) => {
                if of.api == Api::Produce {
                    let carried = self.carried(of.connection, of.correlation_id);
                    Arc::make_mut(&mut self.under_way).retain(|key, _| !carried.contains(key));
                }
            }
            BrokerCrashed(of) => self.lost_with(of.broker),
            BrokerStarted(of) => self.lost_with(of.broker),
            ClientStarted(_) | ClientClosed(_) | ClientKilled(_) | ProcessPaused(_) | BrokerStopped(_)
            | FaultArmed(_) | ClusterPaused(_) | LinkCut(_) | LinkSlowed(_) | LinkMended(_) | HoldArmed(_)
            | MessageHeld(_) | HoldReleased(_) | ResponseDropped(_) | ProcessingChanged(_) | AdminRefused(_)
            | ConstructorThrew(_) | ChapterBegan(_) | ScriptStopped(_) => {}
        }
    }

    /// What was under way to a broker whose process has ended never gets there.
    fn lost_with(&mut self, broker: BrokerId) {
        Arc::make_mut(&mut self.under_way).retain(|_, (_, to)| *to != broker);
    }

    /// The batches that a request carries.
    fn carried(&self, connection: ConnectionId, correlation_id: i32) -> Vec<(ClientId, i32, PartitionNo)> {
        let Some(client) = connection.client() else { return Vec::new() };
        let lowest = PartitionNo { topic: TopicNo(0), partition: i32::MIN };
        let highest = PartitionNo { topic: TopicNo(u16::MAX), partition: i32::MAX };
        let range = (client, correlation_id, lowest)..=(client, correlation_id, highest);
        self.under_way.range(range).map(|(key, _)| *key).collect()
    }

    fn sent(&mut self, connection: ConnectionId, correlation_id: i32) {
        for key in self.carried(connection, correlation_id) {
            let (number, _) = self.under_way[&key];
            let batch = self.batch_mut(BatchId { client: key.0, number });
            if let Some(attempt) = batch.and_then(|batch| batch.attempts_mut().next_back()) {
                attempt.connection = Some(connection);
            }
        }
    }

    fn take_appended(&mut self, id: EventId, of: Appended) {
        let mut split_of = NONE;
        if let Some(entry) = self.entry(of.record) {
            split_of = entry.batch;
            (entry.partition, entry.batch, entry.index) = (of.partition.partition, of.batch.number, of.index);
            entry.standing = Standing::Batched;
        }
        if self.batches_made(of.batch.client) <= of.batch.number {
            self.of_mut(of.batch.client).batches.push(Batch::new(of.partition, id, split_of));
        }
        let batch = self.batch_mut(of.batch).expect("batches are numbered as they are made");
        batch.runs.add(of.index, of.record.number);
        batch.records = of.index + 1;
        batch.bytes = of.bytes;
    }

    fn take_drained(&mut self, id: EventId, of: BatchDrained) {
        let key = (of.batch.client, of.correlation_id, of.partition);
        Arc::make_mut(&mut self.under_way).insert(key, (of.batch.number, of.broker));
        self.of_mut(of.batch.client).drained.push((of.correlation_id, of.batch.number));
        if let Some(batch) = self.batch_mut(of.batch) {
            batch.runs.seal();
            batch.in_request = true;
            let ready = batch.ready.map_or(EventId::NONE, |(_, ready)| ready);
            batch.add_attempt(Attempt {
                broker: of.broker,
                correlation_id: of.correlation_id,
                sequence: of.sequence,
                ready,
                drained: id,
                connection: None,
                handled: None,
                answered: None,
            });
        }
    }

    fn end(&mut self, id: EventId, record: RecordId, standing: Standing, result: i64) {
        if let Some(entry) = self.entry(record) {
            let is_first = entry.ended == EventId::NONE;
            (entry.standing, entry.result, entry.ended) = (standing, result, id);
            self.of_mut(record.client).ended += u32::from(is_first);
        }
    }

    fn end_batch(&mut self, id: EventId, batch: BatchId, outcome: Result<i64, Failure>) {
        if let Some(batch) = self.batch_mut(batch) {
            batch.in_request = false;
            batch.ended = id;
            batch.outcome = Some(outcome);
            batch.answered(outcome.err().map_or(Code::None, |why| why.code().unwrap_or(Code::UnknownServerError)), id);
        }
    }

    /// The producer's batch that a request brought to its partition, which is under way no more.
    fn arrived(&mut self, connection: ConnectionId, correlation_id: i32, partition: PartitionNo) -> Option<BatchId> {
        let client = connection.client()?;
        let key = (client, correlation_id, partition);
        if !self.under_way.contains_key(&key) {
            return None;
        }
        let (number, _) = Arc::make_mut(&mut self.under_way).remove(&key)?;
        Some(BatchId { client, number })
    }

    fn take_handled(
        &mut self,
        id: EventId,
        batch: BatchId,
        connection: ConnectionId,
        correlation_id: i32,
        handled: Handled,
    ) -> Option<BatchId> {
        let attempt = self.batch_mut(batch)?.attempts_mut().find(|attempt| attempt.correlation_id == correlation_id)?;
        attempt.connection = Some(connection);
        attempt.handled = Some((handled, id));
        Some(batch)
    }
}
