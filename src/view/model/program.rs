//! Where a client's program is.

use super::Tone;

/// A line under a client's name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ProgramLine {
    pub pieces: Vec<ProgramPiece>,
    /// Blue when it is what happens now, amber when a fault of the user's ended or froze it.
    pub tone: Tone,
}

impl ProgramLine {
    /// All of it.
    pub fn plain(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

/// A piece of the line.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ProgramPiece {
    pub text: String,
    pub mono: bool,
    /// Where there is no room for all of it, it may be cut: never a partition, an offset or a call.
    pub may_be_cut: bool,
}
