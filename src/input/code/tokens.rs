//! Cuts Java or Kotlin into tokens with their places.

use super::super::problem::{Problem, What};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Cut,
    /// As it stands in the text.
    pub source: &'a str,
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// The first of its line.
    pub first: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// A name or keyword.
    Word,
    /// A string or character, its escapes resolved.
    Text(String),
    /// A Kotlin string with `$` in it: known only when the program runs.
    Template,
    Number,
    /// One character, or one of the operators that would be mistaken for others cut in two.
    Sign,
}

/// The longer of two that begin alike stands first.
const OPERATORS: &[&str] = &[
    "..<", "==", "!=", "<=", "+=", "-=", "*=", "/=", "->", "=>", "&&", "||", "::", "++", "--", "?.", "?:", "!!", "..",
];

impl Token<'_> {
    pub fn is(&self, source: &str) -> bool {
        matches!(self.kind, Cut::Word | Cut::Sign) && self.source == source
    }
}

pub(super) fn tokens<'a>(text: &'a str, problems: &mut Vec<Problem>) -> Vec<Token<'a>> {
    let mut cutter = Cutter { text, at: 0, line: 1, column: 1, problems };
    let mut tokens: Vec<Token> = Vec::new();
    let mut line_before = 0;
    while let Some(mut token) = cutter.next() {
        token.first = token.line != line_before;
        line_before = token.line;
        tokens.push(token);
    }
    tokens
}

struct Cutter<'a, 'p> {
    text: &'a str,
    at: usize,
    line: u32,
    column: u32,
    problems: &'p mut Vec<Problem>,
}

impl<'a> Cutter<'a, '_> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        self.column += 1;
        if c == '\n' {
            (self.line, self.column) = (self.line + 1, 1);
        }
        Some(c)
    }

    fn take_while(&mut self, so: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&so) {
            self.take();
        }
    }

    fn take_bytes(&mut self, count: usize) {
        let end = self.at + count;
        while self.at < end {
            self.take();
        }
    }

    fn next(&mut self) -> Option<Token<'a>> {
        self.blanks_and_comments();
        let (start, line, column) = (self.at, self.line, self.column);
        let c = self.peek()?;
        let kind = if c.is_alphabetic() || c == '_' || c == '$' {
            self.take_while(|c| c.is_alphanumeric() || c == '_' || c == '$');
            Cut::Word
        } else if c.is_ascii_digit() {
            self.number();
            Cut::Number
        } else if c == '"' {
            self.string()
        } else if c == '\'' {
            self.character()
        } else {
            let operator = OPERATORS.iter().find(|operator| self.rest().starts_with(**operator));
            self.take_bytes(operator.map_or(c.len_utf8(), |operator| operator.len()));
            Cut::Sign
        };
        Some(Token { kind, source: &self.text[start..self.at], line, column, first: false })
    }

    fn blanks_and_comments(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            let (line, column) = (self.line, self.column);
            if self.rest().starts_with("//") {
                self.take_while(|c| c != '\n');
            } else if self.rest().starts_with("/*") {
                let Some(end) = self.rest()[2..].find("*/") else {
                    self.problems.push(Problem::new(line, column, What::OpenComment));
                    self.at = self.text.len();
                    return;
                };
                self.take_bytes(end + 4);
            } else {
                return;
            }
        }
    }

    /// Digits with `_`, a fraction, an exponent, a suffix: `16_384`, `0.5f`, `1000L`, `0x1F`.
    fn number(&mut self) {
        self.take_while(|c| c.is_alphanumeric() || c == '_');
        let rest = self.rest().as_bytes();
        if rest.first() == Some(&b'.') && rest.get(1).is_some_and(u8::is_ascii_digit) {
            self.take();
            self.take_while(|c| c.is_alphanumeric() || c == '_');
        }
    }

    fn string(&mut self) -> Cut {
        let (line, column) = (self.line, self.column);
        if self.rest().starts_with("\"\"\"") {
            return self.text_block();
        }
        self.take();
        let mut out = String::new();
        let (mut template, mut whole) = (false, true);
        loop {
            match self.peek() {
                None | Some('\n') => {
                    self.problems.push(Problem::new(line, column, What::OpenString));
                    return Cut::Template;
                }
                Some('"') => break,
                Some('\\') => {
                    self.take();
                    whole &= self.escape(&mut out);
                }
                Some('$') => {
                    self.take();
                    template |= self.peek().is_some_and(|c| c.is_alphabetic() || c == '{' || c == '_');
                    out.push('$');
                }
                Some(c) => {
                    self.take();
                    out.push(c);
                }
            }
        }
        self.take();
        if !whole {
            self.problems.push(Problem::new(line, column, What::HalfCharacter));
        }
        if template || !whole { Cut::Template } else { Cut::Text(out) }
    }

    /// Java's text block or Kotlin's raw string.
    fn text_block(&mut self) -> Cut {
        let (line, column) = (self.line, self.column);
        self.take_bytes(3);
        let Some(end) = self.rest().find("\"\"\"") else {
            self.problems.push(Problem::new(line, column, What::OpenString));
            self.at = self.text.len();
            return Cut::Template;
        };
        let inside = &self.rest()[..end];
        self.take_bytes(end + 3);
        if inside.contains('$') {
            Cut::Template
        } else {
            Cut::Text(block(inside, self.rest().starts_with(".trimIndent")))
        }
    }

    /// Resolves what stands behind a backslash. False: it is half a character of UTF-16 without the other half.
    fn escape(&mut self, out: &mut String) -> bool {
        let Some(c) = self.peek().filter(|c| *c != '\n') else { return true };
        self.take();
        match c {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            's' => out.push(' '),
            'u' => {
                let Some(unit) = self.unit() else { return true };
                let is_first = (0xd800..0xdc00).contains(&unit) && self.rest().starts_with("\\u");
                if is_first {
                    self.take();
                }
                let units = [unit, if is_first { self.unit().unwrap_or_default() } else { 0 }];
                match char::decode_utf16(units).next() {
                    Some(Ok(c)) => out.push(c),
                    _ => return false,
                }
            }
            '0'..='7' => {
                let mut code = c.to_digit(8).unwrap_or(0);
                while let Some(digit) = self.peek().and_then(|c| c.to_digit(8)).filter(|digit| code * 8 + digit < 256) {
                    self.take();
                    code = code * 8 + digit;
                }
                out.push(char::from_u32(code).unwrap_or('\0'));
            }
            other => out.push(other),
        }
        true
    }

    /// The four digits of `\u0041`, with as many `u` as Java allows.
    fn unit(&mut self) -> Option<u16> {
        self.take_while(|c| c == 'u');
        let unit = self
            .rest()
            .get(..4)
            .filter(|hex| !hex.starts_with('+'))
            .and_then(|hex| u16::from_str_radix(hex, 16).ok())?;
        self.take_bytes(4);
        Some(unit)
    }

    /// `'x'`; an apostrophe in prose is a sign of its own.
    fn character(&mut self) -> Cut {
        let mut chars = self.rest().chars();
        chars.next();
        let (one, two, three) = (chars.next(), chars.next(), chars.next());
        if one == Some('\\') && three == Some('\'') {
            self.take();
            self.take();
            let mut out = String::new();
            // Two characters behind the quote: no `\u` with its digits.
            self.escape(&mut out);
            self.take();
            return Cut::Text(out);
        }
        if one.is_some_and(|c| c != '\n' && c != '\'') && two == Some('\'') {
            self.take_bytes(1);
            let c = self.take();
            self.take();
            return Cut::Text(c.into_iter().collect());
        }
        self.take();
        Cut::Sign
    }
}

