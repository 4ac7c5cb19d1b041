//! What was counted on the way to a step, in a line.

use super::model::Fold;
use super::scene::Scene;
use super::values::InForce;
use crate::explain::{self, Context, Span, Spans};
use crate::ids::EventId;
use crate::timeline::{Folded, Opened};

/// What repeats itself fewer times is not told of.
const FEWEST: u32 = 3;

/// The most frequent of what was counted before the step that is told, as a line: `c2's heartbeat is answered 14 times until
/// 44 158.0`. None when nothing repeated itself.
pub(super) fn of(scene: &Scene<'_>) -> Option<Fold> {
    if let Some(open) = open(scene) {
        return Some(open);
    }
    let folded = scene.story_place.folded.iter().filter(|folded| folded.count >= FEWEST);
    let most = folded.max_by_key(|folded| (folded.count, folded.last))?;
    let Folded { name, actor, count, first, last } = *most;
    let event = scene.timeline.event(last)?;
    let in_force = InForce(scene.simulation);
    let context = Context::new(scene.simulation.names(), &in_force);
    let said = explain::narrate(&context, last, &event, scene.lang).happened.plain();
    let said = said.trim_end_matches('.').to_owned();
    let (at, n) = (scene.ms(event.at), explain::grouped(count.into()));
    let mut text = Spans::default();
    text.push(Span::Words(scene.t("Folded on the way: ", "그동안: ")));
    text.push(Span::Words(said));
    text.push(Span::Words(": ".to_owned()));
    text.push(Span::Strong(scene.t(&format!("{n} times until {at}"), &format!("{at}까지 {n}번"))));
    Some(Fold { text, opens: Some(Opened { name, actor, count, first, last }) })
}

/// The event that is told is one of a repetition that was opened: which of them.
fn open(scene: &Scene<'_>) -> Option<Fold> {
    let (opened, here) = (scene.lens.opened?, scene.story_place.told?);
    let told = scene.timeline.moves().story().told();
    let until = |event: EventId| told.partition_point(|told| told.event <= event);
    let first = told.partition_point(|told| told.event < opened.first);
    let number = told[first..until(here).max(first)].iter().filter(|told| opened.holds(told)).count() as u64;
    let is_one = (opened.first..=opened.last).contains(&here) && number > 0;
    let [number, of] = [number, opened.count.into()].map(explain::grouped);
    let text = Spans::words(scene.t(&format!("Time {number} of {of}."), &format!("{of}번 중 {number}번째입니다.")));
    is_one.then_some(Fold { text, opens: None })
}
