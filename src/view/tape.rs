//! A partition as a tape: cells, replicas, and the lanes of the groups that read it.

use super::contents;
use super::model::{Cell, CellState, GroupLane, Partition, Replica, Zoom};
use super::scene::Scene;
use super::{Selection, lanes_of_groups};
use crate::event::Family;
use crate::event::broker::BrokerEvent;
use crate::event::consumer::ConsumerEvent;
use crate::event::group::GroupEvent;
use crate::event::program::ProgramEvent;
use crate::ids::{PartitionNo, RecordId};
use crate::image::PartitionRegistration;
use crate::lang::{Sentence, both};
use crate::log::PartitionLog;
use crate::simulation::Life;

/// Letters of a name that have room on a tape.
const SHORT: usize = 16;

/// Offsets of a log, as the told event found them.
pub(super) struct Ends {
    pub start: u64,
    pub end: u64,
    pub high_watermark: u64,
    pub last_stable: u64,
}

impl Ends {
    pub(super) fn of(scene: &Scene<'_>, partition: PartitionNo, log: Option<&PartitionLog>) -> Ends {
        let (end, high) = scene.told_ends(partition);
        let told = |offset: u64, told: Option<u64>| told.map_or(offset, |told| told.min(offset));
        let offset = |of: fn(&PartitionLog) -> i64| log.map_or(0, |log| u64::try_from(of(log)).unwrap_or(0));
        Ends {
            start: offset(PartitionLog::log_start_offset),
            end: told(offset(PartitionLog::log_end_offset), end),
            high_watermark: told(offset(PartitionLog::high_watermark), high),
            last_stable: told(offset(PartitionLog::last_stable_offset), high),
        }
    }
}

/// Whether the lens looks at the partition: selected, scrolled, or followed into it.
pub(super) fn is_looked_at(scene: &Scene<'_>, partition: PartitionNo) -> bool {
    let selected = match scene.lens.selected {
        Selection::Partition(other) | Selection::Offset(other, _) => other == partition,
        _ => false,
    };
    let followed = scene.followed.and_then(|record| scene.index.record(record));
    let followed = followed.is_some_and(|f| f.topic == partition.topic && f.partition == Some(partition.partition));
    selected || followed || scene.lens.scroll.contains_key(&partition)
}

/// Where the last of the followed producer's records went that has a partition.
pub(super) fn last_written(scene: &Scene<'_>) -> Option<PartitionNo> {
    const LOOK_BACK: u32 = 16;
    let followed = scene.followed?;
    let numbers = (followed.number.saturating_sub(LOOK_BACK)..=followed.number).rev();
    let mut facts = numbers.filter_map(|number| scene.index.record(RecordId { number, ..followed }));
    facts.find_map(|facts| Some(PartitionNo { topic: facts.topic, partition: facts.partition? }))
}

/// Offsets that a partition's log holds.
pub(super) fn length(scene: &Scene<'_>, partition: PartitionNo) -> u64 {
    let ends = Ends::of(scene, partition, scene.log(partition));
    ends.end.saturating_sub(ends.start)
}

pub(super) fn build(scene: &Scene<'_>, partition: PartitionNo, folded: bool, zoom: Zoom) -> Partition {
    let name = scene.partition_name(partition);
    let log = scene.log(partition);
    let ends = Ends::of(scene, partition, log);
    let registration = scene.registration(partition);
    let first = first_shown(scene, partition, &ends);
    let last = ends.end.min(first + scene.lens.cells);
    let (older, newer) = (first - ends.start.min(first), ends.end - last);
    let lanes = lanes_of_groups::build(scene, partition, ends.high_watermark);
    let has_captions = zoom != Zoom::Glyph && !folded;
    let cells = (first..last).map(|offset| Cell {
        caption: if has_captions { contents::caption(scene, partition, offset) } else { None },
        ..cell(scene, partition, offset, &ends, &lanes)
    });
    let cells = cells.collect();
    let leader = registration.and_then(|registration| registration.leader);
    let offset_text = |count: u64, en: &str, ko: &str| {
        let count_text = crate::explain::grouped(count);
        (count > 0).then(|| scene.t(&format!("{count_text} {en}"), &format!("{ko} {count_text}건")))
    };
    Partition {
        id: partition,
        leader: leader.map(|leader| leader.0),
        leader_text: leader_text(scene, registration),
        isr_text: isr_text(registration),
        log_start: ends.start,
        log_end: ends.end,
        high_watermark: ends.high_watermark,
        last_stable: ends.last_stable,
        folded,
        touched: scene.place.partition == Some(partition),
        cells,
        older,
        newer,
        older_text: offset_text(older, "older", "이전"),
        newer_text: offset_text(newer, "newer", "이후"),
        epochs: epochs(scene, log),
        replicas: registration.map(|r| replicas(scene, partition, r)).unwrap_or_default(),
        lanes,
        empty: (ends.end == 0).then(|| {
            // A long name stands above the tape; here is room for a short one.
            let is_short = name.chars().count() <= SHORT;
            let (en, ko) = if is_short { (&*name, &*name) } else { ("This partition", "이 파티션") };
            scene.t(
                &format!("{en} is empty. Send a record: press N."),
                &format!("{ko}: 비어 있음. N을 눌러 레코드 보내기"),
            )
        }),
        now: now_text(scene, partition),
        label: label(scene, &name, &ends),
        name,
    }
}

