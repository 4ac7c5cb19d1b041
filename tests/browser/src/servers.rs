//! The servers of the tests: the site under several addresses, and pages that are not ours.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use xtask::paths;
use xtask::server::{GZIP, Server};

use crate::page::Page;

/// What a page around an embed allows, where it is strict: Partita's script and its frame.
const AROUND: &str = "default-src 'none'; script-src 'self' http://127.0.0.1:*; frame-src http://127.0.0.1:*; \
                      style-src 'self'; connect-src 'self'";

/// The places of the addresses that [`addresses`] gives.
pub const BELOW: usize = 0;
pub const ROOT: usize = 1;
pub const AROUND_EMBEDS: usize = 2;
/// Of Partita's own site.
pub const NEAR: usize = 3;
pub const PLAIN: usize = 4;
pub const ZIPPING: usize = 5;
pub const ONE_FILE: usize = 6;

/// The one file's name where it lies alone: a person's, with a blank and in Korean.
pub const ALONE: &str = "내 Partita.html";

/// What stands in no address as it is.
const UNSAFE: &AsciiSet = &CONTROLS.add(b' ');

/// Serves the site: below a path, at a server's root, as a server that packs nothing, and as one that packs the program with
/// gzip; and between them the pages around embeds. Each has an origin of its own. The last one is the page as one file, in a
/// folder of its own.
pub fn addresses(site: &Path) -> Result<Vec<String>, String> {
    let told = |folder: &Path| {
        let folder = folder.display().to_string();
        move |error: io::Error| format!("{folder}: {error}")
    };
    let host = paths::root().join("tests/browser/host");
    let around = Server::under(&host, "/", 0, Some(AROUND.to_owned())).map_err(told(&host))?;
    let start = |prefix: &str| Server::start(site, prefix, 0).map_err(told(site));
    let (zipped, one) = (zipped(site).map_err(told(site))?, one_file(site).map_err(told(site))?);
    // Of another site than Partita, and of the same.
    let [around, near] = ["localhost", "127.0.0.1"].map(|name| format!("http://{name}:{}/", around.address.port()));
    Ok(vec![
        start("/docs/partita/")?.url(),
        start("/")?.url(),
        around,
        near,
        Server::sending(site, &[]).map_err(told(site))?.url(),
        Server::sending(&zipped, &[GZIP]).map_err(told(&zipped))?.url(),
        one,
    ])
}

/// The address of the one file, which `cargo xtask dist --single` lays into a site; the tests fail that open it where it is not.
fn one_file(site: &Path) -> io::Result<String> {
    let folder = paths::target().join("one-file");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let made = site.join("partita.html");
    if made.is_file() {
        fs::copy(made, folder.join(ALONE))?;
    }
    let address = format!("file://{}", folder.canonicalize()?.join(ALONE).display());
    Ok(utf8_percent_encode(&address, UNSAFE).to_string())
}

/// The site with its program as gzip beside it, which its own files hold.
fn zipped(site: &Path) -> io::Result<PathBuf> {
    let folder = paths::target().join("zipped-site");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    for entry in fs::read_dir(site)?.flatten().filter(|entry| entry.path().is_file()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let bytes = fs::read(entry.path())?;
        if let Some(gzip) = strands::unzipped(&bytes) {
            fs::write(folder.join(format!("{name}.gz")), gzip)?;
        }
        if !name.ends_with(".gz") {
            fs::write(folder.join(name), bytes)?;
        }
    }
    Ok(folder)
}

impl Page {
    /// Opens a path of the site at another of its addresses.
    #[track_caller]
    pub fn open_on(&self, site: usize, path: &str) {
        self.go(&format!("{}{path}", self.sites[site]));
        self.wait_live();
    }
}
