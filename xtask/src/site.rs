//! The static site: the page compiled to wasm, its glue, its styles, under names that change with their content.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;
use xtask::figure::Figure;
use xtask::server::CONTENT_POLICY;
use xtask::{paths, process, tools};

use crate::arguments::Arguments;
use crate::split::{self, Parts};
use crate::{compress, embed, glue, markdown, order, patched, picture, single, weight};

/// How the page is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// Soon there: for work on the page.
    Quick,
    /// As small as it gets: what is published, tested and measured.
    Release,
}

impl Build {
    pub fn profile(self) -> &'static str {
        match self {
            Build::Quick => "page-dev",
            Build::Release => "page",
        }
    }
}

/// `cargo xtask dist`.
pub fn dist(mut arguments: Arguments) -> Result<(), String> {
    let single = arguments.flag("--single");
    arguments.finish()?;
    if single {
        return one_file();
    }
    let folder = paths::root().join("dist");
    build(Build::Release, &folder)?;
    let sizes = pack(&folder)?;
    println!("{:<28} {:>9} {:>9} {:>9}", "dist/", "bytes", "brotli", "gzip");
    let mut sum = [0; 3];
    for (name, size) in &sizes {
        println!("{name:<28} {:>9} {:>9} {:>9}", size[0], size[1], size[2]);
        sum.iter_mut().zip(size).for_each(|(sum, size)| *sum += size);
    }
    println!("{:<28} {:>9} {:>9} {:>9}", "all", sum[0], sum[1], sum[2]);
    for (name, size) in &sizes {
        weight::figures(name, size[0], size[1]).iter().for_each(Figure::print);
    }
    weight::whole(&sizes).print();
    weight::plain(&folder)?.print();
    Ok(())
}

/// `cargo xtask dist --single`: made of a site of its own, and laid beside what there is in `dist/`.
fn one_file() -> Result<(), String> {
    let (site, folder) = (paths::target().join("site-single"), paths::root().join("dist"));
    build(Build::Release, &site)?;
    let figure = single::write(&site, &folder)?;
    println!("The page as one file: {}", folder.join(single::NAME).display());
    figure.print();
    Ok(())
}

/// Compiles the page and writes the site's folder anew; a release with its first picture, for which it wants a browser.
pub fn build(build: Build, folder: &Path) -> Result<(), String> {
    let (wasm, mut parts) = parts(build)?;
    let mut glue = bindgen(&wasm, Some(&parts.first), "partita", false)?;
    for part in parts.later.iter_mut().map(|part| &mut part.bytes).chain([&mut glue.wasm]) {
        *part = strands::pack(&order::alike(part)?)
            .map_err(|sentence| format!("the page's wasm is not packed: {sentence}"))?;
    }
    // Who works on the page waits neither for zopfli nor for a browser with each build.
    if build == Build::Release {
        let told = |error: std::io::Error| format!("the page's wasm is not packed: {error}");
        glue.wasm = compress::zipped("first", &glue.wasm).map_err(told)?;
        for part in &mut parts.later {
            part.bytes = compress::zipped(&part.stem, &part.bytes).map_err(told)?;
        }
    }
    let unpacker = unpacker()?;
    let written = write(&parts, &glue, &unpacker, folder);
    written.map_err(|error| format!("the site cannot be written to {}: {error}", folder.display()))?;
    if build == Build::Release { picture::put(folder) } else { Ok(()) }
}

/// Compiles the page and cuts it in parts. Returns the linked file beside its parts.
pub fn parts(build: Build) -> Result<(PathBuf, Parts), String> {
    tools::wasm_target()?;
    // The linker leaves its relocations in the file: by them it is cut. The names of functions say for whom generic
    // code was made, which the table of `weigh` tells; no file of the site has them.
    let told = ["-Clink-arg=--emit-relocs", "-Csymbol-mangling-version=v0"];
    let wasm = compile("partita", "partita-page", &["page"], &told, build)?;
    let parts = Parts::of(&wasm)?;
    Ok((wasm, parts))
}

/// The wasm with which the loader takes all parts out of their strands, in base64.
fn unpacker() -> Result<String, String> {
    let exported = ["-Clink-arg=--export=unpack", "-Clink-arg=--export=__heap_base"];
    let wasm = compile("partita-strands", "partita-unpack", &["unpack"], &exported, Build::Release)?;
    let bytes = fs::read(&wasm).map_err(|error| format!("{}: {error}", wasm.display()))?;
    Ok(base64(&split::packed(&bytes, false)?))
}

/// Letters, digits, `+` and `/` for six bits each, and `=` to a length that four divides, as `atob` reads it.
pub fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let sign = if at > three.len() { '=' } else { char::from(SIGNS[(bits >> (18 - 6 * at)) as usize & 63]) };
            text.push(sign);
        }
    }
    text
}

