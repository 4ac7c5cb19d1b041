//! What is told of the past: the counts of a run, and sentences that know what happened before.

mod played;

use partita::explain::{Chip, Context, Heard, Narration, Past, Programs, SettingValues, narrate};
use partita::ids::{CallId, ClientId, EventId, RecordId};
use partita::lang::Lang;
use partita::scenarios::{self, Scenario};
use partita::simulation::Progress;
use partita::view::Counts;
use played::{played, ready, run};

#[test]
fn the_counts_of_every_ready_scenario_come_to_what_was_sent() {
    for scenario in scenarios::all() {
        let timeline = played(&scenario.script);
        let counts = Counts::of(&timeline);
        assert!(counts.sent > 0, "{}", scenario.id);
        let ended = counts.acknowledged + counts.unanswered + counts.failed + counts.never_sent;
        assert_eq!(counts.sent, ended, "{}: {counts:?}", scenario.id);
        // With acks=0 one is counted as done that its broker never had.
        let lost = u64::from(&*scenario.id == "acks");
        assert_eq!((counts.lost, counts.lost_unanswered, counts.written_twice), (lost, lost, 0), "{}", scenario.id);
        assert_eq!(counts.time_us, timeline.simulation().now().at.micros());
    }
}

#[test]
fn the_ready_scenarios_are_counted_by_what_they_are_about() {
    let of = |id: &str| Counts::of(&ready(id));
    let forgotten = of("fire-and-forget");
    assert_eq!((forgotten.sent, forgotten.acknowledged, forgotten.never_sent), (3, 2, 1));
    let acks = of("acks");
    assert_eq!((acks.sent, acks.acknowledged, acks.unanswered), (6, 4, 2), "nobody answers acks=0");
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

    fn ended_loop(&self, _: ClientId, _: CallId) -> bool {
        false
    }

    fn is_at_work(&self, _: ClientId) -> bool {
        true
    }

    fn has_joined(&self, _: ClientId) -> bool {
        true
    }

    fn is_static(&self, _: ClientId) -> bool {
        false
    }
}

/// The settings of every client, as one of a script has them.
struct Written<'a> {
    lines: &'a str,
}

impl SettingValues for Written<'_> {
    fn chip(&self, _: Option<ClientId>, setting: &'static str) -> Chip {
        let given = self.lines.split_whitespace().find_map(|word| word.strip_prefix(setting)?.strip_prefix('='));
        let otherwise = [("linger.ms", "5"), ("acks", "all")].iter().find(|it| it.0 == setting).map_or("", |it| it.1);
        let value = given.unwrap_or(otherwise).to_owned();
        Chip { setting, value, changed: false, of: "all".to_owned() }
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
        let settings = Written { lines };
        let context = Context::new(timeline.simulation().names(), &settings).knowing(past);
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
        "a가 t-0@2를 받습니다. 그룹에서 두 번째로 읽는 레코드입니다.",
    );
    tells(
        &committed,
        "a has processed t-0@2 for the second time: z had done it at ",
        "t-0@2가 두 번째로 처리되었습니다. 이번에는 a가 처리했습니다.",
    );
    tells(
        &committed,
        ", before its commit; committed was 2, so a began there.",
        "강제 종료되었습니다. 커밋된 오프셋: 2.",
    );
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

/// What a reader of the page is told of a ready scenario.
fn tells_in(id: &str, en: &str, ko: &str) {
    tells(&Scenario::by_id(id).expect("a ready scenario").script, en, ko);
}

#[test]
fn who_is_late_with_a_record_that_another_has_done_had_taken_it_up_before() {
    tells_in(
        "long-pause",
        "c1 has processed orders-1@1 for the second time: c2 had done it at 10 028.0. c1 had taken it up at 5 040.0 and \
         was removed at 10 020.0, unaware; c2 got the partition.",
        "orders-1@1이 두 번째로 처리되었습니다. 이번에는 c1이 처리했습니다. c1은 이것을 5 040.0에 받고, 10 020.0에 제외된 것을 모릅니다. 파티션을 넘겨받은 c2가 10 028.0에 먼저 처리했습니다.",
    );
    tells_in(
        "slow-work",
        "c1 had taken it up at 4 041.0 and left the group at 14 120.5; c2 got the partition.",
        "c1은 이것을 4 041.0에 받고 14 120.5에 그룹에서 나갔습니다. 파티션을 넘겨받은 c2가 15 028.0에 먼저 처리했습니다.",
    );
}

