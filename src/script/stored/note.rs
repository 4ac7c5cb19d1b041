//! What a stored text says that cannot be read.

use super::{MAX_BRANCHES, MAX_CHANGES, VERSION};
use crate::lang::{Lang, Sentence, Text, both, grouped, text};
use crate::script::error::ScriptError;
use crate::script::limits::{MAX_HELD_LINES, MAX_LINES, MAX_RUN_MOVES};
use crate::time::Instant;

// The numbers in these sentences.
const _: () = assert!(Instant::END.micros() == 31_536_000_000_000 && MAX_RUN_MOVES == 8_000_000);
const MOST_EN: &str = "at most 31,536,000,000,000 microseconds (a year) and 8,000,000 moves";
const MOST_KO: &str = "최대 31,536,000,000,000마이크로초(1년), 이동 8,000,000번";

/// What was not as it should be; the rest was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredNote {
    /// The first line is no `partita VERSION`: the text was read as a script.
    NoVersion,
    /// Another version than ours: what could be understood was read.
    OtherVersion { column: u32, found: String },
    /// A line about the page's state that we do not understand: left out.
    State { line: u32, column: u32, found: String },
    /// A part of such a line that does not fit: left out.
    Part { line: u32, column: u32, found: String, part: Part },
    /// A line about the page's state that stands there already: the first one counts.
    Twice { line: u32, column: u32, found: String },
    /// What is followed is a record of a client that the run does not make.
    NoClient { line: u32, column: u32, found: String },
    /// A line that opens a branch and is not understood: the branch was left out.
    Branch { line: u32, column: u32, found: String },
    /// More branches than are read: this one and those behind it were left out.
    TooManyBranches { line: u32 },
    /// With this branch the run would hold more lines than all branches may together: it was left out.
    TooManyLines { line: u32 },
    /// A line of the script that cannot be read: it is kept as a text and does nothing, or, with what is beyond a limit,
    /// left out. Lines count from the top of the whole text.
    Script(ScriptError),
}

/// A part of a line about the page's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Place,
    Told,
    /// The number of a record that is followed.
    Record,
    /// The branch of a change.
    Branch,
}

impl Part {
    /// What may stand there.
    const fn allowed(self) -> Text {
        match self {
            Part::Place => text(
                "`@MICROSECONDS+MOVES`, at most 31,536,000,000,000 microseconds (a year) and 8,000,000 moves",
                "`@마이크로초+이동수`, 최대 31,536,000,000,000마이크로초(1년), 이동 8,000,000번",
            ),
            Part::Told => text(
                "`told=EVENT`, which event of its move is told: a whole number from 0 to 4,294,967,295",
                "`told=이벤트`, 그 이동에서 몇 번째 이벤트를 말하는지: 0에서 4,294,967,295 사이의 정수",
            ),
            Part::Record => text(
                "the number of a record of that client: a whole number from 0 to 4,294,967,295",
                "그 클라이언트의 레코드 번호: 0에서 4,294,967,295 사이의 정수",
            ),
            Part::Branch => text("the number of a branch that is there", "있는 브랜치의 번호"),
        }
    }
}

impl StoredNote {
    /// What is wrong with a line of the script.
    pub const fn error(&self) -> Option<&ScriptError> {
        match self {
            StoredNote::Script(error) => Some(error),
            _ => None,
        }
    }

    /// The line of the whole text, from 1.
    pub fn line(&self) -> u32 {
        match self {
            StoredNote::NoVersion | StoredNote::OtherVersion { .. } => 1,
            StoredNote::State { line, .. }
            | StoredNote::Part { line, .. }
            | StoredNote::Twice { line, .. }
            | StoredNote::NoClient { line, .. }
            | StoredNote::Branch { line, .. }
            | StoredNote::TooManyBranches { line }
            | StoredNote::TooManyLines { line } => *line,
            StoredNote::Script(error) => error.line,
        }
    }

