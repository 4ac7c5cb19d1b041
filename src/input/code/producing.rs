//! What a program sends: which of its sends, how often and how.

use crate::script::{MAX_COUNT, SendMode};
use crate::sorted::InOrder;

use super::super::problem::{Problem, What};
use super::described::{CodeRecord, Producing, Repeat};
use super::found::FoundSend;
use super::gap::{Aside, Gap};
use super::limits::LONGEST_POLL_MS;
use super::reading::ProgramReading;

/// Between sends of a loop that has neither a pause nor an end.
const NO_PAUSE_MS: u32 = 100;

impl ProgramReading<'_, '_, '_> {
    /// What a client sends.
    pub fn producing(&mut self, client: usize) -> Option<Producing> {
        let mut sends: Vec<FoundSend> = self.found.sends.iter().filter(|of| of.client == client).cloned().collect();
        sends.order_by_key(|of| of.place.at);
        let is_aside = |of: &FoundSend| of.place.aside.is_some_and(|aside| aside != Aside::Finally);
        for send in sends.iter().filter(|of| is_aside(of)) {
            let aside = send.place.aside.unwrap_or(Aside::Caught);
            self.told.problem(send.place.at, Gap::Aside { call: self.name_at(send.place.at), aside });
        }
        sends.retain(|of| !is_aside(of));
        self.without_rounds(&mut sends);
        self.give_records(&mut sends);
        let is_if =
            |this: &Self, of: &FoundSend| this.rounds.is_conditional(&of.place, this.rounds.innermost_of(&of.place));
        let is_written = |this: &Self, of: &FoundSend| {
            let record = of.record.map(|number| &this.found.records[number]);
            record.is_some_and(|record| {
                [&record.key, &record.value].into_iter().flatten().any(|of| !of.value.is_unknown())
            })
        };
        let sure = || sends.iter().filter(|of| !is_if(self, of));
        let main = sure().find(|of| is_written(self, of)).or_else(|| sure().next()).or_else(|| sends.first())?.clone();
        let at = main.place.at;
        if is_if(self, &main) {
            self.told.problem(at, Gap::SentIf);
        }
        let chain = self.rounds.chain(&main.place);
        let round = chain.last().filter(|_| main.mode == SendMode::Sync);
        if let Some(gap) = round.and_then(|round| self.ends_loop(&main.place, *round)) {
            self.told.problem(at, gap);
        }
        let record = main.record.map(|number| self.code_record(number, &chain));
        let same = self.others(&sends, &main, &chain, record.as_ref());
        let repeat = self.repeat(&main, &chain, same);
        Some(Producing { line: self.line(at), mode: main.mode, record, repeat })
    }

    /// What stands in a loop that goes round no time is never sent.
    fn without_rounds(&mut self, sends: &mut Vec<FoundSend>) {
        sends.retain(|of| {
            let is_sent = !self.rounds.is_never(&of.place);
            if !is_sent {
                self.told.problem(of.place.at, Gap::NoRounds { call: self.name_at(of.place.at) });
            }
            is_sent
        });
    }

    /// A send of something that is not known sends what the text makes and nobody sends.
    fn give_records(&self, sends: &mut [FoundSend]) {
        let mut is_sent = vec![false; self.found.records.len()];
        self.found.sends.iter().filter_map(|of| of.record).for_each(|number| is_sent[number] = true);
        let mut free = (0..self.found.records.len()).filter(|number| !is_sent[*number]);
        for send in sends.iter_mut().filter(|of| of.record.is_none()) {
            send.record = free.next();
        }
    }

    /// Tells of the other sends; how often the same is sent.
    fn others(&mut self, sends: &[FoundSend], main: &FoundSend, chain: &[usize], record: Option<&CodeRecord>) -> u64 {
        let mut same = 0;
        let (first, line) = (record.map_or(self.line(main.place.at), |of| of.line), self.line(main.place.at));
        for send in sends {
            let before = self.told.problems.len();
            let is_here = send.place.at == main.place.at && send.place.around == main.place.around;
            if is_here && send.record.map(|number| self.code_record(number, chain)).as_ref() == record {
                same += 1;
                self.told.problems.truncate(before);
                continue;
            }
            self.told.problems.truncate(before);
            let at = send.record.map(|number| self.found.records[number].at);
            let at =
                at.filter(|at| record.is_some_and(|record| self.source.place(*at) != (record.line, record.column)));
            match at {
                Some(at) => self.told.problem(at, What::SecondRecord { first }),
                None if send.mode != main.mode => self.told.problem(send.place.at, Gap::SecondMode { first: line }),
                None => self.told.problem(send.place.at, What::SecondRecord { first }),
            }
        }
        same.max(1)
    }

    fn repeat(&mut self, main: &FoundSend, chain: &[usize], same: u64) -> Option<Repeat> {
        let at = main.place.at;
        let Some(inner) = chain.last().copied() else {
            return (same > 1).then_some(Repeat { times: Some(same), ..Repeat::default() });
        };
        let (mut pause_ms, mut outer) = (self.rounds[inner].pace_ms, Vec::new());
        for (i, pause) in self.found.pauses.iter().enumerate() {
            let Some(round) = self.rounds.innermost_of(&pause.place) else { continue };
            if !self.is_plain(pause, round) || !chain.contains(&round) {
                continue;
            }
            let Some(ms) = pause.ms else { continue };
            self.used[i] = true;
            if round == inner {
                pause_ms = Some(pause_ms.unwrap_or(0).saturating_add(ms));
            } else {
                outer.push(round);
                self.told.problem(pause.place.at, Gap::OuterPause { ms });
            }
        }
        for round in chain.iter().filter(|round| **round != inner) {
            if let Some(ms) = self.rounds[*round].pace_ms {
                outer.push(*round);
                self.told.problem(self.rounds[*round].at, Gap::OuterPause { ms });
            }
        }
        let mut chain = chain;
        let rounds = self.rounds;
        let endless = |chain: &[usize]| chain.iter().any(|round| rounds[*round].is_endless());
        // An endless loop with a pause around one that sends: what the inner one sends, once.
        if let (true, Some(last)) = (endless(chain), chain.iter().rposition(|round| outer.contains(round))) {
            chain = &chain[last + 1..];
        }
        let times = chain.iter().try_fold(same, |all, round| Some(self.rounds[*round].rounds()?.saturating_mul(all)));
        // How often a loop within an endless one goes round has to be known.
        let is_known = chain[1.min(chain.len())..].iter().all(|round| self.rounds[*round].rounds().is_some());
        let endless = endless(chain) && (is_known || self.rounds[inner].is_endless());
        if chain.len() > 1 {
            self.told.problem(at, What::NestedLoops { times: times.map(|times| times.min(MAX_COUNT)) });
        }
        if times.is_none() && !endless {
            let line = self.line(at);
            self.told.problems.push(Problem::new(line, 1, What::TimesNotKnown));
        }
        if let Some(times) = times.filter(|times| *times > MAX_COUNT && !endless) {
            self.told.problem(self.rounds[inner].at, Gap::ManyTimes { times });
        }
        if pause_ms.is_some_and(|ms| u64::from(ms) > LONGEST_POLL_MS) {
            self.told.problem(self.rounds[inner].at, Gap::LongPause);
        }
        if endless && pause_ms.is_none() {
            self.told.problem(at, Gap::NoPause);
            pause_ms = Some(NO_PAUSE_MS);
        }
        Some(Repeat { times: times.filter(|_| !endless), endless, pause_ms })
    }
}
