//! What the user does to a run, and takes back.

use std::sync::Arc;

use super::Timeline;
use super::branch::Placed;
use crate::script::{Anchor, Statement};
use crate::simulation::{Command, CommandError};

impl Timeline {
    /// Does what the user did, here. In the past it forks: what came after stays as a branch.
    /// Fails, and does nothing, with the sentence for a person when it cannot be done.
    pub fn act(&mut self, command: Command) -> Result<(), CommandError> {
        let Command(statement) = &command;
        self.simulation().check_by_hand(statement)?;
        let position = self.position();
        if self.acts_in_the_past() {
            self.has_room(position + 1)?;
            let left = (self.current, self.place());
            let mut fork = self.branch().fork(position, left, &command);
            fork.name = self.apart.take().or(fork.name);
            self.keep_aside();
            self.branches.push(fork);
            self.current = self.branches.len() - 1;
        }
        let placed = Placed::exact(self.simulation(), command);
        self.branches[self.current].place(placed, position + 1);
        self.forward();
        Ok(())
    }

    /// Does several things one after the other: all of them, or when one is refused nothing.
    /// Fails with the sentence of the one that was refused.
    pub fn act_all(&mut self, statements: Vec<Statement>) -> Result<(), CommandError> {
        let (from, place) = (self.current, self.place());
        for (done, statement) in statements.into_iter().enumerate() {
            if let Err(refused) = self.act(Command(Arc::new(statement))) {
                if done == 0 {
                    // Nothing was done: what comes after this place is there as before.
                } else if self.current == from {
                    self.take_back(place);
                } else {
                    // The first of them made a branch, the newest.
                    self.branches.pop();
                    self.current = from;
                    self.seek_afresh(self.moves().behind(place));
                }
                return Err(refused);
            }
        }
        Ok(())
    }

