//! Every property: type, default, range, messages.

use crate::{Subject, no_part};

pub fn subject() -> Subject {
    Subject { name: "configs", check: None, part: no_part }
}
