//! What a sentence says of a setting is what that setting does to the client of which it is told.

mod played;

use partita::event::EventName::{self, *};
use partita::ids::EventId;
use partita::lang::Lang;
use partita::view::{Lens, View};
use played::{played, ready};

/// Meaning and reason of a run's last event of this name; of batches that leave, of the first.
fn told(lines: &str, name: EventName, lang: Lang) -> (String, String) {
    let mut timeline = played(lines);
    let mut found = None;
    for number in 1..timeline.moves().len() {
        timeline.seek(number);
        let (first, named) = (
            timeline.moves().first_event(number),
            timeline.events().iter().rposition(|event| event.kind.name() == name),
        );
        if let Some(index) = named.filter(|_| found.is_none() || name != BatchDrained) {
            found = Some((number, EventId(first.0 + u32::try_from(index).expect("few"))));
        }
    }
    let (number, event) = found.expect("it happens");
    timeline.seek(number);
    let story = View::of(&timeline, &Lens { lang, told: Some(event), ..Lens::default() }).story;
    (story.meaning.plain(), story.why.plain())
}

fn both(lines: &str, name: EventName) -> [(String, String); 2] {
    [Lang::En, Lang::Ko].map(|lang| told(lines, name, lang))
}

fn one_send(settings: &str, behind: &str) -> String {
    format!(
        "cluster brokers=1\ntopic t partitions=1\nproducer p {settings}\nsend p t key=k value=a\n{behind}wait sent p\n"
    )
}

#[test]
fn why_a_batch_leaves_names_what_it_carries() {
    let numberless = "It has no sequence number, so a retry may be written twice.";
    let unanswered = "It asks for no answer: once it has left, nobody knows what becomes of it.";
    let cases = [
        (
            "",
            "",
            "It carries sequence number 0: if it comes again, the broker knows it by that.",
            [
                "It waited for linger.ms=5; numbered because enable.idempotence=true, answered under acks=all.",
                "기다린 시간: linger.ms=5, 번호: enable.idempotence=true, 응답 조건: acks=all",
            ],
        ),
        (
            "acks=1",
            "",
            numberless,
            [
                "It waited for linger.ms=5; not numbered because enable.idempotence=false, answered under acks=1.",
                "기다린 시간: linger.ms=5, 번호 없음: enable.idempotence=false, 응답 조건: acks=1",
            ],
        ),
        (
            "acks=0",
            "",
            unanswered,
            ["It waited for linger.ms=5; no answer because acks=0.", "기다린 시간: linger.ms=5, 응답 없음: acks=0"],
        ),
        (
            "acks=1 linger.ms=500 batch.size=1",
            "send p t key=k value=another-one-that-finds-no-room-in-it\n",
            numberless,
            [
                "Closed by batch.size=1; not numbered because enable.idempotence=false, answered under acks=1.",
                "닫힌 이유: batch.size=1, 번호 없음: enable.idempotence=false, 응답 조건: acks=1",
            ],
        ),
        (
            "acks=0 linger.ms=500 batch.size=1",
            "send p t key=k value=another-one-that-finds-no-room-in-it\n",
            unanswered,
            ["Closed by batch.size=1; no answer because acks=0.", "닫힌 이유: batch.size=1, 응답 없음: acks=0"],
        ),
        ("acks=0 linger.ms=500", "flush p\n", unanswered, ["No answer because acks=0.", "응답 없음: acks=0"]),
        (
            "acks=1 linger.ms=500",
            "flush p\n",
            numberless,
            ["Because enable.idempotence=false.", "원인: enable.idempotence=false"],
        ),
    ];
    for (settings, behind, meaning, whys) in cases {
        let [en, ko] = both(&one_send(settings, behind), BatchDrained);
        assert_eq!((en.0.as_str(), [en.1.as_str(), ko.1.as_str()]), (meaning, whys), "{settings}");
    }
}

#[test]
fn a_key_decides_the_partition_only_where_the_partitioner_looks_at_it() {
    let by_key = [
        "Brokers see only bytes. Unless a partition is named, the key's bytes decide it.",
        "브로커는 바이트만 봅니다. 파티션을 지정하지 않았다면 키의 바이트가 정합니다.",
    ];
    let without = [
        "Brokers see only bytes. Unless a partition is named, the partitioner chooses one without looking at the key.",
        "브로커는 바이트만 봅니다. 파티션을 지정하지 않았다면 파티셔너가 키를 보지 않고 고릅니다.",
    ];
    let class = "partitioner.class=org.apache.kafka.clients.producer.RoundRobinPartitioner";
    let cases = [
        (String::new(), by_key, None),
        ("partitioner.ignore.keys=true".to_owned(), without, Some("partitioner.ignore.keys=true")),
        (class.to_owned(), without, Some("partitioner.class=")),
        (format!("{class} partitioner.ignore.keys=true"), without, Some("partitioner.class=")),
    ];
    for (settings, meanings, why) in cases {
        let [en, ko] = both(&one_send(&settings, ""), Serialized);
        assert_eq!([en.0.as_str(), ko.0.as_str()], meanings, "{settings}");
        for said in [&en.1, &ko.1] {
            assert_eq!(said.contains("partitioner"), why.is_some(), "{said}");
            assert!(why.is_none_or(|why| said.contains(why)), "{said}");
        }
    }
}

