//! The deques of a producer: one for each partition, batches as tiles.

use super::model::{Deque, Glyph, Tile, TileState, Tone};
use super::processes::{gone, record_name};
use super::scene::Scene;
use crate::client::producer::{DequeView, Producer, ProducerBatchView};
use crate::explain::{bytes, decimal_ms};
use crate::ids::{PartitionNo, TopicNo};
use crate::lang::Lang;
use crate::sorted::InOrder;

/// Tiles of a deque, glyphs of a tile, and deques that are drawn.
const TILES: usize = 3;
const GLYPHS: usize = 4;
const DEQUES: usize = 6;

/// The deques: of the followed record's topic all, of others those that hold something.
pub(super) fn build(scene: &Scene<'_>, producer: &Producer, topic: Option<TopicNo>) -> Vec<Deque> {
    let linger_ms = producer.accumulator().config().linger_ms;
    let mut all = producer.deques(scene.now);
    all.retain(|deque| Some(deque.partition.topic) == topic || !deque.batches.is_empty());
    if let Some(topic) = topic
        && let Some(image) = scene.simulation.image().topics.get(scene.names().topic(topic))
    {
        // A partition that nothing was appended to has no deque yet; its place is drawn all the same.
        for (partition, _) in (0..).zip(&image.partitions) {
            let partition = PartitionNo { topic, partition };
            if all.iter().all(|deque| deque.partition != partition) {
                all.push(DequeView { partition, batches: Vec::new() });
            }
        }
        all.order_by_key(|deque| deque.partition);
    }
    let gone = gone(scene, producer.id());
    all.iter().take(DEQUES).map(|deque| one(scene, deque, linger_ms, gone)).collect()
}

/// Records that lie in the deques and that no request has carried.
pub(super) fn never_sent(scene: &Scene<'_>, producer: &Producer) -> u64 {
    producer.deques(scene.now).iter().map(|deque| records(&deque.batches, false)).sum()
}

/// How many records lie in these batches, those that were tried before or the others.
fn records(batches: &[ProducerBatchView], tried: bool) -> u64 {
    let of_kind = batches.iter().filter(|batch| (batch.attempts > 0) == tried);
    of_kind.map(|batch| batch.records.len() as u64).sum()
}

fn one(scene: &Scene<'_>, deque: &DequeView, linger_ms: u64, gone: Option<Tone>) -> Deque {
    let tiles = deque.batches.iter().take(TILES).map(|batch| tile(scene, batch)).collect();
    let last = deque.batches.last().filter(|_| gone.is_none());
    let lingers = last.filter(|batch| !batch.is_full && batch.attempts == 0 && linger_ms > 0);
    Deque {
        partition: scene.partition_name(deque.partition),
        tiles,
        more: u32::try_from(deque.batches.len().saturating_sub(TILES)).unwrap_or(u32::MAX),
        note: if gone.is_some() { left_behind(scene, deque) } else { note(scene, deque) },
        gone,
        linger: lingers.map(|batch| (batch.linger_left_ms * 1000 / linger_ms).min(1000) as u16),
    }
}

/// What went with a producer that is gone.
fn left_behind(scene: &Scene<'_>, deque: &DequeView) -> String {
    let (unsent, tried) = (records(&deque.batches, false), records(&deque.batches, true));
    let only = deque.batches.iter().find_map(|batch| batch.records.first()).filter(|_| unsent == 1);
    match (only, unsent, tried) {
        (_, 0, 0) => scene.t("empty", "비어 있음"),
        (_, 0, n) => {
            let records = scene.records(n);
            scene.t(&format!("{records}, sent, not answered"), &format!("{records}, 보냈으나 응답 없음"))
        }
        (Some(record), 1, _) => {
            let name = record_name(scene, *record);
            scene.t(&format!("{name}, never sent"), &format!("{name}, 전송 안 됨"))
        }
        (_, n, _) => {
            let records = scene.records(n);
            scene.t(&format!("{records}, never sent"), &format!("{records}, 전송 안 됨"))
        }
    }
}

/// What the first batch waits for, or why it goes.
fn note(scene: &Scene<'_>, deque: &DequeView) -> String {
    let Some(first) = deque.batches.first() else { return scene.t("empty", "비어 있음") };
    let left = |ms: u64| decimal_ms(ms * 1000);
    if first.backoff_left_ms > 0 {
        let left = left(first.backoff_left_ms);
        return scene.t(&format!("waits {left} ms"), &format!("{left} ms 대기"));
    }
    if first.attempts > 0 {
        return scene.t("goes again", "다시 전송");
    }
    if first.is_full || deque.batches.len() > 1 {
        return scene.t("full, goes next", "가득 참, 다음");
    }
    match first.linger_left_ms {
        0 => scene.t("goes next", "다음 차례"),
        ms => format!("{} ms", left(ms)),
    }
}

fn tile(scene: &Scene<'_>, batch: &ProducerBatchView) -> Tile {
    let state = if batch.attempts > 0 {
        TileState::Back
    } else if batch.is_full {
        TileState::Closed
    } else {
        TileState::Open
    };
    let glyphs: Vec<Glyph> = batch.records.iter().take(GLYPHS).map(|record| scene.glyph(*record)).collect();
    let records = batch.records.len() as u64;
    let size = bytes(u64::from(batch.bytes));
    let fill = u64::from(batch.bytes) * 1000 / u64::from(batch.capacity.max(1));
    Tile {
        batch: batch.id,
        state,
        now: scene.place.batch == Some(batch.id),
        fill: fill.min(1000) as u16,
        size: size.clone(),
        more: u32::try_from(batch.records.len() - glyphs.len()).unwrap_or(u32::MAX),
        glyphs,
        next_try: (batch.attempts > 0).then_some(batch.attempts + 1),
        text: tile_text(scene, batch, &scene.records(records), &size),
    }
}

fn tile_text(scene: &Scene<'_>, batch: &ProducerBatchView, records: &str, size: &str) -> String {
    let of = bytes(u64::from(batch.capacity));
    let number = batch.id.number + 1;
    let state = match (scene.lang, batch.attempts, batch.is_full) {
        (Lang::En, 0, false) => "open".to_owned(),
        (Lang::En, 0, true) => "closed".to_owned(),
        (Lang::En, failed, _) => format!("back, try {}", failed + 1),
        (Lang::Ko, 0, false) => "열림".to_owned(),
        (Lang::Ko, 0, true) => "닫힘".to_owned(),
        (Lang::Ko, failed, _) => format!("돌아옴, {}번째 시도", failed + 1),
    };
    scene.t(
        &format!("batch {number}, {state}, {records}, {size} of {of}"),
        &format!("배치 {number}, {state}, {records}, {of} 중 {size}"),
    )
}
