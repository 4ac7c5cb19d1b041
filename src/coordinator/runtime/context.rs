//! One partition's coordinator (`CoordinatorContext`): its state machine, what of it is not committed, and who waits.

use std::collections::VecDeque;

use super::shard::{CoordinatorShard, RequestToken, ShardOutput};
use super::{Append, Appended, Effects, LoadedBatch, OperationKind, RETRY_BACKOFF_MS, WRITE_TIMEOUT_MS};
use crate::error::Code;
use crate::time::{Instant, Now};

/// `CoordinatorState`; a partition whose coordinator was closed has no context any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Loading,
    Active,
    Failed,
}

/// A batch that the high watermark is not above yet.
#[derive(Clone, Debug)]
struct Uncommitted<P> {
    last_offset: i64,
    /// What was known before it.
    before: P,
}

/// An operation that waits (`CoordinatorWriteEvent` in the `DeferredEventQueue`).
#[derive(Clone, Debug)]
struct Deferred<R, A, T> {
    /// It is done when the high watermark is above this.
    last_offset: i64,
    deadline: Instant,
    responses: Vec<(RequestToken, R)>,
    then: Option<A>,
    /// The timer that it came of, which is set again when it fails.
    timer: Option<T>,
}

type DeferredOf<S> = Deferred<
    <S as CoordinatorShard>::Response,
    <S as CoordinatorShard>::AfterAppend,
    (<S as CoordinatorShard>::TimerKey, <S as CoordinatorShard>::TimerWork),
>;

#[derive(Clone, Debug)]
pub(super) struct Context<S: CoordinatorShard> {
    epoch: i32,
    state: State,
    shard: S,
    high_watermark: i64,
    uncommitted: VecDeque<Uncommitted<S::Snapshot>>,
    /// In order of offset and of deadline.
    deferred: VecDeque<DeferredOf<S>>,
}

impl<S: CoordinatorShard> Context<S> {
    pub fn loading(epoch: i32, empty: S) -> Context<S> {
        Context {
            epoch,
            state: State::Loading,
            shard: empty,
            high_watermark: 0,
            uncommitted: VecDeque::new(),
            deferred: VecDeque::new(),
        }
    }

    pub const fn epoch(&self) -> i32 {
        self.epoch
    }

    pub const fn high_watermark(&self) -> i64 {
        self.high_watermark
    }

    /// Errors: 14 while loading, 16 when that failed.
    pub fn active(&self) -> Result<&S, Code> {
        match self.state {
            State::Active => Ok(&self.shard),
            State::Loading => Err(Code::CoordinatorLoadInProgress),
            State::Failed => Err(Code::NotCoordinator),
        }
    }

    /// What was known before the first batch that is not committed; none when all is.
    pub fn committed(&self) -> Option<&S::Snapshot> {
        self.uncommitted.front().map(|batch| &batch.before)
    }

    /// A later epoch of a coordinator that is loading or loaded; false when it has to be loaded anew.
    pub fn continues(&mut self, epoch: i32) -> bool {
        self.epoch = epoch;
        self.state != State::Failed
    }

    pub fn loaded(
        &mut self,
        now: Now,
        batches: impl IntoIterator<Item = LoadedBatch<S::Record>>,
        high_watermark: i64,
        effects: &mut Effects<S>,
    ) {
        self.high_watermark = high_watermark;
        for batch in batches {
            if batch.last_offset >= high_watermark {
                let before = self.shard.snapshot();
                self.uncommitted.push_back(Uncommitted { last_offset: batch.last_offset, before });
            }
            batch.records.iter().for_each(|record| self.shard.replay(record));
        }
        self.state = State::Active;
        self.let_shard(effects, |shard, output| shard.on_loaded(now, output));
    }

    pub const fn failed(&mut self) {
        self.state = State::Failed;
    }

    /// First who waits for an offset is answered, then who is held (`CoordinatorContext.unload`).
    pub fn unload(&mut self, now: Now, effects: &mut Effects<S>) {
        for waiting in std::mem::take(&mut self.deferred) {
            self.complete(now, waiting, Err(Code::NotCoordinator), effects);
        }
        self.let_shard(effects, |shard, output| shard.on_unloaded(now, output));
    }

    pub fn next_timeout(&self) -> Option<Instant> {
        let waits = self.deferred.front().map(|waiting| waiting.deadline);
        waits.into_iter().chain(self.shard.timers().next()).min()
    }

