//! Measurements in the browser, each a line: `name figure unit, budget ≤ figure unit, met|missed`.

use std::path::{Path, PathBuf};

use xtask::figure::Figure;
use xtask::server::Server;

use crate::driver::Driver;
use crate::page::Page;

mod pairs;

/// Measures the page beside the first playable's, in pairs, and then what has a budget of its own.
pub fn run(site: &Path, first_playable: &Path) -> Result<(), String> {
    let driver = Driver::start()?;
    pairs::run(&driver, site, first_playable)?;
    let server = serve(site)?;
    let mut frames = frames(&Page::new(&driver, vec![server.url()], PathBuf::new())?);
    Figure::at_most("frame-while-playing-2000-records-95th-of-100", percentile(&mut frames, 95), "ms", 20.0).print();
    println!("# {} frames in 10 s of playing, the longest {:.1} ms", frames.len(), frames[frames.len() - 1]);
    Ok(())
}

pub(crate) fn serve(site: &Path) -> Result<Server, String> {
    Server::start(site, "/", 0).map_err(|error| format!("{}: {error}", site.display()))
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

/// The smallest figure that so many in a hundred do not pass. Sorts them.
pub(crate) fn percentile(figures: &mut [f64], hundredths: usize) -> f64 {
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
        assert_eq!(percentile(&mut hundred, 50), 50.0);
        assert_eq!(percentile(&mut [3.0], 99), 3.0);
        assert_eq!(percentile(&mut [4.0, 1.0], 50), 1.0);
    }
}
