//! The picture of those who are gone, removed, or not there yet.

#[path = "played/begun.rs"]
mod begun;

use begun::run;
use partita::event::GroupState;
use partita::lang::Lang;
use partita::timeline::{Flags, Timeline};
use partita::view::{
    ChapterState, Group, GroupLane, LaneKind, Lens, Member, MemberMark, Phase, StationBody, Tone, View,
};

/// Moves that a run is played at most.
const MOST: u64 = 12_000;

/// The views of the run's telling moves.
fn each_view(timeline: &mut Timeline, until_ms: u64, mut look: impl FnMut(&Timeline, &View)) {
    while timeline.position() < MOST && timeline.simulation().now().at.micros() < until_ms * 1000 {
        if !timeline.forward() {
            break;
        }
        if timeline.moves().flags(timeline.position()).has(Flags::TELLING) {
            look(timeline, &View::of(timeline, &Lens::default()));
        }
    }
}

fn group(view: &View) -> Option<&Group> {
    view.groups.groups.first().map(AsRef::as_ref)
}

fn member<'v>(view: &'v View, name: &str) -> Option<&'v Member> {
    group(view)?.members.iter().find(|member| member.name == name)
}

fn lanes(view: &View) -> Vec<&GroupLane> {
    view.cluster.partitions.iter().flat_map(|partition| &partition.lanes).collect()
}

const FROZEN: &str = "cluster brokers=1 seed=1\ntopic orders partitions=2\n\
    consumer c1 group.id=g session.timeout.ms=6000 heartbeat.interval.ms=2000\nsubscribe c1 orders\nconsume-loop c1\n\
    sleep 6000\npause-process c1\n\
    consumer c2 group.id=g session.timeout.ms=6000 heartbeat.interval.ms=2000\nsubscribe c2 orders\nconsume-loop c2\n\
    sleep 30000\nresume-process c1\nsleep 20000";

/// A frozen consumer that its group has removed stands struck through, and the new owner alone has the wire.
#[test]
fn a_frozen_member_that_was_removed_is_struck_and_owns_nothing() {
    let mut timeline = run(FROZEN);
    let (mut unaware, mut aware, mut back) = (0, 0, false);
    each_view(&mut timeline, 60_000, |timeline, view| {
        let Some(frozen) = member(view, "c1") else { return };
        let Some(coordinated) = timeline.simulation().group("g") else { return };
        for (partition, lane) in lanes(view).into_iter().enumerate() {
            assert!(lane.reader.is_none_or(|reader| !lane.ghosts.contains(&reader)), "{lane:?}");
            // Who reads is who the coordinator says, once all have heard of it.
            if coordinated.state == GroupState::Stable && lane.reader.is_some() {
                let owner = coordinated.members.iter().find(|member| {
                    member.assignment.iter().any(|owned| owned.to_string() == format!("orders-{partition}"))
                });
                assert_eq!(owner.map(|owner| &*owner.client_id), Some(&*lane.reader_text), "{lane:?}");
            }
        }
        if frozen.gone && frozen.activity.contains("does not know it yet") {
            unaware += 1;
            assert_eq!(frozen.owns, "orders-0, orders-1");
            assert!(lanes(view).iter().all(|lane| lane.ghosts == [frozen.client]), "{:?}", lanes(view));
            assert!(frozen.activity.contains("removed at 1"), "{}", frozen.activity);
            assert_eq!(frozen.fault, frozen.mark == MemberMark::Paused);
            assert!(frozen.text.contains("had orders-0, orders-1"), "{}", frozen.text);
        }
        aware += usize::from(frozen.activity.contains("knows it now"));
        back |= unaware > 0 && !frozen.gone && frozen.owns == "orders-0";
    });
    assert!(unaware > 3 && back, "{unaware} {aware} {back}");
}

const KILLED: &str = "cluster brokers=1 seed=1\ntopic orders partitions=2\n\
    consumer c1 group.id=g session.timeout.ms=6000 heartbeat.interval.ms=2000\nsubscribe c1 orders\nconsume-loop c1\n\
    consumer c2 group.id=g session.timeout.ms=6000 heartbeat.interval.ms=2000\nsubscribe c2 orders\nconsume-loop c2\n\
    sleep 8000\nkill c1\nsleep 30000";

