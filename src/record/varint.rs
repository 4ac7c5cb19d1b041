//! Zigzag numbers of variable length (`ByteUtils`), and a reader that fails as Java's `ByteBuffer` does.

use super::exception::RecordException;

/// Bytes of a zigzag varint: 1 to 5.
pub const fn size_of_varint(value: i32) -> i32 {
    size_of(zigzag(value as i64) & 0xffff_ffff)
}

/// Bytes of a zigzag varlong: 1 to 10.
pub const fn size_of_varlong(value: i64) -> i32 {
    size_of(zigzag(value))
}

pub fn write_varint(out: &mut Vec<u8>, value: i32) {
    write(out, zigzag(i64::from(value)) & 0xffff_ffff);
}

pub fn write_varlong(out: &mut Vec<u8>, value: i64) {
    write(out, zigzag(value));
}

const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

const fn size_of(raw: u64) -> i32 {
    let bits = 64 - (raw | 1).leading_zeros() as i32;
    (bits + 6) / 7
}

fn write(out: &mut Vec<u8>, mut raw: u64) {
    while raw >= 0x80 {
        out.push(raw as u8 | 0x80);
        raw >>= 7;
    }
    out.push(raw as u8);
}

/// Reads on in `bytes`, as from a `ByteBuffer`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0 }
    }

    pub fn position(&self) -> usize {
        self.at
    }

    pub fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub fn byte(&mut self) -> Result<u8, RecordException> {
        let byte =
            self.bytes.get(self.at).ok_or_else(|| RecordException::without_message("BufferUnderflowException"))?;
        self.at += 1;
        Ok(*byte)
    }

    pub fn varint(&mut self) -> Result<i32, RecordException> {
        let mut raw = 0_u32;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?;
            raw |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(unzigzag(u64::from(raw)) as i32);
            }
        }
        let byte = self.byte()?;
        // Java shifts the signed byte, so that an overlong number shows its sign in the message.
        raw |= (i32::from(byte as i8) << 28) as u32;
        if byte >= 0x80 {
            return Err(RecordException::illegal_argument(format!(
                "Varint is too long, the most significant bit in the 5th byte is set, converted value: {raw:x}"
            )));
        }
        Ok(unzigzag(u64::from(raw)) as i32)
    }

    pub fn varlong(&mut self) -> Result<i64, RecordException> {
        let mut raw = 0_u64;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            if byte < 0x80 {
                return Ok(unzigzag(raw | u64::from(byte) << shift));
            }
            raw |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if shift > 63 {
                return Err(RecordException::illegal_argument(format!(
                    "Varlong is too long, most significant bit in the 10th byte is set, converted value: {raw:x}"
                )));
            }
        }
    }

    /// `Utils.readBytes`: `None` for a negative size.
    pub fn bytes(&mut self, size: i32) -> Result<Option<&'a [u8]>, RecordException> {
        let Ok(size) = usize::try_from(size) else { return Ok(None) };
        let rest = &self.bytes[self.at..];
        let Some(taken) = rest.get(..size) else {
            return Err(RecordException::illegal_argument(format!("newLimit > capacity: ({size} > {})", rest.len())));
        };
        self.at += size;
        Ok(Some(taken))
    }
}

const fn unzigzag(raw: u64) -> i64 {
    (raw >> 1) as i64 ^ -((raw & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(int: i32, long: i64) {
            let mut out = Vec::new();
            write_varint(&mut out, int);
            prop_assert_eq!(out.len() as i32, size_of_varint(int));
            write_varlong(&mut out, long);
            prop_assert_eq!(out.len() as i32, size_of_varint(int) + size_of_varlong(long));
            let mut reader = Reader::new(&out);
            prop_assert_eq!(reader.varint(), Ok(int));
            prop_assert_eq!(reader.varlong(), Ok(long));
            prop_assert_eq!(reader.remaining(), 0);
        }
    }

    #[test]
    fn small_numbers_are_small() {
        for (value, bytes) in [(0, 1), (-1, 1), (63, 1), (-64, 1), (64, 2), (-65, 2), (i32::MAX, 5), (i32::MIN, 5)] {
            assert_eq!(size_of_varint(value), bytes, "{value}");
        }
        assert_eq!(size_of_varlong(i64::MIN), 10);
    }

    #[test]
    fn an_overlong_number_fails_as_in_java() {
        let error = Reader::new(&[0xff; 5]).varint().unwrap_err();
        assert_eq!(
            error.message.unwrap(),
            "Varint is too long, the most significant bit in the 5th byte is set, converted value: ffffffff"
        );
        assert_eq!(Reader::new(&[0x80]).varint().unwrap_err().class, "BufferUnderflowException");
    }
}
