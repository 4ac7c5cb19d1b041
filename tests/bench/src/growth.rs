//! Costs that must grow with the size of what they are for, not with its square: how many times as long four times as much
//! takes. A linear cost is 4, a quadratic one 16.

use std::hint::black_box;
use std::time::Instant;

use partita::input::code::{Answers, PastedText, Whom, together};
use partita::script::{ClientKind, parse};
use partita_cli::play::play;
use partita_cli::story::lines as lines_of_story;
use partita_cli::view::ViewAsked;

use crate::report;

/// What lies between 4 and 16, and far enough from 4 for a machine's noise.
const BUDGET: f64 = 7.0;
/// Each time is the best of so many.
const RUNS: usize = 2;

/// Seconds that an act takes, at best.
fn seconds(act: &dyn Fn(usize), size: usize) -> f64 {
    let once = |_| {
        let begun = Instant::now();
        act(size);
        begun.elapsed().as_secs_f64()
    };
    (0..RUNS).map(once).fold(f64::INFINITY, f64::min)
}

/// Measures an act, if it is wanted, at a size and at four times that size.
fn growth(wanted: &dyn Fn(&str) -> bool, name: &str, size: usize, unit: &str, act: &dyn Fn(usize)) {
    let name = format!("growth-of-{name}");
    if !wanted(&name) {
        return;
    }
    let (one, four) = (seconds(act, size), seconds(act, 4 * size));
    report(&name, four / one, "times", BUDGET, false);
    println!("# {size} {unit} take {:.1} ms, {} take {:.1} ms", one * 1e3, 4 * size, four * 1e3);
}

/// Plays a script as the command does, observations included, to its end.
fn played(script: &str) {
    let played = play(script, |_, _, _| {}).expect("a script");
    assert_eq!(played.failed, None, "it plays to its end");
    black_box(played.observations.len());
}

fn observed_lines(lines: usize) {
    let sends = "send p1 t value=a\n".repeat(lines);
    played(&format!("cluster brokers=1\ntopic t\nproducer p1\n{sends}wait sent p1\n"));
}

/// Within the limit of topics, beyond which none is created any more. Every request for metadata names the topics that
/// are known, so that their growth is a square in Kafka too; what is measured is that it stays a small one.
fn topics_that_create_themselves(topics: usize) {
    let sends: String = (0..topics).map(|n| format!("send-sync p1 t{n} value=a\n")).collect();
    played(&format!("cluster brokers=1\nproducer p1\n{sends}"));
}

fn clients_made_anew(times: usize) {
    let sets: String = (0..times).map(|n| format!("set p1 linger.ms={} from=now\n", n % 9)).collect();
    played(&format!("cluster brokers=1\ntopic t\nproducer p1\n{sets}send-sync p1 t value=a\n"));
}

fn clients_closed_and_made(times: usize) {
    played(&format!("cluster brokers=1\n{}", "producer p\nclose p\n".repeat(times)));
}

/// The lines for fifty topics of so many partitions together, and the words for all of these partitions.
fn fifty_topics(partitions: usize) -> (String, String) {
    let each = partitions / 50;
    let topics = (0..50).map(|topic| format!("topic t{topic} partitions={each}\n")).collect();
    let all = (0..50).flat_map(|topic| (0..each).map(move |number| format!(" t{topic}-{number}"))).collect();
    (topics, all)
}

/// A consumer looks up again and again where its partitions begin.
fn positions_reset(partitions: usize) {
    let (topics, all) = fifty_topics(partitions);
    let resets = "seek-to-beginning c1\npoll c1 for_ms=100\n".repeat(20);
    played(&format!("cluster brokers=3\n{topics}consumer c1\nassign c1{all}\n{resets}"));
}

/// A consumer holds records of all of its partitions, and is given a few with each poll.
fn partitions_held(partitions: usize) {
    let (topics, all) = fifty_topics(partitions);
    let times = partitions / 50 * 4;
    let sends: String = (0..50).map(|n| format!("send p1 t{n} key=k{{i}} value=v times={times} show=none\n")).collect();
    played(&format!(
        "cluster brokers=3\n{topics}producer p1 linger.ms=50\n{sends}\
         consumer c1 auto.offset.reset=earliest max.poll.records=5\nassign c1{all}\npoll c1 times=200 timeout_ms=200\n"
    ));
}

/// A run told step by step: a picture of it must not cost more the longer it is.
fn records_told(records: usize) {
    let lines = format!(
        "cluster brokers=1\ntopic t partitions=3\nproducer p1\n\
         produce-loop p1 t interval_ms=20 count={records} key=k{{i}} value=v\nwait sent p1\n"
    );
    let (script, _) = parse(&lines);
    black_box(lines_of_story(&ViewAsked { script, ..ViewAsked::default() }).expect("it can be told").len());
}

/// A consumer asks again and again for partitions that have nothing.
fn partitions_idle(partitions: usize) {
    let (topics, all) = fifty_topics(partitions);
    played(&format!("cluster brokers=3\n{topics}consumer c1\nassign c1{all}\npoll c1 for_ms=100000\n"));
}

