//! A producer: the six stages of a record, and what may go wrong on the way.

use super::super::template::{Arg, NONE, Told, told};
use crate::error::Failure;
use crate::event::producer::*;
use crate::event::{PartitionedBy, ReadyWhy};
use crate::ids::{ExceptionNo, PartitionNo};
use crate::lang::{Text, text};

pub(super) fn words(event: ProducerEvent) -> Told {
    use ProducerEvent::*;
    match event {
        SendCalled(of) => send_called(of),
        MetadataAwaited(of) => metadata_awaited(of),
        Serialized(of) => serialized(of),
        Partitioned(of) => partitioned(of),
        MemoryAwaited(of) => memory_awaited(of),
        Appended(of) => appended(of),
        SendFailed(of) => send_failed(of),
        BatchReady(of) => batch_ready(of),
        BatchDrained(of) => batch_drained(of),
        BatchSplit(of) => batch_split(of),
        BatchRetried(of) => batch_retried(of),
        BatchExpired(of) => batch_expired(of),
        BatchFailed(of) => batch_failed(of),
        BatchAcknowledged(of) => batch_acknowledged(of),
        RecordAcknowledged(of) => record_acknowledged(of),
        RecordFailed(of) => record_failed(of),
        ProducerIdRefused(of) => super::identity::producer_id_refused(of),
        ProducerIdAssigned(of) => super::identity::producer_id_assigned(of),
        ProducerEpochBumped(of) => super::identity::producer_epoch_bumped(of),
    }
}

fn send_called(SendCalled { record, topic, partition }: SendCalled) -> Told {
    let args = [
        ("c", Arg::Client(record.client)),
        ("r", Arg::Record(record)),
        ("t", Arg::Topic(topic)),
        ("p", Arg::Number(i64::from(partition))),
    ];
    let happened = if partition < 0 {
        text("{c}'s program sends {r} to topic {t}.", "{c}의 프로그램이 {r:을} 토픽 {t:로} 보냅니다.")
    } else {
        text(
            "{c}'s program sends {r} to partition {p} of {t}.",
            "{c}의 프로그램이 {r:을} {t}의 파티션 {p:로} 보냅니다.",
        )
    };
    told(
        &args,
        happened,
        text(
            "send() only hands the record over; the producer's sender thread sends it later.",
            "send()는 레코드를 넘겨 줄 뿐입니다. 전송은 나중에 프로듀서의 전송 스레드가 합니다.",
        ),
        text("It may wait up to {$max.block.ms}.", "최대 대기: {$max.block.ms}"),
    )
}

fn metadata_awaited(MetadataAwaited { client, topic }: MetadataAwaited) -> Told {
    told(
        &[("c", Arg::Client(client)), ("t", Arg::Topic(topic))],
        text(
            "{c} does not know topic {t} yet, so send() **waits**.",
            "{c:가} 토픽 {t:를} 아직 몰라 send()가 **기다립니다**.",
        ),
        text(
            "It needs the number of partitions and their leaders before it can choose one.",
            "파티션 수와 리더를 알아야 파티션을 고를 수 있습니다.",
        ),
        text("It gives up after {$max.block.ms}.", "포기: {$max.block.ms}"),
    )
}

fn serialized(Serialized { record, key_bytes, value_bytes }: Serialized) -> Told {
    let size = |bytes: i32| match u64::try_from(bytes) {
        Ok(count) => Arg::Bytes(count),
        Err(_) => Arg::Kafka("null"),
    };
    told(
        &[("r", Arg::Record(record)), ("k", size(key_bytes)), ("v", size(value_bytes))],
        text("{r} becomes bytes: key {k}, value {v}.", "{r:이} 바이트로 바뀝니다. 키 {k}, 값 {v}"),
        if key_bytes < 0 {
            text(
                "Brokers see only bytes. There is no key that could decide the partition.",
                "브로커는 바이트만 봅니다. 파티션을 정할 키는 없습니다.",
            )
        } else {
            text(
                "Brokers see only bytes. Unless a partition is named, the partitioner chooses one.",
                "브로커는 바이트만 봅니다. 파티션을 지정하지 않았다면 파티셔너가 고릅니다.",
            )
        },
        text("By {$key.serializer} and {$value.serializer}.", "직렬화: {$key.serializer}, {$value.serializer}"),
    )
}

