//! Topics and clients that are added, with a program or without.

use super::micros;
use crate::script::line;

/// The choice of a form without a program.
pub const NO_PROGRAM: &str = "by-hand";

/// The form as it is filled in. Properties are lines `name=value`, here and below.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicForm {
    pub name: String,
    pub partitions: String,
    pub properties: String,
}

impl TopicForm {
    pub fn lines(&self) -> Vec<String> {
        let of = line("topic").word(&self.name).option("partitions", self.partitions.trim());
        vec![of.properties(&self.properties).end()]
    }
}

/// A producer, and the loop that it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProducerForm {
    pub name: String,
    pub properties: String,
    /// [`NO_PROGRAM`], or the mode of its sends.
    pub program: String,
    pub topic: String,
    /// Milliseconds between two records.
    pub every: String,
    /// Empty: null keys.
    pub keys: String,
    pub value: String,
    /// Empty: without end.
    pub count: String,
}

impl ProducerForm {
    pub fn lines(&self) -> Vec<String> {
        let made = line("producer").word(&self.name).properties(&self.properties).end();
        let program = (self.program != NO_PROGRAM).then(|| {
            let of = line("produce-loop").word(&self.name).word(&self.topic);
            let of = of.option("interval_ms", self.every.trim()).option("count", self.count.trim());
            let of = of.option("keys", self.keys.trim()).option("value", &self.value);
            of.option("mode", &self.program).end()
        });
        std::iter::once(made).chain(program).collect()
    }
}

/// A consumer, what it subscribes to, and the loop that it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsumerForm {
    pub name: String,
    /// Empty: no group.
    pub group: String,
    /// Several with a comma; empty: to nothing.
    pub topic: String,
    pub properties: String,
    /// [`NO_PROGRAM`], or how its loop commits.
    pub program: String,
    /// Milliseconds.
    pub poll_timeout: String,
    /// Milliseconds of processing for a record.
    pub work: String,
}

impl ConsumerForm {
    /// A loop that commits by itself switches Kafka's own commits off, unless the properties say what they are.
    pub fn lines(&self) -> Vec<String> {
        let is_looped = self.program != NO_PROGRAM;
        let commits_itself = is_looped && self.program != "auto" && !self.properties.contains("enable.auto.commit");
        let of = line("consumer").word(&self.name).option("group.id", self.group.trim()).properties(&self.properties);
        let of = if commits_itself { of.given("enable.auto.commit", "false") } else { of };
        let mut lines = vec![of.end()];
        if !self.topic.trim().is_empty() {
            lines.push(line("subscribe").word(&self.name).word(&self.topic).end());
        }
        if is_looped {
            let of = line("consume-loop").word(&self.name).option("poll_ms", self.poll_timeout.trim());
            lines.push(of.option("process_us", &micros(&self.work)).option("commit", &self.program).end());
        }
        lines
    }
}
