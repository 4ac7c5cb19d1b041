//! The end of a story: what it counts, what one tries there, and what leads back to where one stood.

use super::acting::{closed, command};
use super::moving::{opened, opened_first, press_on, told_here};
use super::promises::told_to_its_end;
use crate::page::Page;
use crate::servers;

/// The numbers of the end, each by its name.
#[track_caller]
fn count(page: &Page, name: &str) -> String {
    page.text(&format!(".nr.end [data-count={name}] dd"))
}

/// Presses a key until the story has ended.
#[track_caller]
fn to_the_end(page: &Page) {
    page.wait_for("the end", |page| {
        page.press("ArrowRight");
        page.wait_frames(1);
        (page.count(".nr.end") > 0).then_some(())
    });
}

/// The texts of what the end proposes.
#[track_caller]
fn proposals(page: &Page) -> Vec<String> {
    page.texts(".nr.end [data-try]").iter().map(|text| text.trim().to_owned()).collect()
}

#[track_caller]
fn tries(page: &Page, what: &str) {
    let index = proposals(page).iter().position(|text| text.contains(what));
    let index = index.unwrap_or_else(|| panic!("{what} is not among {:?}", proposals(page)));
    page.click(&format!(".nr.end [data-try='{index}']"));
    page.wait_true("another place than the end", "return !document.querySelector('.nr.end')");
}

/// What is done at the end makes a branch as well: from there the way back, and what else can be tried.
pub fn what_is_tried_at_the_end_leaves_the_story_as_it_is(page: &Page) {
    opened_first(page);
    let own = |page: &Page| {
        to_the_end(page);
        assert_eq!(page.count("#own-run"), 0, "it is the story's own run");
        (proposals(page), count(page, "sent"), page.text(".clock"))
    };
    let before = own(page);
    assert_eq!((before.0.len(), before.1.as_str()), (3, "2"), "{before:?}");
    tries(page, "a record without a key");
    page.wait_text(".notices", "A new branch.");
    to_the_end(page);
    assert_eq!(count(page, "sent"), "3");
    let others = proposals(page);
    assert!(others.len() == 2 && !others.iter().any(|text| text.contains("without a key")), "{others:?}");
    // What else can be tried is the story's own run with that changed.
    tries(page, "linger.ms=200");
    page.wait_text(".nr", "Changed here: linger.ms=200");
    to_the_end(page);
    assert_eq!(count(page, "sent"), "2");
    page.click("#own-run");
    page.wait_true("another place than the end", "return !document.querySelector('.nr.end')");
    assert_eq!(own(page), before);
    // The same where a member is killed.
    told_to_its_end(page, "auto-commit");
    tries(page, "kill c2 too");
    to_the_end(page);
    assert_eq!(page.count("#own-run"), 1);
    assert_eq!(proposals(page).len(), 2);
    page.press("y");
    page.wait_text("dialog [data-branch='1']", "kill c2 too");
    page.press("Escape");
    closed(page);
}

/// A branch says at its chapters what was changed, and what differs so far.
pub fn a_branch_says_what_was_changed_and_what_differs(page: &Page) {
    opened_first(page);
    told_to_its_end(page, "lost-response");
    let own = count(page, "written-twice");
    assert_eq!(own, "", "none was");
    tries(page, "enable.idempotence=false");
    page.wait_text(".nr", "Changed here: enable.idempotence=false: written twice (first seen at ");
    let mut said = Vec::new();
    while page.count(".nr.end") == 0 {
        let before = told_here(page);
        page.press("PageDown");
        page.wait_for("the next chapter, or the end", |page| {
            (page.count(".nr.end") > 0 || told_here(page) != before).then_some(())
        });
        said.push(page.texts(".nr p.say").join(" "));
    }
    assert!(said.iter().any(|text| text.contains("So far otherwise than in the story's own run: ")), "{said:?}");
    assert_eq!(count(page, "written-twice"), "1", "{said:?}");
}

/// A record of one's own, sent near the end, has its result counted there.
pub fn the_end_counts_what_one_sends_near_it(page: &Page) {
    opened_first(page);
    to_the_end(page);
    let [sent, acknowledged] = ["sent", "acknowledged"].map(|name| count(page, name).parse::<u32>().expect("a number"));
    back_from_the_end(page);
    command(page, "send producer-1 orders value=mine times=2");
    page.wait_text(".nr", "You");
    to_the_end(page);
    let after = ["sent", "acknowledged"].map(|name| count(page, name).parse::<u32>().expect("a number"));
    assert_eq!(after, [sent + 2, acknowledged + 2]);
    assert!(!page.text(".nr.end p.say").contains("no result"), "{}", page.text(".nr.end"));
}

