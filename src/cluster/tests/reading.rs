//! Fetch: waiting, order on a connection, sessions.

use kafka_protocol::messages::{FetchRequest, FetchResponse, MetadataRequest};

use super::world::{World, connection, fetch};
use crate::broker::Parked;
use crate::error::Code;
use crate::event::EventKind;
use crate::wire::Response;

fn answered(response: Option<Response>) -> FetchResponse {
    match response {
        Some(Response::Fetch(response)) => response,
        other => panic!("no fetch was answered: {other:?}"),
    }
}

/// Partition and bytes of all that was answered, in order.
fn sizes(response: &FetchResponse) -> Vec<(i32, usize)> {
    let partitions = response.responses.iter().flat_map(|topic| &topic.partitions);
    partitions.map(|it| (it.partition_index, it.records.as_ref().map_or(0, |records| records.len()))).collect()
}

#[test]
fn a_fetch_waits_for_records() {
    let mut world = World::new(1);
    world.topic("orders", &[1]);
    world.events.clear();
    let waiting = world.send(1, 2, 12, fetch("orders", &[(0, 0)], 1, 500));
    assert_eq!(world.answer(2, waiting), None);
    assert!(matches!(world.broker(1).connections()[&connection(2, 1)].parked(), Some(Parked::Fetch(_))));
    world.pass(300);
    world.produce(1, ("orders", 0), &["a"]);
    assert_eq!(sizes(&answered(world.answer(2, waiting))), [(0, 69)]);
    let kinds: Vec<_> = world.kinds().collect();
    assert!(matches!(
        kinds[..],
        [
            EventKind::FetchParked { until, .. },
            EventKind::BatchAppended { .. },
            EventKind::HighWatermarkMoved { .. },
            EventKind::FetchAnswered { bytes: 69, .. },
        ] if until.millis() == 500
    ));
}

#[test]
fn a_fetch_is_answered_empty_when_its_wait_is_over() {
    let mut world = World::new(1);
    world.topic("orders", &[1]);
    world.produce(1, ("orders", 0), &["a"]);
    let waiting = world.send(1, 2, 12, fetch("orders", &[(0, 0)], 100, 500));
    world.pass(499);
    assert_eq!(world.answer(2, waiting), None, "69 bytes are fewer than 100");
    world.pass(1);
    assert_eq!(sizes(&answered(world.answer(2, waiting))), [(0, 69)], "what there is comes at the end");
    let empty = world.send(1, 2, 12, fetch("orders", &[(0, 1)], 1, 500));
    world.pass(500);
    assert_eq!(sizes(&answered(world.answer(2, empty))), [(0, 0)]);
}

#[test]
fn what_waits_holds_back_what_is_behind_it() {
    let mut world = World::new(1);
    world.topic("orders", &[1]);
    let first = world.send(1, 2, 12, fetch("orders", &[(0, 0)], 1, 500));
    let second = world.send(1, 2, 12, MetadataRequest::default().with_topics(Some(Vec::new())));
    let third = world.send(1, 2, 12, fetch("orders", &[(0, 0)], 1, 100));
    world.pass(100);
    assert!(world.sent.iter().all(|(id, _)| *id != connection(2, 1)), "neither is answered");
    assert_eq!(world.broker(1).connections()[&connection(2, 1)].queued().len(), 2);
    world.pass(450);
    let order: Vec<i32> = world.sent.iter().map(|(_, frame)| frame.correlation_id).collect();
    assert_eq!(order, [first, second]);
    world.pass(50);
    assert_eq!(sizes(&answered(world.answer(2, third))), [(0, 0)], "its own wait began when its turn came");
}

#[test]
fn a_closed_connection_takes_its_requests_with_it() {
    let mut world = World::new(1);
    world.topic("orders", &[1]);
    world.send(1, 2, 12, fetch("orders", &[(0, 0)], 1, 500));
    world.send(1, 2, 12, fetch("orders", &[(0, 0)], 1, 500));
    world.sent.clear();
    world.close(connection(2, 1));
    world.produce(1, ("orders", 0), &["a"]);
    world.pass(1000);
    assert!(world.sent.iter().all(|(id, _)| *id != connection(2, 1)));
    assert!(world.broker(1).connections().keys().all(|id| *id != connection(2, 1)));
}

