//! `Metadata`, `ProducerMetadata`, `ConsumerMetadata`: when to ask for the cluster's metadata, what about, and what to
//! keep of the answer.

mod update;

use std::sync::Arc;

use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::{MetadataRequest, TopicName};
use kafka_protocol::protocol::StrBytes;

use super::cluster::Cluster;
use crate::error::{Code, Exception};
use crate::ids::{BrokerId, EventId, TopicPartition};
use crate::java::{ExponentialBackoff, JavaHashMap};
use crate::rng::Rng;
use crate::sorted::{SortedMap, SortedSet};

/// Before anything that can have happened, in milliseconds.
const LONG_AGO: i64 = i64::MIN / 4;

/// Which topics a client wants to know about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Interest {
    /// `ProducerMetadata`: topics that were sent to, forgotten when unused for `idle_ms` (`metadata.max.idle.ms`).
    Producer {
        /// When each topic is forgotten, in milliseconds.
        topics: JavaHashMap<Arc<str>, i64>,
        new_topics: SortedSet<Arc<str>>,
        idle_ms: i64,
        /// The errors of the last answer, by topic.
        errors: SortedMap<Arc<str>, Code>,
    },
    /// `ConsumerMetadata`: what is subscribed to or assigned. `None`: all topics.
    Consumer { topics: Option<Vec<Arc<str>>>, allow_auto_topic_creation: bool },
}

/// `Metadata`. All times are virtual milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Metadata {
    pub interest: Interest,
    cluster: Arc<Cluster>,
    backoff: ExponentialBackoff,
    max_age_ms: i64,
    servers: u8,
    update_version: u32,
    /// The version that the last answer made: who waits for news is woken by it, and not by a rebootstrap.
    answered_version: u32,
    request_version: u32,
    last_refresh_ms: i64,
    last_successful_refresh_ms: i64,
    attempts: u32,
    equivalent_responses: u32,
    /// Jittered once for each change of the counters above, where Java draws with each look.
    attempts_backoff_ms: i64,
    equivalent_backoff_ms: i64,
    need_full_update: bool,
    need_partial_update: bool,
    last_seen_leader_epochs: SortedMap<TopicPartition, i32>,
    /// Reported by the last answer and not yet thrown.
    invalid_topics: SortedSet<Arc<str>>,
    unauthorized_topics: SortedSet<Arc<str>>,
    fatal: Option<Exception>,
    /// What made the client want an update.
    cause: EventId,
    rng: Rng,
}

/// A Metadata request about to leave.
#[derive(Debug)]
pub struct MetadataAsk {
    pub request: MetadataRequest,
    pub request_version: u32,
    pub partial: bool,
    pub cause: EventId,
}

impl Metadata {
    pub fn new(interest: Interest, backoff: ExponentialBackoff, max_age_ms: u64, servers: u8, rng: Rng) -> Metadata {
        let mut metadata = Metadata {
            interest,
            cluster: Arc::default(),
            backoff,
            max_age_ms: ms(max_age_ms),
            servers,
            update_version: 0,
            answered_version: 0,
            request_version: 0,
            last_refresh_ms: LONG_AGO,
            last_successful_refresh_ms: LONG_AGO,
            attempts: 0,
            equivalent_responses: 0,
            attempts_backoff_ms: 0,
            equivalent_backoff_ms: 0,
            need_full_update: false,
            need_partial_update: false,
            last_seen_leader_epochs: SortedMap::new(),
            invalid_topics: SortedSet::new(),
            unauthorized_topics: SortedSet::new(),
            fatal: None,
            cause: EventId::NONE,
            rng,
        };
        metadata.draw_attempts_backoff();
        metadata.rebootstrap();
        metadata
    }

    /// What is known now.
    pub fn cluster(&self) -> &Arc<Cluster> {
        &self.cluster
    }

    /// Whether an answer has come since that version (`ProducerMetadata.awaitUpdate`, whose waiters `update` notifies).
    pub const fn has_news_since(&self, version: u32) -> bool {
        self.answered_version > version
    }

    /// Raised with each update.
    pub const fn update_version(&self) -> u32 {
        self.update_version
    }

    pub const fn update_requested(&self) -> bool {
        self.need_full_update || self.need_partial_update
    }

    /// Forgets all but the bootstrap addresses.
    pub fn rebootstrap(&mut self) {
        self.need_full_update = true;
        self.update_version += 1;
        self.cluster = Arc::new(Cluster::bootstrap(self.servers, &mut self.rng));
    }

