//! The wires: connections, and the messages under way on them.

use super::Selection;
use super::model::{Direction, Glyph, Link, Token, Wires};
use super::scene::Scene;
use crate::client::producer::RequestView;
use crate::ids::{BatchId, BrokerId, ClientId, PartitionNo, TopicPartition};
use crate::lang::Lang;
use crate::network::{Delivery, Parcel};
use crate::simulation::{ClientNode, Life};
use crate::time::Instant;
use crate::wire::{Api, Frame};

/// Messages that are drawn at most; further ones appear at their end.
const TOKENS: usize = 24;
/// Glyphs on a token.
const GLYPHS: usize = 5;
/// Requests that only keep things going are drawn only when they are what happens now.
const QUIET: [Api; 4] = [Api::Heartbeat, Api::Metadata, Api::ApiVersions, Api::Fetch];
/// The administrator has the first number.
const ADMIN: ClientId = ClientId(0);

pub(super) fn build(scene: &Scene<'_>) -> Wires {
    let network = scene.simulation.network();
    let of_user = |client: ClientId| client != ADMIN;
    // A process that is gone holds no connection, whatever its broker still believes.
    let is_held = |client: &ClientId| of_user(*client) && scene.client(*client).is_some_and(|of| of.life != Life::Gone);
    let links = network.connections().filter_map(|(id, acceptor, dark)| {
        let client = id.client().filter(is_held)?;
        Some(Link { client, broker: acceptor.broker()?.0, dark })
    });
    let mut links: Vec<Link> = links.collect();
    links.dedup_by_key(|link| (link.client, link.broker));
    let tokens = network
        .under_way()
        .filter(|(_, delivery)| delivery.connection.client().is_some_and(of_user))
        .filter_map(|(at, delivery)| token(scene, at, delivery));
    let tokens: Vec<Token> =
        tokens.chain(scene.clients().flat_map(|client| arrived(scene, client.id))).take(TOKENS).collect();
    Wires { links, tokens }
}

fn token(scene: &Scene<'_>, at: Instant, delivery: &Delivery) -> Option<Token> {
    let Parcel::Frame(frame) = &delivery.parcel else { return None };
    let (connection, id) = (delivery.connection, frame.correlation_id);
    let (client, broker) = (connection.client()?, delivery.acceptor.broker()?);
    if !frame.is_request() && scene.answers_later(connection, id) {
        return None;
    }
    let now = scene.place.request == Some((connection, id));
    if QUIET.contains(&frame.api()) && !now && !carries_records(frame) {
        return None;
    }
    let network = scene.simulation.network();
    let hop = network.hop_us();
    let sent = Instant(at.micros().saturating_sub(hop));
    let way = (scene.now.at.since(sent) * 1000).checked_div(hop).unwrap_or(1000).min(1000);
    let direction = if frame.is_request() { Direction::Request } else { Direction::Response };
    let is_dark = match direction {
        Direction::Response => network.connections().any(|(other, _, dark)| other == connection && dark),
        // Nobody is there any more who could read it.
        Direction::Request => scene.simulation.broker_life(broker) == Life::Gone,
    };
    let consumer = scene.client(client).is_some_and(|c| matches!(c.node, ClientNode::Consumer(_)));
    Some(Token {
        select: Selection::Request(connection, id),
        client,
        consumer,
        broker: broker.0,
        direction,
        api: frame.api().name(),
        label: format!("#{id}"),
        glyphs: if frame.is_request() { glyphs(scene, client, id) } else { Vec::new() },
        partition: partition(scene, client, frame),
        sent_us: sent.micros(),
        arrives_us: at.micros(),
        way: way as u16,
        now,
        dark: is_dark,
        text: text(scene, at, (client, broker), frame),
    })
}

/// Whether a fetch response has something in it.
fn carries_records(frame: &Frame) -> bool {
    match frame.response() {
        Some(crate::wire::Response::Fetch(response)) => response
            .responses
            .iter()
            .flat_map(|topic| &topic.partitions)
            .any(|partition| partition.records.as_ref().is_some_and(|records| !records.is_empty())),
        _ => false,
    }
}

