//! Real input: properties, code, files of records; and all of it when it is broken.

use super::acting::{closed, command};
use super::moving::{opened, step};
use crate::axe;
use crate::page::Page;

const JAVA: &str = "Properties props = new Properties();
props.put(\"bootstrap.servers\", \"kafka01:9092,kafka02:9092\");
props.put(ProducerConfig.ACKS_CONFIG, \"1\");
props.put(\"asks\", \"all\");
props.put(\"linger.ms\", \"20\");
KafkaProducer<String, String> producer = new KafkaProducer<>(props);
ProducerRecord<String, String> record = new ProducerRecord<>(\"orders\", \"mia\", \"hello\");
producer.send(record, (metadata, exception) -> {});";

/// Opens the n-th thing that can be added.
#[track_caller]
pub fn open_added(page: &Page, number: u32) {
    page.click("#add");
    page.click(&format!("dialog .fpal li:nth-child({number}) button"));
}

/// What is said of a line of the grammar that cannot be read or done.
#[track_caller]
pub fn refused(page: &Page, line: &str, said: &str) {
    page.press(":");
    page.wait_visible("#command");
    page.type_text(line);
    page.press("Enter");
    page.wait_text("dialog .probs", said);
    page.press("Escape");
    closed(page);
}

/// Gives a file to an input, as a user who chooses one.
#[track_caller]
pub fn choose_file(page: &Page, selector: &str, name: &str, text: &str) {
    let script = "
        const files = new DataTransfer();
        files.items.add(new File([arguments[2]], arguments[1], { type: 'text/plain' }));
        const input = document.querySelector(arguments[0]);
        input.files = files.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));";
    page.evaluate_with(script, vec![selector.into(), name.into(), text.into()]);
}

#[track_caller]
fn choose(page: &Page, selector: &str, value: &str) {
    let script = "
        const choice = document.querySelector(arguments[0]);
        choice.value = arguments[1];
        choice.dispatchEvent(new Event('change', { bubbles: true }));";
    page.evaluate_with(script, vec![selector.into(), value.into()]);
}

/// Of the clients that a text can be for, a new one.
#[track_caller]
fn choose_new(page: &Page, called: &str) {
    let number =
        page.texts("#whom option").iter().position(|text| text.contains(called)).expect("a new one is offered");
    let value = page.evaluate(&format!("return document.querySelectorAll('#whom option')[{number}].value"));
    choose(page, "#whom", value.as_str().expect("a value"));
}

pub fn properties_are_pasted(page: &Page) {
    opened(page);
    open_added(page, 6);
    page.wait_visible("#pasted");
    page.fill("#pasted", "acks = all\nlinger.ms: 30\nheartbeat.internval.ms=3\nmax.poll.records=5\nbootstrap.servers=kafka01:9092\nk=\\u12g4\n");
    page.wait_text("#taken", "linger.ms=30");
    let left_out = page.text("#left-out");
    assert!(left_out.contains("Line 3, column 1") && left_out.contains("Line 4, column 1"), "{left_out}");
    assert!(left_out.contains("Line 6"), "{left_out}");
    assert!(page.text("dialog").contains("kafka01:9092"), "foreign hosts are named");
    page.shot("paste");
    axe::check(page, "pasted properties");
    page.click("#paste-now");
    closed(page);
    assert!(page.text("#crash-script").is_empty());
    // What Kafka refuses is refused with its own words, and nothing is done.
    open_added(page, 6);
    page.fill("#pasted", "batch.size=many\n");
    page.wait_text("dialog .msg", "Invalid value many for configuration batch.size: Not a number of type INT");
    page.wait_text("dialog", "1 property, which is not taken");
    assert_eq!(page.text("dialog").matches("Invalid value many").count(), 1, "{}", page.text("dialog"));
    page.wait_true("no button", "return document.querySelector('#paste-now').offsetParent === null");
    // All that is refused is named.
    page.fill("#pasted", "batch.size=many\nlinger.ms=soon\n");
    page.wait_text("dialog", "Invalid value soon for configuration linger.ms");
    page.wait_text("dialog", "Invalid value many for configuration batch.size");
    page.press("Escape");
    closed(page);
}

pub fn code_is_pasted(page: &Page) {
    opened(page);
    open_added(page, 6);
    page.wait_visible("#pasted");
    page.fill("#pasted", JAVA);
    page.wait_text("#taken", "acks=1");
    assert!(page.text("#left-out").contains("Did you mean acks?"));
    assert!(page.text("#program").contains("produce-loop producer-1 orders"), "{}", page.text("#program"));
    assert!(page.text("#program").contains("mode=async"));
    choose_new(page, "new producer");
    page.wait_text("#program", "produce-loop producer-3 orders");
    page.shot("code");
    page.click("#paste-now");
    closed(page);
    page.press("t");
    page.wait_visible("#client");
    assert!(page.texts("#client option").contains(&"producer-3".to_string()));
}

/// A property that Kafka does not have is told of wherever a client is made with it.
pub fn unknown_properties_are_told(page: &Page) {
    opened(page);
    for (line, said) in [
        ("producer p7 asks=1", "These configurations '[asks]' were supplied but are not used yet."),
        ("producer p8 buffer.byte=3", "Did you mean buffer.memory?"),
        ("set p7 foo=1 from=now", "Kafka has no property foo."),
    ] {
        command(page, line);
        page.wait_text(".notices", said);
    }
    page.shot("unused");
    page.click("#open");
    page.wait_visible("dialog .ru");
    choose_file(
        page,
        "#script-file",
        "typo.txt",
        "cluster brokers=1 seed=7\nconsumer c1 group.id=g max.poll.record=3\n",
    );
    page.wait_text(".notices", "'[max.poll.record]'");
    page.wait_text(".notices", "Did you mean max.poll.records?");
    // Who goes on in the run that was opened stays in it.
    page.wait_text(".notices", "Another run is open.");
    command(page, "topic orders");
    assert!(!page.text(".notices").contains("Another run"), "{}", page.text(".notices"));
    // What was said of a run is not said again when it comes back.
    page.wait_stored();
    page.reload();
    page.wait_text(".clock", "step ");
    page.wait_true("the settings", "return document.querySelector('#find-setting') !== null");
    assert!(!page.text(".notices").contains("max.poll.record"), "{}", page.text(".notices"));
}

/// The faults that need a client say why there is none to choose.
pub fn faults_without_a_target_say_why(page: &Page) {
    opened(page);
    page.click("#open");
    page.wait_visible("dialog .ru");
    choose_file(page, "#script-file", "empty.txt", "cluster brokers=1 seed=7\n");
    page.wait_text(".tb-name", "A run of your own");
    for (key, said) in [("k", "This cannot act now: no client runs."), ("w", "This cannot act now: no consumer runs.")]
    {
        page.press(key);
        page.wait_text("#no-target", said);
        page.press("Escape");
        closed(page);
    }
}

pub fn a_loop_of_code_is_carried_over(page: &Page) {
    opened(page);
    open_added(page, 6);
    page.wait_visible("#pasted");
    let code = "val p = KafkaProducer<String, String>(props)\nfor (i in 0 until 5) {\n  p.send(ProducerRecord(\"orders\", \"k$i\", \"v\" + i)) { m, e -> }\n}";
    page.fill("#pasted", code);
    page.wait_text("#program", "produce-loop producer-1 orders interval_ms=0 count=5 key=k{i} value=v{i} mode=async");
    page.fill("#pasted", &code.replace('5', "n"));
    page.wait_text("#left-out", "The program here sends 10 times.");
    // From the start the client has the program, too.
    page.fill("#pasted", code);
    choose(page, "#whom", "producer-1");
    page.wait_text("#program", "produce-loop producer-1 orders interval_ms=0 count=5");
    page.click("#paste-start");
    closed(page);
    page.wait_text(".notices", "Branch 1 is kept.");
}

pub fn a_header_can_be_null(page: &Page) {
    opened(page);
    open_added(page, 1);
    page.wait_visible("#headers");
    page.fill("#headers", "a\nb=\nc=1");
    page.wait_text("dialog pre.lines", "header.a header.b= header.c=1");
    page.click("dialog .act button.p");
    closed(page);
}

/// Code of a consumer goes to a consumer by itself; while a producer is chosen, all of it is listed, and a consumer is offered.
pub fn code_for_another_client_is_taken_to_it(page: &Page) {
    opened(page);
    open_added(page, 6);
    page.wait_visible("#pasted");
    let code = "props.put(\"group.id\", \"billing\");\nprops.put(\"heartbeat.internval.ms\", 3);\nc = new KafkaConsumer<>(props);";
    page.fill("#pasted", code);
    page.wait_text("#taken", "group.id=billing");
    choose(page, "#whom", "producer-1");
    page.wait_text("#left-out", "group.id is a property of a consumer");
    page.wait_text("#left-out", "Did you mean heartbeat.interval.ms?");
    page.wait_text("dialog", "This is for a consumer");
    page.shot("for-another");
    axe::check(page, "code for another client");
    page.click("#for-another button:last-child");
    page.wait_text("#taken", "group.id=billing");
    assert!(page.texts("#for-another").is_empty());
    let chosen = page.evaluate("return document.querySelector('#whom').value");
    assert!(chosen.as_str().is_some_and(|value| value.starts_with("+c")), "{chosen}");
    page.press("Escape");
    closed(page);
}

/// A text of a consumer and a producer: one paste makes both, each unless it is taken off; all lines are shown before.
pub fn one_paste_makes_all_clients_of_a_text(page: &Page) {
    opened(page);
    open_added(page, 6);
    page.wait_visible("#pasted");
    let code = "KafkaConsumer<String, String> input = new KafkaConsumer<>(Map.of(\"group.id\", \"billing\"));\n\
                KafkaProducer<String, String> output = new KafkaProducer<>(Map.of(\"acks\", \"1\"));\n\
                input.subscribe(List.of(\"orders\"), new ConsumerRebalanceListener() {\n\
                  public void onPartitionsRevoked(Collection<TopicPartition> of) { input.commitSync(); }\n\
                  public void onPartitionsAssigned(Collection<TopicPartition> of) { }\n});\n\
                while (true) { input.poll(Duration.ofMillis(50)).forEach(r -> handle(r)); }\n\
                void tell() { output.send(new ProducerRecord<>(\"orders\", \"k\", \"v\")); }";
    page.fill("#pasted", code);
    // Of a text for both kinds both are made, though a producer runs.
    page.wait_text("#others", "a new consumer");
    page.wait_text("#program", "producer producer-3 acks=1");
    choose_new(page, "new consumer");
    page.wait_text("#others", "a new producer, producer-3 (output, line 2)");
    page.wait_text("#program", "on-revoked=commit-sync");
    page.wait_text("#program", "producer producer-3 acks=1");
    page.wait_text("#program", "produce-loop producer-3 orders");
    page.shot("several-clients");
    axe::check(page, "several clients of a text");
    page.click("#others input");
    page.wait_text("#left-out", "acks is a property of a producer");
    assert!(!page.text("#program").contains("producer-3"), "{}", page.text("#program"));
    page.click("#others input");
    page.wait_text("#program", "producer producer-3 acks=1");
    page.click("#paste-now");
    closed(page);
    page.press("t");
    page.wait_visible("#client");
    assert!(page.texts("#client option").contains(&"producer-3".to_string()));
}

pub fn a_file_of_records_is_shown_and_sent(page: &Page) {
    opened(page);
    open_added(page, 7);
    page.wait_visible("#records-file");
    let file =
        "{\"key\":\"kai\",\"value\":{\"n\":1}}\n{\"value\": broken\n{\"key\":\"mia\",\"value\":2,\"partition\":1}\n";
    choose_file(page, "#records-file", "orders.jsonl", file);
    page.wait_text("#records-sum", "2 records, 1 refused.");
    page.wait_text("#refused", "Line 2");
    page.shot("records");
    axe::check(page, "a file of records");
    let before = step(page);
    page.click("#send-records");
    closed(page);
    assert!(step(page) > before);
    // Dropped on the page itself.
    let drop = "
        const data = new DataTransfer();
        data.items.add(new File(['key,value\\na,1\\nb,2\\nc'], 'table.csv'));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));";
    page.evaluate(drop);
    page.wait_text("#records-sum", "Read as CSV");
    page.press("Escape");
    closed(page);
}

pub fn what_was_chosen_of_a_file_can_be_changed(page: &Page) {
    opened(page);
    open_added(page, 7);
    page.wait_visible("#records-file");
    let table = "Order Id,Customer Name,At\n1,\"Kim, Mia\",2026-01-02 03:04:05\n2,\"Lee, Kai\",2026-01-02 03:09:05\n";
    choose_file(page, "#records-file", "orders.csv", table);
    page.wait_text(
        "#records-sum",
        "CSV with a header, separated by ,: 2 records, 0 refused. Value: the whole row as JSON",
    );
    choose(page, "#key-column", "2");
    page.wait_text("table.recs", "Kim, Mia");
    page.wait_text("#records-sum", "key: Customer Name");
    choose(page, "#value-column", "1");
    page.wait_text("#records-sum", "Value: Order Id");
    choose(page, "#timestamp-column", "3");
    page.wait_text("table.recs", "2026-01-02T03:04:05Z");
    // A day later than the run's clock: told before it is sent, and it can be left out.
    page.wait_text("#records-clock", "2 of 2 timestamps are later than the run's clock");
    page.shot("records-chosen");
    axe::check(page, "a table of records");
    choose_file(page, "#records-file", "array.json", "[\n  {\"value\": 1},\n  {\"value\": 2}\n]\n");
    page.wait_text("#records-sum", "2 records, 0 refused.");
    choose(page, "#objects", "values");
    page.wait_text("#records-sum", "JSON, each document a value");
    page.wait_text("table.recs", "{\"value\": 1}");
    page.press("Escape");
    closed(page);
}

pub fn fifty_thousand_records_are_sent_whole(page: &Page) {
    opened(page);
    open_added(page, 7);
    page.wait_visible("#records-file");
    // As many as are allowed, and as long: quotes and blanks make their lines longer in the run's script, and letters
    // without a pattern are not packed well.
    let mut rng = partita::rng::Rng::new(7);
    let mut note = || -> String {
        (0..66).map(|i| if i % 9 == 8 { ' ' } else { char::from(b'a' + rng.below(26) as u8) }).collect()
    };
    let file: String =
        (0..50_000).map(|n| format!("k{}\t{{\"order\": {n}, \"note\": \"{}\"}}\n", n % 100, note())).collect();
    assert!((4_800_000..=5 * 1_048_576).contains(&file.len()), "{}", file.len());
    choose_file(page, "#records-file", "many.txt", &file);
    page.wait_text("#records-sum", "50\u{202f}000 records");
    page.click("#send-records");
    page.wait_true("the records to be sent", "return !document.querySelector('dialog')");
    // A link of it is too long for browsers: that is said, and the file is offered.
    page.wait_for("a clock", |page| page.text(".clock").contains("step ").then_some(()));
    page.click("#share");
    page.wait_true(
        "what became of the link",
        "return !document.querySelector('#link-hint').innerText.includes('Packing')",
    );
    let said = page.text("#link-hint");
    assert!(said.contains("and browsers open 1\u{202f}000\u{202f}000. Export a script file instead."), "{said}");
    assert_eq!(page.evaluate("return document.querySelector('#link').value"), "");
    assert_eq!(page.attribute("#copy-link", "aria-disabled").as_deref(), Some("true"));
    page.shot("long-link");
    page.press("Escape");
    closed(page);
    let there = step(page);
    page.reload();
    page.wait_true("the run to be back", "return document.querySelector('.clock')?.innerText.includes('step ')");
    page.wait_for("the place", |page| (step(page) == there).then_some(()));
    assert!(!page.text(".notices").contains("could be opened"), "{}", page.text(".notices"));
    let kept = "
        return new Promise((done) => {
          const open = indexedDB.open('partita', 1);
          open.onsuccess = () => {
            const all = open.result.transaction('runs').objectStore('runs').getAll();
            all.onsuccess = () => {
              open.result.close();
              done(all.result.join('\\n').match(/send producer-1 orders key=k\\d+ value=/g)?.length);
            };
          };
        });";
    assert_eq!(page.evaluate(kept).as_u64(), Some(50_000));
    let more = (0..50_001).map(|n| format!("k\t{n}\n")).collect::<String>();
    open_added(page, 7);
    page.wait_visible("#records-file");
    choose_file(page, "#records-file", "more.txt", &more);
    page.wait_text("#records-sum", "0 records");
    page.wait_text("#refused", "more than 50,000 records. Nothing is sent by halves.");
    assert_eq!(page.attribute("#send-records", "aria-disabled").as_deref(), Some("true"));
    page.press("Escape");
    closed(page);
}

pub fn bad_inputs_get_sentences(page: &Page) {
    opened(page);
    for (line, said) in [
        ("sned producer-1 orders", "Line 1, column 1: sned is no verb. Did you mean send?"),
        ("send producer-1", "column 16"),
        ("send nobody orders", "column 6"),
        ("crash broker-9", "column 7"),
        ("send producer-1 orders partition=x", "column 34"),
        ("commit c1 sync orders=5", "column 16"),
        ("send producer-1 orders key=\"a", "column 28"),
        ("cluster brokers=2", "column 1"),
    ] {
        refused(page, line, said);
    }
    // A refusal of the model, not of the grammar.
    page.press(":");
    page.wait_visible("#command");
    page.type_text("set producer-1 linger.ms=1 from=start");
    page.press("Enter");
    page.wait_text("dialog .probs", "a branch of its own");
    page.press("Escape");
    closed(page);
    command(page, "send producer-1 orders value=fine");
}
