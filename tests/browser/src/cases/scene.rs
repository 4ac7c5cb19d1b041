//! The scene: stations, tapes, members, faults as they are drawn, and the room they are drawn in.

use super::acting::{closed, command};
use super::moving::{go_to, opened, opened_first, opened_untold, press_on};
use crate::axe;
use crate::page::{Page, Scheme};

/// Steps within which something must have happened.
const MOST: usize = 120;

const CLUSTER: &str = "cluster brokers=3 seed=42 group.initial.rebalance.delay.ms=0 offsets.topic.num.partitions=1\n";
const SERIALIZERS: &str = "key.serializer=org.apache.kafka.common.serialization.StringSerializer \
                           value.serializer=org.apache.kafka.common.serialization.StringSerializer";

/// Opens a run at its beginning: a cluster, `orders`, `producer-1` with these settings, and further lines.
#[track_caller]
fn opened_with(page: &Page, partitions: u32, settings: &str, lines: &str) {
    page.open("");
    page.wait_text(".clock", "step ");
    let producer = format!("producer producer-1 {SERIALIZERS} {settings}\n");
    page.open_script(&format!("{CLUSTER}topic orders partitions={partitions}\n{producer}{lines}"), None);
    page.wait_text(".clock", "step 0");
}

/// Takes steps until the script's body returns something true.
#[track_caller]
fn step_until(page: &Page, what: &str, body: &str) {
    for _ in 0..MOST {
        if page.evaluate(body) == true {
            return;
        }
        press_on(page, "ArrowRight");
    }
    panic!("{MOST} steps, and in vain for {what}: {}", page.text(".clock"));
}

/// The text of the first element that matches, as it stands in the document.
fn words(page: &Page, selector: &str) -> String {
    let script = "return document.querySelector(arguments[0])?.textContent ?? ''";
    page.evaluate_with(script, vec![selector.into()]).as_str().unwrap_or_default().to_owned()
}

