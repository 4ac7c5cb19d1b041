//! What is worth a step: whose record is followed, what repeats itself, what comes in which order.

use partita::event::EventName::{self, *};
use partita::ids::{ClientId, EventId, RecordId};
use partita::lang::Lang;
use partita::script::parse;
use partita::timeline::{Opened, Reader, Timeline};
use partita::view::{ChapterState, Lens, StoryKind, View};

/// A run that has been played for so many milliseconds.
fn played(lines: &str, ms: u64) -> Timeline {
    let (script, errors) = parse(lines);
    assert!(errors.is_empty(), "{errors:?}");
    let mut timeline = Timeline::new(&script).expect("the cluster can be made");
    timeline.run_until(partita::time::Instant::from_millis(ms));
    timeline
}

fn names(timeline: &Timeline, reader: Reader) -> Vec<EventName> {
    timeline.moves().story().steps(reader).map(|step| step.name).collect()
}

const STORY: &str = "cluster brokers=1 seed=1 offsets.topic.num.partitions=1 group.initial.rebalance.delay.ms=0\n\
    topic t partitions=1\nproducer p\nconsumer c group.id=g auto.offset.reset=earliest enable.auto.commit=false\n\
    subscribe c t\nconsume-loop c commit=sync\nwait assigned-count c = 1\nsend p t value=1\nwait sent p\nsleep 20\n\
    chapter \"One\" ko=\"하나\" says=\"Look.\" follows=p\nsend p t key=k value=2\nwait sent p\nchapter \"Two\"\nsleep 100\n";

#[test]
fn what_happens_to_the_followed_record_is_a_step_each_in_causal_order() {
    let timeline = played(STORY, 2_000);
    let all = names(&timeline, Reader::default());
    let chapter = all.iter().position(|name| *name == ChapterBegan).expect("the chapter begins");
    let expected = [
        ChapterBegan,
        SendCalled,
        Serialized,
        Partitioned,
        Appended,
        BatchDrained,
        RequestArrived,
        BatchAppended,
        ResponseSent,
        ResponseArrived,
        RecordAcknowledged,
        RecordsReturned,
    ];
    assert_eq!(all[chapter..][..expected.len()], expected);
    let behind = &all[chapter + expected.len()..];
    assert!(behind.starts_with(&[RecordsProcessed, CommitStarted]), "{behind:?}");
    // They are in the order of their events, and of one move too.
    let steps: Vec<EventId> = timeline.moves().story().steps(Reader::default()).map(|step| step.event).collect();
    assert!(steps.is_sorted());
}

#[test]
fn who_chooses_a_record_sees_its_journey_and_not_another_ones() {
    let timeline = played(STORY, 2_000);
    let of = |number| {
        let follows = Some(RecordId { client: ClientId(1), number });
        let story = timeline.moves().story().steps(Reader { follows, opened: None });
        let is_sent = |step: &partita::timeline::Step| step.name == SendCalled;
        story.filter(is_sent).map(|step| timeline.moves().at(step.number)).collect::<Vec<_>>()
    };
    let (first, second) = (of(0), of(1));
    assert_eq!((first.len(), second.len()), (1, 1));
    assert!(first < second);
}

#[test]
fn chapters_take_no_time_and_the_run_stays_the_same() {
    let without: Vec<&str> = STORY.lines().filter(|line| !line.starts_with("chapter")).collect();
    let (with, without) = (played(STORY, 2_000), played(&without.join("\n"), 2_000));
    let events = |timeline: &Timeline| -> Vec<_> {
        let all = timeline.events_of(1, timeline.moves().len());
        all.into_iter()
            .map(|(_, event)| (event.at, event.kind))
            .filter(|(_, kind)| kind.name() != ChapterBegan)
            .collect()
    };
    let (with, without) = (events(&with), events(&without));
    assert_eq!(with.len(), without.len());
    assert!(with.iter().zip(&without).all(|(a, b)| a.0 == b.0 && a.1.name() == b.1.name()));
}

