//! The inspector: everything about the selected thing.

mod chain;
mod batch;
mod nodes;
mod parties;
mod record;
mod request;

use super::Selection;
use super::model::{Field, Inspector};
use super::processes::record_name;
use super::scene::Scene;
use crate::explain::{SettingValues, Span, Spans};
use crate::ids::ClientId;

use super::values::InForce;

pub(super) fn build(scene: &Scene<'_>) -> Inspector {
    let selected = scene.lens.selected;
    let found = match selected {
        Selection::Offset(partition, _) | Selection::Partition(partition)
            if !scene.names().knows_topic(partition.topic) =>
        {
            None
        }
        Selection::Group(group) if scene.group(group).is_none() => None,
        Selection::Nothing => scene.followed.and_then(|record| record::build(scene, record)),
        Selection::Record(record) => record::build(scene, record),
        Selection::Batch(batch) => batch::build(scene, batch),
        Selection::Offset(partition, offset) => match scene.index.at(partition, offset) {
            Some(record) => record::build(scene, record),
            None => batch::of_log(scene, partition, offset),
        },
        Selection::Request(connection, id) => request::build(scene, connection, id),
        Selection::Partition(partition) => nodes::partition(scene, partition),
        Selection::Broker(broker) => nodes::broker(scene, broker),
        Selection::Client(client) => nodes::client(scene, client),
        Selection::Group(group) => nodes::group(scene, group),
    };
    found.unwrap_or_else(|| nothing(scene, selected))
}

fn nothing(scene: &Scene<'_>, selected: Selection) -> Inspector {
    let note = match selected {
        Selection::Nothing => scene.t(
            "Nothing is selected. Choose a thing of the scene.",
            "선택한 것이 없습니다. 장면에서 하나를 고르십시오.",
        ),
        Selection::Record(record) if scene.client(record.client).is_none() => scene.t(
            "Its producer is not made yet. The record's way is told here as soon as it is sent.",
            "프로듀서가 아직 없습니다. 레코드를 보내면 그 과정이 여기에 나타납니다.",
        ),
        Selection::Record(record) if scene.index.records_sent(record.client) <= record.number => {
            let (name, record) = (scene.client_name(record.client), record_name(scene, record));
            scene.t(
                &format!("{name} has not sent {record} yet. Its way is told here as soon as it does."),
                &format!("{name}의 {record}: 아직 보내지 않았습니다. 보내면 그 과정이 여기에 나타납니다."),
            )
        }
        _ => scene.t("It is not there at this point of the run.", "이 시점에는 없습니다."),
    };
    Inspector {
        select: selected,
        kind: scene.t("Inspector", "인스펙터"),
        name: String::new(),
        path: String::new(),
        glyphs: Vec::new(),
        fields: Vec::new(),
        bytes: None,
        chain_heading: String::new(),
        chain: Vec::new(),
        note: Some(note),
    }
}

/// Collects the fields of an inspector.
struct Fields<'s, 'a> {
    scene: &'s Scene<'a>,
    all: Vec<Field>,
}

impl<'s, 'a> Fields<'s, 'a> {
    fn new(scene: &'s Scene<'a>) -> Fields<'s, 'a> {
        Fields { scene, all: Vec::new() }
    }

    /// A field whose value is words.
    fn say(&mut self, en: &str, ko: &str, value: impl Into<String>) {
        self.link(en, ko, value, Selection::Nothing);
    }

    /// A field whose value is words in either language.
    fn tell(&mut self, en: &str, ko: &str, value_en: &str, value_ko: &str) {
        let value = self.scene.t(value_en, value_ko);
        self.say(en, ko, value);
    }

    /// A field that leads to another thing of the scene.
    fn link(&mut self, en: &str, ko: &str, value: impl Into<String>, select: Selection) {
        let value = Spans(vec![Span::Words(value.into())]);
        self.all.push(Field { name: self.scene.t(en, ko), value, select });
    }

    /// A field whose value has links in it.
    fn spans(&mut self, en: &str, ko: &str, value: Spans) {
        self.all.push(Field { name: self.scene.t(en, ko), value, select: Selection::Nothing });
    }

    /// A field set in the fixed-width face.
    fn mono(&mut self, en: &str, ko: &str, value: impl Into<String>) {
        let value = Spans(vec![Span::Mono(value.into())]);
        self.all.push(Field { name: self.scene.t(en, ko), value, select: Selection::Nothing });
    }

    /// A field that is a setting, with words behind it.
    fn chip(&mut self, en: &str, ko: &str, client: ClientId, setting: &'static str, words: &str) {
        let mut value = Spans(vec![Span::Chip(InForce(self.scene.simulation).chip(Some(client), setting))]);
        if !words.is_empty() {
            value.push(Span::Words(format!(" {words}")));
        }
        self.all.push(Field { name: self.scene.t(en, ko), value, select: Selection::Nothing });
    }
}
