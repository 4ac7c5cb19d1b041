//! Fetch sessions (KIP-227): what a client asked for is remembered, so that it only has to say what changed, and only
//! partitions with news are answered (`FetchSession`, `FetchSessionCache`, `IncrementalFetchContext`).
//!
//! A session is not bound to a connection. The cache has a bound (`max.incremental.fetch.session.cache.slots`): when it
//! is full, a new session takes the place of one unused for two minutes, or is not made (id 0).
//! Simplified: sessions are not weighed by their size when one must go.

use std::sync::Arc;

use kafka_protocol::messages::FetchRequest;
use kafka_protocol::messages::fetch_response::PartitionData;
use uuid::Uuid;

use crate::error::Code;
use crate::rng::Rng;
use crate::sorted::{Finder, InOrder, SortedMap};
use crate::time::Instant;

/// `FetchRequest.INVALID_LOG_START_OFFSET` and friends: not known yet.
const UNKNOWN: i64 = -1;
/// `min.incremental.fetch.session.eviction.ms`.
const EVICTION_MS: u64 = 120_000;

/// Which topic a partition of a request belongs to: by name up to version 12, by id from 13 on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TopicKey {
    Name(Arc<str>),
    Id(Uuid),
}

/// What a client wants of one partition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wanted {
    pub topic: TopicKey,
    pub partition: i32,
    pub fetch_offset: i64,
    /// Bytes.
    pub max_bytes: i32,
    /// -1: not said.
    pub current_leader_epoch: i32,
    /// -1: not said.
    pub last_fetched_epoch: i32,
    /// Of a follower's log; -1: a consumer.
    pub log_start_offset: i64,
}

/// `CachedPartition`: what was asked, and what the client was last told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionPartition {
    pub wanted: Wanted,
    pub high_watermark: i64,
    pub log_start_offset: i64,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FetchSession {
    /// What the next request must say: 1, 2, … and 1 again behind the largest number.
    pub epoch: i32,
    pub last_used: Instant,
    pub uses_topic_ids: bool,
    /// In the order in which they are read; what returned data moves to the end.
    pub partitions: Vec<SessionPartition>,
}

/// All sessions of a broker.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FetchSessions {
    slots: i32,
    sessions: SortedMap<i32, FetchSession>,
}

/// What kind of fetch a request is (`FetchContext`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FetchContext {
    /// Everything asked is answered, nothing is remembered.
    Sessionless,
    /// Everything asked is answered, under a session made with the answer.
    Full,
    /// Of this session, at this epoch.
    Incremental { id: i32, epoch: i32 },
}

const INITIAL_EPOCH: i32 = 0;
const FINAL_EPOCH: i32 = -1;

const fn next_epoch(epoch: i32) -> i32 {
    match epoch {
        FINAL_EPOCH => FINAL_EPOCH,
        i32::MAX => 1,
        epoch => epoch + 1,
    }
}

/// What a request names, in its order.
fn wanted(request: &FetchRequest, by_id: bool) -> Vec<Wanted> {
    let mut all = Vec::new();
    for topic in &request.topics {
        let key = key(&topic.topic, topic.topic_id, by_id);
        for partition in &topic.partitions {
            all.push(Wanted {
                topic: key.clone(),
                partition: partition.partition,
                fetch_offset: partition.fetch_offset,
                max_bytes: partition.partition_max_bytes,
                current_leader_epoch: partition.current_leader_epoch,
                last_fetched_epoch: partition.last_fetched_epoch,
                log_start_offset: partition.log_start_offset,
            });
        }
    }
    all
}

fn key(name: &str, id: Uuid, by_id: bool) -> TopicKey {
    if by_id { TopicKey::Id(id) } else { TopicKey::Name(Arc::from(name)) }
}

