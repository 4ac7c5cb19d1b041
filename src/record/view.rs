//! A batch of format v2 read in place (`DefaultRecordBatch`).

use std::borrow::Cow;

use super::checksum::crc32c;
use super::compression::decompress;
use super::exception::RecordException;
use super::layout::*;
use super::section::Records;

/// The bytes of one batch. Header fields are read where they lie; the crc is not looked at unless asked for.
///
/// Fields panic on fewer than 61 bytes: ask [`BatchView::is_short`] about bytes that came from outside.
#[derive(Clone, Copy, Debug)]
pub struct BatchView<'a> {
    bytes: &'a [u8],
}

impl<'a> BatchView<'a> {
    /// All of `bytes` must be one batch.
    pub fn new(bytes: &'a [u8]) -> BatchView<'a> {
        BatchView { bytes }
    }

    pub fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Whether the header is not whole.
    pub fn is_short(self) -> bool {
        self.bytes.len() < RECORD_BATCH_OVERHEAD
    }

    fn field<const N: usize>(self, at: usize) -> [u8; N] {
        *self.bytes[at..].first_chunk().expect("the header is whole")
    }

    pub fn base_offset(self) -> i64 {
        i64::from_be_bytes(self.field(BASE_OFFSET))
    }

    /// Bytes after the length field itself.
    pub fn length(self) -> i32 {
        i32::from_be_bytes(self.field(LENGTH))
    }

    /// The whole batch in bytes, base offset and length included.
    pub fn size_in_bytes(self) -> i32 {
        self.length().wrapping_add(LOG_OVERHEAD as i32)
    }

    pub fn partition_leader_epoch(self) -> i32 {
        i32::from_be_bytes(self.field(PARTITION_LEADER_EPOCH))
    }

    pub fn magic(self) -> i8 {
        self.bytes[MAGIC] as i8
    }

    pub fn crc(self) -> u32 {
        u32::from_be_bytes(self.field(CRC))
    }

    pub fn computed_crc(self) -> u32 {
        crc32c(&self.bytes[ATTRIBUTES..])
    }

    /// Both bytes of the attributes; Kafka reads only the lower one.
    pub fn attributes(self) -> i16 {
        i16::from_be_bytes(self.field(ATTRIBUTES))
    }

    fn flags(self) -> u8 {
        self.bytes[ATTRIBUTES + 1]
    }

    /// `IllegalArgumentException` for the ids 5 to 7.
    pub fn compression(self) -> Result<CompressionType, RecordException> {
        let id = self.flags() & COMPRESSION_MASK;
        CompressionType::from_id(id)
            .ok_or_else(|| RecordException::illegal_argument(format!("Unknown compression type id: {id}")))
    }

    pub fn timestamp_type(self) -> TimestampType {
        match self.flags() & TIMESTAMP_TYPE_FLAG {
            0 => TimestampType::CreateTime,
            _ => TimestampType::LogAppendTime,
        }
    }

    pub fn is_transactional(self) -> bool {
        self.flags() & TRANSACTIONAL_FLAG != 0
    }

    pub fn is_control(self) -> bool {
        self.flags() & CONTROL_FLAG != 0
    }

    /// The time from which on compaction may remove the batch's tombstones; it lies where the base timestamp would.
    pub fn delete_horizon_ms(self) -> Option<i64> {
        (self.flags() & DELETE_HORIZON_FLAG != 0).then(|| self.base_timestamp())
    }

    pub fn last_offset_delta(self) -> i32 {
        i32::from_be_bytes(self.field(LAST_OFFSET_DELTA))
    }

    pub fn last_offset(self) -> i64 {
        self.base_offset().wrapping_add(i64::from(self.last_offset_delta()))
    }

    pub fn next_offset(self) -> i64 {
        self.last_offset().wrapping_add(1)
    }

    pub fn base_timestamp(self) -> i64 {
        i64::from_be_bytes(self.field(BASE_TIMESTAMP))
    }

    pub fn max_timestamp(self) -> i64 {
        i64::from_be_bytes(self.field(MAX_TIMESTAMP))
    }

    /// -1: none.
    pub fn producer_id(self) -> i64 {
        i64::from_be_bytes(self.field(PRODUCER_ID))
    }

    pub fn has_producer_id(self) -> bool {
        self.producer_id() > -1
    }

    pub fn producer_epoch(self) -> i16 {
        i16::from_be_bytes(self.field(PRODUCER_EPOCH))
    }

    /// -1: none.
    pub fn base_sequence(self) -> i32 {
        i32::from_be_bytes(self.field(BASE_SEQUENCE))
    }

    pub fn last_sequence(self) -> i32 {
        match self.base_sequence() {
            -1 => -1,
            base => increment_sequence(base, self.last_offset_delta()),
        }
    }

    pub fn records_count(self) -> i32 {
        i32::from_be_bytes(self.field(RECORDS_COUNT))
    }

    /// `DefaultRecordBatch.isValid`: the crc is right.
    pub fn is_valid(self) -> bool {
        !self.is_short() && self.crc() == self.computed_crc()
    }

    /// `ensureValid`: `CorruptRecordException` for a size below 61 and for a wrong crc.
    pub fn ensure_valid(self) -> Result<(), RecordException> {
        if self.is_short() {
            return Err(RecordException::corrupt_record(format!(
                "Record batch is corrupt (the size {} is smaller than the minimum allowed overhead \
                 {RECORD_BATCH_OVERHEAD})",
                self.bytes.len()
            )));
        }
        if !self.is_valid() {
            return Err(RecordException::corrupt_record(format!(
                "Record is corrupt (stored crc = {}, computed crc = {})",
                self.crc(),
                self.computed_crc()
            )));
        }
        Ok(())
    }

    /// The bytes of the records, decompressed if need be. Throws as [`BatchView::compression`] and what the codec throws.
    pub fn section(self) -> Result<Cow<'a, [u8]>, RecordException> {
        let stored = &self.bytes[RECORD_BATCH_OVERHEAD..];
        match self.compression()? {
            CompressionType::None => Ok(Cow::Borrowed(stored)),
            compression => Ok(Cow::Owned(decompress(compression, stored)?)),
        }
    }

