//! Whom a run follows because of what its reader does: the first record of what was told to send, and a pasted program.

use std::sync::Arc;

use partita::application::Written;
use partita::event::{Event, EventKind};
use partita::ids::{EventId, RecordId};
use partita::script::ClientKind;
use partita::simulation::Life;
use partita::view::Selection;

use super::run::Run;

/// A program that was pasted: its client, and the statements with which it begins, those that make the client among them.
#[derive(Clone, Debug)]
pub struct Pasted {
    pub client: Arc<str>,
    pub begins: Vec<Written>,
}

/// What a producer was told to send, and the record that it will be.
#[derive(Clone, Debug)]
pub(super) struct ToldToSend {
    producer: Arc<str>,
    statement: Written,
    record: RecordId,
}

impl Run {
    /// Whether a pasted program begins here; it, or the first record that it sends, is looked at from then on.
    pub(super) fn stands_at(&mut self, pasted: &Pasted) -> bool {
        let Some(client) = self.timeline.simulation().client(&pasted.client) else { return false };
        let (id, kind, at) = (client.id, client.recipe.kind, client.application.doing().1);
        // A client that is closed to be made anew does that by the statement which makes it.
        let begins = pasted.begins.last();
        if !pasted.begins.contains(&client.made) && (at.is_none() || at.as_ref() != begins) {
            return false;
        }
        // Its constructor is the first of its lines, though it may be sending in the same move.
        let first = self.timeline.moves().first_event(self.timeline.position());
        let is_made = |event: &Event| matches!(event.kind, EventKind::ClientStarted { client, .. } if client == id);
        let made = (first.0..).zip(self.timeline.events()).find(|(_, event)| is_made(event));
        self.lens.told = made.map(|(number, _)| EventId(number)).or(self.lens.told);
        match begins {
            Some(statement) if kind == ClientKind::Producer => self.follow_first_of(&pasted.client, *statement),
            _ => self.lens.selected = Selection::Client(id),
        }
        true
    }

    /// Whether nobody is left to run a pasted program.
    pub(super) fn is_gone(&self, pasted: &Pasted) -> bool {
        self.timeline.simulation().client(&pasted.client).is_some_and(|client| client.life == Life::Gone)
    }

    /// Follows the first record that a producer sends because of a statement: it may be in another call, have others to send
    /// before, or be made anew. A `send` whose record is refused has none.
    pub fn follow_first_of(&mut self, producer: &Arc<str>, statement: Written) {
        let simulation = self.timeline.simulation();
        let Some(record) = simulation.first_record_of(producer, statement) else { return };
        if usize::from(record.client.0) <= simulation.clients().len() {
            self.follow(record);
        } else {
            // There is nothing of it that could be selected.
            self.to_follow = None;
            self.lens.followed = Some(record);
        }
        self.told_to_send = Some(ToldToSend { producer: producer.clone(), statement, record });
    }

    /// What is done now may change which record it is that was told to be sent, or whether there will be one.
    pub(super) fn follow_told_to_send(&mut self) {
        let Some(ToldToSend { producer, statement, record }) = self.told_to_send.take() else { return };
        let simulation = self.timeline.simulation();
        let is_heard = matches!(statement, Written::Command(number) if (number as usize) < simulation.heard().len());
        if self.lens.followed != Some(record) {
            return;
        }
        let found = simulation.first_record_of(&producer, statement).filter(|_| is_heard);
        if self.lens.selected == Selection::Record(record) && found.is_none() {
            self.lens.selected = Selection::Nothing;
        }
        self.lens.followed = found;
        self.told_to_send = found.map(|record| ToldToSend { producer, statement, record });
    }
}
