//! Files as a host sends them: Brotli and gzip.

use std::fs;
use std::io::Read;
use std::num::NonZeroU64;
use std::path::Path;

use brotli::enc::StandardAlloc;
use brotli::enc::backward_references::BrotliEncoderMode as Mode;
use brotli::enc::encode::{BrotliEncoderOperation as Operation, BrotliEncoderStateStruct};
use flate2::read::GzDecoder;
use xtask::paths;
use zopfli::{Format, Options};

use crate::site::fingerprint;

/// A strand that is shorter goes with the next one.
const LONG_STRAND: usize = 4096;

pub fn parameters() -> brotli::enc::BrotliEncoderParams {
    brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() }
}

pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Packed::new();
    let mut from = 0;
    // What is packed in strands is packed better when Brotli begins anew with each of them, and when it tells codes by the
    // whole code before them (six bits of it) instead of by what kind of byte the two before are.
    let seams = if is_in_strands(bytes) { strands::seams(bytes) } else { Vec::new() };
    for seam in seams.into_iter().filter(|seam| seam.at < bytes.len()) {
        if seam.at - from >= LONG_STRAND {
            let mode = if seam.has_codes { Mode::BROTLI_FORCE_LSB_PRIOR } else { Mode::BROTLI_MODE_GENERIC };
            packed.add(&bytes[from..seam.at], mode, Operation::BROTLI_OPERATION_FLUSH);
            from = seam.at;
        }
    }
    packed.add(&bytes[from..], Mode::BROTLI_MODE_GENERIC, Operation::BROTLI_OPERATION_FINISH);
    packed.bytes
}

/// One stream, of parts for which Brotli looks at what is before a byte in ways of their own.
struct Packed {
    state: BrotliEncoderStateStruct<StandardAlloc>,
    bytes: Vec<u8>,
}

impl Packed {
    fn new() -> Packed {
        let mut state = BrotliEncoderStateStruct::new(StandardAlloc::default());
        state.params = parameters();
        Packed { state, bytes: Vec::new() }
    }

    fn add(&mut self, part: &[u8], mode: Mode, how: Operation) {
        self.state.params.mode = mode;
        let (mut left, mut from) = (part.len(), 0);
        let mut room = vec![0; 1 << 16];
        while left > 0 || self.state.has_more_output() || from == 0 {
            let (mut free, mut to) = (room.len(), 0);
            let taken = self.state.compress_stream(
                how,
                &mut left,
                part,
                &mut from,
                &mut free,
                &mut room,
                &mut to,
                &mut None,
                &mut |_, _, _, _| (),
            );
            assert!(taken, "Brotli takes every byte");
            self.bytes.extend(&room[..to]);
            if part.is_empty() && !self.state.has_more_output() {
                break;
            }
        }
    }
}

fn is_in_strands(bytes: &[u8]) -> bool {
    bytes.starts_with(strands::HEAD)
        && bytes.get(..strands::BLOCKS_AT).is_some_and(|head| head.ends_with(strands::NAME))
}

/// How often zopfli goes over a file: three times as often finds two in a thousand more.
const TIMES: u64 = 5;

/// In how many blocks of their own codes it may cut a file. The first part's strands want many: with 15, as is usual, it has
/// 950 kB, with 60 it has 934, and with as many as zopfli likes 927, which takes twice as long.
const BLOCKS: u16 = 60;

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let iteration_count = NonZeroU64::new(TIMES).expect("it goes over a file");
    let options = Options { iteration_count, maximum_block_splits: BLOCKS, ..Options::default() };
    let mut packed = Vec::new();
    zopfli::compress(options, Format::Gzip, bytes, &mut packed).expect("a vector takes every byte");
    packed
}

/// A part of the program in strands as it lies on a server that packs nothing: packed already, which the loader knows by its
/// head. Servers that do pack send the `.br` and `.gz` beside it in its place, of the strands alone.
pub fn zipped(stem: &str, strands: &[u8]) -> std::io::Result<Vec<u8>> {
    // Seconds for what mostly is what it was with the last build.
    let folder = paths::target().join("zipped").join(stem);
    let kept = folder.join(format!("{}-{TIMES}-{BLOCKS}", fingerprint(strands)));
    let is_whole = |module: &Vec<u8>| {
        let mut back = Vec::new();
        let unzipped = strands::unzipped(module).map(|gzip| GzDecoder::new(gzip).read_to_end(&mut back));
        matches!(unzipped, Some(Ok(_))) && back == strands
    };
    if let Some(module) = fs::read(&kept).ok().filter(is_whole) {
        return Ok(module);
    }
    let module = strands::zipped(&gzip(strands));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    // A build that is ended, or another one beside it, leaves no half of a file under the name.
    let half = folder.join(format!("{}.half", std::process::id()));
    fs::write(&half, &module)?;
    fs::rename(half, kept)?;
    Ok(module)
}

/// Writes `.br` and `.gz` beside the file and returns its sizes: plain, Brotli, gzip. What is packed already is unpacked
/// for that, and counts as what it unpacks to.
pub fn beside(file: &Path) -> Result<[usize; 3], String> {
    let told = |error: std::io::Error| format!("{}: {error}", file.display());
    let mut bytes = fs::read(file).map_err(told)?;
    let zipped = match strands::unzipped(&bytes).map(<[u8]>::to_vec) {
        Some(gzip) => {
            bytes.clear();
            GzDecoder::new(&*gzip).read_to_end(&mut bytes).map_err(told)?;
            gzip
        }
        None => gzip(&bytes),
    };
    let small = brotli(&bytes);
    fs::write(format!("{}.br", file.display()), &small).map_err(told)?;
    fs::write(format!("{}.gz", file.display()), &zipped).map_err(told)?;
    Ok([bytes.len(), small.len(), zipped.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        let body = [0, 0x20, 0, 0x20, 0, 0x6a, 0x1a, 0x0b];
        let functions = 4000_u32;
        let number =
            |number: u32| [number as u8 & 0x7f | 0x80, (number >> 7) as u8 & 0x7f | 0x80, (number >> 14) as u8];
        let mut module = strands::HEAD.to_vec();
        module.push(10);
        module.extend(number(3 + functions * 9));
        module.extend(number(functions));
        (0..functions).for_each(|_| module.extend([&[8][..], &body].concat()));
        let strands = strands::pack(&module).expect("a module");
        assert!(strands::seams(&strands).iter().any(|seam| seam.has_codes && seam.at > LONG_STRAND));
        for bytes in [&strands[..], b"", b"a", &vec![7; 200_000]] {
            let mut back = Vec::new();
            brotli::BrotliDecompress(&mut &*brotli(bytes), &mut back).expect("a whole stream");
            assert!(back == bytes, "{} bytes", bytes.len());
        }
    }
}
