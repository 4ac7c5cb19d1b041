//! One partition of an assignment: what is read next, and what has to be known before that (`TopicPartitionState`).

use crate::event::ResetWhy;
use crate::ids::{BrokerId, TopicPartition};

/// `auto.offset.reset` (`AutoOffsetResetStrategy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResetStrategy {
    Earliest,
    Latest,
    None,
    /// `by_duration`: milliseconds before now.
    ByDuration {
        ms: u64,
    },
}

/// Who leads a partition, as the metadata had it when the position was set (`Metadata.LeaderAndEpoch`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LeaderAndEpoch {
    pub leader: Option<BrokerId>,
    pub epoch: Option<i32>,
}

/// The next offset to read, and the epoch of the record before it (`FetchPosition`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FetchPosition {
    pub offset: i64,
    pub offset_epoch: Option<i32>,
    pub leader: LeaderAndEpoch,
}

/// `SubscriptionState.FetchStates`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FetchState {
    /// No position yet: the committed offset is asked for first.
    #[default]
    Initializing,
    Fetching,
    /// `ListOffsets` must say where to start.
    AwaitReset,
    /// The leader changed: `OffsetForLeaderEpoch` must confirm the position.
    AwaitValidation,
}

/// One partition of the assignment (`TopicPartitionState`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartitionState {
    pub partition: TopicPartition,
    pub fetch_state: FetchState,
    pub position: Option<FetchPosition>,
    pub high_watermark: Option<i64>,
    pub log_start_offset: Option<i64>,
    pub last_stable_offset: Option<i64>,
    /// The user's `pause`.
    pub paused: bool,
    /// A commit before its revocation is on the way: nothing is fetched or returned meanwhile.
    pub pending_revocation: bool,
    pub reset_strategy: Option<ResetStrategy>,
    /// Why it was reset last.
    pub reset_why: ResetWhy,
    /// Not asked for again before this virtual millisecond.
    pub next_retry_ms: Option<u64>,
    /// An end offset is being asked for, so that `currentLag` can answer.
    pub end_offset_requested: bool,
    /// A fetch failed in a way that only new metadata can heal (`AWAIT_UPDATE`).
    pub awaits_update: bool,
}

impl PartitionState {
    pub(super) fn new(partition: TopicPartition) -> PartitionState {
        PartitionState {
            partition,
            fetch_state: FetchState::Initializing,
            position: None,
            high_watermark: None,
            log_start_offset: None,
            last_stable_offset: None,
            paused: false,
            pending_revocation: false,
            reset_strategy: None,
            reset_why: ResetWhy::default(),
            next_retry_ms: None,
            end_offset_requested: false,
            awaits_update: false,
        }
    }

    pub fn has_valid_position(&self) -> bool {
        self.fetch_state == FetchState::Fetching
    }

    /// The position once it is confirmed (`validPosition`).
    pub fn valid_position(&self) -> Option<FetchPosition> {
        if self.has_valid_position() { self.position } else { None }
    }

    pub fn is_fetchable(&self) -> bool {
        !self.paused && !self.pending_revocation && !self.awaits_update && self.has_valid_position()
    }

    pub(super) fn may_retry(&self, now_ms: u64) -> bool {
        self.next_retry_ms.is_none_or(|at| now_ms >= at)
    }

    pub fn reset(&mut self, strategy: ResetStrategy, why: ResetWhy) {
        self.reset_why = why;
        self.fetch_state = FetchState::AwaitReset;
        self.position = None;
        self.reset_strategy = Some(strategy);
        self.next_retry_ms = None;
    }

    /// Starts to read here; the log is not asked whether it still agrees (`seekValidated`).
    pub fn seek_validated(&mut self, position: FetchPosition) {
        self.fetch_state = FetchState::Fetching;
        self.position = Some(position);
        self.reset_strategy = None;
        self.next_retry_ms = None;
    }

    /// Starts to read here, once the leader has confirmed it where there are epochs to ask about (`seekUnvalidated`).
    pub fn seek_unvalidated(&mut self, position: FetchPosition) {
        self.seek_validated(position);
        if position.offset_epoch.is_some() && position.leader.epoch.is_some() {
            self.fetch_state = FetchState::AwaitValidation;
        }
    }

    /// The metadata names another leader: the position must be confirmed, if there is an epoch to ask about
    /// (`maybeValidatePosition`).
    pub fn maybe_validate(&mut self, leader: LeaderAndEpoch) {
        if self.fetch_state == FetchState::AwaitReset || leader.leader.is_none() {
            return;
        }
        if let Some(position) = self.position.filter(|position| position.leader != leader) {
            self.seek_unvalidated(FetchPosition { leader, ..position });
        }
    }
}
