//! What changing a setting would do, before it is done, and what the setting did in this run so far.

use super::Lens;
use super::model::Changing;
use super::processes::record_name;
use super::scene::Scene;
use super::values::InForce;
use crate::client::producer::Producer;
use crate::event::EventName;
use crate::explain::{Span, Spans};
use crate::ids::EventId;
use crate::invariant::Effects;
use crate::lang::{Text, text};
use crate::script::{ClientKind, Statement};
use crate::simulation::{ClientNode, ClientProcess, Progress};
use crate::timeline::{Alike, Timeline};

impl Changing {
    /// What giving this value to a setting of a client would do, at the place where the run stands; `client` is empty where it
    /// is a topic's or the cluster's.
    pub fn of(timeline: &Timeline, lens: &Lens, client: &str, setting: &str, value: &str) -> Changing {
        let scene = Scene::new(timeline, lens);
        let process = scene.simulation.client(client);
        Changing {
            did: process.and_then(|process| did(&scene, process, setting)),
            from_start: from_start(&scene, value),
            from_now: match process {
                Some(process) => match &process.node {
                    ClientNode::Producer(producer) => of_producer(&scene, process, producer),
                    ClientNode::Consumer(_) => of_consumer(&scene, process),
                },
                None => Spans::words(scene.t(
                    "The topic is altered by a request to the controller. What lies in its log stays as it is.",
                    "컨트롤러에 보내는 요청으로 토픽 설정을 바꿉니다. 이미 로그에 있는 내용은 그대로입니다.",
                )),
            },
        }
    }
}

/// The step at which one stands, as another run knows it; none: at the start.
pub fn alike(timeline: &Timeline, lens: &Lens) -> Option<Alike> {
    let first = timeline.moves().first_event(timeline.position());
    let last = first.0 + u32::try_from(timeline.events().len()).unwrap_or(0);
    let here = super::told_event(timeline, lens).unwrap_or(EventId(last.saturating_sub(1)));
    Alike::of(timeline.moves().story(), lens.followed, (timeline.position(), here))
}

/// The stage of a record that an event belongs to.
const fn stage(name: EventName) -> Option<Text> {
    use EventName::*;
    Some(match name {
        SendCalled => text("Record", "레코드"),
        Serialized => text("Serialize", "직렬화"),
        Partitioned => text("Partition", "파티션 선택"),
        MemoryAwaited | Appended | BatchReady => text("Accumulate", "배치에 모으기"),
        BatchDrained => text("Send", "전송"),
        RecordAcknowledged | RecordFailed | SendFailed => text("Result", "결과"),
        _ => return None,
    })
}

fn from_start(scene: &Scene<'_>, value: &str) -> Spans {
    let mut told = Spans::words(match value {
        "" => scene.t("The same commands run again with the default. ", "같은 명령을 기본값으로 다시 실행합니다. "),
        _ => scene.t(
            &format!("The same commands run again with {value}. "),
            &format!("같은 명령을 새 값으로 다시 실행합니다. 값: {value}. "),
        ),
    });
    let (before, place, behind) = match alike(scene.timeline, scene.lens) {
        None => ("", scene.t("You stand at the start.", "위치: 처음"), ""),
        Some(alike) => {
            let chapter = alike.chapter;
            let place = match (alike.record, stage(alike.name)) {
                (Some(record), Some(stage)) => {
                    let (record, stage) = (record_name(scene, record), scene.said(stage));
                    scene.t(&format!("{stage} of {record}"), &format!("{record}, {stage}"))
                }
                (Some(record), None) => {
                    let record = record_name(scene, record);
                    scene.t(&format!("the same step of {record}"), &format!("{record}, 같은 스텝"))
                }
                (None, _) if chapter > 0 => {
                    scene.t(&format!("the same step of chapter {chapter}"), &format!("챕터 {chapter}, 같은 스텝"))
                }
                (None, _) => scene.t("the same step", "같은 스텝"),
            };
            let words = (scene.lang.pick("You stand at ", "서 있을 위치: "), scene.lang.pick(" again.", "."));
            (words.0, place, words.1)
        }
    };
    told.push(Span::Words(before.to_owned()));
    told.push(Span::Strong(place));
    told.push(Span::Words(behind.to_owned()));
    told
}

/// A count of records that are still to be sent by what a program was told, and by the script's lines to come.
fn sends(scene: &Scene<'_>, n: u64) -> String {
    scene.t(&format!("{n} {}", if n == 1 { "send" } else { "sends" }), &format!("send {n}번"))
}

/// Statements of the script for a client that are still to be played; of its sends how many there are.
fn to_come(scene: &Scene<'_>, name: &str) -> (u64, u64) {
    let Progress::Playing(line) = scene.simulation.progress() else { return (0, 0) };
    let (mut sent, mut other) = (0, 0);
    for line in scene.timeline.branch().scenario.lines.iter().filter(|of| of.number > line) {
        match &*line.statement {
            Statement::Send(send) if *send.client == *name => sent += u64::from(send.times),
            Statement::Call { client, .. } if **client == *name => other += 1,
            Statement::ProduceLoop(of) if *of.client == *name => other += 1,
            Statement::ConsumeLoop(of) if *of.client == *name => other += 1,
            _ => {}
        }
    }
    (sent, other)
}

