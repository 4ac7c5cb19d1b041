//! What a producer does, told from outside.

use super::World;
use crate::call::{Notice, Outcome, ProducerCall};
use crate::error::Code;
use crate::event::{EventKind, ReadyWhy};
use crate::ids::{BrokerId, ClientId, RecordId};
use crate::wire::{Api, Request};

const START_MS: i64 = super::START_MS;

#[test]
fn one_record_goes_through_its_stages() {
    let mut world = World::new(&[]);
    assert_eq!(world.send_and_return(None, "a"), Outcome::Sent(RecordId { client: ClientId(1), number: 0 }));
    world.run_until_ms(100);
    assert_eq!(world.offsets(), [0]);
    let completed = world.notices.iter().find_map(|notice| match notice {
        Notice::SendCompleted { result, .. } => Some(result),
        _ => None,
    });
    let Some(Ok(metadata)) = completed else { panic!("no success") };
    assert_eq!((metadata.serialized_key_size, metadata.serialized_value_size), (-1, 1));
    assert_eq!(metadata.timestamp, START_MS + 3, "the call's time and the wait for metadata");
    // Following causes leads from the result back to the send.
    let index = |wanted: &dyn Fn(&EventKind) -> bool| world.events.iter().position(|event| wanted(&event.kind));
    let seen = causes(&world, index(&|kind| matches!(kind, EventKind::RecordAcknowledged { .. })));
    let story = [
        "RecordAcknowledged",
        "BatchAcknowledged",
        "BatchDrained",
        "BatchReady",
        "Appended",
        "Partitioned",
        "Serialized",
        "MetadataAwaited",
        "SendCalled",
        "CallStarted",
    ];
    assert_eq!(seen, story);
    let apis: Vec<Api> = world.requests.iter().map(Request::api).collect();
    let expected = [Api::ApiVersions, Api::Metadata, Api::InitProducerId, Api::ApiVersions, Api::Produce];
    assert_eq!(apis, expected);
}

#[test]
fn records_batch_up_to_linger_and_flush_sends_at_once() {
    let mut world = World::new(&[("linger.ms", "1000")]);
    for value in ["a", "b", "c"] {
        world.send_and_return(Some(0), value);
    }
    world.run_until_ms(900);
    assert!(world.offsets().is_empty());
    world.run_until_ms(1100);
    assert_eq!(world.offsets(), [0, 1, 2]);
    world.send_and_return(Some(0), "d");
    let flush = world.call(ProducerCall::Flush);
    assert_eq!(world.run_until_returned(flush), Outcome::Done);
    assert!(world.now.ms() < 1110, "{}", world.now.ms());
    assert_eq!(world.log(0), [(3, 0, 0), (1, 0, 3)]);
    let why = world.events.iter().filter_map(|event| match event.kind {
        EventKind::BatchReady { why, .. } => Some(why),
        _ => None,
    });
    let why: Vec<_> = why.into_iter().collect();
    assert_eq!(why, [ReadyWhy::Linger, ReadyWhy::Flush]);
}

#[test]
fn an_unknown_topic_times_out_with_kafkas_words() {
    let mut world = World::new(&[("max.block.ms", "1000")]);
    world.topic_exists = false;
    assert!(matches!(world.send_and_return(None, "a"), Outcome::Sent(_)));
    let error = world.failure();
    assert_eq!((error.class, &*error.message), ("TimeoutException", "Topic t not present in metadata after 1000 ms."));
    assert_eq!(error.cause.as_ref().map(|cause| cause.class), Some("UnknownTopicOrPartitionException"));
    let asked = world.requests.iter().filter(|request| request.api() == Api::Metadata).count();
    assert!((3..=6).contains(&asked), "{asked} requests: the wait between them grows");
}

#[test]
fn a_partition_that_does_not_exist_times_out_with_kafkas_words() {
    let mut world = World::new(&[("max.block.ms", "1000")]);
    world.send_and_return(Some(0), "a");
    assert!(matches!(world.send_and_return(Some(2), "b"), Outcome::Sent(_)));
    let message = "Partition 2 of topic t with partition count 2 is not present in metadata after 1000 ms.";
    assert_eq!(&*world.failure().message, message);
    let Outcome::Threw(error) = world.send_and_return(Some(-1), "c") else { panic!("it is refused") };
    assert_eq!(error.class, "IllegalArgumentException");
    assert_eq!(&*error.message, "Invalid partition: -1. Partition number should always be non-negative or null.");
}

