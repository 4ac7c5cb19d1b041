//! Files of records: lines of values, lines of keys and values, JSON Lines, CSV with a header row.

mod csv;
mod json;
mod json_lines;
mod statements;
mod tables;

use super::problem::{Problem, RecordFault};
use super::{MAX_TEXT_BYTES, too_large};
use json_lines::read_json_line;
use tables::read_table;

/// Records of one file.
pub const MAX_RECORDS: usize = 50_000;
/// Bytes of key, value and headers of one record: 1 MB.
pub const MAX_RECORD_BYTES: u64 = 1_048_576;
/// Refused lines that are told one by one.
const MAX_TOLD: usize = 1000;

/// How a file is read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Each line is a value; the key is null.
    Lines,
    /// Each line is a key, the separator (not empty), and a value. The first separator of a line counts.
    KeyValue { separator: String },
    /// Each line is an object with `value` and maybe `key`, `headers`, `partition`, `timestamp`. A text is its bytes,
    /// null is null, anything else is its JSON text.
    JsonLines,
    /// The first row names the columns: `value` and maybe `key`, `partition`, `timestamp`, `header.NAME`. Without a
    /// column `value`, the value is a JSON object of all columns with other names. A cell without text is null,
    /// `""` is an empty text.
    Csv { separator: char },
}

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
    pub format: Format,
    pub records: Vec<Record>,
    /// The lines that gave no record and why, at most a thousand; blank lines are none of them.
    pub refused: Vec<Problem>,
    /// How many lines gave no record.
    pub refused_count: u64,
}

