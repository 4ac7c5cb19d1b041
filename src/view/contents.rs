//! What is in a record: from where it can still be found.

use super::producers::{datum, waits_in_send};
use super::scene::{Scene, readable, shortened};
use crate::call::{Datum, ProducerRecord};
use crate::client::producer::{Producer, SendStage};
use crate::ids::{PartitionNo, RecordId};
use crate::log::StoredBatch;
use crate::record::BatchView;
use crate::script::{Payload, RecordValue, Statement};

/// A record's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Contents {
    pub topic: String,
    /// The partition that the record itself names.
    pub partition: Option<i32>,
    key_text: Option<String>,
    value_text: Option<String>,
    /// The bytes, once they are known; none: null.
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub is_serialized: bool,
    pub headers: Vec<(String, String)>,
    /// Milliseconds since 1970, where the record has one.
    pub timestamp: Option<i64>,
}

/// Characters of a header's value.
const HEADER: usize = 24;
/// Characters of a cell's caption.
const CAPTION: usize = 4;
/// Characters of what a record is quoted with at most.
const LONGEST: usize = 400;

impl Contents {
    /// The whole key as text; none: null.
    pub fn key(&self) -> Option<&str> {
        self.key_text.as_deref()
    }

    /// As the program gave it: text in quotes as a string literal.
    pub fn key_text(&self, most: usize) -> String {
        self.key_text.as_ref().map_or_else(|| "null".to_owned(), |text| format!("\"{}\"", shortened(text, most)))
    }

    pub fn value_text(&self, most: usize) -> String {
        self.value_text.as_ref().map_or_else(|| "null".to_owned(), |text| shortened(text, most))
    }
}

/// The parts of a record: as the program gave it, as it lies in a log, or as the script's next line will send it.
pub(super) fn contents(scene: &Scene<'_>, producer: &Producer, record: RecordId) -> Option<Contents> {
    let given = waits_in_send(producer, record).map(|send| &send.record).or_else(|| scene.seen.recent(record));
    let mut found = match given {
        Some(given) => of_given(given),
        None => written(scene, record).or_else(|| to_come(scene, record))?,
    };
    let facts = scene.index.record(record);
    if !found.is_serialized && facts.is_some_and(|facts| facts.serialized.is_some()) {
        match waits_in_send(producer, record).filter(|send| send.stage != SendStage::Serialize) {
            Some(send) => {
                found.key = send.key.as_slice().map(<[u8]>::to_vec);
                found.value = send.value.as_slice().map(<[u8]>::to_vec);
                found.is_serialized = true;
            }
            None => serialize(scene, producer, record, given, &mut found),
        }
    }
    Some(found)
}

/// What is still known of a record that lies nowhere: one that failed and of which the program's own is forgotten.
pub(super) fn remembered(scene: &Scene<'_>, record: RecordId) -> Option<Contents> {
    scene.seen.given(record).map(|given| of_given(given))
}

/// The bytes of a record in a batch: from the log, else made again by the producer's serializers, which have no state.
fn serialize(
    scene: &Scene<'_>,
    producer: &Producer,
    record: RecordId,
    given: Option<&std::sync::Arc<ProducerRecord>>,
    found: &mut Contents,
) {
    if let Some(lying) = written(scene, record) {
        (found.key, found.value, found.is_serialized) = (lying.key, lying.value, true);
        return;
    }
    let Some(given) = given else { return };
    if let Ok((key, value)) = producer.serialize_again(given) {
        found.key = key.as_slice().map(<[u8]>::to_vec);
        found.value = value.as_slice().map(<[u8]>::to_vec);
        found.is_serialized = true;
    }
}

fn of_given(given: &ProducerRecord) -> Contents {
    let text = |part: &Datum| (*part != Datum::Null).then(|| datum(part, LONGEST));
    Contents {
        topic: given.topic.to_string(),
        partition: given.partition,
        key_text: text(&given.key),
        value_text: text(&given.value),
        key: None,
        value: None,
        is_serialized: false,
        headers: given
            .headers
            .iter()
            .map(|(name, value)| {
                let value = value.as_ref().map_or_else(|| "null".to_owned(), |value| readable(value, HEADER));
                (name.to_string(), value)
            })
            .collect(),
        timestamp: given.timestamp,
    }
}

