//! JSON documents as records: one on each line, over several lines, one behind another, or the elements of one array.

use super::super::problem::Problem;
use super::fault::{Expected, RecordFault};
use super::format::{Format, Objects};
use super::json::{self, Json, Value};
use super::json_record::{self, FIELDS, Wrong};
use super::taken::{Record, Records, broken_in};

/// Documents that are looked at before it is said what they are.
const SAMPLE: usize = 20;

/// Reads all documents of a text.
pub(super) fn read(text: &str, objects: Option<Objects>, broken: &[(u32, u32)], out: &mut Records) {
    let mut places = Places::new(text);
    let objects = objects.unwrap_or_else(|| {
        let (objects, odd) = seem(text);
        out.odd = odd.map(|(at, fault)| {
            let (line, column) = places.clone().of(at);
            Problem::new(line, column, RecordFault::Odd(Box::new(fault)))
        });
        objects
    });
    out.format = Format::Json { objects: Some(objects) };
    for document in Documents::of(text) {
        let document = match document {
            Ok(document) => document,
            Err(Broken { start, at, expected, whole_array }) => {
                places.of(start);
                let (line, column) = places.clone().of(at);
                if whole_array {
                    return out.refuse_all(Problem::new(line, column, RecordFault::JsonArray(expected)));
                }
                out.refuse(Problem::new(line, column, RecordFault::Json(expected)));
                continue;
            }
        };
        let (first, column) = places.of(document.at);
        let (last, _) = places.clone().of(document.at + document.source.len());
        let record = match broken_in(broken, first, last) {
            Some(problem) => Err(problem),
            None => record(&document, objects).map(|record| Record { line: first, column, ..record }).map_err(
                |(at, fault)| {
                    let (line, column) = places.clone().of(at);
                    Problem::new(line, column, fault)
                },
            ),
        };
        if !out.take(record) {
            return;
        }
    }
    if out.records.is_empty() && out.refused_count == 0 {
        out.refuse(Problem::new(1, 1, RecordFault::NoDocument));
    }
}

fn record(document: &Json, objects: Objects) -> Result<Record, Wrong> {
    match objects {
        Objects::Values => Ok(json_record::whole(document)),
        Objects::Records => json_record::described(document),
    }
}

/// What the first documents of a text seem to be: descriptions of records when one has a `value` and none a field that
/// such a description does not have. Where one alone is in the way of more that are such, the first that is none.
fn seem(text: &str) -> (Objects, Option<Wrong>) {
    let (mut describe, mut others, mut odd) = (0, 0, None);
    for document in Documents::of(text).take(SAMPLE).flatten() {
        match stranger(&document) {
            Some(wrong) => {
                others += 1;
                odd = odd.or(Some(wrong));
            }
            None => describe += u32::from(has_value(&document)),
        }
    }
    if odd.is_some() {
        return (Objects::Values, odd.filter(|_| describe >= others));
    }
    // A broken first document may have meant to be one.
    let first = text.trim_start().lines().next().unwrap_or_default();
    (if describe > 0 || first.contains("\"value\"") { Objects::Records } else { Objects::Values }, None)
}

/// What of a document no description of a record has.
fn stranger(document: &Json) -> Option<Wrong> {
    let Value::Object(members) = &document.value else {
        return Some((document.at, RecordFault::Json(Expected::Object)));
    };
    let member = members.iter().find(|member| !FIELDS.contains(&member.name.as_str()))?;
    Some((member.at, RecordFault::UnknownField { name: member.name.clone() }))
}

fn has_value(document: &Json) -> bool {
    matches!(&document.value, Value::Object(members) if members.iter().any(|member| member.name == "value"))
}

/// Whether a text seems to be JSON documents, broken ones too: objects, or arrays of whatever.
pub(super) fn are_in(text: &str) -> bool {
    let text = text.trim_start();
    let within = |open: char| text.strip_prefix(open).map(str::trim_start);
    let begins = within('{').is_some_and(|inner| inner.starts_with('"'))
        || within('[').is_some_and(|inner| inner.starts_with('{'));
    begins
        || text.starts_with(['{', '[']) && {
            let mut documents = Documents::of(text);
            documents.in_array || documents.next().is_some_and(|first| first.is_ok())
        }
}

