//! What was not understood in real input: where, what, and what is allowed, in every language.

use crate::lang::Lang;

use super::code::gap::Gap;
use super::part::RecordPart;
use super::records::fault::RecordFault;
use super::said::{NONE, Said, SaidValue, filled, placed};

/// Bytes of pasted configuration or code: 1 MB.
pub const MAX_TEXT_BYTES: usize = 1_048_576;

/// One thing that was not understood; the rest of the text was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// More than `limit`: nothing was read.
    TextTooLarge {
        bytes: u64,
        limit: u64,
    },
    // Properties.
    BadUnicodeEscape,
    NoName,
    /// A line of `application.yml` that is no key with a plain value.
    YamlNotRead,
    /// A text in braces that is no JSON from here on.
    JsonNotRead,
    /// Characters that nobody sees in a value that is taken: what stands around them.
    Unseen {
        name: String,
        value: String,
    },
    /// The later value holds.
    GivenTwice {
        name: String,
        first: u32,
    },
    /// A property that code puts under a condition.
    PutIf {
        name: String,
        value: String,
    },
    // Code.
    OpenString,
    /// Half of a character that UTF-16 writes in two.
    HalfCharacter,
    OpenComment,
    UnknownConstant {
        name: String,
        suggestion: Option<String>,
    },
    /// A property's name that is known only when the program runs.
    NameNotKnown {
        text: String,
    },
    /// A property's value that is known only when the program runs.
    ValueNotKnown {
        name: String,
        text: String,
    },
    /// Two clients are made of it or none: it is told by its name alone whose it is.
    LoadedElsewhere {
        text: String,
    },
    /// A call that loops of this page do not make.
    NotCarried {
        call: String,
    },
    /// Part of a record that a loop of this page cannot say.
    PartNotCarried {
        part: RecordPart,
        text: String,
    },
    /// How often a loop sends.
    TimesNotKnown,
    /// A `send` in a loop within a loop: so often in all, if that is known.
    NestedLoops {
        times: Option<u64>,
    },
    /// Another record was written out on that line already.
    SecondRecord {
        first: u32,
    },
    /// A topic or pattern that is known only when the program runs.
    TopicNotKnown {
        text: String,
    },
    NothingFound,
    Record(RecordFault),
    /// What of a program is carried over otherwise, or not at all.
    Program(Gap),
}

/// A text of so many bytes, of which nothing is read.
pub(super) const fn too_large(bytes: usize) -> What {
    What::TextTooLarge { bytes: bytes as u64, limit: MAX_TEXT_BYTES as u64 }
}

impl From<Gap> for What {
    fn from(gap: Gap) -> What {
        What::Program(gap)
    }
}

impl From<RecordFault> for What {
    fn from(fault: RecordFault) -> What {
        What::Record(fault)
    }
}

impl Problem {
    pub(super) fn new(line: u32, column: u32, what: impl Into<What>) -> Problem {
        Problem { line, column, what: what.into() }
    }

    pub fn sentence(&self, lang: Lang) -> String {
        let what = self.what.text(lang);
        placed(self.line, self.column, &what, lang)
    }
}

