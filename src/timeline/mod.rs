//! History: moves, checkpoints, seek, forks.
//!
//! A run is a sequence of moves: a command, or else one step. Only commands are stored; everything else is computed
//! again from the nearest checkpoint. Acting in the past forks: the old future stays as a branch.

mod acting;
mod branch;
pub mod digest;
mod index;
mod kept;
mod marks;
mod seeking;
mod story;

use std::sync::Arc;

use crate::event::Event;
use crate::ids::EventId;
use crate::script::{Anchor, MAX_HELD_MOVES, MAX_RUN_MOVES, Script};
use crate::simulation::{CommandError, Observation, Simulation, Sink, no_room_for_branch};
use crate::time::Instant;

pub use crate::invariant::Observers;
pub use branch::{Branch, Placed};
pub use index::{Flags, MessageSpan, Moves};
pub use marks::{Marks, Work, WorkKind};
pub use story::{
    Alike, Begun, Course, Folded, Opened, Reader, Seeker, Step, Steps, Story, Subject, Told, Walker, Worth,
};

/// Moves computed at a time before the user is asked whether to go on.
pub const MOVES_AT_A_TIME: u64 = 2_000_000;
/// Virtual time in which a step looks for something to tell once the script has ended: longer than every timeout of Kafka's
/// defaults, the longest being `connections.max.idle.ms` of 10 minutes.
pub const STEP_AHEAD_MS: u64 = 15 * 60_000;

/// The state after a number of moves, with what watches it.
#[derive(Clone, Debug)]
pub struct State {
    pub simulation: Simulation,
    pub observers: Observers,
    /// How many moves have been made.
    pub moves: u64,
}

impl State {
    fn at_start(mut simulation: Simulation) -> State {
        simulation.keeps_history_of(MAX_RUN_MOVES);
        State { simulation, observers: Observers::default(), moves: 0 }
    }
}

/// How a request to go forward ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Went {
    /// Where it was to go.
    There,
    /// Nothing is scheduled any more.
    Ended,
    /// [`MOVES_AT_A_TIME`] moves were computed on the way.
    TooFar,
}

/// A run with its past and its branches, and a place in it.
#[derive(Clone, Debug)]
pub struct Timeline {
    branches: Vec<Branch>,
    current: usize,
    state: State,
    /// What happened in the move that led here.
    events: Vec<Event>,
    /// Taken in turns with `events`, so that a move needs no room of its own.
    spare: Vec<Event>,
    /// What the moves made here have shown, in order: kept for the transcript, cleared by who reads it.
    observations: Vec<Observation>,
    /// What is done next makes a branch of this name, wherever it is done.
    apart: Option<Arc<str>>,
    /// Moves that all branches may hold together.
    most_held: u64,
}

/// A place where a run stood ([`Timeline::leave`]): what is shared of its state is not copied.
#[derive(Clone, Debug)]
pub struct Stand {
    branch: usize,
    /// How often moves of the branch had been forgotten.
    forgettings: u32,
    state: State,
    events: Vec<Event>,
    observations: Vec<Observation>,
}

