//! Changes of partitions come into the picture here, and are told.

use std::sync::Arc;

use crate::config::TopicConfig;
use crate::event::{ElectedWhy, EventKind, IsrWhy};
use crate::ids::{BrokerId, BrokerSet, EventId, PartitionNo};
use crate::image::{PartitionRegistration, TopicImage};
use crate::node::Outbox;
use crate::sorted::SortedSet;

use super::partition_change::{Changed, Election, PartitionChange};
use super::{Controller, configs};

/// A partition by its topic's name.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub topic: Arc<str>,
    pub partition: i32,
}

/// What a topic's settings say about elections.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// `getTopicEffectiveMinIsr`: at most the count of replicas, which are the first partition's.
    pub min_isr: usize,
    /// `unclean.leader.election.enable`.
    pub unclean: bool,
}

impl Rules {
    pub(super) const fn election(self) -> Election {
        if self.unclean { Election::Unclean } else { Election::Online }
    }
}

/// Who comes and who goes (`generateLeaderAndIsrUpdates`).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Coming {
    /// It is fenced, or about to stop.
    pub removed: Option<BrokerId>,
    /// It may lead from now on.
    pub added: Option<BrokerId>,
    /// It came back without having stopped in good order.
    pub unclean: Option<BrokerId>,
}

impl Controller {
    /// Brokers that may lead and be in sync.
    pub(super) fn active(&self) -> SortedSet<BrokerId> {
        self.image.brokers.values().filter(|broker| broker.is_active()).map(|broker| broker.id).collect()
    }

    pub(super) fn rules(&self, topic: &TopicImage) -> Rules {
        let config: Option<TopicConfig> = configs::typed(&topic.configs, &self.config);
        let replicas = topic.partitions.first().map_or(0, |partition| partition.replicas.len());
        let asked = config.as_ref().map_or(1, |config| config.min_insync_replicas);
        Rules {
            min_isr: usize::try_from(asked).unwrap_or(1).min(replicas),
            unclean: config.is_some_and(|config| config.unclean_leader_election_enable),
        }
    }

    pub(super) fn partition(&self, site: &Site) -> Option<(&Arc<TopicImage>, &PartitionRegistration)> {
        let topic = self.image.topics.get(&site.topic)?;
        Some((topic, topic.partitions.get(usize::try_from(site.partition).ok()?)?))
    }

    /// Partitions of which something holds, by topic.
    pub(super) fn sites(&self, holds: impl Fn(&PartitionRegistration) -> bool) -> Vec<Site> {
        let mut sites = Vec::new();
        for topic in self.image.topics.values() {
            for (partition, number) in topic.partitions.iter().zip(0..) {
                if holds(partition) {
                    sites.push(Site { topic: topic.name.clone(), partition: number });
                }
            }
        }
        sites
    }

    /// Elects and takes out of ISRs what follows from a broker's coming or going, in these partitions
    /// (`generateLeaderAndIsrUpdates`).
    pub(super) fn update_leaders_and_isrs(&mut self, coming: Coming, sites: &[Site], cause: EventId, out: &mut Outbox) {
        let mut active = self.active();
        for gone in coming.removed.iter().chain(&coming.unclean) {
            active.remove(gone);
        }
        if let Some(added) = coming.added {
            active.insert(added);
        }
        let why = if coming.unclean.is_some() { IsrWhy::Unclean } else { IsrWhy::Fenced };
        let mut rules: Option<(&Arc<str>, Rules)> = None;
        for site in sites {
            let Some((topic, partition)) = self.partition(site) else { continue };
            // What a topic's settings say is found out once for all of its partitions.
            let rules = match rules {
                Some((name, rules)) if *name == site.topic => rules,
                _ => rules.insert((&site.topic, self.rules(topic))).1,
            };
            let mut change = PartitionChange::new(partition, &active, rules.min_isr);
            change.election = rules.election();
            change.unclean_shutdown = coming.unclean;
            change.isr.retain(|replica| Some(*replica) != coming.removed && Some(*replica) != coming.unclean);
            if let Some(changed) = change.build() {
                self.put(site, changed, why, cause, out);
            }
        }
    }

    /// Puts a changed partition into the picture, and tells what is different.
    pub(super) fn put(&mut self, site: &Site, changed: Changed, why: IsrWhy, cause: EventId, out: &mut Outbox) {
        let topic = self.change().topics.get_mut(&site.topic).expect("the change is one of a topic that is there");
        let topic: &mut TopicImage = Arc::make_mut(topic);
        let no = PartitionNo { topic: topic.no, partition: site.partition };
        let index = usize::try_from(site.partition).expect("the change is one of a partition that is there");
        let former = std::mem::replace(&mut topic.partitions[index], changed.partition);
        let now = &topic.partitions[index];
        tell_assignment(no, &former, now, cause, out);
        let (led, why) = match changed.elected {
            Some(elected) => (tell_leader(no, now, elected, cause, out), isr_why(elected, why)),
            None => (cause, why),
        };
        tell_isr(no, &former, now, why, led, out);
    }
}

const fn isr_why(elected: ElectedWhy, why: IsrWhy) -> IsrWhy {
    match elected {
        ElectedWhy::Eligible | ElectedWhy::LastKnown | ElectedWhy::Unclean => IsrWhy::Elected,
        _ => why,
    }
}

fn tell_leader(
    partition: PartitionNo,
    now: &PartitionRegistration,
    elected: ElectedWhy,
    cause: EventId,
    out: &mut Outbox,
) -> EventId {
    // Who keeps a partition alone leads it whenever it lives: there is nothing to elect.
    let why = if now.replicas.len() == 1 && now.leader.is_some() { ElectedWhy::Only } else { elected };
    let leader = now.leader.map_or(-1, |broker| broker.0);
    out.emit(cause, EventKind::LeaderChanged { partition, leader, epoch: now.leader_epoch, why })
}

fn tell_isr(
    partition: PartitionNo,
    former: &PartitionRegistration,
    now: &PartitionRegistration,
    why: IsrWhy,
    cause: EventId,
    out: &mut Outbox,
) {
    // Of an only replica the leader says it all.
    if former.replicas.len() == 1 && now.replicas.len() == 1 {
        return;
    }
    let (before, isr) = (BrokerSet::of(&former.isr), BrokerSet::of(&now.isr));
    let eligible = BrokerSet::of(&now.elr);
    if before == isr && eligible == BrokerSet::of(&former.elr) {
        return;
    }
    let leader = now.leader.map_or(-1, |broker| broker.0);
    let (left, joined) = (before.without(isr), isr.without(before));
    out.emit(cause, EventKind::IsrChanged { partition, leader, isr, eligible, left, joined, why });
}

fn tell_assignment(
    partition: PartitionNo,
    former: &PartitionRegistration,
    now: &PartitionRegistration,
    cause: EventId,
    out: &mut Outbox,
) {
    let moved = former.adding != now.adding || former.removing != now.removing;
    if now.is_being_reassigned() && moved {
        let (adding, removing) = (BrokerSet::of(&now.adding), BrokerSet::of(&now.removing));
        out.emit(cause, EventKind::ReassignmentBegan { partition, adding, removing });
        return;
    }
    // What only rearranges replicas, or takes some away that nobody misses, is done as soon as it is asked for.
    if former.is_being_reassigned() && moved || former.replicas != now.replicas {
        let replicas = BrokerSet::of(&now.replicas);
        let done = former.adding.iter().all(|added| now.replicas.contains(added))
            && !former.removing.iter().any(|removed| now.replicas.contains(removed));
        out.emit(cause, EventKind::ReassignmentEnded { partition, replicas, done });
    }
}
