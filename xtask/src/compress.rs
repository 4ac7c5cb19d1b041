//! Files as a host sends them: Brotli and gzip.

use std::fs;
use std::io::Write;
use std::path::Path;

use brotli::enc::StandardAlloc;
use brotli::enc::backward_references::BrotliEncoderMode as Mode;
use brotli::enc::encode::{BrotliEncoderOperation as Operation, BrotliEncoderStateStruct};
use flate2::Compression;
use flate2::write::GzEncoder;

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

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("a vector takes every byte")
}

/// Writes `.br` and `.gz` beside the file and returns its sizes: plain, Brotli, gzip.
pub fn beside(file: &Path) -> Result<[usize; 3], String> {
    let told = |error: std::io::Error| format!("{}: {error}", file.display());
    let bytes = fs::read(file).map_err(told)?;
    let (small, zipped) = (brotli(&bytes), gzip(&bytes));
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
