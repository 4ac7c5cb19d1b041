//! Sentences for events, in every language.

use crate::event::Event;
use crate::ids::Names;

/// One English line for an event, for transcripts.
pub fn plain(names: &Names, event: &Event) -> String {
    let _ = names;
    format!("{:?}", event.kind)
}
