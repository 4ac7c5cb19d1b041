//! Panels of words and lanes: narration, timeline, inspector, outline.

mod inspector;
mod narration;
mod outline;
mod spans;
mod timeline;

use partita::config::Text;

use super::text::text;

const OUTLINE: Text = text("Outline of the scene", "장면의 개요");
const SCRUBBER: Text = text("Place in the run", "실행의 위치");

pub use inspector::InspectorPanel;
pub use narration::Narration;
pub use outline::OutlineTree;
pub use timeline::Timeline;