impl What {
    fn text(&self, lang: Lang) -> String {
        let said: Said = match self {
            What::TextTooLarge { bytes, limit } => (
                "the text has {0} bytes, and at most {1} bytes are read. Nothing was taken.",
                "텍스트가 {0}바이트입니다. 최대 {1}바이트까지 읽습니다. 아무것도 가져오지 않았습니다.",
                [(*bytes).into(), (*limit).into()],
            ),
            What::Unseen { name, value } => (
                "the value of `{0}` has characters that nobody sees or that pass for others, and is taken with them: `{1}`.",
                "`{0}` 값에 보이지 않거나 다른 문자로 보이는 문자가 있고, 그 문자까지 사용합니다: `{1}`.",
                [SaidValue::Found(name), value.into()],
            ),
            What::BadUnicodeEscape => (
                "`\\u` needs four hexadecimal digits, such as `\\u00e9`. The property was left out.",
                "`\\u` 뒤에는 `\\u00e9`처럼 16진수 네 자리가 필요합니다. 이 속성은 제외했습니다.",
                [NONE, NONE],
            ),
            What::NoName => (
                "a value without a name. Allowed: `name=value`.",
                "이름이 없는 값입니다. 쓸 수 있는 것: `이름=값`.",
                [NONE, NONE],
            ),
            What::YamlNotRead => (
                "this is read neither as `key: value` nor as `- value`. Allowed: keys within keys, plain values, lists of them. It is left out, with what stands deeper under it.",
                "`키: 값`이나 `- 값`으로 읽을 수 없습니다. 쓸 수 있는 것: 겹쳐진 키, 단순한 값, 그 목록. 그 아래의 더 깊은 줄까지 제외했습니다.",
                [NONE, NONE],
            ),
            What::JsonNotRead => (
                "this text begins as JSON, and cannot be read from here on. Allowed: an object of names with texts, numbers, lists of them and objects within. Nothing was taken.",
                "JSON으로 시작하는 텍스트인데 여기부터 읽을 수 없습니다. 쓸 수 있는 것: 이름과 문자열, 숫자, 그 목록, 안쪽 객체로 된 객체. 아무것도 가져오지 않았습니다.",
                [NONE, NONE],
            ),
            What::GivenTwice { name, first } => (
                "`{0}` stands on line {1} already; this later value holds, as in Java.",
                "`{0}` 속성은 {1}행에 이미 있습니다. 자바처럼 나중 값을 씁니다.",
                [SaidValue::Found(name), (*first).into()],
            ),
            What::PutIf { name, value } => (
                "`{0}` is set under a condition, which is not decided here. The last value that the text has is taken: `{1}`.",
                "`{0}` 속성은 조건 안에서 정해집니다. 여기서는 조건을 판단하지 않고 텍스트의 마지막 값을 씁니다: `{1}`.",
                [SaidValue::Found(name), SaidValue::Found(value)],
            ),
            What::OpenString => (
                "a string that does not end on its line. Allowed: a closing quote.",
                "문자열이 그 줄에서 끝나지 않습니다. 닫는 따옴표가 필요합니다.",
                [NONE, NONE],
            ),
            What::HalfCharacter => (
                "a string with half a character, such as `\\ud83d` alone. Allowed: both halves, such as `\\ud83d\\ude00`.",
                "문자의 반쪽만 있는 문자열입니다(예: 혼자 있는 `\\ud83d`). 쓸 수 있는 것: `\\ud83d\\ude00`처럼 두 반쪽 모두.",
                [NONE, NONE],
            ),
            What::OpenComment => (
                "a comment that does not end. Allowed: `*/`.",
                "주석이 끝나지 않습니다. `*/`가 필요합니다.",
                [NONE, NONE],
            ),
            What::UnknownConstant { name, suggestion: Some(other) } => (
                "Kafka has no constant `{0}`. Did you mean `{1}`?",
                "카프카에 `{0}` 상수는 없습니다. 비슷한 것: `{1}`.",
                [SaidValue::Found(name), other.into()],
            ),
            What::UnknownConstant { name, suggestion: None } => (
                "Kafka's clients have no constant `{0}`.",
                "카프카 클라이언트에 `{0}` 상수는 없습니다.",
                [SaidValue::Found(name), NONE],
            ),
            What::NameNotKnown { text } => (
                "the property's name `{0}` is known only when the program runs. Allowed: a text or a constant of Kafka.",
                "속성 이름 `{0}`: 프로그램을 실행해야 알 수 있습니다. 쓸 수 있는 것: 문자열 또는 카프카 상수.",
                [text.into(), NONE],
            ),
            What::ValueNotKnown { name, text } => (
                "the value of `{0}`, `{1}`, is known only when the program runs. Allowed: a text, number, boolean or class.",
                "`{0}`의 값 `{1}`: 프로그램을 실행해야 알 수 있습니다. 쓸 수 있는 것: 문자열, 숫자, 불리언, 클래스.",
                [SaidValue::Found(name), text.into()],
            ),
            What::LoadedElsewhere { text } => (
                "`{0}` takes properties from elsewhere. Paste them as well.",
                "`{0}` 코드는 다른 곳에서 속성을 가져옵니다. 그 속성도 붙여 넣으세요.",
                [text.into(), NONE],
            ),
            What::NotCarried { call } => (
                "`{0}` is not part of a loop here. It can be called by hand.",
                "`{0}` 호출은 여기의 루프에 들어가지 않습니다. 직접 호출할 수 있습니다.",
                [call.into(), NONE],
            ),
            What::PartNotCarried { part: RecordPart::Key, text } => (
                "the key `{0}` cannot be carried over. Allowed: texts, and the variable of a loop that counts 0, 1, 2, …. The program here sends no key.",
                "키 `{0}` 부분은 옮길 수 없습니다. 쓸 수 있는 것: 문자열, 그리고 0, 1, 2, …로 세는 루프의 변수. 여기서는 키 없이 보냅니다.",
                [text.into(), NONE],
            ),
            What::PartNotCarried { part: RecordPart::Value, text } => (
                "the value `{0}` cannot be carried over. Allowed: texts, and the variable of a loop that counts 0, 1, 2, …. The program here sends `message-{i}`.",
                "값 `{0}` 부분은 옮길 수 없습니다. 쓸 수 있는 것: 문자열, 그리고 0, 1, 2, …로 세는 루프의 변수. 여기서는 `message-{i}` 값을 보냅니다.",
                [text.into(), NONE],
            ),
            What::PartNotCarried { part: RecordPart::Partition, text } => (
                "the partition `{0}` cannot be carried over. Allowed: a whole number, or null. The program here lets the partitioner choose.",
                "파티션 `{0}` 부분은 옮길 수 없습니다. 쓸 수 있는 것: 정수 또는 null. 여기서는 파티셔너가 고릅니다.",
                [text.into(), NONE],
            ),
            What::PartNotCarried { part: RecordPart::Timestamp, text } => (
                "the timestamp `{0}` cannot be carried over. Allowed: milliseconds since 1970, null, or `System.currentTimeMillis()`. Each record here has the time of its `send`.",
                "타임스탬프 `{0}` 부분은 옮길 수 없습니다. 쓸 수 있는 것: 1970년부터 센 밀리초, null, `System.currentTimeMillis()`. 여기서는 레코드마다 `send` 시각이 들어갑니다.",
                [text.into(), NONE],
            ),
            What::PartNotCarried { part: RecordPart::Headers, text } => (
                "the headers `{0}` cannot be carried over. The program here sends none; a record sent by hand can have them.",
                "헤더 `{0}` 부분은 옮길 수 없습니다. 여기서는 헤더 없이 보내며, 손으로 보내는 레코드에는 넣을 수 있습니다.",
                [text.into(), NONE],
            ),
            What::TimesNotKnown => (
                "how often the loop around this `send` goes round is known only when the program runs. The program here sends 10 times.",
                "이 `send`를 감싼 루프의 반복 횟수는 프로그램을 실행해야 알 수 있습니다. 여기서는 10번 보냅니다.",
                [NONE, NONE],
            ),
            What::NestedLoops { times: Some(times) } => (
                "this `send` stands in a loop within a loop. The program here has one loop and sends {0} times in all.",
                "이 `send`는 루프 안의 루프에 있습니다. 여기의 프로그램은 루프 하나로 모두 {0}번 보냅니다.",
                [(*times).into(), NONE],
            ),
            What::NestedLoops { times: None } => (
                "this `send` stands in a loop within a loop. The program here has one loop.",
                "이 `send`는 루프 안의 루프에 있습니다. 여기의 프로그램에는 루프가 하나뿐입니다.",
                [NONE, NONE],
            ),
            What::SecondRecord { first } => (
                "a program here sends one kind of record, that of line {0}. This one is not carried over.",
                "여기의 프로그램은 한 가지 레코드, 곧 {0}행의 레코드만 보냅니다. 이 레코드는 옮기지 않습니다.",
                [(*first).into(), NONE],
            ),
            What::TopicNotKnown { text } => (
                "the topic `{0}` is known only when the program runs. Choose one for it.",
                "토픽 `{0}`: 프로그램을 실행해야 알 수 있습니다. 토픽을 고르세요.",
                [text.into(), NONE],
            ),
            What::NothingFound => (
                "no property and no call of a Kafka client was found. Allowed: Java or Kotlin code with `props.put(\"name\", \"value\")`, `send`, `poll`, `subscribe`, `commitSync`, `commitAsync`.",
                "카프카 클라이언트의 속성이나 호출이 없습니다. 쓸 수 있는 것: `props.put(\"이름\", \"값\")`, `send`, `poll`, `subscribe`, `commitSync`, `commitAsync`가 있는 자바 또는 코틀린 코드.",
                [NONE, NONE],
            ),
            What::Record(fault) => return fault.text(lang),
            What::Program(gap) => gap.said(lang),
        };
        filled(lang.pick(said.0, said.1), &said.2)
    }
}
