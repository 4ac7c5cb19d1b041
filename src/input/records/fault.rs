//! What is wrong with a place in a file of records, in every language.

use super::super::part::RecordPart;
use crate::lang::{Lang, grouped};

/// What is wrong with a line of a file of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordFault {
    NotUtf8,
    NoSeparator {
        separator: String,
    },
    /// No JSON: what should stand there.
    Json(Expected),
    /// The same within the array that is the whole file.
    JsonArray(Expected),
    /// More than `limit`: nothing was read.
    FileTooLarge {
        bytes: u64,
        limit: u64,
    },
    /// A column that was chosen for a part of the record is not in the header.
    NoColumn {
        name: String,
    },
    UnknownField {
        name: String,
    },
    FieldTwice {
        name: String,
    },
    /// A field's value of the wrong kind or out of its range.
    Field {
        name: String,
    },
    NoValue,
    /// The document that is no description of a record, so that all are taken whole: what of it is in the way.
    Odd(Box<RecordFault>),
    Cells {
        found: u32,
        wanted: u32,
    },
    OpenQuote,
    AfterQuote {
        found: char,
    },
    ColumnTwice {
        name: String,
    },
    ColumnNoName,
    /// An empty text, or an array without elements.
    NoDocument,
    /// No row below the header, or no header at all.
    NoRows,
    Number {
        column: String,
        /// What the column is for: a partition or a timestamp.
        part: RecordPart,
        found: String,
    },
    RecordTooLarge {
        bytes: u64,
    },
    /// More than [`super::MAX_RECORDS`]: nothing is sent.
    TooManyRecords,
    /// This many further lines were refused, which are not told one by one.
    More {
        count: u64,
    },
}

/// What a JSON text should have had at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expected {
    Object,
    Value,
    NameOrEnd,
    Name,
    Colon,
    CommaOrEnd,
    End,
    ClosingQuote,
    Escape,
    /// Half of a surrogate pair is no character.
    OtherHalf,
    Number,
    /// No control character stands in a string.
    NoControl,
    /// At most 64 arrays and objects in one another.
    LessDepth,
}

impl RecordFault {
    pub(in crate::input) fn text(&self, lang: Lang) -> String {
        const FIELDS: &str = "`key`, `value`, `headers`, `partition`, `timestamp`";
        let (en, ko) = match self {
            RecordFault::NotUtf8 => ("a byte that is not UTF-8.".into(), "UTF-8이 아닌 바이트입니다.".into()),
            RecordFault::NoSeparator { separator } => {
                let separator = separator.replace('\t', "TAB");
                (
                    format!("no `{separator}` between key and value."),
                    format!("키와 값 사이에 구분자 `{separator}` 기호가 없습니다."),
                )
            }
            RecordFault::Json(Expected::Object) => (
                format!("JSON, but no object: a text, a number or a list. A record is an object with {FIELDS}."),
                format!("JSON이지만 객체가 아닙니다(문자열, 숫자, 목록 등). 레코드는 {FIELDS} 필드가 있는 객체입니다."),
            ),
            RecordFault::Json(expected) => {
                let (en, ko) = expected.texts();
                (format!("no JSON. Expected: {en}."), format!("JSON이 아닙니다. 필요한 것: {ko}."))
            }
            RecordFault::JsonArray(expected) => {
                let (en, ko) = expected.texts();
                (
                    format!("no JSON. Expected: {en}. An array is taken whole or not at all."),
                    format!("JSON이 아닙니다. 필요한 것: {ko}. 배열은 전부 읽거나 전혀 읽지 않습니다."),
                )
            }
            RecordFault::FileTooLarge { bytes, limit } => {
                let (bytes, limit) = (grouped(*bytes), grouped(*limit));
                (
                    format!("the file has {bytes} bytes, and at most {limit} bytes are read. Nothing was taken."),
                    format!(
                        "파일이 {bytes}바이트입니다. 최대 {limit}바이트까지 읽습니다. 아무것도 가져오지 않았습니다."
                    ),
                )
            }
            RecordFault::NoColumn { name } => (
                format!("the header has no column `{name}`. Choose one of its columns."),
                format!("머리글에 `{name}` 열이 없습니다. 머리글에 있는 열을 고르세요."),
            ),
            RecordFault::UnknownField { name } => (
                format!("a record has no field `{name}`. Allowed: {FIELDS}."),
                format!("레코드에 `{name}` 필드는 없습니다. 쓸 수 있는 것: {FIELDS}."),
            ),
            RecordFault::FieldTwice { name } => {
                (format!("the field `{name}` stands twice."), format!("`{name}` 필드가 두 번 나옵니다."))
            }
            RecordFault::Field { name } => {
                let (en, ko) = field(name);
                (
                    format!("`{name}` does not fit. Allowed: {en}."),
                    format!("`{name}` 값이 맞지 않습니다. 쓸 수 있는 것: {ko}."),
                )
            }
            RecordFault::NoValue => (
                "the record has no field `value`. Allowed: `\"value\":null` for a null value.".into(),
                "레코드에 `value` 필드가 없습니다. null 값이면 `\"value\":null`을 쓰세요.".into(),
            ),
            RecordFault::Odd(fault) => (
                format!(
                    "this document describes no record, so each is taken whole as a value: {} Choose a record as what each document is, and the others are taken as records.",
                    fault.text(Lang::En)
                ),
                format!(
                    "이 문서는 레코드를 기술하지 않으므로 문서마다 전체를 값으로 읽습니다. {} 문서 하나를 레코드로 고르면 나머지를 레코드로 읽습니다.",
                    fault.text(Lang::Ko)
                ),
            ),
            RecordFault::Cells { found, wanted } => (
                format!(
                    "the row has {found} {}, and the header has {wanted}.",
                    if *found == 1 { "cell" } else { "cells" }
                ),
                format!("행에 칸이 {found}개 있는데 머리글에는 {wanted}개 있습니다."),
            ),
            RecordFault::OpenQuote => (
                "a quoted cell that does not end. Allowed: a closing quote.".into(),
                "따옴표로 묶은 칸이 끝나지 않습니다. 닫는 따옴표가 필요합니다.".into(),
            ),
            RecordFault::AfterQuote { found } => (
                format!(
                    "`{found}` behind a closing quote. Allowed: a separator, the end of the row, or `\"\"` for a quote."
                ),
                format!(
                    "닫는 따옴표 뒤에 다른 글자 `{found}` 하나가 있습니다. 쓸 수 있는 것: 구분자, 행의 끝, 또는 따옴표를 뜻하는 `\"\"`."
                ),
            ),
            RecordFault::ColumnTwice { name } => {
                (format!("the column `{name}` stands twice."), format!("`{name}` 열이 두 번 나옵니다."))
            }
            RecordFault::ColumnNoName => ("a column without a name.".into(), "이름이 없는 열입니다.".into()),
            RecordFault::NoDocument => (
                "no document. Allowed: objects, one behind another, or an array with elements.".into(),
                "문서가 없습니다. 쓸 수 있는 것: 이어진 객체들, 또는 요소가 있는 배열.".into(),
            ),
            RecordFault::NoRows => (
                "no row below a header. Allowed: a header row and rows.".into(),
                "머리글 아래에 행이 없습니다. 머리글과 행이 필요합니다.".into(),
            ),
            RecordFault::Number { column, part, found } => {
                let (en, ko) = field(if *part == RecordPart::Partition { "partition" } else { "timestamp" });
                (
                    format!("`{found}` does not fit `{column}`. Allowed: {en}."),
                    format!("`{found}` 값은 `{column}` 열에 맞지 않습니다. 쓸 수 있는 것: {ko}."),
                )
            }
            RecordFault::RecordTooLarge { bytes } => (
                format!("the record has {} bytes, and at most 1 MB (1,048,576 bytes) are allowed.", grouped(*bytes)),
                format!("레코드가 {}바이트입니다. 최대 1 MB(1,048,576바이트)까지 쓸 수 있습니다.", grouped(*bytes)),
            ),
            RecordFault::TooManyRecords => (
                "more than 50,000 records. Nothing is sent by halves.".into(),
                "레코드가 50,000개를 넘습니다. 일부만 보내지는 않습니다.".into(),
            ),
            RecordFault::More { count } => (
                format!("from here on {count} more lines were refused."),
                format!("여기부터 {count}줄을 더 거절했습니다."),
            ),
        };
        lang.pick(en, ko)
    }
}

