//! What a promise or a number says of itself, when it is asked.

use super::super::Selection;

/// A promise, or records that are counted, in words and with the records themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// `Processed once`
    pub title: String,
    /// `Means`, `Breaks when`, `Checked`, and what each says.
    pub rows: Vec<(String, String)>,
    /// `Broken by`, and what it was, as far as there is room.
    pub found: Option<(String, Vec<Found>)>,
    /// How many more there are, in words.
    pub more: Option<String>,
    /// What Kafka says to it.
    pub note: Option<String>,
    /// The last of all that was found.
    pub latest: Selection,
}

/// A record that broke a promise, or is one of those that are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// `orders-2@5`
    pub text: String,
    pub select: Selection,
    /// The move in which it happened, and `47 170.0`.
    pub at: Option<(u64, String)>,
    /// Whose it is, where that is not clear.
    pub of: Option<String>,
}
