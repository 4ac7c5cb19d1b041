//! What `wait` and `run until` wait for.

use std::sync::Arc;

use crate::ids::{BrokerId, TopicPartition};
use crate::lang::text;
use crate::sorted::InOrder;
use crate::time::Instant;

use super::args::{Args, MAX_COUNT, broker};
use super::ast::Statement;
use super::calls::{joined, sorted_as_text};
use super::clients::{ANY_KIND, ClientKind};
use super::error::{Allowed, ScriptProblem};
use super::lexer::Word;
use super::print::Out;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    pub condition: Condition,
    /// Milliseconds; None: 40,000.
    pub timeout_ms: Option<u64>,
}

impl Wait {
    pub const DEFAULT_TIMEOUT_MS: u64 = 40_000;

    pub fn timeout_ms(&self) -> u64 {
        self.timeout_ms.unwrap_or(Wait::DEFAULT_TIMEOUT_MS)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Ascending.
    Isr {
        partition: TopicPartition,
        brokers: Vec<BrokerId>,
    },
    /// Ascending; none: empty.
    Elr {
        partition: TopicPartition,
        brokers: Vec<BrokerId>,
    },
    /// `-1`: no leader.
    Leader {
        partition: TopicPartition,
        broker: Option<BrokerId>,
    },
    Broker {
        broker: BrokerId,
        up: bool,
    },
    Partitions {
        topic: Arc<str>,
        count: u64,
    },
    NoTopic {
        topic: Arc<str>,
    },
    Group {
        group: Arc<str>,
        facts: GroupFacts,
    },
    ShareGroup {
        group: Arc<str>,
        facts: GroupFacts,
    },
    /// In the order of their texts; none: empty.
    Assignment {
        client: Arc<str>,
        partitions: Vec<TopicPartition>,
    },
    AssignedCount {
        client: Arc<str>,
        count: u64,
    },
    Callbacks {
        client: Arc<str>,
        count: u64,
    },
    Generation {
        client: Arc<str>,
        generation: i64,
    },
    /// Records that a loop has read and nobody has asked for.
    Count {
        client: Arc<str>,
        count: u64,
    },
    /// No callback is open.
    Sent {
        client: Arc<str>,
    },
    Latest {
        partition: TopicPartition,
        offset: u64,
    },
    Lso {
        partition: TopicPartition,
        offset: u64,
    },
    Earliest {
        partition: TopicPartition,
        offset: u64,
    },
    LogEnd {
        partition: TopicPartition,
        place: ReplicaPlace,
        offset: u64,
    },
    Segments {
        partition: TopicPartition,
        place: ReplicaPlace,
        count: u64,
    },
    Batches {
        partition: TopicPartition,
        count: u64,
    },
    RecordsInLog {
        partition: TopicPartition,
        count: u64,
    },
    /// `none`: nothing committed.
    Committed {
        group: Arc<str>,
        partition: TopicPartition,
        offset: Option<u64>,
    },
    Transaction {
        id: Arc<str>,
        state: Arc<str>,
    },
    /// Only of `run until`: the record that the producer sent last is acknowledged.
    Acknowledged {
        client: Arc<str>,
    },
}

/// Which replica's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReplicaPlace {
    Leader,
    Broker(BrokerId),
}

/// What is asked of a group; at least one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupFacts {
    /// `Stable`, `PreparingRebalance`, `Empty`, …, as Kafka prints it.
    pub state: Option<Arc<str>>,
    pub members: Option<u64>,
    /// `Classic`, `Consumer`.
    pub kind: Option<Arc<str>>,
    pub epoch: Option<u64>,
}

const SUBJECTS: &[&str] = &[
    "isr",
    "elr",
    "leader",
    "broker",
    "partitions",
    "group",
    "share-group",
    "assignment",
    "assigned-count",
    "callbacks",
    "generation",
    "count",
    "sent",
    "latest",
    "lso",
    "earliest",
    "log-end",
    "segments",
    "batches",
    "records-in-log",
    "committed",
    "transaction",
    "no-topic",
];
const ACKNOWLEDGED: &str = "acknowledged";
const STATES: &[&str] = &[
    "Unknown",
    "PreparingRebalance",
    "CompletingRebalance",
    "Stable",
    "Dead",
    "Empty",
    "Assigning",
    "Reconciling",
    "NotReady",
];

pub(super) fn parse_wait(args: &mut Args) -> Option<Statement> {
    wait(args, false).map(Statement::Wait)
}

