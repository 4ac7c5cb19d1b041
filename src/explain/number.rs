//! Numbers as the page prints them.

use crate::lang::{Sentence, both, grouped_by};
use crate::time::Instant;

/// Between groups of three digits: a narrow no-break space.
const GROUP: char = '\u{202f}';

/// A whole number in groups of three digits: `16 384`.
pub fn grouped(number: u64) -> String {
    grouped_by(number, GROUP)
}

/// A point of time in milliseconds with one decimal: `4 198.0`.
pub fn ms(at: Instant) -> String {
    decimal_ms(at.micros())
}

/// Microseconds as milliseconds with one decimal, rounded down.
pub fn decimal_ms(micros: u64) -> String {
    format!("{}.{}", grouped(micros / 1000), micros % 1000 / 100)
}

/// A size: `157 B`.
pub fn bytes(count: u64) -> String {
    format!("{} B", grouped(count))
}

/// Which one of a row: `first`, `21st`; `첫 번째`, `21번째`.
pub fn ordinal(number: u64) -> Sentence {
    match number {
        1 => both("first", "첫 번째"),
        2 => both("second", "두 번째"),
        3 => both("third", "세 번째"),
        _ => {
            let end = match (number % 10, number % 100) {
                (_, 11..=13) => "th",
                (1, _) => "st",
                (2, _) => "nd",
                (3, _) => "rd",
                _ => "th",
            };
            both(format!("{}{end}", grouped(number)), format!("{}번째", grouped(number)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_with_narrow_spaces() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1000), "1\u{202f}000");
        assert_eq!(grouped(33_554_432), "33\u{202f}554\u{202f}432");
        assert_eq!(ms(Instant(4_198_049)), "4\u{202f}198.0");
        assert_eq!(ms(Instant(999)), "0.9");
        assert_eq!(bytes(157), "157 B");
    }

    #[test]
    fn which_one_of_a_row_ends_as_it_is_spoken() {
        let said: Vec<String> =
            [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 24, 101, 111, 112, 113, 122].map(|number| ordinal(number).en).into();
        let words = "first second third 4th 11th 12th 13th 21st 22nd 23rd 24th 101st 111th 112th 113th 122nd";
        assert_eq!(said.join(" "), words);
        assert_eq!(
            [1, 2, 3, 4, 21].map(|number| ordinal(number).ko).join(", "),
            "첫 번째, 두 번째, 세 번째, 4번째, 21번째"
        );
    }
}
