//! What is wrong with a line: where, what was found, what is allowed; as a sentence in every language.

use std::sync::Arc;

use super::ast::ClientKind;
use super::beyond::Beyond;
use super::limits::{MAX_ERRORS, MAX_MS};
use super::verbs::VERBS;
use crate::lang::{self, Lang, Sentence, Text, both, grouped, is_hidden, listed, placed};
use crate::sorted::InOrder;

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
    /// More of something than there may be.
    Beyond(Beyond),
    /// There were this many further errors, which are not told one by one.
    More {
        count: u64,
    },
    /// A condition of our own, which a real cluster's `wait` does not know.
    OnlyRunUntil,
    /// A line that is proposed, and that would be refused when it is tried.
    Refused(Sentence),
    /// A second text for the program of one client, nothing of which stands between: the first is on that line.
    SecondCode {
        first: u32,
    },
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
                let (min, max) = (signed(*min), signed(*max));
                lang.pick(format!("a whole number from {min} to {max}"), format!("{min}에서 {max} 사이의 정수"))
            }
            Allowed::Millis => time(MAX_MS, "milliseconds", "밀리초", lang),
            Allowed::Micros => time(MAX_MS * 1000, "microseconds", "마이크로초", lang),
            Allowed::Also(words, form) => {
                let words = listed(words, lang);
                lang.pick(format!("{words}; or {}", form.en), format!("{words}, 또는 {}", form.ko))
            }
            Allowed::Usage(usage) => format!("`{usage}`"),
            Allowed::Form(text) => (*text.pick(lang)).to_string(),
        }
    }
}

