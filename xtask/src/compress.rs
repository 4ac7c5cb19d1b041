//! Files as a host sends them: Brotli and gzip.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

/// A strand that is shorter goes with the next one.
const LONG_STRAND: usize = 4096;

pub fn parameters() -> brotli::enc::BrotliEncoderParams {
    brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() }
}

pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::with_params(Vec::new(), 1 << 16, &parameters());
    let mut from = 0;
    // What is packed in strands is packed better when Brotli begins anew with each of them.
    let seams = if is_in_strands(bytes) { strands::seams(bytes) } else { Vec::new() };
    for seam in seams.into_iter().filter(|seam| *seam < bytes.len()) {
        if seam - from >= LONG_STRAND {
            encoder.write_all(&bytes[from..seam]).and_then(|()| encoder.flush()).expect("a vector takes every byte");
            from = seam;
        }
    }
    encoder.write_all(&bytes[from..]).expect("a vector takes every byte");
    encoder.into_inner()
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
