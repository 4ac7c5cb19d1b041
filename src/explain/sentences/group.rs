//! The group coordinator.

use super::super::template::{Arg, NONE, Told, told};
use crate::error::Code;
use crate::event::group::*;
use crate::event::{GroupState, MemberGone};
use crate::lang::{Text, text};

pub(super) fn words(event: GroupEvent) -> Told {
    use GroupEvent::*;
    match event {
        GroupStateChanged(of) => state_changed(of),
        MemberIdGiven(of) => member_id_given(of),
        MemberJoined(of) => member_joined(of),
        MemberRemoved(of) => member_removed(of),
        GenerationStarted(of) => generation_started(of),
        AssignmentStored(of) => assignment_stored(of),
        OffsetCommitted(of) => offset_committed(of),
        OffsetCommitRefused(of) => offset_commit_refused(of),
        GroupLoaded(of) => loaded(of),
    }
}

const fn state_meaning(state: GroupState) -> Text {
    match state {
        GroupState::Empty => {
            text("It has no members; its committed offsets stay.", "멤버가 없습니다. 커밋된 오프셋은 남아 있습니다.")
        }
        GroupState::PreparingRebalance => text(
            "Every member has to join again before partitions are shared out.",
            "파티션을 나누기 전에 모든 멤버가 다시 참가해야 합니다.",
        ),
        GroupState::CompletingRebalance => text(
            "All have joined; the coordinator waits for the leader's assignment.",
            "모두 참가했습니다. 코디네이터가 리더의 할당을 기다립니다.",
        ),
        GroupState::Stable => {
            text("Every member knows what it owns and reads.", "모든 멤버가 소유한 파티션을 알고 읽습니다.")
        }
        GroupState::Dead => text("The group is gone with its offsets.", "그룹이 오프셋과 함께 사라졌습니다."),
    }
}

fn state_changed(GroupStateChanged { group, broker, from, to }: GroupStateChanged) -> Told {
    let args = [
        ("g", Arg::Group(group)),
        ("b", Arg::Broker(broker)),
        ("from", Arg::Kafka(from.name())),
        ("to", Arg::Kafka(to.name())),
    ];
    let why = match to {
        GroupState::PreparingRebalance if from == GroupState::Empty => text(
            "More members are waited for: {$group.initial.rebalance.delay.ms}.",
            "다른 멤버를 기다림: {$group.initial.rebalance.delay.ms}",
        ),
        _ => NONE,
    };
    told(
        &args,
        text("Group {g} goes from {from} to {to}.", "그룹 {g}의 상태가 {from}에서 {to:로} 바뀝니다."),
        state_meaning(to),
        why,
    )
}

fn member_id_given(MemberIdGiven { group, client }: MemberIdGiven) -> Told {
    told(
        &[("g", Arg::Group(group)), ("c", Arg::Client(client))],
        text(
            "Group {g} gives {c} a member id and asks it to join again.",
            "그룹 {g:가} {c}에게 멤버 id를 주고 다시 참가하라고 합니다.",
        ),
        text(
            "So a client that dies before its second request leaves no ghost member.",
            "두 번째 요청 전에 죽은 클라이언트가 유령 멤버로 남지 않게 합니다.",
        ),
        NONE,
    )
}

fn member_joined(MemberJoined { group, client, members }: MemberJoined) -> Told {
    let (meaning, why) = match members {
        1 => (
            text(
                "It is the only one; a group that was empty may wait for others.",
                "유일한 멤버입니다. 비어 있던 그룹은 다른 멤버를 기다릴 수 있습니다.",
            ),
            text("How long: {$group.initial.rebalance.delay.ms}.", "대기: {$group.initial.rebalance.delay.ms}"),
        ),
        _ => (
            text(
                "It is answered once every member has asked to join; those that were in have to ask again.",
                "모든 멤버가 참가를 요청해야 응답을 받습니다. 이미 있던 멤버도 다시 요청해야 합니다.",
            ),
            text("They have {$max.poll.interval.ms} for that.", "참가 한도: {$max.poll.interval.ms}"),
        ),
    };
    told(
        &[("g", Arg::Group(group)), ("c", Arg::Client(client)), ("n", Arg::Members(members.into()))],
        text("{c} is in group {g}, which now has {n}.", "{c:가} 그룹 {g}에 들어왔습니다. {n}"),
        meaning,
        why,
    )
}

fn member_removed(MemberRemoved { group, client, why, members }: MemberRemoved) -> Told {
    let (meaning, reason) = match (why, members) {
        (MemberGone::Left, 0) => (
            text(
                "It said that it leaves, and was the last: nobody reads; what is committed stays.",
                "스스로 나갔고, 마지막 멤버였습니다. 이제 아무도 읽지 않으며, 커밋된 오프셋은 남습니다.",
            ),
            NONE,
        ),
        _ => gone_because(why),
    };
    told(
        &[("g", Arg::Group(group)), ("c", Arg::Client(client)), ("n", Arg::Members(members.into()))],
        text("{c} is **no longer in** group {g}, which now has {n}.", "{c:가} 그룹 {g}에서 **빠졌습니다**. 남은 {n}"),
        meaning,
        reason,
    )
}

