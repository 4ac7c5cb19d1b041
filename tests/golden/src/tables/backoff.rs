//! `ExponentialBackoff`.

use partita::java::ExponentialBackoff;
use serde_json::Value;

use crate::json::{equal, int};
use crate::{Subject, each, no_part};

pub fn subject() -> Subject {
    Subject { name: "backoff", player: || each(check), part: no_part }
}

fn check(case: &Value, _: &Value) -> Result<(), String> {
    let jitter = case["jitter"].as_f64().expect("a fraction");
    let percent = (jitter * 100.0).round() as u32;
    let backoff = ExponentialBackoff::new(
        int(&case["initial"]),
        int::<i64>(&case["multiplier"]) as u32,
        int(&case["max"]),
        percent,
    );
    let attempts = int(&case["attempts"]);
    if percent == 0 {
        return equal("wait", &backoff.backoff_ms(attempts, 0), &int(&case["exact"]));
    }
    // The smallest draw gives the low bound; the largest comes as near to the high one as a draw can, which is itself
    // not among the factors: the truncated wait may be one below.
    let (low, high): (u64, u64) = (int(&case["low"]), int(&case["high"]));
    equal("lowest wait", &backoff.backoff_ms(attempts, 0), &low)?;
    let highest = backoff.backoff_ms(attempts, u64::MAX);
    if highest != high && highest + 1 != high {
        return Err(format!("highest wait: {highest}, Kafka has {high}"));
    }
    for draw in 0..200u64 {
        let wait = backoff.backoff_ms(attempts, draw.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        if !(low..=high).contains(&wait) {
            return Err(format!("wait {wait} is outside {low} to {high}"));
        }
    }
    Ok(())
}
