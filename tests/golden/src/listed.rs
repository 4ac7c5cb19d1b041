//! The one list of what does not hold yet.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::Subject;
use crate::data::Case;

/// `listed.txt`: on each line a table, a case (its id, `part:NAME`, or `*` for the whole table) and the reason.
pub struct Listed {
    reasons: BTreeMap<(String, String), String>,
    used: BTreeSet<(String, String)>,
}

impl Listed {
    pub fn read(file: &Path) -> Result<Listed, String> {
        let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
        let mut reasons = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with("# ") {
                continue;
            }
            let place = format!("{} line {}", file.display(), at + 1);
            let (table, rest) = line.split_once(char::is_whitespace).ok_or(format!("{place}: no case"))?;
            let (id, reason) = rest.trim().split_once(char::is_whitespace).ok_or(format!("{place}: no reason"))?;
            let key = (table.to_string(), id.to_string());
            if reasons.insert(key, reason.trim().to_string()).is_some() {
                return Err(format!("{place}: {table} {id} is listed twice"));
            }
        }
        Ok(Listed { reasons, used: BTreeSet::new() })
    }

    /// The reason why this case is not played at all: its table or the part of Kafka that it needs is listed.
    pub fn whole(&mut self, subject: &Subject, case: &Case) -> Option<String> {
        let part = (subject.part)(&case.value).and_then(|part| self.case(subject.name, &format!("part:{part}")));
        part.or_else(|| self.case(subject.name, "*"))
    }

    /// The reason why this case is expected to differ.
    pub fn case(&mut self, table: &str, id: &str) -> Option<String> {
        let key = (table.to_string(), id.to_string());
        let reason = self.reasons.get(&key)?.clone();
        self.used.insert(key);
        Some(reason)
    }

    /// The entries of a table that were about no case.
    pub fn unused<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a str> {
        let unused = self.reasons.keys().filter(move |key| key.0 == table && !self.used.contains(*key));
        unused.map(|key| key.1.as_str())
    }
}
