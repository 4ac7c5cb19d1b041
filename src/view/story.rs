//! Narration and transport.

use super::model::{Story, StoryKind, Transport};
use super::scene::{Scene, line_cut};
use super::story_place::StoryPlace;
use super::{area, changed, ending, fold, stopped};
use crate::event::EventKind;
use crate::explain::{Span, Spans};
use crate::lang::Lang;
use crate::script::{Line, Setting, SettingTarget, Statement};
use crate::simulation::{Command, Life, Progress};
use crate::timeline::Flags;

pub(super) fn story(scene: &Scene<'_>) -> Story {
    let position = scene.timeline.position();
    let first = scene.timeline.moves().first_event(position).0;
    let mut story = match &scene.telling {
        Some(telling) => Story {
            kind: StoryKind::Event,
            happened: telling.narration.happened.clone(),
            meaning: telling.narration.meaning.clone(),
            why: telling.narration.why.clone(),
            others: telling.others.iter().map(|(i, text)| (first + *i as u32, text.clone())).collect(),
            others_text: others_text(scene, telling.others.len()),
            fold: fold::of(scene),
            ending: None,
            running: None,
            about: scene.place.selection(),
            area: area::of(scene),
        },
        None => quiet(scene, position),
    };
    if position > 0 && scene.timeline.moves().flags(position).has(Flags::COMMAND) {
        story.kind = StoryKind::Command;
    }
    match (scene.told.map(|event| event.kind), scene.simulation.full()) {
        (Some(EventKind::ScriptStopped { line: 0 }), Some(full)) => {
            story.kind = StoryKind::Stopped;
            story.happened = Spans::words(full.alone().pick(scene.lang).to_owned());
        }
        (Some(EventKind::ScriptStopped { .. }), _) => stopped::tell(scene, &mut story),
        (Some(EventKind::ChapterBegan { line, .. }), _) => chapter(scene, line, &mut story),
        _ => {}
    }
    if scene.lens.ended {
        ending::close(scene, &mut story);
    } else if scene.lens.playing.is_some() {
        story.running = Some(ending::counts(scene));
    }
    story
}

/// A chapter's title, what there is to see in it, and for who has just come the one key that leads on.
fn chapter(scene: &Scene<'_>, line: u32, story: &mut Story) {
    let Some(chapter) = StoryPlace::chapter_at(scene.timeline, line) else { return };
    story.kind = StoryKind::Chapter;
    let is_first = scene.timeline.branch().scenario.chapters().next().is_some_and(|(first, _)| first.number == line);
    let mut happened = Spans::default();
    happened.push(Span::Strong(chapter.title.pick(scene.lang).to_string()));
    story.happened = happened;
    let mut says = match changed::is_chapter_changed(scene) {
        false => Spans::words(chapter.says.pick(scene.lang).to_string()),
        true => changed::says(scene),
    };
    if is_first {
        let key = scene.t("Press → for the first step.", "→ 키를 누르면 첫 스텝으로 갑니다.");
        let has_words = !says.plain().is_empty();
        says.push(Span::Words(if has_words { format!(" {key}") } else { key }));
    }
    story.meaning = if says.plain().is_empty() { Spans::default() } else { says };
    story.why = Spans::default();
}

/// `2 more at 4 198.0`
fn others_text(scene: &Scene<'_>, others: usize) -> Option<String> {
    let at = scene.ms(scene.now.at);
    (others > 0).then(|| scene.t(&format!("{others} more at {at}"), &format!("{at}에 {others}개 더")))
}

