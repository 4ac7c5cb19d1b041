//! Where a consumer begins to read, and why there.

use super::super::template::{Arg, NONE, Told, told};
use crate::event::consumer::PositionSet;
use crate::event::{PositionWhy, ResetWhy};
use crate::lang::{Text, text};

pub(super) fn position_set(PositionSet { client, partition, offset, why }: PositionSet) -> Told {
    let (meaning, reason) = position_because(why, offset);
    told(
        &[("c", Arg::Client(client)), ("p", Arg::Partition(partition)), ("o", Arg::Number(offset.cast_signed()))],
        text("{c} will read {p} from offset {o}.", "{c:가} {p:를} 오프셋 {o}부터 읽습니다."),
        meaning,
        reason,
    )
}

fn position_because(why: PositionWhy, offset: u64) -> (Text, Text) {
    match why {
        PositionWhy::Committed => (
            text("Its group had committed this offset.", "그룹이 커밋해 둔 오프셋입니다."),
            text("The group is {$group.id}.", "그룹: {$group.id}"),
        ),
        PositionWhy::Earliest(why) => (
            match why {
                ResetWhy::NothingCommitted => text(
                    "Its group has committed nothing here, so it starts at the beginning.",
                    "그룹이 커밋한 것이 없어 처음부터 시작합니다.",
                ),
                ResetWhy::NoGroup => text(
                    "It has no group that could have committed, so it starts at the beginning.",
                    "커밋해 둘 그룹이 없어 처음부터 시작합니다.",
                ),
                ResetWhy::OutOfRange => text(
                    "The log has no such offset as it wanted, so it goes to the beginning.",
                    "읽으려던 오프셋이 로그에 없어 처음으로 갑니다.",
                ),
                ResetWhy::Asked => text("Its program asked for the beginning.", "프로그램이 처음으로 가라고 했습니다."),
                ResetWhy::Diverged => text(
                    "The log's past differs from what it read, so it goes to the beginning.",
                    "읽은 것과 로그의 과거가 달라 처음으로 갑니다.",
                ),
            },
            reset_by(why),
        ),
        PositionWhy::Latest(why) => (
            match why {
                ResetWhy::NothingCommitted if offset == 0 => text(
                    "Its group has committed nothing here, so it starts at the end; nothing has been written yet.",
                    "그룹이 커밋한 것이 없어 끝에서 시작합니다. 아직 쓰인 레코드가 없습니다.",
                ),
                ResetWhy::NothingCommitted => text(
                    "Its group has committed nothing here, so it starts at the end: what lies before is not its.",
                    "그룹이 커밋한 것이 없어 끝에서 시작합니다. 그 앞의 레코드는 이 그룹이 읽지 않습니다.",
                ),
                ResetWhy::NoGroup if offset == 0 => text(
                    "Without a group nothing is committed: it starts at the end; nothing has been written yet.",
                    "그룹이 없어 커밋도 없으므로 끝에서 시작합니다. 아직 쓰인 레코드가 없습니다.",
                ),
                ResetWhy::NoGroup => text(
                    "Without a group nothing is committed: it starts at the end and does not read what lies before.",
                    "그룹이 없어 커밋도 없으므로 끝에서 시작합니다. 그 앞의 레코드는 읽지 않습니다.",
                ),
                ResetWhy::OutOfRange => text(
                    "The log has no such offset as it wanted, so it goes to the end.",
                    "읽으려던 오프셋이 로그에 없어 끝으로 갑니다.",
                ),
                ResetWhy::Asked => text("Its program asked for the end.", "프로그램이 끝으로 가라고 했습니다."),
                ResetWhy::Diverged => text(
                    "The log's past differs from what it read, so it goes to the end.",
                    "읽은 것과 로그의 과거가 달라 끝으로 갑니다.",
                ),
            },
            reset_by(why),
        ),
        PositionWhy::ByDuration(why) => (
            match why {
                ResetWhy::NothingCommitted => text(
                    "Its group has committed nothing here, so it goes back by a length of time.",
                    "그룹이 커밋한 것이 없어 정해진 시간만큼 이전에서 시작합니다.",
                ),
                ResetWhy::NoGroup => text(
                    "It has no group that could have committed, so it goes back by a length of time.",
                    "커밋해 둘 그룹이 없어 정해진 시간만큼 이전에서 시작합니다.",
                ),
                ResetWhy::OutOfRange => text(
                    "The log has no such offset as it wanted, so it goes back by a length of time.",
                    "읽으려던 오프셋이 로그에 없어 정해진 시간만큼 이전으로 되돌아갑니다.",
                ),
                ResetWhy::Asked => text("Its program asked for this place.", "프로그램이 이 위치를 정했습니다."),
                ResetWhy::Diverged => text(
                    "The log's past differs from what it read, so it goes back by a length of time.",
                    "읽은 것과 로그의 과거가 달라 정해진 시간만큼 이전으로 되돌아갑니다.",
                ),
            },
            reset_by(why),
        ),
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

/// A reset that the program did not ask for is decided by a setting.
const fn reset_by(why: ResetWhy) -> Text {
    match why {
        ResetWhy::Asked => NONE,
        _ => text("Because {$auto.offset.reset}.", "원인: {$auto.offset.reset}"),
    }
}
