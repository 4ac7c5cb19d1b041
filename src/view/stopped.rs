//! A script that has stopped. Where nobody but its author is to blame, the line that was not carried out is quoted. Where the
//! reader had changed something, it is told in plain words what the story waited for, and how things stand.

use super::changed;
use super::model::{Story, StoryKind};
use super::scene::{Scene, shortened};
use crate::event::{EventName, GroupState};
use crate::explain::{Span, Spans};
use crate::ids::{Process, TopicPartition};
use crate::lang::{Lang, Sentence, both};
use crate::script::{Condition, Fault, GroupFacts, Line, Statement, Wait, print_statement};
use crate::simulation::{Life, Progress};
use crate::time::Instant;

/// Characters of a line of the script that is quoted.
const LINE: usize = 80;
/// Groups of which it is told how they stand.
const GROUPS: usize = 2;

/// What is said of a script that has stopped.
pub(super) struct Stop {
    pub happened: Spans,
    pub meaning: Spans,
    /// Something had been changed: the story's author need not be to blame.
    pub is_own_doing: bool,
}

impl Stop {
    pub fn of(scene: &Scene<'_>) -> Option<Stop> {
        let happened = happened(scene)?;
        let is_own_doing = is_by_change(scene);
        let to_come = scene.simulation.lines_to_come().iter().filter(|line| acts(line)).count() as u64;
        let mut meaning = if is_own_doing { groups(scene) } else { Vec::new() };
        meaning.extend(left_out(scene, to_come, is_own_doing && scene.tells_a_story()));
        let meaning = if meaning.is_empty() { Spans::default() } else { Spans::words(meaning.join(" ")) };
        Some(Stop { happened, meaning, is_own_doing })
    }

    /// As it is told behind what the run came to.
    pub fn behind_the_end(self) -> Spans {
        let mut told = self.happened;
        if !self.meaning.is_empty() {
            told.push(Span::Words(" ".to_owned()));
            self.meaning.0.into_iter().for_each(|span| told.push(span));
        }
        told
    }
}

/// What happened to a script that has stopped.
pub(super) fn happened(scene: &Scene<'_>) -> Option<Spans> {
    let line = scene.simulation.stopped_at()?;
    let Progress::Failed(_, error) = scene.simulation.progress() else { return None };
    Some(match is_by_change(scene) {
        true => in_plain_words(scene, line, &error.why),
        false => quoted(scene, line, &error.why),
    })
}

/// The move in which the script stopped.
fn stopped_in(scene: &Scene<'_>) -> u64 {
    let stop = scene.timeline.moves().story().told().iter().rev().find(|told| told.name == EventName::ScriptStopped);
    stop.map_or(scene.timeline.position(), |stop| stop.number.into())
}

/// Whether something had been changed before the script stopped: then the line need not be wrong.
pub(super) fn is_by_change(scene: &Scene<'_>) -> bool {
    changed::is_changed(scene, stopped_in(scene))
}

/// Tells that the script stops here.
pub(super) fn tell(scene: &Scene<'_>, story: &mut Story) {
    story.kind = StoryKind::Stopped;
    if let Some(stop) = Stop::of(scene) {
        (story.happened, story.meaning) = (stop.happened, stop.meaning);
    }
}

/// The line that was not carried out, and why: the driver knows more of it than its event.
fn quoted(scene: &Scene<'_>, line: u32, why: &Sentence) -> Spans {
    let text = line_text(scene);
    let mut happened = Spans::default();
    happened.push(Span::Words(scene.t(&format!("Line {line}, "), &format!("{line}행을 "))));
    match scene.lang {
        Lang::En => {
            happened.push(text);
            happened.push(Span::Words(", is ".to_owned()));
            happened.push(Span::Strong("not carried out".to_owned()));
            happened.push(Span::Words(": ".to_owned()));
        }
        Lang::Ko => {
            happened.push(Span::Strong("수행하지 못합니다".to_owned()));
            happened.push(Span::Words("(".to_owned()));
            happened.push(text);
            happened.push(Span::Words("). ".to_owned()));
        }
    }
    happened.push(Span::Words(format!("{}.", why.pick(scene.lang).trim_end_matches('.'))));
    happened
}

fn line_text(scene: &Scene<'_>) -> Span {
    Span::Mono(scene.simulation.script_line().map(|line| shortened(&line.text, LINE)).unwrap_or_default())
}

