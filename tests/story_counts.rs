//! How many keys it takes from the opening of a ready scenario to the answer that one came for. A key is → (the next step) or
//! `PageDown` (the next chapter), as the page moves by them.

use std::sync::Arc;

use partita::draft::{Tried, tried};
use partita::error::Code;
use partita::event::{EventKind, EventName, PositionWhy, ReadyWhy, ResetWhy};
use partita::ids::{ClientId, EventId};
use partita::scenarios::{self, Scenario};
use partita::script::Script;
use partita::simulation::{Command, Progress};
use partita::timeline::{Reader, STEP_AHEAD_MS, Step, Timeline, Walker};
use partita::view::{Counts, Lens, View};

/// A reader who has opened a scenario.
struct Learner {
    timeline: Timeline,
    walker: Walker,
    pressed: u32,
    /// The last step that they came to.
    at: Step,
}

/// A run whose script has ended.
fn ended(script: &Script) -> Timeline {
    let mut timeline = Timeline::new(script).expect("a cluster");
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {}
    timeline
}

/// The end of the story, and a quarter of an hour more, in which nothing of it may come.
fn played(id: &str) -> Timeline {
    let scenario = Scenario::by_id(id).expect("a ready scenario");
    let mut timeline = ended(&scenario.parsed());
    assert_eq!(timeline.simulation().progress(), Progress::Ended, "{id}");
    let (mut steps, mut seen) = (0, timeline.simulation().now().at);
    loop {
        timeline.run_until(seen.plus_millis(STEP_AHEAD_MS));
        let now = timeline.moves().story().steps(Reader::default()).count();
        if now == steps {
            return timeline;
        }
        (steps, seen) = (now, timeline.simulation().now().at);
    }
}

impl Learner {
    fn opens(id: &str) -> Learner {
        let timeline = played(id);
        let story = timeline.moves().story();
        let mut walker = Walker::behind(story, Reader::default(), (0, EventId(0)));
        let at = walker.chapter(story, 1).expect("a story has chapters");
        Learner { timeline, walker, pressed: 0, at }
    }

    fn kind(&self, step: Step) -> EventKind {
        self.timeline.event(step.event).expect("it happened").kind
    }

    /// `PageDown`.
    fn chapter(mut self) -> Learner {
        self.at = self.walker.next_chapter(self.timeline.moves().story()).expect("there is another chapter");
        self.pressed += 1;
        self
    }

    /// Presses → until it is there; what it is, in words, for who reads that it is not.
    #[track_caller]
    fn right_to(mut self, what: &str, is_it: impl Fn(&EventKind) -> bool) -> Learner {
        loop {
            let step = self.walker.step_on(self.timeline.moves().story());
            let step = step.unwrap_or_else(|| panic!("the story ends without this: {what}"));
            assert_ne!(step.name, EventName::ChapterBegan, "the chapter ends without this: {what}");
            (self.at, self.pressed) = (step, self.pressed + 1);
            if is_it(&self.kind(step)) {
                return self;
            }
        }
    }

    /// In at most so many keys, counted from the opening.
    #[track_caller]
    fn within(self, keys: u32) -> Learner {
        assert!(self.pressed <= keys, "{} keys, not {keys}", self.pressed);
        self
    }

    fn client(&self, name: &str) -> ClientId {
        self.timeline.simulation().client(name).expect("there is such a client").id
    }

    /// What is counted of the run up to this step.
    fn counts(&mut self) -> Counts {
        self.timeline.seek(self.at.number);
        Counts::of(&self.timeline)
    }

    /// When it happens, in microseconds.
    fn time(&self) -> u64 {
        self.timeline.moves().at(self.at.number).micros()
    }

    /// Why the batch could leave that goes into a request in this step.
    fn left_because(&mut self) -> Option<ReadyWhy> {
        let EventKind::BatchDrained { batch, .. } = self.kind(self.at) else { return None };
        self.timeline.seek(self.at.number);
        self.timeline.observers().index().batch(batch)?.ready.map(|(why, _)| why)
    }

    /// Where the program of the first producer is, as its line says it.
    fn program(&mut self) -> String {
        self.timeline.seek(self.at.number);
        let view = View::of(&self.timeline, &Lens { told: Some(self.at.event), ..Lens::default() });
        view.producers.producers[0].program.plain()
    }
}

