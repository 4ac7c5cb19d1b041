//! What is typed of an embed, and why it is none.

use super::{Embed, LEAST_HEIGHT, MOST_HEIGHT};
use crate::lang::{Sentence, both, grouped};
use crate::script::MAX_RUN_MOVES;

/// As much of a text as a sentence quotes.
const QUOTED: usize = 60;

/// A step as one types it: `61`, `step 61`, `스텝 61`.
pub fn step(text: &str) -> Result<u64, Sentence> {
    let bare = text.trim().to_ascii_lowercase();
    let digits = ["step", "#", "스텝"].iter().find_map(|word| bare.strip_prefix(word)).unwrap_or(&bare).trim();
    number(digits, 0, MAX_RUN_MOVES).ok_or_else(|| {
        let (found, most) = (quoted(text), grouped(MAX_RUN_MOVES));
        both(
            format!("“{found}” is no step. Allowed: a whole number from 0 to {most}."),
            format!("“{found}”: 스텝이 아닙니다. 쓸 수 있는 것: 0에서 {most}까지의 정수."),
        )
    })
}

/// A height in CSS pixels.
pub fn height(text: &str) -> Result<u32, Sentence> {
    let (least, most) = (LEAST_HEIGHT, MOST_HEIGHT);
    let number = number(text.trim(), u64::from(least), u64::from(most)).and_then(|height| u32::try_from(height).ok());
    number.ok_or_else(|| {
        let found = quoted(text);
        both(
            format!("“{found}” is no height. Allowed: a whole number of pixels from {least} to {most}."),
            format!("“{found}”: 높이가 아닙니다. 쓸 수 있는 것: {least}에서 {most}까지의 픽셀 수."),
        )
    })
}

/// Partitions with commas or spaces between them, each of which the run has.
pub fn partitions(text: &str, known: &[String]) -> Result<Vec<String>, Sentence> {
    let mut found: Vec<String> = Vec::new();
    for name in text.split([',', ' ']).filter(|name| !name.is_empty()) {
        if !known.iter().any(|known| known == name) {
            let (name, some) = (quoted(name), known.iter().take(6).map(String::as_str).collect::<Vec<_>>().join(", "));
            let more = if known.len() > 6 { ", …" } else { "" };
            return Err(both(
                format!("“{name}” is no partition of this run here. Allowed: {some}{more}."),
                format!("“{name}”: 지금 이 실행에 없는 파티션입니다. 쓸 수 있는 것: {some}{more}."),
            ));
        }
        if !found.iter().any(|found| found == name) {
            found.push(name.to_owned());
        }
    }
    Ok(found)
}

impl Embed {
    /// What contradicts itself in what was chosen.
    pub fn contradiction(&self) -> Option<Sentence> {
        if self.show.is_empty() {
            return Some(both(
                "Nothing would be shown. Allowed: at least one part.",
                "아무것도 보이지 않게 됩니다. 쓸 수 있는 것: 부분 하나 이상.",
            ));
        }
        let (step, until) = (self.step?, self.until?);
        (until <= step).then(|| {
            both(
                format!("It would end at step {until}, where it opens or before. Allowed: a step behind {step}."),
                format!(
                    "여는 위치와 같거나 그보다 앞인 스텝 {until}에서 끝납니다. 쓸 수 있는 것: {step}보다 뒤의 스텝."
                ),
            )
        })
    }
}

fn number(digits: &str, least: u64, most: u64) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|number| is_number && (least..=most).contains(number))
}

fn quoted(text: &str) -> String {
    let mut found: String = text.trim().chars().take(QUOTED).collect();
    if found.len() < text.trim().len() {
        found.push('…');
    }
    found
}
