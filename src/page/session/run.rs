//! The run that the page shows: its history, its lens, and ways to go that are taken in slices of a frame.
//!
//! Nothing here knows the browser: who calls says when the time of a slice is over. The slices cannot change the run,
//! since a way is nothing but "make the next move" until a condition holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use partita::ids::{EventId, RecordId};
use partita::lang::{Lang, Sentence};
use partita::scenarios::Scenario;
use partita::script::stored::{
    Change, Followed, MAX_CHANGES, ReaderState, Stored, StoredBranch, encode, encode_branches, encode_state,
    told_beyond, with_state,
};
use partita::script::{
    Anchor, MAX_HELD_LINES, MAX_LINES, MAX_SCRIPT_BYTES, Property, Script, ScriptContext, Statement,
};
use partita::simulation::{CommandError, Progress};
use partita::time::Instant;
use partita::timeline::{Alike, Branch, Flags, MOVES_AT_A_TIME, Reader, STEP_AHEAD_MS, Seeker, Timeline, Walker};
use partita::view::{Lens, Selection};

use super::following::{Pasted, ToldToSend};
use crate::page::screen::{cells, is_low};

/// Moves between two looks at the clock.
const LOOK_EVERY: u64 = 32;
/// Virtual time after the script's end in which a mark or a stage is still looked for.
const LOOK_AHEAD_MS: u64 = 60_000;

/// Where a way leads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WayGoal {
    /// The next step.
    Step,
    /// The next chapter.
    Chapter,
    /// The chapter of this number, from 1.
    ChapterOf(u32),
    /// The step of this number; the last one when there are not as many.
    StepOf(u64),
    /// All that is due at or before an instant.
    Instant(Instant),
    /// An exact place.
    Place(Anchor),
    /// A fault or an alarm.
    Mark,
    /// The next stage of the record that is followed.
    Stage,
    /// The step at which one stood in a run that began otherwise, or the nearest to it.
    Alike,
    /// Where a program that was pasted begins.
    Pasted,
}

impl WayGoal {
    /// What one looks for by a key: without it one stays where one is.
    pub fn is_looked_for(self) -> bool {
        matches!(self, WayGoal::Step | WayGoal::Chapter | WayGoal::Stage | WayGoal::Mark)
    }
}

/// A way that is being gone.
#[derive(Clone, Debug)]
pub struct Way {
    pub goal: WayGoal,
    /// The move it began behind, and the event that was told there.
    pub from: u64,
    pub(super) told: Option<EventId>,
    /// How many moves were computed then.
    pub(super) known: u64,
    /// Whom its reader followed then.
    pub(super) reader: Reader,
    /// Finds the steps ahead.
    walker: Walker,
    /// Moves made on it.
    pub made: u64,
    /// When to ask the user whether to go on.
    pub limit: u64,
    /// The virtual instant after which a mark or a stage is looked for in vain, once the script has ended.
    vain_after: Option<Instant>,
    /// Finds the step that one knows from another run.
    pub(super) seeker: Option<Seeker>,
    /// The program whose beginning is looked for.
    pasted: Option<Pasted>,
}

impl Way {
    /// So many moves were made on it that its reader is asked whether to go on.
    pub fn asks(&self) -> bool {
        self.made >= self.limit
    }

    /// It leads to the first chapter of a story that is opened.
    pub fn opens_story(&self) -> bool {
        self.goal == WayGoal::ChapterOf(1)
    }
}

/// How a slice of a way ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayEnd {
    There,
    /// Nothing is scheduled any more.
    Ended,
    /// There is nothing of that kind ahead.
    InVain,
    /// Many moves were computed: shall it go on?
    Asks,
    /// The slice's time is over.
    NotYet,
}

/// A run as it is stored: its branches, and where its reader stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    pub branches: String,
    pub state: String,
}

impl Texts {
    /// Both as one text.
    pub fn whole(&self) -> String {
        with_state(&self.branches, &self.state)
    }
}

/// Where one stood when one made a change: taking it back leads there again.
struct Stood {
    change: Change,
    told: Option<u32>,
    followed: Option<Followed>,
    /// At the end of the story, that is.
    is_end: bool,
}

/// See the module.
pub struct Run {
    /// Which of the runs it is that this page has opened.
    pub number: u32,
    pub timeline: Timeline,
    pub lens: Lens,
    pub scenario: Option<Scenario>,
    /// The name that its reader gave it.
    pub name: Option<Arc<str>>,
    /// What the user has changed, for taking it back.
    pub changes: Vec<Change>,
    /// Where one stood before each change that was made since the run was opened.
    stood: Vec<Stood>,
    /// What it follows as soon as its producer is made.
    pub to_follow: Option<Followed>,
    /// Which event of its move it tells, from 0, once the opening way has been gone.
    pub to_tell: Option<u32>,
    /// Where the run goes, its story has ended.
    to_end: bool,
    pub(super) told_to_send: Option<ToldToSend>,
    /// What typed lines are read against; none when it has to be worked out again.
    context: Option<ScriptContext>,
}

