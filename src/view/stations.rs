//! The six stations of the followed record, drawn over the live state of its producer.

use super::contents::{Contents, contents};
use super::deques;
use super::model::{Glyph, Piece, Station, StationBody, StationState, Tone};
use super::processes::gone;
use super::producers::{is_now, waits_in_send};
use super::scene::{Scene, hex};
use super::sending::{self, Whereabouts};
use super::values::InForce;
use crate::client::producer::{Producer, RequestView, SendStage};
use crate::error::Code;
use crate::event::PartitionedBy;
use crate::explain::{self, Chip, SettingValues, bytes};
use crate::ids::RecordId;
use crate::invariant::{Attempt, BatchFacts, Handled, RecordFacts, RecordStage};
use crate::lang::{Text, text};
use crate::time::Instant;

/// Characters of a key, of a value, and bytes of either in hex.
const KEY: usize = 24;
const VALUE: usize = 48;
const HEX: usize = 6;
/// So many tries are told one by one.
const TRIES: usize = 4;

/// What the stations are built from.
struct Journey<'s, 'a> {
    scene: &'s Scene<'a>,
    producer: &'s Producer,
    record: Option<RecordId>,
    facts: Option<RecordFacts>,
    batch: Option<BatchFacts>,
    contents: Option<Contents>,
    now: bool,
}

pub(super) fn all(scene: &Scene<'_>, producer: &Producer, record: Option<RecordId>) -> Vec<Station> {
    let facts = record.and_then(|record| scene.record_told(record));
    let batch = facts.and_then(|facts| facts.batch).and_then(|(batch, _)| scene.batch_told(batch));
    let contents = record.and_then(|record| contents(scene, producer, record));
    let now = record.is_some_and(|record| is_now(scene, record));
    let journey = Journey { scene, producer, record, facts, batch, contents, now };
    vec![
        journey.record(),
        journey.serialize(),
        journey.partition(),
        journey.accumulate(),
        journey.send(),
        journey.result(),
    ]
}

