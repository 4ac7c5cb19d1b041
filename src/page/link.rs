//! Runs in links: `#run=1.<data>&at=<step>`. The data is a run's stored text, deflated, in base64url; the number before
//! it is the version of this packing. The text has a version of its own.

use partita::script::Lang;

use super::stream;

/// The version that links are written in.
const VERSION: u32 = 1;
/// The longest text that a link may unfold to, in bytes. A run of 50,000 pasted records fits.
const LONGEST: usize = 16 * 1024 * 1024;

/// What the fragment of an address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The run's text, as far as it could be read.
    pub text: Option<String>,
    /// The step to stand at.
    pub at: Option<u64>,
    /// `#new`: leave the stored run and begin one.
    pub new: bool,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A version this page does not know: from a newer Partita.
    Version(String),
    /// No version and data at all.
    Shape,
    /// A character that base64url does not have: its place in the data, from 1.
    Character { place: usize, found: char },
    /// The data ends early or was changed: so many bytes of the text were read.
    Broken { read: usize },
    /// It unfolds to more than `LONGEST`.
    TooLong,
    /// A step that is no number.
    Step(String),
    /// This browser cannot inflate.
    Browser,
}

impl Problem {
    pub fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Problem::Version(found), Lang::En) => {
                format!("The link is of version {found}; this page reads version {VERSION}. Nothing of it was opened.")
            }
            (Problem::Version(found), Lang::Ko) => {
                format!("링크의 버전은 {found}입니다. 이 페이지는 버전 {VERSION}만 읽을 수 있어 열지 않았습니다.")
            }
            (Problem::Shape, Lang::En) => {
                format!("The link's run should read `{VERSION}.` and then its data. Nothing of it was opened.")
            }
            (Problem::Shape, Lang::Ko) => {
                format!("링크의 실행 내용은 `{VERSION}.` 다음에 데이터가 와야 합니다. 열지 않았습니다.")
            }
            (Problem::Character { place, found }, Lang::En) => format!(
                "Character {place} of the link's data is `{found}`; letters, digits, - and _ are allowed. What stands before it was opened."
            ),
            (Problem::Character { place, found }, Lang::Ko) => format!(
                "링크 데이터의 {place}번째 문자는 `{found}`입니다. 영문자, 숫자, -, _만 허용됩니다. 그 앞부분만 열었습니다."
            ),
            (Problem::Broken { read }, Lang::En) => {
                format!("The link's data ends early or was changed. The first {read} bytes of its run were opened.")
            }
            (Problem::Broken { read }, Lang::Ko) => {
                format!("링크 데이터가 중간에 끊겼거나 바뀌었습니다. 실행 내용의 처음 {read}바이트만 열었습니다.")
            }
            (Problem::TooLong, Lang::En) => {
                format!("The link's run is longer than {LONGEST} bytes. Its beginning was opened.")
            }
            (Problem::TooLong, Lang::Ko) => {
                format!("링크의 실행 내용이 {LONGEST}바이트보다 깁니다. 앞부분만 열었습니다.")
            }
            (Problem::Step(found), Lang::En) => {
                format!("The link's step is `{found}`; a whole number is allowed. The run was opened at its start.")
            }
            (Problem::Step(found), Lang::Ko) => {
                format!("링크의 스텝은 `{found}`입니다. 정수만 허용됩니다. 실행의 처음을 열었습니다.")
            }
            (Problem::Browser, Lang::En) => {
                "This browser cannot unfold links (it has no DecompressionStream). Nothing of the link was opened."
                    .into()
            }
            (Problem::Browser, Lang::Ko) => {
                "이 브라우저는 링크를 풀 수 없습니다(DecompressionStream 없음). 열지 않았습니다.".into()
            }
        }
    }
}

/// The fragment for a run's text, beginning with `#`. `None` when this browser cannot compress.
pub async fn fragment(text: &str, at: Option<u64>) -> Option<String> {
    let data = stream::deflated(text.as_bytes()).await.ok()?;
    let step = at.map(|at| format!("&at={at}")).unwrap_or_default();
    Some(format!("#run={VERSION}.{}{step}", encoded(&data)))
}

/// Reads a fragment, with or without its `#`. What is no part of a link is passed over.
pub async fn read(fragment: &str) -> Asked {
    let mut asked = Asked::default();
    for part in fragment.trim_start_matches('#').split('&') {
        match part.split_once('=') {
            Some(("run", value)) => read_run(value, &mut asked).await,
            Some(("at", value)) => match value.parse() {
                Ok(step) => asked.at = Some(step),
                Err(_) => asked.problems.push(Problem::Step(value.chars().take(20).collect())),
            },
            None if part == "new" => asked.new = true,
            _ => {}
        }
    }
    asked
}

async fn read_run(value: &str, asked: &mut Asked) {
    let Some((version, data)) = value.split_once('.') else {
        asked.problems.push(Problem::Shape);
        return;
    };
    if version.parse() != Ok(VERSION) {
        asked.problems.push(Problem::Version(version.chars().take(20).collect()));
        return;
    }
    let (bytes, stray) = decoded(data);
    let Ok(inflated) = stream::inflated(&bytes, LONGEST).await else {
        asked.problems.push(Problem::Browser);
        return;
    };
    let text = valid_text(inflated.bytes);
    let problem = match stray {
        Some((place, found)) => Some(Problem::Character { place, found }),
        None if inflated.complete => None,
        None if text.len() >= LONGEST => Some(Problem::TooLong),
        None => Some(Problem::Broken { read: text.len() }),
    };
    asked.problems.extend(problem);
    asked.text = Some(text);
}

/// The text up to the first byte that is no UTF-8.
fn valid_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let valid = error.utf8_error().valid_up_to();
        String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned()
    })
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
