//! The house rules that a compiler does not know: who may use whom, how long a file may be, what may not be named.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module, and which it may use: an edge that is not here fails, and so does one here that nobody uses.
///
/// Where a module stands in `src/lib.rs` says the same, but for `event`, which names requests by `wire::Api`, a leaf.
/// `script` stands low, though people see it last: it is only the grammar, its statements are plain data, and the
/// simulation performs them. `application` stands above the clients, which it uses through `call` alone, and uses
/// `script` for the modes of its loops, which are the grammar's own words.
const EDGES: &[(&str, &str)] = &[
    ("sorted", ""),
    ("decimal", ""),
    ("time", ""),
    ("ids", "sorted"),
    ("rng", ""),
    ("error", "ids"),
    ("lang", ""),
    ("wire", "ids"),
    ("event", "error ids time wire"),
    ("java", "ids"),
    ("config", "decimal ids java lang"),
    ("script", "error ids lang sorted time"),
    ("consumer_protocol", "ids java sorted wire"),
    ("record", "decimal error"),
    ("log", "error ids record sorted"),
    ("call", "error event ids"),
    ("image", "ids java sorted"),
    ("node", "call event ids image rng time wire"),
    ("coordinator", "consumer_protocol error event ids java sorted time wire"),
    ("controller", "config error event ids image node rng sorted time wire"),
    ("broker", "config controller coordinator error event ids image java log node record rng sorted time wire"),
    ("client", "call config consumer_protocol error event ids java node record rng sorted time wire"),
    ("application", "call error event ids node script sorted time"),
    ("network", "ids image sorted time wire"),
    ("fault", "error ids wire"),
    (
        "cluster",
        "broker config controller coordinator error event fault ids image log network node record rng sorted time wire",
    ),
    (
        "simulation",
        "application broker call client cluster config controller coordinator error event fault ids image lang log \
         network node record rng script sorted time wire",
    ),
    ("invariant", "broker call client coordinator error event ids log network rng simulation sorted time wire"),
    ("timeline", "error event ids invariant script simulation sorted time wire"),
    ("explain", "config error event ids invariant lang sorted time wire"),
    (
        "view",
        "application broker call client config coordinator error event explain fault ids image invariant lang log \
         network record script simulation sorted time timeline wire",
    ),
    ("draft", "config decimal error lang script simulation sorted time view"),
    ("input", "config explain ids lang script sorted"),
    ("scenarios", "lang script sorted"),
];

/// Lines that a file may have.
const LONGEST: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Rust files below a folder, by their paths from the root.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry of it").path();
            let is_ours = !["target", "vendor"].iter().any(|name| path.ends_with(name));
            if path.is_dir() && is_ours {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a text");
                let name = path.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned();
                found.push((name, text));
            }
        }
    }
    found.sort();
    found
}

fn all_files() -> Vec<(String, String)> {
    ["src", "cli", "xtask", "strands", "tests"].into_iter().flat_map(files).collect()
}

/// The text without its comments of whole lines.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The modules that a text names behind `crate::`, also in braces.
fn used(text: &str) -> BTreeSet<String> {
    let word = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut used = BTreeSet::new();
    for (at, found) in text.match_indices("crate::") {
        if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &text[at + found.len()..];
        let Some(list) = rest.strip_prefix('{') else {
            used.insert(word(rest));
            continue;
        };
        let (mut depth, mut start) = (1, 0);
        for (i, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 || depth == 1 && c == ',' {
                used.insert(word(&list[start..i]));
                start = i + 1;
            }
            if depth == 0 {
                break;
            }
        }
    }
    used.remove("");
    used
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, text) in files("src") {
        let module = name["src/".len()..].split('/').next().expect("a name").trim_end_matches(".rs").to_owned();
        edges.entry(module.clone()).or_default().extend(used(&code(&text)).into_iter().filter(|to| *to != module));
    }
    // The page and what mounts it are a program of their own: they use the library by its name.
    for program in ["lib", "main", "page"] {
        edges.remove(program);
    }
    for (module, found) in &edges {
        let allowed = EDGES.iter().find(|(name, _)| name == module);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("{module} is not in the table"));
        let allowed: BTreeSet<String> = allowed.split_whitespace().map(str::to_owned).collect();
        let more: Vec<_> = found.difference(&allowed).collect();
        assert!(more.is_empty(), "{module} may not use {more:?}");
        let fewer: Vec<_> = allowed.difference(found).collect();
        assert!(fewer.is_empty(), "{module} does not use {fewer:?}: take them out of the table");
    }
}

#[test]
fn modules_stand_behind_what_they_use() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).expect("the library");
    let order: Vec<&str> = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert_eq!(
        order,
        EDGES.iter().map(|(module, _)| *module).collect::<Vec<_>>(),
        "the table is in the library's order"
    );
    for (place, (module, allowed)) in EDGES.iter().enumerate() {
        for used in allowed.split_whitespace() {
            assert!(order[..place].contains(&used), "{module} stands before {used}, which it uses");
        }
    }
}

#[test]
fn files_are_short() {
    for (name, text) in all_files() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{name} has {lines} lines, {LONGEST} are allowed");
    }
}

