//! Consumer groups: state, members, and the rebalance as a grid.

use std::sync::Arc;

use super::grouped::SceneGroup;
use super::lanes_of_groups;
use super::members;
use super::model::{Group, Groups, LaneMark, LegendRow, Member, Phase};
use super::scene::Scene;
use crate::coordinator::group::GroupView;
use crate::event::GroupState;
use crate::ids::{ClientId, TopicPartition};
use crate::simulation::{ClientNode, Life};
use crate::sorted::InOrder;

pub(super) fn build(scene: &Scene<'_>) -> Groups {
    let groups: Vec<Arc<Group>> = scene.groups().iter().map(|group| Arc::new(one(scene, group))).collect();
    let alone: Vec<Member> = scene
        .clients()
        .filter(|client| matches!(&client.node, ClientNode::Consumer(c) if c.settings().group_id.is_none()))
        .map(|client| members::alone(scene, client))
        .collect();
    let empty = (groups.is_empty() && alone.is_empty()).then(|| {
        scene.t("Records stay where they are. Add a consumer.", "레코드가 그대로 남아 있습니다. 컨슈머를 추가하십시오.")
    });
    Groups { heading: scene.t("Consumer groups", "컨슈머 그룹"), groups, alone, legend: legend(scene), empty }
}

fn legend(scene: &Scene<'_>) -> Vec<LegendRow> {
    let row = |mark, en, ko| LegendRow { mark, text: scene.t(en, ko) };
    vec![
        row(LaneMark::Ghost, "was its reader, is gone", "읽던 컨슈머, 지금은 없음"),
        row(LaneMark::Committed, "committed by the group", "그룹이 커밋한 위치"),
        row(LaneMark::Position, "position of the reader", "읽는 쪽의 현재 위치"),
        row(LaneMark::Again, "read again after a crash", "죽으면 다시 읽는 구간"),
        row(LaneMark::Unread, "not read yet", "아직 읽지 않음"),
        row(LaneMark::Twice, "processed twice", "두 번 처리됨"),
        row(LaneMark::Lag, "lag = HW − committed", "랙 = HW − 커밋"),
        row(LaneMark::Ends, "LEO, HW, LSO: ends of a log", "LEO, HW, LSO: 로그의 끝"),
    ]
}

/// The sum of the lags of a group's partitions where something is committed; none where nothing is: Kafka's own tool
/// shows `-` then.
pub(super) fn lag(scene: &Scene<'_>, id: &str) -> Option<u64> {
    let offsets = scene.coordinator(id)?.offsets(id)?;
    let behind = |(partition, committed): (&TopicPartition, i64)| {
        let high = scene.log(scene.partition_no(partition)?)?.high_watermark();
        u64::try_from(high - committed).ok()
    };
    let known: Vec<u64> = offsets.iter().filter_map(|(partition, value)| behind((partition, value.offset))).collect();
    (!known.is_empty()).then(|| known.iter().sum())
}

/// As a text.
pub(super) fn lag_text(lag: Option<u64>) -> String {
    lag.map_or_else(|| "–".to_owned(), |lag| lag.to_string())
}

fn one(scene: &Scene<'_>, group: &SceneGroup<'_>) -> Group {
    let (no, id, view) = (group.no, group.id, group.view.as_ref());
    let state = group.live().map_or(GroupState::Empty, |view| view.state);
    let mut members = members::of_group(scene, group);
    let lag = lag(scene, id);
    let is_open = |phase: &Phase| matches!(phase, Phase::UnderWay | Phase::ToCome);
    let rebalancing = members.iter().any(|member| member.phases.iter().any(is_open))
        || matches!(state, GroupState::PreparingRebalance | GroupState::CompletingRebalance);
    if !rebalancing {
        // What is done is ticked off as long as others are not.
        for member in &mut members {
            member.phases = [Phase::NotNeeded; 4];
        }
    }
    Group {
        id: no,
        name: id.to_string(),
        state: match (group.live(), view) {
            (Some(view), _) => view.state.name().to_owned(),
            (None, Some(_)) => scene.t("no coordinator", "코디네이터 없음"),
            (None, None) => scene.t("not seen yet", "아직 없음"),
        },
        about: about(scene, group),
        detail: detail(scene, view, lag),
        lag,
        open: !scene.lens.folded_groups.contains(&no),
        rebalancing,
        phases: [scene.t("revoke", "회수"), scene.t("join", "참가"), scene.t("sync", "동기화"), scene.t("own", "소유")],
        now: scene.place.group == Some(no),
        members,
    }
}

