//! A chapter of a story in a run that the reader has changed: what was changed, and what is otherwise so far than in the
//! story's own run, as far as that is computed.

use super::scene::Scene;
use crate::event::EventName;
use crate::explain::{Span, Spans, Target, grouped};
use crate::lang::{Text, text};
use crate::script::print_statement;
use crate::simulation::Command;
use crate::time::Instant;
use crate::timeline::{Branch, Flags, Moves, Subject, Told};

use super::scene::middle_cut;
use super::story::COMMAND;

/// Changes that are named.
const MOST: usize = 3;

/// What is said at the beginning of a chapter in place of the story's own words, which may not hold here.
pub(super) fn says(scene: &Scene<'_>) -> Spans {
    let mut told = Spans::default();
    let changes = changes(scene);
    told.push(Span::Words(scene.t("Changed here: ", "여기서 바꾼 것: ")));
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
    let mut branch = timeline.branch();
    while let Some((parent, left)) = branch.parent {
        let before = &timeline.branches()[parent];
        if let Some(name) = branch.name.as_ref().filter(|_| branch.scenario.texts() != before.scenario.texts()) {
            let place = moves.behind(left) + 1;
            let is_here = place <= scene.timeline.position();
            let link =
                is_here.then(|| (Leads::ToTheDifference, moves.at(place), Target::Event(moves.first_event(place).0)));
            found.push((label(scene, branch, name), link));
        }
        branch = before;
    }
    found.reverse();
    let branch = timeline.branch();
    for (i, placed) in branch.commands().iter().enumerate() {
        let Some(number) = branch.move_of_command(i).filter(|number| *number <= timeline.position()) else { break };
        let Command(statement) = &placed.command;
        let link = (Leads::ToTheDeed, moves.at(number), Target::Event(moves.first_event(number).0));
        found.push((middle_cut(&print_statement(statement), COMMAND), Some(link)));
    }
    found
}

/// What was tried, by the words of its button in the reader's language.
fn label(scene: &Scene<'_>, branch: &Branch, name: &str) -> String {
    let mut tries = branch.scenario.tries();
    let tried = tries.find(|of| *of.label.en == *name || *of.label.ko == *name);
    tried.map_or_else(|| name.to_owned(), |of| of.label.pick(scene.lang).to_string())
}

/// What a run has come to at the beginning of a chapter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    sent: u64,
    acknowledged: u64,
    failed: u64,
    processed: u64,
    removed: u64,
    generations: u64,
}

impl Sums {
    fn of(all: &[Told]) -> Sums {
        let mut sums = Sums::default();
        for told in all {
            sums.take(told);
        }
        sums
    }

    fn take(&mut self, told: &Told) {
        match (told.name, told.subject) {
            (EventName::SendCalled, _) => self.sent += 1,
            (EventName::RecordAcknowledged, Subject::Acknowledged { .. }) => self.acknowledged += 1,
            (EventName::SendFailed | EventName::RecordFailed, _) => self.failed += 1,
            (EventName::RecordsProcessed, Subject::Read { first, end, .. }) => self.processed += u64::from(end - first),
            (EventName::MemberRemoved, _) => self.removed += 1,
            (EventName::GenerationStarted, _) => self.generations += 1,
            _ => {}
        }
    }

    /// The words of each number.
    fn words(self) -> [(&'static str, &'static str, u64); 6] {
        [
            ("sent", "전송 요청", self.sent),
            ("acknowledged", "ack", self.acknowledged),
            ("failed", "실패", self.failed),
            ("processed", "처리", self.processed),
            ("members gone", "빠진 멤버", self.removed),
            ("generations", "세대", self.generations),
        ]
    }
}

/// What can be told of a run before a chapter, by its number from 1; none where the run is not computed as far.
fn before(moves: &Moves, chapter: usize) -> Option<&[Told]> {
    let told = moves.story().told();
    let mut begun = (0..told.len()).filter(|i| told[*i].name == EventName::ChapterBegan);
    begun.nth(chapter.checked_sub(1)?).map(|at| &told[..=at])
}

/// What happened without the reader's hand, and when.
fn by_itself<'a>(
    moves: &'a Moves,
    told: &'a [Told],
) -> impl Iterator<Item = (EventName, i32, Subject, Instant)> + use<'a> {
    let is_command = |told: &&Told| moves.flags(told.number.into()).has(Flags::COMMAND);
    let others = told.iter().filter(move |told| !is_command(told));
    others.map(|told| (told.name, told.actor, told.subject, moves.at(told.number.into())))
}

/// What differs from the story's own run up to here.
fn compared(scene: &Scene<'_>) -> String {
    let here = scene.timeline.moves();
    let chapter = scene.story_place.chapter();
    let own = scene.timeline.branches().first().filter(|_| scene.timeline.current() > 0);
    let both = own.and_then(|own| Some((&own.moves, before(&own.moves, chapter)?, before(here, chapter)?)));
    let Some((own, theirs, mine)) = both else {
        return scene.t("See what becomes of the story here.", "이야기가 여기서 어떻게 되는지 보십시오.");
    };
    let at = |moves: &Moves, told: &Told| moves.at(told.number.into());
    if by_itself(own, theirs).eq(by_itself(here, mine)) {
        return scene.t(
            "Up to here nothing is otherwise than in the story's own run.",
            "여기까지는 이야기 본래 실행과 다른 것이 없습니다.",
        );
    }
    let pairs = Sums::of(mine).words().into_iter().zip(Sums::of(theirs).words()).filter(|(mine, own)| mine.2 != own.2);
    let mut parts: Vec<String> = pairs
        .map(|((en, ko, mine), (_, _, own))| {
            let (mine, own) = (grouped(mine), grouped(own));
            scene.t(&format!("{mine} {en}, not {own}"), &format!("{ko} {mine} (본래 {own})"))
        })
        .collect();
    if let (Some(a), Some(b)) = (theirs.last(), mine.last())
        && at(own, a) != at(here, b)
    {
        let (there, here) = (scene.ms(at(own, a)), scene.ms(at(here, b)));
        parts.push(
            scene.t(&format!("the chapter begins at {here}, not {there}"), &format!("챕터 시작 {here} (본래 {there})")),
        );
    }
    match parts.is_empty() {
        true => scene.t(
            "So far the counts are those of the story's own run; the way there differs.",
            "여기까지 수치는 이야기 본래 실행과 같고, 과정만 다릅니다.",
        ),
        false => {
            let parts = parts.join("; ");
            scene.t(
                &format!("So far otherwise than in the story's own run: {parts}."),
                &format!("여기까지 이야기 본래 실행과 다른 것: {parts}."),
            )
        }
    }
}
