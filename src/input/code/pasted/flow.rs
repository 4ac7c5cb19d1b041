//! Keys and values in braces, as JSON writes them and YAML may: read as the names of properties.

use std::iter::Peekable;
use std::str::Chars;

use super::super::property::Found;
use super::yaml::MAX_NAME_BYTES;

/// Braces within braces that are read.
const MAX_DEPTH: usize = 32;

/// Where the reading of a text in braces is.
struct Flow<'a> {
    rest: Peekable<Chars<'a>>,
    line: u32,
    column: u32,
    out: Vec<Found>,
}

/// The properties of a text in braces that stands at that line and column behind that name. Fails with the place that
/// cannot be read.
pub(super) fn read(text: &str, name: &str, line: u32, column: u32) -> Result<Vec<Found>, (u32, u32)> {
    let mut flow = Flow { rest: text.chars().peekable(), line, column, out: Vec::new() };
    let is_read = flow.value(name, (line, column), 0).is_some() && flow.next_told().is_none();
    if is_read { Ok(flow.out) } else { Err((flow.line, flow.column)) }
}

impl Flow<'_> {
    fn take(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        (self.line, self.column) = if c == '\n' { (self.line + 1, 1) } else { (self.line, self.column + 1) };
        Some(c)
    }

    /// The next character that is no blank.
    fn next_told(&mut self) -> Option<char> {
        while self.rest.peek().is_some_and(|c| c.is_whitespace()) {
            self.take();
        }
        self.rest.peek().copied()
    }

    fn take_if(&mut self, wanted: char) -> Option<()> {
        if self.next_told()? == wanted { self.take().map(|_| ()) } else { None }
    }

    fn value(&mut self, name: &str, at: (u32, u32), depth: usize) -> Option<()> {
        let value = match self.next_told()? {
            '{' if depth < MAX_DEPTH => return self.pairs(name, depth),
            '[' => self.list()?,
            '{' => return None,
            _ => self.text(",}]")?,
        };
        let name = (!name.is_empty()).then(|| name.to_owned())?;
        self.out.push(Found { name, value, line: at.0, column: at.1 });
        Some(())
    }

    fn pairs(&mut self, name: &str, depth: usize) -> Option<()> {
        self.take_if('{')?;
        while self.next_told()? != '}' {
            let at = (self.line, self.column);
            let key = self.text(":,}")?;
            self.take_if(':')?;
            let dot = if name.is_empty() { "" } else { "." };
            if key.is_empty() || name.len() + key.len() >= MAX_NAME_BYTES {
                return None;
            }
            self.value(&format!("{name}{dot}{key}"), at, depth + 1)?;
            if self.next_told()? != '}' {
                self.take_if(',')?;
            }
        }
        self.take_if('}')
    }

    fn list(&mut self) -> Option<String> {
        self.take_if('[')?;
        let mut all = String::new();
        while self.next_told()? != ']' {
            all.push_str(if all.is_empty() { "" } else { "," });
            all.push_str(&self.text(",]{[")?);
            if self.next_told()? != ']' {
                self.take_if(',')?;
            }
        }
        self.take_if(']')?;
        Some(all)
    }

    /// A text in quotes, or what stands before one of `ends`.
    fn text(&mut self, ends: &str) -> Option<String> {
        let mut out = String::new();
        let quote = self.rest.peek().copied().filter(|c| matches!(c, '"' | '\''));
        if let Some(quote) = quote {
            self.take();
            loop {
                match self.take()? {
                    c if c == quote => return Some(out),
                    '\\' if quote == '"' => out.push(match self.take()? {
                        'n' => '\n',
                        't' => '\t',
                        c @ ('"' | '\\' | '/') => c,
                        _ => return None,
                    }),
                    '\n' => return None,
                    c => out.push(c),
                }
            }
        }
        while self.rest.peek().is_some_and(|c| *c != '\n' && !ends.contains(*c)) {
            out.extend(self.take());
        }
        out.truncate(out.trim_end().len());
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, value, line and column.
    type Pair = (String, String, u32, u32);

    fn pairs(text: &str) -> Result<Vec<Pair>, (u32, u32)> {
        read(text, "", 1, 1).map(|all| all.into_iter().map(|of| (of.name, of.value, of.line, of.column)).collect())
    }

    #[test]
    fn braces_are_read_as_names() {
        let of = |name: &str, value: &str, line, column| (name.to_owned(), value.to_owned(), line, column);
        assert_eq!(
            pairs("{\n  \"acks\": \"1\",\n  \"linger.ms\": 5, \"a\": {\"b\": [\"x:1\", \"y\"]}\n}\n"),
            Ok(vec![of("acks", "1", 2, 3), of("linger.ms", "5", 3, 3), of("a.b", "x:1,y", 3, 25)])
        );
        assert_eq!(pairs("{a: {b: c d, e: 'f, g'}}"), Ok(vec![of("a.b", "c d", 1, 6), of("a.e", "f, g", 1, 14)]));
        assert_eq!(pairs("{}"), Ok(Vec::new()));
        for (text, at) in
            [("{\"acks\" \"1\"}", (1, 9)), ("{\n\"a\": 1", (2, 7)), ("{a: 1} b", (1, 8)), ("[{a: 1}]", (1, 2))]
        {
            assert_eq!(pairs(text), Err(at), "{text}");
        }
        let deep = |depth: usize| format!("{}1{}", "{a: ".repeat(depth), "}".repeat(depth));
        assert!(pairs(&deep(20)).is_ok() && pairs(&deep(10_000)).is_err());
    }
}
