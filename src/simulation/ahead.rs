//! What a run comes to when it is left alone: looked for in a copy of it.

use std::sync::Arc;

use super::{Life, Simulation, Sink};
use crate::application::Written;
use crate::ids::RecordId;
use crate::script::NamedProcess;

/// A client that is closed waits two minutes for its last batches by Kafka's own settings, and its loop may pause.
const AHEAD_MS: u64 = 5 * 60_000;
/// Moves, so that a busy run answers at once all the same.
const AHEAD_MOVES: u32 = 20_000;

impl Simulation {
    /// The first record that a statement has its producer send: it may be made anew before, and have other records to send
    /// first. None where nothing of it is sent in the time that is looked at.
    pub fn first_record_of(&self, producer: &str, statement: Written) -> Option<RecordId> {
        // What a client had sent before was looked through: a script may have many lines that send.
        let mut known = None;
        let mut found = |of: &Simulation| {
            let client = of.client(producer)?;
            let behind = known.filter(|(id, _)| *id == client.id).map_or(0, |(_, behind)| behind);
            known = Some((client.id, client.application.sending_changed()));
            Some(RecordId { client: client.id, number: client.application.first_sent_by(statement, behind)? })
        };
        if let Some(record) = found(self) {
            return Some(record);
        }
        let (mut ahead, mut sink) = (self.clone(), Sink::default());
        let latest = self.clock.at().plus_millis(AHEAD_MS);
        // A frozen one sends as soon as it goes on, and what waits before then comes first.
        if self.client(producer).is_some_and(|client| client.life == Life::Paused) {
            ahead.resume(&NamedProcess::Client(Arc::from(producer)), &mut sink);
        }
        for _ in 0..AHEAD_MOVES {
            if ahead.next_event_at().is_none_or(|at| at > latest) || !ahead.step(&mut sink) {
                return None;
            }
            sink = Sink::default();
            if let Some(record) = found(&ahead) {
                return Some(record);
            }
        }
        None
    }
}
