//! Fetching: what is asked of which broker, and what of the answers is returned (`AbstractFetch`, `Fetcher`,
//! `FetchCollector`).

use std::sync::Arc;

use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic, ForgottenTopic};
use kafka_protocol::messages::{FetchRequest, FetchResponse};
use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use super::Consumer;
use super::fetch_buffer::{CompletedFetch, FetchBuffer, PartitionHead};
use super::fetch_session::{FetchAsked, FetchSessionHandler, Wanted};
use super::network::{Answered, Purpose};
use super::subscription::LeaderAndEpoch;
use crate::client::net::{NodeId, Server};
use crate::error::{Code, Exception};
use crate::ids::{BrokerId, EventId, TopicPartition};
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Now;
use crate::wire::{Frame, Response};

/// What the fetcher holds between calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Fetcher {
    pub sessions: SortedMap<BrokerId, FetchSessionHandler>,
    /// Brokers with a Fetch request under way: at most one each.
    pub pending: SortedSet<BrokerId>,
    pub buffer: FetchBuffer,
    /// The metadata version up to which positions were compared with the leaders.
    pub metadata_version: u32,
}

impl Consumer {
    /// `sendFetches`; how many were sent.
    pub(super) fn send_fetches(&mut self, now: Now) -> u32 {
        self.validate_positions_on_metadata_change();
        let requests = self.prepare_fetch_requests(now);
        let count = u32::try_from(requests.len()).expect("there are few brokers");
        for (broker, wanted) in requests {
            let session = self.fetcher.sessions.entry(broker).or_insert_with(FetchSessionHandler::new);
            let asked = session.build(wanted);
            let request = self.fetch_request(&asked);
            self.fetcher.pending.insert(broker);
            let purpose = Purpose::Fetch(broker, Arc::new(asked));
            self.client.send(NodeId::Broker(broker), request.into(), purpose, self.cause, now);
        }
        count
    }

    /// `prepareFetchRequests`: partitions with data in the buffer are not asked for, nor are brokers that lead one.
    fn prepare_fetch_requests(&mut self, now: Now) -> SortedMap<BrokerId, Vec<Wanted>> {
        let mut requests: SortedMap<BrokerId, Vec<Wanted>> = SortedMap::new();
        if self.subscriptions.assignment().is_empty() {
            return requests;
        }
        let leaders = |state: &super::subscription::PartitionState| state.position.and_then(|at| at.leader.leader);
        let buffered = self.subscriptions.assignment().iter().filter(|state| {
            !self.fetcher.buffer.is_empty() && state.is_fetchable() && self.fetcher.buffer.holds(&state.partition)
        });
        let busy: SortedSet<BrokerId> = buffered.filter_map(leaders).collect();
        let mut leaderless = false;
        let cluster = self.client.net.metadata.cluster();
        for state in self.subscriptions.assignment() {
            if !state.is_fetchable() || self.fetcher.buffer.holds(&state.partition) {
                continue;
            }
            let Some(position) = state.position else { continue };
            let Some(broker) = position.leader.leader else {
                leaderless = true;
                continue;
            };
            let unavailable = self.client.is_unavailable(NodeId::Broker(broker), now);
            if unavailable || self.fetcher.pending.contains(&broker) || busy.contains(&broker) {
                continue;
            }
            let topic_id = cluster.topic(&state.partition.topic).and_then(|topic| topic.id).unwrap_or(Uuid::nil());
            requests.entry(broker).or_default().push(Wanted {
                partition: state.partition.clone(),
                topic_id,
                fetch_offset: position.offset,
                leader_epoch: position.leader.epoch,
            });
        }
        if leaderless {
            self.client.net.metadata.request_update(false, self.cause);
        }
        requests
    }

    pub(super) fn fetch_request(&self, asked: &FetchAsked) -> FetchRequest {
        let mut topics: Vec<FetchTopic> = Vec::new();
        for wanted in &asked.to_send {
            let partition = FetchPartition::default()
                .with_partition(wanted.partition.partition)
                .with_current_leader_epoch(wanted.leader_epoch.unwrap_or(-1))
                .with_fetch_offset(wanted.fetch_offset)
                .with_last_fetched_epoch(-1)
                .with_log_start_offset(-1)
                .with_partition_max_bytes(self.settings.max_partition_fetch_bytes);
            match topics.last_mut() {
                Some(topic) if topic.topic_id == wanted.topic_id => topic.partitions.push(partition),
                _ => topics.push(FetchTopic::default().with_topic_id(wanted.topic_id).with_partitions(vec![partition])),
            }
        }
        let mut forgotten: Vec<ForgottenTopic> = Vec::new();
        for (topic_id, partition) in &asked.to_forget {
            match forgotten.last_mut() {
                Some(topic) if topic.topic_id == *topic_id => topic.partitions.push(partition.partition),
                _ => forgotten.push(
                    ForgottenTopic::default().with_topic_id(*topic_id).with_partitions(vec![partition.partition]),
                ),
            }
        }
        FetchRequest::default()
            .with_replica_id(kafka_protocol::messages::BrokerId(-1))
            .with_max_wait_ms(self.settings.fetch_max_wait_ms)
            .with_min_bytes(self.settings.fetch_min_bytes)
            .with_max_bytes(self.settings.fetch_max_bytes)
            .with_session_id(asked.session_id)
            .with_session_epoch(asked.epoch)
            .with_topics(topics)
            .with_forgotten_topics_data(forgotten)
            .with_rack_id(StrBytes::from_string(self.settings.client_rack.to_string()))
    }

