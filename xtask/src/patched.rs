//! A library as the page is built with it: the registry's own source with two changes, in a folder of its own.
//!
//! tachys tells an element that is drawn again all of its attributes again when views are erased (`--cfg erase_components`): it
//! removes each, and sets each anew. That was a third of what a step asked of the browser, which then works out styles that are
//! the same. Here attributes of the same kinds under the same names are compared with what stands there, as they are without
//! erasing.
//!
//! Cargo is told of the folder for the page's build alone (`paths`, which leaves `Cargo.lock` as it is); who checks the page
//! by itself has the library unchanged. In an element of which a change of `class=` would take away what `class:name=` has
//! added, all classes stand in `class=` (`tests/tidy.rs`).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use xtask::{paths, process};

const CRATE: &str = "tachys";

/// Files, what stands in them, and what stands there instead.
const CHANGES: [(&str, &str, &str); 2] = [
    (
        "src/html/attribute/any_attribute.rs",
        "        let (el, state) = state;\n        for old in mem::take(state) {",
        "        let (el, state) = state;
        let is_same = |(old, new): (&AnyAttributeState, &AnyAttribute)| {
            old.type_id == new.type_id && old.keys == new.keys()
        };
        if state.len() == self.len() && state.iter().zip(&self).all(is_same) {
            state.iter_mut().zip(self).for_each(|(old, new)| new.rebuild(old));
            return;
        }
        for old in mem::take(state) {",
    ),
    (
        "src/html/attribute/mod.rs",
        "pub enum NamedAttributeKey {",
        "#[derive(PartialEq, Eq)]\npub enum NamedAttributeKey {",
    ),
];

/// What cargo is told, so that it builds the page with the changed library.
pub fn told() -> Result<[String; 2], String> {
    let source = source()?;
    // Inside the workspace: there cargo names files from the root on, and no path of this machine comes into the page.
    let version = source.file_name().unwrap_or_default();
    let folder = paths::root().join("target/patched").join(version);
    let mut made = 0;
    copied(&source, &folder, &mut made).map_err(|error| format!("{}: {error}", folder.display()))?;
    if made != CHANGES.len() {
        return Err(format!("{CRATE} has not the files for which xtask/src/patched.rs was written"));
    }
    Ok(["--config".to_owned(), format!("paths=[{:?}]", folder.display().to_string())])
}

/// Where cargo keeps the library's source.
fn source() -> Result<PathBuf, String> {
    let words = ["--format-version", "1", "--features", "page", "--filter-platform", xtask::tools::WASM];
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let told = process::output(cargo.current_dir(paths::root()).arg("metadata").args(words))?;
    let found = manifest(&told).ok_or_else(|| format!("cargo metadata names no source of {CRATE}"))?;
    Ok(found)
}

/// The folder of the library's manifest, in what `cargo metadata` prints.
fn manifest(told: &str) -> Option<PathBuf> {
    let ends = format!("/{CRATE}-");
    told.split("\"manifest_path\":\"").skip(1).find_map(|rest| {
        let path = Path::new(rest.split('"').next()?).parent()?;
        let name = path.file_name()?.to_str()?;
        let is_it = path.to_str()?.contains(&ends) && name.strip_prefix(CRATE)?.strip_prefix('-').is_some();
        is_it.then(|| path.to_owned())
    })
}

/// Copies it, changed. A file that is as it should be is left alone: cargo looks at when files were written.
fn copied(from: &Path, to: &Path, made: &mut usize) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copied(&path, &target, made)?;
            continue;
        }
        let mut text = match fs::read_to_string(&path) {
            // A picture, say.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => continue,
            text => text?,
        };
        if entry.file_name() == "Cargo.toml" {
            // It is no member of the workspace around it.
            text.push_str("\n[workspace]\n");
        }
        if path.ends_with("src/lib.rs") {
            // As cargo has it with any library of the registry: what its compiler says is its author's.
            text.insert_str(0, "#![allow(warnings)]\n");
        }
        for (file, old, new) in CHANGES.iter().filter(|(file, ..)| path.ends_with(file)) {
            text = changed(&text, old, new).ok_or_else(|| {
                io::Error::other(format!("{file} of {CRATE} is not what xtask/src/patched.rs was written for"))
            })?;
            *made += 1;
        }
        if fs::read_to_string(&target).ok().as_ref() != Some(&text) {
            fs::create_dir_all(to)?;
            fs::write(&target, text)?;
        }
    }
    Ok(())
}

/// The text with its one such place changed; none when there is not exactly one.
fn changed(text: &str, old: &str, new: &str) -> Option<String> {
    (text.matches(old).count() == 1).then(|| text.replace(old, new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_is_found_by_its_folder() {
        let told = r#"{"packages":[{"manifest_path":"/a/tachys_macro-1/Cargo.toml"},{"manifest_path":"/a/tachys-0.2.19/Cargo.toml"}]}"#;
        assert_eq!(manifest(told), Some(PathBuf::from("/a/tachys-0.2.19")));
        assert_eq!(manifest("{}"), None);
    }

    #[test]
    fn one_place_is_changed_or_none() {
        assert_eq!(changed("a b", "a", "c").as_deref(), Some("c b"));
        assert_eq!(changed("a a", "a", "c"), None);
        assert_eq!(changed("b", "a", "c"), None);
    }

    /// The library that `Cargo.lock` names is the one that the changes were written for.
    #[test]
    fn the_library_can_be_changed() {
        let source = source().expect("a source");
        for (file, old, _) in CHANGES {
            let text = fs::read_to_string(source.join(file)).expect("a file");
            assert_eq!(text.matches(old).count(), 1, "{file}");
        }
    }
}
