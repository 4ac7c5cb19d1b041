//! One line of history: its scenario, its commands, its moves, its checkpoints.

use std::sync::Arc;

use super::State;
use super::index::{Flags, Moves};
use crate::event::Rank;
use crate::script::{Anchor, Line, Script, print_statement};
use crate::simulation::{Command, Simulation, Sink};
use crate::time::Instant;

/// At most so many checkpoints of the branch that is shown.
const CHECKPOINTS: usize = 64;
/// So many of a branch that is not.
const CHECKPOINTS_ASIDE: usize = 4;
/// Moves between checkpoints at first; doubled whenever there are too many.
const SPACING: u64 = 64;

/// A command and where it happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub anchor: Anchor,
    pub command: Command,
}

impl Placed {
    /// At this very place: this instant, after the moves made in it.
    pub(super) fn exact(simulation: &Simulation, command: Command) -> Placed {
        let anchor = Anchor { at: simulation.now().at, moves: Some(simulation.moves_here()) };
        Placed { anchor, command }
    }

    /// Whether the command is the next move of a run that stands here.
    fn is_next(&self, simulation: &Simulation) -> bool {
        let at = self.anchor.at;
        let now = simulation.now().at;
        if simulation.scheduled_at().is_none_or(|next| next > at) {
            return true;
        }
        match self.anchor.moves {
            Some(moves) => now > at || now == at && simulation.moves_here() >= moves,
            None => now >= at,
        }
    }
}

/// The scenario's lines, and the user's commands among them.
pub(super) fn split(script: &Script) -> (Script, Vec<Placed>) {
    let mut scenario = Script { about: script.about.clone(), lines: Vec::new() };
    let mut commands = Vec::new();
    for line in &script.lines {
        match line.anchor {
            Some(anchor) => {
                commands.push(Placed { anchor, command: Command(line.statement.clone()) });
            }
            None => scenario.lines.push(line.clone()),
        }
    }
    (scenario, commands)
}

/// Commands by their instants alone.
pub(super) fn loosely(commands: &[Placed]) -> Vec<Placed> {
    let loosely = |placed: &Placed| Placed {
        anchor: Anchor { at: placed.anchor.at, moves: None },
        command: placed.command.clone(),
    };
    commands.iter().map(loosely).collect()
}

/// One line of history.
#[derive(Clone, Debug)]
pub struct Branch {
    /// What changed, in the grammar's words; none: the first branch.
    pub name: Option<Arc<str>>,
    /// The branch it left, and where.
    pub parent: Option<(usize, Anchor)>,
    pub scenario: Arc<Script>,
    commands: Vec<Placed>,
    /// The number of the move that each command became, for those that have been reached.
    reached: Vec<u64>,
    pub moves: Moves,
    /// How often moves of it were forgotten: what comes in their place may be something else.
    pub(super) forgettings: u32,
    /// With this move it ends, since all branches together hold so many moves then.
    full_at: Option<(u64, u64)>,
    spacing: u64,
    checkpoints: Vec<State>,
}

impl Branch {
    pub(super) fn new(scenario: Arc<Script>, commands: Vec<Placed>, start: &State) -> Branch {
        Branch {
            name: None,
            parent: None,
            scenario,
            commands,
            reached: Vec::new(),
            moves: Moves::default(),
            forgettings: 0,
            full_at: None,
            spacing: SPACING,
            checkpoints: vec![start.clone()],
        }
    }

    /// The commands of this branch in order.
    pub fn commands(&self) -> &[Placed] {
        &self.commands
    }

    /// The command that a move is.
    pub fn command_of(&self, number: u64) -> Option<&Placed> {
        let index = self.reached.binary_search(&number).ok()?;
        self.commands.get(index)
    }

    /// The move that a command became; none of one that has not been reached.
    pub fn move_of_command(&self, index: usize) -> Option<u64> {
        self.reached.get(index).copied()
    }

