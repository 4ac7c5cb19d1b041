//! The coordinator of classic groups (`GroupMetadataManager`, `OffsetMetadataManager`): one for each partition of
//! `__consumer_offsets` that a broker leads.
//!
//! What it knows for good ([`Durable`]: offsets, and groups as of their last rebalance) changes only by replaying the
//! records that it hands out, and is rebuilt from them. The rest lives here only, as in Kafka: phases of a rebalance,
//! sessions, held requests; a refused record does not take that back. It has no time of its own and draws nothing by
//! itself; records, answers and time go through [`crate::coordinator::runtime`].

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
mod shard;
mod sync_group;
mod timers;
mod turn;

use std::sync::Arc;

use crate::sorted::SortedMap;

pub(crate) use delete_groups::offset_delete_answer;
pub use durable::{Durable, OffsetsOfGroup};
pub use output::{AfterAppend, CoordinatorOutput, CoordinatorRequest, Decision, GroupEvent, GroupEventKind};
pub use read::{CommittedGroups, GroupView, MemberView};
pub use record::{GroupMetadataValue, GroupRecord, MemberMetadata, OffsetCommitValue};

use classic::ClassicGroup;
use timers::Timers;
use turn::GroupTurn;

use crate::time::Now;
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

impl Group {
    const fn classic(&self) -> &ClassicGroup {
        match self {
            Group::Classic(group) => group,
        }
    }
}

/// What of a coordinator goes by records: which groups there are, and what was replayed. A group's phase, its sessions
/// and who is held are not: what is taken back leaves them as they are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupSnapshot {
    durable: Durable,
    groups: SortedMap<Arc<str>, Arc<Group>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupCoordinator {
    config: Arc<GroupConfig>,
    durable: Durable,
    groups: SortedMap<Arc<str>, Arc<Group>>,
    timers: Timers,
}

impl GroupCoordinator {
    /// Knows nothing yet: its runtime replays the partition's records.
    pub fn new(config: Arc<GroupConfig>) -> GroupCoordinator {
        GroupCoordinator { config, durable: Durable::default(), groups: SortedMap::new(), timers: Timers::default() }
    }

    /// Takes in a request. The answer is in the output now, or in that of a later call: `JoinGroup` and `SyncGroup` are
    /// held until others have come, and a `SyncGroup` of the leader until its assignment is committed.
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
            Request::OffsetFetch(body) => out.respond(request.token, self.committed(None).offset_fetch(version, body)),
            Request::DescribeGroups(body) => {
                out.reply(request.token, self.committed(None).describe_groups(version, body));
            }
            Request::ListGroups(body) => out.reply(request.token, self.committed(None).list_groups(version, body)),
            Request::OffsetDelete(body) => self.offset_delete(now, &request, body, out),
            Request::DeleteGroups(body) => self.delete_groups(&request, body, out),
            other => panic!("{} does not concern groups", other.api().name()),
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
