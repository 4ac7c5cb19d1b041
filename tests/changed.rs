//! A story that its reader has changed: its chapters say what was changed and what differs so far, and where it cannot go on
//! as it was written, its end says so in plain words.

#[path = "played/begun.rs"]
mod begun;

use begun::run;
use partita::event::EventName;
use partita::explain::{Span, Spans, Target, ms};
use partita::lang::Lang;
use partita::scenarios::Scenario;
use partita::script::{ScriptContext, parse, parse_line, print_line};
use partita::simulation::{Command, Progress};
use partita::timeline::{Reader, Step, Timeline};
use partita::view::{Lens, StoryKind, View};

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

/// When the script stopped.
fn stopped_at(timeline: &Timeline) -> String {
    let mut steps = timeline.moves().story().steps(Reader::default());
    let stop = steps.find(|step| step.name == EventName::ScriptStopped).expect("it has stopped");
    ms(timeline.moves().at(stop.number))
}

fn links(spans: &Spans) -> Vec<Target> {
    let link = |span: &Span| match span {
        Span::Link { to, .. } => Some(*to),
        _ => None,
    };
    spans.0.iter().filter_map(link).collect()
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
    let at = stopped_at(&timeline);
    let waited = format!(
        "The story cannot go on as it was written: it waited until {at} for group billing to be Stable and have 3 members, and \
         that did not come."
    );
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
        format!(
            "이야기를 본래대로 이어 갈 수 없습니다. {at}까지 기다렸으나 이루어지지 않은 것: 그룹 billing의 상태 Stable, 멤버 \
             3명. 그룹 billing의 현재 소유: c4 orders-2; c3 orders-0, orders-1. 스크립트에서 그 뒤의 한 행은 수행하지 않습니다."
        )
    );
}

/// What is left out of a story is named by the titles of its chapters.
#[test]
fn the_end_names_the_chapters_that_are_left_out() {
    let story = |behind: &str| {
        let mut timeline = run(&format!(
            "{BEFORE}chapter \"One\" ko=\"하나\"\nwait count c = 3 timeout_ms=500\n{behind}@600000 kill c\n"
        ));
        play(&mut timeline);
        [Lang::En, Lang::Ko].map(|lang| end(&timeline, lang).1)
    };
    let two = "chapter \"Two\" ko=\"둘\"\n";
    let [en, ko] = story(&format!("{two}send p t value=1\n"));
    assert!(en.ends_with(" Left out: chapter “Two”, with 1 line of the script."), "{en}");
    assert!(ko.ends_with(" 진행하지 않는 챕터: “둘”. 수행하지 않는 스크립트 행: 1개."), "{ko}");
    let [en, ko] = story(&format!("send p t value=1\n{two}sleep 5\nchapter \"Three\" ko=\"셋\"\n"));
    assert!(en.ends_with(" Left out: chapters “Two”, “Three”, with 2 lines of the script."), "{en}");
    assert!(ko.ends_with(" 진행하지 않는 챕터: “둘”, “셋”. 수행하지 않는 스크립트 행: 2개."), "{ko}");
    let [en, ko] = story(two);
    assert!(en.ends_with(" Left out: chapter “Two”."), "{en}");
    assert!(ko.ends_with(" 진행하지 않는 챕터: “둘”."), "{ko}");
}

/// A cluster, a consumer that reads, and 9 lines up to the one that is tried.
const BEFORE: &str = "cluster brokers=1 seed=1\ntopic t partitions=1\nproducer p\nconsumer c group.id=g\nsubscribe c t\n\
                      consume-loop c\nwait assigned-count c = 1\nsleep 1000\n";

/// What else one's own doing may take from a story: the client that a line is for, or whose turn is waited for.
#[test]
fn other_stops_by_ones_own_doing_are_told_in_plain_words() {
    let waits = [
        ("count c = 3", "kill c", "for c to read 3 records, and that did not come: c's process ended at "),
        ("committed g t-0 = 5", "close c", "for group g to commit 5 for t-0, and that did not come: c was closed at "),
        ("latest t-0 = 5", "kill p", "for t-0 to end at offset 5, and that did not come."),
    ];
    let can = "Change the line and open the script again, or go on by hand.";
    for (wait, done, words) in waits {
        for verb in ["wait", "run until"] {
            let line = format!("{verb} {wait} timeout_ms=500");
            let mut timeline = run(&format!("{BEFORE}{line}\n@600000 {done}\n"));
            play(&mut timeline);
            let at = stopped_at(&timeline);
            let (_, meaning) = end(&timeline, Lang::En);
            let told = "The script cannot go on as it was written";
            let expected = format!("{told} (line 9, {line}): it waited until {at} {words}");
            assert!(meaning.starts_with(&expected), "{meaning}\n{expected}");
            assert!(meaning.ends_with(can), "who opened the script may have written it: {meaning}");
            let (_, ko) = end(&timeline, Lang::Ko);
            let told = "스크립트를 본래대로 이어 갈 수 없습니다";
            let expected = format!("{told}(9행, {line}). {at}까지 기다렸으나 이루어지지 않은 것: ");
            assert!(ko.starts_with(&expected), "{ko}");
            // Without one's own doing the line is its author's fault, and is quoted.
            let mut timeline = run(&format!("{BEFORE}{line}\n"));
            play(&mut timeline);
            assert!(end(&timeline, Lang::En).0.starts_with("Line 9, "));
        }
    }
}