/// `run until CONDITION`, `run until MS`.
pub(super) fn parse_run(args: &mut Args) -> Option<Statement> {
    args.choice_word("until", &[("until", ())])?;
    if args.peek().is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit())) {
        let word = args.next()?;
        let found = instant(&word.text);
        if found.is_none() {
            let (en, ko) = (
                "milliseconds since the start with at most three decimals, such as `4198.0`",
                "`4198.0`처럼 시작부터 센 밀리초, 소수점 아래 셋째 자리까지",
            );
            args.bad(&word, "MS", Allowed::Form(text(en, ko)));
        }
        return found.map(Statement::RunUntilInstant);
    }
    wait(args, true).map(Statement::RunUntil)
}

/// `4198.0` is 4,198,000 microseconds.
fn instant(text: &str) -> Option<Instant> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 3 {
        return None;
    }
    let ms = whole.parse::<u64>().ok().filter(|ms| *ms <= MAX_COUNT as u64 / 1000)?;
    let us: u64 = format!("{decimals:0<3}").parse().ok()?;
    Some(Instant(ms * 1000 + us))
}

fn wait(args: &mut Args, until: bool) -> Option<Wait> {
    let timeout_ms = timeout(args);
    let condition = condition(args, until)?;
    Some(Wait { condition, timeout_ms })
}

/// Words of a `wait` are never options but for this one, which may stand anywhere.
fn timeout(args: &mut Args) -> Option<u64> {
    let word = args.remove_word(|text| text.starts_with("timeout_ms="))?;
    let value = Word { text: word.text["timeout_ms=".len()..].to_string(), column: word.column + 11, quoted: false };
    args.whole_of(&value, "timeout_ms", 0, MAX_COUNT).map(|n| n as u64)
}

