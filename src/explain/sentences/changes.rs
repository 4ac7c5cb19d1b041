//! Who is new in a group and who is gone; what went with a producer.

use super::super::context::Before;
use super::super::template::{Arg, Told, told};
use crate::event::group::{GenerationStarted, GroupEvent};
use crate::event::hand::HandEvent;
use crate::ids::ClientId;
use crate::lang::text;

pub(super) fn of_group(before: &Before<'_>, event: GroupEvent) -> Option<Told> {
    match event {
        GroupEvent::GenerationStarted(of) => generation(before, of),
        _ => None,
    }
}

pub(super) fn of_hand(before: &Before<'_>, event: HandEvent) -> Option<Told> {
    match event {
        HandEvent::ClientKilled(of) => killed(before, of.client),
        _ => None,
    }
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
            "{c} leads: it works out who gets which partition; older generations are refused.",
            "리더 {c:가} 파티션을 나눕니다. 이전 세대의 요청은 거절됩니다.",
        ),
        text("Shared out by {$partition.assignment.strategy}.", "분배 방식: {$partition.assignment.strategy}"),
    ))
}

/// What had not left a producer goes with it.
fn killed(before: &Before<'_>, client: ClientId) -> Option<Told> {
    let never_sent = before.past.history.gone(client).filter(|gone| gone.event == before.id)?.never_sent;
    if never_sent == 0 {
        return None;
    }
    Some(told(
        &[("c", Arg::Client(client)), ("r", Arg::Records(never_sent))],
        text(
            "{c} is **killed**: its process ends without a word, and {r} that it had not sent with it.",
            "{c:가} **강제 종료**되어, 보내지 않은 {r:이} 함께 사라졌습니다.",
        ),
        text(
            "send() had taken what was never sent; no callback will ever tell.",
            "send()가 받았지만 전송되지 않았습니다. 콜백도 실행되지 않습니다.",
        ),
        text("It was done by hand, or by the script.", "사용자나 스크립트가 일으킨 일입니다."),
    ))
}
