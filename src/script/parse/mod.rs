//! Reads a whole script, line by line; a broken line costs only itself.

mod admin;
mod args;
mod calls;
mod clients;
mod code;
mod cluster;
mod condition;
mod context;
mod faults;
mod lists;
mod named;
mod sends;
mod story;

use std::sync::Arc;

use crate::lang::{self, Text};
use crate::time::Instant;

use super::ast::{Anchor, Line, Script, Statement};
use super::beyond::Beyond;
use super::error::{Allowed, LineErrors, ScriptError, ScriptProblem};
use super::lexer::{Lexed, Word, is_blank, lex};
use super::limits::{MAX_COUNT, MAX_LINES, MAX_RUN_MOVES, MAX_SCRIPT_BYTES};
use super::suggest::nearest;
use super::verbs::{VERBS, VerbFamily, verb};
use args::Args;
use context::forgive;

pub use context::ScriptContext;

/// Editors of some systems begin a file with a mark of its encoding, and those that put files together leave several.
pub fn without_mark(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// Reads a script: all lines that are valid, and all that is wrong with the others, in order.
pub fn parse(text: &str) -> (Script, Vec<ScriptError>) {
    let text = without_mark(text);
    let mut script = Script::default();
    let errors = parse_after(&mut script, 0, text, 1);
    (script, errors)
}

/// The same for a text that goes on after the lines of `script`, of which the last has the number `number`, and that
/// begins on the line `first_row` of a larger text.
pub(in crate::script) fn parse_after(
    script: &mut Script,
    mut number: u32,
    text: &str,
    first_row: u32,
) -> Vec<ScriptError> {
    let mut told = LineErrors::default();
    let mut beyond = None;
    let mut context = ScriptContext::after(script);
    let readable = readable(text);
    for (row, line) in (first_row..).zip(readable.split('\n')) {
        if let Some(about) = line.strip_prefix("# about:") {
            script.about = Some(Arc::from(about.trim()));
            continue;
        }
        if number >= MAX_LINES {
            if text_is_left(readable, row - first_row) {
                beyond = Some(ScriptError::beyond(row, Beyond::Lines));
            }
            break;
        }
        number += 1;
        match parse_line(line, row, &mut context) {
            Ok(mut line) => {
                line.number = number;
                script.lines.push(Arc::new(line));
            }
            Err(found) => {
                // A line of a stored run's own form would not be read as a line of the script again.
                if !line.starts_with('%') {
                    script.lines.push(Arc::new(Line::broken(number, row, line)));
                }
                for error in found {
                    told.push(error);
                }
                context.only_counts = told.is_full();
            }
        }
    }
    while script.lines.last().is_some_and(|line| line.text.is_empty()) {
        script.lines.pop();
    }
    for error in story::wrong_tries(script, first_row, &context) {
        told.push(error);
    }
    story::name_as_printed(script);
    let mut errors = told.all();
    errors.extend(beyond);
    if readable.len() < text.len() {
        errors.push(too_long(text.len(), first_row.saturating_add(lines(readable))));
    }
    errors
}

fn text_is_left(text: &str, lines: u32) -> bool {
    text.split('\n').skip(lines as usize).any(|line| !line.trim().is_empty())
}

pub(in crate::script) fn lines(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

pub(in crate::script) fn too_long(bytes: usize, row: u32) -> ScriptError {
    ScriptError::beyond(row, Beyond::Script(bytes as u64))
}

/// The whole lines within the limit.
pub(in crate::script) fn readable(text: &str) -> &str {
    if text.len() <= MAX_SCRIPT_BYTES {
        return text;
    }
    let end = text.as_bytes()[..MAX_SCRIPT_BYTES].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    &text[..end]
}

/// Reads one line of a script, or one that was typed at the page after the lines that made `context`.
/// Its number is `row`; the context is moved on. Fails with all that is wrong with the line, each with its column and what
/// is allowed there.
pub fn parse_line(text: &str, row: u32, context: &mut ScriptContext) -> Result<Line, Vec<ScriptError>> {
    let text = text.trim_end_matches(is_blank);
    let error = |column, found: &str, problem, allowed| {
        vec![ScriptError { line: row, column, found: found.to_string(), problem, allowed, suggestion: None }]
    };
    let mut lexed = match lex(text) {
        Ok(lexed) => lexed,
        Err(fault) => {
            forgive(text, context);
            return Err(error(fault.column, &fault.found, fault.problem, fault.allowed));
        }
    };
    let anchor = match lexed.words.first() {
        Some(word) if word.text.starts_with('@') && !word.quoted => {
            let word = lexed.words.remove(0);
            let anchor = match anchor(&word.text) {
                Ok(anchor) => anchor,
                Err(problem) => {
                    forgive(text, context);
                    return Err(error(word.column, &word.text, problem, Allowed::Form(AN_ANCHOR)));
                }
            };
            if lexed.words.is_empty() {
                let (verb, slot) = ("@", "VERB");
                return Err(error(lexed.end, "", ScriptProblem::MissingWord { verb, slot }, Allowed::Verbs));
            }
            Some(anchor)
        }
        _ => None,
    };
    let comment = lexed.comment.take().map(Arc::from);
    let mut line = Line {
        number: row,
        row,
        anchor,
        statement: Arc::new(Statement::Nothing),
        messages: true,
        comment,
        text: Arc::from(text),
        is_broken: false,
    };
    if lexed.words.is_empty() {
        return Ok(line);
    }
    let read = statement(lexed, row, anchor.is_some(), context).and_then(|read| match context.note(&read.0, row) {
        Some((name, problem, allowed)) => Err(error(column_of(text, &name), &name, problem, allowed)),
        None => Ok(read),
    });
    let (statement, messages) = read.inspect_err(|_| forgive(text, context))?;
    line.statement = Arc::new(statement);
    line.messages = messages;
    Ok(line)
}

/// The options that the verb of a line, as far as it is written, has: for who completes it.
pub fn asked(text: &str, context: &ScriptContext) -> Vec<&'static str> {
    let Ok(mut lexed) = lex(text) else { return Vec::new() };
    if lexed.words.is_empty() {
        return Vec::new();
    }
    let first = lexed.words.remove(0);
    let Some(verb) = verb(&first.text) else { return Vec::new() };
    let mut context = context.clone();
    let mut args = Args::new(verb.name, verb.usage, 1, lexed.end, &mut context);
    args.fill(lexed.words);
    let _ = read(verb.family, &mut args);
    args.asked()
}

// The numbers in this sentence.
const _: () = assert!(Instant::END.micros() == 31_536_000_000_000 && MAX_RUN_MOVES == 8_000_000);
const AN_ANCHOR: Text = lang::text(
    "`@MICROSECONDS` or `@MICROSECONDS+MOVES`, such as `@4198000+3`, of at most 31,536,000,000,000 microseconds (a year) and \
     8,000,000 moves",
    "`@4198000+3`처럼 `@마이크로초` 또는 `@마이크로초+이동수`. 최대 31,536,000,000,000마이크로초(1년), 이동 8,000,000번",
);

/// `@4198000+3`, `@4198000`
pub(in crate::script) fn anchor(text: &str) -> Result<Anchor, ScriptProblem> {
    let text = text.strip_prefix('@').ok_or(ScriptProblem::BadAnchor)?;
    let number = |part: &str, most: u64| match part.bytes().all(|b| b.is_ascii_digit()) {
        true if part.is_empty() => Err(ScriptProblem::BadAnchor),
        // What is no number is too long for one.
        true => part.parse().ok().filter(|n| *n <= most).ok_or(ScriptProblem::FarAnchor),
        false => Err(ScriptProblem::BadAnchor),
    };
    let (at, moves) = match text.split_once('+') {
        Some((at, moves)) => (at, Some(number(moves, MAX_RUN_MOVES)?)),
        None => (text, None),
    };
    Ok(Anchor { at: Instant(number(at, Instant::END.micros())?), moves })
}

/// The column of the first word that has this name in it, behind the verb.
fn column_of(text: &str, name: &str) -> u32 {
    let words = lex(text).map(|lexed| lexed.words).unwrap_or_default();
    let found = words.iter().skip(1).find_map(|word| {
        let at = word.text.find(name)?;
        Some(word.column_at(word.text[..at].chars().count()))
    });
    found.unwrap_or(1)
}

fn statement(
    lexed: Lexed,
    row: u32,
    anchored: bool,
    context: &mut ScriptContext,
) -> Result<(Statement, bool), Vec<ScriptError>> {
    let mut words = lexed.words;
    let first = words.remove(0);
    let Some(verb) = verb(&first.text) else { return Err(vec![unknown_verb(&first, row, context)]) };
    let order = order(&first, row, anchored, context);
    let mut args = Args::new(verb.name, verb.usage, row, lexed.end, context);
    args.fill(words);
    let messages = args.take_messages();
    let statement = read(verb.family, &mut args);
    let mut errors = args.finish().in_line();
    if let Some(error) = order {
        errors.insert(0, error);
    }
    match statement {
        Some(statement) if errors.is_empty() => Ok((statement, messages)),
        _ => {
            assert!(!errors.is_empty(), "a line that could not be read says why");
            Err(errors)
        }
    }
}

fn unknown_verb(word: &Word, row: u32, context: &ScriptContext) -> ScriptError {
    let names = VERBS.iter().map(|verb| verb.name);
    let suggestion = if context.only_counts { None } else { nearest(&word.text, names).map(str::to_string) };
    let (problem, allowed) = (ScriptProblem::UnknownVerb, Allowed::Verbs);
    ScriptError { line: row, column: word.column, found: word.text.clone(), problem, allowed, suggestion }
}

/// The first statement is the cluster, and only it is.
fn order(first: &Word, row: u32, anchored: bool, context: &mut ScriptContext) -> Option<ScriptError> {
    let begun = std::mem::replace(&mut context.begun, true);
    let problem = match (begun, first.text == "cluster") {
        (false, false) => ScriptProblem::NotClusterFirst,
        (true, true) => ScriptProblem::ClusterAgain,
        (false, true) if anchored => ScriptProblem::AnchoredCluster,
        _ => return None,
    };
    let (en, ko) = ("`cluster brokers=N …` as the first line, once", "첫 줄에 한 번만 `cluster brokers=N …`");
    let allowed = Allowed::Form(lang::text(en, ko));
    let (column, found) = (first.column, first.text.clone());
    Some(ScriptError { line: row, column, found, problem, allowed, suggestion: None })
}

/// Reads the words behind a verb.
fn read(family: VerbFamily, args: &mut Args) -> Option<Statement> {
    match family {
        VerbFamily::Cluster => cluster::parse_cluster(args),
        VerbFamily::Topic => cluster::parse_topic(args),
        VerbFamily::Client(kind) => clients::parse_client(args, kind),
        VerbFamily::Send { sync } => sends::parse_send(args, sync),
        VerbFamily::ProduceLoop => sends::parse_loop(args),
        VerbFamily::ConsumeLoop => clients::parse_consume_loop(args),
        VerbFamily::Call => calls::parse_call(args),
        VerbFamily::Fault => faults::parse_fault(args),
        VerbFamily::Admin => admin::parse_admin(args),
        VerbFamily::Wait => condition::parse_wait(args),
        VerbFamily::Run => condition::parse_run(args),
        VerbFamily::Step => parse_step(args),
        VerbFamily::Sleep => parse_sleep(args),
        VerbFamily::Set => cluster::parse_set(args),
        VerbFamily::Code => code::parse_code(args),
        VerbFamily::Chapter => story::parse_chapter(args),
        VerbFamily::Try => story::parse_try(args),
    }
}

fn parse_step(args: &mut Args) -> Option<Statement> {
    if args.peek().is_none() {
        return Some(Statement::Step(1));
    }
    args.whole_word("N", 1, MAX_COUNT as i64).map(|n| Statement::Step(n as u32))
}

fn parse_sleep(args: &mut Args) -> Option<Statement> {
    let word = args.word("MS")?;
    args.ms_of(&word, "MS").map(Statement::Sleep)
}

impl Line {
    /// A line that could not be read.
    fn broken(number: u32, row: u32, text: &str) -> Line {
        let (statement, text) = (Arc::new(Statement::Nothing), Arc::from(text.trim_end_matches(is_blank)));
        Line { number, row, anchor: None, statement, messages: true, comment: None, text, is_broken: true }
    }

    /// Where an option of this line stands in its text: the columns of its name and of its value, from 1, in characters.
    /// For what is found wrong with a property only when the line is played.
    pub fn option_columns(&self, name: &str) -> Option<(u32, u32)> {
        let words = lex(&self.text).ok()?.words;
        let word = words.iter().find(|word| word.text.split_once('=').is_some_and(|(other, _)| other == name))?;
        Some((word.column, word.column_at(name.chars().count() + 1)))
    }
}
