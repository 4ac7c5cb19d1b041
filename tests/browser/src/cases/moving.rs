//! Time: steps, moves, stages, marks, play, by keys and by buttons.

use crate::page::{Page, Scheme};

/// Opens the page with its first scenario and waits for the run.
#[track_caller]
pub fn opened_first(page: &Page) {
    page.open("");
    page.wait_text(".clock", "step ");
    page.wait_text(".nr", "Press →");
    // What is built behind the first picture.
    page.wait_visible(".outline");
}

/// Opens the page, and in it the story with the most to act on: three brokers, two producers, three consumers in two groups.
#[track_caller]
pub fn opened(page: &Page) {
    opened_first(page);
    choose_story(page, "lost-response");
    page.wait_text(".tb-name", "The response is lost");
    page.wait_text(".nr", "Press →");
}

/// Opens the same without chapters, as a run of one's own is, when all is ready.
#[track_caller]
pub fn opened_untold(page: &Page) {
    opened_first(page);
    let scenario = partita::scenarios::Scenario::by_id("lost-response").expect("a ready scenario");
    let lines = scenario.script.lines().filter(|line| !line.starts_with("chapter ") && !line.starts_with("try "));
    let script: String = lines.flat_map(|line| [line, "\n"]).collect();
    page.open_script(&script, None);
    page.wait_text(".tb-name", "A run of your own");
    page.wait_visible(".outline");
    go_to(page, "10040");
    page.wait_for("the time that was asked for", |page| (step(page) > 10).then_some(()));
}

/// Goes to a time, or to a step.
#[track_caller]
pub fn go_to(page: &Page, place: &str) {
    page.press("g");
    page.wait_visible("#goto");
    page.type_text(place);
    page.press("Enter");
    page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
}

/// Chooses a ready scenario from the list, in which it stands by its id.
#[track_caller]
pub fn choose_story(page: &Page, id: &str) {
    page.press("u");
    page.click(&format!("dialog [data-scenario='{id}']"));
    page.wait_true("the list to close", "return !document.querySelector('dialog')");
}

/// The step that the transport shows. In a story, whose steps are counted by chapters, a thousand for each chapter is added:
/// a later place has the greater number, and within a chapter the next one has the next number.
#[track_caller]
pub fn step(page: &Page) -> u64 {
    let text = page.text(".clock small").replace('\u{202f}', "");
    let numbers: Vec<u64> =
        text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect();
    match numbers[..] {
        [step] => step,
        [chapter, _, step] => 1_000 * chapter + step,
        _ => panic!("`{text}` names no step"),
    }
}

/// The time at which the run stands, in milliseconds as it is shown.
#[track_caller]
pub fn clock_ms(page: &Page) -> f64 {
    let clock = page.text(".clock");
    let ms = clock.split("ms").next().unwrap_or_default();
    let ms: String = ms.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    ms.parse().unwrap_or_else(|_| panic!("`{clock}` names no time"))
}

/// Where the run stands, as it is told: the time, and what happens. The number of a step depends on the record that is followed.
#[track_caller]
pub fn told_here(page: &Page) -> (String, Vec<String>) {
    let time = page.evaluate("return document.querySelector('.clock').firstChild.textContent");
    (time.as_str().unwrap_or_default().to_owned(), page.texts(".nr p.say"))
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
    opened_untold(page);
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
    page.wait_for("three steps of playing", |page| (step(page) >= first + 3).then_some(()));
    page.press("Space");
    page.wait_true(
        "play to be offered",
        "return document.querySelector('#play').getAttribute('aria-label').startsWith('Play')",
    );
    let there = step(page);
    page.wait_frames(20);
    assert_eq!(step(page), there, "it stands");
}

/// Virtual time passes; what is counted stands in place of sentences. From the same place, the same way again: frames cannot
/// change a run.
pub fn runs_and_pauses(page: &Page) {
    opened(page);
    let said = page.text(".nr p.say");
    let first = clock_ms(page);
    page.press("r");
    page.wait_visible(".nr.runs .cnt [data-count=sent]");
    assert_eq!(page.attribute("#play", "aria-disabled").as_deref(), Some("true"), "one of both at a time");
    assert_eq!(page.attribute("#run", "aria-pressed").as_deref(), Some("true"));
    page.wait_for("ten milliseconds", |page| (clock_ms(page) >= first + 10.0).then_some(()));
    page.press("r");
    page.wait_true("sentences again", "return !document.querySelector('.nr.runs')");
    let there = page.text(".clock");
    assert_ne!(page.text(".nr p.say"), said);
    page.wait_frames(20);
    assert_eq!(page.text(".clock"), there, "it stands");
    let at = clock_ms(page);
    press_on(page, "Home");
    go_to(page, &format!("{:.1}", at + 0.1));
    // What is shown is rounded, and the moves of an instant follow each other by a microsecond.
    page.wait_for("the same time again", |page| ((clock_ms(page) - at).abs() < 0.11).then_some(()));
}

