//! The dialog that is open.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::Session;
use crate::page::dialog::Dialog;

/// What a dialog returns that has done what it was for.
pub const DONE: &str = "done";

impl Session {
    /// Opens a dialog. What plays or goes somewhere ends, but for the way to the place where the reader stood.
    pub fn open(self, dialog: Dialog) {
        if !self.with_held(|held| held.is_opening()) {
            self.at_once();
            self.halt();
        }
        self.dialog.set(Some(dialog));
    }

    /// A dialog shows what is so now. What is done once the run is stored is so a moment later: then it is built again.
    pub fn dialog_is_built(self) {
        self.with_held(|held| held.is_dialog_behind = !held.is_free());
    }

    /// What a reader has begun to write or to choose in a dialog is not taken away.
    pub fn dialog_stays(self) {
        self.with_held(|held| held.is_dialog_behind = false);
    }

    fn opened(self) -> Option<HtmlDialogElement> {
        self.root.find("dialog[open]")?.dyn_into().ok()
    }

    /// Whether a dialog is open.
    pub fn has_dialog(self) -> bool {
        self.opened().is_some()
    }

    /// Closes the dialog, which has done what it was for, and gives the focus back.
    pub fn close(self) {
        if let Some(dialog) = self.opened() {
            dialog.close_with_return_value(DONE);
        }
    }

    /// Closes the dialog as Esc does.
    pub fn leave_dialog(self) {
        if let Some(dialog) = self.opened() {
            dialog.close();
        }
    }
}
