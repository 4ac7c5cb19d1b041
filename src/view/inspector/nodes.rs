//! A partition, a broker, a client, a group.

use super::super::Selection;
use super::super::cluster::{broker_state, broker_text, leads};
use super::super::model::{Inspector, ProcessState};
use super::super::processes::{process_state, state_text};
use super::super::scene::Scene;
use super::super::tape::Ends;
use super::super::{groups, lanes_of_groups};
use super::{Fields, chain};
use crate::client::consumer::Consumer;
use crate::client::producer::Producer;
use crate::explain::bytes;
use crate::ids::{BrokerId, ClientId, GroupNo, PartitionNo};
use crate::lang::{Text, text};
use crate::simulation::{ClientNode, ClientProcess};
use crate::sorted::InOrder;

fn made(scene: &Scene<'_>, select: Selection, kind: Text, name: String, fields: Fields<'_, '_>) -> Inspector {
    let here = scene.place.selection() == select;
    Inspector {
        select,
        kind: scene.said(kind),
        path: name.clone(),
        name,
        glyphs: Vec::new(),
        fields: fields.all,
        bytes: None,
        chain_heading: chain::heading(scene),
        chain: if here { chain::of_now(scene) } else { Vec::new() },
        note: None,
    }
}

pub(super) fn partition(scene: &Scene<'_>, partition: PartitionNo) -> Option<Inspector> {
    let registration = scene.registration(partition)?;
    let log = scene.log(partition)?;
    let mut fields = Fields::new(scene);
    match registration.leader {
        Some(leader) => {
            let epoch = registration.leader_epoch;
            let label = scene.broker_label(leader);
            let text = scene.t(&format!("{label}, epoch {epoch}"), &format!("{label}, 에포크 {epoch}"));
            fields.link("Leader", "리더", text, Selection::Broker(leader));
        }
        None => fields.tell("Leader", "리더", "none, producers wait", "없음, 프로듀서 대기"),
    }
    let listed = |all: &[BrokerId]| all.iter().map(|broker| broker.0.to_string()).collect::<Vec<_>>().join(", ");
    let (isr, all) = (listed(&registration.isr), listed(&registration.replicas));
    fields.tell("ISR", "ISR", &format!("{{{isr}}} of {{{all}}}"), &format!("{{{isr}}} / {{{all}}}"));
    // What the instant still brings behind the told event is not there yet.
    let ends = Ends::of(scene, partition, Some(log));
    let is_told = |offset: i64| u64::try_from(offset).is_ok_and(|offset| offset < ends.end);
    let untold = log.batches().rev().take_while(|batch| !is_told(batch.base_offset)).count();
    let held = (log.batches_count() - untold) as u64;
    // The batches stand side by side: from where the first begins to where the last ends.
    let begins = log.batches().next().map_or(0, |batch| batch.position);
    let size = log.batches().rev().nth(untold).map_or(0, |batch| batch.end_position() - begins);
    fields.mono("LEO, HW", "LEO, HW", format!("{}, {}", ends.end, ends.high_watermark));
    fields.mono("LSO", "LSO", ends.last_stable.to_string());
    fields.mono("Log start", "로그 시작", ends.start.to_string());
    fields.mono("Size", "크기", bytes(u64::try_from(size).unwrap_or(0)));
    let batches = scene.count(held, "batch", "batches", "배치", "개");
    let segments = scene.count(log.segments().len() as u64, "segment", "segments", "세그먼트", "개");
    fields.say("Holds", "내용", format!("{batches}, {segments}"));
    for lane in lanes_of_groups::build(scene, partition, ends.high_watermark) {
        fields.link(
            &lane.name,
            &lane.name,
            format!("{}, {}", lane.reader_text, lane.lag_text),
            Selection::Group(lane.group),
        );
    }
    for entry in log.producers().producers() {
        let told = entry.batches().iter().rfind(|batch| is_told(batch.first_offset()));
        let Some((id, last)) = told.map(|batch| (entry.producer_id, batch.last_sequence)) else { continue };
        fields.tell(
            "Producer",
            "프로듀서",
            &format!("id {id}, last sequence {last}"),
            &format!("id {id}, 마지막 시퀀스 {last}"),
        );
    }
    Some(made(
        scene,
        Selection::Partition(partition),
        text("Partition", "파티션"),
        scene.partition_name(partition),
        fields,
    ))
}

