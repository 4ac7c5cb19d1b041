//! The script is driven: its lines are played, one after another.
//!
//! A line begins when the call of the line before it has returned, and 1 ms has passed, as a program between two calls.

use std::sync::Arc;

use super::awaited::Awaited;
use super::driver::{BETWEEN_LINES_MS, Doing, Progress};
use super::patience::{GivenUp, in_vain};
use super::performed::{By, Performed};
use super::{CommandError, Observation, Seen, Simulation, Sink};
use crate::application::TaskId;
use crate::event::EventKind;
use crate::ids::EventId;
use crate::script::{Chapter, Line};
use crate::time::Instant;

impl Simulation {
    /// How far the script is.
    pub fn progress(&self) -> Progress {
        match &self.driver.doing {
            Doing::Ended => Progress::Ended,
            Doing::Failed(error) => Progress::Failed(Some(self.driver.line_number()), error.clone()),
            Doing::Full(error) => Progress::Failed(None, error.clone()),
            _ => Progress::Playing(self.driver.line_number()),
        }
    }

    /// The line of the script's text at which it stopped: it was not carried out, or waited in vain.
    pub fn stopped_at(&self) -> Option<u32> {
        let has_failed = matches!(self.driver.doing, Doing::Failed(_));
        self.driver.line().filter(|_| has_failed).map(|line| line.row)
    }

    /// The line that is being played, or was played last.
    pub fn script_line(&self) -> Option<&Line> {
        self.driver.line()
    }

    /// The lines of the script that have not begun.
    pub fn lines_to_come(&self) -> &[Arc<Line>] {
        self.driver.lines_to_come()
    }

    /// When the next line begins, if nothing else has to come about before.
    pub fn line_due(&self) -> Option<Instant> {
        match self.driver.doing {
            Doing::Between(at) => Some(at),
            _ => None,
        }
    }

    pub(super) fn follow_driver(&mut self) {
        let due = self.driver.next_timeout(self.frozen_until());
        self.driver_timer.set(due, &mut self.clock);
    }

    /// A chapter of the story begins. It takes no time: a run with chapters is the same run.
    pub(super) fn begin_chapter(&mut self, by: By, chapter: &Chapter) -> Performed {
        let follows = chapter.follows.as_ref().and_then(|name| self.client(name)).map(|client| client.id);
        self.out.emit(EventId::NONE, EventKind::ChapterBegan { line: by.line(), follows });
        Performed::Mark
    }

    fn between(&self) -> Doing {
        Doing::Between(self.clock.at().plus_millis(BETWEEN_LINES_MS))
    }

    /// The driver's time has come, or nothing is left that could happen before it.
    pub(super) fn drive(&mut self, sink: &mut Sink) {
        let now = self.clock.at();
        match &self.driver.doing {
            Doing::Between(at) if *at <= now => self.next_line(sink),
            Doing::Sleeping(at) if *at <= now => self.driver.doing = self.between(),
            Doing::Waiting { awaited, deadline } if *deadline <= now => {
                let error = in_vain(&awaited.texts(), self.driver.begun_at, self.standing(awaited));
                self.stop_script(error);
            }
            Doing::Between(_) | Doing::Sleeping(_) | Doing::Waiting { .. } => self.give_up(&GivenUp::EndOfTime),
            Doing::Task(_) if self.frozen_until().is_some() => self.give_up(&GivenUp::Frozen),
            Doing::Begun | Doing::Task(_) | Doing::Admin | Doing::Stepping(_) => self.give_up(&GivenUp::NothingLeft),
            Doing::Ended | Doing::Failed(_) | Doing::Full(_) => {}
        }
    }

    fn next_line(&mut self, sink: &mut Sink) {
        let Some(line) = self.driver.take_line() else {
            self.driver.doing = Doing::Ended;
            return;
        };
        if let Err(error) = self.check(&line.statement) {
            let seen = Seen::Refused(Arc::from(error.why.en.as_str()));
            sink.observations.push(Observation { line: line.number, client: None, seen });
            self.stop_script(error);
            return;
        }
        (self.driver.doing, self.driver.begun_at) = (Doing::Begun, self.clock.at());
        let performed = self.perform(By::Line(line.number), &line.statement, sink);
        match performed {
            Performed::Done => self.driver.doing = self.between(),
            Performed::Mark => self.driver.doing = Doing::Between(self.clock.at()),
            Performed::Task(task) => {
                if self.owners.is_open(task) {
                    self.driver.doing = Doing::Task(task);
                } else {
                    self.driver.doing = self.between();
                }
            }
            Performed::Admin if self.driver.doing == Doing::Begun => self.driver.doing = Doing::Admin,
            // It was answered in the same move.
            Performed::Admin => {}
            Performed::Wait(awaited, timeout_ms) => self.await_now(awaited, timeout_ms),
            Performed::Sleep(ms) => self.driver.doing = Doing::Sleeping(self.clock.at().plus_millis(ms)),
            Performed::Steps(steps) => self.driver.doing = Doing::Stepping(steps),
            Performed::Until(at) => self.driver.doing = Doing::Sleeping(at.max(self.clock.at())),
            Performed::Failed(error) => self.stop_script(error),
        }
    }

    /// The script is stopped by what its line, if one is under way, is not to blame for alone.
    pub(super) fn stop_run(&mut self, error: CommandError) {
        match self.driver.doing {
            Doing::Between(_) | Doing::Ended => self.driver.doing = Doing::Full(error),
            // Its script had stopped before, for a reason of its own.
            Doing::Failed(_) | Doing::Full(_) => {}
            _ => return self.stop_script(error),
        }
        self.out.emit(EventId::NONE, EventKind::ScriptStopped { line: 0 });
    }

    /// The limit of a run that it has come to, for which no line is to blame.
    pub fn full(&self) -> Option<&CommandError> {
        let script = || match &self.driver.doing {
            Doing::Full(error) => Some(error),
            _ => None,
        };
        self.full.as_deref().or_else(script)
    }

    /// The lines behind this one are not carried out.
    pub(super) fn stop_script(&mut self, error: CommandError) {
        self.driver.doing = Doing::Failed(error);
        let line = self.stopped_at().expect("only a line that was begun can stop");
        self.out.emit(EventId::NONE, EventKind::ScriptStopped { line });
    }

    /// The driver waits from now on.
    pub(super) fn await_now(&mut self, awaited: Awaited, timeout_ms: u64) {
        self.driver.doing = Doing::Waiting { awaited, deadline: self.clock.at().plus_millis(timeout_ms) };
    }

    /// After each move: whether what the driver waits for has come about.
    pub(super) fn watch_driver(&mut self) {
        if !self.driver.is_playing() {
            return;
        }
        if let Doing::Stepping(left) = self.driver.doing
            && self.out.events.iter().any(|event| !event.kind.is_routine())
        {
            self.driver.doing = if left > 1 { Doing::Stepping(left - 1) } else { self.between() };
        }
        if let Doing::Waiting { awaited, .. } = &self.driver.doing
            && self.has_come(awaited)
        {
            self.driver.doing = self.between();
        }
        self.watch_patience();
    }

    /// A task of the script is done.
    pub(super) fn driver_task_done(&mut self, task: TaskId) {
        if self.driver.doing == Doing::Task(task) {
            self.driver.doing = self.between();
        }
    }

    /// The administrator's request of a script line has ended.
    pub(super) fn driver_admin_done(&mut self, next: Performed) {
        match next {
            Performed::Wait(awaited, timeout_ms) => self.await_now(awaited, timeout_ms),
            Performed::Failed(error) => self.stop_script(error),
            _ => self.driver.doing = self.between(),
        }
    }
}