/// Compiles one binary to wasm and returns its file. `told` is what the compiler is told of this binary alone.
pub fn compile(package: &str, binary: &str, features: &[&str], told: &[&str], build: Build) -> Result<PathBuf, String> {
    let mut command = process::cargo("rustc");
    command.args(["--package", package, "--bin", binary, "--target", tools::WASM, "--profile", build.profile()]);
    if !features.is_empty() {
        command.args(["--features", &features.join(",")]);
    }
    if features.contains(&"page") {
        command.args(patched::told()?);
    }
    command.arg("--").args(told).env("RUSTFLAGS", flags());
    process::run(&mut command)?;
    Ok(paths::target().join(tools::WASM).join(build.profile()).join(format!("{binary}.wasm")))
}

/// What the compiler is told beside the profile.
///
/// Panic messages name the files of the crates: without the place where this machine keeps them, so that every machine
/// builds the same bytes. And Leptos erases the types of views, which makes the page smaller by a tenth.
fn flags() -> String {
    let home = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let erased = "--cfg erase_components";
    match home("CARGO_HOME").or_else(|| Some(home("HOME")?.join(".cargo"))) {
        Some(cargo) => format!("{erased} --remap-path-prefix={}=crates", cargo.join("registry/src").display()),
        None => erased.to_owned(),
    }
}

/// A wasm file as a browser takes it: the module, the JavaScript around it, and the files that this imports.
pub struct Glue {
    pub wasm: Vec<u8>,
    pub script: String,
    /// Path below the site, content.
    pub snippets: Vec<(String, String)>,
}

/// Wraps a wasm file, or the first part of it; with the names of its functions when they are asked for.
pub fn bindgen(wasm: &Path, first: Option<&[u8]>, name: &str, names: bool) -> Result<Glue, String> {
    let failed = |error: &dyn std::fmt::Display| format!("wasm-bindgen refuses {}: {error:#}", wasm.display());
    let mut bindgen = Bindgen::new();
    bindgen.web(true).map_err(|error| failed(&error))?;
    match first {
        // The other parts share the linker's own table and stack.
        Some(first) => bindgen.input_bytes(name, first.to_vec()).keep_lld_exports(true),
        None => bindgen.input_path(wasm),
    };
    bindgen.out_name(name).typescript(false).omit_default_module_path(true);
    bindgen.demangle(false).remove_name_section(!names).remove_producers_section(true);
    let mut output = bindgen.generate_output().map_err(|error| failed(&error))?;
    let mut snippets: Vec<(String, String)> =
        output.local_modules().iter().map(|(path, text)| (format!("snippets/{path}"), text.clone())).collect();
    for (folder, texts) in output.snippets() {
        let inline = texts.iter().enumerate();
        snippets.extend(inline.map(|(index, text)| (format!("snippets/{folder}/inline{index}.js"), text.clone())));
    }
    let script = output.js().to_owned();
    let script = glue::shortened(&script, output.wasm_mut());
    Ok(Glue { wasm: output.wasm_mut().emit_wasm(), script, snippets })
}

