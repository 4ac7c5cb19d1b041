//! Where things stand on the screen: asked of the browser once a picture.

use partita::decimal;
use partita::sorted::SortedMap;
use wasm_bindgen::JsCast;

use super::super::at;
use super::path::Point;

/// A box of the scene, in the scene's own pixels, and the height at which wires meet it.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub left: f64,
    pub right: f64,
    pub y: f64,
    /// It is scrolled out of its column.
    pub hidden: bool,
}

/// All that has a `data-at`, by that name, and the sides of the three columns.
pub struct Anchors {
    spots: SortedMap<String, Spot>,
    /// Readers of group lanes: the lane, and the client's number; empty where nobody reads.
    pub lanes: Vec<(String, String)>,
    /// The same of those who read there and do no more, one or more numbers.
    pub ghosts: Vec<(String, String)>,
    pub columns: [Spot; 3],
    /// The lower edge of the brokers' row.
    pub brokers: f64,
}

impl Anchors {
    pub fn measure(scene: &web_sys::Element) -> Option<Anchors> {
        let origin = scene.get_bounding_client_rect();
        let (from_left, from_top) = (origin.left(), origin.top());
        let scale = scale(scene);
        let place = |element: &web_sys::Element| {
            let rect = element.get_bounding_client_rect();
            (
                (rect.left() - from_left) / scale,
                (rect.right() - from_left) / scale,
                (rect.top() - from_top) / scale,
                (rect.bottom() - from_top) / scale,
            )
        };
        let column = |class: &str| {
            let column = scene.query_selector(class).ok()??;
            let (left, right, ..) = place(&column);
            let inner = column.query_selector(".col-s").ok()??;
            let (.., top, bottom) = place(&inner);
            Some((Spot { left, right, y: 0.0, hidden: false }, top, bottom))
        };
        let columns = [column(".col-p")?, column(".col-c")?, column(".col-g")?];
        let brokers = scene.query_selector(".brk").ok()??;
        let brokers = place(&brokers).3;
        let mut spots = SortedMap::new();
        let (mut lanes, mut ghosts) = (Vec::new(), Vec::new());
        // Each question to the browser costs more than what is done with its answer: an element is asked only what one of
        // its kind can have.
        let found = scene.query_selector_all("[data-at]").ok()?;
        for element in (0..found.length()).filter_map(|i| found.get(i)) {
            let element: web_sys::Element = element.unchecked_into();
            let Some(name) = element.get_attribute("data-at") else { continue };
            let (left, right, top, bottom) = place(&element);
            if right <= left && bottom <= top {
                // It is folded away in a low window.
                continue;
            }
            let inside = if at::may_have_inside(&name) { element.get_attribute("data-y") } else { None };
            let inside = inside.and_then(|y| decimal::double(&y));
            let y = inside.map_or((top + bottom) / 2.0, |inside| top + inside * (bottom - top) / own_height(&element));
            let (_, first, last) = columns[at::column(&name)];
            let hidden = !at::is_broker(&name) && (y < first || y > last);
            if at::is_lane(&name) {
                if let Some(reader) = element.get_attribute("data-reader") {
                    lanes.push((name.clone(), reader));
                }
                if let Some(gone) = element.get_attribute("data-ghosts") {
                    ghosts.push((name.clone(), gone));
                }
            }
            spots.insert(name, Spot { left, right, y, hidden });
        }
        Some(Anchors { spots, lanes, ghosts, columns: columns.map(|(column, ..)| column), brokers })
    }

    /// A spot that is not scrolled away.
    pub fn get(&self, name: &str) -> Option<Spot> {
        self.spots.get(name).copied().filter(|spot| !spot.hidden)
    }

    /// The first of these that is there.
    pub fn first(&self, names: &[String]) -> Option<Spot> {
        names.iter().find_map(|name| self.get(name))
    }

