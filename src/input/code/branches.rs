//! Branches: which way a program goes when there is something to do, and what stands on the other.

use super::gap::Gap;
use super::round::Over;
use super::tree::{Branch, Do, Expr, Kind, Stmt};
use super::value::{Value, one_of};
use super::walk::Walk;

impl<'t, 'a> Walk<'t, 'a> {
    pub fn branch(&mut self, of: &'t Branch<'a>, at: usize) -> Value<'t, 'a> {
        let value = self.eval(&of.condition);
        if let Value::Bool(so) = value {
            self.reached.goes(at, so, of.calls);
            return self.block(if so { &of.then } else { &of.other });
        }
        self.reached.goes_both(at);
        self.gathered.is_assumed = false;
        let asks = self.asks_for_records(&of.condition);
        let is_assumed = asks.is_some() && std::mem::take(&mut self.gathered.is_assumed);
        let before = self.found.done();
        let one = self.one_way(&of.then, asks);
        let two = self.one_way(&of.other, asks.map(|so| !so));
        // What stands behind a `continue` is done as seldom as the other way is gone.
        let skips = [&of.then, &of.other].map(|way| self.goes_on_with_the_next(way));
        let does = self.found.done() > before;
        if is_assumed && (does || skips[0] != skips[1]) {
            self.told.problem(of.condition.from as usize, Gap::HoldsSome);
        }
        let is_rare = match asks {
            Some(so) => skips[usize::from(!so)],
            None => skips[0] != skips[1],
        };
        if is_rare {
            self.way.add_condition();
        }
        let of_none = asks.map(|so| if so { &of.other } else { &of.then });
        if of_none.and_then(|way| way.last()).is_some_and(|of| matches!(of.kind, Do::Jump(..))) {
            self.way.skip_empty();
        }
        match asks {
            Some(true) => one,
            Some(false) => two,
            None => one_of(one, two),
        }
    }

