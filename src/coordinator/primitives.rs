//! Kafka's primitive types as bytes, for the records of internal topics; the messages' crate keeps its own to itself.

use std::sync::Arc;

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// Writes in the flexible encoding (compact lengths, tagged fields) or the old one.
pub(super) struct Writer {
    pub(super) buffer: BytesMut,
    flexible: bool,
}

impl Writer {
    pub(super) fn new(flexible: bool) -> Writer {
        Writer { buffer: BytesMut::new(), flexible }
    }

    pub(super) fn string(&mut self, text: &str) {
        self.nullable(Some(text));
    }

    /// Panics on a text of more than 32,767 bytes in the old encoding: `GroupRecord::is_writable` is asked before.
    pub(super) fn nullable(&mut self, text: Option<&str>) {
        match (self.flexible, text) {
            (true, text) => self.varint(text.map_or(0, |text| text.len() as u32 + 1)),
            (false, None) => self.buffer.put_i16(-1),
            (false, Some(text)) => {
                self.buffer.put_i16(i16::try_from(text.len()).expect("whether it fits was asked before"));
            }
        }
        self.buffer.put_slice(text.unwrap_or_default().as_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        match self.flexible {
            true => self.varint(bytes.len() as u32 + 1),
            false => self.buffer.put_i32(bytes.len() as i32),
        }
        self.buffer.put_slice(bytes);
    }

    fn varint(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.buffer.put_u8(value as u8 | 0x80);
            value >>= 7;
        }
        self.buffer.put_u8(value as u8);
    }

    /// The end of a flexible struct without tagged fields.
    pub(super) fn no_tags(&mut self) {
        self.buffer.put_u8(0);
    }
}

/// Reads what [`Writer`] writes; errors are sentences about `what`.
pub(super) struct PrimitiveReader {
    buffer: Bytes,
    what: &'static str,
    pub(super) version: i16,
    flexible: bool,
}

impl PrimitiveReader {
    /// Begins with the version, an int16, in the old encoding.
    pub(super) fn new(bytes: &[u8], what: &'static str) -> Result<PrimitiveReader, String> {
        let mut buffer = Bytes::copy_from_slice(bytes);
        let version = buffer.try_get_i16().map_err(|_| format!("{what} ends before its version"))?;
        Ok(PrimitiveReader { buffer, what, version, flexible: false })
    }

    /// Refuses versions above `latest`; those from `first` on are flexible.
    pub(super) fn flexible_from(&mut self, first: i16, latest: i16) -> Result<(), String> {
        if !(0..=latest).contains(&self.version) {
            return Err(format!("{} has version {}; 0 to {latest} can be read", self.what, self.version));
        }
        self.flexible = self.version >= first;
        Ok(())
    }

    fn early(&self) -> String {
        format!("{} ends early or is damaged", self.what)
    }

    pub(super) fn i32(&mut self) -> Result<i32, String> {
        self.buffer.try_get_i32().map_err(|_| self.early())
    }

    pub(super) fn i64(&mut self) -> Result<i64, String> {
        self.buffer.try_get_i64().map_err(|_| self.early())
    }

    pub(super) fn nullable(&mut self) -> Result<Option<Arc<str>>, String> {
        let length = match self.flexible {
            true => i64::from(self.varint()?) - 1,
            false => i64::from(self.buffer.try_get_i16().map_err(|_| self.early())?),
        };
        if length == -1 {
            return Ok(None);
        }
        let bytes = self.take(length)?;
        std::str::from_utf8(&bytes).map(|text| Some(Arc::from(text))).map_err(|_| self.early())
    }

    pub(super) fn string(&mut self) -> Result<Arc<str>, String> {
        self.nullable()?.ok_or_else(|| self.early())
    }

    pub(super) fn bytes(&mut self) -> Result<Bytes, String> {
        let length = i64::from(self.count()?);
        self.take(length)
    }

    /// The length of an array that is not null.
    pub(super) fn count(&mut self) -> Result<u32, String> {
        match self.flexible {
            true => self.varint()?.checked_sub(1).ok_or_else(|| self.early()),
            false => u32::try_from(self.i32()?).map_err(|_| self.early()),
        }
    }

    /// The tagged fields that end a flexible struct; none in the old encoding.
    pub(super) fn tags(&mut self) -> Result<Vec<(u32, Bytes)>, String> {
        let mut tags = Vec::new();
        for _ in 0..if self.flexible { self.varint()? } else { 0 } {
            let (tag, size) = (self.varint()?, self.varint()?);
            tags.push((tag, self.take(i64::from(size))?));
        }
        Ok(tags)
    }

    fn varint(&mut self) -> Result<u32, String> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.buffer.try_get_u8().map_err(|_| self.early())?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return u32::try_from(value).map_err(|_| self.early());
            }
        }
        Err(self.early())
    }

    fn take(&mut self, length: i64) -> Result<Bytes, String> {
        match usize::try_from(length) {
            Ok(length) if length <= self.buffer.len() => Ok(self.buffer.split_to(length)),
            _ => Err(self.early()),
        }
    }
}
