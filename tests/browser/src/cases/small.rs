//! Small windows: a phone, a tablet, a desk's window at 200 %, the stage for a projector.

use super::acting::closed;
use super::moving::{choose_story, opened, opened_first, press_on, step};
use crate::axe;
use crate::page::Page;

/// What stands where it should not, in words: regions that overlap or leave the window, words that are cut, targets that a
/// finger misses. What scrolls by itself, and the one-line stations, whose whole is in the inspector, may be cut.
const COMPLAINTS: &str = "
    const complaints = [];
    const area = (one) => one.getBoundingClientRect();
    const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility({ visibilityProperty: true }));
    if (document.documentElement.scrollWidth > innerWidth) complaints.push('the page is ' + document.documentElement.scrollWidth + ' wide');
    const regions = shown('.tb, .nr, .sc, .tl, .tr').filter((one) => area(one).height > 0);
    for (const one of regions) {
      const place = area(one);
      if (place.left < -1 || place.right > innerWidth + 1) complaints.push(one.className + ' leaves the window');
      const scrolls = document.querySelector('.app').scrollHeight > document.querySelector('.app').clientHeight + 1;
      for (const other of scrolls ? [] : regions) {
        if (one === other) break;
        const second = area(other);
        const apart = place.bottom <= second.top + 1 || second.bottom <= place.top + 1 || place.right <= second.left + 1 || second.right <= place.left + 1;
        if (!apart) complaints.push(one.className + ' over ' + other.className);
      }
    }
    for (const one of shown('.tb *, .nr *, .tr *, .seg *, .pt-h *, .ev.around *, .gp-h *')) {
      const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
      const style = getComputedStyle(one);
      const hides = style.overflowX !== 'visible' || style.overflowY !== 'visible';
      const gives = one.closest('.tb-name, .sr, select, .flt');
      if (words && hides && !gives && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 2)) {
        complaints.push('cut: ' + one.className + ' ' + one.textContent);
      }
      if (words && !one.closest('.sr, .sc, .tb-name') && area(one).right > innerWidth + 1) complaints.push('beyond the edge: ' + one.textContent);
    }
    const narration = document.querySelector('.nr');
    if (narration.scrollHeight > narration.clientHeight + 1 && getComputedStyle(narration).overflowY === 'visible') complaints.push('the narration is cut');
    return complaints;";

/// Buttons that are lower than a finger is wide, but for what stands in a line of words.
const SMALL_TARGETS: &str = "
    const own = '.tb > button, .tr button, .seg button, .mp, .pr-2, dialog .fb, dialog .dlg-h button, dialog .act button, .ev.around button';
    const shown = [...document.querySelectorAll(own)].filter((one) => one.checkVisibility({ visibilityProperty: true }));
    const areas = shown.map((one) => [one, one.getBoundingClientRect()]).filter(([, area]) => area.width > 0);
    const small = areas.filter(([one, area]) => Math.round(area.height) < 40 || Math.round(area.width) < 40);
    return small.map(([one, area]) => one.id + one.className + ' ' + area.width + 'x' + area.height);";

#[track_caller]
fn nothing_is_wrong(page: &Page, place: &str) {
    page.wait_frames(2);
    assert_eq!(page.evaluate(COMPLAINTS), serde_json::json!([]), "{place}, {}", page.text(".clock"));
}

/// Opens a row of the menu, by its words.
#[track_caller]
fn choose(page: &Page, words: &str) {
    page.click("#menu");
    page.wait_visible("dialog .fb");
    let script =
        "const row = [...document.querySelectorAll('dialog .fb')].find((one) => one.innerText.trim() === arguments[0]);
        row?.setAttribute('data-chosen', ''); return !!row";
    assert_eq!(page.evaluate_with(script, vec![words.into()]), true, "the menu has no row {words}");
    page.click("dialog [data-chosen]");
}

