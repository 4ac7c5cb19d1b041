//! The embed's scripts: the element for the pages around, and the script in its frame with a table of the ready scenarios.

use std::fmt::Write;
use std::fs;
use std::path::Path;

#[path = "../../src/draft/embed/names.rs"]
mod names;

/// What the element's script may weigh with Brotli, in bytes: every page around pays for it.
pub const ELEMENT_BYTES: usize = 3_000;

/// A script without lines that are comments, indents and empty lines. What stands in a template string over several lines
/// would lose its indents too: these scripts have none.
pub fn squeezed(script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The ready scenarios as an object in JavaScript: id, title in English and in Korean, and the line with which the first
/// chapter begins. In the order of the course, so that a sentence that lists them does.
pub fn posters(folder: &Path) -> std::io::Result<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let one = entry?.path();
        let id = one.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let lacks = |what: &str| std::io::Error::other(format!("the scenario `{id}` has no {what}"));
        let script = fs::read_to_string(one.join("script.txt"))?;
        let number =
            script.lines().next().and_then(|line| line.strip_prefix("# scenario ")?.split(' ').next()?.parse().ok());
        let number: u32 = number.ok_or_else(|| lacks("number"))?;
        let chapter = script.lines().find(|line| line.starts_with("chapter ")).ok_or_else(|| lacks("chapter"))?;
        let title = |file: &str| -> std::io::Result<String> {
            let text = fs::read_to_string(one.join(file))?;
            let title = text.lines().find_map(|line| line.strip_prefix("# ")).ok_or_else(|| lacks("title"))?;
            Ok(title.to_owned())
        };
        let texts = [title("en.md")?, title("ko.md")?, chapter.to_owned()].map(|text| quoted(&text));
        found.push((number, format!("{}: [{}]", quoted(&id), texts.join(", "))));
    }
    found.sort();
    let all: Vec<String> = found.into_iter().map(|(_, one)| one).collect();
    Ok(format!("{{\n{}\n}}", all.join(",\n")))
}

/// The words and numbers of an embed in place of their names, as `www/embed.js` and `www/partita-embed.js` have them.
pub fn filled(script: &str) -> String {
    let list = |words: &[&str]| format!("[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", "));
    let fills = [
        ("shown-parts", list(&names::PARTS)),
        ("usual-parts", list(&names::USUAL_PARTS)),
        ("names", list(&names::NAMES)),
        ("starts", list(&names::STARTS)),
        ("themes", list(&names::THEMES)),
        ("langs", list(&names::LANGS)),
        ("height", names::HEIGHT.to_string()),
        ("least-height", names::LEAST_HEIGHT.to_string()),
        ("most-height", names::MOST_HEIGHT.to_string()),
        ("script-characters", names::SCRIPT_CHARACTERS.to_string()),
    ];
    fills.iter().fold(script.to_owned(), |script, (name, fill)| script.replace(&format!("{{{{{name}}}}}"), fill))
}

/// A string of JavaScript.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress;
    use xtask::paths;

    #[test]
    fn the_element_stays_small() {
        let script = fs::read_to_string(paths::root().join("www/partita-embed.js")).expect("the element's script");
        let packed = compress::brotli(filled(&squeezed(&script)).as_bytes()).len();
        assert!(packed <= ELEMENT_BYTES, "{packed} bytes with Brotli, at most {ELEMENT_BYTES}");
    }

    #[test]
    fn every_ready_scenario_has_a_poster() {
        let folder = paths::root().join("scenarios");
        let table = posters(&folder).expect("the scenarios are whole");
        let folders = fs::read_dir(&folder).expect("the scenarios").count();
        assert_eq!(table.matches("\"chapter ").count(), folders);
        assert!(table.starts_with("{\n\"journey\": [\"One record’s journey\", "), "{table}");
        assert!(
            table.contains(r#", "chapter \"acks=0: no answer\" ko=\"acks=0: 응답 없음\" says=\"producer-1 has"#),
            "{table}"
        );
    }

    #[test]
    fn nothing_is_left_to_be_filled_into_the_scripts() {
        for file in ["www/embed.js", "www/partita-embed.js"] {
            let script = fs::read_to_string(paths::root().join(file)).expect("a script of the embed");
            assert!(script.contains("{{names}}"), "{file}");
            let script = filled(&script).replace("{{posters}}", "").replace("{{parts}}", "");
            assert!(!script.contains("{{"), "{file}");
        }
    }

    #[test]
    fn strings_are_quoted() {
        assert_eq!(quoted("a \"b\" \\ \t 가"), r#""a \"b\" \\ \u0009 가""#);
        assert_eq!(squeezed("// a\n  let b; // c\n\n  // d\ne();\n"), "let b; // c\ne();");
    }
}
