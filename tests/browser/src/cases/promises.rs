//! Promises that explain themselves, red marks that lead to the chain of their record, and room for all of it.

use partita::lang::Lang;
use partita::scenarios;

use super::looks::dressed;
use super::moving::{choose_story, opened_first};
use crate::axe;
use crate::page::{Page, Scheme};

const SIZES: [(u32, u32); 3] = [(1440, 900), (1366, 657), (1280, 720)];

/// Opens a story and goes to the last thing that its script does.
#[track_caller]
pub fn told_to_its_end(page: &Page, story: &str) {
    choose_story(page, story);
    page.wait_text(".clock", "1");
    while page.count(".nr.end") == 0 {
        let before = page.text(".nr") + &page.text(".clock");
        // To the last chapter, and through it.
        let place = page.text(".clock small");
        let of: Vec<&str> = place.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
        let is_last = matches!(of[..], [chapter, chapters, ..] if chapter == chapters);
        page.press(if is_last { "ArrowRight" } else { "PageDown" });
        page.wait_for("the next chapter, or the end", |page| {
            (page.count(".nr.end") > 0 || page.text(".nr") + &page.text(".clock") != before).then_some(())
        });
    }
}

/// What is wrong with the popover: out of the window, or one of several.
const POPOVER: &str = "
    const all = [...document.querySelectorAll('.pp.ex')];
    if (all.length !== 1) return [all.length + ' popovers'];
    const box = all[0].getBoundingClientRect();
    const out = box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight;
    return out ? ['out of the window: ' + JSON.stringify(box)] : [];";

#[track_caller]
fn is_whole(page: &Page) {
    page.wait_visible(".pp.ex dl");
    assert_eq!(page.evaluate(POPOVER), serde_json::json!([]));
}

#[track_caller]
fn is_gone(page: &Page) {
    page.wait_for("no popover", |page| (page.count(".pp.ex") == 0).then_some(()));
}

pub fn a_promise_explains_itself(page: &Page) {
    opened_first(page);
    page.wait_true("the second part", "return document.documentElement.dataset.rest === 'there'");
    for lang in [Lang::En, Lang::Ko] {
        dressed(page, Scheme::Light, lang.pick("en", "ko"));
        told_to_its_end(page, "auto-commit");
        for (width, height) in SIZES {
            page.resize(width, height);
            page.wait_frames(2);
            // The pointer rests on it: it opens after a while, stays while the pointer is in it, and takes no focus.
            page.hover("[data-promise=processed-once] .prom-b");
            assert_eq!(page.count(".pp.ex"), 0, "it does not open at once");
            is_whole(page);
            page.hover(".pp.ex dl");
            // Many more frames than one that is left stays open.
            page.wait_frames(40);
            assert_eq!(page.count(".pp.ex"), 1, "the pointer is in it");
            assert_eq!(page.evaluate("return document.activeElement.closest('.pp.ex') === null"), true);
            page.hover("#scene");
            is_gone(page);
            // Pressed: the focus goes in, and comes back.
            page.click("[data-promise=processed-once] .prom-b");
            is_whole(page);
            page.shot(&format!("promise-{width}-{}", lang.pick("en", "ko")));
            assert_eq!(page.evaluate("return document.activeElement.closest('.pp.ex') !== null"), true);
            let labels = page.texts(".pp.ex dt");
            assert_eq!(
                labels,
                lang.pick(
                    ["Means", "Kafka promises it", "Breaks when", "Checked", "Broken by"],
                    ["뜻", "카프카의 보장", "깨질 때", "확인한 것", "깨진 곳"]
                )
            );
            assert!(page.text(".pp.ex dl").contains("orders-1@2"), "{}", page.text(".pp.ex dl"));
            axe::check(page, "a promise that explains itself");
            page.press("Escape");
            is_gone(page);
            assert_eq!(page.evaluate("return document.activeElement.dataset.explains"), "processed-once");
            // The others: each by the list of all.
            for promise in ["acknowledged-kept", "order-kept", "written-once", "one-owner", "none-skipped"] {
                page.evaluate("document.activeElement.blur()");
                // Where there is room for all, there is no list.
                let badge = format!(".promises [data-explains={promise}]");
                if page.count(&badge) > 0 {
                    page.click(&badge);
                } else {
                    page.click("[data-explains=promises]");
                    page.wait_visible(".pp.ex li button");
                    page.click(&format!(".pp.ex [data-explains={promise}]"));
                }
                is_whole(page);
                assert_eq!(page.count(".pp.ex dt"), 4, "{promise} is kept");
                page.press("Escape");
                is_gone(page);
            }
        }
    }
    // Enter opens it as well; a link of it leads to the chain, and to the step.
    page.prefer(Scheme::Light, true);
    page.evaluate("document.querySelector('[data-promise=processed-once] .prom-b').focus()");
    page.press("Enter");
    is_whole(page);
    page.click(".pp.ex .ex-f .ref");
    is_gone(page);
    leads_to_chain(page);
}