/// Reads a text that is pasted for a new producer, as the dialog does: with all other clients that it has.
fn paste(text: &str) {
    let whom = Whom { name: "p1".to_owned(), kind: ClientKind::Producer, is_new: true, brokers: 1 };
    let mut count = 0;
    let mut free = |_| {
        count += 1;
        format!("c{count}")
    };
    let text = PastedText::read(text).expect("no text of blanks");
    black_box(together(&text, &whom, &Answers::default(), &[], &mut free));
}

/// Shapes of code whose reading has looked from each of them to the end of the text.
const SHAPES: [(&str, &str); 26] = [
    ("unclosed-loops", "for(int i=0;i<9;i++){\n"),
    ("futures", "f=producer.send(x);\n"),
    ("open-brackets", "for("),
    ("conditions", "a=b?c:"),
    ("polls", "consumer.poll("),
    ("records", "ProducerRecord("),
    ("counters", "i7++;\n"),
    ("assignments", "a1=a2;\n"),
    ("calls", "f("),
    ("sums", "a3=a3+a3;\n"),
    ("blocks", "{"),
    ("lambdas", "a->"),
    ("paths", "x."),
    ("branches", "if(a){}else "),
    ("methods-that-call-others", "void a(){b();c();} void b(){c();c();} void c(){a();d();}\n"),
    ("loops-that-call", "while(a){b();n++;} void b(){n++;b();}\n"),
    ("branches-that-are-never-gone", "if(false){b();} void b(){c();}\n"),
    ("classes", "class A{int a;"),
    ("puts", "props.put(\"acks\",\"1\");\n"),
    ("texts-joined", "s=String.join(s,s,s,s,s,s,s,s);"),
    ("texts-formatted", "s=String.format(\"%s%s%s\",s,s,listOf(s,s));"),
    ("copied-maps", "p=new HashMap(p);p.put(\"acks\",1);\n"),
    ("sends", "p.send(new ProducerRecord(\"t\",\"a\"));\n"),
    ("pauses", "Thread.sleep(5);\n"),
    ("clients", "c=new KafkaConsumer(p);c.subscribe(List.of(\"t\"));c.poll(5);c.commitSync();\n"),
    ("listeners", "@KafkaListener(topics=\"t\") void m(){Thread.sleep(5);}\n"),
];

pub fn run(wanted: &dyn Fn(&str) -> bool) {
    growth(wanted, "a-long-name-in-pasted-properties", 50_000, "characters", &|size| paste(&"x".repeat(size)));
    growth(wanted, "many-names-in-pasted-properties", 50_000, "characters", &|size| {
        paste(&(0..size / 10).map(|n| format!("n{n:05}=1\n")).collect::<String>());
    });
    growth(wanted, "the-same-name-in-pasted-properties", 4_000, "lines", &|size| paste(&"acks=1\n".repeat(size)));
    growth(wanted, "names-of-spring-in-pasted-properties", 50_000, "characters", &|size| {
        paste(&(0..size / 30).map(|n| format!("spring.kafka.properties.n{n:05}=1\n")).collect::<String>());
    });
    growth(wanted, "a-list-in-pasted-yaml", 200_000, "characters", &|size| {
        paste(&format!("a:\n{}", "  - b\n".repeat(size / 6)));
    });
    growth(wanted, "many-names-in-pasted-code", 50_000, "characters", &|size| {
        let puts: String = (0..size / 20).map(|n| format!("p.put(\"n{n:05}\",1);\n")).collect();
        paste(&format!("Properties p = new Properties();\n{puts} new KafkaProducer<>(p);"));
    });
    growth(wanted, "names-on-one-line-of-pasted-code", 20_000, "characters", &|size| {
        let puts: String = (0..size / 20).map(|n| format!("p.put(\"n{n:05}\",1);")).collect();
        let clients = "new KafkaProducer<>(p);new KafkaConsumer<>(p);".repeat(3);
        paste(&format!("Properties p = new Properties();{puts}{clients}"));
    });
    growth(wanted, "a-text-joined-in-pasted-code", 50_000, "characters", &|size| {
        let text = "x".repeat(15_000);
        paste(&format!("String s = \"{text}\"; p.put(\"acks\", String.join(s{}));", ",s".repeat(size / 2)));
    });
    growth(wanted, "observed-lines", 2_000, "lines", &observed_lines);
    growth(wanted, "topics-that-create-themselves", 12, "topics", &topics_that_create_themselves);
    growth(wanted, "clients-made-anew", 500, "clients", &clients_made_anew);
    growth(wanted, "clients-closed-and-made", 500, "clients", &clients_closed_and_made);
    growth(wanted, "positions-reset", 1_000, "partitions", &positions_reset);
    growth(wanted, "partitions-held", 500, "partitions", &partitions_held);
    growth(wanted, "partitions-idle", 500, "partitions", &partitions_idle);
    growth(wanted, "records-told-in-a-story", 500, "records", &records_told);
    for (name, shape) in SHAPES {
        growth(wanted, &format!("pasted-code-of-{name}"), 10_000, "characters", &|size| {
            let shapes = shape.repeat(size / shape.len());
            paste(&format!("class A {{ void run() {{ KafkaProducer<String, String> producer; {shapes}"));
        });
    }
}
