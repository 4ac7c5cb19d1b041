//! A client's program as code, with the line that runs now: the lower part of the inspector. It is no dialog, but like
//! them no part of the first picture.

use std::sync::Arc;

use leptos::prelude::*;
use partita::ids::ClientId;
use partita::lang::Lang;
use partita::view::code::{self, Code, CodeLine, CodeText, Language};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};

use crate::page::live::live;
use crate::page::preferences::{Preferences, keep, kept, say};
use crate::page::root::own;
use crate::page::screen::{Behind, behind_layout};
use crate::page::session::Session;

/// What a text is made of: another of them is another text.
type Made = (Option<ClientId>, (Language, Lang), (usize, usize, usize), usize, u32);

#[component]
pub fn CodePanel() -> impl IntoView {
    let (session, preferences) = (Session::get(), Preferences::get());
    let code = session.panel(|view| &view.code);
    let (chosen, generated) = (RwSignal::new(remembered()), RwSignal::new(false));
    let pasted = Memo::new(move |_| code.with(|code| code.pasted));
    // One's own text comes first, until one looks for the other languages.
    let language = Memo::new(move |_| match pasted.get() {
        Some(_) if !generated.get() => Language::Pasted,
        _ => chosen.get(),
    });
    let made = Memo::new(move |_| {
        // In another run it may say the same of a client, and the client have another program.
        session.view().track();
        code.with(|code| of(session, code, (language.get(), preferences.lang())))
    });
    let text = Memo::new(move |_| {
        let (client, language, ..) = made.get();
        let around = code.with_untracked(|code| code.lit.as_ref().map(|lit| lit.written));
        let text = client.map(|client| session.with_run(|run| code::text(&run.timeline, client, language, around)));
        Arc::new(text.unwrap_or_default())
    });
    let lit = Memo::new(move |_| {
        let found = code.with(|code| code.lit.clone())?;
        Some((text.with(|text| text.lit(&found))?, found.on))
    });
    let name = Memo::new(move |_| code.with(|code| code.name.clone()));
    // What stands above it may leave it less room at each step.
    Effect::new(move |_| {
        session.view().track();
        if lit.with(Option::is_some) {
            behind_layout(Behind::Looks, move || show_lit(session));
        }
    });
    view! {
        <div class="code" class:none=move || code.with(|code| code.client.is_none())>
            <div class="tabs">
                <span class="who">{name}</span>
                <span class="tabg">
                <span class="tabl" role="tablist" aria-label=say("Code", "코드") on:keydown=go_among_tabs>{tabs(language, pasted, chosen, generated)}</span>
                {copy(text)}
                </span>
            </div>
            <div class="cd" role="tabpanel" tabindex="0" id=own("code") aria-label=move || format!("{}, {}", name.get(), language.get().name())>
                {live(move || text.with(|text| lines(text, lit)))}
            </div>
        </div>
    }
}

/// What the text would be made of now. Its window moves with the line that runs, in strides.
fn of(session: Session, code: &Code, language: (Language, Lang)) -> Made {
    let scenario = session.with_run(|run| Arc::as_ptr(&run.timeline.branch().scenario).addr());
    let near = code.lit.as_ref().map_or(0, |lit| match lit.written {
        partita::application::Written::Line(number) | partita::application::Written::Command(number) => number / 100,
    });
    (code.client, language, code.of, scenario, near)
}

fn remembered() -> Language {
    let word = kept("code");
    Language::ALL.into_iter().find(|language| Some(language.name()) == word.as_deref()).unwrap_or_default()
}

fn tabs(
    language: Memo<Language>,
    pasted: Memo<Option<Language>>,
    chosen: RwSignal<Language>,
    generated: RwSignal<bool>,
) -> impl IntoView {
    let own_words = say("your", "내");
    let tab = move |of: Language, words: AnyView| {
        let choose = move |_| {
            generated.set(of != Language::Pasted);
            if of != Language::Pasted {
                keep("code", of.name());
                chosen.set(of);
            }
        };
        let is_chosen = move || language.get() == of;
        view! {
            <button
                type="button"
                role="tab"
                class:on=is_chosen
                aria-selected=move || is_chosen().to_string()
                tabindex=move || if is_chosen() { "0" } else { "-1" }
                aria-controls=own("code")
                on:click=choose
                on:pointerup=leave
            >
                {words}
            </button>
        }
    };
    let mine = move || pasted.get().map(|of| tab(Language::Pasted, view! { {own_words}" "{of.name()} }.into_any()));
    view! { {mine}{Language::ALL.map(|of| tab(of, of.name().into_any())).collect_view()} }
}

