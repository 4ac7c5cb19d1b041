//! Loops that send: how often they go round, and what of a record their variable changes.

use crate::script::Payload;

use super::Repeat;
use super::tokens::Kind;
use super::values::Source;

/// A loop of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Loop<'a> {
    /// The variable that counts, if there is one.
    variable: Option<&'a str>,
    /// It counts 0, 1, 2, … as `{i}` does.
    from_zero: bool,
    /// Its tokens, from the keyword to the end of its body.
    range: (usize, usize),
    pub repeat: Repeat,
    /// Within another loop: its counter begins anew after so many, if that is known.
    pub round: Option<Option<u32>>,
}

/// The key or value of a record, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub payload: Option<Payload>,
    /// The counter goes round after so many: `i % 3`.
    pub keys: Option<u32>,
    /// It is null.
    pub null: bool,
    /// It is something that a loop here cannot say.
    pub lost: bool,
}

/// A part of a key or value.
enum Part {
    Known(String),
    Counter { keys: Option<u32> },
}

/// Loops without braces within each other, and methods before a `send`, that are looked at.
const MAX_DEPTH: usize = 16;
const MAX_METHODS: usize = 64;

/// The loops around a token as one: it counts as the innermost does, and goes round as often as all of them do.
pub(super) fn around<'a>(loops: &[Loop<'a>], at: usize) -> Option<Loop<'a>> {
    let mut of_it = loops.iter().rev().filter(|of| of.range.0 < at && at < of.range.1);
    let mut inner = of_it.next()?.clone();
    let once = inner.repeat.times;
    for outer in of_it {
        // A pause of the outer one is spread over what the inner one sends.
        let each = inner.repeat.times.and_then(|times| u32::try_from(times).ok()).unwrap_or(1).max(1);
        inner.repeat.pause_ms = inner.repeat.pause_ms.or(outer.repeat.pause_ms.map(|pause| pause / each));
        let times = inner.repeat.times.zip(outer.repeat.times);
        inner.repeat.times = times.and_then(|(inner, outer)| inner.checked_mul(outer));
        inner.repeat.endless |= outer.repeat.endless;
        inner.round = Some(once.and_then(|times| u32::try_from(times).ok()));
    }
    Some(inner)
}

pub(super) fn loops<'a>(source: &Source<'_, 'a>) -> Vec<Loop<'a>> {
    (0..source.tokens.len()).filter_map(|i| read(source, i)).collect()
}

fn read<'a>(source: &Source<'_, 'a>, i: usize) -> Option<Loop<'a>> {
    let word = source.word(i).filter(|_| source.is(i + 1, "("))?;
    let (arguments, close) = source.arguments(i + 1);
    let counted = |variable, first: i64, times: Option<i64>, end: usize| {
        let times = times.and_then(|times| u64::try_from(times).ok());
        let repeat = Repeat { times, endless: false, pause_ms: pause(source, i, end) };
        Some(Loop { variable, from_zero: first == 0, range: (i, end), repeat, round: None })
    };
    let number = |(from, to): (usize, usize)| source.eval(from, to).and_then(|text| text.parse::<i64>().ok());
    match word {
        "for" => {
            let (variable, first, times) = of_for(source, i + 2, close);
            counted(variable, first.unwrap_or(1), times, body_end(source, close + 1))
        }
        "repeat" if source.is(close + 1, "{") => {
            let named = source.word(close + 2).filter(|_| source.is(close + 3, "->"));
            counted(Some(named.unwrap_or("it")), 0, number(*arguments.first()?), body_end(source, close + 1))
        }
        "range" | "rangeClosed" if source.is(close + 1, ".") && source.is(close + 2, "forEach") => {
            let [first, last] = arguments[..] else { return None };
            let (first, last) = (number(first)?, number(last));
            let more = i64::from(word == "rangeClosed");
            let end = source.arguments(close + 3).1;
            counted(
                source.word(close + 4),
                first,
                last.and_then(|last| last.checked_sub(first)?.checked_add(more)),
                end,
            )
        }
        "while" => {
            let end = body_end(source, close + 1);
            let endless = close == i + 3 && source.is(i + 2, "true");
            let repeat = Repeat { times: None, endless, pause_ms: pause(source, i, end) };
            Some(Loop { variable: None, from_zero: false, range: (i, end), repeat, round: None })
        }
        _ => None,
    }
}

