//! Java's `.properties` texts, read as `java.util.Properties.load` reads them; and the same as keys within keys.

use super::super::last::{Last, holders};
use super::super::property::Found;
use crate::input::problem::{MAX_TEXT_BYTES, Problem, What, too_large};
use crate::sorted::InOrder;

use super::flow;
use super::yaml::{self, is_yaml};

/// What a text gives: each property once, with the value that Java would keep (the last), in order of first appearance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    pub properties: Vec<Found>,
    pub problems: Vec<Problem>,
}

/// Reads a whole text. A line that cannot be read costs only itself.
pub fn read(text: &str) -> Properties {
    let mut out = Properties::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MAX_TEXT_BYTES {
        out.problems.push(Problem { line: 1, column: 1, what: too_large(text.len()) });
        return out;
    }
    if text.trim_start().starts_with('{') {
        match flow::read(text, "", 1, 1) {
            Ok(all) => out.properties = all,
            Err((line, column)) => out.problems.push(Problem { line, column, what: What::JsonNotRead }),
        }
        keep_the_last(&mut out);
        return out;
    }
    if is_yaml(text) {
        out.properties = yaml::read(text, &mut out.problems);
        name_profiles(text, &mut out.properties, yaml::is_document);
        keep_the_last(&mut out);
        return out;
    }
    let mut lines = Lines { chars: text.chars().collect(), next: 0, line: 1, column: 1 };
    while let Some(line) = lines.logical() {
        match property(&line) {
            Ok(found) if found.name.is_empty() => {
                out.problems.push(Problem { line: found.line, column: found.column, what: What::NoName });
            }
            Ok(found) => out.properties.push(found),
            Err(problem) => out.problems.push(problem),
        }
    }
    name_profiles(text, &mut out.properties, |line| matches!(line.trim_end(), "#---" | "!---"));
    keep_the_last(&mut out);
    out
}

/// What a document of Spring's holds for a profile alone has that in front of its name, as Quarkus writes it: `%dev.`.
fn name_profiles(text: &str, all: &mut [Found], is_document: fn(&str) -> bool) {
    let begins: Vec<u32> = (1..).zip(text.lines()).filter(|(_, line)| is_document(line)).map(|(at, _)| at).collect();
    let document = |found: &Found| begins.partition_point(|at| *at < found.line);
    let is_condition =
        |found: &&Found| found.name.starts_with("spring.config.activate.") || found.name == "spring.profiles";
    let profiles: Vec<(usize, String)> =
        all.iter().filter(is_condition).map(|found| (document(found), found.value.replace('.', "-"))).collect();
    for found in all {
        if let Ok(i) = profiles.binary_search_by_key(&document(found), |(document, _)| *document) {
            found.name = format!("%{}.{}", profiles[i].1, found.name);
        }
    }
}

/// Of several values of a name the last one, where the first stood; each that came before is told.
fn keep_the_last(out: &mut Properties) {
    let all = std::mem::take(&mut out.properties);
    let last = Last::of(all.len(), &|one, other| all[one].name.cmp(&all[other].name));
    for (before, at) in holders(&last, all.len()) {
        let found = &all[at];
        let what = What::GivenTwice { name: found.name.clone(), first: all[before].line };
        out.problems.push(Problem { line: found.line, column: found.column, what });
    }
    out.properties = last.kept.into_iter().map(|i| all[i].clone()).collect();
    out.problems.order_by_key(|problem| (problem.line, problem.column));
}

/// A character with the place it came from.
#[derive(Clone, Copy)]
struct At {
    c: char,
    line: u32,
    column: u32,
}

/// `Properties.LineReader`: natural lines joined where a backslash stands at their end, comments and blank lines left out.
struct Lines {
    chars: Vec<char>,
    next: usize,
    line: u32,
    column: u32,
}

impl Lines {
    fn take(&mut self) -> Option<At> {
        let c = *self.chars.get(self.next)?;
        let at = At { c, line: self.line, column: self.column };
        self.next += 1;
        self.column += 1;
        let return_before_feed = c == '\r' && self.chars.get(self.next) == Some(&'\n');
        if (c == '\n' || c == '\r') && !return_before_feed {
            (self.line, self.column) = (self.line + 1, 1);
        }
        Some(at)
    }

    fn logical(&mut self) -> Option<Vec<At>> {
        let mut out: Vec<At> = Vec::new();
        let (mut skip_blanks, mut continued, mut backslash) = (true, false, false);
        while let Some(at) = self.take() {
            let end = at.c == '\n' || at.c == '\r';
            if skip_blanks {
                if matches!(at.c, ' ' | '\t' | '\u{c}') || !continued && end {
                    continue;
                }
                (skip_blanks, continued) = (false, false);
            }
            if out.is_empty() && matches!(at.c, '#' | '!') {
                while !matches!(self.chars.get(self.next), None | Some('\n' | '\r')) {
                    self.take();
                }
                skip_blanks = true;
                continue;
            }
            if !end {
                out.push(at);
                backslash = at.c == '\\' && !backslash;
                continue;
            }
            if out.is_empty() {
                skip_blanks = true;
            } else if backslash {
                out.pop();
                (skip_blanks, continued, backslash) = (true, true, false);
                if at.c == '\r' && self.chars.get(self.next) == Some(&'\n') {
                    self.take();
                }
            } else {
                return Some(out);
            }
        }
        if backslash {
            out.pop();
        }
        (!out.is_empty()).then_some(out)
    }
}

