//! What comes a second time: records that a group had processed before, and where that comes from.

use super::super::context::Before;
use super::super::template::{Arg, Told, told};
use crate::event::consumer::{ConsumerEvent, PositionSet, RecordsReturned};
use crate::event::program::{ProgramEvent, RecordsProcessed};
use crate::event::{MemberGone, PositionWhy, ResetWhy};
use crate::ids::{ClientId, EventId, PartitionNo};
use crate::invariant::{GoneHow, Taken};
use crate::lang::{Text, text};

type Args = Vec<(&'static str, Arg)>;

impl Before<'_> {
    /// An event that is known, as a link with its time.
    pub(super) fn when(&self, event: EventId) -> Option<Arg> {
        Some(Arg::When(event, self.past.times.of(event)?))
    }
}

pub(super) fn of_program(before: &Before<'_>, event: ProgramEvent) -> Option<Told> {
    match event {
        ProgramEvent::RecordsProcessed(of) => processed(before, of),
        ProgramEvent::CallStarted(_) | ProgramEvent::CallReturned(_) => None,
    }
}

pub(super) fn of_consumer(before: &Before<'_>, event: ConsumerEvent) -> Option<Told> {
    match event {
        ConsumerEvent::RecordsReturned(of) => returned(before, of),
        ConsumerEvent::PositionSet(of) => begun(before, of).or_else(|| out_of_range(before, of)),
        _ => None,
    }
}

/// The offsets of a range that a consumer's group had processed before.
struct Repeated {
    /// The first of them, how often it had been processed, and by whom last.
    offset: u64,
    times: u64,
    last: Taken,
    /// How many there are.
    count: u64,
}

fn repeated(before: &Before<'_>, client: ClientId, partition: PartitionNo, first: u64, end: u64) -> Option<Repeated> {
    let history = before.past.history;
    let again = history.never_processed(client, partition, (first, end), before.id).gaps(first, end);
    let (offset, _) = *again.first()?;
    let takings = history.processed(client, partition, offset, before.id);
    let (times, last) = takings.fold((0, None), |(times, _), taken| (times + 1, Some(taken)));
    Some(Repeated { offset, times, last: last?, count: again.iter().map(|(from, to)| to - from).sum() })
}

fn processed(before: &Before<'_>, of: RecordsProcessed) -> Option<Told> {
    let RecordsProcessed { client, partition, first, last, count } = of;
    let again = repeated(before, client, partition, first, last + 1)?;
    let (meaning, mut args) = because(before, client, partition, &again)?;
    args.extend([
        ("at", Arg::At(partition, again.offset.cast_signed())),
        ("p", Arg::Partition(partition)),
        ("r", Arg::Records(count.into())),
        ("m", Arg::Count(again.count)),
        ("times", Arg::Times(again.times + 1)),
    ]);
    let meaning = match of.first.checked_sub(1).filter(|_| count == 1) {
        Some(offset) if came_again(before, client, partition, offset, again.last.client) => {
            args.push(("prev", Arg::At(partition, offset.cast_signed())));
            text("It comes again for the same reason as {prev}.", "{prev:와} 같은 이유로 다시 처리됩니다.")
        }
        _ => meaning,
    };
    let happened = if count == 1 {
        text(
            "{c} has processed {at} **for the {times} time**: {b} had done it at {when}.",
            "{at:이} **{times:로}** 처리되었습니다. 이번에는 {c:가} 처리했습니다.",
        )
    } else {
        text(
            "{c} has processed {r} of {p}, {m} of them **again**: {b} had done {at} at {when}.",
            "{c:가} {p}의 {r:을} 처리했습니다. 그중 {m}건은 **다시** 처리한 것입니다({at}부터).",
        )
    };
    Some(told(
        &args,
        happened,
        meaning,
        text("Automatic commit: {$enable.auto.commit}.", "자동 커밋: {$enable.auto.commit}"),
    ))
}

/// Whether a consumer has processed an offset since it began there, which another had processed before.
fn came_again(before: &Before<'_>, client: ClientId, partition: PartitionNo, offset: u64, other: ClientId) -> bool {
    let history = before.past.history;
    let since = history.begun(client, partition, before.id).map_or(EventId::NONE, |begun| begun.event);
    let all: Vec<Taken> = history.processed(client, partition, offset, before.id).collect();
    matches!(&*all, [.., first, last] if last.client == client && last.event > since && first.client == other)
}

