//! A place of a run, as people type it.

use crate::lang::{Sentence, both, grouped};
use crate::script::MAX_RUN_MOVES;
use crate::time::Instant;

/// Where to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum There {
    Instant(Instant),
    /// The step of this number.
    Step(u64),
}

/// Why a text is no place.
enum Nowhere {
    Neither,
    /// No run comes so far.
    Behind,
}

impl There {
    /// `4198.0`, `4 198 ms`, `step 412`, `#412`, `스텝 412`; the sentence for anything else, which says what is allowed.
    pub fn read(text: &str) -> Result<There, Sentence> {
        There::found(text).map_err(|nowhere| nowhere.sentence(text))
    }

    fn found(text: &str) -> Result<There, Nowhere> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let text = text.to_ascii_lowercase();
        let step = ["step", "#", "스텝"].iter().find_map(|word| text.strip_prefix(word));
        if let Some(step) = step {
            // A step is a move at least.
            return number(step, MAX_RUN_MOVES).map(There::Step);
        }
        let ms = text.strip_suffix("ms").unwrap_or(&text);
        let (whole, part) = ms.split_once('.').unwrap_or((ms, ""));
        if whole.is_empty() || part.len() > 3 {
            return Err(Nowhere::Neither);
        }
        number(&format!("{whole}{part:0<3}"), Instant::END.micros()).map(|micros| There::Instant(Instant(micros)))
    }
}

/// What has digits and is no number is too long for one.
fn number(digits: &str, most: u64) -> Result<u64, Nowhere> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Nowhere::Neither);
    }
    digits.parse().ok().filter(|number| *number <= most).ok_or(Nowhere::Behind)
}

impl Nowhere {
    fn sentence(&self, text: &str) -> Sentence {
        let mut found: String = text.chars().take(60).collect();
        if found.len() < text.len() {
            found.push('…');
        }
        let (en, ko) = match self {
            Nowhere::Neither => ("is no time and no step", "시각도 스텝도 아닙니다"),
            Nowhere::Behind => ("is behind the end of any run", "어느 실행의 끝보다도 뒤입니다"),
        };
        let [ms, steps] = [Instant::END.millis(), MAX_RUN_MOVES].map(grouped);
        both(
            format!(
                "“{found}” {en}. Allowed: milliseconds from 0 to {ms} (a year) with up to three decimals (4198.0), or \
                 step 412, up to {steps}."
            ),
            format!(
                "“{found}”: {ko}. 쓸 수 있는 것: 소수점 셋째 자리까지의 밀리초(4198.0), 0에서 {ms}(1년)까지, 또는 스텝 412, \
                 최대 {steps}."
            ),
        )
    }
}