fn partitioned(Partitioned { record, topic, partition, partitions, by }: Partitioned) -> Told {
    let at = PartitionNo { topic, partition };
    let mut args = vec![
        ("r", Arg::Record(record)),
        ("p", Arg::Partition(at)),
        ("t", Arg::Topic(topic)),
        ("n", Arg::Partitions(partitions.unsigned_abs().into())),
        ("m", Arg::Number(i64::from(partitions))),
    ];
    let goes = text("{r} goes to {p}.", "{r:이} {p:로} 갑니다.");
    match by {
        PartitionedBy::Explicit => told(
            &args,
            goes,
            text(
                "The record names its partition, so nothing is chosen.",
                "레코드가 파티션을 지정했으므로 고르지 않습니다.",
            ),
            NONE,
        ),
        PartitionedBy::Key { hash } => {
            args.extend([("h", Arg::Number(i64::from(hash & i32::MAX))), ("i", Arg::Number(i64::from(partition)))]);
            told(
                &args,
                goes,
                text(
                    "The key's hash (murmur2) {h} mod {m} gives {i}: equal keys meet there as long as {t} has {n}.",
                    "키의 해시(murmur2) {h:을} {m:로} 나눈 나머지가 {i}입니다. 파티션이 {m}개인 동안 같은 키는 여기로 모입니다.",
                ),
                text("Keys count because {$partitioner.ignore.keys}.", "키 사용: {$partitioner.ignore.keys}"),
            )
        }
        PartitionedBy::Sticky => told(
            &args,
            text(
                "{r} has no key that counts; its partition is left open.",
                "{r}에는 쓸 키가 없어 파티션을 정하지 않고 둡니다.",
            ),
            text(
                "The accumulator puts it where the current batch of {t} is, until that is full.",
                "{t}의 현재 배치가 찰 때까지 그 파티션에 모읍니다.",
            ),
            text(
                "Moves on after {$batch.size}; busy partitions less often by {$partitioner.adaptive.partitioning.enable}.",
                "다음 파티션: {$batch.size}, 혼잡 회피: {$partitioner.adaptive.partitioning.enable}",
            ),
        ),
        PartitionedBy::RoundRobin => told(
            &args,
            goes,
            text("Its partitioner goes round: {t} has {n}.", "{t}의 {n:를} 차례로 돌아갑니다."),
            text("Because of {$partitioner.class}.", "원인: {$partitioner.class}"),
        ),
    }
}

fn memory_awaited(MemoryAwaited { record, bytes, available }: MemoryAwaited) -> Told {
    told(
        &[
            ("c", Arg::Client(record.client)),
            ("r", Arg::Record(record)),
            ("n", Arg::Bytes(bytes.into())),
            ("free", Arg::Bytes(available)),
        ],
        text(
            "send() of {r} **waits** for memory: it needs {n}, free: {free}.",
            "{r}의 send()가 메모리를 **기다립니다**. 필요 {n}, 빈 공간 {free}",
        ),
        text(
            "{c} takes no more records before some batch is done.",
            "{c:는} 배치가 끝나 메모리가 빌 때까지 레코드를 받지 않습니다.",
        ),
        text(
            "The limit is {$buffer.memory}; it gives up after {$max.block.ms}.",
            "한도: {$buffer.memory}, 포기: {$max.block.ms}",
        ),
    )
}

fn appended(Appended { record, batch, partition, bytes, new_batch, full, .. }: Appended) -> Told {
    let args = [
        ("r", Arg::Record(record)),
        ("b", Arg::Batch(batch)),
        ("p", Arg::Partition(partition)),
        ("n", Arg::Bytes(bytes.into())),
    ];
    let happened = if new_batch {
        text("{r} opens {b} of {p}, now {n}.", "{r:이} {p}의 새 {b:를} 엽니다. 현재 {n}")
    } else {
        text("{r} joins {b} of {p}, now {n}.", "{r:이} {p}의 {b}에 들어갑니다. 현재 {n}")
    };
    let (meaning, why) = if full {
        (
            text("The batch is full and may leave at once.", "배치가 가득 차 바로 나갈 수 있습니다."),
            text("Full by {$batch.size}.", "가득 참: {$batch.size}"),
        )
    } else {
        (
            text(
                "send() returns; the batch waits for more records.",
                "send() 호출이 끝나고, 배치는 다른 레코드를 기다립니다.",
            ),
            text("It waits for {$batch.size} or {$linger.ms}.", "기다림: {$batch.size} 또는 {$linger.ms}"),
        )
    };
    told(&args, happened, meaning, why)
}

