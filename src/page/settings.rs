//! The settings panel, and what changing a setting means: from the start, or from now.

mod change;
mod drafted;
mod editing;
mod row;

use std::sync::Arc;

use leptos::prelude::*;
use partita::config::{Side, suggest};
use partita::draft::Target;
use partita::lang::both;
use partita::script::ClientKind;
use partita::view::{Settings, SettingsOf};
use wasm_bindgen::JsCast;

use super::dialog::Under;
use super::icon::Icon;
use super::preferences::{Preferences, said, say};
use super::root::own;
use super::screen::is_low;
use super::session::Session;
use super::text;
use super::told::told;
use crate::page::live::live;
use crate::page::rows::rows;
pub use change::apply_from_start;
pub use drafted::Draft;
pub use editing::{Editing, From, still};
use row::SettingRow;

/// How much of the settings is in sight.
#[derive(Clone, Copy)]
pub struct Folding {
    unfolded: RwSignal<bool>,
    /// What is folded can still be reached by the keyboard, which unfolds it. The style sheet could ask for this itself, by
    /// `:has(:focus)`: every change of the column would then make the browser look at all of it again.
    worked_in: RwSignal<bool>,
}

impl Folding {
    /// In a low window there is no more than the header, until the reader asks for it.
    pub fn of_window() -> Folding {
        let low = RwSignal::new(is_low());
        let unfolded = RwSignal::new(!is_low());
        let resized = window_event_listener(leptos::ev::resize, move |_| {
            if low.get_untracked() != is_low() {
                low.set(is_low());
                unfolded.set(!is_low());
            }
        });
        on_cleanup(move || resized.remove());
        Folding { unfolded, worked_in: RwSignal::new(false) }
    }

    /// Only the header is in sight: the column gives the room to the inspector.
    pub fn folded(self) -> bool {
        !self.unfolded.get() && !self.worked_in.get()
    }
}

#[component]
pub fn SettingsPanel(folding: Folding) -> impl IntoView {
    let session = Session::get();
    let settings = session.panel(|view| &view.settings);
    let query = RwSignal::new(String::new());
    let names = Memo::new(move |_| {
        let query = query.get();
        let query = query.trim().to_ascii_lowercase();
        settings.with(|settings| {
            let wanted = |row: &&partita::view::SettingRow| {
                if query.is_empty() { row.common || row.changed } else { row.name.contains(&query) }
            };
            settings.rows.iter().filter(wanted).map(|row| row.name).collect::<Vec<_>>()
        })
    });
    let Folding { unfolded, worked_in } = folding;
    let is_open = move || unfolded.get();
    let is_below_header = |target: Option<web_sys::EventTarget>| {
        let element = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        element.is_some_and(|element| matches!(element.closest(".find, .cf-rows"), Ok(Some(_))))
    };
    let come = move |event: web_sys::FocusEvent| {
        let works = is_below_header(event.target());
        if works {
            // Who works in here keeps whose settings stand here, whoever acts.
            session.keep_settings();
        }
        worked_in.set(works);
    };
    let left = move |event: web_sys::FocusEvent| worked_in.set(is_below_header(event.related_target()));
    view! {
        <section
            class="cf"
            class:open=is_open
            class:folded=move || folding.folded()
            on:focusin=come
            on:focusout=left
            aria-label=said(text::SETTINGS)
        >
            <div class="cf-h">
                <button
                    type="button"
                    class="cf-t"
                    id=own("fold-settings")
                    aria-expanded=move || is_open().to_string()
                    on:click=move |_| unfolded.update(|open| *open = !*open)
                >
                    <b>{said(text::SETTINGS)}</b>
                    <Icon name="down"/>
                </button>
                <Whose settings/>
                <span class="mut end">{live(move || settings.with(|settings| settings.changed_text.clone()))}</span>
            </div>
            <input
                id=own("find-setting")
                class="inp find"
                type="search"
                autocomplete="off"
                spellcheck="false"
                placeholder=say("find a setting", "설정 찾기")
                aria-label=say("Find a setting by name", "이름으로 설정 찾기")
                prop:value=move || query.get()
                on:input=move |event| query.set(event_target_value(&event))
            />
            <div class="cf-rows">
                // Clients of a kind have the same rows; a draft is of the client that it was written for.
                {rows(move || names.get(), |name| (0, (*name).to_owned()), move |name| view! { <SettingRow name settings/> })}
                <Nothing query names=names/>
            </div>
        </section>
    }
}