#[test]
fn the_model_has_no_hash_maps() {
    for (name, text) in files("src") {
        for banned in ["HashMap", "HashSet"] {
            let text = code(&text);
            let mut places = text.match_indices(banned).map(|(at, _)| at);
            let is_std = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            // In texts and comments Java's own is named; as a type it would be imported or constructed.
            let names = |at: usize| {
                is_std(at)
                    && (text[at + banned.len()..].starts_with(['<', ':', ';', ','])
                        || text[..at].ends_with("collections::"))
            };
            assert!(!places.any(names), "{name} uses {banned}: its order is not the same everywhere");
        }
    }
}

/// What tests break a run by (`src/simulation/doors.rs`) stands in what ships, and nothing that ships opens it: a door
/// is opened by another door alone.
#[test]
fn only_tests_open_doors() {
    for (name, text) in ["src", "cli", "xtask", "strands"].into_iter().flat_map(files) {
        let mut inside = "";
        for line in text.lines() {
            inside = line.split_once("fn ").map_or(inside, |(_, rest)| rest);
            let opens = line.contains("door_to_") && !line.trim_start().starts_with("//");
            assert!(!opens || inside.starts_with("door_to_"), "{name}: {}", line.trim());
        }
    }
}

#[test]
fn no_feature_breaks_the_model() {
    for (name, text) in files("src").into_iter().filter(|(name, _)| !name.starts_with("src/page/")) {
        let others = code(&text).replace("feature = \"codecs\"", "").replace("feature = \"page\"", "");
        assert!(
            !others.contains("feature = "),
            "{name} is another model with a feature: only codecs are left to choose"
        );
    }
}

#[test]
fn no_golden_run_is_named_in_the_model() {
    let runs = fs::read_dir(root().join("tests/golden/runs")).expect("the recorded runs");
    let names = runs.map(|run| run.expect("a run").file_name().to_string_lossy().into_owned());
    let stems: Vec<String> = names.filter_map(|name| Some(name.split_once('.')?.0.to_owned())).collect();
    assert!(stems.len() > 50, "{} runs", stems.len());
    for (name, text) in files("src") {
        let named = stems.iter().find(|stem| text.contains(stem.as_str()));
        assert!(named.is_none(), "{name} names the recorded run {named:?}");
    }
}

#[test]
fn no_file_names_a_place_of_a_machine() {
    // In two parts, or this file would name them. Temporary folders are left out: Kafka's own defaults name one.
    let places = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    for (name, text) in all_files() {
        let named = places.iter().find(|place| text.contains(**place));
        assert!(named.is_none(), "{name} names {named:?}");
    }
}

/// A Korean sentence is written so that it needs no particle in two forms: with `explain`'s particles, or around a
/// word.
#[test]
fn no_korean_sentence_has_two_particles_at_once() {
    for (name, text) in all_files() {
        let twice = [
            "\u{c740}(\u{b294})",
            "\u{c774}(\u{ac00})",
            "\u{c744}(\u{b97c})",
            "(\u{c73c})\u{b85c}",
            "\u{acfc}(\u{c640})",
        ];
        let found = twice.iter().find(|twice| text.contains(**twice));
        assert!(found.is_none(), "{name} has {found:?}");
    }
}

/// The list of what is simplified is shown in the page: what stands in it stands in both languages.
#[test]
fn omissions_are_listed_in_both_languages() {
    let shape = |name: &str| -> Vec<&'static str> {
        let text = fs::read_to_string(root().join(name)).expect("the list");
        let kind = |line: &str| match line {
            _ if line.starts_with('#') => Some("heading"),
            _ if line.starts_with("- ") => Some("item"),
            _ => None,
        };
        text.lines().filter_map(kind).collect()
    };
    assert_eq!(shape("OMISSIONS.md"), shape("OMISSIONS.ko.md"), "the two lists differ: translate what was added");
}

/// Modules by the words of their paths, with their code: tests are left out, they may name what they like.
type Modules = BTreeMap<Vec<String>, String>;

fn modules() -> Modules {
    let module = |(name, text): (String, String)| {
        let path = name["src/".len()..].trim_end_matches(".rs").trim_end_matches("/mod");
        let text = code(&text);
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
        (path.split('/').map(str::to_owned).collect(), text)
    };
    files("src").into_iter().map(module).collect()
}

/// The paths of an import, each written out: of `a::{b, c::d as e}` they are `a::b` and `a::c::d as e`.
fn written_out(import: &str) -> Vec<String> {
    let Some((before, list)) = import.split_once('{') else { return vec![import.trim().to_owned()] };
    let (mut paths, mut depth, mut start) = (Vec::new(), 0, 0);
    for (i, c) in list.char_indices() {
        let is_end = depth == 0 && matches!(c, ',' | '}');
        if is_end && !list[start..i].trim().is_empty() {
            paths.extend(written_out(&list[start..i]).iter().map(|path| format!("{}{path}", before.trim())));
        }
        start = if is_end { i + 1 } else { start };
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ => {}
        }
    }
    paths
}

