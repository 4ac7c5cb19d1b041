//! The members of a group: what each owns, what it is doing, how far it is in a rebalance.

use super::groups::{is_caught_up, owned, partitions_of};
use super::model::{Member, MemberMark, Phase, ProcessState};
use super::producers::process_state;
use super::scene::Scene;
use crate::client::consumer::{Consumer, MemberState, RebalancePhase};
use crate::coordinator::group::{GroupView, MemberView};
use crate::event::{CallKind, GroupState, Process};
use crate::ids::{GroupNo, TopicPartition};
use crate::simulation::{ClientNode, ClientProcess};

/// Microseconds for one record from which a program counts as slow.
const SLOW_US: u64 = 100_000;

const NOTHING_TO_DO: [Phase; 4] = [Phase::NotNeeded; 4];

/// The members in order of creation. One that is gone keeps its row until the group is stable without it.
pub(super) fn of_group(scene: &Scene<'_>, group: GroupNo, view: Option<&GroupView>) -> Vec<Member> {
    let clients = scene.simulation.clients().iter().filter(|client| scene.group_of(client) == Some(group));
    clients
        .filter_map(|client| {
            let ClientNode::Consumer(consumer) = &client.node else { return None };
            let member = view.and_then(|view| member_of(view, client, consumer));
            let is_shown = match process_state(client) {
                ProcessState::Running | ProcessState::Paused => true,
                ProcessState::Closed | ProcessState::Killed => member.is_some() || left_lately(scene, group, client),
            };
            is_shown.then(|| one(scene, client, consumer, view, member))
        })
        .collect()
}

/// A consumer without a group.
pub(super) fn alone(scene: &Scene<'_>, client: &ClientProcess) -> Member {
    let ClientNode::Consumer(consumer) = &client.node else { unreachable!("a producer reads nothing") };
    one(scene, client, consumer, None, None)
}

fn member_of<'v>(view: &'v GroupView, client: &ClientProcess, consumer: &Consumer) -> Option<&'v MemberView> {
    let id = consumer.generation().map(|generation| &generation.member_id).filter(|id| !id.is_empty());
    view.members.iter().find(|member| match (member.client, id) {
        (_, Some(id)) => member.member_id == *id,
        (Some(of), None) => of == client.id,
        (None, None) => false,
    })
}

/// It went away after the group was last stable.
fn left_lately(scene: &Scene<'_>, group: GroupNo, client: &ClientProcess) -> bool {
    let left = scene.last_of(Process::Client(client.id)).map(|event| event.at);
    match (left, scene.seen.stable_since(group)) {
        (Some(left), Some(stable)) => left > stable,
        _ => false,
    }
}

fn one(
    scene: &Scene<'_>,
    client: &ClientProcess,
    consumer: &Consumer,
    view: Option<&GroupView>,
    member: Option<&MemberView>,
) -> Member {
    let state = process_state(client);
    let alive = matches!(state, ProcessState::Running | ProcessState::Paused);
    let mine = if alive { owned(scene, client.id) } else { Vec::new() };
    let owns: Vec<String> = mine.iter().map(ToString::to_string).collect();
    let owns = if owns.is_empty() { scene.t("owns nothing", "소유 없음") } else { owns.join(", ") };
    let mark = mark(client, consumer, view, state, mine.is_empty());
    let activity = activity(scene, client, consumer, view, member);
    let name = client.recipe.name.to_string();
    let leads = member.zip(view).is_some_and(|(member, view)| view.leader.as_ref() == Some(&member.member_id));
    Member {
        client: client.id,
        mark,
        leads,
        phases: match (view, alive) {
            (Some(view), true) => phases(consumer, view, member, &mine),
            _ => NOTHING_TO_DO,
        },
        text: format!("{name}: {owns}, {activity}"),
        owns,
        activity,
        gone: !alive && member.is_none(),
        now: scene.place.client == Some(client.id),
        name,
    }
}

fn mark(
    client: &ClientProcess,
    consumer: &Consumer,
    view: Option<&GroupView>,
    state: ProcessState,
    owns_nothing: bool,
) -> MemberMark {
    match state {
        ProcessState::Closed => return MemberMark::Left,
        ProcessState::Killed => return MemberMark::Killed,
        ProcessState::Paused => return MemberMark::Paused,
        ProcessState::Running => {}
    }
    let generation = consumer.generation().map_or(-1, |generation| generation.id);
    let is_behind = view.is_some_and(|view| generation >= 0 && generation < view.generation);
    if is_behind && consumer.member_state() == Some(MemberState::Stable) {
        MemberMark::Fenced
    } else if client.application.process_us() >= SLOW_US {
        MemberMark::Slow
    } else if owns_nothing {
        MemberMark::Idle
    } else {
        MemberMark::Reading
    }
}