impl Timeline {
    /// The start of a run. Lines with an anchor are the user's commands; the others are the scenario. Fails as
    /// [`Simulation::new`] when no cluster can be made of them.
    pub fn new(script: &Script) -> Result<Timeline, CommandError> {
        let (scenario, commands) = branch::split(script);
        let scenario = Arc::new(scenario);
        let simulation = Simulation::new(scenario.clone())?;
        let state = State::at_start(simulation);
        let branch = Branch::new(scenario, commands, &state);
        let (events, spare, observations) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Timeline {
            branches: vec![branch],
            current: 0,
            state,
            events,
            spare,
            observations,
            apart: None,
            most_held: MAX_HELD_MOVES,
        })
    }

    pub const fn state(&self) -> &State {
        &self.state
    }

    pub const fn simulation(&self) -> &Simulation {
        &self.state.simulation
    }

    pub const fn observers(&self) -> &Observers {
        &self.state.observers
    }

    /// The exact place where the run stands.
    pub fn place(&self) -> Anchor {
        Anchor { at: self.simulation().now().at, moves: Some(self.simulation().moves_here()) }
    }

    /// Whether a command here leaves a future behind, so that it makes a branch.
    pub fn acts_in_the_past(&self) -> bool {
        self.apart.is_some() || self.branch().goes_on_after(self.position())
    }

    /// What is done next is tried: it makes a branch of this name, and leaves this one as it is. None: it does not.
    pub fn acts_apart(&mut self, name: Option<Arc<str>>) {
        self.apart = name;
    }

    /// The number of the move that led here; 0 at the start.
    pub const fn position(&self) -> u64 {
        self.state.moves
    }

    /// What happened in the move that led here.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Takes what the moves made since last asked have shown.
    pub fn take_observations(&mut self) -> Vec<Observation> {
        std::mem::take(&mut self.observations)
    }

    pub fn branch(&self) -> &Branch {
        &self.branches[self.current]
    }

    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The index of the branch that is shown.
    pub const fn current(&self) -> usize {
        self.current
    }

    /// The moves of the branch that is shown.
    pub fn moves(&self) -> &Moves {
        &self.branch().moves
    }

    /// Makes the next move, computed before or new. False when there is none: the run stays as it is.
    pub fn forward(&mut self) -> bool {
        let mut sink = Sink { events: std::mem::take(&mut self.spare), observations: Vec::new() };
        sink.events.clear();
        // The only branch has its own limit alone.
        let is_last =
            self.branches.len() > 1 && self.position() == self.moves().len() && self.held_moves() + 1 >= self.most_held;
        let (next, most) = (self.position() + 1, self.most_held);
        let branch = &mut self.branches[self.current];
        if is_last {
            branch.end_with(next, most);
        }
        let went = branch.forward(&mut self.state, &mut sink);
        if went {
            std::mem::swap(&mut self.events, &mut sink.events);
            self.observations.append(&mut sink.observations);
        }
        self.spare = sink.events;
        went
    }

    /// Goes on until `stop` holds after a move, or nothing is scheduled, or too many moves were computed.
    pub fn forward_until(&mut self, mut stop: impl FnMut(&Timeline) -> bool) -> Went {
        for _ in 0..MOVES_AT_A_TIME {
            if !self.forward() {
                return Went::Ended;
            }
            if stop(self) {
                return Went::There;
            }
        }
        Went::TooFar
    }

    /// Lets everything happen that is due at or before an instant.
    pub fn run_until(&mut self, at: Instant) -> Went {
        for _ in 0..MOVES_AT_A_TIME {
            match self.next_at() {
                None => return Went::Ended,
                Some(next) if next > at => return Went::There,
                Some(_) => {
                    self.forward();
                }
            }
        }
        Went::TooFar
    }

    /// The instant of the next move.
    pub fn next_at(&self) -> Option<Instant> {
        self.branch().next_at(&self.state)
    }

    /// To the next move in which the story has a step, where nobody chose a record to follow.
    pub fn step_forward(&mut self) -> Went {
        let last = self.moves().first_event(self.position()).0 + u32::try_from(self.events.len()).unwrap_or(0);
        let mut walker =
            Walker::behind(self.moves().story(), Reader::default(), (self.position(), EventId(last.saturating_sub(1))));
        if let Some(step) = walker.step_on(self.moves().story()) {
            self.seek(step.number);
            return Went::There;
        }
        let before = self.position();
        self.seek(self.moves().len());
        let went = self.forward_until(|timeline| walker.step_on(timeline.moves().story()).is_some());
        if went != Went::There {
            self.seek(before);
        }
        went
    }

    /// To the move before this one in which the story has a step, or the start.
    pub fn step_back(&mut self) {
        let here = (self.position(), EventId(0));
        let to = self.moves().story().step_before(Reader::default(), here, |_| true).map_or(0, |step| step.number);
        self.seek(to);
    }

    /// Moves that all branches hold, each its own.
    fn held_moves(&self) -> u64 {
        self.branches.iter().map(|branch| branch.moves.len()).sum()
    }

    /// Fails with a sentence when a branch that begins with so many moves has no room beside the others.
    fn has_room(&self, moves: u64) -> Result<(), CommandError> {
        let held = self.held_moves();
        if held + moves < self.most_held { Ok(()) } else { Err(no_room_for_branch(held, moves, self.most_held)) }
    }

    /// A branch that is not shown keeps its commands, its moves and a few checkpoints.
    fn keep_aside(&mut self) {
        self.branches[self.current].thin_for_later();
    }

    /// Shows another branch, at the same instant or at its end if it is shorter.
    pub fn switch(&mut self, branch: usize) {
        if branch == self.current || branch >= self.branches.len() {
            return;
        }
        let at = self.state.simulation.now().at;
        self.keep_aside();
        self.current = branch;
        let to = self.moves().last_at(at);
        self.seek_afresh(to);
    }

    /// Adds a branch whose scenario differs from the start, with the same commands at the same instants, and shows it
    /// where the two runs first differ. `name` says what changed. Lines with an anchor take the commands' place.
    /// Fails as [`Simulation::new`], and when there is no room for it; the branch that is shown then stays.
    pub fn change_from_start(&mut self, script: Script, name: &str) -> Result<(), CommandError> {
        self.has_room(1)?;
        let from = self.current;
        let reached = self.state.simulation.now().at;
        let (scenario, given) = branch::split(&script.without_vain_tries());
        let scenario = Arc::new(scenario);
        let simulation = Simulation::new(scenario.clone())?;
        let state = State::at_start(simulation);
        let commands = if given.is_empty() { self.branch().commands_loosely() } else { branch::loosely(&given) };
        self.keep_aside();
        let mut branch = Branch::new(scenario, commands, &state);
        branch.name = Some(Arc::from(name));
        self.branches.push(branch);
        self.current = self.branches.len() - 1;
        self.state = state;
        self.events.clear();
        self.observations.clear();
        self.run_until(reached);
        let differs = self.first_difference(from);
        let left = self.branches[from].moves.place(differs.saturating_sub(1));
        self.branches[self.current].parent = Some((from, left));
        self.seek(differs);
        Ok(())
    }

    /// Whether this branch has another move than the one it was made of, as far as both are computed.
    pub fn differs_from(&self, other: usize) -> bool {
        let differs = self.first_difference(other);
        self.moves().digest(differs) != self.branches[other].moves.digest(differs)
    }

    /// The first move of this branch that another branch does not have.
    fn first_difference(&self, other: usize) -> u64 {
        let (mine, theirs) = (self.moves(), &self.branches[other].moves);
        let shared = mine.len().min(theirs.len());
        let same = |n: u64| mine.at(n) == theirs.at(n) && mine.digest(n) == theirs.digest(n);
        (1..=shared).find(|n| !same(*n)).unwrap_or(shared)
    }

    /// The whole run as one script: the scenario's lines, then the user's commands with their anchors.
    pub fn script(&self) -> Script {
        self.branch().script()
    }
}
