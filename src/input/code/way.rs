//! Where a walk is: the loops around its place, the conditions, and what is not the way of a program that goes well.

use super::found::FoundPlace;
use super::gap::Aside;
use super::round::{Over, Round};

/// The loops of a program, each by its number.
pub(super) struct Rounds<'a>(Vec<Round<'a>>);

/// The loops that were entered, and of the place where the walk is those around it and under how many conditions it stands.
pub(super) struct WalkWay<'a> {
    /// Every loop that was entered.
    pub rounds: Rounds<'a>,
    /// Those around this place, the outermost first.
    around: Vec<usize>,
    conditions: u32,
    aside: Option<Aside>,
    /// Questions around this place whether a poll returned something.
    asked: u32,
    /// `try` around this place, and those of them with a `catch`.
    tries: u32,
    caught: u32,
    /// Places that were asked for.
    turns: u32,
}

impl<'a> Rounds<'a> {
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    pub fn push(&mut self, round: Round<'a>) {
        self.0.push(round);
    }

    /// The loops of a place that go round.
    pub fn chain(&self, place: &FoundPlace) -> Vec<usize> {
        place.around.iter().copied().filter(|number| !self[*number].leaves).collect()
    }

    pub fn innermost_of(&self, place: &FoundPlace) -> Option<usize> {
        place.around.iter().rev().copied().find(|number| !self[*number].leaves)
    }

    /// Whether a place stands in a loop that goes round no time.
    pub fn is_never(&self, place: &FoundPlace) -> bool {
        place.around.iter().any(|number| self[*number].times == Some(0))
    }

    /// Whether a place stands under a condition within a loop, or within its program.
    pub fn is_conditional(&self, place: &FoundPlace, round: Option<usize>) -> bool {
        place.conditions > round.map_or(0, |round| self[round].conditions)
    }

    /// How often the loops that only do the same again do so in all.
    pub fn times_again(&self, chain: &[usize]) -> Option<u64> {
        let again = chain.iter().map(|of| &self[*of]).filter(|of| of.is_again());
        again.map(Round::rounds).try_fold(1u64, |all, times| all.checked_mul(times?))
    }
}

impl<'a> std::ops::Index<usize> for Rounds<'a> {
    type Output = Round<'a>;

    fn index(&self, number: usize) -> &Round<'a> {
        &self.0[number]
    }
}

impl<'a> std::ops::IndexMut<usize> for Rounds<'a> {
    fn index_mut(&mut self, number: usize) -> &mut Round<'a> {
        &mut self.0[number]
    }
}

impl<'a> WalkWay<'a> {
    pub const fn new() -> WalkWay<'a> {
        WalkWay {
            rounds: Rounds(Vec::new()),
            around: Vec::new(),
            conditions: 0,
            aside: None,
            asked: 0,
            tries: 0,
            caught: 0,
            turns: 0,
        }
    }

    pub fn place(&mut self, at: usize) -> FoundPlace {
        self.turns += 1;
        let (around, conditions, aside) = (self.around.clone(), self.conditions, self.aside);
        FoundPlace { at, around, conditions, asked: self.asked, caught: self.caught, aside, turn: self.turns }
    }

    /// Goes into a loop, which [`WalkWay::leave`] leaves.
    pub fn enter(&mut self, round: Round<'a>) {
        self.around.push(self.rounds.len());
        self.rounds.push(Round { asked: self.asked, tries: self.tries, caught: self.caught, ..round });
    }

    /// Goes into a loop that was entered before, for what it made.
    pub fn enter_again(&mut self, number: usize) {
        self.around.push(number);
    }

    /// Leaves the innermost loop.
    pub fn leave(&mut self) {
        self.around.pop();
    }

    /// How many loops are around this place.
    pub const fn depth(&self) -> usize {
        self.around.len()
    }

    /// Under how many conditions this place stands.
    pub const fn conditions(&self) -> u32 {
        self.conditions
    }

    /// What stands behind this place in the same block stands under one condition more.
    pub fn add_condition(&mut self) {
        self.conditions += 1;
    }

    /// Behind a condition, or a block: so many are around this place again.
    pub fn end_conditions(&mut self, before: u32) {
        self.conditions = before;
    }

    /// Goes one way of a question whether a poll returned something, which [`WalkWay::answered`] ends.
    pub fn ask(&mut self) {
        self.asked += 1;
    }

    pub fn answered(&mut self) {
        self.asked -= 1;
    }

    /// What stands behind this place in the innermost loop is done only when the poll returned something.
    pub fn skip_empty(&mut self) {
        let turn = self.turns;
        if let Some(round) = self.innermost() {
            round.skips_empty = round.skips_empty.or(Some(turn));
        }
    }

    /// Goes into a `try`, which [`WalkWay::end_try`] leaves.
    pub fn begin_try(&mut self, has_catch: bool) {
        self.tries += 1;
        self.caught += u32::from(has_catch);
    }

    pub fn end_try(&mut self, has_catch: bool) {
        self.tries -= 1;
        self.caught -= u32::from(has_catch);
    }

    pub const fn aside(&self) -> Option<Aside> {
        self.aside
    }

    /// Goes aside, or back; gives where the walk was before.
    pub fn go_aside(&mut self, aside: Option<Aside>) -> Option<Aside> {
        std::mem::replace(&mut self.aside, aside)
    }

    pub fn innermost(&mut self) -> Option<&mut Round<'a>> {
        let last = *self.around.last()?;
        Some(&mut self.rounds[last])
    }

    /// The innermost loop around this place that goes round for that.
    pub fn innermost_over(&self, over: Over) -> Option<&Round<'a>> {
        self.around.iter().rev().map(|of| &self.rounds[*of]).find(|of| of.over == over)
    }

    /// `break` or `return`; `of_frame` loops are around the method or lambda it stands in.
    pub fn jump(&mut self, word: &str, at: usize, of_frame: usize) {
        // What a `catch` does is not the way of a program that goes well.
        if self.aside.is_some() || self.around.len() <= of_frame {
            return;
        }
        let here = (self.conditions, self.asked);
        let all = match word {
            "break" => self.around.len() - 1,
            "return" => of_frame,
            _ => return,
        };
        for (i, number) in self.around[all..].iter().rev().enumerate() {
            let round = &mut self.rounds[*number];
            if i == 0 && (round.conditions, round.asked) == here {
                round.leaves = round.leaves_if.is_none();
            } else if !round.leaves {
                round.leaves_if = round.leaves_if.or(Some(at));
            }
        }
    }

    /// `sent = true` in a `while (!sent)`.
    pub fn leave_by_flag(&mut self, name: &str, so: bool) {
        let here = (self.conditions, self.asked);
        if self.aside.is_some() {
            return;
        }
        let Some(round) = self.innermost().filter(|round| round.flag == Some((name, so))) else { return };
        if (round.conditions, round.asked) == here {
            round.leaves = true;
        } else {
            round.leaves_if = round.leaves_if.or(Some(round.at));
        }
    }
}
