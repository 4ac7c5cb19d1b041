//! Looking at and changing a cluster through an administrator's client.

use std::sync::Arc;

use crate::ids::{BrokerId, TopicPartition};
use crate::lang::text;

use super::args::{Args, MAX_COUNT, partition};
use super::ast::{Property, Statement};
use super::error::Allowed;
use super::print::Out;
use super::sends::name_of;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdminStatement {
    Describe(Described),
    /// `list-offsets orders latest`: of all partitions of a topic, or of one.
    ListOffsets {
        topic: Arc<str>,
        /// None: all partitions.
        partition: Option<i32>,
        spec: OffsetSpec,
        /// `isolation.level=read_committed`
        read_committed: bool,
        /// Milliseconds; None: 10,000.
        timeout_ms: Option<u64>,
    },
    GroupOffsets {
        group: Arc<str>,
    },
    /// The batches as they lie in the log, of the leader unless named.
    DumpLog {
        partition: TopicPartition,
        broker: Option<BrokerId>,
        sizes: bool,
        records: bool,
    },
    /// The group's records in `__consumer_offsets`.
    DumpGroup {
        group: Arc<str>,
        broker: Option<BrokerId>,
    },
    /// All before the offset; -1: before the high watermark.
    DeleteRecords {
        partition: TopicPartition,
        offset: i64,
    },
    /// So that the topic has `total` partitions.
    AddPartitions {
        topic: Arc<str>,
        total: u32,
    },
    /// An empty value takes the property back to its default.
    Alter {
        what: Altered,
        properties: Vec<Property>,
    },
    DeleteTopic {
        topic: Arc<str>,
    },
    DeleteGroup {
        group: Arc<str>,
    },
    AlterOffsets {
        group: Arc<str>,
        offsets: Vec<(TopicPartition, i64)>,
    },
    DeleteOffsets {
        group: Arc<str>,
        partition: TopicPartition,
    },
    RemoveMember {
        group: Arc<str>,
        instance: Arc<str>,
    },
    ElectLeaders {
        election: Election,
        partition: TopicPartition,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Described {
    Topic(Arc<str>),
    /// `show=shape`: how many partitions each member has, not who has which.
    Group {
        group: Arc<str>,
        shape: bool,
    },
    ShareGroup(Arc<str>),
    ShareOffsets(Arc<str>),
    Transaction(Arc<str>),
    Producers(TopicPartition),
    /// Of a topic, these properties; at least one.
    Config {
        topic: Arc<str>,
        names: Vec<Arc<str>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OffsetSpec {
    Latest,
    Earliest,
    MaxTimestamp,
    /// Milliseconds since 1970.
    Timestamp(i64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Altered {
    Topic(Arc<str>),
    Group(Arc<str>),
    Broker(BrokerId),
    /// `alter broker all`: the cluster-wide default.
    AllBrokers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Election {
    Preferred,
    Unclean,
}

const ELECTIONS: &[(&str, Election)] = &[("preferred", Election::Preferred), ("unclean", Election::Unclean)];
const YES_NO: &[(&str, bool)] = &[("yes", true), ("no", false)];
const ISOLATION: &[(&str, bool)] = &[("read_uncommitted", false), ("read_committed", true)];
const DESCRIBED: &[&str] = &["topic", "group", "share-group", "share-offsets", "transaction", "producers", "config"];

pub(super) fn parse_admin(args: &mut Args) -> Option<Statement> {
    let admin = match args.verb {
        "describe" => AdminStatement::Describe(describe(args)?),
        "list-offsets" => list_offsets(args)?,
        "group-offsets" => AdminStatement::GroupOffsets { group: args.name("GROUP")? },
        "dump-log" => {
            let partition = args.partition("PARTITION");
            let broker = broker(args);
            let sizes = args.choice("sizes", YES_NO).unwrap_or(false);
            let records = args.choice("records", YES_NO).unwrap_or(true);
            AdminStatement::DumpLog { partition: partition?, broker, sizes, records }
        }
        "dump-group" => {
            let group = args.name("GROUP");
            let broker = broker(args);
            AdminStatement::DumpGroup { group: group?, broker }
        }
        "delete-records" => {
            let partition = args.partition("PARTITION")?;
            AdminStatement::DeleteRecords { partition, offset: args.whole_word("OFFSET", -MAX_COUNT, MAX_COUNT)? }
        }
        "add-partitions" => {
            let topic = args.name("TOPIC")?;
            let total = args.whole_word("N", 0, i64::from(super::MAX_PARTITIONS))? as u32;
            AdminStatement::AddPartitions { topic, total }
        }
        "alter" => alter(args)?,
        "delete-topic" => AdminStatement::DeleteTopic { topic: args.name("TOPIC")? },
        "delete-group" => AdminStatement::DeleteGroup { group: args.name("GROUP")? },
        "alter-offsets" => {
            let group = args.name("GROUP")?;
            let offsets = args.partition_numbers();
            args.at_least_one(&offsets, "PARTITION=OFFSET");
            AdminStatement::AlterOffsets { group, offsets }
        }
        "delete-offsets" => {
            AdminStatement::DeleteOffsets { group: args.name("GROUP")?, partition: args.partition("PARTITION")? }
        }
        "remove-member" => {
            AdminStatement::RemoveMember { group: args.name("GROUP")?, instance: args.name("INSTANCE")? }
        }
        "elect-leaders" => {
            let election = args.choice_word("preferred|unclean", ELECTIONS)?;
            AdminStatement::ElectLeaders { election, partition: args.partition("PARTITION")? }
        }
        other => unreachable!("the table of verbs sends `{other}` elsewhere"),
    };
    Some(Statement::Admin(admin))
}

fn broker(args: &mut Args) -> Option<BrokerId> {
    let word = args.take("broker")?;
    args.broker_of(&word, "broker")
}

fn describe(args: &mut Args) -> Option<Described> {
    let what = args.word("WHAT")?;
    Some(match what.text.as_str() {
        "topic" => Described::Topic(args.name("TOPIC")?),
        "group" => {
            let group = args.name("GROUP");
            let shape = args.choice("show", &[("shape", true)]).unwrap_or(false);
            Described::Group { group: group?, shape }
        }
        "share-group" => Described::ShareGroup(args.name("GROUP")?),
        "share-offsets" => Described::ShareOffsets(args.name("GROUP")?),
        "transaction" => Described::Transaction(args.name("TXID")?),
        "producers" => Described::Producers(args.partition("PARTITION")?),
        "config" => {
            let topic = args.name("TOPIC")?;
            let mut names = vec![args.name("PROPERTY")?];
            while args.peek().is_some() {
                names.push(args.name("PROPERTY")?);
            }
            Described::Config { topic, names }
        }
        _ => {
            args.bad(&what, "WHAT", Allowed::Words(DESCRIBED.to_vec()));
            return None;
        }
    })
}

fn list_offsets(args: &mut Args) -> Option<AdminStatement> {
    let of = args.name("TOPIC|PARTITION");
    let spec = match args.next() {
        None => OffsetSpec::Latest,
        Some(word) => match (word.text.as_str(), word.text.parse()) {
            ("latest", _) => OffsetSpec::Latest,
            ("earliest", _) => OffsetSpec::Earliest,
            ("max-timestamp", _) => OffsetSpec::MaxTimestamp,
            (_, Ok(ms)) => OffsetSpec::Timestamp(ms),
            (_, Err(_)) => {
                let (en, ko) = (
                    "`latest`, `earliest`, `max-timestamp` or milliseconds since 1970",
                    "`latest`, `earliest`, `max-timestamp` 또는 1970년부터 센 밀리초",
                );
                args.bad(&word, "SPEC", Allowed::Form(text(en, ko)));
                return None;
            }
        },
    };
    let read_committed = args.choice("isolation.level", ISOLATION).unwrap_or(false);
    let timeout_ms = args.u64("timeout_ms");
    let of = of?;
    let (topic, partition) = match partition(&of) {
        Some(at) => (at.topic, Some(at.partition)),
        None => (of, None),
    };
    Some(AdminStatement::ListOffsets { topic, partition, spec, read_committed, timeout_ms })
}

fn alter(args: &mut Args) -> Option<AdminStatement> {
    let what = args.choice_word("topic|group|broker", &[("topic", 0), ("group", 1), ("broker", 2)])?;
    let what = match what {
        0 => Altered::Topic(args.name("TOPIC")?),
        1 => Altered::Group(args.name("GROUP")?),
        _ => {
            let word = args.word("broker-N")?;
            match word.text.as_str() {
                "all" => Altered::AllBrokers,
                _ => Altered::Broker(args.broker_of(&word, "broker-N")?),
            }
        }
    };
    let properties = args.properties();
    args.at_least_one(&properties, "name=value");
    Some(AdminStatement::Alter { what, properties })
}

pub(super) fn print_admin(admin: &AdminStatement, out: &mut Out) {
    match admin {
        AdminStatement::Describe(described) => print_describe(described, out),
        AdminStatement::ListOffsets { topic, partition, spec, read_committed, timeout_ms } => {
            let of = partition.map_or(topic.to_string(), |partition| format!("{topic}-{partition}"));
            let spec = match spec {
                OffsetSpec::Latest => "latest".to_string(),
                OffsetSpec::Earliest => "earliest".to_string(),
                OffsetSpec::MaxTimestamp => "max-timestamp".to_string(),
                OffsetSpec::Timestamp(ms) => ms.to_string(),
            };
            out.words(&["list-offsets", &of, &spec]);
            if *read_committed {
                out.option("isolation.level", "read_committed");
            }
            out.some("timeout_ms", *timeout_ms);
        }
        AdminStatement::GroupOffsets { group } => out.words(&["group-offsets", group]),
        AdminStatement::DumpLog { partition, broker, sizes, records } => {
            out.words(&["dump-log", &partition.to_string()]);
            print_broker(*broker, out);
            if *sizes {
                out.option("sizes", "yes");
            }
            if !records {
                out.option("records", "no");
            }
        }
        AdminStatement::DumpGroup { group, broker } => {
            out.words(&["dump-group", group]);
            print_broker(*broker, out);
        }
        AdminStatement::DeleteRecords { partition, offset } => {
            out.words(&["delete-records", &partition.to_string(), &offset.to_string()]);
        }
        AdminStatement::AddPartitions { topic, total } => out.words(&["add-partitions", topic, &total.to_string()]),
        AdminStatement::Alter { what, properties } => {
            match what {
                Altered::Topic(topic) => out.words(&["alter", "topic", topic]),
                Altered::Group(group) => out.words(&["alter", "group", group]),
                Altered::Broker(id) => out.words(&["alter", "broker", &format!("broker-{}", id.0)]),
                Altered::AllBrokers => out.words(&["alter", "broker", "all"]),
            }
            out.properties(properties);
        }
        AdminStatement::DeleteTopic { topic } => out.words(&["delete-topic", topic]),
        AdminStatement::DeleteGroup { group } => out.words(&["delete-group", group]),
        AdminStatement::AlterOffsets { group, offsets } => {
            out.words(&["alter-offsets", group]);
            out.numbers(offsets);
        }
        AdminStatement::DeleteOffsets { group, partition } => {
            out.words(&["delete-offsets", group, &partition.to_string()]);
        }
        AdminStatement::RemoveMember { group, instance } => out.words(&["remove-member", group, instance]),
        AdminStatement::ElectLeaders { election, partition } => {
            out.words(&["elect-leaders", name_of(*election, ELECTIONS), &partition.to_string()]);
        }
    }
}

fn print_broker(broker: Option<BrokerId>, out: &mut Out) {
    out.some("broker", broker.map(|id| format!("broker-{}", id.0)));
}

fn print_describe(described: &Described, out: &mut Out) {
    out.word("describe");
    match described {
        Described::Topic(topic) => out.words(&["topic", topic]),
        Described::Group { group, shape } => {
            out.words(&["group", group]);
            if *shape {
                out.option("show", "shape");
            }
        }
        Described::ShareGroup(group) => out.words(&["share-group", group]),
        Described::ShareOffsets(group) => out.words(&["share-offsets", group]),
        Described::Transaction(id) => out.words(&["transaction", id]),
        Described::Producers(partition) => out.words(&["producers", &partition.to_string()]),
        Described::Config { topic, names } => {
            out.words(&["config", topic]);
            for name in names {
                out.word(name);
            }
        }
    }
}

impl AdminStatement {
    /// Its verb: the first word of its line and the `what` of its observation.
    pub fn verb(&self) -> &'static str {
        match self {
            AdminStatement::Describe(_) => "describe",
            AdminStatement::ListOffsets { .. } => "list-offsets",
            AdminStatement::GroupOffsets { .. } => "group-offsets",
            AdminStatement::DumpLog { .. } => "dump-log",
            AdminStatement::DumpGroup { .. } => "dump-group",
            AdminStatement::DeleteRecords { .. } => "delete-records",
            AdminStatement::AddPartitions { .. } => "add-partitions",
            AdminStatement::Alter { .. } => "alter",
            AdminStatement::DeleteTopic { .. } => "delete-topic",
            AdminStatement::DeleteGroup { .. } => "delete-group",
            AdminStatement::AlterOffsets { .. } => "alter-offsets",
            AdminStatement::DeleteOffsets { .. } => "delete-offsets",
            AdminStatement::RemoveMember { .. } => "remove-member",
            AdminStatement::ElectLeaders { .. } => "elect-leaders",
        }
    }
}
