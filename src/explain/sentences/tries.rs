//! A batch that travels again: which try it is, what became of the one before, what a duplicate is a duplicate of.

use super::super::context::Before;
use super::super::template::{Arg, Told, told};
use crate::event::broker::{BatchAppended, BrokerEvent, DuplicateFound};
use crate::event::producer::{BatchDrained, ProducerEvent};
use crate::ids::PartitionNo;
use crate::invariant::{Attempt, Handled};
use crate::lang::{Text, text};

pub(super) fn of_producer(before: &Before<'_>, event: ProducerEvent) -> Option<Told> {
    match event {
        ProducerEvent::BatchDrained(of) => drained(before, of),
        _ => None,
    }
}

pub(super) fn of_broker(before: &Before<'_>, event: BrokerEvent) -> Option<Told> {
    match event {
        BrokerEvent::DuplicateFound(of) => duplicate(before, of),
        BrokerEvent::BatchAppended(of) => written_again(before, of),
        _ => None,
    }
}

/// What a broker wrote, by the event that says so.
fn written(attempt: &Attempt) -> Option<(u64, crate::ids::EventId)> {
    match attempt.handled {
        Some((Handled::Written(base_offset), event)) => Some((base_offset, event)),
        _ => None,
    }
}

fn drained(before: &Before<'_>, of: BatchDrained) -> Option<Told> {
    let attempts = before.past.index.batch(of.batch)?.attempts;
    let now = attempts.iter().position(|attempt| attempt.drained == before.id)?;
    let last = attempts.get(now.checked_sub(1)?)?;
    let (code, ended) = last.answered.filter(|(_, ended)| *ended < before.id)?;
    let mut args = vec![
        ("c", Arg::Client(of.batch.client)),
        ("b", Arg::Batch(of.batch)),
        ("p", Arg::Partition(of.partition)),
        ("to", Arg::Broker(of.broker)),
        ("r", Arg::Request(of.correlation_id)),
        ("a", Arg::Number(of.attempt.into())),
        ("before", Arg::Request(last.correlation_id)),
        ("code", Arg::Code(code)),
        ("ended", before.when(ended)?),
    ];
    let is_numbered = of.sequence >= 0;
    let meaning = match last.handled.filter(|(_, event)| *event < before.id) {
        Some((Handled::Written(_) | Handled::Duplicate(_), event)) => {
            args.push(("when", before.when(event)?));
            lost_answer(is_numbered)
        }
        Some((Handled::Refused(_), _)) | None => text(
            "The try before, {before}, ended at {ended} with {code}; it was not written.",
            "이전 시도 {before:은} {ended}에 {code:로} 끝났고, 기록되지 않았습니다.",
        ),
    };
    Some(told(
        &args,
        text(
            "{c} sends {b} of {p} again, in request {r} to {to}: **try {a}**.",
            "{c:가} {p}의 {b:를} 요청 {r}에 실어 {to:로} 다시 보냅니다. **{a}번째 시도**입니다.",
        ),
        meaning,
        super::producer::numbered(of.sequence),
    ))
}

const fn lost_answer(is_numbered: bool) -> Text {
    if is_numbered {
        text(
            "The broker wrote it at {when}, from request {before}, but the answer never came.",
            "첫 요청 {before:은} {when}에 기록되었으나 응답이 오지 않았습니다.",
        )
    } else {
        text(
            "Request {before} was written at {when}, unanswered: without a sequence it is written again.",
            "요청 {before:은} {when}에 기록되었으나 응답이 없었습니다. 시퀀스가 없어 또 기록됩니다.",
        )
    }
}

/// The first copy of a batch: its request, and the event that wrote it.
fn first_copy(before: &Before<'_>, partition: PartitionNo, base_offset: u64) -> Option<Attempt> {
    let batch = before.past.index.batch_at(partition, base_offset)?;
    let is_it = |attempt: &&Attempt| written(attempt).is_some_and(|(at, event)| at == base_offset && event < before.id);
    before.past.index.batch(batch)?.attempts.iter().find(is_it).copied()
}

fn duplicate(before: &Before<'_>, of: DuplicateFound) -> Option<Told> {
    let first = first_copy(before, of.partition, of.base_offset)?;
    let (_, event) = written(&first)?;
    Some(told(
        &[
            ("b", Arg::Broker(of.broker)),
            ("s", Arg::Number(of.sequence.into())),
            ("at", Arg::At(of.partition, of.base_offset.cast_signed())),
            ("r", Arg::Request(of.correlation_id)),
            ("first", Arg::Request(first.correlation_id)),
            ("when", before.when(event)?),
        ],
        text(
            "{b} already holds sequence {s} of this producer, so it **appends nothing**.",
            "{b:는} 이 프로듀서의 시퀀스 {s:을} 이미 갖고 있어 **다시 쓰지 않습니다**.",
        ),
        text(
            "It wrote this batch at {when}, from request {first}; it answers {r} with that offset: {at}.",
            "첫 기록 시각: {when}, 요청 {first}. 요청 {r}에 그때의 오프셋 {at:으로} 응답합니다.",
        ),
        text(
            "No duplicate because {$enable.idempotence}; retried after {$request.timeout.ms}.",
            "중복 방지: {$enable.idempotence}, 재시도: {$request.timeout.ms}",
        ),
    ))
}

fn written_again(before: &Before<'_>, of: BatchAppended) -> Option<Told> {
    let batch = before.past.index.batch_at(of.partition, of.base_offset)?;
    let attempts = before.past.index.batch(batch)?.attempts;
    let first = attempts.iter().find(|attempt| written(attempt).is_some_and(|(_, event)| event < before.id))?;
    let (base_offset, event) = written(first)?;
    Some(told(
        &[
            ("b", Arg::Broker(of.broker)),
            ("p", Arg::Partition(of.partition)),
            ("r", Arg::Records(of.records.into())),
            ("at", Arg::Number(of.base_offset.cast_signed())),
            ("old", Arg::Number(base_offset.cast_signed())),
            ("first", Arg::Request(first.correlation_id)),
            ("when", before.when(event)?),
        ],
        text(
            "{b} **writes** {r} to the log of {p} **a second time**, from offset {at}.",
            "{b:가} {p}의 로그에 {r:을} **두 번째로 씁니다**. 오프셋 {at}부터.",
        ),
        text(
            "Request {first} had written the same from offset {old} at {when}; nothing tells the broker so.",
            "요청 {first:이} {when}에 오프셋 {old}부터 같은 것을 썼지만, 브로커는 알 수 없습니다.",
        ),
        text("Because {$enable.idempotence}.", "원인: {$enable.idempotence}"),
    ))
}
