//! Every run ends: when a line of the script is given up, and the sentence that says what it waited for and since when.
//!
//! A line that waits for a condition has a deadline of its own. The others wait for what may never come: the return of
//! a call, an answer, something worth telling.

use std::sync::Arc;

use super::driver::Doing;
use super::patience::{GivenUp, QUIET_MOVES, REFUSED_MS, end_of_time, in_vain, instant, without_a_pause};
use super::{ClientNode, ClientProcess, CommandError, Simulation};
use crate::cluster::Life;
use crate::event::EventKind;
use crate::lang::{Sentence, both, grouped};
use crate::script::{Call, MAX_MOVES, MAX_MS, PollGoal, Statement, Wait};
use crate::time::Instant;

impl Simulation {
    /// After each move: whether the line that is played has waited too long.
    pub(super) fn watch_patience(&mut self) {
        // An attempt to connect is told, but as long as all of them fail nothing goes on.
        let (mut is_refused, mut is_telling) = (false, false);
        for event in &self.out.events {
            match event.kind {
                EventKind::ConnectionRefused { .. } => is_refused = true,
                // Each move comes by here: what is known is not asked again.
                kind => is_telling = is_telling || !kind.is_routine(),
            }
        }
        let now = self.clock.at();
        let driver = &mut self.driver;
        driver.moves += 1;
        driver.quiet_moves = if is_telling { 0 } else { driver.quiet_moves + 1 };
        if is_telling {
            driver.told_at = now;
        }
        driver.is_refused = is_refused || driver.is_refused && !is_telling;
        let quiet_since = driver.told_at.max(driver.begun_at);
        if driver.moves >= MAX_MOVES {
            self.give_up(&GivenUp::TooManyMoves);
        } else if matches!(driver.doing, Doing::Task(_) | Doing::Admin | Doing::Stepping(_)) {
            self.watch_quiet(quiet_since);
        }
    }

    /// Of a line that waits for no instant: whether it has waited too long, while nothing worth telling happens since then.
    fn watch_quiet(&mut self, since: Instant) {
        let (now, driver) = (self.clock.at(), &self.driver);
        let moves = driver.quiet_moves;
        let is_refused = driver.is_refused && now >= since.plus_millis(REFUSED_MS);
        if now >= since.plus_millis(MAX_MS) {
            self.give_up(&GivenUp::QuietTime(since));
        } else if is_refused || moves >= QUIET_MOVES {
            let stated_ms = self.stated_ms();
            if now < since.plus_millis(stated_ms) {
                return;
            }
            match is_refused {
                true => self.give_up(&GivenUp::Refused { since, ms: REFUSED_MS.max(stated_ms) }),
                false => self.give_up(&GivenUp::QuietMoves(moves)),
            }
        }
    }

