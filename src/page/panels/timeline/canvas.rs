//! The lanes on a canvas: axis, rails, folds, bars, messages, the playhead; each ink in one path.
//!
//! It is a picture only: what it shows stands in words in the list of events and in the outline.

use leptos::prelude::window;
use std::rc::Rc;

use partita::view::{Lane, Lanes, Message, ProcessedBox, Window};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::ink::{Inks, Pen};
use super::labels::{Labels, SAID, badge, said_width};
use super::rows::LaneRows;

/// Pixels of the axis above the lanes.
pub const AXIS: f64 = 18.0;
const BAR: f64 = 7.0;
const HATCH: f64 = 8.0;
/// Pixels of a box of what was processed, by the lane that it lies in.
const BOX: std::ops::RangeInclusive<f64> = 9.0..=11.0;
/// How far below a box its pair of lines lies, how far apart the two are, and how long they are at least.
const PAIR: (f64, f64, f64) = (1.75, 2.5, 4.0);
/// Pixels below the last lane, for its pairs of lines.
pub const BELOW: f64 = 4.0;
/// Pixels from one corner of a fold's zigzag to the next, and how far it goes aside.
const ZIG: (f64, f64) = (5.0, 3.0);

/// What is drawn, in pixels of the page.
struct Sheet<'a> {
    context: CanvasRenderingContext2d,
    inks: Rc<Inks>,
    panel: &'a Lanes,
    rows: &'a LaneRows,
    bottom: f64,
}

/// Draws the panel, so many pixels of the screen to one of the page; a browser without a canvas shows none.
pub fn draw(canvas: &HtmlCanvasElement, zoom: f64, panel: &Lanes, rows: &LaneRows) {
    let scale = window().device_pixel_ratio().max(1.0) * zoom;
    let width = f64::from(panel.window.width);
    let bottom = AXIS + rows.lane * rows.lines() as f64;
    canvas.set_width((width * scale) as u32);
    canvas.set_height(((bottom + BELOW) * scale) as u32);
    let Ok(Some(context)) = canvas.get_context("2d") else { return };
    let context: CanvasRenderingContext2d = context.unchecked_into();
    let _ = context.scale(scale, scale);
    let sheet = Sheet { context, inks: Inks::of(canvas), panel, rows, bottom };
    sheet.rails();
    sheet.folds();
    sheet.hatches();
    sheet.bars();
    sheet.boxes();
    sheet.messages();
    sheet.pairs();
    let mut labels = Labels::new(&sheet.context, width);
    labels.axis(&panel.window, &sheet.inks);
    labels.words(sheet.lanes(), &sheet.inks);
    labels.boxes(sheet.lanes(), box_height(rows), &sheet.inks);
    labels.messages(panel, rows, &sheet.inks);
    sheet.playhead();
}

