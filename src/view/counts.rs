//! What a run has come to, in numbers.

use crate::ids::{ClientId, PartitionNo};
use crate::invariant::{PromiseKind, PromiseState};
use crate::simulation::{Life, Simulation};
use crate::timeline::Timeline;

/// The counts of a run up to the place where it stands, in records where nothing else is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Given to `send` by programs.
    pub sent: u64,
    /// By a broker.
    pub acknowledged: u64,
    /// Counted as sent without an answer, as `acks=0` asks for none.
    pub unanswered: u64,
    /// Their programs got an exception.
    pub failed: u64,
    /// Acknowledged, or counted as sent, and in no log.
    pub lost: u64,
    /// Those of the lost for which no answer was asked.
    pub lost_unanswered: u64,
    /// By a group that committed past them without having processed them.
    pub passed_over: u64,
    /// Their producers were killed or closed before they had sent them.
    pub never_sent: u64,
    pub written_twice: u64,
    pub processed_twice: u64,
    /// By a group that has committed past them, or that has no member any more.
    pub never_processed: u64,
    /// Generations of groups behind the first of each.
    pub rebalances: u64,
    /// Virtual time, in microseconds.
    pub time_us: u64,
}

impl Counts {
    /// The counts of a run at its present place.
    pub fn of(timeline: &Timeline) -> Counts {
        let observers = timeline.observers();
        let tally = observers.history().tally();
        let broken = |kind: PromiseKind| match observers.promises().state(kind) {
            PromiseState::Broken { count, .. } => count,
            PromiseState::Kept | PromiseState::NotChecked => 0,
        };
        Counts {
            sent: tally.sent,
            acknowledged: tally.acknowledged,
            unanswered: tally.unanswered,
            failed: tally.failed,
            lost: broken(PromiseKind::AcknowledgedKept),
            lost_unanswered: observers.promises().checked().unanswered_lost,
            passed_over: broken(PromiseKind::NoneSkipped),
            never_sent: tally.never_sent,
            written_twice: broken(PromiseKind::WrittenOnce),
            processed_twice: broken(PromiseKind::ProcessedOnce),
            never_processed: never_processed(timeline).iter().map(|gap| gap.end - gap.first).sum(),
            rebalances: tally.rebalances,
            time_us: timeline.simulation().now().at.micros(),
        }
    }
}

/// Offsets of a partition that a group has not processed and will not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unprocessed {
    /// Who stands for the group.
    pub reader: ClientId,
    pub partition: PartitionNo,
    pub first: u64,
    pub end: u64,
}

/// What no group will process: passed over by its commits, or left when its last member went.
pub(super) fn never_processed(timeline: &Timeline) -> Vec<Unprocessed> {
    let (simulation, observers) = (timeline.simulation(), timeline.observers());
    let (history, promises) = (observers.history(), observers.promises());
    let mut found = Vec::new();
    for (reader, partition) in history.tracked() {
        let gaps = if lives(timeline, reader) {
            promises.skipped(reader, partition).map(|skipped| skipped.iter().collect()).unwrap_or_default()
        } else {
            promises.unprocessed(reader, partition, end_of(simulation, partition))
        };
        found.extend(gaps.into_iter().map(|(first, end)| Unprocessed { reader, partition, first, end }));
    }
    found
}

/// Whether a group has a member whose process has not ended.
fn lives(timeline: &Timeline, reader: ClientId) -> bool {
    let history = timeline.observers().history();
    let mut members = timeline.simulation().clients().iter().filter(|client| history.reader(client.id) == Some(reader));
    members.any(|member| member.life != Life::Gone)
}

/// Where the records end that consumers may read.
fn end_of(simulation: &Simulation, partition: PartitionNo) -> u64 {
    let no = crate::ids::TopicPartition::new(simulation.names().topic(partition.topic), partition.partition);
    simulation.leading_replica(&no).map_or(0, |replica| replica.log().high_watermark().cast_unsigned())
}