    /// Milliseconds until metadata should be asked for again; 0: now.
    pub fn time_to_next_update(&mut self, now_ms: u64) -> u64 {
        let now = ms(now_ms);
        let expires = (self.last_successful_refresh_ms + self.max_age_ms - now).max(0);
        if expires == 0 && self.equivalent_responses != 0 {
            self.set_equivalent_responses(0);
        }
        let to_expire = if self.update_requested() { 0 } else { expires };
        let backoff = self.attempts_backoff_ms.max(self.equivalent_backoff_ms);
        let allowed = (self.last_refresh_ms + backoff - now).max(0);
        to_expire.max(allowed) as u64
    }

    /// `Metadata.requestUpdate`: a full one, when backing off permits. `reset`: starts the backing off for answers
    /// without news anew. Returns the version to wait beyond.
    pub fn request_update(&mut self, reset: bool, cause: EventId) -> u32 {
        if !self.update_requested() {
            self.cause = cause;
        }
        self.need_full_update = true;
        if reset {
            self.set_equivalent_responses(0);
        }
        self.update_version
    }

    /// `Metadata.requestUpdateForNewTopics`: at once, and about the new topics only if nothing else is due.
    pub fn request_update_for_new_topics(&mut self, cause: EventId) -> u32 {
        if !self.update_requested() {
            self.cause = cause;
        }
        self.last_refresh_ms = LONG_AGO;
        self.need_partial_update = true;
        self.set_equivalent_responses(0);
        self.request_version += 1;
        self.update_version
    }

    /// `ProducerMetadata.add`: the topic is in use now.
    pub fn add_topic(&mut self, topic: &Arc<str>, now_ms: u64, cause: EventId) {
        let Interest::Producer { topics, new_topics, idle_ms, .. } = &mut self.interest else {
            unreachable!("only a producer adds topics one by one");
        };
        let expires = ms(now_ms).saturating_add(*idle_ms);
        if let Some(known) = topics.get_mut(topic) {
            *known = expires;
            return;
        }
        topics.insert(topic.clone(), expires);
        new_topics.insert(topic.clone());
        self.request_update_for_new_topics(cause);
    }

    /// `ProducerMetadata.requestUpdateForTopic`.
    pub fn request_update_for_topic(&mut self, topic: &str, cause: EventId) -> u32 {
        match &self.interest {
            Interest::Producer { new_topics, .. } if new_topics.contains(topic) => {
                self.request_update_for_new_topics(cause)
            }
            _ => self.request_update(false, cause),
        }
    }

    /// The error that the last answer had for a topic (`ProducerMetadata.getError`).
    pub fn topic_error(&self, topic: &str) -> Option<Code> {
        match &self.interest {
            Interest::Producer { errors, .. } => errors.get(topic).copied(),
            Interest::Consumer { .. } => None,
        }
    }

    /// A consumer's topics change (`SubscriptionState.metadataTopics`); asking for them is the caller's to request.
    pub fn set_topics(&mut self, wanted: Option<Vec<Arc<str>>>) {
        let Interest::Consumer { topics, .. } = &mut self.interest else {
            unreachable!("only a consumer subscribes");
        };
        *topics = wanted;
    }

    /// `newMetadataRequestAndVersion`.
    pub fn ask(&self, now_ms: u64) -> MetadataAsk {
        let fresh = self.last_successful_refresh_ms + self.max_age_ms > ms(now_ms);
        let (topics, auto_create, partial) = match &self.interest {
            Interest::Producer { new_topics, .. } if !self.need_full_update && fresh => {
                (Some(new_topics.iter().map(ask_topic).collect()), true, true)
            }
            Interest::Producer { topics, .. } => (Some(topics.keys().map(ask_topic).collect()), true, false),
            Interest::Consumer { topics, allow_auto_topic_creation } => (
                topics.as_ref().map(|topics| topics.iter().map(ask_topic).collect()),
                *allow_auto_topic_creation,
                false,
            ),
        };
        let request = MetadataRequest::default().with_topics(topics).with_allow_auto_topic_creation(auto_create);
        MetadataAsk { request, request_version: self.request_version, partial, cause: self.cause }
    }

