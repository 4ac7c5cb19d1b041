//! The one list of what does not hold yet.
//!
//! A line of `listed.txt` is a table, what of it, conditions, and the reason:
//!
//! ```text
//! TABLE *                         every case of the table
//! TABLE part:NAME                 every case that needs that part of Kafka
//! TABLE case:ID                   one case; `case:ID@seeds`: its further seeds
//! frames asks:KIND[,KIND…]        frames with a request of that kind, and their answers
//! ```
//!
//! A kind is `Api`, `Api:VERSION`, `Api:LOWEST-HIGHEST`, each with a place behind it where only that may differ:
//! `Fetch:16-18.responses.partitions.high_watermark`, `ListOffsets:11.request`. Conditions narrow it down:
//! `after:Api` (a request of that API went before in the conversation), `where:field` or `where:field=value` (what the
//! request's body says), `setup:field` (what existed before the first frame has such a field or name).
//! `at-least:N`: that many of the cases are equal already, and must stay so.

use std::path::Path;

use serde_json::Value;

use crate::data::{Asked, Case};
use crate::verdict::{Difference, EARLY, Verdict};

/// A line of the list.
pub struct Entry {
    pub table: String,
    /// What it lists, as it is written: `part:sticky`, `asks:EndTxn,WriteTxnMarkers`.
    pub text: String,
    pub reason: String,
    /// How many of its cases were equal when it was written.
    pub at_least: usize,
    /// Cases by name are not counted: their reason is all there is to say.
    pub is_of_kinds: bool,
}

/// One thing that an entry lists.
pub struct Clause {
    /// As it would be written alone: `part:sticky`, `asks:EndTxn`.
    pub name: String,
    /// The entry's place in the list.
    pub entry: usize,
    what: What,
    /// Where a case may differ; none: anywhere.
    place: Option<String>,
    conditions: Vec<Condition>,
}

enum What {
    Table,
    Part(String),
    Case(String),
    Request { api: String, versions: Option<(i64, i64)> },
}

#[derive(Clone)]
enum Condition {
    After(String),
    Where(String, Option<String>),
    Setup(String),
}

/// What the cases of a clause came to.
#[derive(Clone, Copy, Default)]
pub struct Counted {
    pub cases: usize,
    /// Cases that are equal.
    pub equal: usize,
    /// What the cases ask, one thing after the other, and how much of it is equal.
    pub asked: usize,
    pub asked_equal: usize,
    /// Cases of which a difference is the one that is listed.
    pub explained: usize,
}

#[derive(Default)]
pub struct List {
    pub entries: Vec<Entry>,
    pub clauses: Vec<Clause>,
}

pub fn read(file: &Path) -> Result<List, String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut list = List::default();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with("# ") {
            continue;
        }
        list.add(line).map_err(|sentence| format!("{} line {}: {sentence}", file.display(), at + 1))?;
    }
    Ok(list)
}

impl List {
    pub fn table_of(&self, clause: &Clause) -> &str {
        &self.entries[clause.entry].table
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        let (entry, what, conditions) = entry(line)?;
        let at = self.entries.len();
        let clauses = clauses(&what, &entry.text[what.len()..], &conditions, at)?;
        self.entries.push(entry);
        self.clauses.extend(clauses);
        Ok(())
    }
}

/// A line, what of its table it lists, and under which conditions.
fn entry(line: &str) -> Result<(Entry, String, Vec<Condition>), String> {
    let (table, rest) = line.split_once(' ').ok_or("no case")?;
    let (what, mut rest) = rest.trim_start().split_once(' ').ok_or("no reason")?;
    let (mut conditions, mut at_least, mut narrowed) = (Vec::new(), 0, String::new());
    while let Some((word, behind)) = rest.trim_start().split_once(' ') {
        let Some((name, value)) = word.split_once(':').filter(|(_, value)| !value.is_empty()) else { break };
        match name {
            "at-least" => at_least = value.parse().map_err(|_| format!("{value} is no number"))?,
            "after" => conditions.push(Condition::After(value.to_owned())),
            "setup" => conditions.push(Condition::Setup(value.to_owned())),
            "where" => {
                let (field, value) = value.split_once('=').map_or((value, None), |(f, v)| (f, Some(v.to_owned())));
                conditions.push(Condition::Where(field.to_owned(), value));
            }
            _ => break,
        }
        if name != "at-least" {
            narrowed.push_str(&format!(" {word}"));
        }
        rest = behind;
    }
    let (text, is_of_kinds) = (format!("{what}{narrowed}"), !what.starts_with("case:"));
    let (table, reason) = (table.to_owned(), rest.trim().to_owned());
    Ok((Entry { table, text, reason, at_least, is_of_kinds }, what.to_owned(), conditions))
}

