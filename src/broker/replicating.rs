//! What a follower makes of its leader's answers (`AbstractFetcherThread.processFetchRequest`).
//!
//! Records are appended as they are, with the leader's offsets and epochs; the high watermark and the log's start follow. Where
//! the leader says that the histories part, the log is cut and asked for again. An offset out of range: the leader is asked
//! where its log ends, and this one cut there; or, where it begins, and this one begun anew there. After any other error the
//! partition is left alone for `replica.fetch.backoff.ms`; one that knows an older leader epoch than the leader waits for the
//! next picture of the cluster.

use bytes::Bytes;
use kafka_protocol::messages::fetch_response::PartitionData;
use kafka_protocol::messages::{FetchResponse, ListOffsetsResponse};

use crate::error::Code;
use crate::event::EventKind;
use crate::ids::{BrokerId, ConnectionId, EventId, PartitionNo};
use crate::node::Outbox;
use crate::time::Now;
use crate::wire::{Frame, Response};

use super::Broker;
use super::fetcher::{Asked, Fetched, Position};
use super::replica::FromLeader;

/// What is done with a partition after an answer.
enum Next {
    /// It is asked for on from here.
    On(Fetched),
    /// It is left alone for a while.
    Later,
    /// It is not fetched before the next picture of the cluster says so (`markPartitionFailed`).
    Failed,
    /// The leader is asked where its log begins and ends.
    Reset,
    /// Nothing was new.
    AsItWas,
}

impl Broker {
    /// A leader has answered.
    pub(super) fn fetcher_answered(&mut self, now: Now, connection: ConnectionId, frame: &Frame, out: &mut Outbox) {
        let Some(leader) = self.fetcher_of(connection) else { return };
        let Some(fetcher) = self.fetchers.get_mut(&leader) else { return };
        let is_answer = fetcher.in_flight.as_ref().is_some_and(|it| it.correlation_id == frame.correlation_id);
        let Some(in_flight) = fetcher.in_flight.take_if(|_| is_answer) else { return };
        match (in_flight.asked, frame.response()) {
            (Asked::Fetch(asked), Some(Response::Fetch(response))) => {
                let is_used = fetcher.session.answered(response.error_code, response.session_id);
                if is_used {
                    self.take_in(now, leader, &asked, response, frame.cause, out);
                }
            }
            (Asked::Latest(no), Some(Response::ListOffsets(response))) => {
                self.learned_latest(now, leader, no, response, frame.cause, out);
            }
            (Asked::Earliest(no), Some(Response::ListOffsets(response))) => {
                self.learned_earliest(now, leader, no, response, frame.cause, out);
            }
            _ => {}
        }
        self.drive_fetcher(now, leader, out);
    }

    fn take_in(
        &mut self,
        now: Now,
        leader: BrokerId,
        asked: &[(PartitionNo, Position)],
        response: &FetchResponse,
        cause: EventId,
        out: &mut Outbox,
    ) {
        for topic in &response.responses {
            for data in &topic.partitions {
                let is_it = |(no, position): &&(PartitionNo, Position)| {
                    position.topic_id == topic.topic_id && no.partition == data.partition_index
                };
                let Some((no, position)) = asked.iter().find(is_it) else { continue };
                let fits = |fetched: &&Fetched| {
                    (fetched.fetch_offset, fetched.leader_epoch) == (position.fetch_offset, position.leader_epoch)
                        && fetched.not_before <= now.at
                };
                let fetched = self.fetchers.get(&leader).and_then(|it| it.get(*no)).filter(fits).copied();
                let Some(fetched) = fetched else { continue };
                let next = self.take_in_one(now, leader, fetched, data, cause, out);
                self.go_on_with(now, leader, *no, next);
            }
        }
    }

    fn go_on_with(&mut self, now: Now, leader: BrokerId, no: PartitionNo, next: Next) {
        let until = self.fetch_backoff(now);
        let Some(fetcher) = self.fetchers.get_mut(&leader) else { return };
        match next {
            Next::On(fetched) => fetcher.move_to_end(fetched),
            Next::Later => fetcher.delay(no, now.at, until),
            Next::Failed => {
                fetcher.remove(no);
            }
            Next::Reset => fetcher.resets.push_back(no),
            Next::AsItWas => {}
        }
    }

    fn take_in_one(
        &mut self,
        now: Now,
        leader: BrokerId,
        fetched: Fetched,
        data: &PartitionData,
        cause: EventId,
        out: &mut Outbox,
    ) -> Next {
        match Code::from_i16(data.error_code) {
            Code::None if data.diverging_epoch.epoch >= 0 => {
                let (epoch, end) = (data.diverging_epoch.epoch, data.diverging_epoch.end_offset);
                let Some((partition, _)) = self.replica_mut(now, fetched.partition) else { return Next::Failed };
                let cut = partition.truncate_for(epoch, end, now.wall_ms());
                self.told_truncated(leader, fetched.partition, cut, cause, out);
                Next::On(self.position_of(fetched))
            }
            Code::None => self.take_in_records(now, leader, fetched, data, cause, out),
            Code::OffsetOutOfRange => Next::Reset,
            // Who asked in the epoch that it still knows is behind.
            Code::FencedLeaderEpoch => Next::Failed,
            _ => Next::Later,
        }
    }

