//! A notice: what stands beside the scene for a while, and what its button does.

use partita::lang::Sentence;
use partita::time::Instant;

/// What the button of a notice does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeDeed {
    Undo,
    /// Goes to a move of the branch that is shown.
    GoTo(u64),
    /// Computes on.
    GoOn,
    /// Opens the run that was left for another one.
    FormerRun,
    /// Opens the dialog with the link and the file.
    Share,
}

/// What a notice is about: two of a kind are not shown at once. The first of these that is said has the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Shall it go on?
    Going,
    Refused,
    /// The run could not be stored.
    Unkept,
    /// Another window has changed the run.
    Copied,
    Problems,
    /// Steps were passed on a way.
    Passed,
    Said,
    Branch,
    /// A client was made with properties that Kafka does not know.
    Unused,
    /// The cluster is given what changes nothing here.
    NoEffect,
    Opened,
    Hint,
}

impl About {
    /// Whether it is so only where the run stands.
    pub fn is_of_the_place(self) -> bool {
        matches!(self, About::Going | About::Refused | About::Passed | About::Said | About::Hint)
    }
}

/// Where a run stands: the index of the branch, and the move.
pub type Stand = (usize, u64);

#[derive(Clone, Debug, PartialEq)]
pub struct PageNotice {
    pub about: About,
    pub icon: &'static str,
    pub strong: Sentence,
    pub text: Sentence,
    /// Sentences that are listed below.
    pub list: Vec<Sentence>,
    pub deeds: Vec<(NoticeDeed, Sentence)>,
    /// Where the run stood when it was said.
    pub stand: Stand,
}

/// What was said once, and when in the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted {
    pub at: Instant,
    pub notice: PageNotice,
}

impl PageNotice {
    pub fn new(about: About, icon: &'static str, strong: Sentence, text: Sentence) -> PageNotice {
        PageNotice { about, icon, strong, text, list: Vec::new(), deeds: Vec::new(), stand: Stand::default() }
    }

    pub fn with(mut self, deed: NoticeDeed, label: Sentence) -> PageNotice {
        self.deeds.push((deed, label));
        self
    }

    pub fn listing(mut self, list: Vec<Sentence>) -> PageNotice {
        self.list = list;
        self
    }
}
