//! What is told of the past: the counts of a run, and sentences that know what happened before.

use partita::explain::{Context, Heard, Narration, Past, Programs, narrate};
use partita::ids::{EventId, RecordId};
use partita::lang::Lang;
use partita::scenarios::{self, Scenario};
use partita::script::parse;
use partita::simulation::Progress;
use partita::timeline::Timeline;
use partita::view::Counts;

fn run(lines: &str) -> Timeline {
    let (script, errors) = parse(lines);
    assert!(errors.is_empty(), "{errors:?}");
    Timeline::new(&script).expect("a cluster")
}

/// A run whose script has ended.
fn played(lines: &str) -> Timeline {
    let mut timeline = run(lines);
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {}
    assert_eq!(timeline.simulation().progress(), Progress::Ended);
    timeline
}

#[test]
fn the_counts_of_every_ready_scenario_come_to_what_was_sent() {
    for scenario in scenarios::all() {
        let timeline = played(&scenario.script);
        let counts = Counts::of(&timeline);
        assert!(counts.sent > 0, "{}", scenario.id);
        assert_eq!(counts.sent, counts.acknowledged + counts.failed + counts.never_sent, "{}: {counts:?}", scenario.id);
        // With acks=0 one is counted as done that its broker never had.
        let lost = u64::from(&*scenario.id == "acks");
        assert_eq!((counts.lost, counts.written_twice), (lost, 0), "{}", scenario.id);
        assert_eq!(counts.time_us, timeline.simulation().now().at.micros());
    }
}

#[test]
fn the_ready_scenarios_are_counted_by_what_they_are_about() {
    let of = |id: &str| Counts::of(&played(&Scenario::by_id(id).expect("a ready scenario").script));
    let forgotten = of("fire-and-forget");
    assert_eq!((forgotten.sent, forgotten.acknowledged, forgotten.never_sent), (3, 2, 1));
    let refused = of("get-or-callback");
    assert_eq!((refused.sent, refused.failed, refused.never_sent), (5, 2, 0));
    let full = of("full-buffer");
    assert_eq!((full.sent, full.failed), (7, 1));
    let crashed = of("broker-crash");
    assert_eq!((crashed.sent, crashed.acknowledged, crashed.failed), (4, 3, 1));
    assert_eq!(of("commit-sync-or-async").processed_twice, 3);
    assert_eq!(of("auto-commit").processed_twice, 3);
    assert_eq!(of("four-consumers").rebalances, 4);
}

/// Three records; a consumer processes one, commits them all ahead of its work, and dies.
const AHEAD: &str = "cluster brokers=1 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1
topic t partitions=1
producer p
consumer c group.id=g auto.offset.reset=earliest enable.auto.commit=false max.poll.records=1
subscribe c t
send p t value=a times=3
wait sent p
poll c until=1
";

#[test]
fn what_a_group_will_never_process_is_counted() {
    assert_eq!(Counts::of(&played(AHEAD)).never_processed, 0, "its member may still read");
    let left = Counts::of(&played(&format!("{AHEAD}kill c\n")));
    assert_eq!(left.never_processed, 2, "nobody of its group is left");
    let another = "consumer d group.id=g auto.offset.reset=earliest\nsubscribe d t\nconsume-loop d poll_ms=100\nwait assigned-count d = 1 timeout_ms=60000\n";
    let taken_over = Counts::of(&played(&format!("{AHEAD}kill c\n{another}")));
    assert_eq!(taken_over.never_processed, 0, "another is to read");
    let passed = format!("{AHEAD}commit c sync t-0=3\nkill c\n{another}sleep 500\n");
    assert_eq!(Counts::of(&played(&passed)).never_processed, 2, "what was committed unread is passed over");
}

/// Programs that all do the same with their futures.
struct All(Heard);

impl Programs for All {
    fn heard(&self, _: RecordId) -> Heard {
        self.0
    }
}

/// All that is told of a script until it ends, in one language, routine left out.
fn narrations(lines: &str, heard: Heard, lang: Lang) -> Vec<Narration> {
    let mut timeline = run(lines);
    let mut told = Vec::new();
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {
        let observers = timeline.observers();
        let (history, index, times) = (observers.history(), observers.index(), timeline.moves());
        let past = Past { history, index, times, programs: &All(heard) };
        let context = Context::of_names(timeline.simulation().names()).knowing(past);
        let first = timeline.moves().first_event(timeline.position());
        for (id, event) in (first.0..).map(EventId).zip(timeline.events()) {
            if !event.kind.is_routine() {
                told.push(narrate(&context, id, event, lang));
            }
        }
    }
    told
}

/// What happened and what it means, of all that is told of a script.
fn told(lines: &str, lang: Lang) -> Vec<String> {
    narrations(lines, Heard::ByNobody, lang).iter().map(|it| format!("{} {}", it.happened, it.meaning)).collect()
}

