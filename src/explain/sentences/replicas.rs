//! Who leads a partition, who is in sync, and who keeps it.

use super::super::template::{Arg, NONE, Told, told};
use crate::event::broker::*;
use crate::event::{ElectedWhy, IsrWhy};
use crate::ids::{BrokerId, BrokerSet};
use crate::lang::{Both, text};

type Text = Both<&'static str>;

pub(super) fn leader_changed(LeaderChanged { partition, leader, epoch, why }: LeaderChanged) -> Told {
    let args =
        [("p", Arg::Partition(partition)), ("b", Arg::Broker(BrokerId(leader))), ("e", Arg::Number(epoch.into()))];
    let (happened, meaning) = elected(why);
    told(&args, happened, meaning, NONE)
}

fn elected(why: ElectedWhy) -> (Text, Text) {
    match why {
        ElectedWhy::Nobody => (
            text("{p} has **no leader** now.", "{p}에 이제 **리더가 없습니다**."),
            text(
                "Nobody can write or read it until a broker that has its log is back.",
                "그 로그를 가진 브로커가 돌아올 때까지 쓰지도 읽지도 못합니다.",
            ),
        ),
        ElectedWhy::InSync | ElectedWhy::Only => (
            text("{b} leads {p} now, in leader epoch {e}.", "{b:가} 이제 {p}의 리더입니다. 리더 에포크 {e}"),
            text(
                "The epoch grows with each change of the leader. Clients learn of it from their next metadata.",
                "리더가 바뀔 때마다 에포크가 커집니다. 클라이언트는 다음 메타데이터를 받을 때 알게 됩니다.",
            ),
        ),
        ElectedWhy::Preferred => (
            text(
                "{b} leads {p} now, in leader epoch {e}: it is the **preferred leader**.",
                "**선호 리더**인 {b:가} 이제 {p}의 리더입니다. 리더 에포크 {e}",
            ),
            text(
                "The first of a partition's replicas is preferred, so that leaders stay spread over the brokers.",
                "복제본 목록의 첫 번째가 선호 리더입니다. 그래야 리더가 브로커에 고루 나뉩니다.",
            ),
        ),
        _ => elected_from_outside(why),
    }
}

fn elected_from_outside(why: ElectedWhy) -> (Text, Text) {
    match why {
        ElectedWhy::Eligible => (
            text(
                "{b} leads {p} now, in leader epoch {e}: nobody is in sync, and it is **eligible**.",
                "ISR이 비어 있어 **리더 자격이 있는** {b:가} {p}의 리더가 됩니다. 리더 에포크 {e}",
            ),
            text(
                "An eligible leader replica has all that is committed: nothing was committed after it left.",
                "리더 자격이 있는 복제본(ELR)은 커밋된 것을 모두 가집니다. 빠진 뒤로 커밋된 것이 없기 때문입니다.",
            ),
        ),
        ElectedWhy::LastKnown => (
            text(
                "{b} leads {p} again, in leader epoch {e}, as its **last known leader**.",
                "**마지막 리더**였던 {b:가} 다시 {p}의 리더가 됩니다. 리더 에포크 {e}",
            ),
            text(
                "Nobody is in sync or eligible. What its crash took from its disk is lost, acknowledged or not.",
                "동기화된 복제본도 자격이 있는 복제본도 없습니다. 비정상 종료로 디스크에 남지 않은 것은 응답했더라도 사라집니다.",
            ),
        ),
        ElectedWhy::Still => (
            text(
                "{b} still leads {p}, in leader epoch {e} from now on.",
                "{b:가} 계속 {p}의 리더입니다. 이제부터 리더 에포크 {e}",
            ),
            text(
                "Replicas were taken away. The epoch grows so that nobody takes them for replicas any more.",
                "복제본이 빠졌습니다. 빠진 것이 복제본으로 통하지 않도록 에포크가 커집니다.",
            ),
        ),
        _ => (
            text(
                "{b} leads {p} now, in leader epoch {e}, by an **unclean election**.",
                "**부정 선출**로 {b:가} {p}의 리더가 됩니다. 리더 에포크 {e}",
            ),
            text(
                "It was not in sync: what it does not have is lost, also what was acknowledged.",
                "동기화되지 않은 복제본이었습니다. 없는 레코드는 응답된 것이라도 사라집니다.",
            ),
        ),
    }
}

