//! Terms: words of Kafka's that explain themselves in a sentence when they are hovered or focused.
//!
//! Anything with `data-term` is a term; one listener and one tip serve a session.

use leptos::ev;
use leptos::prelude::*;
use partita::explain::glossary;
use partita::lang::Lang;
use partita::sorted::InOrder;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent};

use crate::page::live::live;
use crate::page::preferences::Preferences;
use crate::page::root::Root;

/// The id of the tip in its session, for `aria-describedby`.
const TIP: &str = "tip";
/// Pixels between a term and its tip, and the tip's width.
const GAP: f64 = 6.0;
const WIDTH: f64 = 280.0;
/// A tip this near to the lower edge stands above its term.
const ROOM: f64 = 120.0;

/// Words with the terms among them, each at its first place.
pub fn with_terms(words: &str, lang: Lang) -> impl IntoView + use<> {
    among(words, lang, true)
}

/// The same for words that are drawn many times: where they are no stops of the keyboard, the pointer finds them.
pub fn among(words: &str, lang: Lang, is_stop: bool) -> impl IntoView + use<> {
    let mut rest = words;
    let mut pieces: Vec<AnyView> = Vec::new();
    for (start, end, id) in found(words, lang) {
        let done = words.len() - rest.len();
        pieces.push(words[done..start].to_owned().into_any());
        let found = words[start..end].to_owned();
        pieces.push(if is_stop { term(id, found).into_any() } else { hint(id, found).into_any() });
        rest = &words[end..];
    }
    pieces.push(rest.to_owned().into_any());
    pieces.collect_view()
}

/// The name of a field of the inspector, explained where it is a term.
pub fn field_name(name: &str, lang: Lang) -> AnyView {
    let is_term = |term: &glossary::Term| term.name.eq_ignore_ascii_case(name) || term.short == name;
    match glossary::all(lang).find(is_term) {
        Some(found) => term(found.id, name.to_owned()).into_any(),
        None => with_terms(name, lang).into_any(),
    }
}

/// Words that are a term.
pub fn term(id: &'static str, words: String) -> impl IntoView {
    view! { <button type="button" class="term" data-term=id>{words}</button> }
}

/// The same without a stop of the keyboard.
pub fn hint(id: &'static str, words: String) -> impl IntoView {
    view! { <span class="term" data-term=id>{words}</span> }
}

