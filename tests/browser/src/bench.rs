//! Measurements in the browser, each a line: `name figure unit, budget ≤ figure unit, met|missed`.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use xtask::figure::Figure;
use xtask::server::Server;

use crate::driver::Driver;
use crate::page::Page;

/// Opens the page once and again, presses keys, plays, and prints what it cost.
pub fn run(site: &Path) -> Result<(), String> {
    let server = Server::start(site, "/", 0).map_err(|error| format!("{}: {error}", site.display()))?;
    let driver = Driver::start()?;
    let fresh = || Page::new(&driver, vec![server.url()], PathBuf::new());
    let mut opened = Vec::new();
    for _ in 0..10 {
        opened.push(until_the_key_works(&fresh()?));
    }
    Figure::at_most("navigation-to-a-working-key-median-of-10", median(&mut opened), "ms", 300.0).print();

    let mut steps = steps(&fresh()?, 100);
    Figure::at_most("main-thread-work-of-a-step-median-of-100", median(&mut steps), "ms", 8.0).print();
    Figure::at_most("main-thread-work-of-a-step-99th-of-100", steps[98], "ms", 16.0).print();

    let mut frames = frames(&fresh()?);
    Figure::at_most("frame-while-playing-2000-records-95th-of-100", percentile(&mut frames, 95), "ms", 20.0).print();
    println!("# {} frames in 10 s of playing, the longest {:.1} ms", frames.len(), frames[frames.len() - 1]);
    Ok(())
}

/// Milliseconds from the start of the navigation until a Right key changed the clock. The key is pressed every 2 ms
/// from the first script on, as by somebody impatient.
fn until_the_key_works(page: &Page) -> f64 {
    page.before_load(
        "let shown = null;
         const impatient = setInterval(() => {
           const clock = document.querySelector('.clock')?.textContent;
           if (!clock) return;
           shown ??= clock;
           if (clock !== shown) {
             window.keyWorkedAt = performance.now();
             clearInterval(impatient);
             return;
           }
           document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', code: 'ArrowRight', bubbles: true }));
         }, 2);",
    );
    page.open("");
    page.wait_true("a Right key that works", "return window.keyWorkedAt !== undefined");
    page.evaluate("return window.keyWorkedAt").as_f64().expect("a time")
}

/// Milliseconds of virtual time from which on steps are measured: the clients have come up, and records are under way.
const UNDER_WAY_MS: f64 = 120.0;

/// Chrome's `TaskDuration` of each press of Right, in milliseconds. Nothing else speaks to the page meanwhile. They are
/// presses in the same stretch of the run in every build, whatever it counts as a step: while the clients come up there is
/// little to draw, and a build that passes that in fewer steps would be measured at dearer ones.
fn steps(page: &Page, presses: usize) -> Vec<f64> {
    page.open("");
    page.wait_visible(".clock");
    // A story ends sooner.
    page.open_script(&talkative(), None);
    page.wait_visible(".outline");
    while clock_ms(page) < UNDER_WAY_MS {
        let before = page.text(".clock");
        page.press("ArrowRight");
        page.wait_for("the next step", |page| (page.text(".clock") != before).then_some(()));
    }
    page.wait_stored();
    let mut costs = Vec::new();
    for _ in 0..presses {
        let before = page.metric("TaskDuration");
        page.press("ArrowRight");
        thread::sleep(Duration::from_millis(60));
        costs.push((page.metric("TaskDuration") - before) * 1000.0);
    }
    costs
}

/// Virtual time as the clock has it, in milliseconds.
fn clock_ms(page: &Page) -> f64 {
    let clock = page.text(".clock");
    let number = clock.split("ms").next().unwrap_or_default();
    let number: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    number.parse().unwrap_or(0.0)
}

/// The times between frames over 10 s of playing, in milliseconds.
fn frames(page: &Page) -> Vec<f64> {
    page.open("");
    page.wait_visible(".clock");
    page.open_script(&crowd(), None);
    page.press("r");
    let record = "return new Promise((done) => {
        const times = [];
        const each = (now) => {
          times.push(now);
          if (now - times[0] < 10000) requestAnimationFrame(each);
          else done(times.slice(1).map((time, index) => time - times[index]));
        };
        requestAnimationFrame(each);
      });";
    let times = page.evaluate(record);
    times.as_array().expect("times").iter().filter_map(serde_json::Value::as_f64).collect()
}

/// Steps without an end: one record after another goes through its stages, and two groups read it.
fn talkative() -> String {
    let mut script = String::from(
        "cluster brokers=3 seed=7 group.initial.rebalance.delay.ms=0\ntopic orders partitions=3\nproducer p1\n",
    );
    for (client, group) in [("c1", "billing"), ("c2", "billing"), ("a1", "audit")] {
        let line = format!(
            "consumer {client} group.id={group}\nsubscribe {client} orders\nconsume-loop {client} poll_ms=100\n"
        );
        script.push_str(&line);
    }
    script.push_str("send-sync p1 orders key=k{i} value=order-{i} times=50\nsleep 60000\n");
    script
}

/// A producer with 2,000 records in its accumulator and requests: it lingers long, and its broker answers slowly.
fn crowd() -> String {
    let mut script = String::from(
        "cluster brokers=3 seed=7\n\
         topic orders partitions=3\n\
         producer p1 linger.ms=60000 batch.size=1048576\n",
    );
    for number in 0..2000 {
        script.push_str(&format!("send p1 orders key=k{} value=order-{number}\n", number % 100));
    }
    script.push_str("sleep 60000\n");
    script
}

fn median(figures: &mut [f64]) -> f64 {
    percentile(figures, 50)
}

/// The smallest figure that so many in a hundred do not pass. Sorts them.
fn percentile(figures: &mut [f64], hundredths: usize) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[(figures.len() * hundredths).div_ceil(100).max(1) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_figures_that_were_measured() {
        let mut hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(percentile(&mut hundred, 95), 95.0);
        assert_eq!(median(&mut hundred), 50.0);
        assert_eq!(percentile(&mut [3.0], 99), 3.0);
        assert_eq!(median(&mut [4.0, 1.0]), 1.0);
    }
}
