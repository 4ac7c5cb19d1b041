//! When nothing happens for long: the page says until when, and leads there.

use partita::event::EventKind;
use partita::explain::decimal_ms;
use partita::lang::both;
use partita::simulation::{Progress, Sink};
use partita::time::Instant;
use partita::timeline::Flags;

use super::Session;
use super::notice::{About, NoticeDeed, PageNotice};
use super::run::{Run, WayGoal};
use crate::page::text::{Text, text};

/// Milliseconds of virtual time without anything to tell that are worth a notice.
const LONG_MS: u64 = 1_000;
/// Moves that are looked ahead: a few milliseconds of work, done when nobody waits for it.
const LOOK_AHEAD: u32 = 1_500;

/// What brings something to do, with the keys for it.
pub(super) const NEEDS: Text = text(
    "Send a record (N), let a consumer poll (T), add a client (A), or break something (B).",
    "레코드 보내기(N), 컨슈머의 poll 호출(T), 클라이언트 추가(A), 고장 내기(B)를 해 보십시오.",
);

/// What comes when nothing is to be told for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ahead {
    /// The next thing worth telling.
    Telling(Instant),
    /// Nothing but routine, as far as was looked; a heartbeat is answered then.
    Heartbeat(Instant),
    Routine,
}

impl Session {
    /// Says so when the run is idle here. Called when the page is at rest after a step.
    pub(super) fn look_ahead(self) {
        let Some(ahead) = self.with_run(|run| ahead(run)) else { return };
        let strong = both("Nothing left to do.", "당장 할 일이 없습니다.");
        let at = |at: Instant| decimal_ms(at.micros());
        let (en, ko) = match ahead {
            Ahead::Telling(then) => (
                format!("The run is idle until something happens at {}.", at(then)),
                format!("다음 일이 일어나는 시각까지 실행이 쉽니다: {}.", at(then)),
            ),
            Ahead::Heartbeat(then) => (
                format!("The run is idle; the next heartbeat is answered at {}.", at(then)),
                format!("실행이 쉬고 있습니다. 다음 하트비트 응답: {}.", at(then)),
            ),
            Ahead::Routine => (
                "Only routine goes on: empty polls and fetches.".to_owned(),
                "빈 poll과 fetch 같은 일상적인 일만 이어집니다.".to_owned(),
            ),
        };
        let sentence = both(format!("{en} {}", NEEDS.en), format!("{ko} {}", NEEDS.ko));
        let notice = PageNotice::new(About::Idle, "clock", strong, sentence);
        self.tell(match ahead {
            Ahead::Routine => notice,
            Ahead::Telling(_) | Ahead::Heartbeat(_) => notice.with(NoticeDeed::Next, both("Go there", "그때로 가기")),
        });
    }

    /// To what the notice named.
    pub(super) fn go_past_idle(self) {
        match self.with_run(|run| ahead(run)) {
            Some(Ahead::Heartbeat(then)) => self.go_to_instant(then),
            _ => self.go(WayGoal::Tellings(1)),
        }
    }
}

/// What comes next, if it comes late.
fn ahead(run: &Run) -> Option<Ahead> {
    let timeline = &run.timeline;
    let now = timeline.simulation().now().at;
    let late = now.plus_millis(LONG_MS);
    if let Some(number) = timeline.moves().find(timeline.position(), Flags::TELLING, true) {
        let at = timeline.moves().at(number);
        return (at > late).then_some(Ahead::Telling(at));
    }
    let has_commands = timeline.branch().commands().iter().any(|placed| placed.anchor.at > now);
    if has_commands || matches!(timeline.simulation().progress(), Progress::Playing(_)) {
        return None;
    }
    let mut simulation = timeline.simulation().clone();
    let (mut sink, mut heartbeat) = (Sink::default(), None);
    for _ in 0..LOOK_AHEAD {
        sink.events.clear();
        sink.observations.clear();
        // When nothing is scheduled at all, a step says so.
        if !simulation.step(&mut sink) {
            return None;
        }
        let at = simulation.now().at;
        if sink.events.iter().any(|event| !event.kind.is_routine()) {
            return (at > late).then_some(Ahead::Telling(at));
        }
        let is_heartbeat = |kind: &EventKind| matches!(kind, EventKind::HeartbeatAnswered { .. });
        if heartbeat.is_none() && at > late && sink.events.iter().any(|event| is_heartbeat(&event.kind)) {
            heartbeat = Some(at);
        }
    }
    (simulation.now().at > late).then_some(heartbeat.map_or(Ahead::Routine, Ahead::Heartbeat))
}
