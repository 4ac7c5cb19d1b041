//! Properties, which lines of every family have.

use std::sync::Arc;

/// `name=value`: a property by Kafka's own name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Property {
    pub name: Arc<str>,
    pub value: Arc<str>,
}

impl Property {
    pub fn new(name: &str, value: &str) -> Property {
        Property { name: Arc::from(name), value: Arc::from(value) }
    }
}