    /// A wait that is over goes before a timer that is due at the same instant.
    pub fn on_timeout(&mut self, now: Now, append: Append<'_, S>, effects: &mut Effects<S>) {
        let timer = self.shard.timers().next();
        let is_over =
            |waiting: &DeferredOf<S>| waiting.deadline <= now.at && timer.is_none_or(|timer| waiting.deadline <= timer);
        if self.deferred.front().is_some_and(is_over) {
            if let Some(waiting) = self.deferred.pop_front() {
                self.complete(now, waiting, Err(Code::RequestTimedOut), effects);
            }
            return;
        }
        let Some((key, work)) = self.shard.timers_mut().take_due(now.at) else { return };
        let timer = Some((key.clone(), work.clone()));
        self.run(now, OperationKind::Write, timer, append, effects, |shard, output| {
            shard.fire(now, &key, work, output);
        });
    }

    pub fn operate(
        &mut self,
        now: Now,
        kind: OperationKind,
        append: Append<'_, S>,
        effects: &mut Effects<S>,
        operation: impl FnOnce(&mut S, &mut ShardOutput<S>),
    ) {
        self.run(now, kind, None, append, effects, operation);
    }

    fn run(
        &mut self,
        now: Now,
        kind: OperationKind,
        timer: Option<(S::TimerKey, S::TimerWork)>,
        append: Append<'_, S>,
        effects: &mut Effects<S>,
        operation: impl FnOnce(&mut S, &mut ShardOutput<S>),
    ) {
        // As long as a snapshot is held, the first change of what it shares copies that.
        let before = (kind == OperationKind::Write).then(|| self.shard.snapshot());
        let mut output = ShardOutput::default();
        operation(&mut self.shard, &mut output);
        let written = self.write(before, &output.records, append);
        if written.is_err() {
            output.events.retain(|event| !S::is_of_records(event));
        }
        effects.events.append(&mut output.events);
        effects.answers.extend(output.replies.into_iter().map(|(token, reply)| (token, Ok(reply))));
        let waiting = Deferred {
            last_offset: self.uncommitted.back().map_or(-1, |batch| batch.last_offset),
            deadline: Instant::from_millis(now.ms().saturating_add(WRITE_TIMEOUT_MS)),
            responses: output.responses,
            then: output.then,
            // Simplified: one that wrote nothing is done, however long it would have waited for those before it.
            timer: timer.filter(|_| !output.records.is_empty()),
        };
        match written {
            Ok(high_watermark) => {
                self.deferred.push_back(waiting);
                self.on_high_watermark(now, high_watermark, effects);
            }
            Err(code) => self.complete(now, waiting, Err(code), effects),
        }
    }

    /// Appends the records of an operation, or takes back what they made; gives the high watermark.
    fn write(
        &mut self,
        before: Option<S::Snapshot>,
        records: &[S::Record],
        append: Append<'_, S>,
    ) -> Result<i64, Code> {
        let Some(before) = before.filter(|_| !records.is_empty()) else { return Ok(self.high_watermark) };
        match append(records) {
            Ok(Appended { last_offset, high_watermark }) => {
                self.uncommitted.push_back(Uncommitted { last_offset, before });
                Ok(high_watermark.max(self.high_watermark))
            }
            Err(code) => {
                self.shard.revert(&before);
                Err(code)
            }
        }
    }

    /// What lies below it is committed: who waited for that is answered, in order.
    pub fn on_high_watermark(&mut self, now: Now, high_watermark: i64, effects: &mut Effects<S>) {
        self.high_watermark = high_watermark;
        while self.uncommitted.front().is_some_and(|batch| batch.last_offset < high_watermark) {
            self.uncommitted.pop_front();
        }
        while self.deferred.front().is_some_and(|waiting| waiting.last_offset < high_watermark) {
            if let Some(waiting) = self.deferred.pop_front() {
                self.complete(now, waiting, Ok(()), effects);
            }
        }
    }

    /// Ends an operation (`CoordinatorWriteEvent.complete`).
    fn complete(&mut self, now: Now, waiting: DeferredOf<S>, result: Result<(), Code>, effects: &mut Effects<S>) {
        if let Some(then) = waiting.then {
            self.let_shard(effects, |shard, output| shard.after_append(now, then, result, output));
        }
        let answers = waiting.responses.into_iter();
        effects.answers.extend(answers.map(|(token, response)| (token, result.map(|()| response))));
        let tries_again = !matches!(result, Ok(()) | Err(Code::NotCoordinator | Code::CoordinatorLoadInProgress));
        if let Some((key, work)) = waiting.timer.filter(|_| tries_again) {
            self.shard.timers_mut().schedule(now, RETRY_BACKOFF_MS, key, work);
        }
    }

    /// Lets the shard do what brings no records.
    fn let_shard(&mut self, effects: &mut Effects<S>, act: impl FnOnce(&mut S, &mut ShardOutput<S>)) {
        let mut output = ShardOutput::default();
        act(&mut self.shard, &mut output);
        debug_assert!(output.records.is_empty(), "nothing is written here: {:?}", output.records);
        effects.events.append(&mut output.events);
        let answers = output.replies.into_iter().chain(output.responses);
        effects.answers.extend(answers.map(|(token, reply)| (token, Ok(reply))));
    }
}
