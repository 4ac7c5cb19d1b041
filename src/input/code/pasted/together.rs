//! All clients of a text made with one paste: the one that is chosen, and the others as new ones.

use crate::lang::Sentence;
use crate::script::ClientKind;

use super::super::super::problem::Problem;
use super::super::described::{Code, Role};
use super::super::gap::Gap;
use super::super::limits::MAX_OTHERS;
use super::super::lines::{Answers, Asks};
use super::{OfClient, Pasted, PastedText, Whom, called, left_out};

/// What a text means for the client that is chosen, and for the others of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Together {
    /// What is left out, and what is asked for, is that of all that are made.
    pub pasted: Pasted,
    /// Of a text for a new client: the others that it has.
    pub others: Vec<Other>,
}

/// Another client of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    pub whom: Whom,
    /// Its place among the clients of the code; none in a text of properties.
    pub client: Option<usize>,
    /// What it is called in the text; none in a text of properties.
    pub called: Option<Sentence>,
    pub pasted: Pasted,
    pub is_made: bool,
}

/// What a text means for a client that is chosen and for the others that the text has; `skipped` are those of them that are
/// not to be made, each by its [`Other::client`], whichever is chosen, and `free` gives a name for each that nobody has.
pub fn together(
    text: &PastedText,
    whom: &Whom,
    answers: &Answers,
    skipped: &[Option<usize>],
    free: &mut dyn FnMut(ClientKind) -> String,
) -> Together {
    let chosen = text.part(whom, answers, true);
    let is_alone = !whom.is_new || chosen.pasted.is_empty();
    let (others, too_many) = if is_alone { (Vec::new(), None) } else { meant(text, &chosen.pasted) };
    let parts: Vec<(Whom, Option<usize>, OfClient)> = others
        .into_iter()
        .map(|(kind, client)| {
            let whom = Whom { name: free(kind), kind, is_new: true, brokers: whom.brokers };
            let part = text.part(&whom, &Answers { client, ..answers.clone() }, false);
            (whom, client, part)
        })
        .collect();
    let mut made = vec![&chosen];
    made.extend(parts.iter().filter(|(_, client, _)| !skipped.contains(client)).map(|(.., part)| part));
    let left_out = left_out(&text.problems, too_many.as_ref(), &made);
    let mut asks = Asks::default();
    for part in made {
        let of = part.pasted.asks;
        asks = Asks { topic: asks.topic || of.topic, times: asks.times || of.times, group: asks.group || of.group };
    }
    let mut pasted = Pasted { left_out, asks, ..chosen.pasted };
    if !parts.is_empty() {
        pasted.for_another = None;
    }
    let name = |client: usize| text.code().map(|code| called(&code.clients[client]));
    let other = |(whom, client, part): (Whom, Option<usize>, OfClient)| Other {
        whom,
        client,
        called: client.and_then(name),
        pasted: part.pasted,
        is_made: !skipped.contains(&client),
    };
    Together { pasted, others: parts.into_iter().map(other).collect() }
}

/// The clients of a text but for the one that is meant, each with its place in the code; where there are too many is told.
fn meant(text: &PastedText, chosen: &Pasted) -> (Vec<(ClientKind, Option<usize>)>, Option<Problem>) {
    let Some(code) = text.code() else {
        return (chosen.for_another.iter().map(|of| (of.kind, None)).collect(), None);
    };
    let is_other = |i: &usize| Some(*i) != chosen.client && does_something(code, *i);
    let others = (0..code.clients.len()).filter(is_other);
    let kind = |i: usize| match code.clients[i].role {
        Role::Producer => ClientKind::Producer,
        Role::Consumer => ClientKind::Consumer,
    };
    let mut others: Vec<_> = others.map(|i| (kind(i), Some(i))).take(MAX_OTHERS + 1).collect();
    let first = others.get(MAX_OTHERS).and_then(|(_, first)| *first);
    let too_many = first.map(|first| Problem::new(code.clients[first].line, 1, Gap::TooManyOthers));
    others.truncate(MAX_OTHERS);
    (others, too_many)
}

fn does_something(code: &Code, client: usize) -> bool {
    code.clients[client].program.is_some() || code.properties.iter().any(|of| of.client == Some(client))
}

