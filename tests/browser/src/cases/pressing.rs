//! Keys that come faster than the page computes lead where slow ones lead; what a way asks, they answer.

use super::moving::{opened_first, told_here};
use crate::page::Page;

/// Chapters far apart: a consumer without work polls a thousand times a second, and nothing of it is told.
fn far_apart(seconds: [u32; 3]) -> String {
    let mut script =
        "cluster brokers=1 seed=3\ntopic t partitions=1\nproducer p linger.ms=0\nconsumer c enable.auto.commit=false\n\
                      assign c t-0\nseek c t-0=0\nconsume-loop c poll_ms=1 commit=none\nchapter \"Nobody sends\"\n"
            .to_owned();
    for (seconds, name) in seconds.into_iter().zip(["One is sent", "Another one", "The last one"]) {
        script += &format!(
            "sleep {}\nchapter \"{name}\" follows=p\nsend p t value={seconds} times=2\nwait sent p\n",
            seconds * 1_000
        );
    }
    // Who polls for ever would put off the end for more than two million moves.
    script + "close c\n"
}

/// Opens it where its first chapter begins.
#[track_caller]
fn opened(page: &Page, script: &str) {
    page.open_script(script, None);
    page.wait_text(".clock", "step ");
    page.wait_visible(".outline");
    dispatched(page, &["PageDown"]);
    at_rest(page);
    page.wait_text(".nr", "Nobody sends");
}

/// Nothing is computed, and no press waits.
#[track_caller]
fn at_rest(page: &Page) {
    page.wait_while_it_goes_on(
        "the page to be at rest",
        ".notices",
        "return !document.querySelector('#transport').hasAttribute('aria-busy')",
    );
    page.wait_frames(2);
}

/// Presses keys one behind the other before the page does anything else.
#[track_caller]
fn dispatched(page: &Page, keys: &[&str]) {
    let script = "for (const key of arguments[0]) {
                    const [name, shiftKey] = [key.replace('Shift+', ''), key.startsWith('Shift+')];
                    const init = { key: name, shiftKey, bubbles: true, cancelable: true };
                    document.body.dispatchEvent(new KeyboardEvent('keydown', init));
                    document.body.dispatchEvent(new KeyboardEvent('keyup', init));
                  }";
    page.evaluate_with(script, vec![serde_json::json!(keys)]);
}

/// A key that is held tells so many times that it is.
#[track_caller]
fn held(page: &Page, key: &str, times: u32) {
    let script = "for (let i = 0; i < arguments[1]; i += 1) {
                    const init = { key: arguments[0], repeat: true, bubbles: true, cancelable: true };
                    document.body.dispatchEvent(new KeyboardEvent('keydown', init));
                  }";
    page.evaluate_with(script, vec![key.into(), times.into()]);
}

/// It tells so once, and is let go before the page does anything else.
#[track_caller]
fn held_and_let_go(page: &Page, key: &str) {
    let script = "for (const kind of ['keydown', 'keyup']) {
                    const init = { key: arguments[0], repeat: kind === 'keydown', bubbles: true, cancelable: true };
                    document.body.dispatchEvent(new KeyboardEvent(kind, init));
                  }";
    page.evaluate_with(script, vec![key.into()]);
}

#[track_caller]
fn let_go(page: &Page, key: &str) {
    page.evaluate_with(
        "document.body.dispatchEvent(new KeyboardEvent('keyup', { key: arguments[0], bubbles: true }))",
        vec![key.into()],
    );
}

type Place = (String, (String, Vec<String>));

#[track_caller]
fn place(page: &Page) -> Place {
    (page.text(".clock"), told_here(page))
}

/// Where these keys lead when each is pressed once the page is at rest, and when all are pressed at once.
#[track_caller]
fn slow_and_fast(page: &Page, script: &str, keys: &[&str]) -> (Place, Place) {
    opened(page, script);
    for key in keys {
        dispatched(page, &[key]);
        at_rest(page);
    }
    let slow = place(page);
    // What is computed already leads nowhere slowly: the run is opened anew.
    opened(page, script);
    dispatched(page, keys);
    at_rest(page);
    (slow, place(page))
}

pub fn a_burst_leads_where_slow_presses_lead(page: &Page) {
    opened_first(page);
    let script = far_apart([20, 15, 10]);
    let bursts: [&[&str]; 4] = [
        &["PageDown", "PageDown", "PageDown", "ArrowRight", "ArrowRight", "ArrowRight"],
        &["PageDown", "ArrowLeft", "PageDown", "ArrowRight"],
        &["PageDown", "]", "]", "Shift+ArrowRight", "PageDown", "PageUp", "PageUp"],
        // Behind the end no key goes on, and one goes back.
        &["PageDown", "PageDown", "PageDown", "PageDown", "ArrowRight", "ArrowLeft", "ArrowLeft"],
    ];
    for keys in bursts {
        let (slow, fast) = slow_and_fast(page, &script, keys);
        assert_eq!(fast, slow, "{keys:?}");
    }
    // Play is pressed in its turn as well.
    opened(page, &script);
    dispatched(page, &["PageDown", " "]);
    page.wait_true(
        "pause to be offered",
        "return document.querySelector('#play').getAttribute('aria-label').startsWith('Pause')",
    );
    assert!(!page.text(".clock").contains("chapter 1 "), "{}", page.text(".clock"));
    dispatched(page, &[" "]);
}