#[test]
fn one_that_comes_again_with_others_says_so_once() {
    tells_in(
        "auto-commit",
        "c2 began where its group stood: committed was 2. What c1 had done beyond that comes again.",
        "c2는 그룹이 커밋해 둔 곳에서 시작했습니다. 커밋된 오프셋: 2. c1이 그 뒤로 처리한 것은 다시 옵니다.",
    );
    tells_in(
        "auto-commit",
        "c1 was killed at 5 064.0, before its commit; committed was 2, so c2 began there.",
        "강제 종료되었습니다.",
    );
    tells_in(
        "auto-commit",
        "It comes again for the same reason as orders-1@2.",
        "orders-1@2와 같은 이유로 다시 처리됩니다.",
    );
}

#[test]
fn a_program_that_ends_by_itself_is_not_killed() {
    tells_in(
        "fire-and-forget",
        "producer-1's program ends by itself, without close(); 1 record that it had not sent went with it.",
        "producer-1의 프로그램이 close() 없이 스스로 끝나, 보내지 않은 레코드 1건이 함께 사라졌습니다.",
    );
    let script = &Scenario::by_id("fire-and-forget").expect("a ready scenario").script;
    assert!(!told(script, Lang::En).iter().any(|text| text.contains("killed")));
    tells(&format!("{TWO}exit z\n{TAKE_OVER}"), "z's program ended at ", "프로그램이 끝났습니다. 커밋된 오프셋 없음.");
}

#[test]
fn partitions_are_named_with_who_had_them_before() {
    tells_in(
        "four-consumers",
        "c2 now owns orders-0 in group billing, generation 5. It was c1's before.",
        "c2가 그룹 billing, 세대 5에서 orders-0을 소유합니다. 이전 소유자는 c1입니다.",
    );
    tells_in(
        "four-consumers",
        "c1 gives back orders-0, orders-1, orders-2 to group billing.",
        "c1이 orders-0, orders-1, orders-2를 그룹 billing에 반납합니다.",
    );
    tells_in(
        "long-pause",
        "c1 has lost orders-0, orders-1 of group billing.",
        "그룹 billing의 orders-0, orders-1을 잃었습니다.",
    );
}

#[test]
fn a_batch_says_until_when_it_waits_and_why_it_leaves() {
    tells_in(
        "linger-and-batch",
        "the batch waits for more until 517.0 or until it is full, then leaves as soon as it can.",
        "배치는 517.0까지, 또는 가득 찰 때까지 더 모은 뒤 가능한 한 바로 떠납니다.",
    );
    tells_in(
        "linger-and-batch",
        "Batch 2 of orders-1 has waited long enough and goes into request #8 to broker 2.",
        "orders-1의 배치 2가 기다림을 마치고 브로커 2로 보낼 요청 #8에 실립니다.",
    );
    tells_in(
        "linger-and-batch",
        "Batch 3 of orders-1 is full: it goes into request #9 to broker 2 at once.",
        "orders-1의 배치 3이 가득 차서 바로 브로커 2로 보낼 요청 #9에 실립니다.",
    );
    tells_in(
        "acks",
        "It asks for no answer: once it has left, nobody knows what becomes of it.",
        "응답을 요청하지 않습니다.",
    );
}

