//! The promises in the top bar: a badge for each that has room, one for the rest, those that are broken with the way to why,
//! and beside them what was never sent.

use leptos::ev;
use leptos::prelude::*;
use partita::lang::Lang;
use partita::view::{Promise, PromiseState, Selection, Top, folded};

use super::chain;
use super::explaining::{Explaining, PROMISES};
use super::icon::Icon;
use super::letters;
use super::preferences::{Preferences, said};
use super::root::{listens, own};
use super::session::Session;
use super::text;
use crate::page::live::live;

/// Pixels of the top bar that neither its title nor its promises take, and the most that its title takes.
const REST: f64 = 512.0;
const TITLE: f64 = 264.0;
/// Pixels of a badge around its words, of one that is broken, and from one to the next.
const BADGE: f64 = 19.0;
const BROKEN: f64 = 70.0;
const GAP: f64 = 11.0;

/// What stands in the top bar of the promises.
#[derive(Clone, Debug, PartialEq)]
struct Laid {
    shown: Vec<Promise>,
    /// Those without room: whether all are kept, and in how many words.
    rest: Option<(bool, String)>,
    broken: Vec<Promise>,
    never_sent: Option<String>,
}

impl Laid {
    /// As many promises as a window of this width has room for, so that neither they nor the title are cut.
    fn of(top: &Top, width: f64, lang: Lang) -> Laid {
        let (broken, whole): (Vec<Promise>, Vec<Promise>) =
            top.promises.iter().cloned().partition(|promise| promise.state == PromiseState::Broken);
        let (mut shown, unchecked): (Vec<Promise>, Vec<Promise>) =
            whole.into_iter().partition(|promise| promise.state == PromiseState::Kept);
        shown.extend(unchecked);
        let title = (letters::width(&top.title) * 1.06).min(TITLE);
        let badge = |text: &str, around: f64| letters::width(text) + around + GAP;
        let taken: f64 = broken.iter().map(|promise| badge(&promise.text, BROKEN)).sum();
        let taken = taken + top.never_sent.as_ref().map_or(0.0, |text| badge(text, 0.0));
        let mut room = width - REST - title - taken;
        let rest_of = |shown: &[Promise], count: usize| {
            let rest = &shown[count..];
            let kept = rest.iter().filter(|promise| promise.state == PromiseState::Kept).count();
            let beside = count > 0 || !broken.is_empty();
            (rest.len() == kept, folded(lang, kept, rest.len() - kept, beside))
        };
        let mut count = 0;
        while count < shown.len() {
            let next = badge(&shown[count].text, BADGE);
            let after = if count + 1 < shown.len() { badge(&rest_of(&shown, count + 1).1, BADGE) } else { 0.0 };
            if next + after > room {
                break;
            }
            room -= next;
            count += 1;
        }
        let rest = (count < shown.len()).then(|| rest_of(&shown, count));
        shown.truncate(count);
        Laid { shown, rest, broken, never_sent: top.never_sent.clone() }
    }
}

fn width() -> f64 {
    window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(1440.0)
}

#[component]
pub fn Promises() -> impl IntoView {
    let session = Session::get();
    let top = session.panel(|view| &view.top);
    let lang = Preferences::get();
    let wide = RwSignal::new(width());
    listens(window_event_listener(ev::resize, move |_| {
        if wide.get_untracked() != width() {
            wide.set(width());
        }
    }));
    let laid = Memo::new(move |_| top.with(|top| Laid::of(top, wide.get(), lang.lang_untracked())));
    view! {
        <ul class="promises" id=own("promises") aria-label=said(text::PROMISES)>
            {live(move || {
                let (laid, lang) = (laid.get(), lang.lang_untracked());
                view! {
                    {laid.shown.iter().map(whole).collect_view()}
                    {laid.rest.map(|(all_kept, words)| rest(all_kept, words))}
                    {laid.broken.iter().map(|promise| broken(session, promise, lang)).collect_view()}
                    {laid.never_sent.map(never_sent)}
                }
            })}
        </ul>
    }
}

/// A button that explains itself when it is pressed, or the pointer rests on it.
fn explains(what: &'static str, inner: AnyView) -> impl IntoView {
    let explaining = Explaining::get();
    view! {
        <button
            type="button"
            class="prom-b"
            data-explains=what
            aria-haspopup="dialog"
            aria-expanded=move || explaining.is_of(what).to_string()
            on:click=move |event| explaining.press(what, &event)
            on:pointermove=move |event| explaining.points(what, &event)
            on:pointerleave=move |_| explaining.leaves()
        >
            {inner}
        </button>
    }
}

/// Kept, or not checked.
fn whole(promise: &Promise) -> impl IntoView + use<> {
    let name = promise.text.clone();
    let (class, icon) = match promise.state {
        PromiseState::NotChecked => ("prom un", "ring"),
        PromiseState::Kept | PromiseState::Broken => ("prom", "kept"),
    };
    // That a promise is not checked is drawn; there is no room to write it.
    let spoken = (!promise.rest.is_empty()).then(|| view! { <span class="sr">{promise.rest.clone()}</span> });
    let inner = view! { <Icon name=icon/><span>{name}</span>{spoken} };
    view! { <li class=class data-promise=promise.id>{explains(promise.id, inner.into_any())}</li> }
}

/// Those without room of their own: pressed, all of them are listed.
fn rest(all_kept: bool, words: String) -> impl IntoView {
    let (class, icon) = if all_kept { ("prom", "kept") } else { ("prom un", "ring") };
    let inner = view! { <Icon name=icon/><span>{words}</span> };
    view! { <li class=class>{explains(PROMISES, inner.into_any())}</li> }
}

/// Broken: with the way to how the last record came to that.
fn broken(session: Session, promise: &Promise, lang: Lang) -> impl IntoView + use<> {
    let (text, why) = (promise.text.clone(), promise.why);
    let spoken = lang.pick(format!("why: {text}"), format!("이유: {text}"));
    let inner = view! { <Icon name="broken"/><span>{text}</span> };
    let way = (why != Selection::Nothing).then(|| {
        view! {
            <button type="button" class="lk" aria-label=spoken on:click=move |_| chain::show(session, why)>
                {lang.pick("why", "이유")}
            </button>
        }
    });
    view! { <li class="prom bad" data-promise=promise.id>{explains(promise.id, inner.into_any())}{way}</li> }
}

fn never_sent(words: String) -> impl IntoView {
    let inner = view! { <span>{words}</span> };
    view! { <li class="prom ns">{explains("never-sent", inner.into_any())}</li> }
}
