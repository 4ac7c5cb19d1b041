//! The text in which a run is stored, exported and handed on in a link: a version, where the page stood, and the script.
//!
//! ```text
//! partita 1
//! %position @4198000+3
//! %followed p1 7
//! %page theme=dark
//! cluster brokers=3 seed=7
//! …
//! ```

use std::sync::Arc;

use super::ast::{Anchor, Property, Script};
use super::error::ScriptError;
use super::lang::Lang;
use super::lexer::lex;
use super::parse::{anchor, parse_from};
use super::print::{print, quoted_value, quoted_word};

/// The version of the format that [`encode`] writes.
pub const VERSION: u32 = 1;

/// A run and where its reader stood in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    pub script: Script,
    pub state: State,
}

/// Where the reader of a run stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The instant, and the number of moves within it.
    pub position: Option<Anchor>,
    pub followed: Option<Followed>,
    /// What the page keeps for itself, by names that only it knows.
    pub page: Vec<Property>,
}

/// The record that is followed: the how-manieth `send` of a client, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    pub client: Arc<str>,
    pub number: u32,
}

/// What was not as it should be; the rest was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredNote {
    /// The first line is no `partita VERSION`: the text was read as a script.
    NoVersion,
    /// Another version than ours: what could be understood was read.
    OtherVersion { column: u32, found: String },
    /// A line about the page's state that we do not understand: left out.
    State { line: u32, column: u32, found: String },
    /// A line of the script: left out. Lines count from the top of the whole text.
    Script(ScriptError),
}

impl StoredNote {
    /// The line of the whole text, from 1.
    pub fn line(&self) -> u32 {
        match self {
            StoredNote::NoVersion | StoredNote::OtherVersion { .. } => 1,
            StoredNote::State { line, .. } => *line,
            StoredNote::Script(error) => error.line,
        }
    }

    /// The column, from 1, in characters.
    pub fn column(&self) -> u32 {
        match self {
            StoredNote::NoVersion => 1,
            StoredNote::OtherVersion { column, .. } | StoredNote::State { column, .. } => *column,
            StoredNote::Script(error) => error.column,
        }
    }

    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            StoredNote::NoVersion => lang.pick(
                format!("Line 1, column 1: this text does not begin with `partita {VERSION}`; it was read as a script."),
                format!("1행 1열: 이 텍스트는 `partita {VERSION}`로 시작하지 않습니다. 스크립트로 읽었습니다."),
            ),
            StoredNote::OtherVersion { column, found } => lang.pick(
                format!(
                    "Line 1, column {column}: this run is of version `{found}`, and this page reads version {VERSION}; \
                     what it understands was opened."
                ),
                format!(
                    "1행 {column}열: 이 실행은 버전 `{found}`이고 이 페이지는 버전 {VERSION}만 읽습니다. 이해한 부분만 열었습니다."
                ),
            ),
            StoredNote::State { line, column, found } => lang.pick(
                format!(
                    "Line {line}, column {column}: `{found}` says nothing this page knows, and was left out. Allowed: \
                     `%position @MICROSECONDS+MOVES`, `%followed CLIENT NUMBER`, `%page NAME=VALUE`."
                ),
                format!(
                    "{line}행 {column}열: `{found}`은(는) 이 페이지가 모르는 내용이라 제외했습니다. 쓸 수 있는 것: \
                     `%position @마이크로초+이동수`, `%followed 클라이언트 번호`, `%page 이름=값`."
                ),
            ),
            StoredNote::Script(error) => error.sentence(lang),
        }
    }
}

/// The stored text of a run.
pub fn encode(stored: &Stored) -> String {
    let mut text = format!("partita {VERSION}\n");
    if let Some(Anchor { at, moves }) = stored.state.position {
        let moves = moves.map_or(String::new(), |moves| format!("+{moves}"));
        text.push_str(&format!("%position @{}{moves}\n", at.micros()));
    }
    if let Some(Followed { client, number }) = &stored.state.followed {
        text.push_str(&format!("%followed {} {number}\n", quoted_word(client)));
    }
    for Property { name, value } in &stored.state.page {
        text.push_str(&format!("%page {}={}\n", quoted_word(name), quoted_value(value)));
    }
    text.push_str(&print(&stored.script));
    text
}

