//! From what was found to the programs of the clients: which loop is the program's, what stands in it, what is left out.

use crate::script::{CommitEvery, CommitMode, SendMode, Subscription};
use crate::sorted::InOrder;

use super::super::problem::{Problem, What};
use super::described::{
    Code, CodeClient, CodeProperty, CodeRecord, Consuming, Producing, Program, Reads, Repeat, Role, Seek,
};
use super::found::{FoundCommit, FoundPlace, FoundPoll, FoundSend, Pause, Sought, Subscribed, To};
use super::gap::{Aside, Gap};
use super::round::{Over, Round};
use super::walk::Walk;

/// Milliseconds: a longer one is no number of a script.
const LONGEST_POLL_MS: u64 = 1 << 53;
/// Between sends of a loop that has neither a pause nor an end.
const NO_PAUSE_MS: u32 = 100;

/// What the clients of a text do, apart from the walk that found it, which tells of it.
struct Done {
    polls: Vec<FoundPoll>,
    commits: Vec<FoundCommit>,
    pauses: Vec<Pause>,
    subscribed: Vec<Subscribed>,
    sought: Vec<Sought>,
}

pub(super) fn of(mut walk: Walk, problems: Vec<Problem>) -> Code {
    walk.problems.extend(problems);
    walk.merge();
    let done = Done {
        polls: std::mem::take(&mut walk.polls),
        commits: std::mem::take(&mut walk.commits),
        pauses: std::mem::take(&mut walk.pauses),
        subscribed: std::mem::take(&mut walk.subscribed),
        sought: std::mem::take(&mut walk.sought),
    };
    let mut clients: Vec<CodeClient> = Vec::new();
    let mut numbers = vec![None; walk.clients.len()];
    let mut used = vec![false; done.pauses.len()];
    for (i, number) in numbers.iter_mut().enumerate() {
        let is_gone = walk.merged[i] != i || walk.factories.contains(&i);
        if is_gone {
            continue;
        }
        let client = walk.clients[i].clone();
        let program = match client.role {
            Role::Producer => walk.producing(i, &done, &mut used).map(Program::Produces),
            Role::Consumer => walk.consuming(i, &done, &mut used).map(Program::Consumes),
        };
        *number = Some(clients.len());
        clients.push(CodeClient {
            role: client.role,
            name: client.name.to_owned(),
            line: walk.source.place(client.at).0,
            program,
            commits_on_revoked: client.commits_on_revoked,
        });
    }
    if !clients.is_empty() {
        walk.other_pauses(&done, &used);
    }
    let properties = walk.properties(&numbers);
    let mut code = Code { properties, clients, problems: walk.problems };
    code.by_auto_commit();
    code
}

impl Code {
    /// A loop that commits nothing by itself leaves it to `enable.auto.commit` of its client.
    fn by_auto_commit(&mut self) {
        for (i, client) in self.clients.iter_mut().enumerate() {
            let Some(Program::Consumes(of)) = &mut client.program else { continue };
            let own = |p: &&CodeProperty| p.client == Some(i) || p.client.is_none() && p.role != Some(Role::Producer);
            let auto = self.properties.iter().filter(own).rfind(|p| p.found.name == "enable.auto.commit");
            if of.commit == CommitMode::Auto && auto.is_some_and(|auto| auto.found.value == "false") {
                of.commit = CommitMode::None;
            }
        }
    }
}

