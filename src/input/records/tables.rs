//! Rows of CSV as records.

use crate::script::parse_iso_instant;

use super::csv::{Cell, Row, Rows};
use super::json;
use super::{Record, Records, broken_in};
use crate::input::problem::{Problem, RecordFault};

/// What a column of the table is.
enum Column {
    Key,
    Value,
    Partition,
    Timestamp,
    Header(String),
    /// A member of the value, when no column is the value.
    Member(String),
}

/// Reads a header row and the rows below it.
pub(super) fn read_table(text: &str, separator: char, broken: &[(u32, u32)], out: &mut Records) {
    let mut rows = Rows::new(text, separator);
    let header = match rows.next() {
        Some(Ok(row)) => broken_in(broken, row.line, row.last_line).map_or_else(|| columns(&row), Err),
        Some(Err(problem)) => Err(problem),
        None => Err(Problem::new(1, 1, RecordFault::NoRows)),
    };
    let columns = match header {
        Ok(columns) => columns,
        Err(problem) => return out.refuse(problem),
    };
    let mut any = false;
    for row in rows {
        any = true;
        let record = row.and_then(|row| match broken_in(broken, row.line, row.last_line) {
            Some(problem) => Err(problem),
            None => record(&row, &columns),
        });
        if !out.take(record) {
            return;
        }
    }
    if !any {
        out.refuse(Problem::new(1, 1, RecordFault::NoRows));
    }
}

fn columns(row: &Row) -> Result<Vec<Column>, Problem> {
    let names: Vec<&str> = row.cells.iter().map(|cell| cell.text.trim()).collect();
    let with_value = names.contains(&"value");
    let mut columns = Vec::new();
    for (i, (cell, name)) in row.cells.iter().zip(&names).enumerate() {
        let problem = |what| Err(Problem::new(cell.line, cell.column, what));
        if name.is_empty() {
            return problem(RecordFault::ColumnNoName);
        }
        let header = name.strip_prefix("header.").filter(|header| !header.is_empty());
        if header.is_none() && names[..i].contains(name) {
            return problem(RecordFault::ColumnTwice { name: name.to_string() });
        }
        columns.push(match (*name, header) {
            ("key", _) => Column::Key,
            ("value", _) => Column::Value,
            ("partition", _) => Column::Partition,
            ("timestamp", _) => Column::Timestamp,
            (_, Some(header)) => Column::Header(header.to_string()),
            (name, None) if with_value => return problem(RecordFault::UnknownColumn { name: name.to_string() }),
            (name, None) => Column::Member(name.to_string()),
        });
    }
    Ok(columns)
}

fn record(row: &Row, columns: &[Column]) -> Result<Record, Problem> {
    if row.cells.len() != columns.len() {
        let at = row.cells.get(columns.len()).or(row.cells.last());
        let (line, column) = at.map_or((row.line, 1), |cell| (cell.line, cell.column));
        let what = RecordFault::Cells { found: row.cells.len() as u32, wanted: columns.len() as u32 };
        return Err(Problem::new(line, column, what));
    }
    let mut record = Record { line: row.line, ..Record::default() };
    let mut members: Vec<String> = Vec::new();
    for (cell, column) in row.cells.iter().zip(columns) {
        match column {
            Column::Key => record.key = bytes(cell),
            Column::Value => record.value = bytes(cell),
            Column::Header(name) => record.headers.push((name.clone(), bytes(cell))),
            Column::Partition => {
                record.partition = number(cell, "partition", |text| text.parse().ok().filter(|n: &i32| *n >= 0))?;
            }
            Column::Timestamp => {
                let parse =
                    |text: &str| text.parse().ok().filter(|ms: &i64| *ms >= 0).or_else(|| parse_iso_instant(text));
                record.timestamp = number(cell, "timestamp", parse)?;
            }
            Column::Member(name) => {
                let value = if is_null(cell) { "null".to_string() } else { json::quoted(&cell.text) };
                members.push(format!("{}:{value}", json::quoted(name)));
            }
        }
    }
    if !members.is_empty() {
        record.value = Some(format!("{{{}}}", members.join(",")).into_bytes());
    }
    Ok(record)
}

fn is_null(cell: &Cell) -> bool {
    cell.text.is_empty() && !cell.quoted
}

fn bytes(cell: &Cell) -> Option<Vec<u8>> {
    (!is_null(cell)).then(|| cell.text.as_bytes().to_vec())
}

fn number<T>(cell: &Cell, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
    let text = cell.text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let what = || RecordFault::Number { column: column.to_string(), found: text.chars().take(40).collect() };
    parse(text).map(Some).ok_or_else(|| Problem::new(cell.line, cell.column, what()))
}

#[cfg(test)]
mod tests {
    use super::super::{Format, read};

    fn table(text: &str) -> super::Records {
        read(text.as_bytes(), Some(Format::Csv { separator: ',' }))
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
    fn refused_rows_and_headers() {
        for (text, line, column) in [
            ("value,foo\n1,2\n", 1, 7),
            ("value,value\n1,2\n", 1, 7),
            ("value,\n1,2\n", 1, 7),
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