fn returned(before: &Before<'_>, of: RecordsReturned) -> Option<Told> {
    let RecordsReturned { client, partition, first, position, count } = of;
    let again = repeated(before, client, partition, first, position)?;
    let (meaning, mut args) = because(before, client, partition, &again)?;
    args.extend([
        ("from", Arg::At(partition, first.cast_signed())),
        ("at", Arg::At(partition, again.offset.cast_signed())),
        ("r", Arg::Records(count.into())),
        ("m", Arg::Count(again.count)),
        ("times", Arg::Times(again.times + 1)),
    ]);
    let has_begun_since =
        before.past.history.begun(client, partition, before.id).is_some_and(|begun| begun.event > again.last.event);
    let meaning = match has_begun_since && !args.iter().any(|(name, _)| *name == "set") {
        true => text(
            "{c} began where its group stood: {was}. What {b} had done beyond that comes again.",
            "{c:는} 그룹이 커밋해 둔 곳에서 시작했습니다. {was}. {b:가} 그 뒤로 처리한 것은 다시 옵니다.",
        ),
        false => meaning,
    };
    let happened = if count == 1 {
        text(
            "{c} takes up {at} **for the {times} time**: {b} had done it at {when}.",
            "{c:가} {at:을} 받습니다. 그룹에서 **{times:로}** 읽는 레코드입니다.",
        )
    } else {
        text(
            "{c} takes up {r} from {from}, {m} of them **again**: {b} had done {at} at {when}.",
            "{c:가} {from}부터 {r:을} 받습니다. 그중 {m}건은 **이미 처리된 것**입니다({at}부터).",
        )
    };
    Some(told(&args, happened, meaning, text("At most {$max.poll.records} a poll.", "한도: {$max.poll.records}")))
}

/// Why a record comes again: what became of who had processed it, and where the group went on.
fn because(before: &Before<'_>, client: ClientId, partition: PartitionNo, again: &Repeated) -> Option<(Text, Args)> {
    let (history, last) = (before.past.history, &again.last);
    let mut args =
        vec![("c", Arg::Client(client)), ("b", Arg::Former(last.client)), ("when", before.when(last.event)?)];
    let begun = history.begun(client, partition, before.id);
    let group = history.group_of(client);
    let was = begun.zip(group).and_then(|(begun, group)| history.committed(group, partition, begun.event));
    let was = was.and_then(|was| Some((was.offset?, was.event)));
    args.push(("was", Arg::Was(was)));
    let set_back = group.zip(was).and_then(|(group, (offset, event))| {
        let (past, _) = history.committed_past(group, partition, again.offset, last.event, event)?;
        args.extend([("n", Arg::Number(past.offset?)), ("o", Arg::Number(offset))]);
        args.push(("set", before.when(event)?));
        Some(())
    });
    if set_back.is_some() {
        return Some((
            text(
                "The group had {n} committed and was set back to {o} at {set}: {c} began there.",
                "{b:가} {when}에 처리했습니다. 그룹의 오프셋은 {set}에 {n}에서 {o:로} 되돌아갔습니다.",
            ),
            args,
        ));
    }
    if let Some(late) = late(before, client, partition, again, &mut args) {
        return Some((late, args));
    }
    let gone = history.gone(last.client).filter(|gone| gone.event < before.id);
    let removed = group.and_then(|group| history.removed(group, last.client, last.event, before.id));
    let meaning = match (gone, removed) {
        (Some(gone), removed)
            if removed.is_none_or(|removed| gone.event < removed.event || removed.why == MemberGone::Left) =>
        {
            args.push(("gone", before.when(gone.event)?));
            gone_because(gone.how)
        }
        (_, Some(removed)) => {
            args.push(("gone", before.when(removed.event)?));
            removed_because(removed.why)
        }
        _ => text(
            "{b} had not committed it: {was}, so {c} began there.",
            "{b:가} {when}에 처리했으나 커밋하지 않았습니다. {was}.",
        ),
    };
    Some((meaning, args))
}

const fn removed_because(why: MemberGone) -> Text {
    match why {
        MemberGone::Left => text(
            "{b} left the group at {gone}, without a commit of it; {was}, so {c} began there.",
            "{b:가} {when}에 처리했으나 커밋하지 않고 {gone}에 그룹에서 나갔습니다. {was}.",
        ),
        _ => text(
            "{b} was removed from the group at {gone}, before its commit; {was}, so {c} began there.",
            "{b:가} {when}에 처리했으나 커밋 전 {gone}에 그룹에서 제외되었습니다. {was}.",
        ),
    }
}

