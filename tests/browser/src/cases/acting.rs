//! What a user does to a run: records, clients, topics, faults, settings, branches.

use super::moving::{go_to, opened, opened_untold, press_on, step, told_here};
use super::real_input::refused;
use crate::axe;
use crate::page::Page;

/// No dialog is open any more.
#[track_caller]
pub fn closed(page: &Page) {
    page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
}

/// Does a line of the grammar.
#[track_caller]
pub fn command(page: &Page, line: &str) {
    page.press(":");
    page.wait_visible("#command");
    page.type_text(line);
    page.press("Enter");
    closed(page);
}

pub fn sends_a_record_by_hand(page: &Page) {
    opened(page);
    page.press("n");
    page.wait_visible("#key");
    page.fill("#key", "ana");
    page.fill("#value", "{\"order\": 7}");
    page.fill("#headers", "trace=abc");
    page.wait_text("dialog .lines", "send producer-1 orders key=ana value=\"{\\\"order\\\": 7}\" header.trace=abc");
    page.fill("#partition", "one");
    page.click("dialog button[type=submit]");
    page.wait_text(".probs", "column");
    page.shot("send-refused");
    axe::check(page, "the send dialog");
    page.fill("#partition", "1");
    page.click("dialog button[type=submit]");
    closed(page);
    let sent = step(page);
    for _ in 0..5 {
        press_on(page, "Shift+ArrowRight");
    }
    assert!(step(page) > sent);
    page.press("l");
    page.wait_visible("dialog .ev");
    assert!(page.text("dialog .ev").contains("producer-1"));
    page.shot("events");
    axe::check(page, "the events");
}

pub fn a_change_in_the_past_makes_a_branch(page: &Page) {
    opened_untold(page);
    for _ in 0..6 {
        press_on(page, "ArrowRight");
    }
    let end = told_here(page);
    press_on(page, "ArrowLeft");
    press_on(page, "ArrowLeft");
    let past = told_here(page);
    command(page, "send producer-2 orders key=zoe value=9");
    page.wait_text(".notices", "You changed the past.");
    page.shot("branch");
    page.press("y");
    page.wait_visible("dialog [data-branch='1']");
    assert_eq!(page.count("dialog [data-branch]"), 2);
    page.shot("branches");
    axe::check(page, "the branches");
    page.click("dialog [data-branch='0']");
    closed(page);
    let until: String = end.0.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    go_to(page, &until);
    page.wait_for("the old future", |page| (told_here(page).0 == end.0).then_some(()));
    page.press("y");
    page.click("dialog [data-branch='1']");
    closed(page);
    page.press("z");
    page.wait_for("the place before", |page| (told_here(page) == past).then_some(()));
    // The notice offers to take it back, once.
    command(page, "send producer-2 orders key=zoe value=9");
    page.wait_text(".notices", "You changed the past.");
    page.click(".notices .nl-d");
    page.wait_for("the place before", |page| (told_here(page) == past).then_some(()));
    assert!(!page.text(".notices").contains("You changed the past."));
    go_to(page, &until);
    page.wait_for("the old future again", |page| (told_here(page).0 == end.0).then_some(()));
    page.press("z");
    page.wait_text(".notices", "no change of yours");
}

pub fn undo_takes_the_last_command_back(page: &Page) {
    opened(page);
    let before = page.text(".clock");
    command(page, "send producer-1 orders value=1");
    assert_ne!(page.text(".clock"), before);
    page.press("z");
    page.wait_for("the place before", |page| (page.text(".clock") == before).then_some(()));
}

pub fn topics_and_clients_are_added(page: &Page) {
    opened(page);
    // A dialog that is asked for while the run is being opened is made anew when it is open.
    page.wait_stored();
    page.press("u");
    page.click("dialog #empty");
    page.click("dialog [data-brokers='3']");
    closed(page);
    page.wait_text(".tb-name", "A run of your own");
    page.click("#add");
    page.click("dialog .fpal li:nth-child(2) button");
    page.wait_visible("#partitions");
    page.fill("#partitions", "0");
    page.click("dialog button[type=submit]");
    page.wait_text(".probs", "from 1 to 100");
    page.fill("#partitions", "2");
    page.click("dialog button[type=submit]");
    closed(page);
    page.click("#step");
    page.click("#add");
    page.click("dialog .fpal li:nth-child(3) button");
    page.wait_visible("#program");
    page.evaluate("const s = document.querySelector('#program'); s.value = 'sync'; s.dispatchEvent(new Event('change', { bubbles: true }))");
    page.wait_text("dialog .lines", "produce-loop producer-1 orders");
    page.click("dialog button[type=submit]");
    closed(page);
    page.click("#add");
    page.click("dialog .fpal li:nth-child(4) button");
    page.wait_visible("#group");
    page.fill("#properties", "auto.offset.reset=earlyest");
    page.click("dialog button[type=submit]");
    page.wait_text(".probs", "Invalid value earlyest for configuration auto.offset.reset");
    page.shot("consumer-refused");
    page.fill("#properties", "auto.offset.reset=earliest");
    page.click("dialog button[type=submit]");
    closed(page);
    page.press("g");
    page.wait_visible("#goto");
    page.type_text("5000");
    page.press("Enter");
    closed(page);
    page.press("t");
    page.wait_visible("#call");
    let clients = page.texts("#client option");
    assert_eq!(clients, ["producer-1", "c1"]);
    page.shot("client");
    axe::check(page, "a client's calls");
}

