//! A class pasted into a story that goes on meanwhile: whose record is followed, and when its own line is lit.

use partita::application::Written;
use partita::ids::{ClientId, EventId, RecordId};
use partita::input::code::{self, Answers, PastedText, Whom, together};
use partita::lang::Lang;
use partita::scenarios::Scenario;
use partita::script::{ClientKind, ScriptContext, Statement, parse_line};
use partita::time::Instant;
use partita::timeline::{Reader, Timeline, Walker};
use partita::view::code::{self as shown, Language};
use partita::view::{Lens, Selection, View};

const PRODUCER: &str = "class Orders {
  void run() {
    Properties props = new Properties();
    props.put(\"acks\", \"1\");
    KafkaProducer<String, String> mine = new KafkaProducer<>(props);
    for (int i = 0; i < 3; i++) {
      mine.send(new ProducerRecord<>(\"orders\", \"mia\", \"my value\"));
    }
  }
}
";

const CONSUMER: &str = "class Billing {
  void run() {
    Properties props = new Properties();
    props.put(\"group.id\", \"billing\");
    props.put(\"enable.auto.commit\", \"false\");
    KafkaConsumer<String, String> mine = new KafkaConsumer<>(props);
    mine.subscribe(List.of(\"orders\"));
    while (true) {
      ConsumerRecords<String, String> records = mine.poll(Duration.ofMillis(100));
      for (ConsumerRecord<String, String> record : records) {
        System.out.println(record.value());
      }
      mine.commitSync();
    }
  }
}
";

/// A ready scenario, so many of its steps behind the beginning of a chapter.
fn at(id: &str, chapter: u32, steps: usize) -> Timeline {
    let scenario = Scenario::by_id(id).expect("a ready scenario");
    let (script, _) = partita::script::parse(&scenario.script);
    let mut timeline = Timeline::new(&script).expect("a cluster");
    let mut walker = Walker::behind(timeline.moves().story(), Reader::default(), (0, EventId::NONE));
    let mut step = None;
    while step.is_none() {
        assert!(timeline.forward(), "the chapter comes");
        step = walker.chapter(timeline.moves().story(), chapter);
    }
    for _ in 0..steps {
        step = None;
        while step.is_none() {
            assert!(timeline.forward(), "a step comes");
            step = walker.step_on(timeline.moves().story());
        }
    }
    timeline.seek(step.expect("a step").number);
    timeline
}

/// A text that was pasted for a client that runs: done by the lines that the dialog makes of it. The number of the statement
/// with which its program begins.
fn paste(timeline: &mut Timeline, text: &str, kind: ClientKind, name: &str) -> Written {
    let whom = Whom { name: name.to_owned(), kind, is_new: false, brokers: 3 };
    let pasted = PastedText::read(text).expect("it has a client");
    let all = together(&pasted, &whom, &Answers::default(), &[], &mut |_| unreachable!("it has one"));
    let mut lines = all.lines(&whom, true);
    let kept = code::read(text).kept(text, all.pasted.client.expect("of code"), name).expect("it does something");
    lines.insert(lines.len() - 1, kept);
    act(timeline, &lines);
    Written::Command(u32::try_from(timeline.simulation().heard().len()).expect("few commands") - 1)
}

fn act(timeline: &mut Timeline, lines: &[String]) {
    let mut context = ScriptContext::after(&timeline.script());
    let read = |line: &String| Statement::clone(&parse_line(line, 1, &mut context).expect("a line").statement);
    timeline.act_all(lines.iter().map(read).collect()).expect("it can be done");
}

/// The lines of the pasted text that are lit one after another while the run goes on.
fn lit(timeline: &mut Timeline, name: &str, ms: u64) -> Vec<String> {
    let until = timeline.simulation().now().at.plus_millis(ms);
    let mut seen: Vec<String> = Vec::new();
    while timeline.simulation().now().at < until && timeline.forward() {
        let Some(client) = timeline.simulation().client(name).map(|client| client.id) else { continue };
        let view = View::of(timeline, &Lens { selected: Selection::Client(client), ..Lens::default() });
        let Some(lit) = &view.code.lit else { continue };
        let text = shown::text(timeline, client, (Language::Pasted, Lang::En), Some(lit.written));
        let line = text.lit(lit).map(|at| text.lines[at].text.trim().to_owned());
        seen.extend(line.filter(|line| seen.last() != Some(line)));
    }
    seen
}

#[test]
fn the_first_record_of_a_pasted_program_is_known_before_it_is_sent() {
    // Where a story sends meanwhile, its record is the first of the client that is made anew.
    for (id, chapter, steps, number) in
        [("linger-and-batch", 1, 5, 0), ("linger-and-batch", 3, 3, 0), ("journey", 1, 5, 0), ("auto-commit", 1, 3, 1)]
    {
        let mut timeline = at(id, chapter, steps);
        let clients = timeline.simulation().clients().len();
        let begins = paste(&mut timeline, PRODUCER, ClientKind::Producer, "producer-1");
        assert_eq!(timeline.simulation().clients().len(), clients, "{id}: it is still being closed");
        let record = timeline.simulation().first_record_of("producer-1", begins).expect("it will be sent");
        assert_eq!((usize::from(record.client.0), record.number), (clients + 1, number), "{id}");
        while timeline.observers().index().records_sent(record.client) <= number {
            assert!(timeline.forward(), "{id}: it is sent");
        }
        let client = timeline.simulation().client("producer-1").expect("the client");
        assert_eq!(client.id, record.client, "{id}");
        assert_eq!(client.application.written_of_record(number), Some((begins, 0)), "{id}");
        assert_eq!(timeline.simulation().first_record_of("producer-1", begins), Some(record), "{id}: it stays so");
    }
}

#[test]
fn what_nobody_sees_in_a_pasted_text_is_shown_by_its_number() {
    let mut timeline = at("journey", 1, 5);
    let own = PRODUCER.replace("my value", "my\u{202e}value\u{2066}").replace("void run", "\tvoid run");
    paste(&mut timeline, &own, ClientKind::Producer, "producer-1");
    let client = timeline.simulation().client("producer-1").expect("the client").id;
    let text = shown::text(&timeline, client, (Language::Pasted, Lang::En), None);
    assert!(text.lines[6].text.contains("\"my<U+202E>value<U+2066>\""), "{}", text.lines[6].text);
    assert!(text.lines[1].text.contains("\tvoid"), "{:?}", text.lines[1].text);
}

#[test]
fn another_client_made_before_takes_the_number_and_who_is_killed_sends_nothing() {
    let mut timeline = at("journey", 1, 5);
    let begins = paste(&mut timeline, PRODUCER, ClientKind::Producer, "producer-1");
    let before = timeline.simulation().first_record_of("producer-1", begins).expect("it will be sent");
    act(&mut timeline, &["producer other".to_owned()]);
    let after = timeline.simulation().first_record_of("producer-1", begins).expect("it will be sent");
    assert_eq!((after.client, after.number), (ClientId(before.client.0 + 1), before.number));
    act(&mut timeline, &["kill producer-1".to_owned()]);
    assert_eq!(timeline.simulation().first_record_of("producer-1", begins), None);
}

#[test]
fn only_the_pasted_program_lights_its_lines() {
    let mut timeline = at("auto-commit", 1, 3);
    let begins = paste(&mut timeline, CONSUMER, ClientKind::Consumer, "c1");
    // The program that was there before goes on until the client is closed: it is none of the text.
    let made = "KafkaConsumer<String, String> mine = new KafkaConsumer<>(props);";
    let lines = lit(&mut timeline, "c1", 3_000);
    assert_eq!(lines[..2], [made.to_owned(), "mine.subscribe(List.of(\"orders\"));".to_owned()], "{lines:#?}");
    let calls = ["ConsumerRecords<String, String> records = mine.poll(Duration.ofMillis(100));"];
    assert!(lines.iter().any(|line| calls.contains(&line.as_str())), "{lines:#?}");
    let client = timeline.simulation().client("c1").expect("the client");
    assert_eq!(client.application.loop_written(), Some(begins));
}

/// What a client did before a text was pasted for it is none of the text's, even where no loop parts the two.
#[test]
fn what_was_done_before_the_paste_lights_nothing() {
    let text = "class Billing {
  void run(Properties props) {
    KafkaConsumer<String, String> mine = new KafkaConsumer<>(props);
    mine.subscribe(List.of(\"orders\"));
    while (true) {
      mine.poll(Duration.ofMillis(100));
    }
  }
}
";
    let (script, errors) = partita::script::parse(
        "cluster brokers=1\ntopic orders\nconsumer c1 group.id=g\nsubscribe c1 orders\nsleep 20\nsleep 20\n",
    );
    assert_eq!(errors, []);
    let mut timeline = Timeline::new(&script).expect("a cluster");
    timeline.run_until(Instant::from_millis(30));
    paste(&mut timeline, text, ClientKind::Consumer, "c1");
    let lines = lit(&mut timeline, "c1", 50);
    assert_eq!(lines[..2], ["mine.subscribe(List.of(\"orders\"));", "mine.poll(Duration.ofMillis(100));"]);
    timeline.seek(0);
    assert_eq!(lit(&mut timeline, "c1", 25), Vec::<String>::new());
}

/// The pasted program's first record stands beside the first of the producer whose name it took.
#[test]
fn records_of_two_producers_of_one_name_are_told_apart() {
    let mut timeline = at("journey", 1, 5);
    paste(&mut timeline, PRODUCER, ClientKind::Producer, "producer-1");
    let until = timeline.simulation().now().at.plus_millis(2_000);
    timeline.run_until(until);
    let of_that_name = timeline.simulation().clients().iter().filter(|client| *client.recipe.name == *"producer-1");
    let ids: Vec<ClientId> = of_that_name.map(|client| client.id).collect();
    assert_eq!(ids.len(), 2);
    let label = |client: ClientId, lang: Lang| {
        let followed = Some(RecordId { client, number: 0 });
        let view = View::of(&timeline, &Lens { lang, followed, ..Lens::default() });
        let producer = view.producers.producers.iter().find(|producer| producer.client == client);
        producer.and_then(|producer| producer.followed.as_ref()).expect("it is followed").label.clone()
    };
    let first = RecordId { client: ids[0], number: 0 };
    assert_eq!(partita::explain::record_name(timeline.simulation().names(), first).en, "record 1");
    let second = RecordId { client: ids[1], number: 0 };
    let name = partita::explain::record_name(timeline.simulation().names(), second);
    assert_eq!(
        (name.en.as_str(), name.ko.as_str()),
        ("the second producer-1's record 1", "두 번째 producer-1의 레코드 1")
    );
    // In the narrow list of the stations the number comes first.
    assert_eq!(label(ids[1], Lang::En), "record 1 (second), mia");
    assert_eq!(label(ids[1], Lang::Ko), "레코드 1 (두 번째), mia");
}
