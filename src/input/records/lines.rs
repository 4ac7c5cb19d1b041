//! Lines as records.

use super::super::problem::Problem;
use super::fault::RecordFault;
use super::taken::{Record, Records, broken_in};

/// Each line that is not empty is a value, or with a separator (not empty) a key, the separator and a value: the first
/// separator of a line counts.
pub(super) fn read(text: &str, separator: Option<&str>, broken: &[(u32, u32)], out: &mut Records) {
    for (line, content) in (1..).zip(text.split('\n')) {
        let content = content.strip_suffix('\r').unwrap_or(content);
        if content.is_empty() {
            continue;
        }
        let record = match broken_in(broken, line, line) {
            Some(problem) => Err(problem),
            None => record(content, line, separator),
        };
        if !out.take(record) {
            return;
        }
    }
}

fn record(content: &str, line: u32, separator: Option<&str>) -> Result<Record, Problem> {
    let bytes = |text: &str| Some(text.as_bytes().to_vec());
    let Some(separator) = separator else {
        return Ok(Record { line, value: bytes(content), ..Record::default() });
    };
    match content.split_once(separator).filter(|_| !separator.is_empty()) {
        Some((key, value)) => Ok(Record { line, key: bytes(key), value: bytes(value), ..Record::default() }),
        None => {
            let column = u32::try_from(content.chars().count() + 1).unwrap_or(u32::MAX);
            Err(Problem::new(line, column, RecordFault::NoSeparator { separator: separator.to_owned() }))
        }
    }
}
