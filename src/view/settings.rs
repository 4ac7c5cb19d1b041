//! The settings of a client, a topic or the cluster.

use std::sync::Arc;

use super::kept::Kept;
use super::model::{SettingRow, Settings};
use super::scene::Scene;
use super::values::{InEffect, InForce};
use super::{Selection, SettingsOf};
use crate::config::{
    Advice, ConsumerConfig, Effect, EffectPlace, SettingNo, Side, consumer_advice, effect, producer_advice,
};
use crate::ids::{ClientId, TopicNo};
use crate::invariant::RecordStage;
use crate::simulation::{ClientNode, ClientProcess};
use crate::sorted::InOrder;

/// Shown before one searches, in this order.
const COMMON_PRODUCER: [&str; 10] = [
    "batch.size",
    "linger.ms",
    "acks",
    "enable.idempotence",
    "max.in.flight.requests.per.connection",
    "request.timeout.ms",
    "delivery.timeout.ms",
    "retries",
    "buffer.memory",
    "compression.type",
];
const COMMON_CONSUMER: [&str; 10] = [
    "group.id",
    "auto.offset.reset",
    "enable.auto.commit",
    "auto.commit.interval.ms",
    "session.timeout.ms",
    "heartbeat.interval.ms",
    "max.poll.interval.ms",
    "max.poll.records",
    "partition.assignment.strategy",
    "fetch.min.bytes",
];
const COMMON_CLUSTER: [&str; 6] = [
    "auto.create.topics.enable",
    "num.partitions",
    "group.initial.rebalance.delay.ms",
    "group.min.session.timeout.ms",
    "broker.session.timeout.ms",
    "message.max.bytes",
];
const COMMON_TOPIC: [&str; 4] = ["retention.ms", "segment.bytes", "max.message.bytes", "message.timestamp.type"];

pub(super) fn build(scene: &Scene<'_>, kept: &mut Kept) -> Arc<Settings> {
    match scene.lens.settings_of {
        SettingsOf::Client(id) => of_client(scene, id, kept),
        SettingsOf::Topic(topic) => Arc::new(of_topic(scene, topic)),
        SettingsOf::Cluster => Arc::new(of_cluster(scene)),
        SettingsOf::Nearest => match scene.lens.selected {
            Selection::Client(id) => of_client(scene, id, kept),
            Selection::Record(record) => of_client(scene, record.client, kept),
            Selection::Batch(batch) => of_client(scene, batch.client, kept),
            Selection::Request(connection, _) => match connection.client() {
                Some(client) => of_client(scene, client, kept),
                None => Arc::new(of_cluster(scene)),
            },
            Selection::Partition(partition) | Selection::Offset(partition, _) => {
                Arc::new(of_topic(scene, partition.topic))
            }
            Selection::Broker(_) => Arc::new(of_cluster(scene)),
            // Of whom the event is, as with the code beside them; an event that is no client's leaves the followed record's.
            Selection::Group(_) | Selection::Nothing => {
                let followed = scene.followed.map(|record| record.client);
                match scene.place.client.or(followed) {
                    Some(client) => of_client(scene, client, kept),
                    None => Arc::new(of_cluster(scene)),
                }
            }
        },
    }
}

fn of_client(scene: &Scene<'_>, id: ClientId, kept: &mut Kept) -> Arc<Settings> {
    let Some(process) = scene.client(id) else { return Arc::new(of_cluster(scene)) };
    // A client that was made anew has its name: its settings are those that can be changed.
    let process = scene.simulation.client(&process.recipe.name).unwrap_or(process);
    kept.settings(scene.lang, &process.recipe, || of_process(scene, process))
}

fn of_process(scene: &Scene<'_>, process: &ClientProcess) -> Settings {
    let in_force = InForce(scene.simulation);
    let (side, common): (Side, &[&str]) = match process.node {
        ClientNode::Producer(_) => (Side::Producer, &COMMON_PRODUCER),
        ClientNode::Consumer(_) => (Side::Consumer, &COMMON_CONSUMER),
    };
    let advice = advice(scene, process);
    let rows = rows(scene, side, common, &advice, |name| in_force.of_client(process, name));
    let name = process.recipe.name.to_string();
    finished(scene, name.clone(), name, with_forced(scene, process, rows))
}

fn of_topic(scene: &Scene<'_>, topic: TopicNo) -> Settings {
    if !scene.names().knows_topic(topic) {
        return of_cluster(scene);
    }
    let in_force = InForce(scene.simulation);
    let name = scene.names().topic(topic).to_string();
    let rows = rows(scene, Side::Topic, &COMMON_TOPIC, &[], |setting| in_force.of_topic(&name, setting));
    finished(scene, scene.t(&format!("topic {name}"), &format!("토픽 {name}")), name, rows)
}

fn of_cluster(scene: &Scene<'_>) -> Settings {
    let in_force = InForce(scene.simulation);
    // Of the many that brokers have: the common ones, and those that somebody changed.
    let shown = |setting: &str, found: &InEffect| found.changed || COMMON_CLUSTER.contains(&setting);
    let rows = rows(scene, Side::Broker, &COMMON_CLUSTER, &[], |setting| {
        in_force.of_cluster(setting).filter(|found| shown(setting, found))
    });
    finished(scene, scene.t("cluster", "클러스터"), String::new(), rows)
}