fn gone_because(why: MemberGone) -> (Text, Text) {
    match why {
        MemberGone::Left => (
            text(
                "It said that it leaves; its partitions go to the others.",
                "스스로 나갔습니다. 파티션은 다른 멤버에게 갑니다.",
            ),
            NONE,
        ),
        MemberGone::SessionExpired => (
            text("The coordinator heard no heartbeat in time.", "코디네이터가 제때 하트비트를 받지 못했습니다."),
            text(
                "Because {$session.timeout.ms} passed; {$heartbeat.interval.ms}.",
                "원인: {$session.timeout.ms} 경과, {$heartbeat.interval.ms}",
            ),
        ),
        MemberGone::NotRejoined => (
            text(
                "It did not join again before the rebalance ended.",
                "리밸런스가 끝나기 전에 다시 참가하지 않았습니다.",
            ),
            text("The limit is {$max.poll.interval.ms}.", "한도: {$max.poll.interval.ms}"),
        ),
        MemberGone::NotSynced => (
            text("It did not ask for its assignment in time.", "제때 할당을 요청하지 않았습니다."),
            text("The limit is {$max.poll.interval.ms}.", "한도: {$max.poll.interval.ms}"),
        ),
        MemberGone::Replaced => (
            text("The same static member came back under a new id.", "같은 고정 멤버가 새 id로 돌아왔습니다."),
            text("Known by {$group.instance.id}.", "식별: {$group.instance.id}"),
        ),
        MemberGone::Removed => (text("An administrator removed it.", "관리자가 내보냈습니다."), NONE),
    }
}

fn generation_started(GenerationStarted { group, generation, members, leader }: GenerationStarted) -> Told {
    told(
        &[
            ("g", Arg::Group(group)),
            ("e", Arg::Number(generation.into())),
            ("n", Arg::Members(members.into())),
            ("c", Arg::Client(leader)),
        ],
        text("Group {g} begins **generation {e}** with {n}.", "그룹 {g:가} **세대 {e:를}** 시작합니다. {n}"),
        text(
            "A generation is one sharing-out of the partitions. {c}, the group's leader, does it; older ones are refused.",
            "세대는 파티션을 한 번 나눈 단위입니다. 그룹 리더 {c:가} 나누고, 이전 세대의 요청은 거절됩니다.",
        ),
        text("Shared out by {$partition.assignment.strategy}.", "분배 방식: {$partition.assignment.strategy}"),
    )
}

fn assignment_stored(AssignmentStored { group, generation }: AssignmentStored) -> Told {
    told(
        &[("g", Arg::Group(group)), ("e", Arg::Number(generation.into()))],
        text(
            "The coordinator has stored the assignment of group {g}, generation {e}.",
            "코디네이터가 그룹 {g}, 세대 {e}의 할당을 저장했습니다.",
        ),
        text(
            "It stands in __consumer_offsets; every member is answered now.",
            "__consumer_offsets에 기록되었습니다. 이제 모든 멤버에게 응답합니다.",
        ),
        NONE,
    )
}

fn offset_committed(OffsetCommitted { group, client, partition, offset }: OffsetCommitted) -> Told {
    told(
        &[
            ("g", Arg::Group(group)),
            ("c", Arg::Client(client)),
            ("p", Arg::Partition(partition)),
            ("o", Arg::Number(offset)),
        ],
        text("Group {g} has **committed offset {o}** of {p}.", "그룹 {g:가} {p}의 **오프셋 {o:를} 커밋했습니다**."),
        text(
            "{o} is the next record to read: whoever owns {p} next starts there.",
            "{o:는} 다음에 읽을 레코드입니다. 다음 소유자는 여기서 시작합니다.",
        ),
        text("Asked for by {c}.", "요청한 클라이언트: {c}"),
    )
}

fn offset_commit_refused(OffsetCommitRefused { group, client, code }: OffsetCommitRefused) -> Told {
    let meaning = match code {
        Code::UnknownMemberId => text(
            "It knows no such member; the committed offsets stay as they were.",
            "그런 멤버가 없습니다. 커밋된 오프셋은 그대로입니다.",
        ),
        Code::IllegalGeneration => text(
            "It comes from an older generation; the committed offsets stay as they were.",
            "이전 세대에서 온 요청입니다. 커밋된 오프셋은 그대로입니다.",
        ),
        _ => text("The committed offsets stay as they were.", "커밋된 오프셋은 그대로입니다."),
    };
    told(
        &[("g", Arg::Group(group)), ("c", Arg::Client(client)), ("code", Arg::Code(code))],
        text("Group {g} **refuses** a commit of {c}: {code}.", "그룹 {g:가} {c}의 커밋을 **거절합니다**. {code}"),
        meaning,
        NONE,
    )
}

fn loaded(GroupLoaded { group, broker, generation, members }: GroupLoaded) -> Told {
    told(
        &[
            ("g", Arg::Group(group)),
            ("b", Arg::Broker(broker)),
            ("e", Arg::Number(generation.into())),
            ("n", Arg::Members(members.into())),
        ],
        text(
            "{b} reads group {g} from its log: generation {e}, {n}.",
            "{b:가} 로그에서 그룹 {g:를} 읽습니다. 세대 {e}, {n}",
        ),
        text(
            "It coordinates the group now; what was not in the log is forgotten.",
            "이제 이 그룹의 코디네이터입니다. 로그에 없던 것은 잊힙니다.",
        ),
        NONE,
    )
}
