//! Every script that a real cluster has played is read without an error, and printed as the same script.

use std::path::Path;

use partita::lang::Lang;
use partita::script::{Script, Statement, parse, print};

/// What is equal when two scripts say the same: all but the texts they were read from.
fn meaning(script: &Script) -> Vec<(u32, Statement, bool, Option<&str>)> {
    let of = |line: &partita::script::Line| (line.number, Statement::clone(&line.statement), line.messages);
    script.lines.iter().map(|l| (of(l).0, of(l).1, of(l).2, l.comment.as_deref())).collect()
}

#[test]
fn recorded_scripts_are_read_and_printed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/runs");
    let mut count = 0;
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder of recorded runs") {
        let path = entry.expect("a folder's entry").path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a recorded run");
        let run: serde_json::Value = serde_json::from_str(&text).expect("a recorded run is JSON");
        let lines: Vec<&str> = run["script"].as_array().unwrap().iter().map(|l| l.as_str().unwrap()).collect();
        let (script, errors) = parse(&lines.join("\n"));
        faults.extend(errors.iter().map(|e| format!("{}: {}", path.display(), e.sentence(Lang::En))));
        assert_eq!(script.texts(), lines, "{}", path.display());
        let printed = print(&script);
        let (again, errors) = parse(&printed);
        faults.extend(errors.iter().map(|e| format!("{} printed: {}", path.display(), e.sentence(Lang::En))));
        assert_eq!(meaning(&script), meaning(&again), "{}", path.display());
        assert_eq!(print(&again), printed);
        count += 1;
    }
    assert_eq!(faults, Vec::<String>::new());
    assert!(count >= 80, "only {count} recorded runs");
}
