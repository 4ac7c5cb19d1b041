//! Which lanes are drawn: all of them while there is room, else those where something happens, the others in one line.

use std::collections::BTreeSet;

use partita::view::{Lanes, Tone};

/// Pixels of a lane.
pub const LANE: f64 = 14.0;

/// The lanes in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub names: Vec<Name>,
    /// The row of each lane of the view; none: it is among the folded ones.
    pub of_lane: Vec<Option<usize>>,
    /// Lanes that are folded to the last line.
    pub folded: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    pub text: String,
    pub tone: Tone,
    /// It begins another kind of lanes.
    pub begins: bool,
}

impl Rows {
    /// As many as `room` has lines.
    pub fn of(panel: &Lanes, room: usize) -> Rows {
        let wanted: BTreeSet<usize> = match panel.lanes.len() <= room {
            true => (0..panel.lanes.len()).collect(),
            false => busiest(panel, room.saturating_sub(1).max(1)),
        };
        let mut rows = Rows { folded: panel.lanes.len() - wanted.len(), ..Rows::default() };
        let mut kind = None;
        for (index, lane) in panel.lanes.iter().enumerate() {
            if !wanted.contains(&index) {
                rows.of_lane.push(None);
                continue;
            }
            rows.of_lane.push(Some(rows.names.len()));
            let begins = kind.is_some_and(|kind| kind != lane.kind);
            kind = Some(lane.kind);
            rows.names.push(Name { text: lane.name.clone(), tone: lane.tone, begins });
        }
        rows
    }

    pub fn lines(&self) -> usize {
        self.names.len() + usize::from(self.folded > 0)
    }

    /// The middle of a lane, in pixels from the top of the first.
    pub fn y(&self, lane: u16) -> f64 {
        let row = self.of_lane.get(usize::from(lane)).copied().flatten();
        (row.unwrap_or(self.names.len()) as f64 + 0.5) * LANE
    }
}

/// Those that the current event touches, then those with the most messages and bars.
fn busiest(panel: &Lanes, room: usize) -> BTreeSet<usize> {
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
    order.sort_by_key(|index| (std::cmp::Reverse(weights[*index]), *index));
    order.into_iter().take(room).collect()
}
