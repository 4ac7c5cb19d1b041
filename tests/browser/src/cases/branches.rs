//! The tree of branches: kept over a reload, and what is broken of it; what the page exports is played by the command.

use partita_cli::play::play;
use serde_json::Value;

use super::acting::{closed, command};
use super::moving::{clock_ms, opened, opened_untold, press_on, step, told_here};
use crate::page::Page;

/// Every branch as the list shows it: its words, and whether it is the one that is shown.
#[track_caller]
fn listed(page: &Page) -> Vec<(String, bool)> {
    page.press("y");
    page.wait_visible("dialog [data-branch='0']");
    let rows = page.evaluate(
        "return [...document.querySelectorAll('dialog [data-branch]')].map((row) => [row.innerText, row.ariaCurrent === 'true'])",
    );
    page.press("Escape");
    closed(page);
    let row = |row: &Value| (row[0].as_str().unwrap_or_default().to_string(), row[1] == true);
    rows.as_array().cloned().unwrap_or_default().iter().map(row).collect()
}

#[track_caller]
fn show(page: &Page, branch: usize) {
    page.press("y");
    page.wait_visible("dialog [data-branch='0']");
    page.click(&format!("dialog [data-branch='{branch}']"));
    closed(page);
}

#[track_caller]
fn reload(page: &Page) {
    // What was done last is stored a moment later.
    page.wait_stored();
    page.reload();
    page.wait_text(".clock", "step ");
}

/// Leaves nothing in the page's database but one run in the form of former times, which is taken over.
#[track_caller]
pub(super) fn put(page: &Page, branches: &str) {
    let script = "
        return new Promise((done) => {
          const open = indexedDB.open('partita', 1);
          open.onsuccess = () => {
            const transaction = open.result.transaction('runs', 'readwrite');
            transaction.objectStore('runs').clear();
            transaction.objectStore('runs').put(arguments[0], 'current');
            transaction.objectStore('runs').put('', 'state');
            transaction.oncomplete = () => { open.result.close(); sessionStorage.clear(); done(true); };
          };
        });";
    // The page stores once more when it is left: nothing must be left to be stored.
    page.wait_stored();
    page.evaluate_with(script, vec![branches.into()]);
}

pub fn branches_come_back_after_a_reload(page: &Page) {
    opened_untold(page);
    for _ in 0..3 {
        press_on(page, "ArrowRight");
    }
    command(page, "send producer-2 orders key=old value=future");
    for _ in 0..4 {
        press_on(page, "ArrowRight");
    }
    // In another branch the record is not sent, and no longer followed: the place is known by its time.
    let end = clock_ms(page);
    for _ in 0..5 {
        press_on(page, "ArrowLeft");
    }
    command(page, "crash broker-2");
    page.wait_text(".notices", "You changed the past.");
    press_on(page, "ArrowRight");
    // A third one, from the start.
    settings_of(page, "producer-1");
    page.fill("#cfg-linger\\.ms", "7");
    page.wait_visible(".cr-a [data-from='start']");
    page.click(".cr-a [data-from='start']");
    page.wait_text(".notices", "linger.ms");
    page.press("Escape");
    let before = listed(page);
    assert_eq!(before.len(), 3, "{before:?}");
    let (clock, place) = (page.text(".clock"), step(page));
    reload(page);
    page.wait_for("the same place", |page| (step(page) == place).then_some(()));
    assert_eq!(page.text(".clock").split("step").next(), clock.split("step").next());
    assert_eq!(listed(page), before);
    settings_of(page, "producer-1");
    page.wait_true("the new value", "return document.querySelector('#cfg-linger\\\\.ms')?.value === '7'");
    // The old future is still there: the record that was sent, and what came of it.
    show(page, 0);
    page.wait_true("the old value", "return document.querySelector('#cfg-linger\\\\.ms')?.value !== '7'");
    page.press("g");
    page.wait_visible("#goto");
    page.type_text(&end.to_string());
    page.press("Enter");
    closed(page);
    page.wait_for("the old future", |page| ((clock_ms(page) - end).abs() < 0.01).then_some(()));
    page.shot("old-future");
    // Acting before a command that a reload left to come makes a branch: nothing is lost.
    page.press("Home");
    page.wait_for("the start", |page| (clock_ms(page) < end).then_some(()));
    for _ in 0..3 {
        press_on(page, "ArrowRight");
    }
    reload(page);
    command(page, "send producer-1 orders value=early");
    // What was seen before the reload is not known any more.
    page.wait_text(".notices", "A new branch.");
    let after = listed(page);
    assert_eq!((after.len(), &after[0].0), (4, &before[0].0), "{after:?}");
}

