//! The ready scenarios: stories in chapters, each of which opens at the first.
//!
//! A scenario is a folder below `scenarios/`: `script.txt` in the grammar of runs, and beside it `en.md` and `ko.md` with
//! its title and what it is about: one line each, as short as the row of a list. The folder's name is its id. The script
//! has `chapter` lines, whose texts stand in it in both languages, and `try` lines for its end. Its first line says where
//! it stands in the course:
//!
//! ```text
//! # scenario 1 then lost-response
//! # scenario 3 in answer
//! ```
//!
//! Its number among the scenarios, and the section of the course ([`Section`]: `sending`, `answer`, `reading`, `sharing` or
//! `breaking`). Number 1 is where a newcomer starts: it stands before all sections, and names the one that its end leads
//! to; the others are numbered in the order of the course, and lead to the next. A file that lacks fails the build
//! (`folder`), one that cannot be read a test.

#[cfg(test)]
mod folder;

use std::sync::Arc;

use crate::lang::{Sentence, Text, both, text};
use crate::script::{Property, Script, parse};
use crate::sorted::InOrder;

/// A scenario as it lies in its folder.
struct Files {
    id: &'static str,
    script: &'static str,
    en: &'static str,
    ko: &'static str,
}

const FILES: &[Files] = &include!(concat!(env!("OUT_DIR"), "/scenarios.rs"));

/// Scenarios that became part of another: links and stored runs still name them.
const FORMER: &[(&str, &str)] = &[
    ("synchronous", "get-or-callback"),
    ("asynchronous", "get-or-callback"),
    ("commit-sync", "commit-sync-or-async"),
    ("commit-async", "commit-sync-or-async"),
];

/// A part of the course that the scenarios are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Sending,
    Answer,
    Reading,
    Sharing,
    Breaking,
}

impl Section {
    /// In the order of the course.
    pub const ALL: [Section; 5] =
        [Section::Sending, Section::Answer, Section::Reading, Section::Sharing, Section::Breaking];

    /// As the first line of a script names it.
    pub const fn word(self) -> &'static str {
        match self {
            Section::Sending => "sending",
            Section::Answer => "answer",
            Section::Reading => "reading",
            Section::Sharing => "sharing",
            Section::Breaking => "breaking",
        }
    }

    pub const fn title(self) -> Text {
        match self {
            Section::Sending => text("Sending", "보내기"),
            Section::Answer => text("Waiting for the answer", "응답 기다리기"),
            Section::Reading => text("Reading and committing", "읽기와 커밋"),
            Section::Sharing => text("Sharing the work", "일 나누기"),
            Section::Breaking => text("When things break", "고장이 났을 때"),
        }
    }
}

/// A ready scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// In links and file names.
    pub id: Arc<str>,
    /// Its place in the list, from 1; the first is the one that the page opens with.
    pub number: u32,
    /// None for the first, with which a newcomer starts.
    pub section: Option<Section>,
    pub title: Sentence,
    pub about: Sentence,
    pub script: Arc<str>,
    /// The one that its end leads to; none: the next in order.
    pub then: Option<Arc<str>>,
}

/// All of them, in their order.
pub fn all() -> Vec<Scenario> {
    let mut all: Vec<Scenario> = FILES.iter().map(compiled_in).collect();
    all.order_by_key(|scenario| scenario.number);
    all
}

/// The one that the page opens with.
pub fn first() -> Scenario {
    all().into_iter().next().expect("there are ready scenarios")
}

