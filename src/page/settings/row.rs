//! A setting: its value, a draft of another one, and what there is to say about both.

use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use partita::draft::Trial;
use partita::view::Settings;

use super::editing::{Editing, row_of};
use crate::page::live::live;
use crate::page::rest::{Part, later};
use crate::page::root::own;

/// Names longer than this stand on a line of their own.
const LONG: usize = 32;

#[component]
pub fn SettingRow(name: &'static str, settings: Memo<Arc<Settings>>) -> impl IntoView {
    let editing = Editing::new(name, settings);
    let row = editing.row;
    let trial = Memo::new(move |_| editing.trial());
    let is_refused = move || trial.with(|trial| matches!(trial, Some(Trial::Refused(_))));
    let is_edited = move || trial.with(Option::is_some);
    let is_changed = move || row.with(|row| row.as_ref().is_some_and(|row| row.changed));
    let does = move || row.with(|row| row.as_ref().map(|row| row.does.clone()).unwrap_or_default());
    let pressed = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            editing.enter(event.shift_key());
        }
        "Escape" if untrack(|| editing.draft()).is_some() => {
            event.prevent_default();
            event.stop_propagation();
            editing.forget();
        }
        _ => {}
    };
    let is_long = name.len() > LONG;
    let id = own(&format!("cfg-{name}"));
    let note = format!("{id}-note");
    // Has the focus once a draft was applied: keys go to the run from there, and Tab leads back into the field.
    let row_id = own(&row_of(name));
    view! {
        <div class="cr" id=row_id tabindex="-1" role="group" aria-label=name class:chg=is_changed class:def=move || !is_changed() class:err=is_refused class:edit=is_edited class:long=is_long>
            <button type="button" class="k" title=does on:click=move |_| editing.open()>{name}</button>
            <input
                id=id
                class="inp"
                type="text"
                autocomplete="off"
                spellcheck="false"
                aria-label=name
                aria-invalid=move || is_refused().then_some("true")
                aria-describedby=note.clone()
                prop:value=move || editing.shown()
                on:input=move |event| editing.write(event_target_value(&event))
                on:keydown=pressed
            />
            <div class="cr-n" id=note>
                <Notes row/>
                {live(move || is_edited().then(|| later(move || Part::Draft(Box::new(editing), trial))))}
            </div>
        </div>
    }
}

/// What there is to say about the value in force.
#[component]
fn Notes(row: Memo<Option<partita::view::SettingRow>>) -> impl IntoView {
    move || {
        row.get().map(|row| {
            let forced = row.forced.map(|text| view! { <p class="d">{text}</p> });
            let default = row.default_text.map(|text| view! { <p class="d">{text}</p> });
            let silent = (!row.acts).then(|| view! { <p class="d">{row.does.clone()}</p> });
            let advice = row.advice.into_iter().map(|(warns, text)| view! { <p class="d" class:warn=warns>{text}</p> });
            view! { {default}{forced}{silent}{advice.collect_view()} }
        })
    }
}
