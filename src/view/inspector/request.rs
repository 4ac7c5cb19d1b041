//! A request and its answer.

use super::super::Selection;
use super::super::model::Inspector;
use super::super::scene::Scene;
use super::{Fields, chain};
use crate::broker::Parked;
use crate::explain::bytes;
use crate::ids::{BrokerId, ConnectionId};
use crate::network::Parcel;
use crate::timeline::MessageSpan;
use crate::wire::{Frame, Request};

pub(super) fn build(scene: &Scene<'_>, connection: ConnectionId, id: i32) -> Option<Inspector> {
    let spans = scene.timeline.moves().spans();
    let of = |span: &&MessageSpan| span.connection == connection && span.correlation_id == id;
    let request = spans.iter().filter(of).find(|span| span.is_request)?;
    let answer = spans.iter().filter(of).find(|span| !span.is_request);
    let (client_id, broker) = (connection.client()?, request.acceptor.broker()?);
    let client = scene.client_name(client_id);
    let mut fields = Fields::new(scene);
    let route = format!("{client} → {}", scene.broker_label(broker));
    fields.link("Route", "경로", route, Selection::Client(client_id));
    fields.mono("Sent", "보낸 시각", format!("{} ms", scene.ms(request.sent_at)));
    let passed = |span: &MessageSpan| span.sent_in <= scene.timeline.position();
    match answer.filter(|span| passed(span)) {
        Some(MessageSpan { arrives_at: Some(at), .. }) => {
            fields.mono("Answer", "응답", format!("{} ms", scene.ms(*at)));
        }
        Some(_) => fields.tell("Answer", "응답", "dropped on the way", "도중에 사라짐"),
        None => fields.tell("Answer", "응답", "not yet", "아직 없음"),
    }
    let frame = find(scene, connection, broker, id);
    if let Some(frame) = &frame {
        fields.mono("Version", "버전", frame.version.to_string());
        fields.mono("Size", "크기", bytes(u64::from(frame.body_bytes())));
        if let Some(body) = frame.request() {
            self::body(scene, body, &mut fields);
        }
    }
    carried(scene, connection, id, &mut fields);
    Some(Inspector {
        select: Selection::Request(connection, id),
        kind: scene.t("Request", "요청"),
        name: format!("#{id} {}", request.api.name()),
        path: format!("{client} › #{id}"),
        glyphs: Vec::new(),
        fields: fields.all,
        bytes: None,
        chain_heading: chain::heading(scene),
        chain: if scene.place.request == Some((connection, id)) { chain::of_now(scene) } else { Vec::new() },
        note: None,
    })
}

/// The request itself, while it is under way or waits at its broker.
fn find(scene: &Scene<'_>, connection: ConnectionId, broker: BrokerId, id: i32) -> Option<Frame> {
    let fits = |frame: &Frame| frame.is_request() && frame.correlation_id == id;
    let under_way = scene.simulation.network().under_way().filter(|(_, delivery)| delivery.connection == connection);
    for (_, delivery) in under_way {
        if let Parcel::Frame(frame) = &delivery.parcel
            && fits(frame)
        {
            return Some(Frame::clone(frame));
        }
    }
    let at_broker = scene.simulation.broker(broker)?.connections().get(&connection)?;
    let parked = match at_broker.parked() {
        Some(Parked::Fetch(fetch)) => Some(&fetch.frame),
        Some(Parked::Produce(produce)) => Some(&produce.frame),
        Some(Parked::DeleteRecords(delete)) => Some(&delete.frame),
        Some(Parked::Controller { frame, .. } | Parked::Group { frame, .. }) => Some(frame),
        Some(Parked::Forever) | None => None,
    };
    let queued = at_broker.queued().iter().map(|queued| &queued.frame);
    parked.into_iter().chain(queued).find(|frame| fits(frame)).map(|frame| Frame::clone(frame))
}

/// The batches that a producer's request in flight carries.
fn carried(scene: &Scene<'_>, connection: ConnectionId, id: i32, fields: &mut Fields<'_, '_>) {
    let Some(client) = connection.client() else { return };
    let Some(producer) = scene.producer(client) else { return };
    let requests = producer.requests();
    let Some(request) = requests.iter().find(|r| r.connection == connection && r.correlation_id == id) else { return };
    for batch in &request.batches {
        let Some(live) = producer.batch(batch.number, scene.now) else { continue };
        let records = scene.records(live.records.len() as u64);
        let text = format!("{}, {records}", scene.partition_name(live.partition));
        fields.link("Batch", "배치", text, Selection::Batch(*batch));
    }
    let left = crate::time::Instant::from_millis(request.deadline_ms);
    fields.chip("Given up", "포기", client, "request.timeout.ms", &format!("{} ms", scene.ms(left)));
}

/// The fields that matter of a request, under Kafka's own names.
fn body(scene: &Scene<'_>, request: &Request, fields: &mut Fields<'_, '_>) {
    let mut field = |name: &'static str, value: String| fields.mono(name, name, value);
    match request {
        Request::Produce(body) => {
            field("acks", body.acks.to_string());
            field("timeoutMs", body.timeout_ms.to_string());
        }
        Request::Fetch(body) => {
            field("maxWaitMs", body.max_wait_ms.to_string());
            field("minBytes", body.min_bytes.to_string());
            field("maxBytes", body.max_bytes.to_string());
            field("sessionId", body.session_id.to_string());
            field("sessionEpoch", body.session_epoch.to_string());
            for topic in &body.topics {
                let name = scene
                    .simulation
                    .image()
                    .topic_names
                    .get(&topic.topic_id)
                    .map_or_else(|| topic.topic.to_string(), ToString::to_string);
                for partition in &topic.partitions {
                    field("fetchOffset", format!("{name}-{}@{}", partition.partition, partition.fetch_offset));
                }
            }
        }
        Request::JoinGroup(body) => {
            field("groupId", body.group_id.to_string());
            field("memberId", or_none(&body.member_id));
            field("sessionTimeoutMs", body.session_timeout_ms.to_string());
            field("rebalanceTimeoutMs", body.rebalance_timeout_ms.to_string());
            let protocols: Vec<String> = body.protocols.iter().map(|protocol| protocol.name.to_string()).collect();
            field("protocols", protocols.join(", "));
        }
        Request::SyncGroup(body) => {
            field("groupId", body.group_id.to_string());
            field("generationId", body.generation_id.to_string());
            field("memberId", or_none(&body.member_id));
            field("assignments", body.assignments.len().to_string());
        }
        Request::Heartbeat(body) => {
            field("groupId", body.group_id.to_string());
            field("generationId", body.generation_id.to_string());
            field("memberId", or_none(&body.member_id));
        }
        Request::LeaveGroup(body) => field("groupId", body.group_id.to_string()),
        Request::OffsetCommit(body) => {
            field("groupId", body.group_id.to_string());
            field("generationId", body.generation_id_or_member_epoch.to_string());
            for topic in &body.topics {
                for partition in &topic.partitions {
                    let at = format!("{}-{}@{}", &*topic.name, partition.partition_index, partition.committed_offset);
                    field("committedOffset", at);
                }
            }
        }
        Request::InitProducerId(body) => {
            field("producerId", body.producer_id.0.to_string());
            field("producerEpoch", body.producer_epoch.to_string());
        }
        _ => {}
    }
}

fn or_none(text: &str) -> String {
    if text.is_empty() { "\"\"".to_owned() } else { text.to_owned() }
}