/// Reads a stored text as far as it is valid, and says what was not.
pub fn decode(text: &str) -> (Stored, Vec<StoredNote>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut notes = Vec::new();
    let mut state = State::default();
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
    while rest.starts_with('%') {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        if let Err((column, found)) = read_state(line.trim_end(), &mut state) {
            notes.push(StoredNote::State { line: row, column, found: shortened(&found) });
        }
        (rest, row) = (after, row.saturating_add(1));
        if notes.len() > super::MAX_ERRORS {
            rest = rest.trim_start_matches(|c| c == '%' || c != '\n').trim_start_matches('\n');
        }
    }
    let (script, errors) = parse_from(rest, row);
    notes.extend(errors.into_iter().map(StoredNote::Script));
    (Stored { script, state }, notes)
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

/// Reads one line `%name …`; otherwise gives the column and the word that is not understood.
fn read_state(line: &str, state: &mut State) -> Result<(), (u32, String)> {
    let whole = || (1, line.to_string());
    let lexed = lex(line).map_err(|fault| (fault.column, fault.found))?;
    let mut words = lexed.words.into_iter();
    let name = words.next().ok_or_else(whole)?;
    let mut word = || words.next().ok_or((lexed.end, name.text.clone()));
    match name.text.as_str() {
        "%position" => {
            let word = word()?;
            state.position = Some(anchor(&word.text).ok_or((word.column, word.text))?);
        }
        "%followed" => {
            let (client, number) = (word()?, word()?);
            let number = number.text.parse().map_err(|_| (number.column, number.text))?;
            state.followed = Some(Followed { client: Arc::from(client.text), number });
        }
        "%page" => {
            let word = word()?;
            let (name, value) = word.text.split_once('=').ok_or((word.column, word.text.clone()))?;
            state.page.push(Property::new(name, value));
        }
        _ => return Err((name.column, name.text)),
    }
    match words.next() {
        Some(word) => Err((word.column, word.text)),
        None => Ok(()),
    }
}

fn shortened(found: &str) -> String {
    found.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Instant;

    #[test]
    fn what_is_stored_comes_back() {
        let (script, errors) = super::super::parse("# about: a run\ncluster brokers=1\n@5+1 producer p1 # one\n");
        assert_eq!(errors, []);
        let state = State {
            position: Some(Anchor { at: Instant(4_198_000), moves: Some(3) }),
            followed: Some(Followed { client: Arc::from("p 1"), number: 7 }),
            page: vec![Property::new("theme", "dark"), Property::new("tab", "\"a b\n")],
        };
        let stored = Stored { script, state };
        let (again, notes) = decode(&encode(&stored));
        assert_eq!(notes, []);
        assert_eq!(again.state, stored.state);
        assert_eq!(print(&again.script), print(&stored.script));
    }

    #[test]
    fn what_is_not_understood_is_told_and_the_rest_is_kept() {
        let text = "partita 9\n%position @5\n%colour blue\ncluster brokers=2\nsned p1 t\nproducer p1\n";
        let (stored, notes) = decode(text);
        let places: Vec<(u32, u32)> = notes.iter().map(|note| (note.line(), note.column())).collect();
        assert_eq!(places, [(1, 9), (3, 1), (5, 1)]);
        assert_eq!(stored.state.position, Some(Anchor { at: Instant(5), moves: None }));
        assert_eq!(stored.script.statements().count(), 2);
        let (plain, notes) = decode("cluster brokers=2\n");
        assert_eq!((plain.script.statements().count(), notes), (1, vec![StoredNote::NoVersion]));
    }
}
