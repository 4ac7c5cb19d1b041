//! Collections that a program puts records into, or what it makes of them: whether one is empty is whether a poll returned
//! something.

use super::arguments::Arguments;
use super::entries::is_called_so;
use super::round::Over;
use super::tree::Expr;
use super::value::Value;
use super::walk::Walk;

/// Calls that put something into what they are on.
const FILLS: &[&str] = &[
    "add",
    "addAll",
    "addFirst",
    "addLast",
    "append",
    "compute",
    "computeIfAbsent",
    "merge",
    "offer",
    "push",
    "put",
    "putAll",
    "putIfAbsent",
    "set",
];

/// Which names hold such a collection.
#[derive(Default)]
pub(super) struct Gathered {
    /// Numbers of names, with what is put in for each: of which loop, and whether each time.
    names: Vec<(usize, Over, bool)>,
    /// It was asked of something else whether it is empty.
    pub is_asked: bool,
    /// A name was filled after that, which was perhaps meant.
    is_late: bool,
    /// The question was answered of something that only some records are put into.
    pub is_assumed: bool,
}

impl Gathered {
    /// Whether a walk that knows the names beforehand may find more.
    pub const fn is_late(&self) -> bool {
        self.is_late
    }

    /// For such a walk.
    pub fn known(self) -> Gathered {
        Gathered { names: self.names, ..Gathered::default() }
    }

    fn value<'t, 'a>(&self, name: usize) -> Option<Value<'t, 'a>> {
        let (_, over, is_sure) = self.names.iter().find(|(other, ..)| *other == name)?;
        Some(match (over, is_sure) {
            (over, false) => Value::Gathered(*over),
            (Over::Partitions, true) => Value::PolledPartitions,
            (_, true) => Value::Polled,
        })
    }
}

impl<'t, 'a> Walk<'t, 'a> {
    /// What a name holds that is given a value: an empty collection is as good as what it will be filled with.
    pub fn as_gathered(&self, name: usize, value: Value<'t, 'a>) -> Value<'t, 'a> {
        match self.gathered.value(name) {
            Some(gathered) if self.is_collection(&value) => gathered,
            _ => value,
        }
    }

    fn is_collection(&self, value: &Value<'t, 'a>) -> bool {
        match value {
            Value::Unknown => true,
            Value::List(list) => list.is_empty(),
            Value::Config(config) => self.configs[*config].entries.is_empty(),
            _ => false,
        }
    }

    /// `pending.put(partition, offset)` for each record, `buffer.addAll(records)`
    pub fn fills(&mut self, on: &Expr<'a>, value: &Value<'t, 'a>, call: &str, arguments: &Arguments<'t, 'a>) {
        let is_open = self.is_collection(value) || matches!(value, Value::Gathered(_));
        if self.aside.is_some() || !FILLS.contains(&call) || !is_open {
            return;
        }
        let Some(name) = on.last_name().filter(|name| on.call().is_none() && !is_called_so(name)) else { return };
        let Some(number) = self.source.number_of(name) else { return };
        let is_of = |over| self.around.iter().rev().map(|of| &self.rounds[*of]).find(|of| of.over == over);
        let gives_all = arguments.values.iter().any(|of| matches!(of, Value::Polled));
        let conditions = match is_of(Over::Records).or_else(|| is_of(Over::Partitions)) {
            Some(round) => round.conditions,
            None if gives_all => self.around.last().map_or(0, |last| self.rounds[*last].conditions),
            None => return,
        };
        let is_sure = self.conditions == conditions;
        let is_by_partition = arguments.len() > 1 && arguments.of.first().is_some_and(|key| self.is_partition(key));
        let over = if is_by_partition { Over::Partitions } else { Over::Records };
        match self.gathered.names.iter_mut().find(|(other, ..)| *other == number) {
            Some((.., before)) => *before |= is_sure,
            None => {
                self.gathered.names.push((number, over, is_sure));
                self.gathered.is_late |= self.gathered.is_asked;
            }
        }
        let value = self.gathered.value(number).unwrap_or_default();
        match self.slot(name) {
            Some(slot) => slot.value = value,
            None => self.declare_field(name, 0, value, ""),
        }
    }

    /// Whether an expression is a partition: `new TopicPartition(…)`, or a name that is declared so.
    fn is_partition(&mut self, of: &Expr<'a>) -> bool {
        match of.call() {
            Some(call) => call.name == "TopicPartition",
            None => of.name().and_then(|name| self.slot(name)).is_some_and(|slot| slot.of == "TopicPartition"),
        }
    }
}
