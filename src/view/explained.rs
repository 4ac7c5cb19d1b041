//! Promises and numbers that explain themselves: what a promise means, when it would break, what it was checked with so far,
//! and the records that broke it; and which records a number counts.

use super::counts::{Counts, Unprocessed, deleted_unread, never_processed};
use super::model::{Explained, Found};
use super::processes::record_name;
use super::promises::{at, id, name};
use super::scene::Scene;
use super::{Lens, Selection};
use crate::explain::grouped;
use crate::ids::{ClientId, EventId, PartitionNo, RecordId};
use crate::invariant::{Break, Broke, PromiseKind, PromiseState};
use crate::lang::{Text, text};
use crate::simulation::ClientNode;
use crate::timeline::Timeline;

/// So many records are listed.
const MOST: usize = 8;

impl Explained {
    /// A promise, or a number of a run's [`Counts`], by its name in markup.
    pub fn of(timeline: &Timeline, lens: &Lens, what: &str) -> Option<Explained> {
        let scene = Scene::new(timeline, lens);
        let kind = of_count(what).or_else(|| PromiseKind::ALL.into_iter().find(|kind| id(*kind) == what));
        match (kind, what) {
            (Some(kind), _) => Some(promise(&scene, kind)),
            (None, "never-sent") => Some(never_sent(&scene)),
            (None, "failed") => Some(failed(&scene)),
            (None, "never-processed") => Some(unprocessed(&scene)),
            (None, "deleted-unread") => Some(deleted(&scene)),
            _ => None,
        }
    }
}

/// The promise that a number counts the breaks of.
fn of_count(count: &str) -> Option<PromiseKind> {
    match count {
        "lost" => Some(PromiseKind::AcknowledgedKept),
        "written-twice" => Some(PromiseKind::WrittenOnce),
        "processed-twice" => Some(PromiseKind::ProcessedOnce),
        _ => None,
    }
}

/// Whether a number's records can be listed.
pub(super) fn is_listed(count: &str) -> bool {
    of_count(count).is_some() || matches!(count, "never-sent" | "failed" | "never-processed" | "deleted-unread")
}

/// Collects what was found, of which only the first have room.
struct List<'s, 'a> {
    scene: &'s Scene<'a>,
    shown: Vec<Found>,
    all: u64,
    latest: Selection,
}

impl<'s, 'a> List<'s, 'a> {
    fn new(scene: &'s Scene<'a>) -> List<'s, 'a> {
        List { scene, shown: Vec::new(), all: 0, latest: Selection::Nothing }
    }

    fn add(&mut self, select: Selection, event: Option<EventId>, of: Option<String>) {
        self.all += 1;
        self.latest = select;
        if self.shown.len() < MOST {
            let moves = self.scene.timeline.moves();
            let at = event.and_then(|event| moves.move_of(event));
            let at = at.map(|number| (number, self.scene.ms(moves.at(number))));
            self.shown.push(Found { text: named(self.scene, select), select, at, of });
        }
    }

    /// Offsets, under their own names: a record that was written twice lies at another one too. Of those only counted, the
    /// last is where the number leads.
    fn offsets(
        &mut self,
        partition: PartitionNo,
        (first, end): (u64, u64),
        of: Option<&str>,
        event: &dyn Fn(u64) -> Option<EventId>,
    ) {
        let room = MOST.saturating_sub(self.shown.len()) as u64;
        let shown = end.min(first + room);
        for offset in first..shown {
            self.add(at(self.scene.timeline, partition, offset), event(offset), of.map(str::to_owned));
            if let Some(shown) = self.shown.last_mut() {
                shown.text = named(self.scene, Selection::Offset(partition, offset));
            }
        }
        if shown < end {
            self.all += end - shown;
            self.latest = at(self.scene.timeline, partition, end - 1);
        }
    }

    fn records(&mut self, records: impl Iterator<Item = RecordId>, event: Option<EventId>) {
        for record in records {
            self.add(Selection::Record(record), event, None);
        }
    }

    /// Those that are shown under a label, and how many more there are.
    fn explains(self, title: String, rows: Vec<(String, String)>, label: String, note: Option<String>) -> Explained {
        let more = self.all - self.shown.len() as u64;
        let more = (more > 0).then(|| {
            let n = grouped(more);
            self.scene.t(&format!("and {n} more"), &format!("외 {n}건"))
        });
        let found = (!self.shown.is_empty()).then_some((label, self.shown));
        Explained { title, rows, found, more, note, latest: self.latest }
    }
}

