//! What a user does to the run: statements, settings, branches. Everything becomes a line of the script grammar, so
//! that the stored run, the link and the exported file say the same.

use std::sync::Arc;

use partita::application::Written;
use partita::explain::{decimal_ms, grouped};
use partita::lang::{Lang, Sentence, both};
use partita::script::stored::MAX_BRANCHES;
use partita::script::{Script, SettingTarget, Statement, parse_line};
use partita::simulation::{CommandError, Simulation, Unmakeable};
use partita::timeline::Alike;
use partita::view::alike;

use super::following::Pasted;
use super::notice::{About, NoticeDeed, PageNotice};
use super::run::WayGoal;
use super::{Session, unused};

/// Lines that cannot be done, each with the sentences that say why.
pub type Refusal = Vec<Sentence>;

impl Session {
    /// Reads lines as the user would write them at the present end of the run.
    pub fn read_lines(self, lines: &[String]) -> Result<Vec<Statement>, Refusal> {
        let mut context = self.with_run(|run| run.context());
        let mut statements = Vec::new();
        for line in lines {
            match parse_line(line, 1, &mut context) {
                Ok(line) if line.anchor.is_some() => return Err(vec![anchored()]),
                Ok(line) if *line.statement == Statement::Nothing => {}
                Ok(line) => statements.push(Arc::unwrap_or_clone(line.statement)),
                Err(errors) => return Err(errors.iter().map(sentence_of).collect()),
            }
        }
        Ok(statements)
    }

    /// Does what lines of the grammar say, here; says so when they cannot be done.
    pub fn act_lines(self, lines: &[String]) {
        match self.read_lines(lines) {
            Ok(statements) => self.act(statements, move |outcome| {
                if let Err(refused) = outcome {
                    self.refuse(vec![refused.alone()]);
                }
            }),
            Err(refusal) => self.refuse(refusal),
        }
    }

    pub fn act_line(self, line: &str) {
        self.act_lines(&[line.to_owned()]);
    }

    /// Says what was refused.
    pub fn refuse(self, refusal: Refusal) {
        let strong = both("Not done.", "하지 않았습니다.");
        let mut refusal = refusal.into_iter();
        let first = refusal.next().unwrap_or_else(|| both("", ""));
        self.tell(PageNotice::new(About::Refused, "x", strong, first).listing(refusal.collect()));
    }

    /// Does statements at the place where the run stands: the run is stored first. All of them, or none.
    pub fn act(self, statements: Vec<Statement>, after: impl FnOnce(Result<(), CommandError>) + 'static) {
        self.at_once();
        self.when_free(move || {
            self.halt();
            self.forget_unseen();
            let possible = self.with_run(|run| possible(run.timeline.simulation(), &statements));
            if let Err(refused) = possible {
                after(Err(refused));
                return;
            }
            if self.with_run(|run| run.timeline.acts_in_the_past()) && self.is_full_of_branches() {
                after(Err(too_many_branches()));
                return;
            }
            let texts = self.with_run(|run| run.texts_with(&statements));
            if let Some(length) = self.with_run(|run| run.too_long_with(&statements, &texts)) {
                after(Err(too_long(length)));
                return;
            }
            self.becomes_own();
            self.store_then(texts, move || {
                let pasted = self.with_run(|run| pasted(run.timeline.simulation(), &statements));
                let outcome = self.apply(statements);
                let pasted = pasted.filter(|_| outcome.is_ok());
                after(outcome);
                if let Some(pasted) = pasted {
                    self.go_by(WayGoal::Pasted, move |run| run.way_to_pasted(pasted));
                }
            });
        });
    }

    /// What was only computed ahead, and never shown, is no past that a change would leave: it is computed anew.
    fn forget_unseen(self) {
        self.with_held(|held| {
            let timeline = &mut held.run.timeline;
            let seen = held.seen.get(timeline.current()).copied().unwrap_or_default();
            let (position, place) = (timeline.position(), timeline.place());
            let has_more = timeline.branch().commands().iter().any(|placed| placed.anchor.at >= place.at);
            if seen <= position && position < timeline.moves().len() && !has_more {
                timeline.take_back(place);
            }
        });
    }

