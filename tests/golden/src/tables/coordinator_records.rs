//! The bytes of `__consumer_offsets` and `__transaction_state`, and of the consumer protocol.

use std::sync::Arc;

use partita::consumer_protocol::{Assignment, Subscription};
use partita::coordinator::group::{GroupMetadataValue, GroupRecord, MemberMetadata, OffsetCommitValue};
use partita::ids::TopicPartition;
use partita::java::{partition_for, string_hash_code};
use serde_json::{Value, json};

use crate::json::{bytes, equal, hex, int, list, text};
use crate::{Subject, each};

pub fn subject() -> Subject {
    Subject { name: "coordinator-records", player: || each(check), part }
}

/// The consumer and share protocols' records, and those of transactions.
fn part(case: &Value) -> Option<String> {
    match (text(&case["kind"]), case["type"].as_str()) {
        ("transaction", _) => Some("transactions".into()),
        ("group" | "any-version", Some("OffsetCommit" | "GroupMetadata")) => None,
        ("group" | "any-version", _) => Some("consumer-groups".into()),
        _ => None,
    }
}

fn check(case: &Value, _: &Value) -> Result<(), String> {
    match text(&case["kind"]) {
        "partition" => {
            let id = text(&case["id"]);
            equal("hash", &string_hash_code(id), &int(&case["hash"]))?;
            equal("partition", &partition_for(id, 50), &int(&case["partition"]))
        }
        "consumer-protocol" if text(&case["type"]) == "subscription" => subscription(case),
        "consumer-protocol" => assignment(case),
        kind => group_record(case, kind == "group"),
    }
}

/// Read and compared field by field; what the coordinator itself writes is also written again.
fn group_record(case: &Value, written: bool) -> Result<(), String> {
    let (key, value) = (bytes(&case["key"]), case["value"].as_str().map(|_| bytes(&case["value"])));
    let record = GroupRecord::read(&key, value.as_deref())?.ok_or("a record type that is not built")?;
    let (fields, values) = match &record {
        GroupRecord::OffsetCommit { group, topic, partition, value } => {
            let version = case["version"].as_i64().unwrap_or(4);
            let values = value.as_ref().map(|value| offset_commit(value, version));
            (json!({"group": &**group, "topic": &**topic, "partition": partition}), values)
        }
        GroupRecord::GroupMetadata { group, value } => {
            let version = case["version"].as_i64().unwrap_or(3);
            (json!({"group": &**group}), value.as_ref().map(|value| group_metadata(value, version)))
        }
    };
    equal("key", &fields, &case["keyFields"])?;
    equal("value", &values.unwrap_or_default(), &case["valueFields"])?;
    equal("key bytes", &hex(&record.key()), &hex(&key))?;
    if written {
        equal("value bytes", &record.value().map(|value| hex(&value)), &value.map(|value| hex(&value)))?;
    }
    Ok(())
}

fn offset_commit(value: &OffsetCommitValue, version: i64) -> Value {
    let mut fields = json!({
        "offset": value.offset,
        "metadata": &*value.metadata,
        "commitTimestamp": value.commit_timestamp,
    });
    if version == 1 {
        fields["expireTimestamp"] = json!(value.expire_timestamp.unwrap_or(-1));
    }
    if version >= 3 {
        fields["leaderEpoch"] = json!(value.leader_epoch);
    }
    if let Some(id) = value.topic_id {
        fields["topicId"] = json!(base64(id.as_bytes(), UUID_LETTERS).trim_end_matches('='));
    }
    fields
}

fn group_metadata(value: &GroupMetadataValue, version: i64) -> Value {
    let members: Vec<Value> = value.members.iter().map(|member| member_metadata(member, version)).collect();
    let mut fields = json!({
        "protocolType": &*value.protocol_type,
        "generation": value.generation,
        "protocol": value.protocol.as_deref(),
        "leader": value.leader.as_deref(),
        "members": members,
    });
    if version >= 2 {
        fields["currentStateTimestamp"] = json!(value.current_state_timestamp);
    }
    fields
}

fn member_metadata(member: &MemberMetadata, version: i64) -> Value {
    let mut fields = json!({
        "memberId": &*member.member_id,
        "clientId": &*member.client_id,
        "clientHost": &*member.client_host,
        "sessionTimeout": member.session_timeout_ms,
        "subscription": base64(&member.subscription, LETTERS),
        "assignment": base64(&member.assignment, LETTERS),
    });
    if version >= 1 {
        fields["rebalanceTimeout"] = json!(member.rebalance_timeout_ms);
    }
    if version >= 3 {
        fields["groupInstanceId"] = json!(member.instance_id.as_deref());
    }
    fields
}

fn subscription(case: &Value) -> Result<(), String> {
    let (fields, version) = (&case["valueFields"], int(&case["version"]));
    let ours = Subscription {
        topics: list(&fields["topics"]).iter().map(|topic| Arc::from(text(topic))).collect(),
        user_data: user_data(fields),
        owned: partitions(fields.get("ownedPartitions")),
        generation: fields.get("generationId").map_or(-1, int),
        rack: fields["rackId"].as_str().map(Arc::from),
    };
    equal("bytes", &hex(&ours.to_bytes(version)?), &text(&case["value"]).to_string())?;
    equal("fields", &Subscription::from_bytes(&bytes(&case["value"]))?, &ours)
}

fn assignment(case: &Value) -> Result<(), String> {
    let (fields, version) = (&case["valueFields"], int(&case["version"]));
    let ours = Assignment { partitions: partitions(fields.get("assignedPartitions")), user_data: user_data(fields) };
    equal("bytes", &hex(&ours.to_bytes(version)), &text(&case["value"]).to_string())?;
    equal("fields", &Assignment::from_bytes(&bytes(&case["value"]))?, &ours)
}

fn partitions(topics: Option<&Value>) -> Vec<TopicPartition> {
    let of_topic = |entry: &Value| {
        let topic: Arc<str> = Arc::from(text(&entry["topic"]));
        list(&entry["partitions"])
            .iter()
            .map(|partition| TopicPartition::new(&topic, int(partition)))
            .collect::<Vec<_>>()
    };
    topics.map(list).unwrap_or_default().iter().flat_map(of_topic).collect()
}

fn user_data<B: From<Vec<u8>>>(fields: &Value) -> Option<B> {
    fields["userData"].as_str().map(|letters| from_base64(letters).into())
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const UUID_LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64(bytes: &[u8], letters: &[u8; 64]) -> String {
    let of_three = |three: &[u8]| {
        let bits = three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        let letter = |at: usize| match at <= three.len() {
            true => char::from(letters[(bits >> (18 - 6 * at)) as usize & 63]),
            false => '=',
        };
        (0..4).map(letter).collect::<String>()
    };
    bytes.chunks(3).map(of_three).collect()
}

fn from_base64(text: &str) -> Vec<u8> {
    let digits: Vec<u32> =
        text.bytes().filter_map(|letter| LETTERS.iter().position(|l| *l == letter).map(|at| at as u32)).collect();
    let of_four = |four: &[u32]| {
        let bits = four.iter().fold(0u32, |bits, digit| bits << 6 | digit) << (6 * (4 - four.len()));
        bits.to_be_bytes()[1..four.len()].to_vec()
    };
    digits.chunks(4).flat_map(of_four).collect()
}
