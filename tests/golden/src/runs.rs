//! Recorded runs: the script is played through the library, the observations are compared.

use partita_cli::play::play;
use partita_cli::recorded::difference;
use serde_json::Value;

use crate::Subject;

pub fn subject() -> Subject {
    Subject { name: "runs", check: Some(check), part }
}

fn script(case: &Value) -> Vec<&str> {
    case["script"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn check(case: &Value, _: &Value) -> Result<(), String> {
    let played = play(&script(case).join("\n"), |_, _, _| {}).map_err(|error| error.to_string())?;
    let expected = case["observations"].as_array().ok_or("no observations")?;
    match (difference(expected, &played.observations), played.failed) {
        (Some(difference), _) => Err(format!("\n{difference}")),
        (None, Some((line, sentence))) => Err(format!("line {line}: {sentence}")),
        (None, None) => Ok(()),
    }
}

/// What a script needs, by its words.
const PARTS: [(&str, &[&str]); 7] = [
    ("share-groups", &["share-consumer "]),
    ("transactions", &["init ", "begin ", "commit-transaction ", "abort ", "send-offsets "]),
    ("patterns", &[" pattern:", " re2j:"]),
    ("codecs", &["compression.type=snappy", "compression.type=lz4", "compression.type=zstd"]),
    ("sticky", &["StickyAssignor"]),
    ("log-cleaning", &["log.retention.check.interval.ms", "log.cleaner."]),
    ("consumer-protocol", &["group.consumer.", "group.protocol=consumer"]),
];

fn part(case: &Value) -> Option<String> {
    let lines = script(case);
    if lines.iter().any(|line| has_replicas(line)) {
        return Some("replication".to_owned());
    }
    // A client that Kafka refuses shows its message, whichever part it would have needed.
    let refused = |line: &str| {
        let number = lines.iter().position(|other| *other == line).map(|i| i + 1);
        let mut observations = case["observations"].as_array().into_iter().flatten();
        observations.any(|seen| seen["line"].as_u64() == number.map(|n| n as u64) && seen.get("threw").is_some())
    };
    let needs = |words: &[&str]| {
        lines.iter().any(|line| {
            let hit =
                words.iter().any(|word| if word.ends_with(' ') { line.starts_with(word) } else { line.contains(word) });
            hit && !refused(line)
        })
    };
    PARTS.iter().find(|(_, words)| needs(words)).map(|(part, _)| (*part).to_owned())
}

/// Whether a topic with more than one replica is made.
fn has_replicas(line: &str) -> bool {
    line.starts_with("topic ")
        && line.split_whitespace().any(|word| match word.split_once('=') {
            Some(("replication-factor", count)) => count != "1",
            Some(("replicas", of)) => of.contains(','),
            _ => false,
        })
}
