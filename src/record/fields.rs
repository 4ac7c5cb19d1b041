//! Every byte of a batch by name, for the byte inspector.

use super::exception::RecordException;
use super::layout::*;
use super::varint::Reader;
use super::view::BatchView;

/// One field of a batch: where it lies and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldSpan {
    /// Kafka's own name of the field.
    pub name: &'static str,
    /// The first byte, counted from the start of the batch (or of the decompressed section).
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
    pub value: String,
    /// Which record of the batch it belongs to, from 0; `None` for the header.
    pub record: Option<u32>,
}

/// The fields of a batch in order, without a gap. Compressed records are one field; see [`describe_section`].
/// `IndexOutOfBoundsException` for bytes shorter than a batch's header, and what records that cannot be read throw.
pub fn describe(batch: &[u8]) -> Result<Vec<FieldSpan>, RecordException> {
    let view = BatchView::new(batch);
    if view.is_short() {
        return Err(RecordException::out_of_bounds());
    }
    let mut fields = header(view);
    match view.compression()? {
        CompressionType::None => records(&batch[RECORD_BATCH_OVERHEAD..], view.records_count(), 61, &mut fields)?,
        compression => fields.push(FieldSpan {
            name: "records",
            start: RECORD_BATCH_OVERHEAD as u32,
            end: batch.len() as u32,
            value: format!("{} bytes of {}", batch.len() - RECORD_BATCH_OVERHEAD, compression.name()),
            record: None,
        }),
    }
    Ok(fields)
}

/// The plain bytes of the records, and their fields counted from the start of those bytes. Throws as [`describe`], and
/// as [`BatchView::section`] for what cannot be decompressed.
pub fn describe_section(batch: &[u8]) -> Result<(Vec<u8>, Vec<FieldSpan>), RecordException> {
    let view = BatchView::new(batch);
    if view.is_short() {
        return Err(RecordException::out_of_bounds());
    }
    let section = view.section()?.into_owned();
    let mut fields = Vec::new();
    records(&section, view.records_count(), 0, &mut fields)?;
    Ok((section, fields))
}

fn header(view: BatchView<'_>) -> Vec<FieldSpan> {
    let places = [
        ("baseOffset", BASE_OFFSET, view.base_offset().to_string()),
        ("batchLength", LENGTH, view.length().to_string()),
        ("partitionLeaderEpoch", PARTITION_LEADER_EPOCH, view.partition_leader_epoch().to_string()),
        ("magic", MAGIC, view.magic().to_string()),
        ("crc", CRC, format!("{:#010x}", view.crc())),
        ("attributes", ATTRIBUTES, attributes(view)),
        ("lastOffsetDelta", LAST_OFFSET_DELTA, view.last_offset_delta().to_string()),
        ("baseTimestamp", BASE_TIMESTAMP, view.base_timestamp().to_string()),
        ("maxTimestamp", MAX_TIMESTAMP, view.max_timestamp().to_string()),
        ("producerId", PRODUCER_ID, view.producer_id().to_string()),
        ("producerEpoch", PRODUCER_EPOCH, view.producer_epoch().to_string()),
        ("baseSequence", BASE_SEQUENCE, view.base_sequence().to_string()),
        ("recordsCount", RECORDS_COUNT, view.records_count().to_string()),
    ];
    let ends = places.iter().map(|place| place.1).skip(1).chain([RECORD_BATCH_OVERHEAD]).collect::<Vec<_>>();
    let spans = places.into_iter().zip(ends);
    spans
        .map(|((name, start, value), end)| FieldSpan {
            name,
            start: start as u32,
            end: end as u32,
            value,
            record: None,
        })
        .collect()
}

/// The bits that are set, in Kafka's words: `gzip, CreateTime, transactional`.
fn attributes(view: BatchView<'_>) -> String {
    let codec = view.compression().map_or("unknown", CompressionType::name);
    let mut words = vec![codec, view.timestamp_type().name()];
    if view.is_transactional() {
        words.push("transactional");
    }
    if view.is_control() {
        words.push("control");
    }
    if view.delete_horizon_ms().is_some() {
        words.push("deleteHorizon");
    }
    words.join(", ")
}

