//! The runtime above a shard that adds numbers.

use super::{
    Append, Appended, CoordinatorRuntime, CoordinatorShard, Effects, LoadedBatch, OperationKind, RequestToken,
    ShardOutput, Timers,
};
use crate::error::Code;
use crate::ids::{ClientId, ConnectionId};
use crate::time::{Instant, Now};

#[derive(Clone, Debug, Default)]
struct Sum {
    sum: i32,
    timers: Timers<&'static str, i32>,
}

impl Sum {
    fn add(&mut self, number: i32, out: &mut ShardOutput<Sum>) {
        self.sum += number;
        out.records.push(number);
        out.events.push(number);
    }
}

impl CoordinatorShard for Sum {
    type Record = i32;
    type Response = i32;
    type Event = i32;
    type Snapshot = i32;
    type AfterAppend = ();
    type TimerKey = &'static str;
    type TimerWork = i32;

    fn replay(&mut self, record: &i32) {
        self.sum += record;
    }

    fn snapshot(&self) -> i32 {
        self.sum
    }

    fn revert(&mut self, to: &i32) {
        self.sum = *to;
    }

    fn on_loaded(&mut self, _: Now, _: &mut ShardOutput<Sum>) {}

    fn on_unloaded(&mut self, _: Now, _: &mut ShardOutput<Sum>) {}

    fn after_append(&mut self, _: Now, (): (), result: Result<(), Code>, out: &mut ShardOutput<Sum>) {
        out.events.push(if result.is_ok() { 1000 } else { -1000 });
    }

    fn timers(&self) -> &Timers<&'static str, i32> {
        &self.timers
    }

    fn timers_mut(&mut self) -> &mut Timers<&'static str, i32> {
        &mut self.timers
    }

    fn fire(&mut self, _: Now, _: &&'static str, number: i32, out: &mut ShardOutput<Sum>) {
        self.add(number, out);
    }

    fn is_of_records(_: &i32) -> bool {
        true
    }
}

fn at(ms: u64) -> Now {
    Now { at: Instant::from_millis(ms), start_ms: 0 }
}

fn token(number: u32) -> RequestToken {
    RequestToken { connection: ConnectionId::of_client(ClientId(1), number), part: 0 }
}

type Answers = Vec<(RequestToken, Result<i32, Code>)>;

/// A runtime whose partition 0 was loaded in epoch 3: 1 and 2 are committed, 4 is not.
fn loaded() -> CoordinatorRuntime<Sum> {
    let mut runtime = CoordinatorRuntime::default();
    assert_eq!(runtime.check(0), Err(Code::NotCoordinator));
    assert!(runtime.begin_loading(0, 3, Sum::default()));
    assert_eq!(runtime.check(0), Err(Code::CoordinatorLoadInProgress));
    let batch = |last_offset, records: &[i32]| LoadedBatch { last_offset, records: records.to_vec() };
    runtime.loaded(at(0), 0, [batch(1, &[1, 2]), batch(2, &[4])], 2, &mut Effects::default());
    runtime
}

/// Adds a number; the answer is the sum.
fn add(
    runtime: &mut CoordinatorRuntime<Sum>,
    now: Now,
    token: RequestToken,
    number: i32,
    append: Append<'_, Sum>,
) -> Answers {
    let mut effects = Effects::default();
    let added = runtime.operate(now, 0, OperationKind::Write, append, &mut effects, |shard, out| {
        shard.add(number, out);
        out.respond(token, shard.sum);
    });
    assert_eq!(added, Ok(()));
    effects.answers
}

fn committed(runtime: &mut CoordinatorRuntime<Sum>, now: Now, offset: i64) -> Answers {
    let mut effects = Effects::default();
    runtime.on_high_watermark(now, 0, offset, &mut effects);
    effects.answers
}

#[test]
fn what_is_loaded_above_the_high_watermark_is_known_and_not_committed() {
    let mut runtime = loaded();
    let read = |runtime: &CoordinatorRuntime<Sum>| runtime.read(0).map(|(shard, before)| (shard.sum, before.copied()));
    assert_eq!(read(&runtime), Ok((7, Some(3))));
    let mut effects = Effects::default();
    let nothing = &mut |_: &[i32]| panic!("nothing is written");
    let asked = runtime.operate(at(0), 0, OperationKind::Touch, nothing, &mut effects, |shard, out| {
        out.respond(token(1), shard.sum);
    });
    assert_eq!((asked, effects.answers), (Ok(()), Vec::new()), "it waits for what it has read");
    assert_eq!(committed(&mut runtime, at(1), 3), [(token(1), Ok(7))]);
    assert_eq!(read(&runtime), Ok((7, None)));
}

