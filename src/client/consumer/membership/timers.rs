//! The timers of a member, and the thread that keeps them (`Heartbeat`, `AbstractCoordinator.HeartbeatThread`).

use super::super::settings::ConsumerSettings;
use crate::error::Exception;
use crate::time::{Instant, Now};

/// The three timers of a member, in virtual milliseconds (`Heartbeat`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Heartbeat {
    pub interval_ms: u64,
    pub session_timeout_ms: u64,
    pub max_poll_interval_ms: u64,
    pub retry_backoff_ms: u64,
    /// When the next heartbeat is due.
    pub heartbeat_due_ms: u64,
    /// When the session is over, unless a heartbeat is answered before.
    pub session_due_ms: u64,
    /// When the application must have polled.
    pub poll_due_ms: u64,
    pub last_poll_ms: Option<u64>,
}

/// The thread itself: it waits, or is about to look around.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HeartbeatThread {
    pub enabled: bool,
    /// What it failed with; `poll` throws it.
    pub failed: Option<Exception>,
    pub state: ThreadState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ThreadState {
    /// Waits until it is notified.
    Parked,
    /// Waits for `retry.backoff.ms`, again and again, since this instant.
    Ticking(Instant),
    Running(Instant),
}

impl Heartbeat {
    pub fn new(settings: &ConsumerSettings, now: Now) -> Heartbeat {
        let mut heartbeat = Heartbeat {
            interval_ms: settings.heartbeat_interval_ms,
            session_timeout_ms: settings.session_timeout_ms,
            max_poll_interval_ms: settings.max_poll_interval_ms,
            retry_backoff_ms: settings.retry_backoff_ms,
            heartbeat_due_ms: 0,
            session_due_ms: 0,
            poll_due_ms: 0,
            last_poll_ms: None,
        };
        heartbeat.reset_timeouts(now);
        heartbeat
    }

    pub fn reset_timeouts(&mut self, now: Now) {
        self.reset_session_timeout(now);
        self.poll_due_ms = now.ms().saturating_add(self.max_poll_interval_ms);
        self.heartbeat_due_ms = now.ms().saturating_add(self.interval_ms);
    }

    pub fn reset_session_timeout(&mut self, now: Now) {
        self.session_due_ms = now.ms().saturating_add(self.session_timeout_ms);
    }

    pub fn poll(&mut self, now: Now) {
        self.last_poll_ms = Some(now.ms());
        self.poll_due_ms = now.ms().saturating_add(self.max_poll_interval_ms);
    }

    pub fn sent(&mut self, now: Now) {
        self.heartbeat_due_ms = now.ms().saturating_add(self.interval_ms);
    }

    pub fn failed(&mut self, now: Now) {
        self.heartbeat_due_ms = now.ms().saturating_add(self.retry_backoff_ms);
    }

    pub fn received(&mut self, now: Now) {
        self.reset_session_timeout(now);
    }

    pub fn should_heartbeat(&self, now: Now) -> bool {
        now.ms() >= self.heartbeat_due_ms
    }

    /// The first of the three timers, in virtual milliseconds.
    pub fn first_due_ms(&self) -> u64 {
        self.heartbeat_due_ms.min(self.session_due_ms).min(self.poll_due_ms)
    }
}

impl HeartbeatThread {
    pub const fn new() -> HeartbeatThread {
        HeartbeatThread { enabled: false, failed: None, state: ThreadState::Parked }
    }

    /// `notify`: ends a wait.
    pub fn notify(&mut self, now: Now) {
        if self.enabled && !matches!(self.state, ThreadState::Running(_)) {
            self.state = ThreadState::Running(now.at);
        }
    }
}