fn of_producer(scene: &Scene<'_>, process: &ClientProcess, producer: &Producer) -> Spans {
    let name = &process.recipe.name;
    let application = &process.application;
    let waits = application.records_to_come();
    let mut told = Spans::default();
    // A task waits until those before it are done.
    if waits > 0 {
        let sends = sends(scene, waits);
        told.push(Span::Words(scene.t(
            &format!("It waits for what the program was told before: {sends}. Then "),
            &format!("먼저 지시된 작업({sends})이 끝나기를 기다립니다. "),
        )));
    } else if application.has_tasks() || application.is_in_loop_call() {
        told.push(Span::Words(waits_for_call(scene)));
    }
    let open = producer.deques(scene.now).iter().map(|deque| deque.batches.len() as u64).sum::<u64>();
    told.push(Span::Words(scene.t(&format!("{name} is closed"), &format!("클라이언트 {name}: 닫"))));
    if open > 0 {
        let batches = if open == 1 { "batch" } else { "batches" };
        told.push(Span::Words(scene.t(", which ", "으면서 ")));
        told.push(Span::Strong(
            scene.t(&format!("sends its {open} open {batches} now"), &format!("열린 배치 {open}개를 바로 보내")),
        ));
        told.push(Span::Words(scene.t(", and made anew. ", "고, 새로 만듭니다. ")));
    } else {
        told.push(Span::Words(scene.t(" and made anew. ", "고 새로 만듭니다. ")));
    }
    told.push(Span::Words(goes_on(scene, process)));
    told
}

/// A client is changed between two calls of its program.
fn waits_for_call(scene: &Scene<'_>) -> String {
    scene.t("It waits until the call under way has come back. Then ", "먼저 진행 중인 호출이 돌아오기를 기다립니다. ")
}

/// What becomes of the rest of a program: the loop is taken up, and the script's lines to come are for the new client.
fn goes_on(scene: &Scene<'_>, process: &ClientProcess) -> String {
    let (sent, other) = to_come(scene, &process.recipe.name);
    let lines = |n: u64| scene.count(n, "line", "lines", "줄", "개");
    let mut rest: Vec<String> = Vec::new();
    if process.application.is_looping() {
        rest.push(scene.t("its loop", "루프"));
    }
    if sent > 0 {
        rest.push(sends(scene, sent));
    }
    if other > 0 {
        let lines = lines(other);
        rest.push(scene.t(&format!("{lines} more of the script"), &format!("스크립트 {lines}")));
    }
    match rest.is_empty() {
        true => scene.t("Its program has nothing more to do.", "프로그램에 남은 일은 없습니다."),
        false => {
            let rest = rest.join(", ");
            scene.t(&format!("Its program goes on: {rest}."), &format!("프로그램은 이어집니다: {rest}."))
        }
    }
}

fn of_consumer(scene: &Scene<'_>, process: &ClientProcess) -> Spans {
    let name = &process.recipe.name;
    let mut told = Spans::default();
    let unprocessed = u64::from(process.application.unprocessed());
    if unprocessed > 0 {
        let records = scene.records(unprocessed);
        told.push(Span::Words(scene.t(
            &format!("It waits until {records} in its hands are processed. Then "),
            &format!("먼저 받아 둔 {records}의 처리가 끝나기를 기다립니다. "),
        )));
    } else if process.application.has_tasks() || process.application.is_in_loop_call() {
        told.push(Span::Words(waits_for_call(scene)));
    }
    let is = |setting: &str| InForce(scene.simulation).of_client(process, setting).map(|found| found.value);
    let commits = is("enable.auto.commit").is_some_and(|value| value == "true");
    let has_group = is("group.id").is_some_and(|group| !group.is_empty());
    told.push(Span::Words(scene.t(&format!("{name} is closed"), &format!("클라이언트 {name}: 닫"))));
    let strong = match (has_group, commits) {
        (true, true) => Some(scene.t("commits its positions and leaves its group", "위치를 커밋하고 그룹에서 나가")),
        (true, false) => Some(scene.t("leaves its group without a commit", "커밋하지 않고 그룹에서 나가")),
        (false, _) => None,
    };
    match strong {
        Some(strong) => {
            told.push(Span::Words(scene.t(", which ", "으면서 ")));
            told.push(Span::Strong(strong));
            told.push(Span::Words(scene.t(
                ", and made anew: it joins again, and the group rebalances. ",
                "고, 새로 만듭니다. 다시 참가하여 그룹이 리밸런스됩니다. ",
            )));
        }
        None => told.push(Span::Words(scene.t(" and made anew. ", "고 새로 만듭니다. "))),
    }
    told.push(Span::Words(goes_on(scene, process)));
    told
}

