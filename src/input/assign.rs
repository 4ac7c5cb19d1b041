//! Which of the properties that were found go to a client, and why the others do not.

use crate::config::{SettingNo, Side, belongs_to, suggest};
use crate::script::Lang;

use super::Found;
use super::bootstrap::{Bootstrap, bootstrap};

/// Properties sorted for one client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assigned {
    /// In the order they were found; `bootstrap.servers` already names this cluster.
    pub accepted: Vec<Found>,
    pub refused: Vec<Refused>,
    /// What became of `bootstrap.servers`, if there was one.
    pub bootstrap: Option<Bootstrap>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub found: Found,
    pub reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Kafka has it, but for that kind of client.
    Other(Side),
    /// No client of Kafka has it; Kafka itself would only log a warning.
    Unknown { suggestion: Option<String> },
}

impl Refused {
    pub fn sentence(&self, lang: Lang) -> String {
        let Found { name, line, column, .. } = &self.found;
        let why = match &self.reason {
            Reason::Other(side) => lang.pick(
                format!("`{name}` is a property of a {}.", side.name()),
                format!("`{name}`은(는) {}의 속성입니다.", side.name()),
            ),
            Reason::Unknown { suggestion: Some(other) } => lang.pick(
                format!("Kafka has no property `{name}`. Did you mean `{other}`?"),
                format!("카프카에 `{name}` 속성은 없습니다. 혹시 `{other}`인가요?"),
            ),
            Reason::Unknown { suggestion: None } => {
                lang.pick(format!("Kafka has no property `{name}`."), format!("카프카에 `{name}` 속성은 없습니다."))
            }
        };
        lang.pick(format!("Line {line}, column {column}: {why}"), format!("{line}행 {column}열: {why}"))
    }
}

/// Sorts properties for a producer or consumer of a cluster of `brokers`.
pub fn assign(found: &[Found], side: Side, brokers: u32) -> Assigned {
    let mut out = Assigned::default();
    for property in found {
        let mut property = property.clone();
        if SettingNo::find(side, &property.name).is_none() {
            let reason = reason(&property.name, side);
            out.refused.push(Refused { found: property, reason });
            continue;
        }
        if property.name == "bootstrap.servers" {
            let mapped = bootstrap(&property.value, brokers);
            property.value = mapped.value.clone();
            out.bootstrap = Some(mapped);
        }
        out.accepted.push(property);
    }
    out
}

fn reason(name: &str, side: Side) -> Reason {
    match belongs_to(name).find(|other| *other != side) {
        Some(other) => Reason::Other(other),
        None => Reason::Unknown { suggestion: suggest(side, name).map(str::to_string) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_for_a_producer() {
        let found = |name: &str, value: &str| Found { name: name.into(), value: value.into(), line: 3, column: 1 };
        let all = [
            found("acks", "1"),
            found("bootstrap.servers", "kafka01:9092"),
            found("group.id", "g"),
            found("asks", "1"),
            found("heartbeat.internval.ms", "1"),
            found("buffer.byte", "1"),
        ];
        let out = assign(&all, Side::Producer, 3);
        assert_eq!(out.accepted.iter().map(|f| f.value.as_str()).collect::<Vec<_>>(), ["1", "broker-1:9092"]);
        assert_eq!(out.refused[0].reason, Reason::Other(Side::Consumer));
        assert_eq!(out.refused[1].reason, Reason::Unknown { suggestion: Some("acks".to_string()) });
        assert_eq!(out.refused[3].reason, Reason::Unknown { suggestion: Some("buffer.memory".to_string()) });
        let out = assign(&all[4..], Side::Consumer, 3);
        assert_eq!(out.refused[0].reason, Reason::Unknown { suggestion: Some("heartbeat.interval.ms".to_string()) });
        assert!(out.refused[0].sentence(Lang::En).contains("Line 3"));
    }
}
