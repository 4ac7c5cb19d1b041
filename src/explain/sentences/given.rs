//! What a producer's own settings make of a batch: until when it waits, and that nobody will answer.

use super::super::context::Before;
use super::super::template::{Arg, Told};
use crate::event::ReadyWhy;
use crate::event::producer::{Appended, BatchDrained, ProducerEvent};
use crate::lang::{Text, text};
use crate::time::Instant;

pub(super) fn of_producer(before: &Before<'_>, event: ProducerEvent) -> Option<Told> {
    match event {
        ProducerEvent::Appended(of) if !of.full => waiting(before, of),
        ProducerEvent::BatchDrained(of) => leaves(before, of),
        _ => None,
    }
}

/// A batch waits from the record that opened it, in Kafka's whole milliseconds.
fn waiting(before: &Before<'_>, of: Appended) -> Option<Told> {
    let linger: u64 = before.setting(of.batch.client, "linger.ms")?.parse().ok()?;
    let opened = before.past.times.of(before.past.index.batch(of.batch)?.created)?;
    let until = Instant::from_millis(opened.millis() + linger);
    let mut told = super::producer::words(ProducerEvent::Appended(of));
    told.meaning = match linger {
        0 => text("send() returns; the batch need not wait.", "send() 호출이 끝납니다. 배치는 더 기다리지 않습니다."),
        _ => text(
            "send() returns; the batch waits for more until {until} or until it is full, then leaves as soon as it can.",
            "send() 호출이 끝납니다. 배치는 {until}까지, 또는 가득 찰 때까지 더 모은 뒤 가능한 한 바로 떠납니다.",
        ),
    };
    told.args.push(("until", Arg::Instant(until)));
    Some(told)
}

/// The first try of a batch: why it leaves now, and whether anybody will answer it.
fn leaves(before: &Before<'_>, of: BatchDrained) -> Option<Told> {
    let is_unanswered = before.setting(of.batch.client, "acks").as_deref() == Some("0");
    let ready = before.past.index.batch(of.batch)?.ready.filter(|_| of.attempt == 1);
    let happened = ready.and_then(|(why, _)| leaves_because(why));
    if happened.is_none() && !is_unanswered {
        return None;
    }
    let mut told = super::producer::words(ProducerEvent::BatchDrained(of));
    told.happened = happened.unwrap_or(told.happened);
    told.why = match ready {
        Some((ReadyWhy::Linger, _)) => text(
            "It waited for {$linger.ms}; numbered because {$enable.idempotence}, answered under {$acks}.",
            "기다린 시간: {$linger.ms}, 번호: {$enable.idempotence}, 응답 조건: {$acks}",
        ),
        Some((ReadyWhy::Full, _)) => text(
            "Closed by {$batch.size}; numbered because {$enable.idempotence}, answered under {$acks}.",
            "닫힌 이유: {$batch.size}, 번호: {$enable.idempotence}, 응답 조건: {$acks}",
        ),
        _ => told.why,
    };
    if is_unanswered {
        told.meaning = text(
            "It asks for no answer: once it has left, nobody knows what becomes of it.",
            "응답을 요청하지 않습니다. 떠난 뒤에 어떻게 되는지는 아무도 모릅니다.",
        );
    }
    Some(told)
}

const fn leaves_because(why: ReadyWhy) -> Option<Text> {
    Some(match why {
        ReadyWhy::Linger => text(
            "{b} of {p} has waited long enough and goes into request {r} to {to}.",
            "{p}의 {b:가} 기다림을 마치고 {to:로} 보낼 요청 {r}에 실립니다.",
        ),
        ReadyWhy::Full => text(
            "{b} of {p} is **full**: it goes into request {r} to {to} at once.",
            "{p}의 {b:가} **가득 차서** 바로 {to:로} 보낼 요청 {r}에 실립니다.",
        ),
        ReadyWhy::Exhausted => text(
            "Another send() waits for memory, so {b} of {p} goes into request {r} to {to}.",
            "다른 send()가 메모리를 기다리므로 {p}의 {b:가} {to:로} 보낼 요청 {r}에 실립니다.",
        ),
        ReadyWhy::Flush => text(
            "The program called flush(), so {b} of {p} goes into request {r} to {to}.",
            "프로그램이 flush()를 불러 {p}의 {b:가} {to:로} 보낼 요청 {r}에 실립니다.",
        ),
        ReadyWhy::Close => text(
            "The producer is closing, so {b} of {p} goes into request {r} to {to}.",
            "프로듀서를 닫는 중이므로 {p}의 {b:가} {to:로} 보낼 요청 {r}에 실립니다.",
        ),
        ReadyWhy::SameBroker => text(
            "{b} of {p} goes along in request {r} to {to}, with a batch that had to leave.",
            "{p}의 {b:가} 같은 브로커로 가는 배치와 함께 {to:로} 보낼 요청 {r}에 실립니다.",
        ),
        ReadyWhy::Retry => return None,
    })
}
