//! `cargo xtask bench`: everything that has a budget, one line each.

use xtask::figure::Figure;
use xtask::{paths, process, tools};

use crate::arguments::Arguments;
use crate::first_playable;
use crate::site::{self, Build};
use crate::test;
use crate::weigh;
use crate::weight;

pub fn bench(arguments: Arguments) -> Result<(), String> {
    arguments.finish()?;
    let browser = tools::browser()?;
    let folder = paths::target().join("site-release");
    site::build(Build::Release, &folder)?;
    sizes(&site::pack(&folder)?);
    weight::plain(&folder)?.print();
    weigh::write()?;
    let first = first_playable::site()?;
    seeks()?;
    process::run(process::cargo("run").args(["--quiet", "--release", "--package", "partita-bench"]))?;
    process::run(test::harness(&browser).arg("bench").arg(&folder).arg(&first))
}

/// What the files weigh that a browser may ask for, as a host sends them.
fn sizes(files: &[(String, [usize; 3])]) {
    for (name, [bytes, packed, _]) in files {
        weight::figures(name, *bytes, *packed).iter().for_each(Figure::print);
    }
    weight::whole(files).print();
}

/// A long run in the browser: median and slowest seek in milliseconds, bytes of memory.
fn seeks() -> Result<(), String> {
    let told = test::in_the_browser(Build::Release, "?seeks")?;
    let figures: Vec<f64> = told.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [median, slowest, bytes] = figures[..] else { return Err(format!("the seeks told `{told}`")) };
    Figure::at_most("slowest-of-200-seeks-in-the-browser", slowest, "ms", 16.0).print();
    println!("# in a run of 100,000 moves; the median is {median:.2} ms");
    Figure::at_most("history-of-100000-moves-in-the-browser", bytes / 1e6, "MB", 20.0).print();
    Ok(())
}
