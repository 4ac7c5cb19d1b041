//! `RecordAccumulator`, `BuiltInPartitioner`, `BufferPool`.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use partita::client::net::{Cluster, PartitionMetadata, Server, TopicMetadata};
use partita::client::producer::{AccumulatorConfig, Appended, RecordAccumulator, RecordBytes, Thunk};
use partita::error::Code;
use partita::ids::{BrokerId, ClientId, EventId, PartitionNo, TopicNo};
use partita::java::ExponentialBackoff;
use partita::record::{CompressionType, Header};
use partita::sorted::{SortedMap, SortedSet};
use serde_json::{Value, json};

use crate::json::{equal, int, list};
use crate::{Subject, each, no_part};

pub fn subject() -> Subject {
    Subject { name: "accumulator", player: || each(check), part: no_part }
}

const TOPIC: TopicNo = TopicNo(0);

struct World {
    accumulator: RecordAccumulator,
    leaders: SortedMap<i32, (Option<BrokerId>, i32)>,
    order: Vec<i32>,
    draws: Vec<i32>,
    drawn: usize,
}

fn check(case: &Value, _: &Value) -> Result<(), String> {
    let config = AccumulatorConfig {
        batch_size: int(&case["batchSize"]),
        compression: CompressionType::None,
        gzip_level: -1,
        linger_ms: int(&case["lingerMs"]),
        delivery_timeout_ms: int(&case["deliveryTimeoutMs"]),
        retry_backoff: ExponentialBackoff::new(int(&case["backoffMs"]), 2, int(&case["backoffMaxMs"]), 0),
        buffer_memory: int(&case["memory"]),
        adaptive_partitioning: case["adaptive"] == true,
        availability_timeout_ms: int(&case["availabilityMs"]),
    };
    let leader = |value: &Value| value.as_i64().map(|id| BrokerId(id as i32));
    let leaders = list(&case["leaders"]).iter().enumerate().map(|(at, id)| (at as i32, (leader(id), 0)));
    let mut world = World {
        accumulator: RecordAccumulator::new(ClientId(0), config),
        leaders: leaders.collect(),
        order: list(&case["order"]).iter().map(int).collect(),
        draws: list(&case["draws"]).iter().map(int).collect(),
        drawn: 0,
    };
    for (at, step) in list(&case["steps"]).iter().enumerate() {
        world.play(step).map_err(|error| format!("step {} {step}: {error}", at + 1))?;
    }
    let queue = world.accumulator.deques().map(|(at, deque)| (at.partition.to_string(), json!(deque))).collect();
    equal("queue", &Value::Object(queue), &case["queue"])?;
    equal("freeMemory", &world.accumulator.pool.available_memory(), &int(&case["freeMemory"]))
}

impl World {
    fn cluster(&self) -> Cluster {
        let mut cluster = Cluster::default();
        let mut topic = TopicMetadata {
            name: "t".into(),
            no: TOPIC,
            id: None,
            internal: false,
            order: self.order.clone(),
            available: Vec::new(),
            partitions: SortedMap::new(),
        };
        for partition in &self.order {
            let (leader_id, epoch) = self.leaders[partition];
            if let Some(leader) = leader_id {
                cluster.brokers.insert(leader, Server { host: "h".into(), port: 9092 });
                cluster.by_node.entry(leader).or_default().push(PartitionNo { topic: TOPIC, partition: *partition });
                topic.available.push(*partition);
            }
            let metadata = PartitionMetadata {
                partition: *partition,
                error: Code::None,
                leader_id,
                leader_epoch: Some(epoch),
                replicas: Vec::new(),
                isr: Vec::new(),
            };
            topic.partitions.insert(*partition, metadata);
        }
        cluster.topics.insert(topic.name.clone(), Arc::new(topic));
        cluster
    }

