//! The timeline: the whole run as a strip, the lanes, the branches.

use std::iter::Peekable;

use super::lens::Selection;
use super::model::{
    BranchRow, Lane, LaneKind, Lanes, Mark, MarkKind, Message, ProcessedBox, Stretch, Strip, Tone, Window,
};
use super::processes::process_state;
use super::promises::{in_short, is_unanswered};
use super::scene::{Scene, shortened};
use super::window;
use crate::event::hand::HandEvent;
use crate::event::{EventKind, Family};
use crate::ids::{BrokerId, ClientId, EventId, PartitionNo, Process};
use crate::invariant::{Break, Broke, PromiseKind, Taken};
use crate::script::Anchor;
use crate::simulation::{ClientNode, Command};
use crate::sorted::InOrder;
use crate::time::Instant;
use crate::timeline::{Branch, MessageSpan};
use crate::wire::Api;

/// Messages that are drawn.
const MESSAGES: usize = 300;
/// Marks of the strip.
const MARKS: usize = 200;
/// Letters of a branch's name that have room in the strip: a line of code makes a long one.
const BRANCH: usize = 36;

pub(super) fn build(scene: &Scene<'_>) -> Lanes {
    let moves = scene.timeline.moves();
    let center = scene.lens.center.unwrap_or(scene.now.at);
    let window = window::build(moves, center, scene.now.at, scene.lens.width, scene.lens.zoom_us);
    let rows = rows(scene);
    let places = LaneNumbers::of(scene, &rows);
    let messages = messages(scene, &window, &places);
    let processed = processed(scene, &rows, &window, &places);
    let lanes =
        rows.iter().zip(processed).map(|(row, processed)| lane(scene, row, &window, &places, processed)).collect();
    Lanes { strip: strip(scene), window, lanes, messages, branches: branches(scene) }
}

/// A lane and whose it is.
struct ProcessLane {
    kind: LaneKind,
    process: Process,
    name: String,
}

fn rows(scene: &Scene<'_>) -> Vec<ProcessLane> {
    let of_kind = |wanted: LaneKind| {
        let fits = move |node: &ClientNode| match node {
            ClientNode::Producer(_) => wanted == LaneKind::Producer,
            ClientNode::Consumer(_) => wanted == LaneKind::Consumer,
        };
        scene.clients().filter(move |client| fits(&client.node)).map(move |client| ProcessLane {
            kind: wanted,
            process: Process::Client(client.id),
            name: client.recipe.name.to_string(),
        })
    };
    let brokers = scene.simulation.broker_ids().map(|id| ProcessLane {
        kind: LaneKind::Broker,
        process: Process::Broker(id),
        name: scene.t(&format!("broker {}", id.0), &format!("브로커 {}", id.0)),
    });
    of_kind(LaneKind::Producer).chain(brokers).chain(of_kind(LaneKind::Consumer)).collect()
}

/// The lanes by client and by broker.
struct LaneNumbers {
    clients: Vec<Option<u16>>,
    brokers: Vec<Option<u16>>,
}

impl LaneNumbers {
    /// A client has the lane of the newest one under its name.
    fn of(scene: &Scene<'_>, rows: &[ProcessLane]) -> LaneNumbers {
        let lane =
            |wanted: Process| rows.iter().position(|row| row.process == wanted).and_then(|i| u16::try_from(i).ok());
        let newest = |name| scene.simulation.client(name).and_then(|client| lane(Process::Client(client.id)));
        let clients = scene.names().clients().iter().map(|name| newest(name)).collect();
        let brokers = scene.simulation.broker_ids().map(|id| lane(Process::Broker(id))).collect();
        LaneNumbers { clients, brokers }
    }

    fn client(&self, id: ClientId) -> Option<u16> {
        self.clients.get(usize::from(id.0)).copied().flatten()
    }

    fn process(&self, process: Process) -> Option<u16> {
        match process {
            Process::Client(id) => self.client(id),
            Process::Broker(id) => self.brokers.get(usize::try_from(id.0.checked_sub(1)?).ok()?).copied().flatten(),
            Process::Controller => None,
        }
    }
}

