//! The top bar: what is open, and the promises.

use super::model::{Promise, PromiseState, Top};
use super::scene::Scene;
use crate::explain::grouped;
use crate::ids::EventId;
use crate::invariant::{self, PromiseKind};

pub(super) fn top(scene: &Scene<'_>) -> Top {
    let about = scene.timeline.branch().scenario.about.clone();
    let title = scene.lens.title.clone().or(about).map(|title| title.to_string());
    let promises = scene.timeline.observers().promises().all();
    Top {
        title: title.unwrap_or_else(|| scene.t("A run of your own", "내 실행")),
        promises: promises.iter().map(|promise| shown(scene, promise)).collect(),
    }
}

fn shown(scene: &Scene<'_>, promise: &invariant::Promise) -> Promise {
    let (id, kept_en, kept_ko) = match promise.kind {
        PromiseKind::AcknowledgedKept => ("acknowledged-kept", "Acked records kept", "ack된 레코드 보존"),
        PromiseKind::OrderKept => ("order-kept", "Order per partition", "파티션별 순서"),
        PromiseKind::WrittenOnce => ("written-once", "Written once", "한 번만 기록"),
        PromiseKind::OneOwner => ("one-owner", "One owner each", "소유자는 하나"),
        PromiseKind::ProcessedOnce => ("processed-once", "Processed once", "한 번만 처리"),
        PromiseKind::NoneSkipped => ("none-skipped", "None passed over", "건너뛴 것 없음"),
    };
    let (state, text, count, go_to) = match promise.state {
        invariant::PromiseState::NotChecked => {
            let text = scene.t(&format!("{kept_en}, not checked"), &format!("{kept_ko}, 확인 전"));
            (PromiseState::NotChecked, text, 0, None)
        }
        invariant::PromiseState::Kept => (PromiseState::Kept, scene.t(kept_en, kept_ko), 0, None),
        invariant::PromiseState::Broken { count, first, .. } => {
            (PromiseState::Broken, broken(scene, promise.kind, count), count, go_to(scene, first))
        }
    };
    Promise { id, state, text, count, go_to }
}

fn broken(scene: &Scene<'_>, kind: PromiseKind, count: u64) -> String {
    let n = grouped(count);
    let (en, ko) = match kind {
        PromiseKind::AcknowledgedKept if scene.timeline.observers().promises().lost_unanswered() > 0 => {
            (format!("{n} lost"), format!("{n}건 유실"))
        }
        PromiseKind::AcknowledgedKept => (format!("{n} acked, lost"), format!("ack된 {n}건 유실")),
        PromiseKind::OrderKept => (format!("{n} out of order"), format!("배치 {n}개 순서 바뀜")),
        PromiseKind::WrittenOnce => (format!("{n} written twice"), format!("{n}건 두 번 기록됨")),
        PromiseKind::OneOwner => (format!("{n} with two owners"), format!("소유자가 둘인 파티션 {n}개")),
        PromiseKind::ProcessedOnce => (format!("{n} processed twice"), format!("{n}건 두 번 처리됨")),
        PromiseKind::NoneSkipped => (format!("{n} passed over"), format!("{n}건 건너뜀")),
    };
    scene.t(&en, &ko)
}

fn go_to(scene: &Scene<'_>, event: EventId) -> Option<(u64, String)> {
    let number = scene.timeline.moves().move_of(event)?;
    let at = scene.ms(scene.timeline.moves().at(number));
    Some((number, scene.t(&format!("go to {at}"), &crate::explain::with_particle(&at, crate::explain::Particle::To))))
}
