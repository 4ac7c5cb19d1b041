//! What a fault can act on now; what cannot be chosen says why.

use leptos::prelude::*;
use partita::draft::Target;
use partita::script::ClientKind;
use partita::view::{ActiveFault, FaultOffer, FaultTarget};

use crate::page::icon::Icon;
use crate::page::preferences::{Preferences, say};
use crate::page::root::own;
use crate::page::session::Session;
use crate::page::transport::icon_of;

/// One fault's targets in front, the other faults below.
pub fn body(key: char) -> impl IntoView {
    let session = Session::get();
    let faults = session.view_now().faults.clone();
    let shown = RwSignal::new(key);
    let tabs: Vec<(char, String)> = faults.offers.iter().map(|offer| (offer.key, offer.name.clone())).collect();
    let tabs = tabs.into_iter().map(|(key, name)| {
        view! {
            <button type="button" class="btn o" aria-pressed=move || (shown.get() == key).to_string() on:click=move |_| { session.dialog_stays(); shown.set(key) }>
                <Icon name=icon_of(key)/>
                {name}
            </button>
        }
    });
    let tabs = tabs.collect_view();
    let active = faults.active.clone();
    let offers = faults.offers.clone();
    let targets =
        move || offers.iter().find(|offer| offer.key == shown.get()).map(|offer| rows(session, offer.clone()));
    view! {
        <div class="tabs-f" role="group" aria-label=say("Faults", "고장")>{tabs}</div>
        {targets}
        {(!active.is_empty()).then(|| lifts(session, active))}
    }
}

/// Which of the targets has the focus first: who acts now, whose program the code and the settings show as well; else a
/// consumer, whose group does something about it; else the first that can be chosen.
fn nearest(session: Session, targets: &[FaultTarget]) -> Option<usize> {
    let acts = Target::of(&session.view_now().settings);
    let of = |target: &FaultTarget| match acts {
        Target::Client(ref name) if *name == target.name => 2,
        _ => u8::from(session.with_run(|run| {
            let client = run.timeline.simulation().client(&target.name);
            client.is_some_and(|client| client.recipe.kind == ClientKind::Consumer)
        })),
    };
    let chosen = targets.iter().enumerate().filter(|(_, target)| target.reason.is_none());
    chosen.rev().max_by_key(|(_, target)| of(target)).map(|(index, _)| index)
}

fn rows(session: Session, offer: FaultOffer) -> impl IntoView {
    let key = offer.key;
    let is_empty = offer.targets.is_empty();
    let nearest = nearest(session, &offer.targets);
    let rows = offer.targets.into_iter().enumerate().map(move |(index, target)| {
        let FaultTarget { name, command, reason, .. } = target;
        let off = reason.is_some();
        let done = command.clone();
        view! {
            <li>
                <button
                    type="button"
                    class="fb"
                    autofocus=nearest == Some(index)
                    aria-disabled=off.then_some("true")
                    on:click=move |_| if !off { session.close(); session.act_line(&done) }
                >
                    <Icon name=icon_of(key)/>
                    <span>{name}</span>
                    <small>{reason.unwrap_or(command)}</small>
                </button>
            </li>
        }
    });
    let about = offer.about.map(|about| view! { <p class="hint">{about}</p> });
    let why = offer.reason.filter(|_| is_empty);
    let why = why.map(|reason| {
        let lang = Preferences::get().lang_untracked();
        let sentence =
            lang.pick(format!("This cannot act now: {reason}."), format!("지금은 쓸 수 없습니다: {reason}."));
        view! { <p class="hint" id=own("no-target")>{sentence}</p> }
    });
    view! { {why}{about}<ul class="fpal" hidden=is_empty>{rows.collect_view()}</ul> }
}

/// The faults in force, and what lifts them.
pub fn lifts(session: Session, active: Vec<ActiveFault>) -> impl IntoView {
    let chips = active.into_iter().map(|fault| {
        let lift = fault.lift.map(|(command, label)| {
            view! { <button type="button" on:click=move |_| { session.close(); session.act_line(&command) }>{label}</button> }
        });
        view! { <span class="hzchip">{fault.text}" "{lift}</span> }
    });
    view! { <div class="act wrap"><b>{say("Active", "적용 중")}</b>{chips.collect_view()}</div> }
}
