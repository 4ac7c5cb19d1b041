//! Draws a run: a cluster, topics, clients with random settings, what they do, and what breaks.

use std::fmt::Write;

use partita::rng::Rng;

use crate::tables::{CONSUMER, DROPPED, ERRORS, PRODUCER};

/// How long things are done and broken, in milliseconds.
const BUSY_MS: u64 = 16_000;
/// How long after that whatever still runs is killed: one that `set … from=now` makes anew comes when the old one has
/// closed.
const KILLED_MS: u64 = 20_000;
/// How long after that the last member comes: longer than every session timeout. Kafka lets nobody join who shares no
/// protocol with a member that is dead but not yet missed (`INCONSISTENT_GROUP_PROTOCOL`), nor one more than
/// `group.max.size`, and the poll loop of whoever is told so ends.
const MISSED_MS: u64 = 11_000;

/// A run as drawn: its script up to where everything is mended, and what is needed to judge the end.
pub struct Drawn {
    lines: String,
    /// Topics that consumers of groups read.
    pub topics: Vec<String>,
    /// Groups that must read everything in the end.
    pub groups: Vec<String>,
}

impl Drawn {
    pub fn script(&self) -> String {
        self.lines.clone()
    }
}

struct Draw {
    rng: Rng,
    brokers: u64,
    /// Names and numbers of partitions.
    topics: Vec<(String, u64)>,
    producers: u64,
    consumers: u64,
    groups: u64,
}