/// How many runs this page has opened.
static OPENED: AtomicU32 = AtomicU32::new(0);

impl Run {
    /// The start of a stored run, and which of its branches, by their indices, no cluster can be made of.
    pub fn new(
        branches: &[StoredBranch],
        shown: usize,
        scenario: Option<Scenario>,
        lang: Lang,
    ) -> Result<(Run, Vec<(usize, CommandError)>), CommandError> {
        let (timeline, refused) = Timeline::of_kept(branches, shown)?;
        let mut run = Run {
            number: OPENED.fetch_add(1, Ordering::Relaxed),
            timeline,
            // The first picture is that of this window already.
            lens: Lens { low: is_low(), cells: cells(), ..Lens::default() },
            scenario,
            name: None,
            changes: Vec::new(),
            stood: Vec::new(),
            to_follow: None,
            to_tell: None,
            to_end: false,
            told_to_send: None,
            context: None,
        };
        run.speak(lang);
        Ok((run, refused))
    }

    /// From now on in this language.
    pub fn speak(&mut self, lang: Lang) {
        self.lens.lang = lang;
        let title = |of: &Scenario| Arc::from(lang.pick(&*of.title.en, &*of.title.ko));
        self.lens.title = self.name.clone().or_else(|| self.scenario.as_ref().map(title));
    }

    /// From now on by this name.
    pub fn call(&mut self, name: Option<Arc<str>>, lang: Lang) {
        self.name = name;
        self.speak(lang);
    }

    pub fn way(&self, goal: WayGoal) -> Way {
        let behind = match goal {
            WayGoal::StepOf(_) | WayGoal::ChapterOf(_) => (0, EventId::NONE),
            _ => (self.timeline.position(), self.last_told()),
        };
        let walker = Walker::behind(self.timeline.moves().story(), self.lens.reader(), behind);
        let (from, told) = (self.timeline.position(), self.lens.told);
        Way {
            goal,
            from,
            told,
            known: self.timeline.moves().len(),
            reader: self.lens.reader(),
            walker,
            made: 0,
            limit: MOVES_AT_A_TIME,
            vain_after: None,
            seeker: None,
            pasted: None,
        }
    }

    /// The way to where a pasted program begins.
    pub fn way_to_pasted(&self, pasted: Pasted) -> Way {
        Way { pasted: Some(pasted), ..self.way(WayGoal::Pasted) }
    }

    /// The way to a step that one knows from another run.
    pub fn way_to(&self, alike: Alike) -> Way {
        Way { seeker: Some(Seeker::new(alike)), ..self.way(WayGoal::Alike) }
    }

    /// Goes on until the goal is reached or `is_over` says that the slice's time is over.
    pub fn go(&mut self, way: &mut Way, is_over: impl Fn() -> bool) -> WayEnd {
        if way.made == 0 && !matches!(way.goal, WayGoal::Instant(_) | WayGoal::Place(_) | WayGoal::Pasted) {
            if self.arrives(way) {
                return WayEnd::There;
            }
            // What is computed has none: it is looked for behind it.
            self.timeline.seek(self.timeline.moves().len());
        }
        loop {
            if self.is_before(way.goal) || way.pasted.as_ref().is_some_and(|pasted| self.stands_at(pasted)) {
                return WayEnd::There;
            }
            if self.is_vain(way) {
                return WayEnd::InVain;
            }
            if way.asks() {
                return WayEnd::Asks;
            }
            if !self.timeline.forward() {
                return WayEnd::Ended;
            }
            way.made += 1;
            if self.arrives(way) {
                return WayEnd::There;
            }
            if way.made.is_multiple_of(LOOK_EVERY) && !way.asks() && is_over() {
                return WayEnd::NotYet;
            }
        }
    }

    /// Whether the next move would lead past the goal.
    fn is_before(&self, goal: WayGoal) -> bool {
        let simulation = self.timeline.simulation();
        match goal {
            WayGoal::Instant(at) => self.timeline.next_at().is_some_and(|next| next > at),
            WayGoal::Place(Anchor { at, moves }) => {
                let now = simulation.now().at;
                let is_there = now == at && moves.is_some_and(|moves| simulation.moves_here() >= moves);
                is_there || now > at || self.timeline.next_at().is_none_or(|next| next > at)
            }
            WayGoal::Step
            | WayGoal::Chapter
            | WayGoal::ChapterOf(_)
            | WayGoal::StepOf(_)
            | WayGoal::Mark
            | WayGoal::Stage
            | WayGoal::Alike
            | WayGoal::Pasted => false,
        }
    }

