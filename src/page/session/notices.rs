//! What the page says beside the scene: a branch was made, something could not be read, shall it go on.

use leptos::prelude::*;

use super::Session;
use super::notice::{About, NoticeDeed, PageNotice};
use crate::page::dialog::Dialog;

/// At most so many are shown; the oldest goes first.
const SHOWN: usize = 3;

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
        }
    }
}