    pub(super) fn handle_fetch(&mut self, broker: BrokerId, asked: &FetchAsked, result: Result<Arc<Frame>, Exception>) {
        self.fetcher.pending.remove(&broker);
        let Some(session) = self.fetcher.sessions.get_mut(&broker) else { return };
        let Ok(frame) = result else {
            session.handle_error();
            return;
        };
        let Response::Fetch(response) = Answered::response(&frame) else {
            unreachable!("Fetch is answered by its own response")
        };
        let error = Code::from_i16(response.error_code);
        if !session.handle_response(asked, error, response.session_id) {
            if error == Code::UnknownTopicId
                || error == Code::FetchSessionTopicIdError
                || error == Code::InconsistentTopicId
            {
                self.client.net.metadata.request_update(false, self.cause);
            }
            return;
        }
        self.take_fetched(asked, response);
    }

    fn take_fetched(&mut self, asked: &FetchAsked, response: &FetchResponse) {
        let mut leaders: Vec<(TopicPartition, BrokerId, i32)> = Vec::new();
        for topic in &response.responses {
            for answer in &topic.partitions {
                let of_answer = |wanted: &&Wanted| {
                    wanted.topic_id == topic.topic_id && wanted.partition.partition == answer.partition_index
                };
                // An answer for a partition that is no longer in the session is passed over.
                let Some(wanted) = asked.session.iter().find(of_answer) else { continue };
                let error = Code::from_i16(answer.error_code);
                let leader = &answer.current_leader;
                let names_leader = leader.leader_id.0 >= 0 && leader.leader_epoch >= 0;
                if names_leader && matches!(error, Code::NotLeaderOrFollower | Code::FencedLeaderEpoch) {
                    leaders.push((wanted.partition.clone(), BrokerId(leader.leader_id.0), leader.leader_epoch));
                }
                let head = PartitionHead {
                    error,
                    high_watermark: answer.high_watermark,
                    last_stable_offset: answer.last_stable_offset,
                    log_start_offset: answer.log_start_offset,
                    names_leader,
                };
                let records = answer.records.clone().unwrap_or_default();
                let fetch =
                    CompletedFetch::new(wanted.partition.clone(), head, records, wanted.fetch_offset, self.cause);
                self.fetcher.buffer.completed.push_back(fetch);
            }
        }
        if leaders.is_empty() {
            return;
        }
        let servers: Vec<(BrokerId, Server)> = response
            .node_endpoints
            .iter()
            .map(|node| (BrokerId(node.node_id.0), Server { host: node.host.as_str().into(), port: node.port }))
            .collect();
        for partition in self.client.net.metadata.update_partition_leadership(&leaders, &servers) {
            let leader = self.current_leader(&partition);
            if let Some(state) = self.subscriptions.get_mut(&partition) {
                state.maybe_validate(leader);
            }
        }
    }

    pub(super) fn current_leader(&self, partition: &TopicPartition) -> LeaderAndEpoch {
        let (leader, epoch) = self.client.net.metadata.current_leader(partition);
        LeaderAndEpoch { leader, epoch }
    }

    /// New metadata may name new leaders: positions are then to be confirmed (`validatePositionsOnMetadataChange`).
    pub(super) fn validate_positions_on_metadata_change(&mut self) {
        let version = self.client.net.metadata.update_version();
        if std::mem::replace(&mut self.fetcher.metadata_version, version) == version {
            return;
        }
        let metadata = &self.client.net.metadata;
        for state in self.subscriptions.iter_mut() {
            let (leader, epoch) = metadata.current_leader(&state.partition);
            state.awaits_update = false;
            state.maybe_validate(LeaderAndEpoch { leader, epoch });
        }
    }

    /// The requests that end the sessions, to the brokers that can be reached.
    pub(super) fn close_fetch_sessions(&mut self, now: Now) {
        let brokers: Vec<BrokerId> = self.fetcher.sessions.keys().copied().collect();
        let cluster = self.client.net.metadata.cluster().clone();
        for broker in brokers {
            let session = self.fetcher.sessions.get_mut(&broker).expect("its key was just listed");
            session.notify_close();
            let node = NodeId::Broker(broker);
            if !cluster.brokers.contains_key(&broker) || self.client.is_unavailable(node, now) {
                continue;
            }
            let asked = session.build(Vec::new());
            let request = self.fetch_request(&asked);
            self.client.send(node, request.into(), Purpose::CloseSession(broker), self.cause, now);
        }
    }

    /// The cause of records of a partition, and how many wait.
    pub(super) fn forget_fetched(&mut self, keep: impl Fn(&TopicPartition) -> bool) {
        self.fetcher.buffer.retain(keep);
    }
}

/// Records of one partition that a `poll` returns.
pub(super) type Fetched = (TopicPartition, Vec<crate::call::ConsumerRecord>, EventId);
