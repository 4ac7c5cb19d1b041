//! Going to a time or a step.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use partita::lang::{Sentence, both};
use partita::time::Instant;

use super::close;
use super::form::Problems;
use crate::page::preferences::say;
use crate::page::session::Session;

enum There {
    Instant(Instant),
    Step(u64),
}

/// `4198.0`, `4 198 ms`, `step 412`, `#412`, `스텝 412`.
fn read(text: &str) -> Option<There> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.to_lowercase();
    let step = ["step", "#", "스텝"].iter().find_map(|word| text.strip_prefix(word));
    if let Some(step) = step {
        return step.parse().ok().map(There::Step);
    }
    let number = text.strip_suffix("ms").unwrap_or(&text);
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 3 {
        return None;
    }
    let micros = format!("{whole}{part:0<3}").parse().ok()?;
    Some(There::Instant(Instant(micros)))
}

pub fn body() -> impl IntoView {
    let session = Session::get();
    let typed = RwSignal::new(String::new());
    let wrong: RwSignal<Vec<Sentence>> = RwSignal::new(Vec::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match typed.with_untracked(|text| read(text)) {
            Some(There::Instant(at)) => {
                close();
                session.go_to_instant(at);
            }
            Some(There::Step(step)) => {
                close();
                session.go_to_step(step);
            }
            None => {
                let found = typed.get_untracked();
                wrong.set(vec![both(
                    format!("“{found}” is no time and no step. Allowed: milliseconds with up to three decimals (4198.0), or step 412."),
                    format!("“{found}”: 시각도 스텝도 아닙니다. 쓸 수 있는 것: 소수점 셋째 자리까지의 밀리초(4198.0) 또는 스텝 412."),
                )]);
            }
        }
    };
    let problems = Memo::new(move |_| wrong.get());
    view! {
        <form on:submit=submit novalidate=true>
            <div class="fld">
                <label for="goto">{say("Where", "어디로")}</label>
                <input id="goto" class="inp" type="text" autofocus autocomplete="off" aria-describedby="goto-hint"
                    prop:value=move || typed.get() on:input=move |event| typed.set(event_target_value(&event))/>
                <p class="hint" id="goto-hint">{say("Milliseconds, as 4198.0, or step 412", "4198.0처럼 밀리초, 또는 스텝 412")}</p>
            </div>
            <Problems problems/>
            <p class="act"><button class="btn p" type="submit">{say("Go there", "가기")}</button></p>
        </form>
    }
}
