//! Opening runs: a ready scenario, an empty one, a stored one, a link, a file.

use std::sync::Arc;

use leptos::prelude::*;
use partita::draft::{cluster_refused, refused_tries};
use partita::lang::{Lang, Sentence, both};
use partita::scenarios::{self, Scenario};
use partita::script::link::{LinkProblem, refused_scenario};
use partita::script::stored::{Home, OwnRun, ReaderState, Source, Stored, StoredNote, decode};
use partita::script::{Script, parse};
use partita::simulation::CommandError;
use partita::time::Instant;

use super::super::store::token;
use super::super::{classroom, crash, link};
use super::notice::{About, NoticeDeed, PageNotice};
use super::run::{Way, WayGoal};
use super::{Held, OPENING_MS, Run, Session, unused};

/// Milliseconds in which the brokers of an empty run come up.
const BROKERS_UP_MS: u64 = 50;

/// A run to open.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    stored: Stored,
    scenario: Option<Scenario>,
    /// At the first chapter of its story.
    is_fresh: bool,
    /// At this instant.
    instant: Option<Instant>,
    /// At this step.
    step: Option<u64>,
    /// It was open before: what was said of it then is not said again.
    is_known: bool,
    /// Where it is stored already; none: it gets a place of its own.
    home: Option<Home>,
    source: Source,
    /// The name that its reader gave it.
    name: Option<Arc<str>>,
    /// What could not be read.
    notes: Vec<Sentence>,
    /// Nothing of what was asked for could be opened: what is shown instead.
    instead: Option<Sentence>,
}

impl Opening {
    /// A ready scenario, just before its followed record begins its journey.
    pub fn of_scenario(scenario: Scenario) -> Opening {
        let script = scenario.parsed();
        let stored = Stored::alone(script, ReaderState::default());
        Opening { stored, scenario: Some(scenario), is_fresh: true, ..Opening::default() }
    }

    /// The first ready scenario.
    pub fn usual() -> Opening {
        Opening::of_scenario(scenarios::first())
    }

    /// A cluster of so many brokers with nothing in it, and a seed of its own.
    pub fn empty(brokers: u32) -> Opening {
        let seed = getrandom::u32().expect("a browser has random numbers");
        let (script, _) = parse(&format!("cluster brokers={brokers} seed={seed}\n"));
        let instant = Some(Instant::from_millis(BROKERS_UP_MS));
        Opening { stored: Stored::alone(script, ReaderState::default()), instant, ..Opening::default() }
    }

    /// A run's text, stored or handed on; what is wrong with it is told when it is open.
    pub fn of_text(text: &str) -> Opening {
        let (stored, notes) = decode(text);
        // A script by itself is no stored run: nothing is missing where it says no version.
        let told = notes.iter().filter(|note| **note != StoredNote::NoVersion);
        let told = told.map(|note| both(note.sentence(Lang::En), note.sentence(Lang::Ko)));
        let (scenario, unknown) = scenarios::named(&stored.state.page);
        // Only the first branch proposes something to try.
        let errors: Vec<_> = notes.iter().filter_map(StoredNote::error).cloned().collect();
        let refused = refused_tries(&stored.branches[0].script, &errors);
        let refused = refused.iter().map(|error| both(error.sentence(Lang::En), error.sentence(Lang::Ko)));
        let notes = told.chain(unknown).chain(refused).collect();
        Opening { stored, scenario, notes, ..Opening::default() }
    }

    /// What it was handed on as.
    pub fn from(mut self, source: Source) -> Opening {
        self.source = source;
        self
    }

    /// It lies at this place already.
    pub fn at_home(mut self, home: Home, name: Option<Arc<str>>) -> Opening {
        self.source = home.source;
        (self.home, self.name) = (Some(home), name);
        self
    }

    /// At this step rather than where its reader stood.
    pub fn at(mut self, step: Option<u64>) -> Opening {
        self.step = step;
        self
    }

    /// At its first chapter, where it has one and nobody's place is stored with it.
    pub fn told(mut self) -> Opening {
        let has_chapters = self.stored.branches[self.stored.shown].script.chapters().next().is_some();
        self.is_fresh = has_chapters && self.stored.state.position.is_none();
        self.source = Source::Link;
        self
    }

    pub fn known(mut self) -> Opening {
        self.is_known = true;
        self
    }

    pub fn noting(mut self, more: impl IntoIterator<Item = Sentence>) -> Opening {
        self.notes.splice(0..0, more);
        self
    }

