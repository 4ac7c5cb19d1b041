//! Reads chapters, and what one can try when the story has ended.

use std::sync::Arc;

use crate::lang::{Both, Text, text};
use crate::script::ast::{Chapter, ClientKind, Line, Script, Statement, Try};
use crate::script::error::{Allowed, ScriptError, ScriptProblem};
use crate::script::lexer::Word;
use crate::script::limits::{MAX_LABEL, MAX_SAYS, MAX_TITLE};
use crate::script::print_line;

use super::args::Args;
use super::context::ScriptContext;
use super::parse_line;

const _: () = assert!(MAX_TITLE == 40 && MAX_SAYS == 240 && MAX_LABEL == 60);
const A_TITLE: Text =
    text("a text of 1 to 40 characters, such as \"The answer is lost\"", "\"응답 유실\"처럼 1~40자의 글");
const A_LABEL: Text = text("a text of 1 to 60 characters, such as \"kill c2 too\"", "\"c2도 종료\"처럼 1~60자의 글");
const SAYS: Text = text("a text of 1 to 240 characters", "1~240자의 글");

pub(super) fn parse_chapter(args: &mut Args) -> Option<Statement> {
    let title = args.word("TITLE").map(|word| (word, "TITLE"));
    let title = texts(args, title, "ko", MAX_TITLE, A_TITLE);
    let says = args.take("says").map(|word| (word, "says"));
    let says = match says.is_some() {
        true => texts(args, says, "ko-says", MAX_SAYS, SAYS),
        false => Some(Both::default()),
    };
    let follows = match args.take("follows") {
        Some(word) => Some(args.client_from(&word, &[ClientKind::Producer])?),
        None => None,
    };
    Some(Statement::Chapter(Chapter { title: title?, says: says?, follows }))
}

pub(super) fn parse_try(args: &mut Args) -> Option<Statement> {
    let label = args.word("LABEL").map(|word| (word, "LABEL"));
    let label = texts(args, label, "ko", MAX_LABEL, A_LABEL);
    let instead = args.text("instead");
    let line = args.needed("line")?;
    Some(Statement::Try(Try { label: label?, line, instead }))
}

/// A text that people read, and the same in Korean.
fn texts(
    args: &mut Args,
    en: Option<(Word, &'static str)>,
    korean: &'static str,
    most: usize,
    form: Text,
) -> Option<Both<Arc<str>>> {
    let ko = args.take(korean);
    let (en, slot) = en?;
    let fits = |text: &str| (!text.trim().is_empty() && text.chars().count() <= most).then(|| Arc::<str>::from(text));
    let en = args.read_of(&en, slot, fits, form);
    match ko {
        Some(word) => Some(Both { ko: args.read_of(&word, korean, fits, form)?, en: en? }),
        None => en.map(|en| Both { ko: en.clone(), en }),
    }
}

/// What is wrong with the lines that a script proposes to try, from a row on: a line that cannot be read behind the script's,
/// or one that shall stand in the place of a line that is not there. They are known only when the whole script is.
pub(super) fn wrong_tries(script: &Script, first_row: u32, behind: &ScriptContext) -> Vec<ScriptError> {
    let mut wrong = Vec::new();
    for line in script.lines.iter().filter(|line| line.row >= first_row) {
        let Statement::Try(of) = &*line.statement else { continue };
        let column = |name| line.option_columns(name).map_or(1, |(_, value)| value);
        let mut context = ScriptContext { only_counts: false, ..behind.clone() };
        let read = parse_line(&of.line, line.row, &mut context);
        let does_nothing = |line: &Line| {
            matches!(
                *line.statement,
                Statement::Nothing | Statement::Wait { .. } | Statement::Chapter(_) | Statement::Try(_)
            )
        };
        match read {
            Err(errors) => {
                wrong.extend(errors.into_iter().take(1).map(|error| ScriptError { column: column("line"), ..error }));
            }
            // In the place of another line anything may stand.
            Ok(read) if of.instead.is_none() && does_nothing(&read) => wrong.push(ScriptError {
                line: line.row,
                column: column("line"),
                found: of.line.to_string(),
                problem: ScriptProblem::BadValue { of: "line".to_owned() },
                allowed: Allowed::Form(A_DEED),
                suggestion: None,
            }),
            Ok(_) => {}
        }
        let is_there = |text: &str| script.lines.iter().any(|line| line.is_written(text));
        if let Some(instead) = of.instead.as_ref().filter(|instead| !is_there(instead)) {
            wrong.push(ScriptError {
                line: line.row,
                column: column("instead"),
                found: instead.to_string(),
                problem: ScriptProblem::BadValue { of: "instead".to_owned() },
                allowed: Allowed::Form(A_LINE),
                suggestion: None,
            });
        }
    }
    wrong
}

/// A line in whose place another shall stand is named as the script is printed, however it was written: a run that is stored
/// is printed.
pub(super) fn name_as_printed(script: &mut Script) {
    let named: Vec<(usize, Arc<str>)> = script
        .lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| {
            let Statement::Try(Try { instead: Some(instead), .. }) = &*line.statement else { return None };
            let there = script.lines.iter().find(|line| line.is_written(instead))?;
            Some((at, Arc::from(print_line(there))))
        })
        .collect();
    for (at, printed) in named {
        if let Statement::Try(of) = Arc::make_mut(&mut Arc::make_mut(&mut script.lines[at]).statement) {
            of.instead = Some(printed);
        }
    }
}

const A_DEED: Text = text(
    "a line that does something, such as `kill c2`; neither `wait` nor `chapter` nor `try`",
    "`kill c2`처럼 무언가를 하는 줄. `wait`, `chapter`, `try`는 안 됩니다",
);
const A_LINE: Text = text("the text of a line of this script, as it stands there", "이 스크립트에 있는 줄의 글 그대로");