/// The paths that a text imports, those that it imports and gives on, and those that stand where it uses them.
fn paths(text: &str) -> [Vec<String>; 3] {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let [mut kept, mut given, mut used] = [const { Vec::new() }; 3];
    for part in text.split(';') {
        let import = part.rsplit_once("use ").filter(|(before, _)| {
            let before = before.rsplit('\n').next().unwrap_or_default().trim();
            before.is_empty() || before == "pub" || before.starts_with("pub(") && before.ends_with(')')
        });
        match import {
            Some((before, import)) if before.trim_end().ends_with(['b', ')']) => given.extend(written_out(import)),
            Some((_, import)) => kept.extend(written_out(import)),
            None => {
                let words = part.split(|c| !is_path(c)).filter(|word| word.contains("::") && !word.ends_with("::"));
                used.extend(words.map(str::to_owned));
            }
        }
    }
    [kept, given, used]
}

/// The file that a path leads to: what a module gives on stands in the file that it has it from.
fn leads_to(module: &[String], path: &str, modules: &Modules, deep: u32) -> Option<Vec<String>> {
    let path = path.split(" as ").next().unwrap_or_default();
    let mut words = path.split("::").map(str::trim).peekable();
    let mut place = module.to_vec();
    match *words.peek()? {
        "crate" => place.clear(),
        "super" | "self" => {}
        child => {
            place.push(child.to_owned());
            modules.get(&place)?;
            place.pop();
        }
    }
    while let Some(word) = words.next_if(|word| matches!(*word, "crate" | "super" | "self")) {
        if word == "super" {
            place.pop()?;
        }
    }
    for word in words {
        place.push(word.to_owned());
        if !modules.contains_key(&place) {
            place.pop();
            let given = paths(modules.get(&place)?)[1].clone().into_iter().find(|path| {
                path.split("::").last().is_some_and(|last| last.split(" as ").last().unwrap_or(last).trim() == word)
            });
            let on = given.filter(|_| deep < 9).and_then(|path| leads_to(&place, &path, modules, deep + 1));
            return Some(on.unwrap_or(place));
        }
    }
    modules.contains_key(&place).then_some(place)
}

/// The files that a file names, in its imports or where it uses them.
fn named(module: &[String], modules: &Modules) -> BTreeSet<Vec<String>> {
    let [kept, _, used] = paths(&modules[module]);
    let all = kept.iter().chain(&used);
    let mut found: BTreeSet<_> = all.filter_map(|path| leads_to(module, path, modules, 0)).collect();
    found.remove(module);
    found
}

/// Files that lead to each other can only be understood together, so they are few.
#[test]
fn no_circle_has_more_than_five_files() {
    let modules = modules();
    let edges: BTreeMap<_, _> = modules.keys().map(|module| (module, named(module, &modules))).collect();
    let reached = |from: &Vec<String>| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(module) = open.pop() {
            for next in &edges[&module] {
                if seen.insert(next.clone()) {
                    open.push(next.clone());
                }
            }
        }
        seen
    };
    let reach: BTreeMap<_, _> = modules.keys().map(|module| (module, reached(module))).collect();
    let poll = ["client", "consumer", "calls", "poll"].map(str::to_owned).to_vec();
    assert!(reach[&poll].len() > 5, "imports are seen");
    let mut circles = BTreeSet::new();
    for (module, others) in &reach {
        let circle: BTreeSet<_> = others.iter().filter(|other| reach[other].contains(*module)).collect();
        if circle.len() > 5 {
            let names: Vec<String> = circle.iter().map(|module| module.join("/")).collect();
            circles.insert(format!("{} files lead to each other: {}", names.len(), names.join(" ")));
        }
    }
    assert!(circles.is_empty(), "{}", circles.into_iter().collect::<Vec<_>>().join("\n"));
}

/// What the dialogs reach is the page's second part as long as one door alone leads to it: any other would draw it into the
/// first, which a reader waits for.
#[test]
fn the_second_part_has_one_door() {
    for (name, text) in files("src/page") {
        let may = name.starts_with("src/page/dialogs/") || name == "src/page/rest.rs";
        let names = ["dialogs::", "::dialogs", "partita::input", "<Ended/>", "<Draft "]
            .into_iter()
            .find(|word| code(&text).contains(word));
        assert!(
            may || names.is_none(),
            "{name} names `{}`: only src/page/rest.rs leads there",
            names.unwrap_or_default()
        );
    }
}

/// The page's attributes are compared with what stands there (`xtask/src/patched.rs`): a change of `class=` takes away what
/// `class:name=` has added, which is not told again.
#[test]
fn classes_that_change_stand_in_one_place() {
    for (file, text) in files("src/page") {
        for (at, _) in text.match_indices("class=").filter(|(at, found)| !text[at + found.len()..].starts_with('"')) {
            let tag = text[..at].rfind('<').map_or("", |from| &text[from..]);
            let tag = tag.split(">\n").next().unwrap_or_default();
            let tag = tag.split("</").next().unwrap_or_default();
            assert!(
                !tag.contains("class:"),
                "{file}: an element has `class=` of a value and `class:` beside it:\n{tag}"
            );
        }
    }
}
