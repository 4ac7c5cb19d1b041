//! Writing a batch of format v2 (`MemoryRecordsBuilder`).

use std::sync::Arc;

use super::compression::compress;
use super::exception::RecordException;
use super::layout::*;
use super::owned::Header;
use super::ratio::CompressionRatio;
use super::size::{size_of_body, size_of_record};
use super::varint::{write_varint, write_varlong};
use super::view::{BatchView, write_crc};

/// Who wrote a batch, and with which sequence number it begins. The default is nobody: -1 everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProducerState {
    pub producer_id: i64,
    pub producer_epoch: i16,
    pub base_sequence: i32,
    pub is_transactional: bool,
}

impl ProducerState {
    pub const NONE: ProducerState =
        ProducerState { producer_id: -1, producer_epoch: -1, base_sequence: -1, is_transactional: false };
}

impl Default for ProducerState {
    fn default() -> ProducerState {
        ProducerState::NONE
    }
}

/// What is known of a batch before its first record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BatchOptions {
    pub compression: CompressionType,
    /// 1 to 9, or -1 for the default.
    pub gzip_level: i32,
    pub timestamp_type: TimestampType,
    pub base_offset: i64,
    /// Milliseconds since 1970: the batch's time with `LogAppendTime`, else without meaning.
    pub log_append_time: i64,
    pub is_control: bool,
    pub partition_leader_epoch: i32,
    /// From when on compaction may remove the tombstones of this batch.
    pub delete_horizon_ms: Option<i64>,
    /// The size of the batch's buffer, header included: it is full when this much is written.
    pub write_limit: i32,
}

impl Default for BatchOptions {
    /// A producer's batch without compression and without a limit.
    fn default() -> BatchOptions {
        BatchOptions {
            compression: CompressionType::None,
            gzip_level: -1,
            timestamp_type: TimestampType::CreateTime,
            base_offset: 0,
            log_append_time: -1,
            is_control: false,
            partition_leader_epoch: -1,
            delete_horizon_ms: None,
            write_limit: i32::MAX,
        }
    }
}

/// A batch being written. Records are kept as the bytes they become; compression happens when it is built.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BatchBuilder {
    options: BatchOptions,
    /// The records' plain bytes, empty again once built.
    section: Vec<u8>,
    /// How many plain bytes were written.
    plain_size: i32,
    records_count: i32,
    base_timestamp: Option<i64>,
    max_timestamp: i64,
    last_offset: Option<i64>,
    estimated_ratio: CompressionRatio,
    is_closed: bool,
    built: Option<Arc<[u8]>>,
}

impl BatchBuilder {
    pub fn new(options: BatchOptions) -> BatchBuilder {
        BatchBuilder {
            options,
            section: Vec::new(),
            plain_size: 0,
            records_count: 0,
            base_timestamp: options.delete_horizon_ms,
            max_timestamp: -1,
            last_offset: None,
            estimated_ratio: CompressionRatio::ONE,
            is_closed: false,
            built: None,
        }
    }

    /// Appends a record at the next offset; gives the plain bytes it took. `IllegalArgumentException` for a timestamp
    /// below -1.
    pub fn append(
        &mut self,
        timestamp: i64,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: &[Header],
    ) -> Result<i32, RecordException> {
        let offset = self.last_offset.map_or(self.options.base_offset, |last| last + 1);
        self.append_with_offset(offset, timestamp, key, value, headers)
    }

    /// Appends a record at an offset beyond the last one. `IllegalArgumentException` for one that is not, and for a
    /// timestamp below -1.
    pub fn append_with_offset(
        &mut self,
        offset: i64,
        timestamp: i64,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: &[Header],
    ) -> Result<i32, RecordException> {
        assert!(!self.is_closed, "MemoryRecordsBuilder is closed for record appends");
        if let Some(last) = self.last_offset
            && offset <= last
        {
            return Err(RecordException::illegal_argument(format!(
                "Illegal offset {offset} following previous offset {last} (Offsets must increase monotonically)."
            )));
        }
        if timestamp < -1 {
            return Err(RecordException::illegal_argument(format!("Invalid negative timestamp {timestamp}")));
        }
        let base_timestamp = *self.base_timestamp.get_or_insert(timestamp);
        let offset_delta = (offset - self.options.base_offset) as i32;
        let before = self.section.len();
        write_record(&mut self.section, offset_delta, timestamp.wrapping_sub(base_timestamp), key, value, headers);
        let size = (self.section.len() - before) as i32;
        self.plain_size += size;
        self.records_count += 1;
        self.last_offset = Some(offset);
        self.max_timestamp = self.max_timestamp.max(timestamp);
        Ok(size)
    }

