//! `application.yml`: keys within keys, read as the names of properties that frameworks make of them.

use super::super::property::Found;
use crate::input::problem::{Problem, What};

/// A line that says something.
struct FoundValue<'a> {
    number: u32,
    indent: usize,
    text: &'a str,
}

fn told(text: &str) -> impl Iterator<Item = FoundValue<'_>> {
    text.lines().enumerate().filter_map(|(i, line)| {
        let text = without_comment(line).trim_end();
        let indent = text.len() - text.trim_start().len();
        let text = text.trim_start();
        (!text.is_empty() && text != "---").then_some(FoundValue { number: i as u32 + 1, indent, text })
    })
}

/// Whether a text is one of keys within keys: a key alone on its line, and behind it a deeper line with another or with
/// an element of a list.
pub(super) fn is_yaml(text: &str) -> bool {
    let mut opened: Option<usize> = None;
    told(text).any(|line| {
        let key = key_of(line.text);
        let is_inside =
            opened.is_some_and(|indent| line.indent > indent) && (key.is_some() || element(line.text).is_some());
        opened = key.filter(|(_, value)| value.is_empty()).map(|_| line.indent);
        is_inside
    })
}

/// The properties of a text, in its order. What is none of keys, plain values and lists of those is told.
pub(super) fn read(text: &str, problems: &mut Vec<Problem>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    // The keys around a line, each with its indent.
    let mut around: Vec<(usize, String)> = Vec::new();
    for line in told(text) {
        let at = |what: What| Problem::new(line.number, line.indent as u32 + 1, what);
        if let Some(of) = element(line.text) {
            // A list of keys within keys is none of properties.
            let Some(of) = value(of).filter(|_| key_of(of).is_none()) else {
                problems.push(at(What::YamlNotRead));
                continue;
            };
            let name = path(&around, "");
            match out.last_mut().filter(|found| found.name == name) {
                Some(list) => {
                    list.value.push(',');
                    list.value.push_str(&of);
                }
                None => out.push(Found { name, value: of, line: line.number, column: line.indent as u32 + 1 }),
            }
            continue;
        }
        let Some((key, of)) = key_of(line.text) else {
            problems.push(at(What::YamlNotRead));
            continue;
        };
        while around.pop_if(|(indent, _)| *indent >= line.indent).is_some() {}
        if of.is_empty() {
            around.push((line.indent, key.to_owned()));
            continue;
        }
        match value(of) {
            Some(value) => {
                let column = line.indent as u32 + 1;
                out.push(Found { name: path(&around, key), value, line: line.number, column });
            }
            None => problems.push(at(What::YamlNotRead)),
        }
    }
    out
}

fn path(around: &[(usize, String)], key: &str) -> String {
    let mut out = String::new();
    for part in around.iter().map(|(_, key)| key.as_str()).chain([key]).filter(|part| !part.is_empty()) {
        out.push_str(if out.is_empty() { "" } else { "." });
        out.push_str(part);
    }
    out
}

/// `- a`
fn element(text: &str) -> Option<&str> {
    text.strip_prefix("- ").map(str::trim)
}

/// A key and what stands behind its colon.
fn key_of(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once(": ").or_else(|| Some((text.strip_suffix(':')?, "")))?;
    let key = key.trim_end();
    let quoted = ['"', '\''].iter().find_map(|quote| key.strip_prefix(*quote)?.strip_suffix(*quote));
    let key = quoted.unwrap_or(key);
    // Spring's `[a.b]` is a key with dots.
    let key = key.strip_prefix('[').and_then(|key| key.strip_suffix(']')).unwrap_or(key);
    let is_plain = |c: char| c.is_alphanumeric() || "._-%*/\"".contains(c);
    (!key.is_empty() && key.chars().all(is_plain)).then_some((key, value.trim()))
}

/// A plain value, or a list of them on one line. None: a block, a map, an alias.
fn value(text: &str) -> Option<String> {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.strip_suffix(quote).filter(|inside| !inside.contains(quote)).map(str::to_owned);
        }
    }
    if let Some(list) = text.strip_prefix('[') {
        let all: Option<Vec<String>> = list.strip_suffix(']')?.split(',').map(|of| value(of.trim())).collect();
        return all.map(|all| all.join(","));
    }
    (!text.starts_with(['{', '|', '>', '&', '*'])).then(|| text.to_owned())
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    line.find(" #").map_or(line, |at| &line[..at])
}
