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
        self.way.conditions += u32::from(is_rare);
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
        self.way.asked += 1;
        let value = self.block(way);
        self.way.asked -= 1;
        value
    }

    fn goes_on_with_the_next(&self, way: &[Stmt]) -> bool {
        // A `return` ends a method that a loop calls, as `continue` does its body.
        let is_called = !self.way.around.is_empty() && self.way.around.len() == self.names.frame().rounds;
        match way.last().map(|of| &of.kind) {
            Some(Do::Jump(word, _)) => *word == "continue" || *word == "return" && is_called,
            _ => false,
        }
    }

    /// Whether a condition holds when a poll returned records (`!records.isEmpty()`, `records.count() > 0`, `record != null`)
    /// or when it returned none; None: it asks for something else.
    pub fn asks_for_records(&mut self, condition: &'t Expr<'a>) -> Option<bool> {
        match &condition.kind {
            Kind::Unary("!", of) => self.asks_for_records(of).map(|so| !so),
            Kind::Binary("&&" | "||", a, b) => {
                let one = self.asks_for_records(a)?;
                Some(one).filter(|one| self.asks_for_records(b) == Some(*one))
            }
            Kind::Binary(operator, a, b) => self.compares_records(operator, a, b),
            Kind::Field(on, "isEmpty") => self.is_polled(on).then_some(false),
            Kind::Call(call) => {
                let on = call.on.as_ref().filter(|_| call.arguments.is_empty())?;
                match call.name {
                    "isEmpty" | "none" | "isNullOrEmpty" => self.is_polled(on).then_some(false),
                    "isNotEmpty" | "any" | "hasNext" => self.is_polled(on).then_some(true),
                    "not" => self.asks_for_records(on).map(|so| !so),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn compares_records(&mut self, operator: &str, a: &'t Expr<'a>, b: &'t Expr<'a>) -> Option<bool> {
        let is_same = operator == "==";
        if b.is_null() {
            return (self.is_polled(a) && (is_same || operator == "!=")).then_some(!is_same);
        }
        if let Some(so @ ("true" | "false")) = b.name() {
            let asks = self.asks_for_records(a).filter(|_| is_same || operator == "!=")?;
            return Some(asks == (is_same == (so == "true")));
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
        if !matches!(b.kind, Kind::Literal) || !self.counts_records(a) {
            return None;
        }
        match (operator, self.eval(b).number()?) {
            (">" | "!=", 0) | (">=", 1) => Some(true),
            ("==" | "<=", 0) | ("<", 1) => Some(false),
            _ => None,
        }
    }

    /// How many records a poll returned: `records.count()`, or a name for it.
    pub fn counts_records(&mut self, of: &'t Expr<'a>) -> bool {
        match &of.kind {
            Kind::Name(name) => matches!(self.names.lookup(name), Some(Value::PolledCount)),
            Kind::Field(on, "size") => self.is_polled(on),
            Kind::Binary("-" | "+", of, by) => matches!(by.kind, Kind::Literal) && self.counts_records(of),
            Kind::Call(call) if matches!(call.name, "count" | "size") && call.arguments.is_empty() => {
                call.on.as_ref().is_some_and(|on| self.is_polled(on))
            }
            _ => false,
        }
    }

    /// What a poll returned, under its name or cut otherwise (`records.partitions()`), and what is gathered of it.
    fn is_polled(&mut self, of: &'t Expr<'a>) -> bool {
        if let Some(call) = of.call() {
            let is_part = matches!(call.name, "partitions" | "records" | "iterator");
            return is_part && call.on.as_ref().is_some_and(|on| self.is_polled(on));
        }
        let is_own = matches!(&of.kind, Kind::Field(on, _) if on.name() == Some("this"));
        let name = if is_own { of.last_name() } else { of.name() };
        let value = name.and_then(|name| self.names.lookup(name)).unwrap_or_default();
        let is_polled = match value {
            Value::Mapped(round, _) => self.way.rounds[round].over == Over::Records,
            Value::Gathered(_) => {
                self.gathered.is_assumed = true;
                true
            }
            value => matches!(value, Value::Polled | Value::PolledRecord | Value::PolledPartitions),
        };
        self.gathered.is_asked |= !is_polled;
        is_polled
    }
}