/// The batch in the log that holds an offset.
pub(super) fn stored<'a>(scene: &Scene<'a>, partition: PartitionNo, offset: u64) -> Option<&'a StoredBatch> {
    let offset = i64::try_from(offset).ok()?;
    scene.log(partition)?.batches_from(offset).next().filter(|batch| batch.base_offset <= offset)
}

fn written(scene: &Scene<'_>, record: RecordId) -> Option<Contents> {
    let facts = scene.index.record(record)?;
    let partition = PartitionNo { topic: facts.topic, partition: facts.partition? };
    let offset = *scene.index.offsets(record).first()?;
    let batch = stored(scene, partition, offset)?;
    let mut found = in_batch(batch.view(), offset)?;
    found.topic = scene.names().topic(facts.topic).to_string();
    Some(found)
}

fn in_batch(view: BatchView<'_>, offset: u64) -> Option<Contents> {
    let offset = i64::try_from(offset).ok()?;
    let records = view.records().ok()?;
    let record = records.iter().flatten().find(|record| record.offset == offset)?;
    let text = |part: Option<&[u8]>| part.map(|bytes| readable(bytes, LONGEST));
    Some(Contents {
        topic: String::new(),
        partition: None,
        key_text: text(record.key),
        value_text: text(record.value),
        key: record.key.map(<[u8]>::to_vec),
        value: record.value.map(<[u8]>::to_vec),
        is_serialized: true,
        headers: record
            .headers()
            .map(|(name, value)| {
                let value = value.map_or_else(|| "null".to_owned(), |value| readable(value, HEADER));
                (name.into_owned(), value)
            })
            .collect(),
        timestamp: Some(record.timestamp),
    })
}

/// What tells a stored record from others with its key, in a few letters: of an object in JSON its first value.
pub(super) fn caption(scene: &Scene<'_>, partition: PartitionNo, offset: u64) -> Option<String> {
    let found = in_batch(stored(scene, partition, offset)?.view(), offset)?;
    let value = found.value_text.as_deref()?;
    Some(shortened(first_value(value).unwrap_or(value), CAPTION))
}

/// `1035` of `{"order":1035,"qty":2}`; none of a text that is no object, or whose first value is one.
fn first_value(text: &str) -> Option<&str> {
    let (_, rest) = text.strip_prefix('{')?.split_once(':')?;
    let rest = rest.trim_start();
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').map(|(value, _)| value),
        None => rest.split([',', '}']).next().map(str::trim).filter(|value| !value.starts_with(['{', '['])),
    }
}

/// The record that this producer's next `send` will send, when that is the one: what its program has been given comes
/// before the script's next line.
fn to_come(scene: &Scene<'_>, record: RecordId) -> Option<Contents> {
    if scene.index.records_sent(record.client) != record.number {
        return None;
    }
    let application = &scene.client(record.client)?.application;
    if let Some(queued) = application.record_to_come(scene.now) {
        // Its time is not known before it is sent.
        return Some(Contents { timestamp: None, ..of_given(&queued) });
    }
    let name = scene.names().client(record.client);
    let send = scene.simulation.lines_to_come().iter().find_map(|line| match &*line.statement {
        Statement::Send(send) if send.client == *name => Some(send),
        _ => None,
    })?;
    let payload = |payload: &Payload| String::from_utf8_lossy(&payload.expand(0)).into_owned();
    let value = |value: &RecordValue| match value {
        RecordValue::Payload(given) => payload(given),
        RecordValue::Size(size) => format!("{size} B"),
    };
    Some(Contents {
        topic: send.topic.to_string(),
        partition: send.partition,
        key_text: send.key.as_ref().map(payload),
        value_text: send.value.as_ref().map(value),
        key: None,
        value: None,
        is_serialized: false,
        headers: Vec::new(),
        timestamp: None,
    })
}

#[cfg(test)]
mod tests {
    use super::first_value;

    #[test]
    fn the_first_value_of_an_object_tells_it_from_others() {
        assert_eq!(first_value(r#"{"order":1035,"qty":2}"#), Some("1035"));
        assert_eq!(first_value(r#"{ "a": "b c" }"#), Some("b c"));
        assert_eq!(first_value(r#"{"a":7}"#), Some("7"));
        assert_eq!(first_value(r#"{"a":{"b":1}}"#), None);
        assert_eq!(first_value("plain: text"), None);
        assert_eq!(first_value("{}"), None);
    }
}
