//! How a file is read: what is told of it, and what it seems to be.

use super::csv::{CsvCell, CsvRow, Rows};
use super::taken::Records;
use super::{date, documents};
use crate::explain::grouped;
use crate::lang::Lang;

/// How a file is read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Each line is a value; the key is null.
    Lines,
    /// Each line is a key, the separator (not empty), and a value. The first separator of a line counts.
    KeyValue { separator: String },
    /// JSON documents: one on each line (JSON Lines), over several lines, or the elements of an array. None: what they are
    /// is told by the first of them.
    Json { objects: Option<Objects> },
    /// The first row names the columns. None: their names tell what they are. A cell without text is null, `""` is an
    /// empty text.
    Csv { separator: char, roles: Option<Roles> },
}

/// What a JSON document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Objects {
    /// An object with `value` and maybe `key`, `headers`, `partition`, `timestamp`. A text is its bytes, null is null,
    /// anything else is its JSON text.
    Records,
    /// The value, whole; the key is null.
    Values,
}

/// Which columns of a table are parts of the record, by their names. Columns `header.NAME` are headers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Roles {
    /// None: the key is null.
    pub key: Option<String>,
    /// None: the whole row as a JSON object, without the columns that are named `key`, `partition`, `timestamp` or
    /// `headers` and are just that.
    pub value: Option<String>,
    /// None: the partitioner chooses.
    pub partition: Option<String>,
    /// A JSON object or array of headers in each cell. None: only the columns `header.NAME` are headers.
    pub headers: Option<String>,
    /// Milliseconds since 1970, or days and times. None: the time of `send`.
    pub timestamp: Option<String>,
}

/// Rows below the header that are looked at before it is said what a table is.
const SAMPLE: usize = 20;

/// The format that a text seems to have, from its beginning.
pub(super) fn detect(text: &str) -> Format {
    if documents::are_in(text) {
        return Format::Json { objects: None };
    }
    if let Some(separator) = [',', ';', '\t', '|'].into_iter().find(|separator| is_table(text, *separator)) {
        return Format::Csv { separator, roles: None };
    }
    match text.lines().find(|line| !line.trim().is_empty()) {
        Some(first) if first.contains('\t') => Format::KeyValue { separator: "\t".to_owned() },
        _ => Format::Lines,
    }
}

/// Whether a text seems to be a table: a header of several names, and rows that are as wide.
fn is_table(text: &str, separator: char) -> bool {
    let mut rows = Rows::new(text, separator);
    let Some(Ok(header)) = rows.next() else { return false };
    let names: Vec<&str> = named(&header.cells).iter().map(|cell| cell.text.as_str()).collect();
    if names.len() < 2 || !names.iter().all(|name| is_name(name)) {
        return false;
    }
    if names.iter().any(|name| name.trim() == "value") {
        return true;
    }
    let rows: Vec<_> = rows.take(SAMPLE).collect();
    let is_as_wide = |cells: usize| if separator == '\t' { cells == names.len() } else { cells >= names.len() };
    let wide: Vec<&CsvRow> = rows.iter().flatten().filter(|row| is_as_wide(row.cells.len())).collect();
    // A column of numbers below a name tells a table from sentences, and from keys and values with a TAB between.
    let has_numbers = (0..names.len()).any(|i| wide.iter().all(|row| is_number(&row.cells[i].text)));
    let is_sure = has_numbers && wide.len() * 2 > rows.len();
    let is_plain = names.iter().all(|name| !name.starts_with(' ')) && (separator != '\t' || names.len() > 2);
    is_sure || !rows.is_empty() && wide.len() == rows.len() && is_plain
}

/// Whether a cell is written as a number.
fn is_number(cell: &str) -> bool {
    cell.bytes().any(|b| b.is_ascii_digit()) && cell.trim().chars().all(|c| c.is_ascii_digit() || "+-.,".contains(c))
}

/// The cells of a header that name columns: programs that end each row with a separator leave an empty one at the end.
pub(super) fn named(cells: &[CsvCell]) -> &[CsvCell] {
    let behind = cells.iter().rposition(|cell| !cell.text.trim().is_empty()).map_or(0, |last| last + 1);
    &cells[..behind]
}

/// Whether a cell could name a column: neither a number nor a date, no JSON and no sentence. A name of several words has no
/// blank before it, as the parts of a sentence have behind a comma.
fn is_name(name: &str) -> bool {
    let word = name.trim();
    let begins = word.starts_with(|c: char| c.is_alphabetic() || "_#@$%".contains(c));
    let fits = |c: char| !c.is_control() && !"{}[]\"".contains(c);
    begins
        && word.chars().count() <= 60
        && word.split(' ').count() <= 5
        && (name.starts_with(word) || !word.contains(' '))
        && !word.ends_with(['.', '!'])
        && word.chars().all(fits)
        && date::instant(word).is_none()
}

