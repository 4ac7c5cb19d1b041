//! What all panels are drawn from: a run at a place, seen through a lens.

use std::sync::Arc;

use super::grouped::{self, SceneGroup, group_id};
use super::lens::{Lens, Selection};
use super::model::Glyph;
use crate::client::consumer::Consumer;
use crate::client::producer::Producer;
use crate::coordinator::group::GroupCoordinator;
use crate::error::Failure;
use crate::event::{Event, EventKind, Place};
use crate::explain::{self, Context, Past, Telling, Times};
use crate::ids::{
    BatchId, BrokerId, ClientId, ConnectionId, EventId, ExceptionNo, GroupNo, Names, PartitionNo, Process, RecordId,
    TopicPartition,
};
use crate::image::{PartitionRegistration, TopicImage};
use crate::invariant::{BatchFacts, KeyNumber, RecordFacts, RecordIndex, RecordStage, SeenRecords};
use crate::lang::{self, Lang};
use crate::log::PartitionLog;
use crate::script::{PastedCode, Statement, print_statement};
use crate::simulation::{ClientNode, ClientProcess, Simulation};
use crate::sorted::InOrder;
use crate::time::{Instant, Now};
use crate::timeline::{Moves, Timeline};

use super::place::place_of;
use super::statements::Listening;
use super::story_place::StoryPlace;
use super::values::InForce;

/// So many different shapes there are, before they repeat with a numeral.
const SHAPES: u16 = 6;
/// The numeral of a key that came too late to have one of its own.
const LATE: u32 = 0;
/// Characters of a key or a value in a line.
const SHORT: usize = 40;
/// Characters of a command or of a script's line that is all there is to say: what it made has the whole in the inspector.
const COMMAND: usize = 200;

pub(super) struct Scene<'a> {
    pub timeline: &'a Timeline,
    pub simulation: &'a Simulation,
    pub lens: &'a Lens,
    pub lang: Lang,
    pub index: &'a RecordIndex,
    pub seen: &'a SeenRecords,
    pub now: Now,
    /// What is told of the move that led here, and the event.
    pub telling: Option<Telling>,
    pub told: Option<Event>,
    /// What the told event touches.
    pub place: Place,
    pub followed: Option<RecordId>,
    pub story_place: StoryPlace,
    groups: Vec<SceneGroup<'a>>,
    /// What else happened in the move, behind the event that is told: the picture does not show it yet.
    to_come: &'a [Event],
}

impl Times for Moves {
    fn of(&self, event: EventId) -> Option<Instant> {
        self.move_of(event).map(|number| self.at(number))
    }
}

