//! What a run has come to, in numbers.

use crate::ids::{ClientId, EventId, PartitionNo};
use crate::invariant::{Intervals, PromiseKind, PromiseState};
use crate::log::PartitionLog;
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
    /// Before their group had read them, by who deleted records from a log, or by its retention.
    pub deleted_unread: u64,
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
            deleted_unread: deleted_unread(timeline).iter().map(|gap| gap.end - gap.first).sum(),
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

/// What no group will process: passed over by its commits, or left when its last member went. What was deleted before is told
/// apart.
pub(super) fn never_processed(timeline: &Timeline) -> Vec<Unprocessed> {
    let promises = timeline.observers().promises();
    gaps(timeline, |reader, partition| {
        let mut gaps: Vec<(u64, u64)> =
            promises.skipped(reader, partition).map(|skipped| skipped.iter().collect()).unwrap_or_default();
        if !lives(timeline, reader) {
            let (begin, end) = ends_of(timeline.simulation(), partition);
            let left = promises.unprocessed(reader, partition, end).into_iter();
            let mut all = Intervals::default();
            for (first, end) in gaps.into_iter().chain(left.map(|(first, end)| (first.max(begin), end))) {
                all.add(first, end);
            }
            gaps = all.iter().collect();
        }
        gaps
    })
}

/// What was deleted from a log before a group that had begun to read it had processed it.
pub(super) fn deleted_unread(timeline: &Timeline) -> Vec<Unprocessed> {
    let (promises, history) = (timeline.observers().promises(), timeline.observers().history());
    gaps(timeline, |reader, partition| {
        let begin = ends_of(timeline.simulation(), partition).0;
        // Who goes back by `seek` has processed them all the same.
        let gaps = promises.unprocessed_before(reader, partition, begin).into_iter();
        let unread = |gap| history.never_processed(reader, partition, gap, EventId(u32::MAX));
        gaps.flat_map(|gap| unread(gap).iter().collect::<Vec<_>>()).collect()
    })
}

fn gaps(timeline: &Timeline, of: impl Fn(ClientId, PartitionNo) -> Vec<(u64, u64)>) -> Vec<Unprocessed> {
    let found = timeline.observers().history().tracked();
    let one = |(reader, partition)| {
        let gaps = of(reader, partition).into_iter().filter(|(first, end)| first < end);
        gaps.map(move |(first, end)| Unprocessed { reader, partition, first, end })
    };
    found.flat_map(one).collect()
}

/// Whether a group has a member whose process has not ended and that was not closed.
fn lives(timeline: &Timeline, reader: ClientId) -> bool {
    let history = timeline.observers().history();
    let mut members = timeline.simulation().clients().iter().filter(|client| history.reader(client.id) == Some(reader));
    members.any(|member| member.life != Life::Gone && !member.closed)
}

/// Where a log begins, and where the records end that consumers may read.
fn ends_of(simulation: &Simulation, partition: PartitionNo) -> (u64, u64) {
    let no = crate::ids::TopicPartition::new(simulation.names().topic(partition.topic), partition.partition);
    let ends = |log: &PartitionLog| (log.log_start_offset().cast_unsigned(), log.high_watermark().cast_unsigned());
    simulation.leading_replica(&no).map_or((0, 0), |replica| ends(replica.log()))
}
