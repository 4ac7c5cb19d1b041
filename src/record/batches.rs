//! Splitting bytes into batches (`ByteBufferLogInputStream`), and what a produce request may hold.

use super::exception::RecordException;
use super::layout::*;
use super::legacy;
use super::view::BatchView;

/// `LegacyRecord.RECORD_OVERHEAD_V0`: no format's record is smaller.
const SMALLEST_RECORD: i32 = 14;

/// The whole batches at the start of `bytes`, one after another. What is left over and is no whole batch is passed over
/// in silence, as in Kafka; what cannot be a batch ends it with `CorruptRecordException`.
#[derive(Clone, Debug)]
pub struct Batches<'a> {
    rest: &'a [u8],
}

impl<'a> Batches<'a> {
    pub fn of(bytes: &'a [u8]) -> Batches<'a> {
        Batches { rest: bytes }
    }

    fn next_size(&self) -> Result<Option<usize>, RecordException> {
        let Some(length) = self.rest.get(LENGTH..LOG_OVERHEAD).and_then(|bytes| bytes.first_chunk()) else {
            return Ok(None);
        };
        let length = i32::from_be_bytes(*length);
        if length < SMALLEST_RECORD {
            return Err(RecordException::corrupt_record(format!(
                "Record size {length} is less than the minimum record overhead ({SMALLEST_RECORD})"
            )));
        }
        if self.rest.len() < HEADER_SIZE_UP_TO_MAGIC {
            return Ok(None);
        }
        let magic = self.rest[MAGIC] as i8;
        if !(0..=2).contains(&magic) {
            return Err(RecordException::corrupt_record(format!("Invalid magic found in record: {magic}")));
        }
        Ok(Some(length as usize + LOG_OVERHEAD))
    }
}

impl<'a> Iterator for Batches<'a> {
    type Item = Result<BatchView<'a>, RecordException>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.next_size() {
            Ok(Some(size)) => {
                let (batch, rest) = self.rest.split_at_checked(size)?;
                self.rest = rest;
                Some(Ok(BatchView::new(batch)))
            }
            Ok(None) => None,
            Err(error) => {
                self.rest = &[];
                Some(Err(error))
            }
        }
    }
}

impl BatchView<'_> {
    /// As [`BatchView::ensure_valid`], with its `CorruptRecordException`, for the formats before v2 as well.
    pub fn ensure_valid_any_magic(self) -> Result<(), RecordException> {
        if self.magic() < 2 { legacy::ensure_valid(self.bytes()) } else { self.ensure_valid() }
    }

    /// Whether the checksum is right, of any format.
    pub fn is_valid_any_magic(self) -> bool {
        self.ensure_valid_any_magic().is_ok()
    }

    /// The checksum as it is written, of any format.
    pub fn stored_crc_any_magic(self) -> u32 {
        if self.magic() < 2 { legacy::checksums(self.bytes()).0 } else { self.crc() }
    }

    /// How many records can be read, of any format; what the first one that cannot be read throws.
    pub fn read_count(self) -> Result<i32, RecordException> {
        if self.magic() < 2 {
            return legacy::read_count(self.bytes());
        }
        let records = self.records()?;
        records.iter().try_fold(0, |count, record| record.map(|_| count + 1))
    }
}

/// `ProduceRequest.validateRecords`: exactly one batch of format v2, and zstd only from version 7 on.
/// `InvalidRecordException` for another number or format, `UnsupportedCompressionTypeException` for zstd before that;
/// what [`Batches`] throws where a batch cannot be told apart.
pub fn validate_produce_records(version: i16, bytes: &[u8]) -> Result<(), RecordException> {
    let refused =
        |what: &str| Err(RecordException::invalid_record(format!("Produce requests with version {version} {what}")));
    let mut batches = Batches::of(bytes);
    let Some(first) = batches.next().transpose()? else {
        return refused("must have at least one record batch per partition");
    };
    if first.magic() != 2 {
        return refused("are only allowed to contain record batches with magic version 2");
    }
    if version < 7 && first.compression()? == CompressionType::Zstd {
        return Err(RecordException::new(
            "UnsupportedCompressionTypeException",
            format!("Produce requests with version {version} are not allowed to use ZStandard compression"),
        ));
    }
    match batches.next().transpose()? {
        Some(_) => refused("are only allowed to contain exactly one record batch per partition"),
        None => Ok(()),
    }
}
