//! Sums, products and shifts of whole numbers that a program writes out, and sums of texts.

use super::tokens::Kind;
use super::values::{Source, number};

/// From a token to behind another.
type Range = (usize, usize);

/// Operators, those that bind least first. Kotlin's `shl` and `shr` bind as the signs of Java do here.
const LEVELS: [&[&str]; 3] = [&["<<", ">>", "shl", "shr"], &["+", "-"], &["*", "/", "%"]];

impl Source<'_, '_> {
    /// Sums of texts and numbers; sums, differences, products, quotients and shifts of whole numbers.
    pub(super) fn operation(&self, from: usize, to: usize, depth: u32) -> Option<String> {
        for operators in LEVELS {
            let (first, rest) = self.operands(from, to, operators);
            if rest.is_empty() {
                continue;
            }
            let mut left = self.eval_within(first.0, first.1, depth)?;
            let mut is_text = self.is_text(first);
            for (operator, of) in rest {
                let right = self.eval_within(of.0, of.1, depth)?;
                is_text |= self.is_text(of);
                left = match (number(&left), number(&right)) {
                    (Some(a), Some(b)) if !is_text => self.calculated(a, operator, b, (from, to))?.to_string(),
                    _ if operator == "+" => left + &right,
                    _ => return None,
                };
                is_text |= number(&left).is_none();
            }
            return Some(left);
        }
        if self.is(from, "-") {
            return self
                .eval_within(from + 1, to, depth)
                .and_then(|n| number(&n)?.checked_neg())
                .map(|n| n.to_string());
        }
        None
    }

    fn is_text(&self, (from, to): Range) -> bool {
        to - from == 1 && matches!(self.tokens[from].kind, Kind::Text(_))
    }

    /// In the type that Java gives it: `int`, and `long` when one of its numbers is.
    fn calculated(&self, a: i64, operator: &str, b: i64, (from, to): Range) -> Option<i64> {
        let tokens = || self.tokens[from..to].iter();
        let long = tokens().any(|token| match token.kind {
            Kind::Number => token.source.ends_with(['l', 'L']),
            Kind::Word => matches!(token.source, "Long" | "long" | "toLong" | "Duration" | "toMillis"),
            _ => false,
        });
        // Of what type a name is stands elsewhere: then the number as it is.
        const OF_INT: &[&str] = &["Integer", "Int", "MAX_VALUE", "MIN_VALUE", "shl", "shr"];
        let int = !long && tokens().all(|token| token.kind != Kind::Word || OF_INT.contains(&token.source));
        let places = u32::try_from(b & if int { 31 } else { 63 }).ok()?;
        let exact = match operator {
            "<<" | "shl" => Some(if int { i64::from((a as i32) << places) } else { a << places }),
            ">>" | "shr" => Some(a >> places),
            "+" => a.checked_add(b),
            "-" => a.checked_sub(b),
            "*" => a.checked_mul(b),
            "/" => a.checked_div(b),
            _ => a.checked_rem(b),
        }?;
        Some(if int { i64::from(exact as i32) } else { exact })
    }

    /// The operands between these operators outside of brackets: the first, and each further one with what stands before it.
    pub(super) fn operands(
        &self,
        from: usize,
        to: usize,
        operators: &[&'static str],
    ) -> (Range, Vec<(&'static str, Range)>) {
        let mut ends: Vec<(usize, &'static str, usize)> = Vec::new();
        let (mut start, mut depth) = (from, 0);
        for i in from..to {
            match self.sign(i) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth -= 1,
                _ => {}
            }
            // A sign at the beginning of an operand, or behind another operator, belongs to the operand.
            let infix = depth == 0 && i > start && !matches!(self.sign(i - 1), "+" | "-" | "*" | "/" | "%" | "<" | ">");
            let here = |operator: &&&str| match operator.len() {
                2 => self.is(i, &operator[..1]) && self.is(i + 1, &operator[..1]),
                _ => self.is(i, operator),
            };
            if let Some(operator) = operators.iter().find(here).filter(|_| infix) {
                start = i + if operator.len() == 2 { 2 } else { 1 };
                ends.push((i, operator, start));
            }
        }
        let first = (from, ends.first().map_or(to, |(at, ..)| *at));
        let next = |n: usize| ends.get(n + 1).map_or(to, |(at, ..)| *at);
        (first, ends.iter().enumerate().map(|(n, (_, operator, start))| (*operator, (*start, next(n)))).collect())
    }

    /// `Integer.MAX_VALUE` and such, that end before `to`.
    pub(super) fn limit_of_a_type(&self, to: usize) -> Option<String> {
        let class = self.word(to.checked_sub(3)?)?;
        let (least, most) = match class {
            "Integer" | "Int" => (i64::from(i32::MIN), i64::from(i32::MAX)),
            "Long" => (i64::MIN, i64::MAX),
            "Short" => (i64::from(i16::MIN), i64::from(i16::MAX)),
            "Byte" => (i64::from(i8::MIN), i64::from(i8::MAX)),
            _ => return None,
        };
        match self.word(to - 1)? {
            "MAX_VALUE" => Some(most.to_string()),
            "MIN_VALUE" => Some(least.to_string()),
            _ => None,
        }
    }
}
