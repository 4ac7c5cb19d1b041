//! The page's frame: landmarks, skip links, and the panels in their places.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use partita::view::Selection;

use super::chain;
use super::classroom::PressedKey;
use super::explaining::Explained;
use super::keys;
use super::modal::Dialogs;
use super::panels::{Divider, InspectorPanel, Narration, OutlineTree, Pointed, Ring, Split, Timeline, Tips};
use super::preferences::said;
use super::rest::{Arrival, Part, Rest};
use super::root::{listens, own};
use super::scene::{Ask, Scene, Stage};
use super::screen::{self, is_phone};
use super::session::{Playing, Session};
use super::settings::{Folding, SettingsPanel};
use super::text;
use super::topbar::TopBar;
use super::transport::TransportBar;
use crate::page::live::live;

#[component]
pub fn Frame() -> impl IntoView {
    let session = Session::get();
    provide_stage(session);
    Pointed::provide();
    let split = Split::kept();
    let is_seen = after_the_first_picture(session);
    let folding = Folding::of_window();
    view! {
        <a class="skip" href=format!("#{}", own("scene"))>{said(text::SKIP_TO_SCENE)}</a>
        <a class="skip" href=format!("#{}", own("narration"))>{said(text::SKIP_TO_NARRATION)}</a>
        <a class="skip" href=format!("#{}", own("transport"))>{said(text::SKIP_TO_TRANSPORT)}</a>
        <div class="app" class:drawer=move || session.drawer.get()>
            <TopBar/>
            <main class="left">
                <Scene><Around/></Scene>
                <Narration/>
                <TransportBar/>
                <Timeline/>
                <Tips/>
            </main>
            <aside
                class="right"
                class:folded=move || folding.folded()
                aria-label=said(text::DETAILS)
                style:--split=move || split.percent()
            >
                <InspectorPanel/>
                <Divider split/>
                {live(move || is_seen.get().then(|| view! { <SettingsPanel folding/> }))}
            </aside>
            {live(move || is_seen.get().then(|| view! { <OutlineTree/> }))}
        </div>
        <PressedKey/>
        <Dialogs/>
        <Explained/>
        {live(move || is_seen.get().then(|| view! { <Ring/> }))}
    }
}

/// How long after the first picture what is not looked at first is built: a key that was pressed meanwhile goes first.
const UNSEEN: Duration = Duration::from_millis(60);

/// How long after that the second part of the program is fetched, if nobody has asked for it by then.
const SECOND_PART: Duration = Duration::from_millis(200);

/// What is not looked at first is built behind the first picture, so that this comes, and keys work, the sooner.
fn after_the_first_picture(session: Session) -> RwSignal<bool> {
    let rest = Rest::get();
    let build = move || {
        // The part of the page may have been taken out meanwhile.
        if session.lives() {
            session.see();
        }
        set_timeout(move || rest.fetch(), SECOND_PART);
    };
    request_animation_frame(move || set_timeout(build, UNSEEN));
    session.is_seen
}

/// The steps around this one, below the scene of a phone.
#[component]
fn Around() -> impl IntoView {
    let rest = Rest::get();
    let is_phone = RwSignal::new(is_phone());
    listens(window_event_listener(ev::resize, move |_| {
        if is_phone.get_untracked() != screen::is_phone() {
            is_phone.set(screen::is_phone());
        }
    }));
    live(move || (is_phone.get() && rest.arrival() == Arrival::There).then(|| rest.make(Part::Around)))
}

/// On a phone the inspector stands over the scene: what is pressed opens it.
fn inspect(session: Session, selection: Selection) {
    session.select(selection);
    if is_phone() {
        keys::to_panel(session, "inspector");
    }
}

/// What the scene asks for becomes what the session does.
fn provide_stage(session: Session) {
    let playing = Signal::derive(move || {
        // Play goes from step to step, and each is drawn as one that was pressed.
        (session.playing.get() == Some(Playing::Run)).then(|| session.speed.get())
    });
    let answer = Callback::new(move |ask: Ask| match ask {
        Ask::Select(selection) => inspect(session, selection),
        Ask::Chain(selection) => chain::show(session, selection),
        Ask::Follow(record) => session.follow(record),
        Ask::Command(line) => session.act_line(&line),
        Ask::Scroll(partition, first) => session.look(|lens| {
            match first {
                Some(offset) => lens.scroll.insert(partition, offset),
                None => lens.scroll.remove(&partition),
            };
        }),
        Ask::Unfold(partition) => session.unfold(partition),
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
