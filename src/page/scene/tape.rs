//! Where things stand on a tape, and which cells belong together. Pixels; the origin is the drawing's upper left corner.

use partita::view::{Cell, CellState, Partition, Zoom};

/// The first cell's left edge, and what stands right of the last one.
pub const LEFT: f64 = 52.0;
pub const RIGHT: f64 = 68.0;
/// Between the last cell and the numbers: a reader's head may stand there.
pub const BESIDE: f64 = 12.0;
/// What a digit of an offset takes.
const DIGIT: f64 = 6.2;
/// Baselines of the flags and of the offsets; the tape's upper edge and height.
pub const FLAGS: f64 = 11.0;
pub const OFFSETS: f64 = 25.0;
pub const TOP: f64 = 29.0;
pub const HEIGHT: f64 = 24.0;
const FOLLOWER: f64 = 13.0;
const LANE: f64 = 16.0;

/// The axis that everything of a partition shares: offsets to pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    pub first: u64,
    pub scale: Scale,
}

/// Pixels: of a cell, and of the whole tape, which has the same room however wide its cells are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub pitch: f64,
    room: f64,
    pub zoom: Zoom,
}

impl Scale {
    /// `glyph`: pixels of a cell that holds a glyph only, for so many of which there is room.
    pub fn of(glyph: f64, cells: u64, zoom: Zoom) -> Scale {
        let times = match zoom {
            Zoom::Glyph => 1.0,
            Zoom::Value => 2.7,
            Zoom::Key => 4.2,
        };
        Scale { pitch: glyph * times, room: glyph * cells as f64, zoom }
    }

    /// So many pixels for all cells, which are as wide as there is room; `cells`: so many that hold a glyph only.
    pub fn in_room(room: f64, cells: u64, zoom: Zoom) -> Scale {
        let (most, widest) = match zoom {
            Zoom::Glyph => (cells as f64, 26.0),
            Zoom::Value => (5.0, 65.0),
            Zoom::Key => (3.0, 100.0),
        };
        Scale { pitch: (room / most).min(widest), room, zoom }
    }

    /// Cells for which there is room.
    pub fn cells(self) -> u64 {
        (self.room / self.pitch) as u64
    }
}

impl Axis {
    pub fn of(partition: &Partition, scale: Scale) -> Axis {
        Axis { first: partition.log_start + partition.older, scale }
    }

    pub fn pitch(self) -> f64 {
        self.scale.pitch
    }

    /// Which offsets are written above their cells: every one, every second, third…, as their digits have room.
    pub fn numbered(self) -> u64 {
        let digits = (self.first + self.scale.cells()).to_string().len() as f64;
        ((digits * DIGIT + 1.0) / self.scale.pitch).ceil().max(1.0) as u64
    }

    /// The left edge of an offset's cell.
    pub fn x(self, offset: u64) -> f64 {
        let cells = offset as f64 - self.first as f64;
        LEFT + cells * self.scale.pitch
    }

    /// The boundary before an offset, where it is on the part that is shown.
    pub fn boundary(self, offset: u64) -> Option<f64> {
        (self.first..=self.first + self.scale.cells()).contains(&offset).then(|| self.x(offset))
    }

    /// A range of offsets cut to the part that is shown.
    pub fn range(self, from: u64, to: u64) -> Option<(f64, f64)> {
        let (from, to) = (from.max(self.first), to.min(self.first + self.scale.cells()));
        (from < to).then(|| (self.x(from), self.x(to)))
    }

    /// Where the tape's part ends, and the column of numbers begins.
    pub fn end(self) -> f64 {
        LEFT + self.scale.room
    }

    pub fn width(self) -> f64 {
        self.end() + RIGHT
    }
}

/// Cells of one batch, joined: base offset, first offset shown, how many, and whether all may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joined {
    pub base: u64,
    pub first: u64,
    pub count: u64,
    pub above: bool,
    pub marker: bool,
}

pub fn batches(cells: &[Cell]) -> Vec<Joined> {
    let mut all: Vec<Joined> = Vec::new();
    for cell in cells {
        let above = cell.state == CellState::AboveHighWatermark;
        match all.last_mut() {
            Some(last) if last.base == cell.batch => {
                last.count += 1;
                last.above |= above;
            }
            _ => {
                let marker = cell.state == CellState::Marker;
                all.push(Joined { base: cell.batch, first: cell.offset, count: 1, above, marker });
            }
        }
    }
    all
}

/// Neighbouring cells that the current event touches, by batch: first offset and how many.
pub fn touched(cells: &[Cell]) -> Vec<(u64, u64)> {
    let mut runs: Vec<(u64, u64, u64)> = Vec::new();
    for cell in cells.iter().filter(|cell| cell.now) {
        match runs.last_mut() {
            Some((first, count, batch)) if *batch == cell.batch && *first + *count == cell.offset => *count += 1,
            _ => runs.push((cell.offset, 1, cell.batch)),
        }
    }
    runs.into_iter().map(|(first, count, _)| (first, count)).collect()
}

/// The rows below the leader's tape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TapeRows {
    followers: usize,
    lanes: usize,
}

impl TapeRows {
    pub fn of(partition: &Partition) -> TapeRows {
        TapeRows { followers: partition.replicas.len().saturating_sub(1), lanes: partition.lanes.len() }
    }

    /// The upper edge of a follower's strip.
    pub fn follower(self, i: usize) -> f64 {
        TOP + HEIGHT + 4.0 + FOLLOWER * i as f64
    }

    /// The middle of a group's lane.
    pub fn lane(self, i: usize) -> f64 {
        self.follower(self.followers) + 10.0 + LANE * i as f64
    }

    /// The lower end of the watermarks' lines.
    pub fn end(self) -> f64 {
        match self.lanes {
            0 => self.follower(self.followers),
            lanes => self.lane(lanes - 1) + 7.0,
        }
    }

    pub fn height(self) -> f64 {
        self.end() + 5.0
    }
}