#[test]
fn a_group_hears_of_a_close_at_once_only_from_a_member_that_leaves() {
    let consumer = |settings: &str, close: &str| {
        format!(
            "cluster brokers=1 group.initial.rebalance.delay.ms=0\ntopic t partitions=1\n\
             consumer c group.id=g {settings}\nsubscribe c t\npoll c assigned=t-0\nclose c {close}\nsleep 100\n"
        )
    };
    let leaves = (
        "Its program called close(), so its group does not have to wait for a timeout to notice.",
        "프로그램이 close()를 불렀으므로, 그룹은 시간 초과를 기다리지 않아도 압니다.",
        "",
    );
    let stays = (
        "Its program called close(), but it does not leave its group, which notices only when the session times out.",
        "프로그램이 close()를 불렀지만 그룹을 떠나지 않습니다. 그룹은 세션 시간이 지나야 압니다.",
        "The group waits for session.timeout.ms=45000.",
    );
    let ends = (
        "Its program called close(): it ends in order, and its connections with it.",
        "프로그램이 close()를 불렀습니다. 연결을 닫고 정상적으로 끝납니다.",
        "",
    );
    let cases = [
        (consumer("", ""), leaves),
        (consumer("", "operation=remain_in_group"), stays),
        (consumer("group.instance.id=one", ""), stays),
        (consumer("group.instance.id=one", "operation=leave_group"), leaves),
        ("cluster brokers=1\ntopic t\nproducer p\nsleep 100\nclose p\nsleep 100\n".to_owned(), ends),
        ("cluster brokers=1\ntopic t\nconsumer c\nassign c t-0\npoll c\nclose c\nsleep 100\n".to_owned(), ends),
    ];
    for (lines, words) in cases {
        let [en, ko] = both(&lines, ClientClosed);
        assert_eq!((en.0.as_str(), ko.0.as_str(), en.1.as_str()), words, "{lines}");
    }
}

/// Its broker stands still with the one request that may be in flight, so a batch stays open behind its time.
#[test]
fn a_record_that_joins_a_batch_behind_its_time_hears_of_no_past_time() {
    let lines = "cluster brokers=1\ntopic t partitions=1\nproducer p linger.ms=100 \
                 max.in.flight.requests.per.connection=1\nsend p t value=a\nwait sent p\npause-process broker-1\n\
                 send p t value=b\nsleep 150\nsend p t value=c\nsleep 200\nsend p t value=d\nsleep 10\n";
    let [en, ko] = both(lines, Appended);
    assert_eq!(en.0, "send() returns; the batch has waited long enough and leaves as soon as it can.");
    assert_eq!(ko.0, "send() 호출이 끝납니다. 배치는 기다림을 마쳤고 가능한 한 바로 떠납니다.");
    let before = lines.replace("sleep 200\nsend p t value=d\n", "");
    let [en, _] = both(&before, Appended);
    assert!(en.0.starts_with("send() returns; the batch waits for more until "), "{}", en.0);
}

#[test]
fn the_promise_and_the_note_below_it_name_one_condition() {
    use partita::view::Explained;
    for (lang, condition) in
        [(Lang::En, "log is lost before others have it"), (Lang::Ko, "로그가 사라지지 않는 한 보장합니다")]
    {
        let timeline = played(&one_send("acks=1", ""));
        let of = Explained::of(&timeline, &Lens { lang, ..Lens::default() }, "acknowledged-kept")
            .expect("it explains itself");
        assert!(of.rows.iter().any(|(_, said)| said.contains(condition)), "{:?}", of.rows);
        assert!(of.note.as_ref().is_some_and(|note| note.contains(condition)), "{:?}", of.note);
    }
}

/// In every ready story: the number of a try is said as its sentence says it, and the short words of a try end it.
#[test]
fn tries_are_numbered_alike_everywhere_and_their_short_words_are_theirs() {
    use partita::view::StationBody;
    let mut timeline = ready("lost-response");
    let (mut numbered, mut short) = (0, 0);
    for number in 0..timeline.moves().len() {
        timeline.seek(number);
        let view = View::of(&timeline, &Lens { lang: Lang::Ko, ..Lens::default() });
        for station in view.producers.producers.iter().flat_map(|one| &one.stations) {
            let StationBody::Result { tries, .. } = &station.body else { continue };
            for piece in tries {
                assert!(!piece.text.contains("시도 1") && !piece.text.contains("시도 2"), "{}", piece.text);
                numbered += usize::from(piece.text.starts_with("2번째 시도 "));
                if let Some(of) = &piece.short {
                    assert!(of.starts_with("응답 유실, ") && piece.text.ends_with(of.as_str()), "{piece:?}");
                    short += 1;
                }
            }
        }
    }
    assert!(numbered > 0 && short > 0, "{numbered} {short}");
}