#[test]
fn answers_come_in_order_once_and_at_the_latest_after_five_seconds() {
    let mut runtime = loaded();
    let mut end = 2;
    let mut late = |records: &[i32]| {
        end += i64::try_from(records.len()).expect("few");
        Ok(Appended { last_offset: end, high_watermark: 2 })
    };
    assert_eq!(add(&mut runtime, at(0), token(1), 8, &mut late), []);
    assert_eq!(add(&mut runtime, at(10), token(2), 16, &mut late), []);
    assert_eq!(committed(&mut runtime, at(20), 3), [], "only what was loaded");
    assert_eq!(runtime.next_timeout(), Some(Instant::from_millis(5000)));
    let mut effects = Effects::default();
    runtime.on_timeout(at(5000), 0, &mut late, &mut effects);
    assert_eq!(effects.answers, [(token(1), Err(Code::RequestTimedOut))]);
    assert_eq!(committed(&mut runtime, at(5001), 5), [(token(2), Ok(31))]);
    assert_eq!(runtime.next_timeout(), None);
}

#[test]
fn a_refused_batch_is_taken_back_and_told_to_who_asked() {
    let mut runtime = loaded();
    let refused = &mut |_: &[i32]| Err(Code::KafkaStorageError);
    assert_eq!(add(&mut runtime, at(0), token(1), 8, refused), [(token(1), Err(Code::KafkaStorageError))]);
    assert_eq!(runtime.read(0).map(|(shard, _)| shard.sum), Ok(7));
}

#[test]
fn a_timer_whose_records_are_refused_comes_again_half_a_second_later() {
    let mut runtime = loaded();
    let mut effects = Effects::default();
    let nothing = &mut |_: &[i32]| panic!("nothing is written");
    let set = runtime.operate(at(0), 0, OperationKind::Touch, nothing, &mut effects, |shard, _| {
        shard.timers.schedule(at(0), 100, "k", 8);
    });
    assert_eq!((set, runtime.due(at(99)), runtime.due(at(100))), (Ok(()), None, Some(0)));
    runtime.on_timeout(at(100), 0, &mut |_| Err(Code::KafkaStorageError), &mut effects);
    assert_eq!((runtime.next_timeout(), effects.events.len()), (Some(Instant::from_millis(600)), 0));
    let mut commits = |_: &[i32]| Ok(Appended { last_offset: 3, high_watermark: 4 });
    runtime.on_timeout(at(600), 0, &mut commits, &mut effects);
    assert_eq!((runtime.next_timeout(), effects.events), (None, vec![8]));
}

#[test]
fn an_old_epoch_ends_no_newer_coordinator() {
    let mut runtime = loaded();
    let mut effects = Effects::default();
    let late = &mut |_: &[i32]| Ok(Appended { last_offset: 3, high_watermark: 2 });
    assert_eq!(add(&mut runtime, at(0), token(1), 8, late), []);
    runtime.unload(at(1), 0, Some(3), &mut effects);
    assert_eq!((runtime.check(0), effects.answers.len()), (Ok(()), 0));
    assert!(!runtime.begin_loading(0, 5, Sum::default()), "it is there already, and knows of the epoch");
    runtime.unload(at(2), 0, Some(5), &mut effects);
    assert_eq!(runtime.check(0), Ok(()));
    runtime.unload(at(3), 0, Some(6), &mut effects);
    assert_eq!(
        (runtime.check(0), effects.answers),
        (Err(Code::NotCoordinator), vec![(token(1), Err(Code::NotCoordinator))])
    );
}

#[test]
fn a_log_that_cannot_be_read_is_loaded_again_in_a_later_epoch() {
    let mut runtime = CoordinatorRuntime::default();
    assert!(runtime.begin_loading(0, 1, Sum::default()));
    runtime.failed(0);
    assert_eq!(runtime.check(0), Err(Code::NotCoordinator));
    assert!(!runtime.begin_loading(0, 1, Sum::default()));
    assert!(runtime.begin_loading(0, 2, Sum::default()));
}

#[test]
fn what_hangs_on_a_record_is_done_when_its_fate_is_known() {
    let mut runtime = loaded();
    let mut effects = Effects::default();
    let mut ask = |runtime: &mut CoordinatorRuntime<Sum>, append: Append<'_, Sum>| {
        let asked = runtime.operate(at(0), 0, OperationKind::Write, append, &mut effects, |shard, out| {
            shard.add(8, out);
            out.then = Some(());
        });
        assert_eq!(asked, Ok(()));
        std::mem::take(&mut effects.events)
    };
    assert_eq!(ask(&mut runtime, &mut |_| Err(Code::NotLeaderOrFollower)), [-1000]);
    assert_eq!(ask(&mut runtime, &mut |_| Ok(Appended { last_offset: 3, high_watermark: 2 })), [8]);
    runtime.on_high_watermark(at(1), 0, 4, &mut effects);
    assert_eq!(effects.events, [1000]);
}