pub fn six_stations_pass_in_order(page: &Page) {
    opened_with(page, 1, "", "send producer-1 orders key=mia value={\"order\":1035}\nwait sent producer-1\n");
    let mut passed: Vec<String> = Vec::new();
    for _ in 0..MOST {
        if let Some(now) = page.attribute(".st.now, .st.block", "data-station").filter(|now| passed.last() != Some(now))
        {
            passed.push(now);
        }
        if passed.last().is_some_and(|last| last == "6") {
            break;
        }
        press_on(page, "ArrowRight");
    }
    assert_eq!(passed, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(page.count(".st.done"), 5, "the others have been passed");
    assert_eq!(page.count(".st.now .st-n"), 1);
    assert!(words(page, ".st.now").contains("RecordMetadata orders-0@0"), "{}", words(page, ".st.now"));
}

pub fn a_cell_appears_with_the_append(page: &Page) {
    opened_with(page, 1, "", "send producer-1 orders key=mia value={\"order\":1035}\nwait sent producer-1\n");
    let has_cell = "return document.querySelector('.pt [data-offset]') !== null";
    assert_eq!(page.evaluate(has_cell), false);
    step_until(page, "a cell", has_cell);
    assert!(page.text(".nr p.say").starts_with("Broker 1 writes 1 record"), "{}", page.text(".nr p.say"));
    assert_eq!(page.count(".cell.hi"), 1, "it is what happens now");
    assert_eq!(words(page, ".c > text.in"), "mia 1035", "with so few there is room for key and value");
    // It is written before the high watermark passes it.
    assert_eq!(words(page, "[data-offset='0'] title"), "offset 0, key mia, not readable yet");
    press_on(page, "ArrowRight");
    assert_eq!(words(page, "[data-offset='0'] title"), "offset 0, key mia");
    press_on(page, "ArrowLeft");
    press_on(page, "ArrowLeft");
    page.wait_for("no cell", |page| (page.evaluate(has_cell) == false).then_some(()));
}

pub fn cells_say_less_the_more_there_are(page: &Page) {
    let lines = "send producer-1 orders key=mia value={\"order\":{i}} times=4\nwait sent producer-1\n\
                 send producer-1 orders key=mia value={\"order\":{i}} times=20\nwait sent producer-1\n";
    opened_with(page, 1, "", lines);
    step_until(page, "four cells", "return document.querySelectorAll('.pt [data-offset]').length === 4");
    let captions = |page: &Page| page.count(".c > text.in");
    assert_eq!(captions(page), 4);
    assert_eq!(words(page, ".c > text.in"), "0", "for the key there is no room any more");
    assert_eq!(page.count(".more"), 0);
    step_until(page, "a full tape", "return document.querySelectorAll('.pt [data-offset]').length === 16");
    assert_eq!(captions(page), 0);
    page.wait_text(".more", "8 older");
    page.click(".more");
    page.wait_text(".pt-h", "newer");
    page.wait_for("the first offset", |page| page.visible("[data-offset='0']").then_some(()));
}

pub fn partitions_that_nothing_touches_fold(page: &Page) {
    let lines = "send producer-1 orders key=mia value=1 partition=4\nwait sent producer-1\n";
    opened_with(page, 6, "", lines);
    step_until(page, "an append", "return document.querySelector('.cell.hi') !== null");
    assert_eq!(page.count(".mp"), 5);
    assert_eq!(page.texts(".pt-h > .mono"), ["orders-4"]);
    page.click(".mp");
    page.wait_for("another open one", |page| (page.count(".pt") == 2).then_some(()));
}

fn consumers(count: u32) -> String {
    let one = |i| {
        format!(
            "consumer c{i} group.id=billing heartbeat.interval.ms=300\nsubscribe c{i} orders\nconsume-loop c{i} poll_ms=100\n"
        )
    };
    (1..=count).map(one).collect()
}

pub fn the_idle_member_is_parked(page: &Page) {
    let lines = format!("{}wait group billing state Stable members 4\nsleep 1000\n", consumers(4));
    opened_with(page, 3, "", &lines);
    let grid = "return [...document.querySelectorAll('.ph span')].map((e) => e.textContent).join(' ').trim() === 'revoke join sync own'";
    step_until(page, "the grid of a rebalance", grid);
    let idle = "return [...document.querySelectorAll('.mb-s')].some((e) => e.textContent.startsWith('idle'))";
    step_until(page, "an idle member", idle);
    let idlers = page.texts(".mb-s").into_iter().filter(|text| text.starts_with("idle")).collect::<Vec<_>>();
    assert_eq!(idlers, ["idle: 4 members, 3 partitions"]);
    step_until(page, "three readers", "return document.querySelectorAll('.mb .head:not(.parked)').length === 3");
    assert_eq!(page.count(".mb .head.parked"), 1);
}

pub fn a_killed_member_counts_down(page: &Page) {
    let lines = format!("{}wait assigned-count c2 = 1\nsleep 500\nkill c1\nsleep 5000\n", consumers(2));
    opened_with(page, 3, "", &lines);
    let killed = "return document.querySelector('.mb-s.is-fault') !== null";
    step_until(page, "a killed member", killed);
    let left = |page: &Page| {
        let text = words(page, ".mb-s.is-fault");
        let (_, digits) = text.split_once("session ends in ").unwrap_or_else(|| panic!("{text}"));
        let digits: String = digits.chars().take_while(|c| *c != '.').filter(char::is_ascii_digit).collect();
        digits.parse::<u64>().expect("milliseconds")
    };
    let first = left(page);
    assert!((40_000..=45_000).contains(&first), "{first}");
    // The next step is its removal: on the way there, events that are no step pass.
    page.wait_for("less time until it is missed", |page| {
        press_on(page, "]");
        (left(page) < first).then_some(())
    });
    press_on(page, "ArrowRight");
    assert!(words(page, ".mb-s.is-fault").contains("removed"), "{}", words(page, ".mb-s.is-fault"));
}

pub fn faults_are_drawn_where_they_act(page: &Page) {
    opened(page);
    let lost = "return document.querySelector('.rq .is-fault')?.textContent.includes('answer lost') ?? false";
    step_until(page, "a lost answer", lost);
    let result = words(page, ".st[data-station='6']");
    assert!(result.contains("try 1 written, answer lost, times out at "), "{result}");
    // It is down when the other brokers have heard of it, with their next heartbeats.
    command(page, "stop broker-3");
    step_until(page, "a stopped broker", "return document.querySelector('.bk.down') !== null");
    assert!(page.text(".bk.down").contains("stopped in order"), "{}", page.text(".bk.down"));
    assert!(page.text(".bk.down .pw").contains("start"));
    command(page, "crash broker-1");
    page.wait_text(".brk", "fenced in");
    page.wait_visible(".pt-s .hzt");
    page.wait_text(".col-c", "no leader, producers wait");
    axe::check(page, "a scene full of faults");
    page.shot("scene-faults");
}

pub fn send_blocks_and_fails(page: &Page) {
    let value = "v".repeat(120);
    let lines = format!(
        "send producer-1 orders key=kai value=1\nwait sent producer-1\npause-process broker-1\n\
         send producer-1 orders key=kai value={value} times=4\nsleep 5000\n"
    );
    let settings = "buffer.memory=400 batch.size=200 linger.ms=1000 max.block.ms=3000 delivery.timeout.ms=40000";
    opened_with(page, 1, settings, &lines);
    go_to(page, "1100");
    // The record that waits now is followed until it has failed.
    let follow = "const pick = document.querySelector('.pick select');
        pick.value = String(Math.max(...[...pick.options].map((option) => Number(option.value))));
        pick.dispatchEvent(new Event('change', { bubbles: true }));";
    page.evaluate(follow);
    page.wait_visible(".st.block");
    let blocked = "return document.querySelector('.st.block[data-station=\"4\"]') !== null";
    step_until(page, "a send() without memory", blocked);
    let station = words(page, ".st.block");
    assert!(station.contains("of memory") && station.contains("buffer.memory"), "{station}");
    step_until(page, "a failed record", "return document.querySelector('.st.fail') !== null");
    assert!(words(page, ".st.fail").contains("Exception"), "{}", words(page, ".st.fail"));
}

pub fn a_low_window_keeps_everything_in_reach(page: &Page) {
    opened(page);
    let height = |page: &Page, selector: &str| {
        let script = "return document.querySelector(arguments[0]).getBoundingClientRect().height";
        page.evaluate_with(script, vec![selector.into()]).as_f64().unwrap_or(-1.0)
    };
    assert!(height(page, ".cf-rows") > 100.0);
    for (width, low) in [(1024, 700), (1280, 720), (1440, 799)] {
        page.resize(width, low);
        // Those that are touched now, five at most; the others are counted in one line.
        page.wait_for("few lanes", |page| {
            let names = page.text(".tl-names");
            let idle: u64 = names.lines().find_map(|line| line.strip_suffix(" idle")?.parse().ok())?;
            let lanes = page.count(".tl-names li");
            ((3..=5).contains(&lanes) && lanes + idle == 8).then_some(())
        });
        let inside =
            "const all = [...document.querySelectorAll('.sc, .nr, .tr, .tl')].map((e) => e.getBoundingClientRect());
            return document.documentElement.scrollWidth <= innerWidth
              && all.every((area) => area.height > 40 && area.bottom <= innerHeight + 0.5);";
        assert_eq!(page.evaluate(inside), true, "{width}x{low}");
    }
    assert_eq!(height(page, ".cf-rows"), 0.0, "settings are folded to their header");
    assert_eq!(page.attribute("#fold-settings", "aria-expanded").as_deref(), Some("false"));
    page.press("/");
    page.wait_for("the rows", |page| (height(page, ".cf-rows") > 40.0).then_some(()));
    page.press("Escape");
    page.click("#fold-settings");
    page.wait_for("the rows", |page| (height(page, ".cf-rows") > 40.0).then_some(()));
    page.resize(1440, 900);
    page.wait_for("all lanes", |page| (page.count(".tl-names li") == 8).then_some(()));
}

pub fn the_divider_is_moved_and_stays(page: &Page) {
    opened(page);
    let share = |page: &Page| page.attribute("#divider", "aria-valuenow").and_then(|share| share.parse::<u32>().ok());
    let first = share(page).expect("a number");
    page.evaluate("document.querySelector('#divider').focus()");
    page.press("ArrowUp");
    page.wait_for("a place higher up", |page| (share(page)? < first).then_some(()));
    let clock = page.text(".clock");
    page.press("End");
    page.wait_for("its lowest place", |page| (share(page)? == 90).then_some(()));
    assert_eq!(page.text(".clock"), clock, "its keys take no step");
    page.drag("#divider", 0, -300);
    let dragged = page.wait_for("a place far up", |page| share(page).filter(|share| *share < 75));
    page.reload();
    page.wait_text(".clock", "step ");
    assert_eq!(share(page), Some(dragged), "it is kept");
}

pub fn without_motion_the_path_stands_still(page: &Page) {
    page.prefer(Scheme::Light, true);
    opened(page);
    step_until(page, "a message", "return document.querySelector('.tok.now') !== null");
    page.wait_visible(".w.from");
    let moving = page.evaluate("return document.querySelector('.tok.now').getAnimations().length");
    assert_eq!(moving, 0, "nothing moves");
    // The wire ends with the arrow; the token stands half its width before it.
    let apart = "const end = (element) => element.getBoundingClientRect();
        const [token, wire, began] = ['.tok.now', '.w.now:not(.from)', '.w.from'].map((one) => end(document.querySelector(one)));
        return began.left < wire.left + wire.width / 2 ? wire.right - token.right : token.left - wire.left";
    let apart = page.evaluate(apart).as_f64().expect("pixels");
    assert!(apart.abs() < 20.0, "the token stands at its end, {apart} pixels away");
}

pub fn a_step_is_laid_out_twice_at_most(page: &Page) {
    opened_first(page);
    page.wait_stored();
    let others = "
        const told = ['offset', 'computedOffset', 'easing', 'composite', 'transform', 'opacity'];
        const names = document.getAnimations().flatMap((one) => one.effect.getKeyframes()).flatMap(Object.keys);
        return names.filter((name) => !told.includes(name));";
    let folded = |page: &Page| (page.text(".chs [aria-current]"), page.attribute(".col-p", "data-fold"));
    let mut at = folded(page);
    for step in 1..=14 {
        page.wait_frames(2);
        let before = page.metric("LayoutCount");
        page.press("ArrowRight");
        // What moves is seen on its way, and then at its end.
        page.wait_frames(2);
        assert_eq!(page.evaluate(others), serde_json::json!([]), "step {step}: only transforms and opacity move");
        page.wait_true("the step to be at rest", "return document.getAnimations().length === 0");
        let layouts = page.metric("LayoutCount") - before;
        // With a chapter the stations unfold, and fold again when they have no room: that is measured each time.
        let after = folded(page);
        let most = if std::mem::replace(&mut at, after.clone()) == after { 2.0 } else { 4.0 };
        assert!(layouts <= most, "step {step} was laid out {layouts} times");
    }
}

pub fn words_of_the_scene_explain_themselves(page: &Page) {
    opened(page);
    // Flags may still slide to their places.
    page.wait_for("the flag's tip", |page| {
        page.hover(".clock");
        page.hover(".pt-s [data-term='high-watermark']");
        (page.visible("#tip.on") && words(page, "#tip").starts_with("high watermark")).then_some(())
    });
    // From a key on the keyboard's focus is seen: its term explains itself.
    page.press("Shift");
    page.evaluate("document.querySelector('.st h3 .term').focus()");
    page.wait_for("the station's tip", |page| words(page, "#tip").starts_with("record").then_some(()));
    // What slides under the pointer, which rests, is not pointed at: as the browser tells of it then.
    page.evaluate(
        "const flag = document.querySelector(\".pt-s [data-term='high-watermark']\");
         const box = flag.getBoundingClientRect();
         const at = { bubbles: true, clientX: Math.round(box.x + box.width / 2), clientY: Math.round(box.y + box.height / 2) };
         flag.dispatchEvent(new MouseEvent('mousemove', at));
         flag.dispatchEvent(new MouseEvent('mouseover', at));",
    );
    assert!(words(page, "#tip").starts_with("record"), "{}", words(page, "#tip"));
    axe::check(page, "terms of the scene");
}

pub fn another_run_has_the_whole_width(page: &Page) {
    page.resize(1366, 900);
    opened_untold(page);
    let fits =
        "return document.querySelector('.tl-run svg').clientWidth === document.querySelector('.tl-w').clientWidth";
    page.wait_true("lanes as wide as their place", fits);
    let other = page.fragment(&format!("{CLUSTER}topic payments\n{}", consumers(4)), Some(3));
    page.evaluate(&format!("location.hash = {other:?}"));
    page.wait_text(".pt-h", "payments");
    page.wait_true("lanes as wide as before", fits);
}

pub fn long_names_and_offsets_have_room(page: &Page) {
    opened(page);
    let topic = "payments-of-all-the-branches-in-the-whole-country";
    let sends: String = (0..1020).map(|i| format!("send p1 {topic} partition=1 value=v{i}\n")).collect();
    let script = format!(
        "cluster brokers=1 seed=5\ntopic {topic} partitions=2\nproducer p1 linger.ms=5000 batch.size=500000\n{sends}flush p1\nsleep 10\n"
    );
    page.open_script(&script, None);
    page.wait_text(".clock", "step ");
    page.press("g");
    page.wait_visible("#goto");
    page.type_text("20000");
    page.press("Enter");
    page.wait_true(
        "the last offsets",
        "return [...document.querySelectorAll('.pt-s .mu')].some((one) => one.textContent === '1018')",
    );
    let apart = page.evaluate(
        "const boxes = [...document.querySelectorAll('.pt-s g.at > .mu')].map((text) => text.getBoundingClientRect());
         const rows = boxes.filter((box) => box.width > 0).sort((a, b) => a.top - b.top || a.left - b.left);
         return rows.every((box, i) => i === 0 || rows[i - 1].top !== box.top || rows[i - 1].right <= box.left);",
    );
    assert_eq!(apart, true, "no offset stands on another");
    // What tells the two partitions apart is not cut away.
    let end = page.evaluate(
        "const button = [...document.querySelectorAll('.pt-h .mid')].at(-1);
         const [outer, end] = [button.closest('button'), button.lastElementChild].map((one) => one.getBoundingClientRect());
         return end.right <= outer.right + 1 && button.lastElementChild.innerText.endsWith('-1');",
    );
    assert_eq!(end, true, "the number of the partition is in sight");
    page.shot("long-names");
}

/// Wires end where what they join stands, also when a column is scrolled.
pub fn wires_follow_a_scrolled_column(page: &Page) {
    opened(page);
    // More partitions than there is room for, also where those that nothing touches are folded.
    let many = "cluster brokers=1 seed=3 offsets.topic.num.partitions=1 group.initial.rebalance.delay.ms=0\n\
                topic t partitions=24\nconsumer c group.id=g\nsubscribe c t\nconsume-loop c\nwait assigned-count c = 24\n";
    page.open_script(many, None);
    page.wait_text(".clock", "step 0");
    page.resize(1440, 805);
    page.press("g");
    page.wait_visible("#goto");
    page.type_text("1000.0");
    page.press("Enter");
    page.wait_visible(".wires path.read");
    let wires = |page: &Page| {
        page.evaluate("return [...document.querySelectorAll('.wires path')].map((one) => one.outerHTML).join()")
    };
    page.wait_for("wires at rest", |page| {
        let before = wires(page);
        page.wait_frames(10);
        (wires(page) == before).then_some(())
    });
    // How far the reader's wire that begins highest is from the highest lane in sight, in pixels.
    let apart = |page: &Page| {
        let apart = page.evaluate(
            "const room = document.querySelector('.col-c .col-s').getBoundingClientRect();
             const lanes = [...document.querySelectorAll('.col-c [data-reader]')].map((lane) => {
               const box = lane.getBoundingClientRect();
               return box.top + (lane.dataset.y ? Number(lane.dataset.y) : box.height / 2);
             });
             const begins = [...document.querySelectorAll('.wires path.read')]
               .map((wire) => wire.getPointAtLength(0).matrixTransform(wire.getScreenCTM()).y);
             return Math.min(...begins) - Math.min(...lanes.filter((y) => y >= room.top && y <= room.bottom));",
        );
        apart.as_f64().expect("a wire, and a lane in sight").abs()
    };
    assert!(apart(page) < 2.0, "{} pixels before it is scrolled", apart(page));
    let scrolled = page.evaluate(
        "const column = document.querySelector('.col-c .col-s');
         column.scrollTop = 20;
         return column.scrollTop;",
    );
    assert_eq!(scrolled, 20, "the cluster is higher than its room");
    page.wait_for("the wires to follow", |page| (apart(page) < 2.0).then_some(()));
}

/// However long the clock is, the name of a fault is seen whole or not at all.
pub fn names_of_faults_are_never_cut(page: &Page) {
    opened(page);
    page.open_script("cluster brokers=1 seed=3\ntopic t\nproducer p1\nsend p1 t value=a\n", None);
    page.wait_text(".clock", "step 0");
    page.press("g");
    page.wait_visible("#goto");
    page.type_text("1234567.8");
    page.press("Enter");
    let digits = |clock: &str| clock.chars().take_while(|c| *c != '.').filter(char::is_ascii_digit).count();
    page.wait_for("a clock of seven digits", |page| (digits(&page.text(".clock")) == 7).then_some(()));
    closed(page);
    for language in ["en", "ko"] {
        for width in [1340, 1424, 1440, 1480, 1560, 1680, 1920] {
            page.resize(width, 900);
            page.wait_frames(2);
            let cut = page.evaluate(
                "const row = document.querySelector('.tr').getBoundingClientRect();
                 const is_cut = (button) => {
                   const [box, name] = [button, button.querySelector('span')].map((one) => one.getBoundingClientRect());
                   const is_seen = name.width > 0 && name.top < box.bottom;
                   return box.right > row.right || box.width < 24 || is_seen && (name.left < box.left || name.right > box.right);
                 };
                 return [...document.querySelectorAll('.flt .btn')].filter(is_cut).map((one) => one.textContent);",
            );
            assert_eq!(cut, serde_json::json!([]), "{language}, {width} pixels");
            let is_told = "return [...document.querySelectorAll('.flt .btn')]
                .every((one) => one.querySelector('span').getBoundingClientRect().top < one.getBoundingClientRect().bottom)";
            if width >= 1920 {
                assert_eq!(page.evaluate(is_told), true, "{language}, {width} pixels: names beside their icons");
            }
            page.shot(&format!("transport-{language}-{width}"));
        }
        page.click("#language");
        page.wait_frames(2);
    }
}
