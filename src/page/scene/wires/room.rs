//! Room for the six stations: where the producers' column is higher than the window lets it be, stations fold to one line each,
//! as all of them do in a low window. Only the browser knows how high they are.

use web_sys::Element;

/// The first three fold first: what they say of a record stays as it is. Then all six.
const LEVELS: [&str; 2] = ["some", "all"];

/// What the folding was found for: another height, or another number of producers, asks anew. Until then stations that were
/// folded stay so, and the picture does not jump with each step.
#[derive(Clone, Copy, Default, PartialEq)]
pub struct Folding {
    height: i32,
    producers: u32,
    level: usize,
}

impl Folding {
    /// Folds as much as it takes to have all of the column in sight.
    pub fn fit(&mut self, scene: &Element) {
        let find = |outer: &Element, selector: &str| outer.query_selector(selector).ok().flatten();
        let Some(column) = find(scene, ".col-p") else { return };
        let Some(room) = find(&column, ".col-s") else { return };
        let producers = room.query_selector_all(".pr-h, .pr-2").map_or(0, |found| found.length());
        if (self.height, self.producers) != (room.client_height(), producers) {
            *self = Folding { height: room.client_height(), producers, level: 0 };
            let _ = column.remove_attribute("data-fold");
        }
        while self.level < LEVELS.len() && room.scroll_height() > room.client_height() {
            let _ = column.set_attribute("data-fold", LEVELS[self.level]);
            self.level += 1;
        }
    }
}