/// `generation 5, coordinator B1`
fn about(scene: &Scene<'_>, group: &SceneGroup<'_>) -> String {
    let mut parts = Vec::new();
    if let Some(view) = group.view.as_ref().filter(|view| view.generation > 0) {
        let generation = view.generation;
        parts.push(match view.state {
            GroupState::PreparingRebalance => {
                let next = generation + 1;
                scene.t(&format!("generation {generation} → {next}"), &format!("세대 {generation} → {next}"))
            }
            _ => scene.t(&format!("generation {generation}"), &format!("세대 {generation}")),
        });
    }
    let sleeps = || scene.simulation.place_of_group(group.id).filter(|_| group.view.is_some());
    parts.push(match (coordinator(scene, group.id), sleeps()) {
        (Some(broker), _) => scene.t(&format!("coordinator B{broker}"), &format!("코디네이터 B{broker}")),
        (None, Some((_, broker))) if scene.simulation.broker_life(broker) == Life::Gone => {
            let broker = scene.broker_label(broker);
            scene.t(&format!("coordinator {broker} is down"), &format!("코디네이터 {broker} 꺼짐"))
        }
        (None, Some(_)) => scene.t("no coordinator now", "지금은 코디네이터 없음"),
        (None, None) => scene.t("no coordinator yet", "아직 코디네이터 없음"),
    });
    parts.join(", ")
}

/// The broker that has the group.
pub(super) fn coordinator(scene: &Scene<'_>, id: &str) -> Option<i32> {
    let has = |broker: &crate::ids::BrokerId| {
        scene.simulation.broker(*broker).is_some_and(|node| node.accepts_connections() && node.group(id).is_some())
    };
    scene.simulation.broker_ids().find(has).map(|broker| broker.0)
}

/// `range, lag 5`, `range, lag 5, waits 29 900.0 ms`: so long the coordinator waits for its members.
fn detail(scene: &Scene<'_>, view: Option<&GroupView>, lag: Option<u64>) -> String {
    let mut parts = Vec::new();
    if let Some(protocol) = view.and_then(|view| view.protocol.as_ref()) {
        parts.push(protocol.to_string());
    }
    let lag = lag_text(lag);
    parts.push(scene.t(&format!("lag {lag}"), &format!("랙 {lag}")));
    if let Some(view) = view
        && let Some(until) = view.join_deadline
    {
        let left = scene.left(until);
        parts.push(scene.t(&format!("waits {left} ms"), &format!("{left} ms 대기")));
    }
    parts.join(", ")
}

/// The partitions that a group's members own, by client.
pub(super) fn owned(scene: &Scene<'_>, client: ClientId) -> Vec<TopicPartition> {
    let Some(consumer) = scene.consumer(client) else { return Vec::new() };
    consumer.subscriptions().assigned_partitions().into_iter().collect()
}

/// How many partitions the topics of a group have.
pub(super) fn partitions_of(scene: &Scene<'_>, view: &GroupView) -> u64 {
    let mut topics: Vec<_> = view.members.iter().flat_map(|member| &member.topics).collect();
    topics.order();
    topics.dedup();
    let image = scene.simulation.image();
    topics.iter().filter_map(|topic| image.topics.get(*topic)).map(|topic| topic.partitions.len() as u64).sum()
}

/// Whether the reader of a group's partition has read all there is.
pub(super) fn is_caught_up(scene: &Scene<'_>, client: ClientId, partition: &TopicPartition) -> bool {
    let position = lanes_of_groups::position(scene, client, partition);
    let high = scene.partition_no(partition).and_then(|no| scene.log(no)).map(|log| log.high_watermark());
    match (position, high) {
        (Some(position), Some(high)) => i64::try_from(position).is_ok_and(|position| position >= high),
        _ => false,
    }
}