/// A move in which no event happened: the start, a line of the script, an arrival that changes nothing.
fn quiet(scene: &Scene<'_>, position: u64) -> Story {
    let (kind, happened, meaning) = if position == 0 {
        let meaning =
            scene.t("Press the right arrow key for the first step.", "오른쪽 화살표 키를 누르면 첫 스텝으로 갑니다.");
        (StoryKind::Start, scene.t("Nothing has happened yet.", "아직 아무 일도 일어나지 않았습니다."), meaning)
    } else if scene.simulation.passed_over().is_some() || waits(scene) {
        (StoryKind::Command, said_by_command(scene), String::new())
    } else if scene.timeline.next_at().is_none() {
        let (happened, meaning) = ended(scene);
        (StoryKind::End, happened, meaning)
    } else {
        let meaning = scene.t(
            "Nothing that has a sentence happens in this move. Press → for the next step.",
            "이 이동에는 이야기할 일이 없습니다. → 키를 누르면 다음 스텝으로 갑니다.",
        );
        (StoryKind::Event, said_by_command(scene), meaning)
    };
    let text = |words: String| if words.is_empty() { Spans::default() } else { Spans::words(words) };
    Story {
        kind,
        happened: text(happened),
        meaning: text(meaning),
        why: Spans::default(),
        others: Vec::new(),
        others_text: None,
        fold: None,
        ending: None,
        running: None,
        about: scene.place.selection(),
        area: None,
    }
}

/// Nothing is scheduled any more: what to do.
fn ended(scene: &Scene<'_>) -> (String, String) {
    let is_empty = scene.simulation.clients().is_empty() && scene.topics().is_empty();
    if is_empty && scene.simulation.stopped_at().is_none() {
        let happened = scene.t(
            "The run is empty: nothing uses the cluster yet.",
            "빈 실행입니다. 아직 아무도 클러스터를 쓰지 않습니다.",
        );
        let meaning = scene.t(
            "Press A: add a topic, then a producer or a consumer.",
            "A를 눌러 토픽을 추가한 뒤 프로듀서나 컨슈머를 추가하십시오.",
        );
        return (happened, meaning);
    }
    if let Some(full) = scene.simulation.full() {
        let meaning = scene.t("Go back to change something.", "무언가를 바꾸려면 뒤로 가십시오.");
        return (full.alone().pick(scene.lang).to_owned(), meaning);
    }
    let meaning = scene.t("Send a record, or change something.", "레코드를 보내거나 무언가를 바꿔 보십시오.");
    let happened = match scene.simulation.stopped_at() {
        Some(_) if stopped::is_by_change(scene) && scene.tells_a_story() => scene.t(
            "The run has come to its end; the story could not go on as it was written.",
            "실행이 끝났습니다. 이야기는 본래대로 이어지지 못했습니다.",
        ),
        Some(line) => scene.t(
            &format!("The run has come to its end; its script stopped at line {line}."),
            &format!("실행이 끝났습니다. 스크립트는 {line}행에서 멈췄습니다."),
        ),
        None => scene.t("The run has come to its end.", "실행이 끝났습니다."),
    };
    (happened, meaning)
}

/// The user's command, or the script's line, that led here.
fn said_by_command(scene: &Scene<'_>) -> String {
    let position = scene.timeline.position();
    if let Some(placed) = scene.timeline.branch().command_of(position) {
        let Command(statement) = &placed.command;
        let line = scene.deed(statement);
        return match scene.simulation.passed_over() {
            Some(error) => {
                let why = error.alone();
                scene.t(
                    &format!("Passed over, since it cannot be done here: {line}. {}", why.en),
                    &format!("여기서는 할 수 없어 건너뛴 일: {line}. {}", why.ko),
                )
            }
            None => {
                let did = scene.t(&format!("You did this: {line}"), &format!("사용자가 한 일: {line}"));
                match waits_for(scene, statement) {
                    Some(name) => scene.t(
                        &format!("{did}. {name} is frozen: this waits until `resume-process {name}` lets it go on."),
                        &format!(
                            "{did}. {} 멈춰 있어, 이 일은 `resume-process {name}` 명령으로 계속할 때까지 기다립니다.",
                            crate::explain::with_particle(name, crate::explain::Particle::Subject)
                        ),
                    ),
                    None => did,
                }
            }
        };
    }
    match scene.simulation.script_line() {
        Some(line) if scene.simulation.stopped_at().is_some() => {
            let (line, text) = (line.row, line_cut(&line.text));
            scene.t(
                &format!("The script stopped at line {line}: {text}"),
                &format!("스크립트가 {line}행에서 멈췄습니다: {text}"),
            )
        }
        // Proposals are behind its last line, and nothing that is done.
        Some(line) if !matches!(scene.simulation.progress(), Progress::Ended) => at_line(scene, line),
        _ => scene.t("Nothing worth telling happens.", "이야기할 만한 일이 없습니다."),
    }
}