fn finished(scene: &Scene<'_>, of: String, target: String, rows: Vec<SettingRow>) -> Settings {
    let changed = rows.iter().filter(|row| row.changed).count();
    Settings {
        heading: scene.t("Settings", "설정"),
        of,
        target,
        changed_text: scene.t(&format!("{changed} changed"), &format!("{changed}개 변경됨")),
        rows,
    }
}

/// What there is to say to this client.
fn advice(scene: &Scene<'_>, process: &ClientProcess) -> Vec<Advice> {
    let broker = scene.simulation.controller().config();
    match &process.node {
        ClientNode::Producer(producer) => producer_advice(producer.config(), broker),
        ClientNode::Consumer(_) => {
            let made = ConsumerConfig::construct(&InForce(scene.simulation).given(process));
            made.map(|(config, _)| consumer_advice(&config, broker)).unwrap_or_default()
        }
    }
}

/// The common ones first, in their order; then the others, in Kafka's.
fn rows(
    scene: &Scene<'_>,
    side: Side,
    common: &[&str],
    advice: &[Advice],
    value: impl Fn(&str) -> Option<InEffect>,
) -> Vec<SettingRow> {
    let mut all: Vec<SettingRow> = side
        .properties()
        .filter(|(_, property)| !property.internal)
        .filter_map(|(number, property)| {
            let found = value(property.name)?;
            Some(row(scene, number, found, common.contains(&property.name), advice))
        })
        .collect();
    let place = |row: &SettingRow| common.iter().position(|name| *name == row.name).unwrap_or(usize::MAX);
    all.order_by_key(place);
    all
}

fn row(scene: &Scene<'_>, number: SettingNo, found: InEffect, common: bool, advice: &[Advice]) -> SettingRow {
    let property = number.property();
    let (does, acts, place, station) = match effect(number) {
        Some(Effect::Acts { places, does }) => {
            let first = places.first().copied();
            let place = first.map_or_else(String::new, |place| place_text(scene, place));
            (scene.said(does), true, place, first.and_then(station))
        }
        Some(Effect::NoEffect(reason)) => {
            let text = reason.text();
            (scene.said(text), false, String::new(), None)
        }
        None => (String::new(), true, String::new(), None),
    };
    let said = advice.iter().filter(|advice| advice.setting() == number).map(|advice| {
        let sentence = advice.sentence();
        let text = sentence.pick(scene.lang).clone();
        (advice.is_warning(), text)
    });
    let valid = property.valid.describe();
    let type_text =
        if valid.is_empty() { property.kind.name().to_owned() } else { format!("{} {valid}", property.kind.name()) };
    let default_text =
        found.changed.then(|| scene.t(&format!("default {}", found.default), &format!("기본값 {}", found.default)));
    SettingRow {
        name: property.name,
        value: found.value,
        default: found.default,
        changed: found.changed,
        default_text,
        does,
        acts,
        station,
        place,
        advice: said.collect(),
        type_text,
        forced: None,
        common,
    }
}

/// The number of the station at which a setting acts.
fn station(place: EffectPlace) -> Option<u8> {
    let stage = match place {
        EffectPlace::Record => RecordStage::Record,
        EffectPlace::Serialize => RecordStage::Serialize,
        EffectPlace::Partition => RecordStage::Partition,
        EffectPlace::Accumulate => RecordStage::Accumulate,
        EffectPlace::Send => RecordStage::Send,
        EffectPlace::Result => RecordStage::Result,
        EffectPlace::Connect
        | EffectPlace::Metadata
        | EffectPlace::Group
        | EffectPlace::Fetch
        | EffectPlace::Poll
        | EffectPlace::Commit => return None,
    };
    Some(stage.number())
}

fn place_text(scene: &Scene<'_>, place: EffectPlace) -> String {
    let (en, ko) = match place {
        EffectPlace::Record => ("record", "레코드"),
        EffectPlace::Serialize => ("serialize", "직렬화"),
        EffectPlace::Partition => ("partition", "파티션 선택"),
        EffectPlace::Accumulate => ("accumulate", "배치에 모으기"),
        EffectPlace::Send => ("send", "전송"),
        EffectPlace::Result => ("result", "결과"),
        EffectPlace::Connect => ("connect", "연결"),
        EffectPlace::Metadata => ("metadata", "메타데이터"),
        EffectPlace::Group => ("group", "그룹"),
        EffectPlace::Fetch => ("fetch", "가져오기"),
        EffectPlace::Poll => ("poll", "poll"),
        EffectPlace::Commit => ("commit", "커밋"),
    };
    scene.t(en, ko)
}

/// Says of a value that another setting decided.
fn with_forced(scene: &Scene<'_>, process: &ClientProcess, mut rows: Vec<SettingRow>) -> Vec<SettingRow> {
    let ClientNode::Producer(producer) = &process.node else { return rows };
    let is_given = process.recipe.properties.iter().any(|property| &*property.name == "enable.idempotence");
    if !producer.config().enable_idempotence && !is_given {
        let because = match (producer.config().acks, producer.config().retries) {
            (0 | 1, _) => format!("acks={}", producer.config().acks),
            (_, 0) => "retries=0".to_owned(),
            _ => format!("max.in.flight.requests.per.connection={}", producer.config().max_in_flight),
        };
        if let Some(row) = rows.iter_mut().find(|row| row.name == "enable.idempotence") {
            row.forced = Some(scene.t(&format!("off because {because}"), &format!("꺼짐: {because}")));
        }
    }
    rows
}
