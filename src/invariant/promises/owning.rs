//! One owner each.

use std::sync::Arc;

use super::{Ledger, PromiseKind};
use crate::event::EventKind;
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
        match *kind {
            EventKind::PartitionsAssigned { client, group, generation, .. } => {
                self.given.insert(client, (group, generation));
            }
            EventKind::OwnerChanged { client, partition, owned: true } => {
                let Some((group, generation)) = self.given.get(&client).copied() else { return };
                let before = Arc::make_mut(&mut self.owners).insert((group, partition), (client, generation));
                let is_second = before.is_some_and(|(other, its)| {
                    other != client && its == generation && !are_one_member(client, other, simulation)
                });
                ledger.broken(PromiseKind::OneOwner, u64::from(is_second), id);
            }
            EventKind::OwnerChanged { client, partition, owned: false } => {
                let Some((group, _)) = self.given.get(&client) else { return };
                let key = (*group, partition);
                if self.owners.get(&key).is_some_and(|(owner, _)| *owner == client) {
                    Arc::make_mut(&mut self.owners).remove(&key);
                }
            }
            _ => {}
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
