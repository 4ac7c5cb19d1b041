//! Expressions, by the strength of their operators.

use super::super::blocks::is_called_again;
use super::super::tokens::Cut;
use super::super::tree::{Call, Expr, Kind, Lambda};
use super::{Parser, height, height_of};

/// Operators of two operands, those that bind least first. `<` `<` and such stand as two signs in the text.
const LEVELS: &[&[&str]] = &[
    &["?:"],
    &["||"],
    &["&&"],
    &["==", "!=", "<=", ">=", "<", ">", "in", "is", "instanceof"],
    &["to", "until", "downTo", "step", "shl", "shr", "and", "or", "xor", "|", "&", "^"],
    &["..<", ".."],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
    &["as"],
];

const ASSIGNS: &[&str] = &["=", "+=", "-=", "*=", "/="];

impl<'a> Parser<'_, 'a> {
    pub(super) fn expression(&mut self) -> Expr<'a> {
        let from = self.at;
        if self.is_too_deep() {
            self.pass();
            return self.unknown(from);
        }
        self.depth += 1;
        let of = self.assignment(from);
        self.depth -= 1;
        of
    }

    fn assignment(&mut self, from: usize) -> Expr<'a> {
        let left = self.binary(0);
        if self.is("?") && self.at < self.end {
            self.at += 1;
            let then = self.expression();
            let other = if self.take(":") { self.expression() } else { self.unknown(self.at) };
            let below = height([&left, &then, &other]);
            return self.expr(from, Kind::Choice(Box::new([left, then, other])), below);
        }
        let sign = self.source.sign(self.at);
        if self.at >= self.end || !ASSIGNS.contains(&sign) {
            return left;
        }
        let sign = self.source.sign(self.at);
        self.at += 1;
        let right = self.expression();
        if let Some(name) = assigned_name(&left) {
            let is_one = sign == "+=" && self.source.tokens.get(right.from as usize).is_some_and(|of| of.source == "1");
            self.tree.assigned.push((name, is_one));
        }
        let below = height([&left, &right]);
        self.expr(from, Kind::Assign(sign, Box::new(left), Box::new(right)), below)
    }

    /// The operator at this place, with its level and how many tokens it has.
    fn operator(&self) -> Option<(&'static str, usize, usize)> {
        // A word on a new line begins a statement.
        if self.at >= self.end || self.word().is_some() && !self.goes_on(self.at) {
            return None;
        }
        let next = self.source.sign(self.at + 1);
        let (found, length) = match self.source.sign(self.at) {
            "<" if next == "<" => ("<<", 2),
            ">" if next == ">" => (">>", 2),
            ">" if next == "=" => (">=", 2),
            _ => (self.source.tokens.get(self.at).filter(|of| matches!(of.kind, Cut::Word | Cut::Sign))?.source, 1),
        };
        let of_level = |level: &&[&'static str]| level.iter().find(|of| **of == found).copied();
        let (level, operator) = LEVELS.iter().enumerate().find_map(|(n, level)| Some((n, of_level(level)?)))?;
        Some((operator, level, length))
    }

    /// Operands with the operators between them that bind at least as much.
    fn binary(&mut self, least: usize) -> Expr<'a> {
        let from = self.at;
        let mut left = self.unary();
        while let Some((operator, level, length)) = self.operator().filter(|(_, level, _)| *level >= least) {
            self.at += length;
            if matches!(operator, "is" | "as" | "instanceof") {
                // A type, not a value.
                self.take("?");
                let end = self.type_end(self.at).unwrap_or(self.at + 1);
                self.at = end.clamp(self.at, self.end.max(self.at));
                if operator != "as" {
                    left = self.unknown(from);
                }
                continue;
            }
            let right = self.binary(level + 1);
            let below = height([&left, &right]);
            left = self.expr(from, Kind::Binary(operator, Box::new(left), Box::new(right)), below);
        }
        left
    }

    fn unary(&mut self) -> Expr<'a> {
        let from = self.at;
        if self.at >= self.end {
            return self.unknown(from);
        }
        if self.is_too_deep() {
            self.pass();
            return self.unknown(from);
        }
        let sign = self.source.sign(from);
        match sign {
            "-" | "+" | "!" | "*" => {
                self.at += 1;
                self.depth += 1;
                let of = self.unary();
                self.depth -= 1;
                let below = of.height;
                self.expr(from, Kind::Unary(sign, Box::new(of)), below)
            }
            "++" | "--" => {
                self.at += 1;
                self.depth += 1;
                let of = self.unary();
                self.depth -= 1;
                self.step(from, sign, of)
            }
            _ => {
                let of = self.primary();
                self.postfix(from, of)
            }
        }
    }

    fn step(&mut self, from: usize, sign: &'a str, of: Expr<'a>) -> Expr<'a> {
        if let Some(name) = assigned_name(&of) {
            self.tree.assigned.push((name, sign == "++"));
        }
        let below = of.height;
        self.expr(from, Kind::Step(sign, Box::new(of)), below)
    }

    fn primary(&mut self) -> Expr<'a> {
        let from = self.at;
        let Some(token) = self.source.tokens.get(from) else { return self.unknown(from) };
        match token.kind {
            Cut::Text(_) | Cut::Template | Cut::Number => {
                self.at += 1;
                self.expr(from, Kind::Literal, 0)
            }
            Cut::Sign => match token.source {
                "(" => self.round_brackets(),
                "{" => self.lambda(),
                "[" => {
                    let arguments = self.inside(Self::arguments);
                    self.called(from, None, "listOf", from, arguments)
                }
                // `this::run` has a name before it, `::run` none.
                "::" if self.word_at(from + 1).is_some() => {
                    self.at += 2;
                    let name = self.source.word(from + 1).unwrap_or_default();
                    self.expr(from, Kind::Reference(None, name), 0)
                }
                "@" => {
                    self.at += 1;
                    self.unknown(from)
                }
                // What closes a bracket belongs to whoever opened it.
                ";" | "," => self.unknown(from),
                _ => {
                    self.at += 1;
                    self.unknown(from)
                }
            },
            Cut::Word => self.named(from, token.source),
        }
    }

    fn named(&mut self, from: usize, word: &'a str) -> Expr<'a> {
        match word {
            "new" if self.word_at(from + 1).is_some() => return self.created(),
            "if" | "when" | "switch" | "try" | "for" | "while" | "return" | "throw" | "break" | "continue" => {
                let is_statement = self.is_at(from + 1, "(")
                    || self.is_at(from + 1, "{")
                    || matches!(word, "return" | "throw" | "break" | "continue");
                if is_statement {
                    return self.statement_as_expression();
                }
            }
            "object" if self.is_at(from + 1, ":") || self.is_at(from + 1, "{") => {
                self.at += 1;
                let class = self.class_body("", true);
                let below = height_of(&class.members);
                return self.expr(from, Kind::Object(Box::new(class)), below);
            }
            "fun" if self.is_at(from + 1, "(") => {
                self.at += 1;
                let before = self.counted();
                let parameters = self.inside(Self::parameters);
                while self.at < self.end && !self.is("{") && self.goes_on(self.at) {
                    self.pass();
                }
                let body = if self.is("{") { self.inside(Self::statements) } else { Vec::new() };
                return self.made_lambda(from, parameters, body, before);
            }
            _ => {}
        }
        self.at += 1;
        if self.is("->") {
            return self.arrow(from, vec![super::super::tree::Parameter { name: word, of: "" }]);
        }
        let generic = self.source.generic_end(self.at).filter(|end| self.is_at(*end, "("));
        if let Some(end) = generic {
            self.at = end;
        }
        if self.is("(") && (self.goes_on(self.at) || generic.is_some()) {
            let arguments = self.call_arguments();
            return self.called(from, None, word, from, arguments);
        }
        if self.opens_lambda() {
            let arguments = vec![self.lambda()];
            return self.called(from, None, word, from, arguments);
        }
        self.expr(from, Kind::Name(word), 0)
    }

    /// Whether a lambda of Kotlin stands here, behind a call or a name.
    fn opens_lambda(&self) -> bool {
        self.source.is_kotlin && self.is("{") && self.goes_on(self.at)
    }

    fn called(
        &mut self,
        from: usize,
        on: Option<Expr<'a>>,
        name: &'a str,
        at: usize,
        arguments: Vec<Expr<'a>>,
    ) -> Expr<'a> {
        self.tree.calls.push(name);
        if is_called_again(name) {
            for of in &arguments {
                self.repeated(of);
            }
        }
        let below = height(on.iter().chain(&arguments));
        let call = Call { on, name, at: at as u32, arguments, is_new: false, body: None };
        self.expr(from, Kind::Call(Box::new(call)), below)
    }

    /// What is handed over to be called again and again.
    fn repeated(&mut self, of: &Expr<'a>) {
        match &of.kind {
            Kind::Lambda(lambda) => self.tree.repeated.push(lambda.calls),
            Kind::Reference(_, name) => {
                let before = self.counted();
                self.tree.calls.push(name);
                let (_, calls) = self.since(before);
                self.tree.repeated.push(calls);
            }
            _ => {}
        }
    }

    /// `new KafkaProducer<>(props)`, `new Callback() { … }`, `new String[] { … }`
    fn created(&mut self) -> Expr<'a> {
        let from = self.at;
        self.at += 2;
        while self.is(".") && self.word_at(self.at + 1).is_some() {
            self.at += 2;
        }
        let at = self.at - 1;
        let name = self.source.word(at).unwrap_or_default();
        self.tree.calls.push(name);
        if let Some(end) = self.source.generic_end(self.at) {
            self.at = end;
        }
        if self.is("[") {
            while self.is("[") {
                self.pass();
            }
            let arguments = if self.is("{") { self.inside(Self::arguments) } else { Vec::new() };
            return self.called(from, None, "arrayOf", at, arguments);
        }
        let arguments = if self.is("(") { self.inside(Self::arguments) } else { Vec::new() };
        let body = self.is("{").then(|| self.class_body("", false));
        let members = body.as_ref().map_or(0, |body| height_of(&body.members));
        let below = height(&arguments).max(members);
        let call = Call { on: None, name, at: at as u32, arguments, is_new: true, body };
        self.expr(from, Kind::Call(Box::new(call)), below)
    }

    /// The arguments in the brackets here, and a lambda behind them.
    fn call_arguments(&mut self) -> Vec<Expr<'a>> {
        let mut arguments = if self.is("(") { self.inside(Self::arguments) } else { Vec::new() };
        if self.is("{") && self.goes_on(self.at) {
            arguments.push(self.lambda());
        }
        arguments
    }

    pub(super) fn arguments(&mut self) -> Vec<Expr<'a>> {
        let mut out = Vec::new();
        while self.at < self.end {
            let before = self.at;
            if self.take(",") {
                continue;
            }
            // `{"a", "b"}` of an annotation or an array.
            let is_list = self.is("{") && !self.source.is_kotlin;
            out.push(if is_list {
                let arguments = self.inside(Self::arguments);
                self.called(before, None, "listOf", before, arguments)
            } else {
                self.expression()
            });
            if self.at == before {
                self.pass();
            }
            // What does not belong to the argument is passed over.
            while self.at < self.end && !self.is(",") {
                self.pass();
            }
        }
        out
    }

    /// A lambda's parameters, a cast, or an expression in brackets.
    fn round_brackets(&mut self) -> Expr<'a> {
        let from = self.at;
        let close = self.source.closing(from);
        if self.is_at(close + 1, "->") {
            let parameters = self.inside(Self::parameters);
            return self.arrow(from, parameters);
        }
        let next = self.source.tokens.get(close + 1).filter(|_| self.goes_on(close + 1));
        let operand = next.is_some_and(|next| match next.kind {
            Cut::Word => !LEVELS.iter().any(|level| level.contains(&next.source)),
            Cut::Sign => matches!(next.source, "(" | "!"),
            _ => true,
        });
        let is_type = operand && close < self.end && self.type_end(from + 1) == Some(close);
        if is_type {
            self.at = close + 1;
            self.depth += 1;
            let of = self.unary();
            self.depth -= 1;
            return of;
        }
        let mut of = self.inside(Self::expression);
        of.from = from as u32;
        of.to = self.at as u32;
        of
    }

    /// Behind the parameters of a lambda: `-> …`.
    fn arrow(&mut self, from: usize, parameters: Vec<super::super::tree::Parameter<'a>>) -> Expr<'a> {
        self.at += 1;
        let before = self.counted();
        let body = if self.is("{") {
            self.inside(Self::statements)
        } else {
            let of = self.expression();
            let (at, below) = (of.from as usize, of.height);
            vec![self.stmt(at, super::super::tree::Do::Expr(of), below)]
        };
        self.made_lambda(from, parameters, body, before)
    }

    /// `{ a, b -> … }` and `{ … }` of Kotlin.
    fn lambda(&mut self) -> Expr<'a> {
        let from = self.at;
        let before = self.counted();
        let (parameters, body) = self.inside(|parser| {
            let start = parser.at;
            // The parameters are words and signs before an arrow, so many as people write.
            let arrow = (start..parser.end.min(start + 40))
                .take_while(|at| !matches!(parser.source.sign(*at), "{" | ";" | "}"));
            let mut parameters = Vec::new();
            if let Some(arrow) = arrow.into_iter().find(|at| parser.source.is(*at, "->")) {
                let end = std::mem::replace(&mut parser.end, arrow);
                parameters = parser.parameters();
                (parser.at, parser.end) = (arrow + 1, end);
            }
            (parameters, parser.statements())
        });
        self.made_lambda(from, parameters, body, before)
    }

    fn made_lambda(
        &mut self,
        from: usize,
        parameters: Vec<super::super::tree::Parameter<'a>>,
        body: Vec<super::super::tree::Stmt<'a>>,
        before: (u32, u32),
    ) -> Expr<'a> {
        let below = height_of(&body);
        let (assigned, calls) = self.since(before);
        self.expr(from, Kind::Lambda(Box::new(Lambda { parameters, body, assigned, calls })), below)
    }

    fn postfix(&mut self, from: usize, mut of: Expr<'a>) -> Expr<'a> {
        while self.at < self.end {
            let sign = self.source.sign(self.at);
            match sign {
                "." | "?." | "::" => {
                    self.at += 1;
                    // `Collections.<String>emptyList()`
                    if let Some(end) = self.source.generic_end(self.at) {
                        self.at = end;
                    }
                    let at = self.at;
                    let Some(name) = self.word() else { return of };
                    self.at += 1;
                    of = self.member(from, of, sign, name, at);
                }
                "!!" if self.goes_on(self.at) => self.at += 1,
                "[" if self.goes_on(self.at) => {
                    let inside = self.inside(Self::arguments);
                    let below = height(inside.iter().chain([&of]));
                    of = self.expr(from, Kind::Index(Box::new(of), inside), below);
                }
                "++" | "--" if self.goes_on(self.at) => {
                    self.at += 1;
                    of = self.step(from, sign, of);
                }
                _ => break,
            }
        }
        of
    }

    /// `of.name`, `of.name(…)`, `of::name`.
    fn member(&mut self, from: usize, of: Expr<'a>, sign: &str, name: &'a str, at: usize) -> Expr<'a> {
        let below = of.height;
        if sign == "::" {
            self.tree.calls.push(name);
            return self.expr(from, Kind::Reference(Some(Box::new(of)), name), below);
        }
        let generic = self.source.generic_end(self.at).filter(|end| self.is_at(*end, "("));
        if let Some(end) = generic {
            self.at = end;
        }
        if self.is("(") && self.goes_on(self.at) || generic.is_some() {
            let arguments = self.call_arguments();
            return self.called(from, Some(of), name, at, arguments);
        }
        if self.opens_lambda() {
            let arguments = vec![self.lambda()];
            return self.called(from, Some(of), name, at, arguments);
        }
        self.expr(from, Kind::Field(Box::new(of), name), below)
    }
}

/// `a`, `this.a`, `of.a`
fn assigned_name<'a>(of: &Expr<'a>) -> Option<&'a str> {
    match &of.kind {
        Kind::Name(name) | Kind::Field(_, name) => Some(name),
        _ => None,
    }
}
