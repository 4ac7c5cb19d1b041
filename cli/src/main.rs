//! The native command `partita`.

use std::io::{ErrorKind, Read as _, Write as _};
use std::process::ExitCode;

use partita::lang::grouped;
use partita::script::nearest;
use partita_cli::options::{CommandWords, OptionOf, counted};
use partita_cli::play::{Played, play};
use partita_cli::recorded::{KAFKA, Recorded, Unread, difference};
use partita_cli::{story, transcript, view};
use serde_json::Value;

const USAGE: &str = "\
partita run SCRIPT [--json] [--all]   plays a script, or a run that the page exported; --json prints what was observed, in the shape of a recorded run;
                                      --all prints routine events as well
partita check RUN.json…               plays recorded runs again and shows the first difference
partita story SCRIPT [--lang ko]      tells a run step by step, with its chapters and its end; SCRIPT is a file or the
                                      name of a ready scenario
partita view SCRIPT --at STEP --json  prints what the page shows after so many steps, as JSON; SCRIPT is a file or the
                                      name of a ready scenario. Also: --move N, --lang ko, --follow producer-1:7,
                                      --width PIXELS
partita --help                        prints this, also behind a command";

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

const JSON: OptionOf = OptionOf { name: "--json", value: None, excludes: &["--all"] };
const RUN: CommandWords = CommandWords {
    name: "run",
    options: &[JSON, OptionOf { name: "--all", value: None, excludes: &[] }],
    files: "one script, or one run as a file",
    many_files: false,
};
const CHECK: CommandWords =
    CommandWords { name: "check", options: &[], files: "recorded runs as files", many_files: true };
/// The commands, and who does them.
const COMMANDS: [(&CommandWords, Does); 4] = [(&RUN, run), (&CHECK, check), (&story::STORY, tell), (&view::VIEW, show)];
type Does = fn(&[&str]) -> Result<ExitCode, String>;
const HELP: [&str; 3] = ["--help", "-h", "help"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let command = words.first().map(|word| (word, COMMANDS.iter().find(|(command, _)| command.name == *word)));
    let asks_for_help = match command {
        Some((word, None)) => HELP.contains(word),
        Some((_, Some(_))) => words.iter().any(|word| HELP[..2].contains(word)),
        None => false,
    };
    let outcome = match command {
        _ if asks_for_help => {
            say!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        Some((_, Some((_, does)))) => does(&words[1..]),
        Some((other, None)) => Err(unknown(other)),
        None => Err(USAGE.to_owned()),
    };
    outcome.unwrap_or_else(|sentence| {
        eprintln!("{sentence}");
        ExitCode::from(USAGE_ERROR)
    })
}

/// The sentence for a word that is no command.
fn unknown(word: &str) -> String {
    let names = COMMANDS.map(|(command, _)| command.name);
    let meant = nearest(word, names).map(|name| format!(" Did you mean `{name}`?")).unwrap_or_default();
    let allowed = names.map(|name| format!("`{name}`")).join(", ");
    format!("there is no command `{word}`.{meant} Allowed: {allowed}.\n\n{USAGE}")
}

fn tell(words: &[&str]) -> Result<ExitCode, String> {
    let given = story::STORY.read(words)?;
    let mut asked = view::ViewAsked { lang: story::lang(given.value("--lang"))?, ..view::ViewAsked::default() };
    asked.script_of(given.files[0], read)?;
    for line in story::lines(&asked)? {
        say!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

fn show(words: &[&str]) -> Result<ExitCode, String> {
    let view = view::view_telling(&view::asked(words, read)?, &mut |sentence| eprintln!("{sentence}"))?;
    let json = serde_json::to_string_pretty(&view).map_err(|error| error.to_string())?;
    say!("{json}");
    Ok(ExitCode::SUCCESS)
}

/// Bytes of a file that is read: a recorded run of the longest script, with what was observed.
const MAX_FILE_BYTES: u64 = 256 << 20;

fn read(file: &str) -> Result<Recorded, Unread> {
    let mut bytes = Vec::new();
    let read = std::fs::File::open(file).and_then(|open| open.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| Unread {
        sentence: format!("{file} cannot be read: {error}"),
        is_missing: matches!(error.kind(), ErrorKind::NotFound | ErrorKind::IsADirectory),
    })?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        let most = grouped(MAX_FILE_BYTES);
        return Err(format!("{file} has more than {most} bytes. Allowed: at most so many").into());
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        format!("{file}: line {line} is no text in UTF-8")
    })?;
    Ok(Recorded::read(file, &text)?)
}

fn run(words: &[&str]) -> Result<ExitCode, String> {
    let asked = RUN.read(words)?;
    let recorded = read(asked.files[0]).map_err(|error| error.sentence)?;
    let (json, all) = (asked.has("--json"), asked.has("--all"));
    let played = play(&recorded.script, |simulation, events, _| {
        if !json {
            for event in events.iter().filter(|event| all || !event.kind.is_routine()) {
                say!("{}", transcript::line(simulation, event));
            }
        }
    });
    let played = played.map_err(|error| recorded.placed(&error))?;
    for sentence in &played.told {
        eprintln!("{}: {sentence}", recorded.place);
    }
    if json {
        print_json(&recorded, &played);
    } else {
        say!("{}, {} ms", counted(played.moves, "move"), grouped(played.lasted_ms));
    }
    Ok(match &played.failed {
        Some(ended) => {
            eprintln!("{}: {ended}", recorded.place);
            ExitCode::from(FAILED)
        }
        None => ExitCode::SUCCESS,
    })
}

fn print_json(recorded: &Recorded, played: &Played) {
    let given = || recorded.script.lines().filter(|line| !line.starts_with("# about:")).map(str::to_owned).collect();
    let script: Vec<String> = played.lines.clone().unwrap_or_else(given);
    let script = script.into_iter().map(Value::from).collect::<Vec<_>>();
    let list = |all: &[Value]| all.iter().map(|value| format!("    {value}")).collect::<Vec<_>>().join(",\n");
    say!("{{");
    say!("  \"name\": {},", Value::from(recorded.name.as_str()));
    say!("  \"about\": {},", Value::from(recorded.about.as_str()));
    say!("  \"kafka\": \"{KAFKA}\",");
    say!("  \"script\": [\n{}\n  ],", list(&script));
    say!("  \"observations\": [\n{}\n  ]", list(&played.observations));
    say!("}}");
}

fn check(words: &[&str]) -> Result<ExitCode, String> {
    let mut code = ExitCode::SUCCESS;
    for file in CHECK.read(words)?.files {
        match compared(file) {
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
    Ok(code)
}

fn compared(file: &str) -> Result<Vec<String>, String> {
    let recorded = read(file).map_err(|error| error.sentence)?;
    let Some(expected) = &recorded.observations else {
        return Err(format!(
            "{file} is no recorded run: one is JSON with a `script` and the `observations` to compare with. If it is a script, \
             `partita run {file}` plays it"
        ));
    };
    if recorded.kafka != *KAFKA {
        let found = &recorded.kafka;
        return Err(format!(
            "{file} was recorded with Kafka {found}, and this plays Kafka {KAFKA}: the two are not compared. Allowed: \
             `\"kafka\": \"{KAFKA}\"`, or none"
        ));
    }
    let played = play(&recorded.script, |_, _, _| {}).map_err(|error| recorded.placed(&error))?;
    let failed = played.failed.map(|ended| format!("  {ended}"));
    Ok(difference(expected, &played.observations).into_iter().chain(failed).collect())
}
