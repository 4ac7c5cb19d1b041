//! A chapter of a story in a run that the reader has changed: what was changed, and what is otherwise so far than in the
//! story's own run, as far as that is computed.

use std::sync::Arc;

use super::scene::Scene;
use crate::event::EventName;
use crate::explain::{Span, Spans, Target, grouped};
use crate::invariant::Tally;
use crate::lang::{Text, text};
use crate::script::Anchor;
use crate::simulation::Command;
use crate::time::Instant;
use crate::timeline::{Branch, Flags, Moves, Subject, Told};

/// Changes that are named.
const MOST: usize = 3;

/// Whether what leads to a move is no longer the story's own run, but a branch of it, however many lie between, or what the
/// reader did.
pub(super) fn is_changed(scene: &Scene<'_>, number: u64) -> bool {
    let by_hand = scene.timeline.branch().move_of_command(0);
    shared(scene) < number || by_hand.is_some_and(|first| first <= number)
}

/// Whether what a chapter says where it begins may not hold in this run: it tells of what comes until the next one begins,
/// and a run that began otherwise may be another one by then.
pub(super) fn is_chapter_changed(scene: &Scene<'_>) -> bool {
    let number = scene.timeline.position();
    let begins_anew = lineage(scene).any(|(of, parent, _)| !Arc::ptr_eq(&of.scenario, &parent.scenario));
    let next = || {
        let begins = |told: &&Told| matches!(told.subject, Subject::Chapter { .. }) && u64::from(told.number) > number;
        scene.timeline.moves().story().told().iter().find(begins).map(|told| u64::from(told.number))
    };
    is_changed(scene, number) || begins_anew && next().is_none_or(|next| shared(scene) < next)
}

/// The last move that the run has in common with the one that all branches come from.
fn shared(scene: &Scene<'_>) -> u64 {
    let behind = lineage(scene).map(|(_, _, left)| scene.timeline.moves().behind(left));
    behind.min().unwrap_or(u64::MAX)
}

/// The branch that is shown and those it comes from, each with the one that it left, and where.
fn lineage<'a>(scene: &Scene<'a>) -> impl Iterator<Item = (&'a Branch, &'a Branch, Anchor)> + use<'a> {
    let timeline = scene.timeline;
    let mut branch = timeline.branch();
    std::iter::from_fn(move || {
        let (parent, left) = branch.parent?;
        let of = std::mem::replace(&mut branch, &timeline.branches()[parent]);
        Some((of, branch, left))
    })
}

/// What is said at the beginning of a chapter in place of the story's own words, which may not hold here.
pub(super) fn says(scene: &Scene<'_>) -> Spans {
    let mut told = Spans::default();
    let changes = changes(scene);
    told.push(Span::Words(scene.t("Changed here: ", "여기서 바꾼 것: ")));
    // A setting that is put back to its default may be as it was.
    if let (true, Some(name)) = (changes.is_empty(), &scene.timeline.branch().name) {
        told.push(Span::Strong(name.to_string()));
    }
    let last = changes.len().min(MOST).saturating_sub(1);
    for (i, (what, place)) in changes.iter().enumerate().take(MOST) {
        told.push(Span::Strong(what.clone()));
        if let Some((how, at, to)) = place {
            let (before, behind) = how.words();
            told.push(Span::Words(scene.said(before)));
            told.push(Span::Link { text: scene.ms(*at), to: *to });
            told.push(Span::Words(scene.said(behind)));
        }
        told.push(Span::Words(if i < last { "; ".to_owned() } else { String::new() }));
    }
    if changes.len() > MOST {
        let more = changes.len() - MOST;
        told.push(Span::Words(scene.t(&format!("; and {more} more"), &format!("; 그 밖에 {more}건"))));
    }
    told.push(Span::Words(". ".to_owned()));
    told.push(Span::Words(compared(scene)));
    told
}

/// What is at the place that a change leads to.
#[derive(Clone, Copy, Debug)]
enum Leads {
    /// It was done there.
    ToTheDeed,
    /// What was changed from the start is first seen there.
    ToTheDifference,
}

impl Leads {
    const fn words(self) -> (Text, Text) {
        match self {
            Leads::ToTheDeed => (text(" at ", ", "), text("", "")),
            Leads::ToTheDifference => (text(" (first seen at ", "("), text(")", "에 처음 드러남)")),
        }
    }
}

type Change = (String, Option<(Leads, Instant, Target)>);

