//! Recorded runs: the script is played through the library, the observations are compared.

use partita_cli::play::play;
use partita_cli::recorded::difference;
use serde_json::Value;

use crate::data::Case;
use crate::verdict::{Difference, EARLY, SEEDS, Verdict};
use crate::{Player, Subject};

pub fn subject(name: &'static str) -> Subject {
    Subject { name, player: || Box::new(Runs), part: |case| needed(case).map(|(part, _)| part.to_owned()) }
}

/// A run that is equal is played with these as well: what was equal by luck is seen. The first one is what a script has
/// that names none.
const SEEDS_PLAYED: [u32; 4] = [0, 1, 2, 3];

struct Runs;

impl Player for Runs {
    fn play(&mut self, case: &Case) -> Verdict {
        let lines = script(&case.value);
        let expected = case.value["observations"].as_array().expect("a list of observations");
        let mut verdict = played(&lines, expected, needed(&case.value).map(|(_, line)| line));
        if !verdict.is_equal() || lines[0].contains(" seed=") {
            return verdict;
        }
        let differing = SEEDS_PLAYED[1..].iter().filter_map(|seed| {
            let first = format!("{} seed={seed}", lines[0]);
            let lines: Vec<&str> = std::iter::once(first.as_str()).chain(lines[1..].iter().copied()).collect();
            let difference = played(&lines, expected, None).differences.pop()?;
            Some(Difference { place: SEEDS.into(), text: format!("with seed={seed}{}", difference.text) })
        });
        verdict.differences = differing.take(1).collect();
        verdict
    }
}

/// `built_until`: the first line that needs what is not built.
fn played(lines: &[&str], expected: &[Value], built_until: Option<usize>) -> Verdict {
    let played = match play(&lines.join("\n"), |_, _, _| {}) {
        Ok(played) => played,
        Err(error) => return Verdict::different(error.to_string()),
    };
    let found = &played.observations;
    let first = (0..expected.len().max(found.len())).find(|at| expected.get(*at) != found.get(*at));
    let (line, text) = match (first, difference(expected, found), played.failed) {
        (Some(at), Some(difference), _) => {
            let lines =
                [expected.get(at), found.get(at)].into_iter().flatten().filter_map(|seen| seen["line"].as_u64());
            (lines.min().unwrap_or(0) as usize, format!("\n{difference}"))
        }
        (_, _, Some(ended)) => (ended.line.unwrap_or(0) as usize, ended.to_string()),
        _ => return Verdict { differences: Vec::new(), equal: expected.len(), asked: expected.len() },
    };
    let is_early = built_until.is_some_and(|until| line < until);
    let place = if is_early { EARLY } else { "" };
    let differences = vec![Difference { place: place.into(), text }];
    Verdict { differences, equal: in_both(expected, found), asked: expected.len() }
}

/// How many observations the model has too. Each of its own counts once, as often as the same is expected.
fn in_both(expected: &[Value], found: &[Value]) -> usize {
    let mut left: Vec<&Value> = found.iter().collect();
    let mut is_found = |observation: &&Value| {
        let at = left.iter().position(|other| other == observation);
        at.map(|at| left.swap_remove(at)).is_some()
    };
    expected.iter().filter(|observation| is_found(observation)).count()
}

fn script(case: &Value) -> Vec<&str> {
    case["script"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// What a script needs, by its words.
const PARTS: [(&str, &[&str]); 7] = [
    ("share-groups", &["share-consumer ", "alter group "]),
    (
        "transactions",
        &[
            "transactional.id=",
            "isolation.level=read_committed",
            "init ",
            "begin ",
            "commit-transaction ",
            "abort ",
            "send-offsets ",
        ],
    ),
    ("patterns", &[" pattern:", " re2j:"]),
    ("codecs", &["compression.type=snappy", "compression.type=lz4", "compression.type=zstd"]),
    ("sticky", &["StickyAssignor"]),
    ("log-cleaning", &["log.retention.check.interval.ms", "log.cleaner."]),
    ("consumer-protocol", &["group.consumer.", "group.protocol=consumer"]),
];

/// A part of Kafka that may not be built yet, and the first line that needs it, counted from 1.
fn needed(case: &Value) -> Option<(&'static str, usize)> {
    let lines = script(case);
    if let Some(at) = lines.iter().position(|line| has_replicas(line)) {
        return Some(("replication", at + 1));
    }
    // A client that Kafka refuses shows its message, whichever part it would have needed.
    let refused = |number: usize| {
        let mut observations = case["observations"].as_array().into_iter().flatten();
        observations.any(|seen| seen["line"].as_u64() == Some(number as u64) && seen.get("threw").is_some())
    };
    PARTS.iter().find_map(|(part, words)| {
        let holds =
            |line: &str, word: &str| if word.ends_with(' ') { line.starts_with(word) } else { line.contains(word) };
        let needs = |(at, line): (usize, &&str)| words.iter().any(|word| holds(line, word)) && !refused(at + 1);
        let first = lines.iter().enumerate().position(needs)?;
        Some((*part, first + 1))
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_observation_that_came_once_counts_once() {
        let (poll, commit) = (serde_json::json!({ "line": 3, "records": 0 }), serde_json::json!({ "line": 4 }));
        let expected = [poll.clone(), poll.clone(), commit.clone()];
        assert_eq!(in_both(&expected, &expected[..1]), 1);
        assert_eq!(in_both(&expected, &[commit, poll.clone(), poll.clone(), poll]), 3);
        assert_eq!(in_both(&expected, &[]), 0);
    }
}
