//! Rows of CSV as records.

use super::super::part::RecordPart;
use super::super::problem::Problem;
use super::csv::{CsvCell, CsvRow, Rows};
use super::date;
use super::fault::RecordFault;
use super::format::{Format, Roles, named};
use super::json;
use super::taken::{Record, Records, broken_in};
use crate::sorted::SortedSet;

/// Rows that are looked at before it is said that a column `timestamp` has instants.
const SAMPLE: usize = 20;

/// What a column of the table is.
#[derive(Clone, Copy, Default)]
struct Column {
    is_key: bool,
    is_value: bool,
    is_partition: bool,
    is_timestamp: bool,
    is_header: bool,
    /// A member of the value, where no column is the value.
    is_member: bool,
}

/// Reads a header row and the rows below it.
pub(super) fn read(text: &str, separator: char, roles: Option<Roles>, broken: &[(u32, u32)], out: &mut Records) {
    let mut rows = Rows::new(text, separator);
    let header = match rows.next() {
        Some(Ok(row)) => broken_in(broken, row.line, row.last_line).map_or_else(|| names(row), Err),
        Some(Err(problem)) => Err(problem),
        None => Err(Problem::new(1, 1, RecordFault::NoRows)),
    };
    let header = match header {
        Ok(header) => header,
        Err(problem) => return out.refuse(problem),
    };
    out.columns = header.iter().map(|cell| cell.text.clone()).collect();
    let roles = roles.unwrap_or_else(|| seem(&out.columns, text, separator));
    out.format = Format::Csv { separator, roles: Some(roles.clone()) };
    let columns = match columns(&header, &roles) {
        Ok(columns) => columns,
        Err(problem) => return out.refuse(problem),
    };
    let mut any = false;
    for row in rows {
        any = true;
        let record = row.and_then(|row| match broken_in(broken, row.line, row.last_line) {
            Some(problem) => Err(problem),
            None => record(&row, &header, &columns),
        });
        if !out.take(record) {
            return;
        }
    }
    if !any {
        out.refuse(Problem::new(1, 1, RecordFault::NoRows));
    }
}

/// The cells of the header, trimmed: each names a column, and no name but a header's stands twice.
fn names(row: CsvRow) -> Result<Vec<CsvCell>, Problem> {
    let mut cells: Vec<CsvCell> = Vec::new();
    let mut seen: SortedSet<String> = SortedSet::new();
    for mut cell in named(&row.cells).to_vec() {
        cell.text = cell.text.trim().to_owned();
        let problem = |what| Err(Problem::new(cell.line, cell.column, what));
        if cell.text.is_empty() {
            return problem(RecordFault::ColumnNoName);
        }
        if header_of(&cell.text).is_none() && !seen.insert(cell.text.clone()) {
            return problem(RecordFault::ColumnTwice { name: cell.text });
        }
        cells.push(cell);
    }
    Ok(cells)
}

/// The header that a column's name stands for.
fn header_of(column: &str) -> Option<&str> {
    column.strip_prefix("header.").filter(|header| !header.is_empty())
}

/// What the columns seem to be. A column `value` is the value where all others are parts of a record as well; beside
/// others it is one of many, and the value is the whole row.
fn seem(columns: &[String], text: &str, separator: char) -> Roles {
    let named = |name: &str| columns.iter().find(|column| *column == name).cloned();
    let is_part = |name: &String| {
        matches!(name.as_str(), "key" | "value" | "partition" | "timestamp") || header_of(name).is_some()
    };
    let is_whole = !columns.iter().all(is_part);
    let timestamp = columns.iter().position(|column| column == "timestamp");
    let has_instants = timestamp.is_some_and(|at| {
        let rows = Rows::new(text, separator).skip(1).take(SAMPLE).flatten();
        let mut cells = rows.filter_map(|row| row.cells.get(at).map(|cell| cell.text.trim().to_owned()));
        cells.all(|text| text.is_empty() || date::instant(&text).is_some())
    });
    Roles {
        key: named("key"),
        value: named("value").filter(|_| !is_whole),
        partition: named("partition").filter(|_| !is_whole),
        timestamp: named("timestamp").filter(|_| !is_whole || has_instants),
    }
}

fn columns(header: &[CsvCell], roles: &Roles) -> Result<Vec<Column>, Problem> {
    for name in [&roles.key, &roles.value, &roles.partition, &roles.timestamp].into_iter().flatten() {
        if !header.iter().any(|cell| cell.text == *name) {
            return Err(Problem::new(1, 1, RecordFault::NoColumn { name: name.clone() }));
        }
    }
    let column = |cell: &CsvCell| {
        let is = |role: &Option<String>| role.as_deref() == Some(cell.text.as_str());
        let mut column = Column {
            is_key: is(&roles.key),
            is_value: is(&roles.value),
            is_partition: is(&roles.partition),
            is_timestamp: is(&roles.timestamp),
            is_header: header_of(&cell.text).is_some(),
            is_member: false,
        };
        // A column that is named for its part has no other use; one that was chosen for it belongs to the row as well.
        let is_just_that = column.is_header
            || column.is_key && cell.text == "key"
            || column.is_partition && cell.text == "partition"
            || column.is_timestamp && cell.text == "timestamp";
        column.is_member = roles.value.is_none() && !is_just_that;
        column
    };
    Ok(header.iter().map(column).collect())
}

