//! A record on its way: the batches, requests and offsets by which events concern it.

use super::told::{Subject, Told};
use crate::ids::{PartitionNo, RecordId};

/// See the module.
#[derive(Clone, Debug)]
pub struct Journey {
    record: RecordId,
    /// The batches it was put into, and its place in each.
    batches: Vec<(u32, u32)>,
    requests: Vec<i32>,
    partition: Option<PartitionNo>,
    offsets: Vec<u32>,
    /// Whether it has its result.
    pub(super) has_result: bool,
}

impl Journey {
    pub(super) const fn new(record: RecordId) -> Journey {
        Journey {
            record,
            batches: Vec::new(),
            requests: Vec::new(),
            partition: None,
            offsets: Vec::new(),
            has_result: false,
        }
    }

    pub const fn record(&self) -> RecordId {
        self.record
    }

    /// Takes in what an event says of the record's way, and whether it concerns the record.
    pub(super) fn take(&mut self, told: &Told) -> bool {
        use crate::event::EventName::{RecordFailed, SendFailed};
        self.has_result |=
            told.subject == Subject::Record(self.record) && matches!(told.name, RecordFailed | SendFailed);
        match told.subject {
            Subject::Nothing | Subject::Members { .. } | Subject::Committed { .. } | Subject::Chapter { .. } => false,
            Subject::Record(record) => record == self.record,
            Subject::Batched { record, batch, index, partition } => {
                let is_its = record == self.record;
                if is_its {
                    self.batches.push((batch, index));
                    self.partition = Some(partition);
                }
                is_its
            }
            Subject::Batch(batch) => self.place_in(batch.client == self.record.client, batch.number).is_some(),
            Subject::Drained { batch, correlation_id } => {
                let is_its = self.place_in(batch.client == self.record.client, batch.number).is_some();
                if is_its {
                    self.requests.push(correlation_id);
                }
                is_its
            }
            Subject::Request { client, correlation_id } => {
                client == self.record.client && self.requests.contains(&correlation_id)
            }
            Subject::Written { client, correlation_id, partition, base_offset } => {
                let is_its = client == self.record.client
                    && Some(partition) == self.partition
                    && self.requests.contains(&correlation_id);
                if let (true, Some((_, index))) = (is_its, self.batches.last()) {
                    self.offsets.push(base_offset.saturating_add(*index));
                }
                is_its
            }
            Subject::Acknowledged { record, partition, offset } => {
                let is_its = record == self.record;
                if is_its {
                    self.has_result = true;
                    self.partition = Some(partition);
                    if !self.offsets.contains(&offset) {
                        self.offsets.push(offset);
                    }
                }
                is_its
            }
            Subject::Read { partition, first, end } => {
                Some(partition) == self.partition && self.offsets.iter().any(|offset| (first..end).contains(offset))
            }
            Subject::Partition(partition) => Some(partition) == self.partition && !self.offsets.is_empty(),
        }
    }

    fn place_in(&self, is_of_client: bool, batch: u32) -> Option<u32> {
        self.batches.iter().find(|(number, _)| is_of_client && *number == batch).map(|(_, index)| *index)
    }
}