/// The scenario that a stored run says it was opened with, and what it says else that nobody knows.
pub fn named(page: &[Property]) -> (Option<Scenario>, Vec<Sentence>) {
    let (mut found, mut told) = (None, Vec::new());
    for Property { name, value } in page {
        let is_scenario = &**name == "scenario";
        if is_scenario {
            found = Scenario::by_id(value);
        }
        if !is_scenario || found.is_none() {
            let shown: String = format!("%page {name}={value}").chars().take(60).collect();
            told.push(both(
                format!("`{shown}` says nothing that Partita knows. Allowed: `%page scenario=ID` of a ready scenario."),
                format!(
                    "`{shown}`: Partita가 모르는 내용입니다. 쓸 수 있는 것: 준비된 시나리오의 `%page scenario=ID`."
                ),
            ));
        }
    }
    (found, told)
}

fn compiled_in(files: &Files) -> Scenario {
    let read = Scenario::read(files.id, files.script, files.en, files.ko);
    read.unwrap_or_else(|wrong| panic!("the scenario `{}`: {wrong}", files.id))
}

impl Scenario {
    /// The one of this id, or the one that took its place.
    pub fn by_id(id: &str) -> Option<Scenario> {
        let id = FORMER.iter().find(|(former, _)| *former == id).map_or(id, |(_, now)| now);
        FILES.iter().find(|files| files.id == id).map(compiled_in)
    }

    /// Reads a scenario's files; a sentence when one of them is not what it should be.
    pub fn read(id: &str, script: &str, en: &str, ko: &str) -> Result<Scenario, String> {
        let Header { number, section, then } = header(script).ok_or(FIRST_LINE)?;
        let (title_en, about_en) = texts(en).ok_or("en.md should be a `# Title` and what the scenario is about")?;
        let (title_ko, about_ko) = texts(ko).ok_or("ko.md should be a `# Title` and what the scenario is about")?;
        let scenario = Scenario {
            id: id.into(),
            number,
            section,
            title: both(title_en, title_ko),
            about: both(about_en, about_ko),
            script: script.into(),
            then: then.map(Arc::from),
        };
        Ok(scenario)
    }

    /// How many chapters its story has.
    pub fn chapters(&self) -> usize {
        self.script.lines().filter(|line| line.starts_with("chapter ")).count()
    }

    /// The script, read. A ready scenario's has no error, as a test proves.
    pub fn parsed(&self) -> Script {
        let (script, errors) = parse(&self.script);
        assert!(errors.is_empty(), "the ready scenarios are valid scripts");
        script
    }

    /// The one that the end of this one leads to; the first behind the last.
    pub fn next(&self) -> Option<Scenario> {
        let all = all();
        let in_order = all.iter().find(|of| of.number > self.number).or(all.first());
        let named = self.then.as_ref().and_then(|id| all.iter().find(|of| of.id == *id));
        named.or(in_order).filter(|of| of.id != self.id).cloned()
    }
}

const FIRST_LINE: &str = "the first line of script.txt should read as `# scenario 3 in answer`; the section is one of \
    `sending`, `answer`, `reading`, `sharing` and `breaking`; that of scenario 1 as `# scenario 1 then lost-response`";

/// What the first line of a script says.
struct Header<'a> {
    number: u32,
    section: Option<Section>,
    then: Option<&'a str>,
}

fn header(script: &str) -> Option<Header<'_>> {
    let words = script.lines().next()?.strip_prefix("# scenario ")?;
    let (number, section, then) = match (words.split_once(" in "), words.split_once(" then ")) {
        (Some((number, word)), _) => {
            (number, Some(Section::ALL.into_iter().find(|section| section.word() == word.trim())?), None)
        }
        (None, Some((number, id))) => (number, None, Some(id.trim())),
        (None, None) => return None,
    };
    let number = number.parse().ok()?;
    ((number == 1) == section.is_none()).then_some(Header { number, section, then })
}

