//! Prints the administrator's lines.

use crate::ids::BrokerId;
use crate::script::ast::{AdminStatement, Altered, Described, Election, OffsetSpec};
use crate::script::table::name_of;

use super::out::Out;

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
            out.words(&[&of, &spec]);
            if *read_committed {
                out.option("isolation.level", "read_committed");
            }
            out.some("timeout_ms", *timeout_ms);
        }
        AdminStatement::GroupOffsets { group } | AdminStatement::DeleteGroup { group } => out.word(group),
        AdminStatement::DumpLog { partition, broker, sizes, records } => {
            out.word(&partition.to_string());
            print_broker(*broker, out);
            if *sizes {
                out.option("sizes", "yes");
            }
            if !records {
                out.option("records", "no");
            }
        }
        AdminStatement::DumpGroup { group, broker } => {
            out.word(group);
            print_broker(*broker, out);
        }
        AdminStatement::DeleteRecords { partition, offset } => {
            out.words(&[&partition.to_string(), &offset.to_string()]);
        }
        AdminStatement::AddPartitions { topic, total } => out.words(&[topic, &total.to_string()]),
        AdminStatement::Alter { what, properties } => {
            match what {
                Altered::Topic(topic) => out.words(&["topic", topic]),
                Altered::Group(group) => out.words(&["group", group]),
                Altered::Broker(id) => out.words(&["broker", &id.host()]),
                Altered::AllBrokers => out.words(&["broker", "all"]),
            }
            out.properties(properties);
        }
        AdminStatement::DeleteTopic { topic } => out.word(topic),
        AdminStatement::AlterOffsets { group, offsets } => {
            out.word(group);
            out.numbers(offsets);
        }
        AdminStatement::DeleteOffsets { group, partition } => out.words(&[group, &partition.to_string()]),
        AdminStatement::RemoveMember { group, instance } => out.words(&[group, instance]),
        AdminStatement::ElectLeaders { election, partition } => {
            out.words(&[name_of(*election, Election::ALL), &partition.to_string()]);
        }
    }
}

fn print_broker(broker: Option<BrokerId>, out: &mut Out) {
    out.some("broker", broker.map(BrokerId::host));
}

fn print_describe(described: &Described, out: &mut Out) {
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
