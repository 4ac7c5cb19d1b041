//! What waits for something to happen at a partition, and the one place where it is woken (`DelayedOperations`).
//!
//! Waits: fetches (for bytes, or for a reason to end), produces with `acks=all` (for the high watermark), `DeleteRecords` (for the
//! low watermark). Whoever moves something at a partition notes it ([`Broker::touch`]); at the end of the move all that waits for
//! it is looked at once, in this order of kinds, and by connection within one.

use std::sync::Arc;

use crate::error::Code;
use crate::event::EventKind;
use crate::ids::{ConnectionId, EventId, PartitionNo};
use crate::node::Outbox;
use crate::time::{Instant, Now};
use crate::wire::{Frame, Request};

use super::Broker;
use super::answer::BrokerAnswer;
use super::parked::{Awaited, Parked, ParkedDelete, ParkedProduce};
use super::produce::Appended;
use super::replica::{Partition, Surroundings};

impl Broker {
    /// A replica on this broker's disk, to change it, and what its leader has to know beside it.
    pub(super) fn replica_mut(&mut self, now: Now, no: PartitionNo) -> Option<(&mut Partition, Surroundings<'_>)> {
        let checkpoint = self.checkpoint_number(now);
        let around =
            Surroundings { image: &self.image, now, lag_time_max_ms: self.config.replica_lag_time_max_ms, checkpoint };
        Some((Arc::make_mut(self.partitions.get_mut(&no)?), around))
    }

    /// How many checkpoints of high watermarks this life of the process has written.
    pub(super) fn checkpoint_number(&self, now: Now) -> u64 {
        let interval = u64::try_from(self.config.replica_high_watermark_checkpoint_interval_ms).unwrap_or(0);
        now.at.since(self.started) / interval.saturating_mul(1000).max(1)
    }

    /// Something moved at a partition because of `cause`: its log's end, its leader, or (`raised`) its high watermark.
    pub(super) fn touch(&mut self, no: PartitionNo, raised: bool, cause: EventId, out: &mut Outbox) {
        let cause = if raised {
            let offset = self.partitions.get(&no).map_or(0, |partition| partition.high_watermark().cast_unsigned());
            out.emit(cause, EventKind::HighWatermarkMoved { partition: no, broker: self.id, offset })
        } else {
            cause
        };
        self.touched.push((no, cause));
    }

    /// Answers what waits for one of these partitions and need not wait any more.
    pub(super) fn wake(&mut self, now: Now, touched: &[(PartitionNo, EventId)], out: &mut Outbox) {
        self.wake_fetches(now, touched, out);
        let cause_for = |awaited: &[Awaited]| {
            let of = |it: &Awaited| touched.iter().find(|(no, _)| *no == it.partition).map(|(_, cause)| *cause);
            awaited.iter().find_map(of)
        };
        let waiting: Vec<(ConnectionId, EventId, bool)> = self
            .connections
            .iter()
            .filter_map(|(id, connection)| match connection.parked() {
                Some(Parked::Produce(produce)) => Some((*id, cause_for(&produce.awaited)?, true)),
                Some(Parked::DeleteRecords(delete)) => Some((*id, cause_for(&delete.awaited)?, false)),
                _ => None,
            })
            .collect();
        for (id, cause, _) in waiting.iter().filter(|(_, _, is_produce)| *is_produce) {
            self.look_at_produce(now, *id, *cause, out);
        }
        for (id, cause, _) in waiting.iter().filter(|(_, _, is_produce)| !is_produce) {
            self.look_at_delete(now, *id, *cause, out);
        }
    }

    /// A Produce with `acks=all` is written: it is answered when enough replicas have it.
    pub(super) fn await_replicas(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        appended: Appended,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let Appended { responses, last, awaited } = appended;
        let until = deadline(now, timeout_ms(frame));
        let mut parked = ParkedProduce { frame: frame.clone(), until, awaited, responses, event: last };
        self.settle_produce(&mut parked);
        if parked.awaited.is_empty() {
            return self.produced(frame.version, parked.responses, last);
        }
        if until <= now.at {
            time_out(&mut parked);
            return self.produced(frame.version, parked.responses, last);
        }
        let kind = EventKind::ProduceParked {
            partition: parked.awaited[0].partition,
            broker: self.id,
            connection,
            correlation_id: frame.correlation_id,
            until,
        };
        parked.event = out.emit(last, kind);
        BrokerAnswer::Park(Parked::Produce(parked))
    }

