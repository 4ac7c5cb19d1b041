//! Which of several events of a move is told first.

use super::context::Context;
use super::{Narration, narrate};
use crate::event::Event;
use crate::lang::Lang;
use crate::sorted::InOrder;

/// What is said of a move.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Telling {
    /// Index of the told event among the move's.
    pub event: usize,
    pub narration: Narration,
    /// The others, most telling first: index and what happened.
    pub others: Vec<(usize, super::Spans)>,
}

/// Says a move: its most telling event, and the others by what happened.
pub fn tell(context: &Context<'_>, events: &[Event], lang: Lang) -> Option<Telling> {
    let mut indexes: Vec<usize> = (0..events.len()).collect();
    indexes.order_by_key(|i| (events[*i].kind.facts().rank, *i));
    let (first, others) = indexes.split_first()?;
    let telling: Vec<usize> = others.iter().copied().filter(|i| !events[*i].kind.is_routine()).collect();
    Some(Telling {
        event: *first,
        narration: narrate(context, &events[*first], lang),
        others: telling.iter().map(|i| (*i, narrate(context, &events[*i], lang).happened)).collect(),
    })
}
