//! The records of a batch (`DefaultRecord`), read one by one.

use std::borrow::Cow;

use bytes::Bytes;

use super::exception::RecordException;
use super::layout::{CompressionType, TimestampType, increment_sequence};
use super::owned::{Header, Record};
use super::varint::{Reader, size_of_varint};
use super::view::BatchView;

/// What the batch's header says about all of its records, and their bytes.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    section: Cow<'a, [u8]>,
    base: Base,
}

#[derive(Clone, Copy, Debug)]
struct Base {
    count: i32,
    is_compressed: bool,
    offset: i64,
    timestamp: i64,
    sequence: i32,
    /// With `LogAppendTime` all records are read as of the batch's time.
    log_append_time: Option<i64>,
}

/// One record where it lies.
#[derive(Clone, Copy, Debug)]
pub struct RecordView<'a> {
    /// With its length varint.
    pub size_in_bytes: i32,
    pub attributes: u8,
    pub offset: i64,
    pub timestamp: i64,
    /// -1: none.
    pub sequence: i32,
    pub key: Option<&'a [u8]>,
    pub value: Option<&'a [u8]>,
    headers: &'a [u8],
    headers_count: i32,
}

impl<'a> Records<'a> {
    pub(crate) fn of(batch: BatchView<'a>) -> Result<Records<'a>, RecordException> {
        if batch.is_short() {
            return Err(RecordException::out_of_bounds());
        }
        let count = batch.records_count();
        let is_log_append_time = batch.timestamp_type() == TimestampType::LogAppendTime;
        let base = Base {
            count,
            is_compressed: count != 0 && batch.compression()? != CompressionType::None,
            offset: batch.base_offset(),
            timestamp: batch.base_timestamp(),
            sequence: batch.base_sequence(),
            log_append_time: is_log_append_time.then(|| batch.max_timestamp()),
        };
        // A batch that compaction emptied is not looked into.
        let section = if count == 0 { Cow::default() } else { batch.section()? };
        if count < 0 {
            return Err(RecordException::invalid_record(format!(
                "Found invalid record count {count} in magic v2 batch"
            )));
        }
        Ok(Records { section, base })
    }

    /// How many there are by the header.
    pub fn count(&self) -> i32 {
        self.base.count
    }

    pub fn iter(&self) -> RecordIter<'_> {
        RecordIter { reader: Reader::new(&self.section), base: self.base, read: 0 }
    }
}

/// Ends after the first error.
#[derive(Clone, Debug)]
pub struct RecordIter<'a> {
    reader: Reader<'a>,
    base: Base,
    read: i32,
}

impl<'a> Iterator for RecordIter<'a> {
    type Item = Result<RecordView<'a>, RecordException>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.read >= self.base.count {
            return None;
        }
        self.read += 1;
        let mut record = self.read_next();
        if record.is_ok() && self.read == self.base.count && self.reader.remaining() > 0 {
            let message = "Incorrect declared batch size, records still remaining in file";
            record = Err(RecordException::invalid_record(message));
        }
        if record.is_err() {
            self.read = self.base.count;
        }
        Some(record)
    }
}

