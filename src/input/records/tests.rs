//! What files give.

use super::*;
use crate::lang::Lang;

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
        ("{\"order\":1}\n", Format::Json { objects: None }),
        ("{\"key\":\"a\",\"value\":1}", Format::Json { objects: None }),
        ("{\"value\": broken", Format::Json { objects: None }),
        ("key,value\na,b", Format::Csv { separator: ',', roles: None }),
        ("key\tvalue\na\tb", Format::Csv { separator: '\t', roles: None }),
        ("a\tb", Format::KeyValue { separator: "\t".into() }),
        ("order;amount\n1;2\n3;4", Format::Csv { separator: ';', roles: None }),
        ("hello, world\nhow are you", Format::Lines),
        ("one,two", Format::Lines),
    ] {
        assert_eq!(format::detect(text), expected, "{text}");
    }
}

#[test]
fn nothing_by_halves() {
    let many = "x\n".repeat(MAX_RECORDS + 1);
    let out = read(many.as_bytes(), Some(Format::Lines));
    assert_eq!((out.records.len(), out.refused.len(), out.refused[0].line), (0, 1, 50_001));
    assert_eq!(read("x\n".repeat(MAX_RECORDS).as_bytes(), None).records.len(), MAX_RECORDS);
    let large = vec![b'x'; MAX_FILE_BYTES + 1];
    assert_eq!(read(&large, None).records, []);
    let line = format!("a\n{}\nb", "x".repeat(MAX_RECORD_BYTES as usize + 1));
    let out = read(line.as_bytes(), Some(Format::Lines));
    assert_eq!((out.records.len(), out.refused[0].line), (2, 2));
    let bad = "no\n".repeat(5000);
    let out = read(bad.as_bytes(), Some(Format::Json { objects: None }));
    assert_eq!((out.records.len(), out.refused.len(), out.refused_count), (0, 1001, 5000));
}

#[test]
fn bytes_that_are_no_text() {
    let out = read(b"\xef\xbb\xbfok\nb\xffd\nok", Some(Format::Lines));
    assert_eq!(out.records.len(), 2);
    assert_eq!(out.refused, [Problem::new(2, 2, RecordFault::NotUtf8)]);
}

/// Key, value and timestamp of a record.
type Taken = (Option<String>, Option<String>, Option<i64>);

/// What a file gives when nothing is said of it: how it was read, and key, value and timestamp of each record.
fn by_itself(text: &str) -> (Format, Vec<Taken>) {
    let out = read(text.as_bytes(), None);
    assert_eq!(out.refused, [], "{text}");
    let text = |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let records = out.records.iter().map(|record| (text(&record.key), text(&record.value), record.timestamp));
    (out.format.clone(), records.collect())
}

fn values(text: &str) -> (Format, Vec<String>) {
    let (format, records) = by_itself(text);
    (format, records.into_iter().map(|(_, value, _)| value.unwrap_or_else(|| "null".into())).collect())
}

const WHOLE: Format = Format::Json { objects: Some(Objects::Values) };

#[test]
fn json_documents_are_taken_whole() {
    let array = "[\n  {\"order\": 1, \"item\": \"cup\"},\n  {\"order\": 2, \"item\": \"pot\"}\n]\n";
    let two = ["{\"order\": 1, \"item\": \"cup\"}", "{\"order\": 2, \"item\": \"pot\"}"].map(String::from).to_vec();
    assert_eq!(values(array), (WHOLE, two));
    let pretty = "{\n  \"order\": 1,\n  \"item\": \"cup\"\n}";
    assert_eq!(values(pretty), (WHOLE, vec![pretty.into()]));
    assert_eq!(values(&format!("{pretty}\n{pretty}\n")), (WHOLE, vec![pretty.into(), pretty.into()]));
    assert_eq!(
        values("{\"a\":1}{\"a\":2}\r\n{\"a\":3}"),
        (WHOLE, [1, 2, 3].map(|a| format!("{{\"a\":{a}}}")).to_vec())
    );
    assert_eq!(values("[1, \"two\", null]"), (WHOLE, ["1", "two", "null"].map(String::from).to_vec()));
    assert_eq!(values("[1]\n[2, 3]\n"), (WHOLE, ["[1]", "[2, 3]"].map(String::from).to_vec()));
    let business = "{\"sensor\":\"a\",\"value\":22.5}\n{\"sensor\":\"b\",\"value\":22.6}\n";
    assert_eq!(values(business), (WHOLE, business.lines().map(String::from).collect()));
    assert_eq!(read(b"[]", None).refused, [Problem::new(1, 1, RecordFault::NoDocument)]);
}

