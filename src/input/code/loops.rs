//! Loops: how often they go round, what they count, and how they are left.

use super::found::{Handled, Pause};
use super::round::{Over, Round};
use super::tree::{Do, Expr, Head, Kind, Loop, Method, Stmt};
use super::value::Value;
use super::walk::Walk;

impl<'t, 'a> Walk<'t, 'a> {
    pub fn in_round<R>(&mut self, round: Round<'a>, walk: impl FnOnce(&mut Self) -> R) -> R {
        self.enter(round);
        let out = walk(self);
        self.way.leave();
        out
    }

    /// Goes into a loop, which `way.leave()` leaves.
    pub fn enter(&mut self, round: Round<'a>) {
        self.names.scopes.loops += 1;
        let (number, place) = (self.way.rounds.len(), self.way.place(round.at));
        self.found.handled.push(Handled { round: Some(number), place });
        self.way.enter(Round { entered: self.names.scopes.loops, ..round });
    }

    pub fn round(&mut self, of: &'t Loop<'a>) {
        self.scoped(|walk| match &of.head {
            Head::For { first, condition, step } => walk.counted(of, first, condition.as_ref(), step),
            Head::Each { names, of: list } => walk.each(of, names, list),
            Head::While(condition) | Head::DoWhile(condition) => walk.while_loop(of, condition),
        });
    }

    /// Names that the loop assigns to have another value each time.
    fn vary(&mut self, (from, to): (u32, u32)) {
        let assigned = &self.tree.assigned[from as usize..to as usize];
        let next = self.names.scopes.loops + 1;
        for (name, _) in assigned {
            let Some(slot) = self.names.slot(name) else { continue };
            slot.since = next;
            if slot.value.is_scalar() {
                slot.value = Value::Unknown;
            }
        }
    }

    /// What is called again and again assigns likewise.
    pub fn vary_in(&mut self, of: &Value<'t, 'a>) {
        if let Value::Lambda(lambda) = of {
            self.vary(lambda.assigned);
        }
    }

    /// How often a name is assigned to in a loop, if each is a step of one.
    fn steps(&self, name: &str, (from, to): (u32, u32)) -> Option<usize> {
        let mut of_name = self.tree.assigned[from as usize..to as usize].iter().filter(|(other, _)| *other == name);
        let count = of_name.clone().count();
        of_name.all(|(_, is_one)| *is_one).then_some(count)
    }

