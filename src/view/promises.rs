//! The top bar: what is open, and the promises.

use super::Selection;
use super::model::{Promise, PromiseState, Top};
use super::scene::Scene;
use crate::explain::grouped;
use crate::ids::PartitionNo;
use crate::invariant::{self, Break, Broke, PromiseKind};
use crate::lang::{Lang, Sentence, both};
use crate::timeline::Timeline;

pub(super) fn top(scene: &Scene<'_>) -> Top {
    let about = scene.timeline.branch().scenario.about.clone();
    let title = scene.lens.title.clone().or(about).map(|title| title.to_string());
    let promises = scene.timeline.observers().promises().all();
    let unsent = scene.timeline.observers().history().tally().never_sent;
    Top {
        title: title.unwrap_or_else(|| scene.t("A run of your own", "내 실행")),
        promises: promises.iter().map(|promise| shown(scene, promise)).collect(),
        never_sent: (unsent > 0).then(|| {
            let n = grouped(unsent);
            scene.t(&format!("{n} never sent"), &format!("전송 안 됨 {n}건"))
        }),
    }
}

/// In markup.
pub(super) const fn id(kind: PromiseKind) -> &'static str {
    match kind {
        PromiseKind::AcknowledgedKept => "acknowledged-kept",
        PromiseKind::OrderKept => "order-kept",
        PromiseKind::WrittenOnce => "written-once",
        PromiseKind::OneOwner => "one-owner",
        PromiseKind::ProcessedOnce => "processed-once",
        PromiseKind::NoneSkipped => "none-skipped",
    }
}

/// Its name. Where nobody has answered, nothing was acknowledged.
pub(super) fn name(scene: &Scene<'_>, kind: PromiseKind) -> String {
    let checked = scene.timeline.observers().promises().checked();
    let (en, ko) = match kind {
        PromiseKind::AcknowledgedKept if checked.unanswered == 0 => ("Acked records kept", "ack된 레코드 보존"),
        PromiseKind::AcknowledgedKept if checked.acknowledged == 0 => ("Sent records kept", "보낸 레코드 보존"),
        PromiseKind::AcknowledgedKept => ("Acked and sent records kept", "ack되거나 보낸 레코드 보존"),
        PromiseKind::OrderKept => ("Order per partition", "파티션별 순서"),
        PromiseKind::WrittenOnce => ("Written once", "한 번만 기록"),
        PromiseKind::OneOwner => ("One owner each", "소유자는 하나"),
        PromiseKind::ProcessedOnce => ("Processed once", "한 번만 처리"),
        PromiseKind::NoneSkipped => ("None passed over", "건너뛴 것 없음"),
    };
    scene.t(en, ko)
}

fn shown(scene: &Scene<'_>, promise: &invariant::Promise) -> Promise {
    let kind = promise.kind;
    let (state, text, count) = match promise.state {
        invariant::PromiseState::NotChecked => (PromiseState::NotChecked, name(scene, kind), 0),
        invariant::PromiseState::Kept => (PromiseState::Kept, name(scene, kind), 0),
        invariant::PromiseState::Broken { count, .. } => (PromiseState::Broken, broken(scene, kind, count), count),
    };
    let rest = match state {
        PromiseState::NotChecked => scene.t(", not checked", ", 확인 전"),
        PromiseState::Kept | PromiseState::Broken => String::new(),
    };
    let last = scene.timeline.observers().promises().last_break(kind);
    let why = last.and_then(|found| last_of(scene.timeline, &found)).unwrap_or_default();
    Promise { id: id(kind), state, text, rest, count, why }
}

