//! What is told before a setting is changed, and where one stands when the run has begun again.

use partita::draft::{Target, edited};
use partita::event::{EventKind, EventName};
use partita::ids::{EventId, RecordId};
use partita::lang::Lang;
use partita::script::{Property, parse};
use partita::timeline::{Seeker, Step, Timeline};
use partita::view::{Changing, Lens, alike};

const SCRIPT: &str = "cluster brokers=1 seed=3\ntopic t\nproducer p linger.ms=5 batch.size=100\n\
                      chapter \"one\" ko=\"하나\"\n\
                      send p t value=aaaaaaaaaa times=4\nrun until acknowledged p\n\
                      chapter \"two\" ko=\"둘\"\n\
                      send p t value=b\nsend p t value=c\nsleep 100\nsend p t value=d times=2\nsend p t value=e\nsleep 500\n";

fn run(script: &str) -> Timeline {
    let (script, errors) = parse(script);
    assert_eq!(errors, []);
    let mut timeline = Timeline::new(&script).expect("it can be played");
    timeline.forward_until(|timeline| timeline.simulation().now().at.micros() > 5_000_000);
    timeline
}

/// Stands at the first step of this name that is told for who follows a record.
fn stand(timeline: &mut Timeline, lens: &mut Lens, name: EventName) -> Step {
    let step = timeline.moves().story().steps(lens.reader()).find(|step| step.name == name).expect("such a step");
    timeline.seek(step.number);
    lens.told = Some(step.event);
    step
}

fn following(timeline: &Timeline, number: u32) -> Lens {
    let client = timeline.simulation().client("p").expect("it is made").id;
    Lens { followed: Some(RecordId { client, number }), ..Lens::default() }
}

fn counted(timeline: &mut Timeline, is_it: impl Fn(&EventKind) -> bool) -> usize {
    let upto = timeline.position();
    let mut all = 0;
    for number in 1..=upto {
        timeline.seek(number);
        all += timeline.events().iter().filter(|event| is_it(&event.kind)).count();
    }
    all
}

#[test]
fn what_a_setting_did_is_counted_from_the_events() {
    use partita::event::ReadyWhy::{Full, Linger};
    let mut timeline = run(SCRIPT);
    let of = |why| move |kind: &EventKind| matches!(kind, EventKind::BatchReady { why: of, .. } if *of == why);
    let (lingered, full) = (counted(&mut timeline, of(Linger)), counted(&mut timeline, of(Full)));
    assert_eq!((lingered > 1, full), (true, 1));
    let lens = following(&timeline, 0);
    let did = |setting: &str, lang| Changing::of(&timeline, &Lens { lang, ..lens.clone() }, "p", setting, "200").did;
    assert_eq!(
        did("linger.ms", Lang::En).as_deref(),
        Some(&*format!("It closed {lingered} batches in this run; {full} more was full before."))
    );
    assert_eq!(
        did("linger.ms", Lang::Ko).as_deref(),
        Some(&*format!("이 실행에서 이 설정으로 닫힌 배치 {lingered}개, 먼저 가득 찬 배치 {full}개."))
    );
    assert_eq!(did("acks", Lang::En).as_deref(), Some("In this run 9 records were acknowledged, 0 failed."));
    assert_eq!(
        did("retries", Lang::En).as_deref(),
        Some("In this run 0 requests timed out, and 0 batches were sent again.")
    );
    assert_eq!(did("client.id", Lang::En), None);
}

#[test]
fn what_a_consumers_setting_did_is_counted_too() {
    let timeline =
        run("cluster brokers=1 seed=3\ntopic t\nproducer p\nsend p t value=a times=5\nrun until acknowledged p\n\
                        consumer c group.id=g auto.offset.reset=earliest auto.commit.interval.ms=100\n\
                        subscribe c t\nconsume-loop c\nsleep 4900\n");
    let lens = following(&timeline, 0);
    let did = |setting: &str| Changing::of(&timeline, &lens, "c", setting, "1").did.expect("it is counted");
    assert_eq!(did("auto.offset.reset"), "It chose 1 position in this run.");
    assert_eq!(did("max.poll.records"), "In this run 1 poll returned records, 5 records at most.");
    assert!(did("enable.auto.commit").ends_with(" came of it; the program made 0 of its own."));
    assert!(!did("enable.auto.commit").starts_with("In this run 0 "), "{}", did("enable.auto.commit"));
    let none = "In this run no session of it ended.";
    assert_eq!(did("session.timeout.ms"), none);
    let told = Changing::of(&timeline, &lens, "c", "max.poll.records", "1").from_now.plain();
    assert!(told.contains("c is closed, which commits its positions and leaves its group, and made anew"), "{told}");
    assert!(told.ends_with("Its program goes on: its loop."), "{told}");
    assert!(told.starts_with("It waits until the call under way has come back. Then c is closed"), "{told}");
}

/// One that stands still is removed by its coordinator, and gives that up itself when it runs again.
#[test]
fn a_session_ends_at_both_ends() {
    let timeline =
        run("cluster brokers=1 seed=3 offsets.topic.num.partitions=1 group.initial.rebalance.delay.ms=0\ntopic t\n\
                        consumer c group.id=g session.timeout.ms=6000\nsubscribe c t\nconsume-loop c\n\
                        wait assigned-count c = 1\npause-process c\nsleep 8000\nresume-process c\nsleep 2000\n");
    let mut timeline = timeline;
    timeline.forward_until(|timeline| timeline.simulation().now().at.micros() > 12_000_000);
    let did = |lang| Changing::of(&timeline, &Lens { lang, ..Lens::default() }, "c", "session.timeout.ms", "1").did;
    assert_eq!(
        did(Lang::En).as_deref(),
        Some("In this run the coordinator removed it once for this, and it gave its coordinator up once itself.")
    );
    assert_eq!(
        did(Lang::Ko).as_deref(),
        Some("이 실행에서 이 설정 때문에 코디네이터가 제외한 횟수 1번, 스스로 코디네이터를 포기한 횟수 1번.")
    );
}

