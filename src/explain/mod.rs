//! Sentences for events, in every language.