/// Asserts that something is told so, in English and in Korean; spaces of numbers are as they are typed.
fn tells(lines: &str, en: &str, ko: &str) {
    for (lang, words) in [(Lang::En, en), (Lang::Ko, ko)] {
        let told: Vec<String> = told(lines, lang).iter().map(|text| text.replace('\u{202f}', " ")).collect();
        assert!(told.iter().any(|text| text.contains(words)), "nothing says {words:?}:\n{}", told.join("\n"));
    }
}

const TWO: &str = "cluster brokers=1 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1
topic t partitions=2
producer p
consumer z group.id=g auto.offset.reset=earliest enable.auto.commit=false session.timeout.ms=6000
consumer a group.id=g auto.offset.reset=earliest enable.auto.commit=false max.poll.records=1
subscribe z t
send p t value=a partition=0 times=3
send p t value=a partition=1 times=3
wait sent p
poll z until=6
";
const TAKE_OVER: &str =
    "subscribe a t\nconsume-loop a poll_ms=100\nwait assigned-count a = 2 timeout_ms=60000\nsleep 300\n";

#[test]
fn a_record_that_comes_again_says_who_had_it_and_where_the_group_began() {
    let committed = format!("{TWO}commit z sync t-0=2\nkill z\n{TAKE_OVER}");
    tells(
        &committed,
        "a takes up t-0@2 for the second time: z had done it at ",
        "a가 같은 레코드를 두 번째로 받습니다. 대상: t-0@2.",
    );
    tells(
        &committed,
        "a has processed t-0@2 for the second time: z had done it at ",
        "a가 같은 레코드를 두 번째로 처리했습니다. 대상: t-0@2.",
    );
    tells(&committed, ", before its commit; committed was 2, so a began there.", "종료되었습니다. 커밋된 오프셋: 2.");
    tells(&committed, "z was killed at ", "z가 ");
    tells(&committed, "; nothing was committed, so a began there.", "커밋된 오프셋 없음.");
    tells(&committed, "z had committed this offset for the group at ", "그룹의 오프셋으로 커밋했습니다.");
    tells(&format!("{TWO}close z\n{TAKE_OVER}"), "z was closed at ", "닫혔습니다. 커밋된 오프셋 없음.");
    let frozen = format!("{TWO}pause-process z\n{TAKE_OVER}");
    tells(&frozen, "z was removed from the group at ", "그룹에서 제외되었습니다. 커밋된 오프셋 없음.");
    let shared = "consume-loop z poll_ms=100\nsubscribe a t\nconsume-loop a poll_ms=100\nwait assigned-count a = 1 timeout_ms=60000\nsleep 300\n";
    tells(
        &format!("{TWO}{shared}"),
        "z had not committed it: nothing was committed, so a began there.",
        "처리했으나 커밋하지 않았습니다. 커밋된 오프셋 없음.",
    );
}

#[test]
fn a_name_that_is_given_again_tells_the_former_client_from_the_new_one() {
    let again = format!(
        "{TWO}kill z\nconsumer z group.id=g auto.offset.reset=earliest\nsubscribe z t\nconsume-loop z poll_ms=100\nwait assigned-count z = 2 timeout_ms=60000\nsleep 300\n"
    );
    tells(
        &again,
        "z takes up 3 records from t-0@0, 3 of them again: the former z had done t-0@0 at ",
        "z가 t-0@0부터 레코드 3건을 받습니다. 그중 다시 받은 것 3건",
    );
    tells(&again, "The former z was killed at ", "이전 z가 ");
    tells(&again, "New: z; gone: the former z.", "새 멤버: z, 나간 멤버: 이전 z.");
}

#[test]
fn a_commit_names_its_offsets_and_what_they_were() {
    let lines =
        format!("{TWO}commit z sync t-0=2 t-1=1\ncommit z sync t-0=3\ncommit z sync t-0=3\ncommit z sync t-0=1\n");
    tells(
        &lines,
        "z commits t-0: 2; t-1: 1 by commitSync().",
        "z가 오프셋을 커밋합니다. t-0: 2, t-1: 1. 방법: commitSync().",
    );
    tells(&lines, "z commits t-0: 3, was 2 by commitSync().", "t-0: 3 (이전 값 2)");
    tells(
        &lines,
        "Group g has committed offset 2 of t-0, its first there.",
        "그룹 g가 t-0의 오프셋 2를 커밋했습니다. 첫 커밋입니다.",
    );
    tells(&lines, "Group g has committed offset 3 of t-0; it was 2, since ", "이전 값 2(");
    tells(&lines, "Group g has committed offset 3 of t-0, as before.", "이전과 같습니다.");
    tells(
        &lines,
        "z sets group g back on t-0: from 3 to 1.",
        "z의 커밋으로 그룹 g의 오프셋이 되돌아갑니다. t-0: 3 → 1.",
    );
    tells(
        &lines,
        "who begins at 1 processes 1 to 2 a second time.",
        "1에서 시작하면 1부터 2까지 두 번째로 처리합니다.",
    );
    tells(&lines, "The commit of z has succeeded: t-0: 2; t-1: 1.", "z의 커밋이 성공했습니다. t-0: 2, t-1: 1.");
}