/// What the value of a field may be.
fn field(name: &str) -> (&'static str, &'static str) {
    match name {
        "partition" => ("a whole number from 0 to 2,147,483,647", "0에서 2,147,483,647 사이의 정수"),
        "timestamp" => (
            "milliseconds since 1970, or a day and a time such as `2026-01-01T00:00:00Z` or `2026-01-01 00:00:00`",
            "1970년부터 센 밀리초, 또는 `2026-01-01T00:00:00Z`나 `2026-01-01 00:00:00` 같은 날짜와 시각",
        ),
        _ => (
            "an object of names and texts or null, or an array of such pairs",
            "이름과 문자열 또는 null의 객체, 또는 그런 쌍의 배열",
        ),
    }
}

impl Expected {
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Expected::Object => ("an object, `{`", "객체, `{`"),
            Expected::Value => ("a value", "값"),
            Expected::NameOrEnd => ("a name in double quotes, or `}`", "큰따옴표로 묶은 이름, 또는 `}`"),
            Expected::Name => ("a name in double quotes", "큰따옴표로 묶은 이름"),
            Expected::Colon => ("`:`", "`:`"),
            Expected::CommaOrEnd => ("`,` or the closing bracket", "`,` 또는 닫는 괄호"),
            Expected::End => ("the end of the line", "줄의 끝"),
            Expected::ClosingQuote => ("a closing double quote", "닫는 큰따옴표"),
            Expected::Escape => (
                "an escape: `\\\"` `\\\\` `\\/` `\\b` `\\f` `\\n` `\\r` `\\t` `\\uXXXX`",
                "이스케이프: `\\\"` `\\\\` `\\/` `\\b` `\\f` `\\n` `\\r` `\\t` `\\uXXXX`",
            ),
            Expected::OtherHalf => (
                "half of a surrogate pair to be followed by its other half, such as `\\ud83d\\ude00`",
                "`\\ud83d\\ude00`처럼 서로게이트 쌍의 나머지 절반",
            ),
            Expected::Number => ("a number, such as `-12.5e3`", "`-12.5e3` 같은 숫자"),
            Expected::NoControl => ("no control character in a string", "문자열 안에 제어 문자가 없을 것"),
            Expected::LessDepth => ("at most 64 brackets within one another", "괄호를 최대 64단계까지 겹칠 것"),
        }
    }
}
