//! Texts of the model as HTML: words with their terms, chips, offsets, links.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use partita::explain::{Chip, Span, Spans, Target};
use partita::ids::EventId;
use partita::lang::Lang;
use partita::time::Instant;

use super::term::with_terms;
use crate::page::allowed::may_edit;
use crate::page::session::Session;

/// A text with everything that stands in it, and its words explained.
pub fn spans(session: Session, lang: Lang, text: &Spans) -> impl IntoView + use<> {
    let drawn = |span: &Span| match span {
        Span::Words(words) => with_terms(words, lang).into_any(),
        Span::Strong(words) => view! { <b>{words.clone()}</b> }.into_any(),
        Span::Mono(words) => {
            // A name is not broken; what an exception says is.
            let class = if words.contains(' ') { "ref says" } else { "ref" };
            view! { <span class=class>{words.clone()}</span> }.into_any()
        }
        Span::Chip(chip) => chip_link(session, lang, chip),
        Span::Link { text, to } => go_to(session, text.clone(), *to).into_any(),
    };
    text.spans().iter().map(drawn).collect_view()
}

/// A setting in the value that mattered: a link to its editor.
fn chip_link(session: Session, lang: Lang, chip: &Chip) -> AnyView {
    let class = if chip.changed { "chip chg" } else { "chip" };
    if !may_edit(chip.setting) {
        return view! { <span class=class>{label(chip)}</span> }.into_any();
    }
    let (of, setting) = (chip.of.clone(), chip.setting);
    let open = move |event: MouseEvent| {
        event.prevent_default();
        session.edit_setting(&of, setting);
    };
    view! {
        <a class=class href=format!("#{}", session.root.id(&format!("cfg-{setting}"))) aria-label=name(lang, chip) on:click=open>
            {label(chip)}
        </a>
    }
    .into_any()
}

fn label(chip: &Chip) -> String {
    match chip.value.as_str() {
        "" => chip.setting.to_owned(),
        value => format!("{}={value}", chip.setting),
    }
}

/// `linger.ms, 5, default, edit`
fn name(lang: Lang, chip: &Chip) -> String {
    let edit = lang.pick("edit", "편집");
    let state = if chip.changed { lang.pick("changed", "변경됨") } else { lang.pick("default", "기본값") };
    match chip.value.as_str() {
        "" => format!("{}, {edit}", chip.setting),
        value => format!("{}, {value}, {state}, {edit}", chip.setting),
    }
}

fn go_to(session: Session, text: String, to: Target) -> impl IntoView {
    let go = move |_| match to {
        Target::Move(number) => session.go_to_move(number),
        Target::Instant(us) => session.go_to_instant(Instant(us)),
        Target::Event(id) => session.go_to_event(EventId(id)),
    };
    view! { <button class="lk" type="button" on:click=go>{text}</button> }
}