    /// `DelayedProduce.tryComplete`: partitions that are committed, or never will be here, are not waited for any more.
    fn settle_produce(&self, produce: &mut ParkedProduce) {
        let ParkedProduce { awaited, responses, .. } = produce;
        awaited.retain(|it| {
            let partition = self.partitions.get(&it.partition).ok_or(Code::NotLeaderOrFollower);
            match partition.and_then(|partition| partition.has_reached(it.offset)) {
                Ok(reached) => !reached,
                Err(code) => {
                    responses[it.place.0].partition_responses[it.place.1].error_code = code.code();
                    false
                }
            }
        });
    }

    fn look_at_produce(&mut self, now: Now, id: ConnectionId, cause: EventId, out: &mut Outbox) {
        let Some(Parked::Produce(produce)) = self.connections.get(&id).and_then(|it| it.parked()) else { return };
        let mut produce = produce.clone();
        self.settle_produce(&mut produce);
        if produce.awaited.is_empty() {
            self.finish_produce(now, id, produce, cause, out);
        } else if let Some(parked) = self.connections.get_mut(&id).and_then(|it| it.parked_mut()) {
            *parked = Parked::Produce(produce);
        }
    }

    pub(super) fn produce_timed_out(
        &mut self,
        now: Now,
        id: ConnectionId,
        mut produce: ParkedProduce,
        out: &mut Outbox,
    ) {
        time_out(&mut produce);
        let event = produce.event;
        self.finish_produce(now, id, produce, event, out);
    }

    fn finish_produce(&mut self, now: Now, id: ConnectionId, produce: ParkedProduce, cause: EventId, out: &mut Outbox) {
        let answer = self.produced(produce.frame.version, produce.responses, cause);
        self.finish_parked(now, id, &produce.frame, answer, out);
    }

    /// `DelayedDeleteRecords.tryComplete`: all replicas that live have deleted, or this broker leads no more. The answer has the
    /// lowest log start.
    pub(super) fn settle_delete(&self, delete: &mut ParkedDelete) {
        let ParkedDelete { awaited, response, .. } = delete;
        awaited.retain(|it| {
            let answer = &mut response.topics[it.place.0].partitions[it.place.1];
            match self.partitions.get(&it.partition).filter(|partition| partition.leads()) {
                None => (answer.error_code, answer.low_watermark) = (Code::NotLeaderOrFollower.code(), -1),
                Some(partition) => {
                    answer.low_watermark = partition.low_watermark(&self.image);
                    if answer.low_watermark < it.offset {
                        return true;
                    }
                }
            }
            false
        });
    }

    fn look_at_delete(&mut self, now: Now, id: ConnectionId, cause: EventId, out: &mut Outbox) {
        let Some(Parked::DeleteRecords(delete)) = self.connections.get(&id).and_then(|it| it.parked()) else { return };
        let mut delete = delete.clone();
        self.settle_delete(&mut delete);
        if delete.awaited.is_empty() {
            self.finish_parked(now, id, &delete.frame, BrokerAnswer::respond(delete.response, cause), out);
        } else if let Some(parked) = self.connections.get_mut(&id).and_then(|it| it.parked_mut()) {
            *parked = Parked::DeleteRecords(delete);
        }
    }

    pub(super) fn delete_timed_out(&mut self, now: Now, id: ConnectionId, mut delete: ParkedDelete, out: &mut Outbox) {
        for it in &delete.awaited {
            delete.response.topics[it.place.0].partitions[it.place.1].error_code = Code::RequestTimedOut.code();
        }
        let answer = BrokerAnswer::respond(delete.response, delete.frame.cause);
        self.finish_parked(now, id, &delete.frame, answer, out);
    }
}

fn time_out(produce: &mut ParkedProduce) {
    for it in &produce.awaited {
        produce.responses[it.place.0].partition_responses[it.place.1].error_code = Code::RequestTimedOut.code();
    }
}

/// `timeoutMs` of a request that may wait.
fn timeout_ms(frame: &Frame) -> i32 {
    match frame.request() {
        Some(Request::Produce(request)) => request.timeout_ms,
        Some(Request::DeleteRecords(request)) => request.timeout_ms,
        _ => 0,
    }
}

pub(super) fn deadline(now: Now, timeout_ms: i32) -> Instant {
    now.at.plus_millis(u64::try_from(timeout_ms).unwrap_or(0))
}
