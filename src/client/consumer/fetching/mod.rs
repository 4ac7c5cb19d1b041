//! Fetching: what is asked of which broker, what came and waits, and what a poll is given of it (`AbstractFetch`,
//! `FetchBuffer`, `FetchCollector`).
//!
//! It knows nothing of groups, nor of who polls: the positions, the network and the settings are lent to it for each step.

mod buffer;
mod collect;
pub(super) mod session;

use std::sync::Arc;

use kafka_protocol::messages::fetch_request::{FetchPartition, FetchTopic, ForgottenTopic};
use kafka_protocol::messages::{FetchRequest, FetchResponse};
use kafka_protocol::protocol::StrBytes;
use uuid::Uuid;

use self::buffer::{CompletedFetch, FetchBuffer, PartitionHead};
use self::session::{FetchAsked, FetchSessionHandler, FetchWanted};
use super::lent::Lent;
use super::network::{Answered, Purpose};
use super::positions::{LeaderAndEpoch, PartitionState, SubscriptionState};
use super::settings::ConsumerSettings;
use crate::client::net::{NodeId, Server};
use crate::error::{Code, Exception};
use crate::ids::{BrokerId, TopicPartition};
use crate::sorted::{Finder, SortedMap, SortedSet};
use crate::time::Now;
use crate::wire::{Frame, Response};

pub(super) use self::buffer::RecordReading;
pub(super) use self::collect::CollectedFetch;

/// What the fetcher holds between calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Fetcher {
    sessions: SortedMap<BrokerId, FetchSessionHandler>,
    /// Brokers with a Fetch request under way: at most one each.
    pending: SortedSet<BrokerId>,
    buffer: FetchBuffer,
}

impl Fetcher {
    /// Whether something of a partition that may be read waits to be returned (`hasAvailableFetches`).
    pub fn has_available(&self, subscriptions: &SubscriptionState) -> bool {
        self.buffer.has_available(subscriptions)
    }

    /// How many fetched records of a partition wait to be returned.
    pub fn buffered(&self, partition: &TopicPartition) -> u64 {
        self.buffer.buffered(partition)
    }

    /// Whether a Fetch request to the broker is under way.
    pub fn is_fetching_from(&self, broker: BrokerId) -> bool {
        self.pending.contains(&broker)
    }

    /// Forgets what was fetched of partitions that are not kept.
    pub fn retain(&mut self, keep: impl Fn(&TopicPartition) -> bool) {
        self.buffer.retain(keep);
    }

    /// `sendFetches`, once positions were compared with the leaders.
    pub fn send_fetches(&mut self, lent: &mut Lent<'_>, now: Now) {
        for (broker, wanted) in self.prepare_fetch_requests(lent, now) {
            let session = self.sessions.entry(broker).or_insert_with(FetchSessionHandler::new);
            let asked = session.build(wanted);
            let request = fetch_request(lent.settings, &asked);
            self.pending.insert(broker);
            let purpose = Purpose::Fetch(broker, Arc::new(asked));
            lent.network.send(NodeId::Broker(broker), request.into(), purpose, lent.cause, now);
        }
    }

    /// `prepareFetchRequests`: partitions with data in the buffer are not asked for, nor are brokers that lead one.
    fn prepare_fetch_requests(&self, lent: &mut Lent<'_>, now: Now) -> SortedMap<BrokerId, Vec<FetchWanted>> {
        let mut requests: SortedMap<BrokerId, Vec<FetchWanted>> = SortedMap::new();
        if lent.subscriptions.assignment().is_empty() {
            return requests;
        }
        let leaders = |state: &PartitionState| state.position.and_then(|at| at.leader.leader);
        let held = self.buffer.partitions();
        let is_held = |state: &PartitionState| held.binary_search(&&state.partition).is_ok();
        let buffered = lent.subscriptions.assignment().iter().filter(|state| state.is_fetchable() && is_held(state));
        let busy: SortedSet<BrokerId> = buffered.filter_map(leaders).collect();
        let mut leaderless = false;
        let cluster = lent.network.net.metadata.cluster();
        for state in lent.subscriptions.assignment().iter() {
            if !state.is_fetchable() || is_held(state) {
                continue;
            }
            let Some(position) = state.position else { continue };
            let Some(broker) = position.leader.leader else {
                leaderless = true;
                continue;
            };
            let unavailable = lent.network.is_unavailable(NodeId::Broker(broker), now);
            if unavailable || self.pending.contains(&broker) || busy.contains(&broker) {
                continue;
            }
            let topic_id = cluster.topic(&state.partition.topic).and_then(|topic| topic.id).unwrap_or(Uuid::nil());
            requests.entry(broker).or_default().push(FetchWanted {
                partition: state.partition.clone(),
                topic_id,
                fetch_offset: position.offset,
                leader_epoch: position.leader.epoch,
            });
        }
        if leaderless {
            lent.network.net.metadata.request_update(false, lent.cause);
        }
        requests
    }

