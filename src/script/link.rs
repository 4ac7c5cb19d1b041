//! Runs in links: `#run=1.<data>&at=<step>`, or a ready one: `#scenario=<id>&at=<step>`. The data is a run's stored text, deflated, in base64url; the number before
//! it is the version of this packing. The text has a version of its own. Inflating is the browser's business.

use super::limits::{MAX_LINK, MAX_SCRIPT_BYTES};
use crate::lang::{Lang, grouped};

/// The version that links are written in.
pub const VERSION: u32 = 1;

/// The one stage besides the usual one.
const CLASSROOM: &str = "class";

/// What is wrong with the `stage` of an address's query, where one is asked for.
pub fn refused_stage(value: &str) -> Option<LinkProblem> {
    (value != CLASSROOM).then(|| LinkProblem::Stage { found: shortened(value) })
}

/// What the fragment of an address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkAsked {
    /// The deflated text of a run.
    pub data: Option<Vec<u8>>,
    /// The id of a ready scenario, beside which no run's text counts.
    pub scenario: Option<String>,
    /// The step to stand at.
    pub at: Option<u64>,
    /// `#new`: leave the stored run and begin one.
    pub new: bool,
    /// `stage=class`: as large as a classroom needs it.
    pub classroom: bool,
    /// What could not be read.
    pub problems: Vec<LinkProblem>,
}

/// What is wrong with a link. Columns are characters of the fragment, from 1, its `#` among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkProblem {
    /// A version this page does not know: what it understands is read.
    Version { column: usize, found: String },
    /// No version before what stands there.
    Shape { column: usize, found: String },
    /// A character that base64url does not have.
    Character { column: usize, found: char },
    /// The data ends early or was changed: so many bytes of the text were read.
    Broken { read: usize },
    /// It unfolds to more bytes than a run may have.
    TooLong,
    /// It unfolds to nothing.
    Empty,
    /// What it unfolds to is no UTF-8 behind so many bytes.
    NoText { read: usize },
    /// The link itself has so many characters.
    TooManyCharacters { found: usize },
    /// A part that links do not have.
    Unknown { column: usize, found: String },
    /// A part that stands there already: the first one counts.
    Twice { column: usize, found: &'static str },
    /// A ready scenario that there is not.
    Scenario { found: String },
    /// A stage that there is not.
    Stage { found: String },
    /// A step that is no number.
    Step { column: usize, found: String },
    /// This browser cannot inflate.
    Browser,
}

impl LinkProblem {
    /// What is wrong, and what a link may be. How much of it was opened is said by who opens it.
    pub fn sentence(&self, lang: Lang) -> String {
        let (what, most) = (self.what(lang), grouped(MAX_LINK as u64));
        lang.pick(
            format!(
                "{what} Allowed: `#run={VERSION}.`, the run's data in letters, digits, - and _, then `&at=` and a step \
                 and `&stage=class` if wanted, at most {most} characters; or `#scenario=` and the id of a ready scenario in \
                 place of the run."
            ),
            format!(
                "{what} 쓸 수 있는 것: `#run={VERSION}.`, 영문자, 숫자, -, _로 된 실행 데이터, 필요하면 `&at=`과 스텝, \
                 `&stage=class`, 최대 {most}자. 실행 대신 `#scenario=`과 준비된 시나리오의 id도 쓸 수 있습니다."
            ),
        )
    }

