//! Frames, and the page of another site that holds them.

use serde_json::json;

use crate::page::{Page, told};
use crate::servers;

impl Page {
    /// Opens a page of another site, which knows where Partita is; `tests/browser/host` says what it does.
    #[track_caller]
    pub fn open_around(&self) {
        self.go(&format!("{}?site={}", self.sites[servers::AROUND_EMBEDS], self.sites[servers::BELOW]));
    }

    /// The same page on Partita's own site, whose storage its frames share.
    #[track_caller]
    pub fn open_around_near(&self) {
        self.go(&format!("{}?site={}", self.sites[servers::NEAR], self.sites[servers::BELOW]));
    }

    /// Goes on in the frame that this expression gives.
    #[track_caller]
    pub fn go_into(&self, frame: &str) {
        let frame = self.wait_for(&format!("the frame `{frame}`"), |page| {
            Some(page.evaluate(&format!("return {frame}"))).filter(|found| !found.is_null())
        });
        let place = self.evaluate_with(
            "const { x, y } = arguments[0].getBoundingClientRect();
             return [x + arguments[0].clientLeft, y + arguments[0].clientTop].map(Math.round);",
            vec![frame.clone()],
        );
        self.frame.set((place[0].as_i64().unwrap_or(0), place[1].as_i64().unwrap_or(0)));
        told(self.session.post("frame", &json!({ "id": frame })));
    }

    /// Goes on in the page that holds all frames.
    #[track_caller]
    pub fn leave_frame(&self) {
        self.frame.set((0, 0));
        told(self.session.post("frame", &json!({ "id": null })));
    }

    /// Turns the wheel at a place of the window.
    #[track_caller]
    pub fn wheel(&self, x: i64, y: i64, down: i64) {
        self.act(json!({ "type": "wheel", "id": "wheel", "actions": [
            { "type": "scroll", "x": x, "y": y, "deltaX": 0, "deltaY": down, "duration": 0 },
        ] }));
    }
}
