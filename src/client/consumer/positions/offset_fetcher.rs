//! `ListOffsets` and `OffsetForLeaderEpoch`: resets, validations, and what calls ask for (`OffsetFetcher`).
//!
//! What it holds is what is under way; positions and network are lent to it for each step.

use std::sync::Arc;

use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::offset_for_leader_epoch_request::{OffsetForLeaderPartition, OffsetForLeaderTopic};
use kafka_protocol::messages::{ListOffsetsRequest, OffsetForLeaderEpochRequest, TopicName};
use kafka_protocol::protocol::StrBytes;

use super::super::lent::Lent;
use super::super::network::{Answered, Purpose, is_retriable};
use super::partition_state::{FetchPosition, FetchState, LeaderAndEpoch, ResetStrategy};
use super::subscription::{EpochEnd, SubscriptionState, Truncation};
use crate::call::ListedOffset;
use crate::client::net::NodeId;
use crate::error::{Code, Exception};
use crate::event::{PositionWhy, ResetWhy};
use crate::ids::{BrokerId, TopicPartition};
use crate::java::JavaHashMap;
use crate::node::Outbox;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Now;
use crate::wire::{Frame, Response};

/// `ListOffsetsRequest.LATEST_TIMESTAMP` and `EARLIEST_TIMESTAMP`.
pub const LATEST: i64 = -1;
pub const EARLIEST: i64 = -2;

/// The `ListOffsets` requests of a call under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Listing {
    /// Which of all rounds it is: a late answer of another has no say.
    round: u32,
    /// How many brokers have not answered.
    remaining: u32,
    found: SortedMap<TopicPartition, ListedOffset>,
    retry: SortedSet<TopicPartition>,
    failed: Option<Exception>,
}

/// What the offset fetcher holds between calls (`OffsetFetcherUtils`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OffsetFetcher {
    /// The metadata version up to which positions were compared with the leaders.
    metadata_version: u32,
    reset_exception: Option<Exception>,
    validate_exception: Option<Exception>,
    listing: Option<Listing>,
    rounds: u32,
}

/// How the `ListOffsets` requests of a call stand.
#[derive(Debug)]
pub enum Listed {
    /// Some broker has not answered.
    Awaited,
    /// All is there.
    Whole,
    /// Some of it must be asked for again, once there are newer metadata.
    Again,
    Failed(Exception),
}

type ByLeader = SortedMap<BrokerId, Vec<(TopicPartition, i64)>>;

impl OffsetFetcher {
    /// Partitions that wait for a reset are looked up (`resetPositionsIfNeeded`).
    pub fn reset_positions_if_needed(&mut self, lent: &mut Lent<'_>, now: Now) -> Result<(), Exception> {
        if let Some(exception) = self.reset_exception.take() {
            return Err(exception);
        }
        let due = lent.subscriptions.partitions_needing_reset(now.ms());
        if due.is_empty() {
            return Ok(());
        }
        let mut wanted = Vec::new();
        for (partition, strategy) in &due {
            let Some(timestamp) = target_time(*strategy, now) else {
                return Err(no_offset_for(std::slice::from_ref(partition)));
            };
            wanted.push((partition.clone(), timestamp));
        }
        let (by_leader, _) = group_by_leader(lent, &wanted, now);
        for (broker, partitions) in by_leader {
            let retry_ms = now.ms().saturating_add(lent.settings.request_timeout_ms);
            for (partition, _) in &partitions {
                if let Some(state) = lent.subscriptions.get_mut(partition) {
                    state.next_retry_ms = Some(retry_ms);
                }
            }
            // What a broker is asked for stands in the order in which it was due.
            let mut due = due.iter();
            let strategy = |(partition, _): &(TopicPartition, i64)| due.find(|(of, _)| of == partition).cloned();
            let asked = partitions.iter().filter_map(strategy).collect();
            send_list_offsets(lent, broker, &partitions, Purpose::ResetPositions(asked), now);
        }
        Ok(())
    }