    /// The column, from 1, in characters.
    pub fn column(&self) -> u32 {
        match self {
            StoredNote::NoVersion | StoredNote::TooManyBranches { .. } | StoredNote::TooManyLines { .. } => 1,
            StoredNote::OtherVersion { column, .. }
            | StoredNote::State { column, .. }
            | StoredNote::Part { column, .. }
            | StoredNote::Twice { column, .. }
            | StoredNote::NoClient { column, .. }
            | StoredNote::Branch { column, .. } => *column,
            StoredNote::Script(error) => error.column,
        }
    }

    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            StoredNote::NoVersion => lang.pick(
                format!("Line 1, column 1: this text does not begin with `partita {VERSION}`; it was read as a script."),
                format!("1행 1열: 이 텍스트는 `partita {VERSION}`로 시작하지 않습니다. 스크립트로 읽었습니다."),
            ),
            StoredNote::OtherVersion { column, found } if found.is_empty() => lang.pick(
                format!(
                    "Line 1, column {column}: no version stands behind `partita`, and this version of Partita reads version \
                     {VERSION} (`partita {VERSION}`); what it understands was opened."
                ),
                format!(
                    "1행 {column}열: `partita` 뒤에 버전이 없습니다. 이 Partita는 버전 {VERSION}만 읽습니다(`partita {VERSION}`). \
                     이해한 부분만 열었습니다."
                ),
            ),
            StoredNote::OtherVersion { column, found } => lang.pick(
                format!(
                    "Line 1, column {column}: this run is of version `{found}`, and this version of Partita reads version \
                     {VERSION}; what it understands was opened."
                ),
                format!(
                    "1행 {column}열: 이 실행은 버전 `{found}`이고 이 Partita는 버전 {VERSION}만 읽습니다. 이해한 부분만 열었습니다."
                ),
            ),
            StoredNote::State { line, column, found } => lang.pick(
                format!(
                    "Line {line}, column {column}: `{found}` says nothing that Partita knows, and was left out. Allowed: \
                     `%position @MICROSECONDS+MOVES told=EVENT`, `%followed CLIENT NUMBER`, `%change BRANCH @MICROSECONDS+MOVES fork` \
                     of a branch that is there, at most {MAX_CHANGES}, `%page NAME=VALUE`; {MOST_EN}."
                ),
                format!(
                    "{line}행 {column}열: Partita가 모르는 내용 `{found}` 부분을 제외했습니다. 쓸 수 있는 것: \
                     `%position @마이크로초+이동수 told=이벤트`, `%followed 클라이언트 번호`, 있는 브랜치의 `%change 브랜치 \
                     @마이크로초+이동수 fork`(최대 {MAX_CHANGES}개), `%page 이름=값`. {MOST_KO}."
                ),
            ),
            StoredNote::Part { line, column, found, part } => {
                let text = part.allowed();
                let allowed = text.pick(lang);
                lang.pick(
                    format!(
                        "Line {line}, column {column}: `{found}` does not fit here, and was left out. Allowed: {allowed}."
                    ),
                    format!(
                        "{line}행 {column}열: 여기에 맞지 않는 `{found}` 부분을 제외했습니다. 쓸 수 있는 것: {allowed}."
                    ),
                )
            }
            StoredNote::Twice { line, column, found } => lang.pick(
                format!("Line {line}, column {column}: `{found}` is given twice, and the first one counts."),
                format!("{line}행 {column}열: `{found}` 줄이 두 번 나옵니다. 앞의 것만 씁니다."),
            ),
            StoredNote::NoClient { line, column, found } => lang.pick(
                format!("Line {line}, column {column}: the run has no client `{found}`, so none of its records is followed."),
                format!("{line}행 {column}열: 실행에 `{found}` 클라이언트가 없어 그 레코드를 따라갈 수 없습니다."),
            ),
            StoredNote::Branch { line, column, found } => lang.pick(
                format!(
                    "Line {line}, column {column}: `{found}` opens no branch, and the branch was left out. Allowed: \
                     `%branch NUMBER of=NUMBER at=@MICROSECONDS+MOVES like=NUMBER lines=COUNT name=TEXT`, each number \
                     once and from 1 to 1,000,000, and `like` a branch that stands above; {MOST_EN}."
                ),
                format!(
                    "{line}행 {column}열: `{found}` 줄은 브랜치를 열지 않아 그 브랜치를 제외했습니다. 쓸 수 있는 것: \
                     `%branch 번호 of=번호 at=@마이크로초+이동수 like=번호 lines=줄수 name=텍스트`. 번호는 1에서 1,000,000까지 한 번씩만, \
                     `like`는 위에 있는 브랜치만 됩니다. {MOST_KO}."
                ),
            ),
            StoredNote::TooManyBranches { line } => lang.pick(
                format!(
                    "Line {line}, column 1: a run has at most {MAX_BRANCHES} branches; this one and those behind it were \
                     left out."
                ),
                format!("{line}행 1열: 실행 하나의 브랜치는 최대 {MAX_BRANCHES}개입니다. 여기부터의 브랜치를 제외했습니다."),
            ),
            StoredNote::TooManyLines { line } => {
                let (lines, held) = (grouped(u64::from(MAX_LINES)), grouped(MAX_HELD_LINES));
                lang.pick(
                    format!(
                        "Line {line}, column 1: with this branch the run has too many lines, and the branch was left out. \
                         Allowed for all branches together: {lines} lines, and {held} when those that branches share are \
                         counted for each."
                    ),
                    format!(
                        "{line}행 1열: 이 브랜치까지 더하면 실행의 줄이 너무 많아 이 브랜치를 제외했습니다. 모든 브랜치를 합친 \
                         한도: {lines}줄, 브랜치들이 함께 쓰는 줄을 브랜치마다 세면 {held}줄."
                    ),
                )
            }
            StoredNote::Script(error) => error.sentence(lang),
        }
    }
}

/// The event that was told at the stored place is beyond the events of the move before it, of which there are so many.
pub fn told_beyond(told: u32, events: usize) -> Sentence {
    let (en, ko) = match events {
        0 => ("has no events".to_owned(), "이벤트가 없습니다".to_owned()),
        1 => ("has 1 event (`told=0`)".to_owned(), "이벤트가 1개입니다(`told=0`)".to_owned()),
        _ => (
            format!("has {events} events (`told=0` to `told={}`)", events - 1),
            format!("이벤트가 {events}개입니다(`told=0`~`told={}`)", events - 1),
        ),
    };
    both(
        format!(
            "`told={told}` of the stored `%position`: the move there {en}. What the run tells there is shown instead."
        ),
        format!(
            "저장된 `%position`의 `told={told}`: 그 자리의 이동은 {ko}. 그 자리에서 실행이 말하는 것을 대신 보여 줍니다."
        ),
    )
}