/// Who chooses a tab by pointer goes on to step: the arrow keys are the page's again.
fn leave(event: PointerEvent) {
    if let Some(tab) = event.current_target().and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
        let _ = tab.blur();
    }
}

/// The arrow keys, Home and End go among the tabs and choose the one they come to, which has the focus then.
fn go_among_tabs(event: KeyboardEvent) {
    let Some(list) = event.current_target().and_then(|list| list.dyn_into::<Element>().ok()) else { return };
    let next = |tab: &Element| tab.next_element_sibling();
    let tabs: Vec<Element> = std::iter::successors(list.first_element_child(), next).collect();
    let Some(at) = tabs.iter().position(|tab| tab.get_attribute("tabindex").as_deref() == Some("0")) else { return };
    let to = match event.key().as_str() {
        "ArrowRight" => (at + 1) % tabs.len(),
        "ArrowLeft" => (at + tabs.len() - 1) % tabs.len(),
        "Home" => 0,
        "End" => tabs.len() - 1,
        _ => return,
    };
    event.prevent_default();
    // The page's own keys are not meant.
    event.stop_propagation();
    if let Some(tab) = tabs[to].dyn_ref::<HtmlElement>() {
        tab.click();
        let _ = tab.focus();
    }
}

/// Takes all of it, as a file.
fn copy(text: Memo<Arc<CodeText>>) -> impl IntoView {
    let done = RwSignal::new(false);
    let copy = move |_| {
        let file = text.with_untracked(|text| text.file());
        spawn_local(async move {
            let written = JsFuture::from(window().navigator().clipboard().write_text(&file)).await;
            done.try_set(written.is_ok());
            let settle = move || {
                done.try_set(false);
            };
            set_timeout(settle, std::time::Duration::from_secs(2));
        });
    };
    let (offer, said) = (say("copy", "복사"), say("copied", "복사됨"));
    view! {
        <button type="button" class="push lk" on:click=copy aria-live="polite">
            {live(move || if done.get() { said() } else { offer() })}
        </button>
    }
}

/// A line in pieces: what stands in quotes goes to the next line as a whole where it does not fit.
fn words(text: &str) -> impl IntoView + use<> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(from) = rest.find('"') {
        let mut escaped = false;
        let ends = rest[from + 1..].char_indices().find(|(_, c)| {
            let ends = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            ends
        });
        let Some((long, _)) = ends else { break };
        let closed = from + long + 2;
        // What closes it goes with it.
        let to = rest[closed..].find(|c| !",.;)".contains(c)).map_or(rest.len(), |behind| closed + behind);
        pieces.push((rest[..from].to_owned(), rest[from..to].to_owned()));
        rest = &rest[to..];
    }
    let piece = |(before, quoted): (String, String)| view! { {before}<span class="q">{quoted}</span> };
    (pieces.into_iter().map(piece).collect_view(), rest.to_owned())
}

fn lines(text: &CodeText, lit: Memo<Option<(usize, String)>>) -> impl IntoView + use<> {
    let line = |(number, line): (usize, &CodeLine)| {
        let is_lit = Memo::new(move |_| lit.with(|lit| lit.as_ref().is_some_and(|(at, _)| *at == number)));
        let on = move || is_lit.get().then(|| lit.get().map(|(_, on)| view! { <em>{on}</em> }));
        let indent = (u16::from(line.indent) * 2).to_string();
        view! {
            <span class="l" class:lit=is_lit style:--i=indent aria-current=move || is_lit.get().then_some("true")>
                {words(&line.text)}
                {on}
            </span>
        }
    };
    text.lines.iter().enumerate().map(line).collect_view()
}

/// Scrolls what the lit line stands in, and nothing else, so that it is in the middle third.
fn show_lit(session: Session) {
    let Some(list) = session.root.find(".cd") else { return };
    let Ok(Some(line)) = list.query_selector(".l.lit") else { return };
    let (line, room) = (line.get_bounding_client_rect(), list.get_bounding_client_rect());
    let third = room.height() / 3.0;
    if line.top() < room.top() + third || line.bottom() > room.bottom() - third {
        let middle = (line.top() + line.bottom()) / 2.0 - (room.top() + room.bottom()) / 2.0;
        list.set_scroll_top(list.scroll_top() + middle as i32);
    }
}
