//! A record.

use super::super::Selection;
use super::super::contents::{contents, remembered};
use super::super::model::Inspector;
use super::super::processes::record_name;
use super::super::scene::Scene;
use super::super::stations;
use super::{Fields, batch, chain, parties};
use crate::explain::{Span, Spans, Target, bytes, grouped};
use crate::ids::{PartitionNo, RecordId};
use crate::invariant::{RecordFacts, Taken};
use crate::sorted::InOrder;

/// Characters of a value.
const VALUE: usize = 160;

pub(super) fn build(scene: &Scene<'_>, record: RecordId) -> Option<Inspector> {
    let facts = scene.record_told(record)?;
    let producer = scene.producer(record.client)?;
    let mut fields = Fields::new(scene);
    let found = contents(scene, producer, record).or_else(|| remembered(scene, record));
    if let Some(contents) = &found {
        // As its serializers made them, whatever became of it then.
        let (key, value) = facts.serialized.unwrap_or((-1, -1));
        let sized = |text: String, size: i32| match u64::try_from(size) {
            Ok(size) => format!("{text}, {}", bytes(size)),
            Err(_) => text,
        };
        fields.mono("Key", "키", sized(contents.key_text(VALUE), key));
        fields.mono("Value", "값", sized(contents.value_text(VALUE), value));
        for (name, value) in &contents.headers {
            fields.mono("Header", "헤더", format!("{name}: {value}"));
        }
        if let Some(timestamp) = contents.timestamp {
            let text = crate::script::iso_instant(timestamp).unwrap_or_else(|| timestamp.to_string());
            fields.mono("Timestamp", "타임스탬프", text);
        }
    }
    let called = scene.timeline.moves().move_of(facts.called).map(|number| scene.timeline.moves().at(number));
    if let Some(at) = called {
        fields.mono("Sent", "보낸 시각", format!("{} ms", scene.ms(at)));
    }
    place(scene, &facts, record, &mut fields);
    outcome(scene, record, &facts, &mut fields);
    readers(scene, &facts, record, &mut fields);
    let in_batch = facts.batch.and_then(|(batch, _)| scene.batch_told(batch).map(|facts| (batch, facts)));
    // One that was written twice is found at each of its offsets.
    let offsets: Vec<String> = scene.offsets_told(record).iter().map(ToString::to_string).collect();
    let name = match facts.at() {
        Some(partition) if !offsets.is_empty() => {
            format!("{}@{}", scene.partition_name(partition), offsets.join(", "))
        }
        _ => record_name(scene, record),
    };
    Some(Inspector {
        select: Selection::Record(record),
        kind: scene.t("Record", "레코드"),
        name,
        path: format!("{} › {}", scene.client_name(record.client), record_name(scene, record)),
        glyphs: vec![stations::glyph(scene, record, found.as_ref())],
        fields: fields.all,
        bytes: in_batch.and_then(|(id, of)| batch::bytes_of(scene, id, &of, facts.batch.map(|(_, index)| index))),
        chain_heading: chain::heading(scene),
        chain: parties::of_record(scene, record, &facts),
        note: None,
    })
}

fn place(scene: &Scene<'_>, facts: &RecordFacts, record: RecordId, fields: &mut Fields<'_, '_>) {
    let Some(no) = facts.at() else {
        let topic = scene.names().topic(facts.topic);
        fields.tell(
            "Partition",
            "파티션",
            &format!("of {topic}, not chosen yet"),
            &format!("{topic}, 아직 정해지지 않음"),
        );
        return;
    };
    fields.link("Partition", "파티션", scene.partition_name(no), Selection::Partition(no));
    if let Some((batch, index)) = facts.batch {
        let (number, place) = (batch.number + 1, index + 1);
        let text = scene.t(&format!("batch {number}, record {place} of it"), &format!("배치 {number}의 {place}번째"));
        fields.link("Batch", "배치", text, Selection::Batch(batch));
    }
    let offsets: Vec<String> = scene.offsets_told(record).iter().map(ToString::to_string).collect();
    if !offsets.is_empty() {
        fields.mono("Offset", "오프셋", offsets.join(", "));
    }
}

