//! Random runs: everything is drawn from one seed and written down as a script, which is played with all invariants
//! checked after every move; then everything is mended, and the run must come to rest.
//!
//! `PARTITA_SEED=17` plays that run alone and prints its script; `PARTITA_RUNS=2000` plays more of them, and
//! `PARTITA_FROM=301` begins with another seed than 1.

mod draw;
mod play;
mod tables;
mod tally;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use play::play;
use tally::Tally;

/// Runs in the test command.
const RUNS: u64 = 300;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[test]
fn random_runs_keep_every_invariant_and_come_to_rest() {
    if let Some(seed) = number("PARTITA_SEED") {
        let drawn = draw::run(seed);
        println!("{}", drawn.script());
        let mut tally = Tally::default();
        if let Err(sentence) = play(&drawn, &mut tally) {
            panic!("seed {seed}: {sentence}");
        }
        println!("{tally}");
        return;
    }
    let runs = number("PARTITA_RUNS").unwrap_or(RUNS);
    let from = number("PARTITA_FROM").unwrap_or(1);
    let (next, all, failed) = (AtomicU64::new(from), Mutex::new(Tally::default()), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut tally = Tally::default();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= from.saturating_add(runs) {
                        break;
                    }
                    let drawn = draw::run(seed);
                    let mut of_run = Tally::default();
                    let played = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| play(&drawn, &mut of_run)));
                    let sentence = match played {
                        Ok(Ok(())) => None,
                        Ok(Err(sentence)) => Some(sentence),
                        Err(_) => Some("it panicked: the message stands above".to_owned()),
                    };
                    if let Some(sentence) = sentence {
                        println!("seed {seed}: {sentence}");
                        failed.lock().expect("nobody panics here").push((seed, sentence, drawn.script()));
                    }
                    tally.add(&of_run);
                }
                all.lock().expect("nobody panics here").add(&tally);
            });
        }
    });
    let mut failed = failed.into_inner().expect("all threads have ended");
    failed.sort();
    let tally = all.into_inner().expect("all threads have ended");
    println!("{runs} runs\n{tally}");
    if let Some((seed, sentence, script)) = failed.first() {
        panic!("{} of {runs} runs failed; seed {seed}: {sentence}\n\n{script}", failed.len());
    }
    if runs >= RUNS {
        let missing = tally.missing();
        assert!(missing.is_empty(), "never met in {runs} runs: {missing:?}");
    }
}