    fn counted(
        &mut self,
        of: &'t Loop<'a>,
        first: &'t [Stmt<'a>],
        condition: Option<&'t Expr<'a>>,
        step: &'t [Expr<'a>],
    ) {
        self.statements(first);
        let at = of.body.first().map_or(0, |of| of.at as usize);
        let mut round = Round::at(condition.map_or(at, |of| of.from as usize), self.way.conditions());
        round.endless = condition.is_none();
        round.flag = condition.and_then(flag_of);
        round.over = condition.map_or(Over::Other, |condition| self.over_while(condition));
        let name = first.iter().find_map(|of| match &of.kind {
            Do::Local { name, .. } => Some(*name),
            Do::Expr(Expr { kind: Kind::Assign("=", name, _), .. }) => name.name(),
            _ => None,
        });
        let begins = name.and_then(|name| self.names.lookup(name)).and_then(|value| value.number());
        let by_one = matches!(step, [Expr { kind: Kind::Step(..), .. }]);
        let mut counts = false;
        if let (Some(condition), Some(name), Some(begins)) = (condition, name, begins) {
            // The step itself is assigned to, and a first value without a type.
            let is_assigned = matches!(first, [Stmt { kind: Do::Expr(_), .. }]);
            let assigned = &self.tree.assigned[of.assigned.0 as usize..of.assigned.1 as usize];
            let count = assigned.iter().filter(|(other, _)| *other == name).count();
            if by_one && count == 1 + usize::from(is_assigned) {
                let down = matches!(step, [Expr { kind: Kind::Step("--", _), .. }]);
                round.times = self.times(condition, name, begins, down);
                counts = !down && begins == 0;
            }
        }
        self.vary(of.assigned);
        let number = self.way.rounds.len();
        if let (Some(name), true) = (name, counts)
            && let Some(slot) = self.names.slot(name)
        {
            slot.value = Value::Counter { of: number, keys: None };
        }
        self.in_round(round, |walk| walk.statements(&of.body));
    }

    /// For what a loop goes round that goes on while a condition holds.
    fn over_while(&mut self, condition: &'t Expr<'a>) -> Over {
        if let Some(asked) = self.asks(condition).filter(|asked| asked.holds) {
            return asked.over;
        }
        let Kind::Binary("<" | "<=" | ">" | ">=", a, b) = &condition.kind else { return Over::Other };
        match self.counts_polled(a).or_else(|| self.counts_polled(b)) {
            Some(over) => over,
            None if is_size(a) || is_size(b) => Over::Other,
            None => Over::Again,
        }
    }

    /// For what a loop goes round that is told how often.
    pub fn over_times(&mut self, times: &'t Expr<'a>) -> Over {
        match self.counts_polled(times) {
            Some(over) => over,
            None if is_size(times) => Over::Other,
            None => Over::Again,
        }
    }

    /// How often `name < last` holds, from `begins` on.
    fn times(&mut self, condition: &'t Expr<'a>, name: &str, begins: i64, down: bool) -> Option<u64> {
        let Kind::Binary(operator, left, right) = &condition.kind else { return None };
        if left.name() != Some(name) {
            return None;
        }
        let ends = self.eval(right).number()?;
        let (from, to) = if down { (ends, begins) } else { (begins, ends) };
        let more = match (*operator, down) {
            ("<", false) | (">", true) => 0,
            ("<=", false) | (">=", true) => 1,
            _ => return None,
        };
        u64::try_from(to.checked_sub(from)?.checked_add(more)?.max(0)).ok()
    }

    fn each(&mut self, of: &'t Loop<'a>, names: &[&'a str], list: &'t Expr<'a>) {
        let value = self.eval(list);
        self.vary(of.assigned);
        let value = match (value, &list.kind) {
            // Of how many is not known: `for (i in 0 until batch.size)`.
            (Value::Range { times: None, .. }, Kind::Binary(_, _, last)) if is_size(last) => Value::Unknown,
            (value, _) => value,
        };
        self.in_each(&value, list.from as usize, |walk, element| {
            for name in names {
                // Of two names the second is the element: `(i, r) in records.withIndex()`.
                walk.declare(name, element.clone(), "");
            }
            walk.statements(&of.body)
        });
    }

    /// Walks what is done for each element of a value; gives the loop.
    pub fn in_each(
        &mut self,
        value: &Value<'t, 'a>,
        at: usize,
        walk: impl FnOnce(&mut Self, Value<'t, 'a>) -> Value<'t, 'a>,
    ) -> (usize, Value<'t, 'a>) {
        // What was made in a loop before is made once for each time round of the same loop.
        if let Value::Mapped(number, element) = value {
            self.way.enter_again(*number);
            let out = walk(self, Value::clone(element));
            self.way.leave();
            return (*number, out);
        }
        let (number, (round, element)) = (self.way.rounds.len(), self.over(value, at));
        (number, self.in_round(round, |of| walk(of, element)))
    }

    /// A loop over a value, and what its elements are.
    fn over(&mut self, value: &Value<'t, 'a>, at: usize) -> (Round<'a>, Value<'t, 'a>) {
        let mut round = Round::at(at, self.way.conditions());
        let element = match value {
            Value::Polled => {
                round.over = Over::Records;
                Value::PolledRecord
            }
            Value::PolledPartitions => {
                round.over = Over::Partitions;
                Value::Unknown
            }
            Value::Gathered(over) => {
                round.over = *over;
                Value::Unknown
            }
            Value::Range { times, from_zero } => {
                round.times = *times;
                round.over = Over::Again;
                if *from_zero { Value::Counter { of: self.way.rounds.len(), keys: None } } else { Value::Unknown }
            }
            Value::List(list) => {
                // One that is empty here is filled by what is not seen.
                round.times = Some(list.len() as u64).filter(|times| *times > 0);
                round.over = Over::Again;
                if let [only] = &list[..] { only.clone() } else { Value::Unknown }
            }
            _ => Value::Unknown,
        };
        (round, element)
    }

    fn while_loop(&mut self, of: &'t Loop<'a>, condition: &'t Expr<'a>) {
        let mut round = Round::at(condition.from as usize, self.way.conditions());
        let is_do = matches!(of.head, Head::DoWhile(_));
        let mut counter = None;
        if let Kind::Binary("<" | "<=", left, _) = &condition.kind
            && let Some(name) = left.name()
            && self.steps(name, of.assigned) == Some(1)
            && let Some(begins) = self.names.lookup(name).and_then(|value| value.number())
        {
            round.times = self.times(condition, name, begins, false);
            counter = Some(name).filter(|_| begins == 0 && round.times.is_some());
        }
        round.endless = is_for_ever(condition);
        round.over = self.over_while(condition);
        round.flag = flag_of(condition);
        self.vary(of.assigned);
        let number = self.way.rounds.len();
        if let Some(slot) = counter.and_then(|name| self.names.slot(name)) {
            slot.value = Value::Counter { of: number, keys: None };
        }
        self.in_round(round, |walk| {
            let value = if is_do { Value::Unknown } else { walk.eval(condition) };
            // `while (it.hasNext())` over what a poll returned.
            let is_over = condition.call().is_some_and(|call| call.name == "hasNext");
            if is_over && matches!(value, Value::Polled) {
                walk.way.rounds[number].over = Over::Records;
            }
            walk.statements(&of.body);
            if is_do {
                walk.eval(condition);
            }
        });
    }

    pub fn pause(&mut self, ms: Option<i64>, at: usize) {
        let ms = ms.and_then(milliseconds);
        self.found.pauses.push(Pause { ms, place: self.way.place(at) });
    }

    /// Spring calls a method again and again: `@Scheduled(fixedRate = 1000)`.
    pub fn scheduled(&mut self, method: &'t Method<'a>) -> Option<u32> {
        let call = method.annotations.iter().find(|call| call.name == "Scheduled")?;
        let given = call.arguments.iter().find_map(|of| match &of.kind {
            Kind::Assign("=", name, value) if matches!(name.name(), Some("fixedRate" | "fixedDelay")) => Some(value),
            _ => None,
        });
        given.and_then(|value| self.eval(value).number()).and_then(milliseconds)
    }
}

