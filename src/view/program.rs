//! Where a client's program is: in which call, at which record, in which callback; or how it ended.
//!
//! What is told of the program comes first: the line says the same as the sentence. Else it is what its thread is doing.

use super::given::{Given, given};
use super::model::{ProcessState, ProgramLine, ProgramPiece, Tone};
use super::processes::{process_state, record_name};
use super::producers::waits_in_send;
use super::scene::Scene;
use super::statements::{mode_of_record, statement, written_of};
use crate::application::{Doing, LOOP_POLL_MS, POLL_MS, SendMode, Written};
use crate::client::consumer::CallStage;
use crate::client::producer::{Producer, SendStage};
use crate::event::{CallKind, Event, EventKind};
use crate::explain::{self, call_name};
use crate::ids::{CallId, EventId, PartitionNo, Process, RecordId, TopicPartition};
use crate::script::{Call, PollGoal, Statement};
use crate::simulation::{ClientNode, ClientProcess};
use crate::time::Instant;

/// Where a program stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Ended,
    Frozen,
    /// In its client's constructor.
    Made,
    InCall(CallKind),
    /// In the `send` of a record.
    Sending(RecordId),
    Returned(CallKind),
    /// A call threw this exception.
    Threw(CallKind, Option<&'static str>),
    /// Waiting for the future of a record.
    Waiting(RecordId),
    /// `get()` has what it waited for.
    Got(RecordId, Given),
    Callback(RecordId, Given),
    /// A future is complete that the program threw away.
    Unseen(RecordId, Given),
    Processing(TopicPartition, u64, Instant),
    /// The last of them.
    Processed(PartitionNo, u64),
    Sleeping(Instant),
    Nothing,
}

/// Where the program of a client stands, the statement that it is at, and whether that is what is told now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub standing: Standing,
    pub written: Option<Written>,
    pub now: bool,
}

/// Where the program of a client is.
pub(super) fn place(scene: &Scene<'_>, process: &ClientProcess) -> Place {
    match process_state(process) {
        ProcessState::Closed | ProcessState::Ended | ProcessState::Killed => {
            let told = scene.told.map(|event| event.kind);
            let now = match told {
                Some(EventKind::ClientKilled { client, .. } | EventKind::ClientClosed { client }) => {
                    client == process.id
                }
                _ => false,
            };
            Place { standing: Standing::Ended, written: None, now }
        }
        ProcessState::Paused => Place { standing: Standing::Frozen, written: None, now: false },
        ProcessState::Running => told(scene, process).unwrap_or_else(|| by_thread(process)),
    }
}

/// What is told of it; else what it was given or has processed in this move, whatever else is told of that.
fn told(scene: &Scene<'_>, process: &ClientProcess) -> Option<Place> {
    let told = scene.told?;
    let found = by_event(scene, process, &told).or_else(|| {
        let of_program = |(_, event): &(EventId, &Event)| {
            let record = match event.kind {
                EventKind::RecordAcknowledged { record, .. } | EventKind::RecordFailed { record, .. } => record,
                EventKind::RecordsProcessed { client, .. } => return client == process.id,
                _ => return false,
            };
            record.client == process.id
        };
        let of_followed = |(_, event): &(EventId, &Event)| {
            scene.followed.is_some() && event.kind.facts().place.record == scene.followed
        };
        let first = scene.timeline.moves().first_event(scene.timeline.position());
        let mut events = (first.0..).map(EventId).zip(scene.timeline.events()).filter(of_program);
        let (id, event) = events.clone().find(of_followed).or_else(|| events.next())?;
        match (scene.is_to_come(id), event.kind) {
            (false, _) => by_event(scene, process, event),
            // Behind what is told: its `get()` has not returned.
            (true, EventKind::RecordAcknowledged { record, .. } | EventKind::RecordFailed { record, .. })
                if mode_of_record(scene, process, record) == SendMode::Sync =>
            {
                Some((Standing::Waiting(record), written_of(process, record)))
            }
            (true, _) => None,
        }
    });
    let (standing, written) = found?;
    Some(Place { standing, written, now: scene.place.client == Some(process.id) })
}

