//! Native measurements of the model: one line each, `name figure unit, budget figure, met|missed`.

// Measuring is the one place where a real clock is wanted.
#![allow(clippy::disallowed_types)]

mod growth;

use std::sync::Arc;
use std::time::{Duration, Instant};

use partita::script::parse;
use partita::simulation::{Progress, Simulation, Sink};
use partita::timeline::{Timeline, Went};

/// Each figure is the best of so many runs: the machine's noise only ever adds.
const RUNS: usize = 5;

fn main() {
    let only = std::env::args().nth(1);
    let wanted = |name: &str| only.as_deref().is_none_or(|only| name.contains(only));
    // First, while the process holds nothing that other measurements have left: room that they used would not be counted.
    if wanted("history") {
        history();
    }
    if wanted("records") {
        records();
    }
    if wanted("moves") {
        moves();
    }
    if wanted("clone") {
        clone();
    }
    growth::run(&wanted);
}

fn report(name: &str, figure: f64, unit: &str, budget: f64, at_least: bool) {
    let met = if at_least { figure >= budget } else { figure <= budget };
    let (sign, verdict) = (if at_least { "≥" } else { "≤" }, if met { "met" } else { "missed" });
    println!("{name} {figure:.1} {unit}, budget {sign} {budget:.0} {unit}, {verdict}");
}

fn start(script: &str) -> Simulation {
    let (script, errors) = parse(script);
    assert!(errors.is_empty(), "{errors:?}");
    Simulation::new(Arc::new(script)).expect("a valid cluster")
}

/// Runs a script to its end; gives how many moves it took and how long.
fn play(simulation: &mut Simulation) -> (u64, Duration) {
    let mut sink = Sink::default();
    let begun = Instant::now();
    let mut moves = 0;
    while matches!(simulation.progress(), Progress::Playing(_)) && simulation.step(&mut sink) {
        moves += 1;
        sink.events.clear();
        sink.observations.clear();
    }
    assert_eq!(simulation.progress(), Progress::Ended, "the script ends");
    (moves, begun.elapsed())
}

/// From `send` to callback, every stage a move, events on.
fn records() {
    const RECORDS: u32 = 200_000;
    let script = format!(
        "cluster brokers=1\ntopic t partitions=3\nproducer p1 max.block.ms=600000\nsend p1 t value-size=1 show=none\nwait sent p1\n\
         produce-loop p1 t interval_ms=0 count={RECORDS} value=0123456789\nsleep 1\nwait sent p1 timeout_ms=600000\n"
    );
    let best = (0..RUNS)
        .map(|_| {
            let (_, took) = play(&mut start(&script));
            f64::from(RECORDS) / took.as_secs_f64()
        })
        .fold(0.0, f64::max);
    report("records-from-send-to-callback", best, "records/s", 200_000.0, true);
}

/// A stable group that polls.
fn moves() {
    const MOVES: u32 = 500_000;
    let script = "cluster brokers=3\ntopic t partitions=6\nconsumer c1 group.id=g\nconsumer c2 group.id=g\nconsumer c3 group.id=g\n\
         subscribe c1 t\nloop c1\nsubscribe c2 t\nloop c2\nsubscribe c3 t\nloop c3\nwait group g state Stable members 3\n\
         wait assigned-count c1 = 2\nwait assigned-count c2 = 2\nwait assigned-count c3 = 2\nsleep 10000000\n";
    let best = (0..RUNS)
        .map(|_| {
            let mut simulation = start(script);
            let mut sink = Sink::default();
            for _ in 0..20_000 {
                simulation.step(&mut sink);
                sink.events.clear();
            }
            let begun = Instant::now();
            for _ in 0..MOVES {
                simulation.step(&mut sink);
                sink.events.clear();
            }
            f64::from(MOVES) / begun.elapsed().as_secs_f64()
        })
        .fold(0.0, f64::max);
    report("moves-of-a-stable-group", best, "moves/s", 1_000_000.0, true);
}

/// A simulation with 100,000 records in 10,000 batches on 36 partitions.
fn clone() {
    let mut script =
        "cluster brokers=3\ntopic t partitions=36\nproducer p1 linger.ms=60000 batch.size=180\n".to_owned();
    for partition in 0..36 {
        script.push_str(&format!("send p1 t partition={partition} value=0123456789 times=2778 show=none\n"));
    }
    script.push_str("flush p1\n");
    let mut simulation = start(&script);
    play(&mut simulation);
    let batches: usize = simulation
        .broker_ids()
        .filter_map(|id| simulation.broker(id))
        .flat_map(|broker| broker.partitions().values())
        .map(|partition| partition.log().batches_count())
        .sum();
    let best = (0..200)
        .map(|_| {
            let begun = Instant::now();
            let copy = std::hint::black_box(std::hint::black_box(&simulation).clone());
            let took = begun.elapsed();
            drop(copy);
            took.as_secs_f64() * 1e6
        })
        .fold(f64::INFINITY, f64::min);
    println!("# the cloned simulation holds {batches} batches");
    report("clone-of-a-simulation", best, "µs", 100.0, false);
}

/// A run of 100,000 moves: its history in memory, and the slowest of 200 seeks.
fn history() {
    let script = "cluster brokers=3\ntopic t partitions=6\nproducer p1\nconsumer c1 group.id=g auto.offset.reset=earliest\nsubscribe c1 t\n\
         loop c1\nproduce-loop p1 t interval_ms=2 keys=20 value=0123456789\nsleep 10000000\n";
    let (script, errors) = parse(script);
    assert!(errors.is_empty(), "{errors:?}");
    let before = resident_kb();
    let mut timeline = Timeline::new(&script).expect("a valid cluster");
    let went = timeline.forward_until(|timeline| timeline.position() >= 100_000);
    assert_eq!(went, Went::There, "the run is long enough");
    let mb = resident_kb().saturating_sub(before) as f64 / 1024.0;
    report("history-of-100000-moves", mb, "MB", 20.0, false);
    println!(
        "# index {:.1} MB, {} checkpoints",
        timeline.moves().bytes() as f64 / 1e6,
        timeline.branch().checkpoints()
    );
    let mut worst: f64 = 0.0;
    let mut place = 1u64;
    for _ in 0..200 {
        place = place.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let to = (place >> 33) % 100_000;
        let begun = Instant::now();
        timeline.seek(to);
        worst = worst.max(begun.elapsed().as_secs_f64() * 1e3);
    }
    report("slowest-of-200-seeks-natively", worst, "ms", 16.0, false);
}

/// The memory of this process, in kB; 0 where the system does not tell.
fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}
