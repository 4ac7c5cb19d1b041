//! How much smaller compression is expected to make a batch (`CompressionRatioEstimator`).

use std::hash::{Hash, Hasher};

/// The expected or observed size of compressed records over their plain size.
///
/// A 32-bit float because Java's is one, and the rounding of its products decides whether one more record fits into a
/// batch. Compared and hashed by its bits.
#[derive(Clone, Copy, Debug)]
pub struct CompressionRatio(f32);

const IMPROVING_STEP: f32 = 0.005;
const DETERIORATE_STEP: f32 = 0.05;
/// `MemoryRecordsBuilder.COMPRESSION_RATE_ESTIMATION_FACTOR`: a little more than expected, to be safe.
const ESTIMATION_FACTOR: f32 = 1.05;

impl CompressionRatio {
    /// Nothing is known yet: as large as the plain records.
    pub const ONE: CompressionRatio = CompressionRatio(1.0);

    pub fn observed(compressed: i32, plain: i32) -> CompressionRatio {
        CompressionRatio(compressed as f32 / plain as f32)
    }

    /// `updateEstimation`: worse than expected moves the estimate up at once, better moves it down slowly.
    #[must_use]
    pub fn updated(self, observed: CompressionRatio) -> CompressionRatio {
        if observed.0 > self.0 {
            CompressionRatio((self.0 + DETERIORATE_STEP).max(observed.0))
        } else if observed.0 < self.0 {
            CompressionRatio((self.0 - IMPROVING_STEP).max(observed.0))
        } else {
            self
        }
    }

    /// What the estimate becomes after a batch was refused as too large and is split: at least 1.
    #[must_use]
    pub fn reset(self) -> CompressionRatio {
        CompressionRatio(self.0.max(1.0))
    }

    /// Bytes that `plain` bytes of records are expected to take, with the safety factor.
    pub fn expected(self, plain: i32) -> i32 {
        (plain as f32 * self.0 * ESTIMATION_FACTOR) as i32
    }

    pub fn value(self) -> f32 {
        self.0
    }
}

impl PartialEq for CompressionRatio {
    fn eq(&self, other: &CompressionRatio) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for CompressionRatio {}

impl Hash for CompressionRatio {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl Default for CompressionRatio {
    fn default() -> CompressionRatio {
        CompressionRatio::ONE
    }
}

#[cfg(test)]
mod tests {
    use super::CompressionRatio;

    #[test]
    fn falls_slowly_and_rises_at_once() {
        let half = CompressionRatio::observed(50, 100);
        assert_eq!(CompressionRatio::ONE.updated(half).value(), 0.995);
        assert_eq!(half.updated(CompressionRatio::observed(52, 100)).value(), 0.55);
        assert_eq!(half.updated(CompressionRatio::ONE), CompressionRatio::ONE);
        assert_eq!(half.expected(1000), 525);
    }
}