impl Journey<'_, '_> {
    fn chips(&self, names: &[&'static str]) -> Vec<Chip> {
        let in_force = InForce(self.scene.simulation);
        names.iter().map(|name| in_force.chip(Some(self.producer.id()), name)).collect()
    }

    /// Where the record stands at this stage.
    fn state(&self, stage: RecordStage) -> StationState {
        let Some(facts) = &self.facts else { return StationState::Ahead };
        let waits = self.record.and_then(|record| waits_in_send(self.producer, record)).map(|send| send.stage);
        let blocked = match waits {
            Some(SendStage::AwaitingMetadata(_)) => Some(RecordStage::Record),
            Some(SendStage::AwaitingMemory { .. }) => Some(RecordStage::Accumulate),
            _ => None,
        };
        if blocked == Some(stage) {
            return StationState::Blocked;
        }
        let has_failed = facts.outcome.is_some_and(|outcome| outcome.is_err());
        if has_failed && !self.was_at(stage, facts) {
            return StationState::Ahead;
        }
        if stage == RecordStage::Result && has_failed {
            return StationState::Failed;
        }
        match blocked.unwrap_or(facts.stage).cmp(&stage) {
            std::cmp::Ordering::Less => StationState::Ahead,
            std::cmp::Ordering::Equal if self.now => StationState::Now,
            _ => StationState::Passed,
        }
    }

    /// Whether a record, which may have failed on its way, came to this stage.
    fn was_at(&self, stage: RecordStage, facts: &RecordFacts) -> bool {
        match stage {
            RecordStage::Record | RecordStage::Result => true,
            RecordStage::Serialize => facts.serialized.is_some(),
            RecordStage::Partition => facts.partitioned_by.is_some(),
            RecordStage::Accumulate => facts.batch.is_some(),
            RecordStage::Send => self.batch.as_ref().is_some_and(|batch| !batch.attempts.is_empty()),
        }
    }

    fn station(&self, stage: RecordStage, title: Text, chips: &[&'static str], body: StationBody) -> Station {
        Station {
            number: stage.number(),
            title: self.scene.said(title),
            state: self.state(stage),
            note: None,
            chips: self.chips(chips),
            body,
        }
    }

    fn record(&self) -> Station {
        let (scene, title) = (self.scene, text("Record", "레코드"));
        let body = match (&self.contents, self.record) {
            (Some(contents), Some(record)) => StationBody::Record {
                glyph: glyph(scene, record, Some(contents)),
                key: contents.key_text(KEY),
                value: contents.value_text(VALUE),
                headers: contents.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect(),
            },
            _ => StationBody::Empty,
        };
        let note = self.contents.as_ref().map(|contents| {
            let topic = &contents.topic;
            match contents.partition {
                Some(n) => scene.t(&format!("topic {topic}, partition {n}"), &format!("토픽 {topic}, 파티션 {n}")),
                None => scene.t(&format!("topic {topic}, partition not set"), &format!("토픽 {topic}, 파티션 미지정")),
            }
        });
        let chips: &[&'static str] = match self.state(RecordStage::Record) {
            StationState::Blocked => &["max.block.ms"],
            _ => &[],
        };
        let note = match self.state(RecordStage::Record) {
            StationState::Blocked => Some(scene.t("waits for metadata", "메타데이터 대기")),
            _ => note,
        };
        Station { note, ..self.station(RecordStage::Record, title, chips, body) }
    }

    fn serialize(&self) -> Station {
        let contents = self.contents.as_ref().filter(|contents| contents.is_serialized);
        let shown = |part: &Option<Vec<u8>>| {
            let part = part.as_ref()?;
            Some((hex(part, HEX), bytes(part.len() as u64)))
        };
        let body = match contents {
            Some(contents) => StationBody::Serialize { key: shown(&contents.key), value: shown(&contents.value) },
            None => StationBody::Empty,
        };
        self.station(RecordStage::Serialize, text("Serialize", "직렬화"), &["key.serializer", "value.serializer"], body)
    }

    fn partition(&self) -> Station {
        let scene = self.scene;
        let title = text("Partition", "파티션 선택");
        let Some((facts, by)) = self.facts.and_then(|facts| Some((facts, facts.partitioned_by?))) else {
            return self.station(RecordStage::Partition, title, &[], StationBody::Empty);
        };
        let image = scene.simulation.image();
        let count = image.topics.get(scene.names().topic(facts.topic)).map_or(0, |topic| topic.partitions.len());
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        let slots = (0..count).map(|n| (n, facts.partition == Some(n))).collect();
        let (text, chips): (String, &[&'static str]) = match (by, facts.partition) {
            (PartitionedBy::Explicit, _) => (scene.t("named by the record", "레코드가 지정"), &[]),
            (PartitionedBy::Key { hash }, Some(partition)) => {
                (format!("murmur2(key) = {}, mod {count} = {partition}", hash & i32::MAX), &[])
            }
            (PartitionedBy::RoundRobin, _) => (scene.t("the next in turn", "차례대로"), &["partitioner.class"]),
            (PartitionedBy::Sticky, Some(_)) => {
                (scene.t("no key: where the current batch is", "키 없음: 현재 배치가 있는 곳"), &["batch.size"])
            }
            (PartitionedBy::Sticky | PartitionedBy::Key { .. }, None) => {
                (scene.t("no key: left to the accumulator", "키 없음: 배치를 모을 때 정함"), &["batch.size"])
            }
        };
        // Of a formula its end is the answer.
        let short = match (by, facts.partition) {
            (PartitionedBy::Key { .. }, Some(partition)) => format!("mod {count} = {partition}"),
            _ => text.clone(),
        };
        self.station(RecordStage::Partition, title, chips, StationBody::Partition { slots, text, short })
    }

    fn accumulate(&self) -> Station {
        let scene = self.scene;
        let named = self.contents.as_ref().and_then(|contents| scene.names().topic_no(&contents.topic));
        let topic = self.facts.map(|facts| facts.topic).or(named);
        let deques = deques::build(scene, self.producer, topic);
        let waits = match self.record.and_then(|record| waits_in_send(self.producer, record)).map(|send| send.stage) {
            Some(SendStage::AwaitingMemory { size, .. }) => {
                let size = bytes(size);
                Some(scene.t(&format!("send() waits for {size} of memory"), &format!("send()가 메모리 {size} 대기 중")))
            }
            _ => None,
        };
        let chips: &[&'static str] = match waits {
            Some(_) => &["buffer.memory", "max.block.ms"],
            None => &["batch.size", "linger.ms"],
        };
        let body = StationBody::Accumulate { deques, waits };
        self.station(RecordStage::Accumulate, text("Accumulate", "배치에 모으기"), chips, body)
    }

    fn send(&self) -> Station {
        let rows = sending::rows(self.scene, self.producer);
        let chips = ["acks", "max.in.flight.requests.per.connection"];
        self.station(RecordStage::Send, text("Send", "전송"), &chips, StationBody::Send { rows })
    }

    fn result(&self) -> Station {
        let (then, result) = self.outcome();
        let tries = self.tries();
        let chips: &[&'static str] = match self.batch.as_ref().map_or(0, |batch| batch.attempts.len()) {
            0 | 1 => &["request.timeout.ms"],
            _ => &["request.timeout.ms", "delivery.timeout.ms"],
        };
        let body = match (tries.is_empty(), &result) {
            (true, None) => StationBody::Empty,
            _ => StationBody::Result { tries, then, result },
        };
        self.station(RecordStage::Result, text("Result", "결과"), chips, body)
    }

    /// What the caller got; or, behind "then", what it will get when the answer arrives.
    fn outcome(&self) -> (Option<String>, Option<String>) {
        let (Some(record), Some(facts)) = (self.record, &self.facts) else { return (None, None) };
        let partition = facts.partition.unwrap_or(-1);
        let topic = self.scene.names().topic(facts.topic);
        let metadata = |offset: i64| format!("RecordMetadata {topic}-{partition}@{offset}");
        match facts.outcome {
            Some(Ok(offset)) => (None, Some(metadata(offset))),
            Some(Err(why)) => {
                let class = self.scene.exception(why, facts.exception);
                let words = self.scene.names().exception(facts.exception).map(|(_, words)| words);
                let result = match words.filter(|words| !words.is_empty()) {
                    Some(words) => format!("{class}: {words}"),
                    None => class.to_owned(),
                };
                (None, Some(result))
            }
            None => {
                let attempt = self.batch.as_ref().and_then(|batch| batch.attempts.last());
                let index = facts.batch.map_or(0, |(_, index)| i64::from(index));
                let base = match attempt.and_then(|attempt| attempt.handled) {
                    Some((Handled::Written(base) | Handled::Duplicate(base), _)) => base.cast_signed(),
                    _ => return (None, None),
                };
                debug_assert!(record.client == self.producer.id());
                (Some(self.scene.t("then", "다음")), Some(metadata(base + index)))
            }
        }
    }

    /// Every request that carried the record, in words.
    fn tries(&self) -> Vec<Piece> {
        let scene = self.scene;
        let (Some(batch), false) = (&self.batch, self.was_never_sent()) else { return self.never_sent() };
        let mut pieces = Vec::new();
        let first = batch.attempts.len().saturating_sub(TRIES);
        if first > 0 {
            let (en, ko) = (format!("{first} tries before,"), format!("이전 시도 {first}번,"));
            pieces.push(Piece::new(scene.t(&en, &ko), Tone::Muted));
        }
        for (attempt, number) in batch.attempts.iter().zip(1..).skip(first) {
            pieces.push(self.attempt(attempt, number));
        }
        let waiting = self
            .facts
            .and_then(|facts| facts.batch)
            .and_then(|(id, _)| self.producer.batch(id.number, scene.now).filter(|batch| batch.backoff_left_ms > 0));
        if let Some(batch) = waiting {
            let wait = explain::grouped(batch.backoff_left_ms);
            let piece = scene.t(&format!("waits {wait} ms"), &format!("{wait} ms 대기"));
            pieces.push(Piece::new(piece, Tone::Muted));
        }
        pieces
    }

    /// Its producer is gone, and no request has carried it.
    fn was_never_sent(&self) -> bool {
        let is_open = self.facts.is_some_and(|facts| facts.outcome.is_none());
        let was_tried = self.batch.as_ref().is_some_and(|batch| !batch.attempts.is_empty());
        is_open && !was_tried && gone(self.scene, self.producer.id()).is_some()
    }

    fn never_sent(&self) -> Vec<Piece> {
        let tone = gone(self.scene, self.producer.id()).filter(|_| self.was_never_sent());
        tone.map(|tone| Piece::new(self.scene.t("never sent", "전송 안 됨"), tone)).into_iter().collect()
    }

    fn attempt(&self, attempt: &Attempt, number: usize) -> Piece {
        let scene = self.scene;
        let tone = if self.now && attempt.answered.is_none() { Tone::Now } else { Tone::Plain };
        match attempt.answered {
            Some((Code::None, _)) => {
                let (en, ko) = match self.producer.config().acks {
                    0 => ("left, no answer asked for", "전송, 응답 요청 안 함"),
                    1 => ("acknowledged, written by the leader alone", "ack됨, 리더만 기록"),
                    _ => ("acknowledged", "ack됨"),
                };
                Piece::new(scene.t(&format!("try {number} {en}"), &format!("{number}번째 시도 {ko}")), tone)
            }
            Some((code, _)) => {
                let why = failure(scene, code);
                Piece::failed(scene.t(&format!("try {number} {why}"), &format!("{number}번째 시도 {why}")))
            }
            None => {
                let (en, ko) = match attempt.handled {
                    Some((Handled::Written(_), _)) => ("written", "기록됨"),
                    Some((Handled::Duplicate(_), _)) => ("already there", "이미 있음"),
                    Some((Handled::Refused(_), _)) => ("refused", "거절됨"),
                    None => {
                        let (en, ko) = (format!("try {number} in flight"), format!("{number}번째 시도 전송 중"));
                        return Piece::new(scene.t(&en, &ko), tone);
                    }
                };
                match self.answer(attempt) {
                    Some(answer) => {
                        let (en, ko) = (
                            format!("try {number} {en}, {}", answer.text),
                            format!("{number}번째 시도 {ko}, {}", answer.text),
                        );
                        // Until when a lost one is waited for has no room behind the rest.
                        Piece { short: answer.is_long.then_some(answer.text), ..Piece::new(scene.t(&en, &ko), tone) }
                    }
                    None => {
                        Piece::new(scene.t(&format!("try {number} {en}"), &format!("{number}번째 시도 {ko}")), tone)
                    }
                }
            }
        }
    }

    /// Where the answer to a try is that the broker has handled; of a lost one, until when the producer waits for it.
    /// Behind earlier tries there is no room to say that it comes.
    fn answer(&self, attempt: &Attempt) -> Option<Answer> {
        let scene = self.scene;
        if gone(scene, self.producer.id()).is_some() {
            return Some(Answer::brief(scene.t("nobody waits for the answer", "응답을 기다릴 프로세스 없음")));
        }
        let requests = self.producer.requests();
        let of_attempt = |request: &&RequestView| {
            request.correlation_id == attempt.correlation_id && Some(request.connection) == attempt.connection
        };
        let Some(request) = requests.iter().find(of_attempt) else {
            return self.is_only_try().then(|| Answer::brief(scene.t("answer arrived", "응답 도착")));
        };
        let (en, ko) = match Whereabouts::of(scene, self.producer, request) {
            Whereabouts::AnswerLost => {
                let until = explain::ms(Instant::from_millis(request.deadline_ms));
                let (en, ko) =
                    (format!("answer lost, times out at {until}"), format!("응답 유실, {until}에 시간 초과"));
                return Some(Answer { text: scene.t(&en, &ko), is_long: true });
            }
            Whereabouts::Arrived => ("answer arrived", "응답 도착"),
            Whereabouts::Answered => ("answer on its way", "응답 이동 중"),
            Whereabouts::OnItsWay | Whereabouts::AtTheBroker => ("answer to come", "응답 예정"),
        };
        self.is_only_try().then(|| Answer::brief(scene.t(en, ko)))
    }

    fn is_only_try(&self) -> bool {
        self.batch.as_ref().is_none_or(|batch| batch.attempts.len() <= 1)
    }
}

/// What is said of the answer to a try.
struct Answer {
    text: String,
    is_long: bool,
}

impl Answer {
    const fn brief(text: String) -> Answer {
        Answer { text, is_long: false }
    }
}

/// Why a try failed, in a few words; Kafka's name where it has no better ones.
fn failure(scene: &Scene<'_>, code: Code) -> String {
    match code {
        // What a producer concludes of a request whose connection ended or whose time was over.
        Code::NetworkException => scene.t("got no answer", "응답 없음"),
        Code::RequestTimedOut => scene.t("timed out", "시간 초과"),
        _ => code.name().to_owned(),
    }
}

/// The glyph of a record, also of one that is not serialized yet.
pub(super) fn glyph(scene: &Scene<'_>, record: RecordId, contents: Option<&Contents>) -> Glyph {
    match (scene.seen.key_of(record), contents) {
        (None, Some(contents)) => scene.glyph_to_come(contents.key(), scene.followed == Some(record)),
        _ => scene.glyph(record),
    }
}