/// What goes wrong with commits and batches, and how groups change: with the scripts above, all that is written is told.
const TROUBLE: [&str; 11] = [
    // A rebalance is under way, and then nobody is there to ask.
    "poll a timeout_ms=0\nsubscribe a t\npoll a timeout_ms=0\npoll a timeout_ms=20\ncommit a async t-0=1\npoll a times=3 timeout_ms=50\n",
    "crash broker-1\npoll z timeout_ms=50 times=3\ncommit z async t-0=1\nsleep 100\n",
    "pause-process z\nsleep 10000\nresume-process z\nsleep 3000\ncommit z async t-0=1\nsleep 1000\npoll z times=1 timeout_ms=50\ncommit z async t-0=2\n",
    "answer-error broker-1 OffsetCommit COORDINATOR_LOAD_IN_PROGRESS client=z\ncommit z sync t-0=1\ncommit z sync t-0=2\ncommit z sync t-0=1\n",
    "producer q enable.idempotence=false request.timeout.ms=500\ndrop-response broker-1 Produce client=q\nsend q t value=b partition=0\nwait sent q\n",
    "answer-error broker-1 Produce NOT_ENOUGH_REPLICAS client=p\nsend p t value=b partition=0\nwait sent p\n",
    "topic u partitions=1 min.insync.replicas=2\nproducer q delivery.timeout.ms=3000 request.timeout.ms=400 linger.ms=0\nsend q u value=b\nwait sent q\n",
    "subscribe a t\nconsume-loop z poll_ms=50\nconsume-loop a poll_ms=50\nwait group g state Stable members 2\nclose a\nsleep 5000\n",
    "consumer b group.id=h auto.offset.reset=earliest auto.commit.interval.ms=100\nsubscribe b t\nconsume-loop b poll_ms=50\nsleep 500\ncrash broker-1\nsleep 1000\n",
    "consumer b group.id=h auto.offset.reset=earliest enable.auto.commit=false max.poll.interval.ms=1000 max.poll.records=3\nsubscribe b t\nconsume-loop b poll_ms=50 process_us=900000 commit=none\nsleep 12000\n",
    "producer q acks=0 enable.idempotence=false\nsend q t value=b\nwait sent q\nproducer r linger.ms=1000\nsend r t value=b\nkill r\n",
];

#[test]
fn every_sentence_of_the_past_is_told() {
    let files = [
        include_str!("../src/explain/sentences/again.rs"),
        include_str!("../src/explain/sentences/changes.rs"),
        include_str!("../src/explain/sentences/offsets.rs"),
        include_str!("../src/explain/sentences/outcome.rs"),
        include_str!("../src/explain/sentences/tries.rs"),
    ];
    let mut scripts: Vec<String> = TROUBLE.iter().map(|lines| format!("{TWO}{lines}")).collect();
    scripts.extend(scenarios::all().iter().map(|scenario| scenario.script.to_string()));
    scripts.extend(["close z\n", "pause-process z\n", "kill z\n"].map(|lines| format!("{TWO}{lines}{TAKE_OVER}")));
    let mut said = Vec::new();
    for script in &scripts {
        for heard in [Heard::ByNobody, Heard::ByGet, Heard::ByCallback] {
            for lang in [Lang::En, Lang::Ko] {
                let all = narrations(script, heard, lang);
                said.extend(all.into_iter().flat_map(|it| [it.happened, it.meaning, it.why].map(|text| text.plain())));
            }
        }
    }
    said.sort();
    said.dedup();
    let mut untold = Vec::new();
    for (file, at) in files.iter().flat_map(|file| file.match_indices("text(").map(|(at, _)| (*file, at))) {
        let source = &file[at..];
        for literal in source.split('"').skip(1).step_by(2).take(2) {
            if !said.iter().any(|text| fits(text, literal)) {
                untold.push(literal);
            }
        }
    }
    assert!(untold.is_empty(), "{untold:#?}");
}

/// Whether a text is a sentence with its slots filled: what stands between them comes in order.
fn fits(text: &str, sentence: &str) -> bool {
    let pieces = sentence.split('{').enumerate().map(|(i, part)| match i {
        0 => part,
        _ => part.split_once('}').map_or("", |(_, rest)| rest),
    });
    let mut rest = text;
    pieces.flat_map(|part| part.split("**")).all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}
