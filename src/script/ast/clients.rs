//! Clients, and the programs that consume with them, as types.

use std::sync::Arc;

use crate::script::table::name_of;

use super::property::Property;

/// `producer p1 acks=1 linger.ms=5`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClient {
    /// Also its `client.id`, unless a property says otherwise.
    pub id: Arc<str>,
    pub kind: ClientKind,
    pub properties: Vec<Property>,
    /// `on-revoked=commit-sync`: its rebalance listener commits what it read before partitions are taken from it.
    pub commit_on_revoked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientKind {
    Producer,
    Consumer,
    ShareConsumer,
}

pub(in crate::script) const ANY_KIND: &[ClientKind] =
    &[ClientKind::Producer, ClientKind::Consumer, ClientKind::ShareConsumer];

impl ClientKind {
    /// The verb that makes one.
    pub fn verb(self) -> &'static str {
        match self {
            ClientKind::Producer => "producer",
            ClientKind::Consumer => "consumer",
            ClientKind::ShareConsumer => "share-consumer",
        }
    }
}

/// `consume-loop c1 poll_ms=100 process_us=2000 commit=sync commit-every=batch`: a program that polls, processes each
/// record, and commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumeLoop {
    pub client: Arc<str>,
    /// The timeout of each poll in milliseconds; not said: 100.
    pub poll_ms: u64,
    /// Microseconds that each record takes; not said: 0.
    pub process_us: u64,
    pub commit: CommitMode,
    pub every: CommitEvery,
}

impl ConsumeLoop {
    pub const DEFAULT_POLL_MS: u64 = 100;
}

/// Who commits, and by which call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CommitMode {
    /// The client by itself, as `enable.auto.commit` says: the program commits nothing.
    #[default]
    Auto,
    /// `commitSync` after processing.
    Sync,
    /// `commitAsync` after processing.
    Async,
    /// Nobody: the program commits nothing, and means it.
    None,
}

impl CommitMode {
    pub const ALL: &'static [(&'static str, CommitMode)] = &[
        ("auto", CommitMode::Auto),
        ("sync", CommitMode::Sync),
        ("async", CommitMode::Async),
        ("none", CommitMode::None),
    ];

    pub fn name(self) -> &'static str {
        name_of(self, CommitMode::ALL)
    }
}

/// After what a program commits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CommitEvery {
    /// After all records of a poll: `commitSync()`.
    #[default]
    Batch,
    /// After each record, with its offset + 1.
    Record,
}

impl CommitEvery {
    pub const ALL: &'static [(&'static str, CommitEvery)] =
        &[("batch", CommitEvery::Batch), ("record", CommitEvery::Record)];
}
