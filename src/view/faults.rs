//! The faults that can be chosen, what each can act on now, and those that are in force.

use super::Selection;
use super::cluster::broker_state;
use super::links;
use super::model::{ActiveFault, BrokerState, FaultOffer, FaultTarget, Faults, ProcessState};
use super::processes::process_state;
use super::scene::Scene;
use crate::fault::{Armed, Deed};
use crate::ids::BrokerId;
use crate::ids::Process;
use crate::lang::{Text, text};
use crate::network::Parcel;
use crate::simulation::{ClientNode, ClientProcess, Life};
use crate::sorted::InOrder;
use crate::wire::Api;

/// Microseconds a record that the fault "slow work" offers.
const SLOW_US: u64 = 400_000;
/// Longer than this a program is slow already.
const SLOW_ALREADY_US: u64 = 100_000;

pub(super) fn build(scene: &Scene<'_>) -> Faults {
    let offers = vec![
        offer(
            scene,
            'B',
            text("crash a broker", "브로커 장애"),
            crash(scene),
            text("every broker is down", "모든 브로커가 꺼져 있음"),
        ),
        offer(
            scene,
            'D',
            text("drop a response", "응답 유실"),
            drops(scene),
            text("no broker runs", "실행 중인 브로커 없음"),
        ),
        offer(
            scene,
            'E',
            text("answer with an error", "오류 응답"),
            errors(scene),
            text("no broker runs", "실행 중인 브로커 없음"),
        ),
        offer(
            scene,
            'C',
            text("cut a link", "링크 끊기"),
            links::cuts(scene),
            text("no two processes run that speak", "통신하는 실행 중인 프로세스 없음"),
        ),
        offer(
            scene,
            'L',
            text("slow a link", "느린 링크"),
            links::slow(scene),
            text("no two processes run that speak", "통신하는 실행 중인 프로세스 없음"),
        ),
        offer(scene, 'P', text("pause", "멈춤"), pauses(scene), text("nothing runs", "실행 중인 것 없음")),
        offer(scene, 'K', text("kill", "강제 종료"), kills(scene), text("no client runs", "실행 중인 클라이언트 없음")),
        offer(
            scene,
            'W',
            text("slow work", "느린 처리"),
            slow(scene),
            text("no consumer runs", "실행 중인 컨슈머 없음"),
        ),
    ];
    let mut offers = offers;
    offers[0].about = Some(scene.t(
        "Crash: the process is gone at once. Its clients notice, the controller only when its session ends. \
         Stop: it tells the controller first, which hands its partitions over where it can, then it goes.",
        "장애: 프로세스가 즉시 사라집니다. 클라이언트는 연결이 끊겨 알게 되고, 컨트롤러는 세션이 끝나야 알게 됩니다. \
         중지: 먼저 컨트롤러에 알려 가능한 파티션의 리더를 넘긴 뒤 종료합니다.",
    ));
    Faults { heading: scene.t("Break", "고장"), offers, active: active(scene) }
}

fn offer(scene: &Scene<'_>, key: char, name: Text, targets: Vec<FaultTarget>, reason: Text) -> FaultOffer {
    let can_act = targets.iter().any(|target| target.reason.is_none());
    let reason = (!can_act).then(|| scene.said(reason));
    FaultOffer { about: None, key, name: scene.said(name), targets, reason }
}

fn broker_target(scene: &Scene<'_>, id: BrokerId, command: String, reason: Option<String>) -> FaultTarget {
    FaultTarget { name: scene.broker_label(id), select: Selection::Broker(id), command, reason }
}

fn down(scene: &Scene<'_>, id: BrokerId) -> Option<String> {
    match broker_state(scene, id) {
        BrokerState::Stopped | BrokerState::Crashed => Some(scene.t("it is down", "꺼져 있음")),
        _ => None,
    }
}

fn crash(scene: &Scene<'_>) -> Vec<FaultTarget> {
    let crash = |id: BrokerId| broker_target(scene, id, format!("crash broker-{}", id.0), down(scene, id));
    let stop = |id: BrokerId| broker_target(scene, id, format!("stop broker-{}", id.0), down(scene, id));
    scene.simulation.broker_ids().flat_map(|id| [crash(id), stop(id)]).collect()
}

