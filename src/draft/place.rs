//! A place of a run, as people type it.

use crate::time::Instant;

/// Where to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum There {
    Instant(Instant),
    /// The step of this number.
    Step(u64),
}

impl There {
    /// `4198.0`, `4 198 ms`, `step 412`, `#412`, `스텝 412`; none for anything else.
    pub fn read(text: &str) -> Option<There> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let text = text.to_lowercase();
        let step = ["step", "#", "스텝"].iter().find_map(|word| text.strip_prefix(word));
        if let Some(step) = step {
            return step.parse().ok().map(There::Step);
        }
        let number = text.strip_suffix("ms").unwrap_or(&text);
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 3 {
            return None;
        }
        let micros = format!("{whole}{part:0<3}").parse().ok()?;
        Some(There::Instant(Instant(micros)))
    }
}
