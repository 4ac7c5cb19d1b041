//! ListOffsets and OffsetForLeaderEpoch: resets, validations, and what calls ask for (`OffsetFetcher`).

use std::sync::Arc;

use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::offset_for_leader_epoch_request::{OffsetForLeaderPartition, OffsetForLeaderTopic};
use kafka_protocol::messages::{ListOffsetsRequest, OffsetForLeaderEpochRequest, TopicName};
use kafka_protocol::protocol::StrBytes;

use super::Consumer;
use super::app::{Flow, Task};
use super::network::{Answered, Purpose, is_retriable};
use super::offsets::{ListOffsetsTask, ListStage, ListWhat};
use super::subscription::{EpochEnd, FetchPosition, FetchState, ResetStrategy, Truncation};
use crate::call::Outcome;
use crate::client::net::NodeId;
use crate::error::{Code, Exception};
use crate::event::{PositionWhy, ResetWhy};
use crate::ids::{BrokerId, TopicPartition};
use crate::node::Outbox;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Now;
use crate::wire::{Frame, Response};

/// `ListOffsetsRequest.LATEST_TIMESTAMP` and `EARLIEST_TIMESTAMP`.
pub(super) const LATEST: i64 = -1;
pub(super) const EARLIEST: i64 = -2;

/// What ListOffsets said of a partition (`ListOffsetData`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ListedOffset {
    pub offset: i64,
    pub timestamp: i64,
    pub leader_epoch: Option<i32>,
}

/// The ListOffsets requests of a call under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Listing {
    /// How many brokers have not answered.
    pub remaining: u32,
    pub found: SortedMap<TopicPartition, ListedOffset>,
    pub retry: SortedSet<TopicPartition>,
    pub failed: Option<Exception>,
}

/// What the offset fetcher holds between calls (`OffsetFetcherUtils`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct OffsetFetcher {
    reset_exception: Option<Exception>,
    validate_exception: Option<Exception>,
    pub listing: Option<Listing>,
}

type ByLeader = SortedMap<BrokerId, Vec<(TopicPartition, i64)>>;

impl Consumer {
    /// Partitions that wait for a reset are looked up (`resetPositionsIfNeeded`).
    pub(super) fn reset_positions_if_needed(&mut self, now: Now) -> Result<(), Exception> {
        if let Some(exception) = self.offsets.reset_exception.take() {
            return Err(exception);
        }
        let due = self.subscriptions.partitions_needing_reset(now.ms());
        if due.is_empty() {
            return Ok(());
        }
        let mut wanted = Vec::new();
        for (partition, strategy) in &due {
            let Some(timestamp) = target_time(*strategy, now) else {
                return Err(super::offsets::no_offset_for(std::slice::from_ref(partition)));
            };
            wanted.push((partition.clone(), timestamp));
        }
        let (by_leader, _) = self.group_by_leader(&wanted, now);
        for (broker, partitions) in by_leader {
            let retry_ms = now.ms().saturating_add(self.settings.request_timeout_ms);
            for (partition, _) in &partitions {
                if let Some(state) = self.subscriptions.get_mut(partition) {
                    state.next_retry_ms = Some(retry_ms);
                }
            }
            let of_broker = |(partition, _): &&(TopicPartition, ResetStrategy)| {
                partitions.iter().any(|(asked, _)| asked == partition)
            };
            let asked = due.iter().filter(of_broker).cloned().collect();
            self.send_list_offsets(broker, &partitions, Purpose::ResetPositions(asked), now);
        }
        Ok(())
    }

    /// By leader; what has none, or one that cannot be reached yet, is tried again later (`groupListOffsetRequests`).
    fn group_by_leader(&mut self, wanted: &[(TopicPartition, i64)], now: Now) -> (ByLeader, SortedSet<TopicPartition>) {
        let mut by_leader = ByLeader::new();
        let mut retry = SortedSet::new();
        for (partition, timestamp) in wanted {
            match self.current_leader(partition).leader {
                None => {
                    self.client.net.metadata.request_update(true, self.cause);
                    retry.insert(partition.clone());
                }
                Some(broker) if self.client.is_unavailable(NodeId::Broker(broker), now) => {
                    retry.insert(partition.clone());
                }
                Some(broker) => by_leader.entry(broker).or_default().push((partition.clone(), *timestamp)),
            }
        }
        (by_leader, retry)
    }

