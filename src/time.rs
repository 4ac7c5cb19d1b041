//! Virtual time: microseconds since the start of the run.

use std::fmt;
use std::ops::{Add, Sub};

/// A point of virtual time, in whole microseconds since the start of the run. Range: the whole of `u64`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub u64);

impl Instant {
    pub const ZERO: Instant = Instant(0);
    /// Later than anything that happens.
    pub const MAX: Instant = Instant(u64::MAX);
    /// The last instant of a run, a year from its start. What lies behind it never comes.
    pub const END: Instant = Instant(365 * 24 * 3600 * 1_000_000);

    pub const fn from_millis(ms: u64) -> Instant {
        Instant(ms.saturating_mul(1000))
    }

    pub const fn micros(self) -> u64 {
        self.0
    }

    /// Whole milliseconds, floored, as Java's `Time.milliseconds()` counts.
    pub const fn millis(self) -> u64 {
        self.0 / 1000
    }

    #[must_use]
    pub const fn plus_micros(self, us: u64) -> Instant {
        Instant(self.0.saturating_add(us))
    }

    #[must_use]
    pub const fn plus_millis(self, ms: u64) -> Instant {
        self.plus_micros(ms.saturating_mul(1000))
    }

    /// Microseconds from `earlier` to `self`, 0 when `earlier` is later.
    pub const fn since(self, earlier: Instant) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<u64> for Instant {
    type Output = Instant;
    /// Adds microseconds.
    fn add(self, us: u64) -> Instant {
        self.plus_micros(us)
    }
}

impl Sub for Instant {
    type Output = u64;
    fn sub(self, earlier: Instant) -> u64 {
        self.since(earlier)
    }
}

impl fmt::Display for Instant {
    /// Milliseconds with one decimal: `4198.0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 1000, self.0 % 1000 / 100)
    }
}

/// The clock of a run as every node reads it: virtual time, and the wall clock that timestamps are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Now {
    pub at: Instant,
    /// Milliseconds since 1970 at which the run started (a scenario's `start`).
    pub start_ms: i64,
}

impl Now {
    /// What `System.currentTimeMillis()` says: the scenario's start plus virtual milliseconds, floored.
    pub const fn wall_ms(self) -> i64 {
        self.start_ms + self.at.millis() as i64
    }

    /// Virtual milliseconds, floored: what Kafka's own rules count in.
    pub const fn ms(self) -> u64 {
        self.at.millis()
    }
}

/// The run's clock: the present instant, and a number for each thing that is scheduled, by which those of one instant keep
/// their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    pub now: Now,
    sequence: u64,
}

impl Clock {
    pub const fn new(now: Now) -> Clock {
        Clock { now, sequence: 0 }
    }

    /// The present instant.
    pub const fn at(&self) -> Instant {
        self.now.at
    }

    /// The number of the next thing that is scheduled.
    pub fn next_turn(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }
}
