//! A property that stands in a text.

/// A property that was found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Kafka's own name.
    pub name: String,
    pub value: String,
    /// From 1.
    pub line: u32,
    /// Of the name; from 1, in characters.
    pub column: u32,
}
