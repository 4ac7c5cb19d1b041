//! What the command is given: files of either form, words that do not fit, and sentences that say where, what, and what is
//! allowed.

use std::path::PathBuf;
use std::process::Command;

const SCRIPT: &str = "cluster brokers=1\ntopic t\n";
const BROKEN: &str = r#"{"name": "x", "script": ["cluster brokers=1", "sned p1 t"], "observations": []}"#;
const RECORDED: &str = r#"{"name": "x", "script": ["cluster brokers=1", "topic t"], "observations": []}"#;

/// A file of this test.
fn file(name: &str, text: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("given");
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path.to_str().expect("a path in UTF-8").to_owned()
}

/// The exit code, what is printed, and what is told.
fn partita(words: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_partita")).args(words).output().expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("a text");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

#[track_caller]
fn refused(words: &[&str], said: &[&str]) {
    let (code, _, told) = partita(words);
    assert_eq!(code, 2, "{told}");
    for part in said {
        assert!(told.contains(part), "{told} lacks {part}");
    }
}

#[test]
fn a_file_is_read_by_what_it_holds() {
    for (name, text) in [
        ("recorded.txt", RECORDED.to_owned()),
        ("recorded.json", RECORDED.to_owned()),
        ("marked.json", format!("\u{feff}\u{feff}{RECORDED}")),
        ("script.json", SCRIPT.to_owned()),
        ("marked.txt", format!("\u{feff}\u{feff}{SCRIPT}")),
        ("exported.json", format!("partita 1\n{SCRIPT}")),
    ] {
        let (code, printed, told) = partita(&["run", &file(name, &text)]);
        assert!(code == 0 && printed.contains(" moves, ") && told.is_empty(), "{name}: {told}");
    }
    let (code, printed, _) = partita(&["check", &file("recorded", RECORDED)]);
    assert!(code == 0 && printed.starts_with("same "), "{printed}");
    let script = file("alone.txt", SCRIPT);
    refused(&["check", &script], &["alone.txt is no recorded run", "`observations`", "partita run"]);
    refused(&["run", &file("cut.txt", &RECORDED[..40])], &["cut.txt begins as JSON and is none", "line 1"]);
    refused(
        &["run", &file("version.txt", "partita 0")],
        &["is of version `0`", "this version of Partita", "no line to play"],
    );
}

#[test]
fn json_that_is_no_run_is_named() {
    for text in ["[]", "null", "5", "[1, 2", "\"cluster\""] {
        for command in ["run", "check", "view"] {
            refused(
                &[command, &file("other.json", text)],
                &["other.json is JSON that is no run", "an object with a `script`"],
            );
        }
    }
    let of = |script: &str| format!("{{\"script\": [\"cluster brokers=1\"], {script}}}");
    let deep = |levels: usize| of(&format!("\"observations\": {}{}", "[".repeat(levels), "]".repeat(levels)));
    let long = of(&format!("\"observations\": [{}]", "9".repeat(400)));
    refused(&["run", &file("deep.json", &deep(127))], &["deep.json is JSON beyond what is read", "up to 127 deep"]);
    refused(&["run", &file("long.json", &long)], &["long.json is JSON beyond what is read", "below 1.8e308"]);
    assert_eq!(partita(&["run", &file("deep-enough.json", &deep(126))]).0, 0);
    refused(&["run", &file("twice.json", &of("\"script\": []"))], &["twice.json: duplicate field `script`", "once"]);
}

#[test]
fn a_recording_of_another_kafka_is_not_compared() {
    let of = |kafka: &str| RECORDED.replacen('{', &format!("{{\"kafka\": {kafka}, "), 1);
    for kafka in ["\"9.9.9\"", "5", "[]", "null"] {
        let recorded = file("other-kafka.json", &of(kafka));
        refused(&["check", &recorded], &["was recorded with Kafka ", kafka, "this plays Kafka 4.3.1"]);
        assert_eq!(partita(&["run", &recorded]).0, 0);
    }
    assert_eq!(partita(&["check", &file("our-kafka.json", &of("\"4.3.1\""))]).0, 0);
}

#[test]
fn what_is_wrong_in_a_file_has_its_place() {
    let broken = file("broken.txt", BROKEN);
    for command in ["run", "check", "view"] {
        refused(&[command, &broken], &["broken.txt, in its `script`: Line 2, column 1: `sned` is no verb"]);
    }
    let number = BROKEN.replace("\"sned p1 t\"", "7");
    refused(&["run", &file("number.json", &number)], &["number.json: line 2 of `script` is no text"]);
    let cluster = file("cluster.txt", "\ncluster brokers=1 num.partition=3\n");
    let said =
        ["cluster.txt: Line 2, column 19: Cluster: There is no broker property", "Did you mean 'num.partitions'?"];
    for command in ["run", "view"] {
        refused(&[command, &cluster], &said);
    }
    let late = file("late.txt", &format!("{SCRIPT}@9223372036854775+0 producer p1\n"));
    refused(&["run", &late], &["late.txt: Line 3, column 1: ", "(a year)"]);
    let (code, _, told) = partita(&[
        "run",
        &file("vain.txt", "# about: x\ncluster brokers=1\ntopic t\nwait leader t-0 = 7 timeout_ms=9\n"),
    ]);
    assert!(code == 1 && told.contains("vain.txt: line 4: waited in vain"), "{told}");
}

#[test]
fn words_that_do_not_fit_are_named() {
    let script = file("words.txt", SCRIPT);
    for (words, said) in [
        (&["run", &script, "--foo"][..], "`run` has no option `--foo`. Allowed: `--json`, `--all`."),
        (&["run", &script, "--json", "--all"], "--json and --all exclude each other"),
        (&["run", &script, "--all", "--all"], "--all is given twice"),
        (&["run"], "`run` takes one script, or one run as a file, and none is given"),
        (&["run", ""], "`run` takes one script, or one run as a file, and an empty name is given"),
        (&["run", &script, &script], "is one more"),
        (&["check", &script, "--json"], "`check` has no option `--json`. Allowed: none."),
        (&["view", &script, "--at", "1", "--at", "2"], "--at is given twice"),
        (&["view", &script, "--move", "1", "--at", "2"], "--move and --at exclude each other"),
        (&["ruin", &script], "there is no command `ruin`. Did you mean `run`?"),
    ] {
        refused(words, &[said]);
    }
    for words in [&["--help"][..], &["-h"], &["help"], &["run", "--help"], &["run", "-h"], &["view", &script, "--help"]]
    {
        let (code, printed, _) = partita(words);
        assert!(code == 0 && printed.contains("partita run") && printed.contains("partita --help"), "{printed}");
    }
}
