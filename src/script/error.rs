//! What is wrong with a line: where, what was found, what is allowed; as a sentence in every language.

use std::sync::Arc;

use super::ast::ClientKind;
use super::limits::MAX_MS;
use super::verbs::VERBS;
use crate::lang::{Lang, Text, listed, placed};

/// One thing that is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// From 1, as an editor counts the lines of the text.
    pub line: u32,
    /// From 1, in characters (Unicode scalar values).
    pub column: u32,
    /// What stands there; empty at the end of a line.
    pub found: String,
    pub problem: ScriptProblem,
    pub allowed: Allowed,
    /// The allowed word that is nearest to what was found.
    pub suggestion: Option<String>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptProblem {
    UnknownVerb,
    UnknownOption {
        verb: &'static str,
    },
    MissingWord {
        verb: &'static str,
        slot: &'static str,
    },
    ExtraWord {
        verb: &'static str,
    },
    /// The value of an option or the word in a place.
    BadValue {
        of: String,
    },
    GivenTwice,
    /// Two options of which only one may be given.
    Exclude {
        other: &'static str,
    },
    OpenQuote,
    BadEscape,
    BadAnchor,
    /// An anchor behind the last instant of a run, or with more moves than one makes.
    FarAnchor,
    NotClusterFirst,
    ClusterAgain,
    /// The cluster is there before any move of the run.
    AnchoredCluster,
    UnknownClient,
    WrongKind {
        verb: &'static str,
        is: ClientKind,
    },
    UnknownBroker,
    ReservedName,
    /// More of a thing than a run may hold.
    TooMany {
        what: &'static str,
        limit: u32,
    },
    TooManyOptions {
        limit: u32,
    },
    TooManyWords {
        limit: u32,
    },
    RecordTooLarge {
        bytes: u64,
    },
    ScriptTooLong {
        bytes: u64,
    },
    TooManyLines,
    /// There were this many further errors, which are not told one by one.
    More {
        count: u64,
    },
    /// A condition of our own, which a real cluster's `wait` does not know.
    OnlyRunUntil,
}

/// What may stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    Words(Vec<&'static str>),
    /// Any verb.
    Verbs,
    Names(Vec<Arc<str>>),
    Whole {
        min: i64,
        max: i64,
    },
    /// A time in milliseconds, and in microseconds.
    Millis,
    Micros,
    /// One of these words, or a form.
    Also(Vec<&'static str>, &'static Text),
    /// The whole form of the verb's line.
    Usage(&'static str),
    Form(Text),
}

impl Allowed {
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Allowed::Words(words) => listed(words, lang),
            Allowed::Verbs => listed(&VERBS.iter().map(|verb| verb.name).collect::<Vec<_>>(), lang),
            Allowed::Names(names) if names.is_empty() => lang.pick("none yet", "아직 없음").to_string(),
            Allowed::Names(names) => listed(&names.iter().map(|name| &**name).collect::<Vec<_>>(), lang),
            Allowed::Whole { min, max } => {
                lang.pick(format!("a whole number from {min} to {max}"), format!("{min}에서 {max} 사이의 정수"))
            }
            Allowed::Millis => lang.pick(
                format!("milliseconds from 0 to {MAX_MS} (30 days)"),
                format!("밀리초, 0에서 {MAX_MS}(30일) 사이의 정수"),
            ),
            Allowed::Micros => lang.pick(
                format!("microseconds from 0 to {} (30 days)", MAX_MS * 1000),
                format!("마이크로초, 0에서 {}(30일) 사이의 정수", MAX_MS * 1000),
            ),
            Allowed::Also(words, form) => {
                let words = listed(words, lang);
                lang.pick(format!("{words}; or {}", form.en), format!("{words}, 또는 {}", form.ko))
            }
            Allowed::Usage(usage) => format!("`{usage}`"),
            Allowed::Form(text) => (*text.pick(lang)).to_string(),
        }
    }
}

impl ScriptError {
    /// The whole sentence: place, what was found, what is allowed.
    pub fn sentence(&self, lang: Lang) -> String {
        let what = self.what(lang);
        let meant = match &self.suggestion {
            Some(word) => lang.pick(format!(" Did you mean `{word}`?"), format!(" 비슷한 것: `{word}`.")),
            None => String::new(),
        };
        let allowed = self.allowed.text(lang);
        let said = lang
            .pick(format!("{what}.{meant} Allowed: {allowed}."), format!("{what}.{meant} 쓸 수 있는 것: {allowed}."));
        placed(self.line, self.column, &said, lang)
    }