/// Chooses whose settings are shown.
#[component]
fn Whose(settings: Memo<Arc<Settings>>) -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let lanes = session.part(|view| view.lanes.lanes.len());
    let topics = session.part(|view| view.cluster.partitions.len());
    let options = Memo::new(move |_| {
        // The list changes with what exists: it is read whenever the view shows something more or less.
        settings.track();
        lanes.track();
        topics.track();
        session.with_run(|run| {
            let simulation = run.timeline.simulation();
            let newest = |client: &&partita::simulation::ClientProcess| {
                simulation.client(&client.recipe.name).is_some_and(|other| other.id == client.id)
            };
            let clients = simulation.clients().iter().filter(newest).map(|client| client.recipe.name.to_string());
            let topics = simulation.image().topics.iter().filter(|(_, topic)| !topic.internal);
            let topics = topics.map(|(name, _)| format!("topic {name}"));
            clients.chain(topics).chain(["cluster".to_owned()]).collect::<Vec<_>>()
        })
    });
    let chosen = move || settings.with(|settings| value_of(settings));
    let choose = move |event| {
        let of = event_target_value(&event);
        session.show_settings_of(&of);
    };
    let words = move |value: &str| match value.strip_prefix("topic ") {
        Some(topic) => preferences.lang().pick(format!("topic {topic}"), format!("토픽 {topic}")),
        None if value == "cluster" => preferences.lang().pick("cluster", "클러스터").to_owned(),
        None => value.to_owned(),
    };
    view! {
        <select id=own("settings-of") class="inp of" aria-label=say("Whose settings", "설정 대상") on:change=choose prop:value=chosen>
            {live(move || {
                // Another choice among the same is the field's own value.
                let chosen = untrack(chosen);
                options.get().into_iter().map(|value| {
                    let is_chosen = value == chosen;
                    view! { <option value=value.clone() selected=is_chosen>{words(&value)}</option> }
                }).collect_view()
            })}
        </select>
    }
}

/// The value of the choice that a panel stands for.
fn value_of(settings: &Settings) -> String {
    match Target::of(settings) {
        Target::Client(name) => name,
        Target::Topic(name) => format!("topic {name}"),
        Target::Cluster => "cluster".to_owned(),
    }
}

/// Said when no setting has the name that is looked for.
#[component]
fn Nothing(query: RwSignal<String>, names: Memo<Vec<&'static str>>) -> impl IntoView {
    let session = Session::get();
    let preferences = Preferences::get();
    let text = move || {
        let name = query.get();
        let name = name.trim().to_owned();
        if name.is_empty() || names.with(|names| !names.is_empty()) {
            return ().into_any();
        }
        let side = session.with_run(|run| {
            let of = run.timeline.simulation();
            let target = Target::of(&session.view_now().settings);
            match target {
                Target::Client(client) => match of.client(&client).map(|client| client.recipe.kind) {
                    Some(ClientKind::Producer) => Side::Producer,
                    _ => Side::Consumer,
                },
                Target::Topic(_) => Side::Topic,
                Target::Cluster => Side::Broker,
            }
        });
        let sentence = match suggest(side, &name) {
            Some(meant) => both(
                format!("Kafka has no property `{name}` here. Did you mean `{meant}`?"),
                format!("여기에 `{name}` 속성은 없습니다. 비슷한 것: `{meant}`."),
            ),
            None => both(format!("Kafka has no property `{name}` here."), format!("여기에 `{name}` 속성은 없습니다.")),
        };
        told(&sentence, preferences.lang())
    };
    view! { <p class="hint" role="status">{text}</p> }
}

impl Session {
    /// Shows the settings of a client, of `topic NAME`, or of the `cluster`.
    pub fn show_settings_of(self, of: &str) {
        let found = self.with_run(|run| {
            let simulation = run.timeline.simulation();
            match of.strip_prefix("topic ") {
                Some(topic) => simulation.names().topic_no(topic).map(SettingsOf::Topic),
                None if of == "cluster" => Some(SettingsOf::Cluster),
                None => simulation.client(of).map(|client| SettingsOf::Client(client.id)),
            }
        });
        if let Some(found) = found {
            self.look(|lens| lens.settings_of = found);
        }
    }

    /// Those that are shown are shown until the next click in the scene.
    fn keep_settings(self) {
        if !self.with_run(|run| run.lens.settings_of == SettingsOf::Nearest) {
            return;
        }
        let of = match Target::of(&self.view_now().settings) {
            Target::Client(name) => name,
            Target::Topic(name) => format!("topic {name}"),
            Target::Cluster => "cluster".to_owned(),
        };
        self.show_settings_of(&of);
    }

    /// Opens the editor of a setting where it acts: a chip was pressed.
    pub fn edit_setting(self, of: &str, name: &str) {
        self.show_settings_of(of);
        let under = Under::what_was_pressed();
        self.open(super::dialog::Dialog::Setting { of: of.to_owned(), name: name.to_owned(), under });
    }
}