/// What the story waited for and until when, or wanted to do, and cannot any more. Of a script that tells no story the line is
/// named as well: whoever opened it may have written it.
fn in_plain_words(scene: &Scene<'_>, row: u32, why: &Sentence) -> Spans {
    let is_story = scene.tells_a_story();
    let mut told = Spans::default();
    told.push(Span::Words(match is_story {
        true => scene.t("The story ", "이야기를 본래대로 "),
        false => scene.t("The script ", "스크립트를 본래대로 "),
    }));
    told.push(Span::Strong(scene.t("cannot go on as it was written", "이어 갈 수 없습니다")));
    if !is_story {
        told.push(Span::Words(scene.t(&format!(" (line {row}, "), &format!("({row}행, "))));
        told.push(line_text(scene));
        told.push(Span::Words(")".to_owned()));
    }
    let stopped = scene.timeline.moves().at(stopped_in(scene));
    let statement = scene.simulation.script_line().map(|line| &*line.statement);
    told.push(Span::Words(match statement {
        Some(Statement::Wait(Wait { condition, .. }) | Statement::RunUntil(Wait { condition, .. })) => {
            let (at, awaited) = (scene.ms(stopped), awaited(condition));
            // Who stands still by now need not have stood still then.
            let stood = scene.simulation.hindrance(condition).filter(|of| why.en.ends_with(&of.en));
            let (en, ko) = stood.map_or_else(Default::default, |of| (format!(": {}", of.en), format!(" {}.", of.ko)));
            scene.t(
                &format!(": it waited until {at} for {}, and that did not come{en}.", awaited.en),
                &format!(". {at}까지 기다렸으나 이루어지지 않은 것: {}.{ko}", awaited.ko),
            )
        }
        _ => {
            let gone = statement.and_then(|statement| gone(scene, statement, stopped));
            let Sentence { en, ko } = gone.unwrap_or_else(|| why.clone());
            scene.t(&format!(": {}.", en.trim_end_matches('.')), &format!(". {}.", ko.trim_end_matches('.')))
        }
    }));
    told
}

/// That the program which a line is for had ended by then: the line's own error says how one makes it anew.
fn gone(scene: &Scene<'_>, statement: &Statement, stopped: Instant) -> Option<Sentence> {
    let name = match statement {
        Statement::Fault(Fault::Kill { client } | Fault::Slow { client, .. }) => client,
        _ => statement.client()?,
    };
    let client = scene.simulation.client(name).filter(|client| client.life == Life::Gone)?;
    let ended = scene.last_of(Process::Client(client.id))?;
    let condition = Condition::Sent { client: name.clone() };
    scene.simulation.hindrance(&condition).filter(|_| ended.at <= stopped)
}

/// `Group billing: c3 owns orders-0, orders-2; c4 owns orders-1.`
fn groups(scene: &Scene<'_>) -> Vec<String> {
    let seen = scene.groups().iter().filter_map(|group| Some((group.id, group.view.as_ref()?)));
    let one = |(id, view): (&std::sync::Arc<str>, &crate::coordinator::group::GroupView)| {
        if view.members.is_empty() {
            return scene.t(&format!("Group {id} has no member now."), &format!("그룹 {id}: 지금 멤버가 없습니다."));
        }
        let is_settled = view.state == GroupState::Stable;
        let member = |member: &crate::coordinator::group::MemberView| {
            let name = member.client.map_or_else(|| member.client_id.to_string(), |client| scene.client_name(client));
            match (is_settled, member.assignment.is_empty()) {
                (false, _) => name,
                (true, true) => scene.t(&format!("{name} owns nothing"), &format!("{name} 없음")),
                (true, false) => {
                    let owned = partitions(&member.assignment);
                    scene.t(&format!("{name} owns {owned}"), &format!("{name} {owned}"))
                }
            }
        };
        let members: Vec<String> = view.members.iter().map(member).collect();
        match is_settled {
            true => {
                let members = members.join("; ");
                scene.t(&format!("Group {id} now: {members}."), &format!("그룹 {id}의 현재 소유: {members}."))
            }
            false => {
                let (members, state) = (members.join(", "), view.state.name());
                scene.t(
                    &format!("Group {id} is in {state}, with {members}."),
                    &format!("그룹 {id}의 상태: {state}, 멤버: {members}."),
                )
            }
        }
    };
    seen.take(GROUPS).map(one).collect()
}

