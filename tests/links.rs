//! Links between processes that are cut, slow or mended, messages that are held, and a cluster that stands still.

#[path = "played/begun.rs"]
mod begun;

use begun::run;
use partita::event::EventKind;
use partita::lang::Lang;
use partita::script::{ScriptContext, parse, parse_line, print_statement};
use partita::simulation::{Progress, Seen};
use partita::timeline::Timeline;
use partita::view::{Lens, View};

const BEGIN: &str = "cluster brokers=2 seed=7\ntopic orders partitions=1\nproducer p1\n\
                     consumer c1 auto.offset.reset=earliest request.timeout.ms=5000 fetch.max.wait.ms=200\n\
                     assign c1 orders-0\n";

/// A run whose script has ended, with what it showed and the events of it.
fn played(lines: &str) -> (Timeline, Vec<(u32, Seen)>, Vec<EventKind>) {
    let mut timeline = run(lines);
    let mut events = Vec::new();
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {
        events.extend(timeline.events().iter().map(|event| event.kind));
    }
    assert_eq!(timeline.simulation().progress(), Progress::Ended, "{lines}");
    let seen = timeline.take_observations().into_iter().map(|seen| (seen.line, seen.seen)).collect();
    (timeline, seen, events)
}

/// Why the last line of a script cannot be carried out.
fn refused(lines: &str) -> [String; 2] {
    let mut timeline = run(lines);
    while matches!(timeline.simulation().progress(), Progress::Playing(_)) && timeline.forward() {}
    match timeline.simulation().progress() {
        Progress::Failed(_, stopped) => [stopped.why.en.clone(), stopped.why.ko.clone()],
        other => panic!("{other:?}"),
    }
}

fn active(timeline: &Timeline) -> Vec<(String, Option<String>)> {
    let view = View::of(timeline, &Lens::default());
    let faults = view.faults.active.iter();
    faults.map(|fault| (fault.text.clone(), fault.lift.clone().map(|(command, _)| command))).collect()
}

#[test]
fn a_consumer_behind_a_cut_link_stops_and_catches_up_when_it_is_mended() {
    let lines = format!(
        "{BEGIN}send-sync p1 orders value=a\npoll c1 until=1\ncut c1 broker-1\nsend-sync p1 orders value=b\n\
         poll c1 for_ms=2000\nmend c1 broker-1\npoll c1 until=1\n"
    );
    let (timeline, _, events) = played(&lines);
    let at = |found: fn(&EventKind) -> bool| events.iter().position(found).expect("it happened");
    let cut = at(|kind| matches!(kind, EventKind::LinkCut { both: true, .. }));
    let mended = at(|kind| matches!(kind, EventKind::LinkMended { waiting: 1.., .. }));
    let read = |events: &[EventKind]| {
        let count = |kind: &EventKind| match kind {
            EventKind::RecordsReturned { count, .. } => *count,
            _ => 0,
        };
        events.iter().map(count).sum::<u32>()
    };
    assert_eq!([read(&events[..cut]), read(&events[cut..mended]), read(&events[mended..])], [1, 0, 1]);
    assert_eq!(active(&timeline), []);
}

#[test]
fn a_cut_way_is_a_fault_in_force_with_what_lifts_it() {
    let (timeline, ..) = played(&format!("{BEGIN}cut c1 broker-1\nslow-link broker-1 broker-2 ms=40 one-way=yes\n"));
    let told = active(&timeline);
    assert_eq!(
        told,
        [
            ("c1 – B1 is cut".to_owned(), Some("mend c1 broker-1".to_owned())),
            ("B1 → B2 takes 40 ms more".to_owned(), Some("mend broker-1 broker-2 one-way=yes".to_owned())),
        ]
    );
}

/// What a request over a slow link takes: both ways 50 ms more than its hops.
#[test]
fn a_slow_link_delays_each_way() {
    let sent = |lines: &str| {
        let (_, _, events) =
            played(&format!("{BEGIN}send-sync p1 orders value=a\n{lines}send-sync p1 orders value=b\n"));
        let arrival = |kind: &EventKind| match kind {
            EventKind::RequestSent { api, arrives_at, .. } if api.name() == "Produce" => Some(arrives_at.micros()),
            EventKind::ResponseSent { api, arrives_at, .. } if api.name() == "Produce" => Some(arrives_at.micros()),
            _ => None,
        };
        let times: Vec<u64> = events.iter().filter_map(arrival).collect();
        times[times.len() - 1] - times[times.len() - 2]
    };
    let usual = sent("");
    assert_eq!(sent("slow-link broker-1 p1 ms=50\n"), usual + 50_000);
    assert_eq!(sent("slow-link p1 broker-1 ms=50 one-way=yes\n"), usual);
    assert_eq!(sent("slow-link broker-1 p1 ms=50\nmend p1 broker-1\n"), usual);
}

