//! A broker's life as the controller sees it: registration, heartbeats, controlled shutdown (`BrokerLifecycleManager`).
//!
//! A starting broker registers, which the controller refuses as long as the session of its former life is valid, then
//! sends heartbeats every `broker.heartbeat.interval.ms`; the first answer that says it is not fenced lets it run. A
//! controlled shutdown is a heartbeat that asks for it, again after 50 ms and then at the interval, until the controller
//! says that nobody needs the broker any more.

use kafka_protocol::messages::broker_registration_request::Listener;
use kafka_protocol::messages::{self as m, BrokerHeartbeatRequest, BrokerRegistrationRequest};
use kafka_protocol::protocol::StrBytes;

use crate::error::Code;
use crate::ids::EventId;
use crate::java::ExponentialBackoff;
use crate::node::Outbox;
use crate::time::{Instant, Now};
use crate::wire::Response;

use super::purpose::ControllerPurpose;
use super::{Broker, BrokerPhase};

/// What a broker knows of its registration.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lifecycle {
    /// The broker epoch that the controller gave it; none before it has registered.
    epoch: Option<i64>,
    /// The how-manieth life of the process this is: its incarnation id.
    incarnation: u32,
    /// On disk: the epoch of the life that ended in good order (`.kafka_cleanshutdown`).
    clean_shutdown: Option<i64>,
    /// When something is to be said next; none while an answer is awaited.
    due: Option<Instant>,
    failed_attempts: u64,
    /// The controller has answered a wish to shut down, if only to say that it is not time yet.
    has_shutdown_answer: bool,
    cause: EventId,
}

impl Lifecycle {
    /// Of a broker that the controller knows from the start of the run, under this epoch.
    pub(super) const fn registered(epoch: i64) -> Lifecycle {
        Lifecycle {
            epoch: Some(epoch),
            incarnation: 0,
            clean_shutdown: None,
            due: Some(Instant::ZERO),
            failed_attempts: 0,
            has_shutdown_answer: false,
            cause: EventId::NONE,
        }
    }

    pub(super) const fn epoch(&self) -> Option<i64> {
        self.epoch
    }

    pub(super) const fn due(&self) -> Option<Instant> {
        self.due
    }

    /// A new process begins.
    pub(super) const fn start(&mut self, now: Now, cause: EventId) {
        self.epoch = None;
        self.incarnation += 1;
        (self.due, self.failed_attempts, self.has_shutdown_answer) = (Some(now.at), 0, false);
        self.cause = cause;
    }

    /// The process has ended; `in_order`: by a controlled shutdown.
    pub(super) const fn end(&mut self, in_order: bool) {
        self.clean_shutdown = if in_order { self.epoch } else { None };
        (self.epoch, self.due) = (None, None);
    }

    /// The next heartbeat goes at once, because the broker is to shut down.
    pub(super) const fn hurry(&mut self, now: Now, cause: EventId) {
        if self.due.is_some() {
            self.due = Some(now.at);
        }
        self.has_shutdown_answer = false;
        self.cause = cause;
    }
}

/// What the controller keeps of a process, so that it can tell two lives of a broker apart.
const fn incarnation_id(broker: i32, incarnation: u32) -> uuid::Uuid {
    uuid::Uuid::from_u64_pair(broker.cast_unsigned() as u64 + 1, incarnation as u64 + 1)
}

impl Broker {
    /// It is time to register, or for the next heartbeat.
    pub(super) fn lifecycle_due(&mut self, now: Now, out: &mut Outbox) {
        self.lifecycle.due = None;
        let cause = self.lifecycle.cause;
        let request = match self.lifecycle.epoch {
            None => self.registration().into(),
            Some(epoch) => BrokerHeartbeatRequest::default()
                .with_broker_id(m::BrokerId(self.id.0))
                .with_broker_epoch(epoch)
                .with_current_metadata_offset(i64::try_from(self.image.version).unwrap_or(i64::MAX))
                .with_want_fence(false)
                .with_want_shut_down(self.phase == BrokerPhase::Stopping)
                .into(),
        };
        self.ask(now, ControllerPurpose::Lifecycle, request, cause, out);
    }

    fn registration(&self) -> BrokerRegistrationRequest {
        let listener = Listener::default()
            .with_name(StrBytes::from_static_str("PLAINTEXT"))
            .with_host(StrBytes::from_string(self.id.host()))
            .with_port(9092);
        BrokerRegistrationRequest::default()
            .with_broker_id(m::BrokerId(self.id.0))
            .with_incarnation_id(incarnation_id(self.id.0, self.lifecycle.incarnation))
            .with_listeners(vec![listener])
            .with_previous_broker_epoch(self.lifecycle.clean_shutdown.unwrap_or(-1))
    }

    /// The controller has answered a registration or a heartbeat.
    pub(super) fn lifecycle_answered(&mut self, now: Now, response: &Response, out: &mut Outbox) {
        match response {
            Response::BrokerRegistration(answer) if answer.error_code == Code::None.code() => {
                self.lifecycle.epoch = Some(answer.broker_epoch);
                (self.lifecycle.failed_attempts, self.lifecycle.due) = (0, Some(now.at));
                self.lifecycle.clean_shutdown = None;
            }
            Response::BrokerHeartbeat(answer) if answer.error_code == Code::None.code() => {
                self.lifecycle.failed_attempts = 0;
                self.heartbeat_answered(now, answer, out);
            }
            _ => {
                // `resendExponentialBackoff`
                let most = u64::try_from(self.config.broker_session_timeout_ms).unwrap_or(0);
                let backoff = ExponentialBackoff::new(100, 2, most, 2);
                let wait = backoff.backoff_ms(self.lifecycle.failed_attempts, out.rng.next_u64());
                self.lifecycle.failed_attempts += 1;
                self.lifecycle.due = Some(now.at.plus_millis(wait));
            }
        }
    }

    fn heartbeat_answered(&mut self, now: Now, answer: &m::BrokerHeartbeatResponse, out: &mut Outbox) {
        /// How soon a broker asks again whether it may go, in milliseconds.
        const SOON_MS: u64 = 50;
        let interval = u64::try_from(self.config.broker_heartbeat_interval_ms).unwrap_or(0);
        self.lifecycle.cause = EventId::NONE;
        let wait = match self.phase {
            BrokerPhase::Stopping if answer.should_shut_down => {
                self.shut_down(now, out);
                return;
            }
            BrokerPhase::Stopping if !self.lifecycle.has_shutdown_answer => SOON_MS,
            // It has not caught up yet: `scheduleNextCommunicationImmediately` as soon as it has.
            BrokerPhase::Starting if answer.is_fenced => SOON_MS,
            BrokerPhase::Starting => {
                self.phase = BrokerPhase::Running;
                interval
            }
            _ => interval,
        };
        self.lifecycle.has_shutdown_answer = true;
        self.lifecycle.due = Some(now.at.plus_millis(wait));
    }
}