/// What the reader changed, up to here: from the start first, then by hand.
fn changes(scene: &Scene<'_>) -> Vec<Change> {
    let (timeline, moves) = (scene.timeline, scene.timeline.moves());
    let mut found: Vec<Change> = Vec::new();
    // The moves of this branch, up to here, that the one that is looked at has as well.
    let mut shared = timeline.position();
    for (branch, before, left) in lineage(scene) {
        let place = moves.behind(left) + 1;
        if let Some(name) = branch.name.as_ref().filter(|_| branch.scenario.texts() != before.scenario.texts()) {
            let link = (place <= shared)
                .then(|| (Leads::ToTheDifference, moves.at(place), Target::Event(moves.first_event(place).0)));
            found.push((label(scene, branch, name), link));
        }
        shared = shared.min(place - 1);
    }
    found.reverse();
    let branch = timeline.branch();
    for (i, placed) in branch.commands().iter().enumerate() {
        let Some(number) = branch.move_of_command(i).filter(|number| *number <= timeline.position()) else { break };
        let Command(statement) = &placed.command;
        let link = (Leads::ToTheDeed, moves.at(number), Target::Event(moves.first_event(number).0));
        found.push((scene.deed(statement), Some(link)));
    }
    found
}

/// What was tried, by the words of its button in the reader's language.
fn label(scene: &Scene<'_>, branch: &Branch, name: &str) -> String {
    let mut tries = branch.scenario.tries();
    let tried = tries.find(|of| *of.label.en == *name || *of.label.ko == *name);
    tried.map_or_else(|| name.to_owned(), |of| of.label.pick(scene.lang).to_string())
}

/// What a run has counted, with the words for one and for more.
fn words(tally: Tally) -> [(&'static str, &'static str, &'static str, u64); 6] {
    [
        ("sent", "sent", "전송 요청", tally.sent),
        ("acknowledged", "acknowledged", "ack", tally.acknowledged),
        ("failed", "failed", "실패", tally.failed),
        ("processed", "processed", "처리", tally.processed),
        ("member gone", "members gone", "빠진 멤버", tally.removed),
        ("rebalance", "rebalances", "리밸런스", tally.rebalances),
    ]
}

/// What happened without the reader's hand, and when.
fn by_itself<'a>(
    moves: &'a Moves,
    told: &'a [Told],
) -> impl Iterator<Item = (EventName, i32, Subject, Instant)> + use<'a> {
    let others = told.iter().filter(|told| !moves.flags(told.number.into()).has(Flags::COMMAND));
    others.map(|told| (told.name, told.actor, told.subject, moves.at(told.number.into())))
}

/// What differs from the story's own run up to here.
fn compared(scene: &Scene<'_>) -> String {
    let here = scene.timeline.moves();
    let own = scene.timeline.branches().first().filter(|_| scene.timeline.current() > 0).map(|own| &own.moves);
    let chapter = scene.story_place.chapter();
    let both =
        own.and_then(|own| Some((own, own.story().up_to_chapter(chapter)?, here.story().up_to_chapter(chapter)?)));
    let Some((own, (theirs, were), (mine, are))) = both else {
        return scene.t("See what becomes of the story here.", "이야기가 여기서 어떻게 되는지 보십시오.");
    };
    let pairs = words(are).into_iter().zip(words(were)).filter(|(mine, own)| mine.3 != own.3);
    let mut parts: Vec<String> = pairs
        .map(|((one, many, ko, mine), (.., own))| {
            let own = grouped(own);
            scene.count(mine, one, many, ko, "") + &scene.t(&format!(", not {own}"), &format!(" (본래 {own})"))
        })
        .collect();
    let begins = |moves: &Moves, told: &[Told]| told.last().map(|told| moves.at(told.number.into()));
    if let (Some(there), Some(here)) = (begins(own, theirs), begins(here, mine))
        && there != here
    {
        let (there, here) = (scene.ms(there), scene.ms(here));
        parts.push(
            scene.t(&format!("the chapter begins at {here}, not {there}"), &format!("챕터 시작 {here} (본래 {there})")),
        );
    }
    if !parts.is_empty() {
        let parts = parts.join("; ");
        return scene.t(
            &format!("So far otherwise than in the story's own run: {parts}."),
            &format!("여기까지 이야기 본래 실행과 다른 것: {parts}."),
        );
    }
    match by_itself(own, theirs).eq(by_itself(here, mine)) {
        true => scene.t(
            "Up to here nothing is otherwise than in the story's own run.",
            "여기까지는 이야기 본래 실행과 다른 것이 없습니다.",
        ),
        false => scene.t(
            "So far the counts are those of the story's own run; the way there differs.",
            "여기까지 수치는 이야기 본래 실행과 같고, 과정만 다릅니다.",
        ),
    }
}
