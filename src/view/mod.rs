//! The read model: what the page shows, as plain data in the learner's words.
//!
//! [`View::of`] looks at a run through a [`Lens`]. Nothing here is state: the same run, the same place and the same lens
//! give the same view. There is one `Arc` for each panel, and the cost follows what the lens shows.

mod area;
mod changed;
mod changing;
mod cluster;
pub mod code;
mod contents;
mod counts;
mod deques;
mod ending;
mod explained;
mod faults;
mod fold;
mod given;
mod grouped;
mod groups;
mod inspector;
mod kept;
mod lanes;
mod lanes_of_groups;
mod lens;
mod links;
mod members;
mod model;
mod outline;
mod place;
mod processes;
mod producers;
mod program;
mod promises;
mod scene;
mod sending;
mod settings;
mod story_place;
mod statements;
mod stations;
mod stopped;
mod story;
mod tape;
mod values;
mod window;
mod wires;

pub use changing::alike;
pub use counts::Counts;
pub use kept::Kept;
pub use lens::{Lens, Selection, SettingsOf};
pub use model::*;
pub use promises::{broken_with, folded};
pub use values::setting_in_force;

use std::sync::Arc;

use crate::explain;
use crate::ids::EventId;
use crate::timeline::Timeline;
use scene::Scene;

/// All that the page shows.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct View {
    pub top: Arc<Top>,
    pub producers: Arc<Producers>,
    pub wires: Arc<Wires>,
    pub cluster: Arc<Cluster>,
    pub groups: Arc<Groups>,
    pub story: Arc<Story>,
    pub transport: Arc<Transport>,
    pub lanes: Arc<Lanes>,
    pub inspector: Arc<Inspector>,
    pub code: Arc<code::Code>,
    pub settings: Arc<Settings>,
    pub faults: Arc<Faults>,
    pub outline: Arc<Outline>,
}

/// The event that is told of the move that led here: the one that the lens asks for, the last that is a step, or else the
/// most telling one. None where nothing happened.
pub fn told_event(timeline: &Timeline, lens: &Lens) -> Option<EventId> {
    let first = timeline.moves().first_event(timeline.position());
    let event = |index: usize| Some(EventId(first.0 + u32::try_from(index).ok()?));
    let most_telling = || explain::most_telling(timeline.events()).and_then(event);
    let course = timeline.moves().story().course(lens.reader());
    story_place::told(timeline, lens, &course).0.or_else(most_telling)
}

/// The sentences alone of what a lens shows of a run at its present place, and when it is.
pub fn sentences(timeline: &Timeline, lens: &Lens) -> (Story, String) {
    let scene = Scene::new(timeline, lens);
    (story::story(&scene), story::time(&scene))
}

impl View {
    /// What a lens shows of a run at its present place.
    pub fn of(timeline: &Timeline, lens: &Lens) -> View {
        View::after(timeline, lens, &mut Kept::default())
    }

    /// The same, behind other pictures: what is as it was in the last one is the very same.
    pub fn after(timeline: &Timeline, lens: &Lens, kept: &mut Kept) -> View {
        let scene = Scene::new(timeline, lens);
        let producers = producers::build(&scene);
        let cluster = cluster::build(&scene);
        let groups = groups::build(&scene);
        let outline = outline::build(&scene, &producers, &cluster, &groups);
        let settings = settings::build(&scene, kept);
        kept.shared(View {
            top: Arc::new(promises::top(&scene)),
            producers: Arc::new(producers),
            wires: Arc::new(wires::build(&scene)),
            cluster: Arc::new(cluster),
            groups: Arc::new(groups),
            story: Arc::new(story::story(&scene)),
            transport: Arc::new(story::transport(&scene)),
            lanes: Arc::new(lanes::build(&scene)),
            inspector: Arc::new(inspector::build(&scene)),
            code: Arc::new(code::build(&scene)),
            settings,
            faults: Arc::new(faults::build(&scene)),
            outline: Arc::new(outline),
        })
    }
}
