//! What a small window shows of a run: one column of the scene at a time, one open partition, tapes of fewer cells.

mod played;

use partita::event::Event;
use partita::explain;
use partita::ids::{EventId, Names};
use partita::lang::Lang;
use partita::timeline::{Flags, Timeline};
use partita::view::{Area, Lens, StoryKind, View};

/// Moves worth telling.
fn tellings(timeline: &Timeline) -> Vec<u64> {
    let moves = timeline.moves();
    (1..=moves.len()).filter(|number| moves.flags(*number).has(Flags::TELLING)).collect()
}

/// The columns of which a small window shows one: where a record is sent, where it is appended, where it is read.
#[test]
fn what_is_told_happens_in_one_column_of_the_scene() {
    let mut timeline = played::ready("lost-response");
    let mut seen = Vec::new();
    for number in tellings(&timeline) {
        timeline.seek(number);
        let story = &View::of(&timeline, &Lens::default()).story;
        let words = story.happened.plain();
        let wanted = match story.kind {
            StoryKind::Chapter => None,
            _ if words.contains(" writes ") && words.starts_with("Broker") => Some(Area::Cluster),
            _ if words.starts_with("producer-") => Some(Area::Producers),
            _ if words.starts_with("c1 ") || words.starts_with("c2 ") => Some(Area::Groups),
            _ => continue,
        };
        assert_eq!(story.area, wanted, "move {number}: {words}");
        seen.push(wanted);
    }
    for area in [None, Some(Area::Producers), Some(Area::Cluster), Some(Area::Groups)] {
        assert!(seen.contains(&area), "nothing happens in {area:?}");
    }
}

#[test]
fn a_small_window_has_one_open_partition_and_fewer_cells() {
    let mut timeline = played::ready("lost-response");
    let (mut opened, mut longest) = (0, 0);
    for number in tellings(&timeline).into_iter().step_by(4) {
        timeline.seek(number);
        if timeline.simulation().image().topics.is_empty() {
            continue;
        }
        let small = Lens { low: true, cells: 2, ..Lens::default() };
        let (wide, view) = (View::of(&timeline, &Lens::default()), View::of(&timeline, &small));
        let open = |view: &View| view.cluster.partitions.iter().filter(|one| !one.folded).count();
        assert_eq!(open(&view), 1, "move {number}");
        assert_eq!((view.cluster.cells, wide.cluster.cells), (2, 16));
        for (few, all) in view.cluster.partitions.iter().zip(&wide.cluster.partitions) {
            // The same log, from its end.
            assert!(few.cells.len() <= 2 && few.older + few.cells.len() as u64 == all.older + all.cells.len() as u64);
            longest = longest.max(all.cells.len());
        }
        // One that is opened by hand takes the place of the one where it happens, and no longer than the run stands there.
        let folded = view.cluster.partitions.iter().find(|one| one.folded).expect("three partitions").id;
        let of = |at: u64| View::of(&timeline, &Lens { unfolded: Some((at, folded)), ..small.clone() });
        let is_open = |view: &View| view.cluster.partitions.iter().any(|one| one.id == folded && !one.folded);
        assert!(open(&of(number)) == 1 && is_open(&of(number)), "move {number}");
        assert_eq!(of(number + 1).cluster, view.cluster, "move {number}");
        opened += 1;
    }
    assert!(opened > 20 && longest > 2, "{opened} places, {longest} cells");
}

/// The steps that are computed are told before one has come to them: with names that nobody knows yet.
#[test]
fn what_lies_ahead_is_told_from_the_start() {
    let mut timeline = played::ready("lost-response");
    let telling = tellings(&timeline);
    timeline.seek(0);
    assert_eq!(timeline.simulation().names().topic_no("orders"), None);
    let tell = |events: &[Event], names: &Names| {
        explain::tell(&explain::Context::of_names(names), EventId::NONE, events, None, Lang::En)
    };
    let told: Vec<String> = telling
        .iter()
        .filter_map(|number| Some(timeline.at_move(*number, tell)??.narration.happened.plain()))
        .collect();
    assert_eq!(told.len(), telling.len());
    assert!(told.iter().any(|words| words == "poll() hands a1 1 record from orders-1@2."), "{told:?}");
    assert_eq!(timeline.position(), 0);
    assert_eq!(timeline.at_move(timeline.moves().len() + 1, |_, _| ()), None);
    assert_eq!(timeline.at_move(0, |_, _| ()), None);
}
