//! The outline: the whole scene as a tree of texts, made from the other panels so that they cannot disagree.

use super::lens::Selection;
use super::model::{
    Cluster, Groups, Member, Node, Outline, Partition, Phase, Producer, Producers, Station, StationBody, StationState,
};
use super::scene::Scene;

pub(super) fn build(scene: &Scene<'_>, producers: &Producers, cluster: &Cluster, groups: &Groups) -> Outline {
    let root = |id: &str, text: &str, note: &str, children: Vec<Node>| Node {
        id: id.to_owned(),
        text: format!("{text}: {note}"),
        select: Selection::Nothing,
        now: children.iter().any(|child| child.now),
        children,
    };
    let of_producers = producers.producers.iter().map(|one| producer(scene, one)).collect();
    let mut of_cluster: Vec<Node> = cluster.brokers.iter().map(broker).collect();
    of_cluster.extend(cluster.partitions.iter().map(|one| partition(scene, one)));
    let of_groups = groups.groups.iter().map(|one| group(scene, groups, one));
    let alone = groups.alone.iter().map(|one| member(scene, "alone", &[], one));
    let of_groups: Vec<Node> = of_groups.chain(alone).collect();
    let counted = |count: usize| count.to_string();
    // What the strip says of a script that has stopped.
    let stopped = super::stopped::happened(scene)
        .map(|line| root("script", &scene.t("Script", "스크립트"), &line.plain(), Vec::new()));
    let roots = [
        root("producers", &producers.heading, &producers.note, of_producers),
        root("cluster", &cluster.heading, cluster.empty.as_ref().unwrap_or(&cluster.note), of_cluster),
        root("groups", &groups.heading, groups.empty.as_ref().unwrap_or(&counted(of_groups.len())), of_groups),
    ];
    Outline { roots: roots.into_iter().chain(stopped).collect() }
}

fn leaf(id: String, text: String, select: Selection, now: bool) -> Node {
    Node { id, text, select, now, children: Vec::new() }
}

fn producer(scene: &Scene<'_>, one: &Producer) -> Node {
    let id = format!("client-{}", one.client.0);
    let mut children: Vec<Node> = one.stations.iter().map(|at| station(scene, &id, at)).collect();
    if one.open {
        children.push(leaf(
            format!("{id}/memory"),
            format!("buffer.memory: {}", one.memory.text),
            Selection::Nothing,
            false,
        ));
    }
    Node {
        text: if one.about.is_empty() {
            one.summary.clone()
        } else {
            format!("{}, {}, {}", one.name, one.about, one.summary)
        },
        select: Selection::Client(one.client),
        now: children.iter().any(|child| child.now),
        children,
        id,
    }
}

fn state_text(scene: &Scene<'_>, state: StationState) -> String {
    let (en, ko) = match state {
        StationState::Passed => ("passed", "지남"),
        StationState::Now => ("now", "지금"),
        StationState::Ahead => ("ahead", "앞으로"),
        StationState::Blocked => ("blocked", "막힘"),
        StationState::Failed => ("failed", "실패"),
    };
    scene.t(en, ko)
}

fn station(scene: &Scene<'_>, parent: &str, one: &Station) -> Node {
    let mut text = format!("{} {}, {}", one.number, one.title, state_text(scene, one.state));
    for part in one.note.iter().cloned().chain(one.chips.iter().map(|chip| format!("{}={}", chip.setting, chip.value)))
    {
        text.push_str(", ");
        text.push_str(&part);
    }
    let id = format!("{parent}/station-{}", one.number);
    let children = body(scene, &id, &one.body);
    let now = one.state == StationState::Now || children.iter().any(|child| child.now);
    Node { id, text, select: Selection::Nothing, now, children }
}