    fn send_list_offsets(
        &mut self,
        broker: BrokerId,
        partitions: &[(TopicPartition, i64)],
        purpose: Purpose,
        now: Now,
    ) {
        let mut topics: Vec<ListOffsetsTopic> = Vec::new();
        for (partition, timestamp) in partitions {
            let epoch = self.current_leader(partition).epoch.unwrap_or(-1);
            let asked = ListOffsetsPartition::default()
                .with_partition_index(partition.partition)
                .with_current_leader_epoch(epoch)
                .with_timestamp(*timestamp);
            match topics.last_mut() {
                Some(topic) if topic.name.as_str() == &*partition.topic => topic.partitions.push(asked),
                _ => topics.push(
                    ListOffsetsTopic::default()
                        .with_name(TopicName(StrBytes::from_string(partition.topic.to_string())))
                        .with_partitions(vec![asked]),
                ),
            }
        }
        let timeout_ms = i32::try_from(self.settings.request_timeout_ms).unwrap_or(i32::MAX);
        let request = ListOffsetsRequest::default()
            .with_replica_id(kafka_protocol::messages::BrokerId(-1))
            .with_topics(topics)
            .with_timeout_ms(timeout_ms);
        self.client.send(NodeId::Broker(broker), request.into(), purpose, self.cause, now);
    }

    /// Answers of one broker: what was found, what must be tried again.
    fn read_list_offsets(frame: &Frame) -> (Vec<(TopicPartition, ListedOffset)>, Vec<TopicPartition>) {
        let Response::ListOffsets(response) = Answered::response(frame) else {
            unreachable!("ListOffsets is answered by its own response")
        };
        let (mut found, mut retry) = (Vec::new(), Vec::new());
        for topic in &response.topics {
            let name: Arc<str> = Arc::from(topic.name.as_str());
            for answer in &topic.partitions {
                let partition = TopicPartition::new(&name, answer.partition_index);
                match Code::from_i16(answer.error_code) {
                    // No record is that new: there is no answer for this partition.
                    Code::None if answer.offset == -1 => {}
                    Code::None => {
                        let leader_epoch = Some(answer.leader_epoch).filter(|epoch| *epoch >= 0);
                        let (offset, timestamp) = (answer.offset, answer.timestamp);
                        found.push((partition, ListedOffset { offset, timestamp, leader_epoch }));
                    }
                    Code::UnsupportedForMessageFormat => {}
                    _ => retry.push(partition),
                }
            }
        }
        (found, retry)
    }

    pub(super) fn handle_reset_positions(
        &mut self,
        asked: &[(TopicPartition, ResetStrategy)],
        result: Result<Arc<Frame>, Exception>,
        now: Now,
        out: &mut Outbox,
    ) {
        let retry_ms = now.ms().saturating_add(self.settings.retry_backoff_ms);
        let frame = match result {
            Ok(frame) => frame,
            Err(exception) => {
                let partitions: Vec<TopicPartition> = asked.iter().map(|(partition, _)| partition.clone()).collect();
                self.retry_later(&partitions, retry_ms);
                if !is_retriable(&exception) {
                    self.offsets.reset_exception.get_or_insert(exception);
                }
                return;
            }
        };
        let (found, retry) = Self::read_list_offsets(&frame);
        if !retry.is_empty() {
            self.retry_later(&retry, retry_ms);
        }
        let has_group = self.settings.group_id.is_some();
        for (partition, listed) in found {
            let leader = self.current_leader(&partition);
            if let Some(epoch) = listed.leader_epoch {
                self.client.net.metadata.update_last_seen_epoch_if_newer(&partition, epoch);
            }
            let Some(state) = self.subscriptions.get_mut(&partition) else { continue };
            let strategy = asked.iter().find(|(asked, _)| *asked == partition).map(|(_, strategy)| *strategy);
            // The application sought meanwhile, or asked for another reset (`maybeSeekUnvalidated`, KAFKA-7703).
            let other_asked = strategy.is_some() && strategy != state.reset_strategy;
            if state.fetch_state != FetchState::AwaitReset || other_asked {
                continue;
            }
            let reset = match state.reset_why {
                ResetWhy::NothingCommitted if !has_group => ResetWhy::NoGroup,
                other => other,
            };
            // Without an epoch there is nothing to validate.
            state.seek_unvalidated(FetchPosition { offset: listed.offset, offset_epoch: None, leader });
            let why = match strategy {
                Some(ResetStrategy::Earliest) => PositionWhy::Earliest(reset),
                Some(ResetStrategy::ByDuration { .. }) => PositionWhy::ByDuration(reset),
                _ => PositionWhy::Latest(reset),
            };
            self.position_set(&partition, listed.offset, why, out);
        }
    }

