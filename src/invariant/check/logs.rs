//! Logs: dense, ordered, and holding what was acknowledged.

use super::super::{Attempt, Handled, Observers};
use super::invariants::{Checked, Invariant, name_of, violated};
use crate::broker::Partition;
use crate::ids::{BatchId, PartitionNo};
use crate::log::StoredBatch;
use crate::simulation::{ClientNode, Simulation};

pub(super) fn check_watermarks(simulation: &Simulation) -> Checked {
    for id in simulation.broker_ids() {
        let Some(broker) = simulation.broker(id) else { continue };
        for replica in broker.partitions().values() {
            let log = replica.log();
            let marks =
                [0, log.log_start_offset(), log.last_stable_offset(), log.high_watermark(), log.log_end_offset()];
            // With one replica all that is in its leader's log is committed.
            let is_whole =
                !replica.leads() || replica.replicas().len() > 1 || log.high_watermark() == log.log_end_offset();
            if !marks.is_sorted() || !is_whole {
                let [_, start, stable, high, end] = marks;
                let name = log.topic_partition();
                let sentence = format!("{name}: start {start}, stable {stable}, high watermark {high}, end {end}");
                return violated(Invariant::WatermarksAreOrdered, sentence);
            }
        }
    }
    Ok(())
}

/// A log that has just grown, at its end.
pub(super) fn check_appended(
    simulation: &Simulation,
    observers: &Observers,
    partition: PartitionNo,
    base_offset: u64,
) -> Checked {
    let Some(replica) = name_of(simulation, partition).and_then(|name| leading(simulation, &name)) else {
        return Ok(());
    };
    check_dense(replica, 4)?;
    check_order(simulation, observers, partition, base_offset)
}

fn leading<'a>(simulation: &'a Simulation, name: &crate::ids::TopicPartition) -> Option<&'a Partition> {
    simulation.leading_replica(name)
}

/// The last `most` batches of a log follow one another, up to its end.
fn check_dense(replica: &Partition, most: usize) -> Checked {
    let log = replica.log();
    let mut next = log.log_end_offset();
    for batch in log.batches().rev().take(most) {
        let count = i64::from(batch.view().records_count());
        if batch.last_offset + 1 != next || batch.base_offset + count != next {
            let name = log.topic_partition();
            let (base, last) = (batch.base_offset, batch.last_offset);
            let sentence = format!("{name}: a batch of {count} has offsets {base} to {last}, and {next} follows");
            return violated(Invariant::OffsetsAreDense, sentence);
        }
        next = batch.base_offset;
    }
    Ok(())
}

/// What an idempotent producer has just written follows what it wrote before: in its numbers of records, and in its
/// sequences within an epoch.
fn check_order(simulation: &Simulation, observers: &Observers, partition: PartitionNo, base_offset: u64) -> Checked {
    let index = observers.index();
    let Some(batch) = index.batch_at(partition, base_offset) else { return Ok(()) };
    let client = &simulation.clients()[usize::from(batch.client.0) - 1];
    let ClientNode::Producer(producer) = &client.node else { return Ok(()) };
    if producer.transaction_manager().is_none() || observers.promises().was_lied_to(batch.client) {
        return Ok(());
    }
    // A broker that knows nothing of a producer takes whatever sequence comes first (`checkSequence`): when the batches
    // before it were refused, they may come behind it, and what came with it twice.
    if index.first_sequence(partition, batch.client) != Some(0) {
        return Ok(());
    }
    let name = &client.recipe.name;
    let is_once = index.batch(batch).is_none_or(|facts| facts.written().count() == 1);
    if is_once && index.is_written_again(batch) {
        // Part of a batch that was written, its answer lost, and split afterwards: Kafka's own duplicate.
        return Ok(());
    }
    if !is_once {
        let sentence = format!("batch {} of {name} lies twice in its partition, at {base_offset} again", batch.number);
        return violated(Invariant::IdempotentIsOnceInOrder, sentence);
    }
    let Some((before, last)) = index.written_before(partition, base_offset, batch.client) else { return Ok(()) };
    let earlier = index.record_in(before, last).map_or(0, |record| record.number);
    let later = index.record_in(batch, 0).map_or(u32::MAX, |record| record.number);
    if later <= earlier {
        let sentence = format!("{name}'s record {later} lies behind its record {earlier}, at {base_offset}");
        return violated(Invariant::IdempotentIsOnceInOrder, sentence);
    }
    Ok(())
}

