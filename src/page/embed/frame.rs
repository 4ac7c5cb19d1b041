//! An embed's frame: header, scene, narration, controls.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::asked::{self, Asked, shows};
use super::editing::Editable;
use super::scene::Scene;
use super::scrubber::Scrubber;
use super::talk;
use crate::page::explaining::Explained;
use crate::page::icon::Icon;
use crate::page::link;
use crate::page::modal::Dialogs;
use crate::page::notices::NoticeLine;
use crate::page::panels::{Narration, Tips};
use crate::page::preferences::{said, say};
use crate::page::root::own;
use crate::page::scene::{Ask, Stage};
use crate::page::session::{Playing, Session};
use crate::page::text;
use crate::page::topbar::Logo;
use crate::page::transport::{Key, Player};

/// How long after a change the run's link is made anew.
const LINK_AFTER: Duration = Duration::from_millis(300);

#[component]
pub fn Frame(asked: Asked) -> impl IntoView {
    let session = Session::get();
    provide_stage(session, asked.edit.clone());
    let step = asked.step;
    view! {
        <div class="em">
            <Header/>
            <main class="em-b">
                <Scene asked=asked.clone()/>
                <Editable asked/>
                {shows("narration").then(|| view! { <Narration/> })}
                {(!shows("narration")).then(|| view! { <div class="em-w"><NoticeLine/></div> })}
                <Controls step/>
                <Tips/>
            </main>
        </div>
        <Dialogs/>
        <Explained/>
    }
}

/// What the scene asks for: here one looks, and changes only what its author allows.
fn provide_stage(session: Session, edit: Vec<&'static str>) {
    let playing = Signal::derive(|| None);
    let answer = Callback::new(move |ask: Ask| match ask {
        Ask::Select(selection) | Ask::Chain(selection) => session.select(selection),
        Ask::Unfold(partition) => session.unfold(partition),
        Ask::Scroll(partition, first) => session.look(|lens| {
            match first {
                Some(offset) => lens.scroll.insert(partition, offset),
                None => lens.scroll.remove(&partition),
            };
        }),
        Ask::Setting { of, name } if edit.contains(&name) => session.edit_setting(&of, name),
        Ask::Setting { .. } | Ask::Follow(_) | Ask::Command(_) | Ask::Producer(_) | Ask::Group(_) => {}
    });
    Stage::provide(session.view(), playing, answer);
}

#[component]
fn Header() -> impl IntoView {
    let session = Session::get();
    let top = session.panel(|view| &view.top);
    let title = move || top.with(|top| top.title.clone());
    view! {
        <header class="em-h">
            <span class="logo"><Logo/></span>
            <h1 title=title>{title}</h1>
            <Leave/>
        </header>
    }
}

/// The link to the whole page at the same step. The run's part of it is what the embed was asked for, until the run is packed.
#[component]
fn Leave() -> impl IntoView {
    let session = Session::get();
    let packed = RwSignal::new(None::<String>);
    let of = StoredValue::new(String::new());
    let pack = move || {
        if !session.lives() {
            return;
        }
        let text = session.with_run(|run| run.shown_text());
        if of.with_value(|of| *of == text) {
            return;
        }
        of.set_value(text.clone());
        spawn_local(async move {
            let fragment = link::fragment(&text, None).await;
            packed.try_set(fragment);
        });
    };
    // Only another branch has another text.
    let branch = session.part(|view| view.lanes.branches.iter().position(|branch| branch.shown));
    Effect::new(move |_| {
        branch.track();
        session.changes.track();
        set_timeout(pack, LINK_AFTER);
    });
    let step = session.part(|view| view.transport.move_number);
    let address = move || {
        step.track();
        let at = session.with_run(|run| run.step_of_story());
        match packed.get().or_else(|| asked::own().map(|own| format!("#{own}"))) {
            Some(run) => format!("./{run}&at={at}"),
            None => "./".to_owned(),
        }
    };
    view! {
        <a class="btn q em-o" id=own("leave") href=address target="_blank" rel="noopener">
            <Icon name="open"/>
            <span>{say("Open in Partita", "Partita에서 열기")}</span>
        </a>
    }
}

/// To where the embed opened.
#[component]
fn Again(off: Signal<bool>, step: Option<u64>) -> impl IntoView {
    let session = Session::get();
    let off = move || off.get();
    view! {
        <button
            class="btn i"
            id=own("restart")
            aria-label=said(text::AGAIN)
            title=said(text::AGAIN)
            aria-disabled=move || off().then_some("true")
            on:click=move |_| if !off() { talk::restart(session, step) }
        >
            <Icon name="restart"/>
        </button>
    }
}

#[component]
fn Controls(step: Option<u64>) -> impl IntoView {
    let session = Session::get();
    let transport = session.panel(|view| &view.transport);
    let at_start = Signal::derive(move || transport.with(|transport| !transport.can_go_back));
    let at_end = Signal::derive(move || {
        transport.with(|transport| !transport.can_go_forward || transport.has_ended) || session.at_limit()
    });
    let has_chapters = move || transport.with(|transport| !transport.chapters.is_empty());
    let time = move || transport.with(|transport| transport.time.clone());
    let number = move || transport.with(|transport| transport.step.clone());
    let computes = move || session.going.get().is_some() || session.presses.get() > 0;
    let keys = view! {
        <Again off=at_start step/>
        <Key id="back" icon="back" class="btn i o" name=text::STEP_BACK off=at_start act=|session| session.step_back()/>
        <Key id="step" icon="fwd" class="btn i o" name=text::STEP off=at_end act=|session| session.step_forward()/>
        <Show when=has_chapters>
            <Key id="chapter-on" icon="chfwd" class="btn i o" name=text::NEXT_CHAPTER off=at_end act=|session| session.next_chapter()/>
        </Show>
        <Player id="play" what=Playing::Play icon="play" label=text::PLAY_WORD name=text::PLAY pause=text::PAUSE off=at_end/>
        <span class="clock">{time}<small>{number}</small></span>
    };
    let is_there = shows("controls") || shows("scrubber");
    is_there.then(|| {
        view! {
            <nav class="tr" id=own("transport") aria-label=said(text::TRANSPORT) aria-busy=move || computes().then_some("true")>
                {shows("controls").then_some(keys)}
                {shows("scrubber").then(|| view! { <Scrubber/> })}
            </nav>
        }
    })
}