    fn what(&self, lang: Lang) -> String {
        let found = shortened(&self.found);
        let (en, ko) = match &self.problem {
            ScriptProblem::UnknownVerb => (format!("`{found}` is no verb"), format!("`{found}` 동사는 없습니다")),
            ScriptProblem::UnknownOption { verb } => {
                (format!("`{verb}` has no option `{found}`"), format!("`{verb}`에는 `{found}` 옵션이 없습니다"))
            }
            ScriptProblem::MissingWord { verb, slot } => {
                (format!("`{verb}` lacks {slot}"), format!("`{verb}`에 {slot} 자리가 비어 있습니다"))
            }
            ScriptProblem::ExtraWord { verb } => (
                format!("`{found}` is one word too many for `{verb}`"),
                format!("`{found}`: `{verb}`에 단어가 너무 많습니다"),
            ),
            ScriptProblem::BadValue { of } if self.found.is_empty() => {
                (format!("{of} is empty"), format!("{of} 값이 비어 있습니다"))
            }
            ScriptProblem::BadValue { of } => {
                (format!("`{found}` does not fit {of}"), format!("`{found}`: {of}에 맞지 않는 값입니다"))
            }
            ScriptProblem::GivenTwice => {
                (format!("`{found}` is given twice"), format!("`{found}` 옵션이 두 번 나옵니다"))
            }
            ScriptProblem::Exclude { other } => (
                format!("`{found}` and `{other}` exclude each other"),
                format!("`{found}`, `{other}` 중 하나만 쓸 수 있습니다"),
            ),
            ScriptProblem::OpenQuote => ("a quote is not closed".to_string(), "따옴표가 닫히지 않았습니다".to_string()),
            ScriptProblem::BadEscape => (
                format!("`{found}` is no escape in quotes"),
                format!("`{found}` 이스케이프는 따옴표 안에 쓸 수 없습니다"),
            ),
            ScriptProblem::BadAnchor => (format!("`{found}` is no anchor"), format!("`{found}`: 앵커 형식이 아닙니다")),
            ScriptProblem::FarAnchor => {
                (format!("`{found}` is behind the end of a run"), format!("`{found}`: 실행의 끝보다 뒤입니다"))
            }
            ScriptProblem::NotClusterFirst => {
                (format!("`{found}` stands before the cluster"), format!("클러스터보다 `{found}` 줄이 먼저 나옵니다"))
            }
            ScriptProblem::ClusterAgain => {
                ("a script has one cluster".to_string(), "스크립트에는 클러스터가 하나만 있습니다".to_string())
            }
            ScriptProblem::AnchoredCluster => (
                "the cluster stands at the start of a run, so its line has no anchor".to_string(),
                "클러스터는 실행의 처음부터 있으므로 그 줄에는 앵커를 쓰지 않습니다".to_string(),
            ),
            ScriptProblem::UnknownClient => {
                (format!("there is no client `{found}` so far"), format!("여기까지 `{found}` 클라이언트가 없습니다"))
            }
            ScriptProblem::WrongKind { verb, is } => (
                format!("`{found}` is a {}, and `{verb}` is not for it", is.verb()),
                format!("`{found}` 클라이언트({})에는 `{verb}` 동사를 쓸 수 없습니다", is.verb()),
            ),
            ScriptProblem::UnknownBroker => {
                (format!("the cluster has no `{found}`"), format!("클러스터에 `{found}` 브로커가 없습니다"))
            }
            ScriptProblem::ReservedName => (
                format!("`{found}` is the name of a node of the cluster"),
                format!("`{found}` 이름은 클러스터 노드의 이름입니다"),
            ),
            ScriptProblem::TooMany { what, limit } => (
                format!("a run holds at most {limit} {what}, and `{found}` is one more"),
                match *what {
                    "topics" => format!("토픽은 최대 {limit}개인데 `{found}` 토픽이 하나 더 있습니다"),
                    "groups" => format!("그룹은 최대 {limit}개인데 `{found}` 그룹이 하나 더 있습니다"),
                    _ => format!("클라이언트는 최대 {limit}개인데 `{found}` 클라이언트가 하나 더 있습니다"),
                },
            ),
            ScriptProblem::TooManyOptions { limit } => (
                format!("a line has at most {limit} options, and `{found}` is one more"),
                format!("한 줄의 옵션은 최대 {limit}개인데 `{found}` 옵션이 하나 더 있습니다"),
            ),
            ScriptProblem::TooManyWords { limit } => (
                format!("a line has at most {limit} words, and `{found}` is one more"),
                format!("한 줄의 단어는 최대 {limit}개인데 `{found}` 단어가 하나 더 있습니다"),
            ),
            ScriptProblem::RecordTooLarge { bytes } => {
                (format!("this record has {bytes} bytes"), format!("이 레코드는 {bytes}바이트입니다"))
            }
            ScriptProblem::ScriptTooLong { bytes } => (
                format!("the script has {bytes} bytes; what follows was not read"),
                format!("스크립트가 {bytes}바이트입니다. 이 뒤는 읽지 않았습니다"),
            ),
            ScriptProblem::TooManyLines => (
                "the script is too long; what follows was not read".to_string(),
                "스크립트의 줄이 너무 많습니다. 이 뒤는 읽지 않았습니다".to_string(),
            ),
            ScriptProblem::More { count } => {
                (format!("from here on {count} more errors"), format!("여기부터 오류가 {count}개 더 있습니다"))
            }
            ScriptProblem::OnlyRunUntil => (
                format!("`{found}` is a condition of `run until` only"),
                format!("`{found}` 조건은 `run until`에서만 쓸 수 있습니다"),
            ),
        };
        lang.pick(en, ko)
    }
}

/// At most 60 characters of what was found; what nobody sees, such as a mark of the encoding, by its number.
fn shortened(found: &str) -> String {
    let mut shown = String::new();
    for (index, c) in found.chars().enumerate() {
        if index == 60 {
            shown.push('…');
            break;
        }
        match c {
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => {
                shown.extend(c.escape_unicode());
            }
            c if c.is_control() => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}
