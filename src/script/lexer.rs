//! Cuts a line into words as the recorder of real runs does, with the column of each.

use super::error::{Allowed, ScriptProblem};
use crate::lang::text;

/// A word with its quotes resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    /// From 1, in characters.
    pub column: u32,
    /// Whether its first character is an opening quote, which `text` no longer has.
    pub quoted: bool,
}

impl Word {
    /// The column of the text behind the first `chars` characters of `text`.
    pub fn column_at(&self, chars: usize) -> u32 {
        self.column + u32::from(self.quoted) + u32::try_from(chars).unwrap_or(u32::MAX / 2)
    }
}

/// What a line consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lexed {
    pub words: Vec<Word>,
    /// From its `#` to the end of the line.
    pub comment: Option<String>,
    /// The column behind the last word.
    pub end: u32,
}

/// A fault in the words: column, what stands there, what is wrong and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LexError {
    pub column: u32,
    pub found: String,
    pub problem: ScriptProblem,
    pub allowed: Allowed,
}

/// Blanks part words; a word that begins with `#` begins a comment. A double quote at the start of a word or right after
/// its first `=` opens a quoted part with escapes; any other quote is a plain character.
pub(super) fn lex(line: &str) -> Result<Lexed, LexError> {
    let chars: Vec<char> = line.chars().collect();
    let mut lexed = Lexed { end: 1, ..Lexed::default() };
    let mut i = 0;
    loop {
        while i < chars.len() && is_blank(chars[i]) {
            i += 1;
        }
        if i == chars.len() {
            return Ok(lexed);
        }
        if chars[i] == '#' {
            lexed.comment = Some(chars[i..].iter().collect());
            return Ok(lexed);
        }
        let mut word = Word { text: String::new(), column: column(i), quoted: chars[i] == '"' };
        let mut may_open = true;
        let mut named = false;
        while i < chars.len() && !is_blank(chars[i]) {
            let c = chars[i];
            if c == '"' && may_open {
                i = quoted(&chars, i, &mut word.text)?;
                may_open = false;
                continue;
            }
            word.text.push(c);
            may_open = c == '=' && !named;
            named |= c == '=';
            i += 1;
        }
        lexed.end = column(i);
        lexed.words.push(word);
    }
}

/// What Java's `Character.isWhitespace` says, so that a script has the same words everywhere: no-break spaces part no words.
pub(super) fn is_blank(c: char) -> bool {
    match c {
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{85}' => false,
        '\u{1c}'..='\u{1f}' => true,
        _ => c.is_whitespace(),
    }
}

/// Reads the quoted part that opens at `open` into `out`; gives the index behind its closing quote.
fn quoted(chars: &[char], open: usize, out: &mut String) -> Result<usize, LexError> {
    let mut i = open + 1;
    while i < chars.len() {
        match chars[i] {
            '"' => return Ok(i + 1),
            '\\' => i = escape(chars, i, out)?,
            c => {
                out.push(c);
                i += 1;
            }
        }
    }
    Err(LexError {
        column: column(open),
        found: chars[open..].iter().collect(),
        problem: ScriptProblem::OpenQuote,
        allowed: Allowed::Form(text(
            "a double quote at the end of the quoted part",
            "따옴표로 묶은 부분 끝에 큰따옴표",
        )),
    })
}

/// Reads the escape at the backslash `at`; gives the index behind it.
fn escape(chars: &[char], at: usize, out: &mut String) -> Result<usize, LexError> {
    let next = chars.get(at + 1).copied();
    let plain = match next {
        Some('n') => Some('\n'),
        Some('r') => Some('\r'),
        Some('t') => Some('\t'),
        Some(c @ ('"' | '\\')) => Some(c),
        _ => None,
    };
    if let Some(c) = plain {
        out.push(c);
        return Ok(at + 2);
    }
    let mut end = at + 2;
    if next == Some('u') && chars.get(end) == Some(&'{') {
        while end < chars.len() && chars[end] != '}' {
            end += 1;
        }
        let hex: String = chars[at + 3..end].iter().collect();
        let code = if hex.len() <= 6 { u32::from_str_radix(&hex, 16).ok() } else { None };
        if let (true, Some(c)) = (end < chars.len() && !hex.starts_with('+'), code.and_then(char::from_u32)) {
            out.push(c);
            return Ok(end + 1);
        }
        end += 1;
    }
    Err(LexError {
        column: column(at),
        found: chars[at..end.min(chars.len())].iter().collect(),
        problem: ScriptProblem::BadEscape,
        allowed: Allowed::Words(vec!["\\\"", "\\\\", "\\n", "\\r", "\\t", "\\u{hex}"]),
    })
}

fn column(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<(String, u32)> {
        lex(line).unwrap().words.into_iter().map(|w| (w.text, w.column)).collect()
    }

    #[test]
    fn words_quotes_comments() {
        for (line, expected) in [
            ("send p1  t", vec![("send", 1), ("p1", 6), ("t", 10)]),
            (r#"send p1 value={"order":1035}"#, vec![("send", 1), ("p1", 6), (r#"value={"order":1035}"#, 9)]),
            (r#"a "b c" d="e f"g"#, vec![("a", 1), ("b c", 3), ("d=e fg", 9)]),
            (r#""" x=a="b c""#, vec![("", 1), ("x=a=\"b", 4), ("c\"", 11)]),
            (r#"v="\"\\\n\t\u{ac00}""#, vec![("v=\"\\\n\t가", 1)]),
            ("주문 k # no # more", vec![("주문", 1), ("k", 4)]),
            ("a#b #c", vec![("a#b", 1)]),
            ("a\u{a0}b", vec![("a\u{a0}b", 1)]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(w, c)| (w.to_string(), c)).collect();
            assert_eq!(words(line), expected, "{line}");
        }
        assert_eq!(lex("a  #c d").unwrap().comment.as_deref(), Some("#c d"));
    }

    #[test]
    fn faults() {
        for (line, column, found) in [
            (r#"send "p1"#, 6, "\"p1"),
            (r#"a b="c\x""#, 7, "\\x"),
            (r#"a "\u{zz}""#, 4, "\\u{zz}"),
            (r#"a "\u{d800}""#, 4, "\\u{d800}"),
            (r#"a "\u12""#, 4, "\\u"),
            (r#"a "\"#, 4, "\\"),
            (r#"a "\u{12"#, 4, "\\u{12"),
        ] {
            let error = lex(line).unwrap_err();
            assert_eq!((error.column, error.found.as_str()), (column, found), "{line}");
        }
    }
}
