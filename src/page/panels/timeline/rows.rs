//! Which lanes are drawn: all of them while there is room, else those where something happens, the others in one line.

use partita::sorted::{InOrder, SortedSet};
use partita::view::{Lanes, Tone};

/// Pixels of a lane: spare height goes to the lanes.
const LANE: std::ops::RangeInclusive<f64> = 14.0..=18.0;
/// With more lanes than this, idle ones share a line, whatever room there is.
const MANY: usize = 10;
/// Lanes of a low window.
const FEW: usize = 5;

/// The lanes in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaneRows {
    pub names: Vec<LaneName>,
    /// The row of each lane of the view; none: it is among the folded ones.
    pub of_lane: Vec<Option<usize>>,
    /// Lanes that are folded to the last line.
    pub folded: usize,
    /// Pixels of a lane.
    pub lane: f64,
}

/// The room that lanes have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// In pixels.
    pub height: f64,
    /// The window is low.
    pub low: bool,
    /// Pixels of the screen to one of the page: see `zoom_of`, which makes the browser lay the page out.
    pub zoom: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct LaneName {
    pub text: String,
    pub tone: Tone,
    /// It begins another kind of lanes.
    pub begins: bool,
}

impl LaneRows {
    /// As many as there is room for.
    pub fn of(panel: &Lanes, room: Room) -> LaneRows {
        let most = if room.low { FEW } else { MANY };
        let lines = (room.height / LANE.start()).max(1.0) as usize;
        let all = panel.lanes.len();
        let wanted: SortedSet<usize> = match all <= most && all <= lines {
            true => (0..all).collect(),
            false => busiest(panel, most.min(lines.saturating_sub(1)).max(1)),
        };
        let mut rows = LaneRows { folded: all - wanted.len(), ..LaneRows::default() };
        let mut kind = None;
        for (index, lane) in panel.lanes.iter().enumerate() {
            if !wanted.contains(&index) {
                rows.of_lane.push(None);
                continue;
            }
            rows.of_lane.push(Some(rows.names.len()));
            let begins = kind.is_some_and(|kind| kind != lane.kind);
            kind = Some(lane.kind);
            rows.names.push(LaneName { text: lane.name.clone(), tone: lane.tone, begins });
        }
        rows.lane = (room.height / rows.lines().max(1) as f64).floor().clamp(*LANE.start(), *LANE.end());
        rows
    }

    pub fn lines(&self) -> usize {
        self.names.len() + usize::from(self.folded > 0)
    }

    /// The middle of a lane, in pixels from the top of the first.
    pub fn y(&self, lane: u16) -> f64 {
        let row = self.of_lane.get(usize::from(lane)).copied().flatten();
        (row.unwrap_or(self.names.len()) as f64 + 0.5) * self.lane
    }
}

/// Those that the current event touches, then those with the most messages and bars.
fn busiest(panel: &Lanes, room: usize) -> SortedSet<usize> {
    let mut weights = vec![0_u32; panel.lanes.len()];
    for message in &panel.messages {
        let weight = if message.now { 10_000 } else { 1 };
        for lane in [message.from_lane, message.to_lane] {
            if let Some(of) = weights.get_mut(usize::from(lane)) {
                *of += weight;
            }
        }
    }
    for (weight, lane) in weights.iter_mut().zip(&panel.lanes) {
        *weight += 10 * u32::from(!lane.bars.is_empty()) + 10 * u32::from(!lane.down.is_empty());
    }
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.order_by_key(|index| (std::cmp::Reverse(weights[*index]), *index));
    order.into_iter().take(room).collect()
}
