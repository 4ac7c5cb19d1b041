//! Names that frameworks give Kafka's properties: each is taken for Kafka's own, or told as a setting of the framework.

use crate::config::{Kind, SettingNo, Side};
use crate::lang::Sentence;
use crate::sorted::InOrder;

use super::super::last::Last;
use super::super::property::Found;
use super::assign::{RefusalReason, Refused};

/// Names that begin alike.
struct Prefix {
    /// `*` stands for one part.
    begins: &'static str,
    for_whom: For,
    /// Kafka's own names stand behind it; otherwise the framework's, of which some are Kafka's written otherwise.
    is_passed_on: bool,
    framework: Framework,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    Producers,
    Consumers,
    Both,
    /// Neither a producer nor a consumer.
    Nobody,
}

/// Whose names and settings stand in a text beside Kafka's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framework {
    Spring,
    Quarkus,
    Micronaut,
    Connect,
    MirrorMaker,
    Streams,
}

impl Framework {
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Framework::Spring => ("Spring", "스프링"),
            Framework::Quarkus => ("Quarkus", "쿼커스"),
            Framework::Micronaut => ("Micronaut", "마이크로넛"),
            Framework::Connect => ("Kafka Connect", "카프카 커넥트"),
            Framework::MirrorMaker => ("MirrorMaker", "미러메이커"),
            Framework::Streams => ("Kafka Streams", "카프카 스트림즈"),
        }
    }
}

const fn row(begins: &'static str, for_whom: For, is_passed_on: bool, framework: Framework) -> Prefix {
    Prefix { begins, for_whom, is_passed_on, framework }
}

/// The longer of two that begin alike stands first.
const PREFIXES: &[Prefix] = {
    use For::{Both, Consumers, Nobody, Producers};
    use Framework::{Connect, Micronaut, MirrorMaker, Quarkus, Spring, Streams};
    &[
        row("spring.kafka.consumer.properties.", Consumers, true, Spring),
        row("spring.kafka.producer.properties.", Producers, true, Spring),
        row("spring.kafka.properties.", Both, true, Spring),
        row("spring.kafka.consumer.", Consumers, false, Spring),
        row("spring.kafka.producer.", Producers, false, Spring),
        row("spring.kafka.admin.", Nobody, false, Spring),
        row("spring.kafka.streams.", Nobody, false, Spring),
        row("spring.kafka.", Both, false, Spring),
        row("spring.cloud.stream.kafka.binder.consumer-properties.", Consumers, true, Spring),
        row("spring.cloud.stream.kafka.binder.producer-properties.", Producers, true, Spring),
        row("spring.cloud.stream.kafka.binder.configuration.", Both, true, Spring),
        row("spring.cloud.stream.kafka.bindings.*.consumer.configuration.", Consumers, true, Spring),
        row("spring.cloud.stream.kafka.bindings.*.producer.configuration.", Producers, true, Spring),
        row("spring.", Nobody, false, Spring),
        row("mp.messaging.incoming.*.", Consumers, false, Quarkus),
        row("mp.messaging.outgoing.*.", Producers, false, Quarkus),
        row("mp.messaging.connector.smallrye-kafka.", Both, false, Quarkus),
        row("mp.messaging.", Nobody, false, Quarkus),
        row("quarkus.", Nobody, false, Quarkus),
        row("kafka.consumers.*.", Consumers, false, Micronaut),
        row("kafka.producers.*.", Producers, false, Micronaut),
        row("kafka.", Both, true, Quarkus),
        row("producer.override.", Producers, true, Connect),
        row("consumer.override.", Consumers, true, Connect),
        row("admin.override.", Nobody, true, Connect),
        row("producer.", Producers, true, Connect),
        row("consumer.", Consumers, true, Connect),
        row("admin.", Nobody, true, Connect),
        row("*.cluster.producer.", Producers, true, MirrorMaker),
        row("*.cluster.consumer.", Consumers, true, MirrorMaker),
        row("*.cluster.admin.", Nobody, true, MirrorMaker),
        row("source.cluster.", Both, true, MirrorMaker),
        row("target.cluster.", Both, true, MirrorMaker),
        row("main.consumer.", Consumers, true, Streams),
        row("restore.consumer.", Consumers, true, Streams),
        row("global.consumer.", Consumers, true, Streams),
    ]
};

