//! A story that its reader has changed: its chapters say what was changed and what differs so far, and where it cannot go on
//! as it was written, its end says so in plain words.

use partita::event::EventName;
use partita::explain::Span;
use partita::lang::Lang;
use partita::scenarios::Scenario;
use partita::script::{ScriptContext, parse, parse_line, print_line};
use partita::simulation::{Command, Progress};
use partita::timeline::{Reader, Step, Timeline};
use partita::view::{Lens, StoryKind, View};

fn run(text: &str) -> Timeline {
    let (script, errors) = parse(text);
    assert!(errors.is_empty(), "{errors:?}");
    Timeline::new(&script).expect("a cluster")
}

fn ready(id: &str) -> String {
    Scenario::by_id(id).expect("a ready scenario").script.to_string()
}

/// Plays until the script has ended, or stopped, and a while longer.
fn play(timeline: &mut Timeline) {
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {}
}

fn by_hand(timeline: &mut Timeline, line: &str) {
    let mut context = ScriptContext::default();
    for line in &timeline.script().lines {
        let _ = parse_line(&print_line(line), line.number, &mut context);
    }
    let line = parse_line(line, 1, &mut context).expect("a valid line");
    timeline.act(Command(line.statement)).expect("it can be done");
}

/// The chapter of this number, from 1, as it is told.
fn chapter(timeline: &mut Timeline, number: usize, lang: Lang) -> View {
    let chapters =
        timeline.moves().story().steps(Reader::default()).filter(|step| step.name == EventName::ChapterBegan);
    let step: Step = chapters.collect::<Vec<_>>()[number - 1];
    timeline.seek(step.number);
    View::of(timeline, &Lens { lang, told: Some(step.event), ..Lens::default() })
}

fn end(timeline: &Timeline, lang: Lang) -> (String, String) {
    let view = View::of(timeline, &Lens { lang, ended: true, ..Lens::default() });
    assert_eq!(view.story.kind, StoryKind::End);
    (view.story.happened.plain(), view.story.meaning.plain())
}

/// The story waits for three members, and its reader has killed one of them.
#[test]
fn the_end_of_a_story_that_cannot_go_on_says_what_it_came_to_and_what_it_waited_for() {
    let mut timeline = run(&format!("{}@20000000 kill c2\n", ready("four-consumers")));
    play(&mut timeline);
    let stop = timeline.moves().story().steps(Reader::default()).last().expect("it has steps");
    assert_eq!(stop.name, EventName::ScriptStopped);
    let told = View::of(&timeline, &Lens { told: Some(stop.event), ..Lens::default() });
    assert_eq!(told.story.kind, StoryKind::Stopped);
    let waited = "The story cannot go on as it was written: it waited for group billing to be Stable and have 3 members, \
                  and that does not come.";
    assert_eq!(told.story.happened.plain(), waited);
    let stands = "Group billing now: c4 owns orders-2; c3 owns orders-0, orders-1. The one line of its script behind this is \
                  left out.";
    assert_eq!(told.story.meaning.plain(), stands);
    let (happened, meaning) = end(&timeline, Lang::En);
    assert_eq!(happened, "The story ends here. No acknowledged record was lost.");
    assert_eq!(meaning, format!("{waited} {stands}"));
    let (happened, meaning) = end(&timeline, Lang::Ko);
    assert_eq!(happened, "이야기가 여기서 끝납니다. ack된 레코드는 유실되지 않았습니다.");
    assert_eq!(
        meaning,
        "이야기를 본래대로 이어 갈 수 없습니다. 기다렸으나 이루어지지 않은 것: 그룹 billing의 상태 Stable, 멤버 3명. \
         그룹 billing의 현재 소유: c4 orders-2; c3 orders-0, orders-1. 스크립트에서 그 뒤의 한 행은 수행하지 않습니다."
    );
}

