//! A setting's draft: what there is to say about it. It comes with the second part of the program.

use leptos::prelude::*;
use partita::draft::Trial;

use super::editing::{Editing, From, still};
use crate::page::live::live;
use crate::page::panels::spans;
use crate::page::preferences::{Preferences, say};
use crate::page::told::told;

/// What there is to say about the draft, and the two ways to apply it.
#[component]
pub fn Draft(editing: Editing, trial: Memo<Option<Trial>>) -> impl IntoView {
    let preferences = Preferences::get();
    move || {
        trial.get().map(|trial| match trial {
            Trial::Refused(sentence) => {
                let still = still(&editing.value());
                let lang = preferences.lang();
                view! {
                    <p class="msg" role="alert">
                        {told(&sentence, lang)}<br/><span class="mut">{told(&still, lang)}</span>
                    </p>
                }
                .into_any()
            }
            Trial::Fine(log) => {
                let lines = log.into_iter().map(|line| view! { <p class="d mono">{line}</p> });
                let does = editing.row.with(|row| row.as_ref().map(|row| (row.does.clone(), row.type_text.clone())));
                let (does, kind) = does.unwrap_or_default();
                let button = |from: From, is_first: bool| {
                    let class = if is_first { "btn p" } else { "btn o" };
                    let enter = if is_first { " (Enter)" } else { "" };
                    let words = from.words();
                    view! {
                        <button type="button" class=class data-from=from.name() on:click=move |_| editing.apply(from)>
                            {live(move || format!("{}{enter}", words.pick(preferences.lang())))}
                        </button>
                    }
                };
                let second = editing.second().map(|from| button(from, false));
                let changing = Memo::new(move |_| editing.changing());
                let ways = move || changing.with(|changing| [Some(editing.first()), editing.second()].into_iter().flatten().map(|from| {
                    let does = if from == From::Start { &changing.from_start } else { &changing.from_now };
                    let lang = preferences.lang();
                    view! { <p class="d" data-does=from.name()>{from.words().pick(lang).to_string()}": "{spans(editing.session, lang, does)}</p> }
                }).collect_view());
                let why = editing.only_from_start().then(|| view! {
                    <p class="d">{say("Here brokers read their properties when they start.", "여기서는 브로커가 시작할 때 속성을 읽습니다.")}</p>
                });
                view! {
                    <p class="d does">{does}" "<span class="mono">{kind}</span></p>
                    {lines.collect_view()}
                    {why}
                    <p class="cr-a">
                        {button(editing.first(), true)}
                        {second}
                    </p>
                    {ways}
                }
                .into_any()
            }
        })
    }
}
