//! The coordinator of classic groups (`GroupMetadataManager`, `OffsetMetadataManager`): one for each partition of
//! `__consumer_offsets` that a broker leads.
//!
//! What it knows for good ([`Durable`]: offsets, and groups as of their last rebalance) changes only by replaying the
//! records that it hands out, and is rebuilt from them. The rest lives here only, as in Kafka: phases of a rebalance,
//! sessions, held requests. It has no time of its own, draws nothing by itself, and one clone before a request is all
//! it takes to take the request back.

mod classic;
mod delete_groups;
mod describe_groups;
mod durable;
mod heartbeat;
mod join_group;
mod leave_group;
mod offset_commit;
mod offset_fetch;
mod output;
mod read;
mod record;
mod responses;
mod sync_group;
mod timers;
mod turn;

use std::sync::Arc;

use crate::sorted::SortedMap;

pub(crate) use delete_groups::offset_delete_answer;
pub use durable::{Durable, OffsetsOfGroup};
pub use output::{CoordinatorOutput, CoordinatorRequest, Decision, GroupEvent, GroupEventKind, RequestToken};
pub use read::{GroupView, MemberView};
pub use record::{GroupMetadataValue, GroupRecord, MemberMetadata, OffsetCommitValue};

use classic::ClassicGroup;
use timers::{TimerWork, Timers};
use turn::GroupTurn;

use crate::error::Code;
use crate::time::{Instant, Now};
use crate::wire::Request;

/// The broker's properties about groups (`GroupCoordinatorConfig`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupConfig {
    /// `group.initial.rebalance.delay.ms`.
    pub initial_rebalance_delay_ms: u64,
    /// `group.min.session.timeout.ms`.
    pub min_session_timeout_ms: i32,
    /// `group.max.session.timeout.ms`.
    pub max_session_timeout_ms: i32,
    /// `group.max.size`.
    pub max_size: i32,
    /// How long a member may wait for the answer to its first `JoinGroup`: five minutes, no property.
    pub new_member_join_timeout_ms: u64,
    /// `offset.metadata.max.bytes`.
    pub offset_metadata_max_bytes: i32,
}

impl Default for GroupConfig {
    fn default() -> Self {
        GroupConfig {
            initial_rebalance_delay_ms: 3000,
            min_session_timeout_ms: 6000,
            max_session_timeout_ms: 1_800_000,
            max_size: i32::MAX,
            new_member_join_timeout_ms: 300_000,
            offset_metadata_max_bytes: 4096,
        }
    }
}

/// A group, by the protocol of its members.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Group {
    Classic(ClassicGroup),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupCoordinator {
    config: Arc<GroupConfig>,
    durable: Durable,
    groups: SortedMap<Arc<str>, Arc<Group>>,
    timers: Timers,
}

impl GroupCoordinator {
    /// Knows nothing yet: replay the partition's records, then call [`on_loaded`](Self::on_loaded).
    pub fn new(config: Arc<GroupConfig>) -> GroupCoordinator {
        GroupCoordinator { config, durable: Durable::default(), groups: SortedMap::new(), timers: Timers::default() }
    }

    /// Takes in a record of the partition, while loading.
    pub fn replay(&mut self, record: &GroupRecord) {
        self.durable.replay(record);
    }

    /// All records are replayed: groups begin to live, Stable or Empty, and members get their whole session timeout.
    /// A group that is larger than `group.max.size` rebalances at once.
    pub fn on_loaded(&mut self, now: Now, out: &mut CoordinatorOutput) {
        for id in self.durable.group_ids() {
            let group = match self.durable.metadata(&id) {
                Some(value) => ClassicGroup::from_record(&id, value, now),
                None => ClassicGroup::new(&id, now),
            };
            self.groups.insert(id.clone(), Arc::new(Group::Classic(group)));
            let mut turn = self.turn(now, &id, out).expect("it was made just now");
            let (generation, members) = (turn.group.generation, turn.members());
            turn.note(GroupEventKind::Loaded { generation, members });
            for member_id in turn.group.member_ids() {
                turn.renew_session(&member_id);
            }
            if i64::from(members) > i64::from(turn.config.max_size) {
                turn.prepare_rebalance();
            }
        }
    }

