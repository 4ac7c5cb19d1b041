//! One runtime for the coordinators of every internal topic (`CoordinatorRuntime`, `SnapshottableCoordinator`): for each
//! partition that a broker leads, the state machine ([`CoordinatorShard`]), what of it is not committed yet, and the
//! answers that wait until it is.
//!
//! An operation lets the shard decide: it hands out records, which it has replayed already, and answers. The records go
//! to the partition's log as one batch; the answers of [`ShardOutput::respond`] wait until the high watermark is above
//! the batch's last offset, at most [`WRITE_TIMEOUT_MS`]. An operation without records waits for the last batch before
//! it, since it may have read what is not committed. A batch that the log refuses is taken back
//! ([`CoordinatorShard::revert`]), and the answers are the error.
//! Who reads only ([`CoordinatorRuntime::read`]) is lent the snapshot of what is committed.
//! Simplified: loading takes no time, and every batch is written at once (`append.linger.ms` 0).

mod context;
mod errors;
mod shard;
#[cfg(test)]
mod tests;
mod timers;

use crate::error::Code;
use crate::sorted::SortedMap;
use crate::time::{Instant, Now};
use std::sync::Arc;

pub use errors::operation_error;
pub use shard::{CoordinatorShard, RequestToken, ShardOutput};
pub use timers::Timers;

use context::Context;

/// How long an operation waits for its batch to be committed, in milliseconds (`offsets.commit.timeout.ms`). The batch
/// stays in the log when the time is over.
pub const WRITE_TIMEOUT_MS: u64 = 5000;

/// After how many milliseconds a timer's operation that failed is tried again (`CoordinatorTimerImpl`).
pub const RETRY_BACKOFF_MS: u64 = 500;

/// What the partition's log made of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    pub last_offset: i64,
    /// As it stands after the append.
    pub high_watermark: i64,
}

/// Appends the records of one operation to the partition's log as one batch. Errors: Kafka's code for the refusal.
pub type Append<'a, S> = &'a mut dyn FnMut(&[<S as CoordinatorShard>::Record]) -> Result<Appended, Code>;

/// What an operation is to the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationKind {
    /// It may hand out records, which the log may refuse.
    Write,
    /// It hands out no records, but changes what lives in memory only: a heartbeat.
    Touch,
}

/// What comes out of the runtime, in order: first tell the events, then give the answers.
#[derive(Clone, Debug)]
pub struct Effects<S: CoordinatorShard> {
    pub events: Vec<S::Event>,
    /// The error is Kafka's code as the operation met it; [`operation_error`] makes an answer's of it.
    pub answers: Vec<(RequestToken, Result<S::Response, Code>)>,
}

impl<S: CoordinatorShard> Default for Effects<S> {
    fn default() -> Effects<S> {
        Effects { events: Vec::new(), answers: Vec::new() }
    }
}

/// A batch of the partition's log, as the loader reads it.
#[derive(Clone, Debug)]
pub struct LoadedBatch<R> {
    pub last_offset: i64,
    pub records: Vec<R>,
}

/// The coordinators of a broker for one internal topic, by partition.
#[derive(Clone, Debug)]
pub struct CoordinatorRuntime<S: CoordinatorShard> {
    contexts: SortedMap<i32, Arc<Context<S>>>,
}

impl<S: CoordinatorShard> Default for CoordinatorRuntime<S> {
    fn default() -> CoordinatorRuntime<S> {
        CoordinatorRuntime { contexts: SortedMap::new() }
    }
}

impl<S: CoordinatorShard> CoordinatorRuntime<S> {
    /// The shards that are loaded, with what is not committed yet.
    pub fn active(&self) -> impl Iterator<Item = (i32, &S)> {
        self.contexts.iter().filter_map(|(partition, context)| Some((*partition, context.active().ok()?)))
    }

    /// Every partition that has a coordinator here, whatever state it is in.
    pub fn partitions(&self) -> Vec<i32> {
        self.contexts.keys().copied().collect()
    }

    /// Errors: 14 while it is loading; 16 there is none, or its log could not be read.
    pub fn check(&self, partition: i32) -> Result<(), Code> {
        self.context(partition)?.active().map(|_| ())
    }

