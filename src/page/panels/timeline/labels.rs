//! Words on the canvas: none stands on another, and the most important ones come first.

use partita::sorted::InOrder;
use partita::view::{Lane, Lanes, Message, Window};
use web_sys::CanvasRenderingContext2d;

use super::canvas::{AXIS, CanvasLine};
use super::ink::Inks;
use super::rows::LaneRows;

const FONT: &str = "11px Inter, \"Noto Sans KR\", \"Noto Sans CJK KR\", system-ui, sans-serif";
const STRONG: &str = "600 11px Inter, \"Noto Sans KR\", \"Noto Sans CJK KR\", system-ui, sans-serif";
const MONO: &str = "600 11px \"JetBrains Mono\", ui-monospace, Menlo, Consolas, monospace";
const SMALL: &str = "600 10px Inter, \"Noto Sans KR\", \"Noto Sans CJK KR\", system-ui, sans-serif";
const HEIGHT: f64 = 11.0;
/// Pixels between the beginning of what is hatched, its word, and the hatching.
pub const SAID: f64 = 3.0;
/// The badge that tells the time of the playhead: its height, its width at least, and what a digit takes.
const BADGE: f64 = 16.0;
const NARROWEST: f64 = 62.0;
const DIGIT: f64 = 6.7;

/// Left, top, right, bottom.
type Area = (f64, f64, f64, f64);

pub struct Labels<'a> {
    context: &'a CanvasRenderingContext2d,
    width: f64,
    /// What is written on.
    taken: Vec<Area>,
}

impl<'a> Labels<'a> {
    pub fn new(context: &'a CanvasRenderingContext2d, width: f64) -> Labels<'a> {
        Labels { context, width, taken: Vec::new() }
    }

    /// Lengths of folded time, then the numbers of the axis.
    pub fn axis(&mut self, window: &Window, inks: &Inks) {
        self.context.set_font(FONT);
        self.context.set_text_align("left");
        if window.now_px >= 0 {
            let left = badge_left(window);
            self.taken.push((left, 0.0, left + badge_width(window), AXIS));
        }
        for stretch in &window.stretches {
            if let Some(length) = &stretch.fold {
                let middle = f64::from(stretch.from_px + stretch.to_px) / 2.0;
                self.write(length, middle, AXIS - 6.0, &inks.muted, None);
            }
        }
        for tick in window.ticks.iter().filter(|tick| !tick.text.is_empty()) {
            self.write(&tick.text, f64::from(tick.px), AXIS - 6.0, &inks.muted, None);
        }
    }

    /// How those came to stand still or to be gone that are hatched. The hatching ends where a word begins.
    pub fn words<'v>(&mut self, lanes: impl Iterator<Item = (&'v Lane, f64)>, inks: &Inks) {
        for (lane, y) in lanes {
            for (from, word) in &lane.said {
                let (from, wide) = (f64::from(*from), said_width(self.context, word));
                self.write(word, from + wide / 2.0 + SAID, y + 4.0, &inks.hazard, Some(&inks.ground));
            }
        }
    }

    /// The offsets in the boxes of what was processed, where no word stands yet; none comes to stand on a box behind that.
    pub fn boxes<'v>(&mut self, lanes: impl Iterator<Item = (&'v Lane, f64)>, high: f64, inks: &Inks) {
        self.context.set_font(SMALL);
        self.context.set_fill_style_str(&inks.ink);
        let words = self.taken.len();
        for (lane, y) in lanes {
            for of in lane.processed.iter().filter(|of| of.is_wide()) {
                let area = (f64::from(of.from_px), y - high / 2.0, f64::from(of.to_px), y + high / 2.0);
                let wide = self.context.measure_text(&of.text).map_or(0.0, |measured| measured.width());
                if wide + 4.0 <= area.2 - area.0 && is_free(&self.taken[..words], area) {
                    let _ = self.context.fill_text(&of.text, f64::midpoint(area.0, area.2) - wide / 2.0, y + 3.5);
                }
                self.taken.push(area);
            }
        }
    }

    /// The current message first, then lost ones, then the others.
    pub fn messages(&mut self, panel: &Lanes, rows: &LaneRows, inks: &Inks) {
        let rank = |message: &Message| match message {
            Message { now: true, .. } => 0,
            Message { dropped: true, .. } => 1,
            Message { future: false, .. } => 2,
            _ => 3,
        };
        let mut labelled: Vec<&Message> = panel.messages.iter().filter(|message| !message.label.is_empty()).collect();
        labelled.order_by_key(|message| rank(message));
        for message in labelled {
            let (ink, font) = match rank(message) {
                0 => (&inks.now, STRONG),
                1 => (&inks.hazard, STRONG),
                2 => (&inks.ink, FONT),
                _ => (&inks.muted, FONT),
            };
            self.context.set_font(font);
            let line = CanvasLine::of(message, rows);
            let x = (line.from.0 + line.to.0) / 2.0;
            let y = (line.from.1 + line.to.1) / 2.0;
            self.write(&message.label, x - 14.0, y + 4.0, ink, Some(&inks.ground));
        }
    }

    /// Writes around a middle, unless something stands there or it would be cut.
    fn write(&mut self, text: &str, middle: f64, base: f64, ink: &str, ground: Option<&str>) {
        let width = self.context.measure_text(text).map_or(0.0, |measured| measured.width());
        let (left, right) = (middle - width / 2.0, middle + width / 2.0);
        let (top, bottom) = (base - HEIGHT, base + 2.0);
        let area = (left, top, right, bottom);
        if left < 0.0 || right > self.width || !is_free(&self.taken, area) {
            return;
        }
        self.taken.push(area);
        if let Some(ground) = ground {
            self.context.set_stroke_style_str(ground);
            self.context.set_line_width(3.0);
            let _ = self.context.set_line_dash(&js_sys::Array::new());
            let _ = self.context.stroke_text(text, left, base);
        }
        self.context.set_fill_style_str(ink);
        let _ = self.context.fill_text(text, left, base);
    }
}

/// How wide a word is that stands on a hatched lane.
pub fn said_width(context: &CanvasRenderingContext2d, word: &str) -> f64 {
    context.set_font(STRONG);
    context.measure_text(word).map_or(0.0, |measured| measured.width())
}

/// Whether words stand apart from what is written.
fn is_free(taken: &[Area], (left, top, right, bottom): Area) -> bool {
    taken.iter().all(|&(l, t, r, b)| right + 4.0 <= l || r + 4.0 <= left || bottom <= t || b <= top)
}

fn badge_width(window: &Window) -> f64 {
    NARROWEST.max(window.now_text.chars().count() as f64 * DIGIT + 10.0)
}

fn badge_left(window: &Window) -> f64 {
    let wide = badge_width(window);
    (f64::from(window.now_px) - wide / 2.0).clamp(0.0, (f64::from(window.width) - wide).max(0.0))
}

/// The time where the run stands.
pub fn badge(context: &CanvasRenderingContext2d, window: &Window, inks: &Inks) {
    let (left, wide) = (badge_left(window), badge_width(window));
    context.set_fill_style_str(&inks.now);
    context.begin_path();
    let _ = context.round_rect_with_f64(left, AXIS - BADGE, wide, BADGE, 3.0);
    context.fill();
    context.set_fill_style_str(&inks.on_now);
    context.set_font(MONO);
    let width = context.measure_text(&window.now_text).map_or(0.0, |measured| measured.width());
    let _ = context.fill_text(&window.now_text, left + (wide - width) / 2.0, AXIS - 4.0);
}