/// The lines of a block without the indentation that all have, as Java and Kotlin's `trimIndent` read it; `trimIndent`
/// drops the last line if it is blank, too.
fn block(inside: &str, trims: bool) -> String {
    let inside = inside.replace("\r\n", "\n");
    let Some(lines) = inside.strip_prefix('\n') else { return inside };
    let last = lines.rsplit('\n').next().unwrap_or_default();
    let is_told = |line: &&str| !line.trim().is_empty() || std::ptr::eq(*line, last);
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let least = lines.split('\n').filter(is_told).map(indent).min().unwrap_or(0);
    let stripped: Vec<&str> = lines.split('\n').map(|line| line.get(least..).unwrap_or_default().trim_end()).collect();
    let text = stripped.join("\n");
    if trims { text.trim_end_matches('\n').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> (Vec<String>, Vec<(u32, u32)>) {
        let mut problems = Vec::new();
        let shown = |token: Token| match token.kind {
            Cut::Text(text) => format!("<{text}>"),
            Cut::Template => "template".to_string(),
            _ => token.source.to_string(),
        };
        let shown = tokens(text, &mut problems).into_iter().map(shown).collect();
        (shown, problems.iter().map(|problem| (problem.line, problem.column)).collect())
    }

    #[test]
    fn cut() {
        let (shown, problems) = kinds(
            "a.b(\"x\\t\\u0041\\101\", 16_384L, 0.5) // c\n/* d\n*/ 'q' '\\n' don't \"$v\" \"\"\"r\"\"\"::x->1.toString",
        );
        let expected = [
            "a", ".", "b", "(", "<x\tAA>", ",", "16_384L", ",", "0.5", ")", "<q>", "<\n>", "don", "'", "t", "template",
            "<r>", "::", "x", "->", "1", ".", "toString",
        ];
        assert_eq!(shown, expected);
        assert_eq!(problems, []);
        assert_eq!(kinds("\"\\ud83d\\ude00!\""), (vec!["<😀!>".into()], vec![]));
        for half in ["\\ud83d", "\\ude00", "\\ud83d\\u0041", "\\ud83dx", "\\ud83d\\n"] {
            assert_eq!(kinds(&format!("a \"{half}\"")), (vec!["a".into(), "template".into()], vec![(1, 3)]), "{half}");
        }
        assert_eq!(
            kinds("a \"b\n\"c\" /* d"),
            (vec!["a".into(), "template".into(), "<c>".into()], vec![(1, 3), (2, 5)])
        );
    }
}