/// The heading of the chain is in sight and has the focus; below it stands what led to it.
#[track_caller]
pub fn leads_to_chain(page: &Page) {
    page.wait_true(
        "the heading of the chain, in sight and with the focus",
        "const heading = document.getElementById('how-title');
         if (!heading || document.activeElement !== heading) return false;
         const box = heading.getBoundingClientRect();
         const there = document.elementFromPoint(box.left + 4, box.top + box.height / 2);
         return heading.contains(there) || (there && there.contains(heading));",
    );
    assert!(page.count("#how ol li") >= 2, "{}", page.text("#how"));
}

/// Away from the chain, so that the next mark has to lead to it.
#[track_caller]
fn looks_away(page: &Page) {
    page.evaluate("document.activeElement.blur(); document.querySelector('.in').scrollTop = 0;");
    page.press("Escape");
}

/// Everything that is drawn in the ink of broken promises, and is none of the marks that lead to their chain.
const OTHER_RED: &str = "
    const probe = document.createElement('i');
    document.body.append(probe);
    const ink = (name) => { probe.style.color = `var(${name})`; return getComputedStyle(probe).color; };
    const reds = [ink('--alarm'), ink('--alarm-tint')];
    probe.remove();
    const marks = '.prom.bad, .twice, .chs .mk.al, .cnt .al, .tl-run .alarm, .tl-run .alt, .pp.ex .prom.bad';
    const of = ['color', 'backgroundColor', 'borderTopColor', 'fill', 'stroke'];
    const is_red = (one) => of.some((name) => reds.includes(getComputedStyle(one)[name]));
    return [...document.querySelectorAll('body *')]
      .filter((one) => one.checkVisibility() && is_red(one) && !one.closest(marks))
      .map((one) => one.outerHTML.slice(0, 120));";

pub fn every_red_mark_leads_to_its_chain(page: &Page) {
    opened_first(page);
    page.wait_true("the second part", "return document.documentElement.dataset.rest === 'there'");
    for (width, height) in SIZES {
        page.resize(width, height);
        for story in ["auto-commit", "commit-sync-or-async", "acks", "long-pause"] {
            told_to_its_end(page, story);
            let mut walked = 0;
            assert_eq!(page.evaluate(OTHER_RED), serde_json::json!([]), "{story}");
            for mark in [".prom.bad .lk", ".chs .mk.al svg"] {
                if page.count(mark) > 0 {
                    page.click(mark);
                    leads_to_chain(page);
                    looks_away(page);
                    walked += 1;
                }
            }
            // The pairs of lines: on the cells of the tape, and in the lanes of the groups.
            let pairs = "return [...document.querySelectorAll('.twice')].map((one) => {
                const box = one.getBoundingClientRect();
                return [box.left + 5, (box.top + box.bottom) / 2];
            }).filter(([x, y]) => document.elementFromPoint(x, y)?.matches('.hit'))";
            for pair in page.evaluate(pairs).as_array().cloned().unwrap_or_default() {
                let at = |i: usize| pair[i].as_f64().unwrap_or_default();
                page.click_at(at(0), at(1));
                leads_to_chain(page);
                looks_away(page);
                walked += 1;
            }
            let least = match story {
                "acks" => 2,
                "long-pause" => 1,
                _ => 3,
            };
            assert!(walked >= least, "{story}: {walked} red marks");
        }
        // The number at the end.
        told_to_its_end(page, "auto-commit");
        page.click(".cnt .al button");
        page.wait_visible(".pp.ex dl");
        page.wait_true("the chain beside the list", "return document.querySelectorAll('#how ol li').length > 2");
        page.press("Escape");
        assert_eq!(page.evaluate("return document.activeElement.dataset.explains"), "processed-twice");
    }
    // A run without chapters has its marks on the line of the whole run.
    let story = scenarios::Scenario::by_id("auto-commit").expect("a ready scenario");
    let lines = story.script.lines().filter(|line| !line.starts_with("chapter ") && !line.starts_with("try "));
    page.resize(1440, 900);
    page.open_script(&lines.flat_map(|line| [line, "\n"]).collect::<String>(), None);
    page.wait_text(".tb-name", "A run of your own");
    page.wait_visible(".outline");
    page.press(".");
    page.wait_visible(".tl-run .fault");
    while page.count(".tl-run .alarm") == 0 {
        let before = page.text(".clock");
        page.press(".");
        page.wait_for("the next mark", |page| (page.text(".clock") != before).then_some(()));
    }
    page.click(".tl-run .alarm");
    leads_to_chain(page);
}