    /// Takes in the answer of a broker.
    pub fn handle_fetch(
        &mut self,
        lent: &mut Lent<'_>,
        broker: BrokerId,
        asked: &FetchAsked,
        result: Result<Arc<Frame>, Exception>,
    ) {
        self.pending.remove(&broker);
        let Some(session) = self.sessions.get_mut(&broker) else { return };
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
                lent.network.net.metadata.request_update(false, lent.cause);
            }
            return;
        }
        self.take_fetched(lent, asked, response);
    }

    fn take_fetched(&mut self, lent: &mut Lent<'_>, asked: &FetchAsked, response: &FetchResponse) {
        let mut leaders: Vec<(TopicPartition, BrokerId, i32)> = Vec::new();
        let by_id = |wanted: &FetchWanted| (wanted.topic_id, wanted.partition.partition);
        let mut finder = Finder::default();
        for topic in &response.responses {
            for answer in &topic.partitions {
                let of_answer = |wanted: &FetchWanted| by_id(wanted).cmp(&(topic.topic_id, answer.partition_index));
                let found = finder.find(&asked.session, |one, other| by_id(one).cmp(&by_id(other)), of_answer);
                // An answer for a partition that is no longer in the session is passed over.
                let Some(wanted) = found.map(|at| &asked.session[at]) else { continue };
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
                    CompletedFetch::new(wanted.partition.clone(), head, records, wanted.fetch_offset, lent.cause);
                self.buffer.completed.push_back(fetch);
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
        let metadata = &mut lent.network.net.metadata;
        for partition in metadata.update_partition_leadership(&leaders, &servers) {
            let (leader, epoch) = metadata.current_leader(&partition);
            if let Some(state) = lent.subscriptions.get_mut(&partition) {
                state.maybe_validate(LeaderAndEpoch { leader, epoch });
            }
        }
    }

    /// Sends the requests that end the sessions, to the brokers that can be reached.
    pub fn close_sessions(&mut self, lent: &mut Lent<'_>, now: Now) {
        let cluster = lent.network.net.metadata.cluster().clone();
        for (broker, session) in self.sessions.iter_mut() {
            session.notify_close();
            let node = NodeId::Broker(*broker);
            if !cluster.brokers.contains_key(broker) || lent.network.is_unavailable(node, now) {
                continue;
            }
            let asked = session.build(Vec::new());
            let request = fetch_request(lent.settings, &asked);
            lent.network.send(node, request.into(), Purpose::CloseSession(*broker), lent.cause, now);
        }
    }
}

fn fetch_request(settings: &ConsumerSettings, asked: &FetchAsked) -> FetchRequest {
    let mut topics: Vec<FetchTopic> = Vec::new();
    for wanted in &asked.to_send {
        let partition = FetchPartition::default()
            .with_partition(wanted.partition.partition)
            .with_current_leader_epoch(wanted.leader_epoch.unwrap_or(-1))
            .with_fetch_offset(wanted.fetch_offset)
            .with_last_fetched_epoch(-1)
            .with_log_start_offset(-1)
            .with_partition_max_bytes(settings.max_partition_fetch_bytes);
        match topics.last_mut() {
            Some(topic) if topic.topic_id == wanted.topic_id => topic.partitions.push(partition),
            _ => topics.push(FetchTopic::default().with_topic_id(wanted.topic_id).with_partitions(vec![partition])),
        }
    }
    let mut forgotten: Vec<ForgottenTopic> = Vec::new();
    for (topic_id, partition) in &asked.to_forget {
        match forgotten.last_mut() {
            Some(topic) if topic.topic_id == *topic_id => topic.partitions.push(partition.partition),
            _ => forgotten
                .push(ForgottenTopic::default().with_topic_id(*topic_id).with_partitions(vec![partition.partition])),
        }
    }
    FetchRequest::default()
        .with_replica_id(kafka_protocol::messages::BrokerId(-1))
        .with_max_wait_ms(settings.fetch_max_wait_ms)
        .with_min_bytes(settings.fetch_min_bytes)
        .with_max_bytes(settings.fetch_max_bytes)
        .with_session_id(asked.session_id)
        .with_session_epoch(asked.epoch)
        .with_topics(topics)
        .with_forgotten_topics_data(forgotten)
        .with_rack_id(StrBytes::from_string(settings.client_rack.to_string()))
}
