//! One turn of a thread of the consumer.

use crate::ids::EventId;
use crate::node::Outbox;
use crate::time::Now;

/// When it happens, what led to it, and where its effects go.
pub(super) struct Turn<'a> {
    pub now: Now,
    /// The event that led to what is being done.
    pub cause: EventId,
    pub out: &'a mut Outbox,
}

impl Turn<'_> {
    /// The same turn, for what another event has led to.
    pub fn caused_by(&mut self, cause: EventId) -> Turn<'_> {
        Turn { now: self.now, cause, out: &mut *self.out }
    }
}
