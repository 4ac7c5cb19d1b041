//! Recorded runs: the script is played through the library, the observations are compared.

use crate::{Subject, no_part};

pub fn subject() -> Subject {
    Subject { name: "runs", check: None, part: no_part }
}