/// How far a member is with the four phases, as an eager rebalance has them.
fn phases(consumer: &Consumer, view: &GroupView, member: Option<&MemberView>, mine: &[TopicPartition]) -> [Phase; 4] {
    let generation = consumer.generation().map_or(-1, |generation| generation.id);
    let had_some = member.is_some_and(|member| !member.assignment.is_empty());
    let revoked = if had_some { Phase::Done } else { Phase::NotNeeded };
    let is_current = generation == view.generation && consumer.member_state() == Some(MemberState::Stable);
    match consumer.rebalance_phase() {
        RebalancePhase::Revoking => [Phase::UnderWay, Phase::ToCome, Phase::ToCome, Phase::ToCome],
        RebalancePhase::Joining => {
            let joined = member.is_some_and(|member| member.joining);
            let join = if joined { Phase::Done } else { Phase::UnderWay };
            [revoked, join, Phase::ToCome, Phase::ToCome]
        }
        RebalancePhase::Syncing => [revoked, Phase::Done, Phase::UnderWay, Phase::ToCome],
        RebalancePhase::None => match view.state {
            GroupState::PreparingRebalance if member.is_some() => {
                let revoke = if mine.is_empty() { revoked } else { Phase::ToCome };
                [revoke, Phase::ToCome, Phase::ToCome, Phase::ToCome]
            }
            GroupState::CompletingRebalance if is_current => [revoked, Phase::Done, Phase::Done, Phase::Done],
            GroupState::Stable if is_current && had_some && mine.is_empty() => {
                [Phase::Done, Phase::Done, Phase::Done, Phase::UnderWay]
            }
            _ => NOTHING_TO_DO,
        },
    }
}

fn activity(
    scene: &Scene<'_>,
    client: &ClientProcess,
    consumer: &Consumer,
    view: Option<&GroupView>,
    member: Option<&MemberView>,
) -> String {
    let at = scene.last_of(Process::Client(client.id)).map(|event| scene.ms(event.at)).unwrap_or_default();
    match process_state(client) {
        ProcessState::Killed => match member.and_then(|member| member.session_deadline) {
            Some(until) => {
                let left = scene.left(until);
                scene.t(&format!("killed, session ends in {left} ms"), &format!("강제 종료됨, 세션 종료까지 {left} ms"))
            }
            None => scene.t(&format!("killed at {at}"), &format!("{at}에 강제 종료됨")),
        },
        ProcessState::Closed => scene.t(&format!("left at {at}"), &format!("{at}에 나감")),
        ProcessState::Paused => scene.t(&format!("stands still since {at}"), &format!("{at}부터 멈춤")),
        ProcessState::Running => running(scene, client, consumer, view, member),
    }
}

fn running(
    scene: &Scene<'_>,
    client: &ClientProcess,
    consumer: &Consumer,
    view: Option<&GroupView>,
    member: Option<&MemberView>,
) -> String {
    if let Some((partition, offset, until)) = client.application.processing() {
        let (left, rest) = (scene.left(until), client.application.unprocessed().saturating_sub(1));
        return scene.t(
            &format!("processing {partition}@{offset}, {left} ms left, {rest} more"),
            &format!("{partition}@{offset} 처리 중, {left} ms 남음, {rest}건 더"),
        );
    }
    match consumer.rebalance_phase() {
        RebalancePhase::Revoking => return scene.t("giving its partitions back", "파티션 반납 중"),
        RebalancePhase::Joining => return scene.t("joining", "참가 요청 중"),
        RebalancePhase::Syncing => return scene.t("waiting for its assignment", "할당 대기 중"),
        RebalancePhase::None => {}
    }
    let mine = owned(scene, client.id);
    if mine.is_empty() {
        return without_partitions(scene, client, consumer, view, member);
    }
    match consumer.current_call().map(|call| call.kind) {
        Some(CallKind::CommitSync) => return scene.t("waits for its commit", "커밋 응답 대기"),
        None if !client.application.is_looping() => {
            return scene.t("waits for the next call", "다음 호출 대기");
        }
        _ => {}
    }
    if mine.iter().all(|partition| is_caught_up(scene, client.id, partition)) {
        scene.t("caught up", "따라잡음")
    } else {
        scene.t("reading", "읽는 중")
    }
}

fn without_partitions(
    scene: &Scene<'_>,
    client: &ClientProcess,
    consumer: &Consumer,
    view: Option<&GroupView>,
    member: Option<&MemberView>,
) -> String {
    let Some(view) =
        view.filter(|view| consumer.member_state() == Some(MemberState::Stable) && !view.members.is_empty())
    else {
        return match consumer.subscriptions().is_idle() {
            true => scene.t("has not subscribed", "구독 전"),
            false if consumer.current_call().is_some() => scene.t("finding its group", "그룹 찾는 중"),
            false if client.application.is_looping() => scene.t("starting", "시작 중"),
            false => scene.t("waits for the next poll()", "다음 poll() 대기"),
        };
    };
    let had_some = member.is_some_and(|member| !member.assignment.is_empty());
    match (view.state, had_some) {
        (GroupState::Stable, true) => return scene.t("takes its partitions over", "할당받은 파티션 인수 중"),
        (GroupState::Stable, false) => {}
        (_, true) => return scene.t("has given its partitions back", "파티션 반납함"),
        (_, false) => return scene.t("is to join again", "다시 참가할 차례"),
    }
    let (members, partitions) = (view.members.len() as u64, partitions_of(scene, view));
    let members_en = scene.count(members, "member", "members", "멤버", "명");
    let partitions_text = scene.count(partitions, "partition", "partitions", "파티션", "개");
    scene.t(&format!("idle: {members_en}, {partitions_text}"), &format!("유휴: {members_en}, {partitions_text}"))
}
