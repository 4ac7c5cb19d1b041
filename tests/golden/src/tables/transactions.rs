//! `TransactionManager`.

use crate::{Subject, no_part};

pub fn subject() -> Subject {
    Subject { name: "transactions", check: None, part: no_part }
}