    /// The right side of the producers' column and the left side of the cluster's.
    pub fn producer_gutter(&self) -> (f64, f64) {
        (self.columns[0].right, self.columns[1].left)
    }

    pub fn cluster_right(&self) -> f64 {
        self.columns[1].right
    }

    /// The right side of the cluster's column and the left side of the groups'; none in a small window, where the groups
    /// stand at the producers' side.
    pub fn group_gutter(&self) -> Option<(f64, f64)> {
        let (left, right) = (self.columns[1].right, self.columns[2].left);
        (left < right).then_some((left, right))
    }

    /// The same for messages: from the cluster's side to the groups', wherever they stand.
    pub fn way_to_groups(&self) -> (f64, f64) {
        self.group_gutter().unwrap_or((self.columns[1].left, self.columns[2].right))
    }

    /// The way into a broker's tile from a gutter: along the lower edge of the brokers' row.
    pub fn way_to_broker(&self, broker: i32, trunk: f64) -> Option<[Point; 3]> {
        let tile = self.spots.get(&format!("broker-{broker}"))?;
        let x = (tile.left + tile.right) / 2.0;
        Some([(trunk, self.brokers + 1.0), (x, self.brokers + 1.0), (x, self.brokers - 1.0)])
    }
}

/// An element's height in its own pixels: on the stage for a projector a column is drawn larger than the scene around it.
fn own_height(element: &web_sys::Element) -> f64 {
    element.dyn_ref::<web_sys::HtmlElement>().map_or(1.0, |element| f64::from(element.offset_height().max(1)))
}

/// How much larger the scene is drawn on a large screen: what the browser measures is in pixels of the screen.
fn scale(scene: &web_sys::Element) -> f64 {
    let own = scene.dyn_ref::<web_sys::HtmlElement>().map_or(0, web_sys::HtmlElement::offset_width);
    let shown = scene.get_bounding_client_rect().width();
    if own > 0 && shown > 0.0 { shown / f64::from(own) } else { 1.0 }
}

/// What happens now, by the column that it is drawn in.
const NOW: [(&str, &str); 3] = [
    (".col-p", ".st.now"),
    (".col-c", ".pt.is-here, .mp.is-here"),
    (".col-g", ".mb.is-here, .gp.is-here:not(:has(.mb.is-here))"),
];

fn found(place: &web_sys::Element, selector: &str) -> Option<web_sys::Element> {
    place.query_selector(selector).ok().flatten()
}

/// Scrolls each column as little as it takes to have what happens now in sight.
pub fn reveal(scene: &web_sys::Element) {
    let scale = scale(scene);
    for (column, what) in NOW {
        let Some(column) = found(scene, column).and_then(|column| found(&column, ".col-s")) else { continue };
        let Some(what) = found(&column, what) else { continue };
        scroll_to(&column, &what, 0.0, scale);
    }
}

/// The same on a phone, where the scene is scrolled as a whole below the tabs that stay.
pub fn reveal_below(scene: &web_sys::Element) {
    let Some(tabs) = found(scene, ".seg") else { return };
    for (column, what) in NOW {
        let Some(what) = found(scene, column).and_then(|column| found(&column, what)) else { continue };
        if what.get_bounding_client_rect().height() > 0.0 {
            scroll_to(scene, &what, tabs.get_bounding_client_rect().height(), 1.0);
        }
    }
}

/// Scrolls a place, of which so many pixels are covered at the top.
fn scroll_to(place: &web_sys::Element, what: &web_sys::Element, covered: f64, scale: f64) {
    let (room, area) = (place.get_bounding_client_rect(), what.get_bounding_client_rect());
    // What is higher than its column shows its beginning.
    let (above, below) = (area.top() - room.top() - covered, area.bottom() - room.bottom());
    let by = if above < 0.0 || area.height() > room.height() - covered { above } else { below.max(0.0) };
    if by.abs() >= 1.0 {
        place.set_scroll_top(place.scroll_top() + (by / scale).round() as i32);
    }
}
