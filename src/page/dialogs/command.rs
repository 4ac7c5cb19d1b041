//! A line of the script grammar, typed: what it does, or what is wrong with it and where.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use partita::lang::Sentence;

use super::form::Problems;
use crate::page::preferences::say;
use crate::page::root::own;
use crate::page::session::Session;

pub fn body() -> impl IntoView {
    let session = Session::get();
    let typed = RwSignal::new(String::new());
    let refused: RwSignal<Vec<Sentence>> = RwSignal::new(Vec::new());
    let attempted = RwSignal::new(false);
    let problems = Memo::new(move |_| {
        let line = typed.get();
        if !attempted.get() {
            return Vec::new();
        }
        session.read_lines(&[line]).err().unwrap_or_else(|| refused.get())
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        attempted.set(true);
        refused.set(Vec::new());
        let Ok(statements) = session.read_lines(&[typed.get_untracked()]) else { return };
        if statements.is_empty() {
            return;
        }
        session.act(statements, move |outcome| match outcome {
            Ok(()) => session.close(),
            Err(error) => refused.set(vec![error.alone()]),
        });
    };
    view! {
        <form on:submit=submit novalidate=true>
            <div class="fld">
                <label for=own("command")>{say("Line", "줄")}</label>
                <input id=own("command") class="inp wide" type="text" autofocus autocomplete="off" spellcheck="false" aria-describedby=own("command-hint")
                    prop:value=move || typed.get()
                    on:input=move |event| { typed.set(event_target_value(&event)); attempted.set(false) }/>
                <p class="hint" id=own("command-hint")>
                    {say(
                        "As in a script: send producer-1 orders key=mia value=7, crash broker-2, commit c1 sync orders-0=5",
                        "스크립트처럼: send producer-1 orders key=mia value=7, crash broker-2, commit c1 sync orders-0=5",
                    )}
                </p>
            </div>
            <Problems problems/>
            <p class="act"><button class="btn p" type="submit">{say("Do it", "실행")}</button></p>
        </form>
    }
}