/// Which column is shown, and where it happens by the dot of its tab.
#[track_caller]
fn tabs(page: &Page) -> (String, String) {
    let script = "
        const pressed = document.querySelector('.seg [aria-pressed=true]').id;
        const columns = { producers: '.col-p', cluster: '.col-c', groups: '.col-g' };
        const shown = Object.keys(columns).filter((name) => document.querySelector(columns[name]).checkVisibility());
        return [shown.join(' ') === pressed ? pressed : 'the tab says ' + pressed + ', shown is ' + shown, document.querySelector('.seg .here').id]";
    let found = page.evaluate(script);
    let word = |at: usize| found[at].as_str().unwrap_or_default().to_owned();
    (word(0), word(1))
}

/// The student's walk: a run is followed, looked at, changed and handed on with one thumb.
pub fn a_phone_does_all_that_a_desk_does(page: &Page) {
    page.resize(390, 844);
    page.fingers(true);
    opened(page);
    // The narration first, the controls at the thumb.
    let order = "const top = (one) => document.querySelector(one).getBoundingClientRect().top;
        const tops = ['.tb', '.nr', '.sc', '.tl-s', '.tr'].map(top);
        return tops.every((one, i) => i === 0 || tops[i - 1] < one) && top('.tr') + 48 <= innerHeight && top('.tr') > innerHeight - 80";
    assert_eq!(page.evaluate(order), true);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..24 {
        let before = page.text(".clock");
        page.click("#step");
        page.wait_for("a step", |page| (page.text(".clock") != before).then_some(()));
        let (shown, here) = tabs(page);
        assert_eq!(shown, here, "the tab follows what happens");
        nothing_is_wrong(page, "a phone");
        seen.insert(shown);
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
    page.wait_visible(".ev.around .now");
    assert_eq!(page.text(".ev.around .now .mono"), page.text(".clock").split(" ms").next().unwrap_or_default());
    let takes_focus = "const step = document.querySelector('.ev.around button'); step.focus(); return document.activeElement === step";
    assert_eq!(page.evaluate(takes_focus), true, "a step of the list takes the focus");
    assert_eq!(page.evaluate(SMALL_TARGETS), serde_json::json!([]));
    page.shot("phone");
    axe::check(page, "a phone");
    // A tab that is chosen stays, until the one where it happens is.
    let other = if tabs(page).1 == "groups" { "producers" } else { "groups" };
    page.click(&format!("#{other}"));
    press_on(page, "ArrowRight");
    assert_eq!(tabs(page).0, other);
    page.click(".seg .here");
    press_on(page, "ArrowLeft");
    let (shown, here) = tabs(page);
    assert_eq!(shown, here);
    // A partition that is pressed opens in place of the one that is open.
    page.click("#cluster");
    let name = page.text(".mp .cut");
    page.click(".mp");
    page.wait_text(".pt-h", &name);
    assert_eq!(page.count(".pt"), 1);
    // What is pressed is inspected over the scene.
    page.click(".pt-h button");
    page.wait_visible("#inspector");
    page.wait_text("#inspector", &name);
    nothing_is_wrong(page, "the inspector on a phone");
    page.click("#drawer");
    page.wait_true("no inspector", "return !document.querySelector('#inspector').checkVisibility()");
    page.evaluate("document.querySelector('.seg .here').click()");
    acts_on_a_phone(page);
    pulls_the_line(page);
}

/// All by the menu: send, set, break, share, paste.
fn acts_on_a_phone(page: &Page) {
    page.click("#menu");
    page.wait_visible("dialog .fb");
    assert_eq!(page.evaluate(SMALL_TARGETS), serde_json::json!([]));
    page.shot("phone-menu");
    axe::check(page, "the menu of a phone");
    page.press("Escape");
    closed(page);
    choose(page, "Send a record");
    page.wait_visible("#key");
    page.fill("#key", "ana");
    let fits = "const dialog = document.querySelector('dialog').getBoundingClientRect();
        const fields = [...document.querySelectorAll('dialog :is(input, textarea, select)')].filter((one) => one.checkVisibility());
        return dialog.left >= 0 && dialog.right <= innerWidth && dialog.bottom <= innerHeight
          && fields.every((one) => one.getBoundingClientRect().right <= innerWidth && parseFloat(getComputedStyle(one).fontSize) >= 16)";
    assert_eq!(page.evaluate(fits), true, "fields that a phone does not zoom into");
    page.click("dialog button[type=submit]");
    closed(page);
    page.wait_text("#narration", "ana");
    choose(page, "Settings");
    page.wait_true("the focus in the settings", "return document.activeElement.id === 'find-setting'");
    page.fill("#find-setting", "linger");
    page.wait_text(".cf-rows", "linger.ms");
    page.fill(".cf-rows input", "30");
    page.press("Enter");
    page.wait_text(".cf-rows .chg", "linger.ms");
    page.shot("phone-settings");
    page.click("#drawer");
    choose(page, "Break something");
    page.wait_visible("dialog .fpal");
    page.click("dialog .fpal li:nth-child(3) .fb");
    closed(page);
    page.wait_text("#narration p.say", "Broker 2 crashes");
    choose(page, "Share and keep");
    page.wait_true("a link", "return document.querySelector('#link')?.value.includes('#run=1.')");
    page.press("Escape");
    closed(page);
    choose(page, "Add, paste");
    page.click("dialog .fpal li:nth-child(6) button");
    page.wait_visible("#pasted");
    page.fill("#pasted", "linger.ms=40\n");
    page.wait_text("#taken", "linger.ms=40");
    page.press("Escape");
    closed(page);
    choose(page, "한국어로 바꾸기");
    page.wait_true("Korean", "return document.documentElement.lang === 'ko'");
    page.press("Escape");
    closed(page);
    nothing_is_wrong(page, "a phone in Korean");
}

/// A finger on the line of the run takes it along, and the page stays where it is.
fn pulls_the_line(page: &Page) {
    choose_story(page, "lost-response");
    page.wait_text(".nr", "→");
    for _ in 0..12 {
        press_on(page, "ArrowRight");
    }
    let last = step(page);
    let line = "const all = [...document.querySelectorAll('.chs li')].map((one) => one.getBoundingClientRect());
        const on = document.querySelector('.chs .on').getBoundingClientRect();
        return [on.left + 1, on.top + on.height / 2, on.right - 2, all.length]";
    let place = page.evaluate(line);
    let at = |index: usize| place[index].as_f64().expect("a place");
    page.swipe((at(2), at(1)), (at(0), at(1)));
    page.wait_for("an earlier step", |page| (step(page) < last).then_some(()));
    page.swipe((at(0), at(1)), (at(2), at(1)));
    page.wait_for("the last step", |page| (step(page) >= last).then_some(()));
    assert_eq!(page.evaluate("return [scrollX, scrollY]"), serde_json::json!([0, 0]));
}

/// The sizes between a phone and a desk: an iPad, a low window, an embedded run, a phone on its side.
pub fn a_tablet_shows_stations_in_a_line_and_one_tape(page: &Page) {
    opened(page);
    for (width, height) in [(768, 1024), (1023, 700), (720, 440), (844, 390)] {
        page.resize(width, height);
        page.press("Home");
        page.press("PageDown");
        page.wait_frames(3);
        for _ in 0..14 {
            press_on(page, "ArrowRight");
            nothing_is_wrong(page, &format!("{width}x{height}"));
            assert_eq!(page.count(".pt"), if height < 900 { 1 } else { 3 });
        }
        let looks = "
            const shown = (selector) => document.querySelector(selector).checkVisibility();
            const stations = [...document.querySelectorAll('.st')].map((one) => one.getBoundingClientRect());
            const beside = document.querySelector('.tl-s').getBoundingClientRect().top < document.querySelector('.tr').getBoundingClientRect().bottom;
            return [stations.filter((one) => one.height > 0).every((one) => one.height < 32), shown('.col-c'), shown('.wires'), beside]";
        assert_eq!(page.evaluate(looks), serde_json::json!([true, true, true, height < 640]), "{width}x{height}");
        page.shot(&format!("tablet-{width}x{height}"));
        if width == 768 || width == 720 {
            axe::check(page, &format!("{width}x{height}"));
        }
    }
    // Beside the cluster stands where it happens, or what was chosen.
    page.resize(720, 440);
    page.click("#groups");
    page.wait_visible(".col-g");
    assert!(page.visible(".col-c") && !page.visible(".col-p"));
    page.resize(768, 1024);
    assert!(page.visible(".col-g") && page.visible(".col-p"));
    choose(page, "Settings");
    page.wait_true("the settings", "return document.activeElement.id === 'find-setting'");
    page.press("Escape");
    page.press("Escape");
    choose(page, "Go to a time or a step");
    page.wait_visible("#goto");
    page.press("Escape");
    closed(page);
}

/// WCAG 1.4.4 and 1.4.12: a desk's window at 200 %, and letters, words and lines further apart.
pub fn at_two_hundred_percent_nothing_is_cut(page: &Page) {
    opened(page);
    let spaced = "const sheet = new CSSStyleSheet();
        sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }');
        document.adoptedStyleSheets = arguments[0] ? [sheet] : [];";
    for (width, height) in [(720, 450), (683, 328), (390, 844), (320, 568), (768, 1024)] {
        page.resize(width, height);
        for lang in ["en", "ko"] {
            page.evaluate_with(
                "if (document.documentElement.lang !== arguments[0]) document.querySelector('#language').click()",
                vec![lang.into()],
            );
            page.press("Home");
            page.press("PageDown");
            for spacing in [false, true] {
                page.evaluate_with(spaced, vec![spacing.into()]);
                for _ in 0..6 {
                    press_on(page, "ArrowRight");
                    nothing_is_wrong(page, &format!("{width}x{height}, {lang}, spaced: {spacing}"));
                }
                page.shot(&format!("zoom-{width}x{height}-{lang}-{spacing}"));
            }
        }
    }
    page.evaluate("document.adoptedStyleSheets = []");
    page.resize(720, 450);
    axe::check(page, "200 %");
}

