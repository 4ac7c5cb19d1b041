//! Files of records: lines of values, lines of keys and values, JSON documents, CSV with a header row.
//!
//! One door: [`read`]. What it chose by itself stands in [`Records::format`], in words in [`Records::summary`], and may be
//! given back to it with another choice.

mod clock;
mod csv;
mod date;
mod documents;
pub(super) mod fault;
mod format;
mod json;
mod json_record;
mod lines;
mod statements;
mod table;
mod taken;

use super::problem::Problem;

pub use clock::Clock;
pub use fault::{Expected, RecordFault};
pub use format::{Format, Objects, Roles};
pub use taken::{MAX_FILE_BYTES, MAX_RECORD_BYTES, MAX_RECORDS, Record, Records};

/// Reads a file in a given format, or in the one that it seems to have. More than 5 MB or 50,000 records: nothing of it.
pub fn read(bytes: &[u8], format: Option<Format>) -> Records {
    if bytes.len() > MAX_FILE_BYTES {
        let mut out = Records::new(format.unwrap_or(Format::Lines));
        let what = RecordFault::FileTooLarge { bytes: bytes.len() as u64, limit: MAX_FILE_BYTES as u64 };
        out.refuse(Problem::new(1, 1, what));
        return out;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (text, broken) = decode(bytes);
    let mut out = Records::new(format.unwrap_or_else(|| format::detect(&text)));
    match out.format.clone() {
        Format::Csv { separator, roles } => table::read(&text, separator, roles, &broken, &mut out),
        Format::Json { objects } => documents::read(&text, objects, &broken, &mut out),
        Format::KeyValue { separator } => lines::read(&text, Some(&separator), &broken, &mut out),
        Format::Lines => lines::read(&text, None, &broken, &mut out),
    }
    let more = out.refused_count - out.refused.len() as u64;
    if let (1.., Some(last)) = (more, out.refused.last().map(|problem| problem.line)) {
        out.refused.push(Problem::new(last, 1, RecordFault::More { count: more }));
    }
    out
}

/// The text, and the place of the first byte that is not UTF-8 on each line that has one.
fn decode(bytes: &[u8]) -> (String, Vec<(u32, u32)>) {
    let mut broken: Vec<(u32, u32)> = Vec::new();
    let mut text = String::with_capacity(bytes.len());
    let (mut line, mut column) = (1u32, 1u32);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            if broken.last().is_none_or(|(last, _)| *last != line) {
                broken.push((line, column));
            }
            column += 1;
        }
    }
    (text, broken)
}

#[cfg(test)]
mod tests;
