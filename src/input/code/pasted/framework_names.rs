//! Names that frameworks give Kafka's properties: each is taken for Kafka's own, or told as a setting of the framework.

use crate::config::{SettingNo, Side};
use crate::lang::Sentence;
use crate::sorted::InOrder;

use super::super::last::{Last, holders};
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
    /// Of several values of a property that of the highest holds. Names without a prefix have `ALL`.
    rank: u8,
}

/// The rank of what all clients have.
const ALL: u8 = 1;
/// More than any rank of a name: what always holds comes before what a profile has.
const ALWAYS: u8 = 8;

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

const fn row(begins: &'static str, for_whom: For, is_passed_on: bool, framework: Framework, rank: u8) -> Prefix {
    Prefix { begins, for_whom, is_passed_on, framework, rank }
}

/// The longer of two that begin alike stands first.
const PREFIXES: &[Prefix] = {
    use For::{Both, Consumers, Nobody, Producers};
    use Framework::{Connect, Micronaut, MirrorMaker, Quarkus, Spring, Streams};
    &[
        row("spring.kafka.consumer.properties.", Consumers, true, Spring, 4),
        row("spring.kafka.producer.properties.", Producers, true, Spring, 4),
        row("spring.kafka.properties.", Both, true, Spring, 2),
        row("spring.kafka.consumer.", Consumers, false, Spring, 3),
        row("spring.kafka.producer.", Producers, false, Spring, 3),
        row("spring.kafka.admin.", Nobody, false, Spring, ALL),
        row("spring.kafka.streams.", Nobody, false, Spring, ALL),
        row("spring.kafka.", Both, false, Spring, ALL),
        row("spring.cloud.stream.kafka.binder.consumer-properties.", Consumers, true, Spring, 6),
        row("spring.cloud.stream.kafka.binder.producer-properties.", Producers, true, Spring, 6),
        row("spring.cloud.stream.kafka.binder.configuration.", Both, true, Spring, 5),
        row("spring.cloud.stream.kafka.bindings.*.consumer.configuration.", Consumers, true, Spring, 7),
        row("spring.cloud.stream.kafka.bindings.*.producer.configuration.", Producers, true, Spring, 7),
        row("spring.", Nobody, false, Spring, ALL),
        row("mp.messaging.incoming.*.", Consumers, false, Quarkus, 3),
        row("mp.messaging.outgoing.*.", Producers, false, Quarkus, 3),
        row("mp.messaging.connector.smallrye-kafka.", Both, false, Quarkus, 2),
        row("mp.messaging.", Nobody, false, Quarkus, ALL),
        row("quarkus.", Nobody, false, Quarkus, ALL),
        row("kafka.consumers.*.", Consumers, false, Micronaut, 3),
        row("kafka.producers.*.", Producers, false, Micronaut, 3),
        row("kafka.", Both, true, Quarkus, ALL),
        row("producer.override.", Producers, true, Connect, 4),
        row("consumer.override.", Consumers, true, Connect, 4),
        row("admin.override.", Nobody, true, Connect, ALL),
        row("producer.", Producers, true, Connect, 3),
        row("consumer.", Consumers, true, Connect, 3),
        row("admin.", Nobody, true, Connect, ALL),
        row("*.cluster.producer.", Producers, true, MirrorMaker, 3),
        row("*.cluster.consumer.", Consumers, true, MirrorMaker, 3),
        row("*.cluster.admin.", Nobody, true, MirrorMaker, ALL),
        row("source.cluster.", Both, true, MirrorMaker, ALL),
        row("target.cluster.", Both, true, MirrorMaker, ALL),
        row("main.consumer.", Consumers, true, Streams, 4),
        row("restore.consumer.", Consumers, true, Streams, 0),
        row("global.consumer.", Consumers, true, Streams, 0),
    ]
};

/// What Spring makes of a value before Kafka gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typed {
    AsItStands,
    /// `5s`, as milliseconds.
    Duration,
    /// `1KB`, as bytes.
    Size,
    /// `READ-COMMITTED`, as a word of Kafka's.
    Constant,
}

/// Spring's own names, with `.` for `-`, that have a type, and Kafka's for them.
const TYPED: &[(&str, &str, Typed)] = &[
    ("auto.commit.interval", "auto.commit.interval.ms", Typed::Duration),
    ("batch.size", "batch.size", Typed::Size),
    ("buffer.memory", "buffer.memory", Typed::Size),
    ("fetch.max.wait", "fetch.max.wait.ms", Typed::Duration),
    ("fetch.min.size", "fetch.min.bytes", Typed::Size),
    ("heartbeat.interval", "heartbeat.interval.ms", Typed::Duration),
    ("isolation.level", "isolation.level", Typed::Constant),
    ("max.poll.interval", "max.poll.interval.ms", Typed::Duration),
];

/// How Spring's names of stores begin, with `.` for `-`, and how Kafka's do.
const STORES: &[(&str, &str)] = &[("ssl.trust.store.", "ssl.truststore."), ("ssl.key.store.", "ssl.keystore.")];

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
    rank: u8,
}

