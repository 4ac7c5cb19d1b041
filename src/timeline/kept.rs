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
        // Which commands come before is known by their moves, not by their anchors: those may be instants alone.
        let mut script = self.branch().script_up_to(self.position());
        let mut number = script.lines.last().map_or(0, |line| line.number);
        for (statement, moves) in next.iter().zip(here.moves.unwrap_or(0)..) {
            number += 1;
            let anchor = Some(Anchor { at: here.at, moves: Some(moves) });
            script.lines.push(Arc::new(Line::made(number, anchor, Arc::new(statement.clone()))));
        }
        if !self.acts_in_the_past() {
            kept[self.current].script = script;
            return (kept, self.current);
        }
        let name = self.apart.clone().or_else(|| Some(Arc::from(print_statement(first))));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::parse;
    use crate::simulation::Command;
    use crate::time::Instant;

    fn script(text: &str) -> crate::script::Script {
        let (script, errors) = parse(text);
        assert_eq!(errors, []);
        script
    }

    /// A change from the start leaves commands whose anchors are instants alone; several may stand at one.
    #[test]
    fn what_is_stored_beforehand_is_what_comes_after_a_change_from_the_start_too() {
        let commands = "@50000 send p1 t value=a\n@50000 send p1 t value=b\n@90000 send p1 t value=d\n";
        let scenario = |seed: u32| format!("cluster brokers=1 seed={seed}\ntopic t\nproducer p1\nsleep 1000\n");
        let mut timeline = Timeline::new(&script(&format!("{}{commands}", scenario(1)))).unwrap();
        timeline.run_until(Instant::from_millis(300));
        timeline.change_from_start(script(&scenario(2)), "seed").unwrap();
        timeline.run_until(Instant::from_millis(300));
        let next = script("cluster\nproducer p1\nsend p1 t value=c\nsend p1 t value=e\n");
        let next: Vec<Statement> = next.statements().skip(2).map(|line| Statement::clone(&line.statement)).collect();
        let mut places = 0;
        for position in 0..timeline.moves().len() {
            if !(49_000..100_000).contains(&timeline.moves().at(position).micros()) {
                continue;
            }
            let mut here = timeline.clone();
            here.seek(position);
            let (foreseen, shown) = here.kept_with(&next);
            for statement in &next {
                here.act(Command(Arc::new(statement.clone()))).unwrap();
            }
            assert_eq!((here.kept(), here.current()), (foreseen, shown), "behind move {position}");
            places += 1;
        }
        assert!(places > 2, "{places}");
    }
}