impl FetchSession {
    /// Takes in what an incremental request changes: partitions added, moved, forgotten.
    fn update(&mut self, request: &FetchRequest) {
        let mut finder = Finder::default();
        let mut added: Vec<SessionPartition> = Vec::new();
        let mut added_at: SortedMap<(TopicKey, i32), usize> = SortedMap::new();
        for wanted in wanted(request, self.uses_topic_ids) {
            let order = |one: &SessionPartition, other: &SessionPartition| one.wanted.name().cmp(&other.wanted.name());
            let found = finder.find(&self.partitions, order, |known| known.wanted.name().cmp(&wanted.name()));
            if let Some(at) = found {
                self.partitions[at].wanted = wanted;
                continue;
            }
            // One that is named twice is there once.
            let at = *added_at.entry((wanted.topic.clone(), wanted.partition)).or_insert(added.len());
            match added.get_mut(at) {
                Some(known) => known.wanted = wanted,
                None => added.push(SessionPartition::new(wanted)),
            }
        }
        self.partitions.append(&mut added);
        for topic in &request.forgotten_topics_data {
            let key = key(&topic.topic, topic.topic_id, self.uses_topic_ids);
            self.partitions
                .retain(|known| known.wanted.topic != key || !topic.partitions.contains(&known.wanted.partition));
        }
    }
}

impl Wanted {
    const fn name(&self) -> (&TopicKey, i32) {
        (&self.topic, self.partition)
    }
}

impl SessionPartition {
    const fn new(wanted: Wanted) -> SessionPartition {
        SessionPartition { wanted, high_watermark: UNKNOWN, log_start_offset: UNKNOWN }
    }

    /// `CachedPartition.maybeUpdateResponseData`: whether there is news, which is then remembered as told.
    fn has_news(&mut self, data: &PartitionData) -> bool {
        let mut news = data.records.as_ref().is_some_and(|records| !records.is_empty());
        if self.high_watermark != data.high_watermark {
            news = true;
            self.high_watermark = data.high_watermark;
        }
        if self.log_start_offset != data.log_start_offset {
            news = true;
            self.log_start_offset = data.log_start_offset;
        }
        if data.error_code != 0 {
            // Told again once the error is gone.
            self.high_watermark = UNKNOWN;
            news = true;
        }
        news || data.diverging_epoch.epoch >= 0
    }
}

impl FetchSessions {
    pub(super) const fn new(slots: i32) -> FetchSessions {
        FetchSessions { slots, sessions: SortedMap::new() }
    }

    pub fn get(&self, id: i32) -> Option<&FetchSession> {
        self.sessions.get(&id)
    }

    pub fn iter(&self) -> impl Iterator<Item = (i32, &FetchSession)> {
        self.sessions.iter().map(|(id, session)| (*id, session))
    }

    /// `FetchManager.newContext`: what kind of fetch this is and what it reads, in order. Errors, for the whole request:
    /// 70 no such session, 71 not its next epoch, 106 names where ids were used or the other way about.
    pub(super) fn begin(
        &mut self,
        now: Instant,
        version: i16,
        request: &FetchRequest,
    ) -> Result<(FetchContext, Vec<Wanted>), Code> {
        let by_id = version >= 13;
        let (id, epoch) = (request.session_id, request.session_epoch);
        if epoch == INITIAL_EPOCH || epoch == FINAL_EPOCH {
            // A full request ends the session that it names.
            self.sessions.remove(&id);
            let context = if epoch == FINAL_EPOCH { FetchContext::Sessionless } else { FetchContext::Full };
            return Ok((context, wanted(request, by_id)));
        }
        let session = self.sessions.get_mut(&id).ok_or(Code::FetchSessionIdNotFound)?;
        if session.epoch != epoch {
            return Err(Code::InvalidFetchSessionEpoch);
        }
        if session.uses_topic_ids != by_id {
            return Err(Code::FetchSessionTopicIdError);
        }
        session.update(request);
        if session.partitions.is_empty() {
            self.sessions.remove(&id);
            return Ok((FetchContext::Sessionless, wanted(request, by_id)));
        }
        session.epoch = next_epoch(epoch);
        session.last_used = now;
        let wanted = session.partitions.iter().map(|partition| partition.wanted.clone()).collect();
        Ok((FetchContext::Incremental { id, epoch }, wanted))
    }

