//! Prints what `wait` and `run until` wait for.

use crate::ids::{BrokerId, TopicPartition};
use crate::script::ast::{ACKNOWLEDGED, Condition, GroupFacts, ReplicaPlace, Wait};
use crate::time::Instant;

use super::out::{Out, joined};

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
            return out.words(&["broker", &broker.host(), if *up { "up" } else { "down" }]);
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
        ReplicaPlace::Broker(id) => id.host(),
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
