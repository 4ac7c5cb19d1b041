//! A record.

use super::super::Selection;
use super::super::contents::contents;
use super::super::model::Inspector;
use super::super::processes::record_name;
use super::super::scene::Scene;
use super::super::stations;
use super::{Fields, batch, chain, parties};
use crate::explain::bytes;
use crate::ids::{GroupNo, PartitionNo, RecordId};
use crate::invariant::RecordFacts;
use crate::simulation::ClientProcess;

/// Characters of a value.
const VALUE: usize = 160;

pub(super) fn build(scene: &Scene<'_>, record: RecordId) -> Option<Inspector> {
    let facts = scene.index.record(record)?;
    let producer = scene.producer(record.client)?;
    let mut fields = Fields::new(scene);
    let found = contents(scene, producer, record);
    if let Some(contents) = &found {
        let size = |part: &Option<Vec<u8>>| part.as_ref().map(|part| bytes(part.len() as u64)).unwrap_or_default();
        let sized = |text: String, size: String| if size.is_empty() { text } else { format!("{text}, {size}") };
        fields.mono("Key", "키", sized(contents.key_text(VALUE), size(&contents.key)));
        fields.mono("Value", "값", sized(contents.value_text(VALUE), size(&contents.value)));
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
    outcome(scene, &facts, &mut fields);
    readers(scene, &facts, record, &mut fields);
    let in_batch = facts.batch.and_then(|(batch, _)| scene.index.batch(batch).map(|facts| (batch, facts)));
    let name = match (scene.index.offsets(record).first(), facts.partition) {
        (Some(offset), Some(partition)) => {
            let partition = PartitionNo { topic: facts.topic, partition };
            format!("{}@{offset}", scene.partition_name(partition))
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
    let Some(partition) = facts.partition else {
        let topic = scene.names().topic(facts.topic);
        fields.tell(
            "Partition",
            "파티션",
            &format!("of {topic}, not chosen yet"),
            &format!("{topic}, 아직 정해지지 않음"),
        );
        return;
    };
    let no = PartitionNo { topic: facts.topic, partition };
    fields.link("Partition", "파티션", scene.partition_name(no), Selection::Partition(no));
    if let Some((batch, index)) = facts.batch {
        let (number, place) = (batch.number + 1, index + 1);
        let text = scene.t(&format!("batch {number}, record {place} of it"), &format!("배치 {number}의 {place}번째"));
        fields.link("Batch", "배치", text, Selection::Batch(batch));
    }
    let offsets: Vec<String> = scene.index.offsets(record).iter().map(ToString::to_string).collect();
    if !offsets.is_empty() {
        fields.mono("Offset", "오프셋", offsets.join(", "));
    }
}

fn outcome(scene: &Scene<'_>, facts: &RecordFacts, fields: &mut Fields<'_, '_>) {
    match facts.outcome {
        None => fields.tell("Result", "결과", "not yet", "아직 없음"),
        Some(Ok(-1)) => fields.tell("Result", "결과", "sent, offset not known", "전송됨, 오프셋 모름"),
        Some(Ok(offset)) => {
            let partition = PartitionNo { topic: facts.topic, partition: facts.partition.unwrap_or(-1) };
            fields.mono("Result", "결과", format!("RecordMetadata {}@{offset}", scene.partition_name(partition)));
        }
        Some(Err(why)) => {
            fields.mono("Result", "결과", why.exception());
            if let Some((_, message)) = scene.names().exception(facts.exception).filter(|(_, words)| !words.is_empty())
            {
                fields.say("It says", "메시지", message);
            } else if let Some(code) = why.code() {
                fields.say("Kafka says", "카프카의 말", code.message());
            }
        }
    }
}

/// Who has read it: the consumers to which `poll` returned it, by group.
fn readers(scene: &Scene<'_>, facts: &RecordFacts, record: RecordId, fields: &mut Fields<'_, '_>) {
    let (Some(partition), Some(offset)) = (facts.partition, scene.index.offsets(record).first().copied()) else {
        return;
    };
    let no = PartitionNo { topic: facts.topic, partition };
    let given: Vec<&ClientProcess> =
        scene.simulation.clients().iter().filter(|client| scene.seen.was_returned(client.id, no, offset)).collect();
    let names = |group: Option<GroupNo>| {
        let members = given.iter().filter(|client| scene.group_of(client) == group);
        members.map(|client| client.recipe.name.to_string()).collect::<Vec<_>>().join(", ")
    };
    let groups = scene.groups().iter().map(|group| (names(Some(group.no)), format!("{} ", group.id)));
    let read: Vec<String> = groups
        .chain([(names(None), String::new())])
        .filter(|(names, _)| !names.is_empty())
        .map(|(names, group)| group + &names)
        .collect();
    match read.is_empty() {
        true => fields.tell("Read by", "읽음", "nobody yet", "아직 없음"),
        false => fields.say("Read by", "읽음", read.join("; ")),
    }
}