fn partitions(partitions: &[TopicPartition]) -> String {
    partitions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What a line waits for, as it stands behind "waited for".
fn awaited(condition: &Condition) -> Sentence {
    match condition {
        Condition::Group { group, facts } => of_group(group, facts),
        Condition::Assignment { client, partitions: owned } if owned.is_empty() => {
            both(format!("{client} to own nothing"), format!("{client}의 소유 파티션 없음"))
        }
        Condition::Assignment { client, partitions: owned } => {
            let owned = partitions(owned);
            both(format!("{client} to own {owned}"), format!("{client}의 소유 파티션 {owned}"))
        }
        Condition::AssignedCount { client, count } => {
            let what = if *count == 1 { "partition" } else { "partitions" };
            both(format!("{client} to own {count} {what}"), format!("{client}의 소유 파티션 {count}개"))
        }
        Condition::Count { client, count } => {
            let what = if *count == 1 { "record" } else { "records" };
            both(format!("{client} to read {count} {what}"), format!("{client}의 읽기, 레코드 {count}건"))
        }
        Condition::Sent { client } => {
            both(format!("each send of {client} to have its result"), format!("{client}의 모든 전송 결과"))
        }
        Condition::Latest { partition, offset } | Condition::LogEnd { partition, offset, .. } => {
            both(format!("{partition} to end at offset {offset}"), format!("{partition}의 끝 오프셋 {offset}"))
        }
        Condition::Committed { group, partition, offset: Some(offset) } => both(
            format!("group {group} to commit {offset} for {partition}"),
            format!("그룹 {group}의 {partition} 커밋 오프셋 {offset}"),
        ),
        Condition::Leader { partition, broker: Some(broker) } => {
            both(format!("broker {} to lead {partition}", broker.0), format!("{partition}의 리더, 브로커 {}", broker.0))
        }
        Condition::Leader { partition, broker: None } => {
            both(format!("{partition} to have no leader"), format!("{partition}의 리더 없음"))
        }
        other => {
            let wait = Wait { condition: other.clone(), timeout_ms: None };
            let text = print_statement(&Statement::Wait(wait));
            let text = text.trim_start_matches("wait ");
            both(format!("`{text}`"), format!("`{text}`"))
        }
    }
}

/// `group billing to be Stable with 3 members`
fn of_group(group: &str, facts: &GroupFacts) -> Sentence {
    let (mut en, mut ko) = (Vec::new(), Vec::new());
    if let Some(state) = &facts.state {
        en.push(format!("be {state}"));
        ko.push(format!("상태 {state}"));
    }
    if let Some(members) = facts.members {
        let what = if members == 1 { "member" } else { "members" };
        en.push(format!("have {members} {what}"));
        ko.push(format!("멤버 {members}명"));
    }
    if let Some(kind) = &facts.kind {
        en.push(format!("be of type {kind}"));
        ko.push(format!("종류 {kind}"));
    }
    if let Some(epoch) = facts.epoch {
        en.push(format!("be in epoch {epoch}"));
        ko.push(format!("에포크 {epoch}"));
    }
    both(format!("group {group} to {}", en.join(" and ")), format!("그룹 {group}의 {}", ko.join(", ")))
}

/// The title of the chapter that begins at a line, as it is quoted.
fn title(scene: &Scene<'_>, line: &Line) -> Option<String> {
    match &*line.statement {
        Statement::Chapter(chapter) => Some(format!("“{}”", chapter.title.pick(scene.lang))),
        _ => None,
    }
}

/// `Left out: chapter “The same again”, with 5 lines of the script.`
fn left_out_chapters(scene: &Scene<'_>, chapters: &[String], lines: u64) -> String {
    let titles = chapters.join(", ");
    let (what, line) =
        (if chapters.len() == 1 { "chapter" } else { "chapters" }, if lines == 1 { "line" } else { "lines" });
    match lines {
        0 => scene.t(&format!("Left out: {what} {titles}."), &format!("진행하지 않는 챕터: {titles}.")),
        _ => scene.t(
            &format!("Left out: {what} {titles}, with {lines} {line} of the script."),
            &format!("진행하지 않는 챕터: {titles}. 수행하지 않는 스크립트 행: {lines}개."),
        ),
    }
}

fn acts(line: &Line) -> bool {
    !matches!(*line.statement, Statement::Nothing | Statement::Cluster(_) | Statement::Chapter(_) | Statement::Try(_))
}

/// What becomes of the lines behind a line that was not carried out, and what its author can do.
fn left_out(scene: &Scene<'_>, lines: u64, is_others: bool) -> Vec<String> {
    let chapters: Vec<String> = match is_others {
        true => scene.simulation.lines_to_come().iter().filter_map(|line| title(scene, line)).collect(),
        false => Vec::new(),
    };
    let left = match (lines, is_others) {
        _ if !chapters.is_empty() => Some(left_out_chapters(scene, &chapters, lines)),
        (0, _) => None,
        (1, true) => Some(scene.t(
            "The one line of its script behind this is left out.",
            "스크립트에서 그 뒤의 한 행은 수행하지 않습니다.",
        )),
        (_, true) => Some(scene.t(
            &format!("The {lines} lines of its script behind this are left out."),
            &format!("스크립트에서 그 뒤의 {lines}개 행은 수행하지 않습니다."),
        )),
        (1, false) => {
            Some(scene.t("The line behind it is not carried out either.", "그 뒤의 한 행도 수행하지 않습니다."))
        }
        (_, false) => Some(scene.t(
            &format!("The {lines} lines behind it are not carried out either."),
            &format!("그 뒤의 {lines}개 행도 수행하지 않습니다."),
        )),
    };
    let can = (!is_others).then(|| {
        scene.t(
            "Change the line and open the script again, or go on by hand.",
            "그 행을 고쳐 스크립트를 다시 열거나, 직접 이어 가십시오.",
        )
    });
    left.into_iter().chain(can).collect()
}