    /// `updateAndGenerateResponseData`: the session's id for the answer (0: none), and which partitions it holds.
    /// Errors: 71, when the session went on while the request waited.
    pub(super) fn finish(
        &mut self,
        now: Instant,
        version: i16,
        context: FetchContext,
        mut data: Vec<(Wanted, PartitionData)>,
        rng: &mut Rng,
    ) -> Result<(i32, Vec<(Wanted, PartitionData)>), Code> {
        match context {
            FetchContext::Sessionless => Ok((0, data)),
            FetchContext::Full => {
                let told = |(wanted, data): &(Wanted, PartitionData)| SessionPartition {
                    wanted: wanted.clone(),
                    high_watermark: if data.error_code == 0 { data.high_watermark } else { UNKNOWN },
                    log_start_offset: data.log_start_offset,
                };
                let partitions: Vec<_> = data.iter().map(told).collect();
                let id = if partitions.is_empty() { 0 } else { self.create(now, version, partitions, rng) };
                Ok((id, data))
            }
            FetchContext::Incremental { id, epoch } => {
                let session = self.sessions.get_mut(&id).filter(|session| session.epoch == next_epoch(epoch));
                let session = session.ok_or(Code::InvalidFetchSessionEpoch)?;
                session.tell(&mut data);
                Ok((id, data))
            }
        }
    }

    /// A new session under an id that is not in use, 0 when there is no room for it.
    fn create(&mut self, now: Instant, version: i16, partitions: Vec<SessionPartition>, rng: &mut Rng) -> i32 {
        let full = i32::try_from(self.sessions.len()).unwrap_or(i32::MAX) >= self.slots;
        if full {
            let oldest = self.sessions.iter().min_by_key(|(id, session)| (session.last_used, **id));
            let stale = oldest.filter(|(_, session)| now.since(session.last_used) > EVICTION_MS * 1000);
            let Some(id) = stale.map(|(id, _)| *id) else { return 0 };
            self.sessions.remove(&id);
        }
        let id = loop {
            let id = rng.positive_i32();
            if id != 0 && !self.sessions.contains_key(&id) {
                break id;
            }
        };
        let session = FetchSession {
            epoch: next_epoch(INITIAL_EPOCH),
            last_used: now,
            uses_topic_ids: version >= 13,
            partitions,
        };
        self.sessions.insert(id, session);
        id
    }
}

impl FetchSession {
    /// Leaves what the client is told of; partitions that return data go to the end of the line.
    fn tell(&mut self, data: &mut Vec<(Wanted, PartitionData)>) {
        let (mut next, mut with_data) = (0, Vec::new());
        data.retain(|(wanted, data)| {
            // They were read in the order of the session.
            let is_it = |known: &SessionPartition| known.wanted.name() == wanted.name();
            let in_order = self.partitions.get(next).is_some_and(is_it).then_some(next);
            let Some(at) = in_order.or_else(|| self.partitions.iter().position(is_it)) else { return false };
            next = at + 1;
            if data.records.as_ref().is_some_and(|records| !records.is_empty()) {
                with_data.push(at);
            }
            self.partitions[at].has_news(data)
        });
        match with_data[..] {
            [] => {}
            [at] => self.partitions[at..].rotate_left(1),
            _ => {
                let behind: Vec<SessionPartition> = with_data.iter().map(|at| self.partitions[*at].clone()).collect();
                let mut places = 0..;
                with_data.order();
                self.partitions.retain(|_| places.next().is_some_and(|place| with_data.binary_search(&place).is_err()));
                self.partitions.extend(behind);
            }
        }
    }
}