fn outcome(scene: &Scene<'_>, record: RecordId, facts: &RecordFacts, fields: &mut Fields<'_, '_>) {
    match facts.outcome {
        None => {
            let gone = scene.timeline.observers().history().gone(record.client);
            let (en, ko) = match gone.filter(|gone| gone.event < scene.end()) {
                Some(_) => ("none: its program is gone", "없음: 프로그램이 사라짐"),
                None => ("not yet", "아직 없음"),
            };
            fields.tell("Result", "결과", en, ko);
        }
        Some(Ok(-1)) => fields.tell("Result", "결과", "sent, offset not known", "전송됨, 오프셋 모름"),
        Some(Ok(offset)) => {
            let partition = PartitionNo { topic: facts.topic, partition: facts.partition.unwrap_or(-1) };
            fields.mono("Result", "결과", format!("RecordMetadata {}@{offset}", scene.partition_name(partition)));
        }
        Some(Err(why)) => {
            fields.mono("Result", "결과", scene.exception(why, facts.exception));
            if let Some((_, message)) = scene.names().exception(facts.exception).filter(|(_, words)| !words.is_empty())
            {
                fields.say("It says", "메시지", message);
            } else if let Some(code) = why.code() {
                fields.say("Kafka says", "카프카의 말", code.message());
            }
        }
    }
}

/// Times that one reader read a record that are told, besides the last.
const TIMES: usize = 6;

/// Who has read it: the consumers to which `poll` returned it, by group, each time and at each offset where it lies.
fn readers(scene: &Scene<'_>, facts: &RecordFacts, record: RecordId, fields: &mut Fields<'_, '_>) {
    let Some(no) = facts.at() else { return };
    let offsets = scene.offsets_told(record);
    if offsets.is_empty() {
        return;
    }
    let history = scene.timeline.observers().history();
    let mut read = Spans::default();
    for (reader, _) in history.tracked().filter(|(_, at)| *at == no) {
        let polled = |offset: u64| history.polled(reader, no, offset, scene.end()).map(move |by| (by, offset));
        let mut polled: Vec<(Taken, u64)> = offsets.iter().copied().flat_map(polled).collect();
        polled.order_by_key(|(by, _)| by.event);
        let last = polled.len().saturating_sub(1);
        for (i, (by, offset)) in polled.into_iter().enumerate() {
            // A reader that goes back in a loop reads it again and again: the first times, and the last.
            if i >= TIMES && i < last {
                if i == TIMES {
                    let more = grouped((last - TIMES) as u64);
                    read.push(Span::Words(scene.t(&format!(", {more} more times"), &format!(", 그 밖에 {more}번"))));
                }
                continue;
            }
            let before = match (i, read.is_empty()) {
                (0, true) => "",
                (0, false) => "; ",
                _ => ", ",
            };
            let group = history.group_of(reader).filter(|_| i == 0);
            let group = group.map(|group| format!("{}: ", scene.names().group(group))).unwrap_or_default();
            let place = if offsets.len() > 1 { format!(" @{offset}") } else { String::new() };
            let name = scene.client_name(by.client);
            read.push(Span::Words(format!("{before}{group}{name}{place} {}", scene.t("at ", ""))));
            let at = scene.timeline.moves().move_of(by.event).map(|number| scene.timeline.moves().at(number));
            let text = at.map(|at| scene.ms(at)).unwrap_or_default();
            read.push(Span::Link { text, to: Target::Event(by.event.0) });
        }
    }
    match read.is_empty() {
        true => fields.tell("Read by", "읽음", "nobody yet", "아직 없음"),
        false => fields.spans("Read by", "읽음", read),
    }
}
