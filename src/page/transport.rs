//! Transport and faults: one row below the narration.

use leptos::prelude::*;
use partita::view::FaultOffer;

use super::dialog::Dialog;
use super::icon::Icon;
use super::preferences::{Preferences, said};
use super::root::own;
use super::session::{PACES, Playing, SPEEDS, Session};
use super::text;
use crate::page::live::live;

#[component]
pub fn TransportBar() -> impl IntoView {
    let session = Session::get();
    let transport = session.panel(|view| &view.transport);
    let time = move || transport.with(|transport| transport.time.clone());
    let step = move || transport.with(|transport| transport.step.clone());
    let at_start = Signal::derive(move || transport.with(|transport| !transport.can_go_back));
    let at_end = Signal::derive(move || transport.with(|transport| !transport.can_go_forward || transport.has_ended));
    let has_chapters = move || transport.with(|transport| !transport.chapters.is_empty());
    let changes = session.changes;
    let computes = move || session.going.get().is_some() || session.presses.get() > 0;
    view! {
        <nav
            class="tr"
            id=own("transport")
            tabindex="-1"
            aria-label=said(text::TRANSPORT)
            aria-busy=move || computes().then_some("true")
            data-changes=move || changes.with(|changes| changes.made.to_string())
            data-stored=move || changes.with(|changes| changes.stored.to_string())
        >
            <Key id="restart" icon="restart" class="btn i" name=text::TO_START off=at_start act=|session| session.home()/>
            <Show when=has_chapters>
                <Key id="chapter-back" icon="chback" class="btn i o" name=text::CHAPTER_BACK off=at_start act=|session| session.previous_chapter()/>
            </Show>
            <Key id="back" icon="back" class="btn i o" name=text::STEP_BACK off=at_start act=|session| session.step_back()/>
            <Key id="step" icon="fwd" class="btn i o" name=text::STEP off=at_end act=|session| session.step_forward()/>
            <Key id="stage" icon="stage" class="btn i o" name=text::NEXT_STAGE off=at_end act=|session| session.next_stage()/>
            <Show when=has_chapters>
                <Key id="chapter-on" icon="chfwd" class="btn i o" name=text::CHAPTER_ON off=at_end act=|session| session.next_chapter()/>
            </Show>
            <span class="vr"></span>
            <Player id="play" what=Playing::Play icon="play" label=text::PLAY_WORD name=text::PLAY pause=text::PAUSE off=at_end/>
            <Pace/>
            <span class="vr"></span>
            <Player id="run" what=Playing::Run icon="run" label=text::RUN_WORD name=text::RUN_TIME pause=text::PAUSE_RUN off=at_end/>
            <Speed/>
            <span class="vr"></span>
            <span class="clock">
                {time}
                <small title=said(text::STEPS_COUNTED)>{step}</small>
            </span>
            <Faults/>
        </nav>
    }
}

/// A button of the transport. One that cannot act keeps its place in the order of the keyboard.
#[component]
pub fn Key(
    id: &'static str,
    icon: &'static str,
    class: &'static str,
    name: text::Text,
    off: Signal<bool>,
    act: fn(Session),
) -> impl IntoView {
    let session = Session::get();
    let off = move || off.get();
    view! {
        <button
            class=class
            id=own(id)
            aria-label=said(name)
            title=said(name)
            aria-disabled=move || off().then_some("true")
            on:click=move |_| if !off() { act(session) }
        >
            <Icon name=icon/>
        </button>
    }
}

/// The button of what goes on by itself. While it does, the button pauses it, and the other one waits.
#[component]
pub fn Player(
    id: &'static str,
    what: Playing,
    icon: &'static str,
    label: text::Text,
    name: text::Text,
    pause: text::Text,
    off: Signal<bool>,
) -> impl IntoView {
    let session = Session::get();
    let goes = move || session.playing.get() == Some(what);
    let is_off = move || !goes() && (session.playing.get().is_some() || what == Playing::Play && off.get());
    let preferences = Preferences::get();
    let words = move |text: text::Text| *text.pick(preferences.lang());
    let class = if what == Playing::Play { "btn p go" } else { "btn o rnb" };
    let press = move |_| match what {
        _ if is_off() => {}
        Playing::Play => session.play_or_pause(),
        Playing::Run => session.run_or_pause(),
    };
    view! {
        <button
            class=class
            id=own(id)
            aria-label=move || words(if goes() { pause } else { name })
            title=move || words(if goes() { pause } else { name })
            aria-pressed=(what == Playing::Run).then_some(move || goes().to_string())
            aria-disabled=move || is_off().then_some("true")
            on:click=press
        >
            {live(move || view! { <Icon name=if goes() { "pause" } else { icon }/> })}
            <span>{live(move || words(if goes() { text::PAUSE_WORD } else { label }))}</span>
        </button>
    }
}

