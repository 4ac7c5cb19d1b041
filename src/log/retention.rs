//! Deleting old segments (`UnifiedLog.deleteOldSegments`). Compaction is not here.

use super::config::LogConfig;
use super::partition_log::PartitionLog;
use super::segments::Segment;

impl PartitionLog {
    /// What a broker does every `log.retention.check.interval.ms`: whole segments go, oldest first, up to the first that
    /// must stay; never one whose end is above the high watermark. Gives how many went.
    pub fn delete_old_segments(&mut self, now_ms: i64, config: &LogConfig) -> usize {
        let log_start_offset = self.log_start_offset;
        let mut deleted = self.delete_while(now_ms, |_, next| next.is_some_and(|n| n.base_offset <= log_start_offset));
        if !config.is_deleted {
            return deleted;
        }
        let mut excess = self.size() - config.retention_bytes;
        if config.retention_bytes >= 0 && excess >= 0 {
            deleted += self.delete_while(now_ms, |segment, _| {
                let goes = excess - segment.size >= 0;
                if goes {
                    excess -= segment.size;
                }
                goes
            });
        }
        if config.retention_ms >= 0 {
            deleted +=
                self.delete_while(now_ms, |segment, _| now_ms - segment.largest_timestamp() > config.retention_ms);
        }
        deleted
    }

    /// `deletableSegments`, and their deletion.
    fn delete_while(&mut self, now_ms: i64, mut goes: impl FnMut(&Segment, Option<&Segment>) -> bool) -> usize {
        let mut count = 0;
        while let Some(segment) = self.segments.get(count) {
            let next = self.segments.get(count + 1);
            let end = next.map_or(self.log_end_offset, |next| next.base_offset);
            let is_empty_active = next.is_none() && segment.size == 0;
            if end > self.high_watermark || is_empty_active || !goes(segment, next) {
                break;
            }
            count += 1;
        }
        if count == 0 {
            return 0;
        }
        if count == self.segments.len() {
            self.roll(self.log_end_offset, now_ms);
        }
        let first_kept = self.segments[count].base_offset;
        let start = first_kept.max(self.log_start_offset);
        self.maybe_increment_log_start_offset(start).expect("a deleted segment ends below the high watermark");
        self.segments.drain(..count);
        self.batches.drop_before(first_kept);
        self.aborted.retain(|txn| txn.last_offset >= first_kept);
        count
    }
}
