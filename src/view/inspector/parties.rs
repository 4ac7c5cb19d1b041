//! A record's way through everybody's hands: its producer, then each group and each time that it read it.

use super::super::model::{Cause, CauseMark, FoldedCauses, Party};
use super::super::scene::Scene;
use crate::error::Code;
use crate::event::{PositionWhy, ReadyWhy};
use crate::ids::{BatchId, ClientId, EventId, PartitionNo, RecordId};
use crate::invariant::{
    Attempt, BatchFacts, Break, Broke, GoneHow, Handled, History, PromiseKind, RecordFacts, Taken, Took,
};
use crate::lang::{Sentence, both};
use crate::sorted::InOrder;

/// A row of the chain before it is known which one is now.
struct Row {
    event: EventId,
    text: String,
    mark: CauseMark,
    /// Not one of the main steps.
    minor: bool,
}

/// Collects the rows of a party.
struct Rows<'s, 'a> {
    scene: &'s Scene<'a>,
    all: Vec<Row>,
}

impl Rows<'_, '_> {
    fn add(&mut self, event: EventId, mark: CauseMark, en: &str, ko: &str) {
        self.all.push(Row { event, text: self.scene.t(en, ko), mark, minor: false });
    }

    fn done(&mut self, event: EventId, en: &str, ko: &str) {
        self.add(event, CauseMark::Done, en, ko);
    }

    /// The last row is none of the main steps.
    fn is_minor(&mut self) {
        if let Some(row) = self.all.last_mut() {
            row.minor = true;
        }
    }

    /// What has not happened, and may not.
    fn ahead(&mut self, en: &str, ko: &str) {
        self.add(EventId::NONE, CauseMark::ToCome, en, ko);
    }
}

/// A record's way, for each party.
pub(super) fn of_record(scene: &Scene<'_>, record: RecordId, facts: &RecordFacts) -> Vec<Party> {
    let mut found = vec![(scene.client_name(record.client), String::new(), produced(scene, record, facts))];
    if let Some(no) = facts.at() {
        let history = scene.timeline.observers().history();
        for (reader, _) in history.tracked().filter(|(_, at)| *at == no) {
            for offset in scene.offsets_told(record) {
                found.extend(read(scene, history, reader, no, offset));
            }
        }
    }
    // What is told before it in one instant comes first.
    for (_, _, rows) in &mut found {
        rows.retain(|row| row.event < scene.end());
    }
    with_now(scene, found)
}

/// Says which row is now: that of the told event, or else the last one of this move.
fn with_now(scene: &Scene<'_>, found: Vec<(String, String, Vec<Row>)>) -> Vec<Party> {
    let (moves, position) = (scene.timeline.moves(), scene.timeline.position());
    let number_of = |row: &Row| moves.move_of(row.event).filter(|_| row.event != EventId::NONE);
    let first = if position > 0 { moves.first_event(position) } else { EventId::NONE };
    let told = scene.telling.as_ref().map(|telling| EventId(first.0 + telling.event as u32));
    let rows = || found.iter().flat_map(|(_, _, rows)| rows);
    let is_now = |row: &&Row| number_of(row) == Some(position);
    let now = rows().find(|row| Some(row.event) == told).or_else(|| rows().rfind(is_now)).map(|row| row.event);
    let mut taken = false;
    let mut cause = |row: &Row| {
        let number = number_of(row);
        let is_now = !taken && number.is_some() && Some(row.event) == now;
        taken |= is_now;
        Cause {
            number,
            time: number.map_or_else(|| "–".to_owned(), |number| scene.ms(moves.at(number))),
            text: row.text.clone(),
            now: is_now,
            mark: row.mark,
            minor: row.minor && !is_now,
        }
    };
    let parties = found.iter().enumerate().map(|(i, (name, note, rows))| {
        let causes: Vec<Cause> = rows.iter().map(&mut cause).collect();
        // What a producer does with every record stands in one row.
        let folded = if i == 0 { folded(scene, &causes) } else { None };
        Party { name: name.clone(), note: note.clone(), causes, folded }
    });
    parties.collect()
}

/// What stands in place of a producer's rows that wait, where they are several.
fn folded(scene: &Scene<'_>, causes: &[Cause]) -> Option<FoldedCauses> {
    let waiting: Vec<&Cause> = causes.iter().filter(|cause| cause.minor).collect();
    let first = waiting.first().filter(|_| waiting.len() > 1)?;
    let is_answered = causes.last().is_some_and(|last| last.minor);
    let (en, ko) = match is_answered {
        true => ("send() to acknowledged", "send()에서 ack까지"),
        false => ("send() to its request", "send()에서 요청까지"),
    };
    Some(FoldedCauses {
        number: first.number,
        time: first.time.clone(),
        text: scene.t(en, ko),
        steps: scene.count(waiting.len() as u64, "step", "steps", "스텝", "개"),
    })
}

