//! Where a consumer begins to read, and why there.

use super::super::template::{Arg, NONE, Told, told};
use crate::event::consumer::PositionSet;
use crate::event::{PositionWhy, ResetWhy};
use crate::lang::{Text, text};

pub(super) fn position_set(PositionSet { client, partition, offset, why }: PositionSet) -> Told {
    let (meaning, reason) = because(why, offset);
    let mut args =
        vec![("c", Arg::Client(client)), ("p", Arg::Partition(partition)), ("o", Arg::Number(offset.cast_signed()))];
    args.extend(goes_to(why).map(|place| ("to", Arg::Said(place))));
    let happened = text("{c} will read {p} from offset {o}.", "{c:가} {p:를} 오프셋 {o}부터 읽습니다.");
    told(&args, happened, meaning, reason)
}

/// Where a reset leads.
const fn goes_to(why: PositionWhy) -> Option<Text> {
    match why {
        PositionWhy::Earliest(_) => Some(Text { en: "the beginning", ko: "처음" }),
        PositionWhy::Latest(_) => Some(Text { en: "the end", ko: "끝" }),
        PositionWhy::ByDuration(_) => {
            Some(Text { en: "the start of its by_duration span", ko: "by_duration 기간의 시작" })
        }
        PositionWhy::Committed | PositionWhy::Seek | PositionWhy::Diverged => None,
    }
}

fn because(why: PositionWhy, offset: u64) -> (Text, Text) {
    match why {
        PositionWhy::Committed => (
            text("Its group had committed this offset.", "그룹이 커밋해 둔 오프셋입니다."),
            text("The group is {$group.id}.", "그룹: {$group.id}"),
        ),
        PositionWhy::Latest(why @ (ResetWhy::NothingCommitted | ResetWhy::NoGroup)) => {
            (at_the_end(why, offset), reset_by(why))
        }
        PositionWhy::Earliest(why) | PositionWhy::Latest(why) | PositionWhy::ByDuration(why) => {
            (reset_because(why), reset_by(why))
        }
        PositionWhy::Seek => (text("Its program asked for this place.", "프로그램이 이 위치를 정했습니다."), NONE),
        PositionWhy::Diverged => (
            text(
                "The log ends earlier than it had read: a tail was lost.",
                "읽은 곳보다 로그가 먼저 끝납니다. 뒷부분이 사라졌습니다.",
            ),
            text("Otherwise {$auto.offset.reset} decides.", "그 밖의 경우: {$auto.offset.reset}"),
        ),
    }
}

const fn reset_because(why: ResetWhy) -> Text {
    match why {
        ResetWhy::NothingCommitted => text(
            "Its group has committed nothing here, so it starts at {to}.",
            "그룹이 커밋한 것이 없어 {to}부터 시작합니다.",
        ),
        ResetWhy::NoGroup => text(
            "It has no group that could have committed, so it starts at {to}.",
            "커밋해 둘 그룹이 없어 {to}부터 시작합니다.",
        ),
        ResetWhy::OutOfRange => text(
            "The log has no such offset as it wanted, so it goes to {to}.",
            "읽으려던 오프셋이 로그에 없어 {to:로} 갑니다.",
        ),
        ResetWhy::Asked => text("Its program asked for {to}.", "프로그램이 {to:로} 가라고 했습니다."),
        ResetWhy::Diverged => text(
            "The log's past differs from what it read, so it goes to {to}.",
            "읽은 것과 로그의 과거가 달라 {to:로} 갑니다.",
        ),
    }
}

/// Who starts at the end does not read what lies before, if anything does.
const fn at_the_end(why: ResetWhy, offset: u64) -> Text {
    match (why, offset) {
        (ResetWhy::NoGroup, 0) => text(
            "Without a group nothing is committed: it starts at {to}; nothing has been written yet.",
            "그룹이 없어 커밋도 없으므로 {to}부터 시작합니다. 아직 쓰인 레코드가 없습니다.",
        ),
        (ResetWhy::NoGroup, _) => text(
            "Without a group nothing is committed: it starts at {to}, and skips what came before.",
            "그룹이 없어 커밋도 없으므로 {to}부터 시작합니다. 그 앞의 레코드는 읽지 않습니다.",
        ),
        (_, 0) => text(
            "Its group has committed nothing here, so it starts at {to}; nothing has been written yet.",
            "그룹이 커밋한 것이 없어 {to}부터 시작합니다. 아직 쓰인 레코드가 없습니다.",
        ),
        _ => text(
            "Its group has committed nothing here, so it starts at {to}, and skips what came before.",
            "그룹이 커밋한 것이 없어 {to}부터 시작합니다. 그 앞의 레코드는 읽지 않습니다.",
        ),
    }
}

/// A reset that the program did not ask for is decided by a setting.
const fn reset_by(why: ResetWhy) -> Text {
    match why {
        ResetWhy::Asked => NONE,
        _ => text("Because {$auto.offset.reset}.", "원인: {$auto.offset.reset}"),
    }
}