fn lane(
    scene: &Scene<'_>,
    row: &ProcessLane,
    window: &Window,
    places: &LaneNumbers,
    processed: Vec<ProcessedBox>,
) -> Lane {
    let place = match row.process {
        Process::Client(own) => places.client(own),
        Process::Broker(_) | Process::Controller => None,
    };
    let is_own = |client: ClientId| place.is_some() && places.client(client) == place;
    let works = scene.timeline.moves().marks().works();
    let Down { ranges: down, said } = down(scene, row.process, window);
    let bars = works.iter().filter(|work| is_own(work.client)).filter_map(|work| {
        let to = work.to.unwrap_or(scene.now.at.max(work.from));
        let (from, to) = clipped(window, work.from, to)?;
        // What does not run does no work.
        let end =
            down.iter().map(|(begins, _)| *begins).find(|begins| *begins >= from).map_or(to, |begins| begins.min(to));
        let is_down = down.iter().any(|(begins, ends)| (*begins..*ends).contains(&from));
        (!is_down).then_some((from, end))
    });
    let bars = bars.collect();
    let tone = match row.process {
        Process::Client(id) => match scene.client(id).map(process_state) {
            Some(super::model::ProcessState::Running) | None => Tone::Plain,
            Some(super::model::ProcessState::Closed | super::model::ProcessState::Ended) => Tone::Muted,
            Some(super::model::ProcessState::Paused | super::model::ProcessState::Killed) => Tone::Fault,
        },
        Process::Broker(id) => match super::cluster::broker_state(scene, id) {
            super::model::BrokerState::Up => Tone::Plain,
            _ => Tone::Fault,
        },
        Process::Controller => Tone::Plain,
    };
    Lane {
        kind: row.kind,
        select: match row.process {
            Process::Broker(id) => Selection::Broker(id),
            Process::Client(id) => Selection::Client(id),
            Process::Controller => Selection::Nothing,
        },
        name: row.name.clone(),
        tone,
        bars,
        processed,
        down,
        ended: ended(scene, row.process).and_then(|at| clipped(window, at, Instant::MAX)),
        said,
    }
}

/// What programs were done with in the window, by lane: each from where its program was done with the one before, or began to
/// work. What is too narrow for a box is only there when it broke a promise, once in a place.
fn processed(scene: &Scene<'_>, rows: &[ProcessLane], window: &Window, places: &LaneNumbers) -> Vec<Vec<ProcessedBox>> {
    let mut lanes: Vec<Vec<ProcessedBox>> = rows.iter().map(|_| Vec::new()).collect();
    let (Some(first), Some(last)) = (window.stretches.first(), window.stretches.last()) else { return lanes };
    let moves = scene.timeline.moves();
    let begins = Instant(first.from_us);
    let from = moves.behind(Anchor { at: begins, moves: Some(0) }) + 1;
    let end = moves.last_at(Instant(last.to_us)) + 1;
    let event = |number: u64| if number > moves.len() { EventId(u32::MAX) } else { moves.first_event(number) };
    let shown = event(from)..event(end);
    let observers = scene.timeline.observers();
    let breaks = observers.promises().breaks().rev().skip_while(|found| found.event >= shown.end);
    // The last one first.
    let mut broken: Vec<&Break> = breaks.take_while(|found| found.event >= shown.start).collect();
    let mut all: Vec<(PartitionNo, Taken)> = observers.history().processed_within(&shown).collect();
    all.order_by_key(|(_, taken)| taken.event);
    let works = moves.marks().works();
    let mut works = works[works.partition_point(|work| work.from < begins)..].iter().peekable();
    let mut since = vec![begins; rows.len()];
    for (partition, taken) in all {
        let to = moves.move_of(taken.event).map_or(begins, |number| moves.at(number));
        while let Some(work) = works.next_if(|work| work.from <= to) {
            if let Some(lane) = places.client(work.client) {
                since[usize::from(lane)] = work.from;
            }
        }
        let mut twice = None;
        while let Some(found) = broken.pop_if(|found| found.event <= taken.event) {
            if let (PromiseKind::ProcessedOnce, Broke::Offsets { first, .. }) = (found.kind, found.what)
                && found.event == taken.event
            {
                twice = twice.or(Some(Selection::Offset(partition, first)));
            }
        }
        let lane = places.client(taken.client).map(usize::from);
        let Some(lane) = lane.filter(|lane| rows[*lane].kind == LaneKind::Consumer) else { continue };
        let from = std::mem::replace(&mut since[lane], to);
        let Some((from_px, to_px)) = clipped(window, from, to) else { continue };
        let boxes = &mut lanes[lane];
        let covers = |before: &ProcessedBox| before.twice.is_some() && before.to_px == to_px;
        let mut found = ProcessedBox { from_px, to_px, text: String::new(), twice };
        if found.is_wide() || twice.is_some() && !boxes.last().is_some_and(covers) {
            let (first, last) = (taken.first, taken.end() - 1);
            found.text = if first == last { first.to_string() } else { format!("{first}–{last}") };
            boxes.push(found);
        }
    }
    lanes
}