/// What an event says of where its program stands.
fn by_event(scene: &Scene<'_>, process: &ClientProcess, told: &Event) -> Option<(Standing, Option<Written>)> {
    let application = &process.application;
    let of_call = |call: CallId, standing| Some((standing, application.written_of_call(call)));
    let of_record = |record: RecordId, standing| Some((standing, written_of(process, record)));
    match told.kind {
        EventKind::ClientStarted { client, .. } if client == process.id => Some((Standing::Made, Some(process.made))),
        EventKind::CallStarted { client, call, kind } if client == process.id => of_call(call, in_call(process, kind)),
        EventKind::CallReturned { client, call, kind, ok, exception } if client == process.id => {
            let threw = scene.names().exception(exception).map(|(class, _)| class);
            match (ok, application.doing().0) {
                // It goes on to wait for the future at once.
                (true, Doing::Waiting(record)) if kind == CallKind::Send => of_call(call, Standing::Waiting(record)),
                (true, _) => of_call(call, Standing::Returned(kind)),
                (false, _) => of_call(call, Standing::Threw(kind, threw)),
            }
        }
        EventKind::PollReturned { client, call, .. } if client == process.id => {
            of_call(call, Standing::Returned(CallKind::Poll))
        }
        EventKind::SendCalled { record, .. }
        | EventKind::Serialized { record, .. }
        | EventKind::Partitioned { record, .. }
        | EventKind::MemoryAwaited { record, .. }
        | EventKind::Appended { record, .. }
        | EventKind::SendFailed { record, thrown: true, .. }
            if record.client == process.id =>
        {
            of_record(record, Standing::Sending(record))
        }
        EventKind::RecordAcknowledged { record, .. }
        | EventKind::RecordFailed { record, .. }
        | EventKind::SendFailed { record, .. }
            if record.client == process.id =>
        {
            let given = given(scene, process, told)?;
            let standing = match mode_of_record(scene, process, record) {
                SendMode::Async => Standing::Callback(record, given),
                SendMode::Sync => Standing::Got(record, given),
                SendMode::FireAndForget => Standing::Unseen(record, given),
            };
            of_record(record, standing)
        }
        EventKind::RecordsProcessed { client, partition, last, .. } if client == process.id => {
            Some((Standing::Processed(partition, last), of_processing(scene, process)))
        }
        EventKind::CommitStarted { client, .. } if client == process.id => of_commit(scene, process),
        _ => None,
    }
}

/// The call that commits, while the request of it is made: `commitAsync` has come back within the same move.
fn of_commit(scene: &Scene<'_>, process: &ClientProcess) -> Option<(Standing, Option<Written>)> {
    let is_commit = |kind: CallKind| matches!(kind, CallKind::CommitSync | CallKind::CommitAsync);
    let came = scene.timeline.events().iter().find_map(|event| match event.kind {
        EventKind::CallStarted { client, call, kind } | EventKind::CallReturned { client, call, kind, .. }
            if client == process.id && is_commit(kind) =>
        {
            Some((kind, process.application.written_of_call(call)))
        }
        _ => None,
    });
    let goes_on = || {
        let ClientNode::Consumer(consumer) = &process.node else { return None };
        Some((consumer.current_call()?.kind, process.application.doing().1))
    };
    let (kind, written) = came.or_else(|| goes_on().filter(|(kind, _)| is_commit(*kind)))?;
    Some((Standing::InCall(kind), written))
}

/// The statement whose records were processed: of the `poll` that came back in this move, or of the loop.
fn of_processing(scene: &Scene<'_>, process: &ClientProcess) -> Option<Written> {
    let polled = scene.timeline.events().iter().find_map(|event| match event.kind {
        EventKind::PollReturned { client, call, .. } if client == process.id => Some(call),
        _ => None,
    });
    let application = &process.application;
    polled.and_then(|call| application.written_of_call(call)).or_else(|| application.loop_written())
}

fn in_call(process: &ClientProcess, kind: CallKind) -> Standing {
    let record = match &process.node {
        ClientNode::Producer(producer) if kind == CallKind::Send => producer.records_sent().checked_sub(1),
        _ => None,
    };
    record.map_or(Standing::InCall(kind), |number| Standing::Sending(RecordId { client: process.id, number }))
}