#[test]
fn limits_leave_the_first_batch_whole_and_later_partitions_empty() {
    let mut world = World::new(1);
    world.topic("orders", &[1, 1]);
    for partition in [0, 0, 1] {
        world.produce(1, ("orders", partition), &["a"]);
    }
    let limited = |max_bytes| fetch("orders", &[(0, 0), (1, 0)], 1, 0).with_max_bytes(max_bytes);
    for (max_bytes, expect) in [(1, [69, 0]), (138, [138, 0]), (139, [138, 0]), (207, [138, 69])] {
        let answer = answered(world.ask(1, 2, 12, limited(max_bytes)));
        assert_eq!(sizes(&answer), [(0, expect[0]), (1, expect[1])], "{max_bytes}");
    }
}

/// A request of a session, by name.
fn of_session(id: i32, epoch: i32, from: &[(i32, i64)]) -> FetchRequest {
    fetch("orders", from, 1, 0).with_session_id(id).with_session_epoch(epoch)
}

#[test]
fn a_session_tells_only_news() {
    let mut world = World::new(1);
    world.topic("orders", &[1, 1, 1]);
    world.produce(1, ("orders", 1), &["a"]);
    let all = [(0, 0), (1, 0), (2, 0)];
    let first = answered(world.ask(1, 2, 12, of_session(0, 0, &all)));
    assert_eq!(sizes(&first), [(0, 0), (1, 69), (2, 0)]);
    let id = first.session_id;
    assert!(id > 0);
    let next = answered(world.ask(1, 2, 12, of_session(id, 1, &[(1, 1)])));
    assert_eq!(sizes(&next), [], "nothing is new");
    world.produce(1, ("orders", 0), &["b"]);
    let next = answered(world.ask(1, 2, 12, of_session(id, 2, &[])));
    assert_eq!(sizes(&next), [(0, 69)]);
    for partition in [0, 1, 2] {
        world.produce(1, ("orders", partition), &["c"]);
    }
    let next = answered(world.ask(1, 3, 12, of_session(id, 3, &[(0, 1)])));
    assert_eq!(sizes(&next), [(1, 69), (2, 69), (0, 69)], "on another connection; what had data went to the end");
    for (id, epoch, code) in [
        (id, 3, Code::InvalidFetchSessionEpoch),
        (id + 1, 1, Code::FetchSessionIdNotFound),
        (0, 5, Code::FetchSessionIdNotFound),
    ] {
        let refused = answered(world.ask(1, 2, 12, of_session(id, epoch, &[])));
        assert_eq!((refused.error_code, refused.session_id), (code.code(), 0), "{epoch}");
    }
    let by_id = answered(world.ask(1, 2, 13, of_session(id, 4, &[])));
    assert_eq!(by_id.error_code, Code::FetchSessionTopicIdError.code());
    assert_eq!(answered(world.ask(1, 2, 12, of_session(id, -1, &[]))).error_code, 0);
    assert_eq!(world.broker(1).fetch_sessions().iter().count(), 0, "closed");
}

#[test]
fn the_session_cache_has_a_bound() {
    let mut world = World::with(1, &[("max.incremental.fetch.session.cache.slots", "2")]);
    world.topic("orders", &[1]);
    let make = |world: &mut World| answered(world.ask(1, 2, 12, of_session(0, 0, &[(0, 0)]))).session_id;
    let (first, second) = (make(&mut world), make(&mut world));
    assert!(first > 0 && second > 0 && first != second);
    assert_eq!(make(&mut world), 0, "full");
    world.pass(120_001);
    let third = make(&mut world);
    assert!(third > 0, "one that was unused for two minutes made room");
    assert!(world.broker(1).fetch_sessions().get(third).is_some());
    assert_eq!(world.broker(1).fetch_sessions().iter().count(), 2);
}