    /// `hasRoomFor`: an empty batch takes any record; another one takes it while the estimate stays within the limit.
    pub fn has_room_for(&self, timestamp: i64, key: Option<&[u8]>, value: Option<&[u8]>, headers: &[Header]) -> bool {
        if self.is_full() {
            return false;
        }
        if self.records_count == 0 {
            return true;
        }
        let offset_delta = self.last_offset.map_or(0, |last| (last - self.options.base_offset + 1) as i32);
        let timestamp_delta = self.base_timestamp.map_or(0, |base| timestamp.wrapping_sub(base));
        self.has_room_for_size(size_of_record(offset_delta, timestamp_delta, key, value, headers))
    }

    pub fn has_room_for_size(&self, size: i32) -> bool {
        !self.is_full() && self.options.write_limit >= self.estimated_bytes_written().saturating_add(size)
    }

    /// Closed for appends, or as much written as the limit allows.
    pub fn is_full(&self) -> bool {
        self.is_closed || (self.records_count > 0 && self.options.write_limit <= self.estimated_bytes_written())
    }

    /// What the batch is expected to take, header included, with compression as far as it can be foreseen.
    pub fn estimated_bytes_written(&self) -> i32 {
        let records = match self.options.compression {
            CompressionType::None => self.plain_size,
            _ => self.estimated_ratio.expected(self.plain_size),
        };
        RECORD_BATCH_OVERHEAD as i32 + records
    }

    /// `estimatedSizeInBytes`: the size itself once the batch is built.
    pub fn estimated_size_in_bytes(&self) -> i32 {
        self.built.as_ref().map_or_else(|| self.estimated_bytes_written(), |built| built.len() as i32)
    }

    pub fn set_estimated_compression_ratio(&mut self, ratio: CompressionRatio) {
        self.estimated_ratio = ratio;
    }

    /// Compressed over plain size of the built batch; 1 before.
    pub fn compression_ratio(&self) -> CompressionRatio {
        let built = self.built.as_ref().filter(|built| !built.is_empty());
        built.map_or(CompressionRatio::ONE, |built| {
            CompressionRatio::observed((built.len() - RECORD_BATCH_OVERHEAD) as i32, self.plain_size)
        })
    }

    /// No record is taken any more: the batch counts as full.
    pub fn close_for_appends(&mut self) {
        self.is_closed = true;
    }

    /// Compaction keeps the last offset of a batch whose last records it removed.
    pub fn override_last_offset(&mut self, last_offset: i64) {
        assert!(self.built.is_none(), "the last offset is overridden before the batch is built");
        self.last_offset = Some(last_offset);
    }

    pub fn options(&self) -> &BatchOptions {
        &self.options
    }

    pub fn records_count(&self) -> i32 {
        self.records_count
    }

    /// Plain bytes with the header.
    pub fn uncompressed_bytes_written(&self) -> i32 {
        RECORD_BATCH_OVERHEAD as i32 + self.plain_size
    }

    /// The largest timestamp as the batch will say it; -1: none.
    pub fn max_timestamp(&self) -> i64 {
        match self.options.timestamp_type {
            TimestampType::CreateTime => self.max_timestamp,
            TimestampType::LogAppendTime => self.options.log_append_time,
        }
    }

    pub fn built(&self) -> Option<&Arc<[u8]>> {
        self.built.as_ref()
    }

    /// Closes and compresses the batch and gives its bytes; empty ones when it has no record. Building again gives the
    /// same bytes. `IllegalArgumentException` for a producer state that no batch may have,
    /// `UnsupportedCompressionTypeException` for a codec that is not in this build.
    pub fn build(&mut self, producer: ProducerState) -> Result<Arc<[u8]>, RecordException> {
        if let Some(built) = &self.built {
            return Ok(built.clone());
        }
        self.validate(producer)?;
        self.is_closed = true;
        let mut batch = Vec::new();
        if self.records_count > 0 {
            let section = std::mem::take(&mut self.section);
            let stored = match self.options.compression {
                CompressionType::None => section,
                compression => compress(compression, self.options.gzip_level, &section)?,
            };
            batch.reserve_exact(RECORD_BATCH_OVERHEAD + stored.len());
            batch.resize(RECORD_BATCH_OVERHEAD, 0);
            batch.extend_from_slice(&stored);
            let last_offset = self.last_offset.unwrap_or(self.options.base_offset);
            write_header(&mut batch, &self.header(last_offset), producer);
        }
        Ok(self.built.insert(batch.into()).clone())
    }

    fn header(&self, last_offset: i64) -> HeaderFields {
        HeaderFields {
            options: self.options,
            last_offset,
            base_timestamp: self.base_timestamp.unwrap_or(-1),
            max_timestamp: self.max_timestamp(),
            records_count: self.records_count,
        }
    }