pub fn a_broken_stored_run_opens_as_far_as_it_is_valid(page: &Page) {
    opened(page);
    let text = "partita 7\n%branch 2 of=1 at=@900000+1 name=\"send p1 orders value=2\"\ncluster brokers=2 seed=3\n\
                topic orders partitions=1\nsned p1 orders\nproducer p1\nsend p1 orders value=1\n\
                @900000+1 send p1 orders value=2\n%branch 1 like=2 lines=5\n%branch 3 like=9 lines=1\nstep\n";
    put(page, text);
    page.reload();
    page.wait_text(".notices", "Not all of it could be opened.");
    let told = page.text(".notices ul");
    for said in ["Line 1, column 9", "version 7,", "Line 5, column 1", "Line 10, column 11"] {
        assert!(told.contains(said), "{said} is missing in: {told}");
    }
    page.shot("broken-stored-run");
    let branches = listed(page);
    assert_eq!(branches.len(), 2, "{branches:?}");
    assert!(branches[1].1 && branches[1].0.contains("value=2"), "{branches:?}");
    press_on(page, "ArrowRight");
    command(page, "crash broker-2");
    // No cluster can be made of a property that Kafka refuses: another run is opened, and the reason is said.
    put(page, "partita 1\ncluster brokers=1 num.partitions=none\n");
    page.reload();
    page.wait_text(".notices", "num.partitions");
    page.wait_text(".clock", "step ");
}

pub fn undo_survives_a_reload(page: &Page) {
    opened_untold(page);
    for _ in 0..3 {
        press_on(page, "ArrowRight");
    }
    let first = page.text(".clock");
    command(page, "send producer-2 orders key=old value=undone");
    for _ in 0..4 {
        press_on(page, "ArrowRight");
    }
    let end = step(page);
    for _ in 0..2 {
        press_on(page, "ArrowLeft");
    }
    let past = step(page);
    command(page, "crash broker-2");
    page.wait_text(".notices", "You changed the past.");
    press_on(page, "ArrowRight");
    reload(page);
    // The branch is left: its parent stands where it was left, and has its old future.
    page.press("z");
    page.wait_for("the place before", |page| (step(page) == past).then_some(()));
    assert_eq!(listed(page).iter().position(|(_, is_shown)| *is_shown), Some(0));
    page.press("g");
    page.wait_visible("#goto");
    page.type_text(&format!("step {end}"));
    page.press("Enter");
    closed(page);
    page.wait_for("the old future", |page| (step(page) == end).then_some(()));
    // The record is not sent any more, from before it and after a reload there.
    page.press("Home");
    reload(page);
    page.press("z");
    page.wait_for("the place before it", |page| {
        (page.text(".clock").split(" of ").next() == first.split(" of ").next()).then_some(())
    });
    reload(page);
    page.wait_for("the same place", |page| {
        (page.text(".clock").split(" of ").next() == first.split(" of ").next()).then_some(())
    });
    let stored = "
        return new Promise((done) => {
          const open = indexedDB.open('partita', 1);
          open.onsuccess = () => {
            const all = open.result.transaction('runs').objectStore('runs').getAll();
            all.onsuccess = () => { open.result.close(); done(all.result.join('\\n')); };
          };
        });";
    let stored = page.evaluate(stored);
    let stored = stored.as_str().expect("a text");
    assert!(stored.contains("crash broker-2") && !stored.contains("%change"), "{stored}");
    // The branch that crashed the broker has the record still, and only it.
    assert_eq!(stored.matches("value=undone").count(), 1, "{stored}");
    page.press("z");
    page.wait_text(".notices", "no change of yours");
    // A change of a branch that is not there is told, and nothing else is lost.
    put(page, "partita 1\n%change 4 @5+1\ncluster brokers=1 seed=3\nproducer p1\n");
    page.reload();
    page.wait_text(".notices ul", "Line 2, column 9");
    page.press("z");
    page.wait_text(".notices", "no change of yours");
}

pub fn a_change_of_another_branch_is_taken_back_there(page: &Page) {
    opened_with_files_kept(page);
    press_on(page, "ArrowRight");
    press_on(page, "ArrowRight");
    press_on(page, "ArrowLeft");
    command(page, "crash broker-2");
    page.wait_text(".notices", "You changed the past.");
    let there = told_here(page);
    command(page, "send producer-2 orders key=old value=undone");
    show(page, 0);
    page.press("z");
    page.wait_for("the other branch", |page| (told_here(page) == there).then_some(()));
    assert_eq!(listed(page).iter().position(|(_, is_shown)| *is_shown), Some(1));
    let (_, file) = handed_on(page);
    assert!(file.contains("crash broker-2") && !file.contains("undone"), "{file}");
}

/// Opens the page; what it exports stays in it.
#[track_caller]
fn opened_with_files_kept(page: &Page) {
    page.before_load(
        "URL.createObjectURL = (blob) => { blob.text().then((text) => (window.kept = text)); return 'data:,'; };
         HTMLAnchorElement.prototype.click = function () {};",
    );
    opened_untold(page);
}

