//! Which of several events of a move is told first.

use super::context::Context;
use super::{Narration, narrate};
use crate::event::Event;
use crate::ids::EventId;
use crate::lang::Lang;

/// What is said of a move.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Telling {
    /// Index of the told event among the move's.
    pub event: usize,
    pub narration: Narration,
    /// The others that are no routine, as they happened: index and what happened.
    pub others: Vec<(usize, super::Spans)>,
}

/// The index of the event of a move that tells most.
pub fn most_telling(events: &[Event]) -> Option<usize> {
    (0..events.len()).min_by_key(|i| (events[*i].kind.facts().rank, *i))
}

/// Says a move: the event that was chosen of it, or else its most telling one, and the others by what happened. `from` is the
/// number of the move's first event.
pub fn tell(
    context: &Context<'_>,
    from: EventId,
    events: &[Event],
    chosen: Option<usize>,
    lang: Lang,
) -> Option<Telling> {
    let say = |i: usize| narrate(context, EventId(from.0 + i as u32), &events[i], lang);
    let first = chosen.filter(|i| *i < events.len()).or_else(|| most_telling(events))?;
    let others = (0..events.len()).filter(|i| *i != first && !events[*i].kind.is_routine());
    Some(Telling { event: first, narration: say(first), others: others.map(|i| (i, say(i).happened)).collect() })
}
