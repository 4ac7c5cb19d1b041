//! Numbers with a decimal point, read to the nearest floating-point number.
//!
//! `str::parse` does the same, bit for bit, and brings ten kilobytes of powers of five, which a browser would have to
//! fetch; here they are multiplied when they are needed, which is a few times in a run.

use std::cmp::Ordering;

/// Digits that are looked at. More of them decide only whether a number lies above the middle between two others.
const DIGITS: usize = 800;

/// The `f64` that Rust's own `parse` gives; `None` when the text is no number.
pub fn double(text: &str) -> Option<f64> {
    nearest(text, 53, -1022)
}

/// The `f32` that Rust's own `parse` gives; `None` when the text is no number.
pub fn float(text: &str) -> Option<f32> {
    // It is one of the numbers that an `f32` has already, and stays what it is.
    nearest(text, 24, -126).map(|number| number as f32)
}

/// The nearest number of so many binary digits, whose exponent is not below the lowest; of two the even one.
fn nearest(text: &str, bits: i32, lowest: i32) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is = |word: &str| unsigned.eq_ignore_ascii_case(word);
    let size = if is("nan") {
        f64::NAN
    } else if is("inf") || is("infinity") {
        f64::INFINITY
    } else {
        Decimal::read(unsigned)?.nearest(bits, lowest)
    };
    Some(if text.starts_with('-') { -size } else { size })
}

/// `digits` times ten to the power of `exponent`.
struct Decimal {
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    fn read(text: &str) -> Option<Decimal> {
        let (number, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + part.len() == 0 || !is_number(whole) || !is_number(part) {
            return None;
        }
        let mut exponent = whole_number(power)?.saturating_sub(part.len() as i64);
        let mut digits: Vec<u8> = whole.bytes().chain(part.bytes()).skip_while(|byte| *byte == b'0').collect();
        if digits.len() > DIGITS {
            exponent = exponent.saturating_add((digits.len() - DIGITS) as i64);
            let more = digits.split_off(DIGITS).iter().any(|byte| *byte != b'0');
            // As good as all of them: it says that something follows.
            if more {
                digits.push(b'1');
                exponent -= 1;
            }
        }
        Some(Decimal { digits, exponent })
    }

    fn nearest(&self, bits: i32, lowest: i32) -> f64 {
        // Where its first digit stands says what is far outside.
        let first = self.exponent.saturating_add(self.digits.len() as i64);
        if self.digits.is_empty() || first < -400 {
            return 0.0;
        }
        if first > 310 {
            return f64::INFINITY;
        }
        let (mut over, mut under) = (Whole(Vec::new()), Whole(vec![1]));
        self.digits.iter().for_each(|digit| over.times(10, u32::from(digit - b'0')));
        let tens = if self.exponent < 0 { &mut under } else { &mut over };
        (0..self.exponent.unsigned_abs()).for_each(|_| tens.times(10, 0));
        // A quotient of 62 or 63 bits: more than is kept, so that only the rest decides what lies in the middle.
        let shift = 62 - (over.bits() - under.bits());
        let shorter = if shift < 0 { &mut under } else { &mut over };
        shorter.shift(shift.abs());
        let (quotient, is_exact) = over.divided(&under);
        let top = 63 - quotient.leading_zeros() as i32;
        let kept = bits - (lowest - (top - shift)).max(0);
        let dropped = top + 1 - kept;
        if dropped > 64 {
            return 0.0;
        }
        let (quotient, half) = (u128::from(quotient), 1_u128 << (dropped - 1));
        let (mut number, rest) = (quotient >> dropped, quotient & (2 * half - 1));
        if rest > half || rest == half && (!is_exact || number & 1 == 1) {
            number += 1;
        }
        number as f64 * power_of_two(dropped - shift)
    }
}

/// An exponent, however long: what is beyond all numbers ends as a very large one.
fn whole_number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.bytes().fold(0, |size: i64, byte| size.saturating_mul(10).saturating_add(i64::from(byte - b'0')));
    Some(if text.starts_with('-') { -size } else { size })
}

