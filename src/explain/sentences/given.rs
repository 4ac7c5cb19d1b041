//! What a producer's own settings make of its records: whether their keys count, until when a batch waits, and that nobody
//! will answer.

use super::super::context::Before;
use super::super::template::{Arg, Told};
use crate::event::ReadyWhy;
use crate::event::producer::{Appended, BatchDrained, ProducerEvent, Serialized};
use crate::lang::{Text, text};
use crate::time::Instant;

pub(super) fn of_producer(before: &Before<'_>, event: ProducerEvent) -> Option<Told> {
    match event {
        ProducerEvent::Serialized(of) if of.key_bytes >= 0 => keyed(before, of),
        ProducerEvent::Appended(of) if !of.full => waiting(before, of),
        ProducerEvent::BatchDrained(of) => leaves(before, of),
        _ => None,
    }
}

/// Whether the key decides the partition: another partitioner than Kafka's own does not look at it, and that one may be told
/// not to.
fn keyed(before: &Before<'_>, of: Serialized) -> Option<Told> {
    let setting = |name| before.setting(of.record.client, name);
    let ignored = setting("partitioner.ignore.keys")?;
    let without_key = text(
        "Brokers see only bytes. Unless a partition is named, the partitioner chooses one without looking at the key.",
        "브로커는 바이트만 봅니다. 파티션을 지정하지 않았다면 파티셔너가 키를 보지 않고 고릅니다.",
    );
    let mut told = super::producer::words(ProducerEvent::Serialized(of));
    (told.meaning, told.why) = if is_round_robin(setting("partitioner.class").as_deref()) {
        let why = text(
            "By {$key.serializer} and {$value.serializer}; the key does not count because of {$partitioner.class}.",
            "직렬화: {$key.serializer}, {$value.serializer}, 키 무시: {$partitioner.class}",
        );
        (without_key, why)
    } else if ignored == "true" {
        let why = text(
            "By {$key.serializer} and {$value.serializer}; the key does not count because {$partitioner.ignore.keys}.",
            "직렬화: {$key.serializer}, {$value.serializer}, 키 무시: {$partitioner.ignore.keys}",
        );
        (without_key, why)
    } else {
        let by_key = text(
            "Brokers see only bytes. Unless a partition is named, the key's bytes decide it.",
            "브로커는 바이트만 봅니다. 파티션을 지정하지 않았다면 키의 바이트가 정합니다.",
        );
        (by_key, told.why)
    };
    Some(told)
}

fn is_round_robin(class: Option<&str>) -> bool {
    class.is_some_and(|class| class.ends_with("RoundRobinPartitioner"))
}

/// A batch waits from the record that opened it, in Kafka's whole milliseconds.
fn waiting(before: &Before<'_>, of: Appended) -> Option<Told> {
    let linger: u64 = before.setting(of.batch.client, "linger.ms")?.parse().ok()?;
    let opened = before.past.times.of(before.past.index.batch(of.batch)?.created)?;
    let until = Instant::from_millis(opened.millis() + linger);
    let mut told = super::producer::words(ProducerEvent::Appended(of));
    told.meaning = match linger {
        1.. if until <= before.event.at => text(
            "send() returns; the batch has waited long enough and leaves as soon as it can.",
            "send() 호출이 끝납니다. 배치는 기다림을 마쳤고 가능한 한 바로 떠납니다.",
        ),
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
    let promise = match (is_unanswered, of.sequence < 0) {
        (true, _) => Promise::NoAnswer,
        (false, true) => Promise::NoNumber,
        (false, false) => Promise::Numbered,
    };
    told.why = left_because(ready.map(|(why, _)| why), promise).unwrap_or(told.why);
    if is_unanswered {
        told.meaning = text(
            "It asks for no answer: once it has left, nobody knows what becomes of it.",
            "응답을 요청하지 않습니다. 떠난 뒤에 어떻게 되는지는 아무도 모릅니다.",
        );
    }
    Some(told)
}

/// What a batch carries on its way.
#[derive(Clone, Copy)]
enum Promise {
    Numbered,
    NoNumber,
    NoAnswer,
}

/// The settings that close a batch and decide what it carries; none where they are those of every batch.
const fn left_because(ready: Option<ReadyWhy>, promise: Promise) -> Option<Text> {
    Some(match (ready, promise) {
        (Some(ReadyWhy::Linger), Promise::Numbered) => text(
            "It waited for {$linger.ms}; numbered because {$enable.idempotence}, answered under {$acks}.",
            "기다린 시간: {$linger.ms}, 번호: {$enable.idempotence}, 응답 조건: {$acks}",
        ),
        (Some(ReadyWhy::Linger), Promise::NoNumber) => text(
            "It waited for {$linger.ms}; not numbered because {$enable.idempotence}, answered under {$acks}.",
            "기다린 시간: {$linger.ms}, 번호 없음: {$enable.idempotence}, 응답 조건: {$acks}",
        ),
        (Some(ReadyWhy::Linger), Promise::NoAnswer) => text(
            "It waited for {$linger.ms}; no answer because {$acks}.",
            "기다린 시간: {$linger.ms}, 응답 없음: {$acks}",
        ),
        (Some(ReadyWhy::Full), Promise::Numbered) => text(
            "Closed by {$batch.size}; numbered because {$enable.idempotence}, answered under {$acks}.",
            "닫힌 이유: {$batch.size}, 번호: {$enable.idempotence}, 응답 조건: {$acks}",
        ),
        (Some(ReadyWhy::Full), Promise::NoNumber) => text(
            "Closed by {$batch.size}; not numbered because {$enable.idempotence}, answered under {$acks}.",
            "닫힌 이유: {$batch.size}, 번호 없음: {$enable.idempotence}, 응답 조건: {$acks}",
        ),
        (Some(ReadyWhy::Full), Promise::NoAnswer) => {
            text("Closed by {$batch.size}; no answer because {$acks}.", "닫힌 이유: {$batch.size}, 응답 없음: {$acks}")
        }
        (_, Promise::NoAnswer) => text("No answer because {$acks}.", "응답 없음: {$acks}"),
        (_, Promise::Numbered | Promise::NoNumber) => return None,
    })
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
