//! Tables of words, each with the value that it stands for.

/// The word that stands for a value in such a table.
pub(in crate::script) fn name_of<T: PartialEq + Copy>(value: T, table: &[(&'static str, T)]) -> &'static str {
    table.iter().find(|(_, other)| *other == value).map_or("", |(name, _)| *name)
}