/// Produce requests that stand at their broker, as it has not answered yet, and answers that lie at their client, unread.
fn arrived(scene: &Scene<'_>, client: ClientId) -> Vec<Token> {
    let Some(producer) = scene.producer(client) else { return Vec::new() };
    let network = scene.simulation.network();
    let is_there = |request: &RequestView| {
        let (connection, id) = (request.connection, request.correlation_id);
        let is_open = network.connections().any(|(other, _, dark)| other == connection && !dark);
        let is_under_way = network.on_the_way().any(|delivery| match &delivery.parcel {
            Parcel::Frame(frame) => {
                let is_its = delivery.connection == connection && frame.correlation_id == id;
                is_its && (frame.is_request() || !scene.answers_later(connection, id))
            }
            _ => false,
        });
        request.api == Api::Produce && is_open && !is_under_way
    };
    let requests = producer.requests().into_iter().filter(is_there);
    let token = |request: RequestView| {
        let (connection, id) = (request.connection, request.correlation_id);
        let sent_us = request.sent_ms * 1000;
        let (name, broker, api) = (scene.client_name(client), request.broker.0, request.api.name());
        let has_come_back = producer.network().has_arrived(connection, id);
        let batch = request.batches.first().and_then(|batch| producer.batch(batch.number, scene.now));
        Token {
            select: Selection::Request(connection, id),
            client,
            consumer: false,
            broker,
            direction: if has_come_back { Direction::Response } else { Direction::Request },
            api,
            label: format!("#{id}"),
            glyphs: if has_come_back { Vec::new() } else { glyphs(scene, client, id) },
            partition: batch.map(|batch| batch.partition),
            sent_us,
            arrives_us: sent_us + network.hop_us(),
            way: 1000,
            now: scene.place.request == Some((connection, id)),
            dark: false,
            text: match scene.lang {
                Lang::En if has_come_back => {
                    format!("answer to {api} request #{id} from broker {broker}, arrived at {name}")
                }
                Lang::Ko if has_come_back => format!("{api} 요청 #{id}의 응답, 브로커 {broker} → {name}, 도착함"),
                Lang::En => format!("{api} request #{id} from {name}, arrived at broker {broker}"),
                Lang::Ko => format!("{api} 요청 #{id}, {name} → 브로커 {broker}, 도착함"),
            },
        }
    };
    requests.map(token).collect()
}

/// The partition that a message is about: of a batch in a Produce request, of the first records in a Fetch response.
fn partition(scene: &Scene<'_>, client: ClientId, frame: &Frame) -> Option<PartitionNo> {
    if let Some(crate::wire::Response::Fetch(response)) = frame.response() {
        let (topic, index) = response.responses.iter().find_map(|topic| {
            let is_full = |records: &bytes::Bytes| !records.is_empty();
            let full = topic.partitions.iter().find(|one| one.records.as_ref().is_some_and(is_full))?;
            Some((topic.topic_id, full.partition_index))
        })?;
        let topics = &scene.simulation.image().topics;
        let name = topics.iter().find(|(_, found)| found.id == topic).map(|(name, _)| name)?;
        return scene.partition_no(&TopicPartition::new(name, index));
    }
    let carried = scene.index.batches_in(client, frame.correlation_id).next()?;
    Some(scene.index.batch(carried)?.partition)
}

/// The records that a producer's request carries, whether anybody waits for its answer or not.
fn glyphs(scene: &Scene<'_>, client: ClientId, correlation_id: i32) -> Vec<Glyph> {
    let of_batch = |batch: BatchId| (0..).map_while(move |place| scene.index.record_in(batch, place));
    let records = scene.index.batches_in(client, correlation_id).flat_map(of_batch);
    records.take(GLYPHS).map(|record| scene.glyph(record)).collect()
}

fn text(scene: &Scene<'_>, at: Instant, (client, to): (ClientId, BrokerId), frame: &Frame) -> String {
    let client = scene.client_name(client);
    let (broker, id, api, at) = (to.0, frame.correlation_id, frame.api().name(), scene.ms(at));
    let is_lost = frame.is_request() && scene.simulation.broker_life(to) == Life::Gone;
    match (scene.lang, frame.is_request()) {
        (Lang::En, true) if is_lost => format!("{api} request #{id} from {client}, lost: broker {broker} is gone"),
        (Lang::Ko, true) if is_lost => format!("{api} 요청 #{id}, {client} → 브로커 {broker}, 유실: 브로커가 없음"),
        (Lang::En, true) => format!("{api} request #{id} from {client} to broker {broker}, arrives at {at}"),
        (Lang::En, false) => format!("answer to {api} request #{id} from broker {broker} to {client}, arrives at {at}"),
        (Lang::Ko, true) => format!("{api} 요청 #{id}, {client} → 브로커 {broker}, 도착 {at}"),
        (Lang::Ko, false) => format!("{api} 요청 #{id}의 응답, 브로커 {broker} → {client}, 도착 {at}"),
    }
}
