//! The window of the lanes: stretches of true scale around a point of time, idle time folded between them.

use super::model::{Stretch, Tick, Window};
use crate::explain;
use crate::time::Instant;
use crate::timeline::{Flags, Moves};

/// Pixels that a fold takes.
const FOLD_PX: i32 = 26;
/// Idle time that would take more pixels than this is folded.
const IDLE_PX: i32 = 140;
/// Folds that no more than this is between become one; so do those with only routine between, up to the second width.
const APART_PX: i32 = 3;
const ROUTINE_PX: i32 = 80;
/// Moves that are looked at in each direction.
const MOST_MOVES: usize = 6_000;
/// Pixels between ticks with a number.
const TICK_PX: i32 = 64;

/// Where the middle is, in hundredths of the width.
const MIDDLE: i32 = 70;

struct Scale {
    zoom_us: u64,
}

impl Scale {
    fn px(&self, us: u64) -> i32 {
        i32::try_from(us.saturating_mul(100) / self.zoom_us).unwrap_or(i32::MAX)
    }

    fn us(&self, px: i32) -> u64 {
        u64::try_from(px).unwrap_or(0) * self.zoom_us / 100
    }
}

/// The window of this width around `center`; the playhead is at `now`.
pub(super) fn build(moves: &Moves, center: Instant, now: Instant, width: u32, zoom_us: u64) -> Window {
    let scale = Scale { zoom_us: zoom_us.max(1) };
    // No screen is wider, and sums of pixels stay numbers.
    let wide = i32::try_from(width.clamp(100, 100_000)).unwrap_or(100);
    let middle = wide * MIDDLE / 100;
    let at = moves.last_at(center);
    let of_move = |number: u64| (moves.at(number).micros(), moves.flags(number).has(Flags::TELLING));
    let before = (1..=at).rev().take(MOST_MOVES).map(of_move);
    let after = (at + 1..=moves.len()).take(MOST_MOVES).map(of_move);
    let mut stretches = leftwards(&scale, center.micros(), middle, before);
    stretches.reverse();
    stretches.extend(rightwards(&scale, center.micros(), middle, wide, after));
    let stretches = joined(stretches);
    let mut window =
        Window { ticks: ticks(&scale, &stretches), stretches, now_px: -1, now_text: explain::ms(now), width };
    window.now_px = window.px(now.micros()).unwrap_or(-1);
    window
}

/// Stretches from `center` to the left edge, the nearest first. Of each move: when, and whether it is worth telling.
fn leftwards(scale: &Scale, center: u64, middle: i32, moves: impl Iterator<Item = (u64, bool)>) -> Vec<Stretch> {
    let (mut at, mut px) = (center, middle);
    let mut stretches = Vec::new();
    let mut told = false;
    for (time, is_told) in moves.chain([(0, true)]) {
        if time >= at {
            told |= is_told;
            continue;
        }
        let gap = scale.px(at - time);
        if gap > IDLE_PX {
            let mut fold = match fold_next_to(&mut stretches, told) {
                Some(near) => near,
                None => Stretch { from_us: at, to_us: at, from_px: (px - FOLD_PX).max(0), to_px: px, fold: None },
            };
            fold.from_us = time;
            (at, px) = (time, fold.from_px);
            stretches.push(named(fold));
            told = false;
        } else {
            let whole = px - gap >= 0;
            let (from_us, from_px) = if whole { (time, px - gap) } else { (at - scale.us(px), 0) };
            stretches.push(Stretch { from_us, to_us: at, from_px, to_px: px, fold: None });
            (at, px) = (from_us, from_px);
        }
        told |= is_told;
        if px <= 0 {
            break;
        }
    }
    stretches
}

/// Stretches from `center` to the right edge. Behind the last move it goes on, so that what will be has its place.
fn rightwards(
    scale: &Scale,
    center: u64,
    middle: i32,
    wide: i32,
    moves: impl Iterator<Item = (u64, bool)>,
) -> Vec<Stretch> {
    let (mut at, mut px) = (center, middle);
    let mut stretches = Vec::new();
    let mut told = false;
    for (time, is_told) in moves {
        if time <= at {
            told |= is_told;
            continue;
        }
        let gap = scale.px(time - at);
        if gap > IDLE_PX {
            let mut fold = match fold_next_to(&mut stretches, told) {
                Some(near) => near,
                None => Stretch { from_us: at, to_us: at, from_px: px, to_px: (px + FOLD_PX).min(wide), fold: None },
            };
            fold.to_us = time;
            (at, px) = (time, fold.to_px);
            stretches.push(named(fold));
            told = false;
        } else {
            let whole = px + gap <= wide;
            let (to_us, to_px) = if whole { (time, px + gap) } else { (at + scale.us(wide - px), wide) };
            stretches.push(Stretch { from_us: at, to_us, from_px: px, to_px, fold: None });
            (at, px) = (to_us, to_px);
        }
        told |= is_told;
        if px >= wide {
            return stretches;
        }
    }
    let to_us = at + scale.us(wide - px);
    stretches.push(Stretch { from_us: at, to_us, from_px: px, to_px: wide, fold: None });
    stretches
}