#[test]
fn an_exhausted_buffer_blocks_and_then_fails() {
    let settings = [("buffer.memory", "5000"), ("batch.size", "1000"), ("max.block.ms", "1000")];
    let mut world = World::new(&settings);
    world.send_and_return(Some(0), "first");
    world.run_until_ms(50);
    world.is_deaf = true;
    let large = "x".repeat(900);
    for _ in 0..5 {
        world.send_and_return(Some(0), &large);
    }
    assert!(matches!(world.send_and_return(Some(0), &large), Outcome::Sent(_)));
    let error = world.failure();
    assert_eq!(error.class, "BufferExhaustedException");
    let message = "Failed to allocate 1000 bytes within the configured max blocking time 1000 ms. Total memory: 5000 \
                   bytes. Available memory: 0 bytes. Poolable size: 1000 bytes";
    assert_eq!(&*error.message, message);
    assert_eq!(world.producer.incomplete_records(), 5);
}

#[test]
fn memory_that_comes_back_lets_a_blocked_send_go_on() {
    let mut world = World::new(&[("buffer.memory", "2000"), ("batch.size", "1000"), ("linger.ms", "0")]);
    let large = "x".repeat(900);
    for _ in 0..20 {
        assert!(matches!(world.send_and_return(Some(0), &large), Outcome::Sent(_)));
    }
    let flush = world.call(ProducerCall::Flush);
    world.run_until_returned(flush);
    assert_eq!(world.offsets(), (0..20).collect::<Vec<i64>>());
    assert!(world.count(|kind| matches!(kind, EventKind::MemoryAwaited { .. })) > 5);
    assert_eq!(world.producer.accumulator().pool.available_memory(), 2000);
}

#[test]
fn a_retriable_error_is_tried_again_with_the_same_sequence() {
    let mut world = World::new(&[("linger.ms", "0")]);
    world.produce_errors.push_back(Code::NotEnoughReplicas);
    world.send_and_return(Some(0), "a");
    let flush = world.call(ProducerCall::Flush);
    world.run_until_returned(flush);
    assert_eq!(world.log(0), [(1, 0, 0)]);
    assert_eq!(world.count(|kind| matches!(kind, EventKind::BatchRetried { attempt: 1, .. })), 1);
    assert!(world.now.ms() >= 80, "it waited for retry.backoff.ms");
    assert_eq!(world.count(|kind| matches!(kind, EventKind::BatchDrained { attempt: 2, sequence: 0, .. })), 1);
}

/// The names of an event and of what led to it, back to the beginning.
fn causes(world: &World, of: Option<usize>) -> Vec<String> {
    let mut at = of.expect("it happened");
    let mut seen = Vec::new();
    loop {
        seen.push(format!("{:?}", world.events[at].kind).split(' ').next().unwrap_or_default().to_owned());
        match world.events[at].cause.0 {
            0 => return seen,
            cause => at = cause as usize - 1,
        }
    }
}

#[test]
fn what_comes_of_a_part_leads_back_over_the_split_to_the_send() {
    let mut world = World::new(&[("linger.ms", "60000")]);
    (0..2).for_each(|_| _ = world.send_and_return(Some(0), &"x".repeat(300)));
    world.produce_errors.push_back(Code::MessageTooLarge);
    let flush = world.call(ProducerCall::Flush);
    assert_eq!(world.run_until_returned(flush), Outcome::Done);
    let is_last = |kind: &EventKind| matches!(kind, EventKind::RecordAcknowledged { record, .. } if record.number == 1);
    let seen = causes(&world, world.events.iter().position(|event| is_last(&event.kind)));
    let parts = seen.iter().filter(|name| matches!(name.as_str(), "Appended" | "BatchSplit" | "BatchDrained"));
    assert_eq!(parts.collect::<Vec<_>>(), ["BatchDrained", "Appended", "BatchSplit", "BatchDrained", "Appended"]);
    assert_eq!(seen[seen.len() - 2..], ["SendCalled", "CallStarted"]);
}

