//! Elections: by request (`ElectLeaders`), and those that the controller holds by itself from time to time
//! (`maybeBalancePartitionLeaders`, `maybeElectUncleanLeaders`).

use kafka_protocol::messages::elect_leaders_response::{PartitionResult, ReplicaElectionResult};
use kafka_protocol::messages::{ElectLeadersRequest, ElectLeadersResponse, TopicName};
use kafka_protocol::protocol::StrBytes;

use crate::error::Code;
use crate::event::IsrWhy;
use crate::ids::EventId;
use crate::image::PartitionRegistration;
use crate::node::Outbox;
use crate::time::{Instant, Now};

use super::Controller;
use super::changes::{Rules, Site};
use super::partition_change::{Changed, Election, PartitionChange};

/// `ElectionType`.
const PREFERRED: i8 = 0;
const UNCLEAN: i8 = 1;

impl Controller {
    /// Elects leaders as asked, of all partitions when none are named. Errors of the whole: 42 another type. Errors of a
    /// partition: 3 it is unknown, 84 not needed, 80 the preferred replica cannot lead, 83 nobody can.
    pub(super) fn elect_leaders(
        &mut self,
        request: &ElectLeadersRequest,
        cause: EventId,
        out: &mut Outbox,
    ) -> ElectLeadersResponse {
        let response = ElectLeadersResponse::default();
        let election = match request.election_type {
            PREFERRED => Election::Preferred,
            UNCLEAN => Election::Unclean,
            _ => return response.with_error_code(Code::InvalidRequest.code()),
        };
        let results = match &request.topic_partitions {
            Some(asked) => {
                let one = |topic: &kafka_protocol::messages::elect_leaders_request::TopicPartitions| {
                    (topic.topic.clone(), topic.partitions.clone())
                };
                let asked: Vec<_> = asked.iter().map(one).collect();
                asked.into_iter().map(|(name, them)| self.elect_of(name, &them, election, true, cause, out)).collect()
            }
            None => {
                let all = self.image.topics.values().map(|topic| {
                    let count = i32::try_from(topic.partitions.len()).expect("few partitions");
                    (TopicName(StrBytes::from_string(topic.name.to_string())), (0..count).collect::<Vec<_>>())
                });
                let all: Vec<_> = all.collect();
                all.into_iter().map(|(name, them)| self.elect_of(name, &them, election, false, cause, out)).collect()
            }
        };
        response.with_replica_election_results(results)
    }

    /// One topic's partitions; those that need no election are answered when they were named.
    fn elect_of(
        &mut self,
        name: TopicName,
        partitions: &[i32],
        election: Election,
        named: bool,
        cause: EventId,
        out: &mut Outbox,
    ) -> ReplicaElectionResult {
        let mut results = Vec::with_capacity(partitions.len());
        for partition in partitions {
            let site = Site { topic: name.as_str().into(), partition: *partition };
            let (code, message) = self.elect_leader(&site, election, cause, out).err().unwrap_or((Code::None, None));
            if code == Code::ElectionNotNeeded && !named {
                continue;
            }
            let result = PartitionResult::default().with_partition_id(*partition).with_error_code(code.code());
            results.push(result.with_error_message(message.map(StrBytes::from_string)));
        }
        ReplicaElectionResult::default().with_topic(name).with_partition_result(results)
    }

    fn elect_leader(
        &mut self,
        site: &Site,
        election: Election,
        cause: EventId,
        out: &mut Outbox,
    ) -> Result<(), (Code, Option<String>)> {
        let plain = |code: Code| (code, Some(code.message().to_owned()));
        let Some(topic) = self.image.topics.get(&site.topic) else {
            return Err((Code::UnknownTopicOrPartition, Some(format!("No such topic as {}", site.topic))));
        };
        let Some((_, partition)) = self.partition(site) else {
            let message = format!("No such partition as {}-{}", site.topic, site.partition);
            return Err((Code::UnknownTopicOrPartition, Some(message)));
        };
        let is_preferred = election == Election::Preferred;
        if is_preferred && partition.has_preferred_leader() || !is_preferred && partition.leader.is_some() {
            return Err(plain(Code::ElectionNotNeeded));
        }
        match self.elected(partition, self.rules(topic), election) {
            Some(changed) => {
                self.put(site, changed, IsrWhy::Elected, cause, out);
                Ok(())
            }
            None if is_preferred => Err(plain(Code::PreferredLeaderNotAvailable)),
            None => Err(plain(Code::EligibleLeadersNotAvailable)),
        }
    }

    fn elected(&self, partition: &PartitionRegistration, rules: Rules, election: Election) -> Option<Changed> {
        let active = self.active();
        let mut change = PartitionChange::new(partition, &active, rules.min_isr);
        change.election = election;
        change.build()
    }

    /// When the controller looks at leaders next; none while nothing can come of it.
    pub(super) fn next_check(&self) -> Option<Instant> {
        [self.checks.balance, self.checks.unclean].into_iter().flatten().min()
    }

    /// Works out when leaders have to be looked at, after anything that may have changed them.
    pub(super) fn arm_checks(&mut self, now: Now) {
        let balances = self.config.auto_leader_rebalance_enable && !self.imbalanced().is_empty();
        let rebalance = self.config.leader_imbalance_check_interval_seconds.saturating_mul(1_000_000);
        let unclean = self.config.unclean_leader_election_interval_ms.saturating_mul(1000);
        let electable = !self.uncleanly_electable().is_empty();
        let armed = |armed: Option<Instant>, needed: bool, every: i64| {
            needed.then(|| armed.unwrap_or_else(|| next_multiple(now.at, every)))
        };
        self.checks.balance = armed(self.checks.balance, balances, rebalance);
        self.checks.unclean = armed(self.checks.unclean, electable, unclean);
    }

    /// Looks at leaders, if it is time.
    pub(super) fn check_leaders(&mut self, now: Now, out: &mut Outbox) {
        let is_due = |check: Option<Instant>| check.is_some_and(|check| check <= now.at);
        if is_due(self.checks.balance) {
            self.checks.balance = None;
            for site in self.imbalanced() {
                // What cannot be elected stays as it is.
                let _ = self.elect_leader(&site, Election::Preferred, EventId::NONE, out);
            }
        }
        if is_due(self.checks.unclean) {
            self.checks.unclean = None;
            for site in self.uncleanly_electable() {
                let _ = self.elect_leader(&site, Election::Unclean, EventId::NONE, out);
            }
        }
        self.arm_checks(now);
    }

    /// Partitions whose preferred replica is in sync and lives, and does not lead.
    fn imbalanced(&self) -> Vec<Site> {
        let active = self.active();
        self.sites(|partition| {
            let first = partition.replicas.first();
            let may_lead = first.is_some_and(|first| active.contains(first) && partition.isr.contains(first));
            may_lead && !partition.has_preferred_leader()
        })
    }

    /// Partitions without a leader, of topics that any replica may lead, where one lives.
    fn uncleanly_electable(&self) -> Vec<Site> {
        let active = self.active();
        let mut sites = self.sites(|partition| {
            partition.leader.is_none() && partition.replicas.iter().any(|replica| active.contains(replica))
        });
        sites.retain(|site| self.image.topics.get(&site.topic).is_some_and(|topic| self.rules(topic).unclean));
        sites
    }
}

/// The next multiple of an interval (microseconds, at least 1) behind an instant.
fn next_multiple(at: Instant, every: i64) -> Instant {
    let every = u64::try_from(every).unwrap_or(1).max(1);
    let passed = (at - Instant::ZERO) / every;
    Instant::ZERO.plus_micros(passed.saturating_add(1).saturating_mul(every))
}
