//! What the consumer wants to read, what it was given, and how far it is in each partition (`SubscriptionState`).

use std::sync::Arc;

use crate::call::OffsetAndMetadata;
use crate::event::ResetWhy;
use crate::ids::TopicPartition;
use crate::java::JavaHashMap;
use crate::sorted::{InOrder, SortedSet};

use super::partition_state::{FetchPosition, FetchState, PartitionState, ResetStrategy};
use super::partition_states::PartitionStates;

/// How partitions come to this consumer; the two ways exclude each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SubscriptionKind {
    #[default]
    None,
    /// `subscribe`: the group gives partitions.
    AutoTopics,
    /// `assign`.
    UserAssigned,
}

/// What the end of an epoch says about a position (`EpochEndOffset`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EpochEnd {
    pub epoch: i32,
    pub end_offset: i64,
}

/// Where a validation found that the log ended earlier.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Truncation {
    /// Positions were moved to this offset.
    Moved(i64),
    /// The reset policy decides, since the divergence cannot be located.
    Reset,
    /// No reset policy: the application must hear of it.
    Raised { fetch_offset: i64, diverged: Option<i64> },
}

/// The assignment and the subscription of one consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionState {
    kind: SubscriptionKind,
    subscription: Arc<SortedSet<Arc<str>>>,
    /// As the leader of a group: the topics of all members.
    group_subscription: Arc<SortedSet<Arc<str>>>,
    assignment: PartitionStates,
    default_reset: ResetStrategy,
}

impl SubscriptionState {
    pub fn new(default_reset: ResetStrategy) -> SubscriptionState {
        SubscriptionState {
            kind: SubscriptionKind::None,
            subscription: Arc::default(),
            group_subscription: Arc::default(),
            assignment: PartitionStates::default(),
            default_reset,
        }
    }

    pub fn kind(&self) -> SubscriptionKind {
        self.kind
    }

    pub fn subscription(&self) -> &Arc<SortedSet<Arc<str>>> {
        &self.subscription
    }

    pub fn assignment(&self) -> &PartitionStates {
        &self.assignment
    }

    pub fn default_reset(&self) -> ResetStrategy {
        self.default_reset
    }

    pub fn has_auto_assigned_partitions(&self) -> bool {
        self.kind == SubscriptionKind::AutoTopics
    }

    /// Whether `poll` has nothing to do at all (`hasNoSubscriptionOrUserAssignment`).
    pub fn is_idle(&self) -> bool {
        self.kind == SubscriptionKind::None
    }

    /// `false` when the other way is in use: "Subscription to topics, partitions and pattern are mutually exclusive".
    fn set_kind(&mut self, kind: SubscriptionKind) -> bool {
        if self.kind == SubscriptionKind::None {
            self.kind = kind;
        }
        self.kind == kind
    }

    /// `subscribe`. None when `assign` is in use; otherwise whether new topics must be asked for.
    pub fn subscribe(&mut self, topics: SortedSet<Arc<str>>) -> Option<bool> {
        if !self.set_kind(SubscriptionKind::AutoTopics) {
            return None;
        }
        if *self.subscription == topics {
            return Some(false);
        }
        self.subscription = Arc::new(topics);
        Some(true)
    }

    /// The leader watches the topics of the whole group; returns whether some are new to it (`groupSubscribe`).
    pub fn group_subscribe(&mut self, topics: SortedSet<Arc<str>>) -> bool {
        let new = topics.iter().any(|t| !self.group_subscription.contains(t) && !self.subscription.contains(t));
        if *self.group_subscription != topics {
            self.group_subscription = Arc::new(topics);
        }
        new
    }

    pub fn reset_group_subscription(&mut self) {
        if !self.group_subscription.is_empty() {
            self.group_subscription = Arc::default();
        }
    }

    /// The topics whose metadata this consumer needs (`metadataTopics`).
    pub fn metadata_topics(&self) -> SortedSet<Arc<str>> {
        if self.kind == SubscriptionKind::UserAssigned {
            return self.assignment.iter().map(|state| state.partition.topic.clone()).collect();
        }
        self.subscription.iter().chain(self.group_subscription.iter()).cloned().collect()
    }

    /// `assign`. None when `subscribe` is in use; otherwise whether the assignment changed.
    pub fn assign_from_user(&mut self, partitions: SortedSet<TopicPartition>) -> Option<bool> {
        if !self.set_kind(SubscriptionKind::UserAssigned) {
            return None;
        }
        if self.assignment.len() == partitions.len() && partitions.iter().all(|of| self.is_assigned(of)) {
            return Some(false);
        }
        // Java passes a `HashSet` on: its order decides which partition a broker serves first.
        let mut set = JavaHashMap::for_set_of(partitions.len());
        for partition in partitions {
            set.insert(partition, ());
        }
        // Partitions of one topic stand together (`PartitionStates.set`).
        let mut topics: Vec<Vec<TopicPartition>> = Vec::new();
        for partition in set.keys() {
            match topics.iter_mut().find(|topic| topic[0].topic == partition.topic) {
                Some(topic) => topic.push(partition.clone()),
                None => topics.push(vec![partition.clone()]),
            }
        }
        self.assignment.replace(topics.concat());
        Some(true)
    }

