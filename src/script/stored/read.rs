//! Reads a stored text as far as it is valid.

use std::sync::Arc;

use super::note::Part;
use super::{Change, Followed, MAX_BRANCHES, MAX_CHANGES, ReaderState, Stored, StoredBranch, StoredNote, VERSION};
use crate::script::ast::{Anchor, Line, Property, Script, Statement};
use crate::script::error::{ScriptError, ScriptProblem};
use crate::script::lexer::{Word, lex};
use crate::script::parse::{anchor, lines, parse_after, readable, too_long, without_mark};
use crate::script::{MAX_ERRORS, MAX_HELD_LINES, MAX_LINES};
use crate::sorted::InOrder;

const BRANCH: &str = "%branch";

/// Reads a stored text as far as it is valid, and says what was not.
pub fn decode(text: &str) -> (Stored, Vec<StoredNote>) {
    let text = without_mark(text);
    let mut notes = Vec::new();
    let (whole, text) = (text.len(), readable(text));
    let mut state = ReaderState::default();
    let (first, mut rest) = text.split_once('\n').unwrap_or((text, ""));
    let mut row = 2;
    match version(first) {
        Some((_, found)) if found == VERSION.to_string() => {}
        Some((column, found)) => notes.push(StoredNote::OtherVersion { column, found: shortened(found) }),
        None => {
            notes.push(StoredNote::NoVersion);
            (rest, row) = (text, 1);
        }
    }
    let mut shown = None;
    let mut more = 0;
    // Where each change stands, and what is followed.
    let mut rows = Rows::default();
    while rest.starts_with('%') {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let read = match line.starts_with(BRANCH) && shown.is_none() {
            true => header(line.trim_end()).map(|header| shown = Some(header)).map_err(StateFault::Stray),
            false => read_state(line.trim_end(), &mut state).map(|()| rows.note(&state, row)),
        };
        match read {
            Err(fault) if notes.len() < MAX_ERRORS => notes.push(fault.at(row)),
            Err(_) => more += 1,
            Ok(()) => {}
        }
        (rest, row) = (after, row.saturating_add(1));
    }
    let shown = shown.unwrap_or_default();
    tell_more(&mut notes, more);
    let mut branches = Branches { read: Vec::new(), written: 0, held: 0, notes, told: 0, more: 0 };
    branches.all(rest, row, shown);
    let too_long = (text.len() < whole).then(|| too_long(whole, lines(text).saturating_add(1)));
    let (stored, mut notes) = branches.finish(state, &rows);
    notes.extend(too_long.map(StoredNote::Script));
    (stored, notes)
}

/// The lines on which parts of the page's state stand.
#[derive(Default)]
struct Rows {
    changes: Vec<u32>,
    followed: Option<u32>,
}

impl Rows {
    /// What is new in the state stands on this line.
    fn note(&mut self, state: &ReaderState, row: u32) {
        self.changes.resize(state.changes.len(), row);
        if state.followed.is_some() {
            self.followed.get_or_insert(row);
        }
    }
}

/// How many notes were not told stands behind the last that was.
fn tell_more(notes: &mut Vec<StoredNote>, more: u64) {
    if let (1.., Some(last)) = (more, notes.last().map(StoredNote::line)) {
        notes.push(StoredNote::Script(ScriptError::more(last, more)));
    }
}

/// What the line `%branch …` says.
#[derive(Clone, Debug)]
struct Header {
    /// From 1.
    number: usize,
    parent: Option<(usize, Anchor)>,
    like: Option<(usize, u32)>,
    name: Option<Arc<str>>,
}

impl Default for Header {
    fn default() -> Header {
        Header { number: 1, parent: None, like: None, name: None }
    }
}

/// The branches in the order of the text, the one that is shown first.
struct Branches {
    read: Vec<(Header, Script)>,
    /// Lines of all branches so far, as they are written, and as each of them holds them.
    written: u64,
    held: u64,
    notes: Vec<StoredNote>,
    /// How many notes of the branches were told one by one, and how many were not.
    told: usize,
    more: u64,
}

impl Branches {
    fn tell(&mut self, note: StoredNote) {
        match &note {
            StoredNote::Script(ScriptError { problem: ScriptProblem::More { count }, .. }) => self.more += count,
            _ if self.told >= MAX_ERRORS => self.more += 1,
            _ => {
                self.told += 1;
                self.notes.push(note);
            }
        }
    }

    /// `first` is the header of what comes first.
    fn all(&mut self, text: &str, first_row: u32, first: Header) {
        let mut row = first_row;
        let mut of = Some(first);
        let mut rest = text;
        loop {
            let end = next_header(rest);
            let own = &rest[..end];
            if let Some(header) = of {
                self.one(header, own, row);
            }
            if end == rest.len() {
                return;
            }
            row = row.saturating_add(u32::try_from(own.matches('\n').count()).unwrap_or(u32::MAX));
            if self.read.len() == MAX_BRANCHES {
                self.tell(StoredNote::TooManyBranches { line: row });
                return;
            }
            let (line, after) = rest[end..].split_once('\n').unwrap_or((&rest[end..], ""));
            of = self.opened(line.trim_end(), row);
            (rest, row) = (after, row.saturating_add(1));
        }
    }

