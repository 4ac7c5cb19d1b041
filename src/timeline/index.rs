//! The packed index of a run's moves: what every move was, in a few bytes.

use super::marks::Marks;
use super::story::Story;
use crate::event::hand::HandEvent;
use crate::event::network::NetworkEvent;
use crate::event::{Event, Family};
use crate::ids::{ConnectionId, EventId, Process};
use crate::invariant::Tally;
use crate::script::Anchor;
use crate::time::Instant;
use crate::wire::Api;

/// What a move was, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u8);

impl Flags {
    /// Something worth telling happened.
    pub const TELLING: Flags = Flags(1);
    /// The user's own command.
    pub const COMMAND: Flags = Flags(2);
    /// A fault that the user injected began, ended or hit.
    pub const FAULT: Flags = Flags(4);
    /// A promise was broken.
    pub const ALARM: Flags = Flags(8);

    pub const fn has(self, other: Flags) -> bool {
        self.0 & other.0 != 0
    }

    #[must_use]
    pub const fn with(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }
}

/// A message of a run: one slanted line in the lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageSpan {
    /// The move in which it was sent.
    pub sent_in: u64,
    pub sent_at: Instant,
    /// None: it was dropped, or waits where its way is cut or it is held.
    pub arrives_at: Option<Instant>,
    pub connection: ConnectionId,
    /// Who took the connection that it went over.
    pub acceptor: Process,
    pub api: Api,
    pub correlation_id: i32,
    pub is_request: bool,
}

/// All moves that have been computed on a branch, by number from 1.
#[derive(Clone, Debug, Default)]
pub struct Moves {
    at: Vec<u64>,
    first_event: Vec<u32>,
    flags: Vec<u8>,
    /// Of what happened in the move: equal runs have equal ones.
    digest: Vec<u32>,
    spans: Vec<MessageSpan>,
    marks: Marks,
    story: Story,
    /// The number of the last event.
    events: u32,
}

impl Moves {
    /// How many moves have been computed.
    pub fn len(&self) -> u64 {
        self.at.len() as u64
    }

    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// The instant of a move; the start of the run for move 0.
    pub fn at(&self, number: u64) -> Instant {
        place(number).and_then(|i| self.at.get(i)).map_or(Instant::ZERO, |at| Instant(*at))
    }

    pub fn flags(&self, number: u64) -> Flags {
        place(number).and_then(|i| self.flags.get(i)).map_or(Flags::default(), |flags| Flags(*flags))
    }

    /// The number that the first event of a move has, or would have.
    pub fn first_event(&self, number: u64) -> EventId {
        place(number).and_then(|i| self.first_event.get(i)).map_or(EventId(1), |id| EventId(*id))
    }

    pub(super) fn digest(&self, number: u64) -> u32 {
        place(number).and_then(|i| self.digest.get(i)).copied().unwrap_or(0)
    }

    /// The move in which an event happened.
    pub fn move_of(&self, event: EventId) -> Option<u64> {
        if event == EventId::NONE {
            return None;
        }
        let found = self.first_event.partition_point(|first| *first <= event.0);
        (found > 0).then_some(found as u64)
    }

    /// Whether an event of this number has been computed.
    pub fn holds(&self, event: EventId) -> bool {
        event != EventId::NONE && self.events >= event.0
    }

    /// The last move at or before an instant.
    pub fn last_at(&self, at: Instant) -> u64 {
        self.at.partition_point(|other| *other <= at.micros()) as u64
    }

    /// The place behind a move.
    pub fn place(&self, number: u64) -> Anchor {
        let at = self.at(number);
        let before = self.at.partition_point(|other| *other < at.micros()) as u64;
        Anchor { at, moves: Some(number - before.min(number)) }
    }

    /// The last computed move that is not behind a place.
    pub fn behind(&self, place: Anchor) -> u64 {
        let before = self.at.partition_point(|other| *other < place.at.micros()) as u64;
        let last = self.last_at(place.at);
        place.moves.map_or(last, |moves| before.saturating_add(moves).min(last))
    }