    fn apply(self, statements: Vec<Statement>) -> Result<(), CommandError> {
        for about in [About::Hint, About::Refused, About::Unused, About::Branch] {
            self.forget_notice(about);
        }
        let before = self.with_run(|run| run.timeline.current());
        let sent = statements.iter().enumerate().find_map(|(i, statement)| match statement {
            Statement::Send(send) => Some((i, send.client.clone())),
            Statement::ProduceLoop(of) => Some((i, of.client.clone())),
            _ => None,
        });
        let unused = self.with_run(|run| unused::of(run.timeline.simulation(), statements.iter()));
        let outcome = self.with_run(|run| {
            let heard = run.timeline.simulation().heard().len();
            run.act(statements)?;
            // Behind the end of a story, too, what one does is told.
            (run.lens.told, run.lens.ended) = (None, false);
            // The record that a user sends is the one they want to see.
            if let Some((i, producer)) = sent {
                run.follow_first_of(&producer, command(heard + i));
            }
            Ok(())
        });
        // Who goes on in the run that was opened stays in it.
        if outcome.is_ok() {
            self.forget_notice(About::Opened);
        }
        if outcome.is_ok() && self.with_run(|run| run.timeline.current()) != before {
            self.tell_branch(before, false);
        }
        if let (true, Some(unused)) = (outcome.is_ok(), unused) {
            self.tell(unused);
        }
        match outcome {
            // As it was stored beforehand.
            Ok(()) => self.changed(),
            Err(_) => self.tree_changed(),
        }
        outcome
    }

    /// Runs the same commands again with another beginning: a branch of its own.
    pub fn change_from_start(
        self,
        script: Script,
        name: String,
        after: impl FnOnce(Result<(), CommandError>) + 'static,
    ) {
        self.at_once();
        self.when_free(move || {
            self.halt();
            if self.is_full_of_branches() {
                after(Err(too_many_branches()));
                return;
            }
            let texts = self.with_run(|run| run.texts());
            self.becomes_own();
            self.store_then(texts, move || {
                let before = self.with_run(|run| run.timeline.current());
                let outcome = self.with_run(|run| run.change_from_start(script, &name));
                if outcome.is_ok() {
                    self.tell_branch(before, true);
                }
                self.tree_changed();
                self.save_now();
                after(outcome);
            });
        });
    }

    /// Takes the last change back.
    pub fn undo(self) {
        self.at_once();
        self.when_free(move || {
            self.halt();
            self.forget_notice(About::Branch);
            match self.with_run(|run| run.undo()) {
                Some(place) => {
                    // What comes behind it from now on has not been shown.
                    self.with_held(|held| {
                        let (branch, position) = (held.run.timeline.current(), held.run.timeline.position());
                        if let Some(seen) =
                            held.seen.get_mut(branch).filter(|_| held.run.timeline.moves().len() == position)
                        {
                            *seen = position;
                        }
                    });
                    self.becomes_own();
                    self.tree_changed();
                    self.go(place);
                }
                None => self.say(both("There is no change of yours to take back.", "되돌릴 변경이 없습니다.")),
            }
        });
    }

    fn is_full_of_branches(self) -> bool {
        self.with_run(|run| run.timeline.branches().len() >= MAX_BRANCHES)
    }

    /// Shows another branch, at the same instant: what is missing until there is computed.
    pub fn switch_branch(self, branch: usize) {
        self.at_once();
        self.when_free(move || {
            self.halt();
            self.forget_notice(About::Branch);
            let at = self.with_run(|run| {
                let at = run.timeline.simulation().now().at;
                // Who has come to the end goes back to the end of the story's own run: behind that nothing is told.
                if run.lens.ended && branch == 0 && run.go_to_own_end() {
                    run.lens.ended = false;
                    return None;
                }
                run.switch(branch);
                Some(at)
            });
            self.tree_changed();
            if let Some(at) = at {
                self.reach(at);
            }
        });
    }

    /// The place at which one stands, to be found again in a run that begins otherwise.
    pub fn place_alike(self) -> Option<Alike> {
        self.with_run(|run| alike(&run.timeline, &run.lens))
    }

    /// To the same step in the run that begins otherwise; none: to its start.
    pub fn stand_alike(self, place: Option<Alike>) {
        match place {
            Some(place) => self.go_by(WayGoal::Alike, move |run| run.way_to(place)),
            None => self.start(),
        }
    }

    /// To where a pasted program begins in the run that begins otherwise.
    pub fn stand_at_pasted(self, pasted: Pasted) {
        self.with_run(|run| run.timeline.seek(0));
        self.go_by(WayGoal::Pasted, move |run| run.way_to_pasted(pasted));
    }

