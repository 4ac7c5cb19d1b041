//! `partita story`: a run as it is told, step by step, with its chapters and its end.

use partita::event::EventName;
use partita::explain::decimal_ms;
use partita::lang::{Lang, grouped};
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
    lines_within(asked, MOVES_AT_A_TIME)
}

/// The same of a run that is computed as far as so many moves.
fn lines_within(asked: &ViewAsked, most: u64) -> Result<Vec<String>, String> {
    let mut timeline = asked.timeline()?;
    let (steps, is_cut) = played(&mut timeline, most);
    let reached = decimal_ms(timeline.simulation().now().at.micros());
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
    if is_cut {
        let most = grouped(most);
        lines.push(asked.lang.pick(
            format!("== The story is cut here, at {reached} ms: {most} moves were computed. Allowed: {most} moves"),
            format!(
                "== {reached} ms: 이동 {most}개를 계산하여 이야기를 여기서 끊었습니다. 최대 {most}개까지 계산합니다"
            ),
        ));
        return Ok(lines);
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

/// Plays a run until its story has been told: its script has ended, and no step has come for a quarter of an hour. True: it is
/// cut off before that, behind so many moves.
fn played(timeline: &mut Timeline, most: u64) -> (Vec<Step>, bool) {
    let mut is_cut = false;
    while timeline.forward() {
        let moves = timeline.moves();
        let last = moves.story().course(Reader::default()).steps().last().map_or(0, |step| step.number);
        let is_playing = matches!(timeline.simulation().progress(), Progress::Playing(_));
        if !is_playing && timeline.simulation().now().at > moves.at(last).plus_millis(STEP_AHEAD_MS) {
            break;
        }
        is_cut = timeline.position() >= most && timeline.next_at().is_some();
        if is_cut {
            break;
        }
    }
    (timeline.moves().story().steps(Reader::default()).collect(), is_cut)
}

/// The language that was asked for; fails with a sentence.
pub fn lang(word: Option<&str>) -> Result<Lang, String> {
    match word {
        None | Some("en") => Ok(Lang::En),
        Some("ko") => Ok(Lang::Ko),
        Some(other) => Err(format!("--lang is `en` or `ko`, not `{other}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorded::{Recorded, Unread};

    #[test]
    fn a_story_that_is_cut_says_so_and_where() {
        let text = "cluster brokers=1 seed=3\ntopic t\nproducer p\nsend p t value=1\nwait sent p\nsleep 60000\n\
                    send p t value=2\nwait sent p\n";
        let asked = |lang: Lang| {
            let mut asked = ViewAsked { lang, ..ViewAsked::default() };
            asked.script_of::<Unread>("script.txt", |file| Ok(Recorded::read(file, text)?)).expect("it is understood");
            asked
        };
        let last = |lang, most| {
            let lines = lines_within(&asked(lang), most).expect("it is played");
            lines.iter().rfind(|line| line.starts_with("==")).cloned().expect("how it ends")
        };
        let cut = last(Lang::En, 40);
        assert!(cut.starts_with("== The story is cut here, at ") && cut.ends_with("Allowed: 40 moves"), "{cut}");
        assert!(last(Lang::Ko, 40).ends_with("최대 40개까지 계산합니다"), "{}", last(Lang::Ko, 40));
        let whole = last(Lang::En, MOVES_AT_A_TIME);
        assert!(whole.starts_with("== ") && !whole.contains("cut"), "{whole}");
    }
}