#[test]
fn a_batch_too_large_is_split() {
    let mut world = World::new(&[("linger.ms", "60000")]);
    let value = "x".repeat(300);
    for _ in 0..4 {
        world.send_and_return(Some(0), &value);
    }
    // Refused until single records are left; each part keeps its sequence.
    world.produce_errors.extend([Code::MessageTooLarge, Code::MessageTooLarge]);
    let flush = world.call(ProducerCall::Flush);
    assert_eq!(world.run_until_returned(flush), Outcome::Done);
    assert_eq!(world.offsets(), [0, 1, 2, 3]);
    let sequences: Vec<i32> = world.log(0).iter().map(|(.., sequence)| *sequence).collect();
    assert!(sequences.len() >= 2 && sequences.is_sorted(), "{sequences:?}");
    assert_eq!(world.count(|kind| matches!(kind, EventKind::BatchSplit { .. })), 2);
}

#[test]
fn a_record_too_large_fails_and_the_next_begins_a_new_epoch() {
    let mut world = World::new(&[("linger.ms", "0")]);
    world.produce_errors.push_back(Code::MessageTooLarge);
    world.send_and_return(Some(0), "a");
    world.run_until_ms(50);
    assert_eq!(&*world.failure().message, Code::MessageTooLarge.message());
    world.send_and_return(Some(0), "b");
    world.run_until_ms(100);
    assert_eq!(world.log(0), [(1, 1, 0)]);
    assert_eq!(world.count(|kind| matches!(kind, EventKind::ProducerEpochBumped { epoch: 1, .. })), 1);
}

#[test]
fn a_batch_expires_while_the_broker_is_away() {
    let settings = [("linger.ms", "1000"), ("delivery.timeout.ms", "2500"), ("request.timeout.ms", "1000")];
    let mut world = World::new(&settings);
    world.send_and_return(Some(0), "first");
    world.run_until_ms(1500);
    for value in ["a", "b", "c"] {
        world.send_and_return(Some(0), value);
    }
    world.crash();
    world.run_until_ms(4100);
    assert_eq!(world.offsets(), [0, -1, -1, -1]);
    let message = "Expiring 3 record(s) for t-0:2500 ms has passed since batch creation. The request has not been \
                   sent, or no server response has been received yet.";
    assert_eq!(&*world.failure().message, message);
    world.is_down = false;
    world.send_and_return(Some(0), "after");
    world.run_until_ms(8000);
    assert_eq!(world.offsets(), [0, -1, -1, -1, 1]);
    assert_eq!(world.log(0).last(), Some(&(1, 0, 1)), "what never left used up no sequence");
}

#[test]
fn a_lost_answer_is_asked_for_again() {
    let mut world = World::new(&[("linger.ms", "100"), ("request.timeout.ms", "1500")]);
    world.send_and_return(Some(0), "first");
    world.run_until_ms(200);
    world.is_deaf = true;
    world.send_and_return(Some(0), "again");
    world.run_until_ms(2500);
    world.is_deaf = false;
    let flush = world.call(ProducerCall::Flush);
    world.run_until_returned(flush);
    assert_eq!(world.count(|kind| matches!(kind, EventKind::RequestTimedOut { api: Api::Produce, .. })), 1);
    let again: Vec<_> = world.log(0).into_iter().filter(|(.., sequence)| *sequence == 1).collect();
    assert_eq!(again, [(1, 0, 1), (1, 0, 1)], "the same sequence twice: a broker would write it once");
}

#[test]
fn acks_0_is_done_when_written() {
    let mut world = World::new(&[("acks", "0"), ("linger.ms", "0")]);
    world.send_and_return(Some(0), "a");
    world.run_until_ms(20);
    assert_eq!(world.offsets(), [-1]);
    assert!(matches!(world.notices[..], [Notice::RecordMade { .. }, Notice::SendCompleted { result: Ok(_), .. }]));
    assert!(world.producer.transaction_manager().is_none());
}

