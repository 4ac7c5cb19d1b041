//! A client's program as code: in Java, Kotlin, Python and Rust, as one would write it, with the line that runs now.
//!
//! [`tree`] has the program as statements; each language prints them to lines that know which statement they belong to,
//! and which part of it, so that the line that runs is found by that and not by its text.

mod jvm;
mod jvm_calls;
mod jvm_values;
mod librd;
mod librd_calls;
mod librd_seek;
mod librd_settings;
mod librd_values;
mod lit;
mod out;
mod pasted;
mod tree;

use super::Selection;
use super::scene::Scene;
use crate::application::Written;
use crate::ids::ClientId;
use crate::lang::Lang;
use crate::simulation::ClientProcess;
use crate::timeline::Timeline;

use librd::Librd;
pub use out::{CodeLine, CodeText, Lit, Part};
use tree::Program;

/// A language that a program is shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub enum Language {
    #[default]
    Java,
    Kotlin,
    Python,
    Rust,
    /// What the program was pasted from, as it was pasted.
    Pasted,
}

impl Language {
    /// Those that every program is shown in.
    pub const ALL: [Language; 4] = [Language::Java, Language::Kotlin, Language::Python, Language::Rust];

    /// Its name, and the word by which it is remembered.
    pub const fn name(self) -> &'static str {
        match self {
            Language::Java => "Java",
            Language::Kotlin => "Kotlin",
            Language::Python => "Python",
            Language::Rust => "Rust",
            Language::Pasted => "pasted",
        }
    }
}

/// Whose code is shown, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Code {
    /// None: there is no client.
    pub client: Option<ClientId>,
    pub name: String,
    pub lit: Option<Lit>,
    /// The language of the text that the program was pasted from.
    pub pasted: Option<Language>,
    /// What the text depends on besides the client: the branch, its commands, and how many of them were heard.
    pub of: (usize, usize, usize),
}

/// Whose code is shown: of the client that is selected, else of the event's, else of the followed record's.
pub(super) fn build(scene: &Scene<'_>) -> Code {
    let nearest = || scene.place.client.or_else(|| scene.followed.map(|record| record.client));
    let newest = |process: &'_ ClientProcess| scene.simulation.client(&process.recipe.name).map(|client| client.id);
    let pinned = match scene.lens.selected {
        Selection::Client(client) => Some(client),
        _ => None,
    };
    let client = pinned.or_else(nearest).and_then(|id| scene.client(id));
    let client = client.or_else(|| scene.simulation.clients().first());
    // A client that was made anew has its name.
    let client = client.and_then(newest).and_then(|id| scene.client(id));
    let timeline = scene.timeline;
    Code {
        client: client.map(|process| process.id),
        name: client.map(|process| process.recipe.name.to_string()).unwrap_or_default(),
        lit: client.and_then(|process| lit::of(scene, process)),
        pasted: client.and_then(|process| tree::pasted(timeline, process)).map(|code| match code.kotlin {
            true => Language::Kotlin,
            false => Language::Java,
        }),
        of: (timeline.current(), timeline.branch().commands().len(), scene.simulation.heard().len()),
    }
}

/// The program of a client, its comments in the reader's language; around a statement where it is too long to be shown whole.
pub fn text(
    timeline: &Timeline,
    client: ClientId,
    (language, lang): (Language, Lang),
    around: Option<Written>,
) -> CodeText {
    let clients = timeline.simulation().clients();
    let Some(process) = usize::from(client.0).checked_sub(1).and_then(|at| clients.get(at)) else {
        return CodeText::default();
    };
    let program = Program::of(timeline, process, around, lang);
    match language {
        Language::Pasted => pasted::text(&program),
        Language::Java => jvm::text(&program, false),
        Language::Kotlin => jvm::text(&program, true),
        Language::Python => librd::text(&program, Librd { rust: false, lang }),
        Language::Rust => librd::text(&program, Librd { rust: true, lang }),
    }
}
