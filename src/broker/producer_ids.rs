//! The producer ids that a broker may give out (`RPCProducerIdManager`).

/// A producer id block in use, and the one behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct ProducerIds {
    next: i64,
    /// Behind the last one of the block.
    end: i64,
    /// The block's size.
    size: i64,
    /// First and count of a block that has arrived and is not begun.
    following: Option<(i64, i32)>,
    asked: bool,
}

impl ProducerIds {
    /// The next id; none while the first block is on its way.
    pub(super) fn take(&mut self) -> Option<i64> {
        if self.next == self.end {
            let (first, count) = self.following.take()?;
            (self.next, self.end, self.size) = (first, first + i64::from(count), i64::from(count));
        }
        self.next += 1;
        Some(self.next - 1)
    }

    /// Whether the next block is to be asked for now. `PID_PREFETCH_THRESHOLD`: nine tenths of this one are gone.
    pub(super) const fn begins_to_ask(&mut self) -> bool {
        let begins = self.following.is_none() && !self.asked && (self.end - self.next) * 10 <= self.size;
        self.asked |= begins;
        begins
    }

    /// A block has come from the controller.
    pub(super) const fn arrived(&mut self, first: i64, count: i32) {
        self.asked = false;
        self.following = Some((first, count));
    }
}
