//! A consumer: reading, membership, commits.

use super::super::template::{Arg, NONE, Told, told};
use crate::error::Code;
use crate::event::CommitHow;
use crate::event::consumer::*;
use crate::ids::{ClientId, GroupNo};
use crate::lang::{Text, text};

pub(super) fn words(event: ConsumerEvent) -> Told {
    use ConsumerEvent::*;
    match event {
        RecordsReturned(of) => records_returned(of),
        PollReturned(of) => poll_returned(of),
        PositionSet(of) => super::positions::position_set(of),
        JoinStarted(of) => join_started(of),
        Joined(of) => joined(of),
        AssignmentComputed(of) => assignment_computed(of),
        PartitionsAssigned(of) => partitions_assigned(of),
        PartitionsRevoked(of) => partitions_revoked(of),
        PartitionsLost(of) => partitions_lost(of),
        OwnerChanged(of) => owner_changed(of),
        HeartbeatAnswered(of) => heartbeat_answered(of),
        CommitStarted(of) => commit_started(of),
        CommitSucceeded(of) => commit_succeeded(of),
        CommitFailed(of) => commit_failed(of),
        PollIntervalExceeded(of) => poll_interval_exceeded(of),
        SessionLost(of) => session_lost(of),
        LeaveSent(of) => leave_sent(of),
        ConsumerPaused(of) => consumer_paused(of),
    }
}

