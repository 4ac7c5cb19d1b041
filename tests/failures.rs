//! A record that fails is told by the exception that its program gets, also where Kafka's protocol has no code for it.

use std::sync::Arc;

use partita::error::{ClientException, Failure};
use partita::event::EventKind;
use partita::script::parse;
use partita::simulation::{Progress, Seen, Simulation, Sink};

const CLUSTER: &str = "cluster brokers=1 seed=7\ntopic orders partitions=1\n";

/// Why records failed in a script, in order.
fn failures(lines: &str) -> Vec<(Failure, bool)> {
    let (script, errors) = parse(&format!("{CLUSTER}{lines}"));
    assert!(errors.is_empty(), "{errors:?}");
    let mut simulation = Simulation::new(Arc::new(script)).expect("it can be played");
    let mut found = Vec::new();
    for _ in 0..5_000 {
        let mut sink = Sink::default();
        if !simulation.step(&mut sink) {
            break;
        }
        found.extend(sink.events.iter().filter_map(|event| match event.kind {
            EventKind::SendFailed { why, thrown, .. } => Some((why, thrown)),
            EventKind::RecordFailed { why, .. } => Some((why, false)),
            _ => None,
        }));
    }
    found
}

#[test]
fn a_serializer_that_cannot_write_the_value() {
    let found = failures(
        "producer p1 value.serializer=org.apache.kafka.common.serialization.LongSerializer\nsend p1 orders value=many\nsleep 100\n",
    );
    assert_eq!(found, [(Failure::Client(ClientException::SerializationException), true)]);
}

#[test]
fn a_producer_that_is_closed_with_no_time_left() {
    let found =
        failures("producer p1 linger.ms=5000\nsend p1 orders value=one\nsleep 100\nclose p1 timeout_ms=0\nsleep 100\n");
    assert_eq!(found, [(Failure::Client(ClientException::KafkaException), false)]);
}

/// Kafka's administrator looks for the coordinator of a group until its time is over, and goes on with the next line.
#[test]
fn an_administrator_whose_coordinator_is_gone_gives_up() {
    let lines = "consumer c1 group.id=g\nsubscribe c1 orders\npoll c1 for_ms=500\ncrash broker-1\n\
                 delete-offsets g orders-0\nalter-offsets g orders-0=5\ndelete-group g\nremove-member g x\n";
    let script = format!("cluster brokers=2 seed=7\ntopic orders partitions=1\n{lines}");
    let (script, errors) = parse(&script);
    assert!(errors.is_empty(), "{errors:?}");
    let mut simulation = Simulation::new(Arc::new(script)).expect("it can be played");
    let mut sink = Sink::default();
    // Each looks for 30 s, every 100 ms.
    let mut moves = 0;
    while matches!(simulation.progress(), Progress::Playing(_)) && simulation.step(&mut sink) {
        moves += 1;
        assert!(moves < 50_000, "it looks without a pause");
    }
    let given_up = sink.observations.iter().filter_map(|observation| match &observation.seen {
        Seen::Failed(exception) => Some((exception.class, exception.message.to_string())),
        _ => None,
    });
    let words = |call: &str| {
        let message = format!(
            "Call(callName={call}(api=FIND_COORDINATOR)) timed out: the coordinator of group g is not available"
        );
        ("TimeoutException", message)
    };
    let calls = ["offsetDelete", "offsetCommit", "deleteConsumerGroups", "leaveGroup"];
    assert_eq!(given_up.collect::<Vec<_>>(), calls.map(words));
}
