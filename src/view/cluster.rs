//! The cluster: brokers, and the partitions of the user's topics.

use std::sync::Arc;

use super::model::{Broker, BrokerState, Cluster, Zoom};
use super::scene::Scene;
use super::tape;
use crate::broker::BrokerPhase;
use crate::event::EventKind;
use crate::ids::{BrokerId, PartitionNo, Process};
use crate::lang::Lang;
use crate::simulation::Life;

/// Partitions that are drawn; the others can be reached by selecting their topic.
const PARTITIONS: usize = 24;
/// With more partitions than this, those that the current event does not touch are folded.
const UNFOLDED: usize = 3;
/// How many cells that hold a glyph only take as much room as ten with a key, and as ten with a part of the value.
const KEYS: u64 = 42;
const VALUES: u64 = 27;

pub(super) fn build(scene: &Scene<'_>) -> Cluster {
    let topics = scene.topics();
    let all: Vec<PartitionNo> = topics
        .iter()
        .flat_map(|topic| (0..).zip(&topic.partitions).map(|(n, _)| PartitionNo { topic: topic.no, partition: n }))
        .collect();
    let low = scene.lens.low;
    let fold = all.len() > if low { 1 } else { UNFOLDED };
    let shown = &all[..all.len().min(PARTITIONS)];
    // In a low window there is room for one: the event's own comes first.
    let is_touched = |partition: &PartitionNo| scene.place.partition == Some(*partition);
    // What the reader opens by hand takes its place, until the run goes on.
    let by_hand =
        scene.lens.unfolded.filter(|(at, _)| *at == scene.timeline.position()).map(|(_, partition)| partition);
    let elsewhere = low && (by_hand.is_some() || shown.iter().any(is_touched));
    let is_open = |partition: &PartitionNo| match by_hand {
        _ if !fold => true,
        Some(by_hand) if by_hand == *partition => true,
        Some(_) if low => false,
        _ => is_touched(partition) || !elsewhere && tape::is_looked_at(scene, *partition),
    };
    // Where the event is on no tape, the one that the last record went to stays open.
    let last = if shown.iter().any(is_open) { None } else { tape::last_written(scene).or(shown.first().copied()) };
    let is_open = |partition: &PartitionNo| is_open(partition) || last == Some(*partition);
    let longest = shown.iter().filter(|partition| is_open(partition)).map(|partition| tape::length(scene, *partition));
    let zoom = match longest.max().unwrap_or(0) {
        cells if cells * KEYS <= scene.lens.cells * 10 => Zoom::Key,
        cells if cells * VALUES <= scene.lens.cells * 10 => Zoom::Value,
        _ => Zoom::Glyph,
    };
    let partitions = shown.iter().map(|partition| Arc::new(tape::build(scene, *partition, !is_open(partition), zoom)));
    let note = match topics.as_slice() {
        [] => scene.t("no topic", "토픽 없음"),
        [topic] => {
            let count = topic.partitions.len() as u64;
            let partitions = scene.count(count, "partition", "partitions", "파티션", "개");
            scene.t(&format!("topic {}, {partitions}", topic.name), &format!("토픽 {}, {partitions}", topic.name))
        }
        topics => {
            let names: Vec<&str> = topics.iter().map(|topic| &*topic.name).collect();
            scene.t(&format!("topics {}", names.join(", ")), &format!("토픽 {}", names.join(", ")))
        }
    };
    Cluster {
        heading: scene.t("Cluster", "클러스터"),
        note,
        brokers: scene.simulation.broker_ids().map(|id| broker(scene, id)).collect(),
        partitions: partitions.collect(),
        zoom,
        cells: scene.lens.cells,
        low,
        empty: topics.is_empty().then(|| {
            scene.t(
                "There is no topic. Add one to send records.",
                "토픽이 없습니다. 레코드를 보내려면 토픽을 추가하십시오.",
            )
        }),
    }
}

pub(super) fn broker_state(scene: &Scene<'_>, id: BrokerId) -> BrokerState {
    let phase = scene.simulation.broker(id).map_or(BrokerPhase::Down, |broker| broker.phase());
    match (scene.simulation.broker_life(id), phase) {
        (Life::Paused, _) => BrokerState::Frozen,
        (Life::Running, BrokerPhase::Starting) => BrokerState::Starting,
        (Life::Running, BrokerPhase::Stopping) => BrokerState::Stopping,
        (Life::Running, BrokerPhase::Running) => BrokerState::Up,
        _ => match scene.last_of(Process::Broker(id)).map(|event| event.kind) {
            Some(EventKind::BrokerCrashed { .. }) => BrokerState::Crashed,
            _ => BrokerState::Stopped,
        },
    }
}

