//! CRC-32C (Castagnoli), the checksum of a batch from its attributes to its end.

use std::sync::OnceLock;

/// The CRC-32C of `data`.
pub fn crc32c(data: &[u8]) -> u32 {
    let tables = tables();
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

/// Made at first use rather than at build time: eight kilobytes that need not travel to a browser.
fn tables() -> &'static [[u32; 256]; 8] {
    static TABLES: OnceLock<[[u32; 256]; 8]> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut tables = [[0; 256]; 8];
        for (byte, sum) in tables[0].iter_mut().enumerate() {
            *sum = (0..8).fold(byte as u32, |crc, _| (crc >> 1) ^ (0x82f6_3b78 & (crc & 1).wrapping_neg()));
        }
        for place in 1..8 {
            for byte in 0..256 {
                let before = tables[place - 1][byte];
                tables[place][byte] = (before >> 8) ^ tables[0][(before & 0xff) as usize];
            }
        }
        tables
    })
}

#[cfg(test)]
mod tests {
    use super::crc32c;

    #[test]
    fn equals_the_published_check_values() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        // RFC 3720, B.4: 32 bytes of zeros, of ones, ascending.
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(&[0xff; 32]), 0x62a8_ab43);
        let ascending: Vec<u8> = (0..32).collect();
        assert_eq!(crc32c(&ascending), 0x46dd_794e);
        assert_eq!(crc32c(&[]), 0);
    }
}
