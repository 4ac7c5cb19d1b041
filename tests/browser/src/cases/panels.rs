//! The panels say exactly what the model's view says; their keys, their tips, and what a screen reader is told.

use partita::explain::Spans;
use partita::lang::Lang;
use partita::scenarios::{Scenario, all};
use partita::view::{Node, View};
use partita_cli::recorded::Unread;
use partita_cli::view::{ViewAsked, ViewPlace, asked, view};

use super::moving::{opened, opened_untold};
use crate::axe;
use crate::page::{Page, Scheme};

/// Steps between the places at which the page and the native command are compared: ten places of each scenario.
const STRIDES: [u64; 10] = [1, 1, 1, 2, 2, 3, 3, 4, 5, 6];

/// Opens a ready scenario from the menu, and waits until it stands before its followed record.
#[track_caller]
fn open(page: &Page, scenario: &Scenario) {
    page.press("u");
    page.click(&format!("[data-scenario='{}']", scenario.id));
    page.wait_true("the menu to close", "return document.querySelector('dialog[open]') === null");
    page.wait_text(".tb-name", &scenario.title.en);
    page.wait_text(".nr", "Press →");
}

/// What the native command is asked for of a scenario.
fn native(scenario: &Scenario) -> ViewAsked {
    asked(&[&*scenario.id], |file| Err(Unread { sentence: format!("{file} is no file"), is_missing: true }))
        .expect("a ready scenario")
}

pub fn says_what_the_native_command_says(page: &Page) {
    opened(page);
    for scenario in &all() {
        open(page, scenario);
        let mut asked = native(scenario);
        let opening = view(&asked).expect("it opens");
        compare(page, scenario, &opening);
        let mut step = opening.transport.step_number;
        for stride in STRIDES {
            for _ in 0..stride {
                let before = page.text(".clock");
                page.press("ArrowRight");
                page.wait_for("a step", |page| {
                    (page.text(".clock") != before || page.count(".nr.end") > 0).then_some(())
                });
            }
            step += stride;
            asked.place = ViewPlace::Step(step);
            match view(&asked) {
                Ok(view) => compare(page, scenario, &view),
                Err(_) => {
                    assert!(page.count(".nr.end") == 1, "{}: the story has ended", scenario.id);
                    break;
                }
            }
        }
    }
}

/// The texts of the page beside the view's, panel by panel.
#[track_caller]
fn compare(page: &Page, scenario: &Scenario, view: &View) {
    let whole = |part: &str| format!("{part} of {} at {}", scenario.id, view.transport.step);
    let mut outline = Vec::new();
    view.outline.roots.iter().for_each(|root| flatten(root, &mut outline));
    assert_eq!(contents(page, "[role=treeitem]"), outline, "{}", whole("the outline"));

    let story = &view.story;
    let sentences = [&story.happened, &story.meaning].into_iter().filter(|text| !text.is_empty()).map(Spans::plain);
    assert_eq!(contents(page, ".nr p.say"), sentences.collect::<Vec<_>>(), "{}", whole("the narration"));
    let why: Vec<String> = Some(story.why.plain()).filter(|why| !why.is_empty()).into_iter().collect();
    assert_eq!(contents(page, ".nr p.why"), why, "{}", whole("the line of why"));
    let fold: Vec<String> = story.fold.iter().map(|fold| fold.text.plain()).collect();
    assert_eq!(contents(page, ".nr .foldl span"), fold, "{}", whole("what was folded"));
    let others: Vec<String> = story.others.iter().map(|(_, text)| text.plain()).collect();
    assert_eq!(contents(page, ".nr-o li"), others, "{}", whole("the other events"));

    let of = &view.inspector;
    assert_eq!(
        contents(page, ".in-t"),
        [format!("{} {}", of.kind, of.name).trim()],
        "{}",
        whole("the inspector's title")
    );
    let names: Vec<String> = of.fields.iter().map(|field| field.name.clone()).collect();
    assert_eq!(contents(page, ".in dt"), names, "{}", whole("the inspector's fields"));
    let values: Vec<String> = of.fields.iter().map(|field| field.value.plain()).collect();
    assert_eq!(contents(page, ".in dd"), values, "{}", whole("the inspector's values"));
    let bytes = of.bytes.iter().flat_map(|bytes| &bytes.lines);
    let bytes: Vec<String> = bytes.map(|line| format!("{}{}{}", line.hex, line.name, line.value)).collect();
    assert_eq!(contents(page, ".hx"), bytes, "{}", whole("the bytes"));
    let causes = of.chain.iter().flat_map(|party| &party.causes);
    let causes: Vec<String> = causes.map(|cause| format!("{}{}", cause.time, cause.text)).collect();
    assert_eq!(contents(page, ".chain li:not(.sh)"), causes, "{}", whole("the causes"));
    assert_eq!(page.text(".clock small"), view.transport.step, "{}", whole("the step"));
}

fn flatten(node: &Node, all: &mut Vec<String>) {
    all.push(node.text.clone());
    node.children.iter().for_each(|child| flatten(child, all));
}