fn signed(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

fn time(most: u64, en: &str, ko: &str, lang: Lang) -> String {
    const { assert!(MAX_MS == 30 * 24 * 3600 * 1000) }
    let most = grouped(most);
    lang.pick(format!("whole {en} from 0 to {most} (30 days)"), format!("{ko}, 0에서 {most}(30일) 사이의 정수"))
}

/// What is wrong with a line or a text: the first errors one by one, the others as a number.
#[derive(Debug, Default)]
pub(super) struct LineErrors {
    errors: Vec<ScriptError>,
    more: u64,
}

impl LineErrors {
    pub fn push(&mut self, error: ScriptError) {
        match error.problem {
            ScriptProblem::More { count } => self.more += count,
            _ if self.is_full() => self.more += 1,
            _ => self.errors.push(error),
        }
    }

    /// Whether what comes is counted only.
    pub fn is_full(&self) -> bool {
        self.errors.len() >= MAX_ERRORS
    }

    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// The errors of one line, by their columns.
    pub fn in_line(mut self) -> Vec<ScriptError> {
        self.errors.order_by_key(|error| error.column);
        self.all()
    }

    /// All of them; how many were not told stands behind the last.
    pub fn all(mut self) -> Vec<ScriptError> {
        if let (1.., Some(last)) = (self.more, self.errors.last()) {
            self.errors.push(ScriptError::more(last.line, self.more));
        }
        self.errors
    }
}

impl ScriptError {
    /// What is wrong with a text from this line on, not with a word of it.
    fn of_text(line: u32, problem: ScriptProblem, allowed: Text) -> ScriptError {
        let (found, allowed) = (String::new(), Allowed::Form(allowed));
        ScriptError { line, column: 1, found, problem, allowed, suggestion: None }
    }

    pub(super) fn beyond(line: u32, what: Beyond) -> ScriptError {
        ScriptError::of_text(line, ScriptProblem::Beyond(what), what.allowed())
    }

    /// So many errors are not told one by one.
    pub(super) fn more(line: u32, count: u64) -> ScriptError {
        let allowed = lang::text("one by one, once these are mended", "이 오류들을 고치면 하나씩");
        ScriptError::of_text(line, ScriptProblem::More { count }, allowed)
    }

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
        // With what was found in the place of `{}`.
        let said = |en: &str, ko: &str| both(en.replace("{}", &found), ko.replace("{}", &found));
        let Sentence { en, ko } = match &self.problem {
            ScriptProblem::UnknownVerb => said("`{}` is no verb", "`{}` 동사는 없습니다"),
            ScriptProblem::UnknownOption { verb } => {
                both(format!("`{verb}` has no option `{found}`"), format!("`{verb}`에는 `{found}` 옵션이 없습니다"))
            }
            ScriptProblem::MissingWord { verb, slot } => {
                both(format!("`{verb}` lacks {slot}"), format!("`{verb}`에 {slot} 자리가 비어 있습니다"))
            }
            ScriptProblem::ExtraWord { verb } => both(
                format!("`{found}` is one word too many for `{verb}`"),
                format!("`{found}`: `{verb}`에 단어가 너무 많습니다"),
            ),
            ScriptProblem::BadValue { of } if self.found.is_empty() => {
                both(format!("{of} is empty"), format!("{of} 값이 비어 있습니다"))
            }
            ScriptProblem::BadValue { of } => {
                both(format!("`{found}` does not fit {of}"), format!("`{found}`: {of}에 맞지 않는 값입니다"))
            }
            ScriptProblem::GivenTwice => said("`{}` is given twice", "`{}`: 두 번 나옵니다"),
            ScriptProblem::Exclude { other } => both(
                format!("`{found}` and `{other}` exclude each other"),
                format!("`{found}`, `{other}` 중 하나만 쓸 수 있습니다"),
            ),
            ScriptProblem::OpenQuote => said("a quote is not closed", "따옴표가 닫히지 않았습니다"),
            ScriptProblem::BadEscape => {
                said("`{}` is no escape in quotes", "`{}` 이스케이프는 따옴표 안에 쓸 수 없습니다")
            }
            ScriptProblem::BadAnchor => said("`{}` is no anchor", "`{}`: 앵커 형식이 아닙니다"),
            ScriptProblem::FarAnchor => said("`{}` is behind the end of a run", "`{}`: 실행의 끝보다 뒤입니다"),
            ScriptProblem::NotClusterFirst => {
                said("`{}` stands before the cluster", "클러스터보다 `{}` 줄이 먼저 나옵니다")
            }
            ScriptProblem::ClusterAgain => said("a script has one cluster", "스크립트에는 클러스터가 하나만 있습니다"),
            ScriptProblem::AnchoredCluster => said(
                "the cluster stands at the start of a run, so its line has no anchor",
                "클러스터는 실행의 처음부터 있으므로 그 줄에는 앵커를 쓰지 않습니다",
            ),
            ScriptProblem::UnknownClient => {
                said("there is no client `{}` so far", "여기까지 `{}` 클라이언트가 없습니다")
            }
            ScriptProblem::WrongKind { verb, is } => both(
                format!("`{found}` is a {}, and `{verb}` is not for it", is.verb()),
                format!("`{found}` 클라이언트({})에는 `{verb}` 동사를 쓸 수 없습니다", is.verb()),
            ),
            ScriptProblem::UnknownBroker => said("the cluster has no `{}`", "클러스터에 `{}` 브로커가 없습니다"),
            ScriptProblem::ReservedName => said("`{}` is a name of the cluster's own", "`{}` 이름은 클러스터가 씁니다"),
            ScriptProblem::Beyond(what) => what.what(&found),
            ScriptProblem::More { count } => {
                let count = grouped(*count);
                both(format!("from here on {count} more errors"), format!("여기부터 오류가 {count}개 더 있습니다"))
            }
            ScriptProblem::Refused(why) => both(
                format!("`{found}` would be refused: {}", why.en.trim_end_matches('.')),
                format!("`{found}` 줄은 거부됩니다: {}", why.ko.trim_end_matches('.')),
            ),
            ScriptProblem::OnlyRunUntil => {
                said("`{}` is a condition of `run until` only", "`{}` 조건은 `run until`에서만 쓸 수 있습니다")
            }
            ScriptProblem::SecondCode { first } => both(
                format!("the code of `{found}` stands on line {first} already, and `{found}` does nothing in between"),
                format!(
                    "`{found}` 클라이언트의 코드는 이미 {first}행에 있고, 그 사이에 클라이언트가 하는 일이 없습니다"
                ),
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
            c if is_hidden(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}