pub(super) fn isr_changed(IsrChanged { partition, isr, eligible, left, joined, why, .. }: IsrChanged) -> Told {
    let args = [
        ("p", Arg::Partition(partition)),
        ("isr", Arg::Brokers(isr)),
        ("el", Arg::Brokers(eligible)),
        ("left", Arg::Brokers(left)),
        ("joined", Arg::Brokers(joined)),
    ];
    let happened = match (left.is_empty(), joined.is_empty()) {
        (false, true) => text(
            "{left} **left** the in-sync replicas of {p}. In sync now: {isr}.",
            "{left:가} {p}의 ISR에서 **빠졌습니다**. 현재 ISR: {isr}",
        ),
        (true, false) => text(
            "{joined} **joined** the in-sync replicas of {p}. In sync now: {isr}.",
            "{joined:가} {p}의 ISR에 **들어왔습니다**. 현재 ISR: {isr}",
        ),
        (false, false) => text(
            "{joined} **joined** the in-sync replicas of {p}, and {left} left. In sync now: {isr}.",
            "{p}의 ISR에 {joined:가} **들어오고** {left:가} 빠졌습니다. 현재 ISR: {isr}",
        ),
        (true, true) => text(
            "Who may lead {p} without being in sync **changed**. Eligible now: {el}.",
            "ISR 밖에서 {p}의 리더가 될 수 있는 복제본이 **바뀌었습니다**. 현재: {el}",
        ),
    };
    told(&args, happened, isr_meaning(why, joined), eligible_words(eligible))
}

fn isr_meaning(why: IsrWhy, joined: BrokerSet) -> Text {
    match why {
        IsrWhy::Leader if !joined.is_empty() => text(
            "It has all that is committed: records wait for it again, and it may lead.",
            "커밋된 것을 모두 가졌습니다. 이제 레코드는 이 복제본도 기다리고, 리더가 될 수도 있습니다.",
        ),
        IsrWhy::Leader => text(
            "It has not kept up with the leader within {$replica.lag.time.max.ms}. Records are committed without it.",
            "{$replica.lag.time.max.ms} 안에 리더를 따라잡지 못했습니다. 이제 레코드는 이 복제본 없이 커밋됩니다.",
        ),
        IsrWhy::Fenced => text(
            "The controller no longer counts on it. Records are committed without it.",
            "컨트롤러가 더는 이 브로커를 믿지 않습니다. 이제 레코드는 이 복제본 없이 커밋됩니다.",
        ),
        IsrWhy::Unclean => text(
            "It did not stop in good order, and its log may lack what it had.",
            "정상 종료가 아니었으므로 가졌던 레코드가 로그에 없을 수 있습니다.",
        ),
        IsrWhy::Elected => text(
            "A leader from outside the in-sync replicas is in sync alone, until others have caught up with it.",
            "ISR 밖에서 온 리더는 다른 복제본이 따라잡을 때까지 혼자 ISR입니다.",
        ),
        IsrWhy::Reassigned => {
            text("The partition is kept by other brokers now.", "이제 다른 브로커들이 이 파티션을 가집니다.")
        }
        IsrWhy::MinIsr => text(
            "min.insync.replicas was altered: the controller forgets who was eligible.",
            "min.insync.replicas가 바뀌어 컨트롤러는 누가 자격이 있었는지 잊습니다.",
        ),
    }
}

fn eligible_words(eligible: BrokerSet) -> Text {
    if eligible.is_empty() {
        return NONE;
    }
    text("Eligible to lead without being in sync: {el}.", "ISR 밖에서 리더가 될 수 있는 복제본(ELR): {el}")
}

pub(super) fn reassignment_began(ReassignmentBegan { partition, adding, removing }: ReassignmentBegan) -> Told {
    let args = [("p", Arg::Partition(partition)), ("add", Arg::Brokers(adding)), ("remove", Arg::Brokers(removing))];
    let happened = match (adding.is_empty(), removing.is_empty()) {
        (false, true) => text("{p} is to have replicas on {add}, too.", "{p}의 복제본이 {add}에도 생깁니다."),
        (true, _) => text("{p} is to lose its replicas on {remove}.", "{p}의 복제본이 {remove}에서 빠집니다."),
        (false, false) => text(
            "{p} **moves**: replicas on {add} come, those on {remove} go.",
            "{p}의 복제본이 **옮겨 갑니다**. 추가 {add}, 제거 {remove}",
        ),
    };
    told(
        &args,
        happened,
        text(
            "New replicas fetch all of the log first. The old ones stay until the new ones are in sync.",
            "새 복제본은 먼저 로그 전체를 가져옵니다. 새 복제본이 동기화될 때까지 옛 복제본이 남습니다.",
        ),
        NONE,
    )
}

pub(super) fn reassignment_ended(ReassignmentEnded { partition, replicas, done }: ReassignmentEnded) -> Told {
    let args = [("p", Arg::Partition(partition)), ("r", Arg::Brokers(replicas))];
    if done {
        return told(
            &args,
            text("{p} has **its new replicas**: {r}.", "{p}의 복제본이 **바뀌었습니다**: {r}"),
            text("All of the new ones are in sync.", "새 복제본이 모두 동기화되었습니다."),
            NONE,
        );
    }
    told(
        &args,
        text(
            "The reassignment of {p} is **cancelled**. Its replicas: {r}.",
            "{p}의 재할당이 **취소되었습니다**. 복제본: {r}",
        ),
        text("What had been added goes again.", "추가하던 복제본은 다시 빠집니다."),
        NONE,
    )
}
