//! Checksums: CRC-32C (Castagnoli), that of a batch from its attributes to its end, and CRC-32, that of a gzip member
//! and of the records before v2.

use std::sync::OnceLock;

type Tables = [[u32; 256]; 8];

/// The CRC-32C of `data`.
pub fn crc32c(data: &[u8]) -> u32 {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    sum(TABLES.get_or_init(|| tables(0x82f6_3b78)), data)
}

/// The CRC-32 of `data`.
pub(super) fn crc32(data: &[u8]) -> u32 {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    sum(TABLES.get_or_init(|| tables(0xedb8_8320)), data)
}

fn sum(tables: &Tables, data: &[u8]) -> u32 {
    let mut crc = !0_u32;
    // Eight bytes at a time: the table of place k says what a byte does to the sum k bytes later.
    let (eights, rest) = data.as_chunks::<8>();
    for eight in eights {
        let low = crc ^ u32::from_le_bytes([eight[0], eight[1], eight[2], eight[3]]);
        let high = u32::from_le_bytes([eight[4], eight[5], eight[6], eight[7]]);
        crc = (0..4).fold(0, |sum, at| {
            let shift = 8 * at;
            sum ^ tables[7 - at][(low >> shift) as usize & 0xff] ^ tables[3 - at][(high >> shift) as usize & 0xff]
        });
    }
    !rest.iter().fold(crc, |crc, byte| (crc >> 8) ^ tables[0][((crc ^ u32::from(*byte)) & 0xff) as usize])
}

/// The tables of a polynomial, its bits from the highest power down. They are made at first use rather than at build
/// time: eight kilobytes each that need not travel to a browser, where no packing makes them smaller.
fn tables(polynomial: u32) -> Tables {
    let mut tables = [[0; 256]; 8];
    for (byte, sum) in tables[0].iter_mut().enumerate() {
        *sum = (0..8).fold(byte as u32, |crc, _| (crc >> 1) ^ (polynomial & (crc & 1).wrapping_neg()));
    }
    for place in 1..8 {
        for byte in 0..256 {
            let before = tables[place - 1][byte];
            tables[place][byte] = (before >> 8) ^ tables[0][(before & 0xff) as usize];
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::{crc32, crc32c};

    #[test]
    fn equals_the_published_check_values() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        // RFC 3720, B.4: 32 bytes of zeros, of ones, ascending.
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(&[0xff; 32]), 0x62a8_ab43);
        let ascending: Vec<u8> = (0..32).collect();
        assert_eq!(crc32c(&ascending), 0x46dd_794e);
        assert_eq!(crc32c(&[]), 0);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b"The quick brown fox jumps over the lazy dog"), 0x414f_a339);
        assert_eq!(crc32(&[]), 0);
    }
}