/// What its thread is doing.
fn by_thread(process: &ClientProcess) -> Place {
    let (doing, written) = process.application.doing();
    let standing = match doing {
        Doing::InCall(_) => {
            let kind = match &process.node {
                ClientNode::Producer(producer) => producer.active_call().map(|call| call.kind),
                ClientNode::Consumer(consumer) => consumer.current_call().map(|call| call.kind),
            };
            kind.map_or(Standing::Nothing, |kind| in_call(process, kind))
        }
        Doing::Waiting(record) => Standing::Waiting(record),
        Doing::Processing(partition, offset, until) => Standing::Processing(partition, offset, until),
        Doing::Pausing(until) => Standing::Sleeping(until),
        Doing::Nothing | Doing::Between => Standing::Nothing,
    };
    Place { standing, written, now: false }
}

/// The line under a client's name.
pub(super) fn line(scene: &Scene<'_>, process: &ClientProcess) -> ProgramLine {
    let place = place(scene, process);
    let by_fault = match place.standing {
        Standing::Frozen => true,
        Standing::Ended => !process.closed && !process.exited,
        _ => false,
    };
    let tone = match (by_fault, place.now) {
        (true, _) => Tone::Fault,
        (false, true) => Tone::Now,
        (false, false) => Tone::Plain,
    };
    ProgramLine { pieces: pieces(&words(scene, process, &place.standing)), tone }
}

/// What it says; Kafka's words stand in backquotes.
fn words(scene: &Scene<'_>, process: &ClientProcess, standing: &Standing) -> String {
    let name = |record: &RecordId| record_name(scene, *record);
    match standing {
        Standing::Ended => ended(scene, process),
        Standing::Frozen => {
            let at = last_at(scene, process);
            scene.t(&format!("stands still since {at}"), &format!("{at}부터 멈춤"))
        }
        Standing::Made => {
            let class = match process.node {
                ClientNode::Producer(_) => "KafkaProducer",
                ClientNode::Consumer(_) => "KafkaConsumer",
            };
            scene.t(&format!("in `new {class}()`"), &format!("`new {class}()` 안"))
        }
        Standing::InCall(kind) => in_call_words(scene, process, *kind),
        Standing::Sending(record) => sending(scene, process, *record),
        Standing::Returned(CallKind::Send) => send_returned(scene, process),
        Standing::Returned(kind) => {
            let call = call_name(*kind);
            scene.t(&format!("`{call}` has returned"), &format!("`{call}` 호출이 돌아옴"))
        }
        Standing::Threw(kind, class) => {
            let (call, class) = (call_name(*kind), class.unwrap_or("Exception"));
            scene.t(&format!("`{call}` threw `{class}`"), &format!("`{call}` 예외: `{class}`"))
        }
        Standing::Waiting(record) => {
            let record = name(record);
            scene.t(&format!("waiting in `send().get()`, {record}"), &format!("`send().get()` 대기 중, {record}"))
        }
        Standing::Got(_, Given { metadata, exception: None }) => {
            scene.t(&format!("`get()` returned `{metadata}`"), &format!("`get()` 반환값: `{metadata}`"))
        }
        Standing::Got(_, Given { exception: Some(class), .. }) => scene.t(
            &format!("`get()` threw `ExecutionException: {class}`"),
            &format!("`get()` 예외: `ExecutionException: {class}`"),
        ),
        Standing::Callback(record, given) => {
            let (record, arguments) = (name(record), given.arguments());
            scene.t(
                &format!("in the callback of {record}: `{arguments}`"),
                &format!("{record} 콜백 실행 중: `{arguments}`"),
            )
        }
        Standing::Unseen(record, Given { exception, .. }) => {
            let record = name(record);
            match exception {
                None => scene.t(
                    &format!("nobody looks at the future of {record}"),
                    &format!("{record}: Future를 아무도 보지 않음"),
                ),
                Some(class) => scene.t(
                    &format!("nobody sees the `{class}` of {record}"),
                    &format!("{record}: `{class}`, 아무도 보지 않음"),
                ),
            }
        }
        Standing::Processing(partition, offset, until) => {
            let left = whole(&scene.left(*until));
            scene.t(
                &format!("processing `{partition}@{offset}`, {left} ms left"),
                &format!("`{partition}@{offset}` 처리 중, {left} ms 남음"),
            )
        }
        Standing::Processed(partition, offset) => {
            let partition = scene.partition_name(*partition);
            scene.t(&format!("processed `{partition}@{offset}`"), &format!("`{partition}@{offset}` 처리함"))
        }
        Standing::Sleeping(until) => {
            let left = whole(&scene.left(*until));
            scene.t(&format!("sleeping, {left} ms left"), &format!("`sleep` 중, {left} ms 남음"))
        }
        Standing::Nothing => nothing(scene, process),
    }
}

