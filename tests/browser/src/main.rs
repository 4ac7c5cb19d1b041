//! The command; what it does lies in the library.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use partita_browser::bench;
use partita_browser::documents;
use partita_browser::driver::Driver;
use partita_browser::page::Page;
use partita_browser::picture;
use partita_browser::suite;
use xtask::server::Server;

const USAGE: &str = "\
partita-browser test SITE [NAME…]   runs the tests whose name contains one of these, or all
partita-browser bench SITE FIRST    measures what has a budget in the browser, beside the first playable's site
partita-browser documents PARTITA [NAME=ADDRESS…]   walks through sites with embeds that are served there
partita-browser picture SITE        prints the page's first picture
partita-browser lines FOLDER [?WHAT] prints what the page in the folder computes";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test", site, names @ ..] => suite::run(Path::new(site), names),
        ["bench", site, first] => bench::run(Path::new(site), Path::new(first)),
        ["documents", partita, walks @ ..] => documents::run(partita, walks),
        ["picture", site] => picture::of(Path::new(site)).map(|picture| println!("{picture}")),
        ["lines", folder] => lines(Path::new(folder), ""),
        ["lines", folder, what] => lines(Path::new(folder), what),
        _ => Err(format!("usage:\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Opens the folder's page, waits until its title says that it is done, and prints its lines.
fn lines(folder: &Path, what: &str) -> Result<(), String> {
    let server = Server::start(folder, "/", 0).map_err(|error| format!("{}: {error}", folder.display()))?;
    let driver = Driver::start()?;
    let page = Page::new(&driver, vec![server.url()], PathBuf::new())?;
    page.open(what);
    page.wait_while_it_goes_on("the page to be done", "#lines", "return document.title !== 'running'");
    let text = page.text("#lines");
    if page.evaluate("return document.title") != "done" {
        return Err(text);
    }
    println!("{}", text.trim_end());
    Ok(())
}
