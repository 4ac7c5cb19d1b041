//! Transcripts: texts that a test compares with files, and that one variable writes anew.

use std::path::Path;

/// Compares a text with the file that keeps it, line by line. With `PARTITA_BLESS=1`, or `cargo xtask test --bless`, the
/// file is written anew instead; the difference is to be read before it is committed.
#[track_caller]
pub fn same_as_kept(path: &Path, text: &str) {
    let shown = path.display();
    if std::env::var_os("PARTITA_BLESS").is_some() {
        std::fs::write(path, text).unwrap_or_else(|error| panic!("{shown}: {error}"));
        return;
    }
    let kept = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{shown}: {error}"));
    for (number, (line, kept)) in text.lines().zip(kept.lines()).enumerate() {
        assert_eq!(line, kept, "{shown} line {}, behind which stands now:\n{text}", number + 1);
    }
    assert_eq!(text.lines().count(), kept.lines().count(), "the length of {shown}; now it would be:\n{text}");
}
