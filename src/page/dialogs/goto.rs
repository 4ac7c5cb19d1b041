//! Going to a time or a step.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use partita::draft::There;
use partita::lang::Sentence;

use super::form::Problems;
use crate::page::preferences::say;
use crate::page::root::own;
use crate::page::session::Session;

pub fn body() -> impl IntoView {
    let session = Session::get();
    let typed = RwSignal::new(String::new());
    let wrong: RwSignal<Vec<Sentence>> = RwSignal::new(Vec::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match typed.with_untracked(|text| There::read(text)) {
            Ok(There::Instant(at)) => {
                session.close();
                session.go_to_instant(at);
            }
            Ok(There::Step(step)) => {
                session.close();
                session.go_to_step(step);
            }
            Err(sentence) => wrong.set(vec![sentence]),
        }
    };
    let problems = Memo::new(move |_| wrong.get());
    view! {
        <form on:submit=submit novalidate=true>
            <div class="fld">
                <label for=own("goto")>{say("Where", "어디로")}</label>
                <input id=own("goto") class="inp" type="text" autofocus autocomplete="off" aria-describedby=own("goto-hint")
                    prop:value=move || typed.get() on:input=move |event| typed.set(event_target_value(&event))/>
                <p class="hint" id=own("goto-hint")>{say("Milliseconds, as 4198.0, or step 412", "4198.0처럼 밀리초, 또는 스텝 412")}</p>
            </div>
            <Problems problems/>
            <p class="act"><button class="btn p" type="submit">{say("Go there", "가기")}</button></p>
        </form>
    }
}
