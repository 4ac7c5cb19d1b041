//! Runs in links: `#run=1.<data>&at=<step>`. The data is a run's stored text, deflated, in base64url; the number before
//! it is the version of this packing. The text has a version of its own. Inflating is the browser's business.

use crate::lang::Lang;

/// The version that links are written in.
pub const VERSION: u32 = 1;

/// What the fragment of an address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkAsked {
    /// The deflated text of a run.
    pub data: Option<Vec<u8>>,
    /// The step to stand at.
    pub at: Option<u64>,
    /// `#new`: leave the stored run and begin one.
    pub new: bool,
    /// What could not be read.
    pub problems: Vec<LinkProblem>,
}

/// What is wrong with a link. Columns are characters of the fragment, from 1, its `#` among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkProblem {
    /// A version this page does not know: what it understands is read.
    Version { column: usize, found: String },
    /// No version and data at all.
    Shape { column: usize },
    /// A character that base64url does not have.
    Character { column: usize, found: char },
    /// The data ends early or was changed: so many bytes of the text were read.
    Broken { read: usize },
    /// It unfolds to more than so many bytes.
    TooLong { longest: usize },
    /// A step that is no number.
    Step { column: usize, found: String },
    /// This browser cannot inflate.
    Browser,
}

impl LinkProblem {
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            LinkProblem::Version { column, found } => lang.pick(
                format!("Character {column} of the link: its version is {found}, and this page reads version {VERSION}. What it understands was opened."),
                format!("링크의 {column}번째 문자: 버전이 {found}이고 이 페이지는 버전 {VERSION}만 읽습니다. 이해한 부분만 열었습니다."),
            ),
            LinkProblem::Shape { column } => lang.pick(
                format!("Character {column} of the link: the run should read `{VERSION}.` and then its data. Nothing of it was opened."),
                format!("링크의 {column}번째 문자: 실행 내용은 `{VERSION}.` 다음에 데이터가 와야 합니다. 열지 않았습니다."),
            ),
            LinkProblem::Character { column, found } => lang.pick(
                format!("Character {column} of the link is `{found}`; letters, digits, - and _ are allowed. What stands before it was opened."),
                format!("링크의 {column}번째 문자는 `{found}`입니다. 영문자, 숫자, -, _만 허용됩니다. 그 앞부분만 열었습니다."),
            ),
            LinkProblem::Broken { read: 0 } => lang.pick(
                "The link's data ends early or was changed. Nothing of its run could be read.".into(),
                "링크 데이터가 중간에 끊겼거나 바뀌었습니다. 실행 내용을 전혀 읽지 못했습니다.".into(),
            ),
            LinkProblem::Broken { read } => lang.pick(
                format!("The link's data ends early or was changed. The first {read} bytes of its run were opened."),
                format!("링크 데이터가 중간에 끊겼거나 바뀌었습니다. 실행 내용의 처음 {read}바이트만 열었습니다."),
            ),
            LinkProblem::TooLong { longest } => lang.pick(
                format!("The link's run is longer than {longest} bytes. Its beginning was opened."),
                format!("링크의 실행 내용이 {longest}바이트보다 깁니다. 앞부분만 열었습니다."),
            ),
            LinkProblem::Step { column, found } => lang.pick(
                format!("Character {column} of the link: its step is `{found}`; a whole number is allowed. The run was opened without it."),
                format!("링크의 {column}번째 문자: 스텝이 `{found}`입니다. 정수만 허용됩니다. 스텝 없이 열었습니다."),
            ),
            LinkProblem::Browser => lang.pick(
                "This browser cannot unfold links (it has no DecompressionStream). Nothing of the link was opened.".into(),
                "이 브라우저는 링크를 풀 수 없습니다(DecompressionStream 없음). 열지 않았습니다.".into(),
            ),
        }
    }
}

/// Whether a fragment asks for anything of ours.
pub fn is_link(fragment: &str) -> bool {
    let mut parts = fragment.trim_start_matches('#').split('&');
    parts.any(|part| part == "new" || part.starts_with("run=") || part.starts_with("at="))
}

/// The fragment for a run's deflated text, beginning with `#`.
pub fn write(data: &[u8], at: Option<u64>) -> String {
    let step = at.map(|at| format!("&at={at}")).unwrap_or_default();
    format!("#run={VERSION}.{}{step}", encoded(data))
}

/// Reads a fragment, with or without its `#`. What is no part of a link is passed over.
pub fn read(fragment: &str) -> LinkAsked {
    let mut asked = LinkAsked::default();
    let whole = fragment.trim_start_matches('#');
    let mut column = fragment.chars().count() - whole.chars().count() + 1;
    for part in whole.split('&') {
        match part.split_once('=') {
            Some(("run", value)) => read_run(value, column + "run=".len(), &mut asked),
            Some(("at", value)) => match value.parse() {
                Ok(step) => asked.at = Some(step),
                Err(_) => {
                    let found = value.chars().take(20).collect();
                    asked.problems.push(LinkProblem::Step { column: column + "at=".len(), found });
                }
            },
            None if part == "new" => asked.new = true,
            _ => {}
        }
        column += part.chars().count() + 1;
    }
    asked
}

fn read_run(value: &str, column: usize, asked: &mut LinkAsked) {
    let Some((version, data)) = value.split_once('.') else {
        asked.problems.push(LinkProblem::Shape { column });
        return;
    };
    if version.parse() != Ok(VERSION) {
        asked.problems.push(LinkProblem::Version { column, found: version.chars().take(20).collect() });
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
        for lang in [Lang::En, Lang::Ko] {
            assert!(!LinkProblem::Broken { read: 0 }.sentence(lang).contains('0'));
            assert!(LinkProblem::Broken { read: 7 }.sentence(lang).contains('7'));
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for data in [&b""[..], b"a", b"ab", b"abc", &[0xff, 0xfe, 0x00, 0x7f]] {
            for at in [None, Some(412)] {
                let fragment = write(data, at);
                assert!(is_link(&fragment));
                let expected = LinkAsked { data: Some(data.to_vec()), at, ..LinkAsked::default() };
                assert_eq!(read(&fragment), expected);
                assert_eq!(read(&fragment[1..]), expected);
            }
        }
        assert_eq!(read("#scene"), LinkAsked::default());
        assert!(!is_link("#scene"));
        assert!(read("#new").new);
    }
}
