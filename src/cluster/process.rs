//! The cluster's processes: what runs, stands still or is gone, and when each is due.

use std::sync::Arc;

use crate::broker::Broker;
use crate::controller::Controller;
use crate::network::Delivery;
use crate::time::{Clock, Instant};

/// When a node is due, and its turn among those due at the same instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timer {
    at: Instant,
    turn: u64,
}

impl Timer {
    pub const OFF: Timer = Timer { at: Instant::MAX, turn: u64::MAX };

    /// Follows what the node says now. One that names the instant it was woken at takes its turn behind the others.
    pub fn set(&mut self, at: Option<Instant>, clock: &mut Clock) {
        let Some(at) = at else {
            *self = Timer::OFF;
            return;
        };
        let at = at.max(clock.at());
        if at != self.at || at == clock.at() {
            *self = Timer { at, turn: clock.next_turn() };
        }
    }

    pub const fn due(&self) -> (Instant, u64) {
        (self.at, self.turn)
    }
}

/// Whether a process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Life {
    Running,
    /// Frozen (SIGSTOP): its timers and its reading stand still, connections to it still open.
    Paused,
    /// Crashed, stopped, killed, closed or ended.
    Gone,
}

#[derive(Clone, Debug)]
pub(super) struct BrokerProcess {
    pub(super) node: Arc<Broker>,
    pub(super) life: Life,
    /// What arrived while it was paused, in order.
    pub(super) held: Vec<Delivery>,
    pub(super) timer: Timer,
}

#[derive(Clone, Debug)]
pub(super) struct ControllerProcess {
    pub(super) node: Arc<Controller>,
    pub(super) life: Life,
    /// What arrived while it was paused, in order.
    pub(super) held: Vec<Delivery>,
    pub(super) timer: Timer,
}