#[test]
fn json_that_describes_records() {
    let array = "[{\"key\":\"a\",\"value\":{\"n\": 1},\"timestamp\":\"2026-01-02 03:04:05\"},\n {\"value\":null}]";
    let (format, records) = by_itself(array);
    assert_eq!(format, Format::Json { objects: Some(Objects::Records) });
    let first = (Some("a".into()), Some("{\"n\": 1}".into()), Some(1_767_323_045_000));
    assert_eq!(records, [first, (None, None, None)]);
    let out = read(b"{\"value\":1}\n{\"value\":2,\"sensor\":\"a\"}\n", Some(WHOLE));
    assert_eq!(out.records.len(), 2);
}

#[test]
fn a_document_that_keeps_others_from_being_records_is_named() {
    let odd = |text: &str| {
        let out = read(text.as_bytes(), None);
        assert_eq!((out.refused.len(), &out.format), (0, &WHOLE), "{text}");
        out.odd
    };
    let array = "[\n {\"key\":\"a\",\"value\":1},\n {\"value\":2}, {\"id\":5},\n {\"value\":3}\n]";
    let found = odd(array).expect("one that is odd");
    assert_eq!(
        found.sentence(Lang::En),
        "Line 3, column 16: this document describes no record, so each is taken whole as a value: a record has no field \
         `id`. Allowed: `key`, `value`, `headers`, `partition`, `timestamp`. Choose a record as what each document is, \
         and the others are taken as records."
    );
    assert!(found.sentence(Lang::Ko).contains("`id` 필드는 없습니다"), "{found:?}");
    let of = |text: &str| odd(text).map(|problem| (problem.line, problem.column));
    assert_eq!(of("[{\"value\":1},{\"value\":2},\n 7]"), Some((2, 2)));
    assert_eq!(of("{\"value\":1}\n{\"a\":1}\n"), Some((2, 2)));
    // What is of another kind in the most of them is no record that went wrong.
    assert_eq!(of("[{\"value\":1},{\"a\":2},{\"a\":3}]"), None);
    assert_eq!(of("[{\"a\":2},{\"a\":3}]"), None);
    // Once it is said what they are, the odd one is refused at its place and the others are taken.
    let records = Format::Json { objects: Some(Objects::Records) };
    let out = read(array.as_bytes(), Some(records));
    assert_eq!((out.records.len(), out.odd, out.refused.len()), (3, None, 1));
    let places: Vec<_> = out.records.iter().map(|record| (record.line, record.column)).collect();
    assert_eq!(places, [(2, 2), (3, 2), (4, 2)]);
    assert_eq!((out.refused[0].line, out.refused[0].column), (3, 16));
    // A record on a line with others is refused at its own place, too.
    let long = format!("[{{\"value\":1}}, {{\"value\":\"{}\"}}]", "a".repeat(1_100_000));
    assert_eq!(read(long.as_bytes(), None).refused[0].column, 15);
}

#[test]
fn broken_json_is_never_taken_for_lines() {
    for (text, line, column, taken) in [
        ("{\"value\":1\n{\"value\":2}\n", 2, 1, 1),
        ("{\"a\":1}\n{\"a\":\n  oops\n}\n{\"a\":3}", 3, 3, 2),
        ("{\"a\":1} x\n{\"a\":2}", 1, 9, 1),
        ("{\n  \"a\": 1,\n  \"b\"\n}\n", 4, 1, 0),
        ("[\n  {\"a\":1},\n  {\"a\":}\n]", 3, 8, 0),
        ("[\n  {\"a\":1},\n  {\"a\":2}\n", 4, 1, 0),
        ("[{\"a\":1},]", 1, 10, 0),
    ] {
        let out = read(text.as_bytes(), None);
        let at = out.refused.first().map(|problem| (problem.line, problem.column));
        assert_eq!((at, out.refused.len(), out.records.len()), (Some((line, column)), 1, taken), "{text}");
    }
    let out = read(b"{\"value\":\n\"b\xff\"}\n{\"value\":2}", None);
    assert_eq!((out.records.len(), out.refused[0].line, out.refused[0].column), (1, 2, 3));
}

