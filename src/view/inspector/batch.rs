//! A batch, with its bytes.

use super::super::Selection;
use super::super::contents::stored;
use super::super::model::{ByteLine, Bytes, Inspector};
use super::super::scene::{Scene, hex};
use super::super::tape::range;
use super::{Fields, chain};
use crate::error::Code;
use crate::event::{EventKind, ReadyWhy};
use crate::explain::bytes as size;
use crate::ids::{BatchId, PartitionNo};
use crate::invariant::{BatchFacts, Handled};
use crate::record::{BatchView, FieldSpan, describe};

/// Bytes of a line in hex, lines of a batch, glyphs.
const HEX: usize = 16;
const LINES: usize = 96;
const GLYPHS: u32 = 12;

pub(super) fn build(scene: &Scene<'_>, batch: BatchId) -> Option<Inspector> {
    let facts = scene.batch_told(batch)?;
    let mut fields = Fields::new(scene);
    let written: Vec<u64> = facts.written().collect();
    let partition = scene.partition_name(facts.partition);
    stored_on(scene, &facts, &written, &mut fields);
    acknowledged(&facts, &mut fields);
    closed_by(scene, batch, &facts, &mut fields);
    let live = scene.producer(batch.client).and_then(|producer| producer.batch(batch.number, scene.now));
    let records = scene.records(u64::from(facts.records));
    match &live {
        Some(live) => {
            let (is, of) = (size(u64::from(live.bytes)), size(u64::from(live.capacity)));
            fields.tell("Size", "크기", &format!("{is} of {of}, {records}"), &format!("{is} / {of}, {records}"));
        }
        None => fields.say("Size", "크기", format!("{}, {records}", size(u64::from(facts.bytes)))),
    }
    if let Some(sequence) = facts.attempts.last().map(|attempt| attempt.sequence).filter(|sequence| *sequence >= 0) {
        let first = u64::from(sequence.unsigned_abs());
        fields.mono("Sequence", "시퀀스", range(first, first + u64::from(facts.records)));
    }
    let name = match written.first() {
        Some(base) => format!("{partition}@{}", range(*base, base + u64::from(facts.records))),
        None => partition,
    };
    let glyphs = (0..facts.records.min(GLYPHS)).filter_map(|i| scene.index.record_in(batch, i));
    Some(Inspector {
        select: Selection::Batch(batch),
        kind: scene.t("Batch", "배치"),
        name,
        path: path(scene, batch, &facts),
        glyphs: glyphs.map(|record| scene.glyph(record)).collect(),
        fields: fields.all,
        bytes: bytes_of(scene, batch, &facts, None),
        chain_heading: chain::heading(scene),
        chain: chain::of_batch(scene, &facts),
        note: None,
    })
}

/// A batch in a log that no producer of this run wrote: of `__consumer_offsets`.
pub(super) fn of_log(scene: &Scene<'_>, partition: PartitionNo, offset: u64) -> Option<Inspector> {
    let stored = stored(scene, partition, offset)?;
    let name = scene.partition_name(partition);
    let (first, end) = (stored.base_offset, stored.last_offset + 1);
    let mut fields = Fields::new(scene);
    fields.link("Partition", "파티션", name.clone(), Selection::Partition(partition));
    fields.say("Size", "크기", size(stored.bytes.len() as u64));
    Some(Inspector {
        select: Selection::Offset(partition, offset),
        kind: scene.t("Batch", "배치"),
        name: format!("{name}@{}", range(first.unsigned_abs(), end.unsigned_abs())),
        path: name,
        glyphs: Vec::new(),
        fields: fields.all,
        bytes: lines(scene, &stored.bytes, None),
        chain_heading: String::new(),
        chain: Vec::new(),
        note: None,
    })
}

/// `producer-1 › request #21 › try 2`
fn path(scene: &Scene<'_>, batch: BatchId, facts: &BatchFacts) -> String {
    let mut parts = vec![scene.client_name(batch.client)];
    let number = batch.number + 1;
    parts.push(scene.t(&format!("batch {number}"), &format!("배치 {number}")));
    if let Some(attempt) = facts.attempts.last() {
        let id = attempt.correlation_id;
        parts.push(scene.t(&format!("request #{id}"), &format!("요청 #{id}")));
        let tries = facts.attempts.len();
        parts.push(scene.t(&format!("try {tries}"), &format!("{tries}번째 시도")));
    }
    parts.join(" › ")
}

fn stored_on(scene: &Scene<'_>, facts: &BatchFacts, written: &[u64], fields: &mut Fields<'_, '_>) {
    let first = facts.attempts.iter().find_map(|attempt| match attempt.handled {
        Some((Handled::Written(_), event)) => Some((attempt.broker, event)),
        _ => None,
    });
    let Some((broker, event)) = first else {
        fields.tell("Stored on", "저장 위치", "no broker yet", "아직 없음");
        return;
    };
    let moves = scene.timeline.moves();
    let at = moves.move_of(event).map(|number| scene.ms(moves.at(number))).unwrap_or_default();
    let label = scene.broker_label(broker);
    let text = scene.t(&format!("{label}, since {at}"), &format!("{label}, {at}부터"));
    fields.link("Stored on", "저장 위치", text, Selection::Broker(broker));
    if written.len() > 1 {
        let all: Vec<String> = written.iter().map(ToString::to_string).collect();
        fields.mono("Written at", "기록 오프셋", all.join(", "));
    }
}

