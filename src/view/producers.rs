//! The producer column: who there is, and the journey of the followed record.

use std::sync::Arc;

use super::contents::contents;
use super::deques;
use super::model::{Memory, Pick, Producer, Producers, Station};
use super::processes::{gone, process_state, state_text};
use super::program;
use super::scene::{Scene, readable, shortened};
use super::stations;
use crate::call::Datum;
use crate::client::producer::Producer as Client;
use crate::event::EventKind;
use crate::explain;
use crate::ids::{ClientId, RecordId};
use crate::simulation::{ClientNode, ClientProcess};

/// So many records can be chosen from.
const PICKS: u32 = 12;

pub(super) fn build(scene: &Scene<'_>) -> Producers {
    let followed = scene.followed.map(|record| record.client);
    let producers: Vec<Arc<Producer>> = scene
        .clients()
        .filter_map(|process| match &process.node {
            ClientNode::Producer(producer) => Some(Arc::new(one(scene, process, producer, followed))),
            ClientNode::Consumer(_) => None,
        })
        .collect();
    let note = if producers.is_empty() {
        scene.t("none yet: press Add a producer", "아직 없음: 프로듀서 추가를 누르십시오")
    } else {
        scene.t("following one record", "레코드 하나를 따라가는 중")
    };
    Producers { heading: scene.t("Producers", "프로듀서"), note, producers }
}

fn one(scene: &Scene<'_>, process: &ClientProcess, producer: &Client, followed: Option<ClientId>) -> Producer {
    let open = followed == Some(process.id) || scene.lens.open_producers.contains(&process.id);
    let record = scene.followed.filter(|record| record.client == process.id);
    let record = record.or_else(|| scene.index.last_record(process.id));
    let stations: Vec<Station> = if open { stations::all(scene, producer, record) } else { Vec::new() };
    let stations = stations.into_iter().map(Arc::new).collect();
    let retries = record.is_some_and(|record| retries(scene, producer, record));
    Producer {
        client: process.id,
        name: process.recipe.name.to_string(),
        about: about(scene, process, producer),
        state: process_state(process),
        program: program::line(scene, process),
        summary: summary(scene, process, producer),
        open,
        records: if open { picks(scene, process.id) } else { Vec::new() },
        followed: record.map(|record| pick_any(scene, producer, record)),
        stations,
        retries,
        memory: memory(scene, producer),
    }
}

/// `id 1000, idempotent`; of one that does not run first why.
fn about(scene: &Scene<'_>, process: &ClientProcess, producer: &Client) -> String {
    if let Some(state) = state_text(scene, process).filter(|_| gone(scene, process.id).is_some()) {
        return state;
    }
    let mut parts: Vec<String> = state_text(scene, process).into_iter().collect();
    if let Some(manager) = producer.transaction_manager() {
        let id = manager.producer_id_and_epoch();
        if id.is_valid() {
            parts.push(match id.epoch {
                0 => format!("id {}", id.producer_id),
                epoch => scene.t(
                    &format!("id {}, epoch {epoch}", id.producer_id),
                    &format!("id {}, 에포크 {epoch}", id.producer_id),
                ),
            });
        }
        parts.push(scene.t("idempotent", "멱등"));
    } else {
        parts.push(scene.t("not idempotent", "멱등 아님"));
    }
    parts.join(", ")
}

/// What a folded producer says.
fn summary(scene: &Scene<'_>, process: &ClientProcess, producer: &Client) -> String {
    if let Some(state) = state_text(scene, process) {
        let left = deques::never_sent(scene, producer);
        let records = scene.records(left);
        return match gone(scene, process.id).filter(|_| left > 0) {
            Some(_) => scene.t(&format!("{state}, {records} never sent"), &format!("{state}, 보내지 않은 {records}")),
            None => state,
        };
    }
    let sent = u64::from(producer.records_sent());
    let open = u64::from(producer.incomplete_records());
    let sent_text = scene.records(sent);
    let (mut en, mut ko) = match (sent, open) {
        (0, _) => ("has sent nothing yet".to_owned(), "아직 보낸 것 없음".to_owned()),
        (_, 0) if producer.config().acks == 0 => {
            (format!("{sent_text} sent, no answer asked for"), format!("{sent_text} 보냄, 응답을 요청하지 않음"))
        }
        (_, 0) => (format!("{sent_text} sent, all answered"), format!("{sent_text} 보냄, 모두 응답받음")),
        (_, open) => (format!("{sent_text} sent, {open} open"), format!("{sent_text} 보냄, 응답 대기 {open}건")),
    };
    let failed = scene.seen.failed(process.id);
    if failed > 0 {
        en += &format!(", {failed} failed");
        ko += &format!(", {failed}건 실패");
    }
    scene.t(&en, &ko)
}

