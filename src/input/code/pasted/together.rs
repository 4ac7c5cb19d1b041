//! All clients of a text made with one paste: the one that is chosen, and the others as new ones.

use crate::lang::Sentence;
use crate::script::ClientKind;

use super::super::described::{Code, Role};
use super::super::lines::{Answers, Asks};
use super::{Part, Pasted, PastedText, Whom, called, left_out};

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
    /// What it is called in the text; none in a text of properties.
    pub called: Option<Sentence>,
    pub pasted: Pasted,
    pub is_made: bool,
}

/// Reads a pasted text for a client that is chosen and for the others that the text has; `skipped` are those of them that are
/// not to be made, and `free` gives a name for each that nobody has.
pub fn together(
    text: &str,
    whom: &Whom,
    answers: &Answers,
    skipped: &[usize],
    free: &mut dyn FnMut(ClientKind) -> String,
) -> Together {
    let Some(text) = PastedText::read(text) else { return Together::default() };
    let chosen = text.part(whom, answers);
    let others = if whom.is_new && !chosen.pasted.is_empty() { meant(&text, &chosen.pasted) } else { Vec::new() };
    let parts: Vec<(Whom, Option<usize>, Part)> = others
        .into_iter()
        .map(|(kind, client)| {
            let whom = Whom { name: free(kind), kind, is_new: true, brokers: whom.brokers };
            let part = text.part(&whom, &Answers { client, ..answers.clone() });
            (whom, client, part)
        })
        .collect();
    let mut made = vec![&chosen];
    made.extend(parts.iter().enumerate().filter(|(i, _)| !skipped.contains(i)).map(|(_, (.., part))| part));
    let left_out = left_out(&text.problems, &made);
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
    let other = |(i, (whom, client, part)): (usize, (Whom, Option<usize>, Part))| Other {
        whom,
        called: client.and_then(name),
        pasted: part.pasted,
        is_made: !skipped.contains(&i),
    };
    Together { pasted, others: parts.into_iter().enumerate().map(other).collect() }
}

/// So many others are offered; a text with more is pasted again for them, and says what is theirs.
const MOST: usize = 20;

/// The clients of a text but for the one that is meant: each with its place in the code.
fn meant(text: &PastedText, chosen: &Pasted) -> Vec<(ClientKind, Option<usize>)> {
    let Some(code) = text.code() else {
        return chosen.for_another.iter().map(|of| (of.kind, None)).collect();
    };
    let is_other = |i: &usize| Some(*i) != chosen.client && does_something(code, *i);
    let others = (0..code.clients.len()).filter(is_other);
    let kind = |i: usize| match code.clients[i].role {
        Role::Producer => ClientKind::Producer,
        Role::Consumer => ClientKind::Consumer,
    };
    others.take(MOST).map(|i| (kind(i), Some(i))).collect()
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

    fn of(text: &str, kind: ClientKind, is_new: bool, skipped: &[usize]) -> (Whom, Together) {
        let whom = Whom { name: "x1".to_owned(), kind, is_new, brokers: 1 };
        let mut count = 0;
        let mut free = |kind: ClientKind| {
            count += 1;
            format!("{}{count}", if kind == ClientKind::Producer { "producer-" } else { "c" })
        };
        let together = together(text, &whom, &Answers::default(), skipped, &mut free);
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
        let (whom, some) = of(BOTH, ClientKind::Consumer, true, &[0, 1]);
        assert_eq!(verbs(&some.lines(&whom, true)), made[..3]);
        assert_eq!(told(&some, "`acks`"), 1, "{:?}", some.pasted.left_out);
        assert_eq!(some.others.iter().map(|other| other.is_made).collect::<Vec<_>>(), [false, false]);
    }

    #[test]
    fn a_client_that_runs_is_changed_alone() {
        let (whom, all) = of(BOTH, ClientKind::Producer, false, &[]);
        assert_eq!(all.others, []);
        assert!(all.pasted.for_another.is_some());
        assert_eq!(verbs(&all.lines(&whom, true)), ["produce-loop x1", "set x1"]);
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
        let (_, one) = of(code, ClientKind::Producer, true, &[0]);
        assert!(!one.pasted.asks.topic && !one.pasted.asks.group);
    }
}
