//! The ready scenarios, told: each plays to its end and tells what its transcript says.
//!
//! `PARTITA_BLESS=1 cargo test -p partita-cli --test scenarios` writes the transcripts anew; read the difference before
//! you commit it.

#[path = "../../tests/kept_text/mod.rs"]
mod kept_text;

use std::path::PathBuf;

use kept_text::same_as_kept;

use partita::scenarios::{Scenario, all};
use partita_cli::play::play;
use partita_cli::transcript;

fn told(scenario: &Scenario) -> String {
    let mut told = String::new();
    let played = play(&scenario.script, |simulation, events, _| {
        for event in events.iter().filter(|event| !event.kind.is_routine()) {
            told.push_str(&transcript::line(simulation, event));
            told.push('\n');
        }
    });
    let played = played.unwrap_or_else(|error| panic!("{}: {error}", scenario.id));
    assert_eq!(played.failed, None, "{} plays to its end", scenario.id);
    told.push_str(&format!("{} moves, {} ms\n", played.moves, played.lasted_ms));
    told
}

#[test]
fn every_scenario_tells_its_transcript() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/scenarios");
    for scenario in &all() {
        same_as_kept(&folder.join(format!("{}.txt", scenario.id)), &told(scenario));
    }
}

/// What each scenario is there to show does happen in it.
#[test]
fn every_scenario_shows_what_it_is_about() {
    let shows = [
        ("journey", "has committed offset 1 of orders-1"),
        ("linger-and-batch", "is ready to leave: 3 records"),
        ("full-buffer", "waits for memory"),
        ("acks", "counts as sent to orders-1, without an offset"),
        ("fire-and-forget", "producer-1's program ends by itself"),
        ("get-or-callback", "MESSAGE_TOO_LARGE"),
        ("lost-response", "already holds sequence"),
        ("auto-commit", "has processed orders-1@4"),
        ("commit-sync-or-async", "has committed offset 2 of orders-0"),
        ("offset-reset", "will read orders-0 from offset 5"),
        ("four-consumers", "c4 owns nothing"),
        ("slow-work", "has not polled for too long"),
        ("broker-crash", "goes into request #27 to broker 2: try 2"),
        ("long-pause", "refuses a commit of c1"),
    ];
    for (id, words) in shows {
        let scenario = Scenario::by_id(id).expect("a ready scenario");
        let told = told(&scenario);
        assert!(told.contains(words), "{id} tells of \"{words}\"");
    }
}