/// The method around a token, and the line of the first call of it, when it is called in a loop or more than once.
pub(super) fn calls_of_method<'a>(source: &Source<'_, 'a>, loops: &[Loop], at: usize) -> Option<(&'a str, u32)> {
    const KEYWORDS: &[&str] = &["if", "for", "while", "switch", "when", "catch", "synchronized", "try", "with", "use"];
    let is_declared = |i: usize| {
        let before = i.checked_sub(1);
        let typed =
            before.is_some_and(|i| source.word(i).is_some_and(|word| !matches!(word, "return" | "else" | "new")));
        typed || before.is_some_and(|i| matches!(source.sign(i), ">" | "]"))
    };
    let is_named = |i: usize| source.word(i).is_some_and(|word| !KEYWORDS.contains(&word)) && source.is(i + 1, "(");
    let mut declared = (0..at).rev().filter(|i| is_named(*i) && is_declared(*i)).take(MAX_METHODS);
    let method = declared.find(|i| {
        let close = source.arguments(i + 1).1;
        let body = (close + 1..at).find(|i| matches!(source.sign(*i), "{" | ";" | "="));
        body.is_some_and(|open| source.is(open, "{") && source.closing(open) > at)
    })?;
    let name = source.word(method)?;
    let is_call = |i: &usize| source.is(*i, name) && source.is(i + 1, "(") && !is_declared(*i);
    let mut calls = (0..source.tokens.len()).filter(is_call);
    let first = calls.next()?;
    (calls.next().is_some() || around(loops, first).is_some()).then_some((name, source.tokens[first].line))
}

/// Of what stands in the brackets of a `for`: the variable, where it begins, and how often it goes round.
fn of_for<'a>(source: &Source<'_, 'a>, from: usize, close: usize) -> (Option<&'a str>, Option<i64>, Option<i64>) {
    let number = |from, to| source.eval(from, to).and_then(|text| text.parse::<i64>().ok());
    let find = |sign: &str, after: usize| (after..close).find(|at| source.is(*at, sign));
    // `for (int i = 0; i < 5; i++)`
    if let (Some(one), Some(assigns)) = (find(";", from), find("=", from)) {
        let variable = assigns.checked_sub(1).and_then(|at| source.word(at));
        let Some(two) = find(";", one + 1).filter(|_| assigns < one) else { return (variable, None, None) };
        let first = number(assigns + 1, one);
        let is_variable = |at: usize| source.word(at).is_some() && source.word(at) == variable;
        let by_one = close == two + 3
            && (is_variable(two + 1) && source.is(two + 2, "++") || source.is(two + 1, "++") && is_variable(two + 2));
        let last = if is_variable(one + 1) { number(one + 3, two) } else { None };
        let more = match source.sign(one + 2) {
            "<" => Some(0),
            "<=" => Some(1),
            _ => None,
        };
        let times = match (first, last, more) {
            (Some(first), Some(last), Some(more)) if by_one => {
                last.checked_sub(first).and_then(|n| n.checked_add(more))
            }
            _ => None,
        };
        return (variable, first.filter(|_| by_one), times);
    }
    // `for (i in 0 until 5)`, `for (i in 0..4)`, `for (i in 0..<5)`
    let Some(inside) = find("in", from) else { return (None, None, None) };
    let variable = inside.checked_sub(1).and_then(|at| source.word(at));
    let parts = match (find("until", inside), (inside..close).find(|at| source.is(*at, ".") && source.is(at + 1, ".")))
    {
        (Some(at), _) => Some((at, at + 1, 0)),
        (None, Some(at)) if source.is(at + 2, "<") => Some((at, at + 3, 0)),
        (None, Some(at)) => Some((at, at + 2, 1)),
        _ => None,
    };
    let Some((end, start, more)) = parts else { return (variable, None, None) };
    let (first, last) = (number(inside + 1, end), number(start, close));
    let times = first.zip(last).and_then(|(first, last)| last.checked_sub(first)?.checked_add(more));
    (variable, first.filter(|_| last.is_some()), times)
}

/// Behind a body that begins at a token: a block, or one statement.
fn body_end(source: &Source, mut at: usize) -> usize {
    // `for (…) for (…) send();`, so deep as people write it.
    for _ in 0..MAX_DEPTH {
        if !matches!(source.word(at), Some("for" | "while" | "if")) || !source.is(at + 1, "(") {
            break;
        }
        at = source.arguments(at + 1).1 + 1;
    }
    if !source.is(at, "{") {
        return (at..source.tokens.len()).find(|i| source.is(*i, ";")).unwrap_or_else(|| source.expression_end(at));
    }
    source.closing(at)
}

/// `Thread.sleep(100)`, `delay(100)`: milliseconds.
fn pause(source: &Source, from: usize, to: usize) -> Option<u32> {
    let at = (from..to).find(|i| matches!(source.word(*i), Some("sleep" | "delay")) && source.is(i + 1, "("))?;
    let (start, end) = *source.arguments(at + 1).0.first()?;
    source.eval(start, end)?.parse().ok()
}