    /// The records, decompressed if need be; each is read when the iterator comes to it. Throws as
    /// [`BatchView::section`], and `InvalidRecordException` for a negative count.
    pub fn records(self) -> Result<Records<'a>, RecordException> {
        Records::of(self)
    }
}

/// Moves the batch to `offset`. The crc does not cover it.
pub fn set_base_offset(batch: &mut [u8], offset: i64) {
    batch[BASE_OFFSET..][..8].copy_from_slice(&offset.to_be_bytes());
}

/// `setLastOffset`: moves the batch so that it ends at `offset`.
pub fn set_last_offset(batch: &mut [u8], offset: i64) {
    let delta = BatchView::new(batch).last_offset_delta();
    set_base_offset(batch, offset.wrapping_sub(i64::from(delta)));
}

/// Says under which leader the batch was written. The crc does not cover it.
pub fn set_partition_leader_epoch(batch: &mut [u8], epoch: i32) {
    batch[PARTITION_LEADER_EPOCH..][..4].copy_from_slice(&epoch.to_be_bytes());
}

/// `setMaxTimestamp`: writes type and time, and the crc anew, unless both are so already. Attribute bits that Kafka
/// does not know are lost then, as in Kafka. The compression must be one that exists.
pub fn set_max_timestamp(batch: &mut [u8], timestamp_type: TimestampType, max_timestamp: i64) {
    let view = BatchView::new(batch);
    if view.timestamp_type() == timestamp_type && view.max_timestamp() == max_timestamp {
        return;
    }
    let kept = COMPRESSION_MASK | TRANSACTIONAL_FLAG | CONTROL_FLAG | DELETE_HORIZON_FLAG;
    let mut attributes = i16::from(view.flags() & kept);
    if timestamp_type == TimestampType::LogAppendTime {
        attributes |= i16::from(TIMESTAMP_TYPE_FLAG);
    }
    batch[ATTRIBUTES..][..2].copy_from_slice(&attributes.to_be_bytes());
    batch[MAX_TIMESTAMP..][..8].copy_from_slice(&max_timestamp.to_be_bytes());
    write_crc(batch);
}

pub(crate) fn write_crc(batch: &mut [u8]) {
    let crc = BatchView::new(batch).computed_crc();
    batch[CRC..][..4].copy_from_slice(&crc.to_be_bytes());
}
