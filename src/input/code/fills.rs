//! Where a program fills a collection with records, or with what it makes of them.

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

impl<'t, 'a> Walk<'t, 'a> {
    /// What a name holds that is given a value: an empty collection is as good as what it will be filled with.
    pub fn as_gathered(&self, name: usize, value: Value<'t, 'a>) -> Value<'t, 'a> {
        match self.gathered.value(name) {
            Some(gathered) if self.found.is_collection(&value) => gathered,
            _ => value,
        }
    }

    /// `pending.put(partition, offset)` for each record, `buffer.addAll(records)`
    pub fn fills(&mut self, on: &Expr<'a>, value: &Value<'t, 'a>, call: &str, arguments: &Arguments<'t, 'a>) {
        let is_open = self.found.is_collection(value) || matches!(value, Value::Gathered(_));
        if self.way.aside().is_some() || !FILLS.contains(&call) || !is_open {
            return;
        }
        let Some(name) = on.last_name().filter(|name| on.call().is_none() && !is_called_so(name)) else { return };
        let Some(number) = self.source.number_of(name) else { return };
        let gives_all = arguments.values.iter().any(|of| matches!(of, Value::Polled));
        let round = self.way.innermost_over(Over::Records).or_else(|| self.way.innermost_over(Over::Partitions));
        let conditions = match round {
            Some(round) => round.conditions,
            None if gives_all => self.way.innermost().map_or(0, |round| round.conditions),
            None => return,
        };
        let is_by_partition = arguments.len() > 1 && arguments.of.first().is_some_and(|key| self.is_partition(key));
        let over = if is_by_partition { Over::Partitions } else { Over::Records };
        self.gathered.fill(number, over, self.way.conditions() == conditions);
        let value = self.gathered.value(number).unwrap_or_default();
        match self.names.slot(name) {
            Some(slot) => slot.value = value,
            None => self.names.scopes.declare_field(number, 0, value, ""),
        }
    }

    /// Whether an expression is a partition: `new TopicPartition(…)`, or a name that is declared so.
    fn is_partition(&mut self, of: &Expr<'a>) -> bool {
        match of.call() {
            Some(call) => call.name == "TopicPartition",
            None => of.name().and_then(|name| self.names.slot(name)).is_some_and(|slot| slot.of == "TopicPartition"),
        }
    }
}