/// The program that a story's line is for is gone, before it or while it carries it out.
#[test]
fn a_line_for_a_program_that_was_killed_is_told_by_when_it_ended() {
    let story = "cluster brokers=1 seed=1\ntopic t partitions=1\nproducer p\nconsumer c\nassign c t-0\nchapter \"One\" says=\"One.\"\n";
    for line in ["sleep 1000\nsend p t value=1\n", "poll c timeout_ms=5000\n"] {
        let killed = if line.starts_with("poll") { "c" } else { "p" };
        let mut timeline = run(&format!("{story}{line}@600000 kill {killed}\n"));
        play(&mut timeline);
        let (_, meaning) = end(&timeline, Lang::En);
        let told = "The story cannot go on as it was written";
        assert_eq!(meaning, format!("{told}: {killed}'s process ended at 600.0 ms."));
        let (_, ko) = end(&timeline, Lang::Ko);
        let told = "이야기를 본래대로 이어 갈 수 없습니다";
        assert_eq!(ko, format!("{told}. {killed}: 프로세스가 600.0 ms에 끝났습니다."));
    }
}

/// A wrong line is its author's, whatever one does behind it.
#[test]
fn what_is_done_behind_a_stop_is_not_what_stopped_it() {
    let mut timeline = run(&format!("{BEFORE}wait count c = 3 timeout_ms=500\nsend p t value=1\n"));
    play(&mut timeline);
    let stopped = timeline.position();
    by_hand(&mut timeline, "kill c");
    by_hand(&mut timeline, "kill p");
    while timeline.forward() {}
    let quoted = "Line 9, wait count c = 3 timeout_ms=500, is not carried out: ";
    let (happened, _) = end(&timeline, Lang::En);
    assert!(happened.starts_with(quoted), "{happened}");
    assert!(!happened.contains("process ended"), "{happened}");
    // In a branch that left behind the stop as well.
    timeline.seek(stopped);
    by_hand(&mut timeline, "kill p");
    assert_eq!(timeline.current(), 1);
    assert!(end(&timeline, Lang::En).0.starts_with(quoted));
    by_hand(&mut timeline, "kill c");
    while timeline.forward() {}
    // What only looks makes nothing happen.
    by_hand(&mut timeline, "callbacks c");
    let quiet = View::of(&timeline, &Lens::default()).story.happened.plain();
    assert_eq!(quiet, "The run has come to its end; its script stopped at line 9.");
    // What was done before may have; what ended afterwards has not.
    let mut timeline = run(&format!("{BEFORE}wait count c = 3 timeout_ms=500\n@600000 send p t value=1\n"));
    play(&mut timeline);
    by_hand(&mut timeline, "kill c");
    let (_, meaning) = end(&timeline, Lang::En);
    assert!(meaning.contains(" for c to read 3 records, and that did not come. "), "{meaning}");
}

/// Two changes from the start, one made of the other: that the first is in this run is seen where it was only if the second
/// has changed nothing before.
#[test]
fn an_earlier_change_leads_to_where_it_is_first_seen_only_in_the_run_that_has_that_move() {
    let story = |first: &str, value: &str| {
        format!(
            "cluster brokers=1 seed=1\ntopic t partitions=1\nproducer p\n{first}chapter \"One\" says=\"One.\"\nsleep 1000\n\
             send p t value={value}\nwait sent p\nchapter \"Two\" says=\"Two.\"\nsleep 5\n"
        )
    };
    let (early, late) = (story("producer q\n", "1"), story("", "22"));
    let both = story("producer q\n", "22");
    let cases = [
        (late, "late", "early", "late; early (first seen at ", 1),
        (early, "early", "late", "early (first seen at ", 2),
    ];
    for (first, name, then, words, leads) in cases {
        let mut timeline = run(&story("", "1"));
        play(&mut timeline);
        for (text, name) in [(&first, name), (&both, then)] {
            timeline.change_from_start(parse(text).0, name).expect("it can be made");
            play(&mut timeline);
        }
        let told = chapter(&mut timeline, 2, Lang::En).story.meaning.clone();
        assert!(told.plain().starts_with(&format!("Changed here: {words}")), "{}", told.plain());
        assert_eq!(links(&told).len(), leads, "{}", told.plain());
    }
}

