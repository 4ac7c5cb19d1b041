//! Segments: where a log's file ends and the next one begins (`LogSegment`).

use super::config::LogConfig;

/// One file of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Segment {
    /// What the file is named after.
    pub base_offset: i64,
    /// Where it begins, in bytes of the log counted from when the log was made.
    pub start_position: i64,
    pub size: i64,
    /// The largest timestamp of its batches; -1: none.
    pub max_timestamp: i64,
    /// The largest timestamp of its first batch: the age of the segment counts from it.
    pub first_timestamp: Option<i64>,
    /// When it was last written, on the broker's clock: its age where batches have no timestamps.
    pub last_modified_ms: i64,
    pub created_ms: i64,
}

impl Segment {
    pub(crate) fn new(base_offset: i64, start_position: i64, now_ms: i64) -> Segment {
        Segment {
            base_offset,
            start_position,
            size: 0,
            max_timestamp: -1,
            first_timestamp: None,
            last_modified_ms: now_ms,
            created_ms: now_ms,
        }
    }

    pub fn end_position(&self) -> i64 {
        self.start_position + self.size
    }

    /// `largestTimestamp`: of its records, else of the file.
    pub fn largest_timestamp(&self) -> i64 {
        if self.max_timestamp >= 0 { self.max_timestamp } else { self.last_modified_ms }
    }

    /// `shouldRoll`: the new batch would make it too large, or it is too old.
    pub(crate) fn should_roll(&self, config: &LogConfig, now_ms: i64, append: RollParams) -> bool {
        let waited_ms = match self.first_timestamp {
            Some(first) if first >= 0 => append.max_timestamp.saturating_sub(first),
            _ => now_ms - self.created_ms,
        };
        let is_too_large = self.size > i64::from(config.segment_bytes) - append.size;
        let is_too_old = self.size > 0 && waited_ms > config.segment_ms;
        let is_too_far = append.last_offset - self.base_offset > i64::from(i32::MAX);
        is_too_large || is_too_old || is_too_far
    }

    pub(crate) fn add(&mut self, size: i64, max_timestamp: i64, now_ms: i64) {
        self.size += size;
        self.max_timestamp = self.max_timestamp.max(max_timestamp);
        self.first_timestamp.get_or_insert(max_timestamp);
        self.last_modified_ms = now_ms;
    }
}

/// What is about to be appended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RollParams {
    pub size: i64,
    pub max_timestamp: i64,
    pub last_offset: i64,
}
