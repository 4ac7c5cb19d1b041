//! The inspector: the selected thing field by field, a batch byte by byte, the causes back to the `send`.

use leptos::prelude::*;
use partita::lang::Lang;
use partita::view::{ByteLine, Bytes, Cause, CauseMark, Field, FoldedCauses, Glyph, Inspector, Party, Selection};

use super::spans::spans;
use super::term::field_name;
use crate::page::lazy::lazy;
use crate::page::live::live;
use crate::page::preferences::{Preferences, said};
use crate::page::rest::{Arrival, Part, Rest};
use crate::page::root::own;
use crate::page::session::Session;
use crate::page::text;

#[component]
pub fn InspectorPanel() -> impl IntoView {
    let (session, rest) = (Session::get(), Rest::get());
    // In a low window the chain has its main steps only, until more are asked for.
    let open = RwSignal::new(false);
    let lang = Preferences::get();
    let part = |pick: fn(&Inspector) -> AnyView| {
        let inspector = session.panel(|view| &view.inspector);
        move || inspector.with(|of| pick(of))
    };
    let fields = session.part(|view| view.inspector.fields.clone());
    let bytes = session.part(|view| view.inspector.bytes.clone());
    let chain = session.part(|view| (view.inspector.chain_heading.clone(), view.inspector.chain.clone()));
    view! {
        <section class="in" id=own("inspector") tabindex="-1" aria-label=said(text::INSPECTOR)>
            {part(|of| title(of).into_any())}
            {live(move || fields.with(|fields| listed(session, lang.lang_untracked(), fields)))}
            {live(move || bytes.with(|of| of.as_ref().map(byte_lines)))}
            {live(move || chain.with(|(heading, causes)| caused(session, lang.lang_untracked(), open, heading, causes)))}
            {live(move || (rest.arrival() == Arrival::There).then(|| rest.make(Part::Code)))}
        </section>
    }
}

fn title(of: &Inspector) -> impl IntoView + use<> {
    view! {
        <h2 class="in-t">
            {of.kind.clone()}" "<span class="ref">{of.name.clone()}</span>
            <span class="in-g">{of.glyphs.iter().map(mark).collect_view()}</span>
        </h2>
        {(!of.path.is_empty()).then(|| view! { <p class="in-c">{of.path.clone()}</p> })}
        {of.note.clone().map(|note| view! { <p class="in-n">{note}</p> })}
    }
}

/// The shape of a record's key.
fn mark(glyph: &Glyph) -> impl IntoView + use<> {
    let class = format!("g g{}{}", glyph.shape, if glyph.followed { " followed" } else { "" });
    view! { <svg class=class aria-hidden="true"><use href=format!("#g{}", glyph.shape)></use></svg> }
}

fn listed(session: Session, lang: Lang, fields: &[Field]) -> Option<impl IntoView + use<>> {
    let row = |field: &Field| lazy((field.clone(), lang), move |(field, lang)| row(session, *lang, field));
    (!fields.is_empty()).then(|| view! { <dl class="kv">{fields.iter().map(row).collect_view()}</dl> })
}

fn row(session: Session, lang: Lang, field: &Field) -> impl IntoView + use<> {
    let value = match field.select {
        Selection::Nothing => spans(session, lang, &field.value).into_any(),
        select => {
            let go = move |_| session.select(select);
            view! { <button class="lk" type="button" on:click=go>{field.value.plain()}</button> }.into_any()
        }
    };
    view! { <dt>{field_name(&field.name, lang)}</dt><dd>{value}</dd> }
}

fn byte_lines(of: &Bytes) -> impl IntoView + use<> {
    let mut record = None;
    let line = |line: &ByteLine| {
        // A hairline before each record of the batch.
        let begins = line.record.is_some() && line.record != record;
        record = line.record;
        lazy((line.clone(), begins), |(line, begins)| byte_line(line, *begins))
    };
    let lines = of.lines.iter().map(line).collect_view();
    view! {
        <h3 class="h5">{of.heading.clone()}" "<small>{of.note.clone()}</small></h3>
        <table class="hex" aria-label=of.heading.clone()><tbody>{lines}</tbody></table>
        {of.more.clone().map(|more| view! { <p class="in-m">{more}</p> })}
    }
}

