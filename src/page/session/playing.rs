//! Play: virtual time follows the wall clock at a speed; idle time is folded.

use super::run::{Run, WayEnd, WayGoal};
use partita::time::Instant;
use partita::timeline::Flags;

/// Milliseconds of nothing to tell after which play goes straight to the next thing that is.
const FOLD_AFTER_MS: f64 = 400.0;
/// Milliseconds between two steps when the reader wants less motion.
const STEP_MS: f64 = 600.0;

/// Speeds in milliseconds of virtual time a second.
pub const SPEEDS: [u32; 10] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
pub const USUAL_SPEED: u32 = 20;

/// How it plays.
#[derive(Clone, Copy, Debug)]
pub struct Play {
    /// Milliseconds of virtual time a second.
    pub speed: u32,
    /// Step by step rather than by time: the reader wants less motion.
    pub by_steps: bool,
    /// Virtual time as it flows between events, in microseconds.
    clock_us: f64,
    /// Milliseconds since something was told.
    quiet_ms: f64,
}

impl Play {
    pub fn new(speed: u32, by_steps: bool, now: Instant) -> Play {
        Play { speed, by_steps, clock_us: now.micros() as f64, quiet_ms: 0.0 }
    }

    /// So many milliseconds of the wall clock have passed. Ends with [`WayEnd::NotYet`] as long as it plays.
    pub fn tick(&mut self, run: &mut Run, passed_ms: f64, is_over: impl Fn() -> bool) -> WayEnd {
        if self.by_steps {
            self.quiet_ms += passed_ms;
            return if self.quiet_ms >= STEP_MS { self.leap(run, is_over) } else { WayEnd::NotYet };
        }
        self.clock_us += passed_ms * f64::from(self.speed);
        let mut told = false;
        loop {
            let Some(next) = run.timeline.next_at() else { return WayEnd::Ended };
            if next.micros() as f64 > self.clock_us {
                break;
            }
            if is_over() {
                // The machine is too slow for this speed: time waits for it.
                self.clock_us = next.micros() as f64;
                break;
            }
            if !run.timeline.forward() {
                return WayEnd::Ended;
            }
            told |= run.timeline.moves().flags(run.timeline.position()).has(Flags::TELLING);
        }
        self.quiet_ms = if told { 0.0 } else { self.quiet_ms + passed_ms };
        if self.quiet_ms < FOLD_AFTER_MS { WayEnd::NotYet } else { self.leap(run, is_over) }
    }

    /// To the next move worth telling.
    fn leap(&mut self, run: &mut Run, is_over: impl Fn() -> bool) -> WayEnd {
        let mut way = run.way(WayGoal::Tellings(1));
        let arrived = run.go(&mut way, is_over);
        self.clock_us = run.timeline.simulation().now().at.micros() as f64;
        match arrived {
            WayEnd::There => {
                self.quiet_ms = 0.0;
                WayEnd::NotYet
            }
            other => other,
        }
    }
}