    /// The header in this line, if it can be understood after those above it.
    fn opened(&mut self, line: &str, row: u32) -> Option<Header> {
        let read = header(line).and_then(|header| {
            let place = |part: &str| {
                let at = line.find(part).map_or(0, |at| line[..at].chars().count());
                u32::try_from(at + 1).unwrap_or(u32::MAX)
            };
            let is_above = |number: usize| self.read.iter().any(|(other, _)| other.number == number);
            match header.like {
                _ if is_above(header.number) => Err((place(&header.number.to_string()), header.number.to_string())),
                Some((like, _)) if !is_above(like) => Err((place("like="), format!("like={like}"))),
                _ => Ok(header),
            }
        });
        match read {
            Ok(header) => Some(header),
            Err((column, found)) => {
                self.tell(StoredNote::Branch { line: row, column, found: shortened(&found) });
                None
            }
        }
    }

    fn one(&mut self, header: Header, text: &str, row: u32) {
        let like =
            header.like.and_then(|(like, lines)| Some((self.read.iter().find(|(of, _)| of.number == like)?, lines)));
        let own = u64::from(lines(text));
        let shared = |(of, lines): &(&(Header, Script), u32)| of.1.lines.partition_point(|line| line.number <= *lines);
        let held = own + like.as_ref().map_or(0, shared) as u64;
        if !self.read.is_empty() && (self.written + own > u64::from(MAX_LINES) || self.held + held > MAX_HELD_LINES) {
            self.tell(StoredNote::TooManyLines { line: row.saturating_sub(1) });
            return;
        }
        (self.written, self.held) = (self.written + own, self.held + held);
        let mut script = Script::default();
        let mut number = 0;
        if let Some(((_, other), lines)) = like {
            script.about = other.about.clone();
            script.lines = other.lines.iter().take_while(|line| line.number <= lines).cloned().collect();
            number = lines;
        }
        let errors = parse_after(&mut script, number, text, row);
        for error in errors {
            self.tell(StoredNote::Script(error));
        }
        self.read.push((header, script));
    }

    /// All branches by their numbers, and the changes of those that are there.
    fn finish(mut self, mut state: ReaderState, rows: &Rows) -> (Stored, Vec<StoredNote>) {
        let shown = self.read[0].0.number;
        self.check_followed(&mut state, rows.followed.unwrap_or_default());
        self.read.order_by_key(|(header, _)| header.number);
        let numbers: Vec<usize> = self.read.iter().map(|(header, _)| header.number).collect();
        let index_of = |number: usize| numbers.iter().position(|other| *other == number);
        let mut rows = rows.changes.iter();
        state.changes.retain_mut(|change| {
            let (row, number) = (rows.next(), change.branch);
            let found = index_of(number);
            change.branch = found.unwrap_or_default();
            if found.is_none() {
                let line = row.copied().unwrap_or_default();
                self.tell(StoredNote::Part { line, column: 9, found: number.to_string(), part: Part::Branch });
            }
            found.is_some()
        });
        tell_more(&mut self.notes, self.more);
        let branches = self.read.into_iter().map(|(header, script)| {
            // A branch is younger than the one it left.
            let parent = header.parent.filter(|(of, _)| *of < header.number);
            let parent = parent.and_then(|(of, at)| Some((index_of(of)?, at)));
            StoredBranch { name: header.name, parent, script }
        });
        let branches = branches.collect();
        (Stored { branches, shown: index_of(shown).unwrap_or(0), state }, self.notes)
    }
}

impl Branches {
    /// What is followed is a record of a client that the branch that is shown makes.
    fn check_followed(&mut self, state: &mut ReaderState, line: u32) {
        let Some(Followed { client, .. }) = &state.followed else { return };
        let makes = |line: &Arc<Line>| match &*line.statement {
            Statement::Client(made) => made.id == *client,
            _ => false,
        };
        if !self.read[0].1.lines.iter().any(makes) {
            // Behind `%followed `.
            let (column, found) = (11, shortened(client));
            self.tell(StoredNote::NoClient { line, column, found });
            state.followed = None;
        }
    }
}

/// Where the next line begins that opens a branch; the end of the text when there is none.
fn next_header(text: &str) -> usize {
    if text.starts_with(BRANCH) {
        return 0;
    }
    text.find("\n%branch").map_or(text.len(), |at| at + 1)
}

/// The version's column and text.
fn version(line: &str) -> Option<(u32, &str)> {
    let rest = line.trim_end().strip_prefix("partita")?;
    let found = rest.trim_start();
    if rest == found && !found.is_empty() {
        return None;
    }
    Some(((8 + rest.len() - found.len()) as u32, found))
}

/// What is not understood: its column and the word.
type Stray = (u32, String);