fn body(scene: &Scene<'_>, id: &str, body: &StationBody) -> Vec<Node> {
    let line = |n: usize, text: String| leaf(format!("{id}/{n}"), text, Selection::Nothing, false);
    match body {
        StationBody::Empty => Vec::new(),
        StationBody::Record { key, value, headers, .. } => {
            let headers = headers.iter().cloned();
            std::iter::once(format!("{key} → {value}"))
                .chain(headers)
                .enumerate()
                .map(|(n, text)| line(n, text))
                .collect()
        }
        StationBody::Serialize { key, value } => {
            let shown = |part: &Option<(String, String)>| match part {
                Some((hex, size)) => format!("{hex}, {size}"),
                None => "null".to_owned(),
            };
            vec![
                line(0, scene.t(&format!("key {}", shown(key)), &format!("키 {}", shown(key)))),
                line(1, scene.t(&format!("value {}", shown(value)), &format!("값 {}", shown(value)))),
            ]
        }
        StationBody::Partition { text, .. } => vec![line(0, text.clone())],
        StationBody::Accumulate { deques, waits } => {
            let of_deque = deques.iter().enumerate().map(|(n, deque)| {
                let tiles = deque.tiles.iter();
                let children: Vec<Node> = tiles
                    .map(|tile| {
                        let id = format!("{id}/batch-{}", tile.batch.number);
                        leaf(id, tile.text.clone(), Selection::Batch(tile.batch), tile.now)
                    })
                    .collect();
                let now = children.iter().any(|child| child.now);
                let text = format!("{}, {}", deque.partition, deque.note);
                Node { id: format!("{id}/{n}"), text, select: Selection::Nothing, now, children }
            });
            of_deque.chain(waits.iter().map(|text| line(usize::MAX, text.clone()))).collect()
        }
        StationBody::Send { rows } => rows
            .iter()
            .map(|row| {
                let children: Vec<Node> = row
                    .requests
                    .iter()
                    .map(|request| {
                        let id = format!("{id}/request-{}", request.correlation_id);
                        leaf(id, request.text.clone(), request.select, request.tone == super::model::Tone::Now)
                    })
                    .collect();
                let used = row.slots.iter().filter(|slot| **slot != super::model::SlotState::Free).count();
                let slots = row.slots.len();
                let text = match &row.note {
                    Some(note) => format!("{}, {}", row.label, note.text),
                    None => scene.t(
                        &format!("{}, {used} of {slots} in flight", row.label),
                        &format!("{}, 응답 대기 {used} / {slots}", row.label),
                    ),
                };
                let now = children.iter().any(|child| child.now);
                let select = Selection::Broker(crate::ids::BrokerId(row.broker));
                Node { id: format!("{id}/{}", row.label), text, select, now, children }
            })
            .collect(),
        StationBody::Result { tries, then, result } => {
            let tries = tries.iter().map(|piece| piece.text.clone());
            let end = result.iter().map(|result| match then {
                Some(then) => format!("{then} {result}"),
                None => result.clone(),
            });
            tries.chain(end).enumerate().map(|(n, text)| line(n, text)).collect()
        }
    }
}

fn broker(one: &super::model::Broker) -> Node {
    let text = format!("{}, {}", one.name, one.text);
    leaf(format!("broker-{}", one.id.0), text, Selection::Broker(one.id), one.now)
}

fn partition(scene: &Scene<'_>, one: &Partition) -> Node {
    let id = format!("partition-{}", one.name);
    let text =
        format!("{}, {}, {}, LEO {}, HW {}", one.name, one.leader_text, one.isr_text, one.log_end, one.high_watermark);
    let mut children: Vec<Node> = Vec::new();
    children
        .extend(one.older_text.iter().map(|text| leaf(format!("{id}/older"), text.clone(), Selection::Nothing, false)));
    children.extend(one.cells.iter().map(|cell| {
        let select = Selection::Offset(one.id, cell.offset);
        leaf(format!("{id}/{}", cell.offset), cell.label.clone(), select, cell.now)
    }));
    children
        .extend(one.newer_text.iter().map(|text| leaf(format!("{id}/newer"), text.clone(), Selection::Nothing, false)));
    children.extend(one.empty.iter().map(|text| leaf(format!("{id}/empty"), text.clone(), Selection::Nothing, false)));
    children.extend(one.replicas.iter().map(|replica| {
        let mut text = format!("{}, {}", replica.label, replica.text);
        if replica.offline {
            text.push_str(&scene.t(", offline", ", 꺼짐"));
        }
        if !replica.in_sync {
            text.push_str(&scene.t(", not in sync", ", ISR 아님"));
        }
        leaf(format!("{id}/{}", replica.label), text, Selection::Broker(replica.broker), false)
    }));
    children.extend(
        one.lanes
            .iter()
            .map(|lane| leaf(format!("{id}/{}", lane.name), lane.text.clone(), Selection::Group(lane.group), lane.now)),
    );
    let now = one.now.is_some() || children.iter().any(|child| child.now);
    Node { id, text, select: Selection::Partition(one.id), now, children }
}

fn group(scene: &Scene<'_>, groups: &Groups, one: &super::model::Group) -> Node {
    let id = format!("group-{}", one.name);
    let phases: &[String] = if one.rebalancing { &one.phases } else { &[] };
    debug_assert!(groups.groups.iter().any(|group| group.id == one.id));
    let children: Vec<Node> = one.members.iter().map(|of| member(scene, &id, phases, of)).collect();
    Node {
        text: format!("{}, {}, {}, {}", one.name, one.state, one.about, one.detail),
        select: Selection::Group(one.id),
        now: one.now || children.iter().any(|child| child.now),
        children,
        id,
    }
}

fn member(scene: &Scene<'_>, parent: &str, phases: &[String], one: &Member) -> Node {
    let mut text = one.text.clone();
    for (name, phase) in phases.iter().zip(one.phases) {
        let (en, ko) = match phase {
            Phase::Done => ("done", "완료"),
            Phase::UnderWay => ("under way", "진행 중"),
            Phase::ToCome => ("to come", "예정"),
            Phase::NotNeeded => ("not needed", "필요 없음"),
        };
        text.push_str(&format!(", {name} {}", scene.t(en, ko)));
    }
    leaf(format!("{parent}/client-{}", one.client.0), text, Selection::Client(one.client), one.now)
}