#[test]
fn a_branch_of_a_changed_run_is_changed_from_where_that_one_left() {
    let mut timeline = run(&ready("lost-response"));
    play(&mut timeline);
    let changed =
        ready("lost-response").replace("producer producer-1 ", "producer producer-1 enable.idempotence=false ");
    timeline.change_from_start(parse(&changed).0, "changed").expect("it can be made");
    play(&mut timeline);
    let of_parent = chapter(&mut timeline, 2, Lang::En).story.meaning.clone();
    assert!(of_parent.plain().starts_with("Changed here: changed (first seen at "), "{}", of_parent.plain());
    timeline.seek(timeline.moves().len() - 1);
    by_hand(&mut timeline, "kill producer-2");
    assert_eq!(timeline.current(), 2);
    let told = chapter(&mut timeline, 2, Lang::En).story.meaning.clone();
    assert_eq!(told, of_parent, "up to here they are one run");
    assert_eq!(links(&told).len(), 1);
}

#[test]
fn one_of_a_kind_is_told_in_the_singular() {
    let client = |name: &str| {
        format!("consumer {name} group.id=g session.timeout.ms=6000\nsubscribe {name} t\nconsume-loop {name}\n")
    };
    let mut timeline = run(&format!(
        "cluster brokers=1 seed=1\ntopic t partitions=2\n{}{}wait group g state Stable members 2\n\
         chapter \"One\" says=\"One.\"\nsleep 20000\nchapter \"Two\" says=\"Two.\"\nsleep 5\n",
        client("c"),
        client("d")
    ));
    play(&mut timeline);
    chapter(&mut timeline, 1, Lang::En);
    by_hand(&mut timeline, "kill c");
    play(&mut timeline);
    let two = chapter(&mut timeline, 2, Lang::En).story.meaning.plain();
    let differs = "So far otherwise than in the story's own run: 1 member gone, not 0; 2 rebalances, not 1.";
    assert!(two.ends_with(differs), "{two}");
    let two = chapter(&mut timeline, 2, Lang::Ko).story.meaning.plain();
    assert!(two.ends_with("여기까지 이야기 본래 실행과 다른 것: 빠진 멤버 1 (본래 0); 리밸런스 2 (본래 1)."), "{two}");
}

/// A class of two hundred lines is no sentence.
#[test]
fn pasted_code_is_named_not_quoted() {
    let mut timeline =
        run("cluster brokers=1 seed=1\ntopic t partitions=1\nproducer p\nchapter \"One\" says=\"One.\"\nsleep 100\n\
         chapter \"Two\" says=\"Two.\"\nsleep 5\n");
    play(&mut timeline);
    chapter(&mut timeline, 1, Lang::En);
    by_hand(&mut timeline, "code p text=\"class A {}\"");
    let done = |timeline: &Timeline, lang| View::of(timeline, &Lens { lang, ..Lens::default() }).story.happened.plain();
    assert_eq!(done(&timeline, Lang::En), "You did this: code pasted for p");
    assert_eq!(done(&timeline, Lang::Ko), "사용자가 한 일: 붙여 넣은 코드(p)");
    play(&mut timeline);
    let two = chapter(&mut timeline, 2, Lang::En).story.meaning.plain();
    assert!(two.starts_with("Changed here: code pasted for p at "), "{two}");
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

/// What a story offers to try may be otherwise from its first chapter on, or from the middle of one.
#[test]
fn a_chapter_does_not_say_what_a_try_has_changed() {
    let tried = |id: &str, of: usize| {
        let mut timeline = run(&ready(id));
        play(&mut timeline);
        let script = timeline.script();
        let of = script.tries().nth(of).expect("a proposal").clone();
        match partita::draft::tried(&script, &of).expect("it can be tried") {
            partita::draft::Tried::FromStart(script) => {
                timeline.change_from_start(script, &of.label.en).expect("a run");
            }
            partita::draft::Tried::Here(_) => panic!("{} is done at the end", of.label.en),
        }
        play(&mut timeline);
        timeline
    };
    for (id, of, number, stale) in [
        ("linger-and-batch", 0, 1, "linger.ms=200"),
        ("linger-and-batch", 1, 4, "no longer fits"),
        ("full-buffer", 0, 2, "has to wait"),
        ("four-consumers", 1, 2, "45 seconds"),
    ] {
        let mut timeline = tried(id, of);
        let said = chapter(&mut timeline, number, Lang::En).story.meaning.plain();
        assert!(said.starts_with("Changed here: ") && !said.contains(stale), "{id}, chapter {number}: {said}");
    }
}