#[test]
fn a_commit_that_is_asked_for_again_says_which_try_it_is() {
    tells_in(
        "commit-sync-or-async",
        "c2 asks again to commit orders-0: 5, was 2: try 2. The try before failed at 45 444.5; commitSync() has not \
         returned, and the program still waits.",
        "c2가 커밋을 다시 요청합니다(2번째 시도). orders-0: 5 (이전 값 2). 이전 시도는 45 444.5에 실패했습니다.",
    );
    tells_in("commit-sync-or-async", "Asked for at 45 443.5 by commitSync()", "45 443.5에 요청했습니다(commitSync())");
    let closed = format!("{TWO}{AUTO_AGAIN}");
    tells(
        &closed,
        "b asks again to commit t-0: 3; t-1: 3: try 2. The try before failed at ",
        "b가 커밋을 다시 요청합니다(2번째 시도). t-0: 3, t-1: 3.",
    );
    tells(
        &closed,
        "; the call in which b commits has not returned.",
        "b가 커밋하고 있는 호출은 아직 돌아오지 않았습니다.",
    );
}

/// One that is closed commits by itself, and its group takes it only when it asks again.
const AUTO_AGAIN: &str = "consumer b group.id=h auto.offset.reset=earliest\nsubscribe b t\npoll b until=6\n\
    answer-error broker-1 OffsetCommit COORDINATOR_LOAD_IN_PROGRESS client=b\nclose b\nsleep 1000\n";
/// One that was never a member asks for a commit in a group that has members.
const NO_MEMBER: &str = "assign a t-0\ncommit a async t-0=1\npoll a times=2 timeout_ms=50\n";
/// One that was removed while it stood still asks for two commits, of which the first finds no coordinator.
const LATE_COMMITS: &str = "pause-process z\nsleep 10000\nresume-process z\ncommit z async t-0=1\n\
    commit z async t-0=2\nsleep 1000\npoll z times=2 timeout_ms=50\n";
/// A member's commit is answered by a fault.
const FAULTY_ANSWER: &str = "answer-error broker-1 OffsetCommit UNKNOWN_MEMBER_ID client=z\ncommit z async t-0=1\npoll z times=2 timeout_ms=50\n";
/// One that stood still hears that it was removed before it is done with what it had in its hands.
const LATE_WORK: &str = "send p t value=c partition=0 times=3\nwait sent p\n\
    consume-loop z poll_ms=100 process_us=20000000\nsleep 1000\npause-process z\nsubscribe a t\n\
    consume-loop a poll_ms=100\nsleep 12000\nresume-process z\nsleep 30000\n";

#[test]
fn who_is_out_of_its_group_learns_it_once_and_who_was_never_in_does_not() {
    let learns = |lines: &str| told(lines, Lang::En).iter().filter(|text| text.contains("Only now does")).count();
    tells_in("long-pause", "Only now does c1 learn that its group goes on without it.", "이제야 알게 됩니다.");
    let never = format!("{TWO}{NO_MEMBER}");
    tells(
        &never,
        "It is no member of the group; while a group has members, only they commit.",
        "그룹의 멤버가 아닙니다. 그룹에 멤버가 있으면 멤버만 커밋할 수 있습니다.",
    );
    tells(
        &never,
        "Group g refuses a commit of a: UNKNOWN_MEMBER_ID. It knows no such member;",
        "그런 멤버가 없습니다.",
    );
    assert_eq!(learns(&never), 0);
    let faulty = format!("{TWO}{FAULTY_ANSWER}");
    tells(
        &faulty,
        "The answer says that its generation is over; the committed offsets stay as they were.",
        "응답에 따르면 이미 끝난 세대의 커밋입니다. 커밋된 오프셋은 그대로입니다.",
    );
    assert_eq!(learns(&faulty), 0);
    assert_eq!(learns(&format!("{TWO}{LATE_COMMITS}")), 1);
}

#[test]
fn who_has_heard_that_it_was_removed_is_not_unaware_of_it() {
    let late = format!("{TWO}{LATE_WORK}");
    let all = told(&late, Lang::En);
    let of = |end: &str| all.iter().filter(|text| text.starts_with("z has processed") && text.ends_with(end)).count();
    assert_eq!((of(", unaware; a got the partition."), of("; a got the partition.")), (0, 1), "{all:#?}");
}