impl Walk<'_, '_> {
    /// A client that is called under a name, and one that is made, are the same when there is no other.
    fn merge(&mut self) {
        self.merged = (0..self.clients.len()).collect();
        for role in [Role::Producer, Role::Consumer] {
            let all = || self.clients.iter().enumerate().filter(|(_, client)| client.role == role);
            let made: Vec<usize> = all().filter(|(_, client)| client.is_made).map(|(i, _)| i).collect();
            // A container of listeners has a client of its own.
            let is_called =
                |of: &super::found::FoundClient| !of.is_made && (of.spring.is_none() || role == Role::Producer);
            let called: Vec<usize> = all().filter(|(_, client)| is_called(client)).map(|(i, _)| i).collect();
            for one in &called {
                let same = made.iter().find(|made| self.clients[**made].name == self.clients[*one].name);
                let only = if let ([made], [_]) = (&made[..], &called[..]) { Some(made) } else { None };
                if let Some(made) = same.or(only) {
                    self.merged[*one] = *made;
                    self.clients[*made].commits_on_revoked |= self.clients[*one].commits_on_revoked;
                }
            }
        }
        let merged = std::mem::take(&mut self.merged);
        self.sends.iter_mut().for_each(|of| of.client = merged[of.client]);
        self.polls.iter_mut().for_each(|of| of.client = merged[of.client]);
        self.commits.iter_mut().for_each(|of| of.client = merged[of.client]);
        self.subscribed.iter_mut().for_each(|of| of.client = merged[of.client]);
        self.sought.iter_mut().for_each(|of| of.client = merged[of.client]);
        self.merged = merged;
        // A text that only makes records is taken for one that sends them.
        if self.sends.is_empty() && !self.records.is_empty() {
            let first = self.records[0].at;
            let client = self.client_named(Role::Producer, "", false, first);
            if client == self.merged.len() {
                self.merged.push(client);
            }
            for (i, record) in self.records.iter().enumerate() {
                let place = record.place.clone();
                self.sends.push(FoundSend { client, record: Some(i), mode: SendMode::FireAndForget, place });
            }
        }
    }

    /// The loops of a place that go round.
    fn chain(&self, place: &FoundPlace) -> Vec<usize> {
        place.around.iter().copied().filter(|number| !self.rounds[*number].leaves).collect()
    }

    fn innermost_of(&self, place: &FoundPlace) -> Option<usize> {
        place.around.iter().rev().copied().find(|number| !self.rounds[*number].leaves)
    }

    /// Whether a place stands under a condition within a loop, or within its program.
    fn is_conditional(&self, place: &FoundPlace, round: Option<usize>) -> bool {
        place.conditions > round.map_or(0, |round| self.rounds[round].conditions)
    }

    fn line(&self, at: usize) -> u32 {
        self.source.place(at).0
    }

    fn name_at(&self, at: usize) -> String {
        self.source.word(at).unwrap_or_default().to_owned()
    }

    fn producing(&mut self, client: usize, done: &Done, used: &mut [bool]) -> Option<Producing> {
        let mut sends: Vec<FoundSend> = self.sends.iter().filter(|of| of.client == client).cloned().collect();
        sends.order_by_key(|of| of.place.at);
        let is_aside = |of: &FoundSend| of.place.aside.is_some_and(|aside| aside != Aside::Finally);
        for send in sends.iter().filter(|of| is_aside(of)) {
            let aside = send.place.aside.unwrap_or(Aside::Caught);
            self.problem(send.place.at, Gap::Aside { call: self.name_at(send.place.at), aside });
        }
        sends.retain(|of| !is_aside(of));
        self.without_rounds(&mut sends);
        self.give_records(&mut sends);
        let is_if = |walk: &Self, of: &FoundSend| walk.is_conditional(&of.place, walk.innermost_of(&of.place));
        let is_written = |walk: &Self, of: &FoundSend| {
            let record = of.record.map(|number| &walk.records[number]);
            record.is_some_and(|record| {
                [&record.key, &record.value].into_iter().flatten().any(|of| !of.value.is_unknown())
            })
        };
        let sure = || sends.iter().filter(|of| !is_if(self, of));
        let main = sure().find(|of| is_written(self, of)).or_else(|| sure().next()).or_else(|| sends.first())?.clone();
        let at = main.place.at;
        if is_if(self, &main) {
            self.problem(at, Gap::SentIf);
        }
        let chain = self.chain(&main.place);
        let record = main.record.map(|number| self.code_record(number, &chain));
        let same = self.others(&sends, &main, &chain, record.as_ref());
        let repeat = self.repeat(&main, &chain, same, done, used);
        Some(Producing { line: self.line(at), mode: main.mode, record, repeat })
    }

