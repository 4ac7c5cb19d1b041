//! Followers, high watermarks, waiting produces, the ISR. What Kafka does stands in its classes; where a real cluster was
//! watched, the recording's fact is told.

use kafka_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use kafka_protocol::messages::{self as m, FetchResponse, ListOffsetsRequest, TopicName};

use super::replicas::Replicas;
use super::world::{batch, fetch, produce, text};
use crate::broker::Parked;
use crate::error::Code;
use crate::event::EventKind;
use crate::ids::BrokerId;
use crate::record::ProducerState;
use crate::wire::Response;

const ORDERS: (&str, i32) = ("orders", 0);

/// Sends a batch of one record; gives the request's number.
fn write(cluster: &mut Replicas, broker: i32, acks: i16, value: &str) -> i32 {
    cluster.send(broker, 1, 9, produce(ORDERS, acks, batch(&[value], ProducerState::NONE)))
}

/// Error code and base offset of the answer to a Produce.
fn written(cluster: &mut Replicas, request: i32) -> Option<(i16, i64)> {
    let Response::Produce(answer) = cluster.answer(request)? else { panic!("no answer to a produce") };
    let partition = &answer.responses[0].partition_responses[0];
    Some((partition.error_code, partition.base_offset))
}

fn fetched(cluster: &mut Replicas, broker: i32, version: i16, offset: i64) -> FetchResponse {
    let request = cluster.send(broker, 2, version, fetch("orders", &[(0, offset)], 0, 0));
    let Some(Response::Fetch(answer)) = cluster.answer(request) else { panic!("no answer to a fetch") };
    answer
}

fn bytes(answer: &FetchResponse) -> usize {
    answer.responses[0].partitions[0].records.as_ref().map_or(0, bytes::Bytes::len)
}

#[test]
fn a_produce_waits_until_all_in_sync_have_it() {
    let mut cluster = Replicas::new(&[1, 2, 3], &[]);
    cluster.pass(10);
    let request = write(&mut cluster, 1, -1, "a");
    assert_eq!(written(&mut cluster, request), None);
    assert_eq!(cluster.marks(1), (0, 1));
    assert_eq!(cluster.replica(1).behind(1), [BrokerId(2), BrokerId(3)]);
    assert_eq!(bytes(&fetched(&mut cluster, 1, 12, 0)), 0, "a consumer does not see it yet");
    cluster.pass(1);
    assert_eq!((cluster.marks(2), cluster.marks(3)), ((0, 1), (0, 1)), "copied, and not known to be committed");
    cluster.pass(1);
    assert_eq!(written(&mut cluster, request), Some((0, 0)));
    assert_eq!((cluster.marks(1), cluster.marks(2)), ((1, 1), (0, 1)));
    assert_eq!(bytes(&fetched(&mut cluster, 1, 12, 0)), 69);
    cluster.pass(490);
    assert_eq!(cluster.marks(2), (0, 1), "the fetch that would tell it is held back for half a second");
    cluster.pass(20);
    assert_eq!((cluster.marks(2), cluster.marks(3)), ((1, 1), (1, 1)));
}

#[test]
fn with_acks_one_nobody_waits() {
    let mut cluster = Replicas::new(&[1, 2, 3], &[]);
    cluster.pass(10);
    let request = write(&mut cluster, 1, 1, "a");
    assert_eq!(written(&mut cluster, request), Some((0, 0)));
    assert_eq!(cluster.marks(1), (0, 1));
}

#[test]
fn requests_behind_a_waiting_produce_wait_too() {
    let mut cluster = Replicas::new(&[1, 2], &[]);
    cluster.pass(10);
    let first = write(&mut cluster, 1, -1, "a");
    let second = write(&mut cluster, 1, 1, "b");
    assert!(matches!(
        cluster.brokers[&1].connections()[&super::world::connection(1, 1)].parked(),
        Some(Parked::Produce(_))
    ));
    assert_eq!((cluster.marks(1), written(&mut cluster, second)), ((0, 1), None));
    cluster.pass(3);
    assert_eq!((written(&mut cluster, first), written(&mut cluster, second)), (Some((0, 0)), Some((0, 1))));
}

#[test]
fn a_produce_that_no_follower_takes_times_out_and_stays_in_the_log() {
    let mut cluster = Replicas::new(&[1, 2], &[]);
    cluster.pass(10);
    cluster.frozen.push(2);
    let request = cluster.send(1, 1, 9, produce(ORDERS, -1, batch(&["a"], ProducerState::NONE)).with_timeout_ms(1000));
    cluster.pass(999);
    assert_eq!(written(&mut cluster, request), None);
    cluster.pass(1);
    assert_eq!(written(&mut cluster, request), Some((Code::RequestTimedOut.code(), 0)));
    assert_eq!(cluster.marks(1), (0, 1));
}

