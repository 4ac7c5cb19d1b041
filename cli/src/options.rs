//! The words behind a command: each option at most once, none beside one that excludes it, and whatever is refused is
//! named with what is allowed.

use partita::lang::grouped;
use partita::script::nearest;

/// An option of a command.
pub struct OptionOf {
    pub name: &'static str,
    /// What its value is, in words; none: it has no value.
    pub value: Option<&'static str>,
    /// Options beside which it says nothing, or something else.
    pub excludes: &'static [&'static str],
}

/// A command and what may stand behind it.
pub struct CommandWords {
    pub name: &'static str,
    pub options: &'static [OptionOf],
    /// The form of its words that are no options.
    pub files: &'static str,
    pub many_files: bool,
}

/// What stands behind a command.
#[derive(Debug)]
pub struct GivenWords<'a> {
    pub files: Vec<&'a str>,
    given: Vec<(&'static str, &'a str)>,
}

impl<'a> GivenWords<'a> {
    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    pub fn value(&self, name: &str) -> Option<&'a str> {
        self.given.iter().find(|(given, _)| *given == name).map(|(_, value)| *value)
    }

    /// The value as a whole number; fails with a sentence.
    pub fn number(&self, name: &str, of: &str, min: u64, max: u64) -> Result<Option<u64>, String> {
        let Some(text) = self.value(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| (min..=max).contains(number));
        number
            .map(Some)
            .ok_or_else(|| format!("{name} is {of} from {} to {}, not `{text}`", grouped(min), grouped(max)))
    }
}

impl CommandWords {
    /// Fails with a sentence that says what is wrong and what is allowed.
    pub fn read<'a>(&self, words: &[&'a str]) -> Result<GivenWords<'a>, String> {
        let mut asked = GivenWords { files: Vec::new(), given: Vec::new() };
        let mut words = words.iter().copied().peekable();
        while let Some(word) = words.next() {
            if word.is_empty() {
                return Err(format!("`{}` takes {}, and an empty name is given", self.name, self.files));
            }
            if !word.starts_with("--") {
                asked.files.push(word);
                continue;
            }
            let (name, joined) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
            let Some(option) = self.options.iter().find(|option| option.name == name) else {
                return Err(self.unknown(name));
            };
            let value = match (option.value, joined) {
                (None, None) => "",
                (None, Some(value)) => return Err(format!("{name} has no value, and `{value}` is given")),
                (Some(_), Some(value)) => value,
                // The next option is no value.
                (Some(of), None) => words
                    .next_if(|word| !word.starts_with("--"))
                    .ok_or_else(|| format!("{name} needs a value: {of}"))?,
            };
            if asked.has(name) {
                return Err(format!("{name} is given twice"));
            }
            let other = |given: &&(&'static str, &str)| {
                option.excludes.contains(&given.0)
                    || self.options.iter().any(|of| of.name == given.0 && of.excludes.contains(&name))
            };
            if let Some((other, _)) = asked.given.iter().find(other) {
                return Err(format!("{other} and {name} exclude each other"));
            }
            asked.given.push((option.name, value));
        }
        match asked.files.as_slice() {
            [] => Err(format!("`{}` takes {}, and none is given", self.name, self.files)),
            [_, second, ..] if !self.many_files => {
                Err(format!("`{}` takes {}: `{second}` is one more", self.name, self.files))
            }
            _ => Ok(asked),
        }
    }

    fn unknown(&self, name: &str) -> String {
        let names: Vec<&str> = self.options.iter().map(|option| option.name).collect();
        let meant = nearest(name, names.iter().copied()).map(|name| format!(" Did you mean `{name}`?"));
        let allowed = match names.as_slice() {
            [] => "none".to_owned(),
            names => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        };
        format!("`{}` has no option `{name}`.{} Allowed: {allowed}.", self.name, meant.unwrap_or_default())
    }
}

/// `1 move`, `2,093 moves`.
pub fn counted(number: u64, unit: &str) -> String {
    format!("{} {unit}{}", grouped(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: OptionOf = OptionOf { name: "--json", value: None, excludes: &[] };
    const COMMAND: CommandWords = CommandWords {
        name: "show",
        options: &[
            PLAIN,
            OptionOf { name: "--at", value: Some("a step"), excludes: &["--move"] },
            OptionOf { name: "--move", value: Some("a move"), excludes: &[] },
        ],
        files: "one file",
        many_files: false,
    };

    #[test]
    fn what_is_refused_is_named_with_what_is_allowed() {
        for (words, said) in [
            (
                &["x", "--jsn"][..],
                "`show` has no option `--jsn`. Did you mean `--json`? Allowed: `--json`, `--at`, `--move`.",
            ),
            (&["x", "--at", "1", "--at", "2"], "--at is given twice"),
            (&["x", "--json", "--json"], "--json is given twice"),
            (&["x", "--at", "1", "--move=2"], "--at and --move exclude each other"),
            (&["x", "--move", "1", "--at", "2"], "--move and --at exclude each other"),
            (&["x", "--at"], "--at needs a value: a step"),
            (&["x", "--at", "--json"], "--at needs a value: a step"),
            (&["x", "--json=yes"], "--json has no value, and `yes` is given"),
            (&[], "`show` takes one file, and none is given"),
            (&[""], "`show` takes one file, and an empty name is given"),
            (&["x", "y"], "`show` takes one file: `y` is one more"),
        ] {
            assert_eq!(COMMAND.read(words).map(|_| ()), Err(said.to_owned()));
        }
        assert_eq!([1, 2_093].map(|moves| counted(moves, "move")), ["1 move", "2,093 moves"]);
        let asked = COMMAND.read(&["--at", "-1", "x"]).expect("it is read");
        assert_eq!((asked.files.as_slice(), asked.value("--at")), (&["x"][..], Some("-1")));
        let error = asked.number("--at", "a step", 0, 9).expect_err("it is negative");
        assert_eq!(error, "--at is a step from 0 to 9, not `-1`");
        let error = asked.number("--at", "a step", 0, 2_000_000).expect_err("it is negative");
        assert_eq!(error, "--at is a step from 0 to 2,000,000, not `-1`");
    }
}
