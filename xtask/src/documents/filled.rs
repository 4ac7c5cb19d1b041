//! A folder copied, with some of its texts replaced.

use std::fs;
use std::io;
use std::path::Path;

/// Copies a folder to where nothing else is left then. In files that are text, each first word of a pair becomes the second.
pub fn copy(from: &Path, to: &Path, replaced: &[(&str, &str)]) -> io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    into(from, to, replaced)
}

fn into(from: &Path, to: &Path, replaced: &[(&str, &str)]) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (file, target) = (entry.path(), to.join(entry.file_name()));
        if file.is_dir() {
            into(&file, &target, replaced)?;
            continue;
        }
        match String::from_utf8(fs::read(&file)?) {
            Ok(text) => fs::write(&target, replaced.iter().fold(text, |text, (old, new)| text.replace(old, new)))?,
            Err(bytes) => fs::write(&target, bytes.as_bytes())?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_replaced_and_nothing_older_is_left() {
        let folder = std::env::temp_dir().join(format!("partita-filled-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        fs::create_dir_all(from.join("a")).unwrap();
        fs::write(from.join("a/b.txt"), "go to https://x.example/y").unwrap();
        fs::write(from.join("c.png"), [0xff, 0xfe]).unwrap();
        fs::create_dir_all(&to).unwrap();
        fs::write(to.join("old"), "").unwrap();
        copy(&from, &to, &[("https://x.example", "http://localhost:1")]).unwrap();
        assert_eq!(fs::read_to_string(to.join("a/b.txt")).unwrap(), "go to http://localhost:1/y");
        assert_eq!(fs::read(to.join("c.png")).unwrap(), [0xff, 0xfe]);
        assert!(!to.join("old").exists());
        fs::remove_dir_all(folder).unwrap();
    }
}