impl<'a> Scene<'a> {
    pub fn new(timeline: &'a Timeline, lens: &'a Lens) -> Scene<'a> {
        let simulation = timeline.simulation();
        let observers = timeline.observers();
        let in_force = InForce(simulation);
        let programs = Listening(timeline);
        let (history, index) = (observers.history(), observers.index());
        let past = Past { history, index, times: timeline.moves(), programs: &programs };
        let context = Context::new(simulation.names(), &in_force).knowing(past);
        let story_place = StoryPlace::of(timeline, lens);
        let first = timeline.moves().first_event(timeline.position());
        let chosen = story_place.told.map(|event| (event.0 - first.0) as usize);
        let telling = explain::tell(&context, first, timeline.events(), chosen, lens.lang);
        let told = telling.as_ref().map(|telling| timeline.events()[telling.event]);
        let place = told.map_or_else(Place::default, |event| place_of(&event.kind, index, simulation));
        let mut scene = Scene {
            timeline,
            simulation,
            lens,
            lang: lens.lang,
            index,
            seen: observers.seen(),
            now: simulation.now(),
            telling,
            told,
            place,
            followed: None,
            story_place,
            groups: grouped::all(simulation, observers.seen()),
            to_come: &[],
        };
        if let Some(index) = chosen.filter(|_| lens.told.is_some()) {
            scene.to_come = timeline.events().get(index + 1..).unwrap_or_default();
        }
        scene.followed = lens.followed.filter(|record| scene.producer(record.client).is_some());
        scene.followed = scene.followed.or_else(|| scene.storys_record()).or_else(|| scene.first_to_come());
        scene
    }

    /// The record that the story follows here: one that is to come, where a chapter says whose.
    fn storys_record(&self) -> Option<RecordId> {
        let to_come = |client: ClientId| RecordId { client, number: self.index.records_sent(client) };
        self.story_place.awaited.map(to_come).or(self.story_place.followed)
    }

    /// The first record that the first producer would send.
    fn first_to_come(&self) -> Option<RecordId> {
        let first = self.clients().find(|client| matches!(client.node, ClientNode::Producer(_)));
        first.map(|client| RecordId { client: client.id, number: self.index.records_sent(client.id) })
    }

    /// Where a partition's log and its high watermark were, where the move changes them only behind what is told.
    pub fn told_ends(&self, partition: PartitionNo) -> (Option<u64>, Option<u64>) {
        let appended = |event: &Event| match event.kind {
            EventKind::BatchAppended { partition: of, base_offset, .. } if of == partition => Some(base_offset),
            _ => None,
        };
        let moves = |event: &Event| matches!(event.kind, EventKind::HighWatermarkMoved { partition: of, .. } if of == partition);
        let before = || self.timeline.events().iter().find_map(appended);
        let end = self.to_come.iter().find_map(appended);
        (end, if self.to_come.iter().any(moves) { before() } else { None })
    }

    /// Whether a response leaves its broker only behind what is told.
    pub fn answers_later(&self, connection: ConnectionId, correlation_id: i32) -> bool {
        let is_it = |event: &Event| match event.kind {
            EventKind::ResponseSent { connection: of, correlation_id: id, .. } => {
                (of, id) == (connection, correlation_id)
            }
            _ => false,
        };
        self.to_come.iter().any(is_it)
    }

    /// Whether an event of this move is behind the one that is told: the picture does not show it yet.
    pub fn is_to_come(&self, event: EventId) -> bool {
        event >= self.end()
    }

    /// The event at which the picture ends: it shows what was before.
    pub fn end(&self) -> EventId {
        let told = self.story_place.told.filter(|_| self.lens.told.is_some());
        told.map_or(EventId(u32::MAX), |told| EventId(told.0 + 1))
    }

    /// The offsets of a record, up to what is told.
    pub fn offsets_told(&self, record: RecordId) -> Vec<u64> {
        let mut offsets = self.index.offsets(record);
        let partition = self.index.record(record).and_then(|facts| facts.at());
        if let Some(end) = partition.and_then(|partition| self.told_ends(partition).0) {
            offsets.retain(|offset| *offset < end);
        }
        offsets
    }

    /// A record's way up to what is told.
    pub fn record_told(&self, record: RecordId) -> Option<RecordFacts> {
        let mut facts = self.index.record(record)?;
        if facts.ended.is_some_and(|ended| self.is_to_come(ended)) {
            (facts.ended, facts.outcome, facts.exception) = (None, None, ExceptionNo::NONE);
            facts.stage = if facts.batch.is_some() { RecordStage::Send } else { facts.stage };
        }
        Some(facts)
    }

    /// A batch's way up to what is told.
    pub fn batch_told(&self, batch: BatchId) -> Option<BatchFacts> {
        let mut facts = self.index.batch(batch)?;
        if facts.ended.is_some_and(|ended| self.is_to_come(ended)) {
            (facts.ended, facts.outcome, facts.split_into) = (None, None, None);
        }
        for attempt in &mut facts.attempts {
            attempt.handled = attempt.handled.filter(|(_, event)| !self.is_to_come(*event));
            attempt.answered = attempt.answered.filter(|(_, event)| !self.is_to_come(*event));
        }
        Some(facts)
    }

    /// The text of the lens's language.
    pub fn t(&self, en: &str, ko: &str) -> String {
        self.lang.pick(en, ko).to_owned()
    }

    /// Words that are always the same, in the lens's language.
    pub fn said(&self, text: lang::Text) -> String {
        (*text.pick(self.lang)).to_owned()
    }

    /// Whether the script has chapters: it is somebody's story, and not just lines that its reader opened.
    pub fn tells_a_story(&self) -> bool {
        self.timeline.branch().scenario.chapters().next().is_some()
    }

    pub fn names(&self) -> &'a Names {
        self.simulation.names()
    }

    /// The clients of the run, each name once: the newest under it.
    pub fn clients(&self) -> impl Iterator<Item = &'a ClientProcess> {
        let simulation = self.simulation;
        let newest =
            move |client: &&ClientProcess| simulation.client(&client.recipe.name).is_some_and(|c| c.id == client.id);
        simulation.clients().iter().filter(newest)
    }

    pub fn client(&self, id: ClientId) -> Option<&'a ClientProcess> {
        self.simulation.clients().get(usize::from(id.0).checked_sub(1)?)
    }

    pub fn producer(&self, id: ClientId) -> Option<&'a Producer> {
        match &self.client(id)?.node {
            ClientNode::Producer(producer) => Some(producer),
            ClientNode::Consumer(_) => None,
        }
    }

    pub fn consumer(&self, id: ClientId) -> Option<&'a Consumer> {
        match &self.client(id)?.node {
            ClientNode::Consumer(consumer) => Some(consumer),
            ClientNode::Producer(_) => None,
        }
    }

    /// The name of a client; of one that the computed future will make, that it is one.
    pub fn client_name(&self, id: ClientId) -> String {
        match self.names().clients().get(usize::from(id.0)) {
            Some(name) => name.to_string(),
            None => self.t("a later client", "이후의 클라이언트"),
        }
    }

    /// When and how a process last changed as a whole.
    pub fn last_of(&self, process: Process) -> Option<&'a Event> {
        self.seen.last_of(process)
    }

    /// The topics that the user made, in the order in which they were made.
    pub fn topics(&self) -> Vec<&'a Arc<TopicImage>> {
        let mut topics: Vec<&Arc<TopicImage>> =
            self.simulation.image().topics.values().filter(|topic| !topic.internal).collect();
        topics.order_by_key(|topic| topic.no);
        topics
    }

    pub fn topic_partition(&self, partition: PartitionNo) -> TopicPartition {
        TopicPartition::new(self.names().topic(partition.topic), partition.partition)
    }

    /// `orders-1`
    pub fn partition_name(&self, partition: PartitionNo) -> String {
        self.topic_partition(partition).to_string()
    }

    pub fn registration(&self, partition: PartitionNo) -> Option<&'a PartitionRegistration> {
        let topic = self.simulation.image().topics.get(self.names().topic(partition.topic))?;
        topic.partitions.get(usize::try_from(partition.partition).ok()?)
    }

    /// The log of a partition on the broker that leads it, or led it last.
    pub fn log(&self, partition: PartitionNo) -> Option<&'a PartitionLog> {
        let simulation: &'a Simulation = self.simulation;
        simulation.leading_replica(&self.topic_partition(partition)).map(|replica| replica.log())
    }

    pub fn partition_no(&self, partition: &TopicPartition) -> Option<PartitionNo> {
        let topic = self.names().topic_no(&partition.topic)?;
        Some(PartitionNo { topic, partition: partition.partition })
    }

    /// The group that a consumer was configured for.
    pub fn group_of(&self, client: &ClientProcess) -> Option<GroupNo> {
        let id = group_id(client)?;
        self.groups.iter().find(|seen| seen.id == id).map(|seen| seen.no)
    }

    /// The groups of the run, in order of appearance.
    pub fn groups(&self) -> &[SceneGroup<'a>] {
        &self.groups
    }

    pub fn group(&self, no: GroupNo) -> Option<&SceneGroup<'a>> {
        self.groups.iter().find(|group| group.no == no)
    }

    /// The coordinator of a group; while there is none, what the next one would find in the log.
    pub fn coordinator(&self, group: &str) -> Option<&'a GroupCoordinator> {
        grouped::coordinator(self.simulation, self.seen, group)
    }

    /// The offset that a group has committed.
    pub fn committed(&self, group: &str, partition: &TopicPartition) -> Option<i64> {
        self.coordinator(group)?.offsets(group)?.get(partition).map(|value| value.offset)
    }

    pub fn glyph(&self, record: RecordId) -> Glyph {
        let key = match self.seen.key_of(record) {
            Some(KeyNumber::Known(number)) => self.seen.key(number).map(|key| readable(key, SHORT)),
            Some(KeyNumber::Late) => Some(self.key_text(record).unwrap_or_else(|| "…".to_owned())),
            Some(KeyNumber::Null) | None => None,
        };
        self.shaped(self.seen.key_of(record).unwrap_or(KeyNumber::Null), key, self.followed == Some(record))
    }

    /// The glyph of a record that is not serialized yet, from its key as text.
    pub fn glyph_to_come(&self, key: Option<&str>, followed: bool) -> Glyph {
        let number = self.seen.number_of(key.map(str::as_bytes));
        self.shaped(number, key.map(|key| shortened(key, SHORT)), followed)
    }

    fn shaped(&self, number: KeyNumber, key: Option<String>, followed: bool) -> Glyph {
        let key = key.unwrap_or_else(|| "null".to_owned());
        match number {
            KeyNumber::Known(number) => {
                let row = (number - 1) / SHAPES;
                let shape = ((number - 1) % SHAPES + 1) as u8;
                Glyph { shape, numeral: (row > 0).then_some(u32::from(row) + 1), key, followed }
            }
            KeyNumber::Late => {
                let shape = key.bytes().fold(0u8, u8::wrapping_add) % SHAPES as u8 + 1;
                Glyph { shape, numeral: Some(LATE), key, followed }
            }
            KeyNumber::Null => Glyph { shape: 0, numeral: None, key, followed },
        }
    }

    /// The key of a record as text, from what the program gave.
    fn key_text(&self, record: RecordId) -> Option<String> {
        match &self.seen.recent(record)?.key {
            crate::call::Datum::Null => None,
            crate::call::Datum::Text(text) => Some(shortened(text, SHORT)),
            crate::call::Datum::Bytes(bytes) => Some(readable(bytes, SHORT)),
        }
    }

    /// The class of the exception that was thrown: a client may throw another one than the error's own.
    pub fn exception(&self, why: Failure, thrown: ExceptionNo) -> &'static str {
        self.names().exception(thrown).map_or(why.exception(), |(class, _)| class)
    }

    /// `4 198.0`
    pub fn ms(&self, at: Instant) -> String {
        explain::ms(at)
    }

    /// Milliseconds left until an instant: `31 200.0`
    pub fn left(&self, until: Instant) -> String {
        explain::decimal_ms(until.since(self.now.at))
    }

    pub fn is_selected(&self, what: Selection) -> bool {
        what != Selection::Nothing && self.lens.selected == what
    }

    /// `B1`
    /// A process by its name: a client's own, a broker's label.
    pub fn process_name(&self, process: Process) -> String {
        match process {
            Process::Client(id) => self.client_name(id),
            Process::Broker(id) => self.broker_label(id),
            Process::Controller => self.t("controller", "컨트롤러"),
        }
    }

    pub fn broker_label(&self, broker: BrokerId) -> String {
        format!("B{}", broker.0)
    }

    /// The plural or the singular of an English noun, and a Korean one with its counter: `2 records`, `레코드 2건`.
    pub fn count(&self, count: u64, one: &str, many: &str, ko: &str, counter: &str) -> String {
        let number = explain::grouped(count);
        match self.lang {
            Lang::En => format!("{number} {}", if count == 1 { one } else { many }),
            Lang::Ko => format!("{ko} {number}{counter}"),
        }
    }

    /// What a command does, as it is written; of a program that was pasted, whose it is.
    pub fn deed(&self, statement: &Statement) -> String {
        match statement {
            Statement::Code(PastedCode { client, .. }) => {
                self.t(&format!("code pasted for {client}"), &format!("붙여 넣은 코드({client})"))
            }
            _ => line_cut(&print_statement(statement)),
        }
    }

    pub fn records(&self, count: u64) -> String {
        self.count(count, "record", "records", "레코드", "건")
    }
}