/// When a client closed, or its program ended, as its run had it.
fn ended(scene: &Scene<'_>, process: Process) -> Option<Instant> {
    let last = scene.last_of(process)?;
    let has_ended = matches!(last.kind, EventKind::ClientClosed { .. } | EventKind::ClientKilled { exited: true, .. });
    has_ended.then_some(last.at)
}

/// The part of a stretch of time that the window shows, in pixels.
fn clipped(window: &Window, from: Instant, to: Instant) -> Option<(i32, i32)> {
    let (first, last) = (window.stretches.first()?, window.stretches.last()?);
    if to.micros() < first.from_us || from.micros() > last.to_us {
        return None;
    }
    let from = window.px(from.micros().max(first.from_us))?;
    let to = window.px(to.micros().min(last.to_us))?;
    (from <= to).then_some((from, to))
}

#[derive(Default)]
struct Down {
    ranges: Vec<(i32, i32)>,
    said: Vec<(i32, String)>,
}

/// When the process was down or stood still, in pixels, and where a word says how it came to that.
fn down(scene: &Scene<'_>, process: Process, window: &Window) -> Down {
    let mut since: Option<Instant> = None;
    let mut found = Down::default();
    for (_, event) in scene.timeline.moves().marks().faults() {
        let (of, word) = match event.kind {
            EventKind::BrokerCrashed { broker } => (Process::Broker(broker), Some(("crashed", "장애"))),
            EventKind::BrokerStopped { broker } => (Process::Broker(broker), Some(("stopped", "중지"))),
            EventKind::BrokerStarted { broker } => (Process::Broker(broker), None),
            EventKind::ClientKilled { client, .. } => (Process::Client(client), Some(("killed", "강제 종료"))),
            EventKind::ProcessPaused { process, paused } => (process, paused.then_some(("stands still", "멈춤"))),
            EventKind::ClusterPaused { paused } if process.client().is_none() => {
                (process, paused.then_some(("stands still", "멈춤")))
            }
            _ => continue,
        };
        if of != process {
            continue;
        }
        if let Some((en, ko)) = word
            && let Some((from, _)) = clipped(window, event.at, event.at)
        {
            found.said.push((from, scene.t(en, ko)));
        }
        match (since, word.is_some()) {
            (None, true) => since = Some(event.at),
            (Some(from), false) => {
                found.ranges.extend(clipped(window, from, event.at));
                since = None;
            }
            _ => {}
        }
    }
    if let Some(from) = since {
        found.ranges.extend(clipped(window, from, Instant::MAX));
    }
    found
}

fn messages(scene: &Scene<'_>, window: &Window, places: &LaneNumbers) -> Vec<Message> {
    let (Some(first), Some(last)) = (window.stretches.first(), window.stretches.last()) else { return Vec::new() };
    let spans = scene.timeline.moves().spans();
    let from = spans.partition_point(|span| span.sent_at.micros() < first.from_us);
    let to = spans.partition_point(|span| span.sent_at.micros() <= last.to_us);
    // Of too many, those nearest to now.
    let middle = spans.partition_point(|span| span.sent_at <= scene.now.at).clamp(from, to);
    let from = from.max(middle.saturating_sub(MESSAGES * 2 / 3));
    let to = to.min(from + MESSAGES);
    spans[from..to].iter().filter_map(|span| message(scene, span, window, places)).collect()
}

