//! Digests: equal runs have equal ones, natively and in WebAssembly.

use std::hash::{Hash, Hasher};

use crate::event::Event;

/// FNV-1a over 64 bits that writes `usize` and `isize` as 64 bits: derived `Hash` writes lengths with them, and they
/// differ between wasm32 and 64-bit machines.
#[derive(Clone, Debug)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Digest {
        Digest(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Digest {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u16(&mut self, number: u16) {
        self.write_u64(u64::from(number));
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(u64::from(number));
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    fn write_i32(&mut self, number: i32) {
        self.write_i64(i64::from(number));
    }

    fn write_i16(&mut self, number: i16) {
        self.write_i64(i64::from(number));
    }

    fn write_i8(&mut self, number: i8) {
        self.write_i64(i64::from(number));
    }

    fn write_isize(&mut self, number: isize) {
        self.write_i64(number as i64);
    }
}

/// The digest of what happened in a move, folded to 32 bits.
pub fn of_events(events: &[Event]) -> u32 {
    let mut digest = Digest::default();
    for event in events {
        event.hash(&mut digest);
    }
    let all = digest.finish();
    (all ^ (all >> 32)) as u32
}