/// How fast Play goes: half as fast to four times as fast as one reads.
#[component]
fn Pace() -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let pace = move || PACES[session.pace.get().min(PACES.len() - 1)];
    let words = move || match pace() {
        1.0 => preferences.lang().pick("normal", "보통").to_owned(),
        pace => format!("×{pace}"),
    };
    view! {
        <label class="spd pace">
            <input
                type="range"
                class="range"
                id=own("pace")
                min="0"
                max=(PACES.len() - 1).to_string()
                step="1"
                prop:value=move || session.pace.get().to_string()
                aria-label=said(text::PACE)
                aria-valuetext=words
                title=said(text::PACE)
                on:input=move |event| session.set_pace(event_target_value(&event).parse().unwrap_or(0))
            />
            <b>{live(move || format!("×{}", pace()))}</b>
        </label>
    }
}

/// How fast virtual time runs: ten speeds.
#[component]
fn Speed() -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let words = move |speed: u32| preferences.lang().pick(format!("{speed} ms/s"), format!("{speed} ms/초"));
    let choose = move |event| {
        if let Ok(speed) = event_target_value(&event).parse() {
            session.set_speed(speed);
        }
    };
    let options = move || {
        let one = |speed: u32| view! { <option value=speed.to_string() selected=session.speed.get_untracked() == speed>{words(speed)}</option> };
        SPEEDS.map(one).collect_view()
    };
    view! {
        <select class="rspd" id=own("speed") aria-label=said(text::SPEED) title=said(text::SPEED)
            prop:value=move || session.speed.get().to_string() on:change=choose>
            {options}
        </select>
    }
}

/// The faults that are built; each opens the list of what it can act on.
#[component]
fn Faults() -> impl IntoView {
    let session = Session::get();
    let faults = session.panel(|view| &view.faults);
    // The row has no room for the two about links: their keys open them.
    let has_room = |offer: &&FaultOffer| !matches!(offer.key, 'C' | 'L');
    let shown = move |_: Option<&Vec<Offer>>| {
        faults.with(|faults| faults.offers.iter().filter(has_room).map(short).collect::<Vec<_>>())
    };
    let offers = Memo::new(shown);
    view! {
        <div class="flt" role="group" aria-label=said(text::BREAK)>
            <span aria-hidden="true">{said(text::BREAK)}</span>
            {live(move || offers.get().into_iter().map(|offer| fault(session, offer)).collect_view())}
        </div>
    }
}

/// Key, name and, where it cannot act now, the reason.
type Offer = (char, String, Option<String>);

fn short(offer: &FaultOffer) -> Offer {
    (offer.key, offer.name.clone(), offer.reason.clone())
}

fn fault(session: Session, (key, name, reason): Offer) -> impl IntoView {
    let full = match reason {
        Some(reason) => format!("{name} ({key}): {reason}"),
        None => format!("{name} ({key})"),
    };
    view! {
        <button
            class="btn"
            data-fault=key.to_string()
            aria-haspopup="dialog"
            title=full.clone()
            on:click=move |_| session.open(Dialog::Faults(key))
        >
            <Icon name=icon_of(key)/>
            <span>{name}</span>
        </button>
    }
}

/// The icon of a fault.
pub fn icon_of(key: char) -> &'static str {
    match key {
        'B' => "power",
        'D' => "drop",
        'E' => "x",
        'C' => "cut",
        'L' => "slow-link",
        'P' => "gc",
        'K' => "kill",
        'W' => "glass",
        _ => "hint",
    }
}