/// Reads a file in a given format, or in the one that it seems to have. More than 5 MB or 50,000 records: nothing of it.
pub fn read(bytes: &[u8], format: Option<Format>) -> Records {
    let format = |text: &str| format.clone().unwrap_or_else(|| detect(text));
    if bytes.len() > MAX_TEXT_BYTES {
        let mut out = Records::new(format(""));
        out.refuse(Problem::new(1, 1, too_large(bytes.len())));
        return out;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (text, broken) = decode(bytes);
    let mut out = Records::new(format(&text));
    match out.format.clone() {
        Format::Csv { separator } => read_table(&text, separator, &broken, &mut out),
        format => read_lines(&text, &format, &broken, &mut out),
    }
    let more = out.refused_count - out.refused.len() as u64;
    if let (1.., Some(last)) = (more, out.refused.last().map(|problem| problem.line)) {
        out.refused.push(Problem::new(last, 1, RecordFault::More { count: more }));
    }
    out
}

impl Records {
    fn new(format: Format) -> Records {
        Records { format, records: Vec::new(), refused: Vec::new(), refused_count: 0 }
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
                self.records.clear();
                self.refused.clear();
                self.refused_count = 0;
                self.refuse(Problem::new(record.line, 1, RecordFault::TooManyRecords));
                return false;
            }
            Ok(record) => self.records.push(record),
            Err(problem) => self.refuse(problem),
        }
        true
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

fn read_lines(text: &str, format: &Format, broken: &[(u32, u32)], out: &mut Records) {
    for (line, content) in (1..).zip(text.split('\n')) {
        let content = content.strip_suffix('\r').unwrap_or(content);
        let blank = match format {
            Format::JsonLines => content.trim().is_empty(),
            _ => content.is_empty(),
        };
        if blank {
            continue;
        }
        let record = match broken_in(broken, line, line) {
            Some(problem) => Err(problem),
            None => read_line(content, line, format),
        };
        if !out.take(record) {
            return;
        }
    }
}

fn read_line(content: &str, line: u32, format: &Format) -> Result<Record, Problem> {
    let bytes = |text: &str| Some(text.as_bytes().to_vec());
    match format {
        Format::JsonLines => read_json_line(content, line),
        Format::KeyValue { separator } => {
            match content.split_once(separator.as_str()).filter(|_| !separator.is_empty()) {
                Some((key, value)) => Ok(Record { line, key: bytes(key), value: bytes(value), ..Record::default() }),
                None => {
                    let column = u32::try_from(content.chars().count() + 1).unwrap_or(u32::MAX);
                    Err(Problem::new(line, column, RecordFault::NoSeparator { separator: separator.clone() }))
                }
            }
        }
        Format::Lines | Format::Csv { .. } => Ok(Record { line, value: bytes(content), ..Record::default() }),
    }
}

/// The format that a text seems to have, from its first lines.
pub fn detect(text: &str) -> Format {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let Some(first) = lines.next() else { return Format::Lines };
    if first.trim_start().starts_with('{') && (first.contains("\"value\"") || first.contains("\"key\"")) {
        return Format::JsonLines;
    }
    let table = [',', ';', '\t'].into_iter().find(|separator| {
        let names: Vec<&str> = first.split(*separator).map(|cell| cell.trim_matches('"')).collect();
        let named = names.len() > 1 && names.iter().all(|name| is_column(name));
        let known = names.contains(&"value");
        let width = |line: &str| line.matches(*separator).count() + 1;
        let mut rows = lines.clone().take(20).peekable();
        named && (known || *separator != '\t' && rows.peek().is_some() && rows.all(|row| width(row) >= names.len()))
    });
    match table {
        Some(separator) => Format::Csv { separator },
        None if first.contains('\t') => Format::KeyValue { separator: "\t".to_string() },
        None => Format::Lines,
    }
}

/// Whether a cell could name a column: a letter, then letters, digits, `_`, `-`, `.`.
fn is_column(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(line: u32, key: Option<&str>, value: Option<&str>) -> Record {
        let bytes = |text: &str| text.as_bytes().to_vec();
        Record { line, key: key.map(bytes), value: value.map(bytes), ..Record::default() }
    }

    #[test]
    fn lines_keys_and_values() {
        let out = read(b"a\r\n\nb c", None);
        assert_eq!(
            (out.format, out.records),
            (Format::Lines, vec![record(1, None, Some("a")), record(3, None, Some("b c"))])
        );
        let out = read("k\tv\tw\n\t\nnone\n".as_bytes(), None);
        assert_eq!(out.records, [record(1, Some("k"), Some("v\tw")), record(2, Some(""), Some(""))]);
        assert_eq!((out.refused[0].line, out.refused[0].column), (3, 5));
        let out = read(b"k::v", Some(Format::KeyValue { separator: "::".into() }));
        assert_eq!(out.records, [record(1, Some("k"), Some("v"))]);
    }

    #[test]
    fn formats_are_told_apart() {
        for (text, expected) in [
            ("", Format::Lines),
            ("{\"order\":1}\n", Format::Lines),
            ("{\"key\":\"a\",\"value\":1}", Format::JsonLines),
            ("{\"value\": broken", Format::JsonLines),
            ("key,value\na,b", Format::Csv { separator: ',' }),
            ("key\tvalue\na\tb", Format::Csv { separator: '\t' }),
            ("a\tb", Format::KeyValue { separator: "\t".into() }),
            ("order;amount\n1;2\n3;4", Format::Csv { separator: ';' }),
            ("hello, world\nhow are you", Format::Lines),
            ("one,two", Format::Lines),
        ] {
            assert_eq!(detect(text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_by_halves() {
        let many = "x\n".repeat(MAX_RECORDS + 1);
        let out = read(many.as_bytes(), Some(Format::Lines));
        assert_eq!((out.records.len(), out.refused.len(), out.refused[0].line), (0, 1, 50_001));
        assert_eq!(read("x\n".repeat(MAX_RECORDS).as_bytes(), None).records.len(), MAX_RECORDS);
        let large = vec![b'x'; MAX_TEXT_BYTES + 1];
        assert_eq!(read(&large, None).records, []);
        let line = format!("a\n{}\nb", "x".repeat(MAX_RECORD_BYTES as usize + 1));
        let out = read(line.as_bytes(), Some(Format::Lines));
        assert_eq!((out.records.len(), out.refused[0].line), (2, 2));
        let bad = "no\n".repeat(5000);
        let out = read(bad.as_bytes(), Some(Format::JsonLines));
        assert_eq!((out.records.len(), out.refused.len(), out.refused_count), (0, 1001, 5000));
    }

    #[test]
    fn bytes_that_are_no_text() {
        let out = read(b"\xef\xbb\xbfok\nb\xffd\nok", Some(Format::Lines));
        assert_eq!(out.records.len(), 2);
        assert_eq!(out.refused, [Problem::new(2, 2, RecordFault::NotUtf8)]);
    }
}