/// `2.0` as `2`
fn whole(ms: &str) -> String {
    ms.strip_suffix(".0").unwrap_or(ms).to_owned()
}

fn last_at(scene: &Scene<'_>, process: &ClientProcess) -> String {
    scene.last_of(Process::Client(process.id)).map(|event| scene.ms(event.at)).unwrap_or_default()
}

/// How it ended, and what went with it.
fn ended(scene: &Scene<'_>, process: &ClientProcess) -> String {
    let at = last_at(scene, process);
    if process.closed {
        return scene.t(&format!("ended: `close()` returned at {at}"), &format!("종료: {at}에 `close()` 완료"));
    }
    let (en, ko) = match process.exited {
        true => (format!("ended: `main()` returned at {at}"), format!("종료: {at}에 `main()` 반환")),
        false => ("gone".to_owned(), "사라짐".to_owned()),
    };
    match &process.node {
        ClientNode::Producer(producer) => match unsent(scene, producer) {
            0 if process.exited => scene.t(&en, &ko),
            0 => scene.t(&format!("{en}: killed at {at}"), &format!("{ko}: {at}에 강제 종료됨")),
            count => {
                let records = explain::grouped(count);
                let noun = if count == 1 { "record" } else { "records" };
                // When it ended stands beside its name; here is room for what it took along.
                match process.exited {
                    true => scene.t(
                        &format!("`main()` returned: its {records} unsent {noun} went with it"),
                        &format!("`main()` 반환: 미전송 레코드 {records}건도 사라짐"),
                    ),
                    false => scene.t(
                        &format!("gone: its {records} unsent {noun} went with it"),
                        &format!("사라짐: 미전송 레코드 {records}건 포함"),
                    ),
                }
            }
        },
        ClientNode::Consumer(_) => match u64::from(process.application.unprocessed()) {
            0 if process.exited => scene.t(&en, &ko),
            0 => scene.t(&format!("{en}: killed at {at}"), &format!("{ko}: {at}에 강제 종료됨")),
            count => {
                let (records, noun) = (explain::grouped(count), if count == 1 { "record" } else { "records" });
                let (en, ko) = if process.exited { ("`main()` returned", "`main()` 반환") } else { (&*en, &*ko) };
                scene.t(
                    &format!("{en}: {records} polled {noun} not processed"),
                    &format!("{ko}: 받고 처리하지 않은 레코드 {records}건"),
                )
            }
        },
    }
}

/// Records that were given to `send()` and never left.
fn unsent(scene: &Scene<'_>, producer: &Producer) -> u64 {
    let deques = producer.deques(scene.now);
    let batches = deques.iter().flat_map(|deque| &deque.batches).filter(|batch| batch.attempts == 0);
    let lying: usize = batches.map(|batch| batch.records.len()).sum();
    let in_send = producer.records_sent().checked_sub(1).map(|number| RecordId { client: producer.id(), number });
    lying as u64 + u64::from(in_send.and_then(|record| waits_in_send(producer, record)).is_some())
}

fn in_call_words(scene: &Scene<'_>, process: &ClientProcess, kind: CallKind) -> String {
    let call = call_name(kind);
    let longest = match (kind, &process.node) {
        (CallKind::Poll, ClientNode::Consumer(consumer)) => {
            if consumer.call_stage() == Some(CallStage::InListener) {
                return scene
                    .t("in the rebalance listener, within `poll()`", "`poll()` 안에서 리밸런스 리스너 실행 중");
            }
            let written = process.application.doing().1;
            written.and_then(|written| statement(scene.timeline.branch(), written)).and_then(poll_ms)
        }
        _ => None,
    };
    match longest {
        Some(ms) => {
            let ms = explain::grouped(ms);
            scene.t(&format!("in `{call}`, {ms} ms at most"), &format!("`{call}` 안, 최대 {ms} ms"))
        }
        None => scene.t(&format!("in `{call}`"), &format!("`{call}` 안")),
    }
}