    fn retry_later(&mut self, partitions: &[TopicPartition], retry_ms: u64) {
        for partition in partitions {
            if let Some(state) = self.subscriptions.get_mut(partition) {
                state.next_retry_ms = Some(retry_ms);
            }
        }
        self.client.net.metadata.request_update(false, self.cause);
    }

    /// Positions behind a leader change are confirmed (`validatePositionsIfNeeded`).
    pub(super) fn validate_positions_if_needed(&mut self, now: Now, out: &mut Outbox) -> Result<(), Exception> {
        if let Some(exception) = self.offsets.validate_exception.take() {
            return Err(exception);
        }
        self.validate_positions_on_metadata_change();
        if self.subscriptions.has_all_fetch_positions() {
            return Ok(());
        }
        let due = self.subscriptions.partitions_needing_validation(now.ms());
        let mut by_leader: SortedMap<BrokerId, Vec<(TopicPartition, FetchPosition)>> = SortedMap::new();
        for (partition, position) in due {
            match position.leader.leader {
                Some(broker) => by_leader.entry(broker).or_default().push((partition, position)),
                None => _ = self.client.net.metadata.request_update(true, self.cause),
            }
        }
        for (broker, positions) in by_leader {
            let node = NodeId::Broker(broker);
            // What the broker can do is known once its connection is ready.
            if !self.client.net.connection(node).is_some_and(|connection| connection.is_ready()) {
                self.client.try_connect(node, now, self.cause, out);
                continue;
            }
            let retry_ms = now.ms().saturating_add(self.settings.request_timeout_ms);
            for (partition, _) in &positions {
                if let Some(state) = self.subscriptions.get_mut(partition) {
                    state.next_retry_ms = Some(retry_ms);
                }
            }
            self.send_epoch_request(node, positions, now);
        }
        Ok(())
    }

    fn send_epoch_request(&mut self, node: NodeId, positions: Vec<(TopicPartition, FetchPosition)>, now: Now) {
        let mut topics: Vec<OffsetForLeaderTopic> = Vec::new();
        for (partition, position) in &positions {
            let asked = OffsetForLeaderPartition::default()
                .with_partition(partition.partition)
                .with_current_leader_epoch(position.leader.epoch.unwrap_or(-1))
                .with_leader_epoch(position.offset_epoch.unwrap_or(-1));
            match topics.last_mut() {
                Some(topic) if topic.topic.as_str() == &*partition.topic => topic.partitions.push(asked),
                _ => topics.push(
                    OffsetForLeaderTopic::default()
                        .with_topic(TopicName(StrBytes::from_string(partition.topic.to_string())))
                        .with_partitions(vec![asked]),
                ),
            }
        }
        let request = OffsetForLeaderEpochRequest::default()
            .with_replica_id(kafka_protocol::messages::BrokerId(-1))
            .with_topics(topics);
        let purpose = Purpose::ValidatePositions(positions.into());
        self.client.send(node, request.into(), purpose, self.cause, now);
    }

