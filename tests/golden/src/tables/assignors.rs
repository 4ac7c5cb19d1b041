//! The classic protocol's assignors.

use std::collections::BTreeMap;
use std::sync::Arc;

use partita::client::consumer::assignor::{Assignor, MemberInfo, Topics};
use partita::consumer_protocol::Subscription;
use partita::ids::TopicPartition;
use serde_json::Value;

use crate::json::{bytes, equal, int, list, text};
use crate::{Subject, each};

pub fn subject() -> Subject {
    Subject { name: "assignors", player: || each(check), part: |case| Some(text(&case["assignor"]).into()) }
}

fn check(case: &Value, _: &Value) -> Result<(), String> {
    let name = text(&case["assignor"]);
    let assignor = Assignor::from_name(name).ok_or(format!("there is no assignor {name}"))?;
    for (at, step) in list(&case["steps"]).iter().enumerate() {
        let topics = topics(step);
        let members: Vec<MemberInfo> = list(&step["members"]).iter().map(member).collect();
        let ours: BTreeMap<Arc<str>, Vec<TopicPartition>> = assignor.assign(&topics, &members).into_iter().collect();
        let kafka = step["result"].as_object().expect("member -> runs");
        let kafka = kafka.iter().map(|(member, runs)| (Arc::from(member.as_str()), partitions(runs))).collect();
        equal(&format!("step {} ({})", at + 1, text(&step["change"])), &ours, &kafka)?;
    }
    Ok(())
}

fn topics(step: &Value) -> Topics {
    let racks: Vec<Option<Arc<str>>> =
        step["racks"].as_array().into_iter().flatten().map(|rack| rack.as_str().map(Arc::from)).collect();
    let partitions = |value: &Value| match value {
        Value::Array(replicas) => {
            let racks_of =
                |brokers: &Value| list(brokers).iter().filter_map(|id| racks[int::<usize>(id)].clone()).collect();
            replicas.iter().map(racks_of).collect()
        }
        count => vec![Vec::new(); int(count)],
    };
    let topics = step["topics"].as_object().expect("topic -> partitions");
    topics.iter().map(|(topic, value)| (Arc::from(topic.as_str()), partitions(value))).collect()
}

fn member(value: &Value) -> MemberInfo {
    let optional = |name: &str| value[name].as_str().map(Arc::from);
    let subscription = Subscription {
        topics: list(&value["topics"]).iter().map(|topic| Arc::from(text(topic))).collect(),
        user_data: value.get("userData").map(|hex| bytes(hex).into()),
        owned: value.get("owned").map(partitions).unwrap_or_default(),
        generation: value.get("generation").map_or(-1, int),
        rack: optional("rack"),
    };
    MemberInfo { member_id: Arc::from(text(&value["id"])), instance_id: optional("instance"), subscription }
}

/// Runs `[topic, partition, partition, …]`.
fn partitions(runs: &Value) -> Vec<TopicPartition> {
    let of_run = |run: &Value| {
        let (topic, partitions) = list(run).split_first().expect("a topic");
        let topic: Arc<str> = Arc::from(text(topic));
        partitions.iter().map(|partition| TopicPartition::new(&topic, int(partition))).collect::<Vec<_>>()
    };
    list(runs).iter().flat_map(of_run).collect()
}
