//! Control records: what is in a log beside the users' data (`ControlRecordType`, `EndTransactionMarker`).

use std::sync::Arc;

use super::builder::{BatchBuilder, BatchOptions, ProducerState};
use super::exception::RecordException;
use super::layout::CompressionType;
use super::section::RecordView;

/// What a control record says, from the second half of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ControlType {
    Abort,
    Commit,
    LeaderChange,
    SnapshotHeader,
    SnapshotFooter,
    KraftVersion,
    KraftVoters,
    Unknown,
}

impl ControlType {
    const BY_ID: [ControlType; 7] = [
        ControlType::Abort,
        ControlType::Commit,
        ControlType::LeaderChange,
        ControlType::SnapshotHeader,
        ControlType::SnapshotFooter,
        ControlType::KraftVersion,
        ControlType::KraftVoters,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            ControlType::Abort => "ABORT",
            ControlType::Commit => "COMMIT",
            ControlType::LeaderChange => "LEADER_CHANGE",
            ControlType::SnapshotHeader => "SNAPSHOT_HEADER",
            ControlType::SnapshotFooter => "SNAPSHOT_FOOTER",
            ControlType::KraftVersion => "KRAFT_VERSION",
            ControlType::KraftVoters => "KRAFT_VOTERS",
            ControlType::Unknown => "UNKNOWN",
        }
    }

    /// `ControlRecordType.parse`: `InvalidRecordException` for a key that is too short or of a negative version.
    pub fn parse(key: &[u8]) -> Result<ControlType, RecordException> {
        let Some(key_start) = key.first_chunk::<4>() else {
            return Err(RecordException::invalid_record(format!(
                "Invalid value size found for control record key. Must have at least 4 bytes, but found only {}",
                key.len()
            )));
        };
        let version = i16::from_be_bytes([key_start[0], key_start[1]]);
        if version < 0 {
            return Err(RecordException::invalid_record(format!(
                "Invalid version found for control record: {version}. May indicate data corruption"
            )));
        }
        let id = u16::from_be_bytes([key_start[2], key_start[3]]);
        Ok(ControlType::BY_ID.get(usize::from(id)).copied().unwrap_or(ControlType::Unknown))
    }

    /// Version 0 and the id.
    fn key(self) -> [u8; 4] {
        [0, 0, 0, self as u8]
    }
}

/// The marker that ends a transaction on a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EndTransactionMarker {
    pub is_commit: bool,
    pub coordinator_epoch: i32,
}

impl EndTransactionMarker {
    /// `EndTransactionMarker.deserialize`: throws as [`ControlType::parse`] for the key, `IllegalArgumentException` for
    /// the key of another record, and what it finds wrong with the value.
    pub fn parse(record: &RecordView<'_>) -> Result<EndTransactionMarker, RecordException> {
        let control_type = ControlType::parse(record.key.unwrap_or_default())?;
        let is_commit = match control_type {
            ControlType::Commit => true,
            ControlType::Abort => false,
            other => {
                return Err(RecordException::illegal_argument(format!(
                    "Invalid control record type for end transaction marker {}",
                    other.name()
                )));
            }
        };
        let value = record.value.unwrap_or_default();
        let underflow = || RecordException::without_message("BufferUnderflowException");
        let version = value.first_chunk().map(|bytes| i16::from_be_bytes(*bytes)).ok_or_else(underflow)?;
        if version < 0 {
            return Err(RecordException::invalid_record(format!(
                "Invalid version found for end transaction marker: {version}. May indicate data corruption"
            )));
        }
        let epoch = value[2..].first_chunk().map(|bytes| i32::from_be_bytes(*bytes)).ok_or_else(underflow)?;
        Ok(EndTransactionMarker { is_commit, coordinator_epoch: epoch })
    }
}

/// `MemoryRecords.withEndTransactionMarker`: a control batch of one record.
pub fn end_transaction_batch(
    base_offset: i64,
    timestamp: i64,
    partition_leader_epoch: i32,
    producer_id: i64,
    producer_epoch: i16,
    marker: EndTransactionMarker,
) -> Arc<[u8]> {
    let mut builder = BatchBuilder::new(BatchOptions {
        compression: CompressionType::None,
        base_offset,
        is_control: true,
        partition_leader_epoch,
        ..BatchOptions::default()
    });
    let control_type = if marker.is_commit { ControlType::Commit } else { ControlType::Abort };
    let mut value = vec![0, 0];
    value.extend_from_slice(&marker.coordinator_epoch.to_be_bytes());
    builder.append(timestamp, Some(&control_type.key()), Some(&value), &[]).expect("the only record of its batch");
    let producer = ProducerState { producer_id, producer_epoch, base_sequence: -1, is_transactional: true };
    builder.build(producer).expect("a marker has a producer and no codec")
}
