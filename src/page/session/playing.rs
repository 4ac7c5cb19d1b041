//! Play goes from step to step at the pace of a reader; Run lets virtual time pass at a speed of its own.

use partita::event::EventKind;
use partita::time::Instant;
use partita::timeline::Flags;

use super::run::{Run, Way, WayEnd, WayGoal};

/// Milliseconds of nothing to tell after which Run goes straight to the next thing that is.
const FOLD_AFTER_MS: f64 = 400.0;
/// Milliseconds that a sentence stays, at the usual pace: by its letters, within these bounds.
const SHORTEST_MS: f64 = 2_000.0;
const LONGEST_MS: f64 = 4_000.0;
/// Milliseconds that a stage of the followed record stays at any pace.
const STAGE_MS: f64 = 1_500.0;
/// Letters that are read in a second, in each script.
const LETTERS_EN: f64 = 28.0;
const LETTERS_KO: f64 = 14.0;

/// How much faster than usual Play goes.
pub const PACES: [f64; 7] = [0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0];
pub const USUAL_PACE: usize = 2;
/// Speeds of Run in milliseconds of virtual time a second.
pub const SPEEDS: [u32; 10] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
pub const USUAL_SPEED: u32 = 20;

/// What goes on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Playing {
    /// From step to step.
    Play,
    /// Virtual time passes.
    Run,
}

/// What is to be read where the run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub letters: usize,
    pub is_korean: bool,
    /// The followed record came into one of its six stages.
    pub is_stage: bool,
}

impl Reading {
    /// Milliseconds that it takes at a pace.
    fn takes_ms(self, pace: f64) -> f64 {
        let letters = if self.is_korean { LETTERS_KO } else { LETTERS_EN };
        let usual = (self.letters as f64 / letters * 1_000.0).clamp(SHORTEST_MS, LONGEST_MS);
        let least = if self.is_stage { STAGE_MS } else { 0.0 };
        (usual / pace).max(least)
    }
}

/// How it plays.
#[derive(Clone, Debug)]
pub enum Play {
    Steps {
        /// How many times as fast as usual.
        pace: f64,
        /// Milliseconds since the step was drawn.
        shown_ms: f64,
        /// The way to the next step, while it is gone.
        way: Option<Box<Way>>,
    },
    Time {
        /// Milliseconds of virtual time a second.
        speed: u32,
        /// Virtual time as it flows between events, in microseconds.
        clock_us: f64,
        /// Milliseconds since something was told.
        quiet_ms: f64,
    },
}

impl Play {
    pub fn steps(pace: f64) -> Play {
        // Who presses Play has read where it begins.
        Play::Steps { pace, shown_ms: LONGEST_MS / PACES[0], way: None }
    }

    pub fn time(speed: u32, now: Instant) -> Play {
        Play::Time { speed, clock_us: now.micros() as f64, quiet_ms: 0.0 }
    }

    /// The way to the next step, while it is looked for.
    pub fn looks_ahead(&self) -> Option<&Way> {
        match self {
            Play::Steps { way, .. } => way.as_deref(),
            Play::Time { .. } => None,
        }
    }

    /// The way to the next step, when Play ends on it.
    pub fn into_way(self) -> Option<Way> {
        match self {
            Play::Steps { way, .. } => way.map(|way| *way),
            Play::Time { .. } => None,
        }
    }

    pub const fn what(&self) -> Playing {
        match self {
            Play::Steps { .. } => Playing::Play,
            Play::Time { .. } => Playing::Run,
        }
    }

    /// So many milliseconds of the wall clock have passed. Ends with [`WayEnd::NotYet`] as long as it plays.
    pub fn tick(&mut self, run: &mut Run, passed_ms: f64, reading: Reading, is_over: impl Fn() -> bool) -> WayEnd {
        match self {
            Play::Steps { pace, shown_ms, way } => {
                *shown_ms += passed_ms;
                if *shown_ms < reading.takes_ms(*pace) {
                    return WayEnd::NotYet;
                }
                let mut going = way.take().map_or_else(|| run.way(WayGoal::Step), |way| *way);
                match run.go(&mut going, is_over) {
                    WayEnd::There if stops(run) => WayEnd::There,
                    WayEnd::There => {
                        *shown_ms = 0.0;
                        WayEnd::NotYet
                    }
                    end @ (WayEnd::NotYet | WayEnd::Asks) => {
                        *way = Some(Box::new(going));
                        end
                    }
                    end => {
                        run.turn_back(&going);
                        end
                    }
                }
            }
            Play::Time { speed, clock_us, quiet_ms } => flow(run, (*speed, clock_us, quiet_ms), passed_ms, is_over),
        }
    }
}

/// Whether Play stops here: at an alarm, at a fault or what it does, and where a chapter ends.
fn stops(run: &Run) -> bool {
    let timeline = &run.timeline;
    let flags = timeline.moves().flags(timeline.position());
    let told = run.lens.told.map(|event| event.0 - timeline.moves().first_event(timeline.position()).0);
    let told = told.and_then(|index| timeline.events().get(index as usize)).map(|event| event.kind);
    let is_fault = told.is_some_and(|kind| kind.facts().fault);
    is_fault || flags.has(Flags::ALARM) || matches!(told, Some(EventKind::ChapterBegan { .. }))
}

/// Virtual time follows the wall clock; idle time is folded. Stops at alarms.
fn flow(
    run: &mut Run,
    (speed, clock_us, quiet_ms): (u32, &mut f64, &mut f64),
    passed_ms: f64,
    is_over: impl Fn() -> bool,
) -> WayEnd {
    *clock_us += passed_ms * f64::from(speed);
    let is_told = |run: &Run| run.timeline.moves().flags(run.timeline.position()).has(Flags::TELLING);
    let mut told = false;
    let mut leaps = *quiet_ms >= FOLD_AFTER_MS;
    run.lens.told = None;
    loop {
        let Some(next) = run.timeline.next_at() else { return WayEnd::Ended };
        if next.micros() as f64 > *clock_us && !leaps {
            break;
        }
        if is_over() {
            // The machine is too slow for this speed: time waits for it.
            *clock_us = next.micros() as f64;
            break;
        }
        if !run.timeline.forward() {
            return WayEnd::Ended;
        }
        if run.timeline.moves().flags(run.timeline.position()).has(Flags::ALARM) {
            return WayEnd::There;
        }
        told |= is_told(run);
        if leaps {
            *clock_us = run.timeline.simulation().now().at.micros() as f64;
            leaps = !told;
        }
    }
    *quiet_ms = if told { 0.0 } else { *quiet_ms + passed_ms };
    WayEnd::NotYet
}