fn message(scene: &Scene<'_>, span: &MessageSpan, window: &Window, places: &LaneNumbers) -> Option<Message> {
    let (opener, acceptor) = (places.process(span.connection.opener)?, places.process(span.acceptor)?);
    let quiet = matches!(span.api, Api::Fetch | Api::Heartbeat | Api::Metadata | Api::ApiVersions);
    let from_px = window.px(span.sent_at.micros())?;
    let to_px = span.arrives_at.and_then(|at| window.px(at.micros()));
    // What lies in a fold altogether is folded with it.
    let is_folded = |stretch: &Stretch| {
        stretch.fold.is_some() && stretch.from_px <= from_px && to_px.is_some_and(|to| to <= stretch.to_px)
    };
    if window.stretches.iter().any(is_folded) {
        return None;
    }
    let (from_lane, to_lane) = if span.is_request { (opener, acceptor) } else { (acceptor, opener) };
    Some(Message {
        select: Selection::Request(span.connection, span.correlation_id),
        from_lane,
        to_lane,
        from_px,
        to_px,
        request: span.is_request,
        dropped: span.arrives_at.is_none(),
        future: span.sent_in > scene.timeline.position(),
        now: scene.place.request == Some((span.connection, span.correlation_id)),
        label: if span.is_request && !quiet { format!("#{}", span.correlation_id) } else { String::new() },
        number: span.sent_in,
    })
}

fn strip(scene: &Scene<'_>) -> Strip {
    let moves = scene.timeline.moves();
    let steps = |number: u64| scene.story_place.steps_to(number);
    let mut marks: Vec<Mark> = Vec::new();
    for (number, event) in moves.marks().faults().iter().take(MARKS) {
        let text = fault_text(scene, event.kind);
        marks.push(Mark {
            kind: MarkKind::Fault,
            at_us: event.at.micros(),
            number: *number,
            steps: steps(*number),
            text,
        });
    }
    let mut breaks = scene.timeline.observers().promises().breaks().peekable();
    for number in moves.marks().alarms().iter().take(MARKS) {
        let text = alarm_text(scene, *number, &mut breaks);
        let at_us = moves.at(*number).micros();
        marks.push(Mark { kind: MarkKind::Alarm, at_us, number: *number, steps: steps(*number), text });
    }
    for branch in scene.timeline.branches() {
        if let Some((parent, left)) = branch.parent
            && parent == scene.timeline.current()
        {
            let text = branch_name(scene, branch);
            let number = moves.behind(left);
            marks.push(Mark { kind: MarkKind::Branch, at_us: left.at.micros(), number, steps: steps(number), text });
        }
    }
    for number in moves.marks().commands().iter().take(MARKS) {
        if marks.iter().any(|mark| mark.number == *number) {
            continue;
        }
        let at = moves.at(*number);
        let text = scene.timeline.branch().command_of(*number).map_or_else(String::new, |placed| {
            let Command(statement) = &placed.command;
            scene.deed(statement)
        });
        marks.push(Mark { kind: MarkKind::Command, at_us: at.micros(), number: *number, steps: steps(*number), text });
    }
    marks.order_by_key(|mark| mark.number);
    marks.truncate(MARKS);
    Strip {
        label: scene.t("whole run", "전체 실행"),
        end_us: moves.at(moves.len()).micros(),
        position_us: scene.now.at.micros(),
        marks,
    }
}

