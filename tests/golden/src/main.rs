//! `partita-golden`: compares the model with what Apache Kafka 4.3.1 gave for the same input.
//!
//! Prints one line for each table, for the runs and for the frames: `name: cases N, equal N, listed N, unexpected N`.
//! A case that does not hold yet stands in `listed.txt` with its reason, and is played all the same: below the line
//! stands how many of each listed part are equal already. Unexpected are a case that differs where nothing is listed, a
//! listed case or kind whose cases are all equal, and one of which fewer are equal than before; one of them makes the
//! command end with 1.
//!
//! `--show NAME [N]` prints the first N (10) differences of one table instead, listed ones too. `--masks` prints what the
//! comparison lets pass, with the reasons. A folder of the same layout (`tables/`, `runs/`, `frames/`) is read instead of
//! this one when the variable `PARTITA_GOLDEN` names it.

mod data;
mod frames;
mod json;
mod listed;
mod masks;
mod report;
mod runs;
mod tables;
mod verdict;
mod worker;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;

use data::{Case, Source};
use listed::List;
use report::Report;
use serde_json::Value;
use verdict::Verdict;

/// Plays the cases of a subject in their order.
pub trait Player {
    fn play(&mut self, case: &Case) -> Verdict;
}

/// What stands behind one line of the output.
pub struct Subject {
    /// `partitioner`, …, or `runs`, `frames`.
    pub name: &'static str,
    pub player: fn() -> Box<dyn Player>,
    /// Names the part of Kafka that a case needs when that part may not be built yet, such as `transactions`.
    pub part: fn(case: &Value) -> Option<String>,
}

/// The `part` of a subject whose cases all need the same parts.
pub fn no_part(_: &Value) -> Option<String> {
    None
}

/// Plays one case of a table (its line, and the table's header line): a sentence says what differs.
type Check = fn(case: &Value, header: &Value) -> Result<(), String>;

struct Each(Check);

impl Player for Each {
    fn play(&mut self, case: &Case) -> Verdict {
        (self.0)(&case.value, &case.header).into()
    }
}

/// The player of a table whose cases do not depend on each other.
pub fn each(check: Check) -> Box<dyn Player> {
    Box::new(Each(check))
}

fn subjects() -> Vec<(Subject, Source)> {
    let mut all: Vec<_> = tables::all().into_iter().map(|table| (table, Source::Table)).collect();
    all.push((runs::subject("runs"), Source::Runs("runs")));
    all.push((runs::subject("more-runs"), Source::Runs("more-runs")));
    all.push((frames::subject(), Source::Frames));
    all
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => judge(),
        ["--masks"] => {
            masks::print();
            Ok(true)
        }
        ["--show", name] => show(name, 10),
        ["--show", name, count] => match count.parse() {
            Ok(count) => show(name, count),
            Err(_) => Err(format!("--show {name}: '{count}' is not a number of differences")),
        },
        // How the command starts itself; not for users.
        ["--worker", name, from] => work(name, from),
        _ => Err("usage: partita-golden [--show NAME [N] | --masks]".into()),
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

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Another folder that is to be read instead of this one.
fn elsewhere() -> Option<PathBuf> {
    std::env::var_os("PARTITA_GOLDEN").map(PathBuf::from)
}

fn the_list() -> Result<List, String> {
    listed::read(&here().join("listed.txt"))
}

fn work(name: &str, from: &str) -> Result<bool, String> {
    let prepared = (|| {
        let from: usize = from.parse().map_err(|_| format!("'{from}' is no number of a case"))?;
        let found = subjects().into_iter().find(|(subject, _)| subject.name == name);
        let (subject, source) = found.ok_or_else(|| format!("there is no table '{name}'"))?;
        let cases = source.cases(elsewhere().as_deref().unwrap_or(here()), name)?;
        Ok::<_, String>((subject, cases, the_list()?, from))
    })();
    match prepared {
        Ok((subject, cases, list, from)) => worker::work(&subject, &cases, &list, from).map(|()| true),
        Err(sentence) => {
            // The first line is a list of cases; a sentence in its place says why there is none.
            println!("{}", Value::from(sentence));
            Ok(false)
        }
    }
}

/// Plays everything, two subjects at a time, and prints them in their order.
fn judge() -> Result<bool, String> {
    let list = the_list()?;
    let names: Vec<&str> = subjects().iter().map(|(subject, _)| subject.name).collect();
    // The frames take as long as all else together: they begin first.
    let left = Mutex::new(names.clone());
    let played = Mutex::new(Vec::new());
    let next = || left.lock().expect("no thread panics").pop();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(name) = next() {
                    let outcome = worker::play_all(name);
                    played.lock().expect("no thread panics").push((name, outcome));
                }
            });
        }
    });
    let mut played = played.into_inner().expect("no thread panics");
    played.sort_by_key(|(name, _)| names.iter().position(|other| other == name));
    let mut good = true;
    for (name, cases) in played {
        let report = Report::of(name, &list, &cases?, elsewhere().is_none());
        report.print();
        good &= report.is_good();
    }
    Ok(good)
}

fn show(name: &str, count: usize) -> Result<bool, String> {
    if subjects().iter().all(|(subject, _)| subject.name != name) {
        return Err(format!("there is no table '{name}'"));
    }
    report::show(name, &the_list()?, &worker::play_all(name)?, count);
    Ok(true)
}