    fn what(&self, lang: Lang) -> String {
        match self {
            LinkProblem::Version { column, found } if found.is_empty() => lang.pick(
                format!("Character {column} of the link: its version is missing before the `.`; this page reads {VERSION}."),
                format!("링크의 {column}번째 문자: `.` 앞에 버전이 없습니다. 이 페이지가 읽는 버전: {VERSION}."),
            ),
            LinkProblem::Version { column, found } => lang.pick(
                format!(
                    "Character {column} of the link: its version is `{found}`, which this page does not know; it reads {VERSION}."
                ),
                format!("링크의 {column}번째 문자: 이 페이지가 모르는 버전 `{found}`입니다. 읽는 버전: {VERSION}."),
            ),
            LinkProblem::Shape { column, found } if !found.is_empty() => lang.pick(
                format!(
                    "Character {column} of the link: no version and `.` stand before `{found}`, so it is not read as a run's \
                     data; this page reads version {VERSION}."
                ),
                format!(
                    "링크의 {column}번째 문자: `{found}` 앞에 버전과 `.`이 없어 실행 데이터로 읽지 않았습니다. 읽는 버전: \
                     {VERSION}."
                ),
            ),
            LinkProblem::Shape { column, .. } => lang.pick(
                format!("Character {column} of the link: a version and a run's data are missing here."),
                format!("링크의 {column}번째 문자: 여기에 있어야 할 실행의 버전과 데이터가 없습니다."),
            ),
            LinkProblem::Character { column, found } => lang.pick(
                format!(
                    "Character {column} of the link: `{found}` cannot stand in its data, and what follows is not read."
                ),
                format!("링크의 {column}번째 문자: `{found}` 문자는 데이터에 쓸 수 없고, 그 뒤는 읽지 않았습니다."),
            ),
            LinkProblem::Broken { read: 0 } => lang.pick(
                "The link's data is that of no run, ends early or was changed.".into(),
                "링크 데이터가 실행의 것이 아니거나, 중간에 끊겼거나, 바뀌었습니다.".into(),
            ),
            LinkProblem::Broken { read } => {
                let read = grouped(*read as u64);
                lang.pick(
                    format!("The link's data ends early or was changed behind the first {read} bytes of its run."),
                    format!("링크 데이터가 실행의 처음 {read}바이트 뒤에서 끊겼거나 바뀌었습니다."),
                )
            }
            LinkProblem::TooLong => {
                let longest = grouped(MAX_SCRIPT_BYTES as u64);
                lang.pick(
                    format!("The link's run is longer than the {longest} bytes that a run may have."),
                    format!("링크의 실행 내용이 실행의 한도인 {longest}바이트보다 깁니다."),
                )
            }
            LinkProblem::Empty => {
                lang.pick("The link's run is empty.".into(), "링크의 실행이 비어 있습니다.".into())
            }
            LinkProblem::NoText { read: 0 } => {
                lang.pick("The link's data is no text in UTF-8.".into(), "링크 데이터가 UTF-8 텍스트가 아닙니다.".into())
            }
            LinkProblem::NoText { read } => {
                let read = grouped(*read as u64);
                lang.pick(
                    format!("The link's run is no text in UTF-8 behind its first {read} bytes."),
                    format!("링크의 실행이 처음 {read}바이트 뒤부터 UTF-8 텍스트가 아닙니다."),
                )
            }
            LinkProblem::TooManyCharacters { found } => {
                let found = grouped(*found as u64);
                lang.pick(
                    format!("The link has {found} characters; a run as long as this one is handed on as a file."),
                    format!("링크가 {found}자입니다. 이렇게 긴 실행은 파일로 전달합니다."),
                )
            }
            LinkProblem::Unknown { column, found } => lang.pick(
                format!(
                    "Character {column} of the link: `{found}` is not understood; a link has the parts `run=`, `scenario=`, \
                     `at=`, `stage=` and `new`."
                ),
                format!(
                    "링크의 {column}번째 문자: `{found}` 부분을 알 수 없습니다. 링크에 쓰는 것: `run=`, `scenario=`, `at=`, `stage=`, `new`."
                ),
            ),
            LinkProblem::Twice { column, found } => lang.pick(
                format!("Character {column} of the link: `{found}` is given twice, and the first one counts."),
                format!("링크의 {column}번째 문자: `{found}` 부분이 두 번 나옵니다. 앞의 것만 씁니다."),
            ),
            LinkProblem::Scenario { found } => lang.pick(
                format!("`scenario=` in the link takes the id of a ready scenario, and `{found}` is none."),
                format!("링크의 `scenario=`에는 준비된 시나리오의 id를 쓰는데, `{found}` 값은 그렇지 않습니다."),
            ),
            LinkProblem::Stage { found } => lang.pick(
                format!("`stage=` in the address takes `class`, the size for a projector, and `{found}` is none."),
                format!("주소의 `stage=`에는 프로젝터용 크기인 `class`를 쓰는데, `{found}` 값은 그렇지 않습니다."),
            ),
            LinkProblem::Step { column, found } => lang.pick(
                format!(
                    "Character {column} of the link: `at=` takes the number of a step, a whole number from 0 on such as \
                     `at=12`, and `{found}` is none."
                ),
                format!(
                    "링크의 {column}번째 문자: `at=`에는 `at=12`처럼 0 이상의 스텝 번호를 쓰는데, `{found}` 값은 그렇지 않습니다."
                ),
            ),
            LinkProblem::Browser => lang.pick(
                "This browser cannot unfold links (it has no DecompressionStream).".into(),
                "이 브라우저는 링크를 풀 수 없습니다(DecompressionStream 없음).".into(),
            ),
        }
    }
}

