//! The window of the lanes: stretches of true scale around a point of time, idle time folded between them.

use super::model::{Stretch, Tick, Window};
use crate::explain;
use crate::time::Instant;
use crate::timeline::Moves;

/// Pixels that a fold takes.
const FOLD_PX: i32 = 26;
/// Idle time that would take more pixels than this is folded.
const IDLE_PX: i32 = 140;
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
    let wide = i32::try_from(width).unwrap_or(i32::MAX).max(100);
    let middle = wide * MIDDLE / 100;
    let at = moves.last_at(center);
    let before = (1..=at).rev().take(MOST_MOVES).map(|number| moves.at(number).micros());
    let after = (at + 1..=moves.len()).take(MOST_MOVES).map(|number| moves.at(number).micros());
    let mut stretches = leftwards(&scale, center.micros(), middle, before);
    stretches.reverse();
    stretches.extend(rightwards(&scale, center.micros(), middle, wide, after));
    let stretches = joined(stretches);
    let mut window =
        Window { ticks: ticks(&scale, &stretches), stretches, now_px: -1, now_text: explain::ms(now), width };
    window.now_px = window.px(now.micros()).unwrap_or(-1);
    window
}

/// Stretches from `center` to the left edge, the nearest first.
fn leftwards(scale: &Scale, center: u64, middle: i32, times: impl Iterator<Item = u64>) -> Vec<Stretch> {
    let (mut at, mut px) = (center, middle);
    let mut stretches = Vec::new();
    for time in times.chain([0]) {
        if time >= at {
            continue;
        }
        let gap = scale.px(at - time);
        if gap > IDLE_PX {
            let from_px = (px - FOLD_PX).max(0);
            let fold = Some(format!("+{}", explain::decimal_ms(at - time)));
            stretches.push(Stretch { from_us: time, to_us: at, from_px, to_px: px, fold });
            (at, px) = (time, from_px);
        } else {
            let whole = px - gap >= 0;
            let (from_us, from_px) = if whole { (time, px - gap) } else { (at - scale.us(px), 0) };
            stretches.push(Stretch { from_us, to_us: at, from_px, to_px: px, fold: None });
            (at, px) = (from_us, from_px);
        }
        if px <= 0 {
            break;
        }
    }
    stretches
}

/// Stretches from `center` to the right edge. Behind the last move it goes on, so that what will be has its place.
fn rightwards(scale: &Scale, center: u64, middle: i32, wide: i32, times: impl Iterator<Item = u64>) -> Vec<Stretch> {
    let (mut at, mut px) = (center, middle);
    let mut stretches = Vec::new();
    for time in times {
        if time <= at {
            continue;
        }
        let gap = scale.px(time - at);
        if gap > IDLE_PX {
            let to_px = (px + FOLD_PX).min(wide);
            let fold = Some(format!("+{}", explain::decimal_ms(time - at)));
            stretches.push(Stretch { from_us: at, to_us: time, from_px: px, to_px, fold });
            (at, px) = (time, to_px);
        } else {
            let whole = px + gap <= wide;
            let (to_us, to_px) = if whole { (time, px + gap) } else { (at + scale.us(wide - px), wide) };
            stretches.push(Stretch { from_us: at, to_us, from_px: px, to_px, fold: None });
            (at, px) = (to_us, to_px);
        }
        if px >= wide {
            return stretches;
        }
    }
    let to_us = at + scale.us(wide - px);
    stretches.push(Stretch { from_us: at, to_us, from_px: px, to_px: wide, fold: None });
    stretches
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
        let before = times.iter().rev().copied().filter(|time| *time <= center);
        let mut all = leftwards(&scale, center, 700, before);
        all.reverse();
        all.extend(rightwards(&scale, center, 700, 1000, times.iter().copied().filter(|time| *time > center)));
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
    fn an_instant_has_its_pixel_and_a_pixel_its_instant() {
        let stretches = stretches(100_000, &[99_000, 99_500, 100_000, 100_300]);
        let window = Window { stretches, ticks: Vec::new(), now_px: 0, now_text: String::new(), width: 1000 };
        assert_eq!(window.px(100_000), Some(700));
        assert_eq!(window.at(700), Some(100_000));
        assert_eq!(window.px(99_500), Some(650));
        assert_eq!(window.px(10_000_000), None);
    }
}