/// The record that was followed into its batch goes through what is left of the six stages.
#[test]
fn the_six_stages_are_seen_in_twelve_keys() {
    let opened = Learner::opens("journey");
    let called = opened.right_to("send()", |kind| matches!(kind, EventKind::SendCalled { .. }));
    let bytes = called.right_to("bytes", |kind| matches!(kind, EventKind::Serialized { .. }));
    let chosen = bytes.right_to("its partition", |kind| matches!(kind, EventKind::Partitioned { .. }));
    let batched = chosen.right_to("its batch", |kind| matches!(kind, EventKind::Appended { .. })).chapter();
    let sent = batched.right_to("its request", |kind| matches!(kind, EventKind::BatchDrained { .. }));
    sent.right_to("its offset", |kind| matches!(kind, EventKind::RecordAcknowledged { .. })).within(11);
}

/// From the opening to the end, chapters as they come.
#[test]
fn the_journey_takes_as_many_keys_to_its_commit_and_end_as_the_readme_says() {
    let mut reader = Learner::opens("journey");
    let mut commits = 0;
    while let Some(step) = reader.walker.step_on(reader.timeline.moves().story()) {
        reader.pressed += 1;
        commits += u32::from(matches!(reader.kind(step), EventKind::CommitSucceeded { .. }));
    }
    assert_eq!(commits, 1);
    assert_eq!(reader.pressed, 17, "README.md counts them");
}

#[test]
fn a_batch_waits_and_another_leaves_early_in_eight_keys() {
    let leaves = |kind: &EventKind| matches!(kind, EventKind::BatchDrained { .. });
    let waiting = Learner::opens("linger-and-batch").chapter();
    let waits_at = waiting.time();
    let mut waited = waiting.right_to("200 ms are over", leaves);
    assert_eq!(waited.left_because(), Some(ReadyWhy::Linger));
    // Some 4 ms of them have passed when the chapter begins.
    assert!((195_000..=200_000).contains(&(waited.time() - waits_at)), "the batch waits its linger.ms in sight");
    let joined = waited.chapter();
    let begun_at = joined.time();
    let mut full = joined.chapter().right_to("a full batch", leaves).within(6);
    assert_eq!(full.left_because(), Some(ReadyWhy::Full));
    assert!(full.time() - begun_at < 100_000, "it leaves before its 200 ms");
}

#[test]
fn three_ways_to_send_are_told_apart_in_ten_keys_each() {
    let mut gone = Learner::opens("fire-and-forget").chapter().chapter();
    gone = gone.right_to("the program's end", |kind| matches!(kind, EventKind::ClientKilled { .. })).within(10);
    assert_eq!(gone.counts().never_sent, 1, "the record that was never sent is counted");
    let acknowledged = |kind: &EventKind| matches!(kind, EventKind::RecordAcknowledged { .. });
    let mut waits = Learner::opens("get-or-callback").chapter();
    assert!(waits.program().contains("get()"), "{}", waits.program());
    waits.right_to("what get() returns", acknowledged).within(10);
    let mut goes_on = Learner::opens("get-or-callback").chapter().chapter().chapter();
    assert!(!goes_on.program().contains("get()"), "{}", goes_on.program());
    goes_on.right_to("the callback", acknowledged).within(9);
}

#[test]
fn a_broker_s_crash_is_followed_to_an_exception_and_to_a_retry_in_twelve_keys() {
    let failed = |kind: &EventKind| matches!(kind, EventKind::RecordFailed { .. });
    Learner::opens("broker-crash").chapter().chapter().right_to("the exception", failed).within(12);
    let retry = |kind: &EventKind| matches!(kind, EventKind::BatchDrained { attempt: 2, .. });
    let retried = Learner::opens("broker-crash").chapter().chapter().chapter().right_to("the retry", retry);
    retried.right_to("its offset", |kind| matches!(kind, EventKind::RecordAcknowledged { .. })).within(12);
}

#[test]
fn a_record_is_processed_twice_in_ten_keys() {
    let mut reader = Learner::opens("auto-commit").chapter().chapter().chapter();
    reader = reader.right_to("processed", |kind| matches!(kind, EventKind::RecordsProcessed { .. })).within(10);
    assert_eq!(reader.counts().processed_twice, 1);
}

#[test]
fn the_idle_one_of_four_and_the_new_owner_behind_a_kill_are_six_and_eight_keys_away() {
    let owns = |kind: &EventKind, some: bool| matches!(kind, EventKind::PartitionsAssigned { partitions, .. } if (*partitions > 0) == some);
    let idle = Learner::opens("four-consumers").right_to("the idle one", |kind| owns(kind, false)).within(5);
    let (c4, before) = (idle.client("c4"), idle.pressed);
    assert!(matches!(idle.kind(idle.at), EventKind::PartitionsAssigned { client, .. } if client == c4));
    let owner = idle.chapter().chapter();
    let owner = owner.right_to("c4 owns something", |kind| {
        owns(kind, true) && matches!(kind, EventKind::PartitionsAssigned { client, .. } if *client == c4)
    });
    owner.within(before + 8);
}