impl Sheet<'_> {
    fn window(&self) -> &Window {
        &self.panel.window
    }

    fn pen<'a>(&'a self, ink: &'a str, width: f64, dashes: &'a [f64]) -> Pen<'a> {
        Pen { context: &self.context, ink, width, dashes }
    }

    fn lanes(&self) -> impl Iterator<Item = (&Lane, f64)> {
        let shown = self.panel.lanes.iter().zip(&self.rows.of_lane);
        shown.filter_map(|(lane, row)| row.map(|row| (lane, AXIS + (row as f64 + 0.5) * self.rows.lane)))
    }

    /// Where the time flows at its true scale.
    fn rails(&self) {
        let scaled: Vec<(f64, f64)> = self
            .window()
            .stretches
            .iter()
            .filter(|stretch| stretch.fold.is_none())
            .map(|stretch| (f64::from(stretch.from_px), f64::from(stretch.to_px)))
            .collect();
        self.pen(&self.inks.line, 1.0, &[]).stroke(|path| {
            for row in 0..self.rows.lines() {
                let y = AXIS + (row as f64 + 0.5) * self.rows.lane;
                for (from, to) in &scaled {
                    path.move_to(*from, y);
                    path.line_to(*to, y);
                }
            }
        });
        let ticks = self.pen(&self.inks.edge, 1.0, &[]);
        ticks.stroke(|path| {
            for tick in &self.window().ticks {
                path.move_to(f64::from(tick.px) + 0.5, AXIS - 4.0);
                path.line_to(f64::from(tick.px) + 0.5, AXIS);
            }
        });
    }

    /// Two torn edges around each piece of idle time.
    fn folds(&self) {
        let folds = self.window().stretches.iter().filter(|stretch| stretch.fold.is_some());
        let edges: Vec<f64> =
            folds.flat_map(|fold| [f64::from(fold.from_px) + 1.0, f64::from(fold.to_px) - 4.0]).collect();
        self.pen(&self.inks.edge, 1.0, &[]).stroke(|path| {
            for x in edges {
                let (mut y, mut aside) = (AXIS, false);
                path.move_to(x, y);
                while y < self.bottom {
                    y += ZIG.0;
                    aside = !aside;
                    path.line_to(if aside { x + ZIG.1 } else { x }, y);
                }
            }
        });
    }

    /// Hatched in amber where the user took a process down or made it stand still, in ink where one has ended.
    fn hatches(&self) {
        for (lane, y) in self.lanes() {
            self.hatch(&lane.down, y, &self.inks.hazard);
            self.hatch(lane.ended.as_slice(), y, &self.inks.edge);
            self.context.set_fill_style_str(&self.inks.ground);
            for (from, word) in &lane.said {
                let wide = said_width(&self.context, word) + 2.0 * SAID;
                self.context.fill_rect(f64::from(*from), y - HATCH / 2.0, wide, HATCH);
            }
        }
    }

    fn hatch(&self, ranges: &[(i32, i32)], y: f64, ink: &str) {
        for (from, to) in ranges {
            for (from, to) in self.scaled(*from, *to) {
                self.context.save();
                self.context.begin_path();
                self.context.rect(from, y - HATCH / 2.0, to - from, HATCH);
                self.context.clip();
                self.pen(ink, 2.0, &[]).stroke(|path| {
                    let mut x = from - from % 8.0 - HATCH;
                    while x < to {
                        path.move_to(x, y + HATCH / 2.0);
                        path.line_to(x + HATCH, y - HATCH / 2.0);
                        x += 8.0;
                    }
                });
                self.context.restore();
            }
        }
    }

    /// Work and lingering: filled up to now, an outline where it is still to come.
    fn bars(&self) {
        let now = f64::from(self.window().now_px);
        let is_producer = |lane: &Lane| lane.kind == partita::view::LaneKind::Producer;
        let mut ahead = Vec::new();
        for (lane, y) in self.lanes() {
            self.context.set_fill_style_str(if is_producer(lane) { &self.inks.edge } else { &self.inks.ink });
            for (from, to) in lane.bars.iter().flat_map(|(from, to)| self.scaled(*from, *to)) {
                let until = if now < 0.0 { to } else { to.min(now) };
                if until > from {
                    self.context.fill_rect(from, y - BAR / 2.0, (until - from).max(1.0), BAR);
                }
                if to > until.max(from) {
                    ahead.push((until.max(from), to, y));
                }
            }
        }
        self.pen(&self.inks.edge, 1.0, &[2.0, 2.0]).stroke(|path| {
            for (from, to, y) in ahead {
                path.rect(from, y - BAR / 2.0 + 0.5, to - from, BAR - 1.0);
            }
        });
    }

    /// What programs have processed, where a box has room.
    fn boxes(&self) {
        let high = box_height(self.rows);
        self.context.set_fill_style_str(&self.inks.surface);
        let all = self.lanes().flat_map(|(lane, y)| lane.processed.iter().map(move |of| (of, y)));
        let boxes = all.filter(|(of, _)| of.is_wide());
        self.pen(&self.inks.ink, 1.25, &[]).stroke(|path| {
            for (of, y) in boxes {
                let (from, to) = (f64::from(of.from_px) + 0.5, f64::from(of.to_px) - 0.5);
                self.context.fill_rect(from, y - high / 2.0, to - from, high);
                let _ = path.round_rect_with_f64(from, y - high / 2.0, to - from, high, 2.0);
            }
        });
    }

    /// What broke a promise has a pair of red lines below it.
    fn pairs(&self) {
        let below = box_height(self.rows) / 2.0 + PAIR.0;
        self.pen(&self.inks.alarm, 1.5, &[]).stroke(|path| {
            for (lane, y) in self.lanes() {
                for (from, to) in lane.processed.iter().filter(|of| of.twice.is_some()).map(pair) {
                    for y in [y + below, y + below + PAIR.1] {
                        path.move_to(from, y);
                        path.line_to(to, y);
                    }
                }
            }
        });
    }

    /// The parts of a stretch of pixels that no fold covers.
    fn scaled(&self, from: i32, to: i32) -> Vec<(f64, f64)> {
        let stretches = self.window().stretches.iter().filter(|stretch| stretch.fold.is_none());
        let parts = stretches.map(|stretch| (stretch.from_px.max(from), stretch.to_px.min(to)));
        let point = i32::from(from == to);
        parts
            .filter(|(from, to)| from < to || point == 1 && from == to)
            .map(|(from, to)| (f64::from(from), f64::from(to + point)))
            .collect()
    }

    fn messages(&self) {
        type OfKind = fn(&Message, bool) -> bool;
        let kinds: [(&str, f64, &[f64], OfKind); 5] = [
            (&self.inks.edge, 1.1, &[4.0, 3.0], |m, _| m.future && !m.dropped && !m.now),
            (&self.inks.edge, 1.0, &[], |m, loud| !m.future && !m.dropped && !m.now && !loud),
            (&self.inks.ink, 1.25, &[], |m, loud| !m.future && !m.dropped && !m.now && loud),
            (&self.inks.hazard, 1.75, &[], |m, _| m.dropped && !m.now),
            (&self.inks.now, 2.25, &[], |m, _| m.now),
        ];
        let messages: Vec<(&Message, bool)> = self.panel.messages.iter().map(|m| (m, is_loud(self.panel, m))).collect();
        for (ink, width, dashes, is_of_kind) in kinds {
            let of_kind = || messages.iter().filter(|(message, loud)| is_of_kind(message, *loud));
            let lines: Vec<CanvasLine> = of_kind().map(|(message, _)| CanvasLine::of(message, self.rows)).collect();
            self.pen(ink, width, dashes).stroke(|path| lines.iter().for_each(|line| line.shaft(path)));
            self.context.set_fill_style_str(ink);
            self.context.begin_path();
            for line in &lines {
                line.head(&self.context);
            }
            self.context.fill();
            self.pen(ink, 2.0, &[]).stroke(|path| lines.iter().for_each(|line| line.cross(path)));
        }
    }

    /// Where the run stands.
    fn playhead(&self) {
        let x = f64::from(self.window().now_px);
        if x < 0.0 {
            return;
        }
        self.pen(&self.inks.now, 1.5, &[]).stroke(|path| {
            path.move_to(x, AXIS);
            path.line_to(x, self.bottom);
        });
        let now = self.panel.messages.iter().filter(|message| message.now);
        self.context.set_fill_style_str(&self.inks.now);
        for line in now.map(|message| CanvasLine::of(message, self.rows)).filter(|line| (line.to.0 - x).abs() < 1.5) {
            self.context.begin_path();
            let _ = self.context.arc(x, line.to.1, 4.5, 0.0, std::f64::consts::TAU);
            self.context.fill();
        }
        badge(&self.context, self.window(), &self.inks);
    }
}

