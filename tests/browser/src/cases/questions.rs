//! The ten questions with which a reader of notes on Kafka's clients comes: each is answered on the screen within so many keys
//! and clicks, counted from the opening of its story. What is counted as an answer stands in the page and is in sight.

use partita::lang::Lang;

use super::looks::dressed;
use super::moving::{choose_story, clock_ms, opened_first};
use super::real_input::open_added;
use crate::page::{Page, Scheme};

const SIZES: [(u32, u32); 2] = [(1440, 900), (1366, 657)];
const ENGLISH: &[Lang] = &[Lang::En];
const BOTH: &[Lang] = &[Lang::En, Lang::Ko];

/// Whether a text stands where it is in sight: whole, within the window, and under nothing else.
const IS_SEEN: &str = "
    const [selector, text] = arguments;
    const is_seen = (one) => {
      const box = one.getBoundingClientRect();
      if (!one.checkVisibility({ visibilityProperty: true }) || box.width < 4 || box.height < 4) return false;
      if (box.top < 0 || box.left < 0 || box.bottom > innerHeight + 1 || box.right > innerWidth + 1) return false;
      const there = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
      return there !== null && (one.contains(there) || there.contains(one));
    };
    return [...document.querySelectorAll(selector)].some(
      (one) => one.textContent.replaceAll('\\u202f', ' ').includes(text) && is_seen(one));";

/// Where sentences stand.
const SAID: &str = ".nr p.say";

/// A reader who has opened a story, and counts what they do.
struct Reader<'a> {
    page: &'a Page,
    lang: Lang,
    done: u32,
}

/// What a reader does in a story, at both sizes and in these languages.
#[track_caller]
fn asked(page: &Page, langs: &[Lang], asks: impl Fn(&mut Reader<'_>)) {
    opened_first(page);
    for &lang in langs {
        dressed(page, Scheme::Light, lang.pick("en", "ko"));
        for (width, height) in SIZES {
            page.resize(width, height);
            asks(&mut Reader { page, lang, done: 0 });
            page.shot(&format!("question-{width}-{}", lang.pick("en", "ko")));
        }
    }
}

impl Reader<'_> {
    #[track_caller]
    fn opens(&mut self, story: &str) {
        choose_story(self.page, story);
        self.page.wait_text(".clock", self.lang.pick("chapter 1 of", "챕터 1/"));
        self.page.wait_text(".nr", self.lang.pick("Press →", "→ 키"));
        self.done = 0;
    }

    #[track_caller]
    fn presses(&mut self, key: &str) {
        let before = self.page.text(".clock");
        self.page.press(key);
        self.page.wait_for(&format!("another step after {key}"), |page| {
            assert_eq!(page.count(".nr.end"), 0, "the story has ended at {before}");
            (page.text(".clock") != before).then_some(())
        });
        self.done += 1;
    }

    #[track_caller]
    fn chapters(&mut self, count: u32) {
        for _ in 0..count {
            self.presses("PageDown");
        }
    }

    fn sees(&self, selector: &str, text: &str) -> bool {
        self.page.evaluate_with(IS_SEEN, vec![selector.into(), text.into()]) == true
    }

    /// It stands there when the page has come to rest.
    #[track_caller]
    fn finds(&self, selector: &str, text: &str) {
        self.page.wait_for(&format!("`{text}` in sight in `{selector}`"), |_| self.sees(selector, text).then_some(()));
    }

    /// Presses → until a sentence says this, in so many keys and clicks since the opening.
    #[track_caller]
    fn right_to(&mut self, most: u32, text: &str) {
        while !self.sees(SAID, text) {
            assert!(self.done < most, "{most} keys and clicks, and no `{text}`: {:?}", self.page.texts(SAID));
            self.presses("ArrowRight");
        }
        assert!(self.done <= most, "`{text}` takes {}, not {most}", self.done);
    }
}

