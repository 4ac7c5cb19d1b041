//! Rows of CSV as records.

use super::super::part::RecordPart;
use super::super::problem::Problem;
use super::csv::{CsvCell, CsvRow, Rows};
use super::date;
use super::fault::RecordFault;
use super::format::{Format, Roles, header_of, named};
use super::json;
use super::json_record::headers_of;
use super::taken::{Record, Records, broken_in};
use crate::sorted::SortedSet;

/// Rows that are looked at before it is said that a column `timestamp` has instants, and `headers` headers.
const SAMPLE: usize = 20;

/// What a column of the table is.
#[derive(Clone, Copy, Default)]
struct Column {
    is_key: bool,
    is_value: bool,
    is_partition: bool,
    is_timestamp: bool,
    is_header: bool,
    /// Headers as JSON.
    is_headers: bool,
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

/// What the columns seem to be. A column `value` is the value where all others are of a record as well, such as a topic
/// and an offset that a program wrote with it; beside others it is one of many, and the value is the whole row.
fn seem(columns: &[String], text: &str, separator: char) -> Roles {
    let named = |name: &str| columns.iter().find(|column| *column == name).cloned();
    let is_part = |name: &String| {
        ["key", "value", "topic", "partition", "offset", "timestamp", "headers"].contains(&name.as_str())
            || header_of(name).is_some()
    };
    let is_whole = !columns.iter().all(is_part);
    let all = |name: &str, fits: fn(&str) -> bool| {
        let at = columns.iter().position(|column| column == name);
        at.is_some_and(|at| {
            let mut rows = Rows::new(text, separator).skip(1).take(SAMPLE).flatten();
            rows.all(|row| row.cells.get(at).is_none_or(|cell| fits(cell.text.trim())))
        })
    };
    let has_instants = all("timestamp", |text| text.is_empty() || date::instant(text).is_some());
    let has_headers = !is_whole && all("headers", |text| headers_of(text).is_some());
    Roles {
        key: named("key"),
        value: named("value").filter(|_| !is_whole),
        partition: named("partition").filter(|_| !is_whole),
        timestamp: named("timestamp").filter(|_| !is_whole || has_instants),
        headers: named("headers").filter(|_| has_headers),
    }
}

fn columns(header: &[CsvCell], roles: &Roles) -> Result<Vec<Column>, Problem> {
    for name in [&roles.key, &roles.value, &roles.partition, &roles.timestamp, &roles.headers].into_iter().flatten() {
        if !header.iter().any(|cell| cell.text == *name) {
            return Err(Problem::new(1, 1, RecordFault::NoColumn { name: name.clone() }));
        }
    }
    let column = |cell: &CsvCell| {
        let is = |role: &Option<String>| role.as_deref() == Some(cell.text.as_str());
        Column {
            is_key: is(&roles.key),
            is_value: is(&roles.value),
            is_partition: is(&roles.partition),
            is_timestamp: is(&roles.timestamp),
            is_header: header_of(&cell.text).is_some(),
            is_headers: is(&roles.headers),
            // A column that is named for its part has no other use; one that was chosen for it belongs to the row as well.
            is_member: roles.value.is_none() && !roles.is_just_part(&cell.text),
        }
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
        if column.is_headers {
            let what = || RecordFault::Field { name: name.text.clone() };
            let of_cell = headers_of(&cell.text).ok_or_else(|| Problem::new(cell.line, cell.column, what()))?;
            record.headers.extend(of_cell);
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
    use crate::lang::Lang;

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

    /// A table as consumers write it: each column is what its name says, and what is not used is told.
    #[test]
    fn columns_of_a_consumed_record() {
        let file = "topic\tpartition\toffset\ttimestamp\tkey\tvalue\theaders\n\
                    orders\t1\t7\t2026-01-02 03:04:05\tmia\tcup\t\"{\"\"a\"\":\"\"x\"\",\"\"b\"\":null}\"\n\
                    orders\t\t8\t\t\tpot\t\n";
        let out = read(file.as_bytes(), None);
        assert_eq!(out.refused, []);
        let first = &out.records[0];
        assert_eq!((first.key.as_deref(), first.value.as_deref()), (Some(&b"mia"[..]), Some(&b"cup"[..])));
        assert_eq!((first.partition, first.timestamp), (Some(1), Some(1_767_323_045_000)));
        assert_eq!(first.headers, [("a".to_owned(), Some(b"x".to_vec())), ("b".to_owned(), None)]);
        let second = &out.records[1];
        assert_eq!((second.key.as_deref(), second.value.as_deref()), (None, Some(&b"pot"[..])));
        assert_eq!((second.partition, second.timestamp, second.headers.len()), (None, None, 0));
        assert_eq!(
            out.summary(Lang::En),
            "Read as CSV with a header, separated by TAB: 2 records, 0 refused. Value: `value`; key: `key`; timestamp: \
             `timestamp`; partition: `partition`; headers: `headers`. Not used: `topic` (the topic chosen here holds), \
             `offset`."
        );
        let told = out.summary(Lang::Ko);
        assert!(
            told.ends_with(
                "파티션: `partition`, 헤더: `headers`. 쓰지 않는 열: `topic`(여기서 고른 토픽을 씁니다), `offset`."
            ),
            "{told}"
        );
        // Headers that are no JSON are not used, and that is told too.
        let out = table("value,headers\nv,a:1\n");
        assert_eq!((out.records[0].headers.len(), out.refused_count), (0, 0));
        assert!(out.summary(Lang::En).ends_with(" Not used: `headers`."), "{}", out.summary(Lang::En));
        // Below rows that have some, a cell that is none is refused at its place.
        let out = table(&format!("value,headers\n{}v,{{\n", "v,\n".repeat(20)));
        assert_eq!((out.records.len(), out.refused[0].line, out.refused[0].column), (20, 22, 3));
        // A partition that no record can have.
        let out = table("value,topic,partition\nv,t,2147483647\nv,t,2147483648\n");
        assert_eq!((out.records.len(), out.refused[0].line, out.refused[0].column), (1, 3, 5));
    }

    /// What stands for the value says whether columns are left out of it.
    #[test]
    fn a_row_without_its_parts_is_called_so() {
        for (file, en, ko, value) in [
            ("id,n\n1,2\n", "the whole row as JSON", "행 전체의 JSON", Some(r#"{"id":"1","n":"2"}"#)),
            ("key,n\n1,2\n", "the other columns as JSON", "나머지 열의 JSON", Some(r#"{"n":"2"}"#)),
            ("n,timestamp\n2,5\n", "the other columns as JSON", "나머지 열의 JSON", Some(r#"{"n":"2"}"#)),
            ("n,header.a\n2,5\n", "the other columns as JSON", "나머지 열의 JSON", Some(r#"{"n":"2"}"#)),
            ("key,timestamp\na,5\n", "null", "null", None),
        ] {
            let out = table(file);
            assert!(out.summary(Lang::En).contains(&format!("Value: {en};")), "{}", out.summary(Lang::En));
            assert!(out.summary(Lang::Ko).contains(&format!("값: {ko},")), "{}", out.summary(Lang::Ko));
            assert_eq!(out.records[0].value.as_deref(), value.map(str::as_bytes), "{file}");
        }
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