fn is_client(word: &str) -> bool {
    word.strip_prefix(['p', 'c']).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Draws the run of a seed.
pub fn run(seed: u64) -> Drawn {
    let mut rng = Rng::new(seed);
    let brokers = 1 + rng.below(4);
    let topics = (0..=rng.below(3)).map(|n| (format!("t{n}"), 1 + rng.below(5))).collect();
    let (producers, consumers, groups) = (1 + rng.below(3), rng.below(5), 1 + rng.below(2));
    let mut draw = Draw { rng, brokers, topics, producers, consumers, groups };
    let mut lines = draw.scenario(seed);
    let mut actions: Vec<(u64, String)> = Vec::new();
    for n in 0..draw.producers {
        let at = draw.rng.below(200_000);
        actions.push((at, draw.producer(n)));
        actions.push((at + 1000 + draw.rng.below(500_000), draw.produce_loop(n)));
    }
    for n in 0..draw.consumers {
        let at = draw.rng.below(2_000_000);
        actions.push((at, draw.consumer(n)));
        actions.push((at + 1000, draw.subscribe(n)));
        actions.push((at + 2000 + draw.rng.below(100_000), draw.consume_loop(n)));
    }
    for _ in 0..40 + draw.rng.below(60) {
        let at = 200_000 + draw.rng.below(BUSY_MS * 1000 - 200_000);
        for line in draw.action() {
            actions.push((at, line));
        }
    }
    actions.sort_by_key(|(at, _)| *at);
    // A script may only name clients that a line above makes.
    let mut made: Vec<String> = Vec::new();
    for (at, line) in &actions {
        let mut words = line.split(' ').map(|word| word.trim_start_matches("client="));
        if let (Some("producer" | "consumer"), Some(name)) = (words.clone().next(), words.clone().nth(1)) {
            made.push(name.to_owned());
        }
        if words.all(|word| !is_client(word) || made.iter().any(|name| name == word)) {
            let _ = writeln!(lines, "@{at} {line}");
        }
    }
    draw.mend(&mut lines);
    Drawn {
        lines,
        topics: draw.topics.iter().map(|(name, _)| name.clone()).collect(),
        groups: (0..draw.groups).map(|n| format!("g{n}")).collect(),
    }
}

impl Draw {
    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.rng.below(list.len() as u64) as usize]
    }

    fn is(&mut self, percent: u64) -> bool {
        self.rng.below(100) < percent
    }

    fn scenario(&mut self, seed: u64) -> String {
        let mut text = format!("cluster brokers={} seed={seed}", self.brokers);
        for (name, values) in [
            ("hop-us", ["200", "500", "4000"]),
            ("group.initial.rebalance.delay.ms", ["0", "100", "3000"]),
            ("offsets.topic.num.partitions", ["1", "3", "7"]),
        ] {
            let value = self.one_of(&values);
            let _ = write!(text, " {name}={value}");
        }
        if self.is(30) {
            text.push_str(" group.max.size=2");
        }
        text.push('\n');
        for (name, partitions) in self.topics.clone() {
            let _ = write!(text, "topic {name} partitions={partitions}");
            for (property, values) in [
                ("message.timestamp.type", ["LogAppendTime", "CreateTime"]),
                ("max.message.bytes", ["700", "1048588"]),
                ("compression.type", ["gzip", "producer"]),
                ("segment.bytes", ["1048576", "1073741824"]),
            ] {
                if self.is(25) {
                    let value = self.one_of(&values);
                    let _ = write!(text, " {property}={value}");
                }
            }
            text.push('\n');
        }
        text
    }

    fn settings(&mut self, of: &[(&str, &[&str])], percent: u64) -> String {
        let mut text = String::new();
        for (name, values) in of {
            if self.is(percent) {
                let value = self.one_of(values);
                let _ = write!(text, " {name}={value}");
            }
        }
        text
    }

    fn producer(&mut self, n: u64) -> String {
        let given = self.settings(PRODUCER, 22);
        // Idempotence asks for `acks=all` and retries: unless they are to clash, it is switched off for others.
        let clashes = ["acks=1", "acks=0", "retries=0", "connection=8", "enable.idempotence"];
        let off = if clashes.iter().take(4).any(|clash| given.contains(clash))
            && !given.contains(clashes[4])
            && self.is(90)
        {
            " enable.idempotence=false"
        } else {
            ""
        };
        let timeout = if given.contains("delivery.timeout.ms") { "" } else { " delivery.timeout.ms=15000" };
        let request = if given.contains("request.timeout.ms") { "" } else { " request.timeout.ms=3000" };
        let block = if given.contains("max.block.ms") { "" } else { " max.block.ms=1500" };
        format!("producer p{n}{given}{off}{timeout}{request}{block}")
    }

    fn consumer(&mut self, n: u64) -> String {
        let given = self.settings(CONSUMER, 22);
        let group = n % self.groups;
        let strategy = match self.rng.below(8) {
            0 => " partition.assignment.strategy=org.apache.kafka.clients.consumer.RoundRobinAssignor",
            1 | 2 => {
                " partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor,org.apache.kafka.clients.consumer.RoundRobinAssignor"
            }
            _ => "",
        };
        let session = self.one_of(&["6000", "8000", "10000"]);
        let instance = if self.is(15) { format!(" group.instance.id=i{n}") } else { String::new() };
        let revoked = if self.is(20) { " on-revoked=commit-sync" } else { "" };
        let interval = if given.contains("max.poll.interval.ms") { "" } else { " max.poll.interval.ms=8000" };
        let reset = if given.contains("auto.offset.reset") { "" } else { " auto.offset.reset=earliest" };
        format!(
            "consumer c{n} group.id=g{group} session.timeout.ms={session}{interval}{instance}{strategy}{reset}{given}{revoked}"
        )
    }

    fn topic(&mut self) -> (String, u64) {
        let n = self.rng.below(self.topics.len() as u64) as usize;
        self.topics[n].clone()
    }

    fn partition(&mut self) -> String {
        let (topic, partitions) = self.topic();
        format!("{topic}-{}", self.rng.below(partitions))
    }

    fn produce_loop(&mut self, n: u64) -> String {
        let (topic, _) = self.topic();
        let interval = self.one_of(&["5", "20", "70", "300"]);
        let mode = self.one_of(&["fire-and-forget", "sync", "async"]);
        let keys = if self.is(50) { format!(" keys={}", 1 + self.rng.below(9)) } else { String::new() };
        let value =
            if self.is(70) { format!("value=v{n}-{{i}}") } else { format!("value-size={}", self.rng.below(900)) };
        let count = 20 + self.rng.below(120);
        format!("produce-loop p{n} {topic} interval_ms={interval} count={count}{keys} {value} mode={mode}")
    }

    fn subscribe(&mut self, n: u64) -> String {
        let topics: Vec<String> = self.topics.iter().map(|(name, _)| name.clone()).collect();
        let topics = if self.is(70) { topics.join(",") } else { topics[0].clone() };
        format!("subscribe c{n} {topics}")
    }

    fn consume_loop(&mut self, n: u64) -> String {
        let poll = self.one_of(&["20", "100", "1000"]);
        let process = self.one_of(&["0", "200", "5000", "90000"]);
        let commit = self.one_of(&["auto", "sync", "async", "none"]);
        let every = self.one_of(&["record", "batch"]);
        format!("consume-loop c{n} poll_ms={poll} process_us={process} commit={commit} commit-every={every}")
    }

    fn action(&mut self) -> Vec<String> {
        match self.rng.below(100) {
            0..25 => vec![self.of_producer()],
            25..50 if self.consumers > 0 => self.of_consumer(),
            50..60 => vec![self.of_admin()],
            _ => vec![self.fault()],
        }
    }

    fn of_producer(&mut self) -> String {
        let n = self.rng.below(self.producers);
        match self.rng.below(20) {
            0..9 => {
                let (topic, partitions) = self.topic();
                let key = if self.is(50) { format!(" key=k{}", self.rng.below(6)) } else { String::new() };
                let place = match self.rng.below(6) {
                    0 => format!(" partition={}", self.rng.below(partitions)),
                    1 => " partition=77".to_owned(),
                    2 => " timestamp=now".to_owned(),
                    3 => " header.h=x".to_owned(),
                    _ => String::new(),
                };
                let verb = self.one_of(&["send", "send", "send-sync"]);
                let (size, times) = (self.rng.below(1500), 1 + self.rng.below(6));
                format!("{verb} p{n} {topic}{key} value-size={size}{place} times={times}")
            }
            9..12 => self.produce_loop(n),
            12 | 13 => format!("flush p{n}"),
            14 => format!("stop-loop p{n}"),
            15 => format!("close p{n}{}", self.one_of(&["", " timeout_ms=0", " timeout_ms=300"])),
            16 => format!("exit p{n}"),
            17 => format!("set p{n} linger.ms={} from=now", self.one_of(&["0", "30"])),
            _ => self.producer(n),
        }
    }

    fn of_consumer(&mut self) -> Vec<String> {
        let n = self.rng.below(self.consumers);
        let partition = self.partition();
        let line = match self.rng.below(30) {
            0..4 => self.consume_loop(n),
            4 | 5 => format!("stop-loop c{n}"),
            6 | 7 => format!("poll c{n} times={} timeout_ms=80", 1 + self.rng.below(4)),
            8 | 9 => format!("commit c{n} {}", self.one_of(&["sync", "async"])),
            10 => format!("commit c{n} sync {partition}={}", self.rng.below(30)),
            11 => format!("commit c{n} async {partition}={} metadata-size=5000", self.rng.below(30)),
            12 => format!("seek c{n} {partition}={}", self.rng.below(60)),
            13 => format!("seek-to-beginning c{n} {partition}"),
            14 => format!("seek-to-end c{n} {partition}"),
            15 => format!("pause c{n} {partition}"),
            16 => format!("resume c{n} {partition}"),
            17 => format!("unsubscribe c{n}"),
            18 => format!("assign c{n} {partition}"),
            19 => format!("enforce-rebalance c{n}"),
            20 => format!("position c{n} {partition} timeout_ms=300"),
            21 => format!("committed c{n} {partition} timeout_ms=300"),
            22 => format!("end-offsets c{n} {partition}"),
            23 => format!("close c{n}{}", self.one_of(&["", " timeout_ms=0", " operation=remain_in_group"])),
            24 => format!("exit c{n}"),
            25 => format!("set c{n} max.poll.records={} from=now", self.one_of(&["2", "100"])),
            26 => self.subscribe(n),
            _ => {
                let (made, subscribed, looped) = (self.consumer(n), self.subscribe(n), self.consume_loop(n));
                return vec![made, subscribed, looped];
            }
        };
        vec![line]
    }

    fn of_admin(&mut self) -> String {
        let (topic, partitions) = self.topic();
        let (group, partition) = (self.rng.below(self.groups), self.partition());
        match self.rng.below(7) {
            0 => format!("add-partitions {topic} {}", partitions + 1),
            1 | 2 => format!("delete-records {partition} {}", self.rng.below(20)),
            3 => format!("alter-offsets g{group} {partition}={}", self.rng.below(20)),
            4 => format!("delete-offsets g{group} {partition}"),
            5 => format!("alter topic {topic} max.message.bytes={}", self.one_of(&["600", "1048588"])),
            _ => format!("topic x{} partitions=2", self.rng.below(3)),
        }
    }

    fn client(&mut self) -> String {
        let n = self.rng.below(self.producers + self.consumers);
        if n < self.producers { format!("p{n}") } else { format!("c{}", n - self.producers) }
    }

    fn fault(&mut self) -> String {
        let broker = 1 + self.rng.below(self.brokers);
        let client = self.client();
        match self.rng.below(48) {
            0..3 => format!("crash broker-{broker}"),
            3 | 4 => format!("stop broker-{broker}"),
            5..12 => format!("start broker-{broker} wait=no"),
            12 | 13 => format!("pause-process broker-{broker}"),
            14..18 => format!("resume-process broker-{broker}"),
            18 => format!("pause-process {client}"),
            19..22 => format!("resume-process {client}"),
            22 | 23 => format!("kill {client}"),
            24..29 => {
                let api = self.one_of(DROPPED);
                format!("drop-response broker-{broker} {api} nth={} client={client}", 1 + self.rng.below(3))
            }
            29..45 => {
                // What the client asks: a producer the first three, a consumer all but the first two.
                let range = if client.starts_with('p') { 0..3 } else { 2..ERRORS.len() };
                let (api, errors) = ERRORS[range.start + self.rng.below(range.len() as u64) as usize];
                let error = self.one_of(errors);
                // Of one client: an armed answer may lie in wait until the run is over.
                format!("answer-error broker-{broker} {api} {error} times={} client={client}", 1 + self.rng.below(3))
            }
            _ if self.consumers > 0 => {
                format!("slow c{} process_us={}", self.rng.below(self.consumers), self.one_of(&["0", "3000", "400000"]))
            }
            _ => format!("resume-process broker-{broker}"),
        }
    }

    /// Everything that stands still or is down goes on, loops end, and in each group one fresh member reads to the end.
    fn mend(&mut self, lines: &mut String) {
        let mut at = BUSY_MS * 1000;
        let mut line = |text: String| {
            at += 1000;
            let _ = writeln!(lines, "@{at} {text}");
        };
        for n in 1..=self.brokers {
            line(format!("resume-process broker-{n}"));
            line(format!("start broker-{n} wait=no"));
        }
        for n in 0..self.producers {
            line(format!("resume-process p{n}"));
            line(format!("stop-loop p{n}"));
        }
        let kill_percent = self.one_of(&["0", "50", "100"]).parse().unwrap_or(0);
        for n in 0..self.consumers {
            line(format!("resume-process c{n}"));
            line(format!("slow c{n} process_us=0"));
            line(format!("stop-loop c{n}"));
            if self.rng.below(100) < kill_percent {
                line(format!("kill c{n}"));
            } else {
                line(format!("close c{n} timeout_ms=3000"));
            }
        }
        let mut at = (BUSY_MS + KILLED_MS) * 1000;
        // Those that were only about to stop when all were started are down by now.
        for n in 1..=self.brokers {
            at += 1000;
            let _ = writeln!(lines, "@{at} start broker-{n} wait=no");
        }
        for n in 0..self.consumers {
            at += 1000;
            let _ = writeln!(lines, "@{at} kill c{n}");
        }
        let mut at = (BUSY_MS + KILLED_MS + MISSED_MS) * 1000;
        let mut line = |text: String| {
            at += 1000;
            let _ = writeln!(lines, "@{at} {text}");
        };
        let topics: Vec<&str> = self.topics.iter().map(|(name, _)| name.as_str()).collect();
        for n in 0..self.groups {
            line(format!("consumer last{n} group.id=g{n} auto.offset.reset=earliest enable.auto.commit=false"));
            line(format!("subscribe last{n} {}", topics.join(",")));
            line(format!("consume-loop last{n} poll_ms=100 commit=sync"));
        }
    }
}
