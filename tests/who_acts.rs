//! What the page shows beside the scene follows who acts: the boxes of the lanes, the settings.

use partita::ids::{PartitionNo, TopicNo};
use partita::scenarios::Scenario;
use partita::script::parse;
use partita::timeline::{Flags, Timeline, Went};
use partita::view::{Lens, Selection, View};

/// Moves that a scenario is played at most.
const MOST: u64 = 12_000;

/// What the page shows of a scenario, at up to `count` moves worth telling that are spread over it.
fn views(id: &str, count: usize) -> Vec<(u64, View)> {
    let scenario = Scenario::by_id(id).expect("a scenario of this name");
    let (script, errors) = parse(&scenario.script);
    assert!(errors.is_empty(), "{errors:?}");
    let mut timeline = Timeline::new(&script).expect("it can be played");
    assert_ne!(timeline.forward_until(|timeline| timeline.position() >= MOST), Went::TooFar);
    let moves = 1..=timeline.moves().len();
    let told: Vec<u64> = moves.filter(|number| timeline.moves().flags(*number).has(Flags::TELLING)).collect();
    let every = told.len().div_ceil(count).max(1);
    let seen = |number: u64| {
        timeline.seek(number);
        (number, View::of(&timeline, &Lens::default()))
    };
    told.into_iter().step_by(every).map(seen).collect()
}

fn partition(partition: i32) -> PartitionNo {
    PartitionNo { topic: TopicNo(0), partition }
}

/// The boxes of the lanes are what was processed, one after the other, and those that broke a promise are marked.
#[test]
fn what_was_processed_twice_is_marked_in_the_lanes() {
    let mut twice = Vec::new();
    for (number, view) in views("auto-commit", 400) {
        for lane in &view.lanes.lanes {
            for pair in lane.processed.windows(2) {
                assert!(pair[0].to_px <= pair[1].from_px, "{} at {number}: {:?}", lane.name, lane.processed);
            }
            for select in lane.processed.iter().filter_map(|one| one.twice) {
                let told = (lane.name.clone(), select);
                if !twice.contains(&told) {
                    twice.push(told);
                }
            }
        }
    }
    let expected = [2, 3, 4].map(|offset| ("c2".to_owned(), Selection::Offset(partition(1), offset)));
    assert_eq!(twice, expected);
}

/// Nothing is selected: the settings are those of who acts, and of the code beside them.
#[test]
fn the_settings_follow_who_acts() {
    for id in ["journey", "four-consumers"] {
        let mut told = Vec::new();
        for (number, view) in views(id, 200) {
            told.push(view.settings.of.clone());
            if view.code.client.is_some() {
                assert_eq!(view.settings.of, view.code.name, "{id} at {number}");
            }
        }
        for of in ["producer-1", "c1"] {
            assert!(told.iter().any(|told| told == of), "{id}: {told:?}");
        }
    }
}