    /// Checkpoints held now.
    pub fn checkpoints(&self) -> usize {
        self.checkpoints.len()
    }

    /// The next command not made by a run that has made `moves` moves.
    pub(super) fn next_command(&self, moves: u64) -> Option<(usize, &Placed)> {
        let made = self.reached.partition_point(|number| *number <= moves);
        self.commands.get(made).map(|placed| (made, placed))
    }

    fn command_is_next(&self, state: &State) -> Option<usize> {
        let (index, placed) = self.next_command(state.moves)?;
        placed.is_next(&state.simulation).then_some(index)
    }

    /// The instant of the move after `state`.
    pub(super) fn next_at(&self, state: &State) -> Option<Instant> {
        if let Some(index) = self.command_is_next(state) {
            return Some(self.commands[index].anchor.at.max(state.simulation.now().at));
        }
        match self.next_command(state.moves) {
            Some(_) => state.simulation.scheduled_at(),
            None => state.simulation.next_event_at(),
        }
    }

    /// Makes the move after `state`; a new one is added to the index. False when there is none.
    pub(super) fn forward(&mut self, state: &mut State, sink: &mut Sink) -> bool {
        let first_event = state.simulation.next_event();
        let command = self.command_is_next(state);
        if !self.make(command, state, sink) {
            return false;
        }
        state.moves += 1;
        if state.moves > self.moves.len() {
            if command.is_some() {
                self.reached.push(state.moves);
            }
            let flags = flags(command.is_some(), state, sink);
            let at = state.simulation.now().at;
            let alarms = state.observers.alarms(first_event);
            let tally = state.observers.history().tally();
            self.moves.push(at, first_event, flags, &sink.events, &alarms, tally);
            self.checkpoint(state);
        }
        true
    }

    /// Makes a move again, without touching the index.
    pub(super) fn replay(&self, state: &mut State, sink: &mut Sink) -> bool {
        let command = self.command_is_next(state);
        if !self.make(command, state, sink) {
            return false;
        }
        state.moves += 1;
        true
    }

    /// It ends with the move of this number, if it does not end before.
    pub(super) fn end_with(&mut self, number: u64, most: u64) {
        self.full_at.get_or_insert((number, most));
    }

    fn make(&self, command: Option<usize>, state: &mut State, sink: &mut Sink) -> bool {
        if let Some((number, most)) = self.full_at
            && number == state.moves + 1
        {
            state.simulation.ends_with_next_move(most);
        }
        let first_event = state.simulation.next_event();
        match command {
            Some(index) => {
                let placed = &self.commands[index];
                let at = placed.anchor.at.max(state.simulation.now().at);
                let at = state.simulation.scheduled_at().map_or(at, |next| at.min(next));
                // A command of a changed or an old run may not fit any more: it is told, and passed over.
                if let Err(error) = state.simulation.apply(at, &placed.command, sink) {
                    state.simulation.pass_over(&error, sink);
                }
            }
            None => {
                let is_awaited = self.next_command(state.moves).is_some();
                let went = if is_awaited { state.simulation.step_on(sink) } else { state.simulation.step(sink) };
                if !went {
                    return false;
                }
            }
        }
        state.observers.observe(&state.simulation, first_event, &sink.events);
        true
    }

    /// Adds a command as the move of this number.
    pub(super) fn place(&mut self, placed: Placed, number: u64) {
        let made = self.reached.partition_point(|reached| *reached < number);
        self.commands.insert(made, placed);
    }

    fn checkpoint(&mut self, state: &State) {
        if !state.moves.is_multiple_of(self.spacing) {
            return;
        }
        self.checkpoints.push(state.clone());
        if self.checkpoints.len() > CHECKPOINTS {
            self.spacing *= 2;
            let spacing = self.spacing;
            self.checkpoints.retain(|checkpoint| checkpoint.moves.is_multiple_of(spacing));
        }
    }