#[test]
fn a_chapter_says_what_there_is_to_see_and_stands_on_the_line() {
    let mut timeline = played(STORY, 2_000);
    let steps: Vec<_> = timeline.moves().story().steps(Reader::default()).collect();
    let first = steps.iter().find(|step| step.name == ChapterBegan).expect("the chapter begins");
    timeline.seek(first.number);
    let view = View::of(&timeline, &Lens::default());
    assert_eq!((view.story.kind, view.story.happened.plain()), (StoryKind::Chapter, "One".to_owned()));
    assert_eq!(view.story.meaning.plain(), "Look. Press → for the first step.");
    let chapters: Vec<_> = view.transport.chapters.iter().map(|mark| (mark.title.as_str(), mark.state)).collect();
    let expected = [("Getting ready", ChapterState::Past), ("One", ChapterState::Now), ("Two", ChapterState::Ahead)];
    assert_eq!(chapters, expected);
    assert_eq!(view.transport.step, "chapter 1 of 2, step 1");
    let ko = View::of(&timeline, &Lens { lang: partita::lang::Lang::Ko, ..Lens::default() });
    assert_eq!(ko.story.happened.plain(), "하나");
}

#[test]
fn what_repeats_itself_is_counted_and_opens() {
    let lines = "cluster brokers=2 seed=1 offsets.topic.num.partitions=1 group.initial.rebalance.delay.ms=0\n\
        topic t partitions=1\nconsumer c group.id=g heartbeat.interval.ms=1000\nsubscribe c t\nconsume-loop c\n\
        wait assigned-count c = 1\nsleep 9500\nkill c\n";
    let mut timeline = played(lines, 20_000);
    let killed = timeline.moves().story().steps(Reader::default()).find(|step| step.name == ClientKilled);
    let killed = killed.expect("the kill is a step");
    timeline.seek(killed.number);
    let view = View::of(&timeline, &Lens::default());
    let fold = view.story.fold.as_ref().expect("something repeated itself");
    let opened = fold.opens.expect("it can be opened");
    assert!(opened.count >= 8 && fold.text.plain().contains("times until"), "{}", fold.text);
    let once = names(&timeline, Reader::default()).len();
    let open = Reader { follows: None, opened: Some(opened) };
    assert_eq!(names(&timeline, open).len(), once + opened.count as usize);
    let third = timeline.moves().story().steps(open).filter(|step| step.name == opened.name).nth(2);
    let third = third.expect("it has three");
    timeline.seek(third.number);
    let lens = Lens { told: Some(third.event), opened: Some(Opened { ..opened }), ..Lens::default() };
    let fold = View::of(&timeline, &lens).story.fold.clone().expect("it says which");
    assert_eq!(fold.text.plain(), format!("Time 3 of {}.", opened.count));
}

#[test]
fn a_commit_of_what_was_committed_is_no_step() {
    let lines = "cluster brokers=1 seed=1 offsets.topic.num.partitions=1 group.initial.rebalance.delay.ms=0\n\
        topic t partitions=1\nproducer p\nconsumer c group.id=g auto.offset.reset=earliest auto.commit.interval.ms=500\n\
        subscribe c t\nconsume-loop c\nwait assigned-count c = 1\nsend p t value=1\nwait sent p\nsleep 5000\n";
    let timeline = played(lines, 6_000);
    let events = timeline.events_of(1, timeline.moves().len());
    let commits = events.iter().filter(|(_, event)| event.kind.name() == OffsetCommitted).count();
    let told = names(&timeline, Reader::default()).into_iter().filter(|name| *name == OffsetCommitted).count();
    assert!(commits > 4, "it commits again and again: {commits}");
    assert_eq!(told, 1);
}