/// The partitions of the user's topics that a broker leads.
pub(super) fn leads(scene: &Scene<'_>, id: BrokerId) -> Vec<String> {
    let topics = scene.topics();
    let only = topics.len() == 1;
    let mut led = Vec::new();
    for topic in topics {
        for (n, registration) in topic.partitions.iter().enumerate() {
            if registration.leader == Some(id) {
                led.push(if only { n.to_string() } else { format!("{}-{n}", topic.name) });
            }
        }
    }
    led
}

/// `0, 2 and 4`
fn listed(scene: &Scene<'_>, parts: &[String]) -> String {
    match (parts, scene.lang) {
        ([], _) => String::new(),
        ([one], _) => one.clone(),
        ([first @ .., last], Lang::En) => format!("{} and {last}", first.join(", ")),
        (all, Lang::Ko) => all.join(", "),
    }
}

fn broker(scene: &Scene<'_>, id: BrokerId) -> Broker {
    let state = broker_state(scene, id);
    let text = broker_text(scene, id, state);
    let start = (scene.t("start", "시작"), format!("start broker-{}", id.0));
    let stop = (scene.t("stop", "중지"), format!("stop broker-{}", id.0));
    let resume = (scene.t("resume", "재개"), format!("resume-process broker-{}", id.0));
    Broker {
        id,
        name: scene.broker_label(id),
        state,
        brief: match until_fenced(scene, id) {
            Some(left) if matches!(state, BrokerState::Crashed | BrokerState::Frozen) => {
                scene.t(&format!("fenced in {left} ms"), &format!("{left} ms 뒤 격리"))
            }
            // In a low window the list goes without words between its names; what has no room is cut.
            _ if state == BrokerState::Up && scene.lens.low && !leads(scene, id).is_empty() => {
                let led = leads(scene, id).join(", ");
                scene.t(&format!("leads {led}"), &format!("리더: {led}"))
            }
            _ if state == BrokerState::Starting && scene.lens.low => scene.t("starting", "시작 중"),
            _ if state == BrokerState::Stopping && scene.lens.low => scene.t("stopping", "종료 중"),
            _ if state == BrokerState::Crashed => scene.t("crashed without a word", "알림 없이 장애"),
            _ if state == BrokerState::Stopped => scene.t("stopped in order", "정상 중지"),
            _ => text.clone(),
        },
        text,
        button: match state {
            BrokerState::Stopped | BrokerState::Crashed => start,
            BrokerState::Frozen => resume,
            BrokerState::Up | BrokerState::Starting | BrokerState::Stopping => stop,
        },
        now: scene.place.broker == Some(id),
    }
}

/// How long until the controller gives a silent broker up.
fn until_fenced(scene: &Scene<'_>, id: BrokerId) -> Option<String> {
    scene.simulation.controller().session_expires(id).map(|until| scene.left(until))
}

/// `leads 0 and 2`, `crashed, fenced in 6 400.0 ms`
pub(super) fn broker_text(scene: &Scene<'_>, id: BrokerId, state: BrokerState) -> String {
    let at = scene.last_of(Process::Broker(id)).map(|event| scene.ms(event.at)).unwrap_or_default();
    let fenced = until_fenced(scene, id);
    let (en, ko) = match (state, fenced) {
        (BrokerState::Up, _) => {
            let led = leads(scene, id);
            match led.as_slice() {
                [] => ("leads nothing".to_owned(), "리더인 파티션 없음".to_owned()),
                led => (format!("leads {}", listed(scene, led)), format!("파티션 {}의 리더", listed(scene, led))),
            }
        }
        (BrokerState::Starting, _) => ("starting, registers".to_owned(), "시작 중, 등록 대기".to_owned()),
        (BrokerState::Stopping, _) => ("stopping, hands over".to_owned(), "종료 중, 역할 이양".to_owned()),
        (BrokerState::Stopped, _) => {
            (format!("stopped in order at {at}, told the controller"), format!("{at}에 정상 중지, 컨트롤러에 알림"))
        }
        (BrokerState::Crashed, Some(left)) => (
            format!("crashed at {at} without a word, fenced in {left} ms"),
            format!("{at}에 알림 없이 장애, {left} ms 뒤 격리"),
        ),
        (BrokerState::Crashed, None) => (format!("crashed at {at} without a word"), format!("{at}에 알림 없이 장애")),
        (BrokerState::Frozen, Some(left)) => {
            (format!("stands still, fenced in {left} ms"), format!("멈춤, {left} ms 뒤 격리"))
        }
        (BrokerState::Frozen, None) => (format!("stands still since {at}"), format!("{at}부터 멈춤")),
    };
    scene.t(&en, &ko)
}