    /// The run at its start, the way to its place, and what there is to say. A script that no cluster can be made of
    /// gives way to the first scenario.
    pub fn begin(self, lang: Lang) -> Begun {
        let is_new = self.home.is_none();
        let home = self.home.unwrap_or_else(|| new_home(self.source));
        let mut notes = self.notes;
        let Stored { branches, shown, state } = self.stored;
        let mut run = match Run::new(&branches, shown, self.scenario, lang) {
            Ok((run, refused)) => {
                notes.extend(
                    refused.into_iter().map(|(index, refused)| unmade(index, &branches[index].script, &refused)),
                );
                run
            }
            Err(refused) => {
                let refused = cluster_refused(&branches[shown].script, &refused);
                let usual = Opening::usual().noting(notes.into_iter().chain([refused]));
                return usual.begin(lang);
            }
        };
        if branches[shown].script.cluster().is_none() {
            notes.push(both(
                "There is no `cluster` line: the run was opened with one broker.",
                "`cluster` 줄이 없어 브로커 하나로 열었습니다.",
            ));
        }
        run.changes = state.changes;
        run.call(self.name, lang);
        let goes_back = self.step.is_none() && state.position.is_some();
        run.to_follow = state.followed;
        run.to_tell = state.told.filter(|_| goes_back);
        let goal = match (self.step, state.position, self.instant) {
            (Some(step), ..) => Some(WayGoal::StepOf(step)),
            (_, Some(place), ..) => Some(WayGoal::Place(place)),
            _ if self.is_fresh => Some(WayGoal::ChapterOf(1)),
            (.., instant) => instant.map(WayGoal::Instant),
        };
        let way = goal.map(|goal| run.way(goal));
        let statements = || branches[shown].script.lines.iter().map(|line| &*line.statement);
        let mut notices = problems(notes, self.instead);
        if !self.is_known {
            notices.extend(branches[shown].script.cluster().and_then(unused::of_cluster));
            notices.extend(unused::of(run.timeline.simulation(), statements()));
        }
        Begun { run, way, notices, home, is_new }
    }
}

/// A run at its start.
pub struct Begun {
    pub run: Run,
    pub way: Option<Way>,
    pub notices: Vec<PageNotice>,
    pub home: Home,
    /// It is not stored yet.
    pub is_new: bool,
}

/// A place in which no run lies yet.
pub(super) fn new_home(source: Source) -> Home {
    Home { id: token(), spare: token(), writer: token(), source, ..Home::default() }
}

/// Where a stored run lies, as a window that opens it knows.
pub fn home_of(run: &OwnRun) -> Home {
    let known = Some((run.revision, run.writer.clone()));
    Home { id: run.id.clone(), known, is_kept: run.is_kept, ..new_home(run.source) }
}

/// A branch whose cluster cannot be made.
fn unmade(index: usize, script: &Script, refused: &CommandError) -> Sentence {
    let (number, Sentence { en, ko }) = (index + 1, cluster_refused(script, refused));
    both(format!("Branch {number} is empty: {en}"), format!("브랜치 {number}: 비어 있습니다. {ko}"))
}

/// The notice that lists what could not be read.
fn problems(notes: Vec<Sentence>, instead: Option<Sentence>) -> Vec<PageNotice> {
    if let Some(instead) = instead {
        let strong = both("Nothing of the link could be opened.", "링크를 전혀 열지 못했습니다.");
        return vec![PageNotice::new(About::Problems, "hint", strong, instead).listing(notes)];
    }
    if notes.is_empty() {
        return Vec::new();
    }
    let strong = both("Not all of it could be opened.", "일부는 열지 못했습니다.");
    let text = both("What is valid is here. What is not:", "올바른 부분은 그대로 있습니다. 열지 못한 것:");
    vec![PageNotice::new(About::Problems, "hint", strong, text).listing(notes)]
}

/// What an address asks for: the run of its link, a new one, or else the stored one.
pub async fn asked(fragment: &str, stored: Option<Opening>) -> Opening {
    let mut asked = link::read(fragment).await;
    let ready = asked.scenario.take().and_then(|id| {
        let found = Scenario::by_id(&id);
        if found.is_none() {
            asked.problems.push(refused_scenario(&id));
        }
        found
    });
    let of_query = link::refused_stage();
    let notes: Vec<Sentence> = asked
        .problems
        .iter()
        .chain(&of_query)
        .map(|problem| both(problem.sentence(Lang::En), problem.sentence(Lang::Ko)))
        .collect();
    let is_all = |problem: &LinkProblem| match problem {
        LinkProblem::Step { .. } | LinkProblem::Twice { .. } | LinkProblem::Stage { .. } => false,
        // What is asked for beside it is there.
        LinkProblem::Unknown { .. } => !asked.new && asked.at.is_none(),
        _ => true,
    };
    if asked.classroom {
        classroom::enter();
    }
    let is_lost = asked.text.is_none() && ready.is_none() && asked.problems.iter().any(is_all);
    let handed = ready.map(|ready| Opening::of_scenario(ready).from(Source::Link));
    let handed = handed.or_else(|| Some(Opening::of_text(asked.text.as_deref()?).from(Source::Link)));
    let (opening, instead) = match (handed, asked.new, stored) {
        (Some(handed), ..) => (handed, None),
        (None, true, _) | (None, false, None) => {
            let title = scenarios::first().title;
            let instead = both(
                format!("The ready scenario “{}” is shown instead.", title.en),
                format!("대신 보여 주는 것: 준비된 시나리오 “{}”.", title.ko),
            );
            (Opening::usual(), Some(instead))
        }
        (None, false, Some(stored)) => {
            let instead =
                both("The run that was open here before is shown.", "이 브라우저에서 전에 열었던 실행을 보여 줍니다.");
            let opening = stored.known();
            // What was said of it when it was opened is no matter of the link.
            let notes = if is_lost { Vec::new() } else { opening.notes };
            (Opening { notes, ..opening }, Some(instead))
        }
    };
    let step = asked.at.filter(|_| !is_lost);
    Opening { instead: instead.filter(|_| is_lost), ..opening.at(step).noting(notes) }
}

