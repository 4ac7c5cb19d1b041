//! Recorded frames of real conversations: one case for each frame or hand-made request.
//!
//! A session is played in its order on a controller and brokers of the model: its requests, at their times, and for each
//! answer what the model's broker answered. Ids that Kafka draws are replaced in the requests by those that the model
//! drew for the same thing. A request's case holds when it is read and written again to the same bytes.
//!
//! Every frame is played, those of requests that are not built as well: each fails for itself, and what they leave
//! otherwise than in Kafka (an offset, a log's end) is listed by the request that came before.

mod compare;
mod cut;
mod play;
mod tree;
mod world;

use std::rc::Rc;

use crate::data::Case;
use crate::verdict::Verdict;
use crate::{Player, Subject, no_part};
use play::Play;

pub fn subject() -> Subject {
    Subject { name: "frames", player: || Box::new(Conversations { playing: None }), part: no_part }
}

/// The conversation that is being played; a new one begins with its first frame.
struct Conversations {
    playing: Option<(Rc<str>, Play)>,
}

impl Player for Conversations {
    fn play(&mut self, case: &Case) -> Verdict {
        let group = case.group.clone().expect("a frame is part of a conversation");
        if self.playing.as_ref().is_none_or(|(other, _)| *other != group) {
            match Play::new(&case.header) {
                Ok(play) => self.playing = Some((group, play)),
                Err(sentence) => return Verdict::different(sentence),
            }
        }
        let (_, play) = self.playing.as_mut().expect("it was just made");
        Verdict::of(if case.header.is_null() { play.raw(&case.value) } else { play.frame(&case.value) })
    }
}
