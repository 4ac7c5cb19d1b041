//! A record that is written twice, told event by event.

use super::super::facts::{Handled, RecordStage};
use super::RecordIndex;
use crate::error::Code;
use crate::event::{EventKind, PartitionedBy};
use crate::ids::{BatchId, BrokerId, ClientId, ConnectionId, EventId, PartitionNo, RecordId, TopicNo};

const CLIENT: ClientId = ClientId(1);
const PARTITION: PartitionNo = PartitionNo { topic: TopicNo(0), partition: 0 };
const CONNECTION: ConnectionId = ConnectionId::of_client(CLIENT, 0);

fn record(number: u32) -> RecordId {
    RecordId { client: CLIENT, number }
}

fn batch(number: u32) -> BatchId {
    BatchId { client: CLIENT, number }
}

fn take(index: &mut RecordIndex, first: &mut u32, kind: EventKind) {
    index.take(EventId(*first), &kind);
    *first += 1;
}

fn append(record: RecordId, batch: BatchId, index: u32) -> EventKind {
    let (partition, bytes, new_batch) = (PARTITION, 100 + index, index == 0);
    EventKind::Appended { record, batch, partition, index, bytes, new_batch, full: false }
}

fn drain(correlation_id: i32, attempt: u32) -> EventKind {
    let (batch, broker, partition) = (batch(0), BrokerId(1), PARTITION);
    EventKind::BatchDrained { batch, partition, broker, correlation_id, attempt, sequence: -1, records: 3 }
}

fn written(correlation_id: i32, base_offset: u64) -> EventKind {
    let (partition, broker, connection) = (PARTITION, BrokerId(1), CONNECTION);
    EventKind::BatchAppended { partition, broker, connection, correlation_id, base_offset, records: 3 }
}

/// Records 0, 1 and 3 go to one partition, 2 to another; the batch is written twice, since its first answer is lost.
#[test]
fn a_record_written_twice_has_two_offsets_and_one_id() {
    let (mut index, mut first) = (RecordIndex::default(), 1);
    for number in 0..4 {
        let record = record(number);
        take(&mut index, &mut first, EventKind::SendCalled { record, topic: TopicNo(0), partition: -1 });
        assert_eq!(index.stage(record), Some(RecordStage::Record));
        take(&mut index, &mut first, EventKind::Serialized { record, key_bytes: -1, value_bytes: 5 });
        let by = PartitionedBy::Sticky;
        let kind = EventKind::Partitioned { record, topic: TopicNo(0), partition: -1, partitions: 2, by };
        take(&mut index, &mut first, kind);
        assert_eq!(index.stage(record), Some(RecordStage::Partition));
    }
    for (place, number) in [(0, 0), (1, 1), (2, 3)] {
        take(&mut index, &mut first, append(record(number), batch(0), place));
    }
    assert_eq!(index.stage(record(3)), Some(RecordStage::Accumulate));
    take(&mut index, &mut first, drain(7, 1));
    assert_eq!(index.stage(record(3)), Some(RecordStage::Send));
    let before = index.clone();
    take(&mut index, &mut first, written(7, 40));
    let code = Code::RequestTimedOut;
    let kind = EventKind::BatchRetried { batch: batch(0), partition: PARTITION, attempt: 1, backoff_ms: 100, code };
    take(&mut index, &mut first, kind);
    assert_eq!(index.stage(record(3)), Some(RecordStage::Accumulate));
    take(&mut index, &mut first, drain(9, 2));
    take(&mut index, &mut first, written(9, 43));
    let kind = EventKind::BatchAcknowledged { batch: batch(0), partition: PARTITION, base_offset: 43, records: 3 };
    take(&mut index, &mut first, kind);
    let kind = EventKind::RecordAcknowledged { record: record(3), partition: PARTITION, offset: 45 };
    take(&mut index, &mut first, kind);

    assert_eq!(index.offsets(record(3)), [42, 45]);
    assert!(before.offsets(record(3)).is_empty());
    for (offset, number) in [(40, Some(0)), (41, Some(1)), (42, Some(3)), (45, Some(3)), (46, None), (39, None)] {
        assert_eq!(index.at(PARTITION, offset), number.map(record), "at {offset}");
    }
    let facts = index.record(record(3)).expect("it was sent");
    assert_eq!((facts.stage, facts.outcome), (RecordStage::Result, Some(Ok(45))));
    assert_eq!((facts.serialized, facts.batch), (Some((-1, 5)), Some((batch(0), 2))));
    let facts = index.batch(batch(0)).expect("it was made");
    assert_eq!(facts.written().collect::<Vec<_>>(), [40, 43]);
    let told: Vec<_> = facts.attempts.iter().map(|attempt| attempt.answered.map(|(code, _)| code)).collect();
    assert_eq!(told, [Some(Code::RequestTimedOut), Some(Code::None)]);
    assert!(matches!(facts.attempts[0].handled, Some((Handled::Written(40), _))));
    assert_eq!(index.last_record(CLIENT), Some(record(3)));
}