    /// What stands in a loop that goes round no time is never sent.
    fn without_rounds(&mut self, sends: &mut Vec<FoundSend>) {
        sends.retain(|of| {
            let is_sent = of.place.around.iter().all(|round| self.rounds[*round].times != Some(0));
            if !is_sent {
                self.problem(of.place.at, Gap::NoRounds { call: self.name_at(of.place.at) });
            }
            is_sent
        });
    }

    /// A send of something that is not known sends what the text makes and nobody sends.
    fn give_records(&self, sends: &mut [FoundSend]) {
        let mut is_sent = vec![false; self.records.len()];
        self.sends.iter().filter_map(|of| of.record).for_each(|number| is_sent[number] = true);
        let mut free = (0..self.records.len()).filter(|number| !is_sent[*number]);
        for send in sends.iter_mut().filter(|of| of.record.is_none()) {
            send.record = free.next();
        }
    }

    /// Tells of the other sends; how often the same is sent.
    fn others(&mut self, sends: &[FoundSend], main: &FoundSend, chain: &[usize], record: Option<&CodeRecord>) -> u64 {
        let mut same = 0;
        let (first, line) = (record.map_or(self.line(main.place.at), |of| of.line), self.line(main.place.at));
        for send in sends {
            let before = self.problems.len();
            let is_here = send.place.at == main.place.at && send.place.around == main.place.around;
            if is_here && send.record.map(|number| self.code_record(number, chain)).as_ref() == record {
                same += 1;
                self.problems.truncate(before);
                continue;
            }
            self.problems.truncate(before);
            let at = send.record.map(|number| self.records[number].at);
            let at =
                at.filter(|at| record.is_some_and(|record| self.source.place(*at) != (record.line, record.column)));
            match at {
                Some(at) => self.problem(at, What::SecondRecord { first }),
                None if send.mode != main.mode => self.problem(send.place.at, Gap::SecondMode { first: line }),
                None => self.problem(send.place.at, What::SecondRecord { first }),
            }
        }
        same.max(1)
    }

    fn repeat(
        &mut self,
        main: &FoundSend,
        chain: &[usize],
        same: u64,
        done: &Done,
        used: &mut [bool],
    ) -> Option<Repeat> {
        let at = main.place.at;
        let Some(inner) = chain.last().copied() else {
            return (same > 1).then_some(Repeat { times: Some(same), ..Repeat::default() });
        };
        let (mut pause_ms, mut outer) = (self.rounds[inner].pace_ms, Vec::new());
        for (pause, is_used) in done.pauses.iter().zip(used.iter_mut()) {
            let Some(round) = self.innermost_of(&pause.place) else { continue };
            if !self.is_plain(pause, round) || !chain.contains(&round) {
                continue;
            }
            let Some(ms) = pause.ms else { continue };
            *is_used = true;
            if round == inner {
                pause_ms = Some(pause_ms.unwrap_or(0).saturating_add(ms));
            } else {
                outer.push(round);
                self.problem(pause.place.at, Gap::OuterPause { ms });
            }
        }
        for round in chain.iter().filter(|round| **round != inner) {
            if let Some(ms) = self.rounds[*round].pace_ms {
                outer.push(*round);
                self.problem(self.rounds[*round].at, Gap::OuterPause { ms });
            }
        }
        let mut chain = chain;
        let endless = |chain: &[usize]| chain.iter().any(|round| self.rounds[*round].is_endless());
        // An endless loop with a pause around one that sends: what the inner one sends, once.
        if let (true, Some(last)) = (endless(chain), chain.iter().rposition(|round| outer.contains(round))) {
            chain = &chain[last + 1..];
        }
        let times = chain.iter().try_fold(1u64, |all, round| self.rounds[*round].rounds()?.checked_mul(all));
        let times = times.map(|times| times.saturating_mul(same).min(LONGEST_POLL_MS));
        // How often a loop within an endless one goes round has to be known.
        let is_known = chain[1.min(chain.len())..].iter().all(|round| self.rounds[*round].rounds().is_some());
        let endless = endless(chain) && (is_known || self.rounds[inner].is_endless());
        if chain.len() > 1 {
            self.problem(at, What::NestedLoops { times });
        }
        if times.is_none() && !endless {
            let line = self.line(at);
            self.problems.push(Problem::new(line, 1, What::TimesNotKnown));
        }
        if endless && pause_ms.is_none() {
            self.problem(at, Gap::NoPause);
            pause_ms = Some(NO_PAUSE_MS);
        }
        Some(Repeat { times: times.filter(|_| !endless), endless, pause_ms })
    }

