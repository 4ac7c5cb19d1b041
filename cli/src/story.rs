//! `partita story`: a run as it is told, step by step, with its chapters and its end.

use partita::event::EventName;
use partita::lang::Lang;
use partita::simulation::Progress;
use partita::timeline::{MOVES_AT_A_TIME, Reader, STEP_AHEAD_MS, Step, Timeline};
use partita::view::{Lens, sentences};

use crate::options::{CommandWords, OptionOf};
use crate::view::ViewAsked;

/// What stands behind `story`.
pub const STORY: CommandWords = CommandWords {
    name: "story",
    options: &[OptionOf { name: "--lang", value: Some("`en` or `ko`"), excludes: &[] }],
    files: "one script: a file, or the name of a ready scenario",
    many_files: false,
};

/// The story of a script, each step a line: `1.  2 105.0  Broker 2 writes 1 record …`. Fails with a sentence.
pub fn lines(asked: &ViewAsked) -> Result<Vec<String>, String> {
    let mut timeline = asked.timeline()?;
    let steps = played(&mut timeline);
    let mut lens = Lens { lang: asked.lang, ..Lens::default() };
    let mut lines = Vec::new();
    let mut number = 0;
    for step in &steps {
        timeline.seek(step.number);
        lens.told = Some(step.event);
        let (story, time) = sentences(&timeline, &lens);
        let fold = story.fold.as_ref().map(|fold| format!("      ({})", fold.text.plain()));
        lines.extend(fold);
        if step.name == EventName::ChapterBegan {
            number = 0;
            lines.push(format!("== {}  {time}", story.happened.plain()));
            lines.push(format!("      {}", story.meaning.plain()));
            continue;
        }
        number += 1;
        lines.push(format!("{number:>4}  {time:>12}  {}", story.happened.plain()));
        let meaning = story.meaning.plain();
        if !meaning.is_empty() {
            lines.push(format!("                    {meaning}"));
        }
    }
    lens.ended = true;
    let (story, _) = sentences(&timeline, &lens);
    lines.push(format!("== {}", story.happened.plain()));
    if let Some(ending) = &story.ending {
        let counts = ending.counts.iter().map(|count| format!("{} {}", count.value, count.label));
        lines.push(format!("      {}", counts.collect::<Vec<_>>().join(", ")));
        lines.extend(ending.tries.iter().map(|label| format!("   -> {label}")));
    }
    Ok(lines)
}

/// Plays a run until its story has been told: its script has ended, and no step has come for a quarter of an hour.
fn played(timeline: &mut Timeline) -> Vec<Step> {
    while timeline.position() < MOVES_AT_A_TIME && timeline.forward() {
        let moves = timeline.moves();
        let last = moves.story().course(Reader::default()).steps().last().map_or(0, |step| step.number);
        let is_playing = matches!(timeline.simulation().progress(), Progress::Playing(_));
        if !is_playing && timeline.simulation().now().at > moves.at(last).plus_millis(STEP_AHEAD_MS) {
            break;
        }
    }
    timeline.moves().story().steps(Reader::default()).collect()
}

/// The language that was asked for; fails with a sentence.
pub fn lang(word: Option<&str>) -> Result<Lang, String> {
    match word {
        None | Some("en") => Ok(Lang::En),
        Some("ko") => Ok(Lang::Ko),
        Some(other) => Err(format!("--lang is `en` or `ko`, not `{other}`")),
    }
}