pub fn the_top_bar_has_room_for_title_and_promises(page: &Page) {
    const CUT: &str = "
        const bar = document.querySelector('.tb');
        const name = document.querySelector('.tb-name');
        const cut = [];
        if (name.scrollWidth > name.clientWidth + 1) cut.push('title: ' + name.textContent);
        const last = [...bar.children].filter((one) => one.offsetWidth > 0).pop().getBoundingClientRect();
        if (last.right > innerWidth) cut.push('bar: ' + last.right);
        const [list, next] = [document.querySelector('.promises'), document.querySelector('.promises + .sep')];
        const end = Math.max(...[...list.querySelectorAll('li')].map((one) => one.getBoundingClientRect().right));
        if (end > next.getBoundingClientRect().left) cut.push('promises: ' + end);
        return cut;";
    opened_first(page);
    for lang in [Lang::En, Lang::Ko] {
        dressed(page, Scheme::Light, lang.pick("en", "ko"));
        for scenario in scenarios::all() {
            // What breaks and what is never sent takes room.
            let breaks = matches!(&*scenario.id, "auto-commit" | "commit-sync-or-async" | "acks" | "fire-and-forget");
            for at_end in if breaks { vec![false, true] } else { vec![false] } {
                match at_end {
                    false => choose_story(page, &scenario.id),
                    true => told_to_its_end(page, &scenario.id),
                }
                for (width, height) in [(1280, 720), (1366, 657), (1440, 900), (1920, 1080), (2560, 1440)] {
                    page.resize(width, height);
                    page.wait_frames(2);
                    let told = format!("{}, {lang:?}, {width}, {at_end}", scenario.id);
                    assert_eq!(page.evaluate(CUT), serde_json::json!([]), "{told}");
                    assert!(page.count(".promises li") > 0, "{told}");
                }
            }
        }
    }
    page.resize(1920, 1080);
    choose_story(page, "journey");
    page.wait_frames(2);
    assert_eq!(page.count("[data-promise]"), 6, "a wide window has room for all");
}

pub fn a_low_window_has_the_main_steps_of_a_chain(page: &Page) {
    opened_first(page);
    page.resize(1366, 657);
    told_to_its_end(page, "auto-commit");
    page.click(".prom.bad .lk");
    leads_to_chain(page);
    let shown = |page: &Page| {
        page.evaluate(
            "return [...document.querySelectorAll('#how .minor')].filter((one) => one.checkVisibility()).length",
        )
    };
    assert!(page.count("#how .minor") > 3);
    assert_eq!(shown(page), 0);
    assert!(page.visible("#how .sh"));
    // None of an answer waits: who processed it first, what ended that, where the next one began, who did it again.
    for part in ["processed by c1", "c1 killed, 4 never committed", "c2 begins at committed 2", "processed by c2"] {
        let rows = page.texts("#how li:not(.minor, .sh)");
        assert!(rows.iter().any(|row| row.contains(part)), "{part}: {rows:?}");
    }
    page.click("#how .how-m");
    page.wait_for("all steps", |page| (shown(page) != 0).then_some(()));
    assert!(!page.visible("#how .sh"));
    page.click("#how .how-m");
    page.wait_for("main steps", |page| (shown(page) == 0).then_some(()));
    page.resize(1440, 900);
    page.wait_for("all steps in a high window", |page| (shown(page) != 0).then_some(()));
}

pub fn what_was_never_sent_is_counted_and_listed(page: &Page) {
    opened_first(page);
    page.wait_true("the second part", "return document.documentElement.dataset.rest === 'there'");
    told_to_its_end(page, "fire-and-forget");
    assert_eq!(page.text(".prom.ns"), "1 never sent");
    page.click(".prom.ns button");
    page.wait_visible(".pp.ex .ex-f .ref");
    axe::check(page, "what was never sent");
    page.click(".pp.ex .ex-f .ref");
    leads_to_chain(page);
    assert!(page.text("#how").contains("ended by itself, never sent"), "{}", page.text("#how"));
    // Committed and never processed: listed by its number.
    let script = "cluster brokers=1 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1\ntopic t partitions=1\nproducer p\n\
                  consumer c group.id=g auto.offset.reset=earliest enable.auto.commit=false max.poll.records=1\nsubscribe c t\n\
                  send p t value=a times=3\nwait sent p\npoll c until=1\ncommit c sync t-0=3\nkill c\n\
                  consumer d group.id=g auto.offset.reset=earliest\nsubscribe d t\nconsume-loop d poll_ms=100\nwait assigned-count d = 1 timeout_ms=60000\n\
                  sleep 500\n";
    page.open_script(script, None);
    page.wait_visible(".outline");
    while page.count(".nr.end") == 0 {
        let before = page.text(".clock") + &page.text(".nr");
        page.press("ArrowRight");
        page.wait_for("the next step", |page| {
            (page.count(".nr.end") > 0 || page.text(".clock") + &page.text(".nr") != before).then_some(())
        });
    }
    page.click("[data-count=never-processed] button");
    page.wait_visible(".pp.ex .ex-f .ref");
    assert_eq!(page.texts(".pp.ex .ex-f .ref"), ["t-0@1", "t-0@2"]);
}