pub fn what_are_the_six_stages(page: &Page) {
    asked(page, BOTH, |reader| {
        reader.opens("journey");
        let mut seen = Vec::new();
        let look = |reader: &Reader<'_>, seen: &mut Vec<String>| {
            let now = reader.page.attribute(".st.now", "data-station");
            seen.extend(now.filter(|now| seen.last() != Some(now)));
        };
        for _ in 0..4 {
            reader.presses("ArrowRight");
            look(reader, &mut seen);
        }
        reader.chapters(1);
        while seen.last().is_none_or(|last| last != "6") {
            assert!(reader.done < 12, "12 keys, and no more than the stages {seen:?}");
            reader.presses("ArrowRight");
            look(reader, &mut seen);
        }
        assert_eq!(seen, ["1", "2", "3", "4", "5", "6"], "in {} keys", reader.done);
        reader.finds(SAID, "orders-1@0");
    });
}

pub fn play_alone_shows_the_six_stages(page: &Page) {
    opened_first(page);
    page.evaluate(
        "const pace = document.querySelector('#pace');
         pace.value = pace.max;
         pace.dispatchEvent(new Event('input', { bubbles: true }));
         window.seen = [];
         const look = () => {
           const now = document.querySelector('.st.now')?.dataset.station;
           if (now && seen.at(-1) !== now) seen.push(now);
           requestAnimationFrame(look);
         };
         look();",
    );
    // It stops where a chapter begins, to be read, and goes on when it is asked to.
    page.wait_while_it_goes_on(
        "the sixth stage",
        ".clock",
        "const play = document.querySelector('#play');
         if (play.ariaLabel.startsWith('Play')) play.click();
         return seen.at(-1) === '6';",
    );
    assert_eq!(page.evaluate("return seen"), serde_json::json!(["1", "2", "3", "4", "5", "6"]));
}

pub fn what_does_linger_ms_do(page: &Page) {
    asked(page, ENGLISH, |reader| {
        reader.opens("linger-and-batch");
        reader.chapters(1);
        reader.finds(SAID, "Order 1035 waits alone");
        reader.right_to(8, "Batch 2 of orders-1 has waited long enough");
        reader.finds(".clock", "517.0 ms");
        reader.chapters(2);
        reader.right_to(8, "Batch 3 of orders-1 is full");
        reader.finds(SAID, "sequence numbers 2 to 4");
    });
}

pub fn how_do_the_three_ways_to_send_differ(page: &Page) {
    let program = ".col-p .pg";
    asked(page, ENGLISH, |reader| {
        reader.opens("fire-and-forget");
        reader.chapters(2);
        reader.right_to(10, "1 record that it had not sent");
        // It is told, drawn, and counted at the end.
        reader.finds(program, "its 1 unsent record went with it");
        reader.opens("get-or-callback");
        reader.chapters(1);
        reader.finds(program, "send().get()");
        reader.right_to(10, "Record 2 has its result: orders-1@1");
        reader.opens("get-or-callback");
        reader.chapters(3);
        assert!(!reader.sees(program, "get()"), "the program does not wait: {:?}", reader.page.texts(program));
        reader.right_to(10, "Record 3 has its result: orders-1@2");
        reader.finds(SAID, "callback");
    });
    // The count of what was never sent.
    let mut reader = Reader { page, lang: Lang::En, done: 0 };
    reader.opens("fire-and-forget");
    reader.chapters(2);
    page.wait_for("the end of the story", |page| {
        page.press("ArrowRight");
        page.wait_frames(2);
        (page.count(".nr.end") > 0).then_some(())
    });
    reader.finds(".nr.end [data-count='never-sent'] dd", "1");
}

pub fn what_becomes_of_a_record_when_its_broker_crashes(page: &Page) {
    asked(page, ENGLISH, |reader| {
        reader.opens("broker-crash");
        reader.chapters(2);
        reader.right_to(12, "Record 2 for orders-1 has failed with TimeoutException");
        reader.opens("broker-crash");
        reader.chapters(3);
        reader.right_to(12, "try 2");
        reader.right_to(12, "Record 2 has its result: orders-1@2");
    });
}

pub fn why_was_this_processed_twice(page: &Page) {
    asked(page, BOTH, |reader| {
        reader.opens("auto-commit");
        reader.chapters(3);
        reader.right_to(10, reader.lang.pick("for the second time", "두 번째로"));
        reader.finds(SAID, "5 044.0");
        reader.finds(SAID, "5 064.0");
        // From the red mark in one click, wherever one has gone on to: what led to it.
        reader.chapters(1);
        reader.page.click("[data-promise].bad .lk");
        reader.finds("#how-title", reader.lang.pick("How it came to this", "여기까지의 과정"));
        reader.finds("#how li", reader.lang.pick("c1 killed, 4 never committed", "c1 강제 종료, 4 커밋 안 됨"));
        reader.finds("#how li", reader.lang.pick("c2 begins at committed 2", "c2: 커밋된 2에서 시작"));
        reader.finds("#how li", reader.lang.pick("processed by c2", "c2: 처리함"));
    });
}

