//! Topics and partitions that are written out.

use std::sync::Arc;

use crate::script::Subscription;

use super::value::Value;

pub(super) fn partitions(of: &Value) -> Option<Vec<(String, i32)>> {
    let partition = |of: &Value| match of {
        Value::Partition(topic, partition) => {
            Some((topic.to_string(), *partition)).filter(|(topic, partition)| is_topic(topic) && *partition >= 0)
        }
        _ => None,
    };
    match of {
        Value::List(list) => list.iter().map(partition).collect(),
        _ => None,
    }
}

/// Whether a script can name it.
pub(super) fn is_topic(name: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    !name.is_empty() && name.len() <= 249 && name.chars().all(is_plain)
}

/// Topics parted by commas.
pub(super) fn topics(text: &str) -> Option<Subscription> {
    let all: Vec<Arc<str>> = text.split(',').map(|topic| Arc::from(topic.trim())).collect();
    all.iter().all(|topic| is_topic(topic)).then_some(Subscription::Topics(all))
}