/// The timeout of the polls that a statement makes.
pub(super) fn poll_ms(statement: &Statement) -> Option<u64> {
    match statement {
        Statement::ConsumeLoop(of) => Some(of.poll_ms),
        Statement::Call { call: Call::Loop, .. } => Some(LOOP_POLL_MS),
        Statement::Call { call: Call::Poll(poll), .. } => match &poll.goal {
            PollGoal::Times(_) => Some(poll.limit_ms()),
            PollGoal::Records(_) | PollGoal::ForMs(_) => Some(POLL_MS),
            PollGoal::Assigned(_) => None,
        },
        _ => None,
    }
}

/// In `send()`, which waits at times.
fn sending(scene: &Scene<'_>, process: &ClientProcess, record: RecordId) -> String {
    let name = record_name(scene, record);
    let ClientNode::Producer(producer) = &process.node else { unreachable!("a consumer sends nothing") };
    match waits_in_send(producer, record).map(|send| send.stage) {
        Some(SendStage::AwaitingMetadata(_)) => scene
            .t(&format!("in `send()`, waiting for metadata, {name}"), &format!("`send()` 안, 메타데이터 대기, {name}")),
        Some(SendStage::AwaitingMemory { .. }) => scene.t(
            &format!("in `send()`, waiting for `buffer.memory`, {name}"),
            &format!("`send()` 안, `buffer.memory` 대기, {name}"),
        ),
        _ => scene.t(&format!("in `send()`, {name}"), &format!("`send()` 안, {name}")),
    }
}

/// `send()` came back: what the program does with the future.
fn send_returned(scene: &Scene<'_>, process: &ClientProcess) -> String {
    let record = scene.index.last_record(process.id);
    match record.map(|record| mode_of_record(scene, process, record)) {
        Some(SendMode::Async) => {
            scene.t("`send()` returned, the callback comes later", "`send()` 호출이 돌아옴, 콜백은 나중에 실행")
        }
        _ => scene
            .t("`send()` returned, nobody looks at its future", "`send()` 호출이 돌아옴, Future를 아무도 보지 않음"),
    }
}

/// The thread has nothing to do.
fn nothing(scene: &Scene<'_>, process: &ClientProcess) -> String {
    if let ClientNode::Producer(producer) = &process.node
        && producer.incomplete_records() > 0
        && let Some(record) = scene.index.last_record(process.id)
    {
        match mode_of_record(scene, process, record) {
            SendMode::FireAndForget => {
                let name = record_name(scene, record);
                return scene.t(
                    &format!("nobody looks at the future of {name}"),
                    &format!("{name}: Future를 아무도 보지 않음"),
                );
            }
            SendMode::Async => {
                let open = u64::from(producer.incomplete_records());
                let callbacks = scene.count(open, "callback is", "callbacks are", "콜백", "개");
                return scene.t(&format!("{callbacks} still to come"), &format!("{callbacks} 대기 중"));
            }
            SendMode::Sync => {}
        }
    }
    scene.t("between two calls", "호출 사이")
}

/// What stands in backquotes is Kafka's own and is set as code; the topic of a place in a log may be cut.
fn pieces(words: &str) -> Vec<ProgramPiece> {
    let mut pieces = Vec::new();
    for (i, text) in words.split('`').enumerate() {
        let mono = i % 2 == 1;
        let place = text.rfind('-').filter(|at| mono && is_place(&text[at + 1..]));
        let (head, tail) = text.split_at(place.unwrap_or(0));
        for (text, may_be_cut) in [(head, true), (tail, !mono)] {
            if !text.is_empty() {
                pieces.push(ProgramPiece { text: text.to_owned(), mono, may_be_cut });
            }
        }
    }
    pieces
}

/// `2@7`, with what stands behind it.
fn is_place(text: &str) -> bool {
    text.split_once('@').is_some_and(|(partition, _)| partition.bytes().all(|byte| byte.is_ascii_digit()))
}
