//! Going anywhere in a run that has been computed.

use super::{Stand, State, Timeline, Went};
use crate::event::Event;
use crate::ids::{EventId, Names};
use crate::simulation::Sink;
use crate::time::Instant;

impl Timeline {
    /// Goes to the place behind a move; beyond the last computed one, to that one. What is seen there equals the first visit.
    pub fn seek(&mut self, to: u64) {
        let to = to.min(self.moves().len());
        if to == self.position() {
            return;
        }
        // The last move is made again even where a checkpoint has its outcome: its events are wanted.
        let nearest = self.branch().nearest(to.saturating_sub(1)).moves;
        if to < self.position() || nearest > self.position() {
            self.seek_afresh(to);
            return;
        }
        self.replay_to(to);
    }

    /// The same, not from where the run stands.
    pub(super) fn seek_afresh(&mut self, to: u64) {
        let to = to.min(self.moves().len());
        self.state = self.branch().nearest(to.saturating_sub(1)).clone();
        self.events.clear();
        self.observations.clear();
        self.replay_to(to);
    }

    fn replay_to(&mut self, to: u64) {
        let mut sink = Sink::default();
        while self.state.moves < to {
            sink.events.clear();
            sink.observations.clear();
            let made = self.branches[self.current].replay(&mut self.state, &mut sink);
            assert!(made, "a move that was made can be made again");
        }
        self.events = sink.events;
    }

    /// Forgets the moves behind one that were computed in vain, unless the reader stands there or a command is among them.
    pub fn forget_behind(&mut self, number: u64) {
        if self.position() <= number {
            self.branches[self.current].forget(number);
        }
    }

    /// Leaves the place where the run stands, to stand there again without the way being made again. What was observed there
    /// goes with it.
    pub fn leave(&mut self) -> Stand {
        let observations = std::mem::take(&mut self.observations);
        let (branch, forgettings) = (self.current, self.branch().forgettings);
        Stand { branch, forgettings, state: self.state.clone(), events: self.events.clone(), observations }
    }

    /// Stands there again. False, and stays, when that is in another branch, or when moves of it were forgotten meanwhile: others
    /// may have come in their place.
    pub fn stand_again(&mut self, stand: Stand) -> bool {
        let Stand { branch, forgettings, state, events, observations } = stand;
        if branch != self.current || forgettings != self.branch().forgettings {
            return false;
        }
        (self.state, self.events, self.observations) = (state, events, observations);
        true
    }

    /// Goes to the last move at or before an instant, computing what is missing.
    pub fn seek_instant(&mut self, at: Instant) -> Went {
        let computed = self.moves().len();
        if self.moves().at(computed) > at {
            let to = self.moves().last_at(at);
            self.seek(to);
            return Went::There;
        }
        self.seek(computed);
        self.run_until(at)
    }

    /// The events of the moves `from` to `to`, each with the number of its move, derived again.
    pub fn events_of(&self, from: u64, to: u64) -> Vec<(u64, Event)> {
        let to = to.min(self.moves().len());
        let from = from.max(1);
        if from > to {
            return Vec::new();
        }
        let mut state = self.branch().nearest(from - 1).clone();
        let mut sink = Sink::default();
        let mut found = Vec::new();
        while state.moves < to {
            sink.events.clear();
            sink.observations.clear();
            assert!(self.branch().replay(&mut state, &mut sink), "a move that was made can be made again");
            if state.moves >= from {
                found.extend(sink.events.iter().map(|event| (state.moves, *event)));
            }
        }
        found
    }

    /// The events of a move, derived again, with the names that are known once it has happened: what lies ahead may speak of
    /// some that nobody knows here. None where no such move has been computed.
    pub fn at_move<T>(&self, number: u64, read: impl FnOnce(&[Event], &Names) -> T) -> Option<T> {
        if number == 0 || number > self.moves().len() {
            return None;
        }
        let mut state = self.branch().nearest(number - 1).clone();
        let mut sink = Sink::default();
        while state.moves < number {
            sink.events.clear();
            sink.observations.clear();
            assert!(self.branch().replay(&mut state, &mut sink), "a move that was made can be made again");
        }
        Some(read(&sink.events, state.simulation.names()))
    }

    /// The event with this number on this branch, derived again.
    pub fn event(&self, id: EventId) -> Option<Event> {
        self.events_with(&[id]).pop().map(|(_, event)| event)
    }

    /// The events with these numbers, which ascend, each with the number of its move, derived again. What lies between two
    /// of them is made again only where no checkpoint spares it.
    pub fn events_with(&self, ids: &[EventId]) -> Vec<(u64, Event)> {
        let mut found = Vec::new();
        let mut sink = Sink::default();
        let mut state: Option<State> = None;
        for id in ids {
            let Some(number) = self.moves().move_of(*id) else { continue };
            let nearest = self.branch().nearest(number - 1);
            let mut at = match state.take() {
                Some(at) if at.moves >= nearest.moves && at.moves <= number => at,
                _ => nearest.clone(),
            };
            while at.moves < number {
                sink.events.clear();
                sink.observations.clear();
                assert!(self.branch().replay(&mut at, &mut sink), "a move that was made can be made again");
            }
            let place = id.0 - self.moves().first_event(number).0;
            found.extend(sink.events.get(place as usize).map(|event| (number, *event)));
            state = Some(at);
        }
        found
    }
}
