//! The user's hand on links between processes: cut, slow, mended, and messages that are held.

use super::super::template::{Arg, Told, told};
use super::hand::BY_HAND;
use crate::event::hand::*;
use crate::ids::Process;
use crate::lang::text;

fn ends(from: Process, to: Process) -> [(&'static str, Arg); 2] {
    [("a", Arg::Process(from)), ("b", Arg::Process(to))]
}

pub(super) fn cut(LinkCut { from, to, both }: LinkCut) -> Told {
    let happened = if both {
        text("The link between {a} and {b} is **cut**.", "{a:와} {b} 사이의 링크가 **끊깁니다**.")
    } else {
        text("The link from {a} to {b} is **cut**, one way.", "{a}에서 {b} 방향의 링크가 **끊깁니다**.")
    };
    told(
        &ends(from, to),
        happened,
        text(
            "What is sent over it waits; no end learns of it but by its own timeouts.",
            "그 위로 보낸 것은 기다립니다. 양쪽 모두 자신의 시간 초과로만 알게 됩니다.",
        ),
        BY_HAND,
    )
}

pub(super) fn slowed(LinkSlowed { from, to, both, ms }: LinkSlowed) -> Told {
    let [a, b] = ends(from, to);
    let happened = if both {
        text(
            "The link between {a} and {b} is **slow**: whatever goes over it takes {t} more.",
            "{a:와} {b} 사이의 링크가 **느려집니다**. 오가는 것이 {t} 더 걸립니다.",
        )
    } else {
        text(
            "The link from {a} to {b} is **slow**, one way: whatever goes over it takes {t} more.",
            "{a}에서 {b} 방향의 링크가 **느려집니다**. 가는 것이 {t} 더 걸립니다.",
        )
    };
    told(
        &[a, b, ("t", Arg::Ms(u64::from(ms)))],
        happened,
        text(
            "Order holds on each connection; what is under way already is as fast as before.",
            "연결마다 순서는 지켜집니다. 이미 가고 있는 것은 전과 같은 속도입니다.",
        ),
        BY_HAND,
    )
}

pub(super) fn mended(LinkMended { from, to, both, waiting }: LinkMended) -> Told {
    let [a, b] = ends(from, to);
    let happened = if both {
        text("The link between {a} and {b} is mended.", "{a:와} {b} 사이의 링크가 복구됩니다.")
    } else {
        text("The link from {a} to {b} is mended, one way.", "{a}에서 {b} 방향의 링크가 복구됩니다.")
    };
    let meaning = if waiting == 0 {
        text("Nothing waited for it.", "기다리던 것은 없습니다.")
    } else {
        text(
            "What waited sets out now, in its order: {n} in all, connections that are closed among them.",
            "기다리던 것이 이제 차례대로 출발합니다. 닫힌 연결의 것까지 모두 {n}개",
        )
    };
    told(&[a, b, ("n", Arg::Number(waiting.into()))], happened, meaning, BY_HAND)
}

pub(super) fn hold_armed(HoldArmed { from, to, api }: HoldArmed) -> Told {
    let [a, b] = ends(from, to);
    told(
        &[a, b, ("api", Arg::Api(api))],
        text(
            "A fault waits: the next {api} message from {a} to {b} will be held.",
            "고장 대기: {a}에서 {b} 방향의 다음 {api} 메시지를 붙듭니다.",
        ),
        text(
            "What follows it on its connection in that direction will wait behind it.",
            "같은 연결에서 그 방향으로 뒤따르는 것도 그 뒤에서 기다립니다.",
        ),
        BY_HAND,
    )
}

pub(super) fn held(MessageHeld { from, to, api, correlation_id, .. }: MessageHeld) -> Told {
    let [a, b] = ends(from, to);
    told(
        &[a, b, ("api", Arg::Api(api)), ("r", Arg::Request(correlation_id))],
        text(
            "{api} {r} from {a} to {b} is **held** on its way.",
            "{a}에서 {b} 방향의 {api} {r:이} 도중에 **붙들립니다**.",
        ),
        text(
            "TCP is first in, first out: all that follows on this connection waits behind it.",
            "TCP는 순서를 지키므로 이 연결에서 뒤따르는 것이 모두 그 뒤에서 기다립니다.",
        ),
        BY_HAND,
    )
}

pub(super) fn released(HoldReleased { from, to, waiting }: HoldReleased) -> Told {
    let [a, b] = ends(from, to);
    let meaning = if waiting == 0 {
        text("Nothing had been held yet.", "아직 붙들린 것은 없었습니다.")
    } else {
        text("It sets out now, in its order: {n} in all.", "이제 차례대로 출발합니다. 모두 {n}개")
    };
    told(
        &[a, b, ("n", Arg::Number(waiting.into()))],
        text("What was held from {a} to {b} is let go.", "{a}에서 {b} 방향으로 붙들렸던 것을 놓아줍니다."),
        meaning,
        BY_HAND,
    )
}
