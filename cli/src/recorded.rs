//! Runs as files: a script, what was observed, and how the two compare.

use std::collections::BTreeMap;

use partita::consumer_protocol::Assignment;
use partita::coordinator::group::GroupRecord;
use partita::script::{AdminStatement, Line, Statement, without_mark};
use partita::simulation::DumpedGroupRecord;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::play::PlayError;
use crate::stable;

/// The version of Kafka whose runs are compared.
pub const KAFKA: &str = "4.3.1";

/// Why a file cannot be read.
#[derive(Debug)]
pub struct Unread {
    pub sentence: String,
    /// Whether there is no file of that name.
    pub is_missing: bool,
}

impl From<String> for Unread {
    fn from(sentence: String) -> Unread {
        Unread { sentence, is_missing: false }
    }
}

/// A recorded run: the JSON that a real cluster gave, or a script alone.
pub struct Recorded {
    pub name: String,
    pub about: String,
    /// Where the script stands: the file, or the list in it.
    pub place: String,
    pub script: String,
    /// None: a script alone.
    pub observations: Option<Vec<Value>>,
    /// The version of Kafka that was observed, as it is written; where none is, ours.
    pub kafka: Value,
}

/// A recorded run as it is written: a part that stands twice is refused.
#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    name: Value,
    #[serde(default)]
    about: Value,
    #[serde(default = "our_kafka")]
    kafka: Value,
    #[serde(default)]
    script: Value,
    #[serde(default)]
    observations: Value,
}

fn our_kafka() -> Value {
    KAFKA.into()
}

impl Written {
    fn read(file: &str, text: &str) -> Result<Written, String> {
        serde_json::from_str(text).map_err(|error| {
            let told = error.to_string();
            let is_beyond = ["recursion limit exceeded", "number out of range"].iter().any(|of| told.starts_with(of));
            if is_beyond {
                format!(
                    "{file} is JSON beyond what is read: {told}. Allowed: lists and objects within each other up to 127 \
                     deep, and numbers below 1.8e308"
                )
            } else if error.is_data() {
                format!("{file}: {told}. Allowed: each part of a recorded run once")
            } else {
                format!("{file} begins as JSON and is none: {told}. Allowed: a recorded run, which is JSON, or a script")
            }
        })
    }
}

impl Recorded {
    /// Reads a run (JSON) or a script, whichever the text is: no script begins with a brace. Fails with a sentence.
    pub fn read(file: &str, text: &str) -> Result<Recorded, String> {
        let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let stem = stem.strip_suffix(".json").or_else(|| stem.strip_suffix(".txt")).unwrap_or(stem).to_owned();
        let text = without_mark(text);
        let is_list = text.trim_start().starts_with('[');
        if is_list || serde_json::from_str::<IgnoredAny>(text).is_ok() && !text.trim_start().starts_with('{') {
            return Err(format!(
                "{file} is JSON that is no run. Allowed: a recorded run, which is an object with a `script`, or a script"
            ));
        }
        if !text.trim_start().starts_with('{') {
            let about = text.lines().find_map(|line| line.strip_prefix("# about:")).unwrap_or("").trim().to_owned();
            let (place, script) = (file.to_owned(), text.to_owned());
            return Ok(Recorded { name: stem, about, place, script, observations: None, kafka: our_kafka() });
        }
        let written = Written::read(file, text)?;
        let lines = written.script.as_array().ok_or_else(|| match written.script {
            Value::Null => format!("{file}: `script` is missing: a list of lines"),
            _ => format!("{file}: `script` is no list of lines"),
        })?;
        let line = |(index, line): (usize, &Value)| match line.as_str() {
            Some(line) if !line.contains('\n') => Ok(line.to_owned()),
            Some(_) => Err(format!("{file}: line {} of `script` has a line break in it", index + 1)),
            None => Err(format!("{file}: line {} of `script` is no text", index + 1)),
        };
        let script = lines.iter().enumerate().map(line).collect::<Result<Vec<String>, String>>()?.join("\n");
        let observations = match written.observations {
            Value::Null => None,
            Value::Array(observations) => Some(observations),
            _ => return Err(format!("{file}: `observations` is no list")),
        };
        Ok(Recorded {
            name: written.name.as_str().map_or(stem, str::to_owned),
            about: written.about.as_str().unwrap_or("").to_owned(),
            place: format!("{file}, in its `script`"),
            script,
            observations,
            kafka: written.kafka,
        })
    }