    fn take_in_records(
        &mut self,
        now: Now,
        leader: BrokerId,
        fetched: Fetched,
        data: &PartitionData,
        cause: EventId,
        out: &mut Outbox,
    ) -> Next {
        let no = fetched.partition;
        let from = FromLeader {
            records: data.records.as_ref().map_or(&[], Bytes::as_ref),
            high_watermark: data.high_watermark,
            log_start_offset: data.log_start_offset,
            leader_epoch: fetched.leader_epoch,
        };
        let Some((partition, around)) = self.replica_mut(now, no) else { return Next::Failed };
        if partition.log_end_offset() != fetched.fetch_offset {
            return Next::Failed;
        }
        let (info, moved) = match partition.replicate(from, around) {
            Ok(done) => done,
            Err(error) => {
                let is_corrupt = matches!(error.code(), Code::CorruptMessage | Code::InvalidRecord);
                return if is_corrupt { Next::Later } else { Next::Failed };
            }
        };
        let mut told = cause;
        if info.size > 0 {
            out.written += u64::from(info.size.unsigned_abs());
            let base_offset = info.first_offset.cast_unsigned();
            let records = u32::try_from(info.last_offset - info.first_offset + 1).unwrap_or(u32::MAX);
            told =
                out.emit(cause, EventKind::FollowerAppended { partition: no, broker: self.id, base_offset, records });
            self.news_for(leader, told);
        }
        if moved {
            self.touch(no, true, told, out);
        }
        if info.size == 0 {
            return if fetched.has_lag { Next::AsItWas } else { Next::On(Fetched { has_lag: true, ..fetched }) };
        }
        let last_fetched_epoch = fetched.last_fetched_epoch.and(self.partitions[&no].log().leader_epochs().latest());
        Next::On(Fetched { fetch_offset: info.last_offset + 1, last_fetched_epoch, has_lag: true, ..fetched })
    }

    /// The state to fetch on from after the log was cut.
    fn position_of(&self, fetched: Fetched) -> Fetched {
        let log = self.partitions[&fetched.partition].log();
        let (fetch_offset, last_fetched_epoch) = (log.log_end_offset(), log.leader_epochs().latest());
        Fetched { fetch_offset, last_fetched_epoch, ..fetched }
    }

    /// The next request brings news of this.
    fn news_for(&mut self, leader: BrokerId, event: EventId) {
        if let Some(fetcher) = self.fetchers.get_mut(&leader) {
            fetcher.cause = event;
        }
    }

    /// `count` offsets at the log's end are gone.
    fn told_truncated(&mut self, leader: BrokerId, no: PartitionNo, count: i64, cause: EventId, out: &mut Outbox) {
        if count > 0 {
            let offset = self.partitions[&no].log_end_offset().cast_unsigned();
            let records = u32::try_from(count).unwrap_or(u32::MAX);
            let told = out.emit(cause, EventKind::LogTruncated { partition: no, broker: self.id, offset, records });
            self.news_for(leader, told);
        }
    }

    /// Where the leader's log ends (`fetchOffsetAndTruncate`): this one is cut there, or else the leader is asked where its log
    /// begins.
    fn learned_latest(
        &mut self,
        now: Now,
        leader: BrokerId,
        no: PartitionNo,
        response: &ListOffsetsResponse,
        cause: EventId,
        out: &mut Outbox,
    ) {
        let Some(end) = self.learned(now, leader, no, response) else { return };
        let Some((partition, _)) = self.replica_mut(now, no) else { return };
        if end >= partition.log_end_offset() {
            self.ask_earliest(now, leader, no, out);
            return;
        }
        let cut = partition.truncate(end, now.wall_ms());
        self.told_truncated(leader, no, cut, cause, out);
        self.reset_done(leader, no);
    }

    fn learned_earliest(
        &mut self,
        now: Now,
        leader: BrokerId,
        no: PartitionNo,
        response: &ListOffsetsResponse,
        cause: EventId,
        out: &mut Outbox,
    ) {
        let Some(start) = self.learned(now, leader, no, response) else { return };
        let Some((partition, _)) = self.replica_mut(now, no) else { return };
        let (begin, end) = (partition.log_start_offset(), partition.log_end_offset());
        if start > end {
            partition.start_anew(start, now.wall_ms());
            self.told_truncated(leader, no, end - begin, cause, out);
        }
        self.reset_done(leader, no);
    }

    /// The offset that the leader said; where it said an error the partition waits.
    fn learned(&mut self, now: Now, leader: BrokerId, no: PartitionNo, response: &ListOffsetsResponse) -> Option<i64> {
        let answer = response.topics.first().and_then(|topic| topic.partitions.first());
        let fetcher = self.fetchers.get_mut(&leader)?;
        fetcher.get(no)?;
        match answer.map(|answer| (Code::from_i16(answer.error_code), answer.offset)) {
            Some((Code::None, offset)) => return Some(offset.max(0)),
            Some((Code::FencedLeaderEpoch, _)) => self.go_on_with(now, leader, no, Next::Failed),
            _ => {
                fetcher.resets.retain(|reset| *reset != no);
                self.go_on_with(now, leader, no, Next::Later);
            }
        }
        None
    }

    fn reset_done(&mut self, leader: BrokerId, no: PartitionNo) {
        let fetched = self.fetchers.get(&leader).and_then(|it| it.get(no)).copied();
        let Some(fetched) = fetched.map(|fetched| self.position_of(fetched)) else { return };
        if let Some(fetcher) = self.fetchers.get_mut(&leader) {
            fetcher.resets.retain(|reset| *reset != no);
            fetcher.move_to_end(fetched);
        }
    }
}