    /// How often the loops that only do the same again do so in all.
    fn times_again(&self, chain: &[usize]) -> Option<u64> {
        let again = chain.iter().map(|of| &self.rounds[*of]).filter(|of| of.is_again());
        again.map(Round::rounds).try_fold(1u64, |all, times| all.checked_mul(times?))
    }

    /// A pause that comes each time round.
    fn is_plain(&self, pause: &Pause, round: usize) -> bool {
        let aside = pause.place.aside.is_some_and(|aside| aside != Aside::Finally);
        !aside && !self.is_conditional(&pause.place, Some(round))
    }

    fn consuming(&mut self, client: usize, done: &Done, used: &mut [bool]) -> Option<Consuming> {
        let polls = || done.polls.iter().filter(|of| of.client == client);
        let mut subscribed = done.subscribed.iter().filter(|of| of.client == client).peekable();
        let commits = done.commits.iter().any(|of| of.client == client);
        if polls().next().is_none() && !commits && subscribed.peek().is_none() {
            self.seeks(client, done, &mut Reads::NotKnown);
            return None;
        }
        let mut out = Consuming::default();
        let first = subscribed.peek().map(|of| of.place.at);
        for of in subscribed {
            match &of.to {
                Some(_) if Some(of.place.at) != first => {
                    self.problem(of.place.at, What::NotCarried { call: self.name_at(of.place.at) });
                }
                Some(To::Topics(Subscription::Pattern(pattern))) => {
                    let pattern = pattern.to_string();
                    self.problem(of.place.at, Gap::Pattern { pattern });
                }
                Some(To::Topics(to)) => out.reads = Reads::Subscribed(to.clone()),
                Some(To::Partitions(all)) => out.reads = Reads::Assigned(all.clone(), Vec::new()),
                None => {}
            }
        }
        self.seeks(client, done, &mut out.reads);
        let in_loop = polls().find(|of| self.innermost_of(&of.place).is_some());
        let main = in_loop.or_else(|| polls().next());
        let round = main.and_then(|main| self.innermost_of(&main.place));
        if let Some(main) = main {
            out.poll_ms = main.ms.map(|ms| ms.min(LONGEST_POLL_MS));
            if main.ms.is_some_and(|ms| ms > LONGEST_POLL_MS) {
                self.problem(main.place.at, Gap::LongPoll);
            }
            match round {
                None => self.problem(main.place.at, Gap::PolledOnce),
                Some(round) => {
                    let of = &self.rounds[round];
                    let at = of.leaves_if.or_else(|| (!of.endless).then_some(of.at));
                    if let Some(at) = at {
                        self.problem(at, Gap::EndsIf);
                    }
                }
            }
            for other in polls().filter(|of| of.place.at != main.place.at) {
                self.problem(other.place.at, Gap::OutsideLoop { call: "poll".to_owned() });
            }
        }
        (out.commit, out.every) = self.commit_of(client, &done.commits, round);
        for (pause, is_used) in done.pauses.iter().zip(used.iter_mut()) {
            if round.is_none_or(|round| !pause.place.around.contains(&round)) {
                continue;
            }
            let chain = self.chain(&pause.place);
            let Some(from) = round.and_then(|round| chain.iter().position(|of| *of == round)) else { continue };
            let round = chain[from];
            let Some(ms) = pause.ms.filter(|_| self.is_plain(pause, round)) else { continue };
            *is_used = true;
            let inside = &chain[from + 1..];
            if inside.iter().any(|of| self.rounds[*of].is_for_records()) {
                let Some(times) = self.times_again(inside) else {
                    self.problem(pause.place.at, Gap::PauseNotKnown);
                    continue;
                };
                let us = (u64::from(ms) * 1000).saturating_mul(times);
                out.process_us = out.process_us.saturating_add(us);
            } else {
                self.problem(pause.place.at, Gap::PollPause);
            }
        }
        Some(out)
    }

