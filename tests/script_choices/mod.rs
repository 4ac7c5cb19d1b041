//! Parts of scripts made out of bytes: names that need quotes, odd numbers, payloads.

use std::sync::Arc;

use partita::ids::{BrokerId, TopicPartition};
use partita::script::*;

/// Makes choices out of bytes; when they are used up, always the first.
pub struct Choices<'a>(pub &'a [u8]);

impl Choices<'_> {
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    pub fn below(&mut self, n: u64) -> u64 {
        let mut all = 0u64;
        for _ in 0..8 {
            all = all << 8 | u64::from(self.byte());
        }
        all % n
    }

    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::from(self.byte()) % all.len()]
    }

    pub fn yes(&mut self) -> bool {
        self.byte() % 2 == 1
    }

    pub fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.yes().then(|| make(self))
    }

    pub fn some<T>(&mut self, make: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..=self.byte() % 3).map(|_| make(self)).collect()
    }

    pub fn any<T>(&mut self, make: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.byte() % 3).map(|_| make(self)).collect()
    }

    /// Any text, often one that needs quotes.
    pub fn text(&mut self) -> Arc<str> {
        const NASTY: &[char] = &[
            'a', ' ', '"', '\\', '=', '#', '\n', '\r', '\t', '가', '{', 'i', '}', '\u{a0}', '\u{0}', '\u{2028}', '-',
            '1', ',',
        ];
        Arc::from((0..self.byte() % 8).map(|_| self.of(NASTY)).collect::<String>())
    }

    /// A name as the grammar can write it: not empty, no `=`, no comma.
    pub fn name(&mut self) -> Arc<str> {
        const HEADS: &[&str] = &["t", "orders", "bad/name", "주문", "a b", "#x", "q\"", "\\n", "none"];
        let tail = self.text().replace(['=', ','], "");
        Arc::from(format!("{}{tail}", self.of(HEADS)))
    }

    pub fn partition(&mut self) -> TopicPartition {
        TopicPartition { topic: self.name(), partition: self.of(&[0, 1, 7, 100, i32::MAX]) }
    }

    /// In the order in which the grammar keeps sets of partitions.
    pub fn partition_set(&mut self) -> Vec<TopicPartition> {
        let mut all = self.any(Choices::partition);
        all.sort_by_key(TopicPartition::to_string);
        all.dedup();
        all
    }

    pub fn offsets(&mut self) -> (TopicPartition, i64) {
        (self.partition(), self.of(&[0, -1, 5, i64::MAX, i64::MIN]))
    }

    pub fn count(&mut self) -> u64 {
        self.below(MAX_COUNT)
    }

    pub fn broker(&mut self) -> BrokerId {
        BrokerId(self.below(9) as i32 + 1)
    }

    pub fn payload(&mut self) -> Payload {
        if self.yes() { Payload::Hex(Arc::from(self.any(Choices::byte))) } else { Payload::Text(self.text()) }
    }

    pub fn value(&mut self) -> RecordValue {
        if self.yes() { RecordValue::Payload(self.payload()) } else { RecordValue::Size(self.below(1000) as u32) }
    }

    pub fn timestamp(&mut self) -> Timestamp {
        let ms = self.of(&[0, 1, -7_200_000, 1_600_000_000_000]);
        if self.yes() { Timestamp::At(ms) } else { Timestamp::Now(ms) }
    }

    pub fn header(&mut self) -> (Arc<str>, Option<Arc<str>>) {
        (Arc::from(self.text().replace('=', "")), self.maybe(Choices::text))
    }

    pub fn property(&mut self) -> Property {
        const NAMES: &[&str] = &["acks", "linger.ms", "asks", "주 문", "#", "\"q\""];
        Property::new(self.of(NAMES), &self.text())
    }

    pub fn properties(&mut self) -> Vec<Property> {
        let mut all = self.some(Choices::property);
        all.sort();
        all.dedup_by(|a, b| a.name == b.name);
        all
    }

    pub fn facts(&mut self) -> GroupFacts {
        let state = Some(Arc::from(self.of(&["Stable", "PreparingRebalance", "Empty"])));
        let (members, epoch) = (self.maybe(Choices::count), self.maybe(Choices::count));
        GroupFacts { state, members, kind: self.maybe(|_| Arc::from("Consumer")), epoch }
    }

    pub fn place(&mut self) -> ReplicaPlace {
        if self.yes() { ReplicaPlace::Leader } else { ReplicaPlace::Broker(self.broker()) }
    }

    pub fn node(&mut self) -> ClusterNode {
        if self.yes() { ClusterNode::Controller } else { ClusterNode::Broker(self.broker()) }
    }

    pub fn process(&mut self) -> NamedProcess {
        if self.yes() { NamedProcess::Client(Arc::from("p1")) } else { NamedProcess::Node(self.node()) }
    }

    pub fn link(&mut self) -> Link {
        Link { from: self.process(), to: self.process(), one_way: self.yes() }
    }

    pub fn api(&mut self) -> FaultApi {
        let (name, _) = self.of(FaultApi::ALL);
        FaultApi::from_name(name).unwrap()
    }
}
