//! `cargo xtask documents`: builds the sites of `docs/embedding` with the real generators, and walks through them.
//!
//! All that it installs and builds lies in `target/documents` and is kept for the next time. What a generator needs and
//! cannot be had is named, and the command fails: no site is passed over.

mod generators;
mod filled;

use std::path::{Path, PathBuf};

use xtask::server::Server;
use xtask::sites::{SITES, Site};
use xtask::{paths, process, tools};

use crate::arguments::Arguments;
use crate::site::{self, Build};
use crate::test;

/// What stands in the sites for where Partita lies, and for where the site itself does.
const PARTITA: &str = "https://partita.example/";
const ITSELF: &str = "https://orders.example";

/// Why there is no site to look at.
pub enum Trouble {
    /// What it needs cannot be had.
    Missing(String),
    /// It cannot be built.
    Failed(String),
}

/// Where a site is made.
pub struct Place {
    /// Its own tools and what it is made of: kept.
    pub folder: PathBuf,
    /// The site's files, with the addresses that hold here.
    pub source: PathBuf,
    /// What is served.
    pub output: PathBuf,
}

pub fn documents(mut arguments: Arguments) -> Result<(), String> {
    let only = arguments.value("--only")?;
    let built = arguments.value("--site")?.map(PathBuf::from);
    arguments.finish()?;
    let chosen = chosen(only.as_deref())?;
    let browser = tools::browser()?;
    let partita = match built {
        Some(folder) => folder,
        None => {
            let folder = paths::target().join("site-release");
            site::build(Build::Release, &folder)?;
            folder
        }
    };
    let server = Server::start(&partita, "/partita/", 0).map_err(|error| format!("{}: {error}", partita.display()))?;
    let mut walks = Vec::new();
    let (mut missing, mut failed) = (0, 0);
    for site in chosen {
        println!("# {}", site.name);
        match made(site, &server.url()) {
            Ok(address) => walks.push(format!("{}={address}", site.name)),
            Err(Trouble::Missing(what)) => {
                missing += 1;
                println!("missing {}: {what}", site.name);
            }
            Err(Trouble::Failed(why)) => {
                failed += 1;
                println!("FAILED {}: {why}", site.name);
            }
        }
    }
    let walked = match walks.is_empty() {
        true => Ok(()),
        false => process::run(test::harness(&browser).arg("documents").arg(server.url()).args(walks)),
    };
    match (missing, failed) {
        (0, 0) => walked,
        _ => Err(format!(
            "{missing} missing, {failed} not built{}",
            if walked.is_err() { ", and others failed" } else { "" }
        )),
    }
}

fn chosen(only: Option<&str>) -> Result<Vec<&'static Site>, String> {
    let Some(only) = only else { return Ok(SITES.iter().collect()) };
    let find = |name: &str| {
        let all = || SITES.map(|site| site.name).join(", ");
        SITES.iter().find(|site| site.name == name).ok_or_else(|| format!("--only {name}: allowed are {}", all()))
    };
    only.split(',').map(find).collect()
}

/// Builds the site and serves it: its address. Under another name than Partita's, so that it is another site for the browser.
fn made(site: &Site, partita: &str) -> Result<String, Trouble> {
    let failed = |path: &Path, error: std::io::Error| Trouble::Failed(format!("{}: {error}", path.display()));
    let folder = paths::target().join("documents").join(site.name);
    let place = Place { source: folder.join("site"), output: folder.join("out"), folder };
    // What an older build left there would be walked through as well.
    match std::fs::remove_dir_all(&place.output) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(&place.output, error)),
        _ => {}
    }
    std::fs::create_dir_all(&place.output).map_err(|error| failed(&place.output, error))?;
    let origin = partita.strip_suffix("/partita/").unwrap_or(partita);
    let policy = site.policy.map(|policy| policy.replace("{partita}", origin));
    let server = Server::under(&place.output, "/", 0, policy).map_err(|error| failed(&place.output, error))?;
    let address = format!("http://localhost:{}", server.address.port());
    let original = paths::root().join("docs/embedding").join(site.name);
    filled::copy(&original, &place.source, &[(PARTITA, partita), (ITSELF, &address)])
        .map_err(|error| failed(&original, error))?;
    generators::build(site.name, &place)?;
    Ok(format!("{address}/"))
}
