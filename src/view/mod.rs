//! The read model: what the page shows, as plain data in the learner's words.
//!
//! [`View::of`] looks at a run through a [`Lens`]. Nothing here is state: the same run, the same place and the same lens
//! give the same view. There is one `Arc` for each panel, and the cost follows what the lens shows.

mod lens;
mod model;

pub use lens::{Lens, Selection, SettingsOf};
pub use model::*;

use std::sync::Arc;

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
    pub settings: Arc<Settings>,
    pub faults: Arc<Faults>,
    pub outline: Arc<Outline>,
}