impl<'a> RecordIter<'a> {
    fn read_next(&mut self) -> Result<RecordView<'a>, RecordException> {
        let premature = || RecordException::invalid_record("Incorrect declared batch size, premature EOF reached");
        if !self.base.is_compressed {
            return match self.reader.varint() {
                Ok(size) => self.read_body(size),
                Err(error) if error.class == "BufferUnderflowException" => Err(premature()),
                Err(error) => Err(error),
            };
        }
        // A stream of decompressed bytes answers a read past its end with bits that are all set.
        let size = match self.reader.varint() {
            Ok(size) => size,
            Err(error) if error.class == "BufferUnderflowException" => {
                let overlong = Reader::new(&[0xff; 5]).varint().expect_err("five set bytes are too long");
                return Err(premature().caused_by(overlong));
            }
            Err(error) => return Err(premature().caused_by(error)),
        };
        if size < 0 {
            let cause = RecordException::illegal_argument(format!("capacity < 0: ({size} < 0)"));
            return Err(premature().caused_by(cause));
        }
        if self.reader.remaining() < size as usize {
            return Err(RecordException::invalid_record(format!(
                "Invalid record size: expected {size} bytes in record payload, but the record payload reached EOF."
            )));
        }
        let body = self.reader.bytes(size)?.unwrap_or_default();
        let mut inner = RecordIter { reader: Reader::new(body), ..self.clone() };
        inner.read_body(size)
    }

    /// `DefaultRecord.readFrom`. Without compression a field may run over the record's end into the next one; the count
    /// of what was read shows it afterwards.
    fn read_body(&mut self, size: i32) -> Result<RecordView<'a>, RecordException> {
        let reader = &mut self.reader;
        if i64::from(size) > reader.remaining() as i64 {
            return Err(RecordException::invalid_record(format!(
                "Invalid record size: expected {size} bytes in record payload, but instead the buffer has only {} \
                 remaining bytes.",
                reader.remaining()
            )));
        }
        let start = reader.position();
        let record = read_fields(reader, &self.base).map_err(|error| match error.class {
            "InvalidRecordException" => error,
            _ => RecordException::invalid_record("Found invalid record structure").caused_by(error),
        })?;
        let read = reader.position() - start;
        if read as i64 != i64::from(size) {
            return Err(RecordException::invalid_record(format!(
                "Invalid record size: expected to read {size} bytes in record payload, but instead read {read}"
            )));
        }
        Ok(RecordView { size_in_bytes: size_of_varint(size) + size, ..record })
    }
}

fn read_fields<'a>(reader: &mut Reader<'a>, base: &Base) -> Result<RecordView<'a>, RecordException> {
    let attributes = reader.byte()?;
    let timestamp = base.timestamp.wrapping_add(reader.varlong()?);
    let offset_delta = reader.varint()?;
    let key_size = reader.varint()?;
    let key = reader.bytes(key_size)?;
    let value_size = reader.varint()?;
    let value = reader.bytes(value_size)?;
    let headers_count = reader.varint()?;
    if headers_count < 0 {
        return Err(RecordException::invalid_record(format!("Found invalid number of record headers {headers_count}")));
    }
    if i64::from(headers_count) > reader.remaining() as i64 {
        return Err(RecordException::invalid_record(format!(
            "Found invalid number of record headers. {headers_count} is larger than the remaining size of the buffer"
        )));
    }
    let mut rest = *reader;
    for _ in 0..headers_count {
        read_header(reader)?;
    }
    let headers_size = (reader.position() - rest.position()) as i32;
    Ok(RecordView {
        size_in_bytes: 0,
        attributes,
        offset: base.offset.wrapping_add(i64::from(offset_delta)),
        timestamp: base.log_append_time.unwrap_or(timestamp),
        sequence: if base.sequence >= 0 { increment_sequence(base.sequence, offset_delta) } else { -1 },
        key,
        value,
        headers: rest.bytes(headers_size)?.unwrap_or_default(),
        headers_count,
    })
}

fn read_header<'a>(reader: &mut Reader<'a>) -> Result<(&'a [u8], Option<&'a [u8]>), RecordException> {
    let key_size = reader.varint()?;
    if key_size < 0 {
        return Err(RecordException::invalid_record(format!("Invalid negative header key size {key_size}")));
    }
    let key = reader.bytes(key_size)?.unwrap_or_default();
    let value_size = reader.varint()?;
    Ok((key, reader.bytes(value_size)?))
}

impl<'a> RecordView<'a> {
    pub fn headers_count(&self) -> i32 {
        self.headers_count
    }

    /// Keys are UTF-8; what is not becomes the replacement character, as in Java.
    pub fn headers(&self) -> impl Iterator<Item = (Cow<'a, str>, Option<&'a [u8]>)> + use<'a> {
        let mut reader = Reader::new(self.headers);
        (0..self.headers_count).map(move |_| {
            let (key, value) = read_header(&mut reader).expect("headers were read once already");
            (String::from_utf8_lossy(key), value)
        })
    }

    /// A record of its own, with its bytes copied.
    pub fn to_record(&self) -> Record {
        let own = |bytes: Option<&[u8]>| bytes.map(Bytes::copy_from_slice);
        Record {
            key: own(self.key),
            value: own(self.value),
            headers: self.headers().map(|(key, value)| Header { key: key.into(), value: own(value) }).collect(),
            timestamp: self.timestamp,
        }
    }
}