    /// `reopenAndRewriteProducerState`: the built batch gets another producer state, for a retry under a new epoch.
    pub fn rewrite_producer_state(&mut self, producer: ProducerState) {
        let built = self.built.as_ref().expect("only a built batch is rewritten");
        let mut batch = built.to_vec();
        write_producer_state(&mut batch, producer);
        self.built = Some(batch.into());
    }

    /// `validateProducerState`.
    fn validate(&self, producer: ProducerState) -> Result<(), RecordException> {
        let wrong = if producer.is_transactional && producer.producer_id == -1 {
            "Cannot write transactional messages without a valid producer ID"
        } else if producer.producer_id != -1 && producer.producer_epoch == -1 {
            "Invalid negative producer epoch"
        } else if producer.producer_id != -1 && producer.base_sequence < 0 && !self.options.is_control {
            "Invalid negative sequence number used"
        } else {
            return Ok(());
        };
        Err(RecordException::illegal_argument(wrong))
    }
}

/// `DefaultRecordBatch.writeEmptyHeader`: a batch that compaction emptied, kept for its producer's last sequence.
/// `options` gives the rest; its compression is not kept.
pub fn empty_batch(options: BatchOptions, last_offset: i64, max_timestamp: i64, producer: ProducerState) -> Arc<[u8]> {
    let options = BatchOptions { compression: CompressionType::None, delete_horizon_ms: None, ..options };
    let mut batch = vec![0; RECORD_BATCH_OVERHEAD];
    let header = HeaderFields { options, last_offset, base_timestamp: -1, max_timestamp, records_count: 0 };
    write_header(&mut batch, &header, producer);
    batch.into()
}

struct HeaderFields {
    options: BatchOptions,
    last_offset: i64,
    base_timestamp: i64,
    max_timestamp: i64,
    records_count: i32,
}

fn write_header(batch: &mut [u8], header: &HeaderFields, producer: ProducerState) {
    let options = &header.options;
    let mut flags = options.compression.id();
    if options.timestamp_type == TimestampType::LogAppendTime {
        flags |= TIMESTAMP_TYPE_FLAG;
    }
    if options.is_control {
        flags |= CONTROL_FLAG;
    }
    if options.delete_horizon_ms.is_some() {
        flags |= DELETE_HORIZON_FLAG;
    }
    let length = (batch.len() - LOG_OVERHEAD) as i32;
    let last_offset_delta = (header.last_offset - options.base_offset) as i32;
    put(batch, BASE_OFFSET, options.base_offset.to_be_bytes());
    put(batch, LENGTH, length.to_be_bytes());
    put(batch, PARTITION_LEADER_EPOCH, options.partition_leader_epoch.to_be_bytes());
    put(batch, MAGIC, [2]);
    put(batch, ATTRIBUTES, i16::from(flags).to_be_bytes());
    put(batch, LAST_OFFSET_DELTA, last_offset_delta.to_be_bytes());
    put(batch, BASE_TIMESTAMP, header.base_timestamp.to_be_bytes());
    put(batch, MAX_TIMESTAMP, header.max_timestamp.to_be_bytes());
    put(batch, RECORDS_COUNT, header.records_count.to_be_bytes());
    write_producer_state(batch, producer);
}

/// Also the crc, which covers these fields.
fn write_producer_state(batch: &mut [u8], producer: ProducerState) {
    let mut attributes = BatchView::new(batch).attributes() & !i16::from(TRANSACTIONAL_FLAG);
    if producer.is_transactional {
        attributes |= i16::from(TRANSACTIONAL_FLAG);
    }
    put(batch, ATTRIBUTES, attributes.to_be_bytes());
    put(batch, PRODUCER_ID, producer.producer_id.to_be_bytes());
    put(batch, PRODUCER_EPOCH, producer.producer_epoch.to_be_bytes());
    put(batch, BASE_SEQUENCE, producer.base_sequence.to_be_bytes());
    write_crc(batch);
}

fn put<const N: usize>(batch: &mut [u8], at: usize, field: [u8; N]) {
    batch[at..][..N].copy_from_slice(&field);
}

/// `DefaultRecord.writeTo`.
fn write_record(
    out: &mut Vec<u8>,
    offset_delta: i32,
    timestamp_delta: i64,
    key: Option<&[u8]>,
    value: Option<&[u8]>,
    headers: &[Header],
) {
    write_varint(out, size_of_body(offset_delta, timestamp_delta, key, value, headers));
    out.push(0);
    write_varlong(out, timestamp_delta);
    write_varint(out, offset_delta);
    write_bytes(out, key);
    write_bytes(out, value);
    write_varint(out, headers.len() as i32);
    for header in headers {
        write_bytes(out, Some(header.key.as_bytes()));
        write_bytes(out, header.value.as_deref());
    }
}

fn write_bytes(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    match bytes {
        None => write_varint(out, -1),
        Some(bytes) => {
            write_varint(out, bytes.len() as i32);
            out.extend_from_slice(bytes);
        }
    }
}
