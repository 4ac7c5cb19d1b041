//! The full names of classes, by what a text imports.

use crate::sorted::InOrder;

use super::constants::full_name;
use super::source::Source;

/// What the simple names of classes stand for.
pub(super) struct Imports<'t, 'a> {
    source: &'t Source<'a>,
    /// The number of the simple name, and the full name; ascending by number.
    imported: Vec<(usize, String)>,
    package: Option<String>,
}

impl<'t, 'a> Imports<'t, 'a> {
    pub fn new(source: &'t Source<'a>) -> Imports<'t, 'a> {
        let mut out = Imports { source, imported: Vec::new(), package: None };
        let mut seen = vec![false; source.names()];
        for (i, token) in source.tokens.iter().enumerate() {
            if !token.first || !(token.is("import") || token.is("package")) {
                continue;
            }
            let mut end = i + 1;
            while source.is(end, ".") || source.word(end).is_some() && !source.is_first(end) {
                end += 1;
            }
            let path: String = source.tokens[i + 1..end].iter().map(|token| token.source).collect();
            if token.is("package") {
                out.package = Some(path);
            } else if path.contains('.')
                && let Some(name) = source.word(end - 1).and_then(|name| source.number_of(name))
                && !std::mem::replace(&mut seen[name], true)
            {
                out.imported.push((name, path));
            }
        }
        out.imported.order_by_key(|(name, _)| *name);
        out
    }

    pub fn full_name(&self, path: &str) -> String {
        if path.contains('.') {
            return path.to_owned();
        }
        let place = |number| self.imported.binary_search_by_key(&number, |(name, _)| *name).ok();
        let imported = self.source.number_of(path).and_then(place).map(|at| self.imported[at].1.clone());
        let own = || self.package.as_ref().map(|package| format!("{package}.{path}"));
        imported.or_else(|| full_name(path)).or_else(own).unwrap_or_else(|| path.to_owned())
    }
}
