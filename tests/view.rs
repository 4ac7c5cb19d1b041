//! The read model on the ready scenarios: at every step, in both languages, there and back.

use partita::event::EventName;
use partita::ids::{BrokerId, ClientId, RecordId};
use partita::lang::Lang;
use partita::scenarios;
use partita::script::parse;
use partita::timeline::{Flags, Timeline, Went};
use partita::view::{CellState, Lens, Node, Phase, Selection, SettingsOf, StationBody, StationState, StoryKind, View};

/// Moves that a scenario is played at most.
const MOST: u64 = 12_000;

fn played(id: &str) -> Timeline {
    let scenario = scenarios::Scenario::by_id(id).expect("a scenario of this name");
    let (script, errors) = parse(&scenario.script);
    assert!(errors.is_empty(), "{errors:?}");
    let mut timeline = Timeline::new(&script).expect("it can be played");
    let went = timeline.forward_until(|timeline| timeline.position() >= MOST);
    assert_ne!(went, Went::TooFar);
    timeline
}

/// Up to `count` moves worth telling, spread over the run.
fn tellings(timeline: &Timeline, count: usize) -> Vec<u64> {
    let moves = timeline.moves();
    let all: Vec<u64> = (1..=moves.len()).filter(|number| moves.flags(*number).has(Flags::TELLING)).collect();
    let every = all.len().div_ceil(count).max(1);
    all.into_iter().step_by(every).collect()
}