    /// One of both ways: that of a poll that returned records is the program's, but the loop is not left each time.
    fn one_way(&mut self, way: &'t [Stmt<'a>], has_records: Option<bool>) -> Value<'t, 'a> {
        if has_records != Some(true) {
            return self.under_condition(|walk| walk.block(way));
        }
        self.way.ask();
        let value = self.block(way);
        self.way.answered();
        value
    }

    fn goes_on_with_the_next(&self, way: &[Stmt]) -> bool {
        // A `return` ends a method that a loop calls, as `continue` does its body.
        let is_called = self.way.depth() > 0 && self.way.depth() == self.names.frame().rounds;
        match way.last().map(|of| &of.kind) {
            Some(Do::Jump(word, _)) => *word == "continue" || *word == "return" && is_called,
            _ => false,
        }
    }

    /// Whether a condition holds when a poll returned records (`!records.isEmpty()`, `records.count() > 0`, `record != null`)
    /// or when it returned none; None: it asks for something else.
    pub fn asks_for_records(&mut self, condition: &'t Expr<'a>) -> Option<bool> {
        self.asks(condition).map(|asked| asked.holds)
    }

    /// The same, and whether it asks for records or for their partitions.
    pub fn asks(&mut self, condition: &'t Expr<'a>) -> Option<Asked> {
        match &condition.kind {
            Kind::Unary("!", of) => self.asks(of).map(Asked::otherwise),
            Kind::Binary("&&" | "||", a, b) => {
                let one = self.asks(a)?;
                Some(one).filter(|one| self.asks_for_records(b) == Some(one.holds))
            }
            Kind::Binary(operator, a, b) => self.compares_records(operator, a, b),
            Kind::Field(on, "isEmpty") => self.over_polled(on).map(Asked::whether_there_are).map(Asked::otherwise),
            Kind::Call(call) => {
                let on = call.on.as_ref().filter(|_| call.arguments.is_empty())?;
                match call.name {
                    "isEmpty" | "none" | "isNullOrEmpty" => {
                        self.over_polled(on).map(Asked::whether_there_are).map(Asked::otherwise)
                    }
                    "isNotEmpty" | "any" | "hasNext" => self.over_polled(on).map(Asked::whether_there_are),
                    "not" => self.asks(on).map(Asked::otherwise),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn compares_records(&mut self, operator: &str, a: &'t Expr<'a>, b: &'t Expr<'a>) -> Option<Asked> {
        let is_same = operator == "==";
        if b.is_null() {
            let over = self.over_polled(a).filter(|_| is_same || operator == "!=")?;
            return Some(Asked { holds: !is_same, over });
        }
        if let Some(so @ ("true" | "false")) = b.name() {
            let asked = self.asks(a).filter(|_| is_same || operator == "!=")?;
            return Some(Asked { holds: asked.holds == (is_same == (so == "true")), ..asked });
        }
        // `0 < records.count()`
        if matches!(a.kind, Kind::Literal) {
            let turned = match operator {
                "<" => ">",
                "<=" => ">=",
                ">" => "<",
                ">=" => "<=",
                same => same,
            };
            return if matches!(b.kind, Kind::Literal) { None } else { self.compares_records(turned, b, a) };
        }
        if !matches!(b.kind, Kind::Literal) {
            return None;
        }
        let over = self.counts_polled(a)?;
        let holds = match (operator, self.eval(b).number()?) {
            (">" | "!=", 0) | (">=", 1) => true,
            ("==" | "<=", 0) | ("<", 1) => false,
            _ => return None,
        };
        Some(Asked { holds, over })
    }

    /// How many records a poll returned, or how many partitions: `records.count()`, or a name for it.
    pub fn counts_polled(&mut self, of: &'t Expr<'a>) -> Option<Over> {
        match &of.kind {
            Kind::Name(name) => match self.names.lookup(name) {
                Some(Value::PolledCount(over)) => Some(over),
                _ => None,
            },
            Kind::Field(on, "size") => self.over_polled(on),
            Kind::Binary("-" | "+", of, by) if matches!(by.kind, Kind::Literal) => self.counts_polled(of),
            Kind::Call(call) if matches!(call.name, "count" | "size") && call.arguments.is_empty() => {
                self.over_polled(call.on.as_ref()?)
            }
            _ => None,
        }
    }

    /// What a poll returned, under its name or cut otherwise (`records.partitions()`), and what is gathered of it: records or
    /// partitions. None: it is something else.
    fn over_polled(&mut self, of: &'t Expr<'a>) -> Option<Over> {
        if let Some(call) = of.call() {
            let made = match call.name {
                "partitions" => Some(Over::Partitions),
                "records" => Some(Over::Records),
                "iterator" => None,
                _ => return None,
            };
            let over = self.over_polled(call.on.as_ref()?)?;
            return Some(made.unwrap_or(over));
        }
        let is_own = matches!(&of.kind, Kind::Field(on, _) if on.name() == Some("this"));
        let name = if is_own { of.last_name() } else { of.name() };
        let value = name.and_then(|name| self.names.lookup(name)).unwrap_or_default();
        let over = match value {
            Value::Mapped(round, _) => Some(Over::Records).filter(|over| self.way.rounds[round].over == *over),
            Value::Gathered(over) => {
                self.gathered.is_assumed = true;
                Some(over)
            }
            Value::Polled | Value::PolledRecord => Some(Over::Records),
            Value::PolledPartitions => Some(Over::Partitions),
            _ => None,
        };
        self.gathered.is_asked |= over.is_none();
        over
    }
}

/// A question whether a poll returned something.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    /// It holds when the poll did; otherwise when it did not.
    pub holds: bool,
    /// Whether it asks for records or for their partitions.
    pub over: Over,
}

impl Asked {
    const fn whether_there_are(over: Over) -> Asked {
        Asked { holds: true, over }
    }

    const fn otherwise(self) -> Asked {
        Asked { holds: !self.holds, over: self.over }
    }
}
