//! What the page says beside the scene: a branch was made, something could not be read, shall it go on.

use leptos::prelude::*;

use super::Session;
use super::notice::{About, Noted, NoticeDeed, PageNotice, Stand};
use crate::page::dialog::Dialog;

/// At most so many are shown; the oldest goes first.
const SHOWN: usize = 6;
/// So many can be read again.
const NOTED: usize = 50;

impl Session {
    /// Shows a notice; one about the same thing gives way.
    pub fn tell(self, notice: PageNotice) {
        let notice = PageNotice { stand: self.stand(), ..notice };
        self.note(&notice);
        self.notices.update(|all| {
            all.retain(|other| other.about != notice.about);
            all.push(notice);
            if all.len() > SHOWN {
                all.remove(0);
            }
        });
    }

    /// The notices with which a run is opened.
    pub(super) fn tell_first(self, notices: Vec<PageNotice>) {
        for notice in &notices {
            self.note(notice);
        }
        self.notices.set(notices);
    }

    /// Keeps it for the list.
    fn note(self, notice: &PageNotice) {
        self.with_held(|held| {
            if held.noted.len() == NOTED {
                held.noted.remove(0);
            }
            let at = held.run.timeline.simulation().now().at;
            held.noted.push(Noted { at, notice: notice.clone() });
        });
    }

    /// What was said so far of the run that is open, the newest last.
    pub fn noted(self) -> Vec<Noted> {
        self.with_held(|held| held.noted.clone())
    }

    fn stand(self) -> Stand {
        self.with_run(|run| (run.timeline.current(), run.timeline.position()))
    }

    /// What was so only where the run stood before is no longer said.
    pub(super) fn forget_what_was(self) {
        let stand = self.stand();
        let is_past = |notice: &PageNotice| notice.about.is_of_the_place() && notice.stand != stand;
        if self.notices.with_untracked(|all| all.iter().any(is_past)) {
            self.notices.update(|all| all.retain(|notice| !is_past(notice)));
        }
    }

    pub fn forget_notice(self, about: About) {
        if self.notices.with_untracked(|all| all.iter().any(|notice| notice.about == about)) {
            self.notices.update(|all| all.retain(|notice| notice.about != about));
        }
    }

    /// The button of a notice was pressed.
    pub fn do_deed(self, about: About, deed: NoticeDeed) {
        // Who goes to a place may want to go back, and reads on.
        if !matches!(deed, NoticeDeed::GoTo(_)) {
            self.forget_notice(about);
        }
        match deed {
            NoticeDeed::GoTo(number) => self.go_to_move(number),
            NoticeDeed::Undo => self.undo(),
            NoticeDeed::GoOn => self.go_on(),
            NoticeDeed::FormerRun => self.open_former(),
            NoticeDeed::Share => self.open(Dialog::Share),
        }
    }
}
