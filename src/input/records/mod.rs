//! Files of records: lines of values, lines of keys and values, JSON documents, CSV with a header row.
//!
//! One door: [`read`]. What it chose by itself stands in [`Records::format`], in words in [`Records::summary`], and may be
//! given back to it with another choice.

mod csv;
mod date;
mod documents;
mod fault;
mod format;
mod json;
mod json_record;
mod lines;
mod statements;
mod table;

use super::problem::Problem;

pub use fault::{Expected, RecordFault};
pub use format::{Format, Objects, Roles};

/// Bytes of a file of records: 5 MB.
pub const MAX_FILE_BYTES: usize = 5 * 1_048_576;
/// Records of one file.
pub const MAX_RECORDS: usize = 50_000;
/// Bytes of key, value and headers of one record: 1 MB.
pub const MAX_RECORD_BYTES: u64 = 1_048_576;
/// Refused lines that are told one by one.
const MAX_TOLD: usize = 1000;

/// One record to send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Where it begins in the file, from 1.
    pub line: u32,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(String, Option<Vec<u8>>)>,
    pub partition: Option<i32>,
    /// Milliseconds since 1970.
    pub timestamp: Option<i64>,
}

impl Record {
    fn bytes(&self) -> u64 {
        let part = |bytes: &Option<Vec<u8>>| bytes.as_ref().map_or(0, Vec::len);
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + part(value)).sum();
        (part(&self.key) + part(&self.value) + headers) as u64
    }
}

/// What a file gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Records {
    /// As it was given or chosen, with everything that was left open decided.
    pub format: Format,
    /// The columns of a table, in its order.
    pub columns: Vec<String>,
    pub records: Vec<Record>,
    /// The lines that gave no record and why, at most a thousand; blank lines are none of them.
    pub refused: Vec<Problem>,
    /// How many lines gave no record.
    pub refused_count: u64,
}

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

impl Records {
    fn new(format: Format) -> Records {
        Records { format, columns: Vec::new(), records: Vec::new(), refused: Vec::new(), refused_count: 0 }
    }

    fn refuse(&mut self, problem: Problem) {
        self.refused_count += 1;
        if self.refused.len() < MAX_TOLD {
            self.refused.push(problem);
        }
    }

    /// Takes a record, or refuses it. False when there are too many: then nothing of the file is taken.
    fn take(&mut self, record: Result<Record, Problem>) -> bool {
        match record {
            Ok(record) if record.bytes() > MAX_RECORD_BYTES => {
                let what = RecordFault::RecordTooLarge { bytes: record.bytes() };
                self.refuse(Problem::new(record.line, 1, what));
            }
            Ok(record) if self.records.len() == MAX_RECORDS => {
                self.refuse_all(Problem::new(record.line, 1, RecordFault::TooManyRecords));
                return false;
            }
            Ok(record) => self.records.push(record),
            Err(problem) => self.refuse(problem),
        }
        true
    }

    /// Takes nothing of the file, for this reason.
    fn refuse_all(&mut self, problem: Problem) {
        self.records.clear();
        self.refused.clear();
        self.refused_count = 0;
        self.refuse(problem);
    }
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

/// The first broken place from `first` to `last` line.
fn broken_in(broken: &[(u32, u32)], first: u32, last: u32) -> Option<Problem> {
    let at = broken.partition_point(|(line, _)| *line < first);
    let (line, column) = *broken.get(at).filter(|(line, _)| *line <= last)?;
    Some(Problem::new(line, column, RecordFault::NotUtf8))
}

#[cfg(test)]
mod tests;