#[test]
fn the_story_of_2_4_5_and_back_to_2_takes_twelve_keys() {
    let mut reader = Learner::opens("commit-sync-or-async");
    for _ in 0..2 {
        reader = reader.right_to("a commit", |kind| matches!(kind, EventKind::CommitStarted { .. }));
    }
    reader = reader.right_to("a refusal", |kind| {
        matches!(kind, EventKind::CommitFailed { code: Code::CoordinatorLoadInProgress, .. })
    });
    let committed =
        |kind: &EventKind, of: i64| matches!(kind, EventKind::OffsetCommitted { offset, .. } if *offset == of);
    reader = reader.chapter().right_to("5 is committed", |kind| committed(kind, 5));
    reader.chapter().right_to("2 is committed", |kind| committed(kind, 2)).within(10);
}

#[test]
fn what_acks_0_risks_is_seen_in_six_keys() {
    let mut lost = Learner::opens("acks").chapter();
    lost = lost
        .right_to("done without an answer", |kind| matches!(kind, EventKind::RecordAcknowledged { offset: -1, .. }));
    lost = lost.right_to("the crash", |kind| matches!(kind, EventKind::BrokerCrashed { .. })).within(6);
    lost.at = lost.walker.next_chapter(lost.timeline.moves().story()).expect("the next chapter");
    assert_eq!(lost.counts().lost, 1, "its program was told that all is well, and no log has it");
}

#[test]
fn where_a_consumer_begins_is_told_in_eight_keys() {
    use PositionWhy::{Committed, Earliest, Latest};
    let at = |chapter: u32, of: u64, why: PositionWhy| {
        let mut reader = Learner::opens("offset-reset");
        for _ in 1..chapter {
            reader = reader.chapter();
        }
        reader.right_to(
            "a position",
            |kind| matches!(kind, EventKind::PositionSet { offset, why: found, .. } if (*offset, *found) == (of, why)),
        )
    };
    at(1, 0, Earliest(ResetWhy::NothingCommitted)).within(8);
    at(2, 3, Latest(ResetWhy::NothingCommitted)).within(8);
    at(3, 3, Committed).within(8);
    let deleted = |kind: &EventKind| matches!(kind, EventKind::RecordsDeleted { offset: 5, .. });
    Learner::opens("offset-reset").chapter().chapter().chapter().right_to("what is deleted", deleted).within(4);
    at(5, 5, Earliest(ResetWhy::OutOfRange)).within(7);
}

#[test]
fn a_full_buffer_is_told_by_the_exception_that_is_thrown() {
    let blocked = Learner::opens("full-buffer").chapter();
    let blocked =
        blocked.right_to("send() waits", |kind| matches!(kind, EventKind::MemoryAwaited { available: 0, .. }));
    let blocked = blocked.right_to("memory again", is_appended).chapter();
    blocked.right_to("max.block.ms is over", |kind| matches!(kind, EventKind::SendFailed { .. })).within(20);
}

/// Each is done at the end of its story, or begins the run again, which then comes to its end.
#[test]
fn whatever_a_story_offers_to_try_can_be_tried() {
    for scenario in scenarios::all() {
        let script = scenario.parsed();
        for of in script.tries() {
            let label = &of.label.en;
            match tried(&script, of).unwrap_or_else(|told| panic!("{}, {label}: {}", scenario.id, told.en)) {
                Tried::FromStart(script) => {
                    assert_eq!(ended(&script).simulation().progress(), Progress::Ended, "{}, {label}", scenario.id);
                }
                Tried::Here(statement) => {
                    let acted = ended(&script).act(Command(Arc::new(statement)));
                    assert!(acted.is_ok(), "{}, {label}: {acted:?}", scenario.id);
                }
            }
        }
    }
}

/// All members join again whenever a group rebalances, and one that owns nothing has nothing to give back.
#[test]
fn who_joins_again_is_no_step() {
    let timeline = played("four-consumers");
    let mut members = 0;
    for step in timeline.moves().story().steps(Reader::default()) {
        match timeline.event(step.event).expect("it happened").kind {
            EventKind::MemberJoined { members: now, .. } | EventKind::MemberRemoved { members: now, .. } => {
                assert_ne!(std::mem::replace(&mut members, now), now, "{now} members at {}", step.number);
            }
            EventKind::PartitionsRevoked { partitions, .. } => assert_ne!(partitions, 0, "at {}", step.number),
            _ => {}
        }
    }
    assert_eq!(members, 3);
}

fn is_appended(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Appended { .. })
}
