//! Why a broker asked the controller for something.

use std::sync::Arc;

use crate::ids::ConnectionId;

/// Why the controller was asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum ControllerPurpose {
    /// To register, to say that it lives, to shut down.
    Lifecycle,
    /// For a client, which waits on this connection for the answer to the request of this correlation id.
    For(ConnectionId, i32),
    /// To make this topic, which a client asked for or which Kafka itself needs; nobody waits.
    AutomaticTopic(Arc<str>),
    ProducerIds,
    /// To change who is in sync.
    AlterPartition,
}