fn record(row: &CsvRow, header: &[CsvCell], columns: &[Column]) -> Result<Record, Problem> {
    // An empty cell may stand behind the last column, as it may in the header.
    let is_longer = row.cells.iter().skip(columns.len()).any(|cell| !is_null(cell));
    if row.cells.len() < columns.len() || is_longer {
        let at = row.cells.get(columns.len()).or(row.cells.last());
        let (line, column) = at.map_or((row.line, 1), |cell| (cell.line, cell.column));
        let what = RecordFault::Cells { found: row.cells.len() as u32, wanted: columns.len() as u32 };
        return Err(Problem::new(line, column, what));
    }
    let mut record = Record { line: row.line, ..Record::default() };
    let mut members: Vec<String> = Vec::new();
    for ((cell, name), column) in row.cells.iter().zip(header).zip(columns) {
        if column.is_key {
            record.key = bytes(cell);
        }
        if column.is_value {
            record.value = bytes(cell);
        }
        if let (true, Some(header)) = (column.is_header, header_of(&name.text)) {
            record.headers.push((header.to_owned(), bytes(cell)));
        }
        if column.is_partition {
            let parse = |text: &str| text.parse().ok().filter(|n: &i32| *n >= 0);
            record.partition = number(cell, &name.text, RecordPart::Partition, parse)?;
        }
        if column.is_timestamp {
            record.timestamp = number(cell, &name.text, RecordPart::Timestamp, date::instant)?;
        }
        if column.is_member {
            let value = if is_null(cell) { "null".to_owned() } else { json::quoted(&cell.text) };
            members.push(format!("{}:{value}", json::quoted(&name.text)));
        }
    }
    if columns.iter().any(|column| column.is_member) {
        record.value = Some(format!("{{{}}}", members.join(",")).into_bytes());
    }
    Ok(record)
}

fn is_null(cell: &CsvCell) -> bool {
    cell.text.is_empty() && !cell.quoted
}

fn bytes(cell: &CsvCell) -> Option<Vec<u8>> {
    (!is_null(cell)).then(|| cell.text.as_bytes().to_vec())
}

fn number<T>(
    cell: &CsvCell,
    column: &str,
    part: RecordPart,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let text = cell.text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let what = || RecordFault::Number { column: column.to_owned(), part, found: text.chars().take(40).collect() };
    parse(text).map(Some).ok_or_else(|| Problem::new(cell.line, cell.column, what()))
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Roles, read};

    fn table(text: &str) -> super::Records {
        read(text.as_bytes(), Some(Format::Csv { separator: ',', roles: None }))
    }

    #[test]
    fn known_columns() {
        let out =
            table("key,value,partition,timestamp,header.a\nk,\"v,\n\"\"w\",1,5,\n,\"\",,2026-01-01T00:00:00Z,h\n");
        assert_eq!(out.refused, []);
        let first = &out.records[0];
        assert_eq!((first.key.as_deref(), first.value.as_deref()), (Some(&b"k"[..]), Some(&b"v,\n\"w"[..])));
        assert_eq!((first.partition, first.timestamp), (Some(1), Some(5)));
        assert_eq!(first.headers, [("a".to_string(), None)]);
        let second = &out.records[1];
        assert_eq!((second.line, second.key.as_ref(), second.value.as_deref()), (4, None, Some(&b""[..])));
    }

    #[test]
    fn other_columns_make_an_object() {
        let out = table("order,name,key\n1035,\"mi\"\"a\",k\n,x,\n");
        let value = |i: usize| String::from_utf8(out.records[i].value.clone().unwrap()).unwrap();
        assert_eq!(value(0), r#"{"order":"1035","name":"mi\"a"}"#);
        assert_eq!(value(1), r#"{"order":null,"name":"x"}"#);
        assert_eq!(out.records[0].key.as_deref(), Some(&b"k"[..]));
    }

    #[test]
    fn a_column_value_beside_others_is_one_of_many() {
        let out = table("sensor,value\na,22.5\n");
        assert_eq!(out.records[0].value.as_deref(), Some(&br#"{"sensor":"a","value":"22.5"}"#[..]));
    }

    #[test]
    fn chosen_columns() {
        let roles = Roles { key: Some("name".into()), timestamp: Some("day".into()), ..Roles::default() };
        let read =
            |roles| read(b"name,day\nmia,2026-01-02\n", Some(Format::Csv { separator: ',', roles: Some(roles) }));
        let out = read(roles.clone());
        assert_eq!(
            (out.records[0].key.as_deref(), out.records[0].timestamp),
            (Some(&b"mia"[..]), Some(1_767_312_000_000))
        );
        assert_eq!(out.records[0].value.as_deref(), Some(&br#"{"name":"mia","day":"2026-01-02"}"#[..]));
        let out = read(Roles { value: Some("day".into()), ..roles.clone() });
        assert_eq!(out.records[0].value.as_deref(), Some(&b"2026-01-02"[..]));
        let out = read(Roles { value: Some("nobody".into()), ..roles });
        assert_eq!((out.records.len(), out.refused[0].line, out.refused[0].column), (0, 1, 1));
    }

    #[test]
    fn refused_rows_and_headers() {
        for (text, line, column) in [
            ("value,value\n1,2\n", 1, 7),
            ("value,\n1,2\n", 2, 3),
            (",value\n1,2\n", 1, 1),
            ("value\n", 1, 1),
            ("", 1, 1),
            ("value,partition\na,0\nb,-1\n", 3, 3),
            ("value,timestamp\na,soon\n", 2, 3),
            ("key,value\na,b,c\n", 2, 5),
            ("key,value\na\n", 2, 1),
            ("key,value\na,\"b\"c\n", 2, 6),
            ("key,value\na,\"b\n", 2, 3),
        ] {
            let out = table(text);
            assert_eq!((out.refused[0].line, out.refused[0].column), (line, column), "{text:?}");
        }
    }
}