fn first_shown(scene: &Scene<'_>, partition: PartitionNo, ends: &Ends) -> u64 {
    let pinned = ends.end.saturating_sub(scene.lens.cells).max(ends.start);
    match scene.lens.scroll.get(&partition) {
        Some(wanted) => (*wanted).clamp(ends.start, pinned),
        None => pinned,
    }
}

fn leader_text(scene: &Scene<'_>, registration: Option<&PartitionRegistration>) -> String {
    match registration.map(|registration| (registration.leader, registration.leader_epoch)) {
        Some((Some(leader), epoch)) => {
            scene.t(&format!("leader B{}, epoch {epoch}", leader.0), &format!("리더 B{}, 에포크 {epoch}", leader.0))
        }
        _ => scene.t("no leader, producers wait", "리더 없음, 프로듀서 대기"),
    }
}

fn isr_text(registration: Option<&PartitionRegistration>) -> String {
    let isr = registration.map(|registration| registration.isr.as_slice()).unwrap_or_default();
    let isr: Vec<String> = isr.iter().map(|broker| broker.0.to_string()).collect();
    format!("ISR {{{}}}", isr.join(", "))
}

fn label(scene: &Scene<'_>, name: &str, ends: &Ends) -> String {
    let (end, high) = (ends.end, ends.high_watermark);
    scene.t(
        &format!("{name}: log end {end}, high watermark {high}"),
        &format!("{name}: 로그 끝 {end}, 하이 워터마크 {high}"),
    )
}

fn epochs(scene: &Scene<'_>, log: Option<&PartitionLog>) -> Vec<(u64, String)> {
    let entries = log.map(|log| log.leader_epochs().entries()).unwrap_or_default();
    let named = entries.iter().skip(1).map(|entry| {
        let offset = u64::try_from(entry.start_offset).unwrap_or(0);
        (offset, scene.t(&format!("epoch {}", entry.epoch), &format!("에포크 {}", entry.epoch)))
    });
    named.collect()
}

fn replicas(scene: &Scene<'_>, partition: PartitionNo, registration: &PartitionRegistration) -> Vec<Replica> {
    let name = scene.topic_partition(partition);
    let one = |broker: &crate::ids::BrokerId| {
        let replica = scene.simulation.replica(&name, *broker);
        let end = replica.map_or(0, |replica| u64::try_from(replica.log_end_offset()).unwrap_or(0));
        let end = scene.told_ends(partition).0.map_or(end, |told| told.min(end));
        let leads = registration.leader == Some(*broker);
        Replica {
            broker: *broker,
            label: scene.broker_label(*broker),
            leads,
            tag: leads.then(|| scene.t("lead", "리더")),
            in_sync: registration.isr.contains(broker),
            offline: scene.simulation.broker_life(*broker) == Life::Gone,
            log_end: end,
            text: format!("LEO {end}"),
        }
    };
    registration.replicas.iter().map(one).collect()
}

fn cell(scene: &Scene<'_>, partition: PartitionNo, offset: u64, ends: &Ends, lanes: &[GroupLane]) -> Cell {
    let record = scene.index.at(partition, offset);
    let glyph = match record {
        Some(record) => scene.glyph(record),
        None => super::model::Glyph { shape: 0, numeral: None, key: "null".to_owned(), followed: false },
    };
    let state = if offset < ends.high_watermark { CellState::Readable } else { CellState::AboveHighWatermark };
    let touched = scene.place.partition == Some(partition);
    let now = touched && scene.place.offsets.is_some_and(|(first, end)| (first..end).contains(&offset));
    let twice = lanes.iter().any(|lane| lane.twice.iter().any(|(from, to)| (*from..*to).contains(&offset)));
    let select = Selection::Offset(partition, offset);
    let selected = scene.is_selected(select) || record.is_some_and(|r| scene.is_selected(Selection::Record(r)));
    let label = cell_label(scene, offset, &glyph.key, state, twice);
    let batch =
        contents::stored(scene, partition, offset).map_or(offset, |b| u64::try_from(b.base_offset).unwrap_or(0));
    Cell { offset, state, followed: glyph.followed, glyph, caption: None, record, batch, now, selected, twice, label }
}