/// Exactly two to this power, from -1074 to 1023.
fn power_of_two(power: i32) -> f64 {
    f64::from_bits(if power < -1022 { 1 << (power + 1074) } else { ((power + 1023) as u64) << 52 })
}

/// A whole number of any size, its lowest 32 bits first, without zeros at its end.
struct Whole(Vec<u32>);

impl Whole {
    fn times(&mut self, factor: u32, plus: u32) {
        let mut carry = u64::from(plus);
        for part in &mut self.0 {
            carry += u64::from(*part) * u64::from(factor);
            *part = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn shift(&mut self, bits: i32) {
        self.0.splice(0..0, vec![0; bits as usize / 32]);
        self.times(1 << (bits % 32), 0);
    }

    fn bits(&self) -> i32 {
        self.0.last().map_or(0, |last| 32 * self.0.len() as i32 - last.leading_zeros() as i32)
    }

    fn is_below(&self, other: &Whole) -> bool {
        let length = self.0.len().cmp(&other.0.len());
        length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev())) == Ordering::Less
    }

    fn minus(&mut self, other: &Whole) {
        let mut borrowed = false;
        for (at, part) in self.0.iter_mut().enumerate() {
            let (less, first) = part.overflowing_sub(other.0.get(at).copied().unwrap_or(0));
            let (less, second) = less.overflowing_sub(u32::from(borrowed));
            (*part, borrowed) = (less, first || second);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// The quotient, of at most 63 bits, and whether nothing is left over.
    fn divided(mut self, by: &Whole) -> (u64, bool) {
        let mut quotient = 0;
        for bit in (0..63).rev() {
            let mut part = Whole(by.0.clone());
            part.shift(bit);
            quotient *= 2;
            if !self.is_below(&part) {
                self.minus(&part);
                quotient += 1;
            }
        }
        (quotient, self.0.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn agrees(text: &str) {
        assert_eq!(double(text).map(f64::to_bits), text.parse().ok().map(f64::to_bits), "{text} as f64");
        assert_eq!(float(text).map(f32::to_bits), text.parse().ok().map(f32::to_bits), "{text} as f32");
    }

    #[test]
    fn the_ends_of_the_range_and_what_is_no_number() {
        let numbers = [
            "0",
            "-0",
            "1",
            "+1.5",
            "5.",
            ".5",
            "1e5",
            "1E+5",
            "1e-5",
            "0.1",
            "123456789012345678901234567890",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "1e309",
            "-1e999999999999",
            "4.9e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "1e-325",
            "1e-99999999999999999999",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "9007199254740993",
            "9007199254740992.999999",
            "3.4028235e38",
            "3.4028236e38",
            "1.4e-45",
            "7e-46",
            "16777217",
            "16777219",
            "inf",
            "-Infinity",
            "0e9999",
            "0.000000000000000000000000000000000000000000000000000000000000000000000001e72",
        ];
        let none = ["", ".", "e5", "1e", "1e+", "1e1.5", "--1", "+-1", "1 ", " 1", "0x1", "1_000", "infinit", "1.2.3"];
        numbers.into_iter().chain(none).for_each(agrees);
        assert!(double("NaN").is_some_and(f64::is_nan) && float("-nan").is_some_and(f32::is_nan));
        // The middle between two numbers, and a digit far behind it.
        let middle = format!("9007199254740993.{}", "0".repeat(1200));
        agrees(&middle);
        agrees(&format!("{middle}1"));
        agrees(&"9".repeat(2000));
    }

    proptest! {
        #[test]
        fn every_number_comes_back(bits in any::<u64>(), short in any::<u32>()) {
            agrees(&format!("{:e}", f64::from_bits(bits)).replace("NaN", "1"));
            agrees(&format!("{:e}", f32::from_bits(short)).replace("NaN", "1"));
        }

        #[test]
        fn any_digits_are_read_as_rust_reads_them(text in "[-+]?[0-9]{0,25}\\.?[0-9]{0,25}(e[-+]?[0-9]{1,3})?") {
            agrees(&text);
        }
    }
}
