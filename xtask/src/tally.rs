//! Counts what passed and what failed, of checks of our own and of programs that count themselves.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

#[derive(Default)]
pub struct Tally {
    passed: u64,
    failures: Vec<String>,
    /// Failures that a program counted but we have no name for.
    failed: u64,
}

impl Tally {
    pub fn heading(&self, title: &str) {
        println!("\n== {title} ==");
    }

    /// One check that passes or fails as a whole.
    pub fn check(&mut self, name: &str, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => {
                self.passed += 1;
                println!("{name}: passed");
            }
            Err(sentence) => {
                self.failed += 1;
                println!("{name}: FAILED: {sentence}");
                self.failures.push(format!("{name}: {sentence}"));
            }
        }
    }

    /// A program of which every line is shown, and read by `count` for what passed and failed. It counts as one failure
    /// more when it ends badly without having counted one.
    pub fn counted(&mut self, name: &str, command: &mut Command, count: impl Fn(&str) -> Option<Counted>) {
        let started = Instant::now();
        let (before_passed, before_failed) = (self.passed, self.failed);
        let ended = stream(command, |line| {
            let Some(counted) = count(line) else { return };
            self.passed += counted.passed;
            self.failed += counted.failed;
            if counted.failed > 0 {
                self.failures.push(format!("{name}: {}", line.trim()));
            }
        });
        let (passed, failed) = (self.passed - before_passed, self.failed - before_failed);
        println!("{name}: {passed} passed, {failed} failed, {:.0} s", started.elapsed().as_secs_f64());
        match ended {
            Err(sentence) if failed == 0 => self.check(name, Err(sentence)),
            Ok(()) if passed + failed == 0 => self.check(name, Err("it ran no check at all".into())),
            _ => {}
        }
    }

    /// The last line, and what failed above it.
    pub fn close(self) -> Result<(), String> {
        if !self.failures.is_empty() {
            println!("\n== What failed ==");
        }
        for failure in &self.failures {
            println!("{failure}");
        }
        println!("\n{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 { Ok(()) } else { Err("not every check passed".into()) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    pub passed: u64,
    pub failed: u64,
}

/// `test result: ok. 12 passed; 0 failed; …`, as cargo's test harness ends each of its binaries.
pub fn of_cargo_test(line: &str) -> Option<Counted> {
    let counts = line.strip_prefix("test result: ")?;
    Some(Counted { passed: number_before(counts, " passed")?, failed: number_before(counts, " failed")? })
}

/// `name: cases 7, equal 5, listed 2, unexpected 0`: one check a line, which fails with an unexpected case.
pub fn of_golden(line: &str) -> Option<Counted> {
    let (_, counts) = line.split_once(": cases ")?;
    let (_, unexpected) = counts.split_once(", unexpected ")?;
    let good = unexpected.trim() == "0";
    Some(Counted { passed: u64::from(good), failed: u64::from(!good) })
}

/// `ok name` or `FAILED name: why`, as the browser tests print.
pub fn of_browser(line: &str) -> Option<Counted> {
    let (good, bad) = (line.starts_with("ok "), line.starts_with("FAILED "));
    (good || bad).then_some(Counted { passed: u64::from(good), failed: u64::from(bad) })
}

fn number_before(text: &str, word: &str) -> Option<u64> {
    text.split_once(word)?.0.rsplit([' ', ';']).next()?.parse().ok()
}

/// Runs the program and shows each line as it comes. Its errors go to the terminal by themselves.
fn stream(command: &mut Command, mut each: impl FnMut(&str)) -> Result<(), String> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("it does not start: {error}"))?;
    let output = child.stdout.take().expect("its output is piped");
    for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        each(&line);
    }
    let status = child.wait().map_err(|error| format!("it was lost: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("it ended with {status}")) }
}

/// Where two lists of lines differ first.
pub fn same_lines(native: &str, browser: &str) -> Result<(), String> {
    let (mut left, mut right) = (native.lines(), browser.lines());
    for number in 1.. {
        match (left.next(), right.next()) {
            (None, None) if number == 1 => return Err("neither side printed a line".into()),
            (None, None) => return Ok(()),
            (one, other) if one == other => {}
            (one, other) => {
                let told = |line: Option<&str>| line.unwrap_or("nothing more").to_string();
                return Err(format!("line {number}: natively `{}`, in the browser `{}`", told(one), told(other)));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_the_lines_that_hold_them() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(of_cargo_test(line), Some(Counted { passed: 12, failed: 3 }));
        assert_eq!(of_cargo_test("test a::b ... ok"), None);
        let golden = "partitioner: cases 7, equal 5, listed 2, unexpected 0";
        assert_eq!(of_golden(golden), Some(Counted { passed: 1, failed: 0 }));
        assert_eq!(of_golden(&golden.replace("ted 0", "ted 1")), Some(Counted { passed: 0, failed: 1 }));
        assert_eq!(of_browser("FAILED opens: no page"), Some(Counted { passed: 0, failed: 1 }));
        assert_eq!(of_browser("okay"), None);
    }

    #[test]
    fn a_difference_names_its_line() {
        assert_eq!(same_lines("a\nb\n", "a\nb"), Ok(()));
        assert_eq!(same_lines("a\nb", "a\nc"), Err("line 2: natively `b`, in the browser `c`".into()));
        assert_eq!(same_lines("a\nb", "a"), Err("line 2: natively `b`, in the browser `nothing more`".into()));
        assert!(same_lines("", "").is_err());
    }

    #[test]
    fn a_program_that_fails_uncounted_counts_as_a_failure() {
        let mut tally = Tally::default();
        tally.counted("shell", Command::new("sh").args(["-c", "echo ok one; exit 3"]), of_browser);
        assert_eq!((tally.passed, tally.failed), (1, 1));
        tally.counted("silent", &mut Command::new("true"), of_browser);
        assert_eq!((tally.passed, tally.failed), (1, 2));
        assert!(tally.close().is_err());
    }
}
