//! `partitionsFor`: what the metadata knows, or a Metadata request of its own (`TopicMetadataFetcher`).

use super::super::Consumer;
use super::super::network::{Answered, Purpose, is_retriable};
use super::super::turn::Turn;
use super::frames::Flow;
use super::tasks::PartitionsForTask;

use std::sync::Arc;

use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::{MetadataRequest, TopicName};
use kafka_protocol::protocol::StrBytes;

use crate::call::{Outcome, PartitionLeaders};
use crate::error::{Code, Exception};
use crate::ids::BrokerId;
use crate::sorted::InOrder;
use crate::wire::{Frame, Response};

impl Consumer {
    pub(in super::super) fn step_partitions_for(&mut self, task: &mut PartitionsForTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        if !task.asked {
            let known = self.partitions_of(&task.topic);
            if !known.is_empty() {
                return Flow::outcome(Outcome::Partitions(known));
            }
            task.asked = true;
            return self.ask_topic_metadata(task, turn);
        }
        match task.answer.take() {
            None if now.ms() < task.deadline_ms => Flow::Network { until_ms: task.deadline_ms },
            Some(Ok(partitions)) => Flow::outcome(Outcome::Partitions(partitions)),
            Some(Err(exception)) if !is_retriable(&exception) => Flow::Throw(exception),
            Some(Err(_)) if now.ms() < task.deadline_ms => {
                task.asked = false;
                self.back_off(&mut task.attempts, task.deadline_ms, turn)
            }
            _ => {
                let message = "Timeout expired while fetching topic metadata";
                Flow::Throw(Exception::with_message(Code::RequestTimedOut, message))
            }
        }
    }

    fn ask_topic_metadata(&mut self, task: &mut PartitionsForTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        task.answer = None;
        let (Some(node), _) = self.client.net.least_loaded_node(now) else {
            task.answer = Some(Err(Exception::new("NoAvailableBrokersException", None, "")));
            return Flow::Next;
        };
        let name = TopicName(StrBytes::from_string(task.topic.to_string()));
        let request = MetadataRequest::default()
            .with_topics(Some(vec![MetadataRequestTopic::default().with_name(Some(name))]))
            .with_allow_auto_topic_creation(self.settings.allow_auto_create_topics);
        self.client.send(node, request.into(), Purpose::TopicMetadata, turn.cause, now);
        Flow::Network { until_ms: task.deadline_ms }
    }

    fn partitions_of(&self, topic: &str) -> PartitionLeaders {
        let cluster = self.client.net.metadata.cluster();
        let Some(known) = cluster.topic(topic) else { return Vec::new() };
        known.partitions.keys().map(|partition| (*partition, cluster.leader(topic, *partition))).collect()
    }

    pub(in super::super) fn handle_topic_metadata(&mut self, result: Result<Arc<Frame>, Exception>) {
        let result = result.and_then(|frame| {
            let Response::Metadata(response) = Answered::response(&frame) else {
                unreachable!("Metadata is answered by its own response")
            };
            let Some(topic) = response.topics.first() else { return Ok(Vec::new()) };
            match Code::from_i16(topic.error_code) {
                Code::None => {
                    // On the wire -1 is no leader.
                    let leader = |id: i32| (id != -1).then_some(BrokerId(id));
                    let partitions = topic.partitions.iter();
                    let mut found: PartitionLeaders =
                        partitions.map(|of| (of.partition_index, leader(of.leader_id.0))).collect();
                    found.order();
                    Ok(found)
                }
                // An unknown topic is absent from the result.
                Code::UnknownTopicOrPartition => Ok(Vec::new()),
                Code::InvalidTopicException => {
                    let name = topic.name.as_ref().map_or("", |name| name.as_str());
                    let message = format!("Topic '{name}' is invalid");
                    Err(Exception::with_message(Code::InvalidTopicException, message))
                }
                code if code.is_retriable() => Err(Exception::of(code)),
                code => {
                    let name = topic.name.as_ref().map_or("", |name| name.as_str());
                    let message = format!("Unexpected error fetching metadata for topic {name}");
                    Err(Exception::new("KafkaException", None, message).caused_by(Exception::of(code)))
                }
            }
        });
        self.app.take_topic_metadata(result);
    }
}