/// `orders-2@5`; before it lies anywhere `producer-1, record 4`.
fn named(scene: &Scene<'_>, select: Selection) -> String {
    match select {
        Selection::Record(record) => {
            let offsets = scene.index.offsets(record);
            match scene.index.record(record).and_then(|facts| facts.at()) {
                Some(partition) if !offsets.is_empty() => {
                    let offsets: Vec<String> = offsets.iter().map(ToString::to_string).collect();
                    format!("{}@{}", scene.partition_name(partition), offsets.join(", "))
                }
                _ => format!("{}, {}", scene.client_name(record.client), record_name(scene, record)),
            }
        }
        Selection::Offset(partition, offset) => format!("{}@{offset}", scene.partition_name(partition)),
        Selection::Partition(partition) => scene.partition_name(partition),
        _ => String::new(),
    }
}

fn promise(scene: &Scene<'_>, kind: PromiseKind) -> Explained {
    let promises = scene.timeline.observers().promises();
    let (means, breaks) = meaning(scene, kind);
    let checked = match promises.state(kind) {
        PromiseState::NotChecked => scene.t("nothing yet", "아직 없음"),
        _ => checked(scene, kind),
    };
    let rows = vec![
        (scene.t("Means", "뜻"), means),
        (scene.t("Kafka promises it", "카프카의 보장"), scene.said(promised(kind))),
        (scene.t("Breaks when", "깨질 때"), breaks),
        (scene.t("Checked", "확인한 것"), checked),
    ];
    let mut list = List::new(scene);
    for found in promises.breaks().filter(|found| found.kind == kind) {
        add(&mut list, found);
    }
    list.explains(name(scene, kind), rows, scene.t("Broken by", "깨진 곳"), note(scene, kind))
}

fn add(list: &mut List<'_, '_>, found: &Break) {
    let (scene, event) = (list.scene, Some(found.event));
    match found.what {
        Broke::Batch(batch) | Broke::Lost(batch, _) => {
            let records = scene.index.batch(batch).map_or(0, |facts| facts.records);
            list.records((0..records).filter_map(|i| scene.index.record_in(batch, i)), event);
        }
        Broke::Offsets { partition, first, end, .. } => list.offsets(partition, (first, end), None, &|_| event),
        Broke::Owner { client, partition } => {
            let of = scene.client_name(client);
            list.add(Selection::Partition(partition), event, Some(of));
        }
    }
}

/// What a promise means, and when it would break.
fn meaning(scene: &Scene<'_>, kind: PromiseKind) -> (String, String) {
    let (means, breaks) = match kind {
        PromiseKind::AcknowledgedKept => (
            (
                "A record that a broker has acknowledged, or that counts as sent, is in the log.",
                "브로커가 ack한 레코드, 또는 보낸 것으로 처리된 레코드는 로그에 있습니다.",
            ),
            ("one of them is in no log.", "그런 레코드가 로그에 없을 때."),
        ),
        PromiseKind::OrderKept => (
            (
                "A producer's records lie in a partition in the order of its sends.",
                "한 프로듀서의 레코드는 파티션 안에 보낸 순서대로 놓입니다.",
            ),
            (
                "a batch is appended behind one that was sent after it.",
                "먼저 보낸 배치가 나중에 보낸 배치의 뒤에 기록될 때.",
            ),
        ),
        PromiseKind::WrittenOnce => (
            ("No record lies in the log twice.", "로그에 두 번 놓인 레코드가 없습니다."),
            (
                "a retry is appended although an earlier try had been.",
                "앞선 시도가 이미 기록되었는데 재시도가 다시 기록될 때.",
            ),
        ),
        PromiseKind::OneOwner => (
            ("In one generation a partition has one owner.", "한 세대에서 파티션의 소유자는 하나입니다."),
            ("two members of a generation own the same.", "같은 세대의 두 멤버가 같은 파티션을 소유할 때."),
        ),
        PromiseKind::ProcessedOnce => (
            ("A group's programs finish each record one time.", "그룹의 프로그램들은 각 레코드를 한 번만 처리합니다."),
            (
                "one finishes a record that its group had finished before.",
                "그룹이 이미 처리한 레코드를 다시 처리할 때.",
            ),
        ),
        PromiseKind::NoneSkipped => (
            (
                "A group goes on behind a record only when one of its programs has finished it.",
                "그룹은 프로그램이 처리를 마친 레코드만 지나쳐 갑니다.",
            ),
            (
                "a group goes on behind a record that nobody has finished.",
                "아무도 처리하지 않은 레코드를 그룹이 지나쳐 갈 때.",
            ),
        ),
    };
    (scene.t(means.0, means.1), scene.t(breaks.0, breaks.1))
}

