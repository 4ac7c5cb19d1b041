//! The chain of causes: from the `send` to what became of it, for each party that had to do with it.

use super::super::model::{Cause, CauseMark, Party};
use super::super::scene::Scene;
use crate::event::Event;
use crate::explain;
use crate::ids::EventId;
use crate::invariant::BatchFacts;
use crate::sorted::InOrder;

/// Causes that are followed back from an event.
const LONGEST: usize = 12;
/// Moves in which they are looked for.
const NEAR: u64 = 512;

pub(super) fn heading(scene: &Scene<'_>) -> String {
    scene.t("How it came to this", "여기까지의 과정")
}

/// A batch's way: the index knows which events it was, and the timeline what they were.
pub(super) fn of_batch(scene: &Scene<'_>, facts: &BatchFacts) -> Vec<Party> {
    let mut way = facts.way();
    way.order();
    way.retain(|event| *event < scene.end());
    alone(scene.timeline.events_with(&way).iter().map(|(number, event)| said(scene, *number, event)).collect())
}

/// A chain without parties.
fn alone(causes: Vec<Cause>) -> Vec<Party> {
    if causes.is_empty() {
        Vec::new()
    } else {
        vec![Party { name: String::new(), note: String::new(), causes, folded: None }]
    }
}

fn said(scene: &Scene<'_>, number: u64, event: &Event) -> Cause {
    let context = explain::Context::of_names(scene.names());
    Cause {
        number: Some(number),
        time: scene.ms(event.at),
        text: explain::narrate(&context, EventId::NONE, event, scene.lang).happened.plain(),
        now: number == scene.timeline.position(),
        mark: CauseMark::Done,
        minor: false,
    }
}

/// The causes of the event that is told now, the first cause first.
pub(super) fn of_now(scene: &Scene<'_>) -> Vec<Party> {
    let Some(event) = scene.told else { return Vec::new() };
    let position = scene.timeline.position();
    let from = position.saturating_sub(NEAR).max(1);
    // Most causes are near: these moves are played again once for all of them.
    let near = scene.timeline.events_of(from, position);
    let first = scene.timeline.moves().first_event(from);
    let mut chain = vec![said(scene, position, &event)];
    let mut cause = event.cause;
    while chain.len() < LONGEST && cause >= first && cause != EventId::NONE {
        let Some((number, event)) = near.get((cause.0 - first.0) as usize) else { break };
        chain.push(said(scene, *number, event));
        cause = event.cause;
    }
    chain.reverse();
    alone(chain)
}
