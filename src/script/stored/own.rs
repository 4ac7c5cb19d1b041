//! The runs of a reader's own: what the list of them says of each, and who may write where.
//!
//! Each run has a place of its own. Whoever opens one knows its revision; who writes asks whether the place is still at
//! that revision, in the transaction that writes, and goes on in a place beside it otherwise. So nobody's work is written
//! over, however many windows have the same run open.

use std::sync::Arc;

use crate::script::lexer::lex;
use crate::script::words::line;
use crate::sorted::InOrder;

/// Runs that a browser keeps, and the bytes of all of them together.
pub const MAX_OWN_RUNS: usize = 200;
pub const MAX_OWN_BYTES: u64 = 256 * 1024 * 1024;
/// Runs that were only looked at: so many windows come back after a reload.
const MAX_LOOKED_AT: usize = 12;
/// Milliseconds for which a deleted run can be had back, if the window that shows how is still open.
const DELETED_FOR_MS: u64 = 60 * 60 * 1000;

/// What a run began as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// A ready scenario, or an empty cluster.
    #[default]
    Here,
    Link,
    File,
}

/// A run in the browser's storage, but for its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnRun {
    pub id: String,
    /// How often its branches were written, and by whom last.
    pub revision: u64,
    pub writer: String,
    /// Its reader has changed something in it: until then it is nobody's own.
    pub is_kept: bool,
    /// Milliseconds since 1970: of its last change, and of the last time that somebody was in it.
    pub changed: u64,
    pub seen: u64,
    /// Bytes of its text.
    pub size: u64,
    pub steps: u64,
    /// The branch that is shown, from 1, and how many there are.
    pub branch: u64,
    pub branches: u64,
    pub source: Source,
    pub scenario: Option<Arc<str>>,
    /// What the branch that is shown changed, in the grammar's words.
    pub change: Option<Arc<str>>,
    /// The name that its reader gave it.
    pub name: Option<Arc<str>>,
    /// When its reader deleted it: until it is taken away it can be had back.
    pub deleted: Option<u64>,
}

impl OwnRun {
    /// As one line.
    pub fn encode(&self) -> String {
        let number = |value: u64| value.to_string();
        let source = match self.source {
            Source::Here => "here",
            Source::Link => "link",
            Source::File => "file",
        };
        let words = line("run").word(&self.id).exact("writer", &self.writer).exact("source", source);
        let numbers = [
            ("revision", self.revision),
            ("kept", u64::from(self.is_kept)),
            ("changed", self.changed),
            ("seen", self.seen),
            ("size", self.size),
            ("steps", self.steps),
            ("branch", self.branch),
            ("branches", self.branches),
        ];
        let words = numbers.into_iter().fold(words, |words, (name, value)| words.exact(name, &number(value)));
        let texts = [("scenario", &self.scenario), ("change", &self.change), ("name", &self.name)];
        let words = texts.into_iter().fold(words, |words, (name, value)| match value {
            Some(value) => words.exact(name, value),
            None => words,
        });
        match self.deleted {
            Some(at) => words.exact("deleted", &number(at)),
            None => words,
        }
        .end()
    }

    /// What a line says, as far as it is understood; none when it names no run.
    pub fn decode(text: &str) -> Option<OwnRun> {
        let mut words = lex(text).ok()?.words.into_iter();
        if words.next()?.text != "run" {
            return None;
        }
        let mut run = OwnRun { id: words.next()?.text, ..OwnRun::default() };
        for word in words {
            let Some((name, value)) = word.text.split_once('=') else { continue };
            let number = || value.parse().unwrap_or_default();
            let text = || Some(Arc::from(value));
            match name {
                "writer" => value.clone_into(&mut run.writer),
                "source" => {
                    run.source = match value {
                        "link" => Source::Link,
                        "file" => Source::File,
                        _ => Source::Here,
                    }
                }
                "revision" => run.revision = number(),
                "kept" => run.is_kept = number() == 1,
                "changed" => run.changed = number(),
                "seen" => run.seen = number(),
                "size" => run.size = number(),
                "steps" => run.steps = number(),
                "branch" => run.branch = number(),
                "branches" => run.branches = number(),
                "scenario" => run.scenario = text(),
                "change" => run.change = text(),
                "name" => run.name = text(),
                "deleted" => run.deleted = Some(number()),
                _ => {}
            }
        }
        Some(run)
    }

    /// Whether it stands in the list of its reader's runs.
    pub fn is_listed(&self) -> bool {
        self.is_kept && self.deleted.is_none()
    }
}

/// Where a window keeps its run, and what it knows of that place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Home {
    pub id: String,
    /// Where the run goes on when somebody else has written to the place.
    pub spare: String,
    /// Who writes: each window has a name of its own each time that it is opened.
    pub writer: String,
    /// Revision and writer as they were read here.
    pub known: Option<(u64, String)>,
    pub is_kept: bool,
    pub source: Source,
}

impl Home {
    /// Whether what stands there is what this window knows, or has written itself.
    pub fn may_write(&self, stored: Option<&OwnRun>) -> bool {
        let Some(stored) = stored else { return true };
        let is_known = |known: &(u64, String)| known.0 == stored.revision && known.1 == stored.writer;
        stored.writer == self.writer || self.known.as_ref().is_some_and(is_known)
    }
}

