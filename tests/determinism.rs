//! Equal runs are equal to the bit: two plays of a script, and any place of a run however it is reached.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use partita::rng::Rng;
use partita::scenarios::Scenario;
use partita::script::stored::{ReaderState, Stored, StoredBranch, decode, encode};
use partita::script::{ScriptContext, parse, parse_line};
use partita::simulation::{Command, Progress};
use partita::timeline::Timeline;
use partita::timeline::digest::Digest;
use proptest::prelude::*;

struct Shown<'a>(&'a mut Digest);

impl Write for Shown<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

/// The whole state, what watches it, and what happened in the move that led there.
fn digest(timeline: &Timeline) -> u64 {
    let mut digest = Digest::default();
    write!(Shown(&mut digest), "{:?}", timeline.simulation()).expect("a digest takes everything");
    timeline.observers().hash(&mut digest);
    timeline.events().hash(&mut digest);
    digest.finish()
}

/// Where the run stands, all that was told on the way there, and what happened last.
fn happened(timeline: &Timeline) -> u64 {
    let mut digest = Digest::default();
    (timeline.place(), timeline.position(), timeline.events()).hash(&mut digest);
    timeline.observers().hash(&mut digest);
    digest.finish()
}

fn timeline(id: &str) -> Timeline {
    let scenario = Scenario::by_id(id).expect("a ready scenario");
    let (script, errors) = parse(&scenario.script);
    assert!(errors.is_empty(), "{errors:?}");
    Timeline::new(&script).expect("the cluster can be made")
}

fn goes_on(timeline: &mut Timeline) -> bool {
    timeline.forward() && matches!(timeline.simulation().progress(), Progress::Playing(_))
}

#[test]
fn two_runs_are_equal_after_every_thousand_moves() {
    for id in ["auto-commit", "four-consumers", "lost-response"] {
        let (mut one, mut other) = (timeline(id), timeline(id));
        let mut compared = 0;
        while goes_on(&mut one) {
            goes_on(&mut other);
            if one.position().is_multiple_of(1000) {
                assert_eq!(digest(&one), digest(&other), "{id} after {} moves", one.position());
                compared += 1;
            }
        }
        assert!(compared > 1, "{id} is too short to tell");
    }
}

#[test]
fn every_place_of_a_small_run_is_as_it_was_at_first() {
    let mut run = timeline("synchronous");
    let mut first = vec![None];
    while goes_on(&mut run) {
        first.push(Some(digest(&run)));
    }
    let mut places: Vec<u64> = (1..first.len() as u64).collect();
    let mut rng = Rng::new(1);
    for i in (1..places.len()).rev() {
        places.swap(i, rng.below(i as u64 + 1) as usize);
    }
    for place in places {
        run.seek(place);
        assert_eq!(Some(digest(&run)), first[place as usize], "at {place}");
    }
}

/// So long that checkpoints are thinned; and with a branch, after which the former future is as it was.
#[test]
fn places_of_a_long_run_are_as_they_were_over_thinned_checkpoints_and_forks() {
    let mut run = timeline("four-consumers");
    let mut first = BTreeMap::new();
    while goes_on(&mut run) {
        if run.position() % 397 == 5 {
            first.insert(run.position(), digest(&run));
        }
    }
    let moves = run.moves().len();
    assert!(moves > 64 * 64, "{moves} moves thin no checkpoints");
    let mut rng = Rng::new(2);
    let places: Vec<u64> = first.keys().copied().collect();
    let check = |run: &mut Timeline, rng: &mut Rng| {
        for _ in 0..30 {
            let place = places[rng.below(places.len() as u64) as usize];
            run.seek(place);
            assert_eq!(digest(run), first[&place], "at {place}");
        }
    };
    check(&mut run, &mut rng);
    run.seek(moves / 2);
    run.act(send(&run, "fork")).expect("the producer lives");
    assert_eq!((run.current(), run.branches().len()), (1, 2));
    for _ in 0..500 {
        run.forward();
    }
    run.switch(0);
    check(&mut run, &mut rng);
}

fn send(timeline: &Timeline, value: &str) -> Command {
    let mut context = ScriptContext::default();
    for line in &timeline.script().lines {
        let _ = parse_line(&partita::script::print_line(line), line.number, &mut context);
    }
    let line = parse_line(&format!("send producer-1 orders value={value}"), 1, &mut context).expect("a valid line");
    Command(line.statement)
}

#[derive(Clone, Debug)]
enum Way {
    Forward(u64),
    Back(u64),
    Seek(u64),
    StepForward,
    StepBack,
    Act,
    Switch(usize),
}

