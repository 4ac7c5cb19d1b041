//! `java.util.HashMap`, for its iteration order.

use std::borrow::Borrow;

use super::JavaHash;

/// `HashMap.DEFAULT_INITIAL_CAPACITY`.
const DEFAULT_INITIAL_CAPACITY: usize = 16;
/// `HashMap.TREEIFY_THRESHOLD`: a longer bucket doubles a table that is smaller than [`MIN_TREEIFY_CAPACITY`].
const TREEIFY_THRESHOLD: usize = 8;
const MIN_TREEIFY_CAPACITY: usize = 64;

/// A map that iterates as `java.util.HashMap` does: table of 16 buckets, doubled when more than three quarters full,
/// buckets by `(h ^ h >>> 16) & (length - 1)`, within a bucket in order of insertion.
///
/// Only the trees that Java makes of buckets with nine and more entries in tables of 64 and more are left out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JavaHashMap<K, V> {
    table: Vec<Vec<(K, V)>>,
    size: u32,
}

impl<K, V> Default for JavaHashMap<K, V> {
    fn default() -> Self {
        JavaHashMap { table: Vec::new(), size: 0 }
    }
}

impl<K: JavaHash + Eq, V> JavaHashMap<K, V> {
    /// `new HashMap<>()`.
    pub fn new() -> Self {
        Self::default()
    }

    /// `new HashMap<>(initialCapacity)`: the next power of two.
    pub fn with_capacity(initial_capacity: usize) -> Self {
        let mut map = Self::default();
        map.allocate(initial_capacity.next_power_of_two());
        map
    }

    /// The map that `new HashMap<>(otherMap)` makes for `size` entries.
    pub fn for_copy_of(size: usize) -> Self {
        // f32, as Java computes `(float) s / loadFactor + 1.0F`.
        Self::with_capacity((size as f32 / 0.75 + 1.0) as usize)
    }

    /// The map inside `new HashSet<>(collection)` of `size` elements.
    pub fn for_set_of(size: usize) -> Self {
        // f32, as Java computes `(int) (c.size() / .75f) + 1`.
        Self::with_capacity(((size as f32 / 0.75) as usize + 1).max(DEFAULT_INITIAL_CAPACITY))
    }

    pub fn len(&self) -> usize {
        self.size as usize
    }

    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// `put`: the value that was replaced.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        if self.table.is_empty() {
            self.allocate(DEFAULT_INITIAL_CAPACITY);
        }
        let index = self.index(&key);
        let bucket = &mut self.table[index];
        if let Some((_, old)) = bucket.iter_mut().find(|(k, _)| *k == key) {
            return Some(std::mem::replace(old, value));
        }
        bucket.push((key, value));
        let long = bucket.len() > TREEIFY_THRESHOLD && self.table.len() < MIN_TREEIFY_CAPACITY;
        self.size += 1;
        if long {
            self.double();
        }
        if self.len() * 4 > self.table.len() * 3 {
            self.double();
        }
        None
    }

    pub fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
        Q: JavaHash + Eq + ?Sized,
    {
        let bucket = self.table.get(self.index(key))?;
        bucket.iter().find(|(k, _)| k.borrow() == key).map(|(_, value)| value)
    }

    pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: JavaHash + Eq + ?Sized,
    {
        let index = self.index(key);
        let bucket = self.table.get_mut(index)?;
        bucket.iter_mut().find(|(k, _)| (*k).borrow() == key).map(|(_, value)| value)
    }

    pub fn contains_key<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: JavaHash + Eq + ?Sized,
    {
        self.get(key).is_some()
    }

    /// The table does not shrink, as Java's does not.
    pub fn remove<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: JavaHash + Eq + ?Sized,
    {
        let index = self.index(key);
        let bucket = self.table.get_mut(index)?;
        let at = bucket.iter().position(|(k, _)| k.borrow() == key)?;
        self.size -= 1;
        Some(bucket.remove(at).1)
    }

    /// `computeIfAbsent`.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V
    where
        K: Clone,
    {
        if !self.contains_key(&key) {
            self.insert(key.clone(), make());
        }
        self.get_mut(&key).expect("it was inserted just now")
    }

    /// In Java's order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.table.iter().flatten().map(|(key, value)| (key, value))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.table.iter_mut().flatten().map(|(key, value)| (&*key, value))
    }

    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.iter_mut().map(|(_, value)| value)
    }

    fn index<Q: JavaHash + ?Sized>(&self, key: &Q) -> usize {
        let hash = key.java_hash() as u32;
        let spread = hash ^ (hash >> 16);
        spread as usize & self.table.len().wrapping_sub(1)
    }

    fn allocate(&mut self, length: usize) {
        self.table.resize_with(length.max(1), Vec::new);
    }

    fn double(&mut self) {
        let old = std::mem::take(&mut self.table);
        self.allocate(old.len() * 2);
        for (key, value) in old.into_iter().flatten() {
            let index = self.index(&key);
            self.table[index].push((key, value));
        }
    }
}

impl<K: JavaHash + Eq, V> FromIterator<(K, V)> for JavaHashMap<K, V> {
    /// A `new HashMap<>()` filled by `put` in this order.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::JavaHashMap;
    use crate::ids::TopicPartition;

    fn order(keys: &[&str]) -> Vec<String> {
        let map: JavaHashMap<String, ()> = keys.iter().map(|key| (key.to_string(), ())).collect();
        map.keys().cloned().collect()
    }

    #[test]
    fn iterates_by_bucket_then_by_insertion() {
        // 'a'..'p' are 97..112: buckets 1..15 and 0 of a table of 16; 13 entries double it.
        assert_eq!(order(&["p", "b", "a"]), ["p", "a", "b"]);
        assert_eq!(order(&["Aa", "BB"]), ["Aa", "BB"]);
        assert_eq!(order(&["BB", "Aa"]), ["BB", "Aa"]);
        let letters: Vec<String> = (b'a'..=b'p').map(|c| char::from(c).to_string()).collect();
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        assert_eq!(order(&letters).first().map(String::as_str), Some("a"), "112 falls into bucket 16 of 32");
    }

    #[test]
    fn partitions_of_one_topic_lie_31_buckets_apart() {
        let topic: Arc<str> = "t".into();
        let map: JavaHashMap<TopicPartition, ()> = (0..5).map(|p| (TopicPartition::new(&topic, p), ())).collect();
        let order: Vec<i32> = map.keys().map(|tp| tp.partition).collect();
        assert_eq!(order, [4, 3, 2, 1, 0]);
    }

    #[test]
    fn replaces_removes_and_counts() {
        let mut map = JavaHashMap::new();
        assert_eq!(map.insert("x".to_string(), 1), None);
        assert_eq!(map.insert("x".to_string(), 2), Some(1));
        assert_eq!((map.len(), map.get("x")), (1, Some(&2)));
        assert_eq!(map.remove("y"), None);
        assert_eq!(map.remove("x"), Some(2));
        assert!(map.is_empty());
    }
}
