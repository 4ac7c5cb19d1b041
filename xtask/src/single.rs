//! The page as one file, for who has no server: `cargo xtask dist --single`.
//!
//! Modules, wasm and styles of their own files do not load from `file://`. So one HTML file holds them all, packed with gzip
//! and written as text of seven bits a sign; a script (`www/single.js`) takes them out, puts the page together and starts
//! the page's own loader, which finds in `partitaOne` what it would ask a server for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::embed::{quoted, squeezed};
use crate::site::base64;
use crate::{compress, weight};
use xtask::{budget, figure::Figure, paths};

/// The most that the file may have, in bytes.
pub const MOST: usize = budget::ONE_FILE as usize;

/// Where it lies in the site's folder.
pub const NAME: &str = "partita.html";

/// Signs that HTML does not keep as they are, or reads as the end of what they stand in.
const ODD: [u8; 3] = [0, b'\r', b'<'];

/// Writes the file into a folder, of a site that is built. Returns its figure.
pub fn write(site: &Path, folder: &Path) -> Result<Figure, String> {
    let file = folder.join(NAME);
    let told = |error: std::io::Error| format!("{}: {error}", file.display());
    let page = page(site)?;
    fs::create_dir_all(folder).map_err(told)?;
    fs::write(&file, &page).map_err(told)?;
    Ok(Figure::at_most("one-file", weight::kilobytes(page.len()), "kB", weight::kilobytes(MOST)))
}

/// The whole file.
fn page(site: &Path) -> Result<String, String> {
    let read = |name: &str| {
        let file = site.join(name);
        fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
    };
    let www = |name: &str| {
        let file = paths::root().join("www").join(name);
        fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
    };
    let index = read("index.html")?;
    let names = weight::named(&index);
    let named = |start: &str, end: &str| {
        let found = names.iter().find(|name| name.starts_with(start) && name.ends_with(end));
        found.copied().ok_or_else(|| format!("index.html names no file {start}…{end}"))
    };
    let body = between(&index, "<body>", "</body>")?;
    let noscript = format!("<noscript>{}</noscript>", between(body, "<noscript>", "</noscript>")?);
    let glue = joined(&read(named("partita-", ".js")?)?, &read(named("split-", ".js")?)?)?;
    let scripts = [glue, read("partita.js")?];
    let texts = texts(site, &read(named("partita-", ".css")?)?, &body.replace(&noscript, ""), &scripts)?;
    let mut parts = vec![(String::new(), compress::gzip(texts.as_bytes()))];
    parts.extend(programs(site)?);
    let bytes: Vec<u8> = parts.iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect();
    let lengths = parts.iter().map(|(name, bytes)| format!("[{}, {}]", quoted(name), bytes.len()));
    let script = squeezed(&www("single.js")?)
        .replace("{{odd}}", &format!("{ODD:?}"))
        .replace("{{total}}", &bytes.len().to_string())
        .replace("{{parts}}", &format!("[{}]", lengths.collect::<Vec<_>>().join(", ")));
    let hashes = scripts.iter().chain([&script]).map(|script| format!(" 'sha256-{}'", hash(script)));
    let policy = format!(
        "default-src 'none'; script-src 'wasm-unsafe-eval'{}; img-src data:; base-uri 'none'; form-action 'none'",
        hashes.collect::<String>()
    );
    let page = www("single.html")?
        .replace("{{policy}}", &policy)
        .replace("{{icon}}", &base64(read("icon.svg")?.as_bytes()))
        .replace("{{noscript}}", &noscript)
        .replace("{{script}}", &script);
    match page.split_once("{{packed}}") {
        Some((before, behind)) if !page.contains("\"./") => Ok([before, &written(&bytes), behind].concat()),
        _ => Err("www/single.html holds {{packed}} once, and names no other file".into()),
    }
}

/// What stands between two tags.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Result<&'a str, String> {
    let found = text.split_once(start).and_then(|(_, behind)| Some(behind.split_once(end)?.0));
    found.ok_or_else(|| format!("index.html holds no {start}…{end}"))
}

