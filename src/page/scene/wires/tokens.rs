//! Messages under way: where each token is, and the blue path of the current event.

use std::fmt::Write;

use partita::invariant::RecordStage;
use partita::view::{Direction, Glyph, Token, View};

use super::super::at;
use super::anchors::Anchors;
use super::path::{Point, along, rounded};
use crate::page::letters;

/// A token as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    pub key: String,
    pub class: String,
    /// The way that the token's middle takes, in the direction of the message.
    pub points: Vec<Point>,
    /// The whole wire, for the blue line of the current event, and where it begins.
    pub wire: String,
    pub from: Point,
    /// In thousandths of the way.
    pub way: u16,
    pub now: bool,
    pub select: partita::view::Selection,
    pub inner: String,
}

/// Where a token's words stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// In a gutter, where there is room for the number only.
    Below,
    /// On the lower edge of the brokers' row.
    Left,
    Right,
    /// Nowhere: another's words stand there.
    Nowhere,
}

/// `still`: the current message stands at its end, for readers who want less motion.
pub fn drawings(view: &View, anchors: &Anchors, still: bool) -> Vec<Drawing> {
    // The current message first: its words are there whatever else is under way. It is drawn last, over the others.
    let tokens = &view.wires.tokens;
    let in_order = tokens.iter().filter(|token| token.now).chain(tokens.iter().filter(|token| !token.now));
    let mut taken = Vec::new();
    let mut all: Vec<_> = in_order.filter_map(|token| drawing(view, anchors, token, still, &mut taken)).collect();
    all.reverse();
    all
}

/// Where words stand on the brokers' edge; nowhere when those of another token stand there already.
fn placed(words: Words, x: f64, wide: f64, token: &Token, taken: &mut Vec<(f64, f64)>) -> Words {
    let long = letters::width(token.api) + letters::width(&token.label) + letters::LATIN + wide / 2.0 + 4.0;
    let (from, to) = match words {
        Words::Left => (x - long, x + wide / 2.0),
        Words::Right => (x - wide / 2.0, x + long),
        Words::Below | Words::Nowhere => return words,
    };
    if taken.iter().any(|(start, end)| from < *end && *start < to) {
        return Words::Nowhere;
    }
    taken.push((from, to));
    words
}

fn drawing(view: &View, anchors: &Anchors, token: &Token, still: bool, taken: &mut Vec<(f64, f64)>) -> Option<Drawing> {
    let wide = width(token);
    let mut points = if token.consumer { reading(view, anchors, token)? } else { sending(view, anchors, token)? };
    let wire = rounded(&points);
    // The middle stops half a token before either end, so that it covers no words.
    let (first, last) = (points[0], points[points.len() - 1]);
    let reach = (last.0 - first.0).abs();
    if reach > wide + 8.0 {
        let side = (last.0 - first.0).signum();
        let end = points.len() - 1;
        points[0].0 += side * (wide / 2.0 + 3.0);
        points[end].0 -= side * (wide / 2.0 + 5.0);
    }
    if token.direction == Direction::Response {
        points.reverse();
    }
    let wire = match token.direction {
        Direction::Request => wire,
        Direction::Response => rounded(&points),
    };
    let way = if still && token.now { 1000 } else { token.way };
    let spot = along(&points, way);
    let (_, column) = anchors.producer_gutter();
    let is_on_row = (spot.1 - anchors.brokers).abs() < 10.0 && spot.0 > column && spot.0 < anchors.cluster_right();
    let words = match (is_on_row, token.consumer) {
        (false, _) => Words::Below,
        (true, true) => Words::Left,
        (true, false) => Words::Right,
    };
    let kind = if token.direction == Direction::Request { "q" } else { "r" };
    let mut class = "tok".to_owned();
    for (is, name) in [(token.now, " now"), (token.dark, " dark")] {
        if is {
            class.push_str(name);
        }
    }
    Some(Drawing {
        key: format!("{kind}-{:?}", token.select),
        class,
        wire,
        from: points[0],
        points,
        way,
        now: token.now,
        select: token.select,
        inner: inner(token, wide, placed(words, spot.0, wide, token, taken)),
    })
}

