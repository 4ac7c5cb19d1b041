//! A small reader of JSON texts (RFC 8259): values with their places, no numbers made of numbers.

use super::fault::Expected;
use crate::script::escape;

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Json<'a> {
    /// Where it begins, in bytes of the whole text.
    pub at: usize,
    /// Its text as it stands there.
    pub source: &'a str,
    pub value: Value<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    /// A number or a boolean: its text is its value.
    Plain,
    Text(String),
    Array(Vec<Json<'a>>),
    Object(Vec<JsonMember<'a>>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct JsonMember<'a> {
    pub name: String,
    /// Where the name begins.
    pub at: usize,
    pub value: Json<'a>,
}

const MAX_DEPTH: u32 = 64;

/// Reads one value that begins at a place, or behind blanks there, and gives the place behind it; otherwise says at which
/// place what should have stood.
pub(super) fn read_at(text: &str, at: usize) -> Result<(Json<'_>, usize), (usize, Expected)> {
    let mut reader = Reader { text, at };
    match reader.value(0) {
        Ok(value) => Ok((value, reader.at)),
        Err(expected) => Err((reader.at, expected)),
    }
}

/// The place behind the blanks at a place.
pub(super) fn behind_blanks(text: &str, at: usize) -> usize {
    let mut reader = Reader { text, at };
    reader.blanks();
    reader.at
}

struct Reader<'a> {
    text: &'a str,
    /// In bytes, always between characters.
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.text[self.at..].starts_with(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn blanks(&mut self) {
        while self.text[self.at..].starts_with([' ', '\t', '\r', '\n']) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: u32) -> Result<Json<'a>, Expected> {
        self.blanks();
        let start = self.at;
        let value = match self.peek() {
            Some('{' | '[') if depth == MAX_DEPTH => return Err(Expected::LessDepth),
            Some('{') => self.object(depth)?,
            Some('[') => self.array(depth)?,
            Some('"') => Value::Text(self.string()?),
            Some('-' | '0'..='9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Json { at: start, source: &self.text[start..self.at], value })
    }

    fn word(&mut self) -> Result<Value<'a>, Expected> {
        for (word, value) in [("null", Value::Null), ("true", Value::Plain), ("false", Value::Plain)] {
            let rest = &self.text[self.at..];
            if rest.starts_with(word) && !rest[word.len()..].starts_with(|c: char| c.is_alphanumeric()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(Expected::Value)
    }

    fn number(&mut self) -> Result<Value<'a>, Expected> {
        self.eat('-');
        if !self.eat('0') {
            self.digits()?;
        }
        if self.eat('.') {
            self.digits()?;
        }
        if self.eat('e') || self.eat('E') {
            let _signed = self.eat('+') || self.eat('-');
            self.digits()?;
        }
        match self.peek() {
            Some(c) if c.is_alphanumeric() || c == '.' => Err(Expected::Number),
            _ => Ok(Value::Plain),
        }
    }

    fn digits(&mut self) -> Result<(), Expected> {
        let rest = &self.text[self.at..];
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        if count == 0 { Err(Expected::Number) } else { Ok(()) }
    }

    fn array(&mut self, depth: u32) -> Result<Value<'a>, Expected> {
        self.eat('[');
        let mut all = Vec::new();
        self.blanks();
        if self.eat(']') {
            return Ok(Value::Array(all));
        }
        loop {
            all.push(self.value(depth + 1)?);
            self.blanks();
            if self.eat(']') {
                return Ok(Value::Array(all));
            }
            if !self.eat(',') {
                return Err(Expected::CommaOrEnd);
            }
        }
    }

    fn object(&mut self, depth: u32) -> Result<Value<'a>, Expected> {
        self.eat('{');
        let mut all = Vec::new();
        self.blanks();
        if self.eat('}') {
            return Ok(Value::Object(all));
        }
        loop {
            self.blanks();
            let at = self.at;
            if self.peek() != Some('"') {
                return Err(if all.is_empty() { Expected::NameOrEnd } else { Expected::Name });
            }
            let name = self.string()?;
            self.blanks();
            if !self.eat(':') {
                return Err(Expected::Colon);
            }
            let value = self.value(depth + 1)?;
            all.push(JsonMember { name, at, value });
            self.blanks();
            if self.eat('}') {
                return Ok(Value::Object(all));
            }
            if !self.eat(',') {
                return Err(Expected::CommaOrEnd);
            }
        }
    }

    fn string(&mut self) -> Result<String, Expected> {
        self.eat('"');
        let mut units: Vec<u16> = Vec::new();
        let mut out = String::new();
        loop {
            let c = self.peek().ok_or(Expected::ClosingQuote)?;
            if c == '\\' {
                self.escape(&mut units)?;
                continue;
            }
            // Halves of a surrogate pair come as two escapes; one alone is no character, and no UTF-8 has it.
            out.push_str(&String::from_utf16(&units).map_err(|_| Expected::OtherHalf)?);
            units.clear();
            if c < ' ' {
                return Err(Expected::NoControl);
            }
            self.at += c.len_utf8();
            if c == '"' {
                return Ok(out);
            }
            out.push(c);
        }
    }

    fn escape(&mut self, units: &mut Vec<u16>) -> Result<(), Expected> {
        let rest = &self.text[self.at + 1..];
        let unit = match rest.chars().next() {
            Some(c @ ('"' | '\\' | '/')) => c as u16,
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('u') => {
                let hex = rest.get(1..5).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
                let unit = hex.and_then(|hex| u16::from_str_radix(hex, 16).ok()).ok_or(Expected::Escape)?;
                self.at += 4;
                unit
            }
            _ => return Err(Expected::Escape),
        };
        self.at += 2;
        units.push(unit);
        Ok(())
    }
}

/// A text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            c if let Some(escape) = escape(c) => out.push_str(escape),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value that is the whole text; else the column, from 1, and what should have stood there.
    fn read(text: &str) -> Result<Json<'_>, (usize, Expected)> {
        let column = |at: usize| text[..at].chars().count() + 1;
        let (value, end) = read_at(text, 0).map_err(|(at, expected)| (column(at), expected))?;
        let end = behind_blanks(text, end);
        if end == text.len() { Ok(value) } else { Err((column(end), Expected::End)) }
    }

    #[test]
    fn values_and_faults() {
        for text in
            ["{}", "[]", " {\"a\" : [1, -0.5e+3, true, null, \"\"]} ", "\"\\ud83d\\ude00\\/\\n\"", "0", "\"주문\""]
        {
            assert!(read(text).is_ok(), "{text}");
        }
        assert_eq!(read("\"\\ud83d\\ude00 \\u0041\"").unwrap().value, Value::Text("😀 A".into()));
        for (text, column, expected) in [
            ("", 1, Expected::Value),
            ("{", 2, Expected::NameOrEnd),
            ("{\"a\":1,}", 8, Expected::Name),
            ("{\"a\" 1}", 6, Expected::Colon),
            ("{\"a\":}", 6, Expected::Value),
            ("{\"a\":1 \"b\"", 8, Expected::CommaOrEnd),
            ("{} x", 4, Expected::End),
            ("\"주문", 4, Expected::ClosingQuote),
            ("\"a\\x\"", 3, Expected::Escape),
            ("\"\\ud83d\"", 8, Expected::OtherHalf),
            ("\"\\ude00\\ud83d\"", 14, Expected::OtherHalf),
            ("01", 2, Expected::Number),
            ("1.", 3, Expected::Number),
            ("\"a\tb\"", 3, Expected::NoControl),
            ("nulls", 1, Expected::Value),
        ] {
            assert_eq!(read(text), Err((column, expected)), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(read(&deep), Err((65, Expected::LessDepth)));
    }

    #[test]
    fn quoted_texts_come_back() {
        for text in ["", "a\"\\\n\r\t\u{1}b", "주문😀"] {
            assert_eq!(read(&quoted(text)).unwrap().value, Value::Text(text.into()));
        }
    }
}
