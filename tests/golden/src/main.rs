//! `partita-golden`: compares the model with what Apache Kafka 4.3.1 gave for the same input.
//!
//! Prints one line for each table, for the runs and for the frames: `name: cases N, equal N, listed N, unexpected N`.
//! A case that does not hold yet stands in `listed.txt` with its reason; a listed case that is equal and an unlisted one
//! that is not are unexpected, and one of them makes the command end with 1.
//!
//! `--show NAME [N]` prints the first N (10) differences of one table instead, listed ones too. A folder of the same
//! layout (`tables/`, `runs/`, `frames/`) is read instead of this one when the variable `PARTITA_GOLDEN` names it.

mod data;
mod frames;
mod json;
mod listed;
mod runs;
mod tables;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use data::{Case, Source};
use listed::Listed;
use serde_json::Value;

/// Plays one case (its line, and its file's header line) on the model: a sentence says what differs.
pub type Check = fn(case: &Value, header: &Value) -> Result<(), String>;

/// What stands behind one line of the output.
pub struct Subject {
    /// `partitioner`, …, or `runs`, `frames`.
    pub name: &'static str,
    /// `None`: there is nothing to compare with yet; the list must then say so for the whole table.
    pub check: Option<Check>,
    /// Names the part of Kafka that a case needs when that part may not be built yet, such as `transactions`.
    /// A case whose part stands in the list (`runs part:transactions …`) is not played.
    pub part: fn(case: &Value) -> Option<String>,
}

/// The `part` of a subject whose cases all need the same parts.
pub fn no_part(_: &Value) -> Option<String> {
    None
}

fn subjects() -> Vec<(Subject, Source)> {
    let mut all: Vec<_> = tables::all().into_iter().map(|table| (table, Source::Table)).collect();
    all.push((runs::subject(), Source::Runs));
    all.push((frames::subject(), Source::Frames));
    all
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => run(None),
        ["--show", name] => run(Some((name, 10))),
        ["--show", name, count] => match count.parse() {
            Ok(count) => run(Some((name, count))),
            Err(_) => Err(format!("--show {name}: '{count}' is not a number of differences")),
        },
        _ => Err("usage: partita-golden [--show NAME [N]]".into()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("partita-golden: {sentence}");
            ExitCode::from(2)
        }
    }
}

fn run(show: Option<(&str, usize)>) -> Result<bool, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let elsewhere = std::env::var_os("PARTITA_GOLDEN").map(PathBuf::from);
    let folder = elsewhere.as_deref().unwrap_or(here);
    let mut listed = Listed::read(&here.join("listed.txt"))?;
    // A panic of a case is a difference like any other; its message stands in the difference.
    std::panic::set_hook(Box::new(|_| {}));
    if let Some((name, count)) = show {
        let Some((subject, source)) = subjects().into_iter().find(|(subject, _)| subject.name == name) else {
            return Err(format!("there is no table '{name}'"));
        };
        return show_differences(&subject, &source.cases(folder, name)?, &mut listed, count);
    }
    let mut good = true;
    for (subject, source) in subjects() {
        let cases = source.cases(folder, subject.name)?;
        good &= count(&subject, &cases, &mut listed, elsewhere.is_none());
    }
    Ok(good)
}

/// Prints the subject's line, and each unexpected case below it.
fn count(subject: &Subject, cases: &[Case], listed: &mut Listed, own_data: bool) -> bool {
    let (mut equal, mut on_list) = (0, 0);
    let mut unexpected = Vec::new();
    for case in cases {
        if listed.whole(subject, case).is_some() {
            on_list += 1;
            continue;
        }
        match (compare(subject, case), listed.case(subject.name, &case.id).is_some()) {
            (Ok(()), false) => equal += 1,
            (Err(_), true) => on_list += 1,
            (Ok(()), true) => unexpected.push(format!("{}: listed, but equal", case.id)),
            (Err(difference), false) => unexpected.push(format!("{}: {}", case.id, shorten(&difference, 300))),
        }
    }
    if own_data {
        // Only the data that the list was written for can say that an entry is about nothing.
        unexpected.extend(listed.unused(subject.name).map(|id| format!("{id}: listed, but there is no such case")));
    }
    println!(
        "{}: cases {}, equal {equal}, listed {on_list}, unexpected {}",
        subject.name,
        cases.len(),
        unexpected.len()
    );
    for line in unexpected.iter().take(20) {
        println!("    {line}");
    }
    if unexpected.len() > 20 {
        println!("    and {} more", unexpected.len() - 20);
    }
    unexpected.is_empty()
}

fn show_differences(subject: &Subject, cases: &[Case], listed: &mut Listed, count: usize) -> Result<bool, String> {
    if subject.check.is_none() {
        return Err(format!("{} has no checker yet", subject.name));
    }
    let mut shown = 0;
    for case in cases {
        let Err(difference) = compare(subject, case) else { continue };
        let reason = listed.whole(subject, case).or_else(|| listed.case(subject.name, &case.id));
        let reason = reason.map(|reason| format!(" (listed: {reason})")).unwrap_or_default();
        println!("{} {}{reason}\n    {difference}", subject.name, case.id);
        shown += 1;
        if shown == count {
            break;
        }
    }
    println!("{shown} differences shown");
    Ok(true)
}

fn compare(subject: &Subject, case: &Case) -> Result<(), String> {
    let Some(check) = subject.check else { return Err("no checker yet".into()) };
    catch_unwind(AssertUnwindSafe(|| check(&case.value, &case.header))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(format!("panicked: {}", text.unwrap_or("without a message")))
    })
}

fn shorten(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}
