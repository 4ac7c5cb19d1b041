//! What was found, as it is read to say what each client does.

use super::findings::Findings;
use super::found::{FoundPlace, Pause};
use super::gap::{Aside, Gap};
use super::source::Source;
use super::told::ToldOfCode;
use super::way::Rounds;

/// Says of what was found what each client does; it changes nothing of it, and tells what is not carried over.
pub(super) struct ProgramReading<'w, 't, 'a> {
    pub source: &'t Source<'a>,
    pub found: &'w Findings<'t, 'a>,
    pub rounds: &'w Rounds<'a>,
    pub told: &'w mut ToldOfCode<'t, 'a>,
    /// The pauses that became a pace or the work for a record.
    pub used: Vec<bool>,
}

impl ProgramReading<'_, '_, '_> {
    pub fn line(&self, at: usize) -> u32 {
        self.source.place(at).0
    }

    pub fn name_at(&self, at: usize) -> String {
        self.source.word(at).unwrap_or_default().to_owned()
    }

    /// A pause that comes each time round.
    pub fn is_plain(&self, pause: &Pause, round: usize) -> bool {
        let aside = pause.place.aside.is_some_and(|aside| aside != Aside::Finally);
        !aside && !self.rounds.is_conditional(&pause.place, Some(round))
    }

    /// What is told of a call in a loop whose exceptions nothing in the loop catches.
    pub fn ends_loop(&self, place: &FoundPlace, round: usize) -> Option<Gap> {
        let round = &self.rounds[round];
        (round.tries > 0 && place.caught == round.caught).then(|| Gap::EndsLoop { call: self.name_at(place.at) })
    }

    /// Tells of the pauses that became neither a pace nor the work for a record.
    pub fn other_pauses(&mut self) {
        for (i, Pause { ms, place }) in self.found.pauses.iter().enumerate() {
            if self.used[i] {
                continue;
            }
            let call = self.name_at(place.at);
            let round = self.rounds.innermost_of(place);
            let gap = match (place.aside, ms) {
                (Some(aside), _) if aside != Aside::Finally => Gap::Aside { call, aside },
                _ if self.rounds.is_conditional(place, round) => Gap::Conditional { call },
                (_, None) => Gap::PauseNotKnown,
                _ => Gap::Pause,
            };
            self.told.problem(place.at, gap);
        }
    }
}