/// Names of Spring's that are not Kafka's with `-` for `.`.
const OTHERWISE: &[(&str, &str)] = &[
    ("auto.commit.interval", "auto.commit.interval.ms"),
    ("fetch.max.wait", "fetch.max.wait.ms"),
    ("fetch.min.size", "fetch.min.bytes"),
    ("heartbeat.interval", "heartbeat.interval.ms"),
    ("max.poll.interval", "max.poll.interval.ms"),
];

/// The properties of a text for one kind of client, with Kafka's names.
#[derive(Default)]
pub(super) struct Translated {
    pub properties: Vec<Found>,
    pub refused: Vec<Refused>,
    /// Names as they stand there, each with the property that it is taken for.
    pub taken: Vec<(String, String)>,
}

/// A name that is taken for a property of Kafka.
struct Named {
    found: Found,
    /// How it stands there; empty when it is Kafka's own.
    before: String,
    /// What is given to one kind of client holds over what all have, and what always holds over what a profile has.
    rank: u8,
}

pub(super) fn translated(all: Vec<Found>, side: Side) -> Translated {
    let mut out = Translated::default();
    let mut named: Vec<Named> = Vec::new();
    for mut found in all {
        let Some((prefix, length)) = prefix_of(&found.name) else {
            named.push(Named { found, before: String::new(), rank: 1 });
            continue;
        };
        let Some(name) = kafkas(prefix, &found.name[length..]) else {
            out.refused.push(Refused { found, reason: RefusalReason::Framework(prefix.framework) });
            continue;
        };
        let Some(value) = value_of(&name, &found.value) else {
            out.refused.push(Refused { found, reason: RefusalReason::Placeholder });
            continue;
        };
        let owner = match prefix.for_whom {
            For::Producers => Some(Side::Producer),
            For::Consumers => Some(Side::Consumer),
            _ => None,
        };
        if let Some(other) = owner.filter(|owner| *owner != side) {
            out.refused.push(Refused { found: Found { name, ..found }, reason: RefusalReason::Given(other) });
            continue;
        }
        let before = std::mem::replace(&mut found.name, name);
        let rank = 2 * u8::from(owner.is_some()) + u8::from(!before.starts_with('%'));
        found.value = value;
        named.push(Named { found, before, rank });
    }
    out.keep(named);
    out
}

impl Translated {
    /// Of several values of a property the one of the highest rank holds, and of those the last; the others are told.
    fn keep(&mut self, mut named: Vec<Named>) {
        named.order_by_key(|of| of.rank);
        let last = Last::of(named.len(), &|one, other| named[one].found.name.cmp(&named[other].found.name));
        for (before, after) in last.repeated {
            let reason = RefusalReason::Overridden { line: named[after].found.line };
            self.refused.push(Refused { found: named[before].found.clone(), reason });
        }
        let mut kept = last.kept;
        kept.order_by_key(|i| (named[*i].found.line, named[*i].found.column));
        for of in kept.into_iter().map(|i| &named[i]) {
            self.properties.push(of.found.clone());
            if !of.before.is_empty() {
                self.taken.push((of.before.clone(), of.found.name.clone()));
            }
        }
    }
}

