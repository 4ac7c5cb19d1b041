//! What a loop has read, kept so that clones share it.

use std::sync::Arc;

use super::SeenRecord;

/// How many records a chunk holds before it is sealed.
const CHUNK: usize = 64;

/// Records in the order in which they were read: sealed chunks, and the one being filled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Collected {
    sealed: Arc<Vec<Arc<Vec<SeenRecord>>>>,
    active: Arc<Vec<SeenRecord>>,
}

impl Collected {
    pub fn push(&mut self, record: SeenRecord) {
        if self.active.len() >= CHUNK {
            Arc::make_mut(&mut self.sealed).push(std::mem::take(&mut self.active));
        }
        Arc::make_mut(&mut self.active).push(record);
    }

    pub fn len(&self) -> usize {
        self.sealed.len() * CHUNK + self.active.len()
    }

    pub fn is_empty(&self) -> bool {
        self.active.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &SeenRecord> {
        self.sealed.iter().flat_map(|chunk| chunk.iter()).chain(self.active.iter())
    }
}
