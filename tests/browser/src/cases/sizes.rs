//! Screens that people have: what happens now is always in sight, and no number that matters is cut.

use crate::page::Page;

/// Inner sizes: the laptop's usual one and its neighbours, a desk's, a large screen.
const SIZES: [(u32, u32); 6] = [(1366, 657), (1280, 720), (1440, 789), (1440, 900), (1920, 1080), (2560, 1440)];
const SCENARIOS: [&str; 3] = ["auto-commit", "four-consumers", "commit-sync-or-async"];
/// Steps of a scenario that are taken at most.
const MOST: usize = 200;

/// What is out of sight of its column, and which texts with a partition or an offset are cut, in words.
const COMPLAINTS: &str = "
    const complaints = [];
    for (const [column, what] of [['.col-p', '.st.now'], ['.col-c', '.pt.is-here, .mp.is-here'], ['.col-g', '.mb.is-here']]) {
      const room = document.querySelector(column + ' .col-s');
      const now = room.querySelector(what);
      if (!now) continue;
      const [area, sight] = [now, room].map((one) => one.getBoundingClientRect());
      const below = Math.min(area.bottom, area.top + sight.height);
      if (area.top < sight.top - 1.5 || below > sight.bottom + 1.5) complaints.push(what + ': ' + area.top + ' to ' + area.bottom);
      if (area.right > sight.right + 1.5) complaints.push(what + ' is too wide');
    }
    for (const one of document.querySelectorAll('.sc .cut')) {
      const is_number = /@\\d|-\\d+( \\d+)*$/.test(one.textContent);
      const gives_way = one.closest('.mid') || one.querySelector('.mid');
      if (is_number && !gives_way && one.scrollWidth > one.clientWidth + 1) complaints.push('cut: ' + one.textContent);
    }
    const words = [...document.querySelectorAll('.chs .mk')].filter((mark) => mark.textContent.trim());
    const boxes = words.map((mark) => mark.getBoundingClientRect());
    boxes.forEach((one, i) => boxes.slice(i + 1).forEach((other) => {
      if (one.left < other.right && other.left < one.right) complaints.push('words of a mark over others: ' + words[i].textContent);
    }));
    return complaints;";

fn opened(page: &Page) {
    page.open("");
    page.wait_text(".clock", "step ");
    page.wait_visible(".outline");
}

/// The place in the run, as the page says it.
fn place(page: &Page) -> String {
    page.text(".clock")
}

pub fn what_happens_now_is_in_sight_on_every_screen(page: &Page) {
    opened(page);
    for language in ["en", "ko"] {
        for (width, height) in SIZES {
            page.resize(width, height);
            // The words of the last one are long: they have least room where the window is narrow.
            for scenario in SCENARIOS.iter().take(if width < 1440 { 3 } else { 2 }) {
                page.press("u");
                page.wait_visible(&format!("[data-scenario='{scenario}']"));
                page.click(&format!("[data-scenario='{scenario}']"));
                page.wait_for("the run", |page| (page.count("dialog") == 0).then_some(()));
                page.wait_frames(3);
                let (mut before, mut steps, mut still) = (place(page), 0, 0);
                while steps < MOST && still < 2 {
                    assert_eq!(
                        page.evaluate(COMPLAINTS),
                        serde_json::json!([]),
                        "{scenario}, {language}, {width}x{height}, {before}"
                    );
                    page.press("ArrowRight");
                    page.wait_frames(2);
                    let now = place(page);
                    still = if now == before { still + 1 } else { 0 };
                    (before, steps) = (now, steps + 1);
                }
                assert!(steps > 10, "{scenario} has {steps} steps at {before}");
                page.shot(&format!("size-{scenario}-{language}-{width}x{height}"));
            }
        }
        page.click("#language");
        page.wait_frames(2);
    }
}

/// On a large screen all of it is larger; wires still end where what they join stands.
pub fn a_large_screen_shows_a_larger_picture(page: &Page) {
    opened(page);
    let cell = |page: &Page| {
        let script = "return document.querySelector('.pt-s svg').getBoundingClientRect().width";
        page.evaluate(script).as_f64().expect("a width")
    };
    page.resize(1920, 1080);
    page.wait_frames(3);
    let narrow = cell(page);
    page.resize(2560, 1440);
    page.wait_frames(3);
    assert!(cell(page) > narrow * 1.2, "{} {narrow}", cell(page));
    let inside = "return document.documentElement.scrollWidth <= innerWidth
      && [...document.querySelectorAll('.sc, .nr, .tr, .tl, .right')].every((one) => {
           const area = one.getBoundingClientRect();
           return area.height > 40 && area.bottom <= innerHeight + 1 && area.right <= innerWidth + 1;
         });";
    assert_eq!(page.evaluate(inside), true);
}