#[test]
fn each_way_says_what_it_does() {
    let mut timeline = run(SCRIPT);
    let mut lens = following(&timeline, 5);
    stand(&mut timeline, &mut lens, EventName::Appended);
    let told = Changing::of(&timeline, &lens, "p", "linger.ms", "200");
    assert_eq!(
        told.from_start.plain(),
        "The same commands run again with 200. You stand at Accumulate of record 6 again."
    );
    assert_eq!(
        told.from_now.plain(),
        "p is closed, which sends its 1 open batch now, and made anew. Its program goes on: 3 sends."
    );
    lens.lang = Lang::Ko;
    let told = Changing::of(&timeline, &lens, "p", "linger.ms", "200");
    assert_eq!(
        told.from_start.plain(),
        "같은 명령을 새 값으로 다시 실행합니다. 값: 200. 서 있을 위치: 레코드 6, 배치에 모으기."
    );
    assert!(
        told.from_now.plain().contains("닫으면서 열린 배치 1개를 바로 보내고, 새로 만듭니다."),
        "{}",
        told.from_now.plain()
    );
    // At the end nothing is left of it, and at the start one stands at the start.
    timeline.seek(timeline.moves().len());
    let lens = following(&timeline, 5);
    let told = Changing::of(&timeline, &lens, "p", "linger.ms", "200").from_now.plain();
    assert_eq!(told, "p is closed and made anew. Its program has nothing more to do.");
    timeline.seek(0);
    let told = Changing::of(&timeline, &Lens::default(), "p", "linger.ms", "").from_start.plain();
    assert_eq!(told, "The same commands run again with the default. You stand at the start.");
}

/// The step at which one stands when the run has begun again with this value.
fn again(timeline: &Timeline, lens: &Lens, setting: &str, value: &str) -> (Step, Timeline) {
    let place = alike(timeline, lens).expect("one stands at a step");
    let target = Target::Client("p".to_owned());
    let script = edited(&timeline.script(), &target, &[Property::new(setting, value)]).expect("a line makes it");
    let mut other = Timeline::new(&script).expect("it can be played");
    let mut seeker = Seeker::new(place);
    loop {
        if let Some(step) = seeker.find(other.moves().story()) {
            return (step, other);
        }
        if seeker.is_past() || other.simulation().now().at.micros() > 5_000_000 || !other.forward() {
            return (seeker.nearest().expect("something is nearest"), other);
        }
    }
}

fn record_of(timeline: &mut Timeline, step: Step) -> Option<RecordId> {
    timeline.seek(step.number);
    let first = timeline.moves().first_event(step.number);
    let EventId(index) = EventId(step.event.0 - first.0);
    match timeline.events()[index as usize].kind {
        EventKind::Appended { record, .. } | EventKind::RecordAcknowledged { record, .. } => Some(record),
        _ => None,
    }
}

#[test]
fn the_same_stage_of_the_same_record_is_found_again() {
    let mut timeline = run(SCRIPT);
    for name in [EventName::Appended, EventName::RecordAcknowledged] {
        let mut lens = following(&timeline, 6);
        let here = stand(&mut timeline, &mut lens, name);
        let before = timeline.simulation().now().at;
        let (step, mut other) = again(&timeline, &lens, "linger.ms", "200");
        assert_eq!(step.name, name);
        assert_eq!(record_of(&mut other, step), record_of(&mut timeline, here));
        assert_eq!(record_of(&mut other, step), lens.followed);
        if name == EventName::RecordAcknowledged {
            assert!(other.simulation().now().at.micros() > before.micros() + 90_000, "it lingers longer");
        }
    }
}

#[test]
fn a_step_that_no_record_has_is_found_in_its_chapter() {
    let mut timeline = run(SCRIPT);
    let mut lens = following(&timeline, 6);
    let chapter = timeline
        .moves()
        .story()
        .steps(lens.reader())
        .filter(|step| step.name == EventName::ChapterBegan)
        .nth(1)
        .expect("the second chapter");
    timeline.seek(chapter.number);
    lens.told = Some(chapter.event);
    let (step, mut other) = again(&timeline, &lens, "linger.ms", "30");
    assert_eq!(step.name, EventName::ChapterBegan);
    other.seek(step.number);
    assert_eq!(
        other.moves().story().steps(lens.reader()).filter(|of| of.event <= step.event && of.name == step.name).count(),
        2
    );
}

#[test]
fn what_the_record_does_not_come_to_any_more_has_a_nearest() {
    // Without a retry there is no second try: one stands at the record's last step up to there.
    let script = SCRIPT
        .replace("send p t value=b", "drop-response broker-1 Produce nth=1 client=p\nsend p t value=b")
        .replace("batch.size=100", "batch.size=100 request.timeout.ms=300 delivery.timeout.ms=900");
    let mut timeline = run(&script);
    let mut lens = following(&timeline, 4);
    stand(&mut timeline, &mut lens, EventName::BatchRetried);
    let (step, other) = again(&timeline, &lens, "retries", "0");
    let last = other.moves().story().steps(lens.reader()).take_while(|of| of.event <= step.event).last();
    assert_eq!(last, Some(step));
    assert_ne!(step.name, EventName::BatchRetried);
}
