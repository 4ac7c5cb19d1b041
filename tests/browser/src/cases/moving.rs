//! Time: steps, moves, stages, marks, play, by keys and by buttons.

use crate::page::{Page, Scheme};

/// Opens the page with its first scenario and waits for the run.
#[track_caller]
pub fn opened(page: &Page) {
    page.open("");
    page.wait_text(".clock", "step ");
    page.wait_text(".nr", "Press →");
    // What is built behind the first picture.
    page.wait_visible(".outline");
}

/// The step that the transport shows.
#[track_caller]
pub fn step(page: &Page) -> u64 {
    let text = page.text(".clock small").replace('\u{202f}', "");
    let digits: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("`{text}` names no step"))
}

/// Presses a key and waits until the clock shows something else.
#[track_caller]
pub fn press_on(page: &Page, key: &str) {
    let before = page.text(".clock");
    page.press(key);
    page.wait_for(&format!("another clock after {key}"), |page| (page.text(".clock") != before).then_some(()));
}

pub fn steps_forward_and_back(page: &Page) {
    opened(page);
    let first = step(page);
    let clock = page.text(".clock");
    press_on(page, "ArrowRight");
    assert_eq!(step(page), first + 1);
    assert!(!page.text(".nr").contains("Press →"), "the hint is gone after the first step");
    press_on(page, "ArrowLeft");
    assert!(page.text(".clock").starts_with(clock.split("step").next().unwrap()), "back where it was");
    for _ in 0..3 {
        press_on(page, "ArrowRight");
    }
    press_on(page, "Home");
    assert!(page.text(".clock").starts_with("0.0 ms"), "{}", page.text(".clock"));
    assert_eq!(page.attribute("#back", "aria-disabled").as_deref(), Some("true"));
    press_on(page, "End");
    assert_eq!(step(page), first + 3);
    page.click("#back");
    page.wait_for("a step back", |page| (step(page) == first + 2).then_some(()));
    page.click("#step");
    page.wait_for("a step", |page| (step(page) == first + 3).then_some(()));
    page.click("#restart");
    page.wait_for("the start", |page| (step(page) == 0).then_some(()));
}

pub fn goes_to_times_and_steps(page: &Page) {
    opened(page);
    let first = step(page);
    page.press("g");
    page.wait_visible("#goto");
    assert_eq!(page.evaluate("return document.activeElement.id"), "goto");
    page.type_text("soon");
    page.press("Enter");
    page.wait_text(".probs", "“soon” is no time and no step.");
    page.fill("#goto", &format!("step {}", first + 5));
    page.press("Enter");
    page.wait_for("that step", |page| (step(page) == first + 5).then_some(()));
    assert_eq!(page.count("dialog"), 0);
    page.press("g");
    page.wait_visible("#goto");
    page.type_text("50.0");
    page.press("Enter");
    page.wait_for("the last thing at or before that time", |page| {
        let clock = page.text(".clock");
        let at: f64 = clock.split(' ').next()?.parse().ok()?;
        (at > 0.0 && at <= 50.0).then_some(())
    });
    page.press("g");
    page.wait_visible("#goto");
    page.press("Escape");
    page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
}

pub fn follows_stages_and_marks(page: &Page) {
    opened(page);
    let first = step(page);
    press_on(page, "Shift+ArrowRight");
    let record = step(page);
    assert!(record > first);
    let mut stages = vec![record];
    for _ in 0..5 {
        press_on(page, "Shift+ArrowRight");
        stages.push(step(page));
    }
    assert!(stages.is_sorted(), "{stages:?}");
    press_on(page, "Shift+ArrowLeft");
    assert!(step(page) < stages[5]);
    press_on(page, "Home");
    press_on(page, ".");
    let mark = step(page);
    assert!(mark > 0);
    press_on(page, ".");
    assert!(step(page) > mark);
    press_on(page, ",");
    assert_eq!(step(page), mark);
}