    /// Whether what is computed reaches the goal.
    fn arrives(&mut self, way: &mut Way) -> bool {
        let moves = self.timeline.moves();
        let step = match way.goal {
            WayGoal::Step => way.walker.step_on(moves.story()),
            WayGoal::Chapter => way.walker.next_chapter(moves.story()),
            WayGoal::ChapterOf(number) => way.walker.chapter(moves.story(), number),
            WayGoal::Stage => way.walker.next_stage(moves.story()),
            WayGoal::StepOf(number) => way.walker.step(moves.story(), number),
            WayGoal::Alike => way.seeker.as_mut().and_then(|seeker| seeker.find(moves.story())),
            WayGoal::Mark => {
                let from = if way.made == 0 { way.from } else { self.timeline.position() - 1 };
                let found = moves.find(from, Flags::FAULT.with(Flags::ALARM), true);
                if let Some(number) = found {
                    self.stand_behind(number, None);
                }
                return found.is_some();
            }
            WayGoal::Instant(_) | WayGoal::Place(_) | WayGoal::Pasted => return false,
        };
        if step.is_some() {
            self.stand_at(step);
        }
        step.is_some()
    }

    /// Marks and stages are not looked for for ever: the script's end and a minute more. Neither is the next thing to tell.
    fn is_vain(&self, way: &mut Way) -> bool {
        let simulation = self.timeline.simulation();
        if way.seeker.as_ref().is_some_and(Seeker::is_past)
            || way.pasted.as_ref().is_some_and(|pasted| self.is_gone(pasted))
        {
            return true;
        }
        if matches!(simulation.progress(), Progress::Playing(_)) {
            return false;
        }
        let (now, moves) = (simulation.now().at, self.timeline.moves());
        match way.goal {
            WayGoal::Step => now > moves.at(way.from).plus_millis(STEP_AHEAD_MS),
            WayGoal::ChapterOf(_) => true,
            // Behind the last chapter there is the end of the story.
            WayGoal::Chapter | WayGoal::StepOf(_) => now > moves.at(way.walker.last()).plus_millis(STEP_AHEAD_MS),
            WayGoal::Mark | WayGoal::Stage | WayGoal::Alike | WayGoal::Pasted => {
                now > *way.vain_after.get_or_insert(now.plus_millis(LOOK_AHEAD_MS))
            }
            WayGoal::Instant(_) | WayGoal::Place(_) => false,
        }
    }

    /// Does what the user did. All of it, or when something is refused nothing.
    pub fn act(&mut self, statements: Vec<Statement>) -> Result<(), CommandError> {
        let makes = |statement: &Statement| matches!(statement, Statement::Topic(_) | Statement::Client(_));
        if statements.iter().any(makes) {
            self.context = None;
        }
        let (branch, place, stood) = (self.timeline.current(), self.timeline.place(), self.stood());
        self.timeline.act_all(statements)?;
        self.follow_told_to_send();
        self.changed_at(branch, place, stood);
        Ok(())
    }

    /// The same run again with another beginning; see [`Timeline::change_from_start`].
    pub fn change_from_start(&mut self, script: Script, name: &str) -> Result<(), CommandError> {
        self.context = None;
        let (branch, place, stood) = (self.timeline.current(), self.timeline.place(), self.stood());
        self.timeline.change_from_start(script, name)?;
        self.changed_at(branch, place, stood);
        Ok(())
    }

    fn changed_at(&mut self, branch: usize, place: Anchor, (told, followed): (Option<u32>, Option<Followed>)) {
        let is_end = self.lens.ended;
        if self.changes.len() == MAX_CHANGES {
            self.changes.remove(0);
        }
        let change = Change { branch, place, forks: self.timeline.current() != branch };
        self.changes.push(change);
        self.stood.push(Stood { change, told, followed, is_end });
    }

    /// Which event of its move is told, from 0, and what is followed.
    fn stood(&self) -> (Option<u32>, Option<Followed>) {
        let first = self.timeline.moves().first_event(self.timeline.position());
        (self.lens.told.and_then(|told| told.0.checked_sub(first.0)), self.followed().or(self.to_follow.clone()))
    }

