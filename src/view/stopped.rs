//! A script that has stopped. Where nobody but its author is to blame, the line that was not carried out is quoted. Where the
//! reader has changed something, the line was right: it is told in plain words what the story waited for, and how things stand.

use super::model::{Story, StoryKind};
use super::scene::{Scene, shortened};
use super::story;
use crate::event::GroupState;
use crate::explain::{Span, Spans};
use crate::ids::TopicPartition;
use crate::lang::{Lang, Sentence, both};
use crate::script::{Condition, GroupFacts, Line, Statement, Wait, print_statement};
use crate::simulation::Progress;

/// Characters of a line of the script that is quoted.
const LINE: usize = 80;
/// Groups of which it is told how they stand.
const GROUPS: usize = 2;

/// What is said of a script that has stopped.
pub(super) struct Stop {
    pub happened: Spans,
    pub meaning: Spans,
    /// Something was changed: the story's author is not to blame.
    pub is_own_doing: bool,
}

impl Stop {
    pub fn of(scene: &Scene<'_>) -> Option<Stop> {
        let line = scene.simulation.stopped_at()?;
        let Progress::Failed(_, error) = scene.simulation.progress() else { return None };
        let to_come = scene.simulation.lines_to_come().iter().filter(|line| acts(line)).count() as u64;
        let is_own_doing = story::is_changed(scene);
        let (happened, meaning) = match is_own_doing {
            true => (in_plain_words(scene, &error.why), how_it_stands(scene, to_come)),
            false => (quoted(scene, line, &error.why), Spans::words(left_out(scene, to_come))),
        };
        Some(Stop { happened, meaning, is_own_doing })
    }
}

impl Stop {
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

/// Tells that the script stops here.
pub(super) fn tell(scene: &Scene<'_>, story: &mut Story) {
    story.kind = StoryKind::Stopped;
    if let Some(stop) = Stop::of(scene) {
        (story.happened, story.meaning) = (stop.happened, stop.meaning);
    }
}

/// The line that was not carried out, and why: the driver knows more of it than its event.
fn quoted(scene: &Scene<'_>, line: u32, why: &Sentence) -> Spans {
    let text = scene.simulation.script_line().map(|line| shortened(&line.text, LINE)).unwrap_or_default();
    let mut happened = Spans::default();
    happened.push(Span::Words(scene.t(&format!("Line {line}, "), &format!("{line}행을 "))));
    match scene.lang {
        Lang::En => {
            happened.push(Span::Mono(text));
            happened.push(Span::Words(", is ".to_owned()));
            happened.push(Span::Strong("not carried out".to_owned()));
            happened.push(Span::Words(": ".to_owned()));
        }
        Lang::Ko => {
            happened.push(Span::Strong("수행하지 못합니다".to_owned()));
            happened.push(Span::Words("(".to_owned()));
            happened.push(Span::Mono(text));
            happened.push(Span::Words("). ".to_owned()));
        }
    }
    happened.push(Span::Words(format!("{}.", why.pick(scene.lang).trim_end_matches('.'))));
    happened
}

/// What the story waited for, or wanted to do, and cannot any more.
fn in_plain_words(scene: &Scene<'_>, why: &Sentence) -> Spans {
    let has_chapters = scene.timeline.branch().scenario.chapters().next().is_some();
    let mut told = Spans::default();
    told.push(Span::Words(match has_chapters {
        true => scene.t("The story ", "이야기를 본래대로 "),
        false => scene.t("The script ", "스크립트를 본래대로 "),
    }));
    told.push(Span::Strong(scene.t("cannot go on as it was written", "이어 갈 수 없습니다")));
    let waited = scene.simulation.script_line().and_then(|line| match &*line.statement {
        Statement::Wait(wait) => Some(&wait.condition),
        _ => None,
    });
    told.push(Span::Words(match waited {
        Some(condition) => {
            let awaited = awaited(condition);
            let why = scene.simulation.hindrance(condition).unwrap_or_else(|| both("", ""));
            let (en, ko) = match why.en.is_empty() {
                true => (String::new(), String::new()),
                false => (format!(": {}", why.en), format!(" {}.", why.ko)),
            };
            scene.t(
                &format!(": it waited for {}, and that does not come{en}.", awaited.en),
                &format!(". 기다렸으나 이루어지지 않은 것: {}.{ko}", awaited.ko),
            )
        }
        None => {
            scene.t(&format!(": {}.", why.en.trim_end_matches('.')), &format!(". {}.", why.ko.trim_end_matches('.')))
        }
    }));
    told
}

/// How the groups stand, and that lines of the script are left out.
fn how_it_stands(scene: &Scene<'_>, lines: u64) -> Spans {
    let mut told: Vec<String> = groups(scene);
    match lines {
        0 => {}
        1 => told.push(scene.t(
            "The one line of its script behind this is left out.",
            "스크립트에서 그 뒤의 한 행은 수행하지 않습니다.",
        )),
        _ => told.push(scene.t(
            &format!("The {lines} lines of its script behind this are left out."),
            &format!("스크립트에서 그 뒤의 {lines}개 행은 수행하지 않습니다."),
        )),
    }
    match told.is_empty() {
        true => Spans::default(),
        false => Spans::words(told.join(" ")),
    }
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

fn acts(line: &Line) -> bool {
    !matches!(*line.statement, Statement::Nothing | Statement::Cluster(_) | Statement::Chapter(_) | Statement::Try(_))
}

/// What becomes of the lines behind a line that was not carried out, and what one can do.
fn left_out(scene: &Scene<'_>, lines: u64) -> String {
    let can = scene.t(
        "Change the line and open the script again, or go on by hand.",
        "그 행을 고쳐 스크립트를 다시 열거나, 직접 이어 가십시오.",
    );
    let left = match lines {
        0 => return can,
        1 => scene.t("The line behind it is not carried out either.", "그 뒤의 한 행도 수행하지 않습니다."),
        _ => scene.t(
            &format!("The {lines} lines behind it are not carried out either."),
            &format!("그 뒤의 {lines}개 행도 수행하지 않습니다."),
        ),
    };
    format!("{left} {can}")
}