    /// The broker is no longer the coordinator: held requests are answered `NOT_COORDINATOR`, and the groups are gone.
    pub fn on_unloaded(&mut self, now: Now, out: &mut CoordinatorOutput) {
        for id in self.groups.keys().cloned().collect::<Vec<_>>() {
            let mut turn = self.turn(now, &id, out).expect("it is in the list");
            for member_id in turn.group.member_ids() {
                turn.answer_join(&member_id, |_, version| {
                    responses::join_error(version, &member_id, Code::NotCoordinator)
                });
                turn.answer_sync(&member_id, responses::sync_error(Code::NotCoordinator));
            }
        }
        *self = GroupCoordinator::new(self.config.clone());
    }

    /// Takes in a request. The answer is in the output now, or in that of a later call: `JoinGroup` and `SyncGroup` are
    /// held until others have come.
    ///
    /// Panics on a request that does not concern groups.
    pub fn handle(&mut self, now: Now, request: CoordinatorRequest, out: &mut CoordinatorOutput) {
        let version = request.version;
        match request.body {
            Request::JoinGroup(body) => self.join_group(now, &request, body, out),
            Request::SyncGroup(body) => self.sync_group(now, &request, body, out),
            Request::Heartbeat(body) => self.heartbeat(now, &request, body, out),
            Request::LeaveGroup(body) => self.leave_group(now, &request, body, out),
            Request::OffsetCommit(body) => self.offset_commit(now, &request, body, out),
            Request::OffsetFetch(body) => out.reply(request.token, self.offset_fetch(version, body)),
            Request::DescribeGroups(body) => out.reply(request.token, self.describe_groups(version, body)),
            Request::ListGroups(body) => out.reply(request.token, self.list_groups(version, body)),
            Request::OffsetDelete(body) => self.offset_delete(now, &request, body, out),
            Request::DeleteGroups(body) => {
                let response = self.delete_groups(body, out);
                out.reply(request.token, response);
            }
            other => panic!("{} does not concern groups", other.api().name()),
        }
    }

    /// When the earliest timer is due.
    pub fn next_timeout(&self) -> Option<Instant> {
        self.timers.next()
    }

    /// Fires the earliest timer that is due, one; nothing when none is.
    pub fn on_timeout(&mut self, now: Now, out: &mut CoordinatorOutput) {
        let Some((key, work)) = self.timers.take_due(now.at) else { return };
        let Some(mut turn) = self.turn(now, key.group(), out) else { return };
        match work {
            TimerWork::ExpireSession { member } => turn.expire_session(&member),
            TimerWork::TryCompleteInitialJoin { delay_ms, remaining_ms } => {
                turn.try_complete_initial_join(delay_ms, remaining_ms);
            }
            TimerWork::CompleteJoin => turn.complete_join(),
            TimerWork::ExpirePendingSync { generation } => turn.expire_pending_sync(generation),
        }
    }

    /// What the log says: equal to what a coordinator knows that replays it.
    pub fn durable(&self) -> &Durable {
        &self.durable
    }

    fn ensure_group(&mut self, id: &Arc<str>, now: Now) {
        if !self.groups.contains_key(id) {
            self.groups.insert(id.clone(), Arc::new(Group::Classic(ClassicGroup::new(id, now))));
        }
    }

    fn append_all(&mut self, records: Vec<GroupRecord>, out: &mut CoordinatorOutput) {
        for record in records {
            self.durable.replay(&record);
            out.records.push(record);
        }
    }

    /// The turn of a group; `None` when there is no such group.
    fn turn<'a>(&'a mut self, now: Now, id: &str, out: &'a mut CoordinatorOutput) -> Option<GroupTurn<'a>> {
        let Group::Classic(group) = Arc::make_mut(self.groups.get_mut(id)?);
        let (config, durable, timers) = (&*self.config, &mut self.durable, &mut self.timers);
        Some(GroupTurn { now, config, durable, timers, group, out })
    }
}