fn member(client: ClientId, group: GroupNo) -> [(&'static str, Arg); 2] {
    [("c", Arg::Client(client)), ("g", Arg::Group(group))]
}

fn records_returned(RecordsReturned { client, partition, first, position, count }: RecordsReturned) -> Told {
    told(
        &[
            ("c", Arg::Client(client)),
            ("p", Arg::Partition(partition)),
            ("r", Arg::Records(count.into())),
            ("at", Arg::At(partition, first.cast_signed())),
            ("o", Arg::Number(position.cast_signed())),
        ],
        text("poll() hands {c} {r} from {at}.", "poll()이 {c}에게 {at}부터 {r:을} 넘깁니다."),
        text(
            "Its position on {p}, the next offset to read, is now {o}; the committed offset stays.",
            "{p}의 읽기 위치, 즉 다음에 읽을 오프셋은 이제 {o}입니다. 커밋된 오프셋은 그대로입니다.",
        ),
        text("At most {$max.poll.records} a poll.", "한도: {$max.poll.records}"),
    )
}

fn poll_returned(PollReturned { client, records, .. }: PollReturned) -> Told {
    let args = [("c", Arg::Client(client)), ("r", Arg::Records(records.into()))];
    if records == 0 {
        return told(
            &args,
            text("poll() returns to {c} without records.", "{c}의 poll()이 레코드 없이 끝납니다."),
            text("Its timeout passed before anything was there.", "레코드가 오기 전에 제한 시간이 지났습니다."),
            NONE,
        );
    }
    told(
        &args,
        text("poll() returns to {c} with {r}.", "{c}의 poll()이 {r:을} 돌려줍니다."),
        if records == 1 {
            text("The program processes it before it polls again.", "프로그램은 이것을 처리한 뒤 다시 poll()합니다.")
        } else {
            text(
                "The program processes them before it polls again.",
                "프로그램은 이것들을 처리한 뒤 다시 poll()합니다.",
            )
        },
        text("It has {$max.poll.interval.ms} for that.", "처리 한도: {$max.poll.interval.ms}"),
    )
}

fn join_started(JoinStarted { client, group }: JoinStarted) -> Told {
    told(
        &member(client, group),
        text("{c} asks to join group {g}.", "{c:가} 그룹 {g}에 참가를 요청합니다."),
        text("Until it is told what it owns, it reads nothing new.", "소유할 파티션을 듣기 전에는 새로 읽지 않습니다."),
        text("It offers {$partition.assignment.strategy}.", "분배 방식: {$partition.assignment.strategy}"),
    )
}

fn joined(Joined { client, group, generation, leads }: Joined) -> Told {
    let mut args = member(client, group).to_vec();
    args.push(("e", Arg::Number(generation.into())));
    if leads {
        return told(
            &args,
            text(
                "{c} has joined group {g}, generation {e}, and **leads** it.",
                "{c:가} 그룹 {g}, 세대 {e}에 참가했습니다. **리더**입니다.",
            ),
            text("It got the list of members and shares the partitions out.", "멤버 목록을 받아 파티션을 나눕니다."),
            text("By {$partition.assignment.strategy}.", "분배 방식: {$partition.assignment.strategy}"),
        );
    }
    told(
        &args,
        text("{c} has joined group {g}, generation {e}.", "{c:가} 그룹 {g}, 세대 {e}에 참가했습니다."),
        text("It asks next what it owns; the leader decides that.", "이제 소유할 파티션을 묻습니다. 리더가 정합니다."),
        NONE,
    )
}

fn assignment_computed(AssignmentComputed { client, group, members, partitions }: AssignmentComputed) -> Told {
    let mut args = member(client, group).to_vec();
    args.extend([("m", Arg::Members(members.into())), ("p", Arg::Partitions(partitions.into()))]);
    let meaning = if members > partitions {
        text("There are more members than partitions: not all get one.", "멤버가 파티션보다 많아 일부는 쉬게 됩니다.")
    } else {
        text("A partition has one reader in the group, never two.", "파티션 하나는 그룹 안에서 한 멤버만 읽습니다.")
    };
    told(
        &args,
        text("{c} shares {p} among {m} of group {g}.", "{c:가} 그룹 {g}의 {p:를} {m}에게 나눕니다."),
        meaning,
        text("By {$partition.assignment.strategy}.", "분배 방식: {$partition.assignment.strategy}"),
    )
}

fn partitions_assigned(PartitionsAssigned { client, group, generation, partitions }: PartitionsAssigned) -> Told {
    let mut args = member(client, group).to_vec();
    args.extend([("p", Arg::Partitions(partitions.into())), ("e", Arg::Number(generation.into()))]);
    let happened = if partitions == 0 {
        text(
            "{c} owns **nothing** in group {g}, generation {e}.",
            "{c:는} 그룹 {g}, 세대 {e}에서 **아무것도** 소유하지 않습니다.",
        )
    } else {
        text(
            "{c} now **owns** {p} in group {g}, generation {e}.",
            "{c:가} 그룹 {g}, 세대 {e}에서 {p:를} **소유합니다**.",
        )
    };
    let meaning = match partitions {
        0 => text(
            "Its listener, if any, hears onPartitionsAssigned; until another rebalance it has nothing to read.",
            "리스너가 있으면 onPartitionsAssigned가 불립니다. 다음 리밸런스 전에는 읽을 것이 없습니다.",
        ),
        1 => text(
            "Its listener, if any, hears onPartitionsAssigned; then it looks up where to start in it.",
            "리스너가 있으면 onPartitionsAssigned가 불리고, 이어서 시작할 위치를 찾습니다.",
        ),
        _ => text(
            "Its listener, if any, hears onPartitionsAssigned; then it looks up where to start in all.",
            "리스너가 있으면 onPartitionsAssigned가 불리고, 이어서 각각 시작할 위치를 찾습니다.",
        ),
    };
    told(&args, happened, meaning, NONE)
}

fn partitions_revoked(PartitionsRevoked { client, group, partitions }: PartitionsRevoked) -> Told {
    let mut args = member(client, group).to_vec();
    args.push(("p", Arg::Partitions(partitions.into())));
    told(
        &args,
        match partitions {
            0 => text("{c} has nothing to give back to group {g}.", "{c:는} 그룹 {g}에 반납할 것이 없습니다."),
            _ => text("{c} **gives back** {p} to group {g}.", "{c:가} {p:를} 그룹 {g}에 **반납합니다**."),
        },
        text(
            "Its listener, if any, hears onPartitionsRevoked: the last moment to commit what was processed.",
            "리스너가 있으면 onPartitionsRevoked가 불립니다. 처리한 것을 커밋할 마지막 기회입니다.",
        ),
        text("Automatic commit: {$enable.auto.commit}.", "자동 커밋: {$enable.auto.commit}"),
    )
}

fn partitions_lost(PartitionsLost { client, group, partitions }: PartitionsLost) -> Told {
    let mut args = member(client, group).to_vec();
    args.push(("p", Arg::Partitions(partitions.into())));
    told(
        &args,
        text("{c} has **lost** {p} of group {g}.", "{c:가} 그룹 {g}의 {p:를} **잃었습니다**."),
        text(
            "Others may own them already, so it can no longer commit.",
            "이미 다른 멤버의 것일 수 있어 더는 커밋할 수 없습니다.",
        ),
        text(
            "Limits: {$session.timeout.ms}, {$max.poll.interval.ms}.",
            "한도: {$session.timeout.ms}, {$max.poll.interval.ms}",
        ),
    )
}

fn owner_changed(OwnerChanged { client, partition, owned }: OwnerChanged) -> Told {
    let args = [("c", Arg::Client(client)), ("p", Arg::Partition(partition))];
    if owned {
        return told(
            &args,
            text("{c} owns {p}.", "{c:가} {p:를} 소유합니다."),
            text("No other member of its group reads it.", "같은 그룹의 다른 멤버는 읽지 않습니다."),
            NONE,
        );
    }
    told(
        &args,
        text("{c} no longer owns {p}.", "{c:는} 더는 {p:를} 소유하지 않습니다."),
        text(
            "Nobody in the group reads it until it has a new owner.",
            "새 소유자가 정해질 때까지 그룹에서 아무도 읽지 않습니다.",
        ),
        NONE,
    )
}

fn heartbeat_answered(HeartbeatAnswered { client, group, code }: HeartbeatAnswered) -> Told {
    let mut args = member(client, group).to_vec();
    args.push(("code", Arg::Code(code)));
    let why = text(
        "Sent every {$heartbeat.interval.ms}, needed within {$session.timeout.ms}.",
        "간격: {$heartbeat.interval.ms}, 한도: {$session.timeout.ms}",
    );
    match code {
        Code::None => told(
            &args,
            text("Group {g} has heard the heartbeat of {c}.", "그룹 {g:가} {c}의 하트비트를 받았습니다."),
            text("Nothing has changed in the group.", "그룹에 바뀐 것이 없습니다."),
            why,
        ),
        Code::RebalanceInProgress => told(
            &args,
            text(
                "The heartbeat tells {c} that group {g} **rebalances**.",
                "하트비트 응답이 {c}에게 그룹 {g}의 **리밸런스**를 알립니다.",
            ),
            text("It joins again in its next poll().", "다음 poll()에서 다시 참가합니다."),
            why,
        ),
        _ => told(
            &args,
            text(
                "Group {g} answers the heartbeat of {c} with {code}.",
                "그룹 {g:가} {c}의 하트비트에 {code} 응답을 보냅니다.",
            ),
            text(
                "It is no longer the member it was and has to join anew.",
                "더는 이전의 멤버가 아니므로 새로 참가해야 합니다.",
            ),
            why,
        ),
    }
}

pub(super) const fn how_name(how: CommitHow) -> &'static str {
    match how {
        CommitHow::Auto => "enable.auto.commit",
        CommitHow::Sync => "commitSync()",
        CommitHow::Async => "commitAsync()",
    }
}

