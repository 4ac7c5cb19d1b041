//! Consumer groups, their members, and the rebalance as a grid.

use std::sync::Arc;

use super::ProgramLine;
use crate::ids::{ClientId, GroupNo};

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Groups {
    pub heading: String,
    pub groups: Vec<Arc<Group>>,
    /// Consumers without a group.
    pub alone: Vec<Member>,
    /// The marks of the lanes, explained.
    pub legend: Vec<LegendRow>,
    /// What to do when there is no consumer.
    pub empty: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum LaneMark {
    /// A wire to who read here and does no more.
    Ghost,
    Committed,
    Position,
    Again,
    Unread,
    /// Processed once more: a broken promise.
    Twice,
    Lag,
    /// No mark: the short names of a log's ends.
    Ends,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LegendRow {
    pub mark: LaneMark,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Group {
    pub id: GroupNo,
    pub name: String,
    /// Kafka's name of the state.
    pub state: String,
    /// `generation 5, coordinator B1`
    pub about: String,
    /// `range, lag 5`
    pub detail: String,
    pub lag: Option<u64>,
    pub open: bool,
    pub rebalancing: bool,
    /// `revoke`, `join`, `sync`, `own`.
    pub phases: [String; 4],
    pub members: Vec<Member>,
    pub now: bool,
}

/// How far a member is with a phase of the rebalance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Phase {
    Done,
    UnderWay,
    ToCome,
    NotNeeded,
}

/// The mark before a member's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum MemberMark {
    Reading,
    Idle,
    /// It is no member yet.
    Joining,
    /// Frozen by the user.
    Paused,
    /// The user made its work slow.
    Slow,
    Killed,
    Left,
    /// Its generation is older than the group's.
    Fenced,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Member {
    pub client: ClientId,
    pub name: String,
    pub mark: MemberMark,
    /// It works out the assignment.
    pub leads: bool,
    pub phases: [Phase; 4],
    /// `orders-0, orders-2`
    pub owns: String,
    /// `processing orders-0@12, 2 left`
    pub activity: String,
    /// Where its program is.
    pub program: ProgramLine,
    /// What it is doing says no more than where its program is.
    pub is_at_work: bool,
    /// Struck through: it is no longer a member, whether it knows it or not.
    pub gone: bool,
    /// What it does, or did last, is the user's doing.
    pub fault: bool,
    pub now: bool,
    /// All of it in words.
    pub text: String,
}