    /// The nearest state at or before a move.
    pub(super) fn nearest(&self, number: u64) -> &State {
        let i = self.checkpoints.partition_point(|checkpoint| checkpoint.moves <= number);
        &self.checkpoints[i.saturating_sub(1)]
    }

    pub(super) fn thin_for_later(&mut self) {
        let every = self.checkpoints.len().div_ceil(CHECKPOINTS_ASIDE).max(1);
        let mut i = 0;
        self.checkpoints.retain(|_| {
            i += 1;
            (i - 1) % every == 0
        });
    }

    /// The branch that leaves this one behind a move, because of a command.
    pub(super) fn fork(&self, position: u64, left: (usize, Anchor), command: &Command) -> Branch {
        let Command(statement) = command;
        let mut fork = self.clone();
        fork.name = Some(Arc::from(print_statement(statement)));
        fork.parent = Some(left);
        fork.cut(position);
        fork
    }

    /// Forgets what comes after a move, commands too.
    pub(super) fn cut(&mut self, position: u64) {
        let made = self.reached.partition_point(|reached| *reached <= position);
        self.commands.truncate(made);
        self.reached.truncate(made);
        self.truncate(position);
    }

    fn truncate(&mut self, position: u64) {
        if position < self.moves.len() {
            self.forgettings += 1;
        }
        self.moves.truncate(position);
        self.full_at.take_if(|(number, _)| *number > position);
        self.checkpoints.retain(|checkpoint| checkpoint.moves <= position);
    }

    /// Forgets the moves that come after one; not when a command is among them.
    pub(super) fn forget(&mut self, position: u64) {
        if self.reached.last().is_none_or(|reached| *reached <= position) {
            self.truncate(position);
        }
    }

    /// Forgets the commands that stand at a place or after it, and have not been reached.
    pub(super) fn cut_to_come(&mut self, place: Anchor) {
        let order = |anchor: Anchor| (anchor.at, anchor.moves.unwrap_or(0));
        let to_come = &self.commands[self.reached.len()..];
        let before = to_come.iter().take_while(|placed| order(placed.anchor) < order(place)).count();
        self.commands.truncate(self.reached.len() + before);
    }

    /// Whether anything comes after a move: moves that were computed, or commands that were not reached yet.
    pub(super) fn goes_on_after(&self, position: u64) -> bool {
        position < self.moves.len() || self.next_command(position).is_some()
    }

    /// The commands by their instants alone, for a run in which moves may differ.
    pub(super) fn commands_loosely(&self) -> Vec<Placed> {
        loosely(&self.commands)
    }

    /// The scenario's lines, then the commands with their anchors.
    pub(super) fn script(&self) -> Script {
        self.script_of(&self.commands)
    }

    /// The same with the commands alone that were made up to a move.
    pub(super) fn script_up_to(&self, position: u64) -> Script {
        let made = self.reached.partition_point(|reached| *reached <= position);
        self.script_of(&self.commands[..made])
    }

    fn script_of(&self, commands: &[Placed]) -> Script {
        let mut script = Script::clone(&self.scenario);
        let mut number = script.lines.last().map_or(0, |line| line.number);
        for placed in commands {
            number += 1;
            let Command(statement) = &placed.command;
            script.lines.push(Arc::new(Line::made(number, Some(placed.anchor), statement.clone())));
        }
        script
    }
}

fn flags(command: bool, state: &State, sink: &Sink) -> Flags {
    let mut flags = Flags::default();
    if command {
        flags = flags.with(Flags::COMMAND).with(Flags::TELLING);
    }
    for facts in sink.events.iter().map(|event| event.kind.facts()) {
        if facts.rank != Rank::Routine {
            flags = flags.with(Flags::TELLING);
        }
        if facts.fault {
            flags = flags.with(Flags::FAULT);
        }
    }
    if state.observers.alarmed() {
        flags = flags.with(Flags::ALARM);
    }
    flags
}
