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

fn length(a: Point, b: Point) -> f64 {
    (a.0 - b.0).abs() + (a.1 - b.1).abs()
}

/// The point so far from `from` on the way to `to`; the pieces run along the axes.
fn towards(from: Point, to: Point, by: f64) -> Point {
    let far = length(from, to);
    if far == 0.0 { from } else { (from.0 + (to.0 - from.0) / far * by, from.1 + (to.1 - from.1) / far * by) }
}