    /// An attempt failed: back off.
    pub fn failed_update(&mut self, now_ms: u64) {
        self.last_refresh_ms = ms(now_ms);
        self.attempts += 1;
        self.draw_attempts_backoff();
        self.set_equivalent_responses(0);
    }

    /// `Metadata.updateLastSeenEpochIfNewer`.
    pub fn update_last_seen_epoch_if_newer(&mut self, at: &TopicPartition, epoch: i32) -> bool {
        let newer = self.last_seen_leader_epochs.get(at).is_some_and(|seen| epoch > *seen);
        if newer {
            self.last_seen_leader_epochs.insert(at.clone(), epoch);
            self.need_full_update = true;
        }
        newer
    }

    /// `Metadata.currentLeader`: leader and epoch, the leader only while no newer epoch has been seen.
    pub fn current_leader(&self, at: &TopicPartition) -> (Option<BrokerId>, Option<i32>) {
        let seen = self.last_seen_leader_epochs.get(at).copied();
        match self.cluster.partition(&at.topic, at.partition) {
            Some(known) if seen.is_none() || known.leader_epoch == seen => {
                (self.cluster.leader(&at.topic, at.partition), known.leader_epoch)
            }
            _ => (None, seen),
        }
    }

    pub fn last_seen_leader_epoch(&self, at: &TopicPartition) -> Option<i32> {
        self.last_seen_leader_epochs.get(at).copied()
    }

    /// `Metadata.fatalError`.
    pub fn fatal_error(&mut self, error: Exception) {
        self.fatal = Some(error);
    }

    pub fn take_fatal_error(&mut self) -> Option<Exception> {
        self.fatal.take()
    }

    /// `maybeThrowExceptionForTopic`: all errors of the last answer are cleared by looking.
    pub fn take_exception_for_topic(&mut self, topic: &str) -> Option<Exception> {
        let of_topic = |set: &SortedSet<Arc<str>>| set.get(topic).cloned().into_iter().collect::<Vec<_>>();
        let (unauthorized, invalid) = (of_topic(&self.unauthorized_topics), of_topic(&self.invalid_topics));
        self.take_errors(&unauthorized, &invalid)
    }

    /// `maybeThrowAnyException`.
    pub fn take_any_exception(&mut self) -> Option<Exception> {
        let all = |set: &SortedSet<Arc<str>>| set.iter().cloned().collect::<Vec<_>>();
        let (unauthorized, invalid) = (all(&self.unauthorized_topics), all(&self.invalid_topics));
        self.take_errors(&unauthorized, &invalid)
    }

    fn take_errors(&mut self, unauthorized: &[Arc<str>], invalid: &[Arc<str>]) -> Option<Exception> {
        self.unauthorized_topics.clear();
        self.invalid_topics.clear();
        if let Some(fatal) = self.fatal.take() {
            return Some(fatal);
        }
        if !unauthorized.is_empty() {
            let message = format!("Not authorized to access topics: [{}]", unauthorized.join(", "));
            return Some(Exception::with_message(Code::TopicAuthorizationFailed, message));
        }
        if !invalid.is_empty() {
            let message = format!("Invalid topics: [{}]", invalid.join(", "));
            return Some(Exception::with_message(Code::InvalidTopicException, message));
        }
        None
    }

    fn retains(&self, topic: &str, now: i64) -> bool {
        match &self.interest {
            Interest::Producer { topics, new_topics, .. } => {
                topics.get(topic).is_some_and(|expires| new_topics.contains(topic) || *expires > now)
            }
            Interest::Consumer { topics, .. } => {
                topics.as_ref().is_none_or(|topics| topics.iter().any(|wanted| **wanted == *topic))
            }
        }
    }

    fn draw_attempts_backoff(&mut self) {
        let draw = self.rng.next_u64();
        self.attempts_backoff_ms = ms(self.backoff.backoff_ms(u64::from(self.attempts.saturating_sub(1)), draw));
    }

    fn set_equivalent_responses(&mut self, count: u32) {
        self.equivalent_responses = count;
        self.equivalent_backoff_ms = match count {
            0 => 0,
            count => ms(self.backoff.backoff_ms(u64::from(count - 1), self.rng.next_u64())),
        };
    }
}

fn ms(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX / 4).min(i64::MAX / 4)
}

fn ask_topic(name: &Arc<str>) -> MetadataRequestTopic {
    MetadataRequestTopic::default().with_name(Some(TopicName(StrBytes::from_string(name.to_string()))))
}
