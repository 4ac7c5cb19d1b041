//! Reads the golden files, plain or gzipped.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use flate2::read::GzDecoder;
use serde_json::Value;

/// One case, as its file has it.
pub struct Case {
    /// The case's `id`; a run's name; a frame's file and `n`; else a fingerprint of its text, `#` and 12 hex digits,
    /// which stays the same wherever the case stands.
    pub id: String,
    pub value: Value,
    /// The file's first line, `null` for a run.
    pub header: Rc<Value>,
    /// The conversation that it is part of: what came before decides what comes out.
    pub group: Option<Rc<str>>,
    /// Of a frame: the request that it is, or that it answers.
    pub asked: Option<Asked>,
}

/// A request of a conversation.
pub struct Asked {
    pub api: String,
    pub version: i64,
    pub body: Value,
    /// The APIs of the requests before it, and its own.
    pub before: Rc<BTreeSet<String>>,
}

/// Where a subject's cases lie below the golden folder.
pub enum Source {
    Table,
    /// The folder of this name.
    Runs(&'static str),
    Frames,
}

impl Source {
    pub fn cases(&self, folder: &Path, name: &str) -> Result<Vec<Case>, String> {
        match self {
            Source::Table => {
                let plain = folder.join("tables").join(format!("{name}.jsonl"));
                let file = if plain.exists() { plain } else { plain.with_extension("jsonl.gz") };
                let mut lines = lines(&file)?.into_iter();
                let header = Rc::new(lines.next().map(|(_, value)| value).unwrap_or_default());
                let case = |(text, value): (String, Value)| Case {
                    id: id(&text, &value),
                    value,
                    header: header.clone(),
                    group: None,
                    asked: None,
                };
                Ok(lines.map(case).collect())
            }
            Source::Runs(runs) => {
                let mut cases = Vec::new();
                for (id, file) in files(&folder.join(runs), ".json")? {
                    let value = parse(&read(&file)?, &file, 1)?;
                    cases.push(Case { id, value, header: Rc::default(), group: None, asked: None });
                }
                Ok(cases)
            }
            Source::Frames => {
                let conversations = files(&folder.join("frames"), ".jsonl")?.into_iter();
                let conversations = conversations.map(|(name, file)| conversation(&name, &file));
                Ok(conversations.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
            }
        }
    }
}

/// The frames of one file, in their order.
fn conversation(name: &str, file: &Path) -> Result<Vec<Case>, String> {
    let mut lines = lines(file)?.into_iter().peekable();
    // A recorded session opens with its header; the hand-made requests have none.
    let header = lines.next_if(|(_, value)| value.get("session").is_some());
    let header = Rc::new(header.map(|(_, value)| value).unwrap_or_default());
    let group: Rc<str> = Rc::from(name);
    let mut before: Rc<BTreeSet<String>> = Rc::default();
    // The bodies of the requests that wait for their answers, by connection and correlation id.
    let mut waiting: BTreeMap<(String, String), Value> = BTreeMap::new();
    let mut cases = Vec::new();
    for (text, value) in lines {
        let number = value.get("n").map_or_else(|| fingerprint(&text), Value::to_string);
        // A hand-made request stands beside its answer; a recorded frame is one or the other.
        let frame = if value["request"].is_object() { &value["request"] } else { &value };
        let at = (value["connection"].to_string(), value["correlation_id"].to_string());
        let body = match value["direction"].as_str() {
            Some("response") => waiting.remove(&at).unwrap_or_default(),
            Some(_) => {
                waiting.insert(at, frame["body"].clone());
                frame["body"].clone()
            }
            None => frame["body"].clone(),
        };
        let asked = frame["api"].as_str().map(|api| {
            if !before.contains(api) {
                Rc::make_mut(&mut before).insert(api.to_owned());
            }
            let version = frame["version"].as_i64().unwrap_or(-1);
            Asked { api: api.to_owned(), version, body, before: before.clone() }
        });
        let (header, group) = (header.clone(), Some(group.clone()));
        cases.push(Case { id: format!("{name}:{number}"), value, header, group, asked });
    }
    Ok(cases)
}

fn id(text: &str, value: &Value) -> String {
    match value.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(id) => id.to_string(),
        None => fingerprint(text),
    }
}

/// FNV-1a of the line, 48 bits of it.
fn fingerprint(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("#{:012x}", hash >> 16)
}

/// The files of a folder that end in `ending` or `ending.gz`, by name, with the ending taken off.
fn files(folder: &Path, ending: &str) -> Result<Vec<(String, PathBuf)>, String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| format!("{}: {e}", folder.display()))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let plain = name.strip_suffix(".gz").unwrap_or(&name);
        if let Some(stem) = plain.strip_suffix(ending) {
            files.push((stem.to_string(), path));
        }
    }
    files.sort();
    Ok(files)
}

fn lines(file: &Path) -> Result<Vec<(String, Value)>, String> {
    let text = read(file)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| Ok((line.to_string(), parse(line, file, at + 1)?))).collect()
}

fn parse(text: &str, file: &Path, line: usize) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|e| format!("{} line {line}: {e}", file.display()))
}

fn read(file: &Path) -> Result<String, String> {
    let mut text = String::new();
    let opened = File::open(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let read = match file.extension() {
        Some(extension) if extension == "gz" => GzDecoder::new(opened).read_to_string(&mut text),
        _ => { opened }.read_to_string(&mut text),
    };
    read.map_err(|e| format!("{}: {e}", file.display()))?;
    Ok(text)
}
