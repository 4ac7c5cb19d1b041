//! `beginningOffsets`, `endOffsets`, `offsetsForTimes` (`OffsetFetcher.fetchOffsetsByTimes`).

use super::super::Consumer;
use super::super::positions::Listed;
use super::super::turn::Turn;
use super::frames::{CallFrame, Flow};
use super::tasks::{ListOffsetsTask, ListStage, ListWhat};

use std::sync::Arc;

use crate::call::Outcome;
use crate::error::{Code, Exception};

impl Consumer {
    pub(in super::super) fn step_list_offsets(&mut self, task: &mut ListOffsetsTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        match task.stage {
            ListStage::Ask => {
                if task.wanted.is_empty() {
                    return Flow::outcome(self.list_outcome(task));
                }
                self.ask_offsets(task, turn)
            }
            ListStage::Asked => match self.offsets.listed() {
                Listed::Awaited if now.ms() < task.deadline_ms => Flow::Network { until_ms: task.deadline_ms },
                Listed::Awaited => self.list_timed_out(task, turn),
                Listed::Failed(exception) => {
                    self.end_listing();
                    Flow::Throw(exception)
                }
                Listed::Whole => {
                    let outcome = self.list_outcome(task);
                    self.end_listing();
                    Flow::outcome(outcome)
                }
                Listed::Again => {
                    task.stage = ListStage::Refreshed;
                    let await_metadata = self.await_metadata(task.deadline_ms, turn);
                    Flow::Push(CallFrame::AwaitMetadata(await_metadata))
                }
            },
            ListStage::Refreshed => {
                if now.ms() >= task.deadline_ms {
                    return self.list_timed_out(task, turn);
                }
                self.ask_offsets(task, turn)
            }
        }
    }

    fn ask_offsets(&mut self, task: &mut ListOffsetsTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        let (offsets, mut lent) = self.offset_fetcher(turn.cause);
        let failed = offsets.ask(&mut lent, &task.wanted, now);
        task.stage = ListStage::Asked;
        Flow::poll_for(failed, task.deadline_ms, now)
    }

    fn list_outcome(&mut self, task: &ListOffsetsTask) -> Outcome {
        let found = self.offsets.found(&mut self.subscriptions);
        let wanted = task.wanted.iter().map(|(partition, _)| partition);
        match task.what {
            ListWhat::Offsets => Outcome::Offsets(
                wanted
                    .filter_map(|partition| found.get(partition).map(|listed| (partition.clone(), Some(listed.offset))))
                    .collect(),
            ),
            ListWhat::Times => Outcome::OffsetsAndTimestamps(
                wanted
                    .map(|partition| {
                        let listed = found.get(partition);
                        (partition.clone(), listed.map(|listed| (listed.offset, listed.timestamp)))
                    })
                    .collect(),
            ),
        }
    }

    fn list_timed_out(&mut self, task: &ListOffsetsTask, turn: &mut Turn<'_>) -> Flow {
        let now = turn.now;
        self.end_listing();
        let message = format!("Failed to get offsets by times in {}ms", now.ms().saturating_sub(task.begun_ms));
        Flow::Throw(Exception::with_message(Code::RequestTimedOut, message))
    }

    pub(super) fn end_listing(&mut self) {
        self.offsets.end_listing();
        self.transient_topics = Arc::default();
        self.update_metadata_topics();
    }
}