/// A fault in a few words; nothing for what is none.
fn fault_text(scene: &Scene<'_>, kind: EventKind) -> String {
    use HandEvent::*;
    let Family::Hand(event) = kind.family() else { return String::new() };
    let broker =
        |id: BrokerId, en: &str, ko: &str| scene.t(&format!("broker {} {en}", id.0), &format!("브로커 {} {ko}", id.0));
    let client = |id: ClientId, en: &str, ko: &str| {
        let name = scene.client_name(id);
        scene.t(&format!("{name} {en}"), &format!("{name} {ko}"))
    };
    let link = |from: Process, to: Process, en: &str, ko: &str| {
        let ends = format!("{} – {}", scene.process_name(from), scene.process_name(to));
        scene.t(&format!("{ends} {en}"), &format!("{ends} {ko}"))
    };
    match event {
        BrokerCrashed(of) => broker(of.broker, "crashed", "장애"),
        BrokerStopped(of) => broker(of.broker, "stopped", "중지"),
        BrokerStarted(of) => broker(of.broker, "started", "시작"),
        ClientKilled(of) => client(of.client, "killed", "강제 종료"),
        ProcessPaused(of) => {
            let (en, ko) = if of.paused { ("stands still", "멈춤") } else { ("runs again", "재개") };
            match of.process {
                Process::Broker(id) => broker(id, en, ko),
                Process::Client(id) => client(id, en, ko),
                Process::Controller => scene.t(&format!("controller {en}"), &format!("컨트롤러 {ko}")),
            }
        }
        ClusterPaused(of) => {
            let (en, ko) = if of.paused { ("stands still", "멈춤") } else { ("runs again", "재개") };
            scene.t(&format!("the cluster {en}"), &format!("클러스터 {ko}"))
        }
        LinkCut(of) => link(of.from, of.to, "cut", "링크 끊김"),
        LinkSlowed(of) => link(of.from, of.to, "slow", "링크 느림"),
        LinkMended(of) => link(of.from, of.to, "mended", "링크 복구"),
        HoldArmed(of) => {
            let api = of.api.name();
            scene.t(&format!("{api} is to be held"), &format!("{api} 붙들기 대기"))
        }
        MessageHeld(of) => {
            let (api, id) = (of.api.name(), of.correlation_id);
            scene.t(&format!("{api} #{id} held"), &format!("{api} #{id} 붙들림"))
        }
        HoldReleased(of) => link(of.from, of.to, "released", "놓아줌"),
        FaultArmed(of) => {
            let api = of.api.name();
            scene.t(&format!("fault armed for {api}"), &format!("{api} 고장 대기"))
        }
        ResponseDropped(of) => {
            let id = of.correlation_id;
            scene.t(&format!("response to #{id} dropped"), &format!("#{id} 응답 유실"))
        }
        ErrorAnswered(of) => {
            let (id, code) = (of.correlation_id, of.code.name());
            scene.t(&format!("#{id} answered {code}"), &format!("#{id} 응답 {code}"))
        }
        ConstructorThrew(_) => scene.t("a constructor throws", "생성자 예외"),
        ScriptStopped(of) if of.line == 0 => scene.t("the run ends", "실행이 끝남"),
        ScriptStopped(of) => {
            let line = of.line;
            scene.t(&format!("the script stops at line {line}"), &format!("스크립트가 {line}행에서 멈춤"))
        }
        ProcessingChanged(of) => client(of.client, "changes its pace", "처리 속도 변경"),
        ClientStarted(_) | ClientClosed(_) | AdminRefused(_) | ChapterBegan(_) => String::new(),
    }
}

/// Which promise was broken in a move, as far as the run has come; `breaks` are those that are not told yet.
fn alarm_text<'a>(scene: &Scene<'_>, number: u64, breaks: &mut Peekable<impl Iterator<Item = &'a Break>>) -> String {
    let move_of = |found: &Break| scene.timeline.moves().move_of(found.event);
    while breaks.next_if(|found| move_of(found).is_none_or(|at| at < number)).is_some() {}
    let mut here = Vec::new();
    while let Some(found) = breaks.next_if(|found| move_of(found) == Some(number)) {
        let text = in_short(found.kind, is_unanswered(scene.timeline, found));
        let text = text.pick(scene.lang).clone();
        if !here.contains(&text) {
            here.push(text);
        }
    }
    match here.is_empty() {
        true => scene.t("promise broken", "약속 깨짐"),
        false => here.join(", "),
    }
}

fn branch_name(scene: &Scene<'_>, branch: &Branch) -> String {
    branch.name.as_ref().map_or_else(|| scene.t("first run", "첫 실행"), |name| name.to_string())
}

fn branches(scene: &Scene<'_>) -> Vec<BranchRow> {
    let all = scene.timeline.branches();
    let row = |(index, branch): (usize, &Branch)| {
        let name = branch_name(scene, branch);
        let left = branch.parent.map(|(_, left)| left.at);
        let text = match left {
            Some(left) => {
                let at = scene.ms(left);
                scene.t(&format!("{name}, leaves at {at}"), &format!("{name}, {at}에서 갈라짐"))
            }
            None => name.clone(),
        };
        BranchRow {
            index,
            short: shortened(&name, BRANCH),
            name,
            shown: index == scene.timeline.current(),
            parent: branch.parent.map(|(parent, _)| parent),
            left_us: left.map(Instant::micros),
            end_us: branch.moves.at(branch.moves.len()).micros(),
            text,
        }
    };
    all.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests;