/// Takes out the last fold, and what little came after it, so that it can go on. `told`: something worth telling did.
fn fold_next_to(stretches: &mut Vec<Stretch>, told: bool) -> Option<Stretch> {
    let last = stretches.iter().rposition(|stretch| stretch.fold.is_some())?;
    let between: i32 = stretches[last + 1..].iter().map(|stretch| stretch.to_px - stretch.from_px).sum();
    if between > if told { APART_PX } else { ROUTINE_PX } {
        return None;
    }
    stretches.truncate(last + 1);
    stretches.pop()
}

/// A fold with the length of its time.
fn named(fold: Stretch) -> Stretch {
    Stretch { fold: Some(format!("+{}", explain::decimal_ms(fold.to_us - fold.from_us))), ..fold }
}

/// Neighbours of true scale become one.
fn joined(stretches: Vec<Stretch>) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    for stretch in stretches {
        match all.last_mut() {
            Some(last) if last.fold.is_none() && stretch.fold.is_none() => {
                (last.to_us, last.to_px) = (stretch.to_us, stretch.to_px);
            }
            _ => all.push(stretch),
        }
    }
    all
}

/// A round length of time that takes enough pixels: 1, 2 or 5 times a power of ten microseconds.
fn tick_us(scale: &Scale) -> u64 {
    let mut unit = 1;
    loop {
        for times in [1, 2, 5] {
            if scale.px(unit * times) >= TICK_PX {
                return unit * times;
            }
        }
        unit *= 10;
    }
}

fn ticks(scale: &Scale, stretches: &[Stretch]) -> Vec<Tick> {
    let every = tick_us(scale);
    let mut ticks = Vec::new();
    for stretch in stretches.iter().filter(|stretch| stretch.fold.is_none()) {
        let mut at = stretch.from_us.div_ceil(every) * every;
        while at <= stretch.to_us {
            let px = stretch.from_px + scale.px(at - stretch.from_us);
            let text = match every.is_multiple_of(1000) {
                true => explain::grouped(at / 1000),
                false => explain::decimal_ms(at),
            };
            ticks.push(Tick { px, text });
            at += every;
        }
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretches(center: u64, times: &[u64]) -> Vec<Stretch> {
        let scale = Scale { zoom_us: 1_000 };
        let told = |time: &u64| (*time, true);
        let before = times.iter().rev().filter(|time| **time <= center).map(told);
        let mut all = leftwards(&scale, center, 700, before);
        all.reverse();
        all.extend(rightwards(&scale, center, 700, 1000, times.iter().filter(|time| **time > center).map(told)));
        joined(all)
    }

    #[test]
    fn idle_time_is_folded_and_the_rest_has_one_scale() {
        let all = stretches(100_000, &[10, 500, 1_000, 99_000, 99_500, 100_000, 100_300, 200_000]);
        assert!(all.windows(2).all(|pair| pair[0].to_px == pair[1].from_px && pair[0].to_us == pair[1].from_us));
        let folds: Vec<&str> = all.iter().filter_map(|stretch| stretch.fold.as_deref()).collect();
        assert_eq!(folds, ["+98.0", "+99.7"]);
        assert_eq!(all.last().unwrap().to_px, 1000);
        for stretch in all.iter().filter(|stretch| stretch.fold.is_none()) {
            let length = (stretch.to_us - stretch.from_us) as i32;
            assert!((length / 10 - (stretch.to_px - stretch.from_px)).abs() <= 1, "{stretch:?}");
        }
    }

    #[test]
    fn folds_with_next_to_nothing_between_become_one() {
        let ticks: Vec<u64> = (0..40).map(|i| i * 10_000).collect();
        let all = stretches(200_000, &ticks);
        let folds: Vec<&str> = all.iter().filter_map(|stretch| stretch.fold.as_deref()).collect();
        assert_eq!(folds, ["+200.0", "+190.0"]);
        assert!(all.windows(2).all(|pair| pair[0].to_px == pair[1].from_px && pair[0].to_us == pair[1].from_us));
    }

    #[test]
    fn routine_between_folds_is_folded_too() {
        let scale = Scale { zoom_us: 1_000 };
        // Every ten milliseconds something that takes fifty pixels; one of them is worth telling.
        let moves = (1..20).flat_map(|i| [(i * 10_000, false), (i * 10_000 + 500, i == 5)]);
        let all = rightwards(&scale, 0, 0, 1000, moves);
        let folds: Vec<&str> = all.iter().filter_map(|stretch| stretch.fold.as_deref()).collect();
        assert_eq!(folds, ["+50.0", "+139.5"]);
    }

    #[test]
    fn an_instant_has_its_pixel_and_a_pixel_its_instant() {
        let stretches = stretches(100_000, &[99_000, 99_500, 100_000, 100_300]);
        let window = Window { stretches, ticks: Vec::new(), now_px: 0, now_text: String::new(), width: 1000 };
        assert_eq!(window.px(100_000), Some(700));
        assert_eq!(window.at(700), Some(100_000));
        assert_eq!(window.px(99_500), Some(650));
        assert_eq!(window.px(10_000_000), None);
    }
}