/// What its producer did with a record.
fn produced(scene: &Scene<'_>, record: RecordId, facts: &RecordFacts) -> Vec<Row> {
    let mut rows = Rows { scene, all: Vec::new() };
    rows.done(facts.called, "send()", "send()");
    rows.is_minor();
    let batch = facts.batch.and_then(|(id, index)| Some((scene.batch_told(id)?, index)));
    if let Some((batch, index)) = &batch {
        let why = batch.ready.map(|(why, _)| why);
        for (i, attempt) in batch.attempts.iter().enumerate() {
            tried(&mut rows, i + 1, attempt, why, batch.partition, *index);
        }
    }
    let gone = scene.timeline.observers().history().gone(record.client).filter(|gone| gone.event < scene.end());
    let lost = facts.batch.zip(batch.as_ref()).and_then(|((id, _), (batch, _))| lost(scene, id, batch));
    match (facts.ended, facts.outcome) {
        (Some(ended), Some(Ok(offset))) if offset < 0 => {
            rows.done(ended, "counts as sent, nobody answers", "보낸 것으로 처리, 응답 없음");
        }
        (Some(ended), Some(Ok(_))) => {
            rows.done(ended, "acknowledged", "ack됨");
            // Where it took a retry, that it came to be is the point.
            if batch.as_ref().is_some_and(|(batch, _)| batch.attempts.len() == 1) {
                rows.is_minor();
            }
        }
        (Some(ended), Some(Err(why))) => {
            let class = scene.exception(why, facts.exception);
            rows.done(ended, &format!("failed: {class}"), &format!("실패: {class}"));
        }
        _ => match gone {
            Some(gone) => {
                let was_sent = batch.as_ref().is_some_and(|(batch, _)| !batch.attempts.is_empty());
                let mark = if gone.how == GoneHow::Killed { CauseMark::Cut } else { CauseMark::Done };
                let (how_en, how_ko) = ended_as(gone.how);
                let (en, ko) = if was_sent {
                    ("never learned more", "결과를 모름")
                } else {
                    ("never sent", "전송 안 됨")
                };
                rows.add(gone.event, mark, &format!("{how_en}, {en}"), &format!("{how_ko}, {ko}"));
            }
            None => rows.ahead("result: not yet", "결과: 아직 없음"),
        },
    }
    if let Some((event, text)) = lost {
        // A refusal stands there already, as if somebody had been told.
        rows.all.retain(|row| row.event != event);
        rows.add(event, CauseMark::Cut, &text.en, &text.ko);
        // The producer may count it as sent before it is lost, and behind it.
        rows.all.order_by_key(|row| row.event);
    }
    rows.all
}

/// What took a batch of which its producer believes that it is in the log: the event, and what it was.
fn lost(scene: &Scene<'_>, id: BatchId, batch: &BatchFacts) -> Option<(EventId, Sentence)> {
    let last = batch.attempts.last()?;
    let (event, took) = scene.timeline.observers().promises().lost(id, last.drained)?;
    let broker = scene.broker_label(last.broker);
    let refused = match last.handled {
        Some((Handled::Refused(code), event)) => Some((code, event)),
        _ => None,
    };
    let (en, ko) = match took {
        Took::Crash => (format!("lost: {broker} crashed before it came there"), format!("유실: 도착 전 {broker} 장애")),
        Took::Absence => {
            (format!("lost: {broker} was down before it came there"), format!("유실: 도착 전 {broker} 꺼짐"))
        }
        Took::Closing => {
            (format!("lost: its connection to {broker} was closed"), format!("유실: {broker} 연결이 닫힘"))
        }
        Took::Error => (
            format!("lost: an injected error answered in place of {broker}"),
            format!("유실: 주입한 오류가 {broker} 대신 응답"),
        ),
        Took::Refusal => {
            let code = refused.map_or("", |(code, _)| code.name());
            (
                format!("lost: refused by {broker}: {code}, nobody was told"),
                format!("유실: {broker}에서 거절: {code}, 아무도 모름"),
            )
        }
        Took::Unknown => (format!("lost: it is not in the log of {broker}"), format!("유실: {broker}의 로그에 없음")),
    };
    Some((refused.map_or(event, |(_, event)| event), both(en, ko)))
}

