//! A setting while it is edited: the draft, what Kafka says of it, and doing it.

use std::sync::Arc;

use leptos::prelude::*;
use partita::draft::{Target, Trial, trial};
use partita::lang::{Sentence, both};
use partita::script::Property;
use partita::simulation::CommandError;
use partita::view::{Changing, Settings};
use wasm_bindgen::JsCast;

use super::change::{apply_from_start, apply_now};
use crate::page::focus::Focus;
use crate::page::root::Root;
use crate::page::screen::once_laid_out;
use crate::page::session::Session;
use crate::page::text::{Text, text};

/// When a changed setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    Now,
    Start,
}

impl From {
    pub const fn words(self) -> Text {
        match self {
            From::Now => text("From now", "지금부터"),
            From::Start => text("From the start", "처음부터"),
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            From::Now => "now",
            From::Start => "start",
        }
    }
}

/// The state of a setting while it is edited.
#[derive(Clone, Copy)]
pub struct Editing {
    pub session: Session,
    pub name: &'static str,
    pub row: Memo<Option<partita::view::SettingRow>>,
    /// Whose settings stand here, and the how manieth they are: a row is that of whoever has a setting of its name.
    whose: Memo<(String, u32)>,
    draft: RwSignal<Option<Written>>,
}

/// What was written into a field, whose it is, and why it was refused.
#[derive(Clone)]
struct Written {
    of: u32,
    text: String,
    refused: Option<Sentence>,
}

impl Editing {
    /// `settings`: those that are shown.
    pub fn new(name: &'static str, settings: Memo<Arc<Settings>>) -> Editing {
        let session = Session::get();
        let row =
            Memo::new(move |_| settings.with(|settings| settings.rows.iter().find(|row| row.name == name).cloned()));
        let whose = Memo::new(move |before: Option<&(String, u32)>| {
            settings.with(|settings| match before {
                Some((of, turn)) if *of == settings.of => (of.clone(), *turn),
                Some((_, turn)) => (settings.of.clone(), turn + 1),
                None => (settings.of.clone(), 0),
            })
        });
        Editing { session, name, row, whose, draft: RwSignal::new(None) }
    }

    /// What was written, and is not in force. Another's draft is none.
    pub fn draft(self) -> Option<String> {
        let turn = self.whose.with(|(_, turn)| *turn);
        self.draft.with(|draft| draft.as_ref().filter(|draft| draft.of == turn).map(|draft| draft.text.clone()))
    }

    /// What stands in the field.
    pub fn shown(self) -> String {
        self.draft().unwrap_or_else(|| self.value())
    }

    /// Another value was written.
    pub fn write(self, value: String) {
        let of = self.whose.with_untracked(|(_, turn)| *turn);
        self.draft.set(Some(Written { of, text: value, refused: None }));
    }

    /// Back to the value in force.
    pub fn forget(self) {
        self.draft.set(None);
    }

    pub fn value(self) -> String {
        self.row.with(|row| row.as_ref().map(|row| row.value.clone()).unwrap_or_default())
    }

    /// The draft, where it is another value.
    pub fn new_value(self) -> Option<String> {
        self.draft().filter(|draft| draft.trim() != self.value())
    }

    /// Brokers read their properties when they start.
    pub fn only_from_start(self) -> bool {
        self.target() == Target::Cluster
    }

    /// Opens its editor under its name.
    pub fn open(self) {
        let of = match untrack(|| self.target()) {
            Target::Client(name) => name,
            Target::Topic(name) => format!("topic {name}"),
            Target::Cluster => "cluster".to_owned(),
        };
        self.session.edit_setting(&of, self.name);
    }

    /// What one means, which Enter does; Shift and Enter is the other.
    pub fn first(self) -> From {
        if self.target().begins_anew() { From::Start } else { From::Now }
    }

    pub fn second(self) -> Option<From> {
        match self.target() {
            Target::Client(_) => Some(From::Now),
            Target::Topic(_) => Some(From::Start),
            Target::Cluster => None,
        }
    }

    /// What each way to change it does; to be asked again when the run has gone on.
    pub fn changing(self) -> Changing {
        self.row.track();
        self.session.view().track();
        let value = self.shown();
        let client = if let Target::Client(name) = self.target() { name } else { String::new() };
        self.session.with_run(|run| Changing::of(&run.timeline, &run.lens, &client, self.name, value.trim()))
    }

    /// Enter was pressed.
    pub fn enter(self, with_shift: bool) {
        self.apply(self.second().filter(|_| with_shift).unwrap_or(self.first()));
    }

    pub fn target(self) -> Target {
        Target::of(&self.session.view_now().settings)
    }

    fn property(self, value: &str) -> Vec<Property> {
        vec![Property::new(self.name, value.trim())]
    }

    /// What Kafka says of the draft.
    pub fn trial(self) -> Option<Trial> {
        let value = self.new_value()?;
        if let Some(refused) = self.draft.with(|draft| draft.as_ref().and_then(|draft| draft.refused.clone())) {
            return Some(Trial::Refused(refused));
        }
        let target = self.target();
        Some(
            self.session.with_run(|run| {
                trial(run.timeline.simulation(), &run.timeline.script(), &target, &self.property(&value))
            }),
        )
    }

    pub fn apply(self, from: From) {
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
                once_laid_out(move || leave_field(self.session.root, self.name));
            }
            Err(error) => self.draft.update(|draft| {
                if let Some(draft) = draft {
                    draft.refused = Some(error.alone());
                }
            }),
        };
        let properties = self.property(&value);
        match from {
            From::Now => apply_now(self.session, &self.target(), &properties, done),
            From::Start => {
                let to = match value.trim() {
                    "" => self.session.with_run(|run| run.lens.lang).pick("default", "기본값"),
                    value => value,
                };
                let name = format!("{} {before} → {to}", self.name);
                apply_from_start(self.session, &self.target(), &properties, &[], name, done);
            }
        }
    }
}

/// That the value in force goes on.
pub fn still(value: &str) -> Sentence {
    both(format!("Not applied: the run still uses {value}."), format!("적용 안 됨. 실행이 계속 쓰는 값: {value}"))
}

/// The field shows what is in force, so that the new value is not there yet.
fn made_anew(client: &str, name: &str, value: &str) -> Sentence {
    both(
        format!("{client} is closed, and then made anew with `{name}={value}`: press →."),
        format!("클라이언트 {client}: 닫은 뒤 `{name}={value}` 값으로 다시 만듭니다. → 키를 누르십시오."),
    )
}

/// The id of a setting's row.
pub fn row_of(name: &str) -> String {
    format!("row-{name}")
}

/// What was written holds: keys go to the run again. The focus stays beside the field, on its row, from which Tab leads into
/// the field; the button that was pressed may be gone.
fn leave_field(root: Root, name: &str) {
    if Focus::is_anywhere() && root.focused() != root.by_id(&format!("cfg-{name}")) {
        return;
    }
    if let Some(row) = root.by_id(&row_of(name)).and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = row.focus();
    }
}
