//! A setting: its value, a draft of another one, and what there is to say about both.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use partita::draft::{Target, Trial, trial};
use partita::lang::{Sentence, both};
use partita::script::Property;
use partita::simulation::CommandError;
use wasm_bindgen::JsCast;

use super::change::{apply_from_start, apply_now};
use crate::page::focus::Focus;
use crate::page::preferences::{Preferences, say};
use crate::page::root::{Root, own};
use crate::page::screen::once_laid_out;
use crate::page::session::Session;
use crate::page::told::told;

/// Names longer than this stand on a line of their own.
const LONG: usize = 32;

/// When a changed setting holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Now,
    Start,
}

/// The state of a row while it is edited.
#[derive(Clone, Copy)]
struct Editing {
    session: Session,
    name: &'static str,
    row: Memo<Option<partita::view::SettingRow>>,
    draft: RwSignal<Option<String>>,
    refused: RwSignal<Option<Sentence>>,
}

impl Editing {
    fn value(self) -> String {
        self.row.with(|row| row.as_ref().map(|row| row.value.clone()).unwrap_or_default())
    }

    /// The draft, where it is another value.
    fn new_value(self) -> Option<String> {
        self.draft.get().filter(|draft| draft.trim() != self.value())
    }

    /// Brokers read their properties when they start.
    fn only_from_start(self) -> bool {
        self.target() == Target::Cluster
    }

    fn target(self) -> Target {
        Target::of(&self.session.view_now().settings)
    }

    fn property(self, value: &str) -> Vec<Property> {
        vec![Property::new(self.name, value.trim())]
    }

    /// What Kafka says of the draft.
    fn trial(self) -> Option<Trial> {
        let value = self.new_value()?;
        if let Some(refused) = self.refused.get() {
            return Some(Trial::Refused(refused));
        }
        let target = self.target();
        Some(
            self.session.with_run(|run| {
                trial(run.timeline.simulation(), &run.timeline.script(), &target, &self.property(&value))
            }),
        )
    }

    fn apply(self, from: From) {
        let Some(value) = untrack(|| self.new_value()) else { return };
        if matches!(untrack(|| self.trial()), Some(Trial::Refused(_))) {
            return;
        }
        let before = untrack(|| self.value());
        let made_anew = match (from, self.target()) {
            (From::Now, Target::Client(client)) => Some(made_anew(&client, self.name, value.trim())),
            _ => None,
        };
        let done = move |outcome: Result<(), CommandError>| match outcome {
            Ok(()) => {
                self.draft.set(None);
                self.session.close();
                if let Some(told) = made_anew.clone() {
                    self.session.say(told);
                }
                // The button that was pressed is gone: the keyboard goes on where the value was written.
                once_laid_out(move || focus_if_lost(self.session.root, self.name));
            }
            Err(error) => self.refused.set(Some(error.alone())),
        };
        let properties = self.property(&value);
        match from {
            From::Now => apply_now(self.session, &self.target(), &properties, done),
            From::Start => {
                let name = format!("{} {before} → {}", self.name, value.trim());
                apply_from_start(self.session, &self.target(), &properties, &[], name, done);
            }
        }
    }
}

/// The field shows what is in force, so that the new value is not there yet.
fn made_anew(client: &str, name: &str, value: &str) -> Sentence {
    both(
        format!("{client} is closed, and then made anew with `{name}={value}`: press →."),
        format!("클라이언트 {client}: 닫은 뒤 `{name}={value}` 값으로 다시 만듭니다. → 키를 누르십시오."),
    )
}

fn focus_if_lost(root: Root, name: &str) {
    if !Focus::is_anywhere()
        && let Some(field) = root.by_id(&format!("cfg-{name}"))
        && let Ok(field) = field.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = field.focus();
    }
}

