//! Brokers and their controller.

use super::super::template::{Arg, NONE, Told, told};
use super::replicas;
use super::replication::{follower_appended, isr_change_asked, log_truncated, produce_parked};
use crate::event::broker::*;
use crate::event::{CreatedWhy, FencedWhy};
use crate::lang::text;

pub(super) fn words(event: BrokerEvent) -> Told {
    use BrokerEvent::*;
    match event {
        BatchAppended(of) => batch_appended(of),
        DuplicateFound(of) => duplicate_found(of),
        AppendRefused(of) => append_refused(of),
        ProduceParked(of) => produce_parked(of),
        FollowerAppended(of) => follower_appended(of),
        LogTruncated(of) => log_truncated(of),
        IsrChangeAsked(of) => isr_change_asked(of),
        HighWatermarkMoved(of) => high_watermark_moved(of),
        RecordsDeleted(of) => records_deleted(of),
        FetchParked(of) => fetch_parked(of),
        FetchAnswered(of) => fetch_answered(of),
        TopicCreated(of) => topic_created(of),
        PartitionsAdded(of) => partitions_added(of),
        TopicDeleted(of) => topic_deleted(of),
        LeaderChanged(of) => replicas::leader_changed(of),
        IsrChanged(of) => replicas::isr_changed(of),
        ReassignmentBegan(of) => replicas::reassignment_began(of),
        ReassignmentEnded(of) => replicas::reassignment_ended(of),
        BrokerFenced(of) => broker_fenced(of),
        BrokerRegistered(of) => broker_registered(of),
    }
}

fn batch_appended(BatchAppended { partition, broker, base_offset, records, .. }: BatchAppended) -> Told {
    let first = base_offset.cast_signed();
    let args = [
        ("b", Arg::Broker(broker)),
        ("p", Arg::Partition(partition)),
        ("r", Arg::Records(records.into())),
        ("at", Arg::Number(first)),
        ("last", Arg::Number(first + i64::from(records) - 1)),
    ];
    let happened = if records == 1 {
        text(
            "{b} **writes** {r} to the log of {p}, at offset {at}.",
            "{b:가} {p}의 로그에 {r:을} **씁니다**. 오프셋 {at}",
        )
    } else {
        text(
            "{b} **writes** {r} to the log of {p}, offsets {at} to {last}.",
            "{b:가} {p}의 로그에 {r:을} **씁니다**. 오프셋 {at}부터 {last}까지",
        )
    };
    told(
        &args,
        happened,
        text(
            "Offsets are given as records arrive. Consumers see what all in-sync replicas have, below the high watermark.",
            "오프셋은 도착한 순서대로 붙습니다. 컨슈머는 모든 ISR이 가진 레코드, 즉 하이 워터마크 아래만 봅니다.",
        ),
        text("Who must have it before the answer: {$acks}.", "응답 조건: {$acks}"),
    )
}

fn duplicate_found(DuplicateFound { partition, broker, base_offset, sequence, .. }: DuplicateFound) -> Told {
    told(
        &[
            ("b", Arg::Broker(broker)),
            ("p", Arg::Partition(partition)),
            ("at", Arg::At(partition, base_offset.cast_signed())),
            ("s", Arg::Number(sequence.into())),
        ],
        text(
            "{b} already holds sequence {s} of this producer, so it **appends nothing**.",
            "{b:는} 이 프로듀서의 시퀀스 {s:을} 이미 갖고 있어 **다시 쓰지 않습니다**.",
        ),
        text(
            "It answers as if the batch were new, with the offset of the first copy: {at}.",
            "새 배치를 받은 것처럼, 첫 번째 사본의 오프셋 {at:으로} 응답합니다.",
        ),
        text(
            "No duplicate because {$enable.idempotence}; retried after {$request.timeout.ms}.",
            "중복 방지: {$enable.idempotence}, 재시도: {$request.timeout.ms}",
        ),
    )
}

