//! The records that a file gives, and what of it is refused.

use super::super::problem::Problem;
use super::fault::RecordFault;
use super::format::Format;

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
    /// The same, where several may begin on one line; 0 elsewhere.
    pub column: u32,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(String, Option<Vec<u8>>)>,
    pub partition: Option<i32>,
    /// Milliseconds since 1970.
    pub timestamp: Option<i64>,
}

impl Record {
    pub(super) fn bytes(&self) -> u64 {
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
    /// The document that keeps the others from being taken for descriptions of records, when the reader has chosen nothing.
    pub odd: Option<Problem>,
}

impl Records {
    pub(super) fn new(format: Format) -> Records {
        Records { format, columns: Vec::new(), records: Vec::new(), refused: Vec::new(), refused_count: 0, odd: None }
    }

    pub(super) fn refuse(&mut self, problem: Problem) {
        self.refused_count += 1;
        if self.refused.len() < MAX_TOLD {
            self.refused.push(problem);
        }
    }

    /// Takes a record, or refuses it. False when there are too many: then nothing of the file is taken.
    pub(super) fn take(&mut self, record: Result<Record, Problem>) -> bool {
        match record {
            Ok(record) if record.bytes() > MAX_RECORD_BYTES => {
                let what = RecordFault::RecordTooLarge { bytes: record.bytes() };
                self.refuse(Problem::new(record.line, record.column.max(1), what));
            }
            Ok(record) if self.records.len() == MAX_RECORDS => {
                self.refuse_all(Problem::new(record.line, record.column.max(1), RecordFault::TooManyRecords));
                return false;
            }
            Ok(record) => self.records.push(record),
            Err(problem) => self.refuse(problem),
        }
        true
    }

    /// Takes nothing of the file, for this reason.
    pub(super) fn refuse_all(&mut self, problem: Problem) {
        self.records.clear();
        self.refused.clear();
        self.refused_count = 0;
        self.odd = None;
        self.refuse(problem);
    }
}

/// The first broken place from `first` to `last` line.
pub(super) fn broken_in(broken: &[(u32, u32)], first: u32, last: u32) -> Option<Problem> {
    let at = broken.partition_point(|(line, _)| *line < first);
    let (line, column) = *broken.get(at).filter(|(line, _)| *line <= last)?;
    Some(Problem::new(line, column, RecordFault::NotUtf8))
}
