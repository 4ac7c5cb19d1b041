//! The seeded generator: the model's only chance.

/// SplitMix64: one word of state, equal on every machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rng(u64);

impl Rng {
    pub const fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    /// The next 64 bits.
    pub const fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; 0 when `bound` is 0.
    pub const fn below(&mut self, bound: u64) -> u64 {
        ((self.next_u64() as u128 * bound as u128) >> 64) as u64
    }

    /// A non-negative `int`, as `ThreadLocalRandom.nextInt() & 0x7fffffff` gives.
    pub const fn positive_i32(&mut self) -> i32 {
        (self.next_u64() >> 33) as i32
    }

    /// A generator of its own for one part of the world, so that its draws do not depend on what others drew.
    #[must_use]
    pub const fn fork(&mut self) -> Rng {
        Rng(self.next_u64())
    }
}