/// From a producer's row to the tape that the request is for, or to the broker.
fn sending(view: &View, anchors: &Anchors, token: &Token) -> Option<Vec<Point>> {
    let (left, right) = anchors.producer_gutter();
    let station = at::station(token.client, RecordStage::Send.number());
    let rows = [at::send(token.client, token.broker), station, at::producer(token.client)];
    let row = anchors.first(&rows)?;
    let trunk = (left + right) / 2.0 + 3.0;
    if let Some(tape) = tape(view, anchors, token) {
        return Some(vec![(left, row.y), (trunk, row.y), (trunk, tape), (right - 3.0, tape)]);
    }
    let into = anchors.way_to_broker(token.broker, trunk)?;
    Some([(left, row.y), (trunk, row.y)].into_iter().chain(into).collect())
}

/// From a member to the lane or the broker.
fn reading(view: &View, anchors: &Anchors, token: &Token) -> Option<Vec<Point>> {
    let (cluster, groups) = anchors.way_to_groups();
    let member = anchors.get(&at::member(token.client))?;
    let (trunk, gap) = ((cluster + groups) / 2.0, 3.0 * (groups - cluster).signum());
    if token.api == "Fetch" {
        let tape = tape(view, anchors, token)?;
        return Some(vec![(groups - gap, member.y), (trunk, member.y), (trunk, tape), (cluster + gap, tape)]);
    }
    let into = anchors.way_to_broker(token.broker, trunk)?;
    Some([(groups - gap, member.y), (trunk, member.y)].into_iter().chain(into).collect())
}

/// The height of the tape that the message is about.
fn tape(view: &View, anchors: &Anchors, token: &Token) -> Option<f64> {
    let partition = token.partition.filter(|id| view.cluster.partitions.iter().any(|one| one.id == *id))?;
    anchors.get(&at::tape(partition)).map(|spot| spot.y)
}

fn width(token: &Token) -> f64 {
    match token.glyphs.len() {
        0 => 10.0,
        count => 7.0 + 13.0 * count as f64,
    }
}

/// Glyphs in a box; a dot for a request without records; a ring for an answer. Its number, where there is room also its
/// kind, stands beside.
fn inner(token: &Token, wide: f64, words: Words) -> String {
    let mut markup = String::new();
    match (token.direction, token.glyphs.as_slice()) {
        (Direction::Response, _) => markup.push_str(r#"<circle class="ring-r" r="5"/>"#),
        (Direction::Request, []) => markup.push_str(r#"<circle class="dot-r" r="4.5"/>"#),
        (Direction::Request, glyphs) => boxed(&mut markup, glyphs, wide),
    }
    let class = if token.now { "nowt" } else { "mu" };
    let below = if token.glyphs.is_empty() { 17.0 } else { 23.0 };
    let (x, y, anchor, kind) = match words {
        // A member's words begin right beside its token.
        Words::Below if token.consumer => (6.0, below, "end", ""),
        Words::Below => (0.0, below, "middle", ""),
        // Between what a broker says of itself and the first partition's name.
        Words::Left => (-wide / 2.0 - 4.0, 7.0, "end", token.api),
        Words::Right | Words::Nowhere => (wide / 2.0 + 4.0, 7.0, "start", token.api),
    };
    if words != Words::Nowhere {
        let label = format!("{kind} {}", token.label);
        let label = label.trim_start();
        let _ = write!(markup, r#"<text class="{class} halo" x="{x}" y="{y}" text-anchor="{anchor}">{label}</text>"#);
    }
    if token.dark {
        markup.push_str(r#"<path class="lost" d="M-5-5l10 10m0-10l-10 10"/>"#);
    }
    markup
}

fn boxed(markup: &mut String, glyphs: &[Glyph], wide: f64) {
    let left = -wide / 2.0;
    let _ = write!(markup, r#"<rect x="{left}" y="-10" width="{wide}" height="20" rx="4"/>"#);
    for (i, glyph) in glyphs.iter().enumerate() {
        let (x, shape) = (left + 4.0 + 13.0 * i as f64, glyph.shape);
        let _ = write!(markup, r##"<use href="#g{shape}" class="g{shape}" x="{x}" y="-6" width="12" height="12"/>"##);
        if let Some(numeral) = glyph.numeral {
            let _ = write!(markup, r#"<text class="gn" x="{}" y="2.7" text-anchor="middle">{numeral}</text>"#, x + 6.0);
        }
        if glyph.followed {
            let _ = write!(markup, r#"<circle class="ring1" cx="{}" cy="0" r="8"/>"#, x + 6.0);
        }
    }
}
