//! Changes of the ISR: what leaders ask of the controller, and when they look who lags (`AlterPartitionManager`, the task
//! `isr-expiration` of `ReplicaManager`).
//!
//! One request at a time, with all partitions that wait; after an error of the whole it is sent again 50 ms later. Who lags is
//! looked for every half `replica.lag.time.max.ms` from the broker's start on.

use kafka_protocol::messages::alter_partition_request::{BrokerState, PartitionData, TopicData};
use kafka_protocol::messages::{self as m, AlterPartitionRequest, AlterPartitionResponse};
use uuid::Uuid;

use crate::error::Code;
use crate::event::EventKind;
use crate::ids::{BrokerId, EventId, PartitionNo};
use crate::node::Outbox;
use crate::sorted::SortedMap;
use crate::time::{Instant, Now};

use super::Broker;
use super::purpose::ControllerPurpose;
use super::replica::Proposal;

/// Milliseconds before a request that failed as a whole is sent again.
const RETRY_MS: u64 = 50;

impl Broker {
    /// Asks the controller for the change of the ISR that a partition proposes.
    pub(super) fn alter_isr(&mut self, now: Now, no: PartitionNo, cause: EventId, out: &mut Outbox) {
        let Some(leading) = self.partitions.get(&no).and_then(|partition| partition.leading()) else { return };
        let Some(proposal) = leading.isr.pending.clone() else { return };
        let before = u8::try_from(leading.isr.committed.len()).unwrap_or(u8::MAX);
        let after = u8::try_from(proposal.isr.len()).unwrap_or(u8::MAX);
        let told = out.emit(cause, EventKind::IsrChangeAsked { partition: no, broker: self.id, before, after });
        self.submit(now, no, proposal, told, out);
    }

    fn submit(&mut self, now: Now, no: PartitionNo, proposal: Proposal, cause: EventId, out: &mut Outbox) {
        if self.alterations.wishes.contains_key(&no) {
            // An older change of it is still under way.
            if let Some((partition, _)) = self.replica_mut(now, no) {
                partition.isr_refused(&proposal, Code::OperationNotAttempted);
            }
            return;
        }
        self.alterations.wishes.insert(no, proposal);
        self.propagate(now, cause, out);
    }

    /// `maybePropagateIsrChanges`
    fn propagate(&mut self, now: Now, cause: EventId, out: &mut Outbox) {
        if !self.alterations.in_flight.is_empty() || self.alterations.wishes.is_empty() {
            return;
        }
        self.alterations.in_flight = self.alterations.wishes.keys().copied().collect();
        self.alterations.retry_at = None;
        let mut topics: SortedMap<Uuid, Vec<PartitionData>> = SortedMap::new();
        for (no, proposal) in &self.alterations.wishes {
            let Some(partition) = self.partitions.get(no) else { continue };
            topics.entry(partition.topic_id()).or_default().push(wire(no.partition, proposal));
        }
        let topic = |(id, partitions)| TopicData::default().with_topic_id(id).with_partitions(partitions);
        let request = AlterPartitionRequest::default()
            .with_broker_id(m::BrokerId(self.id.0))
            .with_broker_epoch(self.lifecycle.epoch().unwrap_or(-1))
            .with_topics(topics.into_iter().map(topic).collect());
        self.ask(now, ControllerPurpose::AlterPartition, request.into(), cause, out);
    }

    /// The controller has answered (`handleAlterPartitionResponse`).
    pub(super) fn isr_answered(
        &mut self,
        now: Now,
        response: &AlterPartitionResponse,
        cause: EventId,
        out: &mut Outbox,
    ) {
        let in_flight = std::mem::take(&mut self.alterations.in_flight);
        if response.error_code != Code::None.code() {
            self.alterations.retry_at = Some(now.at.plus_millis(RETRY_MS));
            return;
        }
        for no in in_flight {
            let Some(topic_id) = self.partitions.get(&no).map(|partition| partition.topic_id()) else {
                self.alterations.wishes.remove(&no);
                continue;
            };
            let answers = response.topics.iter().filter(|topic| topic.topic_id == topic_id);
            let mut answers = answers.flat_map(|topic| &topic.partitions);
            let Some(answer) = answers.find(|answer| answer.partition_index == no.partition) else { continue };
            let Some(proposal) = self.alterations.wishes.remove(&no) else { continue };
            let Some((partition, around)) = self.replica_mut(now, no) else { continue };
            let code = Code::from_i16(answer.error_code);
            if code == Code::None {
                let isr = answer.isr.iter().map(|id| BrokerId(id.0)).collect();
                let epochs = (answer.leader_epoch, answer.partition_epoch);
                let raised = partition.isr_altered(&proposal, isr, epochs, around);
                self.touch(no, raised, cause, out);
            } else if partition.isr_refused(&proposal, code) {
                self.submit(now, no, proposal, cause, out);
            }
        }
        self.propagate(now, cause, out);
    }

    /// The microseconds between two looks for who lags.
    fn lag_check_us(&self) -> u64 {
        u64::try_from(self.config.replica_lag_time_max_ms / 2).unwrap_or(1).max(1).saturating_mul(1000)
    }

    /// When a look for who lags will find somebody, if nothing changes; the other looks need not take place.
    pub(super) fn lag_check_due(&self) -> Option<Instant> {
        let lag = self.config.replica_lag_time_max_ms;
        let lagging_at = self.partitions.values().filter_map(|partition| partition.out_of_sync_at(lag)).min()?;
        let lagging_us = u64::try_from(lagging_at).unwrap_or(0).saturating_mul(1000);
        let period = self.lag_check_us();
        let first = lagging_us.saturating_sub(self.started.micros()).div_ceil(period);
        let number = first.max(self.lag_checks + 1);
        Some(self.started.plus_micros(number.saturating_mul(period)))
    }

    /// Looks that had their time and would have found nobody are over.
    pub(super) fn pass_lag_checks(&mut self, now: Now) {
        let passed = now.at.since(self.started).saturating_sub(1) / self.lag_check_us();
        self.lag_checks = self.lag_checks.max(passed);
    }

    /// `maybeShrinkIsr` of all partitions that this broker leads.
    pub(super) fn check_lag(&mut self, now: Now, out: &mut Outbox) {
        self.lag_checks = self.lag_checks.max(now.at.since(self.started) / self.lag_check_us());
        for no in self.partitions.keys().copied().collect::<Vec<_>>() {
            let Some((partition, around)) = self.replica_mut(now, no) else { continue };
            if !partition.propose_to_shrink(around).is_empty() {
                self.alter_isr(now, no, EventId::NONE, out);
            }
        }
    }

    pub(super) fn alterations_due(&self) -> Option<Instant> {
        self.alterations.retry_at
    }

    pub(super) fn alterations_timer(&mut self, now: Now, out: &mut Outbox) {
        self.alterations.retry_at = None;
        self.propagate(now, EventId::NONE, out);
    }
}

fn wire(partition: i32, proposal: &Proposal) -> PartitionData {
    let state = |(id, epoch): &(BrokerId, i64)| {
        BrokerState::default().with_broker_id(m::BrokerId(id.0)).with_broker_epoch(*epoch)
    };
    PartitionData::default()
        .with_partition_index(partition)
        .with_leader_epoch(proposal.leader_epoch)
        .with_new_isr_with_epochs(proposal.isr.iter().map(state).collect())
        .with_partition_epoch(proposal.partition_epoch)
}
