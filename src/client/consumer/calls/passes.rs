//! The application's thread in the network client: sends what waits, reads what came, and waits for more
//! (`ConsumerNetworkClient.poll`).

use super::super::Consumer;
use super::super::network::Answered;
use super::super::turn::Turn;
use super::frames::Waiting;

use crate::error::Exception;
use crate::node::{Paced, STAGE_US};
use crate::time::Instant;

impl Consumer {
    /// Sends what is to be sent, then waits: for the network, at most until this virtual millisecond.
    pub(super) fn enter_network(&mut self, until_ms: u64, turn: &mut Turn<'_>) -> Result<(), Exception> {
        self.transmit_sends(turn)?;
        let now = turn.now;
        // Java's client does not wait longer than this, lest the heartbeat thread starve.
        let most = now.ms().saturating_add(self.settings.heartbeat_interval_ms.min(5_000));
        if most == now.ms() && most < until_ms {
            turn.out.paced = Some((self.id, Paced::Heartbeat));
        }
        let mut until_ms = until_ms.min(most);
        if !self.client.net.has_in_flight() {
            until_ms = until_ms.min(now.ms().saturating_add(self.settings.retry_backoff_ms));
        }
        let from = now.at + STAGE_US;
        self.app.waiting = Waiting::Network { from, until: Instant::from_millis(until_ms).max(from) };
        if self.client.wants_pass() {
            self.arrived_at = now.at;
        }
        Ok(())
    }

    /// The second half of a pass, as the waiting thread comes back: reads, and throws what the metadata has to say.
    pub(super) fn read_network(&mut self, turn: &mut Turn<'_>) -> Option<Exception> {
        let now = turn.now;
        let mut answered = Vec::new();
        self.client.read(now, turn.cause, turn.out, &mut answered);
        self.answer(answered, turn);
        self.client.net.metadata.take_any_exception()
    }

    /// A pass that does not wait (`pollNoWakeup`). Throws when a request cannot be written.
    pub(in super::super) fn network_pass(&mut self, turn: &mut Turn<'_>) -> Result<(), Exception> {
        let now = turn.now;
        let mut answered = Vec::new();
        let transmitted = self.client.transmit(now, turn.cause, turn.out, &mut answered);
        if transmitted.is_ok() {
            self.client.read(now, turn.cause, turn.out, &mut answered);
        }
        self.answer(answered, turn);
        transmitted
    }

    /// Sends what waits, without reading (`transmitSends`). Throws when a request cannot be written.
    pub(in super::super) fn transmit_sends(&mut self, turn: &mut Turn<'_>) -> Result<(), Exception> {
        let now = turn.now;
        let mut answered = Vec::new();
        let transmitted = self.client.transmit(now, turn.cause, turn.out, &mut answered);
        self.answer(answered, turn);
        transmitted
    }

    fn answer(&mut self, answered: Vec<Answered>, turn: &mut Turn<'_>) {
        for answer in answered {
            self.handle_answer(answer.purpose, answer.result, &mut turn.caused_by(answer.cause));
        }
        if self.membership.is_of_group() {
            let (group, mut lent) = self.member(turn.cause);
            group.continue_as_leader(&mut lent, turn);
        }
    }
}