/// The fragment for a run's deflated text, beginning with `#`.
pub fn write(data: &[u8], at: Option<u64>) -> String {
    let step = at.map(|at| format!("&at={at}")).unwrap_or_default();
    format!("#run={VERSION}.{}{step}", encoded(data))
}

/// Reads a fragment, with or without its `#`.
pub fn read(fragment: &str) -> LinkAsked {
    let mut asked = LinkAsked::default();
    let found = fragment.chars().count();
    if found > MAX_LINK {
        asked.problems.push(LinkProblem::TooManyCharacters { found });
        return asked;
    }
    let whole = fragment.trim_start_matches('#');
    let mut column = found - whole.chars().count() + 1;
    let mut given = Vec::new();
    for part in whole.split('&') {
        let named = part.split_once('=');
        let own = named.and_then(|(name, _)| ["run", "scenario", "at", "stage"].into_iter().find(|own| *own == name));
        match named {
            _ if own.is_some_and(|own| given.contains(&own)) => {
                asked.problems.extend(own.map(|found| LinkProblem::Twice { column, found }));
            }
            Some(("run", value)) => read_run(value, column + "run=".len(), &mut asked),
            Some(("scenario", value)) => asked.scenario = Some(value.to_owned()),
            Some(("at", value)) => match value.parse() {
                Ok(step) => asked.at = Some(step),
                Err(_) => {
                    asked.problems.push(LinkProblem::Step { column: column + "at=".len(), found: shortened(value) });
                }
            },
            Some(("stage", CLASSROOM)) => asked.classroom = true,
            Some(("stage", value)) => asked.problems.push(LinkProblem::Stage { found: shortened(value) }),
            None if part == "new" => asked.new = true,
            None if part.is_empty() => {}
            _ => asked.problems.push(LinkProblem::Unknown { column, found: shortened(part) }),
        }
        given.extend(own);
        column += part.chars().count() + 1;
    }
    asked
}

/// The text that a link's data unfolded to, as far as it is one, and why the rest is none; `is_whole` when the data came to
/// its end within `longest` bytes.
pub fn unfolded(bytes: Vec<u8>, is_whole: bool, longest: usize, problems: &mut Vec<LinkProblem>) -> Option<String> {
    let found = bytes.len();
    let (text, is_text) = match String::from_utf8(bytes) {
        Ok(text) => (text, true),
        Err(error) => {
            let (valid, is_cut) = (error.utf8_error().valid_up_to(), error.utf8_error().error_len().is_none());
            let text = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
            // Data that ends early may end within a character.
            (text, is_cut && !is_whole)
        }
    };
    let is_told = problems.iter().any(|problem| matches!(problem, LinkProblem::Character { .. }));
    let read = text.len();
    if !is_text {
        problems.push(LinkProblem::NoText { read });
    } else if !is_whole && found >= longest {
        problems.push(LinkProblem::TooLong);
    } else if !is_whole && !is_told {
        problems.push(LinkProblem::Broken { read });
    } else if read == 0 && !is_told {
        problems.push(LinkProblem::Empty);
    }
    Some(text).filter(|text| !text.is_empty())
}

/// The ready scenario that a link asks for is none.
pub fn refused_scenario(found: &str) -> LinkProblem {
    LinkProblem::Scenario { found: shortened(found) }
}

