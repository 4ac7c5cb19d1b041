//! Who hears what became of a record: `get()`, a callback, or nobody.

use super::super::context::{Before, Heard};
use super::super::template::{Arg, Told};
use crate::event::producer::{BatchExpired, ProducerEvent, RecordAcknowledged, RecordFailed, SendFailed};
use crate::lang::{Text, text};

pub(super) fn of_producer(before: &Before<'_>, event: ProducerEvent) -> Option<Told> {
    let (record, meaning) = match event {
        ProducerEvent::RecordAcknowledged(RecordAcknowledged { record, offset, .. }) => {
            (record, acknowledged(before.past.programs.heard(record), offset >= 0))
        }
        ProducerEvent::RecordFailed(RecordFailed { record, .. }) => {
            (record, failed(before.past.programs.heard(record)))
        }
        ProducerEvent::SendFailed(SendFailed { record, thrown, .. }) => {
            (record, failed_within(before.past.programs.heard(record), thrown)?)
        }
        ProducerEvent::BatchExpired(BatchExpired { batch, .. })
            if before.past.index.batch(batch)?.attempts.is_empty() =>
        {
            let mut told = super::producer::words(event);
            told.meaning = text(
                "No request ever took it along: what was in it fails with a TimeoutException, and no broker has it.",
                "어떤 요청에도 실리지 못했습니다. 레코드는 TimeoutException으로 실패하고, 어느 브로커에도 없습니다.",
            );
            return Some(told);
        }
        _ => return None,
    };
    let mut told = super::producer::words(event);
    told.args.push(("c", Arg::Client(record.client)));
    told.meaning = meaning;
    if matches!(event, ProducerEvent::RecordAcknowledged(_)) {
        let acks = before.setting(record.client, "acks");
        told.why = acks.and_then(|acks| answered_when(&acks)).unwrap_or(told.why);
    }
    Some(told)
}

/// Who has the record when its answer comes.
fn answered_when(acks: &str) -> Option<Text> {
    match acks {
        "1" => Some(text(
            "With {$acks} it is answered once the leader has it.",
            "응답 조건: {$acks}, 리더가 기록하면 응답",
        )),
        "all" | "-1" => Some(text(
            "With {$acks} it is answered once all in-sync replicas have it.",
            "응답 조건: {$acks}, 모든 ISR이 기록하면 응답",
        )),
        _ => None,
    }
}

const fn acknowledged(heard: Heard, has_offset: bool) -> Text {
    match (heard, has_offset) {
        (Heard::ByGet, true) => text(
            "get(), in which {c}'s program has waited, returns the RecordMetadata: {at}.",
            "{c}의 프로그램이 기다리던 get()이 RecordMetadata {at:을} 돌려줍니다.",
        ),
        (Heard::ByGet, false) => text(
            "get() returns to {c}'s program with offset -1: no broker was asked to answer.",
            "{c}의 프로그램에 get()이 오프셋 -1을 돌려줍니다. 브로커에게 응답을 요청하지 않았습니다.",
        ),
        (Heard::ByCallback, true) => text(
            "The callback of {c}'s program runs: onCompletion({at}, null).",
            "{c}의 프로그램이 준 콜백이 실행됩니다: onCompletion({at}, null).",
        ),
        (Heard::ByCallback, false) => text(
            "The callback of {c}'s program gets offset -1: no broker was asked to answer.",
            "{c}의 프로그램이 준 콜백이 오프셋 -1을 받습니다. 브로커에게 응답을 요청하지 않았습니다.",
        ),
        (Heard::ByNobody, true) => text(
            "Nobody looks: {c}'s program dropped the future and gave no callback.",
            "{c}의 프로그램이 future를 버렸고 콜백도 없어, 아무도 이 결과를 보지 않습니다.",
        ),
        (Heard::ByNobody, false) => text(
            "Nobody answers, and nobody looks: {c}'s program dropped the future and gave no callback.",
            "응답하는 브로커도 없고, {c}의 프로그램도 결과를 보지 않습니다.",
        ),
    }
}

const fn failed(heard: Heard) -> Text {
    match heard {
        Heard::ByGet => text(
            "get() throws an ExecutionException to {c}'s program, with {e} as its cause: {words}.",
            "{c}의 프로그램에 get()이 ExecutionException을 던집니다. 그 원인은 {e}: {words}.",
        ),
        Heard::ByCallback => text(
            "The callback of {c}'s program runs: onCompletion({p}@-1, {e}), -1 for no offset. It says: {words}.",
            "{c}의 프로그램이 준 콜백이 실행됩니다: onCompletion({p}@-1, {e}). -1은 오프셋이 없다는 뜻입니다. 메시지: {words}.",
        ),
        Heard::ByNobody => text(
            "Nobody looks, so {c}'s program never learns of it. The exception says: {words}.",
            "아무도 보지 않아 {c}의 프로그램은 끝내 모릅니다. 예외의 메시지: {words}.",
        ),
    }
}

/// What fails within `send()`: of an `ApiException` the callback hears before `send()` returns a future that has failed; any
/// other is thrown, and no callback is called.
const fn failed_within(heard: Heard, thrown: bool) -> Option<Text> {
    Some(match (heard, thrown) {
        (Heard::ByGet, false) => text(
            "send() returns a failed future: get() throws an ExecutionException, its cause {e}: {words}. No batch has the record.",
            "send()가 실패한 future를 돌려주어 get()이 ExecutionException을 던집니다. 원인은 {e}: {words}. 배치에는 없습니다.",
        ),
        (Heard::ByCallback, false) => text(
            "Still inside send(), the callback of {c}'s program runs with {e}: {words}. The future has failed too.",
            "아직 send() 안에서 {c}의 콜백이 실행되어 {e:을} 받습니다: {words}. future도 실패했습니다.",
        ),
        (Heard::ByNobody, false) => text(
            "The future that send() returns has failed, and nobody looks: {words}. The record never reached a batch.",
            "send()가 돌려준 future가 실패했지만 아무도 보지 않습니다: {words}. 레코드는 배치에 들어가지 못했습니다.",
        ),
        (Heard::ByCallback, true) => text(
            "send() throws it: {words}. The callback is not called, and the record never reached a batch.",
            "send()가 예외를 던집니다: {words}. 콜백은 불리지 않고, 레코드는 배치에 들어가지 못했습니다.",
        ),
        (Heard::ByGet | Heard::ByNobody, true) => return None,
    })
}