/// Text of at most so many characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A line that is all there is to say.
pub(super) fn line_cut(line: &str) -> String {
    middle_cut(line, COMMAND)
}

/// Text of at most so many characters, cut in the middle: what a long line is about stands at its beginning, what it asks
/// for at its end.
fn middle_cut(text: &str, most: usize) -> String {
    let letters = text.chars().count();
    if letters <= most {
        return text.to_owned();
    }
    let half = (most - 1) / 2;
    let at = |letter: usize| text.char_indices().nth(letter).map_or(text.len(), |(at, _)| at);
    format!("{}…{}", &text[..at(most - 1 - half)], &text[at(letters - half)..])
}

/// UTF-8 as it reads, other bytes in hex, shortened.
pub(super) fn readable(bytes: &[u8], most: usize) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => shortened(text, most),
        _ => format!("0x{}", hex(bytes, most / 3).replace(' ', "")),
    }
}

/// Bytes in hex, `6d 69 61`, at most so many.
pub(super) fn hex(bytes: &[u8], most: usize) -> String {
    let mut out = String::with_capacity(bytes.len().min(most) * 3 + 4);
    for (i, byte) in bytes.iter().take(most).enumerate() {
        if i > 0 {
            out.push(' ');
        }
        for nibble in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(nibble), 16).expect("a nibble is a hex digit"));
        }
    }
    if bytes.len() > most {
        out.push_str(" …");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::middle_cut;

    #[test]
    fn long_lines_are_cut_in_their_middle() {
        assert_eq!(middle_cut("send p t", 8), "send p t");
        assert_eq!(middle_cut("0123456789", 8), "0123…789");
        assert_eq!(middle_cut("가나다라마바사아자차", 7), "가나다…아자차");
        assert_eq!(middle_cut(&"h".repeat(40_000), 200).chars().count(), 200);
    }
}