/// `offset 13, key kai, not readable yet`
fn cell_label(scene: &Scene<'_>, offset: u64, key: &str, state: CellState, twice: bool) -> String {
    let mut parts = vec![
        scene.t(&format!("offset {offset}"), &format!("오프셋 {offset}")),
        match key {
            "null" => scene.t("no key", "키 없음"),
            key => scene.t(&format!("key {key}"), &format!("키 {key}")),
        },
    ];
    if state == CellState::AboveHighWatermark {
        parts.push(scene.t("not readable yet", "아직 읽을 수 없음"));
    }
    if twice {
        parts.push(scene.t("processed twice", "두 번 처리됨"));
    }
    parts.join(", ")
}

/// What happens on the tape now, in a few words beside the cells.
fn now_text(scene: &Scene<'_>, partition: PartitionNo) -> Option<String> {
    if scene.place.partition != Some(partition) {
        return None;
    }
    let said = match scene.told?.kind.family() {
        Family::Broker(event) => of_broker(scene, event)?,
        Family::Group(GroupEvent::OffsetCommitted(of)) => {
            let offset = of.offset;
            both(format!("committed {offset}"), format!("{offset} 커밋됨"))
        }
        Family::Consumer(ConsumerEvent::RecordsReturned(of)) => {
            let range = range(of.first, of.position);
            both(format!("poll returns {range}"), format!("poll 반환 {range}"))
        }
        Family::Program(ProgramEvent::RecordsProcessed(of)) => {
            let range = range(of.first, of.last + 1);
            both(format!("{range} processed"), format!("{range} 처리됨"))
        }
        // What else touches a partition is told elsewhere than on its tape.
        Family::Program(_)
        | Family::Producer(_)
        | Family::Network(_)
        | Family::Group(_)
        | Family::Consumer(_)
        | Family::Hand(_) => return None,
    };
    Some(said.pick(scene.lang).clone())
}

fn of_broker(scene: &Scene<'_>, event: BrokerEvent) -> Option<Sentence> {
    use BrokerEvent::*;
    Some(match event {
        BatchAppended(of) => {
            let range = range(of.base_offset, of.base_offset + u64::from(of.records));
            both(format!("{range} appended"), format!("{range} 추가됨"))
        }
        DuplicateFound(of) => {
            let end = scene.place.offsets.map_or(of.base_offset + 1, |(_, end)| end);
            let range = range(of.base_offset, end);
            both(format!("{range} is already here"), format!("{range} 이미 있음"))
        }
        AppendRefused(of) => {
            let code = of.code.name();
            both(format!("refused: {code}"), format!("거절: {code}"))
        }
        RecordsDeleted(of) => both(format!("begins at {}", of.offset), format!("{}부터", of.offset)),
        HighWatermarkMoved(of) => both(format!("HW to {}", of.offset), format!("HW → {}", of.offset)),
        LeaderChanged(_) => both("leader changed", "리더 변경"),
        IsrChanged(of) => {
            let isr = of.isr.iter().map(|broker| broker.0.to_string()).collect::<Vec<_>>().join(", ");
            both(format!("ISR: {isr}"), format!("ISR: {isr}"))
        }
        ReassignmentBegan(_) => both("other replicas", "복제본 변경"),
        ReassignmentEnded(_) => both("replicas changed", "복제본 변경됨"),
        LogTruncated(of) => both(format!("cut at {}", of.offset), format!("{}에서 자름", of.offset)),
        IsrChangeAsked(of) => {
            both(format!("ISR {} → {}", of.before, of.after), format!("ISR {} → {}", of.before, of.after))
        }
        ProduceParked(_) | FollowerAppended(_) | FetchParked(_) | FetchAnswered(_) | TopicCreated(_)
        | PartitionsAdded(_) | TopicDeleted(_) | BrokerFenced(_) | BrokerRegistered(_) => return None,
    })
}

/// `12–14`, `12`: the end is excluded.
pub(super) fn range(first: u64, end: u64) -> String {
    match end.saturating_sub(first) {
        0 | 1 => first.to_string(),
        _ => format!("{first}–{}", end - 1),
    }
}
