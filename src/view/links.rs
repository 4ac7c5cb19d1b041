//! Links between processes: what can be cut or slowed, and what is.

use super::Selection;
use super::model::{ActiveFault, FaultTarget, ProcessState};
use super::processes::process_state;
use super::scene::Scene;
use crate::ids::Process;
use crate::network::Way;
use crate::simulation::ClientProcess;

/// Milliseconds that the fault "slow a link" offers.
const SLOW_MS: u32 = 200;
/// Of more pairs than this, those of a client come first and the rest is for the command line.
const PAIRS: usize = 60;

/// Each pair of processes that speak with one another.
fn pairs(scene: &Scene<'_>) -> Vec<(Process, Process)> {
    let cluster = scene.simulation.cluster();
    let runs = |client: &&ClientProcess| matches!(process_state(client), ProcessState::Running | ProcessState::Paused);
    let clients = scene.clients().filter(runs).map(|client| Process::Client(client.id));
    let brokers: Vec<Process> = cluster.broker_ids().map(Process::Broker).collect();
    let mut all: Vec<(Process, Process)> =
        clients.flat_map(|client| brokers.iter().map(move |broker| (client, *broker))).collect();
    for (at, broker) in brokers.iter().enumerate() {
        all.extend(brokers[at + 1..].iter().map(|other| (*broker, *other)));
    }
    if !cluster.is_combined() {
        all.extend(brokers.iter().map(|broker| (*broker, Process::Controller)));
    }
    all.truncate(PAIRS);
    all
}

/// A process as lines of scripts name it.
fn word(scene: &Scene<'_>, process: Process) -> String {
    match process {
        Process::Client(id) => crate::script::quoted_word(&scene.client_name(id)),
        Process::Broker(id) => id.host(),
        Process::Controller => "controller".to_owned(),
    }
}

fn selection(from: Process, to: Process) -> Selection {
    match (from, to) {
        (Process::Client(id), _) | (_, Process::Client(id)) => Selection::Client(id),
        (Process::Broker(id), _) | (_, Process::Broker(id)) => Selection::Broker(id),
        _ => Selection::Nothing,
    }
}

fn target(scene: &Scene<'_>, (a, b): (Process, Process), command: String, reason: Option<String>) -> FaultTarget {
    let name = format!("{} – {}", scene.process_name(a), scene.process_name(b));
    FaultTarget { name, select: selection(a, b), command, reason }
}

pub(super) fn cuts(scene: &Scene<'_>) -> Vec<FaultTarget> {
    let network = scene.simulation.network();
    let one = |(a, b): (Process, Process)| {
        let there = Way { from: a, to: b };
        let is_cut = network.is_cut(there) && network.is_cut(there.back());
        let reason = is_cut.then(|| scene.t("it is cut already", "이미 끊겨 있음"));
        target(scene, (a, b), format!("cut {} {}", word(scene, a), word(scene, b)), reason)
    };
    pairs(scene).into_iter().map(one).collect()
}

pub(super) fn slow(scene: &Scene<'_>) -> Vec<FaultTarget> {
    let slow: Vec<Way> = scene.simulation.network().slow_ways().map(|(way, _)| way).collect();
    let one = |(a, b): (Process, Process)| {
        let there = Way { from: a, to: b };
        let is_slow = slow.contains(&there) && slow.contains(&there.back());
        let reason = is_slow.then(|| scene.t("it is slow already", "이미 느림"));
        target(scene, (a, b), format!("slow-link {} {} ms={SLOW_MS}", word(scene, a), word(scene, b)), reason)
    };
    pairs(scene).into_iter().map(one).collect()
}

/// Links that are cut or slow, and what is held on them.
pub(super) fn active(scene: &Scene<'_>) -> Vec<ActiveFault> {
    let network = scene.simulation.network();
    let is_now = |process: Process| process.client().is_none_or(|id| !scene.names().is_taken(id));
    let mut all = Vec::new();
    let cut: Vec<(Way, Option<u64>)> = network.cut_ways().map(|(way, _)| (way, None)).collect();
    let slow = network.slow_ways().map(|(way, us)| (way, Some(us)));
    let broken: Vec<(Way, Option<u64>)> =
        cut.into_iter().chain(slow).filter(|(way, _)| is_now(way.from) && is_now(way.to)).collect();
    for (at, (way, how)) in broken.iter().enumerate() {
        let back = (way.back(), *how);
        if broken[..at].contains(&back) {
            continue;
        }
        all.push(broken_link(scene, *way, *how, broken.contains(&back)));
    }
    let mut ways: Vec<Way> = network.held().map(|(way, _)| way).collect();
    ways.extend(network.armed_holds().iter().map(|hold| hold.way));
    for (at, way) in ways.iter().enumerate() {
        if !ways[..at].contains(way) {
            all.push(held(scene, *way));
        }
    }
    all
}

fn broken_link(scene: &Scene<'_>, way: Way, slow_us: Option<u64>, both: bool) -> ActiveFault {
    let (from, to) = (scene.process_name(way.from), scene.process_name(way.to));
    let arrow = if both { "–" } else { "→" };
    let text = match slow_us {
        None => scene.t(&format!("{from} {arrow} {to} is cut"), &format!("{from} {arrow} {to} 끊김")),
        Some(us) => {
            let ms = us / 1000;
            scene.t(&format!("{from} {arrow} {to} takes {ms} ms more"), &format!("{from} {arrow} {to} {ms} ms 느림"))
        }
    };
    let one_way = if both { "" } else { " one-way=yes" };
    let command = format!("mend {} {}{one_way}", word(scene, way.from), word(scene, way.to));
    let lift = Some((command, scene.t("mend", "복구")));
    ActiveFault { text, select: selection(way.from, way.to), lift }
}

fn held(scene: &Scene<'_>, way: Way) -> ActiveFault {
    let network = scene.simulation.network();
    let (from, to) = (scene.process_name(way.from), scene.process_name(way.to));
    let count: usize = network.held().filter(|(held, _)| *held == way).map(|(_, waiting)| waiting.len()).sum();
    let text = match network.armed_holds().iter().find(|hold| hold.way == way) {
        Some(hold) if count == 0 => {
            let api = hold.api.name();
            scene.t(&format!("{from} → {to}: the next {api} is held"), &format!("{from} → {to}: 다음 {api} 붙들기"))
        }
        _ => scene.t(&format!("{from} → {to}: {count} held"), &format!("{from} → {to}: {count}개 붙들림")),
    };
    let command = format!("release {} {}", word(scene, way.from), word(scene, way.to));
    ActiveFault { text, select: selection(way.from, way.to), lift: Some((command, scene.t("release", "놓아주기"))) }
}
