//! What goes into a coordinator and what comes out of it.

use std::sync::Arc;

use bytes::Bytes;

use super::GroupCoordinator;
use super::classic::ClassicGroupMember;
use crate::coordinator::runtime::{RequestToken, ShardOutput};
use crate::error::Code;
use crate::event::{EventKind, GroupState, MemberGone};
use crate::ids::{BrokerId, ClientId, Names, PartitionNo};
use crate::sorted::SortedMap;
use crate::wire::Request;

/// One request to a coordinator.
#[derive(Clone, Copy, Debug)]
pub struct CoordinatorRequest<'a> {
    pub token: RequestToken,
    /// The API version that the client speaks; the answer fits it.
    pub version: i16,
    /// Whose connection it came on.
    pub client: ClientId,
    /// The header's `client.id`.
    pub client_id: &'a str,
    /// As the broker logs it: `/127.0.0.1`.
    pub client_host: &'a str,
    pub body: &'a Request,
    /// 128 random bits: the UUID of a member id, if one is made.
    pub draw: [u64; 2],
}

/// What the group coordinator wants done.
pub type CoordinatorOutput = ShardOutput<GroupCoordinator>;

/// What a classic group does when a record of its own is committed, or was refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AfterAppend {
    /// A group was made by a `JoinGroup` that is perhaps still held: its refusal is that one's.
    NewGroup { group: Arc<str>, token: RequestToken, version: i16 },
    /// A generation without members.
    Emptied { group: Arc<str> },
    /// The leader's assignment, by member id, is what members get once it is committed.
    StoreAssignment { group: Arc<str>, generation: i32, assignment: SortedMap<Arc<str>, Bytes> },
    /// A static member came back without a rebalance.
    ReplacedStatic { group: Arc<str>, replaced: Replaced },
}

/// A static member that came back, and who it was before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Replaced {
    pub(super) old: ClassicGroupMember,
    pub(super) old_leader: Option<Arc<str>>,
    pub(super) new: Arc<str>,
    pub(super) version: i16,
}

/// What a decision makes of the state it looked at: records to replay and append, and the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision<R, T> {
    pub records: Vec<R>,
    pub reply: T,
}

/// Something that happened in a group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupEvent {
    pub group: Arc<str>,
    pub kind: GroupEventKind,
}

/// `client` is who the member is on the network: the default one for members that were loaded from the log and have not
/// been heard of since.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GroupEventKind {
    StateChanged { from: GroupState, to: GroupState },
    MemberIdGiven { client: ClientId },
    MemberJoined { client: ClientId, members: u32 },
    MemberRemoved { client: ClientId, why: MemberGone, members: u32 },
    GenerationStarted { generation: i32, members: u32, leader: ClientId },
    AssignmentStored { generation: i32 },
    OffsetCommitted { client: ClientId, topic: Arc<str>, partition: i32, offset: i64 },
    OffsetCommitRefused { client: ClientId, code: Code },
    Loaded { generation: i32, members: u32 },
}

impl GroupEvent {
    /// The same as an event of the run; numbers a group or topic that is met for the first time.
    pub fn kind(&self, broker: BrokerId, names: &mut Names) -> EventKind {
        let group = names.intern_group(&self.group);
        match &self.kind {
            GroupEventKind::StateChanged { from, to } => {
                EventKind::GroupStateChanged { group, broker, from: *from, to: *to }
            }
            GroupEventKind::MemberIdGiven { client } => EventKind::MemberIdGiven { group, client: *client },
            GroupEventKind::MemberJoined { client, members } => {
                EventKind::MemberJoined { group, client: *client, members: *members }
            }
            GroupEventKind::MemberRemoved { client, why, members } => {
                EventKind::MemberRemoved { group, client: *client, why: *why, members: *members }
            }
            GroupEventKind::GenerationStarted { generation, members, leader } => {
                EventKind::GenerationStarted { group, generation: *generation, members: *members, leader: *leader }
            }
            GroupEventKind::AssignmentStored { generation } => {
                EventKind::AssignmentStored { group, generation: *generation }
            }
            GroupEventKind::OffsetCommitted { client, topic, partition, offset } => {
                let partition = PartitionNo { topic: names.intern_topic(topic), partition: *partition };
                EventKind::OffsetCommitted { group, client: *client, partition, offset: *offset }
            }
            GroupEventKind::OffsetCommitRefused { client, code } => {
                EventKind::OffsetCommitRefused { group, client: *client, code: *code }
            }
            GroupEventKind::Loaded { generation, members } => {
                EventKind::GroupLoaded { group, broker, generation: *generation, members: *members }
            }
        }
    }
}
