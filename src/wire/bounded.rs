//! Bytes that come from outside: no length in them is believed before there are as many bytes.
//!
//! The messages' crate asks for the memory of an array before it looks how much there is to read. So a message is read
//! twice: first as a trial, in which a length that is greater than what is left ends the reading, then in earnest.

use bytes::{Buf, Bytes, TryGetError};
use kafka_protocol::protocol::buf::ByteBuf;

/// A varint may also be the number of a tagged field, which is no length: so much above what is left is let pass.
const TAGS: u64 = 4096;

/// What is left of a message.
pub struct Bounded {
    bytes: Bytes,
    trial: bool,
    /// What the bytes read last, without a pause, give as a varint, and how many bits they have.
    varint: (u64, u32),
    /// In a trial: the last number that was read, if it is greater than what is left behind it.
    beyond: Option<(u64, usize)>,
}

/// Reads a message with a decoder of the crate. Fails with a sentence.
pub fn decode<T>(bytes: &Bytes, decoder: impl Fn(&mut Bounded) -> Result<T, String>) -> Result<T, String> {
    let mut trial = Bounded { bytes: bytes.clone(), trial: true, varint: (0, 0), beyond: None };
    if let Err(sentence) = decoder(&mut trial) {
        return Err(match trial.beyond {
            Some((length, left)) => format!("a length of {length} where {left} bytes are left"),
            None => sentence.trim().to_owned(),
        });
    }
    decoder(&mut Bounded { bytes: bytes.clone(), trial: false, varint: (0, 0), beyond: None })
}

impl Bounded {
    /// Something else than a byte of a varint is read.
    const fn go_on(&mut self) {
        self.varint = (0, 0);
        self.beyond = None;
    }
}

impl Buf for Bounded {
    fn remaining(&self) -> usize {
        self.bytes.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.bytes.chunk()
    }

    fn advance(&mut self, count: usize) {
        self.go_on();
        self.bytes.advance(count);
    }

    /// A boolean, or a byte of a varint.
    fn try_get_u8(&mut self) -> Result<u8, TryGetError> {
        let byte = self.bytes.try_get_u8()?;
        let (value, bits) = self.varint;
        let value = value | u64::from(byte & 0x7f) << bits;
        let left = self.bytes.remaining();
        self.beyond = None;
        if self.trial && value > left as u64 + TAGS {
            self.beyond = Some((value, left));
            return Err(TryGetError { requested: usize::try_from(value).unwrap_or(usize::MAX), available: left });
        }
        // What goes on beyond a varint's five bytes was more than is left long ago.
        self.varint = if byte < 0x80 { (0, 0) } else { (value, (bits + 7).min(56)) };
        Ok(byte)
    }

    /// A number, or the length of an array or of bytes: in a trial one that is greater than what is left is given as -2,
    /// which is no length, and harmless as a number.
    fn try_get_i32(&mut self) -> Result<i32, TryGetError> {
        self.go_on();
        let number = self.bytes.try_get_i32()?;
        let left = self.bytes.remaining();
        match u64::try_from(number) {
            Ok(length) if self.trial && length > left as u64 => {
                self.beyond = Some((length, left));
                Ok(-2)
            }
            _ => Ok(number),
        }
    }
}

impl ByteBuf for Bounded {
    fn peek_bytes(&mut self, range: std::ops::Range<usize>) -> Bytes {
        self.bytes.slice(range)
    }

    fn get_bytes(&mut self, size: usize) -> Bytes {
        self.go_on();
        self.bytes.split_to(size)
    }
}
