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
        let mut all = Vec::new();
        while let Some(word) = self.next() {
            all.extend(self.partition_list(&word, "PARTITION"));
        }
        all
    }

    /// Those of one word. One that stands there twice is what a program may give its client, too.
    pub fn partition_list(&mut self, word: &Word, of: &str) -> Vec<TopicPartition> {
        let mut all = Vec::new();
        if !self.has_room_for_parts(word, &[',']) {
            return all;
        }
        let mut chars = 0;
        for part in word.text.split(',') {
            let piece = Word { text: part.to_string(), column: word.column_at(chars), quoted: false };
            all.extend(self.partition_of(&piece, of));
            chars += part.chars().count() + 1;
        }
        all
    }

    /// The same for an administrator, who has no program: a partition that stands there twice is a slip.
    pub fn distinct_partition_numbers(&mut self, form: &Allowed) -> Vec<(TopicPartition, i64)> {
        let columns: Vec<u32> = self.words_to_come().map(|word| word.column).collect();
        let all = self.partition_numbers(form);
        let mut named = SortedSet::new();
        for ((partition, _), column) in all.iter().zip(columns) {
            if self.is_well() && !named.insert(partition.clone()) {
                self.fail(column, &partition.to_string(), ScriptProblem::GivenTwice, Allowed::Form(ONCE));
            }
        }
        all
    }

    /// All further words as partitions with a number each: `orders-0=5`. Of one that stands there twice the last counts, as
    /// in the map that a program gives its client.
    pub fn partition_numbers(&mut self, form: &Allowed) -> Vec<(TopicPartition, i64)> {
        let mut all = Vec::new();
        while let Some(word) = self.next() {
            let pair = word.text.split_once('=').and_then(|(p, n)| Some((partition(p)?, n.parse().ok()?)));
            match pair {
                Some(pair) => all.push(pair),
                None => self.bad(&word, "PARTITION=NUMBER", form.clone()),
            }
        }
        all
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