#[test]
fn an_offset_out_of_range_is_named() {
    tells_in(
        "offset-reset",
        "Broker 1 deletes the records of orders-0 below offset 5, as an administrator asked.",
        "브로커 1이 관리자의 요청대로 orders-0에서 오프셋 5 앞의 레코드를 삭제합니다.",
    );
    tells_in(
        "offset-reset",
        "It wanted offset 3, which the log does not have, so it goes to the beginning.",
        "읽으려던 오프셋 3이 로그에 없어 처음으로 갑니다.",
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
        "z가 t-0@0부터 레코드 3건을 받습니다. 그중 3건은 이미 처리된 것입니다(t-0@0부터).",
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
        "z commits by commitSync(): t-0: 2; t-1: 1.",
        "z가 오프셋을 커밋합니다(commitSync()). t-0: 2, t-1: 1.",
    );
    tells(&lines, "z commits by commitSync(): t-0: 3, was 2.", "t-0: 3 (이전 값 2)");
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
const TROUBLE: [&str; 25] = [
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
    "producer q linger.ms=500\nsend q t value=b\nflush q\nsend q t value=b\nclose q\n",
    "producer q linger.ms=100\nsend q t value=b partition=0\nsleep 50\nsend q t value=b partition=1\nwait sent q\n",
    "producer q buffer.memory=400 batch.size=200 linger.ms=1000\nsend q t value=b partition=0\nsend q t value=b partition=1\n\
     send q t value=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb partition=0\nwait sent q\n",
    "producer q linger.ms=0\nsend q t value=b\nwait sent q\n",
    "producer q\nsend q t value=b\nexit q\n",
    "producer q value.serializer=org.apache.kafka.common.serialization.LongSerializer\nsend q t value=many\nsleep 50\n",
    "producer q acks=1 enable.idempotence=false\nsend q t value=b\nwait sent q\n",
    "producer q acks=0 enable.idempotence=false\nsend q t value=b\nwait sent q\nproducer r linger.ms=1000\nsend r t value=b\nkill r\n",
    "close z operation=remain_in_group\nsleep 10\n",
    "producer q partitioner.ignore.keys=false\nsend q t key=k value=b\nwait sent q\n",
    "producer q partitioner.ignore.keys=true\nsend q t key=k value=b\nwait sent q\n",
    "producer q partitioner.ignore.keys=false partitioner.class=org.apache.kafka.clients.producer.RoundRobinPartitioner\nsend q t key=k value=b\nwait sent q\n",
    "producer q acks=1 linger.ms=500 batch.size=1\nsend q t value=b partition=0\nsend q t value=another-that-finds-no-room partition=0\nwait sent q\n",
    "producer q acks=0 linger.ms=500 batch.size=1\nsend q t value=b partition=0\nsend q t value=another-that-finds-no-room partition=0\nwait sent q\n",
    "producer q linger.ms=100 max.in.flight.requests.per.connection=1\nsend q t value=b partition=0\nwait sent q\npause-process broker-1\n\
     send q t value=b partition=0\nsleep 150\nsend q t value=c partition=0\nsleep 200\nsend q t value=d partition=0\nsleep 10\n",
];

#[test]
fn every_sentence_of_the_past_is_told() {
    let files = [
        include_str!("../src/explain/sentences/again.rs"),
        include_str!("../src/explain/sentences/changes.rs"),
        include_str!("../src/explain/sentences/given.rs"),
        include_str!("../src/explain/sentences/offsets.rs"),
        include_str!("../src/explain/sentences/outcome.rs"),
        include_str!("../src/explain/sentences/tries.rs"),
    ];
    let more = [AUTO_AGAIN, NO_MEMBER, LATE_COMMITS, FAULTY_ANSWER, LATE_WORK];
    let mut scripts: Vec<String> = TROUBLE.iter().chain(&more).map(|lines| format!("{TWO}{lines}")).collect();
    scripts.extend(scenarios::all().iter().map(|scenario| scenario.script.to_string()));
    scripts.extend(
        ["close z\n", "pause-process z\n", "kill z\n", "exit z\n"].map(|lines| format!("{TWO}{lines}{TAKE_OVER}")),
    );
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