/// What is too much for the storage of one's own runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRoom {
    Runs,
    Bytes,
}

/// Whether there is room for a run of so many bytes at a place, beside the others.
pub fn room(all: &[OwnRun], id: &str, size: u64) -> Result<(), NoRoom> {
    let others = || all.iter().filter(|run| run.is_listed() && run.id != id);
    if others().count() >= MAX_OWN_RUNS {
        return Err(NoRoom::Runs);
    }
    let bytes = others().map(|run| run.size).sum::<u64>() + size;
    if bytes > MAX_OWN_BYTES { Err(NoRoom::Bytes) } else { Ok(()) }
}

/// The runs that are taken away at an instant: those that were looked at longest ago, and those that were deleted.
pub fn outlived(all: &[OwnRun], now: u64) -> Vec<String> {
    let is_gone = |run: &&OwnRun| run.deleted.is_some_and(|at| at + DELETED_FOR_MS <= now);
    let mut looked_at: Vec<&OwnRun> = all.iter().filter(|run| !run.is_kept && run.deleted.is_none()).collect();
    looked_at.order_by_key(|run| u64::MAX - run.seen);
    let gone = all.iter().filter(is_gone).chain(looked_at.into_iter().skip(MAX_LOOKED_AT));
    gone.map(|run| run.id.clone()).collect()
}

/// The run that somebody was in last: who opens a window without a run of its own goes on in it.
pub fn newest(all: &[OwnRun]) -> Option<&OwnRun> {
    all.iter().filter(|run| run.deleted.is_none()).max_by_key(|run| run.seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(id: &str, seen: u64, is_kept: bool) -> OwnRun {
        OwnRun { id: id.to_owned(), seen, is_kept, size: 10, ..OwnRun::default() }
    }

    #[test]
    fn what_is_said_of_a_run_comes_back() {
        let whole = OwnRun {
            revision: 7,
            writer: "w1".to_owned(),
            changed: 1_795_000_000_000,
            steps: 1208,
            branch: 2,
            branches: 3,
            source: Source::Link,
            scenario: Some(Arc::from("lost-response")),
            change: Some(Arc::from("send p1 t value=\"a b\"\n")),
            name: Some(Arc::from("Lecture 3, \"four\" # readers = 넷")),
            deleted: Some(9),
            ..run("a1", 5, true)
        };
        for run in [whole, run("b", 1, false)] {
            assert_eq!(OwnRun::decode(&run.encode()), Some(run));
        }
        assert_eq!(OwnRun::decode("cluster brokers=1"), None);
        assert_eq!(OwnRun::decode("run x colour=blue seen=soon"), Some(OwnRun { id: "x".into(), ..OwnRun::default() }));
    }

    #[test]
    fn who_has_not_seen_the_last_change_writes_beside_it() {
        let mut stored = run("a", 1, true);
        (stored.revision, stored.writer) = (3, "other".to_owned());
        let knowing = |revision, writer: &str| Home {
            writer: "me".to_owned(),
            known: Some((revision, writer.to_owned())),
            ..Home::default()
        };
        assert!(knowing(3, "other").may_write(Some(&stored)));
        assert!(!knowing(2, "other").may_write(Some(&stored)), "it was changed since");
        assert!(!knowing(3, "third").may_write(Some(&stored)));
        assert!(knowing(3, "other").may_write(None), "it was deleted: nothing is written over");
        assert!(!Home { writer: "me".to_owned(), ..Home::default() }.may_write(Some(&stored)));
        stored.writer = "me".to_owned();
        assert!(knowing(2, "other").may_write(Some(&stored)), "what was written meanwhile is one's own");
    }

    #[test]
    fn runs_and_bytes_are_limited_and_the_run_itself_does_not_count() {
        let mut all: Vec<OwnRun> = (0..MAX_OWN_RUNS).map(|n| run(&n.to_string(), 1, true)).collect();
        assert_eq!(room(&all, "new", 1), Err(NoRoom::Runs));
        assert_eq!(room(&all, "7", 1), Ok(()));
        all[3].deleted = Some(1);
        all[4].is_kept = false;
        assert_eq!(room(&all, "new", 1), Ok(()));
        all[5].size = MAX_OWN_BYTES;
        assert_eq!(room(&all, "new", 1), Err(NoRoom::Bytes));
        assert_eq!(room(&all[5..6], "5", MAX_OWN_BYTES), Ok(()));
    }

    #[test]
    fn what_was_looked_at_long_ago_and_what_was_deleted_is_taken_away() {
        let mut all: Vec<OwnRun> = (0..20).map(|n| run(&n.to_string(), n, false)).collect();
        all.extend([run("mine", 0, true), run("deleted", 90, true)]);
        all[21].deleted = Some(1_000);
        let seconds = |s: u64| 1_000 + s * 1_000;
        assert_eq!(outlived(&all, seconds(3_599)), ["7", "6", "5", "4", "3", "2", "1", "0"]);
        assert_eq!(outlived(&all, seconds(3_600))[0], "deleted");
        assert_eq!(newest(&all).map(|run| &*run.id), Some("19"), "what was deleted is not gone on in");
        assert_eq!(newest(&[]), None);
    }
}