    pub(super) fn handle_validate_positions(
        &mut self,
        asked: &[(TopicPartition, FetchPosition)],
        result: Result<Arc<Frame>, Exception>,
        now: Now,
        out: &mut Outbox,
    ) {
        let retry_ms = now.ms().saturating_add(self.settings.retry_backoff_ms);
        let partitions: Vec<TopicPartition> = asked.iter().map(|(partition, _)| partition.clone()).collect();
        let frame = match result {
            Ok(frame) => frame,
            Err(exception) => {
                self.retry_later(&partitions, retry_ms);
                if !is_retriable(&exception) {
                    self.offsets.validate_exception.get_or_insert(exception);
                }
                return;
            }
        };
        let Response::OffsetForLeaderEpoch(response) = Answered::response(&frame) else {
            unreachable!("OffsetForLeaderEpoch is answered by its own response")
        };
        let mut diverged = Vec::new();
        for topic in &response.topics {
            for answer in &topic.partitions {
                let of_answer = |(partition, _): &&(TopicPartition, FetchPosition)| {
                    partition.partition == answer.partition && *partition.topic == *topic.topic.as_str()
                };
                let Some((partition, position)) = asked.iter().find(of_answer) else { continue };
                if !Code::from_i16(answer.error_code).is_ok() {
                    self.retry_later(std::slice::from_ref(partition), retry_ms);
                    continue;
                }
                let end = EpochEnd { epoch: answer.leader_epoch, end_offset: answer.end_offset };
                match self.subscriptions.complete_validation(partition, *position, end) {
                    Some(Truncation::Moved(offset)) => {
                        self.position_set(partition, offset, PositionWhy::Diverged, out);
                    }
                    Some(Truncation::Raised { fetch_offset, .. }) => diverged.push((partition.clone(), fetch_offset)),
                    Some(Truncation::Reset) | None => {}
                }
            }
        }
        if !diverged.is_empty() {
            let offsets: Vec<String> =
                diverged.iter().map(|(partition, offset)| format!("{partition}={offset}")).collect();
            let message = format!("Detected log truncation with diverging offsets {{{}}}", offsets.join(", "));
            self.offsets.validate_exception.get_or_insert(Exception::new("LogTruncationException", None, message));
        }
    }

    pub(super) fn step_list_offsets(&mut self, task: &mut ListOffsetsTask, now: Now) -> Flow {
        match task.stage {
            ListStage::Ask => {
                if task.wanted.is_empty() {
                    self.list_outcome(task);
                    return Flow::Return(true);
                }
                self.ask_offsets(task, now)
            }
            ListStage::Asked => {
                let listing = self.offsets.listing.as_ref().expect("a listing is under way");
                let done = listing.remaining == 0;
                if !done && now.ms() < task.deadline_ms {
                    return Flow::Network { until_ms: task.deadline_ms };
                }
                if !done {
                    return self.list_timed_out(task, now);
                }
                if let Some(exception) = listing.failed.clone().filter(|exception| !is_retriable(exception)) {
                    self.end_listing();
                    return Flow::Throw(exception);
                }
                if listing.failed.is_none() && listing.retry.is_empty() {
                    self.list_outcome(task);
                    self.end_listing();
                    return Flow::Return(true);
                }
                task.stage = ListStage::Refreshed;
                let await_metadata = self.await_metadata(task.deadline_ms);
                Flow::Push(Task::AwaitMetadata(await_metadata))
            }
            ListStage::Refreshed => {
                if now.ms() >= task.deadline_ms {
                    return self.list_timed_out(task, now);
                }
                self.ask_offsets(task, now)
            }
        }
    }

    fn ask_offsets(&mut self, task: &mut ListOffsetsTask, now: Now) -> Flow {
        let before = self.offsets.listing.take();
        let found = before.as_ref().map(|listing| listing.found.clone()).unwrap_or_default();
        let again = before.filter(|listing| listing.failed.is_none());
        let wanted: Vec<(TopicPartition, i64)> = task
            .wanted
            .iter()
            .filter(|(partition, _)| again.as_ref().is_none_or(|listing| listing.retry.contains(partition)))
            .cloned()
            .collect();
        let (by_leader, retry) = self.group_by_leader(&wanted, now);
        let mut listing = Listing { found, retry, ..Listing::default() };
        let done = by_leader.is_empty();
        if done {
            listing.failed = Some(Exception::new("StaleMetadataException", None, ""));
        }
        listing.remaining = u32::try_from(by_leader.len()).expect("there are few brokers");
        self.offsets.listing = Some(listing);
        for (broker, partitions) in by_leader {
            let asked = partitions.iter().map(|(partition, _)| partition.clone()).collect();
            self.send_list_offsets(broker, &partitions, Purpose::ListOffsets(asked), now);
        }
        task.stage = ListStage::Asked;
        Flow::poll_for(done, task.deadline_ms, now)
    }