/// An expression as the bytes of each record: texts, what is known, and the variable of the loop.
pub(super) fn written(source: &Source, (from, to): (usize, usize), within: Option<&Loop>) -> Written {
    if source.is(from, "null") && to == from + 1 {
        return Written { null: true, ..Written::default() };
    }
    if let Some(text) = source.eval(from, to) {
        return Written { payload: Some(Payload::literal(text.as_bytes())), ..Written::default() };
    }
    let counter = within.filter(|of| of.from_zero).and_then(|of| of.variable);
    let parts = counter.and_then(|counter| parts(source, (from, to), counter));
    let round = within.and_then(|of| of.round);
    parts.and_then(|parts| joined(parts, round)).unwrap_or(Written { lost: true, ..Written::default() })
}

fn parts(source: &Source, (from, to): (usize, usize), counter: &str) -> Option<Vec<Part>> {
    let (first, rest) = source.operands(from, to, &["+"]);
    let mut parts = Vec::new();
    for (n, (start, end)) in std::iter::once(first).chain(rest.into_iter().map(|(_, of)| of)).enumerate() {
        if end == start + 1 && source.tokens[start].kind == Kind::Template {
            template(source, start, counter, &mut parts)?;
        } else if let Some(text) = source.eval(start, end) {
            // `1 + i` is a sum of numbers, which the counter of a loop here is not.
            let is_number = n == 0 && to > end && text.parse::<i64>().is_ok() && !is_text(source, start, end);
            parts.push(Part::Known(text).filter(!is_number)?);
        } else {
            parts.push(counted(source, (start, end), counter)?);
            let text_before = n > 0 && parts[..n].iter().any(|part| matches!(part, Part::Known(_)));
            let text_behind = end + 1 < to && is_text(source, end + 1, end + 2);
            if to > end && !text_before && !text_behind {
                return None;
            }
        }
    }
    Some(parts)
}

impl Part {
    fn filter(self, so: bool) -> Option<Part> {
        so.then_some(self)
    }
}

fn is_text(source: &Source, from: usize, to: usize) -> bool {
    to == from + 1 && matches!(source.tokens.get(from).map(|token| &token.kind), Some(Kind::Text(_)))
}

/// `i`, `String.valueOf(i)`, `i.toString()`, `(i % 3)`.
fn counted(source: &Source, (from, to): (usize, usize), counter: &str) -> Option<Part> {
    if to == from + 1 {
        return source.is(from, counter).then_some(Part::Counter { keys: None });
    }
    let is_bracket = source.is(from, "(") && source.arguments(from).1 + 1 == to;
    if is_bracket {
        return counted(source, (from + 1, to - 1), counter);
    }
    if source.is(from + 1, "%") && source.is(from, counter) {
        let keys = source.eval(from + 2, to)?.parse().ok().filter(|keys| *keys > 0)?;
        return Some(Part::Counter { keys: Some(keys) });
    }
    let ends =
        |name: &str| to >= from + 5 && source.is(to - 4, ".") && source.is(to - 3, name) && source.is(to - 2, "(");
    if ends("toString") {
        return counted(source, (from, to - 4), counter);
    }
    let of_text = matches!(source.word(from), Some("String" | "Integer" | "Long"))
        && matches!(source.word(from + 2), Some("valueOf" | "toString"))
        && source.is(from + 3, "(");
    if of_text && source.arguments(from + 3).1 + 1 == to {
        return counted(source, (from + 4, to - 1), counter);
    }
    None
}

/// The parts of `"user-$i"` or `"user-${i}"`.
fn template(source: &Source, at: usize, counter: &str, parts: &mut Vec<Part>) -> Option<()> {
    let text = source.tokens[at].source.strip_prefix('"')?.strip_suffix('"')?;
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        let (name, after) = match behind.strip_prefix('{') {
            Some(behind) => behind.split_once('}')?,
            None => behind.split_at(behind.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(behind.len())),
        };
        parts.push(Part::Known(before.to_string()));
        if name == counter {
            parts.push(Part::Counter { keys: None });
        } else {
            parts.push(Part::Known(source.constant(name, at)?));
        }
        rest = after;
    }
    parts.push(Part::Known(rest.to_string()));
    (!text.contains(['\\', '"'])).then_some(())
}

fn joined(parts: Vec<Part>, round: Option<Option<u32>>) -> Option<Written> {
    let (mut text, mut keys, mut counters) = (String::new(), None, 0);
    for part in parts {
        match part {
            Part::Known(known) if known.contains('{') => return None,
            Part::Known(known) => text.push_str(&known),
            Part::Counter { keys: round } => {
                text.push_str("{i}");
                counters += 1;
                keys = round;
            }
        }
    }
    if let (1.., Some(round)) = (counters, round) {
        // The one loop here counts on where the inner one begins anew, but for a key that goes round with it.
        let round = round.filter(|round| *round > 0)?;
        keys = Some(keys.unwrap_or(round)).filter(|keys| round.is_multiple_of(*keys));
        keys?;
    }
    if counters > 1 && keys.is_some() || text.starts_with("hex:") {
        return None;
    }
    Some(Written { payload: Payload::parse(&text), keys, ..Written::default() })
}