    /// The group's assignment; what stays keeps its state (`assignFromSubscribed`).
    pub fn assign_from_subscribed(&mut self, partitions: SortedSet<TopicPartition>) {
        assert!(self.has_auto_assigned_partitions(), "only a subscribed consumer is given partitions by a group");
        self.assignment.replace(partitions.into_iter().collect());
    }

    /// Whether every partition given is of a subscribed topic (`checkAssignmentMatchedSubscription`).
    pub fn matches_subscription(&self, partitions: &SortedSet<TopicPartition>) -> bool {
        partitions.iter().all(|tp| self.subscription.contains(&tp.topic))
    }

    pub fn unsubscribe(&mut self) {
        self.kind = SubscriptionKind::None;
        self.subscription = Arc::default();
        self.group_subscription = Arc::default();
        self.assignment.clear();
    }

    pub fn is_assigned(&self, partition: &TopicPartition) -> bool {
        self.get(partition).is_some()
    }

    pub fn get(&self, partition: &TopicPartition) -> Option<&PartitionState> {
        self.assignment.get(partition)
    }

    pub fn get_mut(&mut self, partition: &TopicPartition) -> Option<&mut PartitionState> {
        self.assignment.get_mut(partition)
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut PartitionState> {
        self.assignment.iter_mut()
    }

    pub fn assigned_partitions(&self) -> SortedSet<TopicPartition> {
        self.assignment.iter().map(|state| state.partition.clone()).collect()
    }

    /// Puts a partition last, so that the others come before it in the next request (`movePartitionToEnd`).
    pub fn move_partition_to_end(&mut self, partition: &TopicPartition) {
        self.assignment.move_to_end(partition);
    }

    pub fn has_all_fetch_positions(&self) -> bool {
        self.assignment.iter().all(PartitionState::has_valid_position)
    }

    /// Partitions whose committed offset must be looked up, except those that wait for a retry.
    pub fn initializing_partitions(&self) -> SortedSet<TopicPartition> {
        let waiting = self.assignment.iter().filter(|state| state.fetch_state == FetchState::Initializing);
        waiting.map(|state| state.partition.clone()).collect()
    }

    /// Partitions without committed offset get the reset policy; gives those without one (`resetInitializingPositions`).
    pub fn reset_initializing_positions(&mut self) -> Vec<TopicPartition> {
        let is_initializing = |state: &PartitionState| state.fetch_state == FetchState::Initializing;
        if self.default_reset == ResetStrategy::None {
            let without_policy = self.assignment.iter().filter(|state| is_initializing(state));
            return without_policy.map(|state| state.partition.clone()).collect();
        }
        for state in self.assignment.iter_mut().filter(|state| is_initializing(state)) {
            state.reset(self.default_reset, ResetWhy::NothingCommitted);
        }
        Vec::new()
    }

    pub fn partitions_needing_reset(&self, now_ms: u64) -> Vec<(TopicPartition, ResetStrategy)> {
        let due = self
            .assignment
            .iter()
            .filter(|state| state.fetch_state == FetchState::AwaitReset && state.may_retry(now_ms));
        due.map(|state| (state.partition.clone(), state.reset_strategy.unwrap_or(self.default_reset))).collect()
    }

    pub fn partitions_needing_validation(&self, now_ms: u64) -> Vec<(TopicPartition, FetchPosition)> {
        let due = self
            .assignment
            .iter()
            .filter(|state| state.fetch_state == FetchState::AwaitValidation && state.may_retry(now_ms));
        due.filter_map(|state| state.position.map(|position| (state.partition.clone(), position))).collect()
    }

    /// All positions that could be committed (`allConsumed`).
    pub fn all_consumed(&self) -> Vec<(TopicPartition, OffsetAndMetadata)> {
        let positions = self.assignment.iter().filter_map(|state| {
            let position = state.valid_position()?;
            let committed = OffsetAndMetadata {
                offset: position.offset,
                leader_epoch: position.offset_epoch,
                metadata: Arc::from(""),
            };
            Some((state.partition.clone(), committed))
        });
        let mut all: Vec<_> = positions.collect();
        all.order_by(|a, b| a.0.cmp(&b.0));
        all
    }

    pub fn mark_pending_revocation(&mut self) {
        for state in self.assignment.iter_mut() {
            state.pending_revocation = true;
        }
    }

    /// Takes in what `OffsetForLeaderEpoch` said about a position that was asked about (`maybeCompleteValidation`).
    pub fn complete_validation(
        &mut self,
        partition: &TopicPartition,
        asked: FetchPosition,
        end: EpochEnd,
    ) -> Option<Truncation> {
        let default_reset = self.default_reset;
        let state = self.get_mut(partition)?;
        if state.fetch_state != FetchState::AwaitValidation || state.position != Some(asked) {
            return None;
        }
        let has_policy = default_reset != ResetStrategy::None;
        if end.end_offset == -1 || end.epoch == -1 {
            if has_policy {
                state.reset(default_reset, ResetWhy::Diverged);
                return Some(Truncation::Reset);
            }
            return Some(Truncation::Raised { fetch_offset: asked.offset, diverged: None });
        }
        if end.end_offset >= asked.offset {
            state.fetch_state = FetchState::Fetching;
            state.next_retry_ms = None;
            return None;
        }
        if !has_policy {
            return Some(Truncation::Raised { fetch_offset: asked.offset, diverged: Some(end.end_offset) });
        }
        state.seek_validated(FetchPosition {
            offset: end.end_offset,
            offset_epoch: Some(end.epoch),
            leader: asked.leader,
        });
        Some(Truncation::Moved(end.end_offset))
    }
}

#[cfg(test)]
mod tests {
    use super::super::LeaderAndEpoch;
    use super::*;
    use crate::ids::BrokerId;