/// Says which names were taken for which; None when none of those that the client gets was.
pub(super) fn note(taken: &[(String, String)], accepted: &[Found]) -> Option<Sentence> {
    let mut names: Vec<&str> = accepted.iter().map(|found| &*found.name).collect();
    names.order();
    let mut all = String::new();
    for (before, name) in taken.iter().filter(|(_, name)| names.binary_search(&&**name).is_ok()) {
        all.push_str(if all.is_empty() { "" } else { ", " });
        all.push_str(&format!("`{before}` → `{name}`"));
    }
    (!all.is_empty()).then(|| Sentence {
        en: format!("Names of a framework are taken for Kafka's own: {all}."),
        ko: format!("프레임워크의 이름을 카프카의 속성으로 바꾸었습니다: {all}."),
    })
}

/// The prefix of a name, and how many bytes of it that is.
fn prefix_of(name: &str) -> Option<(&'static Prefix, usize)> {
    let profile = if name.starts_with('%') { name.find('.').map_or(0, |dot| dot + 1) } else { 0 };
    let is_env = name.starts_with("SPRING_KAFKA_");
    let of_env = is_env.then(|| name.to_lowercase().replace('_', "."));
    let of = of_env.as_deref().unwrap_or(&name[profile..]);
    PREFIXES.iter().find_map(|prefix| Some((prefix, profile + behind(prefix.begins, of)?)))
}

/// How many bytes of a name a prefix takes.
fn behind(prefix: &str, name: &str) -> Option<usize> {
    let Some((first, last)) = prefix.split_once('*') else {
        return name.strip_prefix(prefix).filter(|rest| !rest.is_empty()).map(|_| prefix.len());
    };
    let part = name.strip_prefix(first)?;
    // A part with dots of its own stands in quotes.
    let length = match part.strip_prefix('"') {
        Some(quoted) => quoted.find('"')? + 2,
        None => part.find('.')?,
    };
    let rest = part[length..].strip_prefix(last).filter(|rest| !rest.is_empty() && length > 0)?;
    Some(name.len() - rest.len())
}

/// The property of Kafka that a name behind a prefix stands for. None: it is the framework's own.
fn kafkas(prefix: &Prefix, rest: &str) -> Option<String> {
    if prefix.for_whom == For::Nobody {
        return None;
    }
    let is_known =
        |name: &str| [Side::Producer, Side::Consumer].iter().any(|side| SettingNo::find(*side, name).is_some());
    let rest = rest.trim_matches(['"', '[', ']']);
    if prefix.is_passed_on || is_known(rest) {
        return Some(rest.to_owned());
    }
    // `auto-offset-reset`, `autoOffsetReset`, `AUTO_OFFSET_RESET`
    let mut name = String::new();
    let is_camel = rest.contains(|c: char| c.is_ascii_lowercase());
    for c in rest.chars() {
        match c {
            '-' | '_' => name.push('.'),
            c if c.is_ascii_uppercase() && is_camel => {
                name.push('.');
                name.push(c.to_ascii_lowercase());
            }
            c => name.push(c.to_ascii_lowercase()),
        }
    }
    let other = OTHERWISE.iter().find(|(one, _)| *one == name).map(|(_, other)| (*other).to_owned());
    other.or_else(|| Some(name).filter(|name| is_known(name)))
}

/// A value as Kafka reads it: a duration or a size of Spring's as a number, the default of `${NAME:default}`. None: it is
/// known only when the program runs.
fn value_of(name: &str, value: &str) -> Option<String> {
    let mut value = value.trim();
    if let Some(inside) = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        value = inside.split_once(':').map(|(_, other)| other)?;
    }
    if value.contains("${") {
        return None;
    }
    let is_number = [Side::Producer, Side::Consumer]
        .into_iter()
        .filter_map(|side| SettingNo::find(side, name))
        .any(|of| matches!(of.property().kind, Kind::Int | Kind::Long));
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let factor = match &value[digits..] {
        "ms" | "B" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        _ => 0,
    };
    let number = value[..digits].parse::<i64>().ok().and_then(|n| n.checked_mul(factor));
    Some(match number.filter(|_| is_number && factor > 0) {
        Some(number) => number.to_string(),
        None if name == "isolation.level" => value.replace('-', "_").to_lowercase(),
        None => value.to_owned(),
    })
}