/// Drops the next response of each kind that clients are waiting for.
fn drops(scene: &Scene<'_>) -> Vec<FaultTarget> {
    let api = |id: BrokerId| waited_for(scene, id).unwrap_or(Api::Produce);
    let target = |id: BrokerId| {
        let api = api(id);
        let mut target =
            broker_target(scene, id, format!("drop-response broker-{} {} nth=1", id.0, api.name()), down(scene, id));
        target.name = format!("{} {}", target.name, api.name());
        target
    };
    scene.simulation.broker_ids().map(target).collect()
}

/// What kind of request is under way to a broker: a Produce first.
fn waited_for(scene: &Scene<'_>, id: BrokerId) -> Option<Api> {
    let under_way = scene
        .simulation
        .network()
        .under_way()
        .filter(|(_, delivery)| delivery.acceptor == Process::Broker(id) && delivery.connection.client().is_some());
    let mut apis: Vec<Api> = under_way
        .filter_map(|(_, delivery)| match &delivery.parcel {
            Parcel::Frame(frame) if frame.is_request() => Some(frame.api()),
            _ => None,
        })
        .collect();
    apis.order();
    apis.first().copied()
}

fn errors(scene: &Scene<'_>) -> Vec<FaultTarget> {
    let kinds = [(Api::Produce, "NOT_LEADER_OR_FOLLOWER"), (Api::OffsetCommit, "COORDINATOR_LOAD_IN_PROGRESS")];
    let target = |(id, (api, error)): (BrokerId, (Api, &str))| {
        let command = format!("answer-error broker-{} {} {error} times=1", id.0, api.name());
        let mut target = broker_target(scene, id, command, down(scene, id));
        target.name = format!("{} {} {error}", target.name, api.name());
        target
    };
    scene.simulation.broker_ids().flat_map(|id| kinds.map(|kind| (id, kind))).map(target).collect()
}

fn is_running(client: &ClientProcess) -> bool {
    matches!(process_state(client), ProcessState::Running | ProcessState::Paused)
}

fn client_target(client: &ClientProcess, command: String, reason: Option<String>) -> FaultTarget {
    FaultTarget { name: client.recipe.name.to_string(), select: Selection::Client(client.id), command, reason }
}

fn gone(scene: &Scene<'_>, client: &ClientProcess) -> Option<String> {
    (!is_running(client)).then(|| scene.t("it does not run", "실행 중이 아님"))
}

fn pauses(scene: &Scene<'_>) -> Vec<FaultTarget> {
    let paused = || Some(scene.t("it stands still already", "이미 멈춰 있음"));
    let brokers = scene.simulation.broker_ids().map(|id| {
        let reason = match broker_state(scene, id) {
            BrokerState::Frozen => paused(),
            _ => down(scene, id),
        };
        broker_target(scene, id, format!("pause-process broker-{}", id.0), reason)
    });
    let clients = scene.clients().map(|client| {
        let reason = match process_state(client) {
            ProcessState::Paused => paused(),
            _ => gone(scene, client),
        };
        client_target(client, format!("pause-process {}", client.recipe.name), reason)
    });
    brokers.chain(controller_and_all(scene)).chain(clients).collect()
}

/// The controller, where it is a process of its own, and all of the cluster at once.
fn controller_and_all(scene: &Scene<'_>) -> Vec<FaultTarget> {
    let cluster = scene.simulation.cluster();
    let mut all = Vec::new();
    if !cluster.is_combined() {
        let is_frozen = cluster.life(Process::Controller) == Life::Paused;
        all.push(FaultTarget {
            name: scene.t("controller", "컨트롤러"),
            select: Selection::Nothing,
            command: "pause-process controller".to_owned(),
            reason: is_frozen.then(|| scene.t("it stands still already", "이미 멈춰 있음")),
        });
    }
    let mut processes = cluster.broker_ids().map(Process::Broker).chain([Process::Controller]);
    let runs = processes.any(|process| cluster.life(process) == Life::Running);
    all.push(FaultTarget {
        name: scene.t("whole cluster", "클러스터 전체"),
        select: Selection::Nothing,
        command: "pause-process cluster".to_owned(),
        reason: (!runs).then(|| scene.t("nothing of it runs", "실행 중인 것 없음")),
    });
    all
}

fn kills(scene: &Scene<'_>) -> Vec<FaultTarget> {
    scene
        .clients()
        .map(|client| client_target(client, format!("kill {}", client.recipe.name), gone(scene, client)))
        .collect()
}

