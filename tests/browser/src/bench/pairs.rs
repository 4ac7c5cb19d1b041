//! The page beside the first playable's: machines differ by half from day to day, so times are measured as pairs, the two
//! builds alternated in one run, and what is held against a budget is the share of one median in the other.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use xtask::figure::Figure;

use super::{percentile, serve};
use crate::driver::Driver;
use crate::page::Page;

/// How often each build is opened on each line.
const OPENINGS: usize = 9;
/// How often each build is stepped, and by how many presses each time.
const ROUNDS: usize = 3;
const PRESSES: usize = 50;
/// Milliseconds of virtual time from which on steps are measured: the clients have come up, and records are under way.
const UNDER_WAY_MS: f64 = 120.0;

/// Bits a second, and milliseconds of latency; none: the local server as it is.
type Line = Option<(f64, f64)>;

/// Opens a new page on a line, and says how long something took.
type Opened = fn(&Page, Line) -> f64;

const LINES: [(&str, Line); 2] = [("local", None), ("at-10-mbit", Some((10e6, 20.0)))];

pub fn run(driver: &Driver, site: &Path, first_playable: &Path) -> Result<(), String> {
    let (own, first) = (serve(site)?, serve(first_playable)?);
    let fresh = |address: String| Page::new(driver, vec![address], PathBuf::new());
    println!("# pairs: the first playable's median, then this build's, then the share");
    for (name, line) in LINES {
        for (what, measured, most) in [("largest-paint", painted as Opened, 35.0), ("working-key", keyed, 75.0)] {
            let (mut before, mut now) = (Vec::new(), Vec::new());
            for _ in 0..OPENINGS {
                before.push(measured(&fresh(first.url())?, line));
                now.push(measured(&fresh(own.url())?, line));
            }
            share(&format!("{what}-{name}"), &mut before, &mut now, 50, "ms", most);
        }
    }
    for (name, slower) in [("", 1.0), ("-of-a-slow-processor", 4.0)] {
        let (mut before, mut now) = (Steps::default(), Steps::default());
        for _ in 0..ROUNDS {
            before.measure(&fresh(first.url())?, slower);
            now.measure(&fresh(own.url())?, slower);
        }
        for (part, hundredths) in [("median", 50), ("99th", 99)] {
            let named = |what: &str| format!("{what}-of-a-step{name}-{part}");
            share(&named("script"), &mut before.script, &mut now.script, hundredths, "ms", 60.0);
            share(&named("task"), &mut before.task, &mut now.task, hundredths, "ms", 60.0);
        }
        let layouts = percentile(&mut now.layouts, 95);
        Figure::at_most(&format!("layouts-of-a-step{name}-95th-of-100"), layouts, "layouts", 2.0).print();
    }
    Ok(())
}

/// Prints both figures, and the one as hundredths of the other beside its budget.
fn share(name: &str, before: &mut [f64], now: &mut [f64], hundredths: usize, unit: &str, most: f64) {
    let (before, now) = (percentile(before, hundredths), percentile(now, hundredths));
    println!("# {name}: {before:.1} {unit}, {now:.1} {unit}");
    Figure::at_most(name, now / before * 100.0, "in 100 of the first playable's", most).print();
}

/// Milliseconds from the start of the navigation to the largest paint. Nothing is pressed: a later step's sentence may be
/// larger than the first one's.
fn painted(page: &Page, line: Line) -> f64 {
    on(page, line);
    page.before_load(
        "window.painted = 0;
         new PerformanceObserver((list) => {
           for (const entry of list.getEntries()) window.painted = entry.startTime;
         }).observe({ type: 'largest-contentful-paint', buffered: true });",
    );
    page.open_early("");
    // The first playable does not say when its program is there, and has nothing to show before.
    page.wait_true("the program", "return !!document.querySelector('.clock') && !document.querySelector('#app.early')");
    // What was drawn is painted, and what is told of paints has come.
    page.wait_frames(10);
    page.evaluate("return window.painted").as_f64().expect("a time")
}

/// Milliseconds from the start of the navigation until a Right key changed the clock. The key is pressed every 2 ms from
/// the first script on, as by somebody impatient.
fn keyed(page: &Page, line: Line) -> f64 {
    on(page, line);
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
    page.open_early("");
    page.wait_true("a Right key that works", "return window.keyWorkedAt !== undefined");
    page.evaluate("return window.keyWorkedAt").as_f64().expect("a time")
}

fn on(page: &Page, line: Line) {
    if let Some((bits, latency)) = line {
        page.on_a_line(bits, latency);
    }
}

/// Chrome's own figures of each press of Right: milliseconds of script and of tasks, and how often the page was laid out.
#[derive(Default)]
struct Steps {
    script: Vec<f64>,
    task: Vec<f64>,
    layouts: Vec<f64>,
}

impl Steps {
    /// Presses in the same stretch of the run in every build, whatever it counts as a step: while the clients come up there is
    /// little to draw, and a build that passes that in fewer steps would be measured at dearer ones. Nothing else speaks to
    /// the page meanwhile.
    fn measure(&mut self, page: &Page, slower: f64) {
        page.open_early("");
        page.wait_visible(".clock");
        // A story ends sooner.
        page.open_script_early(&talkative(), None);
        page.wait_visible(".outline");
        while clock_ms(page) < UNDER_WAY_MS {
            let before = page.text(".clock");
            page.press("ArrowRight");
            page.wait_for("the next step", |page| (page.text(".clock") != before).then_some(()));
        }
        page.slowed(slower);
        let rest = Duration::from_millis((70.0 * slower) as u64);
        // What the page stores of itself it has stored.
        thread::sleep(rest * 8);
        let figures = || ["ScriptDuration", "TaskDuration", "LayoutCount"].map(|name| page.metric(name));
        for _ in 0..PRESSES {
            let before = figures();
            page.press("ArrowRight");
            thread::sleep(rest);
            let after = figures();
            self.script.push((after[0] - before[0]) * 1000.0);
            self.task.push((after[1] - before[1]) * 1000.0);
            self.layouts.push(after[2] - before[2]);
        }
    }
}

/// Virtual time as the clock has it, in milliseconds.
fn clock_ms(page: &Page) -> f64 {
    let clock = page.text(".clock");
    let number = clock.split("ms").next().unwrap_or_default();
    let number: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    number.parse().unwrap_or(0.0)
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
