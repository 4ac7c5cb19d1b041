//! Tables of words, each with the value that it stands for.

pub(in crate::script) const YES_NO: &[(&str, bool)] = &[("yes", true), ("no", false)];

/// The word that stands for a value in such a table.
pub(in crate::script) fn name_of<T: PartialEq + Copy>(value: T, table: &[(&'static str, T)]) -> &'static str {
    table.iter().find(|(_, other)| *other == value).map_or("", |(name, _)| *name)
}