#[test]
fn close_sends_what_is_buffered_and_then_refuses() {
    let mut world = World::new(&[("linger.ms", "60000")]);
    world.send_and_return(Some(0), "a");
    let close = world.call(ProducerCall::Close { timeout_ms: None });
    assert_eq!(world.run_until_returned(close), Outcome::Done);
    assert_eq!(world.offsets(), [0]);
    assert!(world.producer.is_closed());
    assert_eq!(world.producer.next_timeout(), None);
    let Outcome::Threw(error) = world.send_and_return(Some(0), "b") else { panic!("it is refused") };
    assert_eq!(error.class, "IllegalStateException");
    let again = world.call(ProducerCall::Close { timeout_ms: None });
    assert_eq!(world.run_until_returned(again), Outcome::Done);
}

#[test]
fn close_by_force_fails_what_is_left() {
    let mut world = World::new(&[("linger.ms", "60000")]);
    world.send_and_return(Some(0), "a");
    world.run_until_ms(20);
    let close = world.call(ProducerCall::Close { timeout_ms: Some(0) });
    world.run_until_returned(close);
    assert_eq!(&*world.failure().message, "Producer is closed forcefully.");
    let mut world = World::new(&[("linger.ms", "0")]);
    world.send_and_return(Some(0), "a");
    world.run_until_ms(20);
    world.is_deaf = true;
    world.send_and_return(Some(0), "b");
    let close = world.call(ProducerCall::Close { timeout_ms: Some(300) });
    world.run_until_returned(close);
    assert!((300..=325).contains(&world.now.ms()), "{}", world.now.ms());
    assert_eq!(world.offsets(), [0, -1]);
}

#[test]
fn an_idle_producer_is_still() {
    let mut world = World::new(&[]);
    world.send_and_return(None, "a");
    world.run_until_ms(1000);
    let before = world.events.len();
    world.run_until_ms(200_000);
    assert_eq!(world.events.len(), before);
}

#[test]
fn a_wrong_value_is_thrown() {
    let mut world = World::new(&[("value.serializer", "org.apache.kafka.common.serialization.IntegerSerializer")]);
    let Outcome::Threw(error) = world.send_and_return(Some(0), "x") else { panic!("it is refused") };
    assert_eq!(error.class, "SerializationException");
}

#[test]
fn a_new_leader_named_in_the_answer_is_used_at_once() {
    let mut world = World::new(&[("linger.ms", "0")]);
    world.send_and_return(Some(0), "a");
    world.run_until_ms(50);
    // Metadata does not know it yet; only the old leader's answer does (KIP-951).
    world.stale_leader = Some((1, 0));
    world.leader = (2, 1);
    world.send_and_return(Some(0), "b");
    world.run_until_ms(60);
    assert_eq!(world.offsets(), [0, 1]);
    assert_eq!(world.count(|kind| matches!(kind, EventKind::BatchRetried { code: Code::NotLeaderOrFollower, .. })), 1);
}

#[test]
fn records_without_key_go_round() {
    let class = "org.apache.kafka.clients.producer.RoundRobinPartitioner";
    let mut world = World::new(&[("partitioner.class", class), ("linger.ms", "1000")]);
    world.partitions = 3;
    for value in ["a", "b", "c", "d"] {
        world.send_and_return(None, value);
    }
    let flush = world.call(ProducerCall::Flush);
    world.run_until_returned(flush);
    let mut counts: Vec<i32> = (0..3).map(|partition| world.log(partition).iter().map(|(n, ..)| n).sum()).collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 1, 2]);
    // One was ready by the flush; a request takes a batch of each partition of its broker.
    assert_eq!(world.count(|kind| matches!(kind, EventKind::BatchReady { .. })), 3);
    assert_eq!(world.requests.iter().filter(|request| request.api() == Api::Produce).count(), 1);
}

#[test]
fn records_without_key_stick_to_a_partition_for_a_batch() {
    let mut world = World::new(&[("batch.size", "1000"), ("linger.ms", "1000")]);
    world.partitions = 6;
    for _ in 0..16 {
        world.send_and_return(None, &"x".repeat(100));
    }
    let flush = world.call(ProducerCall::Flush);
    world.run_until_returned(flush);
    let mut counts: Vec<i32> = (0..6).flat_map(|partition| world.log(partition)).map(|(n, ..)| n).collect();
    counts.sort_unstable();
    assert_eq!(counts, [8, 8], "two full batches, wherever they went");
}

