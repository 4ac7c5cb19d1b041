//! Which of the properties that were found go to a client, and why the others do not.

use crate::config::{
    MEANT_ANOTHER, NO_PROPERTY, OF_ANOTHER_SIDE, SettingNo, Side, belongs_to, is_class_here, refused_in_model, suggest,
};
use crate::lang::{Lang, Sentence};
use crate::sorted::InOrder;

use super::super::super::said::{NONE, Said, SaidValue, filled, placed, unseen};
use super::super::described::{Code, CodeProperty, Role};
use super::super::last::Last;
use super::super::limits::MOST_SUGGESTED;
use super::super::property::Found;
use super::bootstrap::{Bootstrap, bootstrap};
use super::framework_names::Framework;

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
    pub reason: RefusalReason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// Kafka has it, but for that kind of client.
    Other(Side),
    /// The text gives it to that kind of client.
    Given(Side),
    /// The text gives it to another client of this kind: its variable or its channel, empty when it has none, and its line.
    GivenTo { name: String, line: u32 },
    /// A setting of a framework itself.
    Framework(Framework),
    /// Another value of the text holds, that of this line.
    Overridden { line: u32 },
    /// `${NAME}`: known only when the program runs.
    Placeholder,
    /// A class of one's own: a serializer, a partitioner, an interceptor.
    OwnClass,
    /// Kafka has it, and this playground does not play it: why.
    NotPlayed(Sentence),
    /// No client of Kafka has it; Kafka itself would only log a warning.
    Unknown { suggestion: Option<String> },
}

impl Refused {
    pub fn sentence(&self, lang: Lang) -> String {
        placed(self.found.line, self.found.column, &self.why(lang), lang)
    }

    /// Whether it is another's, which may take it, rather than wrong in itself.
    pub(super) const fn is_anothers(&self) -> bool {
        matches!(self.reason, RefusalReason::Other(_) | RefusalReason::Given(_) | RefusalReason::GivenTo { .. })
    }

    /// The reason alone, without the place; a name with characters that nobody sees shows them.
    fn why(&self, lang: Lang) -> String {
        let shown = unseen(&self.found.name);
        let said = self.said(shown.as_ref().unwrap_or(&self.found.name), lang);
        let mut why = filled(lang.pick(said.0, said.1), &said.2);
        if shown.is_some() {
            why.push_str(lang.pick(
                " `<U+…>` stands for a character that nobody sees, or that passes for another: write it anew.",
                " `<U+…>` 자리에는 보이지 않거나 다른 문자로 보이는 문자가 있습니다. 다시 쓰세요.",
            ));
        }
        why
    }

    fn said<'a>(&'a self, name: &'a str, lang: Lang) -> Said<'a> {
        let Found { value, .. } = &self.found;
        let (name, value) = (SaidValue::Found(name), SaidValue::Found(value));
        match &self.reason {
            RefusalReason::Other(side) => {
                (OF_ANOTHER_SIDE.en, OF_ANOTHER_SIDE.ko, [name, lang.pick(side.name(), side.korean()).into()])
            }
            RefusalReason::Given(side) => (
                "the text gives `{0}` to a {1}.",
                "텍스트에서 `{0}` 속성을 {1}에 주었습니다.",
                [name, lang.pick(side.name(), side.korean()).into()],
            ),
            RefusalReason::GivenTo { name: client, line } if client.is_empty() => (
                "the text gives `{0}` to another client, that of line {1}.",
                "텍스트에서 `{0}` 속성을 다른 클라이언트({1}행)에 주었습니다.",
                [name, (*line).into()],
            ),
            RefusalReason::GivenTo { name: client, .. } => (
                "the text gives `{0}` to another client, `{1}`.",
                "텍스트에서 `{0}` 속성을 다른 클라이언트(`{1}`)에 주었습니다.",
                [name, client.into()],
            ),
            RefusalReason::Framework(of) => (
                "`{0}` is a setting of {1} itself, not of a producer or a consumer of Kafka. It is left out.",
                "`{0}`: 카프카 프로듀서나 컨슈머가 아니라 {1} 자체의 설정입니다. 제외했습니다.",
                [name, lang.pick(of.names().0, of.names().1).into()],
            ),
            RefusalReason::Overridden { line } => (
                "another value of `{0}` holds, that of line {1}.",
                "`{0}`: {1}행의 다른 값을 씁니다.",
                [name, (*line).into()],
            ),
            RefusalReason::Placeholder => (
                "the value of `{0}`, `{1}`, is known only when the program runs. It is left out.",
                "`{0}`의 값 `{1}`: 프로그램을 실행해야 알 수 있습니다. 제외했습니다.",
                [name, value],
            ),
            RefusalReason::OwnClass => (
                "`{1}` is no class of Kafka's, and classes of your own do not run here. `{0}` is left out, so the client has its usual one.",
                "카프카의 클래스가 아닌 `{1}`: 직접 만든 클래스는 여기서 실행되지 않습니다. `{0}` 속성을 제외했으므로 클라이언트는 기본 클래스를 씁니다.",
                [name, value],
            ),
            RefusalReason::NotPlayed(sentence) => {
                ("`{0}` is left out. {1}", "`{0}` 속성을 제외했습니다. {1}", [name, sentence.pick(lang).into()])
            }
            RefusalReason::Unknown { suggestion: Some(other) } => {
                (MEANT_ANOTHER.en, MEANT_ANOTHER.ko, [name, other.into()])
            }
            RefusalReason::Unknown { suggestion: None } => (NO_PROPERTY.en, NO_PROPERTY.ko, [name, NONE]),
        }
    }
}

