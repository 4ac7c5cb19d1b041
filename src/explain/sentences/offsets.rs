//! Commits by their partitions and offsets, and what these were.

use super::super::context::Before;
use super::super::template::{Arg, Moved, Told, told};
use super::consumer::{how_name, how_why, succeeded_why};
use crate::error::Code;
use crate::event::CommitHow;
use crate::event::consumer::{CommitFailed, CommitStarted, CommitSucceeded, ConsumerEvent};
use crate::event::group::{GroupEvent, OffsetCommitted};
use crate::ids::{ClientId, EventId, GroupNo, PartitionNo};
use crate::lang::{Text, text};

pub(super) fn of_consumer(before: &Before<'_>, event: ConsumerEvent) -> Option<Told> {
    match event {
        ConsumerEvent::CommitStarted(of) => started(before, of),
        ConsumerEvent::CommitSucceeded(of) => succeeded(before, of),
        ConsumerEvent::CommitFailed(of) => failed(before, of),
        _ => None,
    }
}

pub(super) fn of_group(before: &Before<'_>, event: GroupEvent) -> Option<Told> {
    match event {
        GroupEvent::OffsetCommitted(of) => stored(before, of),
        _ => None,
    }
}

fn args_of(client: ClientId, group: GroupNo, how: CommitHow) -> Vec<(&'static str, Arg)> {
    vec![("c", Arg::Client(client)), ("g", Arg::Group(group)), ("how", Arg::Kafka(how_name(how)))]
}

/// The offsets of a commit with what they were before it, those that change first.
fn moves(before: &Before<'_>, group: GroupNo, offsets: &[(PartitionNo, i64)], as_of: EventId) -> Vec<Moved> {
    let moved = |(partition, to): &(PartitionNo, i64)| {
        let was = before.past.history.committed(group, *partition, as_of).and_then(|commit| commit.offset);
        Moved { partition: *partition, to: *to, was }
    };
    let all: Vec<Moved> = offsets.iter().map(moved).collect();
    let (same, mut changed): (Vec<Moved>, Vec<Moved>) = all.iter().partition(|moved| moved.was == Some(moved.to));
    changed.extend(same);
    changed
}

fn started(before: &Before<'_>, CommitStarted { client, group, how, .. }: CommitStarted) -> Option<Told> {
    let pledge = before.past.history.pledge(client, before.id).filter(|pledge| !pledge.offsets.is_empty())?;
    let moves = moves(before, group, &pledge.offsets, before.id);
    let is_back = moves.iter().any(|moved| moved.was.is_some_and(|was| moved.to < was));
    let mut args = args_of(client, group, how);
    args.push(("list", Arg::Offsets(moves)));
    let tries = before.past.history.tries_before(client, before.id);
    if let [.., last] = &*tries {
        args.extend([("n", Arg::Number(tries.len() as i64 + 1)), ("when", before.when(last.ended)?)]);
        let meaning = if how == CommitHow::Auto { AUTO_AGAIN_MEANS } else { AGAIN_MEANS };
        return Some(told(&args, AGAIN, meaning, how_why(how)));
    }
    let meaning = match (is_back, how) {
        (true, _) => text(
            "That is less than the group has committed: it would be set back.",
            "그룹이 커밋한 것보다 작아, 그룹의 오프셋이 되돌아가게 됩니다.",
        ),
        (_, CommitHow::Auto) => text(
            "It commits what earlier polls returned, processed or not.",
            "처리했든 아니든 이전 poll()이 돌려준 것까지 커밋합니다.",
        ),
        (_, CommitHow::Sync) => text("The program waits for the answer.", "프로그램이 응답을 기다립니다."),
        (_, CommitHow::Async) => text("The program goes on without waiting.", "프로그램은 기다리지 않고 계속합니다."),
    };
    Some(told(
        &args,
        text("{c} commits by {how}: {list}.", "{c:가} 오프셋을 커밋합니다({how}). {list}."),
        meaning,
        how_why(how),
    ))
}

const AGAIN: Text = text(
    "{c} asks **again** to commit {list}: **try {n}**.",
    "{c:가} 커밋을 **다시** 요청합니다(**{n}번째 시도**). {list}.",
);
const AGAIN_MEANS: Text = text(
    "The try before failed at {when}; {how} has not returned, and the program still waits.",
    "이전 시도는 {when}에 실패했습니다. {how} 호출이 아직 돌아오지 않아 프로그램은 계속 기다립니다.",
);
const AUTO_AGAIN_MEANS: Text = text(
    "The try before failed at {when}; the call in which {c} commits has not returned.",
    "이전 시도는 {when}에 실패했습니다. {c:가} 커밋하고 있는 호출은 아직 돌아오지 않았습니다.",
);

fn succeeded(before: &Before<'_>, CommitSucceeded { client, group, how }: CommitSucceeded) -> Option<Told> {
    let pledge = before.past.history.pledge_that_ended(client, before.id)?;
    let offsets = pledge.offsets.iter().map(|(partition, to)| Moved { partition: *partition, to: *to, was: None });
    let offsets: Vec<Moved> = offsets.collect();
    if offsets.is_empty() {
        return None;
    }
    let mut args = args_of(client, group, how);
    let first = before.past.history.tries_before(client, pledge.event).first().map_or(pledge.event, |it| it.event);
    args.extend([("list", Arg::Offsets(offsets)), ("when", before.when(first)?)]);
    Some(told(
        &args,
        text("The commit of {c} has succeeded: {list}.", "{c}의 커밋이 성공했습니다. {list}."),
        text(
            "Asked for at {when} by {how}; after a crash, reading starts from there.",
            "{when}에 요청했습니다({how}). 장애 뒤에는 여기서부터 읽습니다.",
        ),
        succeeded_why(how),
    ))
}

