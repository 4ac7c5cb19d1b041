//! What Kafka sees in bytes that claim to be of the formats v0 or v1 (`LegacyRecord`). Nobody writes them any more; a
//! batch whose magic byte was damaged looks like one.

use super::checksum::crc32;
use super::compression::decompress;
use super::exception::RecordException;
use super::layout::{COMPRESSION_MASK, CompressionType, LOG_OVERHEAD};

const MAGIC: usize = 4;
const ATTRIBUTES: usize = 5;

/// `CorruptRecordException` when the CRC-32 over all from the magic byte on is not the stored one.
pub(crate) fn ensure_valid(batch: &[u8]) -> Result<(), RecordException> {
    let (stored, computed) = checksums(batch);
    if stored == computed {
        return Ok(());
    }
    Err(RecordException::corrupt_record(format!(
        "Record is corrupt (stored crc = {stored}, computed crc = {computed})"
    )))
}

pub(crate) fn checksums(batch: &[u8]) -> (u32, u32) {
    let record = &batch[LOG_OVERHEAD..];
    (int(record, 0).map_or(0, |stored| stored as u32), crc32(&record[MAGIC..]))
}

/// How many records iterating yields: one, or those inside of a compressed one.
pub(crate) fn read_count(batch: &[u8]) -> Result<i32, RecordException> {
    let record = &batch[LOG_OVERHEAD..];
    let magic = record[MAGIC];
    let id = record[ATTRIBUTES] & COMPRESSION_MASK;
    let compression = match CompressionType::from_id(id) {
        Some(CompressionType::None) => return Ok(1),
        Some(CompressionType::Zstd) => {
            return Err(RecordException::invalid_record(format!(
                "Invalid wrapper compressionType found in legacy deep record iterator {magic}"
            )));
        }
        Some(compression) => compression,
        None => return Err(RecordException::illegal_argument(format!("Unknown compression type id: {id}"))),
    };
    let Some(value) = value(record)? else {
        return Err(RecordException::invalid_record(format!(
            "Found invalid compressed record set with null value (magic = {magic})"
        )));
    };
    inner_count(&decompress(compression, value)?)
}

/// `DeepRecordsIterator`: the records inside, each with an offset and a size before it.
fn inner_count(section: &[u8]) -> Result<i32, RecordException> {
    let (mut count, mut rest) = (0, section);
    while rest.len() >= LOG_OVERHEAD {
        let size = int(rest, 8)?;
        if size < 14 {
            return Err(RecordException::corrupt_record("Record size is less than the minimum record overhead (14)"));
        }
        let Some(next) = rest.get(LOG_OVERHEAD + size as usize..) else { break };
        (count, rest) = (count + 1, next);
    }
    if count == 0 {
        return Err(RecordException::invalid_record("Found invalid compressed record set with no inner records"));
    }
    Ok(count)
}

/// `Utils.sizeDelimited` at `valueSizeOffset`.
fn value(record: &[u8]) -> Result<Option<&[u8]>, RecordException> {
    let key_size_at = if record[MAGIC] == 0 { 6 } else { 14 };
    let key_size = int(record, key_size_at)?.max(0) as usize;
    let size_at = key_size_at + 4 + key_size;
    let Ok(size) = usize::try_from(int(record, size_at)?) else { return Ok(None) };
    let rest = &record[size_at + 4..];
    match rest.get(..size) {
        Some(value) => Ok(Some(value)),
        None => Err(RecordException::illegal_argument(format!("newLimit > capacity: ({size} > {})", rest.len()))),
    }
}

fn int(bytes: &[u8], at: usize) -> Result<i32, RecordException> {
    let four = bytes.get(at..).and_then(|rest| rest.first_chunk());
    four.map(|four| i32::from_be_bytes(*four)).ok_or_else(RecordException::out_of_bounds)
}
