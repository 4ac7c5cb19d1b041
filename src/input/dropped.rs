//! What a file is that was dropped on the page.

/// What is read of such a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// A script, or a run that was exported.
    Run,
    /// Configuration or code of a client.
    Pasted,
    /// Records, whatever their format.
    Records,
}

impl Dropped {
    /// By how it begins, then by how its name ends.
    pub fn of(name: &str, bytes: &[u8]) -> Dropped {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let begins = |word: &str| bytes.starts_with(word.as_bytes());
        let ends = |ending: &str| name.ends_with(ending);
        // A table may have a column that is called so.
        let word_behind = |word: &str| {
            let first = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
            let rest = first.strip_prefix(word.as_bytes())?;
            rest.split(|b| b.is_ascii_whitespace()).find(|word| !word.is_empty())
        };
        let is_stored = word_behind("partita ").is_some_and(|version| version.iter().all(u8::is_ascii_digit));
        let is_script = word_behind("cluster ").is_some_and(|option| option.contains(&b'=') && !option.contains(&b','));
        if is_stored || is_script || begins("# about:") {
            Dropped::Run
        } else if ends(".properties") || ends(".yml") || ends(".yaml") || ends(".java") || ends(".kt") || ends(".kts") {
            Dropped::Pasted
        } else {
            Dropped::Records
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart() {
        for (name, text, expected) in [
            ("a.txt", "partita 1\ncluster brokers=1", Dropped::Run),
            ("a.json", "# about: x", Dropped::Run),
            ("a.txt", "\u{feff}cluster brokers=1", Dropped::Run),
            ("Main.java", "class Main {}", Dropped::Pasted),
            ("client.properties", "acks=1", Dropped::Pasted),
            ("application.yml", "spring:\n  kafka:\n", Dropped::Pasted),
            ("orders.csv", "key,value", Dropped::Records),
            ("nodes.csv", "cluster id,name\n1,a", Dropped::Records),
            ("music.csv", "partita no,composer\n1,Bach", Dropped::Records),
            ("", "", Dropped::Records),
        ] {
            assert_eq!(Dropped::of(name, text.as_bytes()), expected, "{name}");
        }
    }
}