/// What the script is at: who does something, or that it lets time pass.
fn at_line(scene: &Scene<'_>, line: &Line) -> String {
    let (row, text) = (line.row, line_cut(&line.text));
    let of_program =
        |name: &str| (format!("{name}'s program is at work"), format!("{name}의 프로그램이 일하는 중입니다"));
    let (en, ko) = match &*line.statement {
        Statement::Send(of) => of_program(&of.client),
        Statement::ProduceLoop(of) => of_program(&of.client),
        Statement::ConsumeLoop(of) => of_program(&of.client),
        Statement::Call { client, .. } => of_program(client),
        Statement::Sleep(_) => ("The script lets time pass".to_owned(), "스크립트가 시간을 보냅니다".to_owned()),
        Statement::Wait(_) | Statement::RunUntil(_) | Statement::RunUntilInstant(_) => {
            ("The script waits".to_owned(), "스크립트가 기다립니다".to_owned())
        }
        Statement::Cluster(_) | Statement::Topic(_) | Statement::Client(_) => {
            ("The run gets ready".to_owned(), "실행을 준비합니다".to_owned())
        }
        Statement::Admin(_) => ("An administrator is at work".to_owned(), "관리자가 작업하는 중입니다".to_owned()),
        _ => ("The script goes on".to_owned(), "스크립트가 진행됩니다".to_owned()),
    };
    scene.t(&format!("{en}: {text} (line {row})."), &format!("{ko}: {text} ({row}행)."))
}

/// Whether the command that led here waits for a frozen client.
fn waits(scene: &Scene<'_>) -> bool {
    scene.timeline.branch().command_of(scene.timeline.position()).is_some_and(|placed| {
        let Command(statement) = &placed.command;
        waits_for(scene, statement).is_some()
    })
}

/// The frozen client whose thread is to carry out what a statement says.
fn waits_for<'a>(scene: &Scene<'_>, statement: &'a Statement) -> Option<&'a str> {
    let name = match statement {
        Statement::Send(send) => &send.client,
        Statement::ProduceLoop(of) => &of.client,
        Statement::ConsumeLoop(of) => &of.client,
        Statement::Call { call, .. } if !call.needs_thread() => return None,
        Statement::Call { client, .. } => client,
        Statement::Set(Setting { target: SettingTarget::Client(name), .. }) => name,
        _ => return None,
    };
    scene.simulation.client(name).is_some_and(|client| client.life == Life::Paused).then_some(name)
}

/// `4 198.0 ms`
pub(super) fn time(scene: &Scene<'_>) -> String {
    format!("{} ms", scene.ms(scene.now.at))
}

pub(super) fn transport(scene: &Scene<'_>) -> Transport {
    let moves = scene.timeline.moves();
    let position = scene.timeline.position();
    let time = time(scene);
    let step = scene.story_place.text(scene);
    let happened = scene.telling.as_ref().map(|telling| telling.narration.happened.plain()).unwrap_or_default();
    Transport {
        value_text: [&*time, &step, &happened]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        time,
        time_us: scene.now.at.micros(),
        step,
        step_number: scene.story_place.step,
        steps: scene.story_place.steps,
        move_number: position,
        moves: moves.len(),
        chapters: scene.story_place.marks(scene),
        can_go_back: position > 0,
        can_go_forward: scene.timeline.next_at().is_some(),
        has_ended: scene.lens.ended,
        playing: scene.lens.playing.map(|speed| match scene.lang {
            Lang::En => format!("{speed} ms/s"),
            Lang::Ko => format!("{speed} ms/초"),
        }),
    }
}
