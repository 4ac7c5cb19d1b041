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

pub fn shapes(view: &View, anchors: &Anchors) -> Vec<Shape> {
    let mut shapes = Vec::new();
    connections(view, anchors, &mut shapes);
    readers(anchors, &mut shapes);
    retries(view, anchors, &mut shapes);
    shapes
}

/// From the row of station 5 to the tapes.
fn connections(view: &View, anchors: &Anchors, shapes: &mut Vec<Shape>) {
    let (left, right) = anchors.producer_gutter();
    let brokers = view.cluster.brokers.len().max(1) as f64;
    let step = STEP.min((right - left - 24.0) / (brokers - 1.0).max(1.0));
    for link in &view.wires.links {
        let Some(row) = anchors.get(&at::send(link.client, link.broker)) else { continue };
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
    let (left, right) = anchors.group_gutter();
    let mut places: SortedMap<&str, usize> = SortedMap::new();
    for (lane, reader) in &anchors.lanes {
        let Some(spot) = anchors.get(lane) else { continue };
        let member = Some(reader).filter(|reader| !reader.is_empty()).and_then(|r| anchors.get(&format!("member-{r}")));
        let Some(member) = member else {
            free(lane, reader.is_empty(), spot, left, shapes);
            continue;
        };
        let next = places.len();
        let place = *places.entry(reader).or_insert(next);
        let trunk = (left + 9.0 + READERS * place as f64).min(right - 14.0);
        let points = over((left + GAP, spot.y), trunk, (right - GAP - 1.0, member.y));
        shapes.push(Shape::path(format!("read-{lane}-{reader}"), "w read", rounded(&points), Some("ah-gh")));
    }
}

fn free(lane: &str, is_free: bool, spot: Spot, left: f64, shapes: &mut Vec<Shape>) {
    if !is_free {
        return;
    }
    let d = format!("M{:.1} {:.1}h9", left + GAP, spot.y);
    shapes.push(Shape::path(format!("free-{lane}"), "w off", d, None));
    let ring = vec![("cx", format!("{:.1}", left + 16.0)), ("cy", format!("{:.1}", spot.y)), ("r", "3".to_owned())];
    let key = format!("free-ring-{lane}");
    shapes.push(Shape { key, tag: "circle", class: "w", attributes: ring, inner: String::new() });
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
