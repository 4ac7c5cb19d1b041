//! The text in which a run is stored, exported and handed on in a link: a version, where the page stood, and the script.
//!
//! ```text
//! partita 1
//! %position @4198000+3 told=2
//! %followed p1 7
//! %change 1 @4198000+3 fork
//! %page theme=dark
//! %branch 2 of=1 at=@4198000+3 name="crash broker-1"
//! cluster brokers=3 seed=7
//! …
//! %branch 1 like=2 lines=9
//! …
//! ```
//!
//! The first script is the branch that is shown. A run with one branch has no `%branch` line. The other branches follow,
//! each with its number, the branch it left and where, its name, and how many of its first lines are those of a branch
//! that stands above it (`like=2 lines=9`): these are not written again.

mod note;
mod own;
mod read;
mod write;

use std::sync::Arc;

use super::ast::{Anchor, Property, Script};

pub use note::{StoredNote, told_beyond};
pub use own::{Home, MAX_OWN_BYTES, MAX_OWN_RUNS, NoRoom, OwnRun, Source, newest, outlived, room};
pub use read::decode;
pub use write::{encode, encode_branches, encode_state, with_state};

/// The version of the format that [`encode`] writes.
pub const VERSION: u32 = 1;
/// Branches of a run that are read.
pub const MAX_BRANCHES: usize = 200;
/// Changes that can be taken back.
pub const MAX_CHANGES: usize = 100;

/// A run and where its reader stood in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// At least one, in the order in which they were made.
    pub branches: Vec<StoredBranch>,
    /// The index of the branch that is shown.
    pub shown: usize,
    pub state: ReaderState,
}

impl Default for Stored {
    fn default() -> Stored {
        Stored::alone(Script::default(), ReaderState::default())
    }
}

/// One branch of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredBranch {
    /// What changed, in the grammar's words; none: the first branch.
    pub name: Option<Arc<str>>,
    /// The index of the branch that it left, and where.
    pub parent: Option<(usize, Anchor)>,
    pub script: Script,
}

impl Stored {
    /// A run that has no other branches.
    pub fn alone(script: Script, state: ReaderState) -> Stored {
        Stored { branches: vec![StoredBranch { script, ..StoredBranch::default() }], shown: 0, state }
    }

    /// The script of the branch that is shown.
    pub fn script(&self) -> &Script {
        &self.branches[self.shown].script
    }
}

/// Where the reader of a run stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReaderState {
    /// The instant, and the number of moves within it.
    pub position: Option<Anchor>,
    /// Which event of the move before that place is told, from 0; none: the last that is a step.
    pub told: Option<u32>,
    pub followed: Option<Followed>,
    /// What its reader has changed and can take back, the last change last.
    pub changes: Vec<Change>,
    /// What the page keeps for itself, by names that only it knows.
    pub page: Vec<Property>,
}

/// Where a run stood before a change of its reader's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The index of the branch.
    pub branch: usize,
    pub place: Anchor,
    /// Whether the change made a branch of its own; otherwise it stands on this one.
    pub forks: bool,
}