fn way() -> impl Strategy<Value = Way> {
    prop_oneof![
        4 => (1..150_u64).prop_map(Way::Forward),
        2 => (1..150_u64).prop_map(Way::Back),
        3 => (0..900_u64).prop_map(Way::Seek),
        2 => Just(Way::StepForward),
        2 => Just(Way::StepBack),
        1 => Just(Way::Act),
        1 => (0..4_usize).prop_map(Way::Switch),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However a place of a branch is reached, it is the same place.
    #[test]
    fn wherever_one_goes_a_place_stays_the_same(ways in proptest::collection::vec(way(), 1..40)) {
        let mut run = timeline("lost-response");
        let mut seen: BTreeMap<(usize, u64), u64> = BTreeMap::new();
        for way in &ways {
            match *way {
                Way::Forward(moves) => (0..moves).for_each(|_| { run.forward(); }),
                Way::Back(moves) => run.seek(run.position().saturating_sub(moves)),
                Way::Seek(to) => run.seek(to),
                Way::StepForward => { run.step_forward(); }
                Way::StepBack => run.step_back(),
                // Before the producer is made there is nobody to act.
                Way::Act => { let _ = run.act(send(&run, "acted")); }
                Way::Switch(branch) => run.switch(branch),
            }
            let found = digest(&run);
            let first = *seen.entry((run.current(), run.position())).or_insert(found);
            prop_assert_eq!(first, found, "branch {} at {} after {:?}", run.current(), run.position(), way);
        }
    }
}

fn go(run: &mut Timeline, moves: u64) {
    (0..moves).for_each(|_| assert!(run.forward(), "the run goes on"));
}

/// A tree of branches that is stored and read again: each branch is the same run, and leaves the others where it did.
#[test]
fn a_stored_tree_of_branches_is_the_same_tree() {
    let mut run = timeline("synchronous");
    go(&mut run, 700);
    run.seek(500);
    run.act(send(&run, "second")).expect("the producer lives");
    go(&mut run, 100);
    let mut script = run.script();
    for line in &mut script.lines {
        let line = Arc::make_mut(line);
        if let partita::script::Statement::Client(client) = Arc::make_mut(&mut line.statement) {
            client.properties.push(partita::script::Property::new("client.id", "other"));
        }
    }
    run.change_from_start(script, "client.id").expect("it can be made");
    go(&mut run, 50);
    let text = encode(&Stored { branches: run.kept(), shown: run.current(), state: ReaderState::default() });
    let (stored, notes) = decode(&text);
    assert_eq!(notes, []);
    let (mut again, refused) = Timeline::of_kept(&stored.branches, stored.shown).expect("it can be opened");
    assert_eq!((refused.len(), again.current(), again.branches().len()), (0, 2, 3));
    for branch in [2, 0, 1] {
        run.switch(branch);
        run.seek(run.moves().len());
        again.switch(branch);
        assert_eq!(again.branch().parent, run.branch().parent, "{branch}");
        while again.position() < run.position() && again.forward() {}
        // Not the whole state: that holds the script, and its lines stand on other rows of the stored text.
        assert_eq!(happened(&again), happened(&run), "{branch}");
    }
    // Acting where commands are to come leaves them to the branch that was.
    again.switch(1);
    again.seek(500);
    let text = encode(&Stored { branches: again.kept(), shown: 1, state: ReaderState::default() });
    let (mut fresh, _) = Timeline::of_kept(&decode(&text).0.branches, 1).expect("it can be opened");
    while fresh.position() < 500 && fresh.forward() {}
    let Command(third) = send(&fresh, "third");
    let (foreseen, shown) = fresh.kept_with(std::slice::from_ref(&third));
    fresh.act(Command(third)).expect("the producer lives");
    assert_eq!((fresh.current(), fresh.branches().len(), shown), (3, 4, 3));
    assert_eq!(fresh.branches()[1].commands().len(), 1);
    let texts = |all: &[StoredBranch]| all.iter().map(|b| partita::script::print(&b.script)).collect::<Vec<_>>();
    assert_eq!(texts(&foreseen), texts(&fresh.kept()));
    assert_eq!(foreseen[3].name, fresh.branch().name);
}

/// Who looks ahead and stands again where the run stood finds it as it was, and what lies ahead as it is.
#[test]
fn a_place_that_is_stood_at_again_is_the_same() {
    let scenario = Scenario::by_id("acks").expect("a ready scenario");
    let mut timeline = Timeline::new(&scenario.parsed()).expect("a cluster");
    timeline.run_until(partita::time::Instant::from_millis(400));
    let (far, end) = (timeline.position(), digest(&timeline));
    timeline.seek(far / 3);
    let before = digest(&timeline);
    let here = timeline.leave();
    timeline.seek(far);
    let ahead = timeline.leave();
    assert!(timeline.stand_again(here.clone()) && digest(&timeline) == before);
    assert!(timeline.stand_again(ahead.clone()) && digest(&timeline) == end);
    // Both ways go on from there as if nobody had been elsewhere.
    assert!(timeline.forward() && timeline.stand_again(here.clone()) && timeline.forward());
    timeline.seek(far);
    assert_eq!(digest(&timeline), end);
    // What was forgotten is no place any more, and leaves the run where it is.
    timeline.stand_again(here);
    timeline.forget_behind(far / 2);
    assert!(!timeline.stand_again(ahead) && digest(&timeline) == before);
    // Nor is it when as many others have come in their place.
    while timeline.position() < far && timeline.forward() {}
    let ahead = timeline.leave();
    timeline.take_back(timeline.moves().place(far / 2));
    let (script, _) = parse("cluster brokers=1\ntopic another\n");
    let another = script.statements().nth(1).map(|line| line.statement.clone()).expect("a statement");
    timeline.act(Command(another)).expect("a topic");
    while timeline.position() < far && timeline.forward() {}
    let other = digest(&timeline);
    assert_eq!((timeline.stand_again(ahead), digest(&timeline) == other, timeline.current()), (false, true, 0));
}
