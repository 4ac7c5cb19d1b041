//! The native command `partita`.

use std::io::Write as _;
use std::process::ExitCode;

use partita::lang::Lang;
use partita_cli::play::{PlayError, Played, play};
use partita_cli::recorded::{Recorded, difference};
use partita_cli::{transcript, view};
use serde_json::Value;

const USAGE: &str = "\
partita run SCRIPT [--json] [--all]   plays a script, or a run that the page exported; --json prints what was observed, in the shape of a recorded run;
                                      --all prints routine events as well
partita check RUN.json…               plays recorded runs again and shows the first difference
partita view SCRIPT --at STEP --json  prints what the page shows after so many steps, as JSON; SCRIPT is a file or the
                                      name of a ready scenario. Also: --move N, --lang ko, --follow producer-1:7,
                                      --width PIXELS, --passed N";

/// Exit codes: a script that failed, a command that was not understood, a difference.
const FAILED: u8 = 1;
const USAGE_ERROR: u8 = 2;
const DIFFERENT: u8 = 3;

/// A line to standard output. Who reads it may stop early (`| head`): then there is nothing left to do.
macro_rules! say {
    ($($text:tt)*) => {
        if writeln!(std::io::stdout(), $($text)*).is_err() {
            std::process::exit(0);
        }
    };
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["run", rest @ ..] => run(rest),
        ["check", files @ ..] if !files.is_empty() => check(files),
        ["view", rest @ ..] => show(rest),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(USAGE_ERROR)
        }
    }
}

fn show(words: &[&str]) -> ExitCode {
    let read = |file: &str| read(file).map(|recorded| recorded.script);
    let view = view::asked(words, read).and_then(|asked| view::view(&asked));
    match view.and_then(|view| serde_json::to_string_pretty(&view).map_err(|error| error.to_string())) {
        Ok(json) => {
            say!("{json}");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(USAGE_ERROR)
        }
    }
}

fn read(file: &str) -> Result<Recorded, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file} cannot be read: {error}"))?;
    Recorded::read(file, &text)
}

fn run(words: &[&str]) -> ExitCode {
    let files: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with("--")).collect();
    let unknown = words.iter().find(|word| word.starts_with("--") && !["--json", "--all"].contains(word));
    let ([file], None) = (files.as_slice(), unknown) else {
        eprintln!("{USAGE}");
        return ExitCode::from(USAGE_ERROR);
    };
    let recorded = match read(file) {
        Ok(recorded) => recorded,
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::from(USAGE_ERROR);
        }
    };
    let json = words.contains(&"--json");
    let all = words.contains(&"--all");
    let played = play(&recorded.script, |simulation, events, _| {
        if !json {
            for event in events.iter().filter(|event| all || !event.kind.is_routine()) {
                say!("{}", transcript::line(simulation, event));
            }
        }
    });
    match played {
        Ok(played) => {
            for sentence in &played.told {
                eprintln!("{file}: {sentence}");
            }
            if json {
                print_json(&recorded, &played);
            } else {
                say!("{} moves, {} ms", played.moves, played.lasted_ms);
            }
            end(&recorded.name, &played)
        }
        Err(error) => {
            print_error(file, &error);
            ExitCode::from(USAGE_ERROR)
        }
    }
}

fn end(name: &str, played: &Played) -> ExitCode {
    match &played.failed {
        Some(ended) => {
            eprintln!("{name}: {ended}");
            ExitCode::from(FAILED)
        }
        None => ExitCode::SUCCESS,
    }
}

fn print_error(file: &str, error: &PlayError) {
    match error {
        PlayError::Script(errors) => {
            for error in errors {
                eprintln!("{file}: {}", error.sentence(Lang::En));
            }
        }
        PlayError::Cluster(sentence) => eprintln!("{file}: {sentence}"),
    }
}

fn print_json(recorded: &Recorded, played: &Played) {
    let given = || recorded.script.lines().filter(|line| !line.starts_with("# about:")).map(str::to_owned).collect();
    let script: Vec<String> = played.lines.clone().unwrap_or_else(given);
    let script = script.into_iter().map(Value::from).collect::<Vec<_>>();
    let list = |all: &[Value]| all.iter().map(|value| format!("    {value}")).collect::<Vec<_>>().join(",\n");
    say!("{{");
    say!("  \"name\": {},", Value::from(recorded.name.as_str()));
    say!("  \"about\": {},", Value::from(recorded.about.as_str()));
    say!("  \"kafka\": \"4.3.1\",");
    say!("  \"script\": [\n{}\n  ],", list(&script));
    say!("  \"observations\": [\n{}\n  ]", list(&played.observations));
    say!("}}");
}

fn check(files: &[&str]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for file in files {
        let outcome = read(file).and_then(|recorded| {
            let expected = recorded.observations.ok_or_else(|| format!("{file} is no recorded run"))?;
            let played = play(&recorded.script, |_, _, _| {}).map_err(|error| error.to_string())?;
            let failed = played.failed.map(|ended| format!("  {ended}"));
            Ok(difference(&expected, &played.observations).into_iter().chain(failed).collect::<Vec<_>>())
        });
        match outcome {
            Ok(differences) if differences.is_empty() => say!("same      {file}"),
            Ok(differences) => {
                say!("DIFFERENT {file}\n{}", differences.join("\n"));
                code = ExitCode::from(DIFFERENT);
            }
            Err(sentence) => {
                eprintln!("{sentence}");
                code = ExitCode::from(USAGE_ERROR);
            }
        }
    }
    code
}
