//! The panels around the scene: narration, timeline, inspector, outline, and what a term means.

mod divider;
mod ended;
mod inspector;
mod narration;
mod outline;
mod ring;
mod spans;
mod spoken;
mod term;
mod timeline;

pub use divider::{Divider, Split};
pub use ended::Ended;
pub use inspector::InspectorPanel;
pub use narration::Narration;
pub use outline::OutlineTree;
pub use ring::{Pointed, Ring};
pub use spans::spans;
pub use term::{Tips, among, hint, term};
pub use timeline::Timeline;
