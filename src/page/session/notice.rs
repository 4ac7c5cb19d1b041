//! A notice: what stands beside the scene for a while, and what its button does.

use partita::lang::Sentence;

/// What the button of a notice does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeDeed {
    Undo,
    /// Computes on.
    GoOn,
    /// Opens the run that was left for another one.
    FormerRun,
    /// Opens the dialog with the link and the file.
    Share,
}

/// What a notice is about: two of a kind are not shown at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Hint,
    Branch,
    Opened,
    Problems,
    Refused,
    Going,
    /// The run could not be stored.
    Unkept,
    /// Another window has changed the run.
    Copied,
    /// A client was made with properties that Kafka does not know.
    Unused,
    /// The cluster is given what changes nothing here.
    NoEffect,
    Said,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PageNotice {
    pub about: About,
    pub icon: &'static str,
    pub strong: Sentence,
    pub text: Sentence,
    /// Sentences that are listed below.
    pub list: Vec<Sentence>,
    pub deed: Option<(NoticeDeed, Sentence)>,
}

impl PageNotice {
    pub fn new(about: About, icon: &'static str, strong: Sentence, text: Sentence) -> PageNotice {
        PageNotice { about, icon, strong, text, list: Vec::new(), deed: None }
    }

    pub fn with(mut self, deed: NoticeDeed, label: Sentence) -> PageNotice {
        self.deed = Some((deed, label));
        self
    }

    pub fn listing(mut self, list: Vec<Sentence>) -> PageNotice {
        self.list = list;
        self
    }
}
