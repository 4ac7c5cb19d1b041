//! All branches of a run, as they are stored and as they come back.

use std::sync::Arc;

use super::branch::{Branch, split};
use super::{State, Timeline};
use crate::script::stored::StoredBranch;
use crate::script::{Anchor, Line, Statement, print_statement};
use crate::simulation::{CommandError, Simulation};

impl Timeline {
    /// All branches with their scripts, in the order in which they were made.
    pub fn kept(&self) -> Vec<StoredBranch> {
        let kept = |branch: &Branch| StoredBranch {
            name: branch.name.clone(),
            parent: branch.parent,
            script: branch.script(),
        };
        self.branches.iter().map(kept).collect()
    }

    /// The same as it will be when these statements have been done here, and which branch is shown then.
    pub fn kept_with(&self, next: &[Statement]) -> (Vec<StoredBranch>, usize) {
        let mut kept = self.kept();
        let Some(first) = next.first() else { return (kept, self.current) };
        let here = self.place();
        let order = |anchor: Anchor| (anchor.at, anchor.moves.unwrap_or(0));
        let mut script = kept[self.current].script.clone();
        if self.acts_in_the_past() {
            script.lines.retain(|line| line.anchor.is_none_or(|anchor| order(anchor) < order(here)));
        }
        let mut number = script.lines.last().map_or(0, |line| line.number);
        for (statement, moves) in next.iter().zip(here.moves.unwrap_or(0)..) {
            number += 1;
            script.lines.push(Line::made(number, Some(Anchor { at: here.at, moves: Some(moves) }), statement.clone()));
        }
        if !self.acts_in_the_past() {
            kept[self.current].script = script;
            return (kept, self.current);
        }
        let name = Some(Arc::from(print_statement(first)));
        kept.push(StoredBranch { name, parent: Some((self.current, here)), script });
        let shown = kept.len() - 1;
        (kept, shown)
    }

    /// The start of the branch that is shown, with the others beside it. A branch that no cluster can be made of is told
    /// by its index, and stays as a copy of the shown one's start, so that the indices of the others hold.
    pub fn of_kept(
        kept: &[StoredBranch],
        shown: usize,
    ) -> Result<(Timeline, Vec<(usize, CommandError)>), CommandError> {
        let mut timeline = Timeline::new(&kept[shown].script)?;
        let mut refused = Vec::new();
        let mut branches = Vec::new();
        for (index, stored) in kept.iter().enumerate() {
            let (scenario, commands) = split(&stored.script);
            let scenario = Arc::new(scenario);
            let mut branch = match Simulation::new(scenario.clone()) {
                Ok(simulation) => Branch::new(scenario, commands, &State::at_start(simulation)),
                Err(error) => {
                    refused.push((index, error));
                    let shown = timeline.branch().scenario.clone();
                    Branch::new(shown, Vec::new(), &State::at_start(timeline.simulation().clone()))
                }
            };
            (branch.name, branch.parent) = (stored.name.clone(), stored.parent);
            branches.push(branch);
        }
        timeline.branches = branches;
        timeline.current = shown;
        Ok((timeline, refused))
    }
}
