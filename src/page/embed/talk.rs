//! What passes between the program and the frame's own script, which speaks with the page around it: where the run stands,
//! and what is asked of it.

use leptos::prelude::*;
use partita::lang::{Lang, Sentence};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};

use super::asked::Asked;
use super::missing;
use crate::page::preferences::Preferences;
use crate::page::session::Session;

#[wasm_bindgen]
extern "C" {
    /// Hands over who does what is asked: its name, and a value. What waited for it is done at once.
    #[wasm_bindgen(js_namespace = partitaEmbed)]
    fn attach(act: &Closure<dyn FnMut(String, String)>);
    /// The run stands here: the step, the instant and the sentences there, and whether it goes no further.
    #[wasm_bindgen(js_namespace = partitaEmbed)]
    fn at(step: f64, time: &str, text: &str, ended: bool);
    /// Something is wrong with what was asked for; the rest of it is shown.
    #[wasm_bindgen(js_namespace = partitaEmbed)]
    fn told(en: &str, ko: &str);
    /// Nothing can be shown.
    #[wasm_bindgen(js_namespace = partitaEmbed)]
    fn fail(en: &str, ko: &str);
}

/// There is no run: the poster says why.
pub fn lost(why: &[Sentence]) {
    let Sentence { en, ko } = joined(why);
    fail(&en, &ko);
}

fn joined(all: &[Sentence]) -> Sentence {
    let of = |lang: Lang| all.iter().map(|one| one.pick(lang).as_str()).collect::<Vec<_>>().join(" ");
    Sentence { en: of(Lang::En), ko: of(Lang::Ko) }
}

/// Begins to tell and to listen.
pub fn talk(session: Session, asked: Asked, see: WriteSignal<bool>) {
    let step = asked.step;
    let is_told = StoredValue::new(false);
    Effect::new(move |_| {
        let view = session.view().get();
        let ended = view.transport.has_ended || session.at_limit();
        if !session.is_opened() {
            return;
        }
        if !is_told.get_value() {
            is_told.set_value(true);
            let missing = missing(session, &asked);
            if !missing.is_empty() {
                session.tell_problems(missing);
            }
            let wrong = session.problems();
            if !wrong.is_empty() {
                let Sentence { en, ko } = joined(&wrong);
                told(&en, &ko);
            }
        }
        let text = [&view.story.happened, &view.story.meaning].map(|text| text.plain());
        at(session.with_run(|run| run.step_of_story()) as f64, &view.transport.time, text.join(" ").trim(), ended);
    });
    let preferences = Preferences::get();
    let act = Closure::new(move |name: String, value: String| {
        if session.lives() {
            match name.as_str() {
                "home" => restart(session, step),
                "seek" => seek(session, &value),
                "seen" => see.set(value == "yes"),
                "lang" => preferences.speak(if value == "ko" { Lang::Ko } else { Lang::En }),
                name => act(session, name),
            }
        }
    });
    attach(&act);
    act.forget();
}

fn act(session: Session, name: &str) {
    match name {
        "step" => session.step_forward(),
        "back" => session.step_back(),
        "chapter" => session.next_chapter(),
        "play" => session.play_or_pause(),
        "start" if session.playing.get_untracked().is_none() => session.play_or_pause(),
        "pause" if session.playing.get_untracked().is_some() => session.play_or_pause(),
        _ => {}
    }
}

/// To a step; not behind the last one, whose picture it would only come back to when all the way had been computed.
fn seek(session: Session, step: &str) {
    if let Ok(step) = step.parse::<u64>() {
        session.go_to_step(untrack(|| session.last_step()).map_or(step, |last| step.min(last)));
    }
}

/// To where the embed opened.
pub fn restart(session: Session, step: Option<u64>) {
    let has_chapters = session.with_run(|run| run.timeline.branch().scenario.chapters().next().is_some());
    match step {
        Some(step) => session.go_to_step(step),
        None if has_chapters => session.go_to_chapter(1),
        None => session.home(),
    }
}