fn write(parts: &Parts, glue: &Glue, unpacker: &str, folder: &Path) -> std::io::Result<()> {
    let www = paths::root().join("www");
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder)?;
    let named = |stem: &str, extension: &str, content: &[u8]| -> std::io::Result<String> {
        let name = format!("{stem}-{}.{extension}", fingerprint(content));
        fs::write(folder.join(&name), content).map(|()| name)
    };
    let wasm = named("partita", "wasm", &glue.wasm)?;
    let later = parts.later.iter().map(|part| named(&part.stem, "wasm", &part.bytes));
    let later = later.collect::<std::io::Result<Vec<String>>>()?;
    // The glue and the script between the parts import each other: one fingerprint of both names both.
    let split = parts.script(&later);
    let of_embeds = parts.later.iter().zip(&later).filter(|(part, _)| part.for_whom.iter().any(|name| name == "embed"));
    let of_embeds = of_embeds.map(|(_, name)| embed::quoted(name)).collect::<Vec<_>>().join(", ");
    let from = |name: &str| format!("from \"{name}\"");
    let version = fingerprint(format!("{}{split}", glue.script).as_bytes());
    let (script, split_name) = (format!("partita-{version}.js"), format!("split-{version}.js"));
    // A name that is not found would leave a page that does not start.
    let renamed = |text: &str, old: &str, new: &str| {
        let told = || std::io::Error::other(format!("wasm-bindgen's script imports nothing {}", from(old)));
        text.contains(&from(old)).then(|| text.replace(&from(old), &from(&format!("./{new}")))).ok_or_else(told)
    };
    fs::write(folder.join(&script), renamed(&glue.script, split::LINK, &split_name)?)?;
    fs::write(folder.join(&split_name), renamed(&split, split::GLUE, &script)?)?;
    let styles = named("partita", "css", squeezed(&joined(&www.join("styles"))?).as_bytes())?;
    for (path, text) in &glue.snippets {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap_or(folder))?;
        fs::write(file, text)?;
    }
    let about = |stem: &str, file: &str| {
        let text = fs::read_to_string(paths::root().join(file))?;
        let html = markdown::fragment(&text).map_err(|told| std::io::Error::other(format!("{file}: {told}")))?;
        named(stem, "html", html.as_bytes())
    };
    let (about_en, about_ko) = (about("about-en", "OMISSIONS.md")?, about("about-ko", "OMISSIONS.ko.md")?);
    let (grammar_en, grammar_ko) =
        (about("grammar-en", "docs/grammar.md")?, about("grammar-ko", "docs/grammar.ko.md")?);
    let fill = |text: String| {
        let text = text.replace("{{wasm}}", &wasm).replace("{{script}}", &script).replace("{{styles}}", &styles);
        let text = text.replace("{{split}}", &split_name);
        let text = text.replace("{{about-en}}", &about_en).replace("{{about-ko}}", &about_ko);
        let text = text.replace("{{grammar-en}}", &grammar_en).replace("{{grammar-ko}}", &grammar_ko);
        let text = text.replace("{{unpacker}}", unpacker).replace("{{blocks-at}}", &strands::BLOCKS_AT.to_string());
        text.replace("{{policy}}", CONTENT_POLICY)
    };
    // The loader first: the picture that it shows, and what is pressed meanwhile, need what it says.
    let loader = ["partita.js", "first.js"].map(|file| fs::read_to_string(www.join(file)));
    let loader = loader.into_iter().collect::<std::io::Result<String>>()?;
    fs::write(folder.join("partita.js"), fill(embed::squeezed(&loader)))?;
    fs::copy(www.join("icon.svg"), folder.join("icon.svg"))?;
    let page = fs::read_to_string(paths::root().join("index.html"))?;
    let sprite = fs::read_to_string(www.join("sprite.svg"))?;
    fs::write(folder.join("index.html"), fill(page.replace("{{sprite}}", sprite.trim_end())))?;
    let posters = embed::posters(&paths::root().join("scenarios"))?;
    let embedding = |file: &str| fs::read_to_string(www.join(file)).map(|text| embed::filled(&embed::squeezed(&text)));
    let script = embedding("embed.js")?.replace("{{posters}}", &posters).replace("{{parts}}", &of_embeds);
    let embed_name = named("embed", "js", script.as_bytes())?;
    let page = fs::read_to_string(paths::root().join("embed.html"))?;
    let page = page.replace("{{sprite}}", sprite.trim_end()).replace("{{embed}}", &embed_name);
    fs::write(folder.join("embed.html"), fill(page))?;
    fs::write(folder.join("partita-embed.js"), embedding("partita-embed.js")?)
}

/// The style files in the order of their names, as one.
fn joined(folder: &Path) -> std::io::Result<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "css"));
    files.sort();
    files.iter().map(fs::read_to_string).collect()
}

/// Without comments, indents, empty lines, and blanks that part nothing.
fn squeezed(styles: &str) -> String {
    let mut text = String::with_capacity(styles.len());
    let mut rest = styles;
    while let Some((before, after)) = rest.split_once("/*") {
        text.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let text = lines.collect::<Vec<_>>().join("\n");
    let closer = |part: &str| {
        let signs = [(": ", ":"), ("; ", ";"), (", ", ","), (" {", "{"), ("{ ", "{"), (" }", "}"), (";}", "}")];
        signs.iter().fold(part.to_owned(), |text, (wide, close)| text.replace(wide, close))
    };
    // Every other part stands between quotation marks.
    let parts = text.split('"').enumerate().map(|(at, part)| if at % 2 == 0 { closer(part) } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("\"")
}

/// Ten hexadecimal digits of the content (FNV-1a), so that a changed file has a name no cache knows.
pub fn fingerprint(content: &[u8]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in content {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    format!("{:010x}", hash & 0xff_ffff_ffff)
}

/// Writes the packed forms beside every file of the site. Returns each file's name and sizes.
pub fn pack(folder: &Path) -> Result<Vec<(String, [usize; 3])>, String> {
    let mut files = Vec::new();
    collect(folder, &mut files).map_err(|error| format!("{}: {error}", folder.display()))?;
    files.sort();
    let name = |file: &Path| file.strip_prefix(folder).unwrap_or(file).display().to_string();
    files.iter().map(|file| Ok((name(file), compress::beside(file)?))).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_lose_comments_and_blanks_only() {
        let styles =
            "/* a\n b */\n:root {\n  --x: 1px; /* c */\n\n}\n.a :is(b, i)::before { content: \", \"; top: 0; }\n";
        assert_eq!(squeezed(styles), ":root{\n--x:1px;\n}\n.a :is(b,i)::before{content:\", \";top:0}");
    }

    #[test]
    fn base64_is_as_it_is_known() {
        let told = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        assert_eq!(told, std::array::from_fn(|length| base64(&b"foobar"[..length])));
    }

    #[test]
    fn names_follow_the_content() {
        assert_eq!(fingerprint(b""), "e484222325");
        assert_eq!(fingerprint(b"a"), "4c8601ec8c");
    }
}