#[test]
fn a_leader_that_is_one_no_more_says_so_to_who_waits() {
    let mut cluster = Replicas::new(&[1, 2], &[]);
    cluster.pass(10);
    cluster.frozen.push(2);
    let request = write(&mut cluster, 1, -1, "a");
    cluster.frozen.clear();
    cluster.elect(Some(2), &[2]);
    assert_eq!(written(&mut cluster, request), Some((Code::NotLeaderOrFollower.code(), 0)));
}

#[test]
fn too_few_in_sync_are_told_before_anything_is_written() {
    let mut cluster = Replicas::new(&[1, 2, 3], &[]);
    cluster.configure("min.insync.replicas", "2");
    cluster.pass(10);
    cluster.fence(2);
    cluster.fence(3);
    let request = write(&mut cluster, 1, -1, "a");
    assert_eq!(written(&mut cluster, request), Some((Code::NotEnoughReplicas.code(), -1)));
    let request = write(&mut cluster, 1, 1, "b");
    assert_eq!(written(&mut cluster, request), Some((0, 0)), "acks=1 is taken");
    assert_eq!(cluster.marks(1), (0, 1), "and stays invisible");
    // r10: a lowered minimum does not move the high watermark by itself; the next append does.
    cluster.configure("min.insync.replicas", "1");
    assert_eq!(cluster.marks(1), (0, 1));
    write(&mut cluster, 1, 1, "c");
    assert_eq!(cluster.marks(1), (2, 2));
}

#[test]
fn a_follower_that_lags_leaves_the_isr_and_comes_back() {
    let mut cluster = Replicas::new(&[1, 2], &[]);
    cluster.pass(10);
    cluster.frozen.push(2);
    let request =
        cluster.send(1, 1, 9, produce(ORDERS, -1, batch(&["a"], ProducerState::NONE)).with_timeout_ms(60_000));
    // Last caught up at about 0 s, looked for every 15 s: not at 30 s, for it is not *more* than 30 s yet.
    cluster.pass(44_900);
    assert_eq!((cluster.asked.len(), cluster.isr()), (0, vec![1, 2]));
    cluster.pass(200);
    assert_eq!((cluster.asked.len(), cluster.isr()), (1, vec![1]));
    assert_eq!(written(&mut cluster, request), Some((0, 0)), "committed without it");
    let asked = &cluster.asked[0].topics[0].partitions[0];
    let members: Vec<_> = asked.new_isr_with_epochs.iter().map(|it| (it.broker_id.0, it.broker_epoch)).collect();
    assert_eq!((members, asked.leader_epoch, asked.partition_epoch), (vec![(1, 11)], 0, 0));
    cluster.frozen.clear();
    cluster.pass(40_000);
    assert_eq!((cluster.isr(), cluster.marks(2)), (vec![1, 2], (1, 1)));
    assert_eq!(cluster.asked.len(), 2, "asked once each");
}

#[test]
fn who_is_to_join_is_waited_for_before_the_controller_has_agreed() {
    let mut cluster = Replicas::new(&[1, 2], &[]);
    cluster.pass(10);
    cluster.change(|partition| partition.isr = vec![BrokerId(1)]);
    cluster.is_silent = true;
    cluster.pass(600);
    assert_eq!(cluster.asked.len(), 1);
    let members: Vec<_> =
        cluster.asked[0].topics[0].partitions[0].new_isr_with_epochs.iter().map(|it| it.broker_id.0).collect();
    assert_eq!(members, [1, 2]);
    cluster.frozen.push(2);
    write(&mut cluster, 1, -1, "a");
    cluster.pass(1000);
    assert_eq!(cluster.marks(1), (0, 1), "2 counts already");
    assert_eq!(cluster.asked.len(), 1, "one change at a time");
}

#[test]
fn what_the_controller_refuses_is_given_up_or_asked_again() {
    for (code, again) in [(Code::IneligibleReplica, true), (Code::FencedLeaderEpoch, false)] {
        let mut cluster = Replicas::new(&[1, 2], &[]);
        cluster.pass(10);
        cluster.refuses = Some(code);
        cluster.change(|partition| partition.isr = vec![BrokerId(1)]);
        cluster.pass(1100);
        // Given up, the follower's next fetch proposes it anew; pending, nobody does before the next picture.
        assert_eq!(cluster.asked.len() > 1, again, "{}", code.name());
        cluster.refuses = None;
        cluster.change(|_| {});
        cluster.pass(600);
        assert_eq!(cluster.isr(), [1, 2]);
    }
}

