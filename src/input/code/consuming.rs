//! What a program reads and commits: which loop polls, what stands in it, what stands elsewhere.

use crate::script::{CommitEvery, CommitMode, Subscription};

use super::super::problem::What;
use super::described::{Consuming, Reads, Seek};
use super::found::{FoundCommit, FoundPoll, To};
use super::gap::{Aside, Gap};
use super::limits::LONGEST_POLL_MS;
use super::reading::ProgramReading;
use super::round::Over;

impl ProgramReading<'_, '_, '_> {
    /// What a client reads and commits.
    pub fn consuming(&mut self, client: usize) -> Option<Consuming> {
        let (found, rounds) = (self.found, self.rounds);
        let polls = || found.polls.iter().filter(|of| of.client == client);
        let mut subscribed = found.subscribed.iter().filter(|of| of.client == client).peekable();
        let commits = found.commits.iter().any(|of| of.client == client);
        if polls().next().is_none() && !commits && subscribed.peek().is_none() {
            self.seeks(client, &mut Reads::NotKnown);
            return None;
        }
        let mut out = Consuming::default();
        let first = subscribed.peek().map(|of| of.place.at);
        for of in subscribed {
            match &of.to {
                Some(_) if Some(of.place.at) != first => {
                    self.told.not_carried(of.place.at, &self.name_at(of.place.at));
                }
                Some(To::Topics(Subscription::Pattern(pattern))) => {
                    let pattern = pattern.to_string();
                    self.told.problem(of.place.at, Gap::Pattern { pattern });
                }
                Some(To::Topics(to)) => out.reads = Reads::Subscribed(to.clone()),
                Some(To::Partitions(all)) => out.reads = Reads::Assigned(all.clone(), Vec::new()),
                None => {}
            }
        }
        self.seeks(client, &mut out.reads);
        let in_loop = polls().find(|of| rounds.innermost_of(&of.place).is_some());
        let main = in_loop.or_else(|| polls().next());
        let round = main.and_then(|main| self.rounds.innermost_of(&main.place));
        if let Some(main) = main {
            out.poll_ms = main.ms.map(|ms| ms.min(LONGEST_POLL_MS));
            if main.ms.is_some_and(|ms| ms > LONGEST_POLL_MS) {
                self.told.problem(main.place.at, Gap::LongPoll);
            }
            match round {
                None => self.told.problem(main.place.at, Gap::PolledOnce),
                Some(round) => {
                    let of = &self.rounds[round];
                    let at = of.leaves_if.or_else(|| (!of.endless).then_some(of.at));
                    if let Some(at) = at {
                        self.told.problem(at, Gap::EndsIf);
                    }
                }
            }
            for other in polls().filter(|of| of.place.at != main.place.at) {
                self.told.problem(other.place.at, Gap::OutsideLoop { call: "poll".to_owned() });
            }
        }
        (out.commit, out.every) = self.commit_of(client, round, main);
        for (i, pause) in found.pauses.iter().enumerate() {
            if round.is_none_or(|round| !pause.place.around.contains(&round)) {
                continue;
            }
            let chain = self.rounds.chain(&pause.place);
            let Some(from) = round.and_then(|round| chain.iter().position(|of| *of == round)) else { continue };
            let round = chain[from];
            let Some(ms) = pause.ms.filter(|_| self.is_plain(pause, round)) else { continue };
            self.used[i] = true;
            let inside = &chain[from + 1..];
            if inside.iter().any(|of| self.rounds[*of].is_for_records()) {
                let Some(times) = self.rounds.times_again(inside) else {
                    self.told.problem(pause.place.at, Gap::PauseNotKnown);
                    continue;
                };
                let us = (u64::from(ms) * 1000).saturating_mul(times);
                out.process_us = out.process_us.saturating_add(us);
                if out.process_us > LONGEST_POLL_MS * 1000 {
                    out.process_us = LONGEST_POLL_MS * 1000;
                    self.told.problem(pause.place.at, Gap::LongPause);
                }
            } else {
                self.told.problem(pause.place.at, Gap::PollPause);
            }
        }
        Some(out)
    }

    /// Positions set before the loop, of partitions assigned by hand: elsewhere nobody knows what is assigned by then.
    fn seeks(&mut self, client: usize, reads: &mut Reads) {
        let first_poll = self.found.polls.iter().position(|poll| poll.client == client);
        for of in self.found.sought.iter().filter(|of| of.client == client) {
            let is_in_loop = self.rounds.innermost_of(&of.place).is_some();
            let is_plain = of.place.aside.is_none() && of.place.conditions == 0 && !is_in_loop;
            let carried = match (&mut *reads, &of.to) {
                (Reads::Assigned(assigned, seeks), Some(seek)) if is_plain => {
                    let is_known = match seek {
                        Seek::To(topic, partition, offset) => {
                            *offset >= 0 && assigned.contains(&(topic.clone(), *partition))
                        }
                        Seek::Beginning(all) | Seek::End(all) => all.iter().all(|of| assigned.contains(of)),
                    };
                    if is_known {
                        seeks.push(seek.clone());
                    }
                    is_known
                }
                _ => false,
            };
            if carried {
                continue;
            }
            let call = self.name_at(of.place.at);
            // A member has no partition before it has polled.
            let is_first = matches!(reads, Reads::Subscribed(_))
                && of.place.aside.is_none_or(|aside| aside == Aside::Finally)
                && !is_in_loop
                && first_poll.is_none_or(|first| first >= of.polls);
            let what: What = match &of.to {
                Some(Seek::Beginning(all)) if is_first && all.is_empty() => {
                    Gap::NothingAssigned { call, reset: "earliest" }.into()
                }
                Some(Seek::End(all)) if is_first && all.is_empty() => {
                    Gap::NothingAssigned { call, reset: "latest" }.into()
                }
                Some(_) if is_first => Gap::NotAssigned { call }.into(),
                _ => What::NotCarried { call },
            };
            self.told.problem(of.place.at, what);
        }
    }

    /// What is told of a commit that loops within the one that polls make; `each`: after each record.
    fn repeated_commit(&self, of: &FoundCommit, inside: &[usize], each: bool, is_polled: bool) -> Option<Gap> {
        let times = self.rounds.times_again(inside);
        let mut rounds = inside.iter().map(|of| &self.rounds[*of]);
        if is_polled && times != Some(1) {
            let in_turn = rounds.any(|round| round.is_again() && round.entered <= of.given_in);
            return Some(if in_turn { Gap::CommitsInTurn { each } } else { Gap::CommitsAgain { times, each } });
        }
        (!each && rounds.any(|of| of.over == Over::Partitions)).then_some(Gap::EachPartition)
    }

    /// What is told of a commit that comes behind every poll, whatever it returned.
    fn empty_commit(&self, of: &FoundCommit, inside: &[usize], round: Option<usize>) -> Option<Gap> {
        let polls = &self.rounds[round?];
        let is_asked = of.place.asked > polls.asked || polls.skips_empty.is_some_and(|turn| turn < of.place.turn);
        // One that ends under a condition may end with the first poll that returns nothing.
        let is_behind_all =
            of.is_whole && !is_asked && polls.endless && inside.iter().all(|of| self.rounds[*of].is_again());
        is_behind_all.then(|| Gap::CommitsEmpty { call: self.name_at(of.place.at) })
    }

    /// Who commits after what: the first commit that stands in the loop decides.
    fn commit_of(
        &mut self,
        client: usize,
        round: Option<usize>,
        poll: Option<&FoundPoll>,
    ) -> (CommitMode, CommitEvery) {
        let every = |each: bool| if each { CommitEvery::Record } else { CommitEvery::Batch };
        if let Some((_, each)) = self.found.spring_commits.iter().find(|(of, _)| *of == client) {
            return (CommitMode::Sync, every(*each));
        }
        let (mut first, mut conditional): (Option<(CommitMode, bool, usize)>, _) = (None, Vec::new());
        for of in self.found.commits.iter().filter(|of| of.client == client) {
            let (at, call) = (of.place.at, self.name_at(of.place.at));
            let chain = self.rounds.chain(&of.place);
            let inside = match round {
                Some(round) => chain.iter().position(|of| *of == round).map(|at| &chain[at + 1..]),
                None => Some(&chain[..]),
            };
            match of.place.aside {
                // The client is made with it.
                Some(Aside::Revoked)
                    if of.mode == CommitMode::Sync && self.found.clients[client].commits_on_revoked =>
                {
                    continue;
                }
                // Within the loop it is done each time.
                Some(Aside::Finally) if inside.is_some() && round.is_some() => {}
                Some(aside) => {
                    self.told.problem(at, Gap::Aside { call, aside });
                    continue;
                }
                None => {}
            }
            let Some(inside) = inside else {
                self.told.problem(at, Gap::OutsideLoop { call });
                continue;
            };
            if self.rounds.is_conditional(&of.place, round) {
                conditional.push((at, call));
                continue;
            }
            if self.rounds.is_never(&of.place) {
                self.told.problem(at, Gap::NoRounds { call });
                continue;
            }
            let each = inside.iter().any(|of| self.rounds[*of].is_for_records());
            if let Some(gap) = self.repeated_commit(of, inside, each, round.is_some()) {
                self.told.problem(at, gap);
            }
            match first {
                None => {
                    first = Some((of.mode, each, at));
                    let early = self.early_commit(of, each, poll, round);
                    let empty = self.empty_commit(of, inside, round);
                    let ends = round
                        .filter(|_| of.mode == CommitMode::Sync)
                        .and_then(|of_poll| self.ends_loop(&of.place, of_poll));
                    for gap in [early, empty, ends].into_iter().flatten() {
                        self.told.problem(at, gap);
                    }
                }
                Some((.., before)) if before == at => {}
                Some((.., before)) => {
                    let first = self.line(before);
                    self.told.problem(at, Gap::SecondCommit { call, first });
                }
            }
        }
        let on_revoked = self.found.clients[client].commits_on_revoked;
        for (at, call) in conditional {
            self.told.problem(
                at,
                if first.is_some() { Gap::Conditional { call } } else { Gap::CommitsIf { call, on_revoked } },
            );
        }
        first.map_or((CommitMode::Auto, CommitEvery::Batch), |(mode, each, _)| (mode, every(each)))
    }
}