pub fn what_is_pressed_too_often_is_told(page: &Page) {
    opened_first(page);
    opened(page, &far_apart([20, 15, 10]));
    let keys: Vec<&str> = ["PageDown"].into_iter().chain(["]"; 40]).collect();
    dispatched(page, &keys);
    at_rest(page);
    page.wait_text(".notices", "8 presses were not taken: 32 wait at most");
}

pub fn escape_ends_what_was_pressed(page: &Page) {
    opened_first(page);
    opened(page, &far_apart([20, 15, 10]));
    let there = place(page);
    dispatched(page, &["PageDown", "ArrowRight", "Escape"]);
    at_rest(page);
    page.wait_frames(10);
    assert_eq!(place(page), there);
    dispatched(page, &["ArrowRight"]);
    at_rest(page);
    assert_ne!(place(page), there, "the next key goes on");
}

pub fn a_key_that_is_held_does_not_pile_up(page: &Page) {
    opened_first(page);
    opened(page, &far_apart([20, 15, 10]));
    // The press itself leads to its place; what it repeats meanwhile does not.
    dispatched(page, &["PageDown"]);
    held(page, "PageDown", 50);
    let_go(page, "PageDown");
    at_rest(page);
    let there = place(page);
    assert!(there.0.contains("chapter 2 of 4"), "{there:?}");
    // What a repetition has begun ends when the key is let go.
    held_and_let_go(page, "PageDown");
    at_rest(page);
    page.wait_frames(10);
    assert_eq!(place(page), there);
    // It stops at the end.
    page.wait_for("the end", |page| {
        held(page, "PageDown", 3);
        at_rest(page);
        (page.count(".nr.end") == 1).then_some(())
    });
    let end = place(page);
    held(page, "PageDown", 5);
    at_rest(page);
    assert_eq!(place(page), end);
}

/// The next chapter is more than two million moves away.
pub fn a_question_is_answered_by_keys(page: &Page) {
    opened_first(page);
    let script = far_apart([900, 1, 1]);
    opened(page, &script);
    let there = place(page);
    dispatched(page, &["PageDown"]);
    at_rest(page);
    page.wait_text(".notices", "The next chapter does not begin in them. The same key goes on.");
    assert_eq!(place(page), there, "nothing is drawn on the way");
    // Another key goes from where the page stands.
    dispatched(page, &["ArrowLeft"]);
    at_rest(page);
    assert!(!page.text(".notices").contains("2,000,000"), "{}", page.text(".notices"));
    assert_ne!(place(page), there);
    // What is pressed before the question is seen answers nothing; the same key goes on then.
    opened(page, &script);
    let there = place(page);
    dispatched(page, &["PageDown", "PageDown", "ArrowRight"]);
    at_rest(page);
    page.wait_text(".notices", "The next chapter does not begin in them.");
    assert_eq!(place(page), there);
    dispatched(page, &["PageDown"]);
    at_rest(page);
    let clock = page.text(".clock");
    assert!(clock.contains("chapter 2 "), "{clock}");
}

/// Play that looks too far ends with the same question, and what was drawn stays.
pub fn play_that_looks_far_asks(page: &Page) {
    opened_first(page);
    opened(page, &far_apart([900, 1, 1]));
    page.press(" ");
    page.wait_while_it_goes_on(
        "the question",
        ".clock",
        "return !!document.querySelector('.notices [data-about=Going]')",
    );
    page.wait_text(".notices", "No further step is among them. The same key goes on.");
    page.wait_text("#play", "Play");
    dispatched(page, &["ArrowRight"]);
    at_rest(page);
    let clock = page.text(".clock");
    assert!(clock.contains("chapter 2 "), "{clock}");
}

/// Where its reader stood is more than two million moves away.
pub fn a_place_that_is_far_is_named(page: &Page) {
    opened_first(page);
    let script = format!("partita 1\n%position @3000000000+1\n{}", far_apart([9_000, 1, 1]));
    for (lang, said) in
        [("en", "You stood at 3 000 000.0 ms, and the run has come to "), ("ko", "서 있던 자리는 3 000 000.0 ms")]
    {
        super::looks::dressed(page, crate::page::Scheme::Light, lang);
        page.open_script(&script, None);
        page.wait_text(".clock", "");
        page.wait_while_it_goes_on(
            "the question",
            ".notices",
            "return !!document.querySelector('.notices [data-about=Going]')",
        );
        let told = page.text(".notices").replace('\u{202f}', " ");
        assert!(told.contains(said), "{told}");
    }
}
