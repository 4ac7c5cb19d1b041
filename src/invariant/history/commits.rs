//! What a group has committed, and what its members asked it to commit.

use std::sync::Arc;

use super::super::chunks::Chunks;
use super::History;
use crate::event::CommitHow;
use crate::ids::{CallId, ClientId, EventId, GroupNo, PartitionNo};

/// A group's coordinator stored an offset, or forgot it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Committed {
    pub event: EventId,
    pub client: ClientId,
    /// None: from here on nothing is committed.
    pub offset: Option<i64>,
}

/// A consumer asked its group to commit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pledge {
    pub event: EventId,
    pub how: CommitHow,
    /// The call that the program was in; none where its client sent it by itself.
    pub call: Option<CallId>,
    /// Empty where they are not known: the commit failed before there was a request.
    pub offsets: Arc<[(PartitionNo, i64)]>,
    /// Succeeded or failed; `NONE`: not yet.
    pub ended: EventId,
    /// It failed, and the client sends it again by itself.
    pub retried: bool,
}

impl History {
    /// What a group had committed for a partition before an event.
    pub fn committed(&self, group: GroupNo, partition: PartitionNo, before: EventId) -> Option<Committed> {
        let commits = self.commits.get(&(group, partition))?;
        let behind = commits.partition_point(|commit| commit.event < before);
        commits.get(behind.checked_sub(1)?).copied()
    }

    /// The first commit between two events that led a group past an offset, and what it was before.
    pub fn committed_past(
        &self,
        group: GroupNo,
        partition: PartitionNo,
        offset: u64,
        after: EventId,
        before: EventId,
    ) -> Option<(Committed, Option<i64>)> {
        let commits = self.commits.get(&(group, partition))?;
        let from = commits.partition_point(|commit| commit.event <= after);
        let is_past = |commit: &Committed| commit.offset.is_some_and(|at| at > offset.cast_signed());
        let (i, found) =
            (from..commits.len()).filter_map(|i| Some((i, commits.get(i)?))).find(|(_, it)| is_past(it))?;
        let was = i.checked_sub(1).and_then(|i| commits.get(i)).and_then(|commit| commit.offset);
        (found.event < before).then_some((*found, was))
    }

    /// What a consumer asked to commit in an event.
    pub fn pledge(&self, client: ClientId, event: EventId) -> Option<&Pledge> {
        let pledges = self.pledges.get(&client)?;
        let at = pledges.partition_point(|pledge| pledge.event < event);
        pledges.get(at).filter(|pledge| pledge.event == event)
    }

    /// The tries of a commit before the one that began in an event: the client sent them again by itself, within one call of
    /// its program; the first first.
    pub fn tries_before(&self, client: ClientId, event: EventId) -> Vec<&Pledge> {
        let Some(pledges) = self.pledges.get(&client) else { return Vec::new() };
        let at = pledges.partition_point(|pledge| pledge.event < event);
        let Some(asked) = pledges.get(at) else { return Vec::new() };
        let is_same = |pledge: &&Pledge| {
            pledge.retried && (pledge.call, pledge.how) == (asked.call, asked.how) && pledge.offsets == asked.offsets
        };
        let before = (0..at).rev().filter_map(|i| pledges.get(i));
        let mut tries: Vec<&Pledge> = before.take_while(is_same).collect();
        tries.reverse();
        tries
    }

    /// The commit that ended in an event.
    pub fn pledge_that_ended(&self, client: ClientId, ended: EventId) -> Option<&Pledge> {
        let pledges = self.pledges.get(&client)?;
        let behind = pledges.partition_point(|pledge| pledge.event < ended);
        (0..behind).rev().filter_map(|i| pledges.get(i)).find(|pledge| pledge.ended == ended)
    }

    pub(super) fn pledged(
        &mut self,
        client: ClientId,
        event: EventId,
        how: CommitHow,
        offsets: Arc<[(PartitionNo, i64)]>,
    ) {
        let call = self.calls.get(&client).copied();
        let pledges = Arc::make_mut(self.pledges.entry(client).or_default());
        pledges.push(Pledge { event, how, call, offsets, ended: EventId::NONE, retried: false });
    }

    /// A commit has ended: the one that `cause` began, which never left, or else the oldest that is open, as answers on a
    /// connection come in order.
    pub(super) fn pledge_ended(&mut self, client: ClientId, event: EventId, cause: EventId, retried: bool) {
        let Some(pledges) = self.pledges.get_mut(&client) else { return };
        let open = |pledges: &Chunks<Pledge, 64>, i: u32| {
            pledges.get(i).filter(|pledge| pledge.ended == EventId::NONE).map(|pledge| pledge.event)
        };
        let begun = pledges.partition_point(|pledge| pledge.event < cause);
        let direct = (open(pledges, begun) == Some(cause)).then_some(begun);
        // Few are open at a time, and all of them stand near the end.
        let oldest = || (0..pledges.len()).rev().take(OPEN).rfind(|i| open(pledges, *i).is_some());
        if let Some(i) = direct.or_else(oldest)
            && let Some(pledge) = Arc::make_mut(pledges).get_mut(i)
        {
            (pledge.ended, pledge.retried) = (event, retried);
        }
    }
}

/// Commits of a consumer that may be open at a time.
const OPEN: usize = 256;
