//! The chain of causes: from the `send` to what became of it.

use super::super::model::Cause;
use super::super::scene::Scene;
use crate::event::{Event, EventKind, PartitionedBy};
use crate::explain;
use crate::ids::{BatchId, EventId, PartitionNo, RecordId};
use crate::invariant::{Attempt, BatchFacts, Handled, RecordFacts};
use crate::sorted::InOrder;

/// Causes that are followed back from an event.
const LONGEST: usize = 12;
/// Moves in which they are looked for.
const NEAR: u64 = 512;

pub(super) fn heading(scene: &Scene<'_>) -> String {
    scene.t("How it came to this", "여기까지의 과정")
}

/// An event that is known from the record index: its number and what it was.
type Known = (EventId, EventKind);

/// A record's way, told from what the index knows: nothing has to be played again for it.
pub(super) fn of_record(scene: &Scene<'_>, record: RecordId, facts: &RecordFacts) -> Vec<Cause> {
    let own = if let Some((batch, _)) = facts.batch { scene.index.batch(batch).map(|of| (batch, of)) } else { None };
    // Until the partitioner has chosen, a partition is one that the program named.
    let named = facts.partition.filter(|_| matches!(facts.partitioned_by, None | Some(PartitionedBy::Explicit)));
    let mut known: Vec<Known> =
        vec![(facts.called, EventKind::SendCalled { record, topic: facts.topic, partition: named.unwrap_or(-1) })];
    if let Some((batch, of)) = own {
        known.extend(batch_events(batch, &of));
    }
    if let (Some(ended), Some(outcome)) = (facts.ended, facts.outcome) {
        let partition = PartitionNo { topic: facts.topic, partition: facts.partition.unwrap_or(-1) };
        known.push((
            ended,
            match outcome {
                Ok(offset) => EventKind::RecordAcknowledged { record, partition, offset },
                Err(why) if facts.batch.is_none() => {
                    let (thrown, exception) = (facts.thrown, facts.exception);
                    EventKind::SendFailed { record, why, thrown, exception }
                }
                Err(why) => EventKind::RecordFailed { record, partition, why, exception: facts.exception },
            },
        ));
    }
    told(scene, known)
}

/// A batch's way.
pub(super) fn of_batch(scene: &Scene<'_>, batch: BatchId, facts: &BatchFacts) -> Vec<Cause> {
    told(scene, batch_events(batch, facts))
}

fn batch_events(batch: BatchId, facts: &BatchFacts) -> Vec<Known> {
    let partition = facts.partition;
    let mut known = Vec::new();
    if let Some((why, id)) = facts.ready {
        let (records, bytes) = (facts.records, facts.bytes);
        known.push((id, EventKind::BatchReady { batch, partition, records, bytes, why }));
    }
    for (attempt, number) in facts.attempts.iter().zip(1..) {
        known.push((
            attempt.drained,
            EventKind::BatchDrained {
                batch,
                partition,
                broker: attempt.broker,
                correlation_id: attempt.correlation_id,
                attempt: number,
                sequence: attempt.sequence,
                records: facts.records,
            },
        ));
        known.extend(handled(partition, facts.records, attempt));
        known.extend(answered(batch, facts, attempt, number));
    }
    known
}

fn handled(partition: PartitionNo, records: u32, attempt: &Attempt) -> Option<Known> {
    let ((handled, id), connection) = (attempt.handled?, attempt.connection?);
    let (broker, correlation_id) = (attempt.broker, attempt.correlation_id);
    let kind = match handled {
        Handled::Written(base_offset) => {
            EventKind::BatchAppended { partition, broker, connection, correlation_id, base_offset, records }
        }
        Handled::Duplicate(base_offset) => {
            let sequence = attempt.sequence;
            EventKind::DuplicateFound { partition, broker, connection, correlation_id, base_offset, sequence }
        }
        Handled::Refused(code) => EventKind::AppendRefused { partition, broker, connection, correlation_id, code },
    };
    Some((id, kind))
}

fn answered(batch: BatchId, facts: &BatchFacts, attempt: &Attempt, number: u32) -> Option<Known> {
    let (code, id) = attempt.answered?;
    let (partition, records) = (facts.partition, facts.records);
    let is_last = facts.attempts.last().map(|last| last.drained) == Some(attempt.drained);
    let kind = match facts.outcome.filter(|_| is_last) {
        Some(Ok(base_offset)) => EventKind::BatchAcknowledged { batch, partition, base_offset, records },
        Some(Err(why)) => EventKind::BatchFailed { batch, partition, records, why },
        None => EventKind::BatchRetried { batch, partition, attempt: number, backoff_ms: 0, code },
    };
    Some((id, kind))
}

/// In the order in which they happened, each in words.
fn told(scene: &Scene<'_>, mut known: Vec<Known>) -> Vec<Cause> {
    known.order_by_key(|(id, _)| *id);
    let moves = scene.timeline.moves();
    let cause = |(id, kind): Known| {
        let number = moves.move_of(id)?;
        let event = Event { at: moves.at(number), cause: EventId::NONE, kind };
        Some(said(scene, number, &event))
    };
    known.into_iter().filter_map(cause).collect()
}

fn said(scene: &Scene<'_>, number: u64, event: &Event) -> Cause {
    let context = explain::Context::of_names(scene.names());
    Cause {
        number,
        time: scene.ms(event.at),
        text: explain::narrate(&context, event, scene.lang).happened.plain(),
        now: number == scene.timeline.position(),
    }
}

/// The causes of the event that is told now, the first cause first.
pub(super) fn of_now(scene: &Scene<'_>) -> Vec<Cause> {
    let Some(event) = scene.told else { return Vec::new() };
    let position = scene.timeline.position();
    let from = position.saturating_sub(NEAR).max(1);
    // Most causes are near: these moves are played again once for all of them.
    let near = scene.timeline.events_of(from, position);
    let first = scene.timeline.moves().first_event(from);
    let mut chain = vec![said(scene, position, &event)];
    let mut cause = event.cause;
    while chain.len() < LONGEST && cause >= first && cause != EventId::NONE {
        let Some((number, event)) = near.get((cause.0 - first.0) as usize) else { break };
        chain.push(said(scene, *number, event));
        cause = event.cause;
    }
    chain.reverse();
    chain
}
