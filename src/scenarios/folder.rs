//! The folder of the ready scenarios as a list that is compiled in. The build script runs it; the library only tests
//! it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// What a scenario's folder holds: its script, and its texts in each language.
const FILES: [&str; 3] = ["script.txt", "en.md", "ko.md"];

/// An array of `Files` in Rust, in the order of the folders' names; a sentence when a file lacks or is one too many.
pub fn listed(folder: &Path) -> Result<String, String> {
    let mut list = String::from("[\n");
    for id in names(folder)? {
        let one = folder.join(&id);
        let found = names(&one)?;
        if let Some(missing) = FILES.iter().find(|file| !found.iter().any(|found| found == *file)) {
            return Err(format!(
                "the scenario `{id}` has no {missing}: its script stands in script.txt, and its texts beside it in en.md and ko.md"
            ));
        }
        if let Some(other) = found.iter().find(|found| !FILES.contains(&found.as_str())) {
            return Err(format!("`{other}` is no part of the scenario `{id}`: it has script.txt, en.md and ko.md"));
        }
        let included = |file: &str| format!("include_str!({:?})", one.join(file).to_string_lossy());
        let [script, en, ko] = FILES.map(included);
        let _ = writeln!(list, "    Files {{ id: {id:?}, script: {script}, en: {en}, ko: {ko} }},");
    }
    list.push_str("]\n");
    Ok(list)
}

/// The names of what is in a folder, in their order.
fn names(folder: &Path) -> Result<Vec<String>, String> {
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(told)? {
        names.push(entry.map_err(told)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_translation_is_told() {
        let folder = std::env::temp_dir().join(format!("partita-scenarios-{}", std::process::id()));
        let one = folder.join("lost");
        fs::create_dir_all(&one).expect("a folder");
        let put = |name: &str| fs::write(one.join(name), "text").expect("a file");
        put("script.txt");
        put("en.md");
        let told = listed(&folder).expect_err("it has no Korean text");
        assert!(told.starts_with("the scenario `lost` has no ko.md"), "{told}");
        put("ko.md");
        let list = listed(&folder).expect("it is whole");
        assert_eq!(list.matches("include_str!").count(), 3);
        assert!(list.contains("Files { id: \"lost\", script: include_str!("), "{list}");
        put("fr.md");
        let told = listed(&folder).expect_err("there is one file too many");
        assert!(told.starts_with("`fr.md` is no part of the scenario `lost`"), "{told}");
        fs::remove_dir_all(&folder).expect("the folder is ours");
    }
}