/// The text of every element that matches, as it stands in the document.
#[track_caller]
fn contents(page: &Page, selector: &str) -> Vec<String> {
    let script = "return [...document.querySelectorAll(arguments[0])].map((element) => element.textContent.trim())";
    let texts = page.evaluate_with(script, vec![selector.into()]);
    let texts = texts.as_array().cloned().unwrap_or_default();
    texts.iter().map(|text| text.as_str().unwrap_or_default().to_owned()).collect()
}

pub fn the_outline_is_walked_with_arrows(page: &Page) {
    opened(page);
    let focused = |page: &Page| page.evaluate("return document.activeElement.id").as_str().unwrap_or("").to_owned();
    page.press("o");
    assert_eq!(focused(page), "outline-producers");
    assert!(page.visible(".outline [role=treeitem]"));
    page.press("ArrowRight");
    assert!(focused(page).starts_with("outline-client-"), "{}", focused(page));
    page.wait_visible(".point");
    // An open item closes first; the next arrow leads to its parent.
    page.press("ArrowLeft");
    page.press("ArrowLeft");
    assert_eq!(focused(page), "outline-producers");
    page.press("ArrowLeft");
    assert_eq!(page.attribute(&format!("[id='{}']", focused(page)), "aria-expanded").as_deref(), Some("false"));
    page.press("ArrowRight");
    page.press("End");
    assert_eq!(focused(page), "outline-groups", "the last of the first level");
    page.press("Home");
    assert_eq!(focused(page), "outline-producers");
    assert_eq!(page.count("[role=treeitem][tabindex='0']"), 1, "one tab stop");
    let before = page.text(".clock");
    page.press("ArrowDown");
    assert_eq!(page.text(".clock"), before, "the tree's arrows take no step");
    page.press("Enter");
    page.wait_text(".in-t", "producer-1");
    axe::check(page, "the open outline");
    page.press("Escape");
    page.wait_true("the ring to go", "return document.querySelector('.point').hidden");
}

pub fn the_scrubber_has_keys(page: &Page) {
    opened_untold(page);
    page.evaluate("document.querySelector('#scrubber').focus()");
    let value = |page: &Page| page.attribute("#scrubber", "aria-valuenow").and_then(|text| text.parse::<u64>().ok());
    let first = value(page).expect("a number");
    page.press("ArrowRight");
    page.wait_for("a step", |page| (value(page) == Some(first + 1)).then_some(()));
    page.press("ArrowLeft");
    page.wait_for("a step back", |page| (value(page) == Some(first)).then_some(()));
    page.press("Home");
    page.wait_for("the start", |page| (value(page) == Some(0)).then_some(()));
    page.press("End");
    page.wait_for("the end", |page| (value(page) == Some(first + 1)).then_some(()));
}

pub fn a_step_is_spoken(page: &Page) {
    opened(page);
    let before = page.text("#spoken");
    page.press("ArrowRight");
    page.wait_for("another announcement", |page| (page.text("#spoken") != before).then_some(()));
    let spoken = contents(page, "#spoken").concat();
    assert!(spoken.contains(&contents(page, ".nr p.say").join(" ")), "{spoken}");
    assert_eq!(page.attribute("#spoken", "aria-live").as_deref(), Some("polite"));
    assert_eq!(page.count("[role=alert] p"), 0, "no promise is broken yet");
}

pub fn a_term_explains_itself(page: &Page) {
    opened(page);
    for _ in 0..12 {
        let before = page.text(".clock");
        page.press("ArrowRight");
        page.wait_for("a step", |page| (page.text(".clock") != before || page.count(".nr.end") > 0).then_some(()));
    }
    page.wait_visible("main .term, aside .term");
    page.evaluate("document.querySelector('main .term, aside .term').focus()");
    page.wait_visible("#tip.on");
    assert!(contents(page, "#tip").concat().ends_with('.'));
    assert_eq!(page.evaluate("return document.activeElement.getAttribute('aria-describedby')"), "tip");
    axe::check(page, "a term and its tip");
    page.press("Escape");
    page.wait_true("the tip to go", "return !document.querySelector('#tip').classList.contains('on')");
}

/// The page at several places, in both themes and both languages.
pub fn axe_finds_nothing_in_any_look(page: &Page) {
    opened(page);
    for (scheme, lang) in
        [(Scheme::Light, Lang::En), (Scheme::Dark, Lang::Ko), (Scheme::Light, Lang::Ko), (Scheme::Dark, Lang::En)]
    {
        page.prefer(scheme, false);
        let wanted = lang.pick("en", "ko");
        if page.attribute("html", "lang").as_deref() != Some(wanted) {
            page.click("#language");
            page.wait_text(".col-p", lang.pick("Producers", "프로듀서"));
        }
        for steps in [0, 6, 12] {
            for _ in 0..steps {
                let before = page.text(".clock");
                page.press("ArrowRight");
                page.wait_for("a step", |page| {
                    (page.text(".clock") != before || page.count(".nr.end") > 0).then_some(())
                });
            }
            let name = format!("the page, {scheme:?}, {wanted}, {}", page.text(".clock small"));
            page.shot(&format!("panels-{scheme:?}-{wanted}-{steps}"));
            axe::check(page, &name);
        }
        if page.count(".others") > 0 {
            page.click(".others");
            page.wait_visible(".nr-o");
            axe::check(page, "the other events");
            page.press("Escape");
        }
    }
}
