//! Transport and faults: one row below the narration.

use leptos::prelude::*;
use partita::view::FaultOffer;

use super::dialog::Dialog;
use super::icon::Icon;
use super::preferences::{Preferences, said};
use super::root::own;
use super::session::{SPEEDS, Session};
use super::text;

#[component]
pub fn TransportBar() -> impl IntoView {
    let session = Session::get();
    let transport = session.panel(|view| &view.transport);
    let time = move || transport.with(|transport| transport.time.clone());
    let step = move || transport.with(|transport| transport.step.clone());
    let at_start = Signal::derive(move || transport.with(|transport| !transport.can_go_back));
    let at_end = Signal::derive(move || transport.with(|transport| !transport.can_go_forward));
    let never = Signal::derive(|| false);
    let changes = session.changes;
    view! {
        <nav
            class="tr"
            id=own("transport")
            tabindex="-1"
            aria-label=said(text::TRANSPORT)
            data-changes=move || changes.with(|changes| changes.made.to_string())
            data-stored=move || changes.with(|changes| changes.stored.to_string())
        >
            <Key id="restart" icon="restart" class="btn i" name=text::TO_START off=at_start act=|session| session.home()/>
            <Key id="back" icon="back" class="btn i o" name=text::STEP_BACK off=at_start act=|session| session.step_back()/>
            <Key id="step" icon="fwd" class="btn i o" name=text::STEP off=at_end act=|session| session.step_forward()/>
            <Key id="stage" icon="stage" class="btn i o" name=text::NEXT_STAGE off=never act=|session| session.next_stage()/>
            <Play/>
            <span class="clock">
                {time}
                <small>{step}</small>
            </span>
            <Speed/>
            <Faults/>
        </nav>
    }
}

/// A button of the transport. One that cannot act keeps its place in the order of the keyboard.
#[component]
fn Key(
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

#[component]
fn Play() -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let name = move || {
        let text = if session.is_playing.get() { text::PAUSE } else { text::PLAY };
        preferences.lang().pick(text.en, text.ko)
    };
    let icon = move || if session.is_playing.get() { "pause" } else { "play" };
    view! {
        <button class="btn i p" id=own("play") aria-label=name title=name on:click=move |_| session.play_or_pause()>
            {move || view! { <Icon name=icon()/> }}
        </button>
    }
}

/// How fast virtual time flows: ten speeds on a slider.
#[component]
fn Speed() -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let place = move || SPEEDS.iter().position(|speed| *speed == session.speed.get()).unwrap_or(0);
    let words = move || {
        let speed = session.speed.get();
        preferences.lang().pick(format!("{speed} ms/s"), format!("{speed} ms/초"))
    };
    let choose = move |event| {
        let place: usize = event_target_value(&event).parse().unwrap_or(0);
        session.set_speed(SPEEDS[place.min(SPEEDS.len() - 1)]);
    };
    view! {
        <label class="spd">
            <input
                type="range"
                class="range"
                id=own("speed")
                min="0"
                max=(SPEEDS.len() - 1).to_string()
                step="1"
                prop:value=move || place().to_string()
                aria-label=said(text::SPEED)
                aria-valuetext=words
                on:input=choose
            />
            <span>{words}</span>
        </label>
    }
}

/// The faults that are built; each opens the list of what it can act on.
#[component]
fn Faults() -> impl IntoView {
    let session = Session::get();
    let faults = session.panel(|view| &view.faults);
    let offers = Memo::new(move |_| faults.with(|faults| faults.offers.iter().map(short).collect::<Vec<_>>()));
    view! {
        <div class="flt" role="group" aria-label=said(text::BREAK)>
            <span aria-hidden="true">{said(text::BREAK)}</span>
            {move || offers.get().into_iter().map(|offer| fault(session, offer)).collect_view()}
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
        'P' => "gc",
        'K' => "kill",
        'W' => "glass",
        _ => "hint",
    }
}