impl Format {
    /// What it is called, with what was chosen.
    pub fn name(&self, lang: Lang) -> String {
        let (en, ko) = match self {
            Format::Lines => ("lines of values".to_owned(), "값만 있는 줄".to_owned()),
            Format::KeyValue { separator } => {
                let shown = separator.replace('\t', "TAB");
                (format!("lines of key, {shown} and value"), format!("키, {shown}, 값 순서의 줄"))
            }
            Format::Json { objects: Some(Objects::Records) } => (
                "JSON that describes records: key, value, headers, partition, timestamp".to_owned(),
                "레코드를 기술하는 JSON(key, value, headers, partition, timestamp)".to_owned(),
            ),
            Format::Json { objects: Some(Objects::Values) } => {
                ("JSON, each document a value".to_owned(), "JSON, 문서 하나가 값 하나".to_owned())
            }
            Format::Json { objects: None } => ("JSON".to_owned(), "JSON".to_owned()),
            Format::Csv { separator, .. } => {
                let shown = match separator {
                    '\t' => "TAB".to_owned(),
                    other => format!("`{other}`"),
                };
                (format!("CSV with a header, separated by {shown}"), format!("머리글이 있는 CSV, 구분 {shown}"))
            }
        };
        lang.pick(en, ko)
    }
}

/// Unused columns that are told by their names.
const UNUSED_TOLD: usize = 8;

impl Roles {
    /// Whether a column is named for its part of the record and is nothing else: it is no member of a row that is a value.
    pub(super) fn is_just_part(&self, column: &str) -> bool {
        let is = |role: &Option<String>, name: &str| column == name && role.as_deref() == Some(name);
        header_of(column).is_some()
            || is(&self.key, "key")
            || is(&self.partition, "partition")
            || is(&self.timestamp, "timestamp")
            || is(&self.headers, "headers")
    }

    /// What the value is where no column is chosen for it.
    pub fn row(&self, columns: &[String], lang: Lang) -> &'static str {
        let parts = columns.iter().filter(|column| self.is_just_part(column)).count();
        match parts {
            0 => lang.pick("the whole row as JSON", "행 전체의 JSON"),
            parts if parts < columns.len() => lang.pick("the other columns as JSON", "나머지 열의 JSON"),
            _ => "null",
        }
    }

    /// The columns that become nothing.
    fn unused<'a>(&'a self, columns: &'a [String]) -> impl Iterator<Item = &'a String> {
        let roles = [&self.key, &self.value, &self.partition, &self.timestamp, &self.headers];
        let is_unused = move |column: &&String| {
            self.value.is_some()
                && header_of(column).is_none()
                && !roles.iter().any(|role| role.as_ref() == Some(*column))
        };
        columns.iter().filter(is_unused)
    }

    /// What becomes of the columns.
    fn told(&self, columns: &[String], lang: Lang) -> String {
        let named = |name: &Option<String>, none: &str| match name {
            Some(name) => format!("`{name}`"),
            None => none.to_owned(),
        };
        let value = named(&self.value, self.row(columns, lang));
        let key = named(&self.key, "null");
        let timestamp = named(&self.timestamp, lang.pick("the time of its `send`", "`send` 시각"));
        let mut told = lang.pick(
            format!("Value: {value}; key: {key}; timestamp: {timestamp}"),
            format!("값: {value}, 키: {key}, 타임스탬프: {timestamp}"),
        );
        for (role, begins) in [
            (&self.partition, lang.pick("; partition: ", ", 파티션: ")),
            (&self.headers, lang.pick("; headers: ", ", 헤더: ")),
        ] {
            if role.is_some() {
                told.push_str(begins);
                told.push_str(&named(role, ""));
            }
        }
        told.push('.');
        for (i, column) in self.unused(columns).enumerate().take(UNUSED_TOLD + 1) {
            told.push_str(if i > 0 { ", " } else { lang.pick(" Not used: ", " 쓰지 않는 열: ") });
            match &**column {
                _ if i == UNUSED_TOLD => told.push('…'),
                "topic" => told
                    .push_str(lang.pick("`topic` (the topic chosen here holds)", "`topic`(여기서 고른 토픽을 씁니다)")),
                column => told.push_str(&format!("`{column}`")),
            }
        }
        if self.unused(columns).next().is_some() {
            told.push('.');
        }
        told
    }
}

/// The header that a column's name stands for.
pub(super) fn header_of(column: &str) -> Option<&str> {
    column.strip_prefix("header.").filter(|header| !header.is_empty())
}

impl Records {
    /// As what the file was read, how many records it has and how many places were refused.
    pub fn summary(&self, lang: Lang) -> String {
        let (count, refused) = (self.records.len() as u64, self.refused_count);
        let format = self.format.name(lang);
        let s = |count: u64| if count == 1 { "" } else { "s" };
        let (counted, not_taken) = (grouped(count), grouped(refused));
        let sum = lang.pick(
            format!("Read as {format}: {counted} record{}, {not_taken} refused.", s(count)),
            format!("읽은 형식: {format}. 레코드 {counted}개, 거부 {not_taken}개."),
        );
        match &self.format {
            Format::Csv { roles: Some(roles), .. } => format!("{sum} {}", roles.told(&self.columns, lang)),
            _ => sum,
        }
    }
}