impl Held {
    fn as_opening(&self) -> Opening {
        let text = self.run.texts().whole();
        Opening::of_text(&text).known().at_home(self.home.clone(), self.run.name.clone())
    }
}

impl Session {
    /// Leaves this run for another one. The old one can be had back as long as the page is open.
    pub fn open_run(self, opening: Opening) {
        // Who leaves a run does not wait until it is open, and what waited for that was meant for it alone.
        self.with_held(|held| {
            if std::mem::take(&mut held.opens) {
                held.waiting.clear();
            }
        });
        self.at_once();
        self.when_free(move || {
            self.halt();
            // What is not stored yet of the run that is left.
            self.save_now();
            self.dialog.set(None);
            let lang = self.with_run(|run| run.lens.lang);
            let Begun { run, way, notices, home, is_new } = opening.begin(lang);
            let is_left = self.with_held(|held| {
                let is_left = held.home.id != home.id;
                if is_left && held.run.timeline.branches().iter().any(|branch| !branch.commands().is_empty()) {
                    held.former = Some(held.as_opening());
                }
                // Who is back in it has not left it any more.
                if held.former.as_ref().and_then(|former| former.home.as_ref()).is_some_and(|left| left.id == home.id) {
                    held.former = None;
                }
                held.run = run;
                held.opens = way.is_some();
                held.way = way;
                held.home = home;
                held.is_tree_unsaved = false;
                held.seen.clear();
                if is_left {
                    held.noted.clear();
                }
                is_left
            });
            self.tell_first(notices);
            if is_left {
                self.tell_former();
            }
            let set_out = move || {
                self.set_out(OPENING_MS);
                self.changed();
            };
            let texts = self.with_run(|run| run.texts());
            if is_new {
                self.store_then(texts, set_out);
            } else {
                crash::keep_script(self.root, &texts.whole());
                set_out();
            }
        });
    }

    /// Opens what a file holds.
    pub fn open_text(self, text: &str) {
        self.open_run(Opening::of_text(text).from(Source::File));
    }

    /// The run that is open, as it is now.
    pub fn as_opening(self) -> Opening {
        self.with_held(|held| held.as_opening())
    }

    /// Whether another run was left for this one.
    pub fn has_former(self) -> bool {
        self.with_held(|held| held.former.is_some())
    }

    /// Opens the run that was left.
    pub fn open_former(self) {
        if let Some(former) = self.with_held(|held| held.former.take()) {
            self.open_run(former);
        }
    }

    /// The run that was left is among those that are deleted: nothing leads back to it, and nothing says so any more.
    pub(super) fn forget_former(self, deleted: &[String]) {
        let is_deleted = self.with_held(|held| {
            let home = held.former.as_ref().and_then(|former| former.home.as_ref());
            let is_deleted = home.is_some_and(|home| deleted.contains(&home.id));
            if is_deleted {
                held.former = None;
            }
            is_deleted
        });
        if is_deleted {
            self.forget_notice(About::Opened);
        }
    }

    fn tell_former(self) {
        if self.has_former() {
            let strong = both("Another run is open.", "다른 실행을 열었습니다.");
            let is_kept = self.with_held(|held| {
                let home = held.former.as_ref().and_then(|former| former.home.as_ref());
                held.store.is_some() && home.is_some_and(|home| home.is_kept)
            });
            let text = match is_kept {
                true => both("The one before it is kept among your runs (U).", "이전 실행은 내 실행에 보존됩니다(U)."),
                false => both(
                    "The one before it is kept while this page is open.",
                    "이전 실행은 이 페이지가 열려 있는 동안 보존됩니다.",
                ),
            };
            let notice = PageNotice::new(About::Opened, "open", strong, text);
            self.tell(notice.with(NoticeDeed::FormerRun, both("Back to it", "돌아가기")));
        }
    }
}
