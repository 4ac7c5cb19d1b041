//! Which partitions consumers were given and gave up, by the events in which their listeners ran.

use std::sync::Arc;

use super::super::chunks::Chunks;
use super::History;
use crate::ids::{ClientId, EventId, PartitionNo};

/// A partition came into a consumer's hands, or went out of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Handed {
    /// The event in which its listener ran.
    event: EventId,
    partition: PartitionNo,
    owned: bool,
}

impl History {
    /// The partitions that a consumer was given, or gave up, in an event in which its listener ran.
    pub fn handed(&self, client: ClientId, event: EventId) -> Vec<PartitionNo> {
        let Some(handed) = self.handed.get(&client) else { return Vec::new() };
        let from = handed.partition_point(|handed| handed.event < event);
        let here = (from..handed.len()).filter_map(|i| handed.get(i)).take_while(|handed| handed.event == event);
        here.map(|handed| handed.partition).collect()
    }

    /// Who of a consumer's group was given a partition last before an event; it may have given it up since.
    pub fn owner_before(&self, client: ClientId, partition: PartitionNo, event: EventId) -> Option<ClientId> {
        let reader = self.reader(client)?;
        let last = |handed: &Chunks<Handed, 64>| {
            let before = handed.partition_point(|handed| handed.event < event);
            let mut all = (0..before).rev().filter_map(|i| handed.get(i));
            all.find(|handed| handed.owned && handed.partition == partition).map(|handed| handed.event)
        };
        let of_group = self.handed.iter().filter(|(other, _)| self.reader(**other) == Some(reader));
        of_group.filter_map(|(other, handed)| Some((last(handed)?, *other))).max().map(|(_, other)| other)
    }

    pub(super) fn changed_hands(&mut self, event: EventId, client: ClientId, partition: PartitionNo, owned: bool) {
        Arc::make_mut(self.handed.entry(client).or_default()).push(Handed { event, partition, owned });
    }
}