fn memory(scene: &Scene<'_>, producer: &Client) -> Memory {
    let pool = &producer.accumulator().pool;
    let (total, free, waiting) = (pool.total_memory(), pool.available_memory(), pool.queued());
    let used = explain::bytes(total.saturating_sub(free));
    let of = explain::bytes(total);
    let text = match waiting {
        0 => scene.t(&format!("{used} of {of} in use"), &format!("{of} 중 {used} 사용")),
        _ => scene.t(&format!("{used} of {of} in use, send() waits"), &format!("{of} 중 {used} 사용, send() 대기")),
    };
    Memory { total, free, waiting, text }
}

/// The records that can be followed, the newest first.
fn picks(scene: &Scene<'_>, client: ClientId) -> Vec<Pick> {
    let sent = scene.index.records_sent(client);
    let from = sent.saturating_sub(PICKS);
    (from..sent).rev().map(|number| pick(scene, RecordId { client, number })).collect()
}

/// `record 1`, or `record 1 (second)`: the number comes first, since the list is narrow.
fn picked_name(scene: &Scene<'_>, record: RecordId) -> String {
    let plain = scene.t(&format!("record {}", record.number + 1), &format!("레코드 {}", record.number + 1));
    match explain::which_of_its_name(scene.simulation.names(), record.client) {
        Some(which) => format!("{plain} ({})", which.pick(scene.lang)),
        None => plain,
    }
}

fn pick(scene: &Scene<'_>, record: RecordId) -> Pick {
    let glyph = scene.glyph(record);
    let name = picked_name(scene, record);
    let label = match scene.seen.key_of(record) {
        Some(_) => format!("{name}, {}", glyph.key),
        None => name,
    };
    Pick { record, glyph, label }
}

/// The followed record, which may be one that is not sent yet.
fn pick_any(scene: &Scene<'_>, producer: &Client, record: RecordId) -> Pick {
    let contents = contents(scene, producer, record);
    let glyph = stations::glyph(scene, record, contents.as_ref());
    let name = picked_name(scene, record);
    let label = match (scene.index.record(record), &contents) {
        (None, None) => format!("{name}, {}", not_sent(scene)),
        _ => format!("{name}, {}", glyph.key),
    };
    Pick { record, glyph, label }
}

/// Of a record that the program has not given to `send()` here: on another branch it may have.
fn not_sent(scene: &Scene<'_>) -> String {
    let is_at_end = scene.timeline.position() == scene.timeline.moves().len();
    match is_at_end && scene.timeline.current() > 0 {
        true => scene.t("not sent on this branch", "이 브랜치에서는 보내지 않음"),
        false => scene.t("not sent yet", "아직 보내지 않음"),
    }
}

/// A key or a value as the program gave it.
pub(super) fn datum(datum: &Datum, most: usize) -> String {
    match datum {
        Datum::Null => "null".to_owned(),
        Datum::Text(text) => shortened(text, most),
        Datum::Bytes(bytes) => readable(bytes, most),
    }
}

/// Whether the record's batch failed and will be tried again, or is being tried again.
fn retries(scene: &Scene<'_>, producer: &Client, record: RecordId) -> bool {
    let facts = scene.index.record(record);
    let Some((batch, _)) = facts.filter(|facts| facts.outcome.is_none()).and_then(|facts| facts.batch) else {
        return false;
    };
    producer.batch(batch.number, scene.now).is_some_and(|batch| batch.attempts > 0)
}

/// What is said of a call that is under way.
pub(super) fn waits_in_send(producer: &Client, record: RecordId) -> Option<&crate::client::producer::SendCall> {
    match producer.active_call()?.work.as_ref()? {
        crate::client::producer::CallWork::Send(send) if send.id == record => Some(send),
        _ => None,
    }
}

/// Whether the told event is about this record: itself, its batch, or the request that carries it.
pub(super) fn is_now(scene: &Scene<'_>, record: RecordId) -> bool {
    let place = &scene.place;
    if let Some(EventKind::MetadataAwaited { client, .. }) = scene.told.map(|event| event.kind) {
        return client == record.client && scene.index.last_record(client) == Some(record);
    }
    match place.record {
        Some(touched) => touched == record,
        None => {
            let batch = scene.index.record(record).and_then(|facts| facts.batch);
            place.batch.is_some() && place.batch == batch.map(|(batch, _)| batch)
        }
    }
}
