//! What the page beside calls.

use partita::script;
use partita::timeline::{Timeline, Went};
use wasm_bindgen::prelude::wasm_bindgen;

/// The digests, as they are printed natively.
#[wasm_bindgen]
pub fn lines() -> String {
    super::digests()
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

const MOVES: u64 = 100_000;
const SEEKS: u64 = 200;
const PAGE: usize = 65_536;

const RUN: &str = "\
cluster brokers=3
topic t partitions=6
producer p1
consumer c1 group.id=g auto.offset.reset=earliest
subscribe c1 t
consume-loop c1 poll_ms=100
produce-loop p1 t interval_ms=2 keys=20 value=0123456789
sleep 10000000
";

/// Seeks all over a run of 100,000 moves: the median and the slowest in milliseconds, then the bytes by which the memory
/// grew while the run was computed, everything in it counted.
#[wasm_bindgen]
pub fn seeks() -> String {
    let before = core::arch::wasm32::memory_size(0);
    let (script, errors) = script::parse(RUN);
    assert!(errors.is_empty(), "{errors:?}");
    let mut timeline = Timeline::new(&script).unwrap_or_else(|error| panic!("{error}"));
    let mut made = 0;
    let went = timeline.forward_until(|_| {
        made += 1;
        made == MOVES
    });
    assert_eq!(went, Went::There);
    let grown = (core::arch::wasm32::memory_size(0) - before) * PAGE;
    let mut times: Vec<f64> = (1..=SEEKS)
        .map(|number| {
            // A step that shares no factor with the run's length goes everywhere, far each time.
            let to = number * 61_803 % MOVES;
            let started = now();
            timeline.seek(to);
            let took = now() - started;
            assert_eq!(timeline.position(), to);
            took
        })
        .collect();
    times.sort_by(f64::total_cmp);
    format!("{} {} {grown}\n", times[times.len() / 2], times[times.len() - 1])
}