pub(super) fn broker(scene: &Scene<'_>, id: BrokerId) -> Option<Inspector> {
    let node = scene.simulation.broker(id)?;
    let mut fields = Fields::new(scene);
    fields.say("State", "상태", broker_text(scene, id, broker_state(scene, id)));
    let led = leads(scene, id);
    fields.mono("Leads", "리더", if led.is_empty() { "—".to_owned() } else { led.join(", ") });
    let coordinated: Vec<String> = scene
        .groups()
        .iter()
        .filter(|group| groups::coordinator(scene, group.id) == Some(id.0))
        .map(|group| group.id.to_string())
        .collect();
    if !coordinated.is_empty() {
        fields.say("Coordinates", "코디네이터", coordinated.join(", "));
    }
    let clients: Vec<String> = node.connections().keys().filter_map(|c| Some(scene.client_name(c.client()?))).collect();
    let mut clients = clients;
    clients.order();
    clients.dedup();
    fields.say("Connected", "연결", clients.join(", "));
    let waiting = node.connections().values().filter(|connection| connection.parked().is_some()).count();
    fields.tell("Waiting", "대기", &format!("{waiting} requests"), &format!("요청 {waiting}개"));
    Some(made(scene, Selection::Broker(id), text("Broker", "브로커"), scene.broker_label(id), fields))
}

pub(super) fn client(scene: &Scene<'_>, id: ClientId) -> Option<Inspector> {
    let process = scene.client(id)?;
    let mut fields = Fields::new(scene);
    if let Some(state) = state_text(scene, process) {
        fields.say("State", "상태", state);
    }
    let kind = match &process.node {
        ClientNode::Producer(node) => {
            producer(scene, node, &mut fields);
            text("Producer", "프로듀서")
        }
        ClientNode::Consumer(node) => {
            consumer(scene, process, node, &mut fields);
            text("Consumer", "컨슈머")
        }
    };
    Some(made(scene, Selection::Client(id), kind, process.recipe.name.to_string(), fields))
}

fn producer(scene: &Scene<'_>, node: &Producer, fields: &mut Fields<'_, '_>) {
    if let Some(manager) = node.transaction_manager() {
        let id = manager.producer_id_and_epoch();
        let text = if id.is_valid() { format!("{}, {}", id.producer_id, id.epoch) } else { "—".to_owned() };
        fields.mono("Id, epoch", "id, 에포크", text);
    }
    fields.say("Sent", "보냄", scene.records(u64::from(node.records_sent())));
    fields.say("Open", "응답 대기", scene.records(u64::from(node.incomplete_records())));
    let pool = &node.accumulator().pool;
    let (free, total) = (bytes(pool.available_memory()), bytes(pool.total_memory()));
    fields.tell("Memory", "메모리", &format!("{free} of {total} free"), &format!("{total} 중 {free} 비어 있음"));
    let requests = node.requests().len();
    fields.tell("In flight", "응답 대기 요청", &format!("{requests} requests"), &format!("{requests}개"));
}

fn consumer(scene: &Scene<'_>, process: &ClientProcess, node: &Consumer, fields: &mut Fields<'_, '_>) {
    if let Some(group) = scene.group_of(process).and_then(|group| scene.group(group)) {
        let name = group.id;
        let generation = node.generation().map_or(-1, |generation| generation.id);
        let text = match generation {
            ..=-1 => scene.t(&format!("{name}, not a member"), &format!("{name}, 멤버 아님")),
            n => scene.t(&format!("{name}, generation {n}"), &format!("{name}, 세대 {n}")),
        };
        fields.link("Group", "그룹", text, Selection::Group(group.no));
    }
    let owns: Vec<String> = groups::owned(scene, process.id).iter().map(ToString::to_string).collect();
    fields.mono("Owns", "소유", if owns.is_empty() { "—".to_owned() } else { owns.join(", ") });
    let group = node.settings().group_id.clone();
    for state in node.subscriptions().assignment().iter() {
        let position = state.position.map_or_else(|| "—".to_owned(), |position| position.offset.to_string());
        let committed = group.as_ref().and_then(|group| scene.committed(group, &state.partition));
        let committed = committed.map_or_else(|| "—".to_owned(), |offset| offset.to_string());
        let name = state.partition.to_string();
        let buffered = node.buffered(&state.partition);
        fields.tell(
            &name,
            &name,
            &format!("position {position}, committed {committed}, {buffered} fetched ahead"),
            &format!("읽기 위치 {position}, 커밋 {committed}, 미리 가져옴 {buffered}건"),
        );
    }
    if process_state(process) == ProcessState::Running {
        due(scene, process.id, node, fields);
    }
}