fn by_place(refused: &mut [Refused]) {
    refused.order_by_key(|of| (of.found.line, of.found.column));
}

/// Sorts the properties of client code for a producer or consumer of a cluster of `brokers`: those that the code gives to
/// a client of the other kind, or to another than `client` of this one, are refused, each with its reason.
pub fn assign_code(code: &Code, side: Side, client: Option<usize>, brokers: u32) -> Assigned {
    assigned_code(code, side, client, brokers, true)
}

/// The same; when several clients are made of a text, one of them tells of what is given to others.
pub(super) fn assigned_code(
    code: &Code,
    side: Side,
    client: Option<usize>,
    brokers: u32,
    tells_of_others: bool,
) -> Assigned {
    let theirs = |role: Option<Role>| role.map(side_of).filter(|of| *of != side);
    let another = |of: Option<usize>| of.filter(|of| client.is_some_and(|client| client != *of));
    let is_own = |p: &&CodeProperty| theirs(p.role).is_none() && another(p.client).is_none();
    // What the client was given itself holds over what any of its kind has.
    let mut given: Vec<&str> =
        code.properties.iter().filter(|p| p.client.is_some() && p.client == client).map(|p| &*p.found.name).collect();
    given.order();
    let is_given = |name: &str| given.binary_search(&name).is_ok();
    let holds = |p: &&CodeProperty| p.client.is_some() || !is_given(&p.found.name);
    let own: Vec<Found> = code.properties.iter().filter(is_own).filter(holds).map(|p| p.found.clone()).collect();
    let mut out = assign(&last_of_each(&own), side, brokers);
    out.without_own_classes(side, true);
    if !tells_of_others {
        return out;
    }
    for property in &code.properties {
        let name = &property.found.name;
        let reason = match (theirs(property.role), another(property.client)) {
            (Some(other), _) => match SettingNo::find(side, name) {
                Some(_) => RefusalReason::Given(other),
                None if SettingNo::find(other, name).is_some() => RefusalReason::Other(other),
                None => reason(name, other, out.refused.len() < MOST_SUGGESTED),
            },
            (None, Some(other)) => {
                let other = &code.clients[other];
                RefusalReason::GivenTo { name: other.name.clone(), line: other.line }
            }
            (None, None) => continue,
        };
        out.refused.push(Refused { found: property.found.clone(), reason });
    }
    by_place(&mut out.refused);
    out
}

/// The other kind of client, when the text is for one as well: code that makes one, or properties of which none is for
/// this client.
pub fn meant_for_another(assigned: &Assigned, code: Option<&Code>, side: Side) -> Option<Side> {
    let (role, other) = match side {
        Side::Producer => (Role::Consumer, Side::Consumer),
        _ => (Role::Producer, Side::Producer),
    };
    let meant = match code {
        Some(code) => {
            code.of_role(role).any(|(_, client)| client.program.is_some())
                || code.properties.iter().any(|property| property.role == Some(role))
        }
        None => {
            let is = |reason: RefusalReason| assigned.refused.iter().any(|refused| refused.reason == reason);
            assigned.accepted.is_empty() && is(RefusalReason::Other(other)) || is(RefusalReason::Given(other))
        }
    };
    meant.then_some(other)
}

/// A property that several maps of a text give is one of a client: the last holds.
fn last_of_each(all: &[Found]) -> Vec<Found> {
    let kept = Last::of(all.len(), &|one, other| all[one].name.cmp(&all[other].name)).kept;
    kept.into_iter().map(|i| all[i].clone()).collect()
}