/// The title and the text below it, its lines joined.
fn texts(text: &str) -> Option<(String, String)> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let title = lines.next()?.strip_prefix("# ")?.to_owned();
    let about = lines.collect::<Vec<_>>().join(" ");
    (!about.is_empty()).then_some((title, about))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Chapter;

    #[test]
    fn a_stored_run_names_a_scenario_that_is_there() {
        let named = |name: &str, value: &str| {
            let (found, told) = named(&[Property::new(name, value)]);
            (found.map(|scenario| scenario.id.to_string()), told.len())
        };
        assert_eq!(named("scenario", "lost-response"), (Some("lost-response".to_owned()), 0));
        assert_eq!(named("scenario", "nosuch"), (None, 1));
        assert_eq!(named("xx", "yy"), (None, 1));
    }

    #[test]
    fn every_scenario_of_the_folder_is_whole() {
        let all = all();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
        let folders = std::fs::read_dir(folder).expect("the scenarios").count();
        assert_eq!(all.len(), folders, "the list is the folder");
        assert!(all.is_sorted_by_key(|scenario| scenario.section), "they are numbered in the order of the course");
        for (scenario, number) in all.iter().zip(1..) {
            let id = &scenario.id;
            assert_eq!(scenario.number, number, "{id}: each has a number of its own, from 1");
            let script = scenario.parsed();
            let chapters: Vec<_> = script.chapters().map(|(_, chapter)| chapter).collect();
            assert!((2..=5).contains(&chapters.len()), "{id}: {} chapters", chapters.len());
            for Chapter { title, says, .. } in chapters {
                assert!(title.en.chars().count() <= 28 && title.ko.chars().count() <= 16, "{id}: {title:?}");
                assert!(!says.en.is_empty() && says.ko.contains(|c: char| c >= '\u{ac00}'), "{id}: {says:?}");
            }
            assert!((2..=3).contains(&script.tries().count()), "{id}: two or three things to try at its end");
            assert!(scenario.next().is_some_and(|next| next.id != scenario.id), "{id}: its end leads nowhere");
            for text in [&scenario.title, &scenario.about] {
                assert!(!text.en.contains(|c: char| ('가'..='힣').contains(&c)), "{id}: {}", text.en);
            }
            assert!(scenario.about.ko.contains(|c: char| c >= '\u{ac00}'), "{id}: {}", scenario.about.ko);
            assert_eq!(Scenario::by_id(id).as_ref(), Some(scenario));
        }
        assert_eq!(Scenario::by_id("none"), None);
        for (former, now) in FORMER {
            assert_eq!(Scenario::by_id(former).map(|scenario| scenario.id), Some(Arc::from(*now)), "{former}");
        }
    }

    #[test]
    fn what_a_file_lacks_is_told() {
        let script = "# scenario 2 in sharing\ncluster brokers=1\n";
        let read = |script: &str, ko: &str| Scenario::read("x", script, "# A title\n\nAbout\nit.\n", ko);
        let scenario = read(script, "# 제목\n\n설명").expect("it is whole");
        assert_eq!((scenario.number, scenario.section, &scenario.then), (2, Some(Section::Sharing), &None));
        assert_eq!((&*scenario.title.ko, &*scenario.about.en), ("제목", "About it."));
        let first = read("# scenario 1 then y\n", "# 제목\n\n설명").expect("it is whole");
        assert_eq!((first.section, first.then.as_deref()), (None, Some("y")));
        for (script, ko, told) in [
            ("cluster brokers=1\n", "# 제목\n\n설명", "the first line of script.txt"),
            ("# scenario two in sharing\n", "# 제목\n\n설명", "the first line of script.txt"),
            ("# scenario 2\n", "# 제목\n\n설명", "the first line of script.txt"),
            ("# scenario 1 in sharing\n", "# 제목\n\n설명", "the first line of script.txt"),
            ("# scenario 2 in hiding\n", "# 제목\n\n설명", "the first line of script.txt"),
            (script, "제목\n\n설명", "ko.md should be"),
            (script, "# 제목\n", "ko.md should be"),
            (script, "", "ko.md should be"),
        ] {
            let refused = read(script, ko).expect_err("it is not whole");
            assert!(refused.starts_with(told), "{refused}");
        }
    }
}