    pub fn handle_reset_positions(
        &mut self,
        lent: &mut Lent<'_>,
        asked: &[(TopicPartition, ResetStrategy)],
        result: Result<Arc<Frame>, Exception>,
        now: Now,
        out: &mut Outbox,
    ) {
        let retry_ms = now.ms().saturating_add(lent.settings.retry_backoff_ms);
        let frame = match result {
            Ok(frame) => frame,
            Err(exception) => {
                let partitions: Vec<TopicPartition> = asked.iter().map(|(partition, _)| partition.clone()).collect();
                retry_later(lent, &partitions, retry_ms);
                if !is_retriable(&exception) {
                    self.reset_exception.get_or_insert(exception);
                }
                return;
            }
        };
        let (found, retry) = read_list_offsets(&frame);
        if !retry.is_empty() {
            retry_later(lent, &retry, retry_ms);
        }
        let has_group = lent.settings.group_id.is_some();
        let asked: SortedMap<&TopicPartition, ResetStrategy> = asked.iter().map(|(of, how)| (of, *how)).collect();
        for (partition, listed) in found {
            let leader = lent.current_leader(&partition);
            if let Some(epoch) = listed.leader_epoch {
                lent.network.net.metadata.update_last_seen_epoch_if_newer(&partition, epoch);
            }
            let Some(state) = lent.subscriptions.get_mut(&partition) else { continue };
            let strategy = asked.get(&partition).copied();
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
            lent.position_set(&partition, listed.offset, why, out);
        }
    }

    /// Positions behind a leader change are confirmed (`validatePositionsIfNeeded`).
    pub fn validate_positions_if_needed(
        &mut self,
        lent: &mut Lent<'_>,
        now: Now,
        out: &mut Outbox,
    ) -> Result<(), Exception> {
        if let Some(exception) = self.validate_exception.take() {
            return Err(exception);
        }
        self.validate_positions_on_metadata_change(lent);
        if lent.subscriptions.has_all_fetch_positions() {
            return Ok(());
        }
        let due = lent.subscriptions.partitions_needing_validation(now.ms());
        let mut by_leader: SortedMap<BrokerId, Vec<(TopicPartition, FetchPosition)>> = SortedMap::new();
        for (partition, position) in due {
            match position.leader.leader {
                Some(broker) => by_leader.entry(broker).or_default().push((partition, position)),
                None => _ = lent.network.net.metadata.request_update(true, lent.cause),
            }
        }
        for (broker, positions) in by_leader {
            let node = NodeId::Broker(broker);
            // What the broker can do is known once its connection is ready.
            if !lent.network.net.connection(node).is_some_and(|connection| connection.is_ready()) {
                lent.network.try_connect(node, now, lent.cause, out);
                continue;
            }
            let retry_ms = now.ms().saturating_add(lent.settings.request_timeout_ms);
            for (partition, _) in &positions {
                if let Some(state) = lent.subscriptions.get_mut(partition) {
                    state.next_retry_ms = Some(retry_ms);
                }
            }
            send_epoch_request(lent, node, positions, now);
        }
        Ok(())
    }

