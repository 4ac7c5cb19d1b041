//! The groups of a run as its picture knows them: from the first instant of their first consumer, and while they have no
//! coordinator.

use std::sync::Arc;

use crate::coordinator::group::{GroupCoordinator, GroupView};
use crate::ids::GroupNo;
use crate::invariant::SeenRecords;
use crate::simulation::{ClientNode, ClientProcess, Simulation};
use crate::sorted::InOrder;

/// A group of the run, from the first instant of its first consumer.
pub(super) struct SceneGroup<'a> {
    /// Of one that no event has named yet: the number behind those that have one.
    pub no: GroupNo,
    pub id: &'a Arc<str>,
    /// As its coordinator has it; while there is none, as its log has it, without what only a coordinator knows.
    pub view: Option<GroupView>,
    /// It has a coordinator.
    pub is_coordinated: bool,
}

impl SceneGroup<'_> {
    /// The view, where a coordinator vouches for it.
    pub fn live(&self) -> Option<&GroupView> {
        self.view.as_ref().filter(|_| self.is_coordinated)
    }
}

/// The group id that a consumer was configured with.
pub(super) fn group_id(client: &ClientProcess) -> Option<&Arc<str>> {
    match &client.node {
        ClientNode::Consumer(consumer) => consumer.settings().group_id.as_ref(),
        ClientNode::Producer(_) => None,
    }
}

/// The groups that consumers were configured for, those first that have a number.
pub(super) fn all<'a>(simulation: &'a Simulation, seen: &'a SeenRecords) -> Vec<SceneGroup<'a>> {
    let names = simulation.names();
    let ids = || simulation.clients().iter().filter_map(group_id);
    let mut numbers: Vec<GroupNo> = ids().filter_map(|id| names.group_no(id)).collect();
    numbers.order();
    numbers.dedup();
    let mut found: Vec<(GroupNo, &Arc<str>)> = numbers.into_iter().map(|no| (no, names.group(no))).collect();
    let next = (0..=u16::MAX).map(GroupNo).find(|no| !names.knows_group(*no)).map_or(0, |no| no.0);
    let mut new: Vec<&Arc<str>> = Vec::new();
    for id in ids().filter(|id| names.group_no(id).is_none()) {
        if !new.contains(&id) {
            new.push(id);
        }
    }
    found.extend((next..).map(GroupNo).zip(new));
    let group = |(no, id): (GroupNo, &'a Arc<str>)| {
        let live = simulation.group(id);
        let is_coordinated = live.is_some();
        SceneGroup {
            no,
            id,
            view: live.or_else(|| asleep(coordinator(simulation, seen, id)?.group(id)?)),
            is_coordinated,
        }
    };
    found.into_iter().map(group).collect()
}

/// The coordinator of a group; while there is none, what the next one would find in the log.
pub(super) fn coordinator<'a>(
    simulation: &'a Simulation,
    seen: &'a SeenRecords,
    group: &str,
) -> Option<&'a GroupCoordinator> {
    let asleep = || seen.groups().asleep(simulation.place_of_group(group)?.0);
    simulation.coordinator(group).or_else(asleep)
}

/// Nobody counts a session down, nor waits for anybody.
fn asleep(mut view: GroupView) -> Option<GroupView> {
    (view.join_deadline, view.sync_deadline) = (None, None);
    for member in &mut view.members {
        member.session_deadline = None;
    }
    Some(view)
}