pub(super) const fn how_why(how: CommitHow) -> Text {
    match how {
        CommitHow::Auto => text(
            "By {$enable.auto.commit}, every {$auto.commit.interval.ms}, inside poll().",
            "자동: {$enable.auto.commit}, {$auto.commit.interval.ms}, poll() 안에서",
        ),
        CommitHow::Sync => text("It may take {$default.api.timeout.ms}.", "한도: {$default.api.timeout.ms}"),
        CommitHow::Async => {
            text("It is not retried, whatever {$retry.backoff.ms} says.", "재시도 없음: {$retry.backoff.ms} 무관")
        }
    }
}

/// Of one that has succeeded: that a failed one is not retried does not matter then.
pub(super) fn succeeded_why(how: CommitHow) -> Text {
    if how == CommitHow::Async { NONE } else { how_why(how) }
}

fn commit_started(CommitStarted { client, group, how, partitions }: CommitStarted) -> Told {
    let mut args = member(client, group).to_vec();
    args.extend([("p", Arg::Partitions(partitions.into())), ("how", Arg::Kafka(how_name(how)))]);
    let meaning = match how {
        CommitHow::Auto => text(
            "It commits what earlier polls returned, processed or not.",
            "처리했든 아니든 이전 poll()이 돌려준 것까지 커밋합니다.",
        ),
        CommitHow::Sync => text("The program waits for the answer.", "프로그램이 응답을 기다립니다."),
        CommitHow::Async => text("The program goes on without waiting.", "프로그램은 기다리지 않고 계속합니다."),
    };
    told(
        &args,
        text(
            "{c} commits its offsets of {p} to group {g}: {how}.",
            "{c:가} {p}의 오프셋을 그룹 {g}에 커밋합니다. {how}",
        ),
        meaning,
        how_why(how),
    )
}