/// The script of the link that the page gives, and the file that it exports.
#[track_caller]
fn handed_on(page: &Page) -> (String, String) {
    page.click("#share");
    page.wait_true("a link", "return document.querySelector('#link')?.value.includes('#run=1.')");
    page.click("#export");
    page.wait_true("a file", "return !!window.kept");
    let unpack = "
        const data = document.querySelector('#link').value.split('#run=1.')[1].split('&')[0];
        const text = atob(data.replaceAll('-', '+').replaceAll('_', '/'));
        const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
        return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();";
    let link = page.evaluate(unpack);
    let file = page.evaluate("return window.kept");
    page.press("Escape");
    closed(page);
    (link.as_str().expect("a text").to_string(), file.as_str().expect("a text").to_string())
}

pub fn what_is_exported_is_played_by_the_command(page: &Page) {
    opened_with_files_kept(page);
    press_on(page, "ArrowRight");
    command(page, "send producer-2 orders key=leo value=other");
    press_on(page, "ArrowLeft");
    command(page, "send producer-2 orders key=leo value=79 header.a=\"b c\"");
    for _ in 0..12 {
        press_on(page, "ArrowRight");
    }
    let (link, file) = handed_on(page);
    assert_eq!(link, file);
    assert!(file.starts_with("partita 1\n") && file.contains("value=79") && !file.contains("value=other"), "{file}");
    let mut sent = 0;
    let played = play(&file, |_, events, _| {
        let is_of_ours =
            |event: &&partita::event::Event| matches!(event.kind, partita::event::EventKind::CallStarted { .. });
        sent += events.iter().filter(is_of_ours).count();
    });
    let played = played.expect("the command plays it");
    assert_eq!((played.failed, played.told), (None, Vec::new()));
    assert!(sent > 0 && played.moves > 100, "{} moves", played.moves);
    let lines = played.lines.expect("its lines");
    assert!(lines.iter().any(|line| line.starts_with('@') && line.contains("value=79 header.a=\"b c\"")), "{lines:?}");
    // What the command shows at the page's step is what the page shows.
    // The panel for what breaks would name the next step.
    let there = (page.evaluate("return partita.run.step").as_u64().expect("a number") - 1).to_string();
    let words = ["run.txt", "--at", there.as_str(), "--json"];
    let asked = partita_cli::view::asked(&words, |name| partita_cli::recorded::Recorded::read(name, &file))
        .expect("it is understood");
    let view = partita_cli::view::view(&asked).expect("it can be shown");
    assert_eq!(page.text(".clock").split("step").next().map(str::trim), Some(view.transport.time.as_str()));
    // A script of the command, without version and places, opens in the page.
    let plain: Vec<&str> =
        file.lines().filter(|line| !line.starts_with(['%', '@']) && !line.starts_with("partita ")).collect();
    play(&plain.join("\n"), |_, _, _| {}).expect("the command plays it");
    page.press("u");
    page.wait_visible("dialog .ru");
    super::real_input::choose_file(page, "#script-file", "plain.txt", &plain.join("\n"));
    page.wait_text(".notices", "Another run is open.");
    assert!(!page.text(".notices").contains("could be opened"), "{}", page.text(".notices"));
}

/// Chooses whose settings stand in the panel, which follows who acts otherwise.
fn settings_of(page: &Page, whose: &str) {
    let choose = "const s = document.querySelector('#settings-of'); s.value = arguments[0]; s.dispatchEvent(new Event('change', { bubbles: true }))";
    page.evaluate_with(choose, vec![whose.into()]);
}

pub fn a_cluster_property_is_checked_before_the_run_is_made_anew(page: &Page) {
    opened(page);
    for _ in 0..3 {
        press_on(page, "ArrowRight");
    }
    let clock = page.text(".clock");
    settings_of(page, "cluster");
    page.fill("#find-setting", "group.initial");
    let field = "#cfg-group\\.initial\\.rebalance\\.delay\\.ms";
    page.wait_visible(field);
    page.fill(field, "soon");
    page.wait_text(".cr.err .msg", "Invalid value soon for configuration group.initial.rebalance.delay.ms");
    assert_eq!(page.text(".clock"), clock, "the run stays");
    page.fill(field, "250");
    page.wait_visible(".cr-a [data-from='start']");
    // Brokers read their properties when they start: nothing else is offered.
    page.wait_text(".cr.edit", "Here brokers read their properties when they start.");
    assert_eq!(page.text(".cr-a").trim(), "From the start (Enter)");
    page.click(".cr-a [data-from='start']");
    page.wait_text(".notices", "group.initial.rebalance.delay.ms");
    page.wait_true("the new value", &format!("return document.querySelector({field:?}).value === '250'"));
    assert_eq!(listed_after_field(page).len(), 2);
    // A topic and a client from the start as well.
    settings_of(page, "topic orders");
    page.fill("#find-setting", "max.message.bytes");
    page.fill("#cfg-max\\.message\\.bytes", "2000");
    page.wait_visible(".cr-a [data-from='start']");
    page.click(".cr-a [data-from='start']");
    page.wait_text(".notices", "max.message.bytes");
    assert_eq!(listed_after_field(page).len(), 3);
}

#[track_caller]
fn listed_after_field(page: &Page) -> Vec<(String, bool)> {
    page.press("Escape");
    page.wait_true("the scene to have the focus", "return document.activeElement.id === 'scene'");
    listed(page)
}
