//! Texts that the protocol cannot carry: Java's client throws before it sends. What is expected of them was recorded on
//! Kafka 4.3.1.

use partita_cli::play::play;
use serde_json::{Value, json};

/// What each line of a script gave, from the first that is asked for.
fn observed(script: &str, from: u64) -> Vec<Value> {
    let played = play(script, |_, _, _| {}).expect("a script");
    assert_eq!(played.failed, None);
    played.observations.into_iter().filter(|observation| observation["line"].as_u64() >= Some(from)).collect()
}

fn long() -> String {
    "x".repeat(32_768)
}

fn too_long(field: &str) -> Value {
    json!({"exception": "RuntimeException", "message": format!("'{field}' field is too long to be serialized")})
}

#[test]
fn a_rack_that_a_subscription_cannot_hold() {
    let poll = "poll c1 times=1 timeout_ms=2000";
    let script = format!(
        "cluster brokers=1\ntopic t\nconsumer c1 group.id=g client.rack={}\nsubscribe c1 t\n{poll}\n{poll}\nclose c1",
        long()
    );
    let found = observed(&script, 5);
    assert_eq!(found[0]["threw"], too_long("rackId"));
    assert_eq!(found[1]["threw"], too_long("rackId"));
    assert_eq!(found[2]["done"], true);
}

#[test]
fn a_rack_that_a_fetch_cannot_hold() {
    let script = format!(
        "cluster brokers=1\ntopic t\nproducer p1\nsend-sync p1 t value=a\nconsumer c1 client.rack={} auto.offset.reset=earliest\n\
         assign c1 t-0\npoll c1 until=1\nend-offsets c1 t-0\nclose c1",
        long()
    );
    let found = observed(&script, 7);
    assert_eq!(found[0]["threw"], too_long("rackId"));
    assert_eq!(found[1]["threw"], too_long("rackId"));
    let closed = &found[2]["threw"];
    assert_eq!(closed["message"], "Failed to close kafka consumer");
    assert_eq!(closed["cause"], too_long("rackId"));
}

#[test]
fn a_topic_that_no_request_can_name() {
    let poll = "poll c1 times=1 timeout_ms=2000";
    let script = format!(
        "cluster brokers=1\ntopic t\nconsumer c1 group.id=g\nsubscribe c1 {}\n{poll}\n{poll}\nunsubscribe c1\n\
         subscribe c1 t\npoll c1 assigned=t-0\nclose c1",
        long()
    );
    let found = observed(&script, 5);
    assert_eq!(found[0]["threw"], too_long("name"));
    assert_eq!(found[1]["threw"], too_long("name"));
    assert!(found[2..].iter().all(|observation| observation.get("threw").is_none()), "{:?}", &found[2..]);
}

#[test]
fn a_group_that_no_request_can_name() {
    let script = format!(
        "cluster brokers=1\ntopic t\nproducer p1\nsend-sync p1 t value=a\nconsumer c1 group.id={} auto.offset.reset=earliest\n\
         assign c1 t-0\npoll c1 until=1\nend-offsets c1 t-0\ncommit c1 sync t-0=1\nclose c1",
        long()
    );
    let found = observed(&script, 7);
    for observation in &found[..3] {
        // The field is `coordinatorKeysElement`: what has as many letters as a short uuid is masked in observations.
        assert_eq!(observation["threw"], too_long("<uuid>"));
    }
    assert_eq!(found[3]["done"], true);
}

/// The tick of the heartbeat thread is `retry.backoff.ms`, which may be as long as time itself. The leader of a group then
/// waits as long for metadata, without a limit (`ConsumerNetworkClient.ensureFreshMetadata`): Kafka's `poll` does not come
/// back either.
#[test]
fn a_backoff_without_an_end() {
    let script = "cluster brokers=1\ntopic t\nconsumer c1 group.id=g retry.backoff.ms=9223372036854775807 \
         retry.backoff.max.ms=9223372036854775807\nsubscribe c1 t\npoll c1 for_ms=3000\nsleep 10000\nclose c1";
    let played = play(script, |_, _, _| {}).unwrap_or_else(|error| panic!("{error}"));
    let failed = played.failed.expect("the poll does not end");
    assert_eq!(failed.line, Some(5));
    assert!(failed.sentence.contains("for c1 to carry it out: in 30 days"), "{}", failed.sentence);
    let ends = script.replace("9223372036854775807", "25000");
    assert_eq!(observed(&ends, 7)[0]["done"], true);
}