impl Assigned {
    /// Leaves out what a client here could not be made with, so that the rest can be: classes of one's own, and what is
    /// not played. A name without its package is one's own class in code alone; in a text of properties Kafka itself says
    /// what is wrong with it.
    pub(super) fn without_own_classes(&mut self, side: Side, is_code: bool) {
        for found in std::mem::take(&mut self.accepted) {
            let is_own = |class: &str| {
                let class = class.trim();
                !class.starts_with("org.apache.kafka.") && (is_code || class.contains('.')) && !is_class_here(class)
            };
            let reason = if names_classes(&found.name)
                && found.value.split(',').any(|class| !class.is_empty() && is_own(class))
            {
                Some(RefusalReason::OwnClass)
            } else {
                refused_in_model(side, &found.name, &found.value).map(RefusalReason::NotPlayed)
            };
            match reason {
                Some(reason) => self.refused.push(Refused { found, reason }),
                None => self.accepted.push(found),
            }
        }
        by_place(&mut self.refused);
    }
}

/// Properties whose values are classes that a client makes.
fn names_classes(name: &str) -> bool {
    const OTHERS: &[&str] =
        &["partitioner.class", "interceptor.classes", "metric.reporters", "partition.assignment.strategy"];
    name.ends_with("serializer") || OTHERS.contains(&name)
}

fn side_of(role: Role) -> Side {
    match role {
        Role::Producer => Side::Producer,
        Role::Consumer => Side::Consumer,
    }
}

/// Sorts properties for a producer or consumer of a cluster of `brokers`.
pub fn assign(found: &[Found], side: Side, brokers: u32) -> Assigned {
    let mut out = Assigned::default();
    for property in found {
        let mut property = property.clone();
        if SettingNo::find(side, &property.name).is_none() {
            let reason = reason(&property.name, side, out.refused.len() < MOST_SUGGESTED);
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

fn reason(name: &str, side: Side, suggests: bool) -> RefusalReason {
    match belongs_to(name).find(|other| *other != side) {
        Some(other) => RefusalReason::Other(other),
        None if !suggests => RefusalReason::Unknown { suggestion: None },
        None => RefusalReason::Unknown { suggestion: suggest(side, name).map(str::to_string) },
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
        assert_eq!(out.refused[0].reason, RefusalReason::Other(Side::Consumer));
        assert_eq!(out.refused[1].reason, RefusalReason::Unknown { suggestion: Some("acks".to_string()) });
        assert_eq!(out.refused[3].reason, RefusalReason::Unknown { suggestion: Some("buffer.memory".to_string()) });
        let out = assign(&all[4..], Side::Consumer, 3);
        assert_eq!(
            out.refused[0].reason,
            RefusalReason::Unknown { suggestion: Some("heartbeat.interval.ms".to_string()) }
        );
        assert!(out.refused[0].sentence(Lang::En).contains("Line 3"));
        let group = Refused { found: found("group.id", "g"), reason: RefusalReason::Given(Side::Consumer) };
        assert_eq!(group.sentence(Lang::Ko), "3행 1열: 텍스트에서 `group.id` 속성을 컨슈머에 주었습니다.");
    }

    #[test]
    fn nothing_of_code_for_the_other_client_vanishes() {
        let code = crate::input::code::read(
            "props.put(\"group.id\", \"billing\");\nprops.put(\"heartbeat.internval.ms\", 3);\nprops.put(\"client.id\", 1);\n\
             props.put(\"acks\", 1);\nc = new KafkaConsumer<>(props);",
        );
        let out = assign_code(&code, Side::Producer, None, 3);
        let reasons: Vec<_> = out.refused.iter().map(|refused| (refused.found.line, refused.reason.clone())).collect();
        let typo = RefusalReason::Unknown { suggestion: Some("heartbeat.interval.ms".to_string()) };
        let (other, given) = (RefusalReason::Other(Side::Consumer), RefusalReason::Given(Side::Consumer));
        assert_eq!(reasons, [(1, other), (2, typo), (3, given), (4, RefusalReason::Given(Side::Consumer))]);
        assert_eq!(meant_for_another(&out, Some(&code), Side::Producer), Some(Side::Consumer));
        let out = assign_code(&code, Side::Consumer, None, 3);
        assert_eq!(out.accepted.len(), 2);
        assert_eq!(meant_for_another(&out, Some(&code), Side::Consumer), None);
        let direct = crate::input::code::read("new KafkaConsumer<>(Map.of(\"group.id\", \"billing\"));");
        assert_eq!(assign_code(&direct, Side::Producer, None, 3).refused.len(), 1);
    }
}
