//! The groups on a partition: who reads it, what is committed, how far the reader is.

use super::grouped::{SceneGroup, group_id};
use super::members::{self, GroupTie};
use super::model::GroupLane;
use super::scene::Scene;
use crate::ids::{ClientId, GroupNo, PartitionNo, TopicPartition};
use crate::lang::Lang;
use crate::simulation::{ClientNode, ClientProcess, Life};
use crate::sorted::InOrder;

/// A lane for each group whose members subscribe to the topic, or that has committed here.
pub(super) fn build(scene: &Scene<'_>, partition: PartitionNo, high_watermark: u64) -> Vec<GroupLane> {
    let name = scene.topic_partition(partition);
    let lanes = scene.groups().iter().filter_map(|group| lane(scene, partition, &name, group, high_watermark));
    lanes.collect()
}

fn lane(
    scene: &Scene<'_>,
    partition: PartitionNo,
    name: &TopicPartition,
    of: &SceneGroup<'_>,
    high_watermark: u64,
) -> Option<GroupLane> {
    let (group, id) = (of.no, of.id);
    let owners = Owners::of(scene, of, name);
    let reader = owners.reader;
    let held = owners.held.filter(|_| reader.is_none());
    let committed = scene.committed(id, name).and_then(|offset| u64::try_from(offset).ok());
    if reader.is_none() && committed.is_none() && !subscribes(scene, group, name) {
        return None;
    }
    let position = reader.and_then(|client| position(scene, client.id, name));
    let lag = committed.map(|committed| high_watermark.saturating_sub(committed));
    let twice = twice(scene, group, partition);
    let reader_text = match reader.or(held) {
        Some(client) => client.recipe.name.to_string(),
        None => scene.t("free", "없음"),
    };
    let told = match held {
        Some(_) => scene.t(&format!("{reader_text}, which is gone"), &format!("{reader_text}(종료됨)")),
        None => reader_text.clone(),
    };
    let lag_text = match lag {
        Some(lag) => scene.t(&format!("lag {lag}"), &format!("랙 {lag}")),
        None => scene.t("nothing committed", "커밋 없음"),
    };
    let range = |from: u64, to: u64| (from < to).then_some((from, to));
    let touched = scene.place.partition == Some(partition);
    Some(GroupLane {
        group,
        name: id.to_string(),
        text: text(scene, id, &told, committed, position, &lag_text),
        reader: reader.map(|client| client.id),
        reader_text,
        held: held.is_some(),
        ghosts: owners.ghosts,
        committed,
        position,
        lag,
        lag_text,
        again: committed.zip(position).and_then(|(from, to)| range(from, to)),
        unread: position.and_then(|position| range(position, high_watermark)),
        twice,
        now: touched && (scene.place.group == Some(group) || reader.is_some_and(|r| scene.place.client == Some(r.id))),
    })
}

fn text(
    scene: &Scene<'_>,
    group: &str,
    reader: &str,
    committed: Option<u64>,
    position: Option<u64>,
    lag: &str,
) -> String {
    let offset = |offset: Option<u64>| offset.map_or_else(|| "—".to_owned(), |offset| offset.to_string());
    let (committed, position) = (offset(committed), offset(position));
    match scene.lang {
        Lang::En => format!("{group}: reader {reader}, committed {committed}, position {position}, {lag}"),
        Lang::Ko => format!("{group}: 읽는 쪽 {reader}, 커밋 {committed}, 읽기 위치 {position}, {lag}"),
    }
}

/// Who has a partition, and who only had it.
#[derive(Default)]
struct Owners<'a> {
    reader: Option<&'a ClientProcess>,
    /// Its process is gone, its group does not know it yet.
    held: Option<&'a ClientProcess>,
    ghosts: Vec<ClientId>,
}

impl<'a> Owners<'a> {
    fn of(scene: &Scene<'a>, group: &SceneGroup<'_>, partition: &TopicPartition) -> Owners<'a> {
        let mut owners = Owners::default();
        for client in scene.simulation.clients() {
            let ClientNode::Consumer(consumer) = &client.node else { continue };
            let is_of_group = group_id(client).is_some_and(|id| **id == **group.id);
            if !is_of_group || client.closed || !consumer.subscriptions().is_assigned(partition) {
                continue;
            }
            let tie = GroupTie::of(group, client, consumer);
            if client.life != Life::Gone && tie != GroupTie::Expelled {
                owners.reader = owners.reader.or(Some(client));
            } else if members::is_shown(scene, group, client, tie) {
                owners.ghosts.push(client.id);
                owners.held = owners.held.or(Some(client).filter(|_| tie == GroupTie::Member));
            }
        }
        owners
    }
}

/// The offset that a consumer reads next.
pub(super) fn position(scene: &Scene<'_>, client: ClientId, partition: &TopicPartition) -> Option<u64> {
    let state = scene.consumer(client)?.subscriptions().get(partition)?;
    u64::try_from(state.position?.offset).ok()
}

fn subscribes(scene: &Scene<'_>, group: GroupNo, partition: &TopicPartition) -> bool {
    scene.clients().any(|client| {
        let ClientNode::Consumer(consumer) = &client.node else { return false };
        scene.group_of(client) == Some(group) && consumer.subscriptions().subscription().contains(&partition.topic)
    })
}

/// The offsets that some consumer of the group processed once more.
fn twice(scene: &Scene<'_>, group: GroupNo, partition: PartitionNo) -> Vec<(u64, u64)> {
    let clients = scene.simulation.clients().iter().filter(|client| scene.group_of(client) == Some(group));
    let mut ranges: Vec<(u64, u64)> = clients
        .filter_map(|client| scene.seen.twice(client.id, partition))
        .flat_map(|intervals| intervals.iter())
        .collect();
    ranges.order();
    ranges.dedup();
    ranges
}