fn send_failed(SendFailed { record, why, thrown, exception }: SendFailed) -> Told {
    let args = [("r", Arg::Record(record)), ("e", class(why, exception)), ("words", Arg::Message(exception))];
    let meaning = match (thrown, exception == ExceptionNo::NONE) {
        (true, true) => text(
            "send() throws it; the record never reached a batch.",
            "send()가 예외를 던집니다. 레코드는 배치에 들어가지 못했습니다.",
        ),
        (true, false) => text(
            "send() throws it: {words}. The record never reached a batch.",
            "send()가 예외를 던집니다: {words}. 레코드는 배치에 들어가지 못했습니다.",
        ),
        (false, true) => text(
            "The future that send() returns has failed; the record never reached a batch.",
            "send()가 실패한 future를 돌려줍니다. 레코드는 배치에 들어가지 못했습니다.",
        ),
        (false, false) => text(
            "The future of send() has failed: {words}. The record never reached a batch.",
            "send()의 future가 실패했습니다: {words}. 레코드는 배치에 들어가지 못했습니다.",
        ),
    };
    told(
        &args,
        text("send() of {r} **fails** with {e}.", "{r}의 send()가 {e:로} **실패합니다**."),
        meaning,
        text("Limits: {$max.block.ms}, {$max.request.size}.", "한도: {$max.block.ms}, {$max.request.size}"),
    )
}

/// The class of the exception that the program got; a failure names a class that others may extend.
pub(super) fn class(why: Failure, exception: ExceptionNo) -> Arg {
    if exception == ExceptionNo::NONE { Arg::Kafka(why.exception()) } else { Arg::Class(exception) }
}

fn batch_ready(BatchReady { batch, partition, records, bytes, why }: BatchReady) -> Told {
    let (meaning, reason) = ready_because(why);
    told(
        &[
            ("b", Arg::Batch(batch)),
            ("p", Arg::Partition(partition)),
            ("r", Arg::Records(records.into())),
            ("n", Arg::Bytes(bytes.into())),
        ],
        text("{b} of {p} is ready to leave: {r}, {n}.", "{p}의 {b:가} 나갈 준비가 되었습니다. {r}, {n}"),
        meaning,
        reason,
    )
}

fn ready_because(why: ReadyWhy) -> (Text, Text) {
    match why {
        ReadyWhy::Full => (
            text("It is full: waiting longer would bring nothing.", "가득 찼으므로 더 기다릴 이유가 없습니다."),
            text("Closed by {$batch.size}.", "닫힌 이유: {$batch.size}"),
        ),
        ReadyWhy::Linger => (
            text("It has waited long enough for more records.", "다른 레코드를 기다리는 시간이 끝났습니다."),
            text("Closed by {$linger.ms}.", "닫힌 이유: {$linger.ms}"),
        ),
        ReadyWhy::Exhausted => (
            text(
                "Another send() waits for memory, so nothing lingers.",
                "다른 send()가 메모리를 기다리므로 더 머무르지 않습니다.",
            ),
            text("Closed because {$buffer.memory} is used up.", "닫힌 이유: {$buffer.memory} 소진"),
        ),
        ReadyWhy::Flush => (
            text(
                "The program called flush(), so nothing lingers.",
                "프로그램이 flush()를 불렀으므로 더 머무르지 않습니다.",
            ),
            text("Without flush() it would wait for {$linger.ms}.", "flush()가 없었다면: {$linger.ms}"),
        ),
        ReadyWhy::Close => (
            text("The producer is closing, so nothing lingers.", "프로듀서를 닫는 중이므로 더 머무르지 않습니다."),
            text("Without close() it would wait for {$linger.ms}.", "close()가 없었다면: {$linger.ms}"),
        ),
        ReadyWhy::SameBroker => (
            text(
                "Another batch goes to the same broker now, and one request takes both.",
                "같은 브로커로 가는 다른 배치가 있어 한 요청에 함께 실립니다.",
            ),
            text("Alone it would wait for {$linger.ms}.", "혼자였다면: {$linger.ms}"),
        ),
        ReadyWhy::Retry => (
            text(
                "It was sent before and failed; now it may be tried again.",
                "전송에 실패했던 배치입니다. 이제 다시 시도할 수 있습니다.",
            ),
            text("It waited for {$retry.backoff.ms}.", "기다린 시간: {$retry.backoff.ms}"),
        ),
    }
}

