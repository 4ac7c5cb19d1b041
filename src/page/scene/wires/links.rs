//! The quiet wires: open connections to the partitions that a broker leads, readers to their lanes, the retry loop.

use partita::invariant::RecordStage;
use partita::sorted::SortedMap;
use partita::view::View;

use super::super::at;
use super::anchors::{Anchors, Spot};
use super::path::{over, rounded};
use super::shapes::Shape;

/// Pixels between a column's side and a wire's end.
const GAP: f64 = 3.0;
/// Pixels between two trunks, at most.
const STEP: f64 = 28.0;
const READERS: f64 = 7.0;
/// The open end of a wire, and how far above the owner's the wire of a former one runs.
const RING: f64 = 3.0;
const ABOVE: f64 = 7.0;

pub fn shapes(view: &View, anchors: &Anchors) -> Vec<Shape> {
    let mut shapes = Vec::new();
    connections(view, anchors, &mut shapes);
    readers(anchors, &mut shapes);
    ghosts(anchors, &mut shapes);
    retries(view, anchors, &mut shapes);
    shapes
}

/// From the row of station 5 to the tapes.
fn connections(view: &View, anchors: &Anchors, shapes: &mut Vec<Shape>) {
    let (left, right) = anchors.producer_gutter();
    let brokers = view.cluster.brokers.len().max(1) as f64;
    let step = STEP.min((right - left - 24.0) / (brokers - 1.0).max(1.0));
    for link in &view.wires.links {
        let rows = [at::send(link.client, link.broker), at::station(link.client, RecordStage::Send.number())];
        let Some(row) = anchors.first(&rows) else { continue };
        let place = view.cluster.brokers.iter().position(|broker| broker.id.0 == link.broker).unwrap_or(0);
        let trunk = left + 6.0 + step * place as f64;
        for partition in view.cluster.partitions.iter().filter(|one| one.leader == Some(link.broker)) {
            let at = at::tape(partition.id);
            let Some(tape) = anchors.get(&at) else { continue };
            let points = over((left, row.y), trunk, (right - GAP, tape.y));
            let key = format!("link-{}-{}-{at}", link.client.0, link.broker);
            let class = if link.dark { "w dark" } else { "w" };
            shapes.push(Shape::path(key, class, rounded(&points), Some("ah-gh")));
        }
    }
}

/// From a lane to the member that reads it; a stub where nobody does.
fn readers(anchors: &Anchors, shapes: &mut Vec<Shape>) {
    let Some((left, right)) = anchors.group_gutter() else { return };
    let first = if anchors.ghosts.is_empty() { 9.0 } else { 9.0 + ABOVE };
    let mut places: SortedMap<&str, usize> = SortedMap::new();
    for (lane, reader) in &anchors.lanes {
        let Some(spot) = anchors.get(lane) else { continue };
        let member = Some(reader).filter(|reader| !reader.is_empty()).and_then(|r| anchors.get(&format!("member-{r}")));
        let Some(member) = member else {
            let is_free = reader.is_empty() && !anchors.ghosts.iter().any(|(of, _)| of == lane);
            free(lane, is_free, spot, left, shapes);
            continue;
        };
        let next = places.len();
        let place = *places.entry(reader).or_insert(next);
        let trunk = (left + first + READERS * place as f64).min(right - 14.0);
        let points = over((left + GAP, spot.y), trunk, (right - GAP - 1.0, member.y));
        shapes.push(Shape::path(format!("read-{lane}-{reader}"), "w read", rounded(&points), Some("ah-gh")));
    }
}

/// From the member that was the reader of a lane, above the wire of the one that is: dotted, with an open end, no arrow.
fn ghosts(anchors: &Anchors, shapes: &mut Vec<Shape>) {
    let Some((left, right)) = anchors.group_gutter() else { return };
    for (lane, gone) in &anchors.ghosts {
        let Some(spot) = anchors.get(lane) else { continue };
        for number in gone.split(' ') {
            let Some(member) = anchors.get(&format!("member-{number}")) else { continue };
            let (x, y) = (left + GAP + RING, spot.y - ABOVE);
            let points = over((x + RING, y), left + GAP + 2.0 * RING + 1.0, (right - GAP, member.y));
            shapes.push(Shape::path(format!("ghost-{lane}-{number}"), "w ghost", rounded(&points), None));
            shapes.push(ring(format!("ghost-end-{lane}-{number}"), "w ghost-e", x, y));
        }
    }
}

fn ring(key: String, class: &'static str, x: f64, y: f64) -> Shape {
    let attributes = vec![("cx", format!("{x:.1}")), ("cy", format!("{y:.1}")), ("r", format!("{RING:.1}"))];
    Shape { key, tag: "circle", class, attributes, inner: String::new() }
}

fn free(lane: &str, is_free: bool, spot: Spot, left: f64, shapes: &mut Vec<Shape>) {
    if !is_free {
        return;
    }
    let d = format!("M{:.1} {:.1}h9", left + GAP, spot.y);
    shapes.push(Shape::path(format!("free-{lane}"), "w off", d, None));
    shapes.push(ring(format!("free-ring-{lane}"), "w", left + 16.0, spot.y));
}

/// Left of the rail, from the last station back to the batch.
fn retries(view: &View, anchors: &Anchors, shapes: &mut Vec<Shape>) {
    for producer in view.producers.producers.iter().filter(|producer| producer.retries && producer.open) {
        let station = |stage: RecordStage| anchors.get(&at::station(producer.client, stage.number()));
        let (Some(to), Some(from)) = (station(RecordStage::Accumulate), station(RecordStage::Result)) else { continue };
        let x = to.left - 26.0;
        let points = [(x, from.y), (x - 6.0, from.y), (x - 6.0, to.y), (x - 1.0, to.y)];
        shapes.push(Shape::path(format!("retry-{}", producer.client.0), "w loop", rounded(&points), Some("ah-ink")));
    }
}