pub(super) fn translated(all: Vec<Found>, side: Side) -> Translated {
    let mut out = Translated::default();
    let mut named: Vec<Named> = Vec::new();
    let has_providers = all.iter().any(|found| {
        found.name == "config.providers" || prefix_of(&found.name).is_some_and(|(prefix, _)| prefix.has_providers())
    });
    for mut found in all {
        let Some((prefix, length)) = prefix_of(&found.name) else {
            if has_providers && found.value.contains("${") {
                out.refused.push(Refused { found, reason: RefusalReason::Placeholder });
            } else {
                named.push(Named { found, before: String::new(), rank: ALL + ALWAYS });
            }
            continue;
        };
        let Some((name, typed)) = kafkas(prefix, &found.name[length..]) else {
            out.refused.push(Refused { found, reason: RefusalReason::Framework(prefix.framework) });
            continue;
        };
        let Some(value) = known(&found.value, prefix.has_providers()) else {
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
        let rank = prefix.rank + if found.name.starts_with('%') { 0 } else { ALWAYS };
        found.value = typed.value(value);
        let before = std::mem::replace(&mut found.name, name);
        named.push(Named { found, before, rank });
    }
    out.keep(named);
    out
}

/// Spring's own serializers of a client that a text describes and gives none: those of texts, where the first of its
/// names stands.
pub(super) fn springs_serdes(translated: &Translated, side: Side, all: &[Found]) -> Vec<Found> {
    let (prefix, names) = match side {
        Side::Producer => ("spring.kafka.producer.", ["key.serializer", "value.serializer"]),
        _ => ("spring.kafka.consumer.", ["key.deserializer", "value.deserializer"]),
    };
    let Some(first) = all.iter().find(|of| of.name.starts_with(prefix)) else { return Vec::new() };
    let is_given = |name: &str| {
        translated
            .properties
            .iter()
            .chain(translated.refused.iter().map(|of| &of.found))
            .any(|of| of.name.ends_with(name))
    };
    let kind = if side == Side::Producer { "Serializer" } else { "Deserializer" };
    let value = format!("org.apache.kafka.common.serialization.String{kind}");
    let missing = names.into_iter().filter(|name| !is_given(name));
    missing.map(|name| Found { name: name.to_owned(), value: value.clone(), ..first.clone() }).collect()
}

impl Translated {
    /// Of several values of a property the one of the highest rank holds, and of those the last; the others are told.
    fn keep(&mut self, mut named: Vec<Named>) {
        named.order_by_key(|of| of.rank);
        let last = Last::of(named.len(), &|one, other| named[one].found.name.cmp(&named[other].found.name));
        for (before, holder) in holders(&last, named.len()) {
            let reason = RefusalReason::Overridden { line: named[holder].found.line };
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
    let of_env = is_env.then(|| name.to_ascii_lowercase().replace('_', "."));
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

/// The property of Kafka that a name behind a prefix stands for, and what its value is. None: it is the framework's own.
fn kafkas(prefix: &Prefix, rest: &str) -> Option<(String, Typed)> {
    if prefix.for_whom == For::Nobody {
        return None;
    }
    let is_known =
        |name: &str| [Side::Producer, Side::Consumer].iter().any(|side| SettingNo::find(*side, name).is_some());
    let rest = rest.trim_matches(['"', '[', ']']);
    let is_env = !rest.contains(|c: char| c.is_ascii_lowercase());
    if !is_env && (prefix.is_passed_on || is_known(rest)) {
        return Some((rest.to_owned(), Typed::AsItStands));
    }
    // `auto-offset-reset`, `autoOffsetReset`, `AUTO_OFFSET_RESET`
    let mut name = String::new();
    for c in rest.chars() {
        match c {
            '-' | '_' => name.push('.'),
            c => {
                if c.is_ascii_uppercase() && !is_env {
                    name.push('.');
                }
                name.push(c.to_ascii_lowercase());
            }
        }
    }
    if prefix.is_passed_on {
        return Some((name, Typed::AsItStands));
    }
    if prefix.framework == Framework::Spring {
        if let Some((_, kafkas, typed)) = TYPED.iter().find(|(of, ..)| *of == name) {
            return Some(((*kafkas).to_owned(), *typed));
        }
        for (of, kafkas) in STORES {
            if let Some(rest) = name.strip_prefix(of) {
                name = format!("{kafkas}{rest}");
                break;
            }
        }
    }
    is_known(&name).then_some((name, Typed::AsItStands))
}

impl Prefix {
    /// `${file:/path:key}` is asked of a provider of settings there, and `:` is before no default.
    fn has_providers(&self) -> bool {
        matches!(self.framework, Framework::Connect | Framework::MirrorMaker | Framework::Streams)
    }
}

/// A value with the default of `${NAME:default}`. None: it is known only when the program runs.
fn known(value: &str, has_providers: bool) -> Option<&str> {
    // A blank that is none of these is a part of the value.
    let mut value = value.trim_matches([' ', '\t', '\r']);
    if let Some(inside) = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).filter(|_| !has_providers) {
        value = inside.split_once(':').map(|(_, other)| other)?;
    }
    (!value.contains("${")).then_some(value)
}

impl Typed {
    /// A value as Kafka gets it. What is none of the type stays as it stands.
    fn value(self, value: &str) -> String {
        let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
        let unit = &value[digits..];
        let is = |other: &str| unit.eq_ignore_ascii_case(other);
        let factor = match self {
            Typed::AsItStands => 0,
            Typed::Constant => return value.replace('-', "_").to_ascii_lowercase(),
            Typed::Duration if is("ms") => 1,
            Typed::Duration if is("s") => 1000,
            Typed::Duration if is("m") => 60_000,
            Typed::Duration if is("h") => 3_600_000,
            Typed::Duration if is("d") => 86_400_000,
            Typed::Duration => 0,
            Typed::Size => match unit {
                "B" => 1,
                "KB" => 1 << 10,
                "MB" => 1 << 20,
                "GB" => 1 << 30,
                _ => 0,
            },
        };
        let number = value[..digits].parse::<i64>().ok().and_then(|n| n.checked_mul(factor));
        number.filter(|_| factor > 0).map_or_else(|| value.to_owned(), |number| number.to_string())
    }
}
