//! Recorded runs beside the golden ones: what a real Kafka 4.3.1 cluster gave for neighbouring questions.
//!
//! Each file holds a script and what was observed; the model must give the same.

use std::fs;
use std::path::PathBuf;

use partita_cli::play::play;
use partita_cli::recorded::{Recorded, difference};

fn check(name: &str, text: &str) -> Result<(), String> {
    let recorded = Recorded::read(name, text)?;
    let expected = recorded.observations.ok_or("no observations")?;
    let played = play(&recorded.script, |_, _, _| {}).map_err(|error| error.to_string())?;
    if let Some(difference) = difference(&expected, &played.observations) {
        return Err(format!("\n{difference}"));
    }
    played.failed.map_or(Ok(()), |(line, sentence)| Err(format!("line {line}: {sentence}")))
}

#[test]
fn every_recorded_run_is_equal() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/more-runs");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder of runs").map(|f| f.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 100, "{} runs were found", files.len());
    let different = files.iter().filter_map(|file| {
        let name = file.to_string_lossy();
        check(&name, &fs::read_to_string(file).unwrap()).err().map(|error| format!("{name}: {error}"))
    });
    let different: Vec<String> = different.collect();
    assert!(different.is_empty(), "{}", different.join("\n\n"));
}