pub(super) fn check_acknowledged(
    simulation: &Simulation,
    observers: &Observers,
    batch: BatchId,
    partition: PartitionNo,
    base_offset: i64,
    records: u32,
) -> Checked {
    if observers.promises().was_lied_to(batch.client) && is_taken_for_another(observers, batch) {
        return Ok(());
    }
    let Some(stored) = stored(simulation, observers, batch, partition, base_offset)? else { return Ok(()) };
    let view = stored.view();
    let lost = |what: String| violated(Invariant::AcknowledgedIsReadable, what);
    if stored.base_offset != base_offset || view.records_count().unsigned_abs() != records {
        let (base, count) = (stored.base_offset, view.records_count());
        return lost(format!("{records} records acknowledged at {base_offset}: there lie {count} at {base}"));
    }
    let Ok(found) = view.records() else { return lost(format!("the batch at {base_offset} cannot be read")) };
    for (place, record) in (0..).zip(found.iter()) {
        let Ok(record) = record else { return lost(format!("record {place} at {base_offset} cannot be read")) };
        let size = |bytes: Option<&[u8]>| bytes.map_or(-1, |bytes| i32::try_from(bytes.len()).unwrap_or(i32::MAX));
        let sizes = (size(record.key), size(record.value));
        let sent = observers.index().record_in(batch, place).and_then(|id| observers.index().record(id));
        if sent.and_then(|facts| facts.serialized) != Some(sizes) {
            return lost(format!("record {place} at {base_offset} has sizes {sizes:?}: sent was {sent:?}"));
        }
    }
    Ok(())
}

/// Whether a batch was never written, and answered with the offset of one with its sequences: what a producer makes of
/// `UNKNOWN_PRODUCER_ID`, which no broker gives any more, is to count anew from 0 within its epoch.
fn is_taken_for_another(observers: &Observers, batch: BatchId) -> bool {
    let index = observers.index();
    let is_duplicate = |attempt: &Attempt| matches!(attempt.handled, Some((Handled::Duplicate(_), _)));
    index.last_attempt(batch).is_some_and(is_duplicate)
        && index.batch(batch).is_some_and(|facts| facts.written().next().is_none())
}

/// The batch in the log that an acknowledgement names; none when a fault answered in the broker's place, or when it was
/// deleted since.
fn stored<'a>(
    simulation: &'a Simulation,
    observers: &Observers,
    batch: BatchId,
    partition: PartitionNo,
    base_offset: i64,
) -> Result<Option<&'a StoredBatch>, super::invariants::Violation> {
    let replica = name_of(simulation, partition).and_then(|name| leading(simulation, &name));
    let Some(replica) = replica.filter(|_| !observers.promises().is_deleted(partition.topic)) else { return Ok(None) };
    if base_offset < 0 || base_offset < replica.log_start_offset() {
        return Ok(None);
    }
    let found = replica.log().batches_from(base_offset).next().filter(|found| found.base_offset == base_offset);
    if found.is_none() {
        let name = replica.log().topic_partition();
        let sentence = format!("batch {} was acknowledged at {base_offset} of {name}: no batch is there", batch.number);
        return violated(Invariant::AcknowledgedIsReadable, sentence).map(|()| None);
    }
    Ok(found)
}

pub(super) fn check_all(simulation: &Simulation, observers: &Observers) -> Checked {
    for id in simulation.broker_ids() {
        let Some(broker) = simulation.broker(id) else { continue };
        for replica in broker.partitions().values() {
            check_dense(replica, usize::MAX)?;
        }
    }
    for client in simulation.clients() {
        for number in 0..observers.index().batches_made(client.id) {
            let id = BatchId { client: client.id, number };
            let Some(facts) = observers.index().batch(id) else { continue };
            if let Some(Ok(base_offset)) = facts.outcome {
                check_acknowledged(simulation, observers, id, facts.partition, base_offset, facts.records)?;
            }
        }
    }
    Ok(())
}
