//! Cases are played in a process of their own: one that ends it (an overflown stack, memory that is not there), or that
//! does not come back, differs like any other, and those behind it are played by the next process.

use std::io::{BufRead, BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::data::Case;
use crate::listed::List;
use crate::verdict::{Difference, Verdict};
use crate::{Player, Subject};

/// A case, as its process tells it.
pub struct Judged {
    pub id: String,
    /// The clauses that are about it, as indices of the list.
    pub concerns: Vec<usize>,
    pub verdict: Verdict,
}

/// How long one case may take. The longest takes some tenths of a second.
const LONGEST: Duration = Duration::from_secs(60);

/// Plays the cases from one on and prints them: first what each is, then how each came out.
pub fn work(subject: &Subject, cases: &[Case], list: &List, from: usize) -> Result<(), String> {
    // A panic of a case is a difference like any other; its message stands in the difference.
    std::panic::set_hook(Box::new(|_| {}));
    let mut out = std::io::stdout().lock();
    let mut say = |value: Value| writeln!(out, "{value}").and_then(|()| out.flush()).map_err(|e| e.to_string());
    let about = |case: &Case| {
        let part = (subject.part)(&case.value);
        let clauses = list.clauses.iter().enumerate();
        let of_table = clauses.filter(|(_, clause)| list.table_of(clause) == subject.name);
        let concerns = of_table.filter(|(_, clause)| clause.concerns(case, part.as_deref())).map(|(at, _)| at);
        json!({ "id": case.id, "concerns": concerns.collect::<Vec<_>>() })
    };
    say(cases.iter().map(about).collect())?;
    let mut player = (subject.player)();
    for (at, case) in cases.iter().enumerate().skip(from) {
        let broke_off = from > 0 && case.group.is_some() && cases[from - 1].group == case.group;
        let verdict = match broke_off {
            true => Verdict::different(format!("not played: its conversation broke off at {}", cases[from - 1].id)),
            false => play(player.as_mut(), case),
        };
        let differences = verdict.differences.iter().map(|difference| json!([difference.place, difference.text]));
        let differences: Vec<Value> = differences.collect();
        say(json!({ "at": at, "differences": differences, "equal": verdict.equal, "asked": verdict.asked }))?;
    }
    Ok(())
}

fn play(player: &mut dyn Player, case: &Case) -> Verdict {
    catch_unwind(AssertUnwindSafe(|| player.play(case))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Verdict::different(format!("panicked: {}", text.unwrap_or("without a message")))
    })
}

/// Plays all cases of a subject, in as many processes as it takes.
pub fn play_all(name: &str) -> Result<Vec<Judged>, String> {
    let mut played: Vec<Judged> = Vec::new();
    loop {
        let mut worker = Worker::start(name, played.len())?;
        let about = worker.line()?.map_err(|why| format!("{name}: its cases cannot be read: {why}"))?;
        let about =
            about.as_array().ok_or_else(|| format!("{name}: {}", about.as_str().unwrap_or("no list of cases")))?;
        while played.len() < about.len() {
            let told = worker.line()?;
            let case = &about[played.len()];
            let concerns = case["concerns"].as_array().into_iter().flatten().filter_map(Value::as_u64);
            let id = case["id"].as_str().unwrap_or_default().to_owned();
            let concerns = concerns.map(|at| at as usize).collect();
            let broke = told.is_err();
            let verdict = told.map_or_else(Verdict::different, |told| verdict(&told));
            played.push(Judged { id, concerns, verdict });
            if broke {
                break;
            }
        }
        worker.end();
        if played.len() == about.len() {
            return Ok(played);
        }
    }
}

fn verdict(told: &Value) -> Verdict {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let count = |name: &str| told[name].as_u64().unwrap_or(0) as usize;
    let differences = told["differences"].as_array().into_iter().flatten();
    let differences = differences.map(|one| Difference { place: text(&one[0]), text: text(&one[1]) });
    Verdict { differences: differences.collect(), equal: count("equal"), asked: count("asked") }
}

struct Worker {
    child: Child,
    lines: Receiver<String>,
}

impl Worker {
    fn start(name: &str, from: usize) -> Result<Worker, String> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        command.args(["--worker", name, &from.to_string()]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| format!("no process for {name}: {error}"))?;
        let output = child.stdout.take().expect("its output is piped");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Worker { child, lines })
    }

    /// The next line; the inner error says why the case that was asked for has none.
    fn line(&mut self) -> Result<Result<Value, String>, String> {
        match self.lines.recv_timeout(LONGEST) {
            Ok(line) => serde_json::from_str(&line).map(Ok).map_err(|error| format!("{line}: {error}")),
            Err(RecvTimeoutError::Timeout) => Ok(Err(format!("no end within {} s", LONGEST.as_secs()))),
            Err(RecvTimeoutError::Disconnected) => {
                let status = self.child.wait().map_err(|error| error.to_string())?;
                Ok(Err(format!("its process ended: {status}")))
            }
        }
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