/// A record that a consumer had taken up before another of its group processed it: it only now is done with it.
fn late(
    before: &Before<'_>,
    client: ClientId,
    partition: PartitionNo,
    again: &Repeated,
    args: &mut Args,
) -> Option<Text> {
    let (history, last) = (before.past.history, &again.last);
    let mine =
        history.polled(client, partition, again.offset, before.id).filter(|taken| taken.client == client).last()?;
    if mine.event > last.event || last.client == client {
        return None;
    }
    args.push(("taken", before.when(mine.event)?));
    let group = history.group_of(client)?;
    let removed = history.removed(group, client, mine.event, before.id)?;
    args.push(("gone", before.when(removed.event)?));
    Some(match removed.why {
        MemberGone::Left => text(
            "{c} had taken it up at {taken} and left the group at {gone}; {b} got the partition.",
            "{c:는} 이것을 {taken}에 받고 {gone}에 그룹에서 나갔습니다. 파티션을 넘겨받은 {b:가} {when}에 먼저 처리했습니다.",
        ),
        _ if history.has_heard(client, removed.event, before.id) => text(
            "{c} had taken it up at {taken} and was removed at {gone}; {b} got the partition.",
            "{c:는} 이것을 {taken}에 받고 {gone}에 그룹에서 제외되었습니다. 파티션을 넘겨받은 {b:가} {when}에 먼저 처리했습니다.",
        ),
        _ => text(
            "{c} had taken it up at {taken} and was removed at {gone}, unaware; {b} got the partition.",
            "{c:는} 이것을 {taken}에 받고, {gone}에 제외된 것을 모릅니다. 파티션을 넘겨받은 {b:가} {when}에 먼저 처리했습니다.",
        ),
    })
}

const fn gone_because(how: GoneHow) -> Text {
    match how {
        GoneHow::Killed => text(
            "{b} was killed at {gone}, before its commit; {was}, so {c} began there.",
            "{b:가} {when}에 처리했으나 커밋 전 {gone}에 강제 종료되었습니다. {was}.",
        ),
        GoneHow::Exited => text(
            "{b}'s program ended at {gone}, without a commit of it; {was}, so {c} began there.",
            "{b:가} {when}에 처리했으나 커밋하지 않고 {gone}에 프로그램이 끝났습니다. {was}.",
        ),
        GoneHow::Closed => text(
            "{b} was closed at {gone}, without a commit of it; {was}, so {c} began there.",
            "{b:가} {when}에 처리했으나 커밋하지 않고 {gone}에 닫혔습니다. {was}.",
        ),
    }
}

/// A position that comes from a commit: whose it was, and when.
fn begun(before: &Before<'_>, of: PositionSet) -> Option<Told> {
    if of.why != PositionWhy::Committed {
        return None;
    }
    let history = before.past.history;
    let group = history.group_of(of.client)?;
    let commit = history.committed(group, of.partition, before.id)?;
    if commit.offset != Some(of.offset.cast_signed()) {
        return None;
    }
    let args = [
        ("c", Arg::Client(of.client)),
        ("p", Arg::Partition(of.partition)),
        ("o", Arg::Number(of.offset.cast_signed())),
        ("b", Arg::Former(commit.client)),
        ("when", before.when(commit.event)?),
    ];
    Some(told(
        &args,
        text("{c} will read {p} from offset {o}.", "{c:가} {p:를} 오프셋 {o}부터 읽습니다."),
        if commit.client == of.client {
            text("It had committed this offset itself, at {when}.", "자신이 {when}에 커밋한 오프셋입니다.")
        } else {
            text(
                "{b} had committed this offset for the group at {when}.",
                "{b:가} {when}에 그룹의 오프셋으로 커밋했습니다.",
            )
        },
        text("The group is {$group.id}.", "그룹: {$group.id}"),
    ))
}

/// What the log did not have is known from what the consumer read before.
fn out_of_range(before: &Before<'_>, of: PositionSet) -> Option<Told> {
    let (PositionWhy::Earliest(why) | PositionWhy::Latest(why) | PositionWhy::ByDuration(why)) = of.why else {
        return None;
    };
    let begun =
        before.past.history.begun(of.client, of.partition, before.id).filter(|_| why == ResetWhy::OutOfRange)?;
    let read = before.past.history.read_to(of.client, of.partition, begun.event, before.id);
    let mut told = super::positions::position_set(of);
    told.args.push(("w", Arg::Number(read.unwrap_or(begun.offset).cast_signed())));
    told.meaning = text(
        "It wanted offset {w}, which the log does not have, so it goes to {to}.",
        "읽으려던 오프셋 {w:이} 로그에 없어 {to:로} 갑니다.",
    );
    Some(told)
}