pub fn what_do_four_consumers_do_and_when_one_is_killed(page: &Page) {
    asked(page, ENGLISH, |reader| {
        reader.opens("four-consumers");
        reader.right_to(6, "c4 owns nothing");
        let idle = reader.done;
        reader.chapters(2);
        reader.right_to(idle + 8, "c4 now owns orders-2");
        reader.finds(".col-g .mb", "c4");
    });
}

pub fn commit_sync_or_async_and_the_story_of_2_4_5(page: &Page) {
    asked(page, ENGLISH, |reader| {
        reader.opens("commit-sync-or-async");
        reader.right_to(12, "c1 commits by commitAsync(): orders-0: 2");
        reader.right_to(12, "c1 commits by commitAsync(): orders-0: 4");
        reader.right_to(12, "with COORDINATOR_LOAD_IN_PROGRESS");
        reader.chapters(1);
        reader.right_to(12, "committed offset 5 of orders-0");
        reader.chapters(1);
        reader.right_to(12, "back on orders-0: from 5 to 2");
    });
}

pub fn what_does_acks_0_risk(page: &Page) {
    asked(page, ENGLISH, |reader| {
        reader.opens("acks");
        reader.chapters(1);
        reader.right_to(6, "without an offset");
        reader.right_to(6, "Broker 2 crashes");
        reader.chapters(1);
        assert!(reader.done <= 6, "{} keys", reader.done);
        reader.finds(SAID, "order 1035 is nowhere");
        reader.finds("[data-promise].bad", "lost");
    });
}

/// A class as one has it.
const MY_CLASS: &str = "class Orders {\n  void run() {\n    Properties props = new Properties();\n    props.put(\"acks\", \"all\");\n    \
                KafkaProducer<String, String> mine = new KafkaProducer<>(props);\n    for (int i = 0; i < 3; i++) {\n      \
                mine.send(new ProducerRecord<>(\"orders\", \"mia\", \"my value\"));\n    }\n  }\n}\n";

/// One that reads.
const MY_READER: &str = "class Billing {\n  void run() {\n    Properties props = new Properties();\n    props.put(\"group.id\", \"billing\");\n    \
                props.put(\"enable.auto.commit\", \"false\");\n    KafkaConsumer<String, String> mine = new KafkaConsumer<>(props);\n    \
                mine.subscribe(List.of(\"orders\"));\n    while (true) {\n      var records = mine.poll(Duration.ofMillis(100));\n      \
                for (var record : records) {\n        System.out.println(record.value());\n      }\n      mine.commitSync();\n    }\n  }\n}\n";

/// Pastes a text for a client of the run, or for a new one, and takes it over by this button: two actions.
fn pastes(reader: &mut Reader<'_>, text: &str, whom: Option<&str>, button: &str) {
    open_added(reader.page, 6);
    reader.page.wait_visible("#pasted");
    reader.page.fill("#pasted", text);
    reader.page.wait_text("#program", "-loop ");
    if let Some(whom) = whom {
        reader.page.evaluate(&format!(
            "const whom = document.querySelector('#whom');
             whom.value = [...whom.options].find((option) => option.textContent.trim() === '{whom}').value;
             whom.dispatchEvent(new Event('change', {{ bubbles: true }}));"
        ));
        reader.page.wait_text("#program", &format!("set {whom} "));
    }
    reader.page.click(button);
    reader.page.wait_true("a closed dialog", "return !document.querySelector('dialog')");
    reader.done = 2;
}

/// From the paste to the line of one's own code that runs: four actions.
fn comes_to(reader: &mut Reader<'_>, line: &str) {
    while !reader.sees(".cd .lit", line) {
        assert!(reader.done < 4, "4 actions, and lit is {:?}", reader.page.texts(".cd .lit"));
        reader.presses("ArrowRight");
    }
}

