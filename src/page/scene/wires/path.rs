//! Ways from one side of a gutter to the other: straight pieces with rounded corners.

use std::fmt::Write;

/// A point of the scene, in pixels.
pub type Point = (f64, f64);

/// Pixels of a corner's radius.
const CORNER: f64 = 5.0;

/// A path along these points, corners rounded.
pub fn rounded(points: &[Point]) -> String {
    let mut path = String::new();
    let Some(first) = points.first() else { return path };
    let _ = write!(path, "M{:.1} {:.1}", first.0, first.1);
    for i in 1..points.len() {
        let (corner, before) = (points[i], points[i - 1]);
        let Some(after) = points.get(i + 1) else {
            let _ = write!(path, "L{:.1} {:.1}", corner.0, corner.1);
            break;
        };
        let radius = CORNER.min(length(before, corner) / 2.0).min(length(corner, *after) / 2.0);
        let (from, to) = (towards(corner, before, radius), towards(corner, *after, radius));
        let _ = write!(path, "L{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}", from.0, from.1, corner.0, corner.1, to.0, to.1);
    }
    path
}

/// From left to right over a trunk: out, up or down, in.
pub fn over(from: Point, trunk: f64, to: Point) -> Vec<Point> {
    match (from.1 - to.1).abs() < 1.0 {
        true => vec![from, to],
        false => vec![from, (trunk, from.1), (trunk, to.1), to],
    }
}

/// The point at so many thousandths of a way.
pub fn along(points: &[Point], way: u16) -> Point {
    let mut left = whole(points) * f64::from(way) / 1000.0;
    for pair in points.windows(2) {
        let piece = length(pair[0], pair[1]);
        if left <= piece && piece > 0.0 {
            return towards(pair[0], pair[1], left);
        }
        left -= piece;
    }
    points[points.len() - 1]
}

/// A part of a way, from and to in thousandths of it, backwards too: its points, each with the share of the part, from
/// 0 to 1, at which it is reached.
pub fn part(points: &[Point], from: u16, to: u16) -> Vec<(Point, f64)> {
    let whole = whole(points).max(1.0);
    let (start, end) = (f64::from(from) / 1000.0, f64::from(to) / 1000.0);
    let share = |at: f64| if end == start { 1.0 } else { (at - start) / (end - start) };
    let mut gone = 0.0;
    let mut corners = Vec::new();
    for pair in points.windows(2) {
        gone += length(pair[0], pair[1]);
        corners.push((pair[1], share(gone / whole)));
    }
    corners.retain(|(_, share)| *share > 0.0 && *share < 1.0);
    if from > to {
        corners.reverse();
    }
    let mut part = vec![(along(points, from), 0.0)];
    part.extend(corners);
    part.push((along(points, to), 1.0));
    part
}

fn whole(points: &[Point]) -> f64 {
    points.windows(2).map(|pair| length(pair[0], pair[1])).sum()
}

fn length(a: Point, b: Point) -> f64 {
    (a.0 - b.0).abs() + (a.1 - b.1).abs()
}

/// The point so far from `from` on the way to `to`; the pieces run along the axes.
fn towards(from: Point, to: Point, by: f64) -> Point {
    let far = length(from, to);
    if far == 0.0 { from } else { (from.0 + (to.0 - from.0) / far * by, from.1 + (to.1 - from.1) / far * by) }
}