pub fn things_are_broken_and_mended(page: &Page) {
    opened(page);
    page.press("b");
    page.wait_visible("dialog .fpal");
    page.shot("faults");
    axe::check(page, "the faults");
    page.click("dialog .fpal li:nth-child(3) .fb");
    closed(page);
    // The run is stored before the broker crashes; the palette says what is so when it is opened.
    page.wait_text("#narration p.say", "Broker 2 crashes");
    page.press("b");
    page.wait_text("dialog .act", "start");
    assert_eq!(page.attribute("dialog .fpal li:nth-child(3) .fb", "aria-disabled").as_deref(), Some("true"));
    page.click("dialog .hzchip button");
    closed(page);
    page.wait_stored();
    page.press("k");
    page.wait_text("dialog .fpal", "kill c1");
    page.press("Escape");
    closed(page);
    command(page, "kill c1");
    page.press(":");
    page.wait_visible("#command");
    page.type_text("kill c1");
    page.press("Enter");
    page.wait_text(".probs", "process has ended");
    // What could do nothing here is refused with what leads there.
    for (line, said) in
        [("sleep 1000", "Go to (G) leads to a later time"), ("@5+1 send producer-1 orders", "leave the @… out")]
    {
        page.fill("#command", line);
        page.press("Enter");
        page.wait_text(".probs", said);
    }
}

/// Who acts is offered first, as the settings and the code show them.
pub fn the_kill_list_opens_on_who_acts(page: &Page) {
    opened(page);
    let mut seen = Vec::new();
    for _ in 0..14 {
        press_on(page, "ArrowRight");
        let acts = page.evaluate("return document.querySelector('#settings-of').value");
        page.press("k");
        page.wait_visible("dialog .fpal");
        assert_eq!(page.evaluate("return document.activeElement.querySelector('span')?.textContent"), acts);
        page.press("Escape");
        closed(page);
        if !seen.contains(&acts) {
            seen.push(acts);
        }
    }
    assert!(seen.len() > 1, "{seen:?}");
}

pub fn settings_are_checked_by_kafka_and_applied(page: &Page) {
    opened(page);
    page.wait_text("#settings-of", "producer-1");
    let of = |name: &str| format!("#cfg-{}", name.replace('.', "\\."));
    let in_flight = of("max.in.flight.requests.per.connection");
    page.fill(&in_flight, "6");
    page.wait_text(".cr.err .msg", "To use the idempotent producer, max.in.flight.requests.per.connection must be set to at most 5. Current value is 6.");
    page.wait_text(".cr.err .msg", "Not applied: the run still uses 5.");
    assert_eq!(page.attribute(&in_flight, "aria-invalid").as_deref(), Some("true"));
    page.shot("setting-refused");
    axe::check(page, "a refused setting");
    page.press("Enter");
    page.press("Escape");
    page.wait_true("no error", "return !document.querySelector('.cr.err')");
    // From now: the client is closed and made anew.
    page.fill(&of("linger.ms"), "50");
    page.wait_visible(".cr-a");
    page.shot("setting-draft");
    page.press("Shift+Enter");
    page.wait_true("the draft to be gone", "return !document.querySelector('.cr-a')");
    page.wait_text(".notices", "producer-1 is closed, and then made anew with linger.ms=50: press →.");
    // Keys go to the run again, from the setting's row; Tab leads from there into the field.
    assert_eq!(page.evaluate("return document.activeElement.id"), "row-linger.ms");
    for _ in 0..8 {
        press_on(page, "ArrowRight");
    }
    page.wait_true("the new value", "return document.querySelector('#cfg-linger\\\\.ms').value === '50'");
    // From the start: another run, a branch of its own.
    page.fill(&of("batch.size"), "200");
    page.wait_visible(".cr-a [data-from='start']");
    page.press("Enter");
    page.wait_text(".notices", "batch.size 16384 → 200");
    page.wait_for("the focus beside the field", |page| {
        (page.evaluate("return document.activeElement.id") == "row-batch.size").then_some(())
    });
    page.wait_true("the new value", "return document.querySelector('#cfg-batch\\\\.size').value === '200'");
    page.fill("#find-setting", "asks");
    page.wait_text(".cf-rows", "Did you mean acks?");
    page.fill("#find-setting", "compression.type");
    page.fill(&of("compression.type"), "zstd");
    page.wait_text(".cr.err .msg", "compression.type=zstd is not built yet.");
}