/// Why a batch has sequence numbers, or has none.
pub(super) const fn numbered(sequence: i32) -> Text {
    if sequence < 0 {
        text("Because {$enable.idempotence}.", "원인: {$enable.idempotence}")
    } else {
        text(
            "Numbered because {$enable.idempotence}; answered under {$acks}.",
            "번호: {$enable.idempotence}, 응답 조건: {$acks}",
        )
    }
}

fn batch_drained(
    BatchDrained { batch, partition, broker, correlation_id, attempt, sequence, records }: BatchDrained,
) -> Told {
    let last = i64::from(sequence) + i64::from(records) - 1;
    let args = [
        ("b", Arg::Batch(batch)),
        ("p", Arg::Partition(partition)),
        ("to", Arg::Broker(broker)),
        ("r", Arg::Request(correlation_id)),
        ("a", Arg::Number(attempt.into())),
        ("s", Arg::Number(sequence.into())),
        ("last", Arg::Number(last)),
    ];
    let happened = if attempt > 1 {
        text(
            "{b} of {p} goes into request {r} to {to}: **try {a}**.",
            "{p}의 {b:가} {to:로} 보낼 요청 {r}에 실립니다. **{a}번째 시도**",
        )
    } else {
        text("{b} of {p} goes into request {r} to {to}.", "{p}의 {b:가} {to:로} 보낼 요청 {r}에 실립니다.")
    };
    let meaning = if sequence < 0 {
        text(
            "It has no sequence number, so a retry may be written twice.",
            "시퀀스 번호가 없어, 재시도하면 두 번 기록될 수 있습니다.",
        )
    } else if records == 1 {
        text(
            "It carries sequence number {s}: if it comes again, the broker knows it by that.",
            "시퀀스 번호 {s:을} 달고 갑니다. 다시 오면 브로커가 이 번호로 알아봅니다.",
        )
    } else {
        text(
            "It carries sequence numbers {s} to {last}: if it comes again, the broker knows it by them.",
            "시퀀스 번호 {s}부터 {last}까지 달고 갑니다. 다시 오면 브로커가 이 번호로 알아봅니다.",
        )
    };
    told(&args, happened, meaning, numbered(sequence))
}

fn batch_split(BatchSplit { batch, into, .. }: BatchSplit) -> Told {
    told(
        &[("b", Arg::Batch(batch)), ("n", Arg::Number(into.into()))],
        text(
            "{b} was too large for the broker; it is split into {n}.",
            "{b:가} 브로커에게 너무 커서 {n}개로 나눕니다.",
        ),
        text("The smaller batches go to the front of the deque.", "작은 배치들이 대기열 맨 앞으로 갑니다."),
        text("The producer's limit is {$max.request.size}.", "프로듀서의 한도: {$max.request.size}"),
    )
}

fn batch_retried(BatchRetried { batch, partition, attempt, backoff_ms, code }: BatchRetried) -> Told {
    told(
        &[
            ("b", Arg::Batch(batch)),
            ("p", Arg::Partition(partition)),
            ("a", Arg::Number(attempt.into())),
            ("w", Arg::Ms(backoff_ms.into())),
            ("code", Arg::Code(code)),
        ],
        text("Try {a} of {b} of {p} failed with {code}.", "{p}의 {b}, {a}번째 시도가 {code:로} 실패했습니다."),
        text("It goes back to the front of its deque and waits {w}.", "대기열 맨 앞으로 돌아가 {w} 동안 기다립니다."),
        text(
            "Tried again by {$retries}, within {$delivery.timeout.ms}.",
            "재시도: {$retries}, 한도: {$delivery.timeout.ms}",
        ),
    )
}

fn batch_expired(BatchExpired { batch, partition, records }: BatchExpired) -> Told {
    told(
        &[("b", Arg::Batch(batch)), ("p", Arg::Partition(partition)), ("r", Arg::Records(records.into()))],
        text(
            "{b} of {p} is **given up**, {r} in it: its time is over.",
            "{p}의 {b:를} **포기합니다**. {r}, 제한 시간이 지났습니다.",
        ),
        text(
            "What was in it fails with a TimeoutException; the broker may have the batch all the same.",
            "레코드는 TimeoutException으로 실패합니다. 그래도 브로커에는 쓰였을 수 있습니다.",
        ),
        text("Because {$delivery.timeout.ms} passed.", "원인: {$delivery.timeout.ms} 경과"),
    )
}

