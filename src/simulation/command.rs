//! Commands from outside the run, and why one is not done.

use std::sync::Arc;

use crate::lang::{Sentence, both};
use crate::script::Statement;

/// Something the user did: a statement of the script grammar, done by hand. Buttons and stored commands all become these.
#[derive(Clone, Debug, PartialEq)]
pub struct Command(pub Arc<Statement>);

/// Why a command was not done; nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandError {
    pub why: Sentence,
    /// Whether it begins with a name, or with somebody else's words: where it stands alone, they stay as they are written.
    pub begins_with_name: bool,
    /// The properties that are to blame, the likeliest first.
    pub blamed: Vec<Arc<str>>,
}

impl CommandError {
    pub fn new(en: impl Into<String>, ko: impl Into<String>) -> CommandError {
        CommandError { why: both(en, ko), begins_with_name: false, blamed: Vec::new() }
    }

    pub(super) fn blaming(self, blamed: Vec<Arc<str>>) -> CommandError {
        CommandError { blamed, ..self }
    }

    /// With a sentence that begins with a name, such as a client's or a property's.
    pub const fn named(why: Sentence) -> CommandError {
        CommandError { why, begins_with_name: true, blamed: Vec::new() }
    }

    /// As a sentence that stands alone: it begins with a capital letter, unless with a name, and ends with a full stop.
    pub fn alone(&self) -> Sentence {
        let ended = |text: &str| if text.ends_with(['.', '?']) { text.to_owned() } else { format!("{text}.") };
        let mut en = ended(&self.why.en);
        if !self.begins_with_name
            && let Some(first) = en.get_mut(..1)
        {
            first.make_ascii_uppercase();
        }
        both(en, ended(&self.why.ko))
    }
}

impl std::fmt::Display for CommandError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.why.fmt(f)
    }
}
