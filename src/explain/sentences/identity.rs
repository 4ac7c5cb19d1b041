//! A producer's id and epoch.

use super::super::template::{Arg, Told, told};
use crate::event::producer::{ProducerEpochBumped, ProducerIdAssigned, ProducerIdRefused};
use crate::lang::text;

pub(super) fn producer_id_refused(ProducerIdRefused { client, code, retried }: ProducerIdRefused) -> Told {
    told(
        &[("c", Arg::Client(client)), ("code", Arg::Code(code)), ("words", Arg::Kafka(code.message()))],
        if retried {
            text(
                "{c} gets **no producer id** yet, by which brokers know its batches: {code}.",
                "{c:가} 배치를 구별해 줄 **프로듀서 id를 아직 받지 못합니다**: {code}",
            )
        } else {
            text("{c} gets **no producer id**: {code}.", "{c:가} **프로듀서 id를 받지 못합니다**: {code}")
        },
        if retried {
            text(
                "{words} It asks again and sends nothing until then.",
                "{words} 받을 때까지 보내지 않고 다시 요청합니다.",
            )
        } else {
            text(
                "{words} It does not ask again; its records fail.",
                "{words} 다시 요청하지 않으며, 레코드는 실패합니다.",
            )
        },
        text(
            "Because {$enable.idempotence}; waits {$retry.backoff.ms}.",
            "원인: {$enable.idempotence}, 대기: {$retry.backoff.ms}",
        ),
    )
}

pub(super) fn producer_id_assigned(ProducerIdAssigned { client, producer_id, epoch }: ProducerIdAssigned) -> Told {
    told(
        &[("c", Arg::Client(client)), ("id", Arg::Number(producer_id)), ("e", Arg::Number(epoch.into()))],
        text("{c} gets producer id {id}, epoch {e}.", "{c:가} 프로듀서 id {id}, 에포크 {e:를} 받습니다."),
        text(
            "With it and sequence numbers, brokers tell a retry from a new batch; a new numbering gets a new epoch.",
            "시퀀스 번호와 함께 재시도와 새 배치를 구별하는 데 쓰입니다. 번호를 새로 매기면 에포크가 커집니다.",
        ),
        text("Because {$enable.idempotence}.", "원인: {$enable.idempotence}"),
    )
}

pub(super) fn producer_epoch_bumped(ProducerEpochBumped { client, producer_id, epoch }: ProducerEpochBumped) -> Told {
    told(
        &[("c", Arg::Client(client)), ("id", Arg::Number(producer_id)), ("e", Arg::Number(epoch.into()))],
        text(
            "{c} numbers its batches anew: producer id {id} goes on in epoch {e}.",
            "{c:가} 배치 번호를 처음부터 다시 매깁니다. 프로듀서 id {id}, 에포크 {e}",
        ),
        text(
            "A failed batch left a gap in the sequence numbers; in a new epoch brokers take 0 as the next one.",
            "실패한 배치 때문에 시퀀스 번호가 비었습니다. 에포크가 바뀌면 브로커는 0부터 다시 받습니다.",
        ),
        text("Because {$enable.idempotence}.", "원인: {$enable.idempotence}"),
    )
}