    /// Says that a change made a branch: of the past, where that had been seen; from where on it differs, where it began anew.
    fn tell_branch(self, before: usize, begins_anew: bool) {
        let seen = self.with_held(|held| held.seen.get(before).copied().unwrap_or_default());
        let (left, name, to, is_past, differs) = self.with_run(|run| {
            let (timeline, branch) = (&run.timeline, run.timeline.branch());
            let left = branch.parent.map(|(_, left)| left);
            let name = branch.name.clone().unwrap_or_default();
            let is_past = left.is_some_and(|left| timeline.branches()[before].moves.behind(left) < seen);
            let differs = begins_anew && timeline.differs_from(before);
            (left, name, timeline.position(), is_past, differs)
        });
        let is_past = is_past && (differs || !begins_anew);
        let strong = match is_past {
            true => both("You changed the past.", "과거를 바꾸었습니다."),
            false => both("A new branch.", "브랜치를 새로 만들었습니다."),
        };
        let (at, number) = (decimal_ms(left.map_or(0, |left| left.at.micros())), before + 1);
        let text = match begins_anew {
            true => both(
                format!("“{name}”: the same commands run again. Branch {number} is kept."),
                format!("“{name}”: 같은 명령을 다시 실행했습니다. 브랜치 {number} 보존."),
            ),
            false => both(
                format!("A new branch, “{name}”, starts at {at}. Branch {number} is kept, and you can go back to it."),
                format!("새 브랜치 “{name}”: {at}에 시작. 브랜치 {number} 보존: 언제든 돌아갈 수 있습니다."),
            ),
        };
        let mut notice = PageNotice::new(About::Branch, "fork", strong, text);
        if differs {
            let at = self.with_run(|run| decimal_ms(run.timeline.moves().at(to).micros()));
            let label = both(format!("The runs differ from {at} on"), format!("{at}부터 달라짐"));
            notice = notice.with(NoticeDeed::GoTo(to), label);
        }
        self.tell(notice.with(NoticeDeed::Undo, both("Undo", "되돌리기")));
    }
}

/// The user's command of this number.
fn command(number: usize) -> Written {
    Written::Command(u32::try_from(number).unwrap_or(u32::MAX))
}

/// The program that was pasted, with what it begins with, when these statements are done here.
fn pasted(simulation: &Simulation, statements: &[Statement]) -> Option<Pasted> {
    let client = statements.iter().find_map(|statement| match statement {
        Statement::Code(code) => Some(code.client.clone()),
        _ => None,
    })?;
    let heard = simulation.heard().len();
    let begins = |statement: &Statement| match statement {
        Statement::Client(of) => of.id == client,
        Statement::Set(of) => matches!(&of.target, SettingTarget::Client(of) if *of == client),
        Statement::ProduceLoop(of) => of.client == client,
        Statement::ConsumeLoop(of) => of.client == client,
        _ => false,
    };
    let begins = statements.iter().enumerate().filter(|(_, of)| begins(of)).map(|(i, _)| command(heard + i)).collect();
    Some(Pasted { client, begins })
}

/// What is wrong with a line, in both languages.
fn sentence_of(error: &partita::script::ScriptError) -> Sentence {
    both(error.sentence(Lang::En), error.sentence(Lang::Ko))
}

/// Whether the first statement can be done here, and whether Kafka would make the clients that are to be made.
fn possible(simulation: &Simulation, statements: &[Statement]) -> Result<(), CommandError> {
    if let Some(first) = statements.first() {
        simulation.check_by_hand(first)?;
    }
    for statement in statements {
        if let Statement::Client(client) = statement {
            simulation.try_client(client.kind, &client.id, &client.properties).map_err(unmakeable)?;
        }
    }
    Ok(())
}

fn unmakeable(error: Unmakeable) -> CommandError {
    match error {
        Unmakeable::Kafka(error) => {
            // A KafkaException only wraps what went wrong.
            let message = error.cause.map_or(error.message, |cause| cause.message);
            CommandError::named(both(message.clone(), message))
        }
        Unmakeable::Model(sentence) => CommandError::named(sentence),
    }
}

/// What is typed is done where the run stands.
fn anchored() -> Sentence {
    both(
        "A typed line is done where the run stands: leave the `@…` out, and go to its place first (G).",
        "입력한 줄은 지금 있는 자리에서 실행됩니다. `@…`를 빼고 먼저 그 자리로 가십시오(G).",
    )
}

/// Every branch is stored, and so many are read again.
fn too_many_branches() -> CommandError {
    CommandError::new(
        format!("A run has at most {MAX_BRANCHES} branches, and this would begin one more. Nothing was done"),
        format!("실행 하나의 브랜치는 최대 {MAX_BRANCHES}개인데 이것은 새 브랜치를 만듭니다. 아무것도 하지 않았습니다"),
    )
}

/// A run must fit into a script: what is too much for one is not done at all.
fn too_long((lines, bytes): (usize, usize)) -> CommandError {
    let (lines, bytes) = (grouped(lines as u64), grouped(bytes as u64));
    CommandError::new(
        format!(
            "With this the run would be {lines} lines and {bytes} bytes long; a run has at most 200,000 lines and 32 MB, \
             and its branches hold at most 2,000,000. Nothing of it was done"
        ),
        format!(
            "이것까지 더하면 실행이 {lines}줄, {bytes}바이트가 됩니다. 실행 하나는 최대 200,000줄, 32 MB이고 브랜치들의 줄을 모두 더하면 최대 2,000,000줄입니다. 아무것도 하지 않았습니다"
        ),
    )
}