fn commit_succeeded(CommitSucceeded { client, group, how }: CommitSucceeded) -> Told {
    let mut args = member(client, group).to_vec();
    args.push(("how", Arg::Kafka(how_name(how))));
    told(
        &args,
        text("The commit of {c} to group {g} has succeeded: {how}.", "{c}의 그룹 {g} 커밋이 성공했습니다. {how}"),
        text("After a crash, reading starts from these offsets.", "장애 뒤에는 이 오프셋부터 읽습니다."),
        succeeded_why(how),
    )
}

/// What becomes of a commit that has failed.
pub(super) const fn failed_meaning(how: CommitHow, retried: bool) -> Text {
    if retried {
        text(
            "The error is retriable, so the client sends the commit again.",
            "재시도할 수 있는 오류이므로 클라이언트가 다시 보냅니다.",
        )
    } else if matches!(how, CommitHow::Async) {
        text(
            "It is not sent again: a later commit might be overwritten by an older offset.",
            "다시 보내지 않습니다. 늦게 도착한 예전 오프셋이 새 커밋을 덮을 수 있기 때문입니다.",
        )
    } else {
        text("The committed offsets stay as they were.", "커밋된 오프셋은 그대로입니다.")
    }
}

fn commit_failed(CommitFailed { client, how, code, retried, .. }: CommitFailed) -> Told {
    let args = [("c", Arg::Client(client)), ("how", Arg::Kafka(how_name(how))), ("code", Arg::Code(code))];
    let meaning = failed_meaning(how, retried);
    told(
        &args,
        text("A commit of {c} **fails**: {how}, {code}.", "{c}의 커밋이 **실패합니다**. {how}, {code}"),
        meaning,
        how_why(how),
    )
}

fn poll_interval_exceeded(PollIntervalExceeded { client, group }: PollIntervalExceeded) -> Told {
    told(
        &member(client, group),
        text(
            "{c} has not polled for **too long**: it cannot stay in group {g}.",
            "{c:가} **너무 오래** poll()하지 않아 그룹 {g}에 남지 못합니다.",
        ),
        text(
            "Its partitions go to others, though its program still works on their records.",
            "프로그램이 아직 처리 중이어도 파티션은 다른 멤버에게 갑니다.",
        ),
        text(
            "Because {$max.poll.interval.ms} passed; {$max.poll.records}.",
            "원인: {$max.poll.interval.ms} 경과, {$max.poll.records}",
        ),
    )
}

fn session_lost(SessionLost { client, group }: SessionLost) -> Told {
    told(
        &member(client, group),
        text(
            "{c} has had no answer to its heartbeats for **too long**.",
            "{c:가} **너무 오래** 하트비트 응답을 받지 못했습니다.",
        ),
        text("It looks for the coordinator of group {g} again.", "그룹 {g}의 코디네이터를 다시 찾습니다."),
        text("Because {$session.timeout.ms} passed.", "원인: {$session.timeout.ms} 경과"),
    )
}

fn leave_sent(LeaveSent { client, group }: LeaveSent) -> Told {
    told(
        &member(client, group),
        text("{c} tells group {g} that it leaves.", "{c:가} 그룹 {g}에 나간다고 알립니다."),
        text(
            "The group rebalances at once, without waiting for a timeout.",
            "그룹은 시간 초과를 기다리지 않고 바로 리밸런스합니다.",
        ),
        text("Else it would take {$session.timeout.ms}.", "알리지 않았다면: {$session.timeout.ms}"),
    )
}

fn consumer_paused(ConsumerPaused { client, partition, paused }: ConsumerPaused) -> Told {
    let args = [("c", Arg::Client(client)), ("p", Arg::Partition(partition))];
    if paused {
        return told(
            &args,
            text("{c} pauses {p}.", "{c:가} {p:를} 일시 정지합니다."),
            text(
                "It still owns the partition, but poll() returns nothing of it.",
                "소유는 그대로지만 poll()이 레코드를 돌려주지 않습니다.",
            ),
            NONE,
        );
    }
    told(
        &args,
        text("{c} resumes {p}.", "{c:가} {p:를} 다시 읽습니다."),
        text("poll() returns its records again.", "poll()이 다시 레코드를 돌려줍니다."),
        NONE,
    )
}
