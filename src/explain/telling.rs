//! Which of several events of a move is told first.

use super::context::Context;
use super::{Narration, narrate};
use crate::event::{Event, EventKind};
use crate::lang::Lang;
use crate::sorted::InOrder;

/// What is said of a move.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Telling {
    /// Index of the told event among the move's.
    pub event: usize,
    pub narration: Narration,
    /// The others, most telling first: index and what happened.
    pub others: Vec<(usize, super::Text)>,
}

/// Says a move: its most telling event, and the others by what happened.
pub fn tell(context: &Context<'_>, events: &[Event], lang: Lang) -> Option<Telling> {
    let mut indexes: Vec<usize> = (0..events.len()).collect();
    indexes.order_by_key(|i| (order(&events[*i].kind), *i));
    let (first, others) = indexes.split_first()?;
    let telling: Vec<usize> = others.iter().copied().filter(|i| !events[*i].kind.is_routine()).collect();
    Some(Telling {
        event: *first,
        narration: narrate(context, &events[*first], lang),
        others: telling.iter().map(|i| (*i, narrate(context, &events[*i], lang).happened)).collect(),
    })
}

/// The lower, the earlier it is told: faults and what fails before what goes well, causes before what follows from
/// them, the thing itself before the message that carries it, routine last.
pub fn order(kind: &EventKind) -> u8 {
    use EventKind::*;
    if kind.is_routine() {
        return 9;
    }
    match kind {
        BrokerCrashed { .. }
        | BrokerStopped { .. }
        | BrokerStarted { .. }
        | ClientKilled { .. }
        | ProcessPaused { .. }
        | FaultArmed { .. }
        | ResponseDropped { .. }
        | ErrorAnswered { .. }
        | ScriptStopped { .. }
        | ProcessingChanged { .. } => 0,
        BatchExpired { .. }
        | RequestTimedOut { .. }
        | PollIntervalExceeded { .. }
        | SessionLost { .. }
        | BrokerFenced { .. }
        | PartitionsLost { .. }
        | SendFailed { .. }
        | AdminRefused { .. }
        | ConstructorThrew { .. }
        | DuplicateFound { .. }
        | AppendRefused { .. } => 1,
        BatchFailed { .. }
        | BatchRetried { .. }
        | BatchSplit { .. }
        | CommitFailed { .. }
        | OffsetCommitRefused { .. }
        | MemberRemoved { .. }
        | ProducerIdRefused { .. }
        | ProducerEpochBumped { .. } => 2,
        CallReturned { ok: false, .. } => 2,
        SendCalled { .. }
        | Serialized { .. }
        | Partitioned { .. }
        | Appended { .. }
        | BatchDrained { .. }
        | BatchAppended { .. }
        | GenerationStarted { .. }
        | AssignmentComputed { .. }
        | PartitionsAssigned { .. }
        | PartitionsRevoked { .. }
        | ClientStarted { .. }
        | ClientClosed { .. }
        | TopicCreated { .. }
        | TopicDeleted { .. }
        | PartitionsAdded { .. }
        | GroupLoaded { .. } => 3,
        MemoryAwaited { .. }
        | MetadataAwaited { .. }
        | BatchReady { .. }
        | BatchAcknowledged { .. }
        | ProducerIdAssigned { .. }
        | RecordsReturned { .. }
        | OffsetCommitted { .. }
        | CommitStarted { .. }
        | CommitSucceeded { .. }
        | JoinStarted { .. }
        | Joined { .. }
        | MemberJoined { .. }
        | MemberIdGiven { .. }
        | AssignmentStored { .. }
        | LeaveSent { .. }
        | LeaderChanged { .. }
        | BrokerRegistered { .. }
        | RecordFailed { .. }
        | RecordAcknowledged { .. } => 4,
        PositionSet { .. }
        | RecordsProcessed { .. }
        | GroupStateChanged { .. }
        | HighWatermarkMoved { .. }
        | CoordinatorLost { .. }
        | HeartbeatAnswered { .. }
        | ConnectionRefused { .. }
        | ConnectionClosed { .. }
        | ConsumerPaused { .. }
        | FetchAnswered { .. } => 5,
        RequestSent { .. } | RequestArrived { .. } | ResponseSent { .. } | ResponseArrived { .. } => 6,
        PollReturned { .. } | OwnerChanged { .. } | CoordinatorFound { .. } | CallReturned { .. } => 7,
        CallStarted { .. }
        | MetadataUpdated { .. }
        | ConnectionOpening { .. }
        | ConnectionOpened { .. }
        | FetchParked { .. } => 8,
    }
}
