//! A line of the script grammar, typed: what it can go on with, what it does, or what is wrong with it and where.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use partita::draft::{Completed, Completion, Known};
use partita::lang::Sentence;

use super::form::Problems;
use crate::page::dialog::Dialog;
use crate::page::live::live;
use crate::page::preferences::{Preferences, say};
use crate::page::root::own;
use crate::page::session::Session;

/// The line and its list. Copied freely.
#[derive(Clone, Copy)]
struct Typing {
    lang: Preferences,
    typed: RwSignal<String>,
    completion: Memo<Completion>,
    /// Whether the list is shown: not once it was closed, until something is typed again.
    is_shown: RwSignal<bool>,
    /// The one that an arrow has come to.
    active: RwSignal<Option<usize>>,
}

pub fn body() -> impl IntoView {
    let session = Session::get();
    let typed = RwSignal::new(String::new());
    let refused: RwSignal<Vec<Sentence>> = RwSignal::new(Vec::new());
    let attempted = RwSignal::new(false);
    let known = session.with_run(|run| {
        let context = run.context();
        Known::of(run.timeline.simulation(), context)
    });
    let known = StoredValue::new(known);
    let typing = Typing {
        lang: Preferences::get(),
        typed,
        completion: Memo::new(move |_| typed.with(|line| known.with_value(|known| known.complete(line)))),
        is_shown: RwSignal::new(false),
        active: RwSignal::new(None),
    };
    let problems = Memo::new(move |_| {
        let line = typed.get();
        if !attempted.get() {
            return Vec::new();
        }
        session.read_lines(&[line]).err().unwrap_or_else(|| refused.get())
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        typing.is_shown.set(false);
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
    let field = NodeRef::<html::Input>::new();
    let came = move |event| {
        typing.type_in(event_target_value(&event));
        attempted.set(false);
    };
    view! {
        <form on:submit=submit novalidate=true>
            <div class="fld one">
                <label class="sr" for=own("command")>{say("Line", "줄")}</label>
                <input id=own("command") class="inp wide" type="text" autofocus autocomplete="off" spellcheck="false" node_ref=field
                    role="combobox" aria-autocomplete="list" aria-controls=own("command-list") aria-describedby=own("command-form")
                    aria-expanded=move || typing.has_list().to_string()
                    aria-activedescendant=move || typing.active.get().map(|at| own(&format!("command-{at}")))
                    prop:value=move || typed.get()
                    on:input=came on:keydown=move |event| typing.pressed(&event)/>
                <ul class="cpl" id=own("command-list") role="listbox" aria-label=say("What may stand there", "쓸 수 있는 것")
                    hidden=move || !typing.has_list()>{live(move || typing.rows(field))}</ul>
                <p class="hint" id=own("command-form")>{live(move || typing.form())}</p>
            </div>
            <Problems problems/>
            <p class="act">
                <button class="btn p" type="submit">{say("Do it", "실행")}</button>
                <button class="btn q" type="button" id=own("grammar") on:click=move |_| session.dialog.set(Some(Dialog::Grammar))>
                    {say("All lines of the grammar", "문법의 모든 줄")}
                </button>
            </p>
        </form>
    }
}

impl Typing {
    fn type_in(self, line: String) {
        self.typed.set(line);
        self.active.set(None);
        self.is_shown.set(true);
    }

    fn has_list(self) -> bool {
        self.is_shown.get() && self.completion.with(|completion| !completion.items.is_empty())
    }

    fn count(self) -> usize {
        self.completion.with_untracked(|completion| completion.items.len())
    }

    fn pressed(self, event: &KeyboardEvent) {
        let (count, active) = (self.count(), self.active.get_untracked());
        let has_list = self.is_shown.get_untracked() && count > 0;
        let done = match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if count > 0 => {
                let step = if event.key() == "ArrowDown" { 1 } else { count - 1 };
                let next = active.map_or(if step == 1 { 0 } else { step }, |at| (at + step) % count);
                self.is_shown.set(true);
                self.active.set(Some(next));
                true
            }
            // Who has typed nothing of a word goes on to the button.
            "Tab" if has_list && !event.shift_key() => {
                let is_typed = self.typed.with_untracked(|line| !line.is_empty() && !line.ends_with(' '));
                let chosen = active.or(is_typed.then_some(0));
                chosen.is_some_and(|at| self.take(at))
            }
            "Enter" if has_list => active.is_some_and(|at| self.take(at)),
            "Escape" if has_list => {
                self.is_shown.set(false);
                self.active.set(None);
                true
            }
            _ => false,
        };
        if done {
            event.prevent_default();
            event.stop_propagation();
        }
    }

    /// Takes one of the list in the place of the word that is being typed. False when it stands there already.
    fn take(self, at: usize) -> bool {
        let completion = self.completion.get_untracked();
        let Some(Completed { text, .. }) = completion.items.get(at) else { return false };
        let line = self.typed.with_untracked(|line| line[..completion.from].to_owned());
        // A name's value is written next; behind a whole word the next one comes.
        let blank = if text.ends_with(['=', '.']) { "" } else { " " };
        self.type_in(format!("{line}{text}{blank}"));
        true
    }

    fn rows(self, field: NodeRef<html::Input>) -> Vec<AnyView> {
        let lang = self.lang.lang();
        let items = self.completion.with(|completion| completion.items.clone());
        let row = |(at, Completed { text, about }): (usize, Completed)| {
            let is_active = move || self.active.get() == Some(at);
            let take = move |event: leptos::ev::MouseEvent| {
                // The field keeps the focus.
                event.prevent_default();
                self.take(at);
                if let Some(field) = field.get_untracked() {
                    let _ = field.focus();
                }
            };
            view! {
                <li id=own(&format!("command-{at}")) role="option" aria-selected=move || is_active().to_string() class:on=is_active on:mousedown=take>
                    <code>{text}</code>
                    <small>{about.pick(lang).clone()}</small>
                </li>
            }
            .into_any()
        };
        items.into_iter().enumerate().map(row).collect()
    }

    /// The form of the line, once its verb is known.
    fn form(self) -> AnyView {
        let lang = self.lang.lang();
        match self.completion.with(|completion| completion.form) {
            Some(form) => view! { <code>{form.usage}</code><br/>{*form.about.pick(lang)}"." }.into_any(),
            None => lang
                .pick(
                    "As in a script: send producer-1 orders key=mia value=7. Tab completes, ↓ and ↑ choose.",
                    "스크립트처럼: send producer-1 orders key=mia value=7. Tab은 완성, ↓와 ↑는 선택.",
                )
                .into_any(),
        }
    }
}
