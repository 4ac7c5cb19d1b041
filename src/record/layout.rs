//! Where things lie in a batch of format v2 (`DefaultRecordBatch`), and what its attributes say.

pub(crate) const BASE_OFFSET: usize = 0;
pub(crate) const LENGTH: usize = 8;
pub(crate) const PARTITION_LEADER_EPOCH: usize = 12;
pub(crate) const MAGIC: usize = 16;
pub(crate) const CRC: usize = 17;
pub(crate) const ATTRIBUTES: usize = 21;
pub(crate) const LAST_OFFSET_DELTA: usize = 23;
pub(crate) const BASE_TIMESTAMP: usize = 27;
pub(crate) const MAX_TIMESTAMP: usize = 35;
pub(crate) const PRODUCER_ID: usize = 43;
pub(crate) const PRODUCER_EPOCH: usize = 51;
pub(crate) const BASE_SEQUENCE: usize = 53;
pub(crate) const RECORDS_COUNT: usize = 57;

/// Bytes of a batch's header: the records begin here.
pub const RECORD_BATCH_OVERHEAD: usize = 61;
/// The base offset and the length, which the length does not count (`Records.LOG_OVERHEAD`).
pub(crate) const LOG_OVERHEAD: usize = 12;
/// Enough of a batch to know its format (`Records.HEADER_SIZE_UP_TO_MAGIC`).
pub(crate) const HEADER_SIZE_UP_TO_MAGIC: usize = 17;

pub(crate) const COMPRESSION_MASK: u8 = 0x07;
pub(crate) const TIMESTAMP_TYPE_FLAG: u8 = 0x08;
pub(crate) const TRANSACTIONAL_FLAG: u8 = 0x10;
pub(crate) const CONTROL_FLAG: u8 = 0x20;
pub(crate) const DELETE_HORIZON_FLAG: u8 = 0x40;

/// `CompressionType`: what the records of a batch are compressed with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompressionType {
    #[default]
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

impl CompressionType {
    pub const ALL: [CompressionType; 5] = [
        CompressionType::None,
        CompressionType::Gzip,
        CompressionType::Snappy,
        CompressionType::Lz4,
        CompressionType::Zstd,
    ];

    /// The three lowest bits of the attributes.
    pub const fn id(self) -> u8 {
        self as u8
    }

    pub fn from_id(id: u8) -> Option<CompressionType> {
        CompressionType::ALL.get(usize::from(id)).copied()
    }

    /// As `compression.type` spells it.
    pub const fn name(self) -> &'static str {
        match self {
            CompressionType::None => "none",
            CompressionType::Gzip => "gzip",
            CompressionType::Snappy => "snappy",
            CompressionType::Lz4 => "lz4",
            CompressionType::Zstd => "zstd",
        }
    }

    pub fn from_name(name: &str) -> Option<CompressionType> {
        CompressionType::ALL.into_iter().find(|compression| compression.name() == name)
    }
}

/// Whose clock the timestamps of a batch are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimestampType {
    #[default]
    CreateTime,
    LogAppendTime,
}

impl TimestampType {
    /// As `message.timestamp.type` spells it.
    pub const fn name(self) -> &'static str {
        match self {
            TimestampType::CreateTime => "CreateTime",
            TimestampType::LogAppendTime => "LogAppendTime",
        }
    }
}

/// `DefaultRecordBatch.incrementSequence`: after 2,147,483,647 comes 0.
pub const fn increment_sequence(sequence: i32, increment: i32) -> i32 {
    if sequence > i32::MAX.wrapping_sub(increment) {
        return increment.wrapping_sub(i32::MAX.wrapping_sub(sequence)).wrapping_sub(1);
    }
    sequence.wrapping_add(increment)
}

/// `DefaultRecordBatch.decrementSequence`: before 0 comes 2,147,483,647.
pub const fn decrement_sequence(sequence: i32, decrement: i32) -> i32 {
    if sequence < decrement {
        return i32::MAX.wrapping_sub(decrement.wrapping_sub(sequence)).wrapping_add(1);
    }
    sequence.wrapping_sub(decrement)
}
