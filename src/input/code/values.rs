//! Expressions of a program that are known without running it.

use super::constants::{CONSTANT_CLASSES, full_name, property_of_constant};
use super::tokens::{Kind, Token};

/// A program in tokens, with what its text says about names.
///
/// What belongs together (a call's arguments, an expression, a list of types) is looked for within so many tokens, so
/// that no text takes longer than its length allows.
pub(super) struct Source<'t, 'a> {
    pub tokens: &'t [Token<'a>],
    /// Simple name and full name of imported classes.
    imports: Vec<(&'a str, String)>,
    package: Option<String>,
    /// Names that something is assigned to, where, and the value if it is known.
    constants: Vec<(&'a str, usize, Option<String>)>,
    /// Names that count (`i++`, `n += 2`): no constants.
    counting: Vec<&'a str>,
}

const MAX_ARGUMENTS: usize = 20_000;
const MAX_EXPRESSION: usize = 2000;
const MAX_TYPES: usize = 200;

impl<'t, 'a> Source<'t, 'a> {
    pub fn new(tokens: &'t [Token<'a>]) -> Source<'t, 'a> {
        let mut source =
            Source { tokens, imports: Vec::new(), package: None, constants: Vec::new(), counting: counting(tokens) };
        for (i, token) in tokens.iter().enumerate() {
            if token.kind != Kind::Word {
                continue;
            }
            if token.first && (token.is("import") || token.is("package")) {
                source.import(i);
            } else if let Some(from) = source.assigned(i) {
                let value = source.eval(from, source.expression_end(from));
                source.constants.push((token.source, i, value));
            }
        }
        source
    }

    fn import(&mut self, at: usize) {
        let mut end = at + 1;
        while self.is(end, ".") || self.word(end).is_some() && !self.tokens[end].first {
            end += 1;
        }
        let path: String = self.tokens[at + 1..end].iter().map(|token| token.source).collect();
        match path.rsplit_once('.') {
            _ if self.is(at, "package") => self.package = Some(path),
            Some((_, _)) => self.imports.push((self.tokens[end - 1].source, path)),
            None => {}
        }
    }

    pub fn is(&self, i: usize, source: &str) -> bool {
        self.tokens.get(i).is_some_and(|token| token.is(source))
    }

    pub fn word(&self, i: usize) -> Option<&'a str> {
        self.tokens.get(i).filter(|token| token.kind == Kind::Word).map(|token| token.source)
    }

    /// For a name that something is assigned to: where that begins. `val t: String = …`, `String t = …`, `t = …`.
    pub fn assigned(&self, i: usize) -> Option<usize> {
        if i > 0 && self.is(i - 1, ".") && !(i > 1 && self.is(i - 2, "this")) {
            return None;
        }
        let mut at = i + 1;
        if self.is(at, ":") && self.word(at + 1).is_some() {
            at = self.generic_end(at + 2).unwrap_or(at + 2);
            if self.is(at, "?") {
                at += 1;
            }
        }
        self.is(at, "=").then_some(at + 1)
    }

    /// Behind a list of type arguments that begins at `<`.
    pub fn generic_end(&self, at: usize) -> Option<usize> {
        if !self.is(at, "<") {
            return None;
        }
        let mut depth = 0;
        for i in at..self.tokens.len().min(at + MAX_TYPES) {
            let token = &self.tokens[i];
            match token.source {
                "<" => depth += 1,
                ">" => depth -= 1,
                "," | "." | "?" | "[" | "]" | "*" => {}
                _ if token.kind == Kind::Word => {}
                _ => return None,
            }
            if depth == 0 {
                return Some(i + 1);
            }
        }
        None
    }

    /// The arguments of a call whose `(` stands at `open`, each from its first token to behind its last, and where its `)` is.
    pub fn arguments(&self, open: usize) -> (Vec<(usize, usize)>, usize) {
        let mut arguments = Vec::new();
        let (mut start, mut i) = (open + 1, open + 1);
        let mut depth = 0;
        while i < self.tokens.len().min(open + MAX_ARGUMENTS) {
            if let Some(end) = self.generic_end(i).filter(|_| self.word(i - 1).is_some()) {
                i = end;
                continue;
            }
            match self.sign(i) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" if depth == 0 => break,
                ")" | "]" | "}" => depth -= 1,
                "," if depth == 0 => {
                    arguments.push((start, i));
                    start = i + 1;
                }
                _ => {}
            }
            i += 1;
        }
        if start < i {
            arguments.push((start, i));
        }
        (arguments, i)
    }

    /// Where the `}` is that closes the `{` at `open`.
    pub fn closing(&self, open: usize) -> usize {
        let mut depth = 0;
        for i in open..self.tokens.len() {
            match self.sign(i) {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return i;
            }
        }
        self.tokens.len()
    }

    pub fn sign(&self, i: usize) -> &'a str {
        self.tokens.get(i).filter(|token| token.kind == Kind::Sign).map_or("", |token| token.source)
    }

    /// Behind an expression that begins at `from`: before `;`, `,`, a closing bracket, or a line that does not go on with it.
    pub fn expression_end(&self, from: usize) -> usize {
        let mut depth = 0;
        let limit = self.tokens.len().min(from + MAX_EXPRESSION);
        for i in from..limit {
            let goes_on = matches!(self.sign(i), "." | "+" | "*" | "/" | "?." | ")" | "]" | "}" | ",");
            let goes_on =
                goes_on || i > from && matches!(self.sign(i - 1), "+" | "-" | "*" | "/" | "<" | "=" | "(" | "," | ".");
            if depth == 0 && i > from && self.tokens[i].first && !goes_on {
                return i;
            }
            match self.sign(i) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" | "," | ";" if depth == 0 => return i,
                ")" | "]" | "}" => depth -= 1,
                _ => {}
            }
        }
        limit
    }

    /// The text of tokens as it stands, at most 60 characters of it.
    pub fn text(&self, from: usize, to: usize) -> String {
        let mut out = String::new();
        for i in from..to.min(self.tokens.len()) {
            let spaced = i > from && self.tokens[i - 1].kind != Kind::Sign && self.tokens[i].kind != Kind::Sign;
            out.push_str(if spaced { " " } else { "" });
            out.push_str(self.tokens[i].source);
        }
        match out.char_indices().nth(60) {
            Some((at, _)) => format!("{}…", &out[..at]),
            None => out,
        }
    }

    /// The value of an expression as the text of a property, if it is known.
    pub fn eval(&self, from: usize, to: usize) -> Option<String> {
        self.eval_within(from, to, 32)
    }

    pub(super) fn eval_within(&self, from: usize, to: usize, depth: u32) -> Option<String> {
        let to = to.min(self.tokens.len());
        let depth = depth.checked_sub(1).filter(|_| from < to)?;
        if to - from == 1 {
            return self.single(from);
        }
        let call = |end: usize, name: &str| {
            end >= from + 5
                && self.is(end - 1, ")")
                && self.is(end - 2, "(")
                && self.is(end - 3, name)
                && self.is(end - 4, ".")
        };
        const SAME: &[&str] = &["toString", "toMillis", "trim", "toInt", "toLong", "intValue", "longValue"];
        if SAME.iter().any(|name| call(to, name)) {
            return self.eval_within(from, to - 4, depth);
        }
        if self.is(from, "(") {
            let (_, close) = self.arguments(from);
            let cast = close == from + 2 && self.word(from + 1).is_some() && close + 1 < to;
            return match close + 1 == to {
                true => self.eval_within(from + 1, close, depth),
                false if cast => self.eval_within(close + 1, to, depth),
                false => self.operation(from, to, depth),
            };
        }
        if self.is(from, "-") && to - from == 2 {
            return self.single(from + 1).filter(|n| number(n).is_some()).map(|n| format!("-{n}"));
        }
        self.operation(from, to, depth).or_else(|| self.class(from, to)).or_else(|| self.call(from, to, depth)).or_else(
            || {
                // `Topics.ORDERS`, `this.topic`: a constant of this text, or of the language.
                let path = (from..to)
                    .all(|i| if (i - from).is_multiple_of(2) { self.word(i).is_some() } else { self.is(i, ".") });
                if path { self.limit_of_a_type(to).or_else(|| self.single(to - 1)) } else { None }
            },
        )
    }

    pub(super) fn single(&self, i: usize) -> Option<String> {
        let token = &self.tokens[i];
        match &token.kind {
            Kind::Text(text) => Some(text.clone()),
            Kind::Number => number_text(token.source),
            Kind::Word if token.source == "true" || token.source == "false" => Some(token.source.to_string()),
            Kind::Word => self.constant(token.source, i),
            _ => None,
        }
    }

    /// What was last assigned to a name before `at`, or else first after it.
    pub(super) fn constant(&self, name: &str, at: usize) -> Option<String> {
        if self.counting.contains(&name) {
            return None;
        }
        let of_name = || self.constants.iter().filter(|(other, place, _)| *other == name && *place != at);
        let before = of_name().rfind(|(_, place, _)| *place < at);
        before.or_else(|| of_name().next()).and_then(|(_, _, value)| value.clone())
    }

    /// `A.class`, `A.class.getName()`, `A::class.java`, `A::class.java.name`, …: the full name of the class.
    fn class(&self, from: usize, to: usize) -> Option<String> {
        let mut end = from;
        while self.word(end).is_some_and(|word| word != "class") && (self.is(end + 1, ".") || self.is(end + 1, "::")) {
            end += 2;
        }
        if end == from || !self.is(end, "class") || end >= to {
            return None;
        }
        let path: String = self.tokens[from..end - 1].iter().map(|token| token.source).collect();
        let simple = path.rsplit('.').next().unwrap_or(&path);
        let imported = self.imports.iter().find(|(name, _)| *name == simple).map(|(_, full)| full.clone());
        if path.contains('.') {
            return Some(path);
        }
        let own = || self.package.as_ref().map(|package| format!("{package}.{simple}"));
        Some(imported.or_else(|| full_name(simple)).or_else(own).unwrap_or_else(|| simple.to_string()))
    }

    /// Calls whose result is known: lists, texts of numbers, durations in milliseconds.
    fn call(&self, from: usize, to: usize, depth: u32) -> Option<String> {
        let mut open = from;
        while self.word(open).is_some() && self.is(open + 1, ".") {
            open += 2;
        }
        let name = self.word(open)?;
        let class = if open >= from + 2 { self.word(open - 2) } else { None };
        if class == Some("Duration") && name == "ZERO" && open + 1 == to {
            return Some("0".to_string());
        }
        let open = self.generic_end(open + 1).unwrap_or(open + 1);
        if !self.is(open, "(") {
            return self.kotlin_duration(from, to);
        }
        let (arguments, close) = self.arguments(open);
        if close + 1 != to {
            return None;
        }
        let values: Option<Vec<String>> = arguments.iter().map(|(f, t)| self.eval_within(*f, *t, depth)).collect();
        let values = values?;
        match (class, name) {
            (Some("String" | "Integer" | "Long" | "Double" | "Boolean"), "valueOf" | "toString") => {
                values.into_iter().next()
            }
            (Some("String"), "join") => values.split_first().map(|(separator, rest)| rest.join(separator)),
            (Some("List" | "Set"), "of")
            | (Some("Arrays"), "asList")
            | (Some("Collections"), "singletonList" | "singleton")
            | (None, "listOf" | "setOf" | "mutableListOf") => Some(values.join(",")),
            (Some("Duration"), unit) => {
                let n = number(values.first()?)?;
                let ms = match unit {
                    "ofMillis" => Some(n),
                    "ofSeconds" => n.checked_mul(1000),
                    "ofMinutes" => n.checked_mul(60_000),
                    "ofHours" => n.checked_mul(3_600_000),
                    "ofNanos" => Some(n / 1_000_000),
                    _ => None,
                };
                ms.map(|ms| ms.to_string())
            }
            _ => None,
        }
    }

    /// `100.milliseconds.toJavaDuration()`
    fn kotlin_duration(&self, from: usize, to: usize) -> Option<String> {
        let n = number(&self.single(from)?)?;
        let unit = self.word(from + 2).filter(|_| self.is(from + 1, ".") && from + 2 < to)?;
        let ms = match unit {
            "milliseconds" => Some(n),
            "seconds" => n.checked_mul(1000),
            "minutes" => n.checked_mul(60_000),
            _ => None,
        };
        ms.map(|ms| ms.to_string())
    }

    /// The property that an expression names: a text, or a constant of Kafka. `Err` has an unknown constant's name.
    pub fn property_name(&self, from: usize, to: usize) -> Result<Option<String>, String> {
        let constant = match to - from {
            3 if self.is(from + 1, ".") && self.word(from).is_some_and(|class| CONSTANT_CLASSES.contains(&class)) => {
                self.word(from + 2)
            }
            // Imported statically.
            1 if self.eval(from, to).is_none() => {
                self.word(from).filter(|word| word.ends_with("_CONFIG") || property_of_constant(word).is_some())
            }
            _ => None,
        };
        match constant {
            Some(constant) => property_of_constant(constant).map(Some).ok_or_else(|| constant.to_string()),
            None => Ok(self.eval(from, to)),
        }
    }
}

/// Names with `++`, `--`, `+=` or `-=`.
fn counting<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    const OPERATORS: &[&str] = &["++", "--", "+=", "-="];
    let counts = |i: usize| tokens.get(i).is_some_and(|token| OPERATORS.iter().any(|operator| token.is(operator)));
    let mut names: Vec<&str> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let before = i > 0 && (tokens[i - 1].is("++") || tokens[i - 1].is("--")) && !tokens[i].first;
        if token.kind == Kind::Word && (counts(i + 1) || before) && !names.contains(&token.source) {
            names.push(token.source);
        }
    }
    names
}

pub(super) fn number(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// `16_384L` is `16384`.
fn number_text(source: &str) -> Option<String> {
    let plain: String = source.chars().filter(|c| *c != '_').collect();
    if let Some(hex) = plain.strip_prefix("0x").or_else(|| plain.strip_prefix("0X")) {
        return i64::from_str_radix(hex.trim_end_matches(['l', 'L']), 16).ok().map(|n| n.to_string());
    }
    let plain = plain.trim_end_matches(['l', 'L', 'f', 'F', 'd', 'D']);
    plain.chars().all(|c| c.is_ascii_digit() || c == '.').then(|| plain.to_string())
}
