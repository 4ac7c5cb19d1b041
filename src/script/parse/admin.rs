//! Reads the administrator's lines.

use crate::ids::BrokerId;
use crate::lang::{Text, text};
use crate::script::ast::{AdminStatement, Altered, Described, Election, OffsetSpec, Statement};
use crate::script::error::Allowed;
use crate::script::limits::MAX_PARTITIONS;
use crate::script::table::YES_NO;

use super::args::{Args, partition};
use super::lists::AN_OFFSET;

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
            AdminStatement::DeleteRecords { partition, offset: args.whole_word("OFFSET", i64::MIN, i64::MAX)? }
        }
        "add-partitions" => {
            let topic = args.name("TOPIC")?;
            let total = args.whole_word("N", 0, i64::from(MAX_PARTITIONS))? as u32;
            AdminStatement::AddPartitions { topic, total }
        }
        "alter" => alter(args)?,
        "delete-topic" => AdminStatement::DeleteTopic { topic: args.name("TOPIC")? },
        "delete-group" => AdminStatement::DeleteGroup { group: args.name("GROUP")? },
        "alter-offsets" => {
            let group = args.name("GROUP")?;
            let offsets = args.distinct_partition_numbers(&AN_OFFSET);
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
            let election = args.choice_word("preferred|unclean", Election::ALL)?;
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

const A_SPEC: Text = text(
    "`latest`, `earliest`, `max-timestamp` or milliseconds since 1970 from 0",
    "`latest`, `earliest`, `max-timestamp` 또는 1970년부터 센 밀리초(0 이상)",
);

fn spec(text: &str) -> Option<OffsetSpec> {
    Some(match text {
        "latest" => OffsetSpec::Latest,
        "earliest" => OffsetSpec::Earliest,
        "max-timestamp" => OffsetSpec::MaxTimestamp,
        ms => OffsetSpec::Timestamp(ms.parse().ok().filter(|ms| *ms >= 0)?),
    })
}

fn list_offsets(args: &mut Args) -> Option<AdminStatement> {
    let of = args.name("TOPIC|PARTITION");
    let spec = match args.next() {
        None => OffsetSpec::Latest,
        Some(word) => args.read_of(&word, "SPEC", spec, A_SPEC)?,
    };
    let read_committed = args.choice("isolation.level", ISOLATION).unwrap_or(false);
    let timeout_ms = args.ms("timeout_ms");
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
