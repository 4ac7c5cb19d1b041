//! Room for the six stations: where the producers' column is higher than the window lets it be, stations fold to one line each,
//! as all of them do in a low window. Only the browser knows how high they are.

use partita::view::{ChapterState, View};
use web_sys::Element;

/// The first three fold first: what they say of a record stays as it is. Then all six.
const LEVELS: [&str; 2] = ["some", "all"];

/// How much is folded, and what that was found for: another run or chapter, height or number of producers asks anew. Until
/// then stations that were folded stay so, and the picture does not jump with each step.
#[derive(Default)]
pub struct Folding {
    of: (String, Option<usize>, i32, u32),
    level: usize,
}

impl Folding {
    /// Folds as much as it takes to have all of the column in sight.
    pub fn fit(&mut self, scene: &Element, view: &View) {
        let find = |outer: &Element, selector: &str| outer.query_selector(selector).ok().flatten();
        let Some(column) = find(scene, ".col-p") else { return };
        let Some(room) = find(&column, ".col-s") else { return };
        let producers = room.query_selector_all(".pr-h, .pr-2").map_or(0, |found| found.length());
        let chapter = view.transport.chapters.iter().position(|chapter| chapter.state == ChapterState::Now);
        let of = (view.top.title.clone(), chapter, room.client_height(), producers);
        if self.of != of {
            *self = Folding { of, level: 0 };
            let _ = column.remove_attribute("data-fold");
        }
        while self.level < LEVELS.len() && room.scroll_height() > room.client_height() {
            let _ = column.set_attribute("data-fold", LEVELS[self.level]);
            self.level += 1;
        }
    }
}
