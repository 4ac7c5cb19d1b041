//! The hash behind "the same key goes to the same partition".

/// `Utils.murmur2`: the 32-bit hash of `data`, as Java's signed int.
pub const fn murmur2(data: &[u8]) -> i32 {
    const M: u32 = 0x5bd1_e995;
    const SEED: u32 = 0x9747_b28c;
    let mut h = SEED ^ data.len() as u32;
    let mut at = 0;
    while at + 4 <= data.len() {
        let mut k = u32::from_le_bytes([data[at], data[at + 1], data[at + 2], data[at + 3]]);
        k = k.wrapping_mul(M);
        k ^= k >> 24;
        h = h.wrapping_mul(M) ^ k.wrapping_mul(M);
        at += 4;
    }
    let mut rest = 0;
    let mut shift = 0;
    while at < data.len() {
        rest |= (data[at] as u32) << shift;
        shift += 8;
        at += 1;
    }
    if shift > 0 {
        h = (h ^ rest).wrapping_mul(M);
    }
    h ^= h >> 13;
    h = h.wrapping_mul(M);
    h ^= h >> 15;
    h as i32
}

/// `Utils.toPositive`: clears the sign bit. It is not `abs`, which has no answer for the least int.
pub const fn to_positive(number: i32) -> i32 {
    number & 0x7fff_ffff
}

/// `BuiltInPartitioner.partitionForKey`: the partition, `0..partitions`, that every record with this serialized key
/// goes to. `partitions` must be at least 1.
pub const fn partition_for_key(key: &[u8], partitions: i32) -> i32 {
    assert!(partitions > 0, "a topic has at least one partition");
    to_positive(murmur2(key)) % partitions
}
