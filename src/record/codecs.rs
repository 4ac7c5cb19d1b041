//! Snappy (in the framing of xerial's snappy-java), lz4 (frames) and zstd, as Kafka's clients read and write them.

use std::io::{Read, Write};

use super::compression::{failed_to_decompress, failed_to_open};
use super::exception::RecordException;
use super::layout::CompressionType;

/// `SnappyCodec`: magic, version 1, compatible version 1.
const XERIAL_HEADER: [u8; 16] = [0x82, b'S', b'N', b'A', b'P', b'P', b'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1];
/// `SnappyOutputStream.DEFAULT_BLOCK_SIZE`.
const XERIAL_BLOCK: usize = 32 * 1024;
const LZ4_MAGIC: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

pub(crate) fn compress(compression: CompressionType, section: &[u8]) -> Result<Vec<u8>, RecordException> {
    match compression {
        CompressionType::Snappy => Ok(snappy(section)),
        CompressionType::Lz4 => Ok(lz4(section)),
        _ => Ok(zstd(section)),
    }
}

pub(crate) fn decompress(compression: CompressionType, stored: &[u8]) -> Result<Vec<u8>, RecordException> {
    match compression {
        CompressionType::Snappy => unsnappy(stored),
        CompressionType::Lz4 => unlz4(stored),
        _ => unzstd(stored),
    }
}

fn snappy(section: &[u8]) -> Vec<u8> {
    let mut out = XERIAL_HEADER.to_vec();
    for block in section.chunks(XERIAL_BLOCK) {
        let packed = snap::raw::Encoder::new().compress_vec(block).expect("a block is far below 4 GiB");
        out.extend_from_slice(&(packed.len() as u32).to_be_bytes());
        out.extend_from_slice(&packed);
    }
    out
}

/// `SnappyInputStream`: blocks after a header, or one raw block without it.
fn unsnappy(stored: &[u8]) -> Result<Vec<u8>, RecordException> {
    let broken = |code: &str| RecordException::new("IOException", code);
    if stored.is_empty() {
        return Err(failed_to_open(RecordException::new(
            "SnappyIOException",
            "[EMPTY_INPUT] Cannot decompress empty stream",
        )));
    }
    if stored.len() < XERIAL_HEADER.len() || stored[..8] != XERIAL_HEADER[..8] {
        let raw = snap::raw::Decoder::new().decompress_vec(stored);
        return raw.map_err(|_| failed_to_open(broken("FAILED_TO_UNCOMPRESS(5)")));
    }
    let mut section = Vec::new();
    let mut rest = &stored[XERIAL_HEADER.len()..];
    while let Some((size, after)) = rest.split_first_chunk::<4>() {
        // Another stream may follow the first one, as when two compressed parts were joined.
        if rest.starts_with(&XERIAL_HEADER[..8]) {
            rest = rest.get(XERIAL_HEADER.len()..).unwrap_or_default();
            continue;
        }
        let size = u32::from_be_bytes(*size) as usize;
        let Some((block, next)) = after.split_at_checked(size) else {
            let message = format!("[FAILED_TO_UNCOMPRESS] failed to read chunk of size {size}");
            return Err(failed_to_decompress(RecordException::new("SnappyIOException", message)));
        };
        let block = snap::raw::Decoder::new().decompress_vec(block);
        section.extend(block.map_err(|_| failed_to_decompress(broken("FAILED_TO_UNCOMPRESS(5)")))?);
        rest = next;
    }
    Ok(section)
}

fn lz4(section: &[u8]) -> Vec<u8> {
    // `Lz4BlockOutputStream`: independent blocks of at most 64 KiB, no checksum of the content.
    let frame = lz4_flex::frame::FrameInfo::new()
        .block_size(lz4_flex::frame::BlockSize::Max64KB)
        .block_mode(lz4_flex::frame::BlockMode::Independent);
    let mut encoder = lz4_flex::frame::FrameEncoder::with_frame_info(frame, Vec::new());
    encoder.write_all(section).expect("writing to memory does not fail");
    encoder.finish().expect("writing to memory does not fail")
}

fn unlz4(stored: &[u8]) -> Result<Vec<u8>, RecordException> {
    let io = |message: &str| RecordException::new("IOException", message);
    if stored.len() < 6 {
        return Err(failed_to_open(io("Stream ended prematurely")));
    }
    if !stored.starts_with(&LZ4_MAGIC) {
        return Err(failed_to_open(io("Stream unsupported (invalid magic bytes)")));
    }
    let mut section = Vec::new();
    let read = lz4_flex::frame::FrameDecoder::new(stored).read_to_end(&mut section);
    read.map_err(|_| failed_to_decompress(io("Stream ended prematurely")))?;
    Ok(section)
}

fn zstd(section: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(section, ruzstd::encoding::CompressionLevel::Fastest)
}

fn unzstd(stored: &[u8]) -> Result<Vec<u8>, RecordException> {
    let broken = |message: &str| failed_to_decompress(RecordException::new("ZstdIOException", message));
    if stored.len() >= ZSTD_MAGIC.len() && !stored.starts_with(&ZSTD_MAGIC) {
        return Err(broken("Unknown frame descriptor"));
    }
    let mut decoder = ruzstd::decoding::StreamingDecoder::new(stored).map_err(|_| broken("Src size is incorrect"))?;
    let mut section = Vec::new();
    decoder.read_to_end(&mut section).map_err(|_| broken("Data corruption detected"))?;
    Ok(section)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sections_come_back(section: Vec<u8>, repeated in 1..400_usize) {
            let section = section.repeat(repeated);
            for compression in [CompressionType::Snappy, CompressionType::Lz4, CompressionType::Zstd] {
                let stored = compress(compression, &section).unwrap();
                prop_assert_eq!(decompress(compression, &stored).unwrap(), section.clone(), "{:?}", compression);
            }
        }
    }
}
