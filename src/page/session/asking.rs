//! What a way says of itself: that it has become long, what it looks for, and whether to go on; or what it has passed.

use partita::explain::decimal_ms;
use partita::lang::{Sentence, both, grouped};
use partita::script::MAX_RUN_MOVES;
use partita::time::Instant;

use super::notice::{About, NoticeDeed, PageNotice};
use super::run::WayGoal;

/// Many moves were computed, up to this instant, and the run holds so many: shall it go on?
pub(super) fn question(goal: WayGoal, now: Instant, held: u64) -> PageNotice {
    let strong = both("2,000,000 moves were computed.", "이동 2,000,000개를 계산했습니다.");
    let Sentence { en, ko } = looked_for(goal, &decimal_ms(now.micros()));
    let (held, most) = (grouped(held), grouped(MAX_RUN_MOVES));
    let Sentence { en, ko } = match goal.is_looked_for() {
        true => both(format!("{en} The same key goes on."), format!("{ko} 같은 키를 누르면 계속합니다.")),
        false => both(en, ko),
    };
    let text = both(
        format!("{en} The run holds {held} moves, of at most {most}."),
        format!("{ko} 실행에 보관된 이동은 {held}개이며, 최대 {most}개입니다."),
    );
    PageNotice::new(About::Going, "clock", strong, text).with(NoticeDeed::GoOn, both("Go on", "계속"))
}

/// That what one looks for has not come.
fn looked_for(goal: WayGoal, now: &str) -> Sentence {
    match goal {
        WayGoal::Step => both("No further step is among them.", "그 안에 다음 스텝이 없습니다."),
        WayGoal::Chapter => {
            both("The next chapter does not begin in them.", "다음 챕터가 그 안에서 시작되지 않습니다.")
        }
        WayGoal::ChapterOf(number) => both(
            format!("Chapter {number} does not begin in them."),
            format!("챕터 {number}: 그 안에서 시작되지 않습니다."),
        ),
        WayGoal::StepOf(number) => {
            let number = grouped(number);
            both(format!("Step {number} is not among them."), format!("스텝 {number}: 그 안에 없습니다."))
        }
        WayGoal::Instant(at) => {
            let at = decimal_ms(at.micros());
            both(
                format!("You go to {at} ms, and the run has come to {now} ms."),
                format!("가려는 시각은 {at} ms, 지금까지 온 시각은 {now} ms입니다."),
            )
        }
        WayGoal::Place(place) => {
            let at = decimal_ms(place.at.micros());
            both(
                format!("You stood at {at} ms, and the run has come to {now} ms."),
                format!("서 있던 자리는 {at} ms, 지금까지 온 시각은 {now} ms입니다."),
            )
        }
        WayGoal::Mark => both("No fault and no alarm is among them.", "그 안에 고장이나 경보가 없습니다."),
        WayGoal::Stage => both(
            "The followed record comes into no further stage in them.",
            "따라가는 레코드가 그 안에서 다음 단계로 가지 않습니다.",
        ),
        WayGoal::Alike => both("The step at which you stood is not among them.", "서 있던 스텝이 그 안에 없습니다."),
        WayGoal::Pasted => {
            both("None of the pasted lines runs in them.", "붙여 넣은 코드의 줄이 그 안에서 실행되지 않습니다.")
        }
    }
}

/// So many steps lie between a change and where the pasted program begins; the first is in this move.
pub(super) fn passed(count: u64, first: u64, at: Instant) -> PageNotice {
    let (at, number) = (decimal_ms(at.micros()), grouped(count));
    let steps = if count == 1 { "step" } else { "steps" };
    let strong = both("Here the pasted program begins.", "여기서 붙여 넣은 프로그램이 시작됩니다.");
    let text = both(
        format!("What happened before, from {at} on, is {number} {steps}."),
        format!("그 앞에 {at}부터 스텝 {number}개가 있습니다."),
    );
    let label = both("Go to the first", "첫 스텝으로 가기");
    PageNotice::new(About::Passed, "hint", strong, text).with(NoticeDeed::GoTo(first), label)
}
