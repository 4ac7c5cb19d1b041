//! What is printed of a subject.

use std::collections::BTreeSet;

use crate::listed::{Clause, Counted, List};
use crate::verdict::Difference;
use crate::worker::Judged;

pub struct Report<'a> {
    name: &'a str,
    cases: usize,
    equal: usize,
    listed: usize,
    /// How far each listed part has come.
    parts: Vec<String>,
    unexpected: Vec<String>,
}

/// How many unexpected cases are printed.
const PRINTED: usize = 20;

impl<'a> Report<'a> {
    /// `own_data`: only the data that the list was written for can say that an entry is about nothing.
    pub fn of(name: &'a str, list: &List, played: &[Judged], own_data: bool) -> Report<'a> {
        let mut of_clauses = vec![Counted::default(); list.clauses.len()];
        let mut of_entries = vec![Counted::default(); list.entries.len()];
        let mut report =
            Report { name, cases: played.len(), equal: 0, listed: 0, parts: Vec::new(), unexpected: Vec::new() };
        for case in played {
            let verdict = &case.verdict;
            for at in &case.concerns {
                let explained = verdict.differences.iter().any(|one| list.clauses[*at].explains(one));
                of_clauses[*at].add(verdict, explained);
            }
            let entries: BTreeSet<usize> = case.concerns.iter().map(|at| list.clauses[*at].entry).collect();
            for entry in entries {
                of_entries[entry].add(verdict, false);
            }
            match verdict.differences.iter().find(|difference| explained(list, case, difference).is_none()) {
                None if verdict.is_equal() => report.equal += 1,
                None => report.listed += 1,
                Some(difference) => {
                    report.unexpected.push(format!("{}: {}", case.id, shorten(&sentence(difference), 300)));
                }
            }
        }
        for (entry, counted) in list.entries.iter().zip(of_entries).filter(|(entry, _)| entry.table == name) {
            if entry.is_of_kinds {
                report.parts.push(entry.progress(counted));
            }
            let fault = entry.fault(counted).filter(|_| own_data);
            report.unexpected.extend(fault.map(|fault| format!("{}: {fault}", entry.text)));
        }
        for (clause, counted) in list.clauses.iter().zip(of_clauses).filter(|(one, _)| list.table_of(one) == name) {
            let fault = clause.fault(counted).filter(|_| own_data);
            report.unexpected.extend(fault.map(|fault| format!("{}: {fault}", clause.name)));
        }
        report
    }

    pub fn is_good(&self) -> bool {
        self.unexpected.is_empty()
    }

    pub fn print(&self) {
        let Report { name, cases, equal, listed, parts, unexpected } = self;
        println!("{name}: cases {cases}, equal {equal}, listed {listed}, unexpected {}", unexpected.len());
        for line in parts {
            println!("    {line}");
        }
        for line in unexpected.iter().take(PRINTED) {
            println!("    UNEXPECTED {line}");
        }
        if unexpected.len() > PRINTED {
            println!("    and {} more", unexpected.len() - PRINTED);
        }
    }
}

/// The first clause that lists the difference.
fn explained<'a>(list: &'a List, case: &Judged, difference: &Difference) -> Option<&'a Clause> {
    case.concerns.iter().map(|at| &list.clauses[*at]).find(|clause| clause.explains(difference))
}

/// Prints the first differences of a subject, listed ones too.
pub fn show(name: &str, list: &List, played: &[Judged], count: usize) {
    let different: Vec<&Judged> = played.iter().filter(|case| !case.verdict.is_equal()).take(count).collect();
    for case in &different {
        println!("{name} {}", case.id);
        for difference in &case.verdict.differences {
            let clause = explained(list, case, difference);
            let reason =
                clause.map(|clause| format!(" (listed: {}: {})", clause.name, list.entries[clause.entry].reason));
            println!("    {}{}", sentence(difference), reason.unwrap_or_default());
        }
    }
    println!("{} cases with differences shown", different.len());
}

fn sentence(difference: &Difference) -> String {
    match difference.place.as_str() {
        "" => difference.text.clone(),
        place => format!("{place}: {}", difference.text),
    }
}

fn shorten(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}