/// What closed a batch, by the name that the user knows.
const fn closed_by(why: ReadyWhy) -> &'static str {
    match why {
        ReadyWhy::Full => "batch.size",
        ReadyWhy::Linger | ReadyWhy::Retry => "linger.ms",
        ReadyWhy::Exhausted => "buffer.memory",
        ReadyWhy::Flush => "flush()",
        ReadyWhy::Close => "close()",
        ReadyWhy::SameBroker => "max.request.size",
    }
}

fn tried(rows: &mut Rows<'_, '_>, n: usize, attempt: &Attempt, why: Option<ReadyWhy>, at: PartitionNo, index: u32) {
    let (id, broker) = (attempt.correlation_id, rows.scene.broker_label(attempt.broker));
    match why.filter(|why| n == 1 && !matches!(why, ReadyWhy::Retry | ReadyWhy::SameBroker)) {
        Some(why) => {
            let by = closed_by(why);
            rows.done(
                attempt.drained,
                &format!("batch closed by {by}, request #{id}"),
                &format!("{by}: 배치 닫힘, 요청 #{id}"),
            );
            rows.is_minor();
        }
        None => rows.done(
            attempt.drained,
            &format!("try {n}, request #{id} to {broker}"),
            &format!("{n}번째 시도, {broker}로 요청 #{id}"),
        ),
    }
    let partition = rows.scene.partition_name(at);
    let place = |base: u64| format!("{partition}@{}", base + u64::from(index));
    match attempt.handled {
        Some((Handled::Written(base), event)) => {
            let place = place(base);
            rows.done(event, &format!("appended as {place} on {broker}"), &format!("{broker}에 기록: {place}"));
        }
        Some((Handled::Duplicate(base), event)) => {
            let place = place(base);
            rows.done(
                event,
                &format!("a duplicate, {broker} has {place}"),
                &format!("중복, {broker}에 이미 있음: {place}"),
            );
        }
        Some((Handled::Refused(code), event)) => {
            let code = code.name();
            rows.done(event, &format!("refused by {broker}: {code}"), &format!("{broker}에서 거절: {code}"));
        }
        None => {}
    }
    if let Some((code, event)) = attempt.answered.filter(|(code, _)| *code != Code::None) {
        let code = code.name();
        rows.done(event, &format!("try {n} failed: {code}"), &format!("{n}번째 시도 실패: {code}"));
    }
}

/// What a group did with an offset, each time that it read it.
fn read(
    scene: &Scene<'_>,
    history: &History,
    reader: ClientId,
    partition: PartitionNo,
    offset: u64,
) -> Vec<(String, String, Vec<Row>)> {
    let group = history.group_of(reader);
    let name = group.map_or_else(|| scene.client_name(reader), |group| scene.names().group(group).to_string());
    let polled: Vec<Taken> = history.polled(reader, partition, offset, scene.end()).collect();
    if polled.is_empty() {
        let mut rows = Rows { scene, all: Vec::new() };
        match is_passed_over(scene, reader, partition, offset) {
            true => rows.ahead("processed: never, it was passed over", "처리: 없음, 건너뜀"),
            false => rows.ahead("read: not yet", "읽기: 아직 없음"),
        }
        return vec![(name, String::new(), rows.all)];
    }
    let times = polled.len();
    let one = |(i, taken): (usize, &Taken)| {
        let next = polled.get(i + 1).map(|next| next.event);
        let note = match (times, i) {
            (1, _) => String::new(),
            (_, 0) => scene.t(", the first time", ", 첫 번째"),
            (_, 1) => scene.t(", the second time", ", 두 번째"),
            _ => scene.t(&format!(", time {}", i + 1), &format!(", {}번째", i + 1)),
        };
        (name.clone(), note, once(scene, history, taken, partition, offset, next, i > 0))
    };
    polled.iter().enumerate().map(one).collect()
}

/// Whether a group has gone on behind an offset by the event that is told; in the same instant it may still do so.
fn is_passed_over(scene: &Scene<'_>, reader: ClientId, partition: PartitionNo, offset: u64) -> bool {
    let promises = scene.timeline.observers().promises();
    let covers = |found: &Break| match found.what {
        Broke::Offsets { reader: of, partition: at, first, end } => {
            found.kind == PromiseKind::NoneSkipped && (of, at) == (reader, partition) && (first..end).contains(&offset)
        }
        _ => false,
    };
    let mut to_come = promises.breaks().rev().take_while(|found| found.event >= scene.end());
    promises.skipped(reader, partition).is_some_and(|skipped| skipped.contains(offset)) && !to_come.any(covers)
}

