//! The user's program: its calls, its processing.

use super::super::template::{Arg, NONE, Told, told};
use crate::event::CallKind;
use crate::event::program::*;
use crate::ids::ExceptionNo;
use crate::lang::{Text, text};

pub(super) fn words(event: ProgramEvent) -> Told {
    use ProgramEvent::*;
    match event {
        CallStarted(of) => call_started(of),
        CallReturned(of) if of.ok => call_returned(of),
        CallReturned(of) => call_threw(of),
        RecordsProcessed(of) => records_processed(of),
    }
}

/// The method's name in the Java client.
pub const fn method(kind: CallKind) -> &'static str {
    match kind {
        CallKind::Send => "send()",
        CallKind::Flush => "flush()",
        CallKind::Close => "close()",
        CallKind::PartitionsFor => "partitionsFor()",
        CallKind::Subscribe => "subscribe()",
        CallKind::Unsubscribe => "unsubscribe()",
        CallKind::Assign => "assign()",
        CallKind::Poll => "poll()",
        CallKind::CommitSync => "commitSync()",
        CallKind::CommitAsync => "commitAsync()",
        CallKind::Seek => "seek()",
        CallKind::SeekToBeginning => "seekToBeginning()",
        CallKind::SeekToEnd => "seekToEnd()",
        CallKind::Position => "position()",
        CallKind::Committed => "committed()",
        CallKind::Pause => "pause()",
        CallKind::Resume => "resume()",
        CallKind::BeginningOffsets => "beginningOffsets()",
        CallKind::EndOffsets => "endOffsets()",
        CallKind::OffsetsForTimes => "offsetsForTimes()",
        CallKind::CurrentLag => "currentLag()",
        CallKind::EnforceRebalance => "enforceRebalance()",
    }
}

/// What the program waits for inside a call.
const fn purpose(kind: CallKind) -> Text {
    match kind {
        CallKind::Send => text(
            "The record is serialized, given a partition and put into a batch; nothing is sent yet.",
            "레코드를 직렬화하고 파티션을 정해 배치에 넣습니다. 아직 전송하지는 않습니다.",
        ),
        CallKind::Flush => text(
            "It returns when every batch has its answer or its failure.",
            "모든 배치가 응답을 받거나 실패해야 호출이 돌아옵니다.",
        ),
        CallKind::Close => text(
            "What is still open is finished first, as long as the timeout allows.",
            "제한 시간 안에서 남은 일을 먼저 끝냅니다.",
        ),
        CallKind::Poll => text(
            "Inside it the client joins its group, commits, fetches and hands records over.",
            "이 안에서 그룹 참가, 커밋, 가져오기, 레코드 전달이 이루어집니다.",
        ),
        CallKind::CommitSync => text(
            "The program waits until the coordinator has stored the offsets or refused them.",
            "코디네이터가 오프셋을 저장하거나 거절할 때까지 프로그램이 기다립니다.",
        ),
        CallKind::CommitAsync => text(
            "The call returns at once; a callback tells the outcome inside a later poll().",
            "호출은 바로 돌아오고, 결과는 나중의 poll() 안에서 콜백으로 전해집니다.",
        ),
        CallKind::Subscribe | CallKind::Unsubscribe | CallKind::Assign => text(
            "Nothing is asked of the cluster yet; the next poll() does that.",
            "아직 클러스터에 묻지 않습니다. 다음 poll()이 묻습니다.",
        ),
        CallKind::Seek | CallKind::SeekToBeginning | CallKind::SeekToEnd | CallKind::Pause | CallKind::Resume => text(
            "It changes only what this consumer remembers; the next poll() acts on it.",
            "이 컨슈머의 기억만 바뀝니다. 다음 poll()부터 적용됩니다.",
        ),
        CallKind::PartitionsFor
        | CallKind::Position
        | CallKind::Committed
        | CallKind::BeginningOffsets
        | CallKind::EndOffsets
        | CallKind::OffsetsForTimes
        | CallKind::CurrentLag => text(
            "The program waits for the answer when the client does not know it yet.",
            "클라이언트가 아직 모르면 프로그램은 답을 기다립니다.",
        ),
        CallKind::EnforceRebalance => text(
            "The next poll() joins the group again, although nothing else asks for it.",
            "다른 이유가 없어도 다음 poll()이 그룹에 다시 참가합니다.",
        ),
    }
}

fn call_started(CallStarted { client, kind, .. }: CallStarted) -> Told {
    told(
        &[("c", Arg::Client(client)), ("m", Arg::Kafka(method(kind)))],
        text("{c}'s program calls {m}.", "{c}의 프로그램: {m} 호출을 시작합니다."),
        purpose(kind),
        NONE,
    )
}

fn call_returned(CallReturned { client, kind, .. }: CallReturned) -> Told {
    told(
        &[("c", Arg::Client(client)), ("m", Arg::Kafka(method(kind)))],
        text("{m} returns to {c}'s program.", "{c}의 프로그램: {m} 호출이 돌아옵니다."),
        text("The program goes on.", "프로그램이 다음 일을 합니다."),
        NONE,
    )
}

fn call_threw(CallReturned { client, kind, exception, .. }: CallReturned) -> Told {
    let args = [
        ("c", Arg::Client(client)),
        ("m", Arg::Kafka(method(kind))),
        ("e", Arg::Class(exception)),
        ("words", Arg::Message(exception)),
    ];
    if exception == ExceptionNo::NONE {
        return told(
            &args,
            text("{m} **throws** an exception to {c}'s program.", "{c}의 프로그램: {m} 호출이 예외를 **던집니다**."),
            text("The program has to deal with it.", "프로그램이 이 예외를 처리해야 합니다."),
            NONE,
        );
    }
    told(
        &args,
        text("{m} **throws** {e} to {c}'s program.", "{c}의 프로그램: {m} 호출이 {e:를} **던집니다**."),
        text("It says: {words}. The program has to deal with it.", "메시지: {words}. 프로그램이 처리해야 합니다."),
        NONE,
    )
}

fn records_processed(RecordsProcessed { client, partition, first, last, count }: RecordsProcessed) -> Told {
    let args = [
        ("c", Arg::Client(client)),
        ("p", Arg::Partition(partition)),
        ("first", Arg::At(partition, first.cast_signed())),
        ("last", Arg::Number(last.cast_signed())),
        ("n", Arg::Records(u64::from(count))),
    ];
    let happened = if count == 1 {
        text("{c}'s program has processed {first}.", "{c}의 프로그램이 {first:을} 처리했습니다.")
    } else {
        text(
            "{c}'s program has processed {n} of {p}, up to offset {last}.",
            "{c}의 프로그램이 {p}의 {n:을} 오프셋 {last}까지 처리했습니다.",
        )
    };
    told(
        &args,
        happened,
        text(
            "Until its offset is committed, a crash means that it is processed once more.",
            "오프셋을 커밋하기 전에 장애가 나면 한 번 더 처리됩니다.",
        ),
        text("Automatic commit: {$enable.auto.commit}.", "자동 커밋: {$enable.auto.commit}"),
    )
}