/// The name ends at the first `=`, `:` or blank that no backslash stands before; blanks and one separator are passed.
fn property(line: &[At]) -> Result<Found, Problem> {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\u{c}');
    let mut end = 0;
    let mut backslash = false;
    let mut separated = false;
    while end < line.len() {
        let c = line[end].c;
        if !backslash && (matches!(c, '=' | ':') || blank(c)) {
            separated = !blank(c);
            break;
        }
        backslash = c == '\\' && !backslash;
        end += 1;
    }
    let mut start = (end + 1).min(line.len());
    while start < line.len() {
        let c = line[start].c;
        if !blank(c) {
            if separated || !matches!(c, '=' | ':') {
                break;
            }
            separated = true;
        }
        start += 1;
    }
    let first = line.first().map_or((1, 1), |at| (at.line, at.column));
    Ok(Found { name: unescaped(&line[..end])?, value: unescaped(&line[start..])?, line: first.0, column: first.1 })
}

/// `Properties.loadConvert`. Units of UTF-16 are collected, since `\uD83D\uDE00` is one character.
fn unescaped(part: &[At]) -> Result<String, Problem> {
    let mut units: Vec<u16> = Vec::with_capacity(part.len());
    let mut i = 0;
    while i < part.len() {
        let At { c, line, column } = part[i];
        i += 1;
        let plain = match (c, part.get(i).map(|at| at.c)) {
            ('\\', None) => break,
            ('\\', Some('u')) => {
                let hex: String = part[i + 1..part.len().min(i + 5)].iter().map(|at| at.c).collect();
                let digits = hex.len() == 4 && hex.bytes().all(|b| b.is_ascii_hexdigit());
                let unit = u16::from_str_radix(&hex, 16).ok().filter(|_| digits);
                units.push(unit.ok_or(Problem { line, column, what: What::BadUnicodeEscape })?);
                i += 5;
                continue;
            }
            ('\\', Some(escaped)) => {
                i += 1;
                match escaped {
                    't' => '\t',
                    'r' => '\r',
                    'n' => '\n',
                    'f' => '\u{c}',
                    other => other,
                }
            }
            (c, _) => c,
        };
        units.extend_from_slice(plain.encode_utf16(&mut [0; 2]));
    }
    Ok(String::from_utf16_lossy(&units))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String, u32)> {
        read(text).properties.into_iter().map(|p| (p.name, p.value, p.line)).collect()
    }

    #[test]
    fn the_whole_syntax() {
        for (text, expected) in [
            ("acks=all", vec![("acks", "all", 1)]),
            ("# c\n! d\n\n  acks = all  \n", vec![("acks", "all  ", 4)]),
            (
                "a:b\nc d\ne\t:\tf\ng = = h\ni",
                vec![("a", "b", 1), ("c", "d", 2), ("e", "f", 3), ("g", "= h", 4), ("i", "", 5)],
            ),
            ("a=1,\\\n   2,\\\r\n\t3\nb=2", vec![("a", "1,2,3", 1), ("b", "2", 4)]),
            ("a\\ b\\:c\\=d=e\\q\\t\\\\", vec![("a b:c=d", "eq\t\\", 1)]),
            ("k=\\uC8fc\\u0041\\uD83D\\uDE00", vec![("k", "주A😀", 1)]),
            ("# no continuation \\\na=1", vec![("a", "1", 2)]),
            ("a=b\\", vec![("a", "b", 1)]),
            ("a=b\\\n\nc=d", vec![("a", "b", 1), ("c", "d", 3)]),
            ("a=b\\\n# c\nd=e", vec![("a", "b# c", 1), ("d", "e", 3)]),
            ("a=1\rb=2\r\nc=3", vec![("a", "1", 1), ("b", "2", 2), ("c", "3", 3)]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(n, v, l)| (n.to_string(), v.to_string(), l)).collect();
            assert_eq!(pairs(text), expected, "{text:?}");
        }
    }

    #[test]
    fn problems_have_places() {
        let out = read("a=1\nb=x\\u12g4\na=2\n = 3");
        assert_eq!(out.properties.len(), 1);
        assert_eq!(out.properties[0].value, "2");
        let places: Vec<_> = out.problems.iter().map(|p| (p.line, p.column)).collect();
        assert_eq!(places, [(2, 4), (3, 1), (4, 2)]);
    }
}
