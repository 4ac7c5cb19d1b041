//! What a coordinator is to the runtime, and what it hands out (`CoordinatorShard`, `CoordinatorResult`).

use std::fmt::Debug;

use super::timers::Timers;
use crate::error::Code;
use crate::ids::ConnectionId;
use crate::time::Now;

/// Which answer is meant: a connection waits for one request at most, which may be about several groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestToken {
    pub connection: ConnectionId,
    /// The place in the request of what is asked, from 0.
    pub part: u32,
}

/// The state machine of one partition of an internal topic.
pub trait CoordinatorShard: Clone + Debug {
    type Record: Clone + Debug;
    type Response: Clone + Debug;
    /// What has happened, to be told.
    type Event: Clone + Debug;
    /// What Kafka keeps in timeline structures: all that records make. What lives in memory only is not in it.
    type Snapshot: Clone + Debug;
    /// What is to be done once the records of an operation are committed, or refused (`appendFuture`).
    type AfterAppend: Clone + Debug;
    type TimerKey: Clone + Debug + Ord;
    type TimerWork: Clone + Debug;

    /// Takes in a record while loading.
    fn replay(&mut self, record: &Self::Record);
    fn snapshot(&self) -> Self::Snapshot;
    /// Takes back what records have made since the snapshot; what lives in memory only stays, as in Kafka.
    fn revert(&mut self, to: &Self::Snapshot);

    /// All records are replayed. No records come of it.
    fn on_loaded(&mut self, now: Now, out: &mut ShardOutput<Self>);
    /// The broker leads no more: requests that are held are to be answered 16.
    fn on_unloaded(&mut self, now: Now, out: &mut ShardOutput<Self>);
    /// Comes once for each [`ShardOutput::then`]. Errors: why the records are not committed, as the log or the runtime
    /// says it. No records come of it.
    fn after_append(
        &mut self,
        now: Now,
        what: Self::AfterAppend,
        result: Result<(), Code>,
        out: &mut ShardOutput<Self>,
    );

    fn timers(&self) -> &Timers<Self::TimerKey, Self::TimerWork>;
    fn timers_mut(&mut self) -> &mut Timers<Self::TimerKey, Self::TimerWork>;
    /// The time of a timer has come, which is gone already.
    fn fire(&mut self, now: Now, key: &Self::TimerKey, work: Self::TimerWork, out: &mut ShardOutput<Self>);

    /// Whether an event has not happened when its operation's records are refused.
    fn is_of_records(event: &Self::Event) -> bool;
}

/// What an operation of a shard hands out.
#[derive(Clone, Debug)]
pub struct ShardOutput<S: CoordinatorShard> {
    /// To append to the partition's log, as one batch; they are replayed already.
    pub records: Vec<S::Record>,
    /// Answers that wait for nothing.
    pub replies: Vec<(RequestToken, S::Response)>,
    /// Answers that wait until the records are committed; without records, until all before them are.
    pub responses: Vec<(RequestToken, S::Response)>,
    pub then: Option<S::AfterAppend>,
    pub events: Vec<S::Event>,
}

impl<S: CoordinatorShard> Default for ShardOutput<S> {
    fn default() -> ShardOutput<S> {
        ShardOutput { records: Vec::new(), replies: Vec::new(), responses: Vec::new(), then: None, events: Vec::new() }
    }
}

impl<S: CoordinatorShard> ShardOutput<S> {
    /// Answers at once.
    pub fn reply(&mut self, token: RequestToken, response: impl Into<S::Response>) {
        self.replies.push((token, response.into()));
    }

    /// Answers when the operation is committed.
    pub fn respond(&mut self, token: RequestToken, response: impl Into<S::Response>) {
        self.responses.push((token, response.into()));
    }
}