/// What bounds how often a batch is tried; nothing does when its error is not one that is tried again.
fn limits_of_tries(why: Failure) -> Text {
    match why.code() {
        Some(code) if !code.is_retriable() => text(
            "An error of this kind is not retriable, so {$retries} has no say.",
            "다시 시도할 수 없는 오류라 {$retries} 설정과 상관이 없습니다.",
        ),
        _ => text("Limits: {$retries}, {$delivery.timeout.ms}.", "한도: {$retries}, {$delivery.timeout.ms}"),
    }
}

fn batch_failed(BatchFailed { batch, partition, records, why }: BatchFailed) -> Told {
    told(
        &[
            ("b", Arg::Batch(batch)),
            ("p", Arg::Partition(partition)),
            ("r", Arg::Records(records.into())),
            ("code", why.code().map_or(Arg::Kafka(why.exception()), Arg::Code)),
        ],
        text("{b} of {p} **fails** for good with {code}: {r}.", "{p}의 {b:가} {code:로} 최종 **실패합니다**. {r}"),
        text(
            "It is not tried again: what was in it fails with the exception.",
            "다시 시도하지 않습니다. 담긴 레코드는 이 예외로 실패합니다.",
        ),
        limits_of_tries(why),
    )
}

fn batch_acknowledged(BatchAcknowledged { batch, partition, base_offset, records }: BatchAcknowledged) -> Told {
    let args = [
        ("b", Arg::Batch(batch)),
        ("p", Arg::Partition(partition)),
        ("at", Arg::At(partition, base_offset)),
        ("r", Arg::Records(records.into())),
    ];
    if base_offset < 0 {
        return told(
            &args,
            text(
                "{b} of {p} counts as sent; nobody answers.",
                "{p}의 {b:가} 전송된 것으로 처리됩니다. 응답은 없습니다.",
            ),
            text("Nobody will ever know whether the log has it: {r}.", "로그에 쓰였는지는 끝내 알 수 없습니다. {r}"),
            text("Because {$acks}.", "원인: {$acks}"),
        );
    }
    told(
        &args,
        text("{b} of {p} is **acknowledged**: {r} from {at}.", "{p}의 {b:가} **ack되었습니다**. {at}부터 {r}"),
        text("What the program hears of it comes next.", "이제 프로그램이 결과를 듣습니다."),
        text("Answered under {$acks}.", "응답 조건: {$acks}"),
    )
}

fn record_acknowledged(RecordAcknowledged { record, partition, offset }: RecordAcknowledged) -> Told {
    let args = [("r", Arg::Record(record)), ("at", Arg::At(partition, offset)), ("p", Arg::Partition(partition))];
    if offset < 0 {
        return told(
            &args,
            text(
                "{r} counts as sent to {p}, without an offset.",
                "{r:은} {p:로} 전송된 것으로 처리됩니다. 오프셋은 없습니다.",
            ),
            text(
                "Its future is done with offset -1: no broker was asked to answer.",
                "future가 오프셋 -1로 완료됩니다. 브로커에게 응답을 요청하지 않았습니다.",
            ),
            text("Because {$acks}.", "원인: {$acks}"),
        );
    }
    told(
        &args,
        text("{r} has its result: **{at}** (partition@offset).", "{r}의 결과: **{at}**(파티션@오프셋)"),
        text(
            "Its future is done, with the RecordMetadata; a callback would get the same.",
            "future가 RecordMetadata로 완료됩니다. 콜백이 있으면 같은 것을 받습니다.",
        ),
        text("Answered under {$acks}.", "응답 조건: {$acks}"),
    )
}

fn record_failed(RecordFailed { record, partition, why, exception }: RecordFailed) -> Told {
    let meaning = if exception == ExceptionNo::NONE {
        text("The program has to decide what becomes of it.", "이 레코드를 어떻게 할지는 프로그램이 정합니다.")
    } else {
        text(
            "It says: {words}. The program decides what becomes of the record.",
            "메시지: {words}. 이 레코드를 어떻게 할지는 프로그램이 정합니다.",
        )
    };
    told(
        &[
            ("r", Arg::Record(record)),
            ("p", Arg::Partition(partition)),
            ("e", class(why, exception)),
            ("words", Arg::Message(exception)),
        ],
        text("{r} for {p} has **failed** with {e}.", "{p:로} 가던 {r:이} {e:로} **실패했습니다**."),
        meaning,
        limits_of_tries(why),
    )
}