/// Collects the fields of records as a reader comes past them.
struct Spans<'a, 'f> {
    reader: Reader<'a>,
    base: u32,
    record: u32,
    fields: &'f mut Vec<FieldSpan>,
}

impl Spans<'_, '_> {
    fn push(&mut self, name: &'static str, start: usize, value: String) {
        let end = self.base + self.reader.position() as u32;
        let start = self.base + start as u32;
        self.fields.push(FieldSpan { name, start, end, value, record: Some(self.record) });
    }

    fn varint(&mut self, name: &'static str) -> Result<i32, RecordException> {
        let start = self.reader.position();
        let value = self.reader.varint()?;
        self.push(name, start, value.to_string());
        Ok(value)
    }

    /// A length and what it counts; the second field is left out when there is nothing.
    fn sized(&mut self, length: &'static str, name: &'static str) -> Result<(), RecordException> {
        let size = self.varint(length)?;
        let start = self.reader.position();
        if let Some(bytes) = self.reader.bytes(size)?
            && !bytes.is_empty()
        {
            self.push(name, start, text(bytes));
        }
        Ok(())
    }

    fn record(&mut self) -> Result<(), RecordException> {
        self.varint("length")?;
        let start = self.reader.position();
        let attributes = self.reader.byte()?;
        self.push("attributes", start, attributes.to_string());
        let start = self.reader.position();
        let timestamp_delta = self.reader.varlong()?;
        self.push("timestampDelta", start, timestamp_delta.to_string());
        self.varint("offsetDelta")?;
        self.sized("keyLength", "key")?;
        self.sized("valueLength", "value")?;
        for _ in 0..self.varint("headersCount")? {
            self.sized("headerKeyLength", "headerKey")?;
            self.sized("headerValueLength", "headerValue")?;
        }
        Ok(())
    }
}

fn records(section: &[u8], count: i32, base: u32, fields: &mut Vec<FieldSpan>) -> Result<(), RecordException> {
    let mut spans = Spans { reader: Reader::new(section), base, record: 0, fields };
    for record in 0..count.max(0) as u32 {
        spans.record = record;
        spans.record()?;
    }
    Ok(())
}

/// UTF-8 as it reads, other bytes in hex.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => text.to_string(),
        _ => bytes.iter().fold("0x".to_string(), |text, byte| format!("{text}{byte:02x}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BatchBuilder, BatchOptions, Header, ProducerState};
    use bytes::Bytes;

    fn batch(compression: CompressionType) -> std::sync::Arc<[u8]> {
        let mut builder = BatchBuilder::new(BatchOptions { compression, ..BatchOptions::default() });
        let headers = [Header::new("trace", Some(Bytes::from_static(b"\x01"))), Header::new("h", None)];
        builder.append(1000, Some(b"mia"), Some(b"{}"), &headers).unwrap();
        builder.append(1007, None, None, &[]).unwrap();
        builder.build(ProducerState::NONE).unwrap()
    }

    #[test]
    fn every_byte_has_a_name() {
        let batch = batch(CompressionType::None);
        let fields = describe(&batch).unwrap();
        assert_eq!(fields.first().unwrap().start, 0);
        assert_eq!(fields.last().unwrap().end, batch.len() as u32);
        assert!(fields.windows(2).all(|pair| pair[0].end == pair[1].start));
        let said: Vec<_> = fields.iter().map(|field| (field.name, field.value.as_str())).collect();
        assert!(said.contains(&("recordsCount", "2")));
        assert!(said.contains(&("attributes", "none, CreateTime")));
        assert!(said.contains(&("key", "mia")));
        assert!(said.contains(&("headerValue", "0x01")));
        assert!(said.contains(&("timestampDelta", "7")));
    }

    #[test]
    fn a_compressed_section_is_described_apart() {
        let plain = batch(CompressionType::None);
        let packed = batch(CompressionType::Gzip);
        assert_eq!(describe(&packed).unwrap().last().unwrap().name, "records");
        let (section, fields) = describe_section(&packed).unwrap();
        assert_eq!(section, plain[61..]);
        assert_eq!(fields.last().unwrap().end, section.len() as u32);
    }
}