/// The end of a story is said once, and no key goes on behind it; time goes on when the reader wants it.
pub fn a_story_ends(page: &Page) {
    let ends = |page: &Page| {
        page.wait_for("the end", |page| {
            page.press("ArrowRight");
            page.wait_frames(1);
            (page.count(".nr.end") > 0).then_some(())
        });
    };
    opened_first(page);
    ends(page);
    assert!(page.text(".nr.end p.say").starts_with("The story ends here."), "{}", page.text(".nr"));
    assert_eq!(page.text(".nr.end [data-count=lost] dd"), "0");
    assert_eq!(page.count(".nr.end [data-try]"), 3);
    page.shot("story-end");
    crate::axe::check(page, "the end of a story");
    let there = page.text(".clock");
    for key in ["ArrowRight", "PageDown", "Shift+ArrowRight", "Space"] {
        page.press(key);
        page.wait_frames(2);
        assert_eq!(page.text(".clock"), there, "{key} leads nowhere");
        assert_eq!(page.count(".nr.end"), 1, "{key}");
    }
    for id in ["step", "stage", "chapter-on", "play"] {
        assert_eq!(page.attribute(&format!("#{id}"), "aria-disabled").as_deref(), Some("true"), "{id}");
    }
    page.press("ArrowLeft");
    page.wait_true("the step before the end", "return !document.querySelector('.nr.end')");
    ends(page);
    // What one can try is a branch of its own.
    page.click(".nr.end [data-try='0']");
    page.wait_text(".notices", "linger.ms");
    assert_eq!(page.count(".nr.end"), 0);
    ends(page);
    // Each is the story's own run with one thing changed: in a branch there is the way back, and the others.
    assert_eq!(page.count(".nr.end [data-try]"), 2);
    page.click("#own-run");
    page.wait_true("the story's own run", "return !document.querySelector('.nr.end')");
    ends(page);
    assert_eq!(page.count(".nr.end [data-try]"), 3);
    // The next story.
    page.click("#next-story");
    page.wait_text(".tb-name", "The response is lost");
    page.wait_text(".nr", "Press →");
}

/// A client of the same name has another program in another story.
pub fn the_code_is_that_of_the_run_that_is_open(page: &Page) {
    opened_first(page);
    page.wait_text("#code", "producer.send");
    assert!(!page.text("#code").contains("\"acks\""), "{}", page.text("#code"));
    choose_story(page, "acks");
    page.wait_text("#code", "\"acks\", \"0\"");
}

pub fn plays_by_steps_with_reduced_motion(page: &Page) {
    page.prefer(Scheme::Light, true);
    opened(page);
    let first = step(page);
    // What each frame shows, as its step and its time: time does not flow between steps.
    page.evaluate(
        "window.shown = [];
         const note = () => {
           const clock = document.querySelector('.clock');
           const step = Number(clock.querySelector('small').textContent.match(/step (\\d+)/)[1]);
           window.shown.push([step, clock.textContent]);
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
        [("a", "Add"), ("u", "Open a run"), ("?", "All keys"), ("y", "Branches"), ("l", "Events as a list")]
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
        let has_ended = |page: &Page| page.count(".nr.end") > 0;
        page.wait_for("a step, or that there is none", |page| {
            (has_ended(page) || page.text(".clock") != before).then_some(())
        });
        has_ended(page).then_some(before)
    });
    assert_eq!(page.text(".clock"), before, "the clock has not run away");
    assert!(page.text(".nr p.say").starts_with("Nothing more happens by itself."), "{}", page.text(".nr"));
    crate::axe::check(page, "the end of a run of one's own");
    // Time goes on when the reader wants it.
    page.click("#time-on");
    page.wait_for("a later time", |page| (page.text(".clock") != before).then_some(()));
    page.press("r");
    page.press("Home");
    page.wait_true("no end at the start", "return !document.querySelector('.nr.end')");
}