/// A killed consumer keeps its row and its partitions, first as a member whose session runs out, then struck through.
#[test]
fn a_killed_member_keeps_its_row_until_the_group_is_stable_without_it() {
    let mut timeline = run(KILLED);
    let (mut counted, mut struck, mut order) = (false, false, Vec::new());
    each_view(&mut timeline, 38_000, |timeline, view| {
        if timeline.simulation().now().at.micros() < 8_000_000 {
            return;
        }
        let names: Vec<String> = group(view).expect("the group").members.iter().map(|one| one.name.clone()).collect();
        if order.last() != Some(&names) {
            order.push(names);
        }
        let Some(dead) = member(view, "c1").filter(|one| one.fault) else { return };
        let mine = lanes(view).into_iter().find(|lane| lane.ghosts.contains(&dead.client)).cloned();
        if dead.activity.contains("session ends in") {
            counted = true;
            assert!(!dead.gone && dead.mark == MemberMark::Killed, "{dead:?}");
            let lane = mine.clone().expect("its lane");
            assert!(lane.held && lane.reader.is_none() && lane.reader_text == "c1", "{lane:?}");
            assert!(lane.text.contains("c1, which is gone"), "{}", lane.text);
        }
        if dead.activity.contains(", removed ") {
            struck = true;
            assert!(dead.gone && dead.mark == MemberMark::Left && dead.owns.starts_with("orders-"), "{dead:?}");
            assert!(mine.is_some_and(|lane| !lane.held), "nobody waits for it any more");
        }
    });
    assert!(counted && struck);
    assert_eq!(order, [vec!["c1", "c2"], vec!["c2"]], "rows keep their order, and go once");
}

/// In a story it keeps it to the end of the chapter after the one in which it went, however stable the group is by then.
#[test]
fn a_killed_member_keeps_its_row_to_the_end_of_the_next_chapter() {
    let chapters = KILLED.replace("kill c1", "chapter \"It goes\"\nkill c1")
        + "\nchapter \"Without it\"\nsleep 2000\n\
        chapter \"Forgotten\"\nsleep 2000";
    let mut timeline = run(&chapters);
    let mut seen = Vec::new();
    each_view(&mut timeline, 90_000, |timeline, view| {
        let stable = timeline.simulation().group("g").is_some_and(|group| group.state == GroupState::Stable);
        let chapter = view.transport.chapters.iter().rposition(|chapter| chapter.state == ChapterState::Now);
        if let (Some(chapter), true) = (chapter, stable) {
            let row = member(view, "c1")
                .map(|member| (member.gone, lanes(view).iter().any(|lane| lane.ghosts.contains(&member.client))));
            if seen.last() != Some(&(chapter, row)) {
                seen.push((chapter, row));
            }
        }
    });
    let gone = Some((true, true));
    let after: Vec<_> = seen.into_iter().filter(|(chapter, _)| *chapter >= 2).collect();
    assert_eq!(after, [(2, gone), (3, None)], "the row of c1, and whether it has a ghost wire");
}

/// A consumer is in the picture from the instant it is made, as one that owns nothing yet.
#[test]
fn a_new_consumer_is_shown_from_its_first_instant() {
    let mut timeline = run("cluster brokers=1 seed=1\ntopic orders partitions=2\nconsumer c1 group.id=g\n\
                            subscribe c1 orders\nconsume-loop c1\nsleep 10000");
    let mut joined = false;
    while timeline.position() < MOST && timeline.forward() {
        let view = View::of(&timeline, &Lens::default());
        assert_eq!(
            view.groups.empty.is_some(),
            timeline.simulation().clients().is_empty(),
            "at {}",
            timeline.position()
        );
        let Some(one) = member(&view, "c1") else {
            assert!(timeline.simulation().clients().is_empty(), "c1 is there and not shown");
            continue;
        };
        joined |= one.mark == MemberMark::Reading;
        if !joined && one.mark == MemberMark::Joining {
            assert_eq!(one.owns, "owns nothing yet");
        }
        let ko = View::of(&timeline, &Lens { lang: Lang::Ko, ..Lens::default() });
        assert_eq!(member(&ko, "c1").expect("the same row").mark, one.mark);
    }
    assert!(joined);
}