/// The record that is followed: the how-manieth `send` of a client, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    pub client: Arc<str>,
    pub number: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::script::{parse, print, print_line};
    use crate::time::Instant;

    fn script(text: &str) -> Script {
        let (script, errors) = parse(text);
        assert_eq!(errors, []);
        script
    }

    fn change(branch: usize, micros: u64, forks: bool) -> Change {
        Change { branch, place: Anchor { at: Instant(micros), moves: Some(1) }, forks }
    }

    #[test]
    fn what_is_stored_comes_back() {
        let script = script("# about: a run\ncluster brokers=1\n@5+1 producer \"p 1\" # one\n");
        let state = ReaderState {
            position: Some(Anchor { at: Instant(4_198_000), moves: Some(3) }),
            told: Some(2),
            followed: Some(Followed { client: Arc::from("p 1"), number: 7 }),
            changes: vec![change(0, 5, false), change(0, 4, true)],
            page: vec![Property::new("theme", "dark"), Property::new("tab", "\"a b\n")],
        };
        let stored = Stored::alone(script, state);
        let text = encode(&stored);
        assert!(!text.contains("%branch"), "{text}");
        let (again, notes) = decode(&text);
        assert_eq!(notes, []);
        assert_eq!(again.state, stored.state);
        assert_eq!(print(again.script()), print(stored.script()));
    }

    #[test]
    fn a_place_is_known_whatever_is_told_there() {
        let (stored, notes) = decode("partita 1\n%position @5+2 told=x\ncluster brokers=1\n");
        assert_eq!(stored.state.position, Some(Anchor { at: Instant(5), moves: Some(2) }));
        assert_eq!(stored.state.told, None);
        let (found, part) = ("told=x".to_owned(), note::Part::Told);
        assert_eq!(notes, [StoredNote::Part { line: 2, column: 16, found, part }]);
        let three = told_beyond(99, 3).en;
        assert!(three.starts_with("`told=99`") && three.contains("3 events (`told=0` to `told=2`)"), "{three}");
        assert!(told_beyond(1, 1).en.contains("has 1 event (`told=0`)"));
    }

    #[test]
    fn a_run_without_its_version_says_which_is_read() {
        for (text, column) in [("partita", 8), ("partita   ", 8)] {
            let (stored, notes) = decode(&format!("{text}\ncluster brokers=1\n"));
            assert_eq!(notes, [StoredNote::OtherVersion { column, found: String::new() }]);
            assert_eq!(stored.script().statements().count(), 1);
            let told = notes[0].sentence(crate::lang::Lang::En);
            assert!(
                told.starts_with("Line 1, column 8: no version stands behind `partita`") && told.contains("version 1"),
                "{told}"
            );
        }
    }

    #[test]
    fn what_stands_twice_and_who_is_not_there_are_told() {
        let text = "partita 1\n%position @5\n%position @6\n%followed p9 1\n%page tab=a\n%page tab=b\n%followed p1 2\n\
                    cluster brokers=1\nproducer p1\n";
        let (stored, notes) = decode(text);
        let twice = |line, column, found: &str| StoredNote::Twice { line, column, found: found.to_owned() };
        let nobody = StoredNote::NoClient { line: 4, column: 11, found: "p9".to_owned() };
        assert_eq!(notes, [twice(3, 1, "%position"), twice(6, 7, "tab"), twice(7, 1, "%followed"), nobody]);
        assert_eq!(stored.state.position, Some(Anchor { at: Instant(5), moves: None }));
        assert_eq!((stored.state.followed, stored.state.page), (None, vec![Property::new("tab", "a")]));
    }

    fn tree() -> Stored {
        let at = |micros, moves| Anchor { at: Instant(micros), moves };
        let first = "# about: three\ncluster brokers=1\nproducer p1 # mine\n\n@5+1 send p1 t value=1\n";
        let branch = |name: &str, parent, text: &str| StoredBranch {
            name: Some(Arc::from(name)),
            parent: Some(parent),
            script: script(text),
        };
        let mut branches = vec![StoredBranch { script: script(first), ..StoredBranch::default() }];
        branches.push(branch("crash \"broker-1\"\n", (0, at(9, Some(2))), &format!("{first}@9+2 crash broker-1\n")));
        let changed = "# about: three\ncluster brokers=1\nproducer p1 acks=1 # mine\n\n@5 send p1 t value=1\n";
        branches.push(branch("acks all → 1", (1, at(3, Some(0))), changed));
        Stored { branches, shown: 1, state: ReaderState::default() }
    }

    #[test]
    fn all_branches_come_back_and_what_they_share_is_written_once() {
        let stored = tree();
        for shown in 0..3 {
            let stored = Stored { shown, ..stored.clone() };
            let text = encode(&stored);
            let (again, notes) = decode(&text);
            assert_eq!(notes, [], "{text}");
            let facts = |stored: &Stored| {
                let of = |branch: &StoredBranch| (branch.name.clone(), branch.parent, print(&branch.script));
                (stored.shown, stored.branches.iter().map(of).collect::<Vec<_>>())
            };
            assert_eq!(facts(&again), facts(&stored), "{text}");
            assert_eq!(encode(&again), text);
        }
        let text = encode(&stored);
        assert_eq!(text.matches("# mine").count(), 2, "{text}");
        assert!(text.contains("%branch 1 like=2 lines=4\n%branch 3"), "{text}");
    }

    #[test]
    fn a_broken_branch_costs_only_itself() {
        let text = "partita 1\n%branch 2 of=1 at=@9+2 name=x\ncluster brokers=1\nsned\nproducer p1\n@9+2 crash broker-1\n\
                    %branch 1 like=2 lines=3\n%branch 3 of=2 at=@3 like=4 lines=1\nproducer lost\n%branch x\n%branch 2\n\
                    %branch 5 of=4 at=@3 like=1 lines=2\nproducer p5 ackss\n";
        let (stored, notes) = decode(text);
        let places: Vec<(u32, u32)> = notes.iter().map(|note| (note.line(), note.column())).collect();
        assert_eq!(places, [(4, 1), (8, 22), (10, 9), (11, 9), (13, 13)]);
        let scripts: Vec<String> = stored.branches.iter().map(|branch| print(&branch.script)).collect();
        assert_eq!(scripts[0], "cluster brokers=1\nsned\nproducer p1\n");
        assert_eq!(scripts[1], "cluster brokers=1\nsned\nproducer p1\n@9+2 crash broker-1\n");
        assert_eq!(scripts[2], "cluster brokers=1\nsned\nproducer p5 ackss\n");
        assert_eq!((stored.shown, stored.branches[2].parent), (1, None));
    }

    #[test]
    fn more_branches_than_are_read_are_told() {
        let header = |number: usize| format!("%branch {number} like=1 lines=1\n");
        let first = "partita 1\n%branch 1\ncluster brokers=1\n".to_owned();
        let all = |last: usize| (2..=last).map(header).fold(first.clone(), |text, header| text + &header);
        assert_eq!(decode(&all(MAX_BRANCHES)).1, []);
        let (stored, notes) = decode(&all(MAX_BRANCHES + 2));
        assert_eq!(stored.branches.len(), MAX_BRANCHES);
        assert_eq!(notes, [StoredNote::TooManyBranches { line: u32::try_from(MAX_BRANCHES).unwrap() + 3 }]);
    }

    #[test]
    fn changes_of_branches_that_are_there_come_back() {
        let text = "partita 1\n%change 1 @5+1 fork\n%change 3 @5\n%change 2 @6\n%change 2 soon\n%change 2 @7 fork x\n\
                    %branch 2\ncluster brokers=1\n%branch 1 like=2 lines=1\n";
        let (stored, notes) = decode(text);
        let places: Vec<(u32, u32)> = notes.iter().map(|note| (note.line(), note.column())).collect();
        assert_eq!(places, [(5, 11), (6, 19), (3, 9)]);
        let second = Change { branch: 1, place: Anchor { at: Instant(6), moves: None }, forks: false };
        assert_eq!(stored.state.changes, [change(0, 5, true), second]);
    }

    #[test]
    fn no_more_changes_are_kept_than_are_read() {
        let changes: Vec<Change> = (0..=MAX_CHANGES as u64).map(|n| change(0, n, false)).collect();
        let text = encode(&Stored::alone(
            Script::default(),
            ReaderState { changes: changes.clone(), ..ReaderState::default() },
        ));
        let (stored, notes) = decode(&text);
        assert_eq!(notes, []);
        assert_eq!(stored.state.changes, changes[1..]);
        let (stored, notes) = decode(&text.replacen("%change", "%change 1 @9\n%change", 1));
        assert_eq!((stored.state.changes.len(), notes.len()), (MAX_CHANGES, 1));
    }

    /// A text of 5 kB, once deflated, that would hold 40,000,000 lines.
    #[test]
    fn branches_share_their_lines_and_hold_a_limited_number_together() {
        let header = |number: usize| format!("%branch {number} like={} lines=200000\n", number - 1);
        let first = format!("partita 1\n%branch 1\ncluster brokers=1\n{}", "sleep 0\n".repeat(199_000));
        let (stored, notes) = decode(&(2..=MAX_BRANCHES).map(header).fold(first, |text, header| text + &header));
        assert_eq!(stored.branches.len(), 10);
        assert_eq!(notes[0], StoredNote::TooManyLines { line: 199_013 });
        let sentence = notes[0].sentence(crate::lang::Lang::En);
        assert!(sentence.contains("Line 199013") && sentence.contains("2,000,000"), "{sentence}");
        let line = |branch: usize| &stored.branches[branch].script.lines[100_000];
        assert!(Arc::ptr_eq(line(0), line(9)));
    }

    /// Lines that are written out for each branch are limited together, too.
    #[test]
    fn all_branches_together_are_written_in_a_limited_number_of_lines() {
        let branch = |number: usize| format!("%branch {number}\ncluster brokers=1\n{}", "step\n".repeat(69_999));
        let (stored, notes) =
            decode(&(1..=3).map(branch).fold("partita 1\n".to_owned(), |text, branch| text + &branch));
        assert_eq!((stored.branches.len(), notes), (2, vec![StoredNote::TooManyLines { line: 140_004 }]));
    }

    /// A line that cannot be read stays as it is: the lines behind it keep their numbers, and what needs it is read again.
    #[test]
    fn a_run_with_a_broken_line_is_the_same_run_when_it_is_opened_again() {
        let text = "cluster brokers=1\ntopic t\nproducer p1 acks=1 acks=0\nsend p1 t value=x\n";
        let (first, errors) = parse(text);
        assert_eq!(errors.len(), 1);
        let (again, notes) = decode(&encode(&Stored::alone(first.clone(), ReaderState::default())));
        assert_eq!(notes.len(), 1);
        let lines =
            |script: &Script| script.statements().map(|line| (line.number, print_line(line))).collect::<Vec<_>>();
        assert_eq!(lines(again.script()), lines(&first));
        assert_eq!(lines(again.script())[2], (4, "send p1 t value=x".to_owned()));
    }

    /// Each number of the state says what it is, where, and what is allowed.
    #[test]
    fn a_number_that_does_not_fit_names_its_own_limit() {
        for (line, column, en, ko) in [
            ("%position @5+1 told=4294967296", 16, "a whole number from 0 to 4,294,967,295", "0에서 4,294,967,295"),
            ("%position @5+1 tale=1", 16, "`told=EVENT`, which event of its move", "`told=이벤트`"),
            ("%position @31536000000001", 11, "at most 31,536,000,000,000 microseconds", "최대 31,536,000,000,000"),
            ("%position @5+8000001", 11, "and 8,000,000 moves", "이동 8,000,000번"),
            ("%followed p 4294967296", 13, "the number of a record of that client", "레코드 번호"),
            ("%change x @5", 9, "the number of a branch that is there", "있는 브랜치의 번호"),
            ("%change 7 @5", 9, "the number of a branch that is there", "있는 브랜치의 번호"),
            ("%change 1 @5+8000001", 11, "and 8,000,000 moves", "이동 8,000,000번"),
        ] {
            let (_, notes) = decode(&format!("partita {VERSION}\n{line}\ncluster brokers=1\nproducer p\n"));
            let [note] = &notes[..] else { panic!("{line}: {notes:?}") };
            let (said, korean) = (note.sentence(Lang::En), note.sentence(Lang::Ko));
            let word: String = line.chars().skip(column - 1).take_while(|c| *c != ' ').collect();
            let start = format!("Line 2, column {column}: `{word}` does not fit here, and was left out. Allowed: ");
            assert!(said.starts_with(&start) && said.contains(en), "{said}");
            assert!(korean.starts_with(&format!("2행 {column}열: ")) && korean.contains(ko), "{korean}");
        }
    }

    /// However much is not understood, the script behind it is.
    #[test]
    fn a_thousand_strange_lines_do_not_cost_the_script() {
        let text = format!("partita 1\n{}cluster brokers=2\nsned\n", "%colour blue\n".repeat(1000));
        let (stored, notes) = decode(&text);
        assert_eq!(stored.script().statements().count(), 1);
        assert_eq!(notes.last().map(StoredNote::line), Some(1003));
    }

    #[test]
    fn what_is_not_understood_is_told_and_the_rest_is_kept() {
        let text = "partita 9\n%position @5\n%colour blue\ncluster brokers=2\nsned p1 t\nproducer p1\n";
        let (stored, notes) = decode(text);
        let places: Vec<(u32, u32)> = notes.iter().map(|note| (note.line(), note.column())).collect();
        assert_eq!(places, [(1, 9), (3, 1), (5, 1)]);
        assert_eq!(stored.state.position, Some(Anchor { at: Instant(5), moves: None }));
        assert_eq!(stored.script().statements().count(), 2);
        let (plain, notes) = decode("cluster brokers=2\n");
        assert_eq!((plain.script().statements().count(), notes), (1, vec![StoredNote::NoVersion]));
    }
}