#[test]
fn a_held_response_keeps_what_follows_until_it_is_released() {
    let lines = format!(
        "{BEGIN}send-sync p1 orders value=a\nhold broker-1 p1 Produce\nsend p1 orders value=b\nsleep 10\n\
         send p1 orders value=c\nsleep 300\noutcomes p1\nrelease broker-1 p1\nwait sent p1\noutcomes p1\n"
    );
    let (_, seen, events) = played(&lines);
    let pending = |line: u32| seen.iter().find(|(number, _)| *number == line).map(|(_, seen)| seen.clone());
    assert_eq!(pending(12), Some(Seen::Pending(2)));
    assert_eq!(pending(15), Some(Seen::Pending(0)));
    let held = events.iter().filter(|kind| matches!(kind, EventKind::MessageHeld { .. })).count();
    let released = events.iter().find_map(|kind| match kind {
        EventKind::HoldReleased { waiting, .. } => Some(*waiting),
        _ => None,
    });
    assert_eq!((held, released), (1, Some(2)));
}

#[test]
fn a_held_request_is_released_by_its_own_way_alone() {
    let [en, _] = refused(&format!("{BEGIN}hold p1 broker-1 Produce nth=2\nrelease broker-1 p1\n"));
    assert_eq!(en, "nothing is held on its way from broker-1 to p1: there is nothing to release");
}

/// Nothing of the cluster moves, so a record waits; nobody was fenced when it runs again.
#[test]
fn a_cluster_that_stands_still_goes_on_where_it_stood() {
    for controller in ["", " controller=separate"] {
        let lines = format!(
            "cluster brokers=1{controller}\ntopic orders\nproducer p1\nsend-sync p1 orders value=a\npause-process cluster\n\
             send p1 orders value=b\nsleep 5000\noutcomes p1\nresume-process cluster\nwait sent p1\noutcomes p1\n"
        );
        let (_, seen, events) = played(&lines);
        let pending: Vec<&Seen> =
            seen.iter().map(|(_, seen)| seen).filter(|seen| matches!(seen, Seen::Pending(_))).collect();
        assert_eq!(pending, [&Seen::Pending(1), &Seen::Pending(0)]);
        assert!(!events.iter().any(|kind| matches!(kind, EventKind::BrokerFenced { .. })), "{lines}");
    }
}

#[test]
fn a_controller_of_its_own_stands_still() {
    let (timeline, ..) = played("cluster brokers=2\npause-process controller\nsleep 1000\n");
    let told = [("the controller stands still".to_owned(), Some("resume-process controller".to_owned()))];
    assert_eq!(active(&timeline), told);
}

#[test]
fn what_cannot_be_says_why() {
    let two = "cluster brokers=2\ntopic orders\nproducer p1\nconsumer c1 group.id=g\n";
    let one = "cluster brokers=1\n";
    for (begin, line, en) in [
        (two, "cut broker-1 broker-1", "broker-1 is one process: a link has two ends"),
        (two, "cut p1 c1", "p1 and c1 are clients, which never speak with one another: choose a broker"),
        (two, "cut p1 controller", "clients speak with brokers, never with the controller: choose a broker"),
        (two, "mend p1 broker-1", "the link between p1 and broker-1 is neither cut nor slow: there is nothing to mend"),
        (two, "resume-process controller", "the controller is not frozen"),
        (two, "resume-process cluster", "nothing of the cluster is frozen"),
        (two, "drop-response broker-1 Fetch from=broker-1", "broker-1 asks itself nothing: choose another broker"),
        (
            one,
            "cut broker-1 controller",
            "broker-1 is the controller as well, in one process: between them there is no link \
             (`controller=separate` on the `cluster` line parts them)",
        ),
        (
            one,
            "pause-process controller",
            "broker-1 is the controller as well, in one process: pause broker-1 (`controller=separate` on the `cluster` \
             line parts them)",
        ),
    ] {
        let [told, korean] = refused(&format!("{begin}{line}\n"));
        assert_eq!(told, en, "{line}");
        assert!(korean.contains(|c: char| c >= '\u{ac00}'), "{korean}");
    }
    let [told, _] = refused(&format!("{two}cut p1 broker-1\ncut broker-1 p1\n"));
    assert_eq!(told, "the link between broker-1 and p1 is cut already: `mend broker-1 p1` mends it");
}

#[test]
fn lines_of_links_print_as_they_are_written() {
    let (script, _) = parse("cluster brokers=3\nproducer p1\n");
    for line in [
        "cut p1 broker-1",
        "cut broker-1 broker-2 one-way=yes",
        "slow-link broker-1 controller ms=60000 one-way=yes",
        "mend p1 broker-1",
        "hold broker-1 controller BrokerHeartbeat nth=3",
        "release broker-1 controller",
        "pause-process cluster",
        "resume-process cluster",
        "drop-response broker-1 Fetch from=broker-2",
        "answer-error broker-1 Fetch NOT_LEADER_OR_FOLLOWER times=2 from=broker-2",
    ] {
        let read = parse_line(line, 1, &mut ScriptContext::after(&script)).expect(line);
        assert_eq!(print_statement(&read.statement), line);
    }
    for (line, en) in [
        ("cut p1", "`cut` lacks"),
        ("slow-link p1 broker-1 ms=0", "from 1 to 60,000"),
        ("slow-link p1 broker-1", "ms=N"),
        ("drop-response broker-1 Fetch client=p1 from=broker-2", "`client`"),
    ] {
        let errors = parse_line(line, 1, &mut ScriptContext::after(&script)).expect_err(line);
        let told = errors[0].sentence(Lang::En);
        assert!(told.contains(en), "{line}: {told}");
    }
}