/// What a promise was checked with so far.
fn checked(scene: &Scene<'_>, kind: PromiseKind) -> String {
    let of = scene.timeline.observers().promises().checked();
    let records = |n: u64| scene.records(n);
    let partitions = || scene.count(scene.index.partitions_written() as u64, "partition", "partitions", "파티션", "개");
    let processings = || scene.count(of.processed, "processing", "processings", "처리", "번");
    let parts = match kind {
        PromiseKind::AcknowledgedKept => {
            let mut parts = vec![records(of.acknowledged + of.unanswered), partitions()];
            if of.unanswered > 0 {
                let n = grouped(of.unanswered);
                parts.insert(1, scene.t(&format!("{n} of them without an answer"), &format!("그중 {n}건은 응답 없음")));
            }
            if of.restarts > 0 {
                parts.push(scene.count(of.restarts, "restart", "restarts", "재시작", "번"));
            }
            parts
        }
        PromiseKind::OrderKept => vec![scene.count(of.batches, "batch", "batches", "배치", "개"), partitions()],
        PromiseKind::WrittenOnce => {
            let mut parts = vec![records(of.written)];
            if of.duplicates > 0 {
                let were = if of.duplicates == 1 { "was" } else { "were" };
                let batches = scene.count(of.duplicates, "batch", "batches", "배치", "개");
                parts.push(scene.t(
                    &format!("{batches} that came again and {were} not written"),
                    &format!("다시 와서 기록하지 않은 {batches}"),
                ));
            }
            parts
        }
        PromiseKind::OneOwner => return generations(scene),
        PromiseKind::ProcessedOnce => {
            let by = readers(scene);
            return scene.t(&format!("{} by {by}", processings()), &format!("{}, {by}", processings()));
        }
        PromiseKind::NoneSkipped => {
            let commits = scene.count(of.commits, "committed offset", "committed offsets", "커밋된 오프셋", "개");
            vec![processings(), commits]
        }
    };
    parts.join(", ")
}

/// `3 generations of billing, 1 of audit. A struck member is in none.`
fn generations(scene: &Scene<'_>) -> String {
    let history = scene.timeline.observers().history();
    let all: Vec<(String, u32, u32)> = history
        .generations()
        .map(|(group, count, removed)| (scene.names().group(group).to_string(), count, removed))
        .collect();
    let one = |(i, (group, count, _)): (usize, &(String, u32, u32))| {
        let generations = if *count == 1 { "generation" } else { "generations" };
        match i {
            0 => scene.t(&format!("{count} {generations} of {group}"), &format!("{group} {count}세대")),
            _ => scene.t(&format!("{count} of {group}"), &format!("{group} {count}세대")),
        }
    };
    let listed: Vec<String> = all.iter().filter(|(_, count, _)| *count > 0).enumerate().map(one).collect();
    let struck = match all.iter().any(|(_, _, removed)| *removed > 0) {
        true => scene.t(". A struck member is in none.", ". 줄이 그어진 멤버는 어느 세대에도 없습니다."),
        false => String::new(),
    };
    listed.join(", ") + &struck
}

/// Groups, and consumers without one, that have a past: `2 groups, 1 consumer without a group`.
fn readers(scene: &Scene<'_>) -> String {
    let mut readers: Vec<ClientId> = scene.timeline.observers().history().tracked().map(|(reader, _)| reader).collect();
    readers.dedup();
    let has_group = |client: &ClientId| {
        let found = scene.clients().find(|other| other.id == *client);
        found.is_some_and(
            |found| matches!(&found.node, ClientNode::Consumer(consumer) if consumer.settings().group_id.is_some()),
        )
    };
    let groups = readers.iter().filter(|reader| has_group(reader)).count() as u64;
    let alone = readers.len() as u64 - groups;
    let mut parts = Vec::new();
    if groups > 0 {
        parts.push(scene.count(groups, "group", "groups", "그룹", "개"));
    }
    if alone > 0 {
        let (one, many) = ("consumer without a group", "consumers without a group");
        parts.push(scene.count(alone, one, many, "그룹 없는 컨슈머", "개"));
    }
    parts.join(", ")
}

