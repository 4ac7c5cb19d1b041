//! What a future or a callback is given: metadata, and an exception.

use super::scene::Scene;
use super::statements::{statement, written_of};
use crate::event::{Event, EventKind};
use crate::ids::{PartitionNo, RecordId};
use crate::script::Statement;
use crate::simulation::{ClientNode, ClientProcess};

/// What a future or a callback was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// `orders-2@7`
    pub metadata: String,
    pub exception: Option<&'static str>,
}

impl Given {
    /// `orders-2@7`, or the exception.
    pub fn result(&self) -> &str {
        self.exception.unwrap_or(&self.metadata)
    }

    /// `(orders-2@7, null)`
    pub fn arguments(&self) -> String {
        format!("({}, {})", self.metadata, self.exception.unwrap_or("null"))
    }
}

/// What the future of a record, or its callback, was given. Of a failure a callback's metadata is not null: it has no offset,
/// and the partition only where that was known when it failed.
pub(super) fn given(scene: &Scene<'_>, process: &ClientProcess, told: &Event) -> Option<Given> {
    let metadata = |partition: PartitionNo, offset: i64| format!("{}@{offset}", scene.partition_name(partition));
    Some(match told.kind {
        EventKind::RecordAcknowledged { partition, offset, .. } => {
            Given { metadata: metadata(partition, offset), exception: None }
        }
        EventKind::RecordFailed { partition, why, exception, .. } => {
            Given { metadata: metadata(partition, -1), exception: Some(scene.exception(why, exception)) }
        }
        EventKind::SendFailed { record, why, exception, .. } => {
            let topic = scene.index.record(record)?.topic;
            let exception = Some(scene.exception(why, exception));
            let partition = failed_at(scene, process, record, exception);
            Given { metadata: metadata(PartitionNo { topic, partition }, -1), exception }
        }
        _ => return None,
    })
}

/// The partition in what a callback is given of a record that came into no batch: the one that the program named, or -1, as
/// the callback hears of the partitioner's only when the accumulator takes the record, or waits for memory for it.
fn failed_at(scene: &Scene<'_>, process: &ClientProcess, record: RecordId, exception: Option<&str>) -> i32 {
    let named = || match statement(scene.timeline.branch(), written_of(process, record)?)? {
        Statement::Send(send) => send.partition,
        Statement::ProduceLoop(of) => of.partition,
        _ => None,
    };
    let Some(facts) = scene.index.record(record) else { return -1 };
    let waited = exception == Some("BufferExhaustedException");
    let (ClientNode::Producer(producer), true) = (&process.node, waited || facts.batch.is_some()) else {
        return named().unwrap_or(-1);
    };
    let sticky = || producer.accumulator().partitioner(facts.topic)?.sticky().map(|sticky| sticky.partition);
    facts.partition.filter(|partition| *partition >= 0).or_else(sticky).unwrap_or(-1)
}
