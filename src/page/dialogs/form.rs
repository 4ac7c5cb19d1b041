//! Forms that write lines of the script grammar: fields, the lines as they will be, what is wrong with them.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use partita::lang::Sentence;

use crate::page::live::live;
use crate::page::preferences::{Preferences, said};
use crate::page::root::own;
use crate::page::session::Session;
use crate::page::text::{Text, text};
use crate::page::told::told;

/// How a field is filled in.
pub enum Kind {
    Line,
    /// Several lines of text.
    Area,
    /// One of these: value and words.
    Choice(Vec<(String, String)>),
    /// One of these, or something else.
    Suggest(Vec<String>),
}

/// Choices whose words are their values.
pub fn plain(names: Vec<String>) -> Vec<(String, String)> {
    names.into_iter().map(|name| (name.clone(), name)).collect()
}

/// A field of a form.
pub struct FormField {
    id: &'static str,
    label: Text,
    kind: Kind,
    hint: Option<Text>,
    /// Whether it is shown, by what is chosen elsewhere.
    shown: Option<Signal<bool>>,
    pub value: RwSignal<String>,
}

/// A field, by its id in the markup.
pub fn field(id: &'static str, label: Text, kind: Kind, value: impl Into<String>) -> FormField {
    FormField { id, label, kind, hint: None, shown: None, value: RwSignal::new(value.into()) }
}

impl FormField {
    pub fn hint(mut self, en: &'static str, ko: &'static str) -> FormField {
        self.hint = Some(text(en, ko));
        self
    }

    /// What is filled in is kept there.
    pub fn kept_in(mut self, value: RwSignal<String>) -> FormField {
        self.value = value;
        self
    }

    pub fn when(mut self, shown: impl Fn() -> bool + Send + Sync + 'static) -> FormField {
        self.shown = Some(Signal::derive(shown));
        self
    }

    pub fn view(self) -> AnyView {
        let FormField { id, label, kind, hint, shown, value } = self;
        let id = own(id);
        let hint_id = format!("{id}-hint");
        let described = hint.is_some().then(|| hint_id.clone());
        let hidden = move || shown.is_some_and(|shown| !shown.get());
        let typed = move |event| value.set(event_target_value(&event));
        let control = match kind {
            Kind::Line => view! {
                <input id=id.clone() class="inp" type="text" autocomplete="off" spellcheck="false" aria-describedby=described
                    prop:value=move || value.get() on:input=typed/>
            }
            .into_any(),
            Kind::Area => view! {
                <textarea id=id.clone() class="inp" rows="3" spellcheck="false" aria-describedby=described
                    prop:value=move || value.get() on:input=typed></textarea>
            }
            .into_any(),
            Kind::Choice(options) => view! {
                <select id=id.clone() class="inp" aria-describedby=described on:change=typed prop:value=move || value.get()>
                    {options.into_iter().map(|(of, words)| {
                        let is_chosen = value.with_untracked(|value| *value == of);
                        view! { <option value=of selected=is_chosen>{words}</option> }
                    }).collect_view()}
                </select>
            }
            .into_any(),
            Kind::Suggest(options) => {
                let list = format!("{id}-list");
                view! {
                    <input id=id.clone() class="inp" type="text" autocomplete="off" spellcheck="false" list=list.clone()
                        aria-describedby=described prop:value=move || value.get() on:input=typed/>
                    <datalist id=list>
                        {options.into_iter().map(|of| view! { <option value=of></option> }).collect_view()}
                    </datalist>
                }
                .into_any()
            }
        };
        view! {
            <div class="fld" hidden=hidden>
                <label for=id>{said(label)}</label>
                {control}
                {hint.map(|hint| view! { <p class="hint" id=hint_id>{said(hint)}</p> })}
            </div>
        }
        .into_any()
    }
}

/// A form that does what its lines say. `lines` reads the fields' signals.
pub fn form(fields: Vec<FormField>, verb: Text, lines: impl Fn() -> Vec<String> + Send + Sync + 'static) -> AnyView {
    let session = Session::get();
    let lines = Memo::new(move |_| lines());
    let attempted = RwSignal::new(false);
    let refused: RwSignal<Vec<Sentence>> = RwSignal::new(Vec::new());
    let problems = Memo::new(move |_| {
        let found = lines.with(|lines| session.read_lines(lines).err().unwrap_or_default());
        if attempted.get() { if found.is_empty() { refused.get() } else { found } } else { Vec::new() }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        attempted.set(true);
        refused.set(Vec::new());
        let Ok(statements) = lines.with_untracked(|lines| session.read_lines(lines)) else { return };
        session.act(statements, move |outcome| match outcome {
            Ok(()) => session.close(),
            Err(error) => refused.set(vec![error.alone()]),
        });
    };
    view! {
        <form on:submit=submit novalidate=true>
            {fields.into_iter().map(FormField::view).collect_view()}
            <Preview lines/>
            <Problems problems/>
            <p class="act"><button class="btn p" type="submit">{said(verb)}</button></p>
        </form>
    }
    .into_any()
}

/// The lines that will be done.
#[component]
pub fn Preview(lines: Memo<Vec<String>>) -> impl IntoView {
    const LABEL: Text = text("The same as a script", "스크립트로는");
    view! {
        <div class="fld">
            <span class="lbl">{said(LABEL)}</span>
            <pre class="lines" tabindex="0" aria-label=said(LABEL)>{live(move || lines.get().join("\n"))}</pre>
        </div>
    }
}

/// What is wrong, each as a sentence.
#[component]
pub fn Problems(problems: Memo<Vec<Sentence>>) -> impl IntoView {
    let preferences = Preferences::get();
    let rows = move || {
        let lang = preferences.lang();
        let rows = problems.get().into_iter().map(|row| view! { <li>{told(&row, lang)}</li> });
        rows.collect_view()
    };
    view! {
        <div role="alert" hidden=move || problems.with(Vec::is_empty)>
            <ul class="probs" tabindex="0">{rows}</ul>
        </div>
    }
}