/// When Kafka promises it, and when not.
const fn promised(kind: PromiseKind) -> Text {
    match kind {
        PromiseKind::AcknowledgedKept => text(
            "with acks=all, as long as one of the in-sync replicas lives on; min.insync.replicas says how many there must \
             be. With acks=1, unless the leader's log is lost before others have it. With acks=0, never.",
            "acks=all이면 ISR 가운데 하나라도 남아 있는 한 보장합니다. 몇 개여야 하는지는 min.insync.replicas가 정합니다. \
             acks=1이면 다른 복제본이 갖기 전에 리더의 로그가 사라지지 않는 한 보장합니다. acks=0이면 보장하지 않습니다.",
        ),
        PromiseKind::OrderKept => text(
            "with enable.idempotence=true, or with max.in.flight.requests.per.connection=1. Else a retry may come behind a \
             later batch.",
            "enable.idempotence=true이거나 max.in.flight.requests.per.connection=1이면 보장합니다. 아니면 재시도가 나중 배치의 \
             뒤에 기록될 수 있습니다.",
        ),
        PromiseKind::WrittenOnce => text(
            "with enable.idempotence=true: the broker knows a batch by its sequence. Else a retry may be written again. What \
             the program itself sends again is a new record.",
            "enable.idempotence=true이면 보장합니다. 브로커가 시퀀스로 배치를 알아봅니다. 아니면 재시도가 다시 기록될 수 있습니다. \
             프로그램이 다시 send()한 것은 새 레코드입니다.",
        ),
        PromiseKind::OneOwner => text(
            "always. But who was removed and does not know it may still work on what it had.",
            "항상 보장합니다. 다만 제외된 것을 모르는 멤버는 받아 둔 레코드를 계속 처리할 수 있습니다.",
        ),
        PromiseKind::ProcessedOnce => text(
            "never by itself: a program that commits after its work does it again after a crash. Work that may be done twice \
             helps, or a commit together with the work, as in a transaction.",
            "저절로는 보장하지 않습니다. 작업 뒤에 커밋하는 프로그램은 장애 뒤에 다시 처리합니다. 두 번 해도 되는 작업으로 만들거나, \
             트랜잭션처럼 작업과 커밋을 함께 하면 됩니다.",
        ),
        PromiseKind::NoneSkipped => text(
            "as long as a program commits only after its work. Who commits before it may pass records over; so may a reset to \
             latest.",
            "작업 뒤에만 커밋하면 보장합니다. 작업 전에 커밋하면 건너뛸 수 있고, latest로 리셋될 때도 그렇습니다.",
        ),
    }
}

/// What this run's own settings say to it.
fn note(scene: &Scene<'_>, kind: PromiseKind) -> Option<String> {
    let acks = || {
        scene.clients().filter_map(|client| match &client.node {
            ClientNode::Producer(producer) => Some(producer.config().acks),
            ClientNode::Consumer(_) => None,
        })
    };
    if kind != PromiseKind::AcknowledgedKept {
        return None;
    }
    if acks().any(|acks| acks == 0) {
        return Some(scene.t(
            "With acks=0 no broker answers: send() counts as successful, with offset -1. Kafka promises nothing.",
            "acks=0이면 브로커가 응답하지 않습니다. send()는 오프셋 -1로 성공한 것으로 처리되고, 카프카는 아무것도 보장하지 않습니다.",
        ));
    }
    acks().any(|acks| acks == 1).then(|| {
        scene.t(
            "With acks=1 the leader alone has the record when it answers: Kafka promises it unless that log is lost before \
             others have it.",
            "acks=1이면 응답할 때 레코드는 리더에만 있습니다. 다른 복제본이 갖기 전에 그 로그가 사라지지 않는 한 보장합니다.",
        )
    })
}

