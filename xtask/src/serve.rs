//! `cargo xtask serve`.

use std::io::ErrorKind;

use xtask::server::Server;
use xtask::{paths, tools};

use crate::arguments::Arguments;
use crate::site::{self, Build};

const FIRST_PORT: u16 = 8765;

pub fn serve(mut arguments: Arguments) -> Result<(), String> {
    let port = arguments.value("--port")?;
    let no_open = arguments.flag("--no-open");
    let build = if arguments.flag("--release") { Build::Release } else { Build::Quick };
    arguments.finish()?;
    let port =
        port.map(|port| port.parse::<u16>().map_err(|_| format!("--port {port}: a number up to 65535 is allowed")));
    let port = port.transpose()?;

    let folder = paths::target().join("site");
    site::build(build, &folder)?;
    if build == Build::Quick {
        println!("The page is built without its first picture, as long as --release does not ask for it.");
    }
    let server = start(&folder, port)?;
    println!("Partita is at {} (Ctrl+C ends it)", server.url());
    if !no_open {
        tools::open(&server.url());
    }
    loop {
        std::thread::park();
    }
}

/// The port that was asked for, or else the first free one of ten.
fn start(folder: &std::path::Path, port: Option<u16>) -> Result<Server, String> {
    let ports = match port {
        Some(port) => port..=port,
        None => FIRST_PORT..=FIRST_PORT + 9,
    };
    for port in ports.clone() {
        match Server::start(folder, "/", port) {
            Ok(server) => return Ok(server),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(format!("cannot serve on port {port}: {error}")),
        }
    }
    Err(format!("port {} is in use: name another with --port N", ports.end()))
}
