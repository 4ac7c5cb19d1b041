//! What a script says of its own story: its chapters, and what one can try when it has ended.

use std::sync::Arc;

use crate::lang::Both;

/// `chapter "Two readers share" ko="두 컨슈머의 분담" says="…" ko-says="…" follows=producer-1`: a chapter of the story begins. It takes no
/// time. What comes before the first is getting ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Without a Korean text the English one stands in both languages.
    pub title: Both<Arc<str>>,
    /// What there is to see in it, a sentence or two; empty: nothing is said.
    pub says: Both<Arc<str>>,
    /// The producer whose next record is followed from here on; none: what was followed before stays.
    pub follows: Option<Arc<str>>,
}

/// `try "kill c2 too" ko="c2도 종료" line="kill c2"`: something to try when the story has ended, a branch of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// Without a Korean text the English one stands in both languages.
    pub label: Both<Arc<str>>,
    /// What is done, as a line of the grammar: at the story's end, or with `set … from=start` from the start.
    pub line: Arc<str>,
    /// The text of an earlier line in whose place it stands then: the run begins again with it.
    pub instead: Option<Arc<str>>,
}
