//! The page's frame: landmarks, skip links, and the panels in their places.

use leptos::prelude::*;

use super::dialogs::Dialogs;
use super::notices::Notices;
use super::panels::{Divider, InspectorPanel, Narration, OutlineTree, Pointed, Ring, Split, Timeline, Tips};
use super::preferences::said;
use super::scene::{Ask, Scene, Stage};
use super::session::Session;
use super::settings::SettingsPanel;
use super::text;
use super::topbar::TopBar;
use super::transport::TransportBar;

#[component]
pub fn Frame() -> impl IntoView {
    let session = Session::get();
    provide_stage(session);
    Pointed::provide();
    let split = Split::kept();
    view! {
        <a class="skip" href="#scene">{said(text::SKIP_TO_SCENE)}</a>
        <a class="skip" href="#narration">{said(text::SKIP_TO_NARRATION)}</a>
        <a class="skip" href="#transport">{said(text::SKIP_TO_TRANSPORT)}</a>
        <div class="app" class:drawer=move || session.drawer.get()>
            <TopBar/>
            <main class="left">
                <Scene/>
                <Narration/>
                <TransportBar/>
                <Timeline/>
                <Tips/>
            </main>
            <aside class="right" aria-label=said(text::DETAILS) style:--split=move || split.percent()>
                <InspectorPanel/>
                <Divider split/>
                <SettingsPanel/>
            </aside>
            <OutlineTree/>
            <Notices/>
        </div>
        <Dialogs/>
        <Ring/>
    }
}

/// What the scene asks for becomes what the session does.
fn provide_stage(session: Session) {
    let playing = Signal::derive(move || session.is_playing.get().then(|| session.speed.get()));
    let answer = Callback::new(move |ask: Ask| match ask {
        Ask::Select(selection) => session.select(selection),
        Ask::Follow(record) => session.follow(record),
        Ask::Command(line) => session.act_line(&line),
        Ask::Scroll(partition, first) => session.look(|lens| {
            match first {
                Some(offset) => lens.scroll.insert(partition, offset),
                None => lens.scroll.remove(&partition),
            };
        }),
        Ask::Producer(client) => session.look(|lens| {
            if !lens.open_producers.remove(&client) {
                lens.open_producers.insert(client);
            }
        }),
        Ask::Group(group) => session.look(|lens| {
            if !lens.folded_groups.remove(&group) {
                lens.folded_groups.insert(group);
            }
        }),
        Ask::Setting { of, name } => session.edit_setting(&of, name),
    });
    Stage::provide(session.view(), playing, answer);
}