    pub(super) fn handle_list_offsets(&mut self, result: Result<Arc<Frame>, Exception>) {
        let Some(listing) = &mut self.offsets.listing else { return };
        listing.remaining = listing.remaining.saturating_sub(1);
        match result {
            Ok(frame) => {
                let (found, retry) = Self::read_list_offsets(&frame);
                listing.retry.extend(retry);
                for (partition, listed) in found {
                    // With read_uncommitted the answer to "latest" is the high watermark.
                    listing.found.insert(partition, listed);
                }
            }
            Err(exception) => {
                listing.failed.get_or_insert(exception);
                listing.remaining = 0;
            }
        }
    }

    fn list_outcome(&mut self, task: &ListOffsetsTask) {
        let found = self.offsets.listing.as_ref().map(|listing| listing.found.clone()).unwrap_or_default();
        for (partition, listed) in &found {
            if let Some(state) = self.subscriptions.get_mut(partition) {
                state.high_watermark = Some(listed.offset);
            }
        }
        let wanted = task.wanted.iter().map(|(partition, _)| partition);
        self.app.outcome = match task.what {
            ListWhat::Offsets => Outcome::Offsets(
                wanted
                    .filter_map(|partition| found.get(partition).map(|listed| (partition.clone(), Some(listed.offset))))
                    .collect(),
            ),
            ListWhat::Times => Outcome::OffsetsAndTimestamps(
                wanted
                    .map(|partition| {
                        let listed = found.get(partition);
                        (partition.clone(), listed.map(|listed| (listed.offset, listed.timestamp)))
                    })
                    .collect(),
            ),
        };
    }

    fn list_timed_out(&mut self, task: &ListOffsetsTask, now: Now) -> Flow {
        self.end_listing();
        let message = format!("Failed to get offsets by times in {}ms", now.ms().saturating_sub(task.begun_ms));
        Flow::Throw(Exception::with_message(Code::RequestTimedOut, message))
    }

    fn end_listing(&mut self) {
        self.offsets.listing = None;
        self.transient_topics = Arc::default();
        self.update_metadata_topics();
    }

    /// `currentLag`: asks for the end offset in the background when it is not known.
    pub(super) fn current_lag(&mut self, partition: &TopicPartition, now: Now) -> Result<Option<i64>, Exception> {
        let Some(state) = self.subscriptions.get_mut(partition) else {
            let message = format!("No current assignment for partition {partition}");
            return Err(Exception::new("IllegalStateException", None, message));
        };
        if let (Some(position), Some(end)) = (state.position, state.high_watermark) {
            return Ok(Some(end - position.offset));
        }
        if state.high_watermark.is_none() && !state.end_offset_requested {
            state.end_offset_requested = true;
            let wanted = [(partition.clone(), LATEST)];
            let (by_leader, _) = self.group_by_leader(&wanted, now);
            for (broker, partitions) in by_leader {
                self.send_list_offsets(broker, &partitions, Purpose::CurrentLag(partition.clone()), now);
            }
        }
        Ok(None)
    }

    pub(super) fn handle_current_lag(&mut self, partition: &TopicPartition, result: Result<Arc<Frame>, Exception>) {
        let listed = result.ok().and_then(|frame| Self::read_list_offsets(&frame).0.pop());
        if let Some(state) = self.subscriptions.get_mut(partition) {
            state.end_offset_requested = false;
            state.high_watermark = listed.map(|(_, listed)| listed.offset).or(state.high_watermark);
        }
    }
}

/// The time that a reset asks for; none when the policy is `none`.
fn target_time(strategy: ResetStrategy, now: Now) -> Option<i64> {
    match strategy {
        ResetStrategy::Earliest => Some(EARLIEST),
        ResetStrategy::Latest => Some(LATEST),
        ResetStrategy::ByDuration { ms } => Some(now.wall_ms() - i64::try_from(ms).unwrap_or(i64::MAX)),
        ResetStrategy::None => None,
    }
}