    fn partition(text: &str) -> TopicPartition {
        let (topic, number) = text.rsplit_once('-').expect("topic-partition");
        TopicPartition { topic: Arc::from(topic), partition: number.parse().expect("a number") }
    }

    fn topics(names: &[&str]) -> SortedSet<Arc<str>> {
        names.iter().map(|name| Arc::from(*name)).collect()
    }

    fn position(offset: i64, epoch: Option<i32>, leader_epoch: i32) -> FetchPosition {
        let leader = LeaderAndEpoch { leader: Some(BrokerId(1)), epoch: Some(leader_epoch) };
        FetchPosition { offset, offset_epoch: epoch, leader }
    }

    #[test]
    fn subscribe_and_assign_exclude_each_other() {
        let mut state = SubscriptionState::new(ResetStrategy::Latest);
        assert_eq!(state.subscribe(topics(&["t"])), Some(true));
        assert_eq!(state.assign_from_user(SortedSet::from([partition("t-0")])), None);
        state.unsubscribe();
        assert_eq!(state.assign_from_user(SortedSet::from([partition("t-0")])), Some(true));
        assert_eq!(state.subscribe(topics(&["t"])), None);
    }

    #[test]
    fn what_stays_assigned_keeps_its_position_and_what_leaves_forgets_its_pause() {
        let mut state = SubscriptionState::new(ResetStrategy::Latest);
        state.subscribe(topics(&["t"]));
        state.assign_from_subscribed(SortedSet::from([partition("t-0"), partition("t-1")]));
        for each in state.iter_mut() {
            each.seek_unvalidated(position(5, None, 0));
            each.paused = true;
        }
        state.assign_from_subscribed(SortedSet::from([partition("t-1"), partition("t-2")]));
        assert_eq!(state.get(&partition("t-1")).and_then(PartitionState::valid_position).map(|p| p.offset), Some(5));
        assert!(state.get(&partition("t-1")).is_some_and(|s| s.paused));
        assert_eq!(state.get(&partition("t-2")).map(|s| s.fetch_state), Some(FetchState::Initializing));
        state.assign_from_subscribed(SortedSet::new());
        state.assign_from_subscribed(SortedSet::from([partition("t-1")]));
        assert!(state.get(&partition("t-1")).is_some_and(|s| !s.paused && s.position.is_none()));
    }

    #[test]
    fn a_new_leader_makes_the_position_wait_for_validation() {
        let mut state = SubscriptionState::new(ResetStrategy::Earliest);
        state.assign_from_user(SortedSet::from([partition("t-0")]));
        let tp = partition("t-0");
        state.get_mut(&tp).expect("assigned").seek_unvalidated(position(9, Some(0), 0));
        let leader = LeaderAndEpoch { leader: Some(BrokerId(2)), epoch: Some(1) };
        state.get_mut(&tp).expect("assigned").maybe_validate(leader);
        let asked = state.partitions_needing_validation(0)[0].1;
        let truncation = state.complete_validation(&tp, asked, EpochEnd { epoch: 0, end_offset: 7 });
        assert_eq!(truncation, Some(Truncation::Moved(7)));
        assert_eq!(state.get(&tp).and_then(PartitionState::valid_position).map(|p| p.offset), Some(7));
    }
}
