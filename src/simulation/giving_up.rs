//! Every run ends: when a line of the script is given up, and the sentence that says what it waited for and since when.
//!
//! A line that waits for a condition has a deadline of its own. The others wait for what may never come: the return of
//! a call, an answer, something worth telling.

use super::driver::Doing;
use super::patience::{
    GivenUp, QUIET_MOVES, QUIET_MS, REFUSED_MS, REPEATED, Repeated, SCRIPT_MOVES, end_of_time, grouped,
};
use super::process::Life;
use super::{ClientNode, ClientProcess, CommandError, Simulation};
use crate::event::{CommitHow, EventKind};
use crate::lang::{Sentence, both};
use crate::script::{AdminStatement, Call, PollGoal, Statement};
use crate::time::Instant;

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
            let repeated = match event.kind {
                EventKind::CommitStarted { client, how: CommitHow::Auto, .. } => Some((client, Repeated::Commits)),
                EventKind::HeartbeatAnswered { client, .. } => Some((client, Repeated::Heartbeats)),
                _ => None,
            };
            if let Some((client, what)) = repeated {
                self.driver.repeats.count(client, what, self.now.at);
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
        let quiet_since = driver.told_at.max(driver.begun_at);
        if driver.moves >= SCRIPT_MOVES {
            self.give_up(&GivenUp::TooManyMoves);
        } else if let Some((client, what)) = driver.repeats.too_many() {
            self.give_up(&GivenUp::Repeats(client, what));
        } else if matches!(driver.doing, Doing::Task(_) | Doing::Admin | Doing::Stepping(_)) {
            self.watch_quiet(quiet_since);
        }
    }

    /// Of a line that waits for no instant: whether it has waited too long, while nothing worth telling happens since then.
    fn watch_quiet(&mut self, since: Instant) {
        let (now, driver) = (self.now.at, &self.driver);
        let moves = driver.quiet_moves;
        let is_refused = driver.is_refused && now >= since.plus_millis(REFUSED_MS);
        if now >= since.plus_millis(QUIET_MS) {
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
        stated.max(own).saturating_add(60_000).min(QUIET_MS)
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
        match why {
            GivenUp::NothingLeft => {
                both("nothing is left that could happen", "더 일어날 수 있는 일이 남아 있지 않습니다")
            }
            GivenUp::QuietMoves(moves) => both(
                format!("{} moves in a row had nothing worth telling", grouped(*moves)),
                format!("알릴 만한 일 없이 {}번 진행되었습니다", grouped(*moves)),
            ),
            GivenUp::QuietTime(since) => both(
                format!("in 30 days since {since} ms nothing worth telling has happened"),
                format!("{since} ms부터 30일 동안 알릴 만한 일이 없었습니다"),
            ),
            GivenUp::Refused { since, ms } => {
                let (en, ko) = match *ms {
                    REFUSED_MS => ("a day".to_owned(), "하루".to_owned()),
                    ms => (format!("{ms} ms"), format!("{ms} ms")),
                };
                match self.brokers.iter().all(|broker| broker.life == Life::Gone) {
                    true => both(
                        format!(
                            "no broker can be reached, and in {en} since {since} ms every attempt to connect has failed"
                        ),
                        format!("연결할 수 있는 브로커가 없고, {since} ms부터 {ko} 동안 모든 연결 시도가 실패했습니다"),
                    ),
                    false => both(
                        format!("in {en} since {since} ms nothing has happened but attempts to connect that failed"),
                        format!("{since} ms부터 {ko} 동안 실패한 연결 시도 말고는 알릴 만한 일이 없었습니다"),
                    ),
                }
            }
            GivenUp::Repeats(client, what) => {
                let (name, most) = (&self.clients[usize::from(client.0) - 1].recipe.name, grouped(u64::from(REPEATED)));
                match what {
                    Repeated::Commits => both(
                        format!(
                            "{name} has committed by enable.auto.commit {most} times within a second: with \
                             auto.commit.interval.ms=0 each pass of a poll commits, in Kafka too. Allowed here: from 1"
                        ),
                        format!(
                            "{name}: enable.auto.commit 커밋이 1초 안에 {most}번 일어났습니다. auto.commit.interval.ms=0이면 \
                             Kafka에서도 poll이 한 번 돌 때마다 커밋합니다. 여기서 쓸 수 있는 값: 1 이상"
                        ),
                    ),
                    Repeated::Heartbeats => both(
                        format!(
                            "{name} has sent {most} heartbeats within a second: with heartbeat.interval.ms=0 its heartbeat \
                             thread never waits, in Kafka too. Allowed here: from 1"
                        ),
                        format!(
                            "{name}: 하트비트를 1초 안에 {most}번 보냈습니다. heartbeat.interval.ms=0이면 Kafka에서도 하트비트 \
                             스레드가 쉬지 않습니다. 여기서 쓸 수 있는 값: 1 이상"
                        ),
                    ),
                }
            }
            GivenUp::TooManyMoves => both(
                format!("{} moves of the script were made", grouped(SCRIPT_MOVES)),
                format!("스크립트가 {}번 진행되었습니다", grouped(SCRIPT_MOVES)),
            ),
            GivenUp::Frozen | GivenUp::ClientEnded => {
                self.client_of_line().and_then(ClientProcess::stands).expect("a client that stands still")
            }
            GivenUp::EndOfTime => end_of_time(),
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
        Statement::Admin(AdminStatement::ListOffsets { timeout_ms, .. }) => *timeout_ms,
        _ => None,
    }
}