/// What is longer than a number here can say is longer than a program here can pause, which is told; none: less than nothing.
pub(super) fn milliseconds(ms: i64) -> Option<u32> {
    (ms >= 0).then(|| u32::try_from(ms).unwrap_or(u32::MAX))
}

/// How many a collection has, of which nothing else is known.
fn is_size(of: &Expr) -> bool {
    match &of.kind {
        Kind::Call(call) => matches!(call.name, "size" | "count" | "length") && call.arguments.is_empty(),
        Kind::Field(_, name) => matches!(*name, "size" | "length" | "lastIndex"),
        Kind::Binary("-", of, _) => is_size(of),
        _ => false,
    }
}

/// The name whose value ends a loop, and that value: `!sent`, `!sent && tries < 3`.
fn flag_of<'a>(condition: &Expr<'a>) -> Option<(&'a str, bool)> {
    match &condition.kind {
        Kind::Name(name) => Some((name, false)),
        Kind::Unary("!", of) => of.name().map(|name| (name, true)),
        Kind::Binary("&&", a, b) => flag_of(a).or_else(|| flag_of(b)),
        _ => None,
    }
}

/// `true`, `running`, `!closed.get()`, `!Thread.currentThread().isInterrupted()`: a program that goes on until it is told.
fn is_for_ever(condition: &Expr) -> bool {
    match &condition.kind {
        Kind::Name(_) => true,
        Kind::Field(of, _) => is_for_ever(of),
        Kind::Unary("!", of) => is_for_ever(of),
        Kind::Binary("&&" | "||", a, b) => is_for_ever(a) && is_for_ever(b),
        Kind::Binary("==" | "!=", a, b) => is_for_ever(a) && matches!(b.name(), Some("true" | "false")),
        Kind::Call(call) => {
            let asks = matches!(call.name, "get" | "getPlain" | "getAcquire" | "currentThread" | "interrupted")
                || call.name.starts_with("is") && !call.name.ends_with("Empty")
                || call.name == "getCount";
            asks && call.arguments.is_empty()
        }
        _ => false,
    }
}