/// How high the boxes are of what was processed.
fn box_height(rows: &LaneRows) -> f64 {
    (rows.lane - 5.0).clamp(*BOX.start(), *BOX.end())
}

/// Where a box's pair of lines begins and ends.
fn pair(of: &ProcessedBox) -> (f64, f64) {
    let (from, to) = (f64::from(of.from_px), f64::from(of.to_px));
    let middle = f64::midpoint(from, to);
    ((from + 2.0).min(middle - PAIR.2 / 2.0), (to - 2.0).max(middle + PAIR.2 / 2.0))
}

/// Requests that change something, and what answers them, stand out from heartbeats and fetches.
fn is_loud(panel: &Lanes, message: &Message) -> bool {
    if message.request {
        return !message.label.is_empty();
    }
    panel.messages.iter().any(|other| other.request && other.select == message.select && !other.label.is_empty())
}

/// A message's slanted line.
pub struct CanvasLine {
    pub from: (f64, f64),
    pub to: (f64, f64),
    dropped: bool,
    arrives: bool,
}

impl CanvasLine {
    pub fn of(message: &Message, rows: &LaneRows) -> CanvasLine {
        let from = (f64::from(message.from_px), AXIS + rows.y(message.from_lane));
        let full = (message.to_px.map_or(from.0 + 20.0, f64::from), AXIS + rows.y(message.to_lane));
        // A lost one ends half way.
        let to = if message.dropped { ((from.0 + full.0) / 2.0, (from.1 + full.1) / 2.0) } else { full };
        CanvasLine { from, to, dropped: message.dropped, arrives: message.to_px.is_some() }
    }

    fn shaft(&self, path: &CanvasRenderingContext2d) {
        path.move_to(self.from.0, self.from.1);
        path.line_to(self.to.0, self.to.1);
    }

    fn head(&self, path: &CanvasRenderingContext2d) {
        if self.dropped || !self.arrives {
            return;
        }
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let length = (dx * dx + dy * dy).sqrt().max(1.0);
        let (back, aside) = (6.4 / length, 2.9 / length);
        path.move_to(self.to.0, self.to.1);
        for aside in [aside, -aside] {
            path.line_to(self.to.0 - back * dx - aside * dy, self.to.1 - back * dy + aside * dx);
        }
        path.close_path();
    }

    fn cross(&self, path: &CanvasRenderingContext2d) {
        if !self.dropped {
            return;
        }
        let (x, y) = self.to;
        path.move_to(x - 4.0, y - 4.0);
        path.line_to(x + 4.0, y + 4.0);
        path.move_to(x + 4.0, y - 4.0);
        path.line_to(x - 4.0, y + 4.0);
    }

    /// How far a point is from the line, in pixels.
    pub fn distance(&self, x: f64, y: f64) -> f64 {
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let length = (dx * dx + dy * dy).max(1.0);
        let share = (((x - self.from.0) * dx + (y - self.from.1) * dy) / length).clamp(0.0, 1.0);
        let (x, y) = (x - self.from.0 - share * dx, y - self.from.1 - share * dy);
        (x * x + y * y).sqrt()
    }
}
