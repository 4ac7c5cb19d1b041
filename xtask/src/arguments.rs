//! The words after `cargo xtask`.

use std::collections::VecDeque;

pub struct Arguments(VecDeque<String>);

impl Arguments {
    pub fn from_environment() -> Arguments {
        Arguments(std::env::args().skip(1).collect())
    }

    /// Takes the first word.
    pub fn command(&mut self) -> Option<String> {
        self.0.pop_front()
    }

    /// Takes `--name`, and says whether it stood there.
    pub fn flag(&mut self, name: &str) -> bool {
        let Some(place) = self.0.iter().position(|word| word == name) else { return false };
        self.0.remove(place);
        true
    }

    /// Takes `--name VALUE` or `--name=VALUE`.
    pub fn value(&mut self, name: &str) -> Result<Option<String>, String> {
        let start = format!("{name}=");
        if let Some(place) = self.0.iter().position(|word| word.starts_with(&start)) {
            return Ok(self.0.remove(place).map(|word| word[start.len()..].to_string()));
        }
        let Some(place) = self.0.iter().position(|word| word == name) else { return Ok(None) };
        self.0.remove(place);
        match self.0.remove(place) {
            Some(value) => Ok(Some(value)),
            None => Err(format!("{name} wants a value after it")),
        }
    }

    /// Takes all that is left.
    pub fn rest(self) -> Vec<String> {
        self.0.into()
    }

    /// Refuses what nobody took.
    pub fn finish(self) -> Result<(), String> {
        match self.0.front() {
            None => Ok(()),
            Some(word) => Err(format!("`{word}` is not understood here; `cargo xtask help` lists what is")),
        }
    }
}