fn failed(before: &Before<'_>, of: CommitFailed) -> Option<Told> {
    let CommitFailed { client, group, how, code, .. } = of;
    let mut args = args_of(client, group, how);
    args.push(("code", Arg::Code(code)));
    let is_told = matches!(code, Code::RebalanceInProgress | Code::UnknownMemberId);
    if is_told && before.past.history.pledge(client, before.event.cause).is_some() {
        let happened = text(
            "A commit of {c} by {how} **fails before it is sent**.",
            "{c}의 커밋이 **보내기 전에 실패합니다**. 방법: {how}.",
        );
        return Some(told(&args, happened, not_sent(code), how_why(how)));
    }
    let pledge = before.past.history.pledge_that_ended(client, before.id)?;
    let offsets = pledge.offsets.iter().map(|(partition, to)| Moved { partition: *partition, to: *to, was: None });
    let offsets: Vec<Moved> = offsets.collect();
    if offsets.is_empty() {
        return None;
    }
    args.push(("list", Arg::Offsets(offsets)));
    let happened =
        text("The commit of {list} by {c} **fails** with {code}.", "{c}의 커밋이 **실패합니다**. {list}. {code}.");
    let meaning = match code {
        Code::UnknownMemberId | Code::IllegalGeneration => refused(before, client, group),
        _ => super::consumer::failed_meaning(how, of.retried),
    };
    Some(told(&args, happened, meaning, how_why(how)))
}

/// Why a group takes no commit of a client: it may never have been in, be out without having
/// heard of it, or know it, or be in while a fault answers.
fn refused(before: &Before<'_>, client: ClientId, group: GroupNo) -> Text {
    let history = before.past.history;
    if !history.was_member(group, client) {
        text(
            "It is no member of the group; while a group has members, only they commit.",
            "그룹의 멤버가 아닙니다. 그룹에 멤버가 있으면 멤버만 커밋할 수 있습니다.",
        )
    } else if history.is_unaware(group, client, before.id) {
        text(
            "Only now does {c} learn that its group goes on without it.",
            "{c:는} 그룹이 자신을 빼고 진행 중임을 이제야 알게 됩니다.",
        )
    } else {
        text(
            "The answer says that its generation is over; the committed offsets stay as they were.",
            "응답에 따르면 이미 끝난 세대의 커밋입니다. 커밋된 오프셋은 그대로입니다.",
        )
    }
}

/// Why a commit failed without a request.
const fn not_sent(code: Code) -> Text {
    match code {
        Code::RebalanceInProgress => text(
            "Its group rebalances, and it has to join in first. No request was sent.",
            "그룹이 리밸런스 중이라 먼저 참가해야 합니다. 요청은 보내지 않았습니다.",
        ),
        _ => text(
            "It is no member of an active group any more. No request was sent.",
            "더는 활성 그룹의 멤버가 아닙니다. 요청은 보내지 않았습니다.",
        ),
    }
}

fn stored(before: &Before<'_>, OffsetCommitted { group, client, partition, offset }: OffsetCommitted) -> Option<Told> {
    let commit = before.past.history.committed(group, partition, before.id);
    let was = commit.and_then(|commit| commit.offset);
    let mut args = vec![
        ("g", Arg::Group(group)),
        ("c", Arg::Client(client)),
        ("p", Arg::Partition(partition)),
        ("o", Arg::Number(offset)),
    ];
    let starts = text(
        "{o} is the next record to read: whoever owns {p} next starts there.",
        "{o:는} 다음에 읽을 레코드입니다. 다음 소유자는 여기서 시작합니다.",
    );
    let by = text("Asked for by {c}.", "요청한 클라이언트: {c}");
    let Some((was, commit)) = was.zip(commit) else {
        let happened = text(
            "Group {g} has **committed offset {o}** of {p}, its first there.",
            "그룹 {g:가} {p}의 **오프셋 {o:를} 커밋했습니다**. 첫 커밋입니다.",
        );
        return Some(told(&args, happened, starts, by));
    };
    args.extend([("was", Arg::Number(was)), ("when", before.when(commit.event)?), ("last", Arg::Number(was - 1))]);
    if offset < was {
        return Some(told(
            &args,
            text(
                "{c} **sets group {g} back** on {p}: from {was} to {o}.",
                "{c}의 커밋으로 그룹 {g}의 오프셋이 **되돌아갑니다**. {p}: {was} → {o}.",
            ),
            match was - offset {
                1 => text(
                    "It had {was} since {when}; who begins at {o} processes it a second time.",
                    "{when}에 {was}까지 커밋했습니다. {o}에서 시작하면 그 레코드를 두 번째로 처리합니다.",
                ),
                _ => text(
                    "It had {was} since {when}; who begins at {o} processes {o} to {last} a second time.",
                    "{when}에 {was}까지 커밋했습니다. {o}에서 시작하면 {o}부터 {last}까지 두 번째로 처리합니다.",
                ),
            },
            by,
        ));
    }
    let happened = match offset == was {
        true => text(
            "Group {g} has **committed offset {o}** of {p}, as before.",
            "그룹 {g:가} {p}의 **오프셋 {o:를} 커밋했습니다**. 이전과 같습니다.",
        ),
        false => text(
            "Group {g} has **committed offset {o}** of {p}; it was {was}, since {when}.",
            "그룹 {g:가} {p}의 **오프셋 {o:를} 커밋했습니다**. 이전 값 {was}({when}부터).",
        ),
    };
    Some(told(&args, happened, starts, by))
}