    /// Milliseconds that the line is waited for because it says so: its own timeout and those of its client, and a minute in
    /// which the call returns.
    fn stated_ms(&self) -> u64 {
        let stated = self.driver.line().and_then(|line| stated_ms(&line.statement)).unwrap_or(0);
        let own = self.client_of_line().map_or(0, |client| match &client.node {
            ClientNode::Producer(producer) => {
                let config = producer.config();
                // A record waits for room, then for its delivery.
                config.max_block_ms.saturating_add(i64::from(config.delivery_timeout_ms)).cast_unsigned()
            }
            ClientNode::Consumer(consumer) => consumer.settings().default_api_timeout_ms,
        });
        stated.max(own).saturating_add(60_000).min(MAX_MS)
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

    /// After each move, a script's or not: whether a client does without a pause what an interval of 0 ms does not keep
    /// apart. Nothing happens any more then, lest the run make millions of moves and no time pass.
    pub(super) fn watch_pace(&mut self) {
        let Some((client, what)) = self.out.paced else { return };
        self.repeats.count(client, what, self.clock.at());
        if !self.repeats.is_too_many() || self.full.is_some() {
            return;
        }
        let why = CommandError::named(without_a_pause(&self.clients[usize::from(client.0) - 1].recipe.name, what));
        self.full = Some(Arc::new(why.clone()));
        self.stop_for(why);
    }

    /// How long the line that is played waits for its frozen client: as long as a `wait` does.
    pub(super) fn frozen_until(&self) -> Option<Instant> {
        let client = self.client_of_line().filter(|client| client.life == Life::Paused)?;
        Some(client.stands_since.max(self.driver.begun_at).plus_millis(Wait::DEFAULT_TIMEOUT_MS))
    }

    /// The line is not carried out, and neither are those behind it.
    pub(super) fn give_up(&mut self, why: &GivenUp) {
        let Sentence { en, ko } = self.reason(why);
        self.stop_for(CommandError::new(en, ko));
    }

    /// The line that is under way waits in vain; where none is, none is to blame.
    fn stop_for(&mut self, why: CommandError) {
        match self.waited_for() {
            Some(what) => self.stop_script(in_vain(&what, self.driver.begun_at, Some(why.why))),
            None => self.stop_run(why),
        }
    }

    /// What the line that is played waits for; none where no line is under way.
    fn waited_for(&self) -> Option<Sentence> {
        Some(match &self.driver.doing {
            Doing::Task(_) => {
                let name = self.client_of_line().map_or("", |client| &*client.recipe.name);
                both(format!("{name} to carry it out"), format!("{name}의 실행"))
            }
            Doing::Admin | Doing::Begun => both("the answer to the administrator", "관리자 요청의 응답"),
            Doing::Waiting { awaited, .. } => awaited.texts(),
            Doing::Sleeping(until) => {
                let until = instant(*until);
                both(format!("the instant {until}"), format!("{until} 시점"))
            }
            Doing::Stepping(left) => both(
                format!("{left} more {} worth telling", if *left == 1 { "move" } else { "moves" }),
                format!("알릴 만한 진행 {left}번"),
            ),
            Doing::Between(_) | Doing::Ended | Doing::Failed(_) | Doing::Full(_) => return None,
        })
    }

    fn reason(&self, why: &GivenUp) -> Sentence {
        match why {
            GivenUp::NothingLeft => {
                both("nothing is left that could happen", "더 일어날 수 있는 일이 남아 있지 않습니다")
            }
            GivenUp::QuietMoves(moves) => both(
                format!("{} moves in a row had nothing worth telling", grouped(*moves)),
                format!("알릴 만한 일 없이 {}번 진행되었습니다", grouped(*moves)),
            ),
            GivenUp::QuietTime(since) => {
                let since = instant(*since);
                both(
                    format!("in 30 days since {since} nothing worth telling has happened"),
                    format!("{since}부터 30일 동안 알릴 만한 일이 없었습니다"),
                )
            }
            GivenUp::Refused { since, ms } => self.refused(*since, *ms),
            GivenUp::TooManyMoves => both(
                format!("{} moves of the script were made", grouped(MAX_MOVES)),
                format!("스크립트가 {}번 진행되었습니다", grouped(MAX_MOVES)),
            ),
            GivenUp::Frozen | GivenUp::ClientEnded => {
                self.client_of_line().and_then(ClientProcess::stands).expect("a client that stands still")
            }
            GivenUp::EndOfTime => end_of_time(),
        }
    }

    /// For so many milliseconds nothing has happened but attempts to connect that failed.
    fn refused(&self, since: Instant, ms: u64) -> Sentence {
        let since = instant(since);
        let (en, ko) = match ms {
            REFUSED_MS => ("a day".to_owned(), "하루".to_owned()),
            ms => (format!("{} ms", grouped(ms)), format!("{} ms", grouped(ms))),
        };
        match self.broker_ids().all(|id| self.broker_life(id) == Life::Gone) {
            true => both(
                format!("no broker can be reached, and in {en} since {since} every attempt to connect has failed"),
                format!("연결할 수 있는 브로커가 없고, {since}부터 {ko} 동안 모든 연결 시도가 실패했습니다"),
            ),
            false => both(
                format!("in {en} since {since} nothing worth telling has happened but attempts to connect that failed"),
                format!("{since}부터 {ko} 동안 실패한 연결 시도 말고는 알릴 만한 일이 없었습니다"),
            ),
        }
    }
}

/// The timeout that a line states by itself.
fn stated_ms(statement: &Statement) -> Option<u64> {
    match statement {
        Statement::Call { call, .. } => match call {
            Call::Poll(poll) => match poll.goal {
                PollGoal::Times(times) => Some(poll.limit_ms().saturating_mul(u64::from(times))),
                _ => Some(poll.limit_ms()),
            },
            Call::Commit(commit) => commit.timeout_ms,
            Call::Close { timeout_ms, .. } | Call::Position { timeout_ms, .. } | Call::Committed { timeout_ms, .. } => {
                *timeout_ms
            }
            _ => None,
        },
        _ => None,
    }
}
