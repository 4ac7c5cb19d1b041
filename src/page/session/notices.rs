//! What the page says beside the scene: a branch was made, something could not be read, shall it go on.

use leptos::prelude::*;
use partita::lang::Sentence;

use super::Session;
use crate::page::dialogs::Dialog;

/// At most so many are shown; the oldest goes first.
const SHOWN: usize = 3;

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
    /// To the next fault or alarm, or to the next thing worth telling.
    Next,
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
    /// A client was made with properties that Kafka does not know.
    Unused,
    /// Nothing happens for long.
    Idle,
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

impl Session {
    /// Shows a notice; one about the same thing gives way.
    pub fn tell(self, notice: PageNotice) {
        self.notices.update(|all| {
            all.retain(|other| other.about != notice.about);
            all.push(notice);
            if all.len() > SHOWN {
                all.remove(0);
            }
        });
    }

    pub fn forget_notice(self, about: About) {
        if self.notices.with_untracked(|all| all.iter().any(|notice| notice.about == about)) {
            self.notices.update(|all| all.retain(|notice| notice.about != about));
        }
    }

    /// The button of a notice was pressed.
    pub fn do_deed(self, about: About, deed: NoticeDeed) {
        self.forget_notice(about);
        match deed {
            NoticeDeed::Undo => self.undo(),
            NoticeDeed::GoOn => self.go_on(),
            NoticeDeed::FormerRun => self.open_former(),
            NoticeDeed::Share => self.open(Dialog::Share),
            NoticeDeed::Next => self.go_past_idle(),
        }
    }
}
