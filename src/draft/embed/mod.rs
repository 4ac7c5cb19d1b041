//! A run in somebody's document: what its author chooses of it, and the lines that put it there ([`Form`]).
//!
//! The lines are those of the sites in `docs/embedding`, which real generators build: a test compares them.

mod escape;
mod form;
mod names;
#[cfg(test)]
mod tests;
mod typed;

pub use form::{Form, Once, SANDBOX};
pub use names::*;
pub use typed::{height, partitions, step};

use escape::percent;

/// Which run it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Embedded {
    /// A ready scenario as it is, by its id.
    Scenario(String),
    /// What stands behind `#run=` in its link.
    Run(String),
}

/// What its author chose. What is absent or usual is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embed {
    pub run: Embedded,
    /// What is seen where scripts do not run.
    pub title: String,
    /// The step it opens at; none: the first chapter, or where a run of its own stands.
    pub step: Option<u64>,
    /// The step behind which it does not go.
    pub until: Option<u64>,
    /// Of [`PARTS`].
    pub show: Vec<&'static str>,
    /// Names such as `orders-1`; none: the one where it happens.
    pub partitions: Vec<String>,
    /// CSS pixels.
    pub height: u32,
    /// Of [`STARTS`], [`THEMES`] and [`LANGS`].
    pub start: &'static str,
    pub theme: &'static str,
    pub lang: &'static str,
    /// Settings that a reader may change.
    pub edit: Vec<String>,
}

impl Embed {
    /// With nothing chosen.
    pub fn of(run: Embedded, title: impl Into<String>) -> Embed {
        Embed {
            run,
            title: title.into(),
            step: None,
            until: None,
            show: USUAL_PARTS.to_vec(),
            partitions: Vec::new(),
            height: HEIGHT,
            start: STARTS[0],
            theme: THEMES[0],
            lang: LANGS[0],
            edit: Vec::new(),
        }
    }

    /// Names and values, as the element and the fragment of `embed.html` take them.
    pub fn attributes(&self) -> Vec<(&'static str, String)> {
        let (name, value) = match &self.run {
            Embedded::Scenario(id) => ("scenario", id),
            Embedded::Run(data) => ("run", data),
        };
        let mut attributes = vec![(name, value.clone())];
        let mut chosen = |name, value: Option<String>| attributes.extend(value.map(|value| (name, value)));
        chosen("step", self.step.map(|step| step.to_string()));
        chosen("until", self.until.map(|step| step.to_string()));
        let shown: Vec<&str> = PARTS.into_iter().filter(|part| self.show.contains(part)).collect();
        chosen("show", (shown != USUAL_PARTS).then(|| shown.join(" ")));
        chosen("partition", (!self.partitions.is_empty()).then(|| self.partitions.join(",")));
        chosen("height", (self.height != HEIGHT).then(|| self.height.to_string()));
        for (name, value, usual) in
            [("start", self.start, STARTS[0]), ("theme", self.theme, THEMES[0]), ("lang", self.lang, LANGS[0])]
        {
            chosen(name, (value != usual).then(|| value.to_owned()));
        }
        chosen("edit", (!self.edit.is_empty()).then(|| self.edit.join(",")));
        attributes
    }

    /// What stands behind `embed.html#`.
    pub fn fragment(&self) -> String {
        let attributes = self.attributes();
        let pairs: Vec<String> = attributes.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
        pairs.join("&")
    }
}