#[test]
fn compressed_batches_are_compressed() {
    let mut world = World::new(&[("compression.type", "gzip"), ("linger.ms", "1000")]);
    for _ in 0..10 {
        world.send_and_return(Some(0), &"partita ".repeat(20));
    }
    let flush = world.call(ProducerCall::Flush);
    world.run_until_returned(flush);
    let batch = crate::record::BatchView::new(&world.bytes[0]);
    assert_eq!(batch.compression(), Ok(crate::record::CompressionType::Gzip));
    assert_eq!(batch.records_count(), 10);
    assert!(world.bytes[0].len() < 300, "{} bytes", world.bytes[0].len());
}

#[test]
fn one_in_flight_keeps_order_without_idempotence() {
    let settings = [
        ("enable.idempotence", "false"),
        ("max.in.flight.requests.per.connection", "1"),
        ("linger.ms", "0"),
        ("batch.size", "1"),
    ];
    let mut world = World::new(&settings);
    world.send_and_return(Some(0), "first");
    world.run_until_ms(20);
    world.produce_errors.extend([Code::NotEnoughReplicas]);
    for value in ["a", "b", "c"] {
        world.send_and_return(Some(0), value);
    }
    let flush = world.call(ProducerCall::Flush);
    world.run_until_returned(flush);
    let record = |notice: &Notice| match notice {
        Notice::SendCompleted { record, result: Ok(metadata) } => Some((record.number, metadata.offset)),
        _ => None,
    };
    let results: Vec<_> = world.notices.iter().filter_map(record).collect();
    assert_eq!(results, [(0, 0), (1, 1), (2, 2), (3, 3)]);
}

#[test]
fn without_idempotence_a_retry_lets_later_batches_overtake() {
    let settings = [("enable.idempotence", "false"), ("linger.ms", "0"), ("batch.size", "1")];
    let mut world = World::new(&settings);
    world.send_and_return(Some(0), "first");
    world.run_until_ms(20);
    world.produce_errors.extend([Code::NotEnoughReplicas]);
    for value in ["a", "b"] {
        world.send_and_return(Some(0), value);
    }
    let flush = world.call(ProducerCall::Flush);
    world.run_until_returned(flush);
    let record = |notice: &Notice| match notice {
        Notice::SendCompleted { record, result: Ok(metadata) } => Some((record.number, metadata.offset)),
        _ => None,
    };
    let results: Vec<_> = world.notices.iter().filter_map(record).collect();
    assert_eq!(results, [(0, 0), (2, 1), (1, 2)]);
}

#[test]
fn idempotent_batches_in_flight_keep_their_order_through_a_retry() {
    let mut world = World::new(&[("linger.ms", "0"), ("batch.size", "1")]);
    world.send_and_return(Some(0), "first");
    world.run_until_ms(20);
    // The broker refuses what follows the one that it did not take.
    world.produce_errors.extend([
        Code::NotEnoughReplicas,
        Code::OutOfOrderSequenceNumber,
        Code::OutOfOrderSequenceNumber,
    ]);
    for value in ["a", "b", "c"] {
        world.send_and_return(Some(0), value);
    }
    let flush = world.call(ProducerCall::Flush);
    world.run_until_returned(flush);
    assert_eq!(world.log(0), [(1, 0, 0), (1, 0, 1), (1, 0, 2), (1, 0, 3)]);
    assert_eq!(world.offsets(), [0, 1, 2, 3]);
    assert_eq!(world.count(|kind| matches!(kind, EventKind::ProducerEpochBumped { .. })), 0);
}

#[test]
fn partitions_for_waits_for_metadata() {
    let mut world = World::new(&[]);
    let call = world.call(ProducerCall::PartitionsFor { topic: "t".into() });
    let Outcome::Partitions(mut partitions) = world.run_until_returned(call) else { panic!("no partitions") };
    partitions.sort_unstable();
    assert_eq!(partitions, [(0, Some(BrokerId(1))), (1, Some(BrokerId(1)))]);
}