/// What is no JSON.
struct Broken {
    /// Where the document begins, in bytes.
    start: usize,
    /// Where it breaks.
    at: usize,
    expected: Expected,
    /// It stands in the array that is the whole text: nothing of it can be taken.
    whole_array: bool,
}

/// The documents of a text, one after another.
struct Documents<'a> {
    text: &'a str,
    at: usize,
    /// The text is one array, and these are its elements.
    in_array: bool,
    /// A comma was read, behind which an element must come.
    is_owed: bool,
    /// The array broke: nothing more of it is read.
    is_broken: bool,
}

impl<'a> Documents<'a> {
    fn of(text: &'a str) -> Documents<'a> {
        let start = json::behind_blanks(text, 0);
        // An array with something behind it is a document among others.
        let is_array = text[start..].starts_with('[')
            && match json::read_at(text, start) {
                Ok((_, end)) => json::behind_blanks(text, end) == text.len(),
                // A broken one is taken for the array that it begins to be.
                Err(_) => text[json::behind_blanks(text, start + 1)..].starts_with('{'),
            };
        Documents {
            text,
            at: if is_array { start + 1 } else { start },
            in_array: is_array,
            is_owed: false,
            is_broken: false,
        }
    }

    /// The next element of the array.
    fn element(&mut self) -> Option<Result<Json<'a>, Broken>> {
        let start = json::behind_blanks(self.text, self.at);
        match self.text[start..].chars().next() {
            _ if self.is_broken => return None,
            None => return self.break_array(start, start, Expected::CommaOrEnd),
            Some(']') if !self.is_owed => return None,
            _ => {}
        }
        let (value, end) = match json::read_at(self.text, start) {
            Ok(read) => read,
            Err((at, expected)) => return self.break_array(start, at, expected),
        };
        let end = json::behind_blanks(self.text, end);
        self.is_owed = self.text[end..].starts_with(',');
        if !self.is_owed && !self.text[end..].starts_with(']') {
            return self.break_array(start, end, Expected::CommaOrEnd);
        }
        self.at = if self.is_owed { end + 1 } else { end };
        Some(Ok(value))
    }

    /// Nothing of a broken array is read any further.
    fn break_array(&mut self, start: usize, at: usize, expected: Expected) -> Option<Result<Json<'a>, Broken>> {
        self.is_broken = true;
        Some(Err(Broken { start, at, expected, whole_array: true }))
    }

    /// The next document; behind a broken one the lines that go on with it are passed.
    fn document(&mut self) -> Option<Result<Json<'a>, Broken>> {
        self.at = json::behind_blanks(self.text, self.at);
        let start = self.at;
        if start == self.text.len() {
            return None;
        }
        let (at, expected) = match json::read_at(self.text, start) {
            Ok((value, end)) => {
                let rest = self.text[end..].trim_start_matches([' ', '\t']);
                if rest.is_empty() || rest.starts_with(['\n', '\r', '{', '[']) {
                    self.at = end;
                    return Some(Ok(value));
                }
                (self.text.len() - rest.len(), Expected::End)
            }
            Err(wrong) => wrong,
        };
        let line_end = |at: usize| self.text[at..].find('\n').map_or(self.text.len(), |length| at + length + 1);
        let mut next = line_end(start);
        let spans_lines = at >= next;
        while spans_lines && self.text[next..].starts_with([' ', '\t', '}', ']', '"', ',', '\n', '\r']) {
            next = line_end(next);
        }
        self.at = next;
        Some(Err(Broken { start, at, expected, whole_array: false }))
    }
}

impl<'a> Iterator for Documents<'a> {
    type Item = Result<Json<'a>, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.in_array { self.element() } else { self.document() }
    }
}

/// Lines and columns of places in a text, from 1. They are counted on from the last place asked for, since a reader goes
/// forward.
#[derive(Clone)]
struct Places<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    column: u32,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Places<'a> {
        Places { text, at: 0, line: 1, column: 1 }
    }

    fn of(&mut self, at: usize) -> (u32, u32) {
        for c in self.text[self.at.min(at)..at].chars() {
            (self.line, self.column) = if c == '\n' { (self.line + 1, 1) } else { (self.line, self.column + 1) };
        }
        self.at = self.at.max(at);
        (self.line, self.column)
    }
}