fn slow(scene: &Scene<'_>) -> Vec<FaultTarget> {
    let consumers = scene.clients().filter(|client| matches!(client.node, ClientNode::Consumer(_)));
    consumers
        .map(|client| {
            let slow = client.application.process_us() >= SLOW_ALREADY_US;
            let reason = match slow {
                true => Some(scene.t("it is slow already", "이미 느림")),
                false => gone(scene, client),
            };
            client_target(client, format!("slow {} process_us={SLOW_US}", client.recipe.name), reason)
        })
        .collect()
}

/// The faults that are in force, with what lifts them.
fn active(scene: &Scene<'_>) -> Vec<ActiveFault> {
    let mut all = Vec::new();
    for id in scene.simulation.broker_ids() {
        let at = scene.last_of(Process::Broker(id)).map(|event| scene.ms(event.at)).unwrap_or_default();
        let (en, ko, command, label) = match broker_state(scene, id) {
            BrokerState::Stopped => ("stopped", "중지", "start", scene.t("start", "시작")),
            BrokerState::Crashed => ("crashed", "장애", "start", scene.t("start", "시작")),
            BrokerState::Frozen => ("stands still", "멈춤", "resume-process", scene.t("resume", "재개")),
            _ => continue,
        };
        let name = scene.broker_label(id);
        let text = scene.t(&format!("{name} {en} since {at}"), &format!("{name} {ko}, {at}부터"));
        let lift = Some((format!("{command} broker-{}", id.0), label));
        all.push(ActiveFault { text, select: Selection::Broker(id), lift });
    }
    all.extend(controller(scene));
    for client in scene.clients() {
        all.extend(of_client(scene, client));
    }
    all.extend(armed(scene));
    all.extend(links::active(scene));
    all
}

/// What waits for its message.
fn armed(scene: &Scene<'_>) -> Vec<ActiveFault> {
    let one = |armed: &Armed| {
        let (broker, api) = (scene.broker_label(armed.broker), armed.api.name());
        let text = match armed.deed {
            Deed::DropResponse => {
                scene.t(&format!("{broker} drops the next {api} response"), &format!("{broker}: 다음 {api} 응답 유실"))
            }
            Deed::Answer(code) => scene.t(
                &format!("{broker} answers the next {api} with {}", code.name()),
                &format!("{broker}: 다음 {api}에 {} 응답", code.name()),
            ),
        };
        ActiveFault { text, select: Selection::Broker(armed.broker), lift: None }
    };
    scene.simulation.cluster().faults().armed().iter().map(one).collect()
}

/// A controller that stands still, where it is a process of its own.
fn controller(scene: &Scene<'_>) -> Option<ActiveFault> {
    let cluster = scene.simulation.cluster();
    let is_frozen = cluster.life(Process::Controller) == Life::Paused && !cluster.is_combined();
    is_frozen.then(|| ActiveFault {
        text: scene.t("the controller stands still", "컨트롤러 멈춤"),
        select: Selection::Nothing,
        lift: Some(("resume-process controller".to_owned(), scene.t("resume", "재개"))),
    })
}

fn of_client(scene: &Scene<'_>, client: &ClientProcess) -> Vec<ActiveFault> {
    let (name, select) = (&client.recipe.name, Selection::Client(client.id));
    let at = scene.last_of(Process::Client(client.id)).map(|event| scene.ms(event.at)).unwrap_or_default();
    let mut all = Vec::new();
    match process_state(client) {
        ProcessState::Paused => all.push(ActiveFault {
            text: scene.t(&format!("{name} stands still since {at}"), &format!("{name} 멈춤, {at}부터")),
            select,
            lift: Some((format!("resume-process {name}"), scene.t("resume", "재개"))),
        }),
        ProcessState::Killed => all.push(ActiveFault {
            text: scene.t(&format!("{name} killed at {at}"), &format!("{name} 강제 종료, {at}")),
            select,
            lift: None,
        }),
        ProcessState::Running | ProcessState::Closed | ProcessState::Ended => {}
    }
    let us = client.application.process_us();
    // A program whose own work is slow is as it was written.
    if us >= SLOW_ALREADY_US && client.application.is_slowed() && is_running(client) {
        let ms = crate::explain::decimal_ms(us);
        all.push(ActiveFault {
            text: scene.t(&format!("{name} takes {ms} ms a record"), &format!("{name}: 레코드마다 {ms} ms")),
            select,
            lift: Some((format!("slow {name} process_us=0"), scene.t("undo", "되돌리기"))),
        });
    }
    all
}
