//! Collections that a program puts records into, or what it makes of them: whether one is empty is whether a poll returned
//! something.

use super::round::Over;
use super::value::Value;

/// Which names hold such a collection.
#[derive(Default)]
pub(super) struct Gathered {
    /// By the numbers of names, what is put in: of which loop, and whether each time.
    names: Vec<Option<(Over, bool)>>,
    /// It was asked of something else whether it is empty.
    pub is_asked: bool,
    /// A name was filled after that, which was perhaps meant.
    is_late: bool,
    /// The names were known beforehand.
    is_again: bool,
    /// The question was answered of something that only some records are put into.
    pub is_assumed: bool,
}

impl Gathered {
    /// Whether a walk that knows the names beforehand may find more.
    pub const fn is_late(&self) -> bool {
        self.is_late && !self.is_again
    }

    /// For such a walk.
    pub fn known(self) -> Gathered {
        Gathered { names: self.names, is_again: true, ..Gathered::default() }
    }

    /// What such a name holds.
    pub fn value<'t, 'a>(&self, name: usize) -> Option<Value<'t, 'a>> {
        let (over, is_sure) = (*self.names.get(name)?)?;
        Some(match (over, is_sure) {
            (over, false) => Value::Gathered(over),
            (Over::Partitions, true) => Value::PolledPartitions,
            (_, true) => Value::Polled,
        })
    }

    /// A name that is filled, each time or not.
    pub fn fill(&mut self, name: usize, over: Over, is_sure: bool) {
        if self.names.len() <= name {
            self.names.resize(name + 1, None);
        }
        match &mut self.names[name] {
            Some((_, before)) => *before |= is_sure,
            none => {
                *none = Some((over, is_sure));
                self.is_late |= self.is_asked;
            }
        }
    }
}
