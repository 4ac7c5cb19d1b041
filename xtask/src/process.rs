//! Other programs: started, and their failure told in a sentence.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A cargo that works on this workspace and writes to the one target folder.
pub fn cargo(subcommand: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::paths::root()).arg(subcommand);
    if subcommand != "fmt" {
        command.arg("--target-dir").arg(crate::paths::target());
    }
    command
}

/// Runs it with the terminal's own output, and waits.
pub fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{} does not start: {error}", described(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed ({status})", described(command))) }
}

/// Runs it quietly and returns what it printed.
pub fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{} does not start: {error}", described(command)))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{} failed ({}): {}", described(command), output.status, said.trim()))
}

/// The first of these programs that lies on PATH.
pub fn find<N: AsRef<Path>>(names: &[N]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut candidates = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.find(|file| file.is_file())
}

fn described(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args().filter(|word| !is_path(word)));
    format!("`{}`", words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" "))
}

/// Paths say little in a sentence, and `--target-dir` says nothing without its path.
fn is_path(word: &OsStr) -> bool {
    word == "--target-dir" || Path::new(word).is_absolute()
}
