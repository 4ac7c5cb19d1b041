//! Numbers as the page prints them.

use crate::lang::grouped_by;
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
}