/// Terms in a text that need an explanation: from where to where, and which. The words of daily life among them
/// (record, send, key) are explained where they are titles, not in every sentence.
fn found(words: &str, lang: Lang) -> Vec<(usize, usize, &'static str)> {
    const PLAIN: [&str; 9] = ["record", "key", "topic", "partition", "send", "result", "step", "join", "own"];
    let lower = words.to_ascii_lowercase();
    let mut all: Vec<(usize, usize, &'static str)> = Vec::new();
    // Sixty names are looked for in each text of each step: only where a word can begin.
    let begins: Vec<usize> =
        words.char_indices().map(|(at, _)| at).filter(|at| !words[..*at].ends_with(joins)).collect();
    let place = |name: &str, is_it: fn(&[u8], &[u8]) -> bool| {
        let stands =
            |at: &&usize| words.as_bytes()[**at..].get(..name.len()).is_some_and(|found| is_it(found, name.as_bytes()));
        let begins = || begins.iter().filter(stands).map(|at| (*at, at + name.len()));
        if name.is_empty() { None } else { begins().find(|(at, _)| is_word(&lower, *at, name.len())) }
    };
    for term in glossary::all(lang).filter(|term| !PLAIN.contains(&term.id)) {
        let named = place(term.name, <[u8]>::eq_ignore_ascii_case);
        // A short name is one in capitals.
        let Some((start, end)) = named.or_else(|| place(term.short, |found, name| found == name)) else { continue };
        if all.iter().all(|(from, to, _)| end <= *from || *to <= start) {
            all.push((start, end, term.id));
        }
    }
    all.order();
    all
}

fn joins(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

/// Whether no letter or digit of Latin script touches the word; a plural's ending may.
fn is_word(text: &str, at: usize, length: usize) -> bool {
    let after = &text[at + length..];
    let after =
        after.strip_prefix("es").or(after.strip_prefix('s')).filter(|rest| !rest.starts_with(joins)).unwrap_or(after);
    let dotted = after.starts_with('.') && !after[1..].starts_with(|c: char| c.is_ascii_alphanumeric());
    !text[..at].ends_with(joins) && (dotted || !after.starts_with(joins))
}

/// What the tip says, and where.
#[derive(Clone, Copy, PartialEq)]
struct Tip {
    id: &'static str,
    x: f64,
    y: f64,
    above: bool,
}

/// The tip of the page.
#[component]
pub fn Tips() -> impl IntoView {
    let tip = RwSignal::new(None::<Tip>);
    // Where the pointer came to rest: what is drawn anew under it tells of a pointer, too.
    let pointer = StoredValue::new((0, 0));
    let (lang, root) = (Preferences::get(), Root::get());
    let show = move |element: Option<Element>| {
        let next = element.as_ref().and_then(tip_at);
        if tip.get_untracked() != next {
            tip.set(next);
        }
    };
    let listening = [
        window_event_listener(ev::mousemove, move |event| pointer.set_value(place_of(&event))),
        window_event_listener(ev::mouseover, move |event| {
            // The pointer may go from the term onto the tip, to read or to copy it.
            if is_on_tip(root, &event) {
                return;
            }
            // A flag that slides under a pointer at rest was not pointed at.
            let rests = pointer.get_value() == place_of(&event);
            let focused = root.find("[data-term]:focus-visible");
            let pointed = if rests && focused.is_some() { None } else { term_of(root, &event) };
            show(pointed.or(focused));
        }),
        window_event_listener(ev::focusin, move |event| {
            let term = term_of(root, &event);
            if let Some(term) = &term {
                let _ = term.set_attribute("aria-describedby", &root.id(TIP));
            }
            show(term);
        }),
        window_event_listener(ev::focusout, move |_| show(None)),
    ];
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && tip.get_untracked().is_some() {
            tip.set(None);
        }
    });
    on_cleanup(move || {
        escape.remove();
        listening.into_iter().for_each(WindowListenerHandle::remove);
    });
    let words = move || tip.get().and_then(|tip| glossary::term(tip.id, lang.lang()));
    view! {
        <div
            id=root.id(TIP)
            role="tooltip"
            class="tip"
            class:above=move || tip.get().is_some_and(|tip| tip.above)
            class:on=move || tip.get().is_some()
            style:left=move || tip.get().map(|tip| format!("{:.0}px", tip.x))
            style:top=move || tip.get().map(|tip| format!("{:.0}px", tip.y))
        >
            <b>{live(move || words().map(|term| term.title()))}</b>
            <span>{live(move || words().map(|term| term.sentence))}</span>
        </div>
    }
}

fn tip_at(element: &Element) -> Option<Tip> {
    let id = element.get_attribute("data-term")?;
    let id = glossary::term(&id, Lang::En)?.id;
    let place = element.get_bounding_client_rect();
    let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|size| size.as_f64()).unwrap_or(0.0);
    let (width, height) = (size(window().inner_width()), size(window().inner_height()));
    let above = place.bottom() + ROOM > height;
    let y = if above { place.top() - GAP } else { place.bottom() + GAP };
    Some(Tip { id, x: place.left().min(width - WIDTH - GAP).max(GAP), y, above })
}

fn element_of(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn term_of(root: Root, event: &Event) -> Option<Element> {
    element_of(event)?.closest("[data-term]").ok()?.filter(|term| root.holds(term))
}

fn is_on_tip(root: Root, event: &Event) -> bool {
    root.by_id(TIP).zip(element_of(event)).is_some_and(|(tip, element)| tip.contains(Some(&element)))
}

fn place_of(event: &MouseEvent) -> (i32, i32) {
    (event.client_x(), event.client_y())
}
