//! One owner each.

use std::sync::Arc;

use super::{Broke, Ledger, PromiseKind};
use crate::event::consumer::ConsumerEvent;
use crate::event::{EventKind, Family};
use crate::ids::{ClientId, EventId, GroupNo, PartitionNo};
use crate::simulation::{ClientNode, Simulation};
use crate::sorted::SortedMap;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Owning {
    /// The assignment that a client was given last: its group and generation.
    given: SortedMap<ClientId, (GroupNo, i32)>,
    /// Who was given a partition last, and in which generation.
    owners: Arc<SortedMap<(GroupNo, PartitionNo), (ClientId, i32)>>,
}

impl Owning {
    pub(super) fn take(&mut self, id: EventId, kind: &EventKind, simulation: &Simulation, ledger: &mut Ledger) {
        use ConsumerEvent::*;
        let Family::Consumer(event) = kind.family() else { return };
        match event {
            PartitionsAssigned(of) => {
                self.given.insert(of.client, (of.group, of.generation));
            }
            OwnerChanged(of) => {
                let Some((group, generation)) = self.given.get(&of.client).copied() else { return };
                let key = (group, of.partition);
                if of.owned {
                    let before = Arc::make_mut(&mut self.owners).insert(key, (of.client, generation));
                    let is_second = before.is_some_and(|(other, its)| {
                        other != of.client && its == generation && !are_one_member(of.client, other, simulation)
                    });
                    match is_second {
                        true => {
                            let what = Broke::Owner { client: of.client, partition: of.partition };
                            ledger.broken(PromiseKind::OneOwner, 1, id, what);
                        }
                        false => ledger.kept(PromiseKind::OneOwner),
                    }
                } else if self.owners.get(&key).is_some_and(|(owner, _)| *owner == of.client) {
                    Arc::make_mut(&mut self.owners).remove(&key);
                }
            }
            RecordsReturned(_)
            | PollReturned(_)
            | PositionSet(_)
            | JoinStarted(_)
            | Joined(_)
            | AssignmentComputed(_)
            | PartitionsRevoked(_)
            | PartitionsLost(_)
            | HeartbeatAnswered(_)
            | CommitStarted(_)
            | CommitSucceeded(_)
            | CommitFailed(_)
            | PollIntervalExceeded(_)
            | SessionLost(_)
            | LeaveSent(_)
            | ConsumerPaused(_) => {}
        }
    }
}

/// Whether both are the same static member: who comes back under its instance id takes over what it owned, in the same
/// generation, and the former one is fenced.
fn are_one_member(client: ClientId, other: ClientId, simulation: &Simulation) -> bool {
    let instance = |id: ClientId| {
        let found = simulation.clients().iter().find(|client| client.id == id)?;
        match &found.node {
            ClientNode::Consumer(consumer) => consumer.settings().group_instance_id.clone(),
            ClientNode::Producer(_) => None,
        }
    };
    instance(client).is_some_and(|own| Some(own) == instance(other))
}