/// Back from the end, to the step before it.
#[track_caller]
fn back_from_the_end(page: &Page) {
    page.press("ArrowLeft");
    page.wait_true("the step before the end", "return !document.querySelector('.nr.end')");
}

/// Play that finds nothing more to tell draws no other place on its way.
pub fn plays_quiet_end_draws_only_steps(page: &Page) {
    opened_first(page);
    let mut steps = vec![page.text(".clock")];
    while page.count(".nr.end") == 0 {
        assert!(steps.len() < 60, "it ends");
        let before = page.text(".clock");
        page.press("ArrowRight");
        page.wait_for("a step, or the end", |page| {
            (page.count(".nr.end") > 0 || page.text(".clock") != before).then_some(())
        });
        steps.push(page.text(".clock"));
    }
    back_from_the_end(page);
    press_on(page, "ArrowLeft");
    press_on(page, "ArrowLeft");
    page.evaluate(
        "window.drawn = [];
         const note = () => { window.drawn.push(document.querySelector('.clock').innerText); requestAnimationFrame(note); };
         note();",
    );
    // At the greatest pace; a chapter on the way stops it.
    page.evaluate(
        "const pace = document.querySelector('#pace');
         pace.value = pace.max;
         pace.dispatchEvent(new Event('input', { bubbles: true }));",
    );
    page.press("Space");
    page.wait_while_it_goes_on("the end", ".clock", "return !!document.querySelector('.nr.end')");
    let drawn = page.evaluate("return [...new Set(window.drawn)]");
    let drawn: Vec<String> = serde_json::from_value(drawn).expect("clocks");
    assert!(drawn.len() >= 3, "{drawn:?}");
    for clock in drawn {
        assert!(steps.contains(&clock), "{clock:?} is none of {steps:?}");
    }
}

/// Undo leads back to the very event that was told, and the record that was followed.
pub fn undo_leads_back_to_the_told_event(page: &Page) {
    opened(page);
    for _ in 0..4 {
        press_on(page, "ArrowRight");
    }
    // Between two steps as well.
    for key in ["ArrowRight", "]", "]"] {
        let before = told_here(page);
        page.press(key);
        page.wait_for("another sentence", |page| (told_here(page) != before).then_some(()));
        let there = (page.text(".clock"), told_here(page), followed(page));
        command(page, "send producer-2 orders key=zoe value=9");
        page.wait_for("another sentence", |page| (told_here(page) != there.1).then_some(()));
        page.press("z");
        page.wait_for(&format!("the place before, behind {key}"), |page| {
            ((page.text(".clock"), told_here(page), followed(page)) == there).then_some(())
        });
    }
}

/// A link that is made while one follows another record leads whoever opens it to the same place.
pub fn a_link_of_a_followed_record_leads_to_the_same_step(page: &Page) {
    opened_first(page);
    for _ in 0..9 {
        press_on(page, "ArrowRight");
    }
    let first =
        page.evaluate("const all = document.querySelector('.pr-h select').options; return all[all.length - 1].value");
    page.evaluate_with(
        "const select = document.querySelector('.pr-h select');
         select.value = arguments[0];
         select.dispatchEvent(new Event('change', { bubbles: true }));",
        vec![first],
    );
    // The steps are counted for the record that is followed: that the number is another one is said.
    page.wait_text(".notices", "The step counts what is told for the record that is followed");
    for _ in 0..3 {
        press_on(page, "ArrowRight");
    }
    let there = (told_here(page), followed(page));
    page.wait_stored();
    page.click("#share");
    page.wait_true("a link", "return document.querySelector('#link')?.value.includes('#run=1.')");
    let fragment = page.evaluate("return '#' + document.querySelector('#link').value.split('#')[1]");
    page.press("Escape");
    closed(page);
    // Somebody else opens it: at the root of another server nothing is stored.
    page.open_on(servers::ROOT, "");
    page.wait_text(".clock", "step ");
    page.evaluate_with("location.hash = arguments[0]", vec![fragment]);
    page.wait_for("the place of the link", |page| ((told_here(page), followed(page)) == there).then_some(()));
}

#[track_caller]
fn followed(page: &Page) -> String {
    page.evaluate("return document.querySelector('.pr-h select')?.selectedOptions[0]?.textContent ?? ''").to_string()
}
