//! What a document takes of the run that is open.

use partita::draft::embed::Embedded;
use partita::script::Property;
use partita::script::stored::{ReaderState, Stored, encode};
use partita::timeline::Reader;

use super::run::Run;

impl Run {
    /// The ready scenario that is open, as long as nothing of it was changed in the branch that is shown.
    pub fn unchanged_scenario(&self) -> Option<Embedded> {
        let scenario = self.scenario.as_ref()?;
        let branch = self.timeline.branch();
        let is_unchanged = branch.commands().is_empty() && *branch.scenario == scenario.parsed();
        is_unchanged.then(|| Embedded::Scenario(scenario.id.to_string()))
    }

    /// Another record is followed than the story's: then no number names a place for whoever opens it.
    pub fn follows_another(&self) -> bool {
        self.lens.reader() != Reader::default() || self.to_follow.is_some()
    }

    /// The branch that is shown, without where its reader stands.
    pub fn text_without_place(&self) -> String {
        let page = self.scenario.iter().map(|of| Property::new("scenario", &of.id)).collect();
        encode(&Stored::alone(self.timeline.script(), ReaderState { page, ..ReaderState::default() }))
    }
}
