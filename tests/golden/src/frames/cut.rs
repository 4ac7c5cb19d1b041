//! Why records of a Fetch answer may end earlier than Kafka's.
//!
//! Kafka reads a file up to the request's limit, wherever that falls; the client drops the batch that is not whole. The
//! model ends behind the last whole one.

use std::collections::BTreeMap;

use serde_json::Value;

use super::tree::Tree;

/// `fetch.max.bytes` of a broker, which bounds every request.
const BROKER_MAX_BYTES: usize = 57_671_680;

/// Bytes of a batch before its records: its base offset and its length.
const LOG_OVERHEAD: usize = 12;

/// What a Fetch request allows; for any other answer nothing.
#[derive(Clone, Default)]
pub struct Limits {
    /// What is left of the request's `max_bytes`.
    left: usize,
    /// `partition_max_bytes` by topic (its id or name, as the request has it) and partition.
    partitions: BTreeMap<(String, i64), usize>,
    topic: String,
    partition: i64,
}

impl Limits {
    /// Of a request as it was recorded. What an incremental request does not name is as the session's requests before
    /// it had it.
    pub fn of(&self, body: &Value) -> Limits {
        let mut limits = self.clone();
        let size = |value: &Value| usize::try_from(value.as_i64().unwrap_or(0)).unwrap_or(0);
        limits.left = size(&body["maxBytes"]).min(BROKER_MAX_BYTES);
        for topic in body["topics"].as_array().into_iter().flatten() {
            let name = topic["topicId"].as_str().or(topic["topic"].as_str()).unwrap_or_default();
            for partition in topic["partitions"].as_array().into_iter().flatten() {
                let at = (name.to_owned(), partition["partition"].as_i64().unwrap_or(-1));
                limits.partitions.insert(at, size(&partition["partitionMaxBytes"]));
            }
        }
        limits
    }

    /// Goes into a struct of Kafka's answer, which may be a topic or a partition.
    pub fn enter(&mut self, kafka: &Tree) {
        if kafka.get("partitions").is_some() {
            let text = |field| kafka.get(field).and_then(Tree::leaf).unwrap_or_default().trim_matches('"');
            let name = text("topic");
            self.topic = if name.is_empty() { letters(text("topic_id")) } else { name.to_owned() };
        }
        if let Some(partition) = kafka.get("partition_index").and_then(Tree::leaf) {
            self.partition = partition.parse().unwrap_or(-1);
        }
    }

    /// Whether our records, as `{:?}` prints bytes, are Kafka's, or end where the limit kept Kafka from a whole batch.
    pub fn explain(&mut self, ours: &str, kafka: &str) -> bool {
        let (Some(our_bytes), Some(kafka_bytes)) = (bytes(ours), bytes(kafka)) else { return ours == kafka };
        let allowed = self.partitions.get(&(self.topic.clone(), self.partition)).copied().unwrap_or(0).min(self.left);
        self.left = self.left.saturating_sub(kafka_bytes.len());
        if our_bytes == kafka_bytes {
            return true;
        }
        let Some(rest) = kafka_bytes.strip_prefix(our_bytes.as_slice()) else { return false };
        !our_bytes.is_empty()
            && whole_batches(&our_bytes) == our_bytes.len()
            && whole_batches(rest) == 0
            && kafka_bytes.len() == allowed
    }
}

/// How many of the bytes are batches from their beginning to their end.
fn whole_batches(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(length) = bytes.get(at + 8..at + LOG_OVERHEAD) {
        let length = i32::from_be_bytes(length.try_into().expect("four bytes"));
        let end = usize::try_from(length).ok().and_then(|length| at.checked_add(LOG_OVERHEAD + length));
        match end.filter(|end| *end <= bytes.len()) {
            Some(end) => at = end,
            None => break,
        }
    }
    at
}

/// Reads `b"…"`; none for what is no bytes (`None`).
fn bytes(printed: &str) -> Option<Vec<u8>> {
    let text = printed.strip_prefix("b\"")?.strip_suffix('"')?;
    let mut bytes = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let byte = match letter {
            '\\' => match letters.next()? {
                'n' => b'\n',
                'r' => b'\r',
                't' => b'\t',
                '0' => 0,
                'x' => {
                    let digits: String = letters.by_ref().take(2).collect();
                    u8::from_str_radix(&digits, 16).ok()?
                }
                other => u8::try_from(other).ok()?,
            },
            other => u8::try_from(other).ok()?,
        };
        bytes.push(byte);
    }
    Some(bytes)
}

/// A uuid as Kafka's JSON has it: 22 letters, of base64 with `-` and `_`.
fn letters(uuid: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digits: String = uuid.chars().filter(char::is_ascii_hexdigit).collect();
    let Ok(bits) = u128::from_str_radix(&digits, 16) else { return String::new() };
    (0..22)
        .map(|at| char::from(LETTERS[(if at < 21 { bits >> (122 - 6 * at) } else { bits << 4 }) as usize & 63]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A batch of that many bytes, as far as its length says.
    fn batch(size: usize) -> Vec<u8> {
        let mut bytes = vec![0; size];
        bytes[8..12].copy_from_slice(&((size - LOG_OVERHEAD) as i32).to_be_bytes());
        bytes
    }

    fn printed(bytes: &[u8]) -> String {
        let letters: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
        format!("b\"{letters}\"")
    }

    fn limits(max_bytes: i64, partition_max_bytes: i64) -> Limits {
        let partition = serde_json::json!({ "partition": 0, "partitionMaxBytes": partition_max_bytes });
        let topics = serde_json::json!([{ "topic": "t", "partitions": [partition] }]);
        let mut limits = Limits::default().of(&serde_json::json!({ "maxBytes": max_bytes, "topics": topics }));
        (limits.topic, limits.partition) = ("t".into(), 0);
        limits
    }

    #[test]
    fn records_end_earlier_only_behind_a_batch_and_where_the_limit_falls() {
        let whole = [batch(70), batch(80)].concat();
        let cut = |ours: usize, kafka: usize, max: i64, partition_max: i64| {
            limits(max, partition_max).explain(&printed(&whole[..ours]), &printed(&whole[..kafka]))
        };
        assert!(cut(150, 150, 1000, 1000));
        assert!(cut(70, 100, 1000, 100));
        assert!(cut(70, 100, 100, 1000));
        assert!(!cut(70, 100, 1000, 1000), "no limit fell there");
        assert!(!cut(60, 100, 1000, 100), "not behind a batch");
        assert!(!cut(70, 150, 1000, 150), "a whole batch is missing");
        assert!(!cut(0, 60, 1000, 60), "the first batch is always answered");
    }

    #[test]
    fn an_id_has_the_letters_that_kafka_prints() {
        assert_eq!(letters("488ae1fa-c0fa-486f-b254-46d3889f7c75"), "SIrh-sD6SG-yVEbTiJ98dQ");
        assert_eq!(letters("00000000-0000-0000-0000-000000000000"), "A".repeat(22));
        assert_eq!(letters("ffffffff-ffff-ffff-ffff-ffffffffffff"), format!("{}w", "_".repeat(21)));
    }
}