/// What else one's own doing may take from a story: the client that a line is for, or whose turn is waited for.
#[test]
fn other_stops_by_ones_own_doing_are_told_in_plain_words() {
    let cluster = "cluster brokers=1 seed=1\ntopic t partitions=1\nproducer p\nconsumer c group.id=g\nsubscribe c t\n\
                   consume-loop c\nwait assigned-count c = 1\nsleep 1000\n";
    let cases = [
        ("send p t value=1\n", "kill p", "The script cannot go on as it was written: p's process has ended"),
        (
            "wait count c = 3 timeout_ms=500\n",
            "kill c",
            "The script cannot go on as it was written: it waited for c to read 3 records, and that does not come: c's process \
             ended at",
        ),
        (
            "wait committed g t-0 = 5 timeout_ms=500\n",
            "close c",
            "The script cannot go on as it was written: it waited for group g to commit 5 for t-0, and that does not come: c was \
             closed at",
        ),
        (
            "wait latest t-0 = 5 timeout_ms=500\n",
            "kill p",
            "The script cannot go on as it was written: it waited for t-0 to end at offset 5, and that does not come.",
        ),
    ];
    for (line, done, words) in cases {
        let mut timeline = run(&format!("{cluster}{line}@600000 {done}\n"));
        play(&mut timeline);
        let (happened, meaning) = end(&timeline, Lang::En);
        assert!(meaning.starts_with(words), "{done}: {meaning}");
        assert!(!happened.contains("ine 9"), "{happened}");
        let (_, ko) = end(&timeline, Lang::Ko);
        assert!(ko.starts_with("스크립트를 본래대로 이어 갈 수 없습니다."), "{ko}");
        // Without one's own doing the line is its author's fault, and is quoted.
        let (row, wrong) = (9, line.replace("send p", "send q"));
        if line.starts_with("wait") {
            let mut timeline = run(&format!("{cluster}{wrong}"));
            play(&mut timeline);
            assert!(end(&timeline, Lang::En).0.starts_with(&format!("Line {row}, ")));
        }
    }
}

#[test]
fn a_chapter_of_a_branch_says_what_was_changed_and_what_differs_so_far() {
    let mut timeline = run(&ready("lost-response"));
    play(&mut timeline);
    let own = chapter(&mut timeline, 2, Lang::En).story.meaning.plain();
    let changed =
        ready("lost-response").replace("producer producer-1 ", "producer producer-1 enable.idempotence=false ");
    let (script, errors) = parse(&changed);
    assert!(errors.is_empty() && changed != ready("lost-response"), "{errors:?}");
    let label = timeline.branch().scenario.tries().next().expect("something can be tried").label.clone();
    timeline.change_from_start(script, &label.en).expect("it can be made");
    play(&mut timeline);
    let last = timeline.branch().scenario.chapters().count();
    let told = chapter(&mut timeline, last, Lang::En).story.meaning.clone();
    let begins = format!("Changed here: {} (first seen at ", label.en);
    assert!(told.plain().starts_with(&begins), "{}", told.plain());
    assert!(told.plain().contains("So far otherwise than in the story's own run: "), "{}", told.plain());
    assert!(told.0.iter().any(|span| matches!(span, Span::Link { .. })), "it leads to where it begins to differ");
    assert_ne!(told.plain(), own);
    let ko = chapter(&mut timeline, last, Lang::Ko).story.meaning.plain();
    assert!(ko.starts_with(&format!("여기서 바꾼 것: {}(", label.ko)) && ko.contains("에 처음 드러남)"), "{ko}");
}

#[test]
fn a_chapter_behind_a_deed_counts_what_differs_or_says_that_nothing_does() {
    let story = "cluster brokers=1 seed=1\ntopic t partitions=1\nproducer p\nsend p t value=0\nwait sent p\n\
                 chapter \"One\" says=\"Its own words.\"\nsleep 100\nsend p t value=1\nwait sent p\nchapter \"Two\" says=\"Two.\"\n\
                 sleep 100\nchapter \"Three\" says=\"Three.\"\nsleep 5\n";
    let mut timeline = run(story);
    play(&mut timeline);
    assert_eq!(chapter(&mut timeline, 3, Lang::En).story.meaning.plain(), "Three.");
    let two =
        timeline.moves().story().steps(Reader::default()).filter(|step| step.name == EventName::ChapterBegan).nth(1);
    timeline.seek(two.expect("it has begun").number);
    by_hand(&mut timeline, "send p t value=2");
    play(&mut timeline);
    assert_eq!(timeline.current(), 1);
    assert!(
        chapter(&mut timeline, 1, Lang::En).story.meaning.plain().starts_with("Its own words."),
        "nothing is changed yet"
    );
    let three = chapter(&mut timeline, 3, Lang::En).story.meaning.plain();
    assert!(three.starts_with("Changed here: send p t value=2 at "), "{three}");
    assert!(
        three.ends_with("So far otherwise than in the story's own run: 3 sent, not 2; 3 acknowledged, not 2."),
        "{three}"
    );
    // What only looks changes nothing.
    timeline.switch(0);
    timeline.seek(two.expect("it has begun").number);
    by_hand(&mut timeline, "describe topic t");
    play(&mut timeline);
    let three = chapter(&mut timeline, 3, Lang::En).story.meaning.plain();
    assert!(three.ends_with("Up to here nothing is otherwise than in the story's own run."), "{three}");
    let ko = chapter(&mut timeline, 3, Lang::Ko).story.meaning.plain();
    assert!(ko.ends_with("여기까지는 이야기 본래 실행과 다른 것이 없습니다."), "{ko}");
}
