//! Runs the tests one after the other, each in a browser of its own with an empty profile.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use xtask::paths;

use crate::cases::CASES;
use crate::driver::Driver;
use crate::page::Page;
use crate::servers;

/// Where the last panic was: the hook knows, the payload does not.
static PLACE: Mutex<String> = Mutex::new(String::new());

/// Prints `ok NAME` or `FAILED NAME: why` for each test, as `cargo xtask test` counts them.
pub fn run(site: &Path, names: &[&str]) -> Result<(), String> {
    let sites = servers::addresses(site)?;
    let driver = Driver::start()?;
    let shots = std::env::var_os("PARTITA_SHOTS").map(PathBuf::from).unwrap_or_default();
    note_places();
    let mut failed = 0;
    for (name, case) in CASES {
        if !names.is_empty() && !names.iter().any(|part| name.contains(part)) {
            continue;
        }
        let started = Instant::now();
        let outcome = Page::new(&driver, sites.clone(), shots.clone()).and_then(|page| attempt(&page, name, case));
        match outcome {
            Ok(()) => println!("ok {name} ({:.1} s)", started.elapsed().as_secs_f64()),
            Err(sentence) => {
                failed += 1;
                println!("FAILED {name}: {sentence}");
            }
        }
    }
    let _ = panic::take_hook();
    if failed == 0 { Ok(()) } else { Err(format!("{failed} failed in the browser")) }
}

/// From now on the place of a panic is kept for who tells of it.
pub fn note_places() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
        *PLACE.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = place;
    }));
}

/// Does it in the page, and says why it failed.
pub fn attempt(page: &Page, name: &str, case: impl Fn(&Page)) -> Result<(), String> {
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        case(page);
        let errors = page.console_errors();
        assert!(errors.is_empty(), "errors on the console:\n{}", errors.join("\n"));
        let foreign = page.foreign_requests();
        assert!(foreign.is_empty(), "requests that leave the site: {}", foreign.join(", "));
    }));
    let Err(payload) = outcome else { return Ok(()) };
    let place = PLACE.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
    let why = words(&payload);
    let errors = panic::catch_unwind(AssertUnwindSafe(|| page.console_errors())).unwrap_or_default();
    let errors = errors.iter().filter(|error| !why.contains(error.as_str()));
    let errors: String = errors.map(|error| format!("\n  console: {error}")).collect();
    Err(format!("{why} ({place}){errors}{}", picture(page, name)))
}

fn words(payload: &Box<dyn Any + Send>) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_string()
}

/// What a failing test saw last, for whoever looks into it.
fn picture(page: &Page, name: &str) -> String {
    let folder = paths::target().join("browser-failures");
    let kept = panic::catch_unwind(AssertUnwindSafe(|| page.shot_to(&folder, name)));
    kept.map(|()| format!("\n  picture: {}", folder.join(format!("{name}.png")).display())).unwrap_or_default()
}