fn acknowledged(facts: &BatchFacts, fields: &mut Fields<'_, '_>) {
    match facts.outcome {
        Some(Ok(-1)) => fields.tell("Acked", "ack", "nobody answers", "응답 없음"),
        Some(Ok(base)) => fields.mono("Acked", "ack", format!("@{base}")),
        Some(Err(why)) => fields.mono("Acked", "ack", why.code().map_or(why.exception(), Code::name)),
        None => match facts.attempts.last().and_then(|attempt| attempt.answered) {
            Some((code, _)) if code != Code::None => {
                let code = code.name();
                fields.tell("Acked", "ack", &format!("not yet: {code}"), &format!("아직: {code}"));
            }
            _ => fields.tell("Acked", "ack", "not yet", "아직 없음"),
        },
    }
}

fn closed_by(scene: &Scene<'_>, batch: BatchId, facts: &BatchFacts, fields: &mut Fields<'_, '_>) {
    let (en, ko) = ("Closed by", "닫힌 이유");
    let client = batch.client;
    match facts.ready.map(|(why, _)| why) {
        None => fields.tell(en, ko, "still open", "아직 열려 있음"),
        Some(ReadyWhy::Full) => fields.chip(en, ko, client, "batch.size", &scene.t("full", "가득 참")),
        Some(ReadyWhy::Linger) => fields.chip(en, ko, client, "linger.ms", &scene.t("passed", "경과")),
        Some(ReadyWhy::Exhausted) => fields.chip(en, ko, client, "buffer.memory", &scene.t("used up", "소진")),
        Some(ReadyWhy::Flush) => fields.mono(en, ko, "flush()"),
        Some(ReadyWhy::Close) => fields.mono(en, ko, "close()"),
        Some(ReadyWhy::SameBroker) => {
            fields.tell(en, ko, "another batch to the same broker", "같은 브로커로 가는 다른 배치");
        }
        Some(ReadyWhy::Retry) => fields.chip(en, ko, client, "retry.backoff.ms", &scene.t("passed", "경과")),
    }
}

/// The batch's real bytes: from the log, or as the producer has built them.
pub(super) fn bytes_of(scene: &Scene<'_>, batch: BatchId, facts: &BatchFacts, record: Option<u32>) -> Option<Bytes> {
    if let Some(base) = facts.written().next()
        && let Some(found) = stored(scene, facts.partition, base)
    {
        return lines(scene, &found.bytes, record);
    }
    let built = scene.producer(batch.client)?.accumulator().batches().find(batch.number)?.builder.built()?.clone();
    lines(scene, &built, record)
}

/// Whether the current event compares this field: the sequence of a duplicate, the offset of an append.
fn is_compared(scene: &Scene<'_>, name: &str) -> bool {
    match scene.told.map(|event| event.kind) {
        Some(EventKind::DuplicateFound { .. }) => matches!(name, "producerId" | "producerEpoch" | "baseSequence"),
        Some(EventKind::BatchAppended { .. }) => matches!(name, "baseOffset" | "partitionLeaderEpoch"),
        _ => false,
    }
}

/// A line for each field. With `record`, of the records only that one.
fn lines(scene: &Scene<'_>, batch: &[u8], record: Option<u32>) -> Option<Bytes> {
    let described = describe(batch).ok()?;
    let wanted: Vec<&FieldSpan> =
        described.iter().filter(|field| record.is_none() || field.record.is_none() || field.record == record).collect();
    let is_here = scene.place.batch.is_some() || scene.place.offsets.is_some();
    let line = |field: &&FieldSpan| ByteLine {
        hex: hex(&batch[field.start as usize..field.end as usize], HEX),
        name: field.name,
        value: value(batch, field),
        now: is_here && is_compared(scene, field.name),
        record: field.record,
    };
    let more = wanted.len().saturating_sub(LINES);
    let length = size(batch.len() as u64);
    Some(Bytes {
        heading: scene.t("Bytes", "바이트"),
        note: scene.t(&format!("record batch v2, {length}"), &format!("레코드 배치 v2, {length}")),
        lines: wanted.iter().take(LINES).map(line).collect(),
        more: (more > 0).then(|| scene.t(&format!("{more} more fields"), &format!("필드 {more}개 더"))),
    })
}

/// The field in words; of the checksum, whether it is right.
fn value(batch: &[u8], field: &FieldSpan) -> String {
    match field.name {
        "crc" if BatchView::new(batch).is_valid() => "CRC-32C ok".to_owned(),
        _ => super::super::scene::shortened(&field.value, 64),
    }
}
