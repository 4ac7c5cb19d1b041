//! Recorded frames of real conversations: one case for each frame or hand-made request.

use crate::{Subject, no_part};

pub fn subject() -> Subject {
    Subject { name: "frames", check: None, part: no_part }
}