/// Whoever wants to store a run waits, until `release` is called.
pub fn hold_the_storage(page: &Page) {
    page.evaluate(
        "return new Promise((done) => {
           window.released = false;
           const open = indexedDB.open('partita', 1);
           open.onsuccess = () => {
             const runs = open.result.transaction('runs', 'readwrite').objectStore('runs');
             const hold = () => { if (window.released) open.result.close(); else runs.get('none').onsuccess = hold; };
             hold();
             done(true);
           };
         });",
    );
}

pub fn release(page: &Page) {
    page.evaluate("window.released = true");
}

/// A dialog that a key opens while a command is still being stored shows what is so before it, and then what is so.
pub fn a_dialog_follows_what_lands_behind_it(page: &Page) {
    let target = "dialog .fpal li:nth-child(3) .fb";
    let is_off = |page: &Page| page.attribute(target, "aria-disabled").is_some();
    // Acts, and opens the dialog again before what was done is stored.
    let crash_while_held = || {
        hold_the_storage(page);
        page.click(target);
        closed(page);
        page.press("b");
        page.wait_visible(target);
    };
    opened(page);
    page.wait_stored();
    page.press("b");
    page.wait_visible(target);
    crash_while_held();
    assert!(!is_off(page), "the broker has not crashed yet");
    release(page);
    page.wait_text("dialog .act", "start");
    assert!(is_off(page), "the broker has crashed meanwhile");
    assert_eq!(page.count("dialog"), 1);
    assert_eq!(page.evaluate("return document.activeElement.closest('dialog') !== null"), true);
    // What was written into a form meanwhile stays.
    page.wait_stored();
    hold_the_storage(page);
    page.click("dialog .hzchip button");
    closed(page);
    page.press("n");
    page.wait_visible("#value");
    page.fill("#value", "mine");
    release(page);
    page.wait_text("#narration", "Broker 2 starts");
    page.wait_stored();
    assert_eq!(page.evaluate("return document.querySelector('#value').value"), "mine");
    page.press("Escape");
    closed(page);
    // So does what was chosen with a button.
    let chosen = |page: &Page| page.text("dialog .tabs-f [aria-pressed='true']");
    page.press("b");
    page.wait_visible(target);
    crash_while_held();
    let first = chosen(page);
    page.click("dialog .tabs-f .btn:last-child");
    page.wait_for("another fault", |page| (chosen(page) != first).then_some(()));
    let last = chosen(page);
    release(page);
    page.wait_text("#narration", "Broker 2 crashes");
    page.wait_stored();
    page.wait_frames(2);
    assert_eq!(chosen(page), last);
    page.press("Escape");
    closed(page);
    // A button that leads to another dialog is no choice in that one.
    let runs = |page: &Page| page.text("#client").contains("producer-1");
    page.press("k");
    page.wait_visible("dialog .fpal li:first-child .fb");
    hold_the_storage(page);
    page.click("dialog .fpal li:first-child .fb");
    closed(page);
    page.press("a");
    page.click("dialog .fpal li:nth-child(5) .fb");
    page.wait_visible("#client");
    // Nor is a press on nothing.
    page.click("dialog h2");
    assert!(runs(page), "the producer has not been killed yet");
    release(page);
    page.wait_for("a list without the killed producer", |page| (page.visible("dialog") && !runs(page)).then_some(()));
}

/// The number of a record is told by the producer that makes it: a `send` that makes none leaves the reader where they are.
pub fn only_a_record_that_was_made_is_followed(page: &Page) {
    let followed = |page: &Page| page.evaluate("return document.querySelector('.pr-h select').value");
    opened(page);
    page.open_script(
        "cluster brokers=1 seed=3\ntopic orders\nproducer producer-1\nsend-sync producer-1 orders value=a\n",
        None,
    );
    page.wait_text(".clock", "step 0");
    page.press("g");
    page.wait_visible("#goto");
    page.type_text("2000");
    page.press("Enter");
    page.wait_for("the first record", |page| (followed(page) == "0").then_some(()));
    closed(page);
    let before = followed(page);
    command(page, "send producer-1 orders value=none partition=-1");
    page.wait_stored();
    page.wait_frames(2);
    assert_eq!(followed(page), before, "no record was made");
    command(page, "send producer-1 orders value=one");
    page.wait_for("the record to be followed", |page| (followed(page) == "1").then_some(()));
    // One that waits behind others makes the record behind theirs.
    command(page, "pause-process producer-1");
    command(page, "send producer-1 orders value=two times=2");
    command(page, "send producer-1 orders value=three");
    page.wait_for("its own record", |page| (followed(page) == "4").then_some(()));
    // A program that has ended sends none; one made anew under its name begins with its own first.
    command(page, "kill producer-1");
    // What it had still to send is no record any more.
    let left = followed(page);
    refused(page, "send producer-1 orders value=late", "process has ended");
    assert_eq!(followed(page), left, "nothing was sent");
    command(page, "producer producer-1");
    command(page, "send producer-1 orders value=anew");
    page.wait_for("the first record of the new one", |page| (followed(page) == "0").then_some(()));
}