/// In the grid a phase that is done stays ticked off until all have their partitions.
#[test]
fn what_is_done_of_a_rebalance_stays_ticked_off_until_all_have_done_it() {
    let mut timeline = run(KILLED);
    let mut before: Vec<(String, [Phase; 4])> = Vec::new();
    let mut ticks = 0;
    each_view(&mut timeline, 38_000, |_, view| {
        let Some(group) = group(view).filter(|group| group.rebalancing) else {
            before.clear();
            return;
        };
        for one in group.members.iter().filter(|one| !one.gone) {
            let old = before.iter().find(|(name, _)| *name == one.name).map(|(_, phases)| *phases);
            for (was, is) in old.iter().flatten().zip(one.phases) {
                // A rebalance that begins anew from its first phase has nothing done.
                let anew = one.phases[1] != Phase::Done && one.phases[2] == Phase::ToCome;
                assert!(*was != Phase::Done || is == Phase::Done || anew, "{}: {old:?}, {:?}", one.name, one.phases);
                ticks += usize::from(is == Phase::Done);
            }
        }
        before = group.members.iter().map(|one| (one.name.clone(), one.phases)).collect();
    });
    assert!(ticks > 4, "{ticks}");
}

/// Slow work of a program's own is no fault; the user's `slow` is one.
#[test]
fn slow_work_of_a_programs_own_is_no_fault() {
    let text = "cluster brokers=1 seed=1\ntopic orders\nproducer p1\nsend p1 orders value=x times=30\n\
                consumer c1 group.id=g\nsubscribe c1 orders\nconsume-loop c1 process_us=400000\nsleep 6000\n";
    let at_end = |more: &str| {
        let mut timeline = run(&format!("{text}{more}sleep 2000"));
        each_view(&mut timeline, 7_500, |_, _| {});
        View::of(&timeline, &Lens::default())
    };
    let own = at_end("");
    let one = member(&own, "c1").expect("c1");
    assert!(one.mark == MemberMark::Reading && !one.fault, "{one:?}");
    assert!(own.faults.active.is_empty(), "{:?}", own.faults.active);
    let slowed = at_end("slow c1 process_us=900000\n");
    let one = member(&slowed, "c1").expect("c1");
    assert!(one.mark == MemberMark::Slow && one.fault, "{one:?}");
    assert_eq!(slowed.faults.active.len(), 1, "{:?}", slowed.faults.active);
}

/// While the coordinator's broker is down, its log still says what the group has committed.
#[test]
fn a_group_whose_coordinator_is_down_is_shown_as_its_log_has_it() {
    for end in ["crash broker-1", "stop broker-1"] {
        let mut timeline = run(&format!(
            "cluster brokers=1 seed=1\ntopic orders\nproducer p1\nsend p1 orders value=x times=3\n\
             consumer c1 group.id=g auto.commit.interval.ms=500\nsubscribe c1 orders\nconsume-loop c1\nsleep 6000\n\
             {end}\nsleep 3000\nstart broker-1\nsleep 5000"
        ));
        let (mut down, mut stable) = (0, 0);
        each_view(&mut timeline, 13_000, |timeline, view| {
            if timeline.simulation().now().at.micros() < 6_000_000 {
                return;
            }
            let group = group(view).expect("the group");
            let lane = lanes(view)[0];
            assert_eq!(
                (lane.committed, &*lane.lag_text, group.lag),
                (Some(3), "lag 0", Some(0)),
                "after {end}: {lane:?}"
            );
            assert!(group.about.starts_with("generation "), "after {end}: {}", group.about);
            match timeline.simulation().group("g") {
                None => {
                    down += 1;
                    assert_eq!(group.state, "no coordinator");
                    assert!(!group.members[0].gone && lane.reader_text == "c1", "{:?}", group.members);
                }
                Some(_) => stable += 1,
            }
        });
        assert!(down > 2 && stable > 2, "after {end}: {down}, {stable}");
    }
}

