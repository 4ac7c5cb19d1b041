//! How many bytes a record takes (`DefaultRecord`).

use super::layout::RECORD_BATCH_OVERHEAD;
use super::owned::Header;
use super::varint::{size_of_varint, size_of_varlong};

/// Attributes, two varints and a varlong at their longest, and the record's length (`DefaultRecord.MAX_RECORD_OVERHEAD`).
const MAX_RECORD_OVERHEAD: i32 = 21;

/// `AbstractRecords.estimateSizeInBytesUpperBound`: the most that a batch with only this record can take, its header
/// included. What `max.request.size` is compared with, and the size of the buffer of a batch that this record opens.
pub fn record_size_upper_bound(key: Option<&[u8]>, value: Option<&[u8]>, headers: &[Header]) -> i32 {
    RECORD_BATCH_OVERHEAD as i32 + MAX_RECORD_OVERHEAD + size_of_contents(key, value, headers)
}

/// `DefaultRecord.sizeInBytes`: exactly what the record takes at this place of a batch, its own length included.
pub fn size_of_record(
    offset_delta: i32,
    timestamp_delta: i64,
    key: Option<&[u8]>,
    value: Option<&[u8]>,
    headers: &[Header],
) -> i32 {
    let body = size_of_body(offset_delta, timestamp_delta, key, value, headers);
    body + size_of_varint(body)
}

/// What the record's length field says.
pub(crate) fn size_of_body(
    offset_delta: i32,
    timestamp_delta: i64,
    key: Option<&[u8]>,
    value: Option<&[u8]>,
    headers: &[Header],
) -> i32 {
    // One byte of attributes, which no record uses yet.
    1 + size_of_varint(offset_delta) + size_of_varlong(timestamp_delta) + size_of_contents(key, value, headers)
}

fn size_of_contents(key: Option<&[u8]>, value: Option<&[u8]>, headers: &[Header]) -> i32 {
    let headers_size: i32 = headers
        .iter()
        .map(|header| size_of_field(Some(header.key.as_bytes())) + size_of_field(header.value.as_deref()))
        .sum();
    size_of_field(key) + size_of_field(value) + size_of_varint(headers.len() as i32) + headers_size
}

fn size_of_field(field: Option<&[u8]>) -> i32 {
    match field {
        None => size_of_varint(-1),
        Some(bytes) => size_of_varint(bytes.len() as i32) + bytes.len() as i32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upper_bound_is_kafkas() {
        assert_eq!(record_size_upper_bound(None, None, &[]), 85);
        assert_eq!(record_size_upper_bound(Some(b""), Some(b""), &[]), 85);
        assert_eq!(record_size_upper_bound(Some(&[0; 100]), Some(&[0; 1000]), &[]), 1187);
    }
}