    /// Positions set before the loop, of partitions assigned by hand: elsewhere nobody knows what is assigned by then.
    fn seeks(&mut self, client: usize, done: &Done, reads: &mut Reads) {
        for of in done.sought.iter().filter(|of| of.client == client) {
            let is_in_loop = self.innermost_of(&of.place).is_some();
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
                && !done.polls.iter().take(of.polls).any(|poll| poll.client == client);
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
            self.problem(of.place.at, what);
        }
    }

    /// Who commits after what: the first commit that stands in the loop decides.
    fn commit_of(&mut self, client: usize, commits: &[FoundCommit], round: Option<usize>) -> (CommitMode, CommitEvery) {
        let every = |each: bool| if each { CommitEvery::Record } else { CommitEvery::Batch };
        if let Some((_, each)) = self.spring_commits.iter().find(|(of, _)| *of == client) {
            return (CommitMode::Sync, every(*each));
        }
        let (mut first, mut conditional): (Option<(CommitMode, bool, usize)>, _) = (None, Vec::new());
        for of in commits.iter().filter(|of| of.client == client) {
            let (at, call) = (of.place.at, self.name_at(of.place.at));
            let chain = self.chain(&of.place);
            let inside = match round {
                Some(round) => chain.iter().position(|of| *of == round).map(|at| &chain[at + 1..]),
                None => Some(&chain[..]),
            };
            match of.place.aside {
                Some(Aside::Revoked) if of.mode == CommitMode::Sync => {
                    self.clients[client].commits_on_revoked = true;
                    continue;
                }
                // Within the loop it is done each time.
                Some(Aside::Finally) if inside.is_some() && round.is_some() => {}
                Some(aside) => {
                    self.problem(at, Gap::Aside { call, aside });
                    continue;
                }
                None => {}
            }
            let Some(inside) = inside else {
                self.problem(at, Gap::OutsideLoop { call });
                continue;
            };
            if self.is_conditional(&of.place, round) {
                conditional.push((at, call));
                continue;
            }
            let mut of_inside = inside.iter().map(|of| &self.rounds[*of]);
            let each = of_inside.clone().any(Round::is_for_records);
            let gap = if round.is_some() && of_inside.clone().any(Round::is_again) {
                Some(Gap::CommitsAgain { times: self.times_again(inside), each })
            } else if !each && of_inside.any(|of| of.over == Over::Partitions) {
                Some(Gap::EachPartition)
            } else {
                None
            };
            if let Some(gap) = gap {
                self.problem(at, gap);
            }
            match first {
                None => first = Some((of.mode, each, at)),
                Some((.., before)) if before == at => {}
                Some((.., before)) => {
                    let first = self.line(before);
                    self.problem(at, Gap::SecondCommit { call, first });
                }
            }
        }
        for (at, call) in conditional {
            self.problem(at, if first.is_some() { Gap::Conditional { call } } else { Gap::CommitsIf { call } });
        }
        first.map_or((CommitMode::Auto, CommitEvery::Batch), |(mode, each, _)| (mode, every(each)))
    }

    /// The pauses that became neither a pace nor the work for a record.
    fn other_pauses(&mut self, done: &Done, used: &[bool]) {
        for (Pause { ms, place }, _) in done.pauses.iter().zip(used).filter(|(_, is_used)| !**is_used) {
            let call = self.name_at(place.at);
            let round = self.innermost_of(place);
            let gap = match (place.aside, ms) {
                (Some(aside), _) if aside != Aside::Finally => Gap::Aside { call, aside },
                _ if self.is_conditional(place, round) => Gap::Conditional { call },
                (_, None) => Gap::PauseNotKnown,
                _ => Gap::Pause,
            };
            self.problem(place.at, gap);
        }
    }
}