#[test]
fn what_is_wrong_with_a_thing_to_try_is_told_where_it_stands() {
    let script = "cluster brokers=1\ntopic t\nproducer p\ntry \"a\" line=\"kill q\"\ntry \"b\" line=\"sleep 1\" instead=\"sleep 2\"\n\
                  try \"c\"\nchapter \"\"\nchapter \"x\" follows=q\ntry \"d=e\" line=\"kill p\"\n";
    let (_, errors) = parse(script);
    let told: Vec<(u32, String)> =
        errors.iter().map(|error| (error.line, error.sentence(partita::lang::Lang::En))).collect();
    let of = |row: u32| told.iter().find(|(line, _)| *line == row).map(|(_, text)| text.as_str()).unwrap_or_default();
    assert!(of(4).contains("`q`"), "{told:?}");
    assert!(of(5).contains("`sleep 2`") && of(5).contains("the text of a line of this script"), "{told:?}");
    assert!(of(6).contains("line"), "{told:?}");
    assert!(of(7).contains("1 to 40 characters"), "{told:?}");
    assert!(of(8).contains("`q`"), "{told:?}");
    assert_eq!(of(9), "", "a label may have an equals sign");
}

/// A move without an event says what the run is at: which program works, or that the script lets time pass.
#[test]
fn a_move_without_an_event_says_what_the_run_is_at() {
    let lines =
        "cluster brokers=1 seed=1\ntopic t partitions=1\nproducer p\nsend p t value=a\nwait sent p\nsleep 200\n";
    let mut timeline = played(lines, 500);
    let mut said = [Vec::new(), Vec::new()];
    for number in 1..=timeline.position() {
        timeline.seek(number);
        if timeline.events().is_empty() {
            for (said, lang) in said.iter_mut().zip([Lang::En, Lang::Ko]) {
                let story = View::of(&timeline, &Lens { lang, ..Lens::default() }).story;
                said.push(format!("{} {}", story.happened.plain(), story.meaning.plain()));
            }
        }
    }
    let [en, ko] = &said;
    let says = |all: &[String], words: &str| assert!(all.iter().any(|text| text.contains(words)), "{words}: {all:#?}");
    says(en, "The run gets ready: topic t partitions=1 (line 2). Nothing that has a sentence happens in this move.");
    says(en, "p's program is at work: send p t value=a (line 4).");
    says(en, "The script waits: wait sent p (line 5).");
    says(en, "The script lets time pass: sleep 200 (line 6).");
    says(ko, "스크립트가 시간을 보냅니다: sleep 200 (6행). 이 이동에는 이야기할 일이 없습니다.");
    says(ko, "p의 프로그램이 일하는 중입니다: send p t value=a (4행).");
}

/// Each of many chapters would stand in every picture.
#[test]
fn a_script_has_fifty_chapters_and_twenty_tries_at_most() {
    let chapters: String = (0..51).map(|i| format!("chapter \"c{i}\"\n")).collect();
    let (_, errors) = parse(&format!("cluster brokers=1\n{chapters}"));
    let said: Vec<String> = errors.iter().map(|error| error.sentence(Lang::En)).collect();
    assert_eq!((errors.len(), errors[0].line), (1, 52), "{said:?}");
    assert!(said[0].contains("a run holds at most 50 chapters, and `c50` is one more"), "{said:?}");
    let tries: String = (0..21).map(|i| format!("try \"t{i}\" line=\"crash broker-1\"\n")).collect();
    let (_, errors) = parse(&format!("cluster brokers=1\n{tries}"));
    assert_eq!((errors.len(), errors[0].line), (1, 22), "{errors:?}");
    // What does nothing is nothing to try.
    for line in ["wait broker broker-1 up", "# hi", "sleep"] {
        let (_, errors) = parse(&format!("cluster brokers=1\ntry \"t\" line=\"{line}\"\n"));
        assert_eq!((errors.len(), errors[0].line), (1, 2), "{line}: {errors:?}");
    }
}
