//! Replicas: what followers copy and cut off, who waits for them, and who is in sync.

use super::super::template::{Arg, NONE, Told, told};
use crate::event::broker::{FollowerAppended, IsrChangeAsked, LogTruncated, ProduceParked};
use crate::lang::text;

pub(super) fn produce_parked(ProduceParked { partition, broker, correlation_id, until, .. }: ProduceParked) -> Told {
    told(
        &[
            ("b", Arg::Broker(broker)),
            ("p", Arg::Partition(partition)),
            ("r", Arg::Request(correlation_id)),
            ("at", Arg::Instant(until)),
        ],
        text(
            "{b} does not answer request {r} yet: the followers of {p} must have the batch first.",
            "{b:가} 요청 {r}에 아직 응답하지 않습니다. {p}의 팔로워가 먼저 배치를 가져야 합니다.",
        ),
        text(
            "The answer leaves when all in-sync replicas have it, or as a timeout at {at}.",
            "동기화된 복제본이 모두 가지면 응답하고, 그 전에 {at:가} 되면 시간 초과로 응답합니다.",
        ),
        text("Because {$acks}.", "원인: {$acks}"),
    )
}

pub(super) fn follower_appended(of: FollowerAppended) -> Told {
    let args = [
        ("b", Arg::Broker(of.broker)),
        ("p", Arg::Partition(of.partition)),
        ("r", Arg::Records(of.records.into())),
        ("at", Arg::Number(of.base_offset.cast_signed())),
    ];
    told(
        &args,
        text(
            "Follower {b} **copies** {r} of {p} into its log, from offset {at}.",
            "팔로워 {b:가} {p}의 {r:을} 오프셋 {at}부터 자기 로그에 **복제합니다**.",
        ),
        text(
            "The leader learns of it from the follower's next fetch, which asks for what comes after.",
            "리더는 팔로워가 다음 오프셋을 요청할 때 이를 알게 됩니다.",
        ),
        NONE,
    )
}

pub(super) fn log_truncated(LogTruncated { partition, broker, offset, records }: LogTruncated) -> Told {
    let args = [
        ("b", Arg::Broker(broker)),
        ("p", Arg::Partition(partition)),
        ("o", Arg::Number(offset.cast_signed())),
        ("r", Arg::Records(records.into())),
    ];
    told(
        &args,
        text(
            "{b} **cuts** its log of {p} at offset {o}: {r} after it are gone from this replica.",
            "{b:가} {p}의 로그를 오프셋 {o}에서 **자릅니다**. 그 뒤 {r:이} 이 복제본에서 사라집니다.",
        ),
        text(
            "The leader does not have them: a follower's log must be what the leader's is.",
            "리더에게 없는 레코드입니다. 팔로워의 로그는 리더의 로그와 같아야 합니다.",
        ),
        NONE,
    )
}

pub(super) fn isr_change_asked(IsrChangeAsked { partition, broker, before, after }: IsrChangeAsked) -> Told {
    let args = [
        ("b", Arg::Broker(broker)),
        ("p", Arg::Partition(partition)),
        ("n", Arg::Number(before.into())),
        ("m", Arg::Number(after.into())),
    ];
    if after > before {
        return told(
            &args,
            text(
                "A follower of {p} has caught up: {b} asks the controller to count {m} replicas in sync, not {n}.",
                "{p}의 팔로워가 따라잡았습니다. {b:가} 컨트롤러에 ISR을 {n}개에서 {m}개로 늘려 달라고 요청합니다.",
            ),
            text(
                "From now on the leader waits for it before records count as committed.",
                "이제부터 리더는 이 팔로워도 받아야 레코드를 커밋된 것으로 봅니다.",
            ),
            NONE,
        );
    }
    told(
        &args,
        text(
            "Followers of {p} lag behind: {b} asks the controller to count {m} replicas in sync, not {n}.",
            "{p}의 팔로워가 뒤처졌습니다. {b:가} 컨트롤러에 ISR을 {n}개에서 {m}개로 줄여 달라고 요청합니다.",
        ),
        text(
            "Records count as committed without them once the controller has agreed.",
            "컨트롤러가 동의하면 그 팔로워 없이도 레코드가 커밋됩니다.",
        ),
        text("They had not caught up for {$replica.lag.time.max.ms}.", "뒤처진 시간: {$replica.lag.time.max.ms}"),
    )
}