/// Enough of what was found to know it again.
fn shortened(found: &str) -> String {
    found.chars().take(20).collect()
}

fn read_run(value: &str, column: usize, asked: &mut LinkAsked) {
    let Some((version, data)) = value.split_once('.') else {
        asked.problems.push(LinkProblem::Shape { column, found: shortened(value) });
        return;
    };
    if version.parse() != Ok(VERSION) {
        asked.problems.push(LinkProblem::Version { column, found: shortened(version) });
    }
    let (bytes, stray) = decoded(data);
    if let Some((place, found)) = stray {
        asked.problems.push(LinkProblem::Character { column: column + version.chars().count() + place, found });
    }
    asked.data = Some(bytes);
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64url without padding.
fn encoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..=chunk.len() {
            text.push(char::from(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize]));
        }
    }
    text
}

/// The bytes up to the first stray character, and that character with its place, from 1.
fn decoded(text: &str) -> (Vec<u8>, Option<(usize, char)>) {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for (index, character) in text.chars().enumerate() {
        let Some(digit) = DIGITS.iter().position(|&digit| char::from(digit) == character) else {
            return (bytes, Some((index + 1, character)));
        };
        bits = bits << 6 | digit as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    (bytes, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_of_which_nothing_is_left_says_so() {
        let problem = |read| LinkProblem::Broken { read };
        assert!(problem(0).sentence(Lang::En).contains("that of no run"));
        assert!([Lang::En, Lang::Ko].iter().all(|lang| problem(7).sentence(*lang).contains('7')));
    }

    /// Each sentence says what a link may be, and none says how much was opened: one of two that are told together would
    /// be wrong.
    #[test]
    fn no_two_sentences_of_a_link_contradict_each_other() {
        for fragment in
            ["#run=1.!!!!", "#run=9.AAAA", "#run=9.!", "#run=", "#run=1", "#run=1.AAAA&at=x", "#at=-1", "#foo=bar"]
        {
            for problem in read(fragment).problems.iter().chain([&LinkProblem::Broken { read: 0 }]) {
                let (en, ko) = (problem.sentence(Lang::En), problem.sentence(Lang::Ko));
                assert!(en.contains("Allowed: `#run=1.`") && !en.contains("opened"), "{en}");
                assert!(ko.contains("쓸 수 있는 것: `#run=1.`") && !ko.contains("열었"), "{ko}");
                assert!(!matches!(problem, LinkProblem::Character { .. }) || ko.contains("`!` 문자는 "), "{ko}");
            }
        }
    }

    #[test]
    fn a_link_to_no_text_says_so() {
        let of = |bytes: &[u8], is_whole| {
            let mut problems = Vec::new();
            (unfolded(bytes.to_vec(), is_whole, 8, &mut problems), problems)
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(of(b"a b", true), (text("a b"), vec![]));
        assert_eq!(of(b"", true), (None, vec![LinkProblem::Empty]));
        assert_eq!(of(b"", false), (None, vec![LinkProblem::Broken { read: 0 }]));
        assert_eq!(of(&[0xff, 0xfe], true), (None, vec![LinkProblem::NoText { read: 0 }]));
        assert_eq!(of(b"ab\xffcd", true), (text("ab"), vec![LinkProblem::NoText { read: 2 }]));
        assert_eq!(of(b"ab\xea\xb0", true), (text("ab"), vec![LinkProblem::NoText { read: 2 }]));
        assert_eq!(of(b"ab\xea\xb0", false), (text("ab"), vec![LinkProblem::Broken { read: 2 }]));
        assert_eq!(of(b"12345678", false), (text("12345678"), vec![LinkProblem::TooLong]));
    }

    #[test]
    fn of_parts_that_are_given_twice_the_first_counts() {
        let asked = read("#run=1.AAAA&at=5&at=9&run=1.BBBB&new&at=x");
        let twice = |column, found| LinkProblem::Twice { column, found };
        assert_eq!((asked.at, asked.data), (Some(5), Some(vec![0; 3])));
        assert_eq!(asked.problems, [twice(18, "at"), twice(23, "run"), twice(38, "at")]);
        let en = asked.problems[0].sentence(Lang::En);
        assert!(en.contains("Character 18 of the link: `at` is given twice"), "{en}");
    }

    #[test]
    fn a_link_may_ask_for_the_stage_of_a_classroom() {
        let asked = read("#run=1.AAAA&stage=class&at=5");
        assert!(asked.classroom && asked.at == Some(5) && asked.problems.is_empty());
        assert!(!read("#run=1.AAAA").classroom && read("#stage=class").classroom);
        let asked = read("#stage=cinema&stage=class");
        let found = "cinema".to_owned();
        assert_eq!(asked.problems, [LinkProblem::Stage { found }, LinkProblem::Twice { column: 15, found: "stage" }]);
        assert_eq!((refused_stage("class"), refused_stage("").is_some()), (None, true));
        let en = asked.problems[0].sentence(Lang::En);
        assert!(en.contains("takes `class`") && en.contains("`cinema`"), "{en}");
    }

    #[test]
    fn a_link_may_name_a_ready_scenario() {
        let asked = read("#scenario=acks&at=20");
        assert_eq!((asked.scenario.as_deref(), asked.at, asked.problems), (Some("acks"), Some(20), Vec::new()));
        let twice = read("#scenario=acks&scenario=journey");
        assert_eq!(twice.scenario.as_deref(), Some("acks"));
        assert_eq!(twice.problems, [LinkProblem::Twice { column: 16, found: "scenario" }]);
        let told = refused_scenario("constructor");
        assert!([Lang::En, Lang::Ko].iter().all(|lang| told.sentence(*lang).contains("`constructor`")));
    }

    #[test]
    fn a_link_has_a_limited_length() {
        let of = |length: usize| format!("#run=1.{}", "A".repeat(length - 7));
        assert!(read(&of(MAX_LINK)).data.is_some() && read(&of(MAX_LINK)).problems.is_empty());
        let asked = read(&of(MAX_LINK + 1));
        assert_eq!((asked.data, asked.problems), (None, vec![LinkProblem::TooManyCharacters { found: MAX_LINK + 1 }]));
    }

    #[test]
    fn numbers_of_a_link_are_written_in_groups() {
        let said = [LinkProblem::TooLong, LinkProblem::TooManyCharacters { found: 1_234_567 }];
        for (problem, number) in said.iter().zip(["33,554,432 bytes", "1,234,567 characters"]) {
            let en = problem.sentence(Lang::En);
            assert!(en.contains(number) && en.contains("at most 1,000,000 characters"), "{en}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for data in [&b""[..], b"a", b"ab", b"abc", &[0xff, 0xfe, 0x00, 0x7f]] {
            for at in [None, Some(412)] {
                let fragment = write(data, at);
                let expected = LinkAsked { data: Some(data.to_vec()), at, ..LinkAsked::default() };
                assert_eq!(read(&fragment), expected);
                assert_eq!(read(&fragment[1..]), expected);
            }
        }
        for nothing in ["", "#", "#&"] {
            assert_eq!(read(nothing), LinkAsked::default());
        }
        assert!(read("#new").new);
    }

    #[test]
    fn what_is_no_part_of_a_link_is_told() {
        for (fragment, column, found) in [
            ("#foo=bar", 2, "foo=bar"),
            ("#run", 2, "run"),
            ("foo", 1, "foo"),
            ("#at=3&new=1", 7, "new=1"),
            ("#run=1.AAAA&rnu=1.BBBBBBBBBBBBBBBBBBBBBBB", 13, "rnu=1.BBBBBBBBBBBBBB"),
        ] {
            let problem = LinkProblem::Unknown { column, found: found.to_owned() };
            let (en, ko) = (problem.sentence(Lang::En), problem.sentence(Lang::Ko));
            assert_eq!(read(fragment).problems, [problem], "{fragment}");
            let quoted = format!("{column} of the link: `{found}`");
            assert!(
                en.contains(&quoted) && en.contains("`stage=` and `new`") && ko.contains("`stage=`, `new`"),
                "{en} {ko}"
            );
        }
    }
}