#[component]
pub fn SettingRow(name: &'static str) -> impl IntoView {
    let session = Session::get();
    let settings = session.panel(|view| &view.settings);
    let row = Memo::new(move |_| settings.with(|settings| settings.rows.iter().find(|row| row.name == name).cloned()));
    let editing = Editing { session, name, row, draft: RwSignal::new(None), refused: RwSignal::new(None) };
    let trial = Memo::new(move |_| editing.trial());
    let is_refused = move || trial.with(|trial| matches!(trial, Some(Trial::Refused(_))));
    let is_edited = move || trial.with(Option::is_some);
    let is_changed = move || row.with(|row| row.as_ref().is_some_and(|row| row.changed));
    let shown = move || editing.draft.get().unwrap_or_else(|| editing.value());
    let does = move || row.with(|row| row.as_ref().map(|row| row.does.clone()).unwrap_or_default());
    let pressed = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            editing.apply(if event.shift_key() || editing.only_from_start() { From::Start } else { From::Now });
        }
        "Escape" if untrack(|| editing.draft.get()).is_some() => {
            event.prevent_default();
            event.stop_propagation();
            editing.draft.set(None);
            editing.refused.set(None);
        }
        _ => {}
    };
    let is_long = name.len() > LONG;
    let id = own(&format!("cfg-{name}"));
    let note = format!("{id}-note");
    view! {
        <div class="cr" class:chg=is_changed class:def=move || !is_changed() class:err=is_refused class:edit=is_edited class:long=is_long>
            <label class="k" for=id.clone() title=does>{name}</label>
            <input
                id=id
                class="inp"
                type="text"
                autocomplete="off"
                spellcheck="false"
                aria-invalid=move || is_refused().then_some("true")
                aria-describedby=note.clone()
                prop:value=shown
                on:input=move |event| {
                    editing.refused.set(None);
                    editing.draft.set(Some(event_target_value(&event)));
                }
                on:keydown=pressed
            />
            <div class="cr-n" id=note>
                <Notes row/>
                <Draft editing trial/>
            </div>
        </div>
    }
}

/// What there is to say about the value in force.
#[component]
fn Notes(row: Memo<Option<partita::view::SettingRow>>) -> impl IntoView {
    move || {
        row.get().map(|row| {
            let forced = row.forced.map(|text| view! { <p class="d">{text}</p> });
            let default = row.default_text.map(|text| view! { <p class="d">{text}</p> });
            let silent = (!row.acts).then(|| view! { <p class="d">{row.does.clone()}</p> });
            let advice = row.advice.into_iter().map(|(warns, text)| view! { <p class="d" class:warn=warns>{text}</p> });
            view! { {default}{forced}{silent}{advice.collect_view()} }
        })
    }
}

/// What there is to say about the draft, and the two ways to apply it.
#[component]
fn Draft(editing: Editing, trial: Memo<Option<Trial>>) -> impl IntoView {
    let preferences = Preferences::get();
    move || {
        trial.get().map(|trial| match trial {
            Trial::Refused(sentence) => {
                let value = editing.value();
                let still = both(
                    format!("Not applied: the run still uses {value}."),
                    format!("적용 안 됨. 실행이 계속 쓰는 값: {value}"),
                );
                let lang = preferences.lang();
                view! {
                    <p class="msg" role="alert">
                        {told(&sentence, lang)}<br/><span class="mut">{told(&still, lang)}</span>
                    </p>
                }
                .into_any()
            }
            Trial::Fine(log) => {
                let lines = log.into_iter().map(|line| view! { <p class="d mono">{line}</p> });
                let does = editing.row.with(|row| row.as_ref().map(|row| (row.does.clone(), row.type_text.clone())));
                let (does, kind) = does.unwrap_or_default();
                let only = editing.only_from_start();
                let now = (!only).then(|| view! {
                    <button type="button" class="btn p" on:click=move |_| editing.apply(From::Now)>{say("From now (Enter)", "지금부터 (Enter)")}</button>
                });
                let start = match only {
                    true => say("From the start (Enter)", "처음부터 (Enter)"),
                    false => say("From the start", "처음부터"),
                };
                let why = only.then(|| view! {
                    <p class="d">{say("Here brokers read their properties when they start.", "여기서는 브로커가 시작할 때 속성을 읽습니다.")}</p>
                });
                view! {
                    <p class="d does">{does}" "<span class="mono">{kind}</span></p>
                    {lines.collect_view()}
                    {why}
                    <p class="cr-a">
                        {now}
                        <button type="button" class="btn o" on:click=move |_| editing.apply(From::Start)>{start}</button>
                    </p>
                }
                .into_any()
            }
        })
    }
}
