//! Texts of the model as HTML: words, chips, offsets, links.

use leptos::prelude::*;
use partita::explain::{Chip, Span, Target, Text};
use partita::ids::EventId;
use partita::time::Instant;

use crate::page::preferences::Preferences;
use crate::page::session::Session;

/// A text with everything that stands in it.
pub fn spans(text: &Text) -> impl IntoView + use<> {
    text.0.iter().map(span).collect_view()
}

fn span(span: &Span) -> AnyView {
    match span {
        Span::Words(words) => words.clone().into_any(),
        Span::Strong(words) => view! { <b>{words.clone()}</b> }.into_any(),
        Span::Mono(words) => view! { <span class="ref">{words.clone()}</span> }.into_any(),
        Span::Chip(chip) => chip_link(chip.clone()).into_any(),
        Span::Link { text, to } => go_to(text.clone(), *to).into_any(),
    }
}

/// A setting where it acted: opens it in the settings.
pub fn chip_link(chip: Chip) -> impl IntoView {
    let session = Session::get();
    let lang = Preferences::get();
    let label =
        if chip.value.is_empty() { chip.setting.to_owned() } else { format!("{}={}", chip.setting, chip.value) };
    let name = {
        let chip = chip.clone();
        move || {
            let state = if chip.changed {
                lang.lang().pick("changed", "변경됨")
            } else {
                lang.lang().pick("default", "기본값")
            };
            format!("{}, {}, {state}, {}", chip.setting, chip.value, lang.lang().pick("edit", "편집"))
        }
    };
    let class = if chip.changed { "chip chg" } else { "chip" };
    let setting = chip.setting;
    view! {
        <button class=class type="button" aria-label=name on:click=move |_| session.edit_setting(&chip.of, setting)>
            {label}
        </button>
    }
}

fn go_to(text: String, to: Target) -> impl IntoView {
    let session = Session::get();
    let go = move |_| match to {
        Target::Move(number) => session.go_to_move(number),
        Target::Instant(us) => session.go_to_instant(Instant(us)),
        Target::Event(id) => session.go_to_event(EventId(id)),
    };
    view! { <button class="link" type="button" on:click=go>{text}</button> }
}