    fn play(&mut self, step: &Value) -> Result<(), String> {
        let now: u64 = int(&step["at"]);
        let cluster = self.cluster();
        let accumulator = &mut self.accumulator;
        let partition = |value: &Value| PartitionNo { topic: TOPIC, partition: int(value) };
        if step.get("append").is_some() {
            return self.append(step, &cluster, now);
        } else if let Some(expected) = step.get("ready") {
            let check = accumulator.ready(&cluster, now);
            let nodes: Vec<i32> = check.nodes.iter().map(|node| node.0).collect();
            let topics: Vec<&str> = check.unknown_leader_topics.iter().map(|_| "t").collect();
            return equal("ready", &json!([nodes, check.next_check_delay_ms, topics]), expected);
        } else if let Some(drain) = step.get("drain") {
            let mut got = BTreeMap::new();
            for node in list(&drain[0]) {
                let nodes = SortedSet::from([BrokerId(int(node))]);
                for (node, batches) in accumulator.drain(&cluster, &nodes, int(&drain[1]), now, None) {
                    let batches = batches.iter().map(|number| {
                        let batch = accumulator.batches().get(*number);
                        json!([batch.at.partition, number, batch.record_count(), batch.estimated_size_in_bytes()])
                    });
                    got.insert(node.0.to_string(), batches.collect::<Vec<_>>());
                }
            }
            return equal("got", &json!(got), &step["got"]);
        } else if let Some(number) = step.get("reenqueue") {
            accumulator.reenqueue(int(number), now, None, 0);
        } else if let Some(number) = step.get("complete") {
            accumulator.deallocate(int(number));
        } else if let Some(number) = step.get("split") {
            let into = accumulator.split_and_reenqueue(int(number), None);
            let into = into.iter().map(|number| {
                let batch = accumulator.batches().get(*number);
                json!([number, batch.record_count(), batch.estimated_size_in_bytes()])
            });
            return equal("into", &Value::Array(into.collect()), &step["into"]);
        } else if let Some(at) = step.get("mute") {
            accumulator.mute(partition(at));
        } else if let Some(at) = step.get("unmute") {
            accumulator.unmute(partition(at));
        } else if let Some(expected) = step.get("expire") {
            accumulator.reset_next_batch_expiry_time();
            let mut expired = accumulator.expired_batches(now);
            expired.sort_unstable();
            for number in &expired {
                accumulator.deallocate(*number);
            }
            equal("expired", &json!(expired), expected)?;
            return equal("nextExpiry", &json!(accumulator.next_expiry_ms()), &step["nextExpiry"]);
        } else if step.get("flush").is_some() {
            accumulator.begin_flush();
        } else if let Some(leader) = step.get("leader") {
            let node = leader[1].as_i64().map(|id| BrokerId(id as i32));
            self.leaders.insert(int(&leader[0]), (node, int(&leader[2])));
        } else if let Some(latency) = step.get("latency") {
            accumulator.update_node_latency_stats(BrokerId(int(&latency[0])), now, latency[1] == true);
        } else {
            return Err("a step of a kind that is not known".into());
        }
        Ok(())
    }

    fn append(&mut self, step: &Value, cluster: &Cluster, now: u64) -> Result<(), String> {
        let append = &step["append"];
        let bytes = |length: &Value| length.as_u64().map(|length| vec![0u8; length as usize]);
        let (key, value) = (bytes(&append[1]), bytes(&append[2]));
        let header = |length: &Value| Header::new("h", bytes(length).map(Bytes::from));
        let headers: Vec<Header> = list(&append[3]).iter().map(header).collect();
        let record = RecordBytes {
            timestamp: int(&step["at"]),
            key: key.as_deref(),
            value: value.as_deref(),
            headers: &headers,
        };
        let thunk = Thunk {
            record: 0,
            timestamp: record.timestamp,
            serialized_key_size: -1,
            serialized_value_size: -1,
            event: EventId::NONE,
            threw: false,
        };
        let mut draw = || {
            self.drawn += 1;
            self.draws[self.drawn - 1]
        };
        let topic = &cluster.topics["t"];
        let appended = self.accumulator.append(topic, int(&append[0]), &record, thunk, None, now, &mut draw);
        let error = match appended {
            Ok(Appended::Done(result)) => {
                equal("to", &result.partition, &int(&step["to"]))?;
                let ours = json!([result.batch_is_full, result.new_batch_created, result.appended_bytes]);
                equal("result", &ours, &step["result"])?;
                let batch = self.accumulator.batches().get(result.batch);
                let last =
                    json!([result.batch, batch.record_count(), batch.estimated_size_in_bytes(), batch.is_full()]);
                return equal("last", &last, &step["last"]);
            }
            Ok(Appended::Blocked { partition, .. }) => {
                equal("to", &partition, &int(&step["to"]))?;
                self.accumulator.pool.exhausted(0)
            }
            Err(failed) => {
                equal("to", &failed.partition, &int(&step["to"]))?;
                failed.error
            }
        };
        equal("error", &json!({ "class": error.class, "message": &*error.message }), &step["error"])
    }
}
