//! The stack of a call: its frames, what the thread waits for, and what a frame that ended returns.

use std::sync::Arc;

use super::super::membership::state::Committed;
use super::tasks::{
    AwaitMetadataTask, CloseTask, CommitAsyncTask, CommitSyncTask, CommittedTask, EnsureCoordinatorTask,
    FetchCommittedTask, JoinPrepareTask, JoinTask, LeavePrepareTask, ListOffsetsTask, ListenerTask, PartitionsForTask,
    PollTask, PositionTask, UnsubscribeTask, UpdatePositionsTask,
};
use crate::call::{ConsumerCall, Outcome, PartitionLeaders};
use crate::error::Exception;
use crate::event::CallKind;
use crate::ids::{CallId, EventId};
use crate::time::{Instant, Now};

/// What a step of a task ends with.
#[derive(Clone, Debug)]
pub enum Flow {
    /// The next step of the same task, one stage later.
    Next,
    Push(CallFrame),
    /// One pass of the network client: until something happens, or this virtual millisecond.
    Network {
        until_ms: u64,
    },
    /// Nothing until this virtual millisecond.
    Sleep {
        until_ms: u64,
    },
    /// Done: the frame below goes on with this.
    Return(Returned),
    Throw(Exception),
}

/// What a frame that ended hands to the one below it, or to the caller of the call.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Returned {
    /// It was done in time.
    Done,
    /// It was not, when its time was over.
    OutOfTime,
    /// The number of the asynchronous commit that was sent; none while it waits for its coordinator.
    CommitSent(Option<u32>),
    /// What is committed.
    Committed(Committed),
    /// What the call returns.
    Outcome(Outcome),
}

impl Returned {
    pub const fn in_time(done: bool) -> Returned {
        if done { Returned::Done } else { Returned::OutOfTime }
    }
}

impl Flow {
    pub const fn done() -> Flow {
        Flow::Return(Returned::Done)
    }

    pub const fn out_of_time() -> Flow {
        Flow::Return(Returned::OutOfTime)
    }

    /// The end of a call.
    pub const fn outcome(outcome: Outcome) -> Flow {
        Flow::Return(Returned::Outcome(outcome))
    }

    /// `ConsumerNetworkClient.poll(future, timer)`: one pass that waits, unless the future is done already.
    pub fn poll_for(done: bool, deadline_ms: u64, now: Now) -> Flow {
        Flow::Network { until_ms: if done { now.ms() } else { deadline_ms } }
    }
}

/// A method on the stack, with its place in it.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum CallFrame {
    Poll(PollTask),
    EnsureCoordinator(EnsureCoordinatorTask),
    AwaitMetadata(AwaitMetadataTask),
    Join(JoinTask),
    JoinPrepare(JoinPrepareTask),
    Listener(ListenerTask),
    CommitSync(CommitSyncTask),
    CommitAsync(CommitAsyncTask),
    FetchCommitted(FetchCommittedTask),
    UpdatePositions(UpdatePositionsTask),
    Position(PositionTask),
    Committed(CommittedTask),
    ListOffsets(ListOffsetsTask),
    PartitionsFor(PartitionsForTask),
    LeavePrepare(LeavePrepareTask),
    Unsubscribe(UnsubscribeTask),
    Close(CloseTask),
    /// A call that has not begun.
    Begin(Arc<ConsumerCall>),
}

/// What the application's thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Waiting {
    /// It is not in a call.
    Idle,
    /// The next stage is due.
    Stage(Instant),
    /// The network client: it comes back with whatever happens first.
    Network {
        /// Not before: a pass is a move of its own.
        from: Instant,
        until: Instant,
    },
    Sleep {
        until: Instant,
    },
}

/// A call under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallInfo {
    pub id: CallId,
    pub kind: CallKind,
    pub started: Instant,
    /// `CallStarted`.
    pub event: EventId,
}

/// The application's thread.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct CallStack {
    pub call: Option<CallInfo>,
    pub tasks: Vec<CallFrame>,
    pub waiting: Waiting,
    /// What the frame that was pushed last returned.
    pub returned: Returned,
}

impl CallStack {
    pub const fn new() -> CallStack {
        CallStack { call: None, tasks: Vec::new(), waiting: Waiting::Idle, returned: Returned::Done }
    }

    /// `ensureCoordinatorReady` is synchronized: the heartbeat thread waits for it.
    pub fn holds_coordinator_lock(&self) -> bool {
        matches!(self.tasks.last(), Some(CallFrame::EnsureCoordinator(_)))
            || (matches!(self.tasks.last(), Some(CallFrame::AwaitMetadata(_)))
                && matches!(self.tasks.iter().rev().nth(1), Some(CallFrame::EnsureCoordinator(_))))
    }

    pub fn tasks(&self) -> &[CallFrame] {
        &self.tasks
    }

    /// What the frame that was pushed last returned.
    pub fn take_returned(&mut self) -> Returned {
        std::mem::replace(&mut self.returned, Returned::Done)
    }

    /// Whether the frame that was pushed last was done before its time was over.
    pub fn was_in_time(&self) -> bool {
        self.returned != Returned::OutOfTime
    }

    /// The answer to a Metadata request of a call, if the call still waits for it.
    pub fn take_topic_metadata(&mut self, answer: Result<PartitionLeaders, Exception>) {
        if let Some(CallFrame::PartitionsFor(task)) = self.tasks.last_mut() {
            task.answer = Some(answer);
        }
    }
}