fn append_refused(AppendRefused { partition, broker, correlation_id: id, code, .. }: AppendRefused) -> Told {
    let meaning = if code.is_retriable() {
        text(
            "Nothing is written; the producer may try again.",
            "아무것도 쓰지 않습니다. 프로듀서가 다시 시도할 수 있습니다.",
        )
    } else {
        text(
            "Nothing is written, and trying again would not help.",
            "아무것도 쓰지 않으며, 다시 시도해도 소용없습니다.",
        )
    };
    told(
        &[
            ("b", Arg::Broker(broker)),
            ("p", Arg::Partition(partition)),
            ("r", Arg::Request(id)),
            ("code", Arg::Code(code)),
        ],
        text(
            "{b} **refuses** the batch of request {r} for {p}: {code}.",
            "{b:가} 요청 {r}의 {p} 배치를 **거절합니다**. {code}",
        ),
        meaning,
        NONE,
    )
}

fn high_watermark_moved(HighWatermarkMoved { partition, broker, offset }: HighWatermarkMoved) -> Told {
    told(
        &[("b", Arg::Broker(broker)), ("p", Arg::Partition(partition)), ("o", Arg::Number(offset.cast_signed()))],
        text("The high watermark of {p} moves to {o} on {b}.", "{b}에서 {p}의 하이 워터마크가 {o:로} 이동합니다."),
        text(
            "All replicas in sync have what lies below it, and consumers may read it.",
            "그 아래는 모든 ISR 복제본에 있으며, 컨슈머가 읽을 수 있습니다.",
        ),
        NONE,
    )
}

fn records_deleted(RecordsDeleted { partition, broker, offset }: RecordsDeleted) -> Told {
    told(
        &[("b", Arg::Broker(broker)), ("p", Arg::Partition(partition)), ("o", Arg::Number(offset.cast_signed()))],
        text(
            "{b} **deletes** the records of {p} below offset {o}, as an administrator asked.",
            "{b:가} 관리자의 요청대로 {p}에서 오프셋 {o} 앞의 레코드를 **삭제합니다**.",
        ),
        text(
            "The log begins at {o} now; who wants to read from before has to go elsewhere.",
            "이제 로그는 {o}에서 시작합니다. 그보다 앞을 읽으려던 컨슈머는 다른 위치로 가야 합니다.",
        ),
        NONE,
    )
}

fn fetch_parked(FetchParked { broker, connection, until, .. }: FetchParked) -> Told {
    told(
        &[("b", Arg::Broker(broker)), ("c", Arg::Process(connection.opener)), ("at", Arg::Instant(until))],
        text(
            "{b} has nothing new for {c}; it holds the fetch until {at}.",
            "{b}에는 {c:가} 읽을 새 레코드가 없습니다. {at}까지 기다립니다.",
        ),
        text("A new record ends the wait early.", "새 레코드가 오면 기다림이 일찍 끝납니다."),
        text(
            "Held for {$fetch.min.bytes} or {$fetch.max.wait.ms}.",
            "기다림: {$fetch.min.bytes} 또는 {$fetch.max.wait.ms}",
        ),
    )
}

fn fetch_answered(FetchAnswered { broker, connection, bytes, .. }: FetchAnswered) -> Told {
    let args = [("b", Arg::Broker(broker)), ("c", Arg::Process(connection.opener)), ("n", Arg::Bytes(bytes.into()))];
    if bytes == 0 {
        return told(
            &args,
            text("{b} answers the fetch of {c} without records.", "{b:가} {c}의 요청에 레코드 없이 응답합니다."),
            text(
                "Nothing new came in time; the consumer asks again.",
                "시간 안에 새 레코드가 없었습니다. 컨슈머가 다시 묻습니다.",
            ),
            text("The wait was {$fetch.max.wait.ms}.", "기다린 시간: {$fetch.max.wait.ms}"),
        );
    }
    told(
        &args,
        text("{b} answers the fetch of {c} with {n} of batches.", "{b:가} {c}에게 배치 {n:를} 보냅니다."),
        text(
            "Batches go as they lie in the log; the consumer unpacks them.",
            "배치는 로그에 있는 그대로 갑니다. 푸는 것은 컨슈머입니다.",
        ),
        text(
            "At most {$fetch.max.bytes}, {$max.partition.fetch.bytes}.",
            "한도: {$fetch.max.bytes}, {$max.partition.fetch.bytes}",
        ),
    )
}

