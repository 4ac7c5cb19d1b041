//! How many records a second go from `send` to callback: `cargo test --release -p partita --lib speed -- --ignored --nocapture`.

use super::World;

#[test]
#[ignore = "a measurement, only meaningful with --release"]
fn records_a_second() {
    #[allow(clippy::disallowed_types, reason = "a measurement takes real time")]
    let start = std::time::Instant::now();
    let mut world = World::new(&[]);
    world.keep_events = false;
    let records = 200_000;
    let value = "x".repeat(100);
    for _ in 0..records {
        world.send_and_return(None, &value);
    }
    world.run_until_ms(20_000);
    let took = start.elapsed();
    assert_eq!(world.completed, records);
    println!("{} records/s, {} moves/s", records as f64 / took.as_secs_f64(), world.moves as f64 / took.as_secs_f64());
}
