//! What the scene reads, and what it asks for: the session answers.

use std::sync::Arc;

use leptos::prelude::*;
use partita::ids::{ClientId, GroupNo, PartitionNo, RecordId};
use partita::view::{Selection, View};

/// A wish of the user, said to the scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    Select(Selection),
    /// How it came to where it is: what a red mark leads to.
    Chain(Selection),
    Follow(RecordId),
    /// A line of the script grammar.
    Command(String),
    /// The first offset shown of a tape; none: its end.
    Scroll(PartitionNo, Option<u64>),
    /// Opens a folded partition, and selects it.
    Unfold(PartitionNo),
    /// Opens a folded producer's stations, or folds them.
    Producer(ClientId),
    /// Hides a group's members, or shows them.
    Group(GroupNo),
    /// The editor of a setting: whose, and its name.
    Setting {
        of: String,
        name: &'static str,
    },
}

/// In every component's context.
#[derive(Clone, Copy)]
pub struct Stage {
    pub view: Signal<Arc<View>>,
    /// Milliseconds of virtual time a second while it plays.
    pub playing: Signal<Option<u32>>,
    answer: Callback<Ask>,
}

impl Stage {
    pub fn provide(view: Signal<Arc<View>>, playing: Signal<Option<u32>>, answer: Callback<Ask>) -> Stage {
        let stage = Stage { view, playing, answer };
        provide_context(stage);
        stage
    }

    pub fn get() -> Stage {
        expect_context()
    }

    pub fn ask(self, ask: Ask) {
        self.answer.run(ask);
    }

    /// One panel: whoever reads it is told only when it is another one.
    pub fn panel<T: PartialEq + Send + Sync + 'static>(self, of: fn(&View) -> &Arc<T>) -> Memo<Arc<T>> {
        Memo::new(move |_| self.view.with(|view| of(view).clone()))
    }
}
