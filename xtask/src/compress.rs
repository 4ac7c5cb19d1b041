//! Files as a host sends them: Brotli and gzip.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut input = bytes;
    brotli::BrotliCompress(&mut input, &mut packed, &parameters).expect("a vector takes every byte");
    packed
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
