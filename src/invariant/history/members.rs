//! Who is gone, who was removed, and who was in which generation.

use std::sync::Arc;

use super::super::chunks::Chunks;
use super::History;
use crate::event::MemberGone;
use crate::ids::{ClientId, EventId, GroupNo};
use crate::sorted::SortedSet;

/// How a client's process came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GoneHow {
    /// By the user, without a word.
    Killed,
    /// Its program ended without closing it.
    Exited,
    Closed,
}

/// The end of a client's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gone {
    pub event: EventId,
    pub how: GoneHow,
    /// Records that it had taken from its program and had not sent.
    pub never_sent: u64,
}

/// A group counts on a member no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Removed {
    pub event: EventId,
    pub client: ClientId,
    pub why: MemberGone,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Generation {
    event: EventId,
    members: Arc<SortedSet<ClientId>>,
}

/// The members of a group through its generations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MembersOf {
    now: Arc<SortedSet<ClientId>>,
    generations: Chunks<Generation, 16>,
    removed: Chunks<Removed, 16>,
    /// All that ever were in it.
    ever: Arc<SortedSet<ClientId>>,
}

impl MembersOf {
    pub(super) fn joined(&mut self, client: ClientId) {
        if !self.now.contains(&client) {
            Arc::make_mut(&mut self.now).insert(client);
            Arc::make_mut(&mut self.ever).insert(client);
        }
    }

    pub(super) fn left(&mut self, removed: Removed) {
        Arc::make_mut(&mut self.now).remove(&removed.client);
        self.removed.push(removed);
    }

    /// Gives whether it is not the group's first.
    pub(super) fn generation(&mut self, event: EventId) -> bool {
        self.generations.push(Generation { event, members: self.now.clone() });
        self.generations.len() > 1
    }
}

impl History {
    /// The groups that had members, how many generations of each began, and how many members each has removed.
    pub fn generations(&self) -> impl Iterator<Item = (GroupNo, u32, u32)> {
        self.members.iter().map(|(group, of)| (*group, of.generations.len(), of.removed.len()))
    }

    /// Who is new in the generation that begins in an event, and who of the one before is not in it; none for a group's
    /// first.
    pub fn changes(&self, group: GroupNo, event: EventId) -> Option<(Vec<ClientId>, Vec<ClientId>)> {
        let generations = &self.members.get(&group)?.generations;
        let at = generations.partition_point(|generation| generation.event < event);
        let (before, after) = (generations.get(at.checked_sub(1)?)?, generations.get(at)?);
        let without = |those: &SortedSet<ClientId>, others: &SortedSet<ClientId>| {
            those.iter().copied().filter(|client| !others.contains(client)).collect()
        };
        Some((without(&after.members, &before.members), without(&before.members, &after.members)))
    }

    /// When and why a group first removed a member between two events.
    pub fn removed(&self, group: GroupNo, client: ClientId, after: EventId, before: EventId) -> Option<Removed> {
        let removed = &self.members.get(&group)?.removed;
        let behind = removed.partition_point(|removed| removed.event < before);
        let near = (0..behind).rev().filter_map(|i| removed.get(i)).take_while(|removed| removed.event > after);
        near.filter(|removed| removed.client == client).last().copied()
    }

    /// Whether a client is or was a member of a group.
    pub fn was_member(&self, group: GroupNo, client: ClientId) -> bool {
        self.members.get(&group).is_some_and(|of| of.ever.contains(&client))
    }

    /// Whether a group counts on a client as its member, or not because the client has left it; none where it never did, and
    /// where it has thrown the client out.
    pub fn counts_on(&self, group: GroupNo, client: ClientId) -> Option<bool> {
        let of = self.members.get(&group)?;
        if of.now.contains(&client) {
            return Some(true);
        }
        let mut removed = (0..of.removed.len()).rev().filter_map(|i| of.removed.get(i));
        let last = removed.find(|removed| removed.client == client)?;
        (last.why == MemberGone::Left).then_some(false)
    }

    /// Whether a group had removed a member before an event that had not heard of it by then.
    pub fn is_unaware(&self, group: GroupNo, client: ClientId, before: EventId) -> bool {
        let Some(removed) = self.members.get(&group).map(|of| &of.removed) else { return false };
        let behind = removed.partition_point(|removed| removed.event < before);
        let last = (0..behind).rev().filter_map(|i| removed.get(i)).find(|removed| removed.client == client);
        last.is_some_and(|last| last.why != MemberGone::Left && !self.has_heard(client, last.event, before))
    }

    /// Whether a consumer heard between two events how it stands with its group, or left it. That its heartbeats go without an
    /// answer does not tell it that it is out.
    pub fn has_heard(&self, client: ClientId, after: EventId, before: EventId) -> bool {
        let Some(heard) = self.heard.get(&client) else { return false };
        heard.get(heard.partition_point(|event| *event <= after)).is_some_and(|event| *event < before)
    }

    pub(super) fn hears(&mut self, client: ClientId, event: EventId) {
        Arc::make_mut(self.heard.entry(client).or_default()).push(event);
    }
}
