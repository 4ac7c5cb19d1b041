//! Who is new in a group and who is gone; what went with a producer.

use super::super::context::Before;
use super::super::template::{Arg, Told, told};
use crate::event::consumer::{ConsumerEvent, PartitionsLost, PartitionsRevoked};
use crate::event::group::{GenerationStarted, GroupEvent};
use crate::event::hand::{ClientClosed, ClientKilled, HandEvent};
use crate::lang::text;

pub(super) fn of_group(before: &Before<'_>, event: GroupEvent) -> Option<Told> {
    match event {
        GroupEvent::GenerationStarted(of) => generation(before, of),
        _ => None,
    }
}

pub(super) fn of_hand(before: &Before<'_>, event: HandEvent) -> Option<Told> {
    match event {
        HandEvent::ClientKilled(of) => killed(before, of),
        HandEvent::ClientClosed(of) => closed(before, of),
        _ => None,
    }
}

pub(super) fn of_consumer(before: &Before<'_>, event: ConsumerEvent) -> Option<Told> {
    let (client, handed) = match event {
        ConsumerEvent::PartitionsAssigned(of) => (of.client, before.past.history.handed(of.client, before.id)),
        ConsumerEvent::PartitionsRevoked(PartitionsRevoked { client, .. })
        | ConsumerEvent::PartitionsLost(PartitionsLost { client, .. }) => {
            (client, before.past.history.handed(client, before.id))
        }
        _ => return None,
    };
    if handed.is_empty() {
        return None;
    }
    let mut told = super::consumer::words(event);
    told.happened = match event {
        ConsumerEvent::PartitionsAssigned(_) => text(
            "{c} now **owns** {list} in group {g}, generation {e}.",
            "{c:가} 그룹 {g}, 세대 {e}에서 {list:를} **소유합니다**.",
        ),
        ConsumerEvent::PartitionsLost(_) => {
            text("{c} has **lost** {list} of group {g}.", "{c:가} 그룹 {g}의 {list:를} **잃었습니다**.")
        }
        _ => text("{c} **gives back** {list} to group {g}.", "{c:가} {list:를} 그룹 {g}에 **반납합니다**."),
    };
    if let (ConsumerEvent::PartitionsAssigned(_), [only]) = (event, &*handed)
        && let Some(was) = before.past.history.owner_before(client, *only, before.id).filter(|was| *was != client)
    {
        told.args.push(("b", Arg::Former(was)));
        told.meaning = text(
            "It was {b}'s before. {c}'s listener, if any, hears onPartitionsAssigned; then {c} looks up where to start.",
            "이전 소유자는 {b}입니다. 리스너가 있으면 onPartitionsAssigned가 불리고, 이어서 시작할 위치를 찾습니다.",
        );
    }
    told.args.push(("list", Arg::Names(handed)));
    Some(told)
}

/// Who closes leaves its group, but one with a `group.instance.id`, or closed with `REMAIN_IN_GROUP`, does not.
fn closed(before: &Before<'_>, of: ClientClosed) -> Option<Told> {
    let history = before.past.history;
    let stays = history.counts_on(history.group_of(of.client)?, of.client)?;
    let mut told = super::hand::words(HandEvent::ClientClosed(of));
    if stays {
        told.meaning = text(
            "Its program called close(), but it does not leave its group, which notices only when the session times out.",
            "프로그램이 close()를 불렀지만 그룹을 떠나지 않습니다. 그룹은 세션 시간이 지나야 압니다.",
        );
        told.why = text("The group waits for {$session.timeout.ms}.", "그룹이 기다리는 시간: {$session.timeout.ms}");
    } else {
        told.meaning = text(
            "Its program called close(), so its group does not have to wait for a timeout to notice.",
            "프로그램이 close()를 불렀으므로, 그룹은 시간 초과를 기다리지 않아도 압니다.",
        );
    }
    Some(told)
}

fn generation(before: &Before<'_>, of: GenerationStarted) -> Option<Told> {
    let (new, gone) = before.past.history.changes(of.group, before.id)?;
    let happened = match (new.is_empty(), gone.is_empty()) {
        (false, false) => text(
            "Group {g} begins **generation {e}** with {n}. New: {new}; gone: {gone}.",
            "그룹 {g:가} **세대 {e:를}** 시작합니다. {n}. 새 멤버: {new}, 나간 멤버: {gone}.",
        ),
        (false, true) => text(
            "Group {g} begins **generation {e}** with {n}. New: {new}.",
            "그룹 {g:가} **세대 {e:를}** 시작합니다. {n}. 새 멤버: {new}.",
        ),
        (true, false) => text(
            "Group {g} begins **generation {e}** with {n}. Gone: {gone}.",
            "그룹 {g:가} **세대 {e:를}** 시작합니다. {n}. 나간 멤버: {gone}.",
        ),
        (true, true) => text(
            "Group {g} begins **generation {e}** with {n}, the same as before.",
            "그룹 {g:가} **세대 {e:를}** 시작합니다. {n}, 이전과 같습니다.",
        ),
    };
    Some(told(
        &[
            ("g", Arg::Group(of.group)),
            ("e", Arg::Number(of.generation.into())),
            ("n", Arg::Members(of.members.into())),
            ("c", Arg::Client(of.leader)),
            ("new", Arg::Clients(new)),
            ("gone", Arg::Clients(gone)),
        ],
        happened,
        text(
            "A generation is one sharing-out of the partitions. {c}, the group's leader, does it; older ones are refused.",
            "세대는 파티션을 한 번 나눈 단위입니다. 그룹 리더 {c:가} 나누고, 이전 세대의 요청은 거절됩니다.",
        ),
        text("Shared out by {$partition.assignment.strategy}.", "분배 방식: {$partition.assignment.strategy}"),
    ))
}

/// What had not left a producer goes with it.
fn killed(before: &Before<'_>, ClientKilled { client, exited }: ClientKilled) -> Option<Told> {
    let never_sent = before.past.history.gone(client).filter(|gone| gone.event == before.id)?.never_sent;
    if never_sent == 0 {
        return None;
    }
    let args = [("c", Arg::Client(client)), ("r", Arg::Records(never_sent))];
    if exited {
        return Some(told(
            &args,
            text(
                "{c}'s program **ends by itself**, without close(); {r} that it had not sent went with it.",
                "{c}의 프로그램이 close() 없이 **스스로 끝나**, 보내지 않은 {r:이} 함께 사라졌습니다.",
            ),
            text(
                "send() had taken what was never sent; no callback will ever tell.",
                "send()가 받았지만 전송되지 않았습니다. 콜백도 실행되지 않습니다.",
            ),
            text(
                "close() would have waited for it, up to {$delivery.timeout.ms}.",
                "close()였다면 기다릴 한도: {$delivery.timeout.ms}",
            ),
        ));
    }
    Some(told(
        &args,
        text(
            "{c} is **killed**: its process ends without a word; {r} that it had not sent went with it.",
            "{c:가} **강제 종료**되어, 보내지 않은 {r:이} 함께 사라졌습니다.",
        ),
        text(
            "send() had taken what was never sent; no callback will ever tell.",
            "send()가 받았지만 전송되지 않았습니다. 콜백도 실행되지 않습니다.",
        ),
        text("It was done by hand, or by the script.", "사용자나 스크립트가 일으킨 일입니다."),
    ))
}