/// What a setting did in this run so far, of those for which that is counted: of all the clients that had this name.
fn did(scene: &Scene<'_>, process: &ClientProcess, setting: &str) -> Option<String> {
    let same = scene.simulation.clients().iter().filter(|other| other.recipe.name == process.recipe.name);
    let effects = scene.timeline.observers().effects();
    let of = same.fold(Effects::default(), |sum, other| sum.and(effects.client(other.id)));
    if process.recipe.kind == ClientKind::Producer {
        of_sending(scene, of, setting)
    } else {
        of_reading(scene, of, setting)
    }
}

fn of_sending(scene: &Scene<'_>, of: Effects, setting: &str) -> Option<String> {
    let batches = |n: u64| scene.count(n, "batch", "batches", "배치", "개");
    let were = |n: u64| if n == 1 { "was" } else { "were" };
    let records = |n: u64| scene.records(n);
    Some(match setting {
        "linger.ms" => {
            let (closed, full) = (batches(of.lingered), of.full);
            scene.t(
                &format!("It closed {closed} in this run; {full} more {} full before.", were(full)),
                &format!("이 실행에서 이 설정으로 닫힌 {closed}, 먼저 가득 찬 배치 {full}개."),
            )
        }
        "batch.size" => {
            let (full, before) = (batches(of.full), of.lingered + of.otherwise);
            scene.t(
                &format!("It closed {full} in this run; {before} more left before they were full."),
                &format!("이 실행에서 가득 차서 닫힌 {full}, 가득 차기 전에 떠난 배치 {before}개."),
            )
        }
        "acks" => {
            let (answered, failed) = (records(of.answered), of.failed);
            let mut told = scene.t(
                &format!("In this run {answered} {} acknowledged, {failed} failed", were(of.answered)),
                &format!("이 실행에서 ack된 {answered}, 실패 {failed}건"),
            );
            if of.unanswered > 0 {
                let unanswered = of.unanswered;
                told += &scene.t(
                    &format!(", {unanswered} left and no answer was awaited"),
                    &format!(", 응답을 기다리지 않고 보낸 것 {unanswered}건"),
                );
            }
            told + "."
        }
        "retries" | "request.timeout.ms" => {
            let (timed, again) = (of.timed_out, batches(of.retried));
            let requests = if timed == 1 { "request" } else { "requests" };
            scene.t(
                &format!("In this run {timed} {requests} timed out, and {again} {} sent again.", were(of.retried)),
                &format!("이 실행에서 시간 초과된 요청 {timed}개, 다시 보낸 {again}."),
            )
        }
        _ => return None,
    })
}

fn of_reading(scene: &Scene<'_>, of: Effects, setting: &str) -> Option<String> {
    let times = |n: u64| if n == 1 { "once".to_owned() } else { format!("{n} times") };
    Some(match setting {
        "enable.auto.commit" | "auto.commit.interval.ms" => {
            let (auto, own) = (of.auto_commits, of.sync_commits + of.async_commits);
            let commits = if auto == 1 { "commit" } else { "commits" };
            scene.t(
                &format!("In this run {auto} {commits} came of it; the program made {own} of its own."),
                &format!("이 실행의 자동 커밋 {auto}번, 프로그램이 직접 한 커밋 {own}번."),
            )
        }
        "max.poll.records" => {
            let (polls, most) = (of.polls, scene.records(of.most_polled));
            let unit = if polls == 1 { "poll" } else { "polls" };
            scene.t(
                &format!("In this run {polls} {unit} returned records, {most} at most."),
                &format!("이 실행에서 레코드를 돌려준 poll {polls}번, 한 번에 최대 {most}."),
            )
        }
        "session.timeout.ms" => {
            let (ended, lost) = (of.sessions_ended, of.sessions_lost);
            let said = match (ended, lost) {
                (0, 0) => "In this run no session of it ended.".to_owned(),
                (_, 0) => format!("In this run the coordinator removed it {} for this.", times(ended)),
                (0, _) => format!("In this run it gave its coordinator up {} for this.", times(lost)),
                _ => format!(
                    "In this run the coordinator removed it {} for this, and it gave its coordinator up {} itself.",
                    times(ended),
                    times(lost)
                ),
            };
            scene.t(
                &said,
                &format!("이 실행에서 이 설정 때문에 코디네이터가 제외한 횟수 {ended}번, 스스로 코디네이터를 포기한 횟수 {lost}번."),
            )
        }
        "max.poll.interval.ms" => {
            let n = of.polls_too_late;
            let said = match n {
                0 => "It did not pass between two polls in this run.".to_owned(),
                _ => format!("It passed between two polls {} in this run.", times(n)),
            };
            scene.t(&said, &format!("이 실행에서 두 poll 사이에 지난 횟수 {n}번."))
        }
        "auto.offset.reset" => {
            let n = of.resets;
            let positions = if n == 1 { "position" } else { "positions" };
            scene.t(
                &format!("It chose {n} {positions} in this run."),
                &format!("이 실행에서 이 설정으로 정해진 위치 {n}개."),
            )
        }
        "request.timeout.ms" => {
            let n = of.timed_out;
            let requests = if n == 1 { "request" } else { "requests" };
            scene.t(&format!("In this run {n} {requests} timed out."), &format!("이 실행에서 시간 초과된 요청 {n}개."))
        }
        _ => return None,
    })
}