#[test]
fn tables_by_their_header() {
    let csv = |separator, roles: Roles| Format::Csv { separator, roles: Some(roles) };
    let blanks = "Order Id,Customer Name,Amount\n1,\"Kim, Mia\",12.5\n2,\"Lee, Kai\",7\n";
    let rows = [
        r#"{"Order Id":"1","Customer Name":"Kim, Mia","Amount":"12.5"}"#,
        r#"{"Order Id":"2","Customer Name":"Lee, Kai","Amount":"7"}"#,
    ];
    assert_eq!(values(blanks), (csv(',', Roles::default()), rows.map(String::from).to_vec()));
    let quoted = "id,note\n1,\"first line\nsecond line\"\n2,plain\n";
    let rows = [r#"{"id":"1","note":"first line\nsecond line"}"#, r#"{"id":"2","note":"plain"}"#];
    assert_eq!(values(quoted), (csv(',', Roles::default()), rows.map(String::from).to_vec()));
    let tabs = "id\tcity\tamount\n1\t서울\t10\n2\t부산\t20\n";
    let rows = [r#"{"id":"1","city":"서울","amount":"10"}"#, r#"{"id":"2","city":"부산","amount":"20"}"#];
    assert_eq!(values(tabs), (csv('\t', Roles::default()), rows.map(String::from).to_vec()));
    assert_eq!(values("user\tamount\nmia\t5\nkai\t6").0, csv('\t', Roles::default()));
    assert_eq!(by_itself("mia\tblue\nkai\tred").0, Format::KeyValue { separator: "\t".into() });
    let (format, records) = by_itself("timestamp,value\n2026-01-02 03:04:05,0.13\n2026-01-02 03:09:05,0.14\n");
    let some = |name: &str| Some(name.to_owned());
    assert_eq!(format, csv(',', Roles { value: some("value"), timestamp: some("timestamp"), ..Roles::default() }));
    assert_eq!(records[1], (None, Some("0.14".into()), Some(1_767_323_345_000)));
    for header in ["id,name,", "Active?,Price ($)", "Name: first,#", "#,Country/Region", "ID,E-Mail @work"] {
        let width = header.trim_end_matches(',').split(',').count();
        let out = read(format!("{header}\n1,2,\n3,4,\n").as_bytes(), None);
        assert_eq!((out.records.len(), out.columns.len(), out.refused_count), (2, width, 0), "{header}");
    }
    assert_eq!(values("id|city|n\n1|서울|2\n").0, csv('|', Roles::default()));
    // The reader says that it is a plain column.
    let plain = Format::Csv { separator: ',', roles: Some(Roles::default()) };
    let out = read(b"timestamp,value\n2026-01-02 03:04:05,0.13\n", Some(plain));
    let value = &br#"{"timestamp":"2026-01-02 03:04:05","value":"0.13"}"#[..];
    assert_eq!((out.records[0].timestamp, out.records[0].value.as_deref()), (None, Some(value)));
    // A column of that name without instants is one of the row's.
    let (format, _) = by_itself("timestamp,city\nlate,서울\n");
    assert_eq!(format, csv(',', Roles::default()));
}

#[test]
fn prose_is_no_table() {
    for text in [
        "hello, world\nhow are you, friend",
        "one,two",
        "[INFO] started\n[WARN] late",
        "[1] first\n[2] second",
        "a, b c\nd, e",
    ] {
        assert_eq!(values(text), (Format::Lines, text.lines().map(String::from).collect()), "{text}");
    }
}

#[test]
fn what_was_chosen_is_told() {
    use crate::lang::Lang;
    let out = read(b"Order Id,Amount\n1,2\n2,3\n3\n", None);
    assert_eq!(
        out.summary(Lang::En),
        "Read as CSV with a header, separated by `,`: 2 records, 1 refused. Value: the whole row as JSON; key: null; \
         timestamp: the time of its `send`."
    );
    assert!(
        out.summary(Lang::Ko)
            .starts_with("읽은 형식: 머리글이 있는 CSV, 구분 `,`. 레코드 2개, 거부 1개. 값: 행 전체의 JSON")
    );
}

/// Reading costs in proportion to the text, however it nests, breaks and begins anew: a hundred kilobytes of each are read
/// in a moment, where what grows with the square would take minutes.
#[test]
fn hostile_texts_are_read_once() {
    for scrap in
        ["[\n", "{\n", "[1,\n", "{\"a\":\n", "{\"a\":1,\n", "\"\n", "a,\"\n", "{\"value\":1\n", "[[[[{\n", "{\"a\":[\n"]
    {
        let text = scrap.repeat(MAX_FILE_BYTES / scrap.len() / 50);
        read(text.as_bytes(), None);
        read(format!("[{{}},{text}").as_bytes(), None);
    }
}