/// Records that went with their producers.
fn never_sent(scene: &Scene<'_>) -> Explained {
    let history = scene.timeline.observers().history();
    let mut list = List::new(scene);
    for client in scene.simulation.clients() {
        if let Some(gone) = history.gone(client.id).filter(|gone| gone.never_sent > 0) {
            list.records(scene.index.unsent(client.id), Some(gone.event));
        }
    }
    let n = grouped(history.tally().never_sent);
    let means = scene.t(
        "The program gave them to send(), and its producer ended before a request carried them.",
        "프로그램이 send()에 넘겼으나, 요청에 실리기 전에 프로듀서가 끝났습니다.",
    );
    let title = scene.t(&format!("{n} never sent"), &format!("전송 안 됨 {n}건"));
    list.explains(title, vec![(scene.t("Means", "뜻"), means)], scene.t("Which", "레코드"), None)
}

/// Records whose callers got an exception.
fn failed(scene: &Scene<'_>) -> Explained {
    let mut list = List::new(scene);
    for client in scene.simulation.clients() {
        for number in 0..scene.index.records_sent(client.id) {
            let record = RecordId { client: client.id, number };
            if let Some((facts, Err(why))) = scene.index.record(record).and_then(|facts| Some((facts, facts.outcome?)))
            {
                list.add(
                    Selection::Record(record),
                    facts.ended,
                    Some(scene.exception(why, facts.exception).to_owned()),
                );
            }
        }
    }
    let n = grouped(list.all);
    let means = scene.t(
        "Their callers got an exception: from send(), from the future, or in the callback.",
        "호출한 쪽이 예외를 받았습니다. send()에서, Future에서, 또는 콜백에서 받습니다.",
    );
    let title = scene.t(&format!("{n} failed"), &format!("실패 {n}건"));
    list.explains(title, vec![(scene.t("Means", "뜻"), means)], scene.t("Which", "레코드"), None)
}

/// Records that no group will process.
fn unprocessed(scene: &Scene<'_>) -> Explained {
    let promises = scene.timeline.observers().promises();
    let mut list = List::new(scene);
    for gap in never_processed(scene.timeline) {
        let of = reader_name(scene, &gap);
        let passed = |offset: u64| {
            let is_it = |found: &&Break| match found.what {
                Broke::Offsets { reader, partition, first, end } => {
                    found.kind == PromiseKind::NoneSkipped
                        && (reader, partition) == (gap.reader, gap.partition)
                        && (first..end).contains(&offset)
                }
                _ => false,
            };
            promises.breaks().find(is_it).map(|found| found.event)
        };
        list.offsets(gap.partition, (gap.first, gap.end), Some(&of), &passed);
    }
    let n = grouped(Counts::of(scene.timeline).never_processed);
    let means = scene.t(
        "Their group went on behind them, or has no member any more that could read them.",
        "그룹이 지나쳐 갔거나, 읽을 멤버가 그룹에 남아 있지 않습니다.",
    );
    let title = scene.t(&format!("{n} never processed"), &format!("처리 안 됨 {n}건"));
    list.explains(title, vec![(scene.t("Means", "뜻"), means)], scene.t("Which", "레코드"), None)
}

/// The group, or the consumer without one, that has not processed offsets.
fn reader_name(scene: &Scene<'_>, gap: &Unprocessed) -> String {
    let group = scene.timeline.observers().history().group_of(gap.reader);
    group.map_or_else(|| scene.client_name(gap.reader), |group| scene.names().group(group).to_string())
}

/// Records that were deleted before a group had processed them.
fn deleted(scene: &Scene<'_>) -> Explained {
    let mut list = List::new(scene);
    for gap in deleted_unread(scene.timeline) {
        let of = reader_name(scene, &gap);
        list.offsets(gap.partition, (gap.first, gap.end), Some(&of), &|_| None);
    }
    let n = grouped(list.all);
    let means = scene.t(
        "They were deleted from the log before their group had processed them.",
        "그룹이 처리하기 전에 로그에서 삭제되었습니다.",
    );
    let title = scene.t(&format!("{n} deleted unread"), &format!("읽기 전에 삭제 {n}건"));
    list.explains(title, vec![(scene.t("Means", "뜻"), means)], scene.t("Which", "레코드"), None)
}