    /// Goes back to a place and forgets what comes after it on this branch, commands too. When the place has not been
    /// computed yet, to the last move before it.
    pub fn take_back(&mut self, place: Anchor) {
        let position = self.moves().behind(place);
        self.seek(position);
        let is_there = self.moves().place(position) == place;
        let branch = &mut self.branches[self.current];
        if is_there { branch.cut(position) } else { branch.cut_to_come(place) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::{Script, parse};
    use crate::time::Instant;

    fn run(commands: &str) -> Timeline {
        let (script, errors) = parse(&format!("cluster brokers=2\ntopic t\nproducer p\n{commands}"));
        assert_eq!(errors, []);
        let mut timeline = Timeline::new(&script).unwrap();
        timeline.run_until(Instant::from_millis(5000));
        timeline
    }

    /// Two that can be done, and one that cannot any more.
    fn refused_at_last() -> Vec<Statement> {
        let (script, errors) = parse("cluster brokers=2\nproducer q\ncrash broker-2\ncrash broker-2\n");
        assert_eq!(errors, []);
        script.statements().skip(1).map(|line| Statement::clone(&line.statement)).collect()
    }

    fn scripts(timeline: &Timeline) -> Vec<Script> {
        timeline.kept().into_iter().map(|branch| branch.script).collect()
    }

    #[test]
    fn what_is_refused_at_last_leaves_nothing() {
        for back in [0, 40] {
            let mut timeline = run("");
            timeline.seek(timeline.position() - back);
            let before = (timeline.place(), timeline.moves().len(), timeline.events().to_vec(), scripts(&timeline));
            let refused = timeline.act_all(refused_at_last()).unwrap_err();
            assert!(refused.why.en.contains("broker-2 is down"), "{refused:?}");
            let after = (timeline.place(), timeline.moves().len(), timeline.events().to_vec(), scripts(&timeline));
            assert_eq!(after, before);
            assert_eq!(timeline.current(), 0);
            timeline.act_all(refused_at_last()[..2].to_vec()).unwrap();
            assert_eq!(timeline.branches().len(), if back == 0 { 1 } else { 2 });
            assert_eq!(timeline.branch().commands().len(), 2);
        }
    }

    #[test]
    fn what_is_refused_at_once_leaves_what_was_computed() {
        let mut timeline = run("");
        let (end, branches) = (timeline.moves().len(), timeline.branches().len());
        timeline.seek(end - 40);
        let (script, _) = parse("cluster brokers=2\nsleep 5\n");
        let again = script.statements().skip(1).map(|line| Statement::clone(&line.statement)).collect();
        timeline.act_all(again).unwrap_err();
        assert_eq!((timeline.position(), timeline.moves().len(), timeline.branches().len()), (end - 40, end, branches));
    }

    #[test]
    fn branches_hold_so_many_moves_together_and_say_so() {
        let mut timeline = run("consumer c group.id=g\nsubscribe c t\nloop c\n");
        let first = timeline.moves().len();
        timeline.seek(first - 40);
        let mut statements = refused_at_last().into_iter().map(|of| Command(Arc::new(of)));
        timeline.act(statements.next().unwrap()).unwrap();
        timeline.most_held = first + timeline.moves().len() + 10;
        while timeline.forward() {}
        assert_eq!(first + timeline.moves().len(), timeline.most_held);
        let why = timeline.simulation().full().expect("it says why").alone();
        let most = timeline.most_held;
        let plain = |text: &str| text.replace(',', "");
        assert!(plain(&why.en).contains(&format!("have made {most} moves together")), "{why:?}");
        assert!(plain(&why.ko).contains(&format!("최대 {most}번")), "{why:?}");
        // Who comes back to its end sees the same, and who takes something back has room again.
        let (end, events) = (timeline.position(), timeline.events().to_vec());
        timeline.seek(3);
        timeline.seek(end);
        assert_eq!(timeline.events(), events);
        assert!(timeline.simulation().full().is_some());
        timeline.seek(end - 5);
        let refused = timeline.act(statements.next().unwrap()).unwrap_err().alone();
        assert!(plain(&refused.en).contains(&format!("at most {most} are kept")), "{refused:?}");
        assert_eq!(timeline.branches().len(), 2);
        let begun_anew = timeline.change_from_start(timeline.script(), "x").unwrap_err().alone();
        assert!(plain(&begun_anew.ko).contains(&format!("최대 {most}개까지")), "{begun_anew:?}");
        timeline.forget_behind(end - 5);
        for _ in 0..4 {
            assert!(timeline.forward() && timeline.simulation().full().is_none());
        }
        // The other is not at its end, and has no room either.
        timeline.forward();
        timeline.switch(0);
        timeline.seek(first);
        assert!(timeline.forward() && timeline.simulation().full().is_some());
    }

    #[test]
    fn what_lets_time_pass_is_refused_by_hand() {
        for line in ["sleep 1000", "step 5", "run until 5000", "wait sent p", "run until acknowledged p"] {
            let mut timeline = run("");
            let (script, errors) = parse(&format!("cluster brokers=2\nproducer p\n{line}\n"));
            assert_eq!(errors, []);
            let statement = script.statements().last().unwrap().statement.clone();
            let (place, moves) = (timeline.place(), timeline.position());
            let refused = timeline.act(Command(statement)).unwrap_err().alone();
            assert!(refused.en.ends_with("Go to (G) leads to a later time or step."), "{refused:?}");
            assert_eq!((timeline.place(), timeline.position()), (place, moves));
            // In a stored run it is told, and passed over.
            let mut timeline = run(&format!("@4000000 {line}\n"));
            let told = (0..=timeline.moves().len()).any(|number| {
                timeline.seek(number);
                timeline.simulation().passed_over().is_some_and(|error| error.alone() == refused)
            });
            assert!(told, "{line}");
        }
    }

    #[test]
    fn what_is_taken_back_is_gone_before_it_is_reached_too() {
        let mut timeline = run("");
        let place = timeline.place();
        timeline.act_all(refused_at_last()[..1].to_vec()).unwrap();
        timeline.run_until(Instant::from_millis(6000));
        timeline.act_all(refused_at_last()[1..2].to_vec()).unwrap();
        let kept = timeline.kept();
        timeline.take_back(place);
        assert_eq!((timeline.place(), timeline.branch().commands().len()), (place, 0));
        // The same after a reload, when nothing is computed.
        let (mut again, refused) = Timeline::of_kept(&kept, 0).unwrap();
        assert!(refused.is_empty());
        assert_eq!(again.branch().commands().len(), 2);
        again.take_back(place);
        assert_eq!((again.position(), again.branch().commands().len()), (0, 0));
        again.run_until(place.at);
        assert_eq!(again.place(), place);
    }
}
