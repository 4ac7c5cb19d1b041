//! The sites that documents are made with, as their readers go through them: `cargo xtask documents` builds and serves them.

use std::panic;
use std::path::PathBuf;

use xtask::sites::{SITES, Site, Theme};

use crate::driver::Driver;
use crate::page::{Page, Scheme};
use crate::suite;

/// The embed of these sites opens at this step and ends at that one.
const STEP: u64 = 61;
const UNTIL: u64 = 70;
/// The frame of the element, or one without an element.
const FRAME: &str = "
    const run = document.querySelector('partita-run');
    return (run?.shadowRoot ?? document).querySelector('iframe');";
/// What the embed of these sites shows, and what not.
const PARTS: [(&str, bool); 5] =
    [(".em-p", true), (".em-c", true), (".em-x", true), (".em .grp", false), (".em-k", false)];
/// How often a button is pressed that goes round among looks.
const LOOKS: usize = 4;

/// Walks through each `NAME=ADDRESS`; prints `ok NAME` or `FAILED NAME: why`.
pub fn run(partita: &str, walks: &[&str]) -> Result<(), String> {
    let driver = Driver::start()?;
    let shots = std::env::var_os("PARTITA_SHOTS").map(PathBuf::from).unwrap_or_default();
    let mut failed = 0;
    suite::note_places();
    for walk in walks {
        let (name, address) = walk.split_once('=').ok_or_else(|| format!("{walk}: NAME=ADDRESS is wanted"))?;
        let site = SITES.iter().find(|site| site.name == name).ok_or_else(|| format!("{name}: no such site"))?;
        let outcome = Page::new(&driver, vec![address.to_owned(), partita.to_owned()], shots.clone())
            .and_then(|page| suite::attempt(&page, name, |page| through(page, site)));
        match outcome {
            Ok(()) => println!("ok {name}"),
            Err(sentence) => {
                failed += 1;
                println!("FAILED {name}: {sentence}");
            }
        }
    }
    let _ = panic::take_hook();
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of the sites failed")) }
}

fn through(page: &Page, site: &Site) {
    // A site without an icon is asked for one all the same.
    page.expect_error("favicon.ico");
    page.open(site.around);
    page.evaluate("globalThis.isTheSame = true");
    follow(page, site.there);
    stepped(page);
    page.shot(&format!("documents-{}", site.name));
    changes_its_theme(page, site);
    // What is left and come back to is there again.
    follow(page, site.back);
    gone(page);
    follow(page, site.there);
    stepped(page);
    page.evaluate("history.back()");
    gone(page);
    page.evaluate("history.forward()");
    stepped(page);
    let is_the_same = page.evaluate("return globalThis.isTheSame === true") == true;
    assert_eq!(is_the_same, site.is_instant, "whether no document was loaded on the way");
    for more in site.more {
        page.open(more);
        page.wait_true("a run on the page", "return Boolean(document.querySelector('partita-run, iframe'))");
        framed(page, |page| {
            page.wait_true("the embed to be ready", "return document.documentElement.dataset.embed === 'ready'");
            for (part, is_there) in PARTS {
                assert_eq!(page.visible(part), is_there, "{part}");
            }
        });
        let before = told(page);
        focused(page);
        page.press("ArrowRight");
        page.wait_for("another step", |page| (told(page) != before).then_some(()));
    }
}

/// Clicks the link that says this.
#[track_caller]
fn follow(page: &Page, said: &str) {
    let find = "
        const isIt = (link) => link.innerText.trim() === arguments[0] && link.checkVisibility();
        const found = [...document.querySelectorAll('main a, article a, body a')].filter(isIt).at(-1);
        document.querySelectorAll('[data-walked]').forEach((link) => link.removeAttribute('data-walked'));
        found?.setAttribute('data-walked', '');
        return Boolean(found);";
    page.wait_for(&format!("a link “{said}”"), |page| {
        (page.evaluate_with(find, vec![said.into()]) == true).then_some(())
    });
    page.click("[data-walked]");
}

#[track_caller]
fn gone(page: &Page) {
    page.wait_true("the page without a run", "return !document.querySelector('partita-run')");
}

/// The embed opens at its step, goes on by a key, and ends where it was told to. It is told to go back, and says so.
#[track_caller]
fn stepped(page: &Page) {
    let state = "return document.querySelector('partita-run')?.dataset.state";
    page.wait_for("the run to be ready", |page| (page.evaluate(state) == "ready").then_some(()));
    page.evaluate(
        "globalThis.steps = [];
         document.querySelector('partita-run').addEventListener('partita:step', (event) => steps.push(event.detail));",
    );
    let at = |page: &Page| page.evaluate("return steps.at(-1)?.step ?? 0").as_u64().unwrap_or(0);
    focused(page);
    for step in STEP + 1..=UNTIL {
        page.press("ArrowRight");
        page.wait_for(&format!("step {step}"), |page| (at(page) == step).then_some(()));
    }
    page.wait_for("the end", |page| (page.evaluate(state) == "ended").then_some(()));
    page.evaluate(&format!("document.querySelector('partita-run').seek({STEP})"));
    page.wait_for("the way back", |page| (at(page) == STEP).then_some(()));
    assert_eq!(page.evaluate(state), "ready");
    assert_ne!(page.evaluate("return steps.at(-1).text"), "");
}

/// Clicks into the embed: its keys are its own only while it has the focus.
#[track_caller]
fn focused(page: &Page) {
    page.click("partita-run, iframe");
    framed(page, |page| page.wait_true("the focus in the embed", "return document.hasFocus()"));
}

/// What the embed tells of its step.
#[track_caller]
fn told(page: &Page) -> String {
    framed(page, |page| page.text(".nr"))
}

/// Does something in the embed's frame.
#[track_caller]
fn framed<T>(page: &Page, what: impl Fn(&Page) -> T) -> T {
    page.enter(FRAME);
    let made = what(page);
    page.enter("return null");
    made
}

/// The embed follows the page around it to its dark look.
#[track_caller]
fn changes_its_theme(page: &Page, site: &Site) {
    let is_dark = "
        const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g);
        return document.documentElement.dataset.theme === 'dark' && Number(red) + Number(green) + Number(blue) < 384;";
    match site.theme {
        Theme::None => return,
        Theme::System => page.prefer(Scheme::Dark, false),
        Theme::Buttons(buttons) => {
            let around = "
                for (let at = document.querySelector('partita-run'); at; at = at.parentElement) {
                  const [red, green, blue, alpha = 1] = getComputedStyle(at).backgroundColor.match(/[\\d.]+/g).map(Number);
                  if (alpha > 0.5) return red + green + blue < 384;
                }
                return false;";
            assert_eq!(page.evaluate(around), false, "the page begins in its light look");
            let mut presses = 0;
            while page.evaluate(around) != true && presses < LOOKS {
                presses += 1;
                for button in buttons {
                    page.click(button);
                }
                page.wait_frames(30);
            }
            page.wait_true("the page around to be dark", around);
        }
    }
    framed(page, |page| page.wait_true("the embed to be dark", is_dark));
    page.shot(&format!("documents-{}-dark", site.name));
}