fn has_korean(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

fn selections(timeline: &Timeline, view: &View) -> Vec<Selection> {
    let mut all = vec![Selection::Nothing, Selection::Broker(BrokerId(2)), view.story.about];
    all.extend(timeline.simulation().clients().iter().map(|client| Selection::Client(client.id)));
    all.extend(view.cluster.partitions.iter().map(|partition| Selection::Partition(partition.id)));
    all.extend(view.groups.groups.iter().map(|group| Selection::Group(group.id)));
    all.extend(
        view.cluster
            .partitions
            .iter()
            .flat_map(|partition| partition.cells.iter().map(|cell| Selection::Offset(partition.id, cell.offset))),
    );
    let picks = view.producers.producers.iter().flat_map(|producer| &producer.records);
    all.extend(picks.map(|pick| Selection::Record(pick.record)));
    all.extend(view.lanes.messages.iter().rev().take(5).map(|message| message.select));
    all
}

fn every_text(nodes: &[Node], check: &mut impl FnMut(&Node)) {
    for node in nodes {
        check(node);
        every_text(&node.children, check);
    }
}

#[test]
fn every_scenario_has_a_view_at_every_step_and_the_same_one_after_going_there_and_back() {
    for scenario in &scenarios::all() {
        let mut timeline = played(&scenario.id);
        let end = timeline.position();
        let mut seen = Vec::new();
        for number in tellings(&timeline, 40) {
            timeline.seek(number);
            let view = View::of(&timeline, &Lens::default());
            assert!(!view.story.happened.is_empty(), "{} at move {number}", scenario.id);
            assert_eq!(view.outline.roots.len(), 3);
            seen.push((number, view));
        }
        timeline.seek(end);
        for (number, view) in seen.iter().rev() {
            timeline.seek(*number);
            assert_eq!(View::of(&timeline, &Lens::default()), *view, "{} at move {number}", scenario.id);
        }
    }
}

#[test]
fn everything_can_be_inspected_and_every_setting_shown() {
    for scenario in &scenarios::all() {
        let mut timeline = played(&scenario.id);
        for number in tellings(&timeline, 4) {
            timeline.seek(number);
            let view = View::of(&timeline, &Lens::default());
            for selected in selections(&timeline, &view) {
                for lang in [Lang::En, Lang::Ko] {
                    let view = View::of(&timeline, &Lens { selected, lang, ..Lens::default() });
                    let inspector = &view.inspector;
                    assert!(!inspector.kind.is_empty());
                    assert!(inspector.note.is_some() || !inspector.fields.is_empty(), "{selected:?}");
                    assert!(inspector.fields.iter().all(|field| !field.name.is_empty()), "{selected:?}");
                }
            }
            for client in timeline.simulation().clients() {
                let lens = Lens { settings_of: SettingsOf::Client(client.id), ..Lens::default() };
                let rows = &View::of(&timeline, &lens).settings.rows;
                assert!(rows.len() > 60 && rows.iter().all(|row| !row.does.is_empty()));
            }
        }
    }
}

#[test]
fn korean_texts_are_korean_and_differ_from_the_english() {
    for scenario in &scenarios::all() {
        let mut timeline = played(&scenario.id);
        for number in tellings(&timeline, 12) {
            timeline.seek(number);
            let en = View::of(&timeline, &Lens::default());
            let ko = View::of(&timeline, &Lens { lang: Lang::Ko, ..Lens::default() });
            assert_ne!(en.story.happened, ko.story.happened);
            if en.story.kind != StoryKind::Command || en.story.meaning.is_empty() {
                assert!(has_korean(&ko.story.happened.plain()), "{}", ko.story.happened);
            }
            every_text(&en.outline.roots, &mut |node| {
                assert!(!has_korean(&node.text), "{}", node.text);
                assert!(!node.text.is_empty() && !node.id.is_empty());
            });
            let ids = |view: &View| {
                let mut ids = Vec::new();
                every_text(&view.outline.roots, &mut |node| ids.push(node.id.clone()));
                ids
            };
            assert_eq!(ids(&en), ids(&ko));
            let mut unique = ids(&en);
            unique.sort();
            unique.dedup();
            assert_eq!(unique.len(), ids(&en).len(), "an id stands twice in the outline");
        }
    }
}

/// The view in which an event of the move is told with these words.
fn told_here(timeline: &Timeline, lens: &Lens, words: &str) -> Option<View> {
    let told = timeline.moves().story().of_move(timeline.position()).iter().map(|told| Some(told.event));
    let views = told.map(|told| View::of(timeline, &Lens { told, ..lens.clone() }));
    views.chain([View::of(timeline, lens)]).find(|view| view.story.happened.plain().contains(words))
}

/// Steps on until an event's sentence has these words.
fn step_to(timeline: &mut Timeline, lens: &Lens, words: &str) -> View {
    while timeline.position() < MOST {
        let went = timeline.step_forward();
        assert_eq!(went, Went::There, "no step says {words:?}");
        if let Some(view) = told_here(timeline, lens, words) {
            return view;
        }
    }
    panic!("no step says {words:?}")
}

#[test]
fn the_followed_record_goes_through_its_stations() {
    let mut timeline = played("lost-response");
    timeline.seek(0);
    let value = "\"order\":1035";
    let lens = Lens { followed: Some(RecordId { client: ClientId(1), number: 2 }), ..Lens::default() };
    let view = loop {
        let went = timeline.step_forward();
        assert!(went == Went::There && timeline.position() < MOST);
        let view = View::of(&timeline, &lens);
        let Some(first) = view.producers.producers.first() else { continue };
        let body = first.stations.first().map(|station| format!("{:?}", station.body)).unwrap_or_default();
        if body.contains(&value.replace('"', "\\\"")) && first.stations[0].state == StationState::Now {
            break view;
        }
    };
    let states: Vec<StationState> = view.producers.producers[0].stations.iter().map(|station| station.state).collect();
    assert_eq!(states[0], StationState::Now);
    assert!(states[1..].iter().all(|state| *state == StationState::Ahead), "{states:?}");
    for (words, station) in [("becomes bytes", 1), ("goes to orders-", 2), ("batch", 3), ("goes into request", 4)] {
        let view = step_to(&mut timeline, &lens, words);
        let stations = &view.producers.producers[0].stations;
        assert_eq!(stations[station].state, StationState::Now, "{words}: {}", view.story.happened);
    }
}

#[test]
fn a_lost_response_leads_to_a_duplicate_that_is_not_written() {
    let mut timeline = played("lost-response");
    timeline.seek(0);
    let followed = Some(RecordId { client: ClientId(1), number: 2 });
    let lens = Lens { followed, ..Lens::default() };
    let dropped = step_to(&mut timeline, &lens, "is dropped on the way");
    assert!(dropped.lanes.strip.marks.iter().any(|mark| mark.text.contains("dropped")));
    let StationBody::Result { tries, .. } = &dropped.producers.producers[0].stations[5].body else {
        panic!("the result tells its tries")
    };
    assert!(tries[0].text.starts_with("try 1 written, answer lost, times out at "), "{tries:?}");
    let retried = step_to(&mut timeline, &lens, "has waited too long");
    let first = &retried.producers.producers[0];
    assert!(first.retries);
    let found = step_to(&mut timeline, &lens, "already holds sequence");
    let chips: Vec<&str> = found.story.why.chips().map(|chip| chip.setting).collect();
    assert_eq!(chips, ["enable.idempotence", "request.timeout.ms"]);
    let timeout = found.story.why.chips().find(|chip| chip.setting == "request.timeout.ms").expect("it is named");
    assert_eq!((timeout.value.as_str(), timeout.changed), ("2000", true));
    let touched: Vec<_> = found.cluster.partitions.iter().filter(|partition| partition.now.is_some()).collect();
    assert_eq!(touched.len(), 1);
    assert!(touched[0].now.as_ref().is_some_and(|text| text.ends_with("is already here")));
    assert!(touched[0].cells.iter().any(|cell| cell.now && cell.state == CellState::Readable));
    assert!(matches!(found.story.about, Selection::Batch(_)), "{:?}", found.story.about);
    let selected = followed.map_or(Selection::Nothing, Selection::Record);
    let story = timeline.moves().story().of_move(timeline.position());
    let told = story.iter().find(|told| told.name == EventName::DuplicateFound).map(|told| told.event);
    let lens = Lens { selected, told, ..lens };
    let inspector = View::of(&timeline, &lens).inspector.clone();
    let bytes = inspector.bytes.as_ref().expect("a stored batch has bytes");
    let now: Vec<&str> = bytes.lines.iter().filter(|line| line.now).map(|line| line.name).collect();
    assert_eq!(now, ["producerId", "producerEpoch", "baseSequence"]);
    assert!(bytes.lines.iter().any(|line| line.name == "crc" && line.value == "CRC-32C ok"));
    let parties: Vec<&str> = inspector.chain.iter().map(|party| party.name.as_str()).collect();
    assert_eq!(parties[0], "producer-1", "{parties:?}");
    assert!(parties.contains(&"billing") && parties.contains(&"audit"), "{parties:?}");
    let chain: Vec<&str> = inspector.chain[0].causes.iter().map(|cause| cause.text.as_str()).collect();
    assert_eq!(chain[0], "send()", "{chain:?}");
    assert!(chain.len() >= 6 && chain.iter().any(|text| text.starts_with("a duplicate, B")), "{chain:?}");
    assert_eq!(inspector.chain.iter().flat_map(|party| &party.causes).filter(|cause| cause.now).count(), 1);
}

#[test]
fn a_rebalance_is_told_phase_by_phase() {
    let mut timeline = played("four-consumers");
    timeline.seek(0);
    let mut phases_seen = std::collections::BTreeSet::new();
    let mut idle = false;
    while timeline.position() < MOST && timeline.step_forward() == Went::There {
        let view = View::of(&timeline, &Lens::default());
        for group in &view.groups.groups {
            let idlers = group.members.iter().filter(|member| member.activity.starts_with("idle")).count();
            assert!(idlers == 0 || group.state == "Stable" && idlers + 3 <= group.members.len().max(3), "{group:?}");
            for member in &group.members {
                for (i, phase) in member.phases.iter().enumerate() {
                    if *phase == Phase::UnderWay {
                        phases_seen.insert(i);
                    }
                }
                idle |= member.activity.starts_with("idle: 4 members, 3 partitions");
            }
        }
    }
    assert!(idle, "with four consumers on three partitions one is idle");
    assert!(phases_seen.contains(&1) && phases_seen.contains(&2), "{phases_seen:?}");
}

#[test]
fn a_tape_scrolls_and_counts_what_it_does_not_show() {
    let mut timeline = played("auto-commit");
    timeline.seek(timeline.moves().len());
    let view = View::of(&timeline, &Lens::default());
    let long = view.cluster.partitions.iter().max_by_key(|partition| partition.log_end).expect("there are three");
    assert!(long.cells.len() <= 16);
    assert_eq!(long.older + long.cells.len() as u64 + long.newer, long.log_end - long.log_start);
    let scroll = [(long.id, 0)].into_iter().collect();
    let scrolled = View::of(&timeline, &Lens { scroll, ..Lens::default() });
    let same = scrolled.cluster.partitions.iter().find(|partition| partition.id == long.id).expect("it is still there");
    assert_eq!((same.older, same.cells[0].offset), (0, 0));
}

#[test]
fn what_was_processed_twice_is_marked_where_it_lies() {
    let timeline = played("auto-commit");
    let view = View::of(&timeline, &Lens::default());
    let broken = view.top.promises.iter().find(|promise| promise.id == "processed-once").expect("it is watched");
    let marked: u64 = view
        .cluster
        .partitions
        .iter()
        .flat_map(|partition| &partition.lanes)
        .flat_map(|lane| &lane.twice)
        .map(|(from, to)| to - from)
        .sum();
    assert_eq!(broken.count, marked, "{broken:?}");
    assert!(marked > 0 && matches!(broken.why, Selection::Record(_)), "{broken:?}");
}

/// Whoever chose something late in a run and goes to its start sees that it is not there yet.
#[test]
fn what_is_selected_need_not_exist_yet() {
    for id in ["lost-response", "four-consumers"] {
        let mut timeline = played(id);
        timeline.seek(MOST);
        let chosen = selections(&timeline, &View::of(&timeline, &Lens::default()));
        timeline.seek(0);
        for selected in chosen {
            View::of(&timeline, &Lens { selected, ..Lens::default() });
            let settings_of = match selected {
                Selection::Partition(partition) => SettingsOf::Topic(partition.topic),
                Selection::Client(client) => SettingsOf::Client(client),
                _ => continue,
            };
            View::of(&timeline, &Lens { settings_of, ..Lens::default() });
        }
    }
}

#[test]
fn a_new_cluster_has_no_changed_settings() {
    let changed = |script: &str| {
        let (script, _) = parse(script);
        let lens = Lens { settings_of: SettingsOf::Cluster, ..Lens::default() };
        let settings = View::of(&Timeline::new(&script).expect("it can be played"), &lens).settings.clone();
        settings.rows.iter().filter(|row| row.changed).map(|row| row.name).collect::<Vec<_>>()
    };
    assert!(changed("cluster brokers=1 seed=1").is_empty(), "{:?}", changed("cluster brokers=1 seed=1"));
    let given = "cluster brokers=1 seed=1 message.max.bytes=2000 group.initial.rebalance.delay.ms=3000";
    assert_eq!(changed(given), ["message.max.bytes"]);
}

#[test]
fn the_place_in_the_run_is_said_without_a_loose_comma() {
    let (script, _) = parse("cluster brokers=1 seed=1");
    let view = View::of(&Timeline::new(&script).expect("it can be played"), &Lens::default());
    assert!(!view.transport.value_text.ends_with([',', ' ']), "{}", view.transport.value_text);
}

/// The views of a run at each of its first steps, and at its end.
fn told_by(timeline: &mut Timeline, steps: usize) -> Vec<View> {
    (0..steps)
        .map(|_| {
            timeline.step_forward();
            View::of(timeline, &Lens::default())
        })
        .collect()
}

#[test]
fn a_constructor_that_throws_is_told_where_it_happens_and_where_its_client_is_missed() {
    let text = "cluster brokers=1 seed=1\nproducer p1 acks=5\nsend p1 orders value=x";
    let mut timeline = Timeline::new(&parse(text).0).expect("it can be played");
    let views = told_by(&mut timeline, 8);
    let threw = views.iter().find(|view| view.story.happened.plain().contains("throws ConfigException"));
    let threw = threw.expect("a step tells the exception");
    assert!(threw.story.happened.plain().starts_with("Line 2 of the script"), "{}", threw.story.happened);
    assert!(threw.story.meaning.plain().contains("acks"), "{}", threw.story.meaning);
    let stopped = views.iter().find(|view| view.story.kind == StoryKind::Stopped).expect("the script stops");
    let happened = stopped.story.happened.plain();
    assert!(happened.contains("its constructor threw ConfigException"), "{happened}");
    // The outline says the same of the script as the strip does.
    let root = stopped.outline.roots.last().expect("roots");
    assert!(root.id == "script" && root.text.ends_with(&happened), "{}", root.text);
}

#[test]
fn a_command_that_does_not_fit_any_more_is_told_as_passed_over() {
    let script = |text: &str| parse(text).0;
    let with = script("cluster brokers=1 seed=1\ntopic orders\nproducer p1\nsleep 100");
    let mut timeline = Timeline::new(&with).expect("it can be played");
    timeline.forward_until(|timeline| timeline.simulation().now().at.micros() > 50_000);
    let send = script("cluster\ntopic orders\nproducer p1\nsend p1 orders value=x").lines[3].statement.clone();
    let send = partita::script::Statement::clone(&send);
    timeline.act_all(vec![send]).expect("p1 sends");
    timeline.change_from_start(script("cluster brokers=1 seed=1\ntopic orders\nsleep 100"), "b").expect("a branch");
    timeline.seek(0);
    let views = told_by(&mut timeline, 30);
    let happened: Vec<String> = views.iter().map(|view| view.story.happened.plain()).collect();
    let passed = happened.iter().find(|text| text.starts_with("Passed over"));
    let passed = passed.unwrap_or_else(|| panic!("{happened:#?}"));
    assert!(passed.contains("send p1 orders value=x") && passed.contains("There is no client p1"), "{passed}");
    assert!(!happened.iter().any(|text| text.starts_with("You did this")));
}

/// What is asked of a client that is frozen lies there until it goes on.
#[test]
fn a_call_of_a_frozen_client_is_told_as_waiting() {
    let text = "cluster brokers=1\ntopic t\nproducer p1\nconsumer c1 group.id=g\nassign c1 t-0\nsleep 9000\n\
                @1000000 pause-process c1\n@1100000 pause-process p1\n";
    for (command, name) in [
        ("seek c1 t-0=0", Some("c1")),
        ("pause c1 t-0", Some("c1")),
        ("consume-loop c1", Some("c1")),
        ("set c1 fetch.max.wait.ms=7", Some("c1")),
        ("send p1 t value=a", Some("p1")),
        ("flush p1", Some("p1")),
        ("records c1", None),
        ("crash broker-1", None),
    ] {
        let (script, errors) = parse(&format!("{text}@1200000 {command}\n"));
        assert!(errors.is_empty(), "{errors:?}");
        let mut timeline = Timeline::new(&script).expect("it can be played");
        let is_there = |timeline: &Timeline| timeline.simulation().now().at.millis() >= 1200;
        while !is_there(&timeline) && timeline.forward() {}
        for lang in [Lang::En, Lang::Ko] {
            let told = View::of(&timeline, &Lens { lang, ..Lens::default() }).story.happened.plain();
            match name {
                Some(name) => assert!(told.contains(&format!("resume-process {name}")), "{command}: {told}"),
                None => assert!(!told.contains("resume-process"), "{command}: {told}"),
            }
        }
    }
}

/// A `send` that waits behind others makes the record behind theirs.
#[test]
fn the_records_that_a_program_is_still_to_send_are_counted() {
    let text = "cluster brokers=1\ntopic t\nproducer p1\nsend p1 t value=a times=2\nsleep 9000\n\
                @1000000 pause-process p1\n@1100000 send p1 t value=b times=3\n@1200000 flush p1\n\
                @1300000 send p1 t value=c\n@2000000 resume-process p1\n";
    let mut timeline = Timeline::new(&parse(text).0).expect("it can be played");
    let mut seen = Vec::new();
    while timeline.simulation().now().at.millis() < 3000 && timeline.forward() {
        let client = timeline.simulation().client("p1");
        let to_come = client.map_or(0, |client| client.application.records_to_come());
        if seen.last() != Some(&to_come) {
            seen.push(to_come);
        }
    }
    assert_eq!(seen, [0, 1, 0, 3, 4, 3, 2, 1, 0]);
}

#[test]
fn an_empty_run_says_what_to_add() {
    let mut timeline = Timeline::new(&parse("cluster brokers=1 seed=1").0).expect("it can be played");
    while timeline.forward() {}
    let story = View::of(&timeline, &Lens::default()).story.clone();
    assert!(story.happened.plain().contains("empty") && story.meaning.plain().contains("topic"), "{}", story.happened);
}

/// A branch that ends before the followed record says so, and follows no other one silently.
#[test]
fn a_record_that_a_branch_does_not_send_is_told_as_not_sent() {
    let script = |sends: &str| parse(&format!("cluster brokers=1 seed=1\ntopic orders\nproducer p1\n{sends}")).0;
    let mut timeline = Timeline::new(&script("send p1 orders value=x times=3")).expect("it can be played");
    timeline.forward_until(|timeline| timeline.simulation().now().at.micros() > 50_000);
    let followed = Some(RecordId { client: ClientId(1), number: 2 });
    let label = |timeline: &Timeline| {
        let view = View::of(timeline, &Lens { followed, ..Lens::default() });
        view.producers.producers[0].followed.as_ref().expect("a pick").label.clone()
    };
    assert_eq!(label(&timeline), "record 3, null");
    timeline.change_from_start(script("sleep 10"), "b").expect("a branch");
    while timeline.forward() && timeline.simulation().now().at.micros() < 50_000 {}
    assert_eq!(label(&timeline), "record 3, not sent on this branch");
    timeline.seek(0);
    while timeline.simulation().clients().is_empty() {
        timeline.forward();
    }
    assert_eq!(label(&timeline), "record 3, not sent yet");
}

/// The coordinator waits for a member that was killed until its session or the join phase ends.
#[test]
fn a_killed_member_is_waited_for_in_the_grid() {
    let text = "cluster brokers=1 seed=1\ntopic orders partitions=2\nconsumer c1 group.id=g\nsubscribe c1 orders\n\
                loop c1\nconsumer c2 group.id=g\nsubscribe c2 orders\nloop c2\nsleep 8000\nkill c1\n\
                consumer c3 group.id=g\nsubscribe c3 orders\nloop c3\nsleep 60000";
    let (script, errors) = parse(text);
    assert!(errors.is_empty(), "{errors:?}");
    let mut timeline = Timeline::new(&script).expect("it can be played");
    let mut waited = None;
    while waited.is_none() && timeline.step_forward() == Went::There {
        let view = View::of(&timeline, &Lens::default());
        let member =
            view.groups.groups.first().and_then(|group| group.members.iter().find(|one| one.name == "c1")).cloned();
        waited = member.filter(|member| member.activity.starts_with("killed, waited for until"));
        assert!(timeline.position() < MOST, "c1 is never waited for");
    }
    assert_eq!(waited.expect("c1 is waited for").phases[1], Phase::UnderWay);
}
