//! A loop that ends by an exception, and one that does not come back to `poll()`.

use super::super::context::Before;
use super::super::template::Told;
use crate::event::CallKind;
use crate::event::consumer::{ConsumerEvent, PollIntervalExceeded};
use crate::event::program::{CallReturned, ProgramEvent};
use crate::ids::ExceptionNo;
use crate::lang::text;

/// Exceptions of a position: who gets one is as much a member of its group as before.
const OF_POSITIONS: [&str; 2] = ["OffsetOutOfRangeException", "NoOffsetForPartitionException"];

pub(super) fn of_program(before: &Before<'_>, event: ProgramEvent) -> Option<Told> {
    let ProgramEvent::CallReturned(CallReturned { client, call, kind: CallKind::Poll, ok: false, exception }) = event
    else {
        return None;
    };
    if exception == ExceptionNo::NONE || !before.past.programs.ended_loop(client, call) {
        return None;
    }
    let mut told = super::program::words(event);
    let class = before.context.names().exception(exception).map(|(class, _)| class);
    let (history, programs) = (before.past.history, before.past.programs);
    let knows = |group| !history.is_unaware(group, client, before.id);
    let is_member = programs.has_joined(client) && history.group_of(client).is_some_and(knows);
    if is_member && class.is_some_and(|class| OF_POSITIONS.contains(&class)) {
        told.meaning = text(
            "It says: {words}. Its loop ends, and nothing calls close(): its heartbeats go on, so it keeps its partitions.",
            "메시지: {words}. 루프가 끝나고 close()도 부르지 않습니다. 하트비트는 계속되어 파티션은 그대로 맡고 있습니다.",
        );
        told.why = if programs.is_static(client) {
            text(
                "It stays a member until {$max.poll.interval.ms} is over, and then {$session.timeout.ms}.",
                "멤버로 남는 시간: {$max.poll.interval.ms}, 이어서 {$session.timeout.ms}",
            )
        } else {
            text(
                "It stays a member until {$max.poll.interval.ms} is over.",
                "멤버로 남는 시간: {$max.poll.interval.ms}",
            )
        };
    } else {
        told.meaning = text(
            "It says: {words}. Its loop ends, and nothing calls close().",
            "메시지: {words}. 루프가 끝나고 close()도 부르지 않습니다.",
        );
    }
    Some(told)
}

pub(super) fn of_consumer(before: &Before<'_>, event: ConsumerEvent) -> Option<Told> {
    let ConsumerEvent::PollIntervalExceeded(PollIntervalExceeded { client, .. }) = event else { return None };
    let programs = before.past.programs;
    let mut told = super::consumer::words(event);
    // Who is static sends no `LeaveGroup`.
    if programs.is_static(client) {
        told.happened = text(
            "{c} has not polled for **too long** and sends group {g} no more heartbeats.",
            "{c:가} **너무 오래** poll()하지 않아 그룹 {g}에 하트비트를 더 보내지 않습니다.",
        );
        told.meaning = text(
            "A static member does not leave: its partitions go to others only when its session is over.",
            "고정 멤버는 스스로 나가지 않습니다. 세션이 끝나야 파티션이 다른 멤버에게 갑니다.",
        );
        told.why = text(
            "Because {$max.poll.interval.ms} passed; the session is {$session.timeout.ms}.",
            "원인: {$max.poll.interval.ms} 경과. 세션: {$session.timeout.ms}",
        );
    } else if !programs.is_at_work(client) {
        told.meaning = text(
            "Its program has not come back to poll(); its partitions go to others, if the group has any.",
            "프로그램이 poll()로 돌아오지 않았습니다. 그룹에 다른 멤버가 있으면 파티션을 넘겨받습니다.",
        );
    }
    Some(told)
}