/// When the member's timers run out.
fn due(scene: &Scene<'_>, client: ClientId, node: &Consumer, fields: &mut Fields<'_, '_>) {
    let left = |until: crate::time::Instant| {
        let left = scene.left(until);
        scene.t(&format!("in {left} ms"), &format!("{left} ms 뒤"))
    };
    if let Some(until) = node.heartbeat_due() {
        fields.chip("Heartbeat", "하트비트", client, "heartbeat.interval.ms", &left(until));
    }
    if let Some(until) = node.session_due() {
        fields.chip("Session", "세션", client, "session.timeout.ms", &left(until));
    }
    if let Some(until) = node.poll_due() {
        fields.chip("Poll", "poll", client, "max.poll.interval.ms", &left(until));
    }
    if let Some(until) = node.auto_commit_due() {
        fields.chip("Auto commit", "자동 커밋", client, "auto.commit.interval.ms", &left(until));
    }
}

pub(super) fn group(scene: &Scene<'_>, no: GroupNo) -> Option<Inspector> {
    let group = scene.group(no)?;
    let id = group.id;
    let mut fields = Fields::new(scene);
    match &group.view {
        Some(view) => {
            match group.is_coordinated {
                true => fields.mono("State", "상태", view.state.name()),
                false => {
                    fields.tell("State", "상태", "no coordinator: as the log has it", "코디네이터 없음, 로그 기준");
                }
            }
            fields.mono("Generation", "세대", view.generation.to_string());
            fields.mono("Assignor", "할당 방식", view.protocol.as_deref().unwrap_or("—"));
            for member in &view.members {
                let owned: Vec<String> = member.assignment.iter().map(ToString::to_string).collect();
                let owned = if owned.is_empty() { "—".to_owned() } else { owned.join(", ") };
                let select = member.client.map_or(Selection::Nothing, Selection::Client);
                fields.link(&member.client_id, &member.client_id, owned, select);
            }
        }
        None => fields.tell("State", "상태", "no coordinator knows it", "코디네이터가 모르는 그룹"),
    }
    if let Some(broker) = groups::coordinator(scene, id) {
        fields.link("Coordinator", "코디네이터", format!("B{broker}"), Selection::Broker(BrokerId(broker)));
    }
    fields.mono("Lag", "랙", groups::lag_text(groups::lag(scene, id)));
    if let Some(offsets) = scene.coordinator(id).and_then(|coordinator| coordinator.offsets(id)) {
        for (partition, value) in offsets {
            let name = partition.to_string();
            let offset = value.offset;
            fields.tell(&name, &name, &format!("committed {offset}"), &format!("커밋 {offset}"));
        }
    }
    Some(made(scene, Selection::Group(no), text("Group", "그룹"), id.to_string(), fields))
}

#[cfg(test)]
mod tests {
    use super::super::super::{Lens, View};
    use super::*;
    use crate::script::parse;
    use crate::timeline::Timeline;

    /// Of a log its batches as far as they are told are counted from behind; the sum is that of them all.
    #[test]
    fn a_partition_holds_what_is_told_of_its_log() {
        let (script, _) = parse(
            "cluster brokers=1 seed=3\ntopic t partitions=1\nproducer p linger.ms=0\nsend p t value=1\nwait sent p\n\
             send p t value=22\nwait sent p\nsend p t value=333\nwait sent p\n",
        );
        let mut timeline = Timeline::new(&script).expect("it can be played");
        let mut seen = Vec::new();
        while timeline.position() < 500 && timeline.forward() {
            let Some(topic) = timeline.simulation().names().topic_no("t") else { continue };
            let selected = Selection::Partition(PartitionNo { topic, partition: 0 });
            let view = View::of(&timeline, &Lens { selected, ..Lens::default() });
            let said = |name: &str| view.inspector.fields.iter().find(|of| of.name == name).map(|of| of.value.plain());
            let found = (said("Holds"), said("Size"));
            if found.0.is_some() && seen.last() != Some(&found) {
                seen.push(found);
            }
        }
        let seen: Vec<String> = seen.into_iter().map(|(a, b)| format!("{} {}", a.unwrap(), b.unwrap())).collect();
        assert_eq!(seen.first().map(String::as_str), Some("0 batches, 1 segment 0 B"));
        let sizes = [69, 139, 210].map(|size| format!("{size} B"));
        assert_eq!(seen.len(), 4, "{seen:?}");
        for (n, (said, size)) in seen[1..].iter().zip(sizes).enumerate() {
            let batches = if n == 0 { "1 batch".to_owned() } else { format!("{} batches", n + 1) };
            assert_eq!(*said, format!("{batches}, 1 segment {size}"));
        }
    }
}
