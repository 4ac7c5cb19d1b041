//! The same runs, natively and in WebAssembly: a digest of all that happened and of the whole state, after every
//! thousand moves and at the end.
//!
//! Natively the lines are printed; in a browser the page beside calls `lines` and shows them.

use std::fmt::{self, Write};
use std::hash::{Hash, Hasher};

use partita::scenarios;
use partita::script;
use partita::simulation::{Simulation, Sink};
use partita::timeline::digest::Digest;

/// Moves between two lines.
const EVERY: u64 = 1000;

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    print!("{}", digests());
}

#[cfg(target_arch = "wasm32")]
mod browser;

fn digests() -> String {
    let mut text = String::new();
    for scenario in &scenarios::all() {
        play(&scenario.id, &scenario.script, 10_000, &mut text);
    }
    for seed in 1..=2 {
        play(&format!("busy-{seed}"), &busy(seed), 60_000, &mut text);
    }
    text
}

/// Plays a script for so many moves: its programs poll for ever.
fn play(name: &str, script: &str, most: u64, text: &mut String) {
    let (script, errors) = script::parse(script);
    assert!(errors.is_empty(), "{name}: {errors:?}");
    let mut simulation = match Simulation::new(script.into()) {
        Ok(simulation) => simulation,
        Err(error) => panic!("{name}: {error}"),
    };
    let mut digest = Digest::default();
    let (mut sink, mut moves) = (Sink::default(), 0);
    loop {
        let went = simulation.step(&mut sink);
        moves += u64::from(went);
        for event in sink.events.drain(..) {
            event.hash(&mut digest);
        }
        for observation in sink.observations.drain(..) {
            let _ = write!(Shown(&mut digest), "{observation:?}");
        }
        if moves % EVERY == 0 || !went {
            let mut state = Digest::default();
            let _ = write!(Shown(&mut state), "{simulation:?}");
            let at = simulation.now().at;
            let _ = writeln!(text, "{name} {moves} {at} {:016x} {:016x}", digest.finish(), state.finish());
        }
        if !went || moves == most {
            return;
        }
    }
}

/// What is shown goes into a digest: the whole state, for which nothing but `Debug` is asked.
struct Shown<'a>(&'a mut Digest);

impl Write for Shown<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

/// Producers of several kinds, groups that poll and commit, a crash and a slow consumer, for some simulated time.
fn busy(seed: u64) -> String {
    format!(
        "cluster brokers=3 seed={seed}\n\
         topic orders partitions=6\n\
         topic payments partitions=2\n\
         producer p1 linger.ms=5 batch.size=400\n\
         producer p2 acks=1 compression.type=gzip\n\
         producer p3 acks=0 enable.idempotence=false\n\
         consumer c1 group.id=billing auto.offset.reset=earliest\n\
         consumer c2 group.id=billing auto.offset.reset=earliest session.timeout.ms=6000\n\
         consumer a1 group.id=audit auto.offset.reset=earliest\n\
         subscribe c1 orders\n\
         subscribe c2 orders\n\
         subscribe a1 orders,payments\n\
         consume-loop c1 poll_ms=100 process_us=300 commit=auto\n\
         consume-loop c2 poll_ms=100 process_us=2000 commit=sync\n\
         consume-loop a1 poll_ms=50 commit=async\n\
         produce-loop p1 orders interval_ms=3 keys=9 value={{\"order\":{{i}}}} count=1500\n\
         produce-loop p2 payments interval_ms=7 value=pay-{{i}} count=700\n\
         produce-loop p3 orders interval_ms=11 value=fire-{{i}} count=400\n\
         sleep 2000\n\
         crash broker-2\n\
         sleep 1500\n\
         start broker-2\n\
         kill c2\n\
         sleep 12000\n"
    )
}
