//! gzip (RFC 1952) around the deflate of `miniz_oxide`: members of a header, a stream and their checksum.
//!
//! `flate2` does the same and brings 16 KiB of tables for the checksum, which a browser would have to fetch.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use super::checksum::crc32;

const DEFLATE: u8 = 8;
const FHCRC: u8 = 2;
const FEXTRA: u8 = 4;
const FNAME: u8 = 8;
const FCOMMENT: u8 = 16;
const RESERVED: u8 = 0xe0;

/// Why bytes are no gzip.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// They end within a member.
    Ends,
    Broken(&'static str),
}

const BAD_HEADER: Fault = Fault::Broken("invalid gzip header");
const BAD_STREAM: Fault = Fault::Broken("corrupt deflate stream");
const BAD_SUM: Fault = Fault::Broken("corrupt gzip stream does not have a matching checksum");

/// One member. The level is 1 to 9, or -1 for the default.
pub(super) fn packed(level: i32, section: &[u8]) -> Vec<u8> {
    let level = u8::try_from(level).unwrap_or(6);
    // How hard was tried (best, fastest), as the header says it.
    let tried = match level {
        9.. => 2,
        0..=1 => 4,
        _ => 0,
    };
    // No name and no time, and the operating system 255 (unknown): what Java's GZIPOutputStream writes since 16.
    let mut out = vec![0x1f, 0x8b, DEFLATE, 0, 0, 0, 0, 0, tried, 255];
    out.extend(compress_to_vec(section, level));
    out.extend(crc32(section).to_le_bytes());
    out.extend((section.len() as u32).to_le_bytes());
    out
}

/// What the members hold, one behind the other: Java's `GZIPInputStream` reads on behind the first one, too.
pub(super) fn plain(mut stored: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut section = Vec::new();
    while !stored.is_empty() {
        stored = behind_header(stored)?;
        let start = section.len();
        stored = inflate(stored, &mut section)?;
        let member = &section[start..];
        let (crc, rest) = stored.split_first_chunk().ok_or(Fault::Ends)?;
        let (size, rest) = rest.split_first_chunk().ok_or(Fault::Ends)?;
        if u32::from_le_bytes(*crc) != crc32(member) || u32::from_le_bytes(*size) != member.len() as u32 {
            return Err(BAD_SUM);
        }
        stored = rest;
    }
    Ok(section)
}

fn behind_header(member: &[u8]) -> Result<&[u8], Fault> {
    let (fixed, mut rest) = member.split_first_chunk::<10>().ok_or(Fault::Ends)?;
    let flags = fixed[3];
    if fixed[..3] != [0x1f, 0x8b, DEFLATE] || flags & RESERVED != 0 {
        return Err(BAD_HEADER);
    }
    if flags & FEXTRA != 0 {
        let (length, after) = rest.split_first_chunk().ok_or(Fault::Ends)?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..).ok_or(Fault::Ends)?;
    }
    for text in [FNAME, FCOMMENT] {
        if flags & text != 0 {
            let end = rest.iter().position(|byte| *byte == 0).ok_or(Fault::Ends)?;
            rest = &rest[end + 1..];
        }
    }
    if flags & FHCRC != 0 {
        let header = &member[..member.len() - rest.len()];
        let (sum, after) = rest.split_first_chunk().ok_or(Fault::Ends)?;
        if u16::from_le_bytes(*sum) != crc32(header) as u16 {
            return Err(BAD_SUM);
        }
        rest = after;
    }
    Ok(rest)
}

/// Unfolds a deflate stream to the end of `out`, and gives what stands behind it.
fn inflate<'a>(mut stored: &'a [u8], out: &mut Vec<u8>) -> Result<&'a [u8], Fault> {
    let start = out.len();
    let mut state = Box::<DecompressorOxide>::default();
    out.resize(start + stored.len().saturating_mul(2).max(64), 0);
    let mut end = 0;
    loop {
        let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, read, written) = decompress(&mut state, stored, &mut out[start..], end, flags);
        stored = &stored[read..];
        end += written;
        match status {
            TINFLStatus::Done => {
                out.truncate(start + end);
                return Ok(stored);
            }
            TINFLStatus::HasMoreOutput => out.resize(start + 2 * (out.len() - start), 0),
            TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => return Err(Fault::Ends),
            _ => return Err(BAD_STREAM),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use flate2::read::MultiGzDecoder;
    use flate2::{Compression, GzBuilder};
    use proptest::prelude::*;

    use super::*;

    fn by_flate2(level: u32, section: &[u8]) -> Vec<u8> {
        let mut encoder = GzBuilder::new().operating_system(255).write(Vec::new(), Compression::new(level));
        encoder.write_all(section).expect("memory takes every byte");
        encoder.finish().expect("memory takes every byte")
    }

    /// What the other reader makes of it: the section, or `None`.
    fn read_by_flate2(stored: &[u8]) -> Option<Vec<u8>> {
        let mut section = Vec::new();
        MultiGzDecoder::new(stored).read_to_end(&mut section).ok().map(|_| section)
    }

    proptest! {
        #[test]
        fn the_bytes_are_those_of_flate2(section in prop::collection::vec(0..20_u8, 0..3000), level in 1..=9_u32) {
            prop_assert_eq!(packed(level as i32, &section), by_flate2(level, &section));
            prop_assert_eq!(plain(&packed(level as i32, &section)), Ok(section));
        }

        #[test]
        fn damage_is_found_where_flate2_finds_it(
            section in prop::collection::vec(0..20_u8, 0..200), at in 0..400_usize, bit in 0..8_u8, cut in 1..300_usize,
        ) {
            let mut stored = packed(6, &section);
            stored.extend(by_flate2(1, b"a second member"));
            let place = at % stored.len();
            stored[place] ^= 1 << bit;
            prop_assert_eq!(plain(&stored).ok(), read_by_flate2(&stored));
            stored.truncate(cut);
            prop_assert_eq!(plain(&stored).ok(), read_by_flate2(&stored));
        }
    }

    #[test]
    fn headers_of_other_writers_are_read() {
        let mut encoder = GzBuilder::new()
            .filename("a")
            .comment("b")
            .extra([1, 2, 3])
            .mtime(7)
            .write(Vec::new(), Compression::new(6));
        encoder.write_all(b"what it holds").expect("memory takes every byte");
        let stored = encoder.finish().expect("memory takes every byte");
        assert_eq!(plain(&stored).as_deref(), Ok(&b"what it holds"[..]));
        assert_eq!(plain(&stored[..13]), Err(Fault::Ends));
        assert_eq!(plain(&[0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0]), Err(BAD_HEADER));
        let mut wrong = packed(6, b"what it holds");
        let end = wrong.len();
        wrong[end - 8] ^= 1;
        assert_eq!(plain(&wrong), Err(BAD_SUM));
    }
}