#[test]
fn an_old_leader_cuts_what_the_new_one_has_not() {
    let mut cluster = Replicas::new(&[1, 2], &[]);
    cluster.pass(10);
    write(&mut cluster, 1, 1, "a");
    cluster.pass(600);
    cluster.frozen.push(2);
    write(&mut cluster, 1, 1, "lost 1");
    write(&mut cluster, 1, 1, "lost 2");
    assert_eq!(cluster.marks(1), (1, 3));
    cluster.frozen.clear();
    cluster.elect(Some(2), &[2]);
    write(&mut cluster, 2, 1, "b");
    cluster.events.clear();
    cluster.pass(2000);
    assert_eq!((cluster.marks(1), cluster.marks(2)), ((2, 2), (2, 2)));
    assert_eq!(cluster.isr(), [2, 1]);
    let epochs = |cluster: &Replicas, id: i32| {
        let entries = cluster.replica(id).log().leader_epochs().entries();
        entries.iter().map(|it| (it.epoch, it.start_offset)).collect::<Vec<_>>()
    };
    assert_eq!((epochs(&cluster, 1), epochs(&cluster, 2)), (vec![(0, 0), (1, 1)], vec![(0, 0), (1, 1)]));
    let cut =
        |kind: &&EventKind| matches!(kind, EventKind::LogTruncated { broker: BrokerId(1), offset: 1, records: 2, .. });
    assert_eq!(cluster.kinds().filter(cut).count(), 1);
}

#[test]
fn a_new_leader_that_does_not_know_what_is_committed_tells_no_latest_offset() {
    let latest = |cluster: &mut Replicas| {
        let partition = ListOffsetsPartition::default().with_timestamp(-1).with_current_leader_epoch(-1);
        let topic = ListOffsetsTopic::default().with_name(TopicName(text("orders"))).with_partitions(vec![partition]);
        let request = ListOffsetsRequest::default().with_replica_id(m::BrokerId(-1)).with_topics(vec![topic]);
        let request = cluster.send(2, 3, 7, request);
        let Some(Response::ListOffsets(answer)) = cluster.answer(request) else { panic!("no answer") };
        let found = &answer.topics[0].partitions[0];
        (found.error_code, found.offset, found.leader_epoch)
    };
    let mut cluster = Replicas::new(&[1, 2], &[]);
    cluster.configure("min.insync.replicas", "2");
    cluster.pass(10);
    write(&mut cluster, 1, -1, "a");
    cluster.pass(2);
    cluster.crash(1);
    cluster.fence(1);
    cluster.elect(Some(2), &[2]);
    assert_eq!(cluster.marks(2), (0, 1), "it had not learned that the record is committed");
    assert_eq!(latest(&mut cluster), (Code::OffsetNotAvailable.code(), -1, -1));
    // r25: the current leader's epoch, also when it has no record.
    cluster.configure("min.insync.replicas", "1");
    cluster.change(|_| {});
    assert_eq!(latest(&mut cluster), (0, 1, 1));
}

#[test]
fn a_follower_without_a_leader_to_reach_tries_again_every_second() {
    let mut cluster = Replicas::new(&[1, 2], &[]);
    cluster.pass(10);
    cluster.crash(1);
    cluster.pass(5000);
    let fetcher = cluster.brokers[&2].fetchers().next().expect("it still follows");
    assert_eq!(fetcher.partitions()[0].not_before.millis() / 1000, 5, "left alone until the next try");
}

#[test]
fn consumers_may_read_of_a_follower_below_its_own_high_watermark() {
    let mut cluster = Replicas::new(&[1, 2], &[]);
    cluster.pass(10);
    write(&mut cluster, 1, 1, "a");
    cluster.pass(3);
    assert_eq!(bytes(&fetched(&mut cluster, 2, 12, 0)), 0);
    cluster.pass(600);
    let answer = fetched(&mut cluster, 2, 12, 0);
    assert_eq!((bytes(&answer), answer.responses[0].partitions[0].high_watermark), (69, 1));
    let refused = fetched(&mut cluster, 2, 10, 0);
    assert_eq!(refused.responses[0].partitions[0].error_code, Code::NotLeaderOrFollower.code(), "before version 11");
}

#[test]
fn a_killed_broker_has_the_high_watermark_of_its_last_checkpoint() {
    let mut cluster = Replicas::new(&[1, 2], &[]);
    cluster.pass(4000);
    write(&mut cluster, 1, 1, "a");
    cluster.pass(1500);
    write(&mut cluster, 1, 1, "b");
    cluster.pass(600);
    assert_eq!(cluster.marks(1), (2, 2));
    cluster.crash(1);
    cluster.elect(Some(2), &[2]);
    cluster.frozen.push(2);
    cluster.start(1);
    assert_eq!(cluster.marks(1), (1, 2), "as it was at 5 s");
    cluster.frozen.clear();
    // The leader learns the broker epoch of its new life.
    cluster.change(|_| {});
    cluster.pass(3000);
    assert_eq!((cluster.marks(1), cluster.isr()), ((2, 2), vec![2, 1]));
}