    /// Messages in order of sending.
    pub fn spans(&self) -> &[MessageSpan] {
        &self.spans
    }

    /// Faults, alarms, and who was busy when.
    pub const fn marks(&self) -> &Marks {
        &self.marks
    }

    /// What can be told of them.
    pub const fn story(&self) -> &Story {
        &self.story
    }

    /// The next move after `from`, or the one before it, that has one of the flags.
    pub fn find(&self, from: u64, wanted: Flags, forward: bool) -> Option<u64> {
        if forward {
            (from + 1..=self.len()).find(|number| self.flags(*number).has(wanted))
        } else {
            (1..from).rev().find(|number| self.flags(*number).has(wanted))
        }
    }

    /// `alarms` are the events at which the move broke a promise; `tally` is what the run has counted with them.
    pub(super) fn push(
        &mut self,
        at: Instant,
        first_event: EventId,
        flags: Flags,
        events: &[Event],
        alarms: &[EventId],
        tally: Tally,
    ) {
        self.at.push(at.micros());
        self.first_event.push(first_event.0);
        self.events = first_event.0 - 1 + u32::try_from(events.len()).expect("a move has few events");
        self.flags.push(flags.0);
        self.digest.push(super::digest::of_events(events));
        let sent_in = self.len();
        self.marks.push(sent_in, flags, events);
        self.story.push(sent_in, first_event, events, flags, alarms, tally);
        for event in events {
            if let Some(span) = span_of(event, sent_in) {
                self.spans.push(span);
            }
        }
    }

    pub(super) fn truncate(&mut self, len: u64) {
        let keep = usize::try_from(len).expect("a run's moves fit in memory");
        if let Some(next) = self.first_event.get(keep) {
            self.events = next - 1;
        }
        self.at.truncate(keep);
        self.first_event.truncate(keep);
        self.flags.truncate(keep);
        self.digest.truncate(keep);
        self.spans.retain(|span| span.sent_in <= len);
        self.marks.truncate(len);
        self.story.truncate(len);
    }

    /// The bytes that the index takes.
    pub fn bytes(&self) -> usize {
        self.at.len() * (8 + 4 + 1 + 4) + self.spans.len() * size_of::<MessageSpan>() + self.story.bytes()
    }
}

fn place(number: u64) -> Option<usize> {
    usize::try_from(number.checked_sub(1)?).ok()
}

/// The message that an event put on its way, or took from it.
fn span_of(event: &Event, sent_in: u64) -> Option<MessageSpan> {
    use NetworkEvent::*;
    let sent = |connection, acceptor, api, correlation_id, is_request, arrives_at| MessageSpan {
        sent_in,
        sent_at: event.at,
        arrives_at,
        connection,
        acceptor,
        api,
        correlation_id,
        is_request,
    };
    let known = |at: Instant| (at != Instant::MAX).then_some(at);
    match event.kind.family() {
        Family::Network(RequestSent(of)) => {
            Some(sent(of.connection, of.acceptor, of.api, of.correlation_id, true, known(of.arrives_at)))
        }
        Family::Network(ResponseSent(of)) => {
            Some(sent(of.connection, of.acceptor, of.api, of.correlation_id, false, known(of.arrives_at)))
        }
        Family::Hand(HandEvent::ResponseDropped(of)) => {
            Some(sent(of.connection, Process::Broker(of.broker), of.api, of.correlation_id, false, None))
        }
        Family::Network(
            ConnectionOpening(_) | ConnectionOpened(_) | ConnectionRefused(_) | ConnectionClosed(_) | RequestArrived(_)
            | ResponseArrived(_) | RequestTimedOut(_) | MetadataUpdated(_) | CoordinatorFound(_) | CoordinatorLost(_),
        )
        | Family::Program(_)
        | Family::Producer(_)
        | Family::Broker(_)
        | Family::Group(_)
        | Family::Consumer(_)
        | Family::Hand(_) => None,
    }
}