impl Together {
    /// The lines that do it at one place of a run, each client's own behind one another.
    pub fn lines(&self, whom: &Whom, with_program: bool) -> Vec<String> {
        let mut out = self.pasted.lines(whom, with_program);
        for other in self.others.iter().filter(|other| other.is_made) {
            out.extend(other.pasted.lines(&other.whom, with_program));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::ClientKind;

    const BOTH: &str = r#"
Properties in = new Properties();
in.put("group.id", "enricher");
in.put("acsk", "1");
KafkaConsumer<String, String> consumer = new KafkaConsumer<>(in);
Properties out = new Properties();
out.put("acks", "all");
out.put("partitioner.class", "com.acme.Own");
KafkaProducer<String, String> producer = new KafkaProducer<>(out);
KafkaProducer<String, String> audit = new KafkaProducer<>(out);
consumer.subscribe(List.of("orders"));
while (true) {
    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
        handle(record);
    }
    producer.send(new ProducerRecord<>("done", "k", "v"));
    audit.send(new ProducerRecord<>("audit", "k", "v"));
    Thread.sleep(50);
}
"#;

    fn read(text: &str) -> PastedText {
        PastedText::read(text).expect("no text of blanks")
    }

    fn of(text: &str, kind: ClientKind, is_new: bool, skipped: &[Option<usize>]) -> (Whom, Together) {
        let whom = Whom { name: "x1".to_owned(), kind, is_new, brokers: 1 };
        let mut count = 0;
        let mut free = |kind: ClientKind| {
            count += 1;
            format!("{}{count}", if kind == ClientKind::Producer { "producer-" } else { "c" })
        };
        let together = together(&read(text), &whom, &Answers::default(), skipped, &mut free);
        (whom, together)
    }

    fn verbs(lines: &[String]) -> Vec<String> {
        lines.iter().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn one_paste_makes_all_clients_of_a_text() {
        let (whom, all) = of(BOTH, ClientKind::Consumer, true, &[]);
        let lines = all.lines(&whom, true);
        let made = [
            "consumer x1",
            "subscribe x1",
            "consume-loop x1",
            "producer producer-1",
            "produce-loop producer-1",
            "producer producer-2",
            "produce-loop producer-2",
        ];
        assert_eq!(verbs(&lines), made, "{lines:?}");
        let called: Vec<_> = all.others.iter().filter_map(|other| other.called.clone()).map(|of| of.en).collect();
        assert_eq!(called, ["producer, line 9", "audit, line 10"]);
        assert_eq!(all.pasted.for_another, None);
        // What another takes is not left out; what nobody takes is, once.
        let told = |all: &Together, part: &str| all.pasted.left_out.iter().filter(|of| of.en.contains(part)).count();
        assert_eq!((told(&all, "`acks`"), told(&all, "com.acme.Own"), told(&all, "`acsk`")), (0, 1, 1));
        // One that is not made leaves what is its own.
        let (whom, some) = of(BOTH, ClientKind::Consumer, true, &[Some(1), Some(2)]);
        assert_eq!(verbs(&some.lines(&whom, true)), made[..3]);
        assert_eq!(told(&some, "`acks`"), 1, "{:?}", some.pasted.left_out);
        assert_eq!(some.others.iter().map(|other| other.is_made).collect::<Vec<_>>(), [false, false]);
    }

    #[test]
    fn a_client_that_is_left_out_stays_so_when_another_is_chosen() {
        let made = |client| {
            let mut count = 0;
            let mut free = |_: ClientKind| {
                count += 1;
                format!("c{count}")
            };
            let whom = Whom { name: "x1".to_owned(), kind: ClientKind::Producer, is_new: true, brokers: 1 };
            let answers = Answers { client: Some(client), ..Answers::default() };
            let all = together(&read(BOTH), &whom, &answers, &[Some(0)], &mut free);
            all.others.into_iter().map(|of| (of.client, of.is_made)).collect::<Vec<_>>()
        };
        // The consumer is left out, whichever of the producers is chosen.
        assert_eq!(made(1), [(Some(0), false), (Some(2), true)]);
        assert_eq!(made(2), [(Some(0), false), (Some(1), true)]);
        // One that is chosen was left out before: another is not taken for it.
        let whom = Whom { name: "x1".to_owned(), kind: ClientKind::Producer, is_new: true, brokers: 1 };
        let answers = Answers { client: Some(1), ..Answers::default() };
        let all = together(&read(BOTH), &whom, &answers, &[Some(1)], &mut |_| "c9".to_owned());
        assert!(all.others.iter().all(|of| of.is_made), "{:?}", all.others);
    }

    #[test]
    fn clients_beyond_the_twenty_that_are_made_are_told() {
        let client = |n: usize| format!("KafkaProducer p{n}; p{n}.send(new ProducerRecord<>(\"t\", \"v\"));\n");
        let told = |clients: usize| {
            let text: String = (0..clients).map(client).collect();
            let (_, all) = of(&text, ClientKind::Producer, true, &[]);
            let told: Vec<_> = all.pasted.left_out.iter().filter(|of| of.en.contains("at most 20")).cloned().collect();
            (all.others.len(), told)
        };
        assert_eq!(told(21), (20, Vec::new()));
        let (others, told) = told(25);
        assert_eq!((others, told.len()), (20, 1));
        assert!(told[0].en.starts_with("Line 22, column 1: at most 20 clients of a text are made"), "{told:?}");
        assert!(told[0].ko.contains("최대 20개"), "{told:?}");
    }

    #[test]
    fn what_is_left_out_is_told_once_and_in_the_order_of_the_text_on_one_line_too() {
        let puts: String = (0..2_000).map(|n| format!("out.put(\"n{n:04}\", 1);")).collect();
        let clients = "KafkaProducer a = new KafkaProducer<>(out); KafkaProducer b = new KafkaProducer<>(out);";
        let text = format!("Properties out = new Properties();out.put(\"acks\", 1);{puts}{clients}");
        let (_, all) = of(&text, ClientKind::Producer, true, &[]);
        let told: Vec<&str> = all.pasted.left_out.iter().map(|of| &*of.en).collect();
        let names: Vec<String> = (0..2_000).map(|n| format!("`n{n:04}`")).collect();
        assert_eq!((told.len(), told[300]), (301, "and 1,700 more"));
        assert!(told.iter().take(300).zip(&names).all(|(told, name)| told.contains(name.as_str())), "{:?}", &told[..3]);
        assert_eq!(all.others.len(), 1);
    }

    #[test]
    fn a_client_that_runs_is_changed_alone() {
        let (whom, all) = of(BOTH, ClientKind::Producer, false, &[]);
        assert_eq!(all.others, []);
        assert!(all.pasted.for_another.is_some());
        assert_eq!(verbs(&all.lines(&whom, true)), ["set x1", "produce-loop x1"]);
        // Nor is anything made of a text for the other kind, while nothing is for this one.
        let (_, none) = of("group.id=g\nauto.offset.reset=earliest", ClientKind::Producer, true, &[]);
        assert_eq!(none.others, []);
        assert!(none.pasted.for_another.is_some());
    }

    #[test]
    fn a_text_of_properties_makes_both_kinds() {
        let spring =
            "spring.kafka.bootstrap-servers=a:9092\nspring.kafka.producer.acks=all\nspring.kafka.consumer.group-id=g\n";
        let (whom, all) = of(spring, ClientKind::Producer, true, &[]);
        let lines = all.lines(&whom, true);
        assert_eq!(verbs(&lines), ["producer x1", "consumer c1"], "{lines:?}");
        assert!(lines[0].contains("acks=all") && lines[1].contains("group.id=g"), "{lines:?}");
        assert_eq!(all.pasted.left_out, []);
        assert_eq!(all.others[0].called, None);
    }

    #[test]
    fn what_any_of_them_needs_is_asked() {
        let code = "KafkaProducer p; p.send(new ProducerRecord<>(\"t\", \"v\"));\nKafkaConsumer c;\nwhile (true) c.poll(Duration.ofMillis(5));";
        let (whom, all) = of(code, ClientKind::Producer, true, &[]);
        assert!(all.pasted.asks.topic && all.pasted.asks.group);
        assert!(all.lines(&whom, true).iter().any(|line| line == "consumer c1 group.id=group-1"));
        let (_, one) = of(code, ClientKind::Producer, true, &[Some(1)]);
        assert!(!one.pasted.asks.topic && !one.pasted.asks.group);
    }
}