/// The things that an entry lists: `narrowed` are its conditions as they are written.
fn clauses(what: &str, narrowed: &str, conditions: &[Condition], entry: usize) -> Result<Vec<Clause>, String> {
    let mut clauses = Vec::new();
    let mut add = |name: &str, what, place: Option<&str>| {
        let (name, place) = (format!("{name}{narrowed}"), place.map(str::to_owned));
        clauses.push(Clause { name, entry, what, place, conditions: conditions.to_vec() });
    };
    match what.split_once(':') {
        None if what == "*" => add(what, What::Table, None),
        Some(("part", name)) => add(what, What::Part(name.to_owned()), None),
        Some(("case", id)) => {
            let (id, place) = id.split_once('@').map_or((id, None), |(id, place)| (id, Some(place)));
            add(what, What::Case(id.to_owned()), place);
        }
        Some(("asks", kinds)) => {
            for kind in kinds.split(',') {
                let (request, place) = kind.split_once('.').map_or((kind, None), |(kind, place)| (kind, Some(place)));
                let (api, versions) = request.split_once(':').map_or((request, None), |(api, v)| (api, Some(v)));
                let versions = versions.map(range).transpose()?;
                let what = What::Request { api: api.to_owned(), versions };
                add(&format!("asks:{kind}"), what, place);
            }
        }
        _ => return Err(format!("{what} is neither *, part:…, case:… nor asks:…")),
    }
    Ok(clauses)
}

/// `11` or `16-18`.
fn range(text: &str) -> Result<(i64, i64), String> {
    let (lowest, highest) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| text.parse().map_err(|_| format!("{text} is no version"));
    Ok((number(lowest)?, number(highest)?))
}

impl Condition {
    fn holds(&self, asked: &Asked, header: &Value) -> bool {
        match self {
            Condition::After(api) => asked.before.contains(api),
            Condition::Where(field, value) => field_of(&asked.body, field).is_some_and(|found| match value {
                Some(value) => match found.as_str() {
                    Some(text) => text == value,
                    None => format!("{found}") == value.as_str(),
                },
                None => !found.is_null(),
            }),
            Condition::Setup(field) => has(&header["setup"], field),
        }
    }
}

/// The first field of that name, at any depth.
fn field_of<'a>(value: &'a Value, field: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) => fields.get(field).or_else(|| fields.values().find_map(|value| field_of(value, field))),
        Value::Array(items) => items.iter().find_map(|item| field_of(item, field)),
        _ => None,
    }
}

/// Whether a field or a text of that name stands anywhere in it.
fn has(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(field, value)| field == name || has(value, name)),
        Value::Array(items) => items.iter().any(|item| has(item, name)),
        Value::String(text) => text == name,
        _ => false,
    }
}

impl Entry {
    /// What is wrong with how far it has come.
    pub fn fault(&self, counted: Counted) -> Option<String> {
        let lost = counted.equal < self.at_least;
        lost.then(|| format!("{} are equal, {} were when it was listed", counted.equal, self.at_least))
    }

    /// `part:sticky: 0 of 540 already equal (not built yet)`, with the steps within the cases where they have some.
    pub fn progress(&self, counted: Counted) -> String {
        let Counted { cases, equal, asked, asked_equal, .. } = counted;
        let within = if asked > cases { format!(", {asked_equal} of {asked} in parts") } else { String::new() };
        format!("{}: {equal} of {cases} already equal{within} ({})", self.text, self.reason)
    }
}

impl Counted {
    pub fn add(&mut self, verdict: &Verdict, explained: bool) {
        self.cases += 1;
        self.equal += usize::from(verdict.is_equal());
        self.asked += verdict.asked;
        self.asked_equal += verdict.equal;
        self.explained += usize::from(explained);
    }
}

impl Clause {
    /// Whether the case is one of those that the clause is about.
    pub fn concerns(&self, case: &Case, part: Option<&str>) -> bool {
        let is_meant = match &self.what {
            What::Table => true,
            What::Part(name) => part == Some(name),
            What::Case(id) => case.id == *id,
            What::Request { api, versions } => case.asked.as_ref().is_some_and(|asked| {
                asked.api == *api && versions.is_none_or(|(low, high)| (low..=high).contains(&asked.version))
            }),
        };
        let holds = |condition: &Condition| case.asked.as_ref().is_some_and(|a| condition.holds(a, &case.header));
        is_meant && self.conditions.iter().all(holds)
    }

    /// Whether a difference of a case that it concerns is the one that is listed.
    pub fn explains(&self, difference: &Difference) -> bool {
        match &self.place {
            None => difference.place != EARLY,
            Some(place) => {
                let behind = difference.place.strip_prefix(place.as_str());
                behind.is_some_and(|behind| behind.is_empty() || behind.starts_with('.'))
            }
        }
    }

    /// What is wrong with the clause itself, now that its cases were played.
    pub fn fault(&self, counted: Counted) -> Option<String> {
        if counted.cases == 0 {
            return Some("listed, but there is no such case".into());
        }
        if counted.explained == 0 {
            return Some(format!("listed, but all {} are equal", counted.cases));
        }
        None
    }
}
