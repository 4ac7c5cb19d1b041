//! Recorded frames of real conversations: one case for each frame or hand-made request.
//!
//! A session is played in its order on a controller and brokers of the model: its requests, at their times, and for each
//! answer what the model's broker answered. Ids that Kafka draws are replaced in the requests by those that the model
//! drew for the same thing. A request's case holds when it is read and written again to the same bytes.

mod compare;
mod play;
mod tree;
mod world;

use std::cell::RefCell;

use serde_json::Value;

use crate::Subject;
use play::Play;

pub fn subject() -> Subject {
    Subject { name: "frames", check: Some(check), part: play::part }
}

thread_local! {
    /// The conversation that is being played; a new one begins with its first frame.
    static PLAY: RefCell<Option<Play>> = const { RefCell::new(None) };
}

fn check(case: &Value, header: &Value) -> Result<(), String> {
    PLAY.with_borrow_mut(|playing| {
        let key = play::key(case, header);
        if playing.as_ref().is_none_or(|play| play.key != key) {
            *playing = Some(Play::new(key, header)?);
        }
        let play = playing.as_mut().expect("it was just made");
        if header.is_null() { play.raw(case) } else { play.frame(case) }
    })
}