fn words(line: &str) -> Result<(std::vec::IntoIter<Word>, Word, u32), Stray> {
    let lexed = lex(line).map_err(|fault| (fault.column, fault.found))?;
    let mut words = lexed.words.into_iter();
    let first = words.next().ok_or_else(|| (1, line.to_string()))?;
    Ok((words, first, lexed.end))
}

/// `%branch 2 of=1 at=@4198000+3 like=1 lines=9 name=…`
fn header(line: &str) -> Result<Header, Stray> {
    let (mut words, first, end) = words(line)?;
    if first.text != BRANCH {
        return Err((first.column, first.text));
    }
    let number = words.next().ok_or_else(|| (end, first.text.clone()))?;
    let positive = |text: &str| text.parse::<usize>().ok().filter(|n| (1..=1_000_000).contains(n));
    let mut header =
        Header { number: positive(&number.text).ok_or((number.column, number.text))?, ..Header::default() };
    let (mut of, mut at, mut like, mut lines) = (None, None, None, None);
    for word in words {
        let stray = || (word.column, word.text.clone());
        let (name, value) = word.text.split_once('=').ok_or_else(stray)?;
        match name {
            "of" => of = Some(positive(value).ok_or_else(stray)?),
            "at" => at = Some(anchor(value).map_err(|_| stray())?),
            "like" => like = Some(positive(value).ok_or_else(stray)?),
            "lines" => lines = Some(value.parse().map_err(|_| stray())?),
            "name" => header.name = Some(Arc::from(value)),
            _ => return Err(stray()),
        }
    }
    header.parent = of.zip(at);
    header.like = like.zip(lines);
    Ok(header)
}

/// Why a line about the page's state is left out.
enum StateFault {
    Stray(Stray),
    Part(Part, Stray),
    /// It says what stands there already.
    Twice(Stray),
}

impl From<Stray> for StateFault {
    fn from(stray: Stray) -> StateFault {
        StateFault::Stray(stray)
    }
}

impl StateFault {
    fn at(&self, line: u32) -> StoredNote {
        match self {
            StateFault::Stray((column, found)) => StoredNote::State { line, column: *column, found: shortened(found) },
            StateFault::Part(part, (column, found)) => {
                StoredNote::Part { line, column: *column, found: shortened(found), part: *part }
            }
            StateFault::Twice((column, found)) => StoredNote::Twice { line, column: *column, found: shortened(found) },
        }
    }
}

/// Reads one line `%name …`; otherwise gives the column and the word that is not understood, or is there already.
fn read_state(line: &str, state: &mut ReaderState) -> Result<(), StateFault> {
    let (mut words, name, end) = words(line)?;
    let mut changed = None;
    let is_there = match name.text.as_str() {
        "%position" => state.position.is_some(),
        "%followed" => state.followed.is_some(),
        _ => false,
    };
    if is_there {
        return Err(StateFault::Twice((name.column, name.text)));
    }
    let mut word = || words.next().ok_or((end, name.text.clone()));
    match name.text.as_str() {
        "%position" => {
            let word = word()?;
            let position = anchor(&word.text).map_err(|_| StateFault::Part(Part::Place, (word.column, word.text)))?;
            // Whatever is told there, the place itself is known.
            state.position = Some(position);
            if let Some(word) = words.next() {
                let told = word.text.strip_prefix("told=").and_then(|told| told.parse().ok());
                state.told = Some(told.ok_or(StateFault::Part(Part::Told, (word.column, word.text)))?);
            }
        }
        "%followed" => {
            let (client, number) = (word()?, word()?);
            let parsed = number.text.parse();
            let number = parsed.map_err(|_| StateFault::Part(Part::Record, (number.column, number.text)))?;
            state.followed = Some(Followed { client: Arc::from(client.text), number });
        }
        "%change" => {
            let (branch, place) = (word()?, word()?);
            let parsed = branch.text.parse();
            let number = parsed.map_err(|_| StateFault::Part(Part::Branch, (branch.column, branch.text)))?;
            let place = anchor(&place.text).map_err(|_| StateFault::Part(Part::Place, (place.column, place.text)))?;
            let forks = match words.next() {
                Some(word) if word.text == "fork" => true,
                Some(word) => return Err((word.column, word.text).into()),
                None => false,
            };
            if state.changes.len() == MAX_CHANGES {
                return Err((name.column, name.text).into());
            }
            changed = Some(Change { branch: number, place, forks });
        }
        "%page" => {
            let word = word()?;
            let (name, value) = word.text.split_once('=').ok_or((word.column, word.text.clone()))?;
            if state.page.iter().any(|property| *property.name == *name) {
                return Err(StateFault::Twice((word.column, name.to_owned())));
            }
            state.page.push(Property::new(name, value));
        }
        _ => return Err((name.column, name.text).into()),
    }
    match words.next() {
        Some(word) => Err((word.column, word.text).into()),
        None => {
            state.changes.extend(changed);
            Ok(())
        }
    }
}

fn shortened(found: &str) -> String {
    found.chars().take(60).collect()
}
