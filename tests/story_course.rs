//! A story's course, which is kept and goes on, is at each place what a fold over all that can be told comes to: on the first
//! visit, when one comes back, and behind what was taken back.

use partita::ids::{ClientId, EventId, RecordId};
use partita::scenarios;
use partita::script::parse;
use partita::time::Instant;
use partita::timeline::{Folded, Opened, Reader, Step, Steps, Story, Subject, Timeline, Told, Worth};

/// What a fold from the start comes to at a place.
#[derive(Debug, Default, PartialEq)]
struct Folding {
    followed: (Option<RecordId>, Option<ClientId>),
    steps: Vec<Step>,
    chapters: Vec<(u32, usize)>,
    folded: Vec<Folded>,
}

fn afresh(story: &Story, reader: Reader, place: (u64, EventId)) -> Folding {
    let mut fold = Steps::new(reader);
    let mut found = Folding::default();
    let (mut counted, mut last): (Vec<Folded>, _) = (Vec::new(), None);
    for told in story.told().iter().take_while(|told| told.place() <= place) {
        let Told { number, name, actor, event, worth, .. } = *told;
        let is_step = fold.take(told);
        found.followed = (fold.followed(), fold.awaited());
        if let Subject::Chapter { line, .. } = told.subject {
            found.chapters.push((line, found.steps.len()));
        }
        if is_step {
            found.steps.push(Step::of(told));
            (found.folded, last) = (std::mem::take(&mut counted), Some((number, name, actor)));
        } else if worth != Worth::Own && last != Some((number, name, actor)) {
            match counted.iter_mut().find(|of| (of.name, of.actor) == (name, actor)) {
                Some(of) => (of.count, of.last) = (of.count + 1, event),
                None => counted.push(Folded { name, actor, count: 1, first: event, last: event }),
            }
        }
    }
    found
}

fn kept(story: &Story, reader: Reader, place: (u64, EventId)) -> Folding {
    let course = story.course(reader);
    let (steps, chapters) = (course.steps_to(place), course.chapters_to(place));
    Folding {
        followed: course.followed_at(place),
        steps: course.steps()[..steps].to_vec(),
        chapters: course.chapters()[..chapters].iter().map(|begun| (begun.line, begun.steps)).collect(),
        folded: steps.checked_sub(1).map(|last| story.folded(&course, last)).unwrap_or_default(),
    }
}

fn start(script: &str) -> Timeline {
    let (script, errors) = parse(script);
    assert!(errors.is_empty(), "{errors:?}");
    Timeline::new(&script).expect("the cluster can be made")
}

/// Who reads: the story's own, who follows a record, and who has opened what is counted most.
fn readers(timeline: &Timeline) -> Vec<Reader> {
    let story = timeline.moves().story();
    let course = story.course(Reader::default());
    let folds = (0..course.steps().len()).flat_map(|index| story.folded(&course, index));
    let most = folds.max_by_key(|folded| folded.count);
    let opened = most.map(|Folded { name, actor, count, first, last }| Opened { name, actor, count, first, last });
    let follows = Some(RecordId { client: ClientId(1), number: 0 });
    [Reader::default(), Reader { follows, opened: None }, Reader { follows: None, opened }].to_vec()
}

#[test]
fn a_course_that_went_on_is_what_a_fold_from_the_start_comes_to() {
    for scenario in scenarios::all() {
        let mut whole = start(&scenario.script);
        whole.run_until(Instant::from_millis(60_000));
        for reader in readers(&whole) {
            let mut timeline = start(&scenario.script);
            let mut looked = 0;
            while timeline.position() < whole.position() && timeline.forward() {
                let story = timeline.moves().story();
                if story.told().len() < looked + 23 {
                    continue;
                }
                looked = story.told().len();
                let place = (timeline.position(), EventId(u32::MAX));
                assert_eq!(kept(story, reader, place), afresh(story, reader, place), "{}", scenario.id);
            }
            assert!(looked > 0, "{}: it was looked at", scenario.id);
            // What one finds on one's way back is what was there at first.
            let story = timeline.moves().story();
            for told in story.told().iter().rev().step_by(31) {
                assert_eq!(kept(story, reader, told.place()), afresh(story, reader, told.place()), "{}", scenario.id);
            }
        }
    }
}

#[test]
fn what_was_taken_back_is_in_no_course() {
    let script = &scenarios::all()[0].script;
    let mut timeline = start(script);
    timeline.run_until(Instant::from_millis(60_000));
    let all = readers(&timeline);
    let end = timeline.moves().len();
    for reader in all {
        let course = timeline.moves().story().course(reader);
        let before = course.steps().len();
        let middle = course.steps()[before / 2].number;
        timeline.seek(middle);
        timeline.forget_behind(middle);
        let story = timeline.moves().story();
        let place = (end, EventId(u32::MAX));
        assert_eq!(kept(story, reader, place), afresh(story, reader, place));
        assert!(story.course(reader).steps().len() < before);
        timeline.run_until(Instant::from_millis(60_000));
        assert_eq!(timeline.moves().story().course(reader).steps().len(), before);
    }
}
