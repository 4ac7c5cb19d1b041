//! Whatever a story proposes can be kept: the run with it is stored, and opens whole again.

use partita::draft::{Tried, tried};
use partita::scenarios;
use partita::script::parse;
use partita::script::stored::{decode, encode_branches};
use partita::timeline::Timeline;

/// Moves that a story is played at most.
const MOST: u64 = 12_000;

#[test]
fn a_run_with_what_was_tried_opens_whole_again() {
    for scenario in scenarios::all() {
        let (script, errors) = parse(&scenario.script);
        assert!(errors.is_empty(), "{errors:?}");
        for of in script.tries() {
            let mut timeline = Timeline::new(&script).expect("it can be played");
            timeline.forward_until(|timeline| timeline.position() >= MOST);
            // Behind it more is computed: what is tried makes a branch.
            timeline.seek(timeline.position() - 100);
            match tried(&script, of).expect("it can be tried") {
                Tried::Here(statement) => timeline.act_all(vec![statement]).expect("it can be done"),
                Tried::FromStart(script) => timeline.change_from_start(script, "tried").expect("a cluster"),
            }
            let (kept, shown) = timeline.kept_with(&[]);
            let (stored, notes) = decode(&encode_branches(&kept, shown));
            assert!(notes.is_empty(), "{}, {}: {notes:?}", scenario.id, of.label.en);
            assert_eq!(stored.branches.len(), timeline.branches().len(), "{}", scenario.id);
        }
    }
}