/// Records 0 and 1 are written and their answer is lost; the retry is too large for the topic by then: each of its halves
/// is written again.
#[test]
fn what_lay_in_a_written_batch_that_was_split_is_written_again() {
    let (mut index, mut first) = (RecordIndex::default(), 1);
    for number in 0..2 {
        take(
            &mut index,
            &mut first,
            EventKind::SendCalled { record: record(number), topic: TopicNo(0), partition: -1 },
        );
        take(&mut index, &mut first, append(record(number), batch(0), number));
    }
    take(&mut index, &mut first, drain(7, 1));
    take(&mut index, &mut first, written(7, 40));
    assert!(!index.is_written_again(batch(0)));
    take(&mut index, &mut first, drain(8, 2));
    take(&mut index, &mut first, EventKind::BatchSplit { batch: batch(0), partition: PARTITION, into: 2 });
    for number in 0..2 {
        take(&mut index, &mut first, append(record(number), batch(1 + number), 0));
    }
    let kind = EventKind::BatchDrained {
        batch: batch(2),
        partition: PARTITION,
        broker: BrokerId(1),
        correlation_id: 9,
        attempt: 1,
        sequence: 0,
        records: 1,
    };
    take(&mut index, &mut first, kind);
    take(&mut index, &mut first, written(9, 42));
    assert!(index.is_written_again(batch(2)));
    assert_eq!((index.offsets(record(0)), index.offsets(record(1))), (vec![40], vec![41, 42]));
    assert_eq!(index.at(PARTITION, 41), Some(record(1)));
}

/// A hundred partitions and two waves: while the first waits for its answer, the batches of the second are made.
#[test]
fn a_request_has_its_batches_however_many_are_made_meanwhile() {
    let (mut index, mut first) = (RecordIndex::default(), 1);
    let partition = |n: u32| PartitionNo { topic: TopicNo(0), partition: n as i32 % 100 };
    for wave in [0..100, 100..200] {
        for n in wave.clone() {
            let (record, batch, partition) = (record(n), batch(n), partition(n));
            take(
                &mut index,
                &mut first,
                EventKind::SendCalled { record, topic: TopicNo(0), partition: n as i32 % 100 },
            );
            let (index_of, bytes, new_batch) = (0, 100, true);
            let kind = EventKind::Appended { record, batch, partition, index: index_of, bytes, new_batch, full: false };
            take(&mut index, &mut first, kind);
        }
        for n in wave.clone() {
            let (batch, partition, broker, correlation_id) = (batch(n), partition(n), BrokerId(1), 7 + n as i32 / 100);
            let (attempt, sequence, records) = (1, -1, 1);
            let kind = EventKind::BatchDrained { batch, partition, broker, correlation_id, attempt, sequence, records };
            take(&mut index, &mut first, kind);
        }
    }
    let numbers = |id| index.batches_in(CLIENT, id).map(|batch| batch.number).collect::<Vec<_>>();
    assert_eq!(numbers(7), (0..100).collect::<Vec<_>>());
    assert_eq!(numbers(8), (100..200).collect::<Vec<_>>());
    assert_eq!((numbers(6), numbers(9)), (vec![], vec![]));
    // One that is sent anew is of its new request.
    let (broker, correlation_id, attempt) = (BrokerId(1), 9, 2);
    let anew = EventKind::BatchDrained {
        batch: batch(3),
        partition: partition(3),
        broker,
        correlation_id,
        attempt,
        sequence: -1,
        records: 1,
    };
    take(&mut index, &mut first, anew);
    assert_eq!((index.batches_in(CLIENT, 7).count(), index.batches_in(CLIENT, 9).next()), (99, Some(batch(3))));
}