    pub fn handle_validate_positions(
        &mut self,
        lent: &mut Lent<'_>,
        asked: &[(TopicPartition, FetchPosition)],
        result: Result<Arc<Frame>, Exception>,
        now: Now,
        out: &mut Outbox,
    ) {
        let retry_ms = now.ms().saturating_add(lent.settings.retry_backoff_ms);
        let partitions: Vec<TopicPartition> = asked.iter().map(|(partition, _)| partition.clone()).collect();
        let frame = match result {
            Ok(frame) => frame,
            Err(exception) => {
                retry_later(lent, &partitions, retry_ms);
                if !is_retriable(&exception) {
                    self.validate_exception.get_or_insert(exception);
                }
                return;
            }
        };
        let Response::OffsetForLeaderEpoch(response) = Answered::response(&frame) else {
            unreachable!("OffsetForLeaderEpoch is answered by its own response")
        };
        let asked: SortedMap<&TopicPartition, FetchPosition> = asked.iter().map(|(of, at)| (of, *at)).collect();
        let mut diverged = Vec::new();
        for topic in &response.topics {
            let name: Arc<str> = Arc::from(topic.topic.as_str());
            for answer in &topic.partitions {
                let partition = &TopicPartition::new(&name, answer.partition);
                let Some(position) = asked.get(partition) else { continue };
                if !Code::from_i16(answer.error_code).is_ok() {
                    retry_later(lent, std::slice::from_ref(partition), retry_ms);
                    continue;
                }
                let end = EpochEnd { epoch: answer.leader_epoch, end_offset: answer.end_offset };
                match lent.subscriptions.complete_validation(partition, *position, end) {
                    Some(Truncation::Moved(offset)) => {
                        lent.position_set(partition, offset, PositionWhy::Diverged, out);
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
            self.validate_exception.get_or_insert(Exception::new("LogTruncationException", None, message));
        }
    }

    /// Asks for all that is wanted, or for what is left of it after an answer that was not whole. Whether that failed
    /// at once (`fetchOffsetsByTimes`).
    pub fn ask(&mut self, lent: &mut Lent<'_>, wanted: &[(TopicPartition, i64)], now: Now) -> bool {
        let before = self.listing.take();
        let found = before.as_ref().map(|listing| listing.found.clone()).unwrap_or_default();
        let again = before.filter(|listing| listing.failed.is_none());
        let is_open = |(partition, _): &&(TopicPartition, i64)| {
            again.as_ref().is_none_or(|listing| listing.retry.contains(partition))
        };
        let wanted: Vec<(TopicPartition, i64)> = wanted.iter().filter(is_open).cloned().collect();
        let (by_leader, retry) = group_by_leader(lent, &wanted, now);
        self.rounds = self.rounds.wrapping_add(1);
        let mut listing = Listing { round: self.rounds, found, retry, ..Listing::default() };
        let failed = by_leader.is_empty();
        if failed {
            listing.failed = Some(Exception::new("StaleMetadataException", None, ""));
        }
        listing.remaining = u32::try_from(by_leader.len()).expect("there are few brokers");
        self.listing = Some(listing);
        for (broker, partitions) in by_leader {
            send_list_offsets(lent, broker, &partitions, Purpose::ListOffsets(self.rounds), now);
        }
        failed
    }

    /// How the listing under way stands.
    pub fn listed(&self) -> Listed {
        let listing = self.listing.as_ref().expect("a listing is under way");
        match &listing.failed {
            _ if listing.remaining > 0 => Listed::Awaited,
            Some(exception) if !is_retriable(exception) => Listed::Failed(exception.clone()),
            None if listing.retry.is_empty() => Listed::Whole,
            _ => Listed::Again,
        }
    }

    /// What was found so far, which is also what `currentLag` goes by from now on (`updateSubscriptionState`).
    pub fn found(&self, subscriptions: &mut SubscriptionState) -> SortedMap<TopicPartition, ListedOffset> {
        let found = self.listing.as_ref().map(|listing| listing.found.clone()).unwrap_or_default();
        for (partition, listed) in &found {
            if let Some(state) = subscriptions.get_mut(partition) {
                state.high_watermark = Some(listed.offset);
            }
        }
        found
    }

    pub fn end_listing(&mut self) {
        self.listing = None;
    }

    /// New metadata may name new leaders: positions are then to be confirmed (`validatePositionsOnMetadataChange`).
    pub fn validate_positions_on_metadata_change(&mut self, lent: &mut Lent<'_>) {
        let version = lent.network.net.metadata.update_version();
        if std::mem::replace(&mut self.metadata_version, version) == version {
            return;
        }
        let metadata = &lent.network.net.metadata;
        for state in lent.subscriptions.iter_mut() {
            let (leader, epoch) = metadata.current_leader(&state.partition);
            state.awaits_update = false;
            state.maybe_validate(LeaderAndEpoch { leader, epoch });
        }
    }

    pub fn handle_list_offsets(&mut self, round: u32, result: Result<Arc<Frame>, Exception>) {
        let Some(listing) = self.listing.as_mut().filter(|listing| listing.round == round) else { return };
        listing.remaining = listing.remaining.saturating_sub(1);
        match result {
            Ok(frame) => {
                let (found, retry) = read_list_offsets(&frame);
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

    /// `currentLag`: asks for the end offset in the background when it is not known.
    pub fn current_lag(lent: &mut Lent<'_>, partition: &TopicPartition, now: Now) -> Result<Option<i64>, Exception> {
        let Some(state) = lent.subscriptions.get_mut(partition) else {
            let message = format!("No current assignment for partition {partition}");
            return Err(Exception::new("IllegalStateException", None, message));
        };
        if let (Some(position), Some(end)) = (state.position, state.high_watermark) {
            return Ok(Some(end - position.offset));
        }
        if state.high_watermark.is_none() && !state.end_offset_requested {
            state.end_offset_requested = true;
            let wanted = [(partition.clone(), LATEST)];
            let (by_leader, _) = group_by_leader(lent, &wanted, now);
            for (broker, partitions) in by_leader {
                send_list_offsets(lent, broker, &partitions, Purpose::CurrentLag(partition.clone()), now);
            }
        }
        Ok(None)
    }

    pub fn handle_current_lag(lent: &mut Lent<'_>, partition: &TopicPartition, result: Result<Arc<Frame>, Exception>) {
        let listed = result.ok().and_then(|frame| read_list_offsets(&frame).0.pop());
        if let Some(state) = lent.subscriptions.get_mut(partition) {
            state.end_offset_requested = false;
            state.high_watermark = listed.map(|(_, listed)| listed.offset).or(state.high_watermark);
        }
    }
}

/// By leader; what has none, or one that cannot be reached yet, is tried again later (`groupListOffsetRequests`).
fn group_by_leader(
    lent: &mut Lent<'_>,
    wanted: &[(TopicPartition, i64)],
    now: Now,
) -> (ByLeader, SortedSet<TopicPartition>) {
    let mut by_leader = ByLeader::new();
    let mut retry = SortedSet::new();
    for (partition, timestamp) in wanted {
        match lent.current_leader(partition).leader {
            None => {
                lent.network.net.metadata.request_update(true, lent.cause);
                retry.insert(partition.clone());
            }
            Some(broker) if lent.network.is_unavailable(NodeId::Broker(broker), now) => {
                retry.insert(partition.clone());
            }
            Some(broker) => by_leader.entry(broker).or_default().push((partition.clone(), *timestamp)),
        }
    }
    (by_leader, retry)
}

fn send_list_offsets(
    lent: &mut Lent<'_>,
    broker: BrokerId,
    partitions: &[(TopicPartition, i64)],
    purpose: Purpose,
    now: Now,
) {
    let mut topics: Vec<ListOffsetsTopic> = Vec::new();
    for (partition, timestamp) in partitions {
        let epoch = lent.current_leader(partition).epoch.unwrap_or(-1);
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
    let timeout_ms = i32::try_from(lent.settings.request_timeout_ms).unwrap_or(i32::MAX);
    let request = ListOffsetsRequest::default()
        .with_replica_id(kafka_protocol::messages::BrokerId(-1))
        .with_topics(topics)
        .with_timeout_ms(timeout_ms);
    lent.network.send(NodeId::Broker(broker), request.into(), purpose, lent.cause, now);
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

fn retry_later(lent: &mut Lent<'_>, partitions: &[TopicPartition], retry_ms: u64) {
    for partition in partitions {
        if let Some(state) = lent.subscriptions.get_mut(partition) {
            state.next_retry_ms = Some(retry_ms);
        }
    }
    lent.network.net.metadata.request_update(false, lent.cause);
}

fn send_epoch_request(lent: &mut Lent<'_>, node: NodeId, positions: Vec<(TopicPartition, FetchPosition)>, now: Now) {
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
    lent.network.send(node, request.into(), purpose, lent.cause, now);
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

/// `NoOffsetForPartitionException`.
pub fn no_offset_for(partitions: &[TopicPartition]) -> Exception {
    // Java collects them in a HashSet, and prints that.
    let mut set = JavaHashMap::new();
    for partition in partitions {
        set.insert(partition.clone(), ());
    }
    let names: Vec<String> = set.keys().map(ToString::to_string).collect();
    let message = format!("Undefined offset with no reset policy for partitions: [{}]", names.join(", "));
    Exception::new("NoOffsetForPartitionException", None, message)
}
