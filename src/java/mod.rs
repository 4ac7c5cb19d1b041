//! What depends on Java itself: `String.hashCode`, the iteration order of `HashMap`, `ExponentialBackoff`.
//!
//! Kafka's choices leak these: which coordinator a group has, who leads a group after its leader left, the order of
//! partitions in a client's `Cluster`. Nothing else in the model may depend on a hash.

mod backoff;
mod hash_map;

pub use backoff::ExponentialBackoff;
pub use hash_map::JavaHashMap;

use std::sync::Arc;

use crate::ids::TopicPartition;

/// `Object.hashCode` of the Java type that stands behind this one.
pub trait JavaHash {
    fn java_hash(&self) -> i32;
}

/// `String.hashCode`: over UTF-16 code units, so that a character outside the basic plane counts as two.
pub fn string_hash_code(text: &str) -> i32 {
    text.encode_utf16().fold(0i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// `Utils.abs`: unlike `Math.abs`, 0 for the smallest `int`.
pub const fn abs(n: i32) -> i32 {
    if n == i32::MIN { 0 } else { n.abs() }
}

/// The partition of `__consumer_offsets` that keeps a group (or of `__transaction_state` that keeps a transactional
/// id): `Utils.abs(id.hashCode()) % partitions`.
///
/// Panics when `partitions` is not positive.
pub fn partition_for(id: &str, partitions: i32) -> i32 {
    assert!(partitions > 0, "an internal topic has at least one partition");
    abs(string_hash_code(id)) % partitions
}

/// Java's `String.compareTo`: by UTF-16 code units, which differs from the order of bytes outside the basic plane.
pub fn compare_strings(a: &str, b: &str) -> std::cmp::Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

impl JavaHash for str {
    fn java_hash(&self) -> i32 {
        string_hash_code(self)
    }
}

impl JavaHash for String {
    fn java_hash(&self) -> i32 {
        string_hash_code(self)
    }
}

impl JavaHash for Arc<str> {
    fn java_hash(&self) -> i32 {
        string_hash_code(self)
    }
}

impl JavaHash for i32 {
    fn java_hash(&self) -> i32 {
        *self
    }
}

impl JavaHash for TopicPartition {
    /// `TopicPartition.hashCode`.
    fn java_hash(&self) -> i32 {
        31i32.wrapping_mul(31i32.wrapping_add(self.partition)).wrapping_add(string_hash_code(&self.topic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_hash_as_in_java() {
        for (text, hash) in
            [("", 0), ("a", 97), ("orders", -1_008_770_331), ("polygenelubricants", i32::MIN), ("😀", 1_772_899)]
        {
            assert_eq!(string_hash_code(text), hash, "{text}");
        }
        assert_eq!(abs(i32::MIN), 0);
        assert_eq!(partition_for("polygenelubricants", 50), 0);
    }

    #[test]
    fn partitions_hash_as_in_java() {
        let topic: Arc<str> = "t".into();
        assert_eq!(TopicPartition::new(&topic, 3).java_hash(), 31 * 34 + 116);
    }

    #[test]
    fn strings_compare_by_code_units() {
        // The surrogate pair of an emoji begins with 0xd83d, below U+FF5E; its UTF-8 bytes are above.
        assert_eq!(compare_strings("😀", "～"), std::cmp::Ordering::Less);
        assert_eq!("😀".cmp("～"), std::cmp::Ordering::Greater);
    }
}