    fn context(&self, partition: i32) -> Result<&Context<S>, Code> {
        self.contexts.get(&partition).map(|context| &**context).ok_or(Code::NotCoordinator)
    }

    /// The shard, and what was committed when that is less than it knows (`scheduleReadOperation`). Errors: 14, 16.
    pub fn read(&self, partition: i32) -> Result<(&S, Option<&S::Snapshot>), Code> {
        let context = self.context(partition)?;
        Ok((context.active()?, context.committed()))
    }

    /// The broker leads the partition in this epoch (`scheduleLoadOperation`). True when its log is to be read:
    /// [`loaded`](Self::loaded) or [`failed`](Self::failed) comes next. A coordinator that is there already only learns of the epoch.
    pub fn begin_loading(&mut self, partition: i32, epoch: i32, empty: S) -> bool {
        if let Some(known) = self.contexts.get_mut(&partition)
            && (known.epoch() >= epoch || Arc::make_mut(known).continues(epoch))
        {
            return false;
        }
        self.contexts.insert(partition, Arc::new(Context::loading(epoch, empty)));
        true
    }

    /// The log has been read to its end. What lies above the high watermark is known, but not committed.
    pub fn loaded(
        &mut self,
        now: Now,
        partition: i32,
        batches: impl IntoIterator<Item = LoadedBatch<S::Record>>,
        high_watermark: i64,
        effects: &mut Effects<S>,
    ) {
        if let Some(context) = self.contexts.get_mut(&partition) {
            Arc::make_mut(context).loaded(now, batches, high_watermark, effects);
        }
    }

    /// The log could not be read: requests are answered 16 until a later epoch.
    pub fn failed(&mut self, partition: i32) {
        if let Some(context) = self.contexts.get_mut(&partition) {
            Arc::make_mut(context).failed();
        }
    }

    /// The broker does not lead the partition any more, as of this epoch, or of any (`scheduleUnloadOperation`): what
    /// waits is answered 16. An epoch that is not later than the coordinator's own says nothing of it.
    pub fn unload(&mut self, now: Now, partition: i32, epoch: Option<i32>, effects: &mut Effects<S>) {
        let Some(context) = self.contexts.get_mut(&partition) else { return };
        if epoch.is_some_and(|epoch| epoch <= context.epoch()) {
            return;
        }
        Arc::make_mut(context).unload(now, effects);
        self.contexts.remove(&partition);
    }

    /// Lets the shard act, and writes what it decided (`scheduleWriteOperation`). Errors: 14, 16, before it has acted.
    pub fn operate(
        &mut self,
        now: Now,
        partition: i32,
        kind: OperationKind,
        append: Append<'_, S>,
        effects: &mut Effects<S>,
        operation: impl FnOnce(&mut S, &mut ShardOutput<S>),
    ) -> Result<(), Code> {
        self.check(partition)?;
        if let Some(context) = self.contexts.get_mut(&partition) {
            Arc::make_mut(context).operate(now, kind, append, effects, operation);
        }
        Ok(())
    }

    /// The high watermark of the partition's log has moved: answers that waited for it are given.
    pub fn on_high_watermark(&mut self, now: Now, partition: i32, offset: i64, effects: &mut Effects<S>) {
        if let Some(context) = self.contexts.get_mut(&partition).filter(|context| context.high_watermark() < offset) {
            Arc::make_mut(context).on_high_watermark(now, offset, effects);
        }
    }

    /// When the earliest timer is due, or the earliest wait is over.
    pub fn next_timeout(&self) -> Option<Instant> {
        self.contexts.values().filter_map(|context| context.next_timeout()).min()
    }

    /// The coordinator whose time has come first; the lower partition among equals.
    pub fn due(&self, now: Now) -> Option<i32> {
        let due = |context: &Context<S>| context.next_timeout().filter(|at| *at <= now.at);
        self.contexts.iter().filter_map(|(partition, it)| Some((due(it)?, *partition))).min().map(|(_, it)| it)
    }

    /// Does the one thing of this partition that is due first; nothing when none is.
    pub fn on_timeout(&mut self, now: Now, partition: i32, append: Append<'_, S>, effects: &mut Effects<S>) {
        if let Some(context) = self.contexts.get_mut(&partition) {
            Arc::make_mut(context).on_timeout(now, append, effects);
        }
    }
}
