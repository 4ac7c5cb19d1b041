//! `cargo xtask test`: every check there is, in one order, each counted, none skipped.

use std::fs;
use std::path::Path;

use xtask::{paths, process, tools};

use crate::arguments::Arguments;
use crate::single;
use crate::site::{self, Build};
use crate::tally::{self, Tally};

type Part = (&'static str, fn(&mut Tally));

const PARTS: [Part; 6] =
    [("format", format), ("lint", lint), ("model", model), ("golden", golden), ("wasm", wasm), ("browser", browser)];

pub fn test(mut arguments: Arguments) -> Result<(), String> {
    let only = arguments.value("--only")?;
    let blesses = arguments.flag("--bless");
    arguments.finish()?;
    if blesses {
        return bless();
    }
    let chosen: Vec<&str> = only.as_deref().map(|list| list.split(',').collect()).unwrap_or_default();
    if let Some(unknown) = chosen.iter().find(|name| !PARTS.iter().any(|(part, _)| part == *name)) {
        let parts: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
        return Err(format!("--only {unknown}: allowed are {}", parts.join(", ")));
    }
    let mut tally = Tally::default();
    for (name, part) in PARTS {
        if only.is_none() || chosen.contains(&name) {
            part(&mut tally);
        }
    }
    tally.close()
}

/// Writes every transcript anew, and says which are others now.
fn bless() -> Result<(), String> {
    process::run(process::cargo("test").args(["--quiet", "--workspace", "--no-fail-fast"]).env("PARTITA_BLESS", "1"))?;
    println!("Transcripts are written; read `git diff` before you commit them.");
    Ok(())
}

fn format(tally: &mut Tally) {
    tally.heading("Format");
    tally.check("rustfmt", process::run(process::cargo("fmt").args(["--all", "--", "--check"])));
}

fn lint(tally: &mut Tally) {
    tally.heading("Lints");
    let mut native = process::cargo("clippy");
    native.args(["--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"]);
    tally.check("clippy", process::run(&mut native));
    let mut page = process::cargo("clippy");
    page.args(["--quiet", "--package", "partita", "--bin", "partita-page", "--features", "page"]);
    page.args(["--target", tools::WASM, "--", "--deny", "warnings"]);
    tally.check("clippy of the page", tools::wasm_target().and_then(|()| process::run(&mut page)));
}

fn model(tally: &mut Tally) {
    tally.heading("Tests");
    let mut command = process::cargo("test");
    command.args(["--quiet", "--workspace", "--no-fail-fast"]);
    tally.counted("cargo test", &mut command, tally::of_cargo_test);
}

fn golden(tally: &mut Tally) {
    tally.heading("What a real Kafka did");
    let mut command = process::cargo("run");
    command.args(["--quiet", "--package", "partita-golden"]);
    tally.counted("golden", &mut command, tally::of_golden);
}

/// The model's digests, computed here and in the browser's wasm, line for line.
fn wasm(tally: &mut Tally) {
    tally.heading("The same bits in WebAssembly");
    tally.check("digests, natively and in Chromium", digests());
}

fn digests() -> Result<(), String> {
    let natively = process::output(process::cargo("run").args(["--quiet", "--package", "partita-digests"]))?;
    let inside = in_the_browser(Build::Quick, "")?;
    println!("{} lines compared", natively.lines().count());
    tally::same_lines(&natively, &inside)
}

/// What the page of `tests/digests` computes: the digests, or with `?seeks` how long it seeks.
pub fn in_the_browser(build: Build, what: &str) -> Result<String, String> {
    let browser = tools::browser()?;
    tools::wasm_target()?;
    let folder = paths::target().join("digest-site");
    let wasm = site::compile("partita-digests", "partita-digests", &[], &[], build)?;
    let glue = site::bindgen(&wasm, None, "digests", false)?;
    let written = write_digests(&glue, &folder);
    written.map_err(|error| format!("{}: {error}", folder.display()))?;
    process::output(harness(&browser).arg("lines").arg(&folder).arg(what))
}

fn write_digests(glue: &site::Glue, folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("digests.wasm"), &glue.wasm)?;
    fs::write(folder.join("digests.js"), &glue.script)?;
    let page = paths::root().join("tests/digests/page");
    for name in ["index.html", "run.js"] {
        fs::copy(page.join(name), folder.join(name))?;
    }
    Ok(())
}

fn browser(tally: &mut Tally) {
    tally.heading("The page in Chromium");
    let folder = paths::target().join("site-release");
    let build = |browser| {
        site::build(Build::Release, &folder)?;
        single::write(&folder, &folder)?;
        Ok(browser)
    };
    match tools::browser().and_then(build) {
        Ok(browser) => {
            tally.counted("browser", harness(&browser).arg("test").arg(&folder), tally::of_browser);
        }
        Err(sentence) => tally.check("browser", Err(sentence)),
    }
}

/// The browser's side of the tests, with the programs it needs.
pub fn harness(browser: &tools::Browser) -> std::process::Command {
    let mut command = process::cargo("run");
    command.args(["--quiet", "--package", "partita-browser", "--"]);
    command.env("CHROMIUM", &browser.chromium).env("CHROMEDRIVER", &browser.driver);
    command
}
