//! `application.yml`: keys within keys, read as the names of properties that frameworks make of them.

use super::super::property::Found;
use super::flow;
use crate::input::problem::{Problem, What};
use crate::input::said::is_unseen;

/// Blanks around a value; another one, such as U+00A0, is a part of it.
const BLANKS: [char; 3] = [' ', '\t', '\r'];

/// A line that says something.
struct YamlLine<'a> {
    number: u32,
    indent: usize,
    text: &'a str,
}

fn told(text: &str) -> impl Iterator<Item = YamlLine<'_>> {
    text.lines().enumerate().filter_map(|(i, line)| {
        let text = without_comment(line).trim_end_matches(BLANKS);
        let indent = text.len() - text.trim_start().len();
        let text = text.trim_start();
        (!text.is_empty()).then_some(YamlLine { number: i as u32 + 1, indent, text })
    })
}

/// Whether a text is one of keys within keys: a key alone on its line, and behind it a deeper line with another or with
/// an element of a list; or one with keys in braces behind it.
pub(super) fn is_yaml(text: &str) -> bool {
    let mut opened: Option<usize> = None;
    told(text).any(|line| {
        let key = key_of(line.text);
        let is_inside =
            opened.is_some_and(|indent| line.indent > indent) && (key.is_some() || element(line.text).is_some());
        opened = key.filter(|(_, value)| value.is_empty()).map(|_| line.indent);
        let has_braces =
            |value: &str| value.starts_with('{') && flow::read(value, "a", 1, 1).is_ok_and(|of| !of.is_empty());
        is_inside || key.is_some_and(|(_, value)| has_braces(value))
    })
}

/// Bytes of a name; no property of Kafka or of a framework comes near. A text of long keys around many lines would
/// otherwise make more names than memory holds.
pub(super) const MAX_NAME_BYTES: usize = 1000;

/// Whether a line begins another document.
pub(super) fn is_document(line: &str) -> bool {
    without_comment(line).trim_end() == "---"
}

/// The properties of a text, in its order. What is none of keys, plain values and lists of those is told.
pub(super) fn read(text: &str, problems: &mut Vec<Problem>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    // The keys around a line, each with its indent.
    let mut around: Vec<(usize, String)> = Vec::new();
    // The last property is a list that goes on.
    let mut is_list = false;
    // What stands deeper than this belongs to a line that is left out, or behind which nothing deeper can stand.
    let (mut left_out, mut plain): (Option<usize>, Option<usize>) = (None, None);
    for line in told(text) {
        if left_out.is_some_and(|indent| line.indent > indent) {
            continue;
        }
        left_out = None;
        let of_plain = plain.take().filter(|indent| line.indent > *indent);
        let listed = element(line.text);
        while around.pop_if(|(indent, _)| *indent > line.indent || listed.is_none() && *indent == line.indent).is_some()
        {
            is_list = false;
        }
        if line.indent == 0 && line.text == "---" {
            is_list = false;
            continue;
        }
        // A list of keys within keys is none of properties.
        let of = match listed {
            Some(of) => Some(("", of)).filter(|_| key_of(of).is_none()),
            None => key_of(line.text),
        };
        let of = of.filter(|_| of_plain.is_none());
        if let Some((key, "")) = of.filter(|_| listed.is_none()) {
            around.push((line.indent, key.to_owned()));
            is_list = false;
            continue;
        }
        let column = line.indent as u32 + 1;
        if let Some((name, braces)) = of.filter(|(_, of)| listed.is_none() && of.starts_with('{'))
            && let Some(Ok(all)) = path(&around, name).map(|name| flow::read(braces, &name, line.number, column))
        {
            out.extend(all.into_iter().map(|found| Found { column, ..found }));
            (is_list, plain) = (false, Some(line.indent));
            continue;
        }
        let Some((name, value)) = of.and_then(|(key, of)| Some((path(&around, key)?, value(of)?))) else {
            problems.push(Problem::new(line.number, column, What::YamlNotRead));
            left_out = Some(of_plain.unwrap_or(line.indent));
            continue;
        };
        match out.last_mut().filter(|_| is_list && listed.is_some()) {
            Some(list) => {
                list.value.push(',');
                list.value.push_str(&value);
            }
            None => out.push(Found { name, value, line: line.number, column }),
        }
        is_list = listed.is_some();
        plain = Some(line.indent);
    }
    out
}

/// The name of a key within keys. None: it has no name, or one too long.
fn path(around: &[(usize, String)], key: &str) -> Option<String> {
    let mut out = String::new();
    for part in around.iter().map(|(_, key)| key.as_str()).chain([key]).filter(|part| !part.is_empty()) {
        if out.len() + part.len() >= MAX_NAME_BYTES {
            return None;
        }
        out.push_str(if out.is_empty() { "" } else { "." });
        out.push_str(part);
    }
    (!out.is_empty()).then_some(out)
}

/// `- a`
fn element(text: &str) -> Option<&str> {
    text.strip_prefix("- ").map(|of| of.trim_matches(BLANKS))
}

/// A key and what stands behind its colon.
fn key_of(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once(": ").or_else(|| Some((text.strip_suffix(':')?, "")))?;
    let key = key.trim_end();
    let quoted = ['"', '\''].iter().find_map(|quote| key.strip_prefix(*quote)?.strip_suffix(*quote));
    let key = quoted.unwrap_or(key);
    // Spring's `[a.b]` is a key with dots.
    let key = key.strip_prefix('[').and_then(|key| key.strip_suffix(']')).unwrap_or(key);
    // One that nobody sees is named with the property that it makes.
    let is_plain = |c: char| c.is_alphanumeric() || "._-%*/\"".contains(c) || is_unseen(c);
    (!key.is_empty() && key.chars().all(is_plain)).then_some((key, value.trim_matches(BLANKS)))
}

/// A plain value, or a list of plain values on one line. None: a block, a map, an alias, a list within a list.
fn value(text: &str) -> Option<String> {
    match text.strip_prefix('[') {
        Some(list) => {
            let all: Option<Vec<&str>> = list.strip_suffix(']')?.split(',').map(|of| plain(of.trim())).collect();
            all.map(|all| all.join(","))
        }
        None => plain(text).map(str::to_owned),
    }
}

fn plain(text: &str) -> Option<&str> {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.strip_suffix(quote).filter(|inside| !inside.contains(quote));
        }
    }
    (!text.starts_with(['[', '{', '|', '>', '&', '*'])).then_some(text)
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    line.find(" #").map_or(line, |at| &line[..at])
}