/// Styles, the page's body, the scripts in the order in which they run, and what is asked for later, as JSON.
fn texts(site: &Path, style: &str, body: &str, scripts: &[String]) -> Result<String, String> {
    let mut files = BTreeMap::new();
    for name in files_of(site)?.into_iter().filter(|name| name.starts_with("about-") || name.starts_with("grammar-")) {
        if name.ends_with(".html") {
            let text = fs::read_to_string(site.join(&name)).map_err(|error| format!("{name}: {error}"))?;
            files.insert(name, text);
        }
    }
    let files: Vec<String> = files.iter().map(|(name, text)| format!("{}:{}", quoted(name), quoted(text))).collect();
    let scripts: Vec<String> = scripts.iter().map(|script| quoted(script)).collect();
    let (style, body) = (quoted(style), quoted(body));
    let (scripts, files) = (scripts.join(","), files.join(","));
    Ok(format!("{{\"style\":{style},\"page\":{body},\"scripts\":[{scripts}],\"files\":{{{files}}}}}"))
}

/// The parts of the program, as they lie in the site: packed. What only embeds need is left out.
fn programs(site: &Path) -> Result<Vec<(String, Vec<u8>)>, String> {
    let names = files_of(site)?.into_iter().filter(|name| name.ends_with(".wasm") && !name.starts_with("embed-"));
    let read = |name: String| match fs::read(site.join(&name)) {
        Ok(bytes) if strands::unzipped(&bytes).is_some() => Ok((name, bytes)),
        Ok(_) => Err(format!("{name} is not packed with gzip")),
        Err(error) => Err(format!("{name}: {error}")),
    };
    names.map(read).collect()
}

/// The names of the site's files, in their order.
fn files_of(site: &Path) -> Result<Vec<String>, String> {
    let told = |error: std::io::Error| format!("{}: {error}", site.display());
    let files = fs::read_dir(site).map_err(told)?.flatten().filter(|entry| entry.path().is_file());
    let mut names: Vec<String> = files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

/// Both modules, which import each other, as one classic script. It gives the loader what it would import.
fn joined(glue: &str, split: &str) -> Result<String, String> {
    if let Some(word) = ["import.meta", "import("].into_iter().find(|word| split.contains(word)) {
        return Err(format!("`{word}` does not stand in a classic script"));
    }
    let (glue, split) = (Module::of(glue)?, Module::of(split)?);
    // It imports the script between the parts alone, once for each door.
    let linked = |link: &String| -> Option<(String, String)> {
        let (name, from) = link.strip_prefix("import * as ")?.split_once(" from ")?;
        Some((name.to_owned(), from.trim_end_matches(';').to_owned()))
    };
    let links: Option<Vec<(String, String)>> = glue.imports.iter().map(linked).collect();
    let links = links.filter(|links| !links.is_empty() && links.iter().all(|(_, from)| *from == links[0].1));
    let links = links.ok_or_else(|| format!("`{}` is not understood", glue.imports.join(" ")))?;
    let name = &links[0].0;
    // What the script between the parts imports of the glue stands around it under the same names.
    let is_around = |line: &String| {
        let names = line.split_once('{').and_then(|(_, behind)| Some(behind.split_once('}')?.0)).unwrap_or_default();
        names.split(',').all(|name| glue.exports.iter().any(|(own, told)| own == name.trim() && own == told))
    };
    if !split.imports.iter().all(is_around) {
        return Err(format!("`{}` is not understood", split.imports.join(" ")));
    }
    let mut text = String::from("'use strict';\npartitaOne.glue = (() => {\n");
    let _ = write!(text, "const {name} = (() => {{\n{}return {};\n}})();\n", split.body, split.told());
    links[1..].iter().for_each(|(other, _)| text.push_str(&format!("const {other} = {name};\n")));
    let _ = write!(text, "{}return {};\n}})();\n", glue.body, glue.told());
    Ok(text)
}

/// A module of JavaScript, of those that wasm-bindgen and the splitter write.
#[derive(Default)]
struct Module {
    imports: Vec<String>,
    body: String,
    /// Each with its name in the module, and the one by which others know it.
    exports: Vec<(String, String)>,
}

impl Module {
    fn of(text: &str) -> Result<Module, String> {
        let mut module = Module::default();
        for line in text.lines() {
            if line.starts_with("import ") {
                module.imports.push(line.to_owned());
            } else if let Some(list) = line.strip_prefix("export {") {
                let list = list.split('}').next().unwrap_or_default();
                let names = list.split(',').map(str::trim).filter(|one| !one.is_empty());
                module.exports.extend(names.map(|one| {
                    let (own, told) = one.split_once(" as ").unwrap_or((one, one));
                    (own.to_owned(), told.to_owned())
                }));
            } else if let Some(declared) = line.strip_prefix("export ") {
                let name = ["class ", "function ", "const "].iter().find_map(|word| declared.strip_prefix(word));
                let name = name.ok_or_else(|| format!("`{line}` is not understood"))?;
                let name = name.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$')).next();
                let name = name.unwrap_or_default().to_owned();
                module.exports.push((name.clone(), name));
                module.body.extend([declared, "\n"]);
            } else {
                module.body.extend([line, "\n"]);
            }
        }
        Ok(module)
    }

    /// Its exports as an object.
    fn told(&self) -> String {
        let all: Vec<String> = self.exports.iter().map(|(own, told)| format!("{told}: {own}")).collect();
        format!("{{ {} }}", all.join(", "))
    }
}

/// As a content policy names a script.
fn hash(script: &str) -> String {
    base64(&Sha256::digest(script.as_bytes()))
}

/// Bytes as a text that HTML keeps as it is, whatever server or mail it passes: each sign holds seven bits. A sign that
/// cannot stand there is one of two bytes with the next one.
fn written(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 7 + 2);
    let mut sevens = sevens(bytes);
    while let Some(seven) = sevens.next() {
        match ODD.iter().position(|odd| *odd == seven) {
            None => text.push(char::from(seven)),
            Some(odd) => {
                let next = u32::from(sevens.next().unwrap_or_default());
                text.extend(char::from_u32(128 + (odd as u32) * 128 + next));
            }
        }
    }
    text
}