/// What a killed producer had not sent lies in its deque, hatched, and says so; nothing leads to it any more.
#[test]
fn what_went_with_a_killed_producer_says_so() {
    let mut timeline = run(
        "cluster brokers=1 seed=1\ntopic orders partitions=1\nproducer p1 linger.ms=1000\nsend p1 orders value=x times=2\n\
         send p1 orders value=x\nsleep 100\nkill p1\nsleep 3000",
    );
    each_view(&mut timeline, 2_000, |_, _| {});
    let view = View::of(&timeline, &Lens::default());
    let producer = &view.producers.producers[0];
    let deque = producer.stations.iter().find_map(|station| match &station.body {
        StationBody::Accumulate { deques, .. } => deques.first(),
        _ => None,
    });
    let deque = deque.expect("a deque");
    assert_eq!((deque.gone, &*deque.note, deque.linger), (Some(Tone::Fault), "3 records, never sent", None));
    let rows = producer.stations.iter().find_map(|station| match &station.body {
        StationBody::Send { rows } => rows.first(),
        _ => None,
    });
    let row = rows.expect("a row");
    let note = row.note.as_ref().expect("a note");
    assert!(row.gone && row.requests.is_empty() && note.tone == Tone::Fault);
    assert_eq!(note.text, "closed, nothing was in flight");
    let result = producer.stations.iter().find_map(|station| match &station.body {
        StationBody::Result { tries, .. } => tries.first(),
        _ => None,
    });
    assert_eq!(result.map(|piece| (&*piece.text, piece.tone)), Some(("never sent", Tone::Fault)));
    assert!(view.wires.links.is_empty(), "{:?}", view.wires.links);
    assert!(producer.summary.ends_with("3 records never sent"), "{}", producer.summary);
    let lane = &view.lanes.lanes[0];
    assert!(!lane.down.is_empty() && lane.ended.is_none() && lane.said[0].1 == "killed", "{lane:?}");
}

/// A consumer that closes is gone by its program's own doing: no amber.
#[test]
fn one_that_closes_by_itself_is_hatched_in_ink() {
    let mut timeline =
        run("cluster brokers=1 seed=1\ntopic orders\nproducer p1\nsend p1 orders value=x\nconsumer c1 group.id=g\n\
         subscribe c1 orders\nconsume-loop c1\nsleep 6000\nclose c1\nclose p1\nsleep 1000");
    each_view(&mut timeline, 6_900, |_, _| {});
    let view = View::of(&timeline, &Lens::default());
    for lane in view.lanes.lanes.iter().filter(|lane| lane.kind != LaneKind::Broker) {
        assert!(lane.down.is_empty() && lane.ended.is_some() && lane.tone == Tone::Muted, "{lane:?}");
    }
    let one = member(&view, "c1").expect("it was removed after the group was last stable");
    assert!(one.gone && !one.fault && one.activity.starts_with("left at"), "{one:?}");
}

/// A crash and a stop of a broker say how they differ, where they are chosen and where they are seen.
#[test]
fn a_crash_and_a_stop_of_a_broker_differ_in_words() {
    let at_end = |line: &str, lang: Lang| {
        let mut timeline = run(&format!("cluster brokers=2 seed=1\ntopic orders\nsleep 1000\n{line}\nsleep 3000"));
        // It stops when the other broker has heard of it, with its next heartbeat.
        timeline.forward_until(|timeline| timeline.simulation().now().at.micros() >= 3_500_000);
        View::of(&timeline, &Lens { lang, ..Lens::default() })
    };
    let (crashed, stopped) = (at_end("crash broker-1", Lang::En), at_end("stop broker-1", Lang::En));
    let line = |view: &View| view.cluster.brokers[0].text.clone();
    assert!(line(&crashed).starts_with("crashed at 1"), "{}", line(&crashed));
    assert!(line(&crashed).contains("without a word, fenced in"), "{}", line(&crashed));
    assert!(line(&stopped).starts_with("stopped in order at 1"), "{}", line(&stopped));
    let ko = at_end("stop broker-1", Lang::Ko);
    assert!(line(&ko).ends_with("정상 중지, 컨트롤러에 알림"), "{}", line(&ko));
    let offer = &crashed.faults.offers[0];
    let about = offer.about.as_ref().expect("how they differ");
    assert!(about.contains("Crash: ") && about.contains("Stop: "));
    let commands: Vec<&str> = offer.targets.iter().map(|target| &*target.command).collect();
    assert_eq!(commands, ["crash broker-1", "stop broker-1", "crash broker-2", "stop broker-2"]);
}