fn byte_line(line: &ByteLine, begins: bool) -> impl IntoView + use<> {
    let now = if line.now { " now" } else { "" };
    let class = format!("hx{now}{}", if begins { " rec" } else { "" });
    view! {
        <tr class=class aria-current=line.now.then_some("true")>
            <td class="mono">{line.hex.clone()}</td><th scope="row">{line.name}</th><td>{line.value.clone()}</td>
        </tr>
    }
}

/// The causes, each a way to where it happened: a list for each party.
fn caused(
    session: Session,
    lang: Lang,
    open: RwSignal<bool>,
    heading: &str,
    parties: &[Party],
) -> Option<impl IntoView + use<>> {
    let one = |party: &Party| lazy(party.clone(), move |party| party_list(session, open, party));
    let waiting = parties.iter().flat_map(|party| &party.causes).filter(|cause| cause.minor).count();
    let more = (waiting > 0).then(|| {
        let words = move || match (open.get(), waiting) {
            (true, _) => lang.pick("main steps only", "주요 스텝만").to_owned(),
            (false, 1) => lang.pick("1 more step", "스텝 1개 더").to_owned(),
            (false, n) => lang.pick(format!("{n} more steps"), format!("스텝 {n}개 더")),
        };
        view! {
            <button type="button" class="lk how-m" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
                {words}
            </button>
        }
    });
    (!parties.is_empty()).then(|| {
        view! {
            <section class="how" class:open=move || open.get() id=own("how") aria-labelledby=own("how-title")>
                <div class="how-h">
                    <h3 class="h5" id=own("how-title") tabindex="-1">{heading.to_owned()}</h3>
                    {more}
                </div>
                {parties.iter().map(one).collect_view()}
            </section>
        }
    })
}

fn party_list(session: Session, open: RwSignal<bool>, party: &Party) -> impl IntoView + use<> {
    let row = |one: &Cause| lazy(one.clone(), move |one| cause(session, one));
    let (name, note) = (party.name.clone(), party.note.clone());
    let folded = party.folded.as_ref().map(|folded| waits(session, open, folded));
    view! {
        {(!name.is_empty()).then(|| view! { <h4 class="how-p"><b>{name}</b>{note}</h4> })}
        <ol class="chain">{folded}{party.causes.iter().map(row).collect_view()}</ol>
    }
}

/// A row in place of several that wait.
fn waits(session: Session, open: RwSignal<bool>, folded: &FoldedCauses) -> impl IntoView + use<> {
    let number = folded.number;
    let go = move |_| {
        if let Some(number) = number {
            session.go_to_move(number);
        }
    };
    view! {
        <li class="sh">
            <div>
                <button type="button" class="lk mono" on:click=go>{folded.time.clone()}</button>
                <span>{folded.text.clone()}": "<button type="button" class="lk" on:click=move |_| open.set(true)>{folded.steps.clone()}</button></span>
            </div>
        </li>
    }
}

fn cause(session: Session, cause: &Cause) -> impl IntoView + use<> {
    let now = cause.now;
    let mark = match cause.mark {
        CauseMark::Done => "",
        CauseMark::Cut => "cut",
        CauseMark::ToCome => "tocome",
    };
    let classes = [mark, if now { "now" } else { "" }, if cause.minor { "minor" } else { "" }];
    let class = classes.join(" ").trim().to_owned();
    let row = view! { <span class="mono">{cause.time.clone()}</span><span>{cause.text.clone()}</span> };
    let row = match cause.number {
        Some(number) => {
            view! { <button type="button" on:click=move |_| session.go_to_move(number)>{row}</button> }.into_any()
        }
        None => view! { <div>{row}</div> }.into_any(),
    };
    view! { <li class=class aria-current=now.then_some("step")>{row}</li> }
}
