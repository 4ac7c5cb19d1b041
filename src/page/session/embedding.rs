//! What a document takes of the run that is open.

use partita::draft::embed::Embedded;
use partita::script::stored::{ReaderState, Stored, encode};
use partita::script::{Property, Script};
use partita::timeline::Reader;

use super::run::Run;

impl Run {
    /// The ready scenario that is open, as long as nothing of it was changed in the branch that is shown.
    pub fn unchanged_scenario(&self) -> Option<Embedded> {
        let scenario = self.scenario.as_ref()?;
        let (branch, ready) = (self.timeline.branch(), scenario.parsed());
        // Its lines may stand elsewhere: what is stored has lost its comments.
        let lines = |script: &Script| script.statements().map(|line| line.statement.clone()).collect::<Vec<_>>();
        let is_unchanged = branch.commands().is_empty() && lines(&branch.scenario) == lines(&ready);
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
