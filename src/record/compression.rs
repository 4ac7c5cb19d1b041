//! Compressing and decompressing the records of a batch.
//!
//! gzip is always there. Snappy, lz4 and zstd are in the feature `codecs`, which the page leaves out to stay small.

use super::exception::RecordException;
use super::gzip;
use super::layout::CompressionType;

/// The compressed bytes of a section. `gzip_level` is 1 to 9, or -1 for the default (`compression.gzip.level`).
/// `UnsupportedCompressionTypeException` for a codec that this build does not write.
pub fn compress(compression: CompressionType, gzip_level: i32, section: &[u8]) -> Result<Vec<u8>, RecordException> {
    match compression {
        CompressionType::None => Ok(section.to_vec()),
        CompressionType::Gzip => Ok(gzip::packed(gzip_level, section)),
        #[cfg(feature = "codecs")]
        CompressionType::Snappy | CompressionType::Lz4 | CompressionType::Zstd => {
            super::codecs::compress(compression, section)
        }
        #[cfg(not(feature = "codecs"))]
        CompressionType::Snappy | CompressionType::Lz4 | CompressionType::Zstd => {
            Err(not_in_this_build(compression, "written"))
        }
    }
}

/// The plain bytes of a compressed section; a `KafkaException` with its cause when they are not what the codec writes.
pub fn decompress(compression: CompressionType, stored: &[u8]) -> Result<Vec<u8>, RecordException> {
    match compression {
        CompressionType::None => Ok(stored.to_vec()),
        CompressionType::Gzip => gunzip(stored),
        #[cfg(feature = "codecs")]
        CompressionType::Snappy | CompressionType::Lz4 | CompressionType::Zstd => {
            super::codecs::decompress(compression, stored)
        }
        #[cfg(not(feature = "codecs"))]
        CompressionType::Snappy | CompressionType::Lz4 | CompressionType::Zstd => {
            Err(not_in_this_build(compression, "read"))
        }
    }
}

#[cfg(not(feature = "codecs"))]
fn not_in_this_build(compression: CompressionType, done: &str) -> RecordException {
    RecordException::new(
        "UnsupportedCompressionTypeException",
        format!("{} is not {done} here; compression.type=none and gzip are.", compression.name()),
    )
}

/// `Compression.wrapForInput` puts what fails in the stream's constructor into a `KafkaException`.
pub(crate) fn failed_to_open(cause: RecordException) -> RecordException {
    let class = match cause.class {
        "ZipException" => "java.util.zip.",
        _ => "java.io.",
    };
    RecordException::new("KafkaException", format!("{class}{cause}")).caused_by(cause)
}

/// What fails later, while records are read.
pub(crate) fn failed_to_decompress(cause: RecordException) -> RecordException {
    RecordException::new("KafkaException", "Failed to decompress record stream").caused_by(cause)
}

fn gunzip(stored: &[u8]) -> Result<Vec<u8>, RecordException> {
    match stored {
        [] | [_] => return Err(failed_to_open(RecordException::without_message("EOFException"))),
        [0x1f, 0x8b, ..] => {}
        _ => return Err(failed_to_open(RecordException::new("ZipException", "Not in GZIP format"))),
    }
    gzip::plain(stored).map_err(|fault| {
        failed_to_decompress(match fault {
            gzip::Fault::Ends => RecordException::new("EOFException", "Unexpected end of ZLIB input stream"),
            gzip::Fault::Broken(told) => RecordException::new("ZipException", told),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn gzip_comes_back(section: Vec<u8>, level in -1..=9_i32) {
            prop_assume!(level != 0);
            let stored = compress(CompressionType::Gzip, level, &section).unwrap();
            prop_assert_eq!(decompress(CompressionType::Gzip, &stored).unwrap(), section);
        }
    }

    #[test]
    fn what_is_not_gzip_is_refused_with_javas_words() {
        let error = decompress(CompressionType::Gzip, &[0; 30]).unwrap_err();
        assert_eq!(error.to_string(), "KafkaException: java.util.zip.ZipException: Not in GZIP format");
    }
}