fn topic_created(TopicCreated { topic, partitions, why }: TopicCreated) -> Told {
    let args = [("t", Arg::Topic(topic)), ("n", Arg::Partitions(partitions.into()))];
    let (happened, because) = match why {
        CreatedWhy::Asked => (text("Topic {t} is created with {n}.", "토픽 {t:가} {n:로} 생성됩니다."), NONE),
        CreatedWhy::Automatic => (
            text(
                "Topic {t} is created with {n}, because it was asked for.",
                "요청받은 토픽 {t:가} 없어 {n:로} 자동 생성됩니다.",
            ),
            text(
                "Because {$auto.create.topics.enable}; {$num.partitions}.",
                "원인: {$auto.create.topics.enable}, {$num.partitions}",
            ),
        ),
        CreatedWhy::Internal => (
            text(
                "Kafka's own topic {t} is created with {n}: groups keep their offsets in it.",
                "카프카 내부 토픽 {t:가} {n:로} 생성됩니다. 그룹의 오프셋을 담습니다.",
            ),
            text("Because {$offsets.topic.num.partitions}.", "원인: {$offsets.topic.num.partitions}"),
        ),
    };
    told(
        &args,
        happened,
        text(
            "The controller, which manages the cluster, gives each partition a broker as its leader.",
            "클러스터를 관리하는 컨트롤러가 파티션마다 리더 브로커를 정합니다.",
        ),
        because,
    )
}

fn partitions_added(PartitionsAdded { topic, partitions }: PartitionsAdded) -> Told {
    told(
        &[("t", Arg::Topic(topic)), ("n", Arg::Partitions(partitions.into()))],
        text("Topic {t} now has {n}.", "토픽 {t:는} 이제 {n:를} 가집니다."),
        text("Keys may now fall on other partitions than before.", "키가 전과 다른 파티션으로 갈 수 있습니다."),
        NONE,
    )
}

fn topic_deleted(TopicDeleted { topic }: TopicDeleted) -> Told {
    told(
        &[("t", Arg::Topic(topic))],
        text("Topic {t} is **deleted** with all its records.", "토픽 {t:가} 모든 레코드와 함께 **삭제됩니다**."),
        text("Clients that still use it get an error.", "이 토픽을 쓰는 클라이언트는 오류를 받습니다."),
        NONE,
    )
}

fn broker_fenced(BrokerFenced { broker, why }: BrokerFenced) -> Told {
    let args = [("b", Arg::Broker(broker))];
    match why {
        FencedWhy::SessionExpired => {}
        FencedWhy::Stopping => {
            return told(
                &args,
                text(
                    "{b} has asked for a controlled shutdown: the controller **fences** it.",
                    "{b:가} 정상 종료를 요청해 컨트롤러가 **격리합니다**.",
                ),
                text(
                    "A partition without another replica in sync loses its leader.",
                    "동기화된 다른 복제본이 없는 파티션은 리더를 잃습니다.",
                ),
                NONE,
            );
        }
        FencedWhy::StartedAgain => {
            return told(
                &args,
                text(
                    "{b} registers as a new process: the controller **fences** the former one.",
                    "{b:가} 새 프로세스로 등록합니다. 컨트롤러가 이전 것을 **격리합니다**.",
                ),
                text(
                    "What the former one led has no leader until then.",
                    "이전 프로세스가 이끌던 파티션은 그동안 리더가 없습니다.",
                ),
                NONE,
            );
        }
    }
    told(
        &args,
        text(
            "The controller takes {b} for dead and **fences** it.",
            "컨트롤러가 {b:를} 죽은 것으로 보고 **격리합니다**.",
        ),
        text(
            "It heard no heartbeat in time. The partitions that the broker led lose their leader.",
            "제때 하트비트를 받지 못했습니다. 그 브로커가 이끌던 파티션은 리더를 잃습니다.",
        ),
        text("No heartbeat within {$broker.session.timeout.ms}.", "하트비트 없음: {$broker.session.timeout.ms}"),
    )
}

fn broker_registered(BrokerRegistered { broker }: BrokerRegistered) -> Told {
    told(
        &[("b", Arg::Broker(broker))],
        text("{b} is registered with the controller.", "{b:가} 컨트롤러에 등록되었습니다."),
        text("It may lead partitions and answer clients.", "파티션의 리더가 되고 클라이언트에 응답할 수 있습니다."),
        NONE,
    )
}