/// The bits of some bytes by seven, the last ones filled up with zeros.
fn sevens(bytes: &[u8]) -> impl Iterator<Item = u8> {
    (0..(bytes.len() * 8).div_ceil(7)).map(|number| {
        let (byte, bit) = (number * 7 / 8, number * 7 % 8);
        let two = u16::from(bytes[byte]) << 8 | u16::from(bytes.get(byte + 1).copied().unwrap_or_default());
        (two >> (9 - bit)) as u8 & 0x7f
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `www/single.js` does it.
    fn read(text: &str, total: usize) -> Vec<u8> {
        let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
        let mut take = |seven: u32| {
            bits = (bits << 7 | seven) & 0x7fff;
            count += 7;
            if count >= 8 {
                count -= 8;
                bytes.push((bits >> count) as u8);
            }
        };
        for sign in text.chars().map(u32::from) {
            if sign < 128 {
                take(sign);
            } else {
                take(u32::from(ODD[(sign >> 7) as usize - 1]));
                take(sign & 127);
            }
        }
        bytes.truncate(total);
        bytes
    }

    #[test]
    fn bytes_come_back() {
        let mut seed = 7_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        })
        .take(50_000)
        .collect();
        for length in [0, 1, 6, 7, 8, 9, 13, 14, 50_000] {
            for bytes in [&noise[..length], &vec![0; length], &vec![255; length]] {
                let text = written(bytes);
                assert!(!text.contains(['\0', '\r', '<']) && text.chars().all(|sign| u32::from(sign) < 512));
                assert_eq!(read(&text, length), bytes);
            }
        }
        // Two bytes for fourteen bits, wherever they are.
        let sevens = (noise.len() * 8).div_ceil(7);
        assert!((sevens..=sevens + 1).contains(&written(&noise).len()), "{}", written(&noise).len());
    }

    #[test]
    fn modules_become_one_script() {
        let glue = "import * as other from \"./split.js\"\nimport * as door from \"./split.js\"\nexport class A {\n}\nfunction initSync() { return other.load; }\n\
                    function init() {}\nexport { initSync, init as default };";
        let split = "import { initSync } from \"./partita.js\";\nexport const load = later(() => initSync());\n";
        let script = "'use strict';\npartitaOne.glue = (() => {\nconst other = (() => {\nconst load = later(() => initSync());\n\
                      return { load: load };\n})();\nconst door = other;\nclass A {\n}\nfunction initSync() { return other.load; }\n\
                      function init() {}\nreturn { A: A, initSync: initSync, default: init };\n})();\n";
        assert_eq!(joined(glue, split).as_deref(), Ok(script));
        let unknown = split.replace("{ initSync }", "{ init }");
        assert!(joined(glue, &unknown).is_err_and(|told| told.contains("import { init }")));
        assert!(joined(&format!("{glue}\nexport default 7;"), split).is_err());
        assert!(joined(&format!("import * as third from \"./third.js\"\n{glue}"), split).is_err());
    }

    #[test]
    fn hashes_are_as_browsers_reckon_them() {
        assert_eq!(hash(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
