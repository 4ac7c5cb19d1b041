//! What became of the sends of a line, as recorded runs show it.

use std::collections::BTreeMap;

use partita::application::SendOutcome;
use partita::script::ShowOutcomes;
use serde_json::{Map, Value, json};

use crate::stable;

type Object = Map<String, Value>;

pub fn send_outcome(outcome: &SendOutcome, now_ms: i64) -> Object {
    let mut found = Object::new();
    match outcome {
        SendOutcome::Acknowledged(metadata) => {
            found.insert("partition".into(), metadata.partition.into());
            found.insert("offset".into(), metadata.offset.into());
            if metadata.timestamp >= 0 && stable::from_script(metadata.timestamp, now_ms) {
                found.insert("timestamp".into(), metadata.timestamp.into());
            }
        }
        SendOutcome::Failed(exception, partition) => {
            found.insert("failed".into(), stable::error(exception));
            found.insert("metadata-partition".into(), (*partition).into());
            found.insert("metadata-offset".into(), (-1).into());
        }
        SendOutcome::Threw(exception) => {
            found.insert("threw".into(), stable::error(exception));
        }
    }
    found
}

pub fn show_outcomes(found: &mut Object, show: ShowOutcomes, times: u32, mut outcomes: BTreeMap<u32, Object>) {
    match show {
        ShowOutcomes::Nothing => {}
        ShowOutcomes::Spread => {
            let mut per: BTreeMap<i64, u64> = BTreeMap::new();
            for partition in outcomes.values().filter_map(|outcome| outcome.get("partition")?.as_i64()) {
                *per.entry(partition).or_default() += 1;
            }
            let mut sizes: Vec<u64> = per.into_values().collect();
            sizes.sort_by(|a, b| b.cmp(a));
            found.insert("records-per-partition".into(), json!(sizes));
        }
        ShowOutcomes::Distinct => {
            let one = |outcome: Object| {
                if outcome.contains_key("partition") { json!({ "acknowledged": true }) } else { Value::Object(outcome) }
            };
            let mut all: Vec<Value> = outcomes.into_values().map(one).collect();
            all.sort_by_key(Value::to_string);
            all.dedup();
            found.insert("outcomes".into(), all.into());
        }
        ShowOutcomes::All | ShowOutcomes::Thrown => {
            if show == ShowOutcomes::Thrown {
                for outcome in outcomes.values_mut() {
                    for name in ["failed", "metadata-partition", "metadata-offset"] {
                        outcome.shift_remove(name);
                    }
                }
            }
            found.insert("outcomes".into(), fold(times, &outcomes).into());
        }
    }
}

/// Equal neighbours become one: consecutive offsets of a partition, and the same failure.
fn fold(times: u32, outcomes: &BTreeMap<u32, Object>) -> Vec<Value> {
    let pending: Object = [("pending".to_owned(), Value::Bool(true))].into_iter().collect();
    let mut all: Vec<Object> = Vec::new();
    for i in 0..times {
        let next = outcomes.get(&i).unwrap_or(&pending);
        if let Some(open) = all.last_mut()
            && joins(open, next)
        {
            let records = open.get("records").and_then(Value::as_i64).unwrap_or(1) + 1;
            if let Some(offset) = next.get("offset").filter(|offset| offset.as_i64() >= Some(0)) {
                open.insert("last-offset".into(), offset.clone());
            }
            open.insert("records".into(), records.into());
            continue;
        }
        all.push(next.clone());
    }
    all.into_iter().map(Value::Object).collect()
}

fn joins(open: &Object, next: &Object) -> bool {
    let number = |of: &Object, name: &str| of.get(name).and_then(Value::as_i64);
    match (number(next, "offset"), number(open, "offset")) {
        (Some(offset), Some(first)) => {
            let last = number(open, "last-offset").unwrap_or(first);
            let step = i64::from(offset >= 0);
            next.get("timestamp") == open.get("timestamp")
                && next.get("partition") == open.get("partition")
                && offset == last + step
        }
        (None, _) => {
            let mut bare = open.clone();
            bare.shift_remove("records");
            bare == *next
        }
        (Some(_), None) => false,
    }
}
