//! Who hears what became of a record: `get()`, a callback, or nobody.

use super::super::context::{Before, Heard};
use super::super::template::{Arg, Told};
use crate::event::producer::{ProducerEvent, RecordAcknowledged, RecordFailed};
use crate::lang::{Text, text};

pub(super) fn of_producer(before: &Before<'_>, event: ProducerEvent) -> Option<Told> {
    let (record, meaning) = match event {
        ProducerEvent::RecordAcknowledged(RecordAcknowledged { record, offset, .. }) => {
            (record, acknowledged(before.past.programs.heard(record), offset >= 0))
        }
        ProducerEvent::RecordFailed(RecordFailed { record, .. }) => {
            (record, failed(before.past.programs.heard(record)))
        }
        _ => return None,
    };
    let mut told = super::producer::words(event);
    told.args.push(("c", Arg::Client(record.client)));
    told.meaning = meaning;

    Some(told)
}

const fn acknowledged(heard: Heard, has_offset: bool) -> Text {
    match (heard, has_offset) {
        (Heard::ByGet, true) => text(
            "{c}'s program has waited for it in get(), which returns the RecordMetadata {at}.",
            "{c}의 프로그램이 get()에서 기다리던 결과입니다. get()이 RecordMetadata {at:을} 돌려줍니다.",
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
            "Nobody looks: {c}'s program kept no future and gave no callback.",
            "{c}의 프로그램은 future도 콜백도 남기지 않아, 아무도 이 결과를 보지 않습니다.",
        ),
        (Heard::ByNobody, false) => text(
            "Nobody answers, and nobody looks: {c}'s program kept no future and gave no callback.",
            "응답하는 브로커도 없고, {c}의 프로그램도 결과를 보지 않습니다.",
        ),
    }
}

const fn failed(heard: Heard) -> Text {
    match heard {
        Heard::ByGet => text(
            "get() throws an ExecutionException to {c}'s program. Its cause says: {words}.",
            "{c}의 프로그램에 get()이 ExecutionException을 던집니다. 원인의 메시지: {words}.",
        ),
        Heard::ByCallback => text(
            "The callback of {c}'s program runs with the exception. It says: {words}.",
            "{c}의 프로그램이 준 콜백이 이 예외를 받습니다. 메시지: {words}.",
        ),
        Heard::ByNobody => text(
            "Nobody looks, so {c}'s program never learns of it. The exception says: {words}.",
            "아무도 보지 않아 {c}의 프로그램은 끝내 모릅니다. 예외의 메시지: {words}.",
        ),
    }
}
