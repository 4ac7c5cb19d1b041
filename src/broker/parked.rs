//! Requests that wait.

use std::sync::Arc;

use crate::ids::EventId;
use crate::time::Instant;
use crate::wire::Frame;

use super::fetch_session::{FetchContext, Wanted};
use super::group_call::GroupCall;

/// A request that waits, holding back everything behind it on its connection.
#[derive(Clone, Debug)]
pub enum Parked {
    /// Until there is enough to read or the wait is over.
    Fetch(ParkedFetch),
    /// Until the controller has answered it.
    Controller { frame: Arc<Frame> },
    /// A request about groups: until their coordinators have answered, when others have come or what they wrote is
    /// committed.
    Group { frame: Arc<Frame>, call: Box<GroupCall> },
    /// Kafka never answers it: a Produce whose records are null.
    Forever,
}

/// A Fetch that waits.
#[derive(Clone, Debug)]
pub struct ParkedFetch {
    pub frame: Arc<Frame>,
    pub until: Instant,
    /// What it reads, in order.
    pub wanted: Arc<[Wanted]>,
    pub(super) context: FetchContext,
    /// The event that said it was parked.
    pub(super) event: EventId,
}