/// One reading of an offset, up to the next one.
fn once(
    scene: &Scene<'_>,
    history: &History,
    taken: &Taken,
    partition: PartitionNo,
    offset: u64,
    next: Option<EventId>,
    is_again: bool,
) -> Vec<Row> {
    let mut rows = Rows { scene, all: Vec::new() };
    let (who, until) = (scene.client_name(taken.client), next.unwrap_or(scene.end()));
    if let Some(begun) = history.begun(taken.client, partition, taken.event).filter(|_| is_again) {
        let at = begun.offset;
        match begun.why {
            PositionWhy::Committed => {
                rows.done(
                    begun.event,
                    &format!("{who} begins at committed {at}"),
                    &format!("{who}: 커밋된 {at}에서 시작"),
                );
            }
            _ => rows.done(begun.event, &format!("{who} begins at {at}"), &format!("{who}: {at}에서 시작")),
        }
    }
    let by_it = |done: &Taken| done.client == taken.client && done.event > taken.event;
    let processed = history.processed(taken.client, partition, offset, until).find(by_it);
    if taken.cause != EventId::NONE {
        rows.done(taken.cause, &format!("fetched by {who}"), &format!("{who}: 가져옴"));
        rows.is_minor();
    }
    match taken.offsets {
        1 => rows.done(taken.event, &format!("polled by {who}"), &format!("{who}: poll()로 받음")),
        n => {
            let (first, last) = (taken.first, taken.first + u64::from(n) - 1);
            rows.done(
                taken.event,
                &format!("polled by {who}, {first} to {last}"),
                &format!("{who}: poll()로 받음, {first}~{last}"),
            );
        }
    }
    if let Some(done) = processed {
        rows.is_minor();
        rows.done(done.event, &format!("processed by {who}"), &format!("{who}: 처리함"));
    }
    let Some(group) = history.group_of(taken.client) else {
        if processed.is_none() {
            rows.ahead("processed: not yet", "처리: 아직 없음");
        }
        return rows.all;
    };
    if let Some((commit, was)) = history.committed_past(group, partition, offset, taken.event, until) {
        let to = commit.offset.unwrap_or_default();
        let (was_en, was_ko) = was.map(|was| (format!(", was {was}"), format!(" (이전 값 {was})"))).unwrap_or_default();
        let place = rows.all.partition_point(|row| row.event < commit.event);
        let text = scene.t(&format!("committed {to}{was_en}"), &format!("커밋됨: {to}{was_ko}"));
        rows.all.insert(place, Row { event: commit.event, text, mark: CauseMark::Done, minor: false });
        let is_over = next.is_some() || history.gone(taken.client).is_some_and(|gone| gone.event < until);
        match processed {
            None if is_over => rows.ahead("processed: never", "처리: 없음"),
            None => rows.ahead("processed: not yet", "처리: 아직 없음"),
            Some(_) => {}
        }
        return rows.all;
    }
    cut_off(&mut rows, history, taken, &who, offset, (until, next.is_some()), processed.is_some());
    rows.all
}

/// How a client came to its end, in a word or two.
const fn ended_as(how: GoneHow) -> (&'static str, &'static str) {
    match how {
        GoneHow::Killed => ("killed", "강제 종료"),
        GoneHow::Exited => ("ended by itself", "스스로 끝남"),
        GoneHow::Closed => ("closed", "닫힘"),
    }
}

/// How a reading ended that no commit followed, or that one may still follow.
fn cut_off(
    rows: &mut Rows<'_, '_>,
    history: &History,
    taken: &Taken,
    who: &str,
    offset: u64,
    (until, is_over): (EventId, bool),
    done: bool,
) {
    let group = history.group_of(taken.client);
    let gone = history.gone(taken.client).filter(|gone| gone.event < until);
    let removed = group.and_then(|group| history.removed(group, taken.client, taken.event, until));
    match (gone, removed) {
        (Some(gone), _) => {
            let mark = if gone.how == GoneHow::Killed { CauseMark::Cut } else { CauseMark::Done };
            let (en, ko) = ended_as(gone.how);
            let en = format!("{who} {en}, {offset} never committed");
            rows.add(gone.event, mark, &en, &format!("{who} {ko}, {offset} 커밋 안 됨"));
        }
        (None, Some(removed)) => rows.done(
            removed.event,
            &format!("{who} out of the group, {offset} never committed"),
            &format!("{who} 그룹에서 빠짐, {offset} 커밋 안 됨"),
        ),
        (None, None) if is_over => rows.ahead("committed: never", "커밋: 없음"),
        (None, None) if done => rows.ahead("committed: not yet", "커밋: 아직 없음"),
        (None, None) => {
            rows.ahead("processed: not yet", "처리: 아직 없음");
            rows.ahead("committed: not yet", "커밋: 아직 없음");
        }
    }
}