pub fn plays_and_pauses(page: &Page) {
    opened(page);
    let first = step(page);
    page.press("Space");
    page.wait_true(
        "pause to be offered",
        "return document.querySelector('#play').getAttribute('aria-label').startsWith('Pause')",
    );
    page.wait_for("ten steps of playing", |page| (step(page) > first + 10).then_some(()));
    page.press("Space");
    page.wait_true(
        "play to be offered",
        "return document.querySelector('#play').getAttribute('aria-label').startsWith('Play')",
    );
    let there = step(page);
    page.wait_frames(20);
    assert_eq!(step(page), there, "it stands");
    // From the same place, the same way again: frames cannot change a run.
    let clock = page.text(".clock").split("step").next().unwrap().to_string();
    press_on(page, "Home");
    press_on(page, "End");
    assert!(page.text(".clock").starts_with(&clock));
}

pub fn plays_by_steps_with_reduced_motion(page: &Page) {
    page.prefer(Scheme::Light, true);
    opened(page);
    let first = step(page);
    // What each frame shows, as its step and its time: time does not flow between steps.
    page.evaluate(
        "window.shown = [];
         const note = () => {
           const [time, step] = document.querySelector('.clock').innerText.split('step');
           window.shown.push([parseInt(step.replaceAll('\\u202f', '')), time]);
           requestAnimationFrame(note);
         };
         note();",
    );
    page.press("Space");
    page.wait_for("three steps", |page| (step(page) >= first + 3).then_some(()));
    page.press("Space");
    let shown = page.evaluate("return window.shown");
    let mut shown: Vec<(u64, String)> = serde_json::from_value(shown).expect("steps and times");
    shown.dedup();
    assert!(shown.len() >= 4, "{shown:?}");
    assert!(shown.windows(2).all(|two| two[1].0 == two[0].0 + 1), "one step after the other: {shown:?}");
}

pub fn letters_can_be_switched_off(page: &Page) {
    opened(page);
    page.press("?");
    page.wait_visible("#letters");
    page.click("#letters");
    page.press("Escape");
    page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
    // Keys act in their order: when the last one has acted, so would the others have.
    page.press("n");
    page.press("g");
    press_on(page, "ArrowRight");
    assert_eq!(page.count("dialog"), 0);
    page.reload();
    page.wait_text(".clock", "step ");
    page.wait_visible(".outline");
    page.press("n");
    press_on(page, "ArrowRight");
    assert_eq!(page.count("dialog"), 0, "the choice is kept");
}

/// The whole of a first visit without a mouse.
pub fn the_keyboard_alone(page: &Page) {
    opened(page);
    for key in ["ArrowRight", "ArrowRight", "ArrowLeft", "]", "[", "Shift+ArrowRight"] {
        press_on(page, key);
    }
    page.press("n");
    page.wait_visible("#key");
    assert_eq!(page.text("dialog h2"), "Send a record");
    page.press("Escape");
    page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
    page.press("n");
    page.wait_visible("#key");
    page.evaluate("document.querySelector('#key').focus()");
    page.press("Enter");
    page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
    for (key, heading) in
        [("a", "Add"), ("m", "Open a run"), ("?", "All keys"), ("y", "Branches"), ("l", "Events as a list")]
    {
        page.press(key);
        page.wait_text("dialog h2", heading);
        page.press("Escape");
        page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
    }
    page.press("/");
    page.wait_true("the search to have the focus", "return document.activeElement.id === 'find-setting'");
    page.press("n");
    assert_eq!(page.count("dialog"), 0, "a field takes letters");
    page.press("Escape");
    page.wait_true("the scene to have the focus", "return document.activeElement.id === 'scene'");
    press_on(page, "ArrowRight");
}

pub fn a_step_stays_where_only_routine_is_ahead(page: &Page) {
    opened(page);
    page.open_script(
        "cluster brokers=1 seed=3\ntopic t partitions=1\nconsumer c1 enable.auto.commit=false\nassign c1 t-0\n\
                      seek c1 t-0=0\nconsume-loop c1 poll_ms=100 commit=none\n",
        None,
    );
    page.wait_text(".clock", "step ");
    let before = page.wait_for("a step that stays", |page| {
        let before = page.text(".clock");
        page.press("ArrowRight");
        let stays = |page: &Page| page.text(".notices").contains("Nothing but routine happens in the next 15 minutes");
        page.wait_for("a step, or why there is none", |page| {
            (stays(page) || page.text(".clock") != before).then_some(())
        });
        stays(page).then_some(before)
    });
    assert_eq!(page.text(".clock"), before, "the clock has not run away");
}
