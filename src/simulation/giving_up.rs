//! Every run ends: when a line of the script is given up, and the sentence that says what it waited for and since when.
//!
//! A line that waits for a condition has a deadline of its own. The others wait for what may never come: the return of
//! a call, an answer, something worth telling.

use super::driver::Doing;
use super::patience::{GivenUp, QUIET_MOVES, QUIET_MS, REFUSED_MS, SCRIPT_MOVES, end_of_time, grouped};
use super::process::Life;
use super::{CommandError, Simulation};
use crate::event::EventKind;
use crate::lang::{Sentence, both};

impl Simulation {
    /// After each move: whether the line that is played has waited too long.
    pub(super) fn watch_patience(&mut self) {
        // An attempt to connect is told, but as long as all of them fail nothing goes on.
        let (mut is_refused, mut is_telling) = (false, false);
        for event in &self.out.events {
            match event.kind {
                EventKind::ConnectionRefused { .. } => is_refused = true,
                kind => is_telling |= !kind.is_routine(),
            }
        }
        let now = self.now.at;
        self.driver.frozen_since = self.client_of_line().and_then(|client| {
            (client.life == Life::Paused).then(|| self.driver.frozen_since.map_or(now, |since| since.min(now)))
        });
        let driver = &mut self.driver;
        driver.moves += 1;
        driver.quiet_moves = if is_telling { 0 } else { driver.quiet_moves + 1 };
        if is_telling {
            driver.told_at = now;
        }
        driver.is_refused = is_refused || driver.is_refused && !is_telling;
        let has_deadline = !matches!(driver.doing, Doing::Task(_) | Doing::Admin | Doing::Stepping(_));
        let quiet_since = driver.told_at.max(driver.begun_at);
        if driver.moves >= SCRIPT_MOVES {
            self.give_up(&GivenUp::TooManyMoves);
        } else if driver.quiet_moves >= QUIET_MOVES {
            self.give_up(&GivenUp::QuietMoves);
        } else if !has_deadline && driver.is_refused && now >= quiet_since.plus_millis(REFUSED_MS) {
            self.give_up(&GivenUp::Refused(quiet_since));
        } else if !has_deadline && now >= quiet_since.plus_millis(QUIET_MS) {
            self.give_up(&GivenUp::QuietTime(quiet_since));
        }
    }

    /// The client that carries out the line, when it is one.
    fn client_of_line(&self) -> Option<&super::ClientProcess> {
        let Doing::Task(task) = self.driver.doing else { return None };
        self.clients.get(self.owners.client_of(task)?)
    }

    /// A client's process has ended: the line that it was to carry out will not be.
    pub(super) fn note_ended(&mut self, i: usize) {
        if let Doing::Task(task) = self.driver.doing
            && self.owners.client_of(task) == Some(i)
        {
            self.give_up(&GivenUp::ClientEnded);
        }
    }

    /// The line is not carried out, and neither are those behind it.
    pub(super) fn give_up(&mut self, why: &GivenUp) {
        let what = self.waited_for();
        let since = self.driver.begun_at;
        let reason = self.reason(why);
        self.stop_script(CommandError::new(
            format!("waited in vain since {since} ms for {}: {}", what.en, reason.en),
            format!("{since} ms부터 기다렸지만 이루어지지 않았습니다({}): {}", what.ko, reason.ko),
        ));
    }

    /// What the line that is played waits for.
    fn waited_for(&self) -> Sentence {
        match &self.driver.doing {
            Doing::Task(_) => {
                let name = self.client_of_line().map_or("", |client| &*client.recipe.name);
                both(format!("{name} to carry it out"), format!("{name}의 실행"))
            }
            Doing::Admin | Doing::Begun => both("the answer to the administrator", "관리자 요청의 응답"),
            Doing::Waiting { awaited, .. } => awaited.texts(),
            Doing::Sleeping(until) => both(format!("{until} ms"), format!("{until} ms 시점")),
            Doing::Stepping(left) => both(
                format!("{left} more {} worth telling", if *left == 1 { "move" } else { "moves" }),
                format!("알릴 만한 진행 {left}번"),
            ),
            Doing::Between(_) | Doing::Ended | Doing::Failed(_) | Doing::Full(_) => both("its turn", "차례"),
        }
    }

    fn reason(&self, why: &GivenUp) -> Sentence {
        let name = self.client_of_line().map_or("", |client| &*client.recipe.name);
        match why {
            GivenUp::NothingLeft => {
                both("nothing is left that could happen", "더 일어날 수 있는 일이 남아 있지 않습니다")
            }
            GivenUp::QuietMoves => both(
                format!("{} moves in a row had nothing worth telling", grouped(QUIET_MOVES)),
                format!("알릴 만한 일 없이 {}번 진행되었습니다", grouped(QUIET_MOVES)),
            ),
            GivenUp::QuietTime(since) => both(
                format!("in 30 days since {since} ms nothing worth telling has happened"),
                format!("{since} ms부터 30일 동안 알릴 만한 일이 없었습니다"),
            ),
            GivenUp::Refused(since) if self.brokers.iter().all(|broker| broker.life == Life::Gone) => both(
                format!("no broker can be reached, and in a day since {since} ms every attempt to connect has failed"),
                format!("연결할 수 있는 브로커가 없고, {since} ms부터 하루 동안 모든 연결 시도가 실패했습니다"),
            ),
            GivenUp::Refused(since) => both(
                format!("in a day since {since} ms nothing has happened but attempts to connect that failed"),
                format!("{since} ms부터 하루 동안 실패한 연결 시도 말고는 알릴 만한 일이 없었습니다"),
            ),
            GivenUp::TooManyMoves => both(
                format!("{} moves of the script were made", grouped(SCRIPT_MOVES)),
                format!("스크립트가 {}번 진행되었습니다", grouped(SCRIPT_MOVES)),
            ),
            GivenUp::Frozen => both(
                format!("{name} is frozen; `resume-process {name}` lets it go on"),
                format!("{name}: 멈춰 있습니다. 계속하게 하는 명령: `resume-process {name}`"),
            ),
            GivenUp::ClientEnded => both(
                format!("{name}'s process ended at {} ms", self.now.at),
                format!("{name}: 프로세스가 {} ms에 끝났습니다", self.now.at),
            ),
            GivenUp::EndOfTime => end_of_time(),
        }
    }
}