pub fn what_does_my_own_class_do(page: &Page) {
    asked(page, ENGLISH, |reader| {
        // A run that is still being stored has its dialog built anew: a press on what is replaced goes nowhere.
        reader.page.wait_stored();
        reader.page.press("u");
        reader.page.click("dialog #empty");
        reader.page.click("dialog [data-brokers='3']");
        reader.page.wait_text(".tb-name", "A run of your own");
        pastes(reader, MY_CLASS, None, "#paste-now");
        comes_to(reader, "mine.send(");
        reader.finds(".cd .lit", "new ProducerRecord<>(\"orders\", \"mia\", \"my value\")");
    });
}

/// What happens while a client is closed for a pasted program lies before the place where that begins: it is said, and one can
/// go there.
pub fn what_a_paste_passes_can_be_gone_to(page: &Page) {
    asked(page, BOTH, |reader| {
        reader.opens("linger-and-batch");
        for _ in 0..4 {
            reader.presses("ArrowRight");
        }
        let before = clock_ms(reader.page);
        pastes(reader, MY_CLASS, Some("producer-1"), "#paste-now");
        let begins = reader.lang.pick("Here the pasted program begins.", "여기서 붙여 넣은 프로그램이 시작됩니다.");
        reader.page.wait_text(".notices", begins);
        let (begun, said) = (clock_ms(reader.page), reader.page.texts(SAID));
        reader.page.click(".notices .nl-g");
        reader.page.wait_for("what was passed", |page| (page.texts(SAID) != said).then_some(()));
        let there = clock_ms(reader.page);
        assert!(before <= there && there <= begun, "{before} {there} {begun}");
    });
}

/// The same for a client of a story that is under way: it is closed, and made anew with the settings of the class, while the
/// story's own lines go on.
pub fn what_does_my_own_class_do_in_a_story(page: &Page) {
    asked(page, ENGLISH, |reader| {
        let own = MY_CLASS.replace("all", "1");
        for id in ["journey", "linger-and-batch", "auto-commit"] {
            reader.opens(id);
            for _ in 0..3 {
                reader.presses("ArrowRight");
            }
            pastes(reader, &own, Some("producer-1"), "#paste-now");
            comes_to(reader, "new KafkaProducer<>(props)");
            while !reader.sees(".cd .lit", "mine.send(") {
                assert!(reader.done < 7, "{id}: lit is {:?}", reader.page.texts(".cd .lit"));
                reader.presses("ArrowRight");
            }
        }
        reader.opens("auto-commit");
        for _ in 0..3 {
            reader.presses("ArrowRight");
        }
        pastes(reader, MY_READER, Some("c1"), "#paste-now");
        comes_to(reader, "new KafkaConsumer<>(props)");
        reader.opens("linger-and-batch");
        pastes(reader, MY_CLASS, Some("producer-1"), "#paste-start");
        comes_to(reader, "mine.send(");
    });
}

pub fn what_does_auto_offset_reset_do(page: &Page) {
    asked(page, BOTH, |reader| {
        let at = |reader: &mut Reader<'_>, chapter: u32, begins: (&str, &str), why: (&str, &str)| {
            let lang = reader.lang;
            reader.opens("offset-reset");
            reader.chapters(chapter - 1);
            reader.right_to(8, lang.pick(begins.0, begins.1));
            reader.finds(SAID, lang.pick(why.0, why.1));
        };
        let nothing =
            ("Its group has committed nothing here, so it starts at the beginning", "커밋한 것이 없어 처음부터");
        at(reader, 1, ("c1 will read orders-0 from offset 0", "c1이 orders-0을 오프셋 0부터"), nothing);
        let the_end = ("Its group has committed nothing here, so it starts at the end", "커밋한 것이 없어 끝부터");
        at(reader, 2, ("c2 will read orders-0 from offset 3", "c2가 orders-0을 오프셋 3부터"), the_end);
        let committed = ("c1 had committed this offset", "오프셋으로 커밋했습니다");
        at(reader, 3, ("c3 will read orders-0 from offset 3", "c3이 orders-0을 오프셋 3부터"), committed);
        let out_of_range = ("It wanted offset 3, which the log does not have", "오프셋 3이 로그에 없어");
        at(reader, 5, ("c4 will read orders-0 from offset 5", "c4가 orders-0을 오프셋 5부터"), out_of_range);
    });
}
