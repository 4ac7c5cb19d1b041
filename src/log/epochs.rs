//! Which leader epoch began at which offset (`LeaderEpochFileCache`).

/// A leader's first offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EpochEntry {
    pub epoch: i32,
    pub start_offset: i64,
}

/// Ascending in epochs and in offsets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LeaderEpochs {
    entries: Vec<EpochEntry>,
}

impl LeaderEpochs {
    pub fn entries(&self) -> &[EpochEntry] {
        &self.entries
    }

    pub fn latest(&self) -> Option<i32> {
        self.entries.last().map(|entry| entry.epoch)
    }

    pub fn earliest(&self) -> Option<EpochEntry> {
        self.entries.first().copied()
    }

    /// `assign`: entries that contradict the new one go. Negative epochs are not kept.
    pub fn assign(&mut self, epoch: i32, start_offset: i64) {
        if epoch < 0 || start_offset < 0 {
            return;
        }
        let is_known = |last: &EpochEntry| last.epoch == epoch && last.start_offset <= start_offset;
        if self.entries.last().is_some_and(is_known) {
            return;
        }
        while self.entries.last().is_some_and(|last| last.epoch >= epoch || last.start_offset >= start_offset) {
            self.entries.pop();
        }
        self.entries.push(EpochEntry { epoch, start_offset });
    }

    /// The epoch of the record at `offset`.
    pub fn epoch_for_offset(&self, offset: i64) -> Option<i32> {
        self.entries.iter().take_while(|entry| entry.start_offset <= offset).last().map(|entry| entry.epoch)
    }

    /// `endOffsetFor`: the largest epoch that is not above `epoch`, and the offset after its last one; `None` for an
    /// epoch beyond what this log knows.
    pub fn end_offset_for(&self, epoch: i32, log_end_offset: i64) -> Option<(i32, i64)> {
        if epoch < 0 {
            return None;
        }
        if self.latest() == Some(epoch) {
            return Some((epoch, log_end_offset));
        }
        let higher = self.entries.iter().find(|entry| entry.epoch > epoch)?;
        let floor = self.entries.iter().rev().find(|entry| entry.epoch <= epoch);
        Some((floor.map_or(epoch, |entry| entry.epoch), higher.start_offset))
    }

    /// `truncateFromEnd`: epochs that began at `end_offset` or later go.
    pub fn truncate_from_end(&mut self, end_offset: i64) {
        self.entries.retain(|entry| entry.start_offset < end_offset);
    }

    /// `truncateFromStart`: the epoch that holds `start_offset` now begins there.
    pub fn truncate_from_start(&mut self, start_offset: i64) {
        let before = self.entries.partition_point(|entry| entry.start_offset <= start_offset);
        if before > 0 {
            self.entries[before - 1].start_offset = start_offset;
            self.entries.drain(..before - 1);
        }
    }

    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_where_an_epoch_ended() {
        let mut epochs = LeaderEpochs::default();
        for (epoch, start) in [(0, 0), (0, 5), (2, 10), (5, 20)] {
            epochs.assign(epoch, start);
        }
        assert_eq!(epochs.end_offset_for(0, 30), Some((0, 10)));
        assert_eq!(epochs.end_offset_for(1, 30), Some((0, 10)));
        assert_eq!(epochs.end_offset_for(4, 30), Some((2, 20)));
        assert_eq!(epochs.end_offset_for(5, 30), Some((5, 30)));
        assert_eq!(epochs.end_offset_for(6, 30), None);
        assert_eq!(epochs.epoch_for_offset(19), Some(2));
        epochs.truncate_from_start(12);
        assert_eq!(epochs.earliest(), Some(EpochEntry { epoch: 2, start_offset: 12 }));
        epochs.truncate_from_end(20);
        assert_eq!(epochs.latest(), Some(2));
    }
}