    /// Why the script cannot be played, with the file of each sentence.
    pub fn placed(&self, error: &PlayError) -> String {
        error.to_string().lines().map(|sentence| format!("{}: {sentence}", self.place)).collect::<Vec<_>>().join("\n")
    }
}

/// The first difference between two lists of observations, in words; none when they are equal.
pub fn difference(expected: &[Value], found: &[Value]) -> Option<String> {
    for i in 0..expected.len().max(found.len()) {
        let (wanted, seen) = (expected.get(i), found.get(i));
        if wanted != seen {
            let show = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
            return Some(format!("  - {}\n  + {}", show(wanted), show(seen)));
        }
    }
    None
}

/// What stands in `__consumer_offsets` for one group.
pub(crate) fn group_records(line: &Line, records: &[DumpedGroupRecord]) -> Value {
    let group = match &*line.statement {
        Statement::Admin(AdminStatement::DumpGroup { group, .. }) => &**group,
        _ => "",
    };
    let mut log: Vec<Value> = Vec::new();
    for batch in records.chunk_by(|a, b| a.base_offset == b.base_offset) {
        // Within one request the order of the partitions is that of a hash map: commits stand last, by their names.
        let mut commits: BTreeMap<String, Value> = BTreeMap::new();
        for record in batch {
            let Ok(Some(found)) = GroupRecord::read(&record.key, record.value.as_deref()) else { continue };
            let shown = group_record(&found);
            if let GroupRecord::OffsetCommit { topic, partition, .. } = &found {
                commits.insert(format!("{topic}-{partition}"), shown);
            } else if log.last() != Some(&shown) {
                log.push(shown);
            }
        }
        log.extend(commits.into_values());
    }
    json!({ "log": log, "group": group })
}

fn group_record(found: &GroupRecord) -> Value {
    match found {
        GroupRecord::OffsetCommit { topic, partition, value, .. } => {
            let mut shown = json!({ "record": "OffsetCommit", "partition": format!("{topic}-{partition}") });
            match value {
                None => shown["tombstone"] = true.into(),
                Some(value) => {
                    shown["offset"] = value.offset.into();
                    shown["leader-epoch"] = value.leader_epoch.into();
                    shown["metadata"] = stable::shorten(&value.metadata).into();
                }
            }
            shown
        }
        GroupRecord::GroupMetadata { value: None, .. } => json!({ "record": "GroupMetadata", "tombstone": true }),
        GroupRecord::GroupMetadata { value: Some(value), .. } => {
            let mut members: Vec<(String, String)> = value
                .members
                .iter()
                .map(|member| {
                    let owned = Assignment::from_bytes(&member.assignment).map(|a| a.partitions).unwrap_or_default();
                    (member_name(&member.member_id), stable::joined(&owned))
                })
                .collect();
            members.sort();
            let members: serde_json::Map<String, Value> =
                members.into_iter().map(|(name, owned)| (name, owned.into())).collect();
            json!({
                "record": "GroupMetadata",
                "generation": value.generation,
                "protocol": value.protocol.as_deref(),
                "leader": value.leader.as_deref().map(member_name),
                "members": members,
            })
        }
    }
}

/// A member id without its uuid.
fn member_name(member_id: &str) -> String {
    if member_id.is_empty() {
        return "none".to_owned();
    }
    let name = stable::text(member_id);
    name.strip_suffix("-<uuid>").map_or_else(|| "member".to_owned(), str::to_owned)
}
