//! The inspector: the selected thing field by field, a batch byte by byte, the causes back to the `send`.

use leptos::prelude::*;
use partita::view::{ByteLine, Bytes, Cause, Field, Glyph, Inspector, Selection};

use super::spans::spans;
use crate::page::preferences::said;
use crate::page::session::Session;
use crate::page::text;

#[component]
pub fn InspectorPanel() -> impl IntoView {
    let session = Session::get();
    let inspector = session.panel(|view| &view.inspector);
    view! {
        <section class="in" id="inspector" tabindex="-1" aria-label=said(text::INSPECTOR)>
            {move || inspected(&inspector.get())}
        </section>
    }
}

fn inspected(of: &Inspector) -> impl IntoView + use<> {
    let glyphs = of.glyphs.iter().map(mark).collect_view();
    view! {
        <div class="in-t">
            {of.kind.clone()}" "<span class="ref">{of.name.clone()}</span><span class="in-g">{glyphs}</span>
        </div>
        {(!of.path.is_empty()).then(|| view! { <div class="in-c">{of.path.clone()}</div> })}
        {of.note.clone().map(|note| view! { <p class="in-n mut">{note}</p> })}
        {(!of.fields.is_empty()).then(|| view! { <dl class="kv">{of.fields.iter().map(field).collect_view()}</dl> })}
        {of.bytes.as_ref().map(bytes)}
        {(!of.chain.is_empty()).then(|| chain(&of.chain_heading, &of.chain))}
    }
}

/// The shape of a record's key.
fn mark(glyph: &Glyph) -> impl IntoView + use<> {
    let class = format!("g g{}{}", glyph.shape, if glyph.followed { " followed" } else { "" });
    view! { <svg class=class aria-hidden="true"><use href=format!("#g{}", glyph.shape)></use></svg> }
}

fn field(field: &Field) -> impl IntoView + use<> {
    let session = Session::get();
    let select = field.select;
    let value = spans(&field.value);
    let value = if select == Selection::Nothing {
        value.into_any()
    } else {
        view! { <button class="link" type="button" on:click=move |_| session.select(select)>{value}</button> }
            .into_any()
    };
    view! { <dt>{field.name.clone()}</dt><dd>{value}</dd> }
}

fn bytes(of: &Bytes) -> impl IntoView + use<> {
    view! {
        <div class="h5">{of.heading.clone()}" "<small>{of.note.clone()}</small></div>
        <div class="hex">
            {of.lines.iter().map(byte_line).collect_view()}
            {of.more.clone().map(|more| view! { <div class="hx rec mut">{more}</div> })}
        </div>
    }
}

fn byte_line(line: &ByteLine) -> impl IntoView + use<> {
    let class = if line.now { "hx now" } else { "hx" };
    view! {
        <div class=class>
            <span class="mono">{line.hex.clone()}</span><span>{line.name}</span><span>{line.value.clone()}</span>
        </div>
    }
}

fn chain(heading: &str, causes: &[Cause]) -> impl IntoView + use<> {
    let session = Session::get();
    let cause = |cause: &Cause| {
        let (number, class) = (cause.number, if cause.now { "now" } else { "" });
        view! {
            <li class=class>
                <button type="button" on:click=move |_| session.go_to_move(number)>
                    <span class="mono">{cause.time.clone()}</span>" "<span>{cause.text.clone()}</span>
                </button>
            </li>
        }
    };
    view! {
        <div class="h5">{heading.to_owned()}</div>
        <ol class="chain">{causes.iter().map(cause).collect_view()}</ol>
    }
}