/// Key M and `stage=class`: what the last row of a classroom reads.
pub fn the_stage_of_a_classroom(page: &Page) {
    page.resize(1366, 768);
    opened_first(page);
    let looks = "
        const size = (selector) => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize);
        const tape = document.querySelector('.pt-s svg').getBoundingClientRect().width;
        const own = document.querySelector('.pt-s svg').getAttribute('width');
        return [size('.nr p.say'), Math.round(20 * tape / own), document.querySelector('.right').checkVisibility()]";
    let usual = page.evaluate(looks);
    page.press("m");
    page.wait_frames(3);
    for (width, height) in [(1366, 768), (1920, 1080)] {
        page.resize(width, height);
        page.wait_frames(3);
        let cell = if width < 1680 { 36 } else { 30 };
        assert_eq!(page.evaluate(looks), serde_json::json!([22, cell, false]), "{width}x{height}");
        for _ in 0..8 {
            press_on(page, "ArrowRight");
            nothing_is_wrong(page, &format!("a classroom, {width}x{height}"));
        }
        // The key is shown, with what it does.
        page.wait_text(".pressed", "next step");
        page.shot(&format!("classroom-{width}x{height}"));
    }
    axe::check(page, "the stage of a classroom");
    page.resize(1366, 768);
    page.press("m");
    page.wait_frames(3);
    assert_eq!(page.evaluate(looks), usual, "M leaves it");
    // Asked for by the address, and refused with a sentence.
    page.open("?stage=class");
    page.wait_text(".clock", "step ");
    page.wait_frames(3);
    assert_eq!(page.evaluate(looks)[0], 22);
    page.evaluate("location.hash = '#stage=cinema'");
    page.wait_text(".notices", "class");
    page.open("?stage=cinema");
    page.wait_text(".clock", "step ");
    page.wait_text(".notices", "cinema");
    page.evaluate("location.hash = '#stage=class'");
    page.wait_true("the stage", "return document.documentElement.dataset.stage === 'class'");
}
