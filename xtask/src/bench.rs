//! `cargo xtask bench`: everything that has a budget, one line each.

use std::fs;
use std::path::Path;

use xtask::figure::Figure;
use xtask::{paths, process, tools};

use crate::arguments::Arguments;
use crate::compress;
use crate::site::{self, Build};
use crate::test;
use crate::weight;

pub fn bench(arguments: Arguments) -> Result<(), String> {
    arguments.finish()?;
    let browser = tools::browser()?;
    let folder = paths::target().join("site-release");
    site::build(Build::Release, &folder)?;
    sizes(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    seeks()?;
    process::run(process::cargo("run").args(["--quiet", "--release", "--package", "partita-bench"]))?;
    process::run(test::harness(&browser).arg("bench").arg(&folder))
}

fn sizes(folder: &Path) -> std::io::Result<()> {
    let mut all = 0;
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if !file.is_file() {
            continue;
        }
        let bytes = fs::read(&file)?;
        let packed = compress::brotli(&bytes).len();
        all += packed;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        weight::figures(&name, bytes.len(), packed).iter().for_each(Figure::print);
    }
    println!("# the whole page with brotli: {:.1} kB", weight::kilobytes(all));
    Ok(())
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
