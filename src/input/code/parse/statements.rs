//! Statements: blocks, branches, loops, `try`.

use super::super::limits::{Limit, MAX_HEIGHT};
use super::super::tree::{Branch, Do, Expr, Head, Kind, Loop, Stmt};
use super::{Parser, height, height_of};

impl<'a> Parser<'_, 'a> {
    /// All statements up to the end of the bracket around them.
    pub(super) fn statements(&mut self) -> Vec<Stmt<'a>> {
        let mut out = Vec::new();
        while self.at < self.end {
            let before = self.at;
            out.extend(self.statement());
            if self.at == before {
                self.pass();
            }
        }
        out
    }

    pub(super) fn stmt(&mut self, at: usize, kind: Do<'a>, below: u16) -> Stmt<'a> {
        let is_too_high = below >= MAX_HEIGHT;
        let kind = if is_too_high {
            self.is_beyond(Limit::Height, at);
            Do::Block(Vec::new())
        } else {
            kind
        };
        Stmt { at: at as u32, height: if is_too_high { 1 } else { below + 1 }, kind }
    }

    pub(super) fn statement(&mut self) -> Option<Stmt<'a>> {
        if self.is_too_deep() {
            self.pass();
            return None;
        }
        self.depth += 1;
        let out = self.one_statement();
        self.depth -= 1;
        out
    }

    fn one_statement(&mut self) -> Option<Stmt<'a>> {
        let at = self.at;
        if self.take(";") || self.take(",") {
            return None;
        }
        if self.is("{") {
            let body = self.inside(Self::statements);
            let below = height_of(&body);
            return Some(self.stmt(at, Do::Block(body), below));
        }
        if let Some(declared) = self.declaration() {
            return declared;
        }
        match self.word() {
            Some("if") if self.is_at(at + 1, "(") => Some(self.branch()),
            Some("for" | "while") if self.is_at(at + 1, "(") => Some(self.round()),
            Some("do") if self.is_at(at + 1, "{") => Some(self.do_while()),
            Some("try") if self.is_at(at + 1, "{") || self.is_at(at + 1, "(") => Some(self.attempt()),
            Some("switch" | "when") if self.is_at(at + 1, "(") || self.is_at(at + 1, "{") => Some(self.switch()),
            Some("synchronized") if self.is_at(at + 1, "(") => {
                self.at += 1;
                self.pass();
                self.statement()
            }
            // A branch whose beginning is missing.
            Some("else" | "finally") => {
                self.at += 1;
                self.statement()
            }
            Some("catch") if self.is_at(at + 1, "(") => {
                self.at += 1;
                self.pass();
                let caught = self.body();
                let below = height_of(&caught);
                Some(self.stmt(at, Do::Try { body: Vec::new(), catches: vec![caught], finally: Vec::new() }, below))
            }
            Some("return" | "break" | "continue" | "throw" | "yield") => Some(self.jump()),
            // `outer: while (…)` and `outer@ while (…)`
            Some(_) if self.is_at(at + 1, ":") || self.is_at(at + 1, "@") => {
                self.at += 2;
                None
            }
            _ => {
                let of = self.expression();
                self.take(";");
                let below = of.height;
                Some(self.stmt(at, Do::Expr(of), below))
            }
        }
    }

    /// A block, or one statement.
    pub(super) fn body(&mut self) -> Vec<Stmt<'a>> {
        if self.is("{") { self.inside(Self::statements) } else { self.statement().into_iter().collect() }
    }

    /// What stands in the round brackets here, as one expression.
    fn in_brackets(&mut self) -> Expr<'a> {
        self.inside(Self::expression)
    }

    fn branch(&mut self) -> Stmt<'a> {
        let at = self.at;
        self.at += 1;
        let condition = self.in_brackets();
        let before = self.counted();
        let then = self.body();
        let between = self.counted();
        self.take(";");
        let other = if self.word() == Some("else") {
            self.at += 1;
            self.body()
        } else {
            Vec::new()
        };
        let below = condition.height.max(height_of(&then)).max(height_of(&other));
        let calls = [(before.1, between.1), self.since(between).1];
        self.stmt(at, Do::If(Box::new(Branch { condition, then, other, calls })), below)
    }

    fn round(&mut self) -> Stmt<'a> {
        let (at, from) = (self.at, self.counted());
        let is_for = self.word() == Some("for");
        self.at += 1;
        let head = if is_for { self.inside(Self::for_head) } else { Head::While(self.in_brackets()) };
        let body = self.body();
        self.looped(at, head, body, from)
    }

    fn looped(&mut self, at: usize, head: Head<'a>, body: Vec<Stmt<'a>>, from: (u32, u32)) -> Stmt<'a> {
        let below = height_of(&body).max(match &head {
            Head::For { first, condition, step } => height(condition.iter().chain(step)).max(height_of(first)),
            Head::Each { of, .. } | Head::While(of) | Head::DoWhile(of) => of.height,
        });
        let (assigned, calls) = self.since(from);
        self.tree.repeated.push(calls);
        self.stmt(at, Do::Loop(Box::new(Loop { head, body, assigned })), below)
    }

    fn do_while(&mut self) -> Stmt<'a> {
        let (at, from) = (self.at, self.counted());
        self.at += 1;
        let body = self.body();
        let condition = if self.word() == Some("while") && self.is_at(self.at + 1, "(") {
            self.at += 1;
            self.in_brackets()
        } else {
            self.unknown(self.at)
        };
        self.looped(at, Head::DoWhile(condition), body, from)
    }

    fn for_head(&mut self) -> Head<'a> {
        // `(r in records)`, `((i, r) in records.withIndex())`
        let mut names = Vec::new();
        let start = self.at;
        let after = if self.is("(") {
            names.extend(self.inside(Self::parameters).iter().map(|parameter| parameter.name));
            self.at
        } else {
            // `final ConsumerRecord<String, String> r :`, and `val r in`.
            while matches!(self.word(), Some("final" | "val")) {
                self.at += 1;
            }
            let typed = self.declared_type(self.at).map_or(self.at, |(_, name)| name);
            names.extend(self.word_at(typed));
            typed + 1
        };
        let mut behind = after;
        // `(r: ConsumerRecord<String, String> in records)`
        if self.is_at(after, ":")
            && let Some(of) = self.type_end(after + 1)
            && self.word_at(of) == Some("in")
        {
            behind = of;
        }
        if self.word_at(behind) == Some("in") || self.is_at(behind, ":") {
            self.at = behind + 1;
            return Head::Each { names, of: self.expression() };
        }
        self.at = start;
        let mut first = Vec::new();
        while self.at < self.end && !self.is(";") {
            let before = self.at;
            first.extend(self.statement());
            if self.source.is(self.at - 1, ";") {
                self.at -= 1;
                break;
            }
            if self.at == before {
                self.pass();
            }
        }
        self.take(";");
        let condition = (self.at < self.end && !self.is(";")).then(|| self.expression());
        while self.at < self.end && !self.take(";") {
            self.pass();
        }
        let mut step = Vec::new();
        while self.at < self.end {
            if !self.take(",") {
                let before = self.at;
                step.push(self.expression());
                if self.at == before {
                    self.pass();
                }
            }
        }
        Head::For { first, condition, step }
    }

    fn attempt(&mut self) -> Stmt<'a> {
        let at = self.at;
        self.at += 1;
        let mut body = if self.is("(") { self.inside(Self::statements) } else { Vec::new() };
        body.extend(self.body());
        let mut catches = Vec::new();
        while self.word() == Some("catch") && self.is_at(self.at + 1, "(") {
            self.at += 1;
            self.pass();
            catches.push(self.body());
        }
        let finally = if self.word() == Some("finally") {
            self.at += 1;
            self.body()
        } else {
            Vec::new()
        };
        let caught = catches.iter().map(|of| height_of(of)).max().unwrap_or(0);
        let below = height_of(&body).max(caught).max(height_of(&finally));
        self.stmt(at, Do::Try { body, catches, finally }, below)
    }

    fn switch(&mut self) -> Stmt<'a> {
        let at = self.at;
        self.at += 1;
        let on = self.is("(").then(|| self.in_brackets());
        let cases = if self.is("{") { self.inside(Self::cases) } else { Vec::new() };
        let below = cases.iter().map(|of| height_of(of)).max().unwrap_or(0).max(height(&on));
        self.stmt(at, Do::Switch { on, cases }, below)
    }

    /// `case A:` with the statements up to the next; `case A ->`, `is A ->` and `else ->` with one.
    fn cases(&mut self) -> Vec<Vec<Stmt<'a>>> {
        let mut cases: Vec<Vec<Stmt>> = Vec::new();
        while self.at < self.end {
            // A case begins with all up to its `->` or `:`.
            let (from, is_case) = (self.at, matches!(self.word(), Some("case" | "default")));
            while self.at < self.end && !self.is("->") && !(is_case && self.is(":")) {
                self.pass();
            }
            if self.take("->") {
                let before = self.at;
                cases.push(self.body());
                if self.at == before {
                    self.pass();
                }
                continue;
            }
            if !self.take(":") {
                self.at = from;
                cases.push(self.statements());
                return cases;
            }
            let mut body = Vec::new();
            while self.at < self.end && !matches!(self.word(), Some("case" | "default")) {
                let before = self.at;
                body.extend(self.statement());
                if self.at == before {
                    self.pass();
                }
            }
            // The `break` at its end belongs to the switch.
            if matches!(body.last(), Some(Stmt { kind: Do::Jump("break", _), .. })) {
                body.pop();
            }
            cases.push(body);
        }
        cases
    }

    fn jump(&mut self) -> Stmt<'a> {
        let at = self.at;
        let word = self.word().unwrap_or_default();
        self.at += 1;
        // `return@forEach` of Kotlin goes on with the next one.
        let is_label = self.is("@") && self.goes_on(self.at);
        if is_label {
            self.at += 2;
        }
        let ends = !self.goes_on(self.at) || self.is(";") || matches!(self.source.sign(self.at), ")" | "}");
        let value = (!ends && !matches!(word, "break" | "continue")).then(|| self.expression());
        if matches!(word, "break" | "continue") && self.word().is_some() && self.goes_on(self.at) {
            self.at += 1;
        }
        self.take(";");
        let below = height(&value);
        let word = if is_label && word == "return" { "continue" } else { word };
        self.stmt(at, Do::Jump(word, value), below)
    }

    /// A statement where an expression stands: `val x = if (…) … else …`.
    pub(super) fn statement_as_expression(&mut self) -> Expr<'a> {
        let from = self.at;
        match self.statement() {
            Some(of) => {
                let below = of.height;
                self.expr(from, Kind::Statement(Box::new(of)), below)
            }
            None => self.unknown(from),
        }
    }
}