fn broken(scene: &Scene<'_>, kind: PromiseKind, count: u64) -> String {
    let n = grouped(count);
    let lost = || match scene.timeline.observers().promises().checked().unanswered_lost {
        0 => (format!("{n} acked, lost"), format!("ack된 {n}건 유실")),
        // Nobody answers with acks=0: the producer only takes them for sent.
        unanswered if unanswered == count => (format!("{n} sent, lost"), format!("보낸 {n}건 유실")),
        _ => (format!("{n} acked or sent, lost"), format!("ack되거나 보낸 {n}건 유실")),
    };
    let (en, ko) = match kind {
        PromiseKind::AcknowledgedKept => lost(),
        PromiseKind::OrderKept => (format!("{n} out of order"), format!("배치 {n}개 순서 바뀜")),
        PromiseKind::WrittenOnce => (format!("{n} written twice"), format!("{n}건 두 번 기록됨")),
        PromiseKind::OneOwner => (format!("{n} with two owners"), format!("소유자가 둘인 파티션 {n}개")),
        PromiseKind::ProcessedOnce => (format!("{n} processed twice"), format!("{n}건 두 번 처리됨")),
        PromiseKind::NoneSkipped => (format!("{n} passed over"), format!("{n}건 건너뜀")),
    };
    scene.t(&en, &ko)
}

/// What a promise was broken with, in a word or two; `unanswered`: nobody had acknowledged it.
pub(super) fn in_short(kind: PromiseKind, unanswered: bool) -> Sentence {
    let (en, ko) = match kind {
        PromiseKind::AcknowledgedKept if unanswered => ("sent, lost", "보낸 뒤 유실"),
        PromiseKind::AcknowledgedKept => ("acked, lost", "ack 뒤 유실"),
        PromiseKind::OrderKept => ("out of order", "순서 바뀜"),
        PromiseKind::WrittenOnce => ("written twice", "두 번 기록"),
        PromiseKind::OneOwner => ("two owners", "소유자 둘"),
        PromiseKind::ProcessedOnce => ("processed twice", "두 번 처리"),
        PromiseKind::NoneSkipped => ("passed over", "건너뜀"),
    };
    both(en, ko)
}

/// Whether what was lost counted as sent without an answer.
pub(super) fn is_unanswered(timeline: &Timeline, found: &Break) -> bool {
    let Broke::Lost(batch, _) = found.what else { return false };
    timeline.observers().index().batch(batch).is_some_and(|facts| facts.outcome == Some(Ok(-1)))
}

/// The record at a place of a log, or the place itself where no producer of this run wrote it.
pub(super) fn at(timeline: &Timeline, partition: PartitionNo, offset: u64) -> Selection {
    let record = timeline.observers().index().at(partition, offset);
    record.map_or(Selection::Offset(partition, offset), Selection::Record)
}

/// The last record that a promise was broken with.
fn last_of(timeline: &Timeline, found: &Break) -> Option<Selection> {
    let index = timeline.observers().index();
    match found.what {
        Broke::Batch(batch) | Broke::Lost(batch, _) => {
            let last = index.batch(batch)?.records.checked_sub(1)?;
            index.record_in(batch, last).map(Selection::Record)
        }
        Broke::Offsets { partition, end, .. } => Some(at(timeline, partition, end - 1)),
        Broke::Owner { partition, .. } => Some(Selection::Partition(partition)),
    }
}

/// The last record that a promise was broken with, up to where the run stands.
pub fn broken_with(timeline: &Timeline) -> Option<Selection> {
    let last = timeline.observers().promises().breaks().next_back()?;
    last_of(timeline, last)
}

/// Promises that have no room of their own in the top bar: how many are kept and how many are not checked, and whether some
/// stand beside.
pub fn folded(lang: Lang, kept: usize, unchecked: usize, beside: bool) -> String {
    let n = kept + unchecked;
    let (en, ko) = match (kept, unchecked, beside) {
        (_, 0, false) => (format!("{n} kept"), format!("{n}개 지켜짐")),
        (_, 0, true) => (format!("{n} more kept"), format!("{n}개 더 지켜짐")),
        (0, _, false) => (format!("{n} not checked"), format!("{n}개 확인 전")),
        (0, _, true) => (format!("{n} more, not checked"), format!("{n}개 더, 확인 전")),
        (_, _, false) => {
            (format!("{kept} kept, {unchecked} not checked"), format!("{kept}개 지켜짐, {unchecked}개 확인 전"))
        }
        (_, _, true) => (format!("{n} more"), format!("{n}개 더")),
    };
    lang.pick(en, ko)
}
