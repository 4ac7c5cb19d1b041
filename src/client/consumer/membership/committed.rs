//! Committed offsets: `OffsetFetch`, and what its errors mean (`ConsumerCoordinator.fetchCommittedOffsets`,
//! `OffsetFetchResponseHandler`).

use super::super::lent::Lent;
use super::super::network::{Answered, Purpose};
use super::super::turn::Turn;
use super::state::{Committed, CommittedFetch, Coordinator};

use std::sync::Arc;

use kafka_protocol::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use kafka_protocol::messages::{GroupId, OffsetFetchRequest, TopicName};
use kafka_protocol::protocol::StrBytes;

use crate::call::OffsetAndMetadata;
use crate::client::net::NodeId;
use crate::error::{Code, Exception};
use crate::ids::{EventId, TopicPartition};
use crate::sorted::SortedSet;
use crate::wire::{Frame, Response};

/// What became of a request for committed offsets.
#[derive(Clone, Debug)]
pub enum CommittedEnd {
    /// It was given up for another.
    Gone,
    Awaited,
    Ended(Result<Committed, Exception>),
}

impl Coordinator {
    /// Says what is wanted: a request for something else is no longer waited for.
    pub fn wants_committed(&mut self, partitions: &Arc<SortedSet<TopicPartition>>) {
        let generation = self.generation_if_stable();
        let is_of_this =
            |fetch: &CommittedFetch| fetch.partitions == *partitions && fetch.generation.as_ref() == generation;
        if !self.committed_fetch.as_ref().is_some_and(is_of_this) {
            self.committed_fetch = None;
        }
    }

    /// Asks the coordinator, unless that is under way.
    pub fn ask_committed(
        &mut self,
        lent: &mut Lent<'_>,
        partitions: &Arc<SortedSet<TopicPartition>>,
        turn: &mut Turn<'_>,
    ) {
        if self.committed_fetch.is_some() {
            return;
        }
        let known = self.check_and_get_coordinator(lent, turn);
        let generation = self.generation_if_stable().cloned();
        let result = match known {
            Some(_) => None,
            None => Some(Err(Exception::of(Code::CoordinatorNotAvailable))),
        };
        self.committed_fetches = self.committed_fetches.wrapping_add(1);
        let number = self.committed_fetches;
        self.committed_fetch = Some(CommittedFetch { number, partitions: partitions.clone(), generation, result });
        if let Some(broker) = known {
            let request = self.offset_fetch_request(partitions);
            let node = NodeId::Coordinator(broker);
            lent.network.send(node, request.into(), Purpose::OffsetFetch(number), turn.cause, turn.now);
        }
    }

    /// Whether no answer is waited for.
    pub fn committed_is_done(&self) -> bool {
        self.committed_fetch.as_ref().is_none_or(|fetch| fetch.result.is_some())
    }

    /// What became of the request; its answer is taken.
    pub fn take_committed(&mut self) -> CommittedEnd {
        let Some(fetch) = &self.committed_fetch else { return CommittedEnd::Gone };
        let Some(result) = fetch.result.clone() else { return CommittedEnd::Awaited };
        self.committed_fetch = None;
        CommittedEnd::Ended(result)
    }

    /// The event of the last arrival of committed offsets.
    pub const fn committed_cause(&self) -> EventId {
        self.committed_cause
    }

    fn offset_fetch_request(&self, partitions: &SortedSet<TopicPartition>) -> OffsetFetchRequest {
        let mut topics: Vec<OffsetFetchRequestTopics> = Vec::new();
        for partition in partitions {
            match topics.last_mut() {
                Some(topic) if topic.name.as_str() == &*partition.topic => {
                    topic.partition_indexes.push(partition.partition);
                }
                _ => topics.push(
                    OffsetFetchRequestTopics::default()
                        .with_name(TopicName(StrBytes::from_string(partition.topic.to_string())))
                        .with_partition_indexes(vec![partition.partition]),
                ),
            }
        }
        let group = OffsetFetchRequestGroup::default()
            .with_group_id(GroupId(StrBytes::from_string(self.group_id.to_string())))
            .with_topics(Some(topics));
        OffsetFetchRequest::default().with_groups(vec![group]).with_require_stable(true)
    }

    pub fn handle_offset_fetch(
        &mut self,
        lent: &mut Lent<'_>,
        number: u32,
        result: Result<Arc<Frame>, Exception>,
        turn: &mut Turn<'_>,
    ) {
        let result = match result {
            Ok(frame) => self.read_offset_fetch(lent, &frame, turn),
            Err(exception) => {
                self.coordinator_request_failed(lent, &exception, turn);
                Err(exception)
            }
        };
        if let Some(fetch) = self.committed_fetch.as_mut().filter(|fetch| fetch.number == number) {
            fetch.result = Some(result);
            self.committed_cause = turn.cause;
        }
    }

    fn read_offset_fetch(
        &mut self,
        lent: &mut Lent<'_>,
        frame: &Frame,
        turn: &mut Turn<'_>,
    ) -> Result<Committed, Exception> {
        let Response::OffsetFetch(response) = Answered::response(frame) else {
            unreachable!("OffsetFetch is answered by its own response")
        };
        let unexpected = |what: &str, code: Code| {
            let message = format!("Unexpected error in fetch offset response{what}: {}", code.message());
            Exception::new("KafkaException", None, message)
        };
        let mut committed = Vec::new();
        let mut unstable = false;
        for group in &response.groups {
            let code = Code::from_i16(group.error_code);
            match code {
                Code::None => {}
                Code::CoordinatorNotAvailable | Code::NotCoordinator => {
                    self.mark_coordinator_unknown(lent, false, turn);
                    return Err(Exception::of(code));
                }
                Code::GroupAuthorizationFailed => {
                    let message = format!("Not authorized to access group: {}", self.group_id);
                    return Err(Exception::with_message(code, message));
                }
                _ if code.is_retriable() => return Err(Exception::of(code)),
                _ => return Err(unexpected("", code)),
            }
            for topic in &group.topics {
                let name: Arc<str> = Arc::from(topic.name.as_str());
                for answer in &topic.partitions {
                    let partition = TopicPartition::new(&name, answer.partition_index);
                    match Code::from_i16(answer.error_code) {
                        Code::None if answer.committed_offset >= 0 => {
                            let offset = OffsetAndMetadata {
                                offset: answer.committed_offset,
                                leader_epoch: Some(answer.committed_leader_epoch).filter(|epoch| *epoch >= 0),
                                metadata: Arc::from(answer.metadata.as_deref().unwrap_or_default()),
                            };
                            committed.push((partition, Some(offset)));
                        }
                        Code::None => committed.push((partition, None)),
                        Code::UnknownTopicOrPartition => {
                            let message = format!("Topic or Partition {partition} does not exist");
                            return Err(Exception::new("KafkaException", None, message));
                        }
                        Code::UnstableOffsetCommit => unstable = true,
                        code => return Err(unexpected(&format!(" for partition {partition}"), code)),
                    }
                }
            }
        }
        if unstable {
            let message = "There are unstable offsets for the requested topic partitions";
            return Err(Exception::with_message(Code::UnstableOffsetCommit, message));
        }
        Ok(committed.into())
    }
}
