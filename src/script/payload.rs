//! Bytes as a script writes them: text with `{i}`, or `hex:`.

use std::sync::Arc;

/// The key or value of records: `key=user-{i}` or `value=hex:00ff`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Payload {
    /// UTF-8 text; each `{i}` stands for the number of the record, from 0. Never begins with `hex:`.
    Text(Arc<str>),
    Hex(Arc<[u8]>),
}

const COUNTER: &str = "{i}";

impl Payload {
    /// The payload whose bytes are exactly these, whatever they contain.
    pub fn literal(bytes: &[u8]) -> Payload {
        match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains(COUNTER) && !text.starts_with("hex:") => Payload::Text(Arc::from(text)),
            _ => Payload::Hex(Arc::from(bytes)),
        }
    }

    /// As a script writes it; None when it begins with `hex:` and is no hexadecimal of whole bytes.
    pub fn parse(text: &str) -> Option<Payload> {
        let Some(digits) = text.strip_prefix("hex:") else { return Some(Payload::Text(Arc::from(text))) };
        if digits.len() % 2 != 0 {
            return None;
        }
        let nibble = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
        let bytes: Option<Vec<u8>> =
            digits.as_bytes().chunks(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?)).collect();
        bytes.map(|bytes| Payload::Hex(Arc::from(bytes)))
    }

    /// The bytes of record `i`.
    pub fn expand(&self, i: u64) -> Vec<u8> {
        match self {
            Payload::Text(text) if text.contains(COUNTER) => text.replace(COUNTER, &i.to_string()).into_bytes(),
            Payload::Text(text) => text.as_bytes().to_vec(),
            Payload::Hex(bytes) => bytes.to_vec(),
        }
    }

    /// Whether the bytes differ from record to record.
    pub fn counts(&self) -> bool {
        matches!(self, Payload::Text(text) if text.contains(COUNTER))
    }

    /// The length in bytes of the longest of so many records, which is the last.
    pub fn longest(&self, records: u64) -> usize {
        match self {
            Payload::Text(text) => {
                let digits = records.saturating_sub(1).checked_ilog10().unwrap_or(0) as usize + 1;
                let counters = text.matches(COUNTER).count();
                text.len() - counters * COUNTER.len() + counters * digits
            }
            Payload::Hex(bytes) => bytes.len(),
        }
    }
}

impl std::fmt::Display for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Payload::Text(text) => f.write_str(text),
            Payload::Hex(bytes) => {
                f.write_str("hex:")?;
                bytes.iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_bytes_come_back() {
        for bytes in [&b"plain"[..], b"with {i}", b"hex:zz", b"\xff\x00", b""] {
            let payload = Payload::literal(bytes);
            assert_eq!(payload.expand(7), bytes);
            assert_eq!(Payload::parse(&payload.to_string()).as_ref(), Some(&payload));
            assert_eq!(payload.longest(1_000), bytes.len());
        }
    }

    #[test]
    fn a_counter_counts() {
        let payload = Payload::parse("a{i}-{i}").unwrap();
        assert_eq!(payload.expand(12), b"a12-12");
        for records in [1, 10, 11, 100, 101, 1_000_000] {
            assert_eq!(payload.longest(records), payload.expand(records - 1).len());
        }
        assert!(payload.counts());
        assert_eq!(Payload::parse("hex:0"), None);
        assert_eq!(Payload::parse("hex:0g"), None);
        assert_eq!(Payload::parse("hex:주문"), None);
        assert_eq!(Payload::parse("hex:FFa0"), Some(Payload::Hex(Arc::from(&[0xff, 0xa0][..]))));
    }
}
