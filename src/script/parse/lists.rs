//! Words of a line that are lists: partitions, partitions with numbers, and what separators part in one word.

use crate::ids::TopicPartition;
use crate::lang::{Text, text};
use crate::script::error::{Allowed, ScriptProblem};
use crate::script::lexer::Word;
use crate::sorted::{InOrder, SortedSet};

use super::args::{Args, partition};

pub(super) const AN_OFFSET: Allowed =
    Allowed::Form(text("a partition and an offset, such as `orders-0=5`", "`orders-0=5`처럼 파티션과 오프셋"));
pub(super) const A_TIME: Allowed = Allowed::Form(text(
    "a partition and milliseconds since 1970, such as `orders-0=1700000000000`",
    "`orders-0=1700000000000`처럼 파티션과 1970년부터 센 밀리초",
));
const ONCE: Text = text("each partition once", "파티션마다 한 번");

impl Args<'_> {
    /// All further words as partitions; several may stand in one word, parted by commas.
    pub fn partitions(&mut self) -> Vec<TopicPartition> {
        let (mut all, mut named) = (Vec::new(), SortedSet::new());
        while let Some(word) = self.next() {
            all.extend(self.more_partitions(&word, "PARTITION", &mut named));
        }
        all
    }

    pub fn partition_list(&mut self, word: &Word, of: &str) -> Vec<TopicPartition> {
        self.more_partitions(word, of, &mut SortedSet::new())
    }

    /// Those of one word; `named` are those of the words before it.
    fn more_partitions(&mut self, word: &Word, of: &str, named: &mut SortedSet<TopicPartition>) -> Vec<TopicPartition> {
        let mut all = Vec::new();
        if !self.has_room_for_parts(word, &[',']) {
            return all;
        }
        let mut chars = 0;
        for part in word.text.split(',') {
            let piece = Word { text: part.to_string(), column: word.column_at(chars), quoted: false };
            if let Some(partition) = self.partition_of(&piece, of) {
                self.check_once(piece.column, &partition, named);
                all.push(partition);
            }
            chars += part.chars().count() + 1;
        }
        all
    }

    /// All further words as partitions with a number each: `orders-0=5`.
    pub fn partition_numbers(&mut self, form: &Allowed) -> Vec<(TopicPartition, i64)> {
        let (mut all, mut named) = (Vec::new(), SortedSet::new());
        while let Some(word) = self.next() {
            let pair = word.text.split_once('=').and_then(|(p, n)| Some((partition(p)?, n.parse().ok()?)));
            match pair {
                Some(pair) => {
                    self.check_once(word.column, &pair.0, &mut named);
                    all.push(pair);
                }
                None => self.bad(&word, "PARTITION=NUMBER", form.clone()),
            }
        }
        all
    }

    /// A partition stands in a list once, as an option does in a line.
    fn check_once(&mut self, column: u32, partition: &TopicPartition, named: &mut SortedSet<TopicPartition>) {
        if !named.insert(partition.clone()) {
            self.fail(column, &partition.to_string(), ScriptProblem::GivenTwice, Allowed::Form(ONCE));
        }
    }

    /// At least one of the words that the line must have.
    pub fn at_least_one<T>(&mut self, found: &[T], slot: &'static str) {
        if found.is_empty() && self.is_well() {
            self.word(slot);
        }
    }
}

/// In the order in which a real run compares assignments: that of their texts.
pub(super) fn sorted_as_text(mut partitions: Vec<TopicPartition>) -> Vec<TopicPartition> {
    partitions.order_by_key(TopicPartition::to_string);
    partitions.dedup();
    partitions
}