    /// Takes the last change back: where it was made, to which the run may still have to go. None when there is no change.
    pub fn undo(&mut self) -> Option<WayGoal> {
        let change = self.changes.pop()?;
        let Change { branch, place, forks } = change;
        self.switch(branch);
        if let Some(stood) = self.stood.pop().filter(|stood| stood.change == change) {
            self.lens.followed = None;
            (self.to_tell, self.to_follow, self.to_end) = (stood.told, stood.followed, stood.is_end);
            self.follow_stored();
        }
        if forks {
            let position = self.timeline.moves().behind(place);
            self.timeline.seek(position);
        } else {
            self.timeline.take_back(place);
        }
        Some(WayGoal::Place(place))
    }

    /// Shows another branch. What was followed is followed there as well, once its producer is made there.
    pub fn switch(&mut self, branch: usize) {
        self.to_follow = self.followed().or(self.to_follow.take());
        self.timeline.switch(branch);
        self.context = None;
        self.lens.told = None;
        self.lens.opened = None;
        self.lens.followed = None;
        self.told_to_send = None;
        self.follow_stored();
    }

    /// What typed lines are read against.
    pub fn context(&mut self) -> ScriptContext {
        let timeline = &self.timeline;
        self.context.get_or_insert_with(|| ScriptContext::after(&timeline.script())).clone()
    }

    /// The run as it is stored, with all its branches.
    pub fn texts(&self) -> Texts {
        self.texts_with(&[])
    }

    /// The same with what will be done next at the place where it stands.
    pub fn texts_with(&self, next: &[Statement]) -> Texts {
        let (kept, shown) = self.timeline.kept_with(next);
        Texts { branches: encode_branches(&kept, shown), state: self.state_text() }
    }

    /// Where the reader stands, as it is stored.
    pub fn state_text(&self) -> String {
        encode_state(&self.state())
    }

    /// The branch that is shown, as a file or a link holds it.
    pub fn shown_text(&self) -> String {
        // What can be taken back are changes of all branches.
        encode(&Stored::alone(self.timeline.script(), ReaderState { changes: Vec::new(), ..self.state() }))
    }

    /// Whether the run with these statements would be too long to be opened again: the lines and bytes of all its branches.
    pub fn too_long_with(&self, next: &[Statement], texts: &Texts) -> Option<(usize, usize)> {
        let branches = self.timeline.branches();
        let of = |branch: &Branch| branch.scenario.lines.len() + branch.commands().len();
        let again = if self.timeline.acts_in_the_past() { of(&branches[self.timeline.current()]) } else { 0 };
        let held = branches.iter().map(of).sum::<usize>() + again + next.len();
        let (lines, bytes) = (texts.branches.matches('\n').count(), texts.branches.len());
        // The lines that open branches are none of the run's.
        let written = lines.saturating_sub(branches.len() + 2);
        let is_too_long = written > MAX_LINES as usize || bytes > MAX_SCRIPT_BYTES;
        if held as u64 > MAX_HELD_LINES {
            return Some((held, bytes));
        }
        is_too_long.then_some((lines, bytes))
    }

    fn state(&self) -> ReaderState {
        let page = self.scenario.iter().map(|of| Property::new("scenario", &of.id)).collect();
        let (told, followed) = self.stood();
        ReaderState { position: Some(self.timeline.place()), told, followed, changes: self.changes.clone(), page }
    }

    /// The followed record by the name of its client. Near the start of a run that may not be made yet.
    fn followed(&self) -> Option<Followed> {
        let record = self.lens.followed?;
        let client = self.timeline.simulation().names().clients().get(usize::from(record.client.0))?.clone();
        Some(Followed { client, number: record.number })
    }

    /// Follows what was followed in the stored run or in another branch, once its producer is here.
    pub fn follow_stored(&mut self) {
        if let Some(Followed { client, number }) = &self.to_follow
            && let Some(client) = self.timeline.simulation().client(client)
        {
            self.lens.followed = Some(RecordId { client: client.id, number: *number });
            self.to_follow = None;
        }
    }

    /// Stands as the reader of a stored run stood, once the way to its place has been gone; says so where that event is not
    /// there.
    pub fn stand_as_stored(&mut self) -> Option<Sentence> {
        self.follow_stored();
        self.lens.ended |= std::mem::take(&mut self.to_end);
        let (told, events) = (self.to_tell.take()?, self.timeline.events().len());
        if told as usize >= events {
            return Some(told_beyond(told, events));
        }
        self.lens.told = Some(EventId(self.timeline.moves().first_event(self.timeline.position()).0 + told));
        None
    }

    pub fn follow(&mut self, record: RecordId) {
        self.to_follow = None;
        self.lens.followed = Some(record);
        self.lens.selected = Selection::Record(record);
    }
}
