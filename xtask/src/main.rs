//! `cargo xtask`: builds, serves, packages, tests and measures Partita.

mod arguments;
mod bench;
mod compress;
mod documents;
mod embed;
mod first_playable;
mod glue;
mod markdown;
mod order;
mod patched;
mod picture;
mod serve;
mod single;
mod site;
mod split;
mod tally;
mod test;
mod weigh;
mod weight;

use std::process::ExitCode;

use arguments::Arguments;
use xtask::process;

const USAGE: &str = "\
cargo xtask serve [--port N] [--no-open] [--release]   builds the page, serves it on 127.0.0.1 and opens it
cargo xtask dist                                       writes the static site to dist/
cargo xtask dist --single                              writes the page as one file, which needs no server: dist/partita.html
cargo xtask test [--only PART[,PART…]]                 every check; PART: format, lint, model, golden, wasm, browser
cargo xtask test --bless                               writes the transcripts anew that tests compare with
cargo xtask golden [ARGUMENTS…]                        compares with what a real Kafka did
cargo xtask weigh                                      writes docs/weight.md: what the page's bytes are made of
cargo xtask bench                                      measures what has a budget
cargo xtask documents [--only NAME[,NAME…]] [--site FOLDER]   the sites of docs/embedding, built and walked through;
                                                       FOLDER: a Partita that is built already";

fn main() -> ExitCode {
    let mut arguments = Arguments::from_environment();
    let outcome = match arguments.command().as_deref() {
        Some("serve") => serve::serve(arguments),
        Some("dist") => site::dist(arguments),
        Some("bench") => bench::bench(arguments),
        Some("weigh") => weigh::weigh(arguments),
        Some("documents") => documents::documents(arguments),
        Some("test") => test::test(arguments),
        Some("golden") => process::run(
            process::cargo("run").args(["--quiet", "--package", "partita-golden", "--"]).args(arguments.rest()),
        ),
        Some("help" | "--help" | "-h") | None => {
            println!("{USAGE}");
            Ok(())
        }
        Some(other) => Err(format!("there is no command `{other}`. The commands are:\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}