fn condition(args: &mut Args, until: bool) -> Option<Condition> {
    let what = args.word("WHAT")?;
    let consumer = &[ClientKind::Consumer];
    Some(match what.text.as_str() {
        "isr" => Condition::Isr { partition: args.partition("PARTITION")?, brokers: brokers(args, false)? },
        "elr" => Condition::Elr { partition: args.partition("PARTITION")?, brokers: brokers(args, true)? },
        "leader" => Condition::Leader { partition: args.partition("PARTITION")?, broker: leader(args)? },
        "broker" => {
            let word = args.word("broker-N")?;
            let broker = args.broker_of(&word, "broker-N")?;
            Condition::Broker { broker, up: args.choice_word("up|down", &[("up", true), ("down", false)])? }
        }
        "partitions" => Condition::Partitions { topic: args.name("TOPIC")?, count: count(args)? },
        "no-topic" => Condition::NoTopic { topic: args.name("TOPIC")? },
        "group" => Condition::Group { group: args.name("GROUP")?, facts: facts(args)? },
        "share-group" => Condition::ShareGroup { group: args.name("GROUP")?, facts: facts(args)? },
        "assignment" => Condition::Assignment { client: args.client(consumer)?, partitions: assignment(args)? },
        "assigned-count" => Condition::AssignedCount { client: args.client(consumer)?, count: count(args)? },
        "callbacks" => Condition::Callbacks { client: args.client(ANY_KIND)?, count: count(args)? },
        "generation" => {
            let client = args.client(consumer)?;
            equals(args)?;
            Condition::Generation { client, generation: args.whole_word("N", -1, i64::from(i32::MAX))? }
        }
        "count" => Condition::Count { client: args.client(ANY_KIND)?, count: count(args)? },
        "sent" => Condition::Sent { client: args.client(&[ClientKind::Producer])? },
        "latest" => Condition::Latest { partition: args.partition("PARTITION")?, offset: count(args)? },
        "lso" => Condition::Lso { partition: args.partition("PARTITION")?, offset: count(args)? },
        "earliest" => Condition::Earliest { partition: args.partition("PARTITION")?, offset: count(args)? },
        "log-end" => {
            let (partition, place) = (args.partition("PARTITION")?, place(args)?);
            Condition::LogEnd { partition, place, offset: count(args)? }
        }
        "segments" => {
            let (partition, place) = (args.partition("PARTITION")?, place(args)?);
            Condition::Segments { partition, place, count: count(args)? }
        }
        "batches" => Condition::Batches { partition: args.partition("PARTITION")?, count: count(args)? },
        "records-in-log" => Condition::RecordsInLog { partition: args.partition("PARTITION")?, count: count(args)? },
        "committed" => {
            let (group, partition) = (args.name("GROUP")?, args.partition("PARTITION")?);
            Condition::Committed { group, partition, offset: committed(args)? }
        }
        "transaction" => {
            let id = args.name("TXID")?;
            equals(args)?;
            Condition::Transaction { id, state: args.name("STATE")? }
        }
        ACKNOWLEDGED if until => Condition::Acknowledged { client: args.client(&[ClientKind::Producer])? },
        ACKNOWLEDGED => {
            args.fail(what.column, &what.text, ScriptProblem::OnlyRunUntil, Allowed::Words(SUBJECTS.to_vec()));
            return None;
        }
        _ => {
            let also: &[&'static str] = if until { &[ACKNOWLEDGED] } else { &[] };
            let allowed = Allowed::Words([SUBJECTS, also].concat());
            args.bad(&what, "WHAT", allowed);
            return None;
        }
    })
}

fn equals(args: &mut Args) -> Option<()> {
    args.choice_word("=", &[("=", ())])
}

fn count(args: &mut Args) -> Option<u64> {
    equals(args)?;
    args.whole_word("N", 0, MAX_COUNT).map(|n| n as u64)
}

fn committed(args: &mut Args) -> Option<Option<u64>> {
    equals(args)?;
    if args.peek() == Some("none") {
        args.next();
        return Some(None);
    }
    args.whole_word("OFFSET", 0, MAX_COUNT).map(|n| Some(n as u64))
}

fn brokers(args: &mut Args, none: bool) -> Option<Vec<BrokerId>> {
    equals(args)?;
    let word = args.word("BROKERS")?;
    if none && word.text == "none" {
        return Some(Vec::new());
    }
    let found: Option<Vec<BrokerId>> = word.text.split(',').map(|id| id.parse().ok().map(BrokerId)).collect();
    if found.is_none() {
        let (en, ko) = ("numbers of brokers parted by commas, such as `1,2`", "`1,2`처럼 쉼표로 나눈 브로커 번호");
        args.bad(&word, "BROKERS", Allowed::Form(text(en, ko)));
    }
    found.map(|mut ids| {
        ids.order();
        ids.dedup();
        ids
    })
}

fn leader(args: &mut Args) -> Option<Option<BrokerId>> {
    equals(args)?;
    let id = args.whole_word("BROKER", -1, i64::from(super::MAX_BROKERS))?;
    Some((id > 0).then_some(BrokerId(id as i32)))
}

fn place(args: &mut Args) -> Option<ReplicaPlace> {
    let word = args.word("leader|broker-N")?;
    match word.text.as_str() {
        "leader" => Some(ReplicaPlace::Leader),
        text if broker(text).is_some() => args.broker_of(&word, "broker-N").map(ReplicaPlace::Broker),
        _ => {
            args.bad(&word, "leader|broker-N", Allowed::Words(vec!["leader", "broker-N"]));
            None
        }
    }
}

fn assignment(args: &mut Args) -> Option<Vec<TopicPartition>> {
    equals(args)?;
    let word = args.word("PARTITIONS")?;
    if word.text == "none" {
        return Some(Vec::new());
    }
    let found = args.partition_list(&word, "PARTITIONS");
    args.errors.is_empty().then(|| sorted_as_text(found))
}

/// `state Stable members 2 type Consumer epoch 3`
fn facts(args: &mut Args) -> Option<GroupFacts> {
    let mut facts = GroupFacts::default();
    let first = args.peek().is_none();
    while let Some(word) = if first { args.word("state|members|type|epoch") } else { args.next() } {
        match word.text.as_str() {
            "state" => {
                let state = args.word("STATE")?;
                if !STATES.contains(&state.text.as_str()) {
                    args.bad(&state, "STATE", Allowed::Words(STATES.to_vec()));
                }
                facts.state = Some(Arc::from(state.text));
            }
            "members" => facts.members = Some(args.whole_word("N", 0, MAX_COUNT)? as u64),
            "type" => facts.kind = Some(args.name("TYPE")?),
            "epoch" => facts.epoch = Some(args.whole_word("N", 0, MAX_COUNT)? as u64),
            _ => {
                args.bad(&word, "state|members|type|epoch", Allowed::Words(vec!["state", "members", "type", "epoch"]));
                return None;
            }
        }
    }
    (!first).then_some(facts)
}

pub(super) fn print_wait(wait: &Wait, out: &mut Out) {
    print_condition(&wait.condition, out);
    out.some("timeout_ms", wait.timeout_ms);
}

pub(super) fn print_instant(at: Instant, out: &mut Out) {
    let (ms, us) = (at.micros() / 1000, at.micros() % 1000);
    let decimals = format!("{us:03}");
    let decimals = decimals.trim_end_matches('0');
    out.word(&format!("{ms}.{}", if decimals.is_empty() { "0" } else { decimals }));
}

fn print_condition(condition: &Condition, out: &mut Out) {
    let ids = |ids: &[BrokerId]| match ids {
        [] => "none".to_string(),
        _ => ids.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(","),
    };
    let (what, subject, value): (&str, String, Option<String>) = match condition {
        Condition::Isr { partition, brokers } => ("isr", partition.to_string(), Some(ids(brokers))),
        Condition::Elr { partition, brokers } => ("elr", partition.to_string(), Some(ids(brokers))),
        Condition::Leader { partition, broker } => {
            ("leader", partition.to_string(), Some(broker.map_or(-1, |id| id.0).to_string()))
        }
        Condition::Broker { broker, up } => {
            return out.words(&["broker", &format!("broker-{}", broker.0), if *up { "up" } else { "down" }]);
        }
        Condition::Partitions { topic, count } => ("partitions", topic.to_string(), Some(count.to_string())),
        Condition::NoTopic { topic } => ("no-topic", topic.to_string(), None),
        Condition::Group { group, facts } => return print_facts("group", group, facts, out),
        Condition::ShareGroup { group, facts } => return print_facts("share-group", group, facts, out),
        Condition::Assignment { client, partitions } => ("assignment", client.to_string(), Some(joined(partitions))),
        Condition::AssignedCount { client, count } => ("assigned-count", client.to_string(), Some(count.to_string())),
        Condition::Callbacks { client, count } => ("callbacks", client.to_string(), Some(count.to_string())),
        Condition::Generation { client, generation } => {
            ("generation", client.to_string(), Some(generation.to_string()))
        }
        Condition::Count { client, count } => ("count", client.to_string(), Some(count.to_string())),
        Condition::Sent { client } => ("sent", client.to_string(), None),
        Condition::Latest { partition, offset } => ("latest", partition.to_string(), Some(offset.to_string())),
        Condition::Lso { partition, offset } => ("lso", partition.to_string(), Some(offset.to_string())),
        Condition::Earliest { partition, offset } => ("earliest", partition.to_string(), Some(offset.to_string())),
        Condition::LogEnd { partition, place, offset } => return print_at("log-end", partition, *place, *offset, out),
        Condition::Segments { partition, place, count } => return print_at("segments", partition, *place, *count, out),
        Condition::Batches { partition, count } => ("batches", partition.to_string(), Some(count.to_string())),
        Condition::RecordsInLog { partition, count } => {
            ("records-in-log", partition.to_string(), Some(count.to_string()))
        }
        Condition::Committed { group, partition, offset } => {
            let offset = offset.map_or("none".to_string(), |offset| offset.to_string());
            return out.words(&["committed", group, &partition.to_string(), "=", &offset]);
        }
        Condition::Transaction { id, state } => ("transaction", id.to_string(), Some(state.to_string())),
        Condition::Acknowledged { client } => (ACKNOWLEDGED, client.to_string(), None),
    };
    out.words(&[what, &subject]);
    if let Some(value) = value {
        out.words(&["=", &value]);
    }
}

fn print_at(what: &str, partition: &TopicPartition, place: ReplicaPlace, number: u64, out: &mut Out) {
    let place = match place {
        ReplicaPlace::Leader => "leader".to_string(),
        ReplicaPlace::Broker(id) => format!("broker-{}", id.0),
    };
    out.words(&[what, &partition.to_string(), &place, "=", &number.to_string()]);
}

fn print_facts(what: &str, group: &str, facts: &GroupFacts, out: &mut Out) {
    out.words(&[what, group]);
    let members = facts.members.map(|n| n.to_string());
    let epoch = facts.epoch.map(|n| n.to_string());
    let all = [("state", facts.state.as_deref()), ("members", members.as_deref()), ("type", facts.kind.as_deref())];
    for (name, value) in all.into_iter().chain([("epoch", epoch.as_deref())]) {
        if let Some(value) = value {
            out.words(&[name, value]);
        }
    }
}
