//! Java's properties as librdkafka has them (its `CONFIGURATION.md`): under the same name, under another, in another unit,
//! or not at all.

use super::librd::Librd;
use super::tree::Program;
use crate::application::SendMode;
use crate::lang::Lang;

/// A line of a client's settings.
pub(super) struct Setting {
    /// None: there is nothing to set, and the note says why.
    pub set: Option<(&'static str, String)>,
    /// What a comment says of it.
    pub note: String,
}

/// What librdkafka has no setting for: the names begin so.
const NONE: [&str; 17] = [
    "config.providers",
    "default.api.timeout.ms",
    "exclude.internal.topics",
    "interceptor.classes",
    "internal.throw.on.fetch.stable.offset.unsupported",
    "max.poll.records",
    "metadata.max.idle.ms",
    "metric.reporters",
    "metrics.",
    "partitioner.adaptive.partitioning.enable",
    "partitioner.availability.timeout.ms",
    "partitioner.class",
    "sasl.",
    "security.providers",
    "socket.connection.setup.timeout.max.ms",
    "ssl.",
    "transaction.two.phase.commit.enable",
];

/// What it has of those all the same.
const SAME: [&str; 11] = [
    "sasl.kerberos.kinit.cmd",
    "sasl.kerberos.service.name",
    "sasl.mechanism",
    "sasl.oauthbearer.assertion.",
    "sasl.oauthbearer.client.",
    "sasl.oauthbearer.scope",
    "sasl.oauthbearer.sub",
    "sasl.oauthbearer.token",
    "ssl.cipher.suites",
    "ssl.endpoint",
    "ssl.key",
];

/// A number of Java's that librdkafka counts or names in another way.
struct Number {
    java: &'static str,
    name: &'static str,
    /// How many of Java's make one of librdkafka's.
    unit: i64,
    least: i64,
    most: i64,
}

const fn number(java: &'static str, name: &'static str, least: i64, most: i64) -> Number {
    Number { java, name, unit: 1, least, most }
}

const MOST: i64 = i32::MAX as i64;

const NUMBERS: [Number; 27] = [
    Number { java: "buffer.memory", name: "queue.buffering.max.kbytes", unit: 1024, least: 1, most: MOST },
    number("batch.size", "batch.size", 1, MOST),
    number("compression.gzip.level", "compression.level", -1, 9),
    number("compression.lz4.level", "compression.level", -1, 12),
    number("compression.zstd.level", "compression.level", -1, 12),
    number("fetch.max.bytes", "fetch.max.bytes", 1_000_000, 2_147_483_135),
    number("fetch.max.wait.ms", "fetch.wait.max.ms", 0, 300_000),
    number("max.request.size", "message.max.bytes", 1000, 1_000_000_000),
    number("metadata.max.age.ms", "topic.metadata.refresh.interval.ms", 10, 3_600_000),
    number("receive.buffer.bytes", "socket.receive.buffer.bytes", 0, 100_000_000),
    number("request.timeout.ms", "socket.timeout.ms", 10, 300_000),
    number("send.buffer.bytes", "socket.send.buffer.bytes", 0, 100_000_000),
    number("socket.connection.setup.timeout.ms", "socket.connection.setup.timeout.ms", 1000, MOST),
    number("auto.commit.interval.ms", "auto.commit.interval.ms", 0, 86_400_000),
    number("connections.max.idle.ms", "connections.max.idle.ms", 0, MOST),
    number("fetch.min.bytes", "fetch.min.bytes", 1, 100_000_000),
    number("heartbeat.interval.ms", "heartbeat.interval.ms", 1, 3_600_000),
    number("linger.ms", "linger.ms", 0, 900_000),
    number("max.in.flight.requests.per.connection", "max.in.flight.requests.per.connection", 1, 1_000_000),
    number("max.partition.fetch.bytes", "max.partition.fetch.bytes", 1, 1_000_000_000),
    number("max.poll.interval.ms", "max.poll.interval.ms", 1, 86_400_000),
    number("reconnect.backoff.max.ms", "reconnect.backoff.max.ms", 0, 3_600_000),
    number("reconnect.backoff.ms", "reconnect.backoff.ms", 0, 3_600_000),
    number("retry.backoff.max.ms", "retry.backoff.max.ms", 1, 300_000),
    number("retry.backoff.ms", "retry.backoff.ms", 1, 300_000),
    number("session.timeout.ms", "session.timeout.ms", 1, 3_600_000),
    number("transaction.timeout.ms", "transaction.timeout.ms", 1000, MOST),
];

/// What Java's producer and its consumer have by default, librdkafka otherwise, and a run shows.
const OF_PRODUCER: [&str; 4] =
    ["batch.size", "delivery.timeout.ms", "max.in.flight.requests.per.connection", "request.timeout.ms"];
const OF_CONSUMER: [&str; 3] = ["allow.auto.create.topics", "isolation.level", "request.timeout.ms"];

/// The partitioner that places keys as Java's does, or does not look at them.
fn partitioner(ignores_keys: &str) -> &'static str {
    if ignores_keys == "true" { "random" } else { "murmur2_random" }
}

/// The settings of a program, with those that Java's client has by default and librdkafka does not.
pub(super) fn settings(program: &Program<'_>, librd: Librd) -> Vec<Setting> {
    let mut all: Vec<Setting> = Vec::new();
    for (name, value) in &program.properties {
        all.push(setting(program, name, value, librd));
    }
    let is_set = |all: &[Setting], name: &str| all.iter().any(|of| of.set.as_ref().is_some_and(|(of, _)| *of == name));
    let mut add = |name: &'static str, value: String, note: String| {
        if !is_set(&all, name) {
            all.push(Setting { set: Some((name, value)), note });
        }
    };
    if program.is_producer {
        if program.value("enable.idempotence") == "true" {
            let note = librd.lang.pick("as Java's by default", "Java의 기본값");
            add("enable.idempotence", "true".to_owned(), note.to_owned());
        }
        let partitioner = partitioner(&program.value("partitioner.ignore.keys"));
        let note = librd.lang.pick("equal keys go where Java's go", "Java와 같은 키 배치");
        add("partitioner", partitioner.to_owned(), note.to_owned());
    }
    let defaults: &[&str] = if program.is_producer { &OF_PRODUCER } else { &OF_CONSUMER };
    for java in defaults {
        let value = default(program, java);
        // An idempotent producer of librdkafka has at most five requests in flight, as Java's.
        let is_same = *java == "max.in.flight.requests.per.connection" && program.value("enable.idempotence") == "true";
        if value.is_empty() || is_same {
            continue;
        }
        let note = librd.lang.pick("as Java's by default", "Java의 기본값");
        if let Some((name, value)) = setting(program, java, &value, librd).set {
            add(name, value, note.to_owned());
        }
    }
    if !program.is_producer && !program.has_group() {
        let note = librd.lang.pick("assign() needs one here", "여기서는 assign()에도 필요합니다");
        add("group.id", program.name.to_owned(), note.to_owned());
        add("enable.auto.commit", "false".to_owned(), String::new());
    }
    let [session, longest] = ["session.timeout.ms", "max.poll.interval.ms"].map(|name| program.value(name));
    let ms = |value: &str| value.parse::<i64>().ok();
    if let (Some(session), Some(most)) = (ms(&session), ms(&longest))
        && session.min(3_600_000) > most
    {
        all.retain(|of| of.set.as_ref().is_none_or(|(name, _)| *name != "session.timeout.ms"));
        let note = librd.lang.pick("at most max.poll.interval.ms here", "여기서는 max.poll.interval.ms 이하만 가능");
        all.push(Setting { set: Some(("session.timeout.ms", longest)), note: note.to_owned() });
    }
    all
}

fn setting(program: &Program<'_>, name: &'static str, value: &str, librd: Librd) -> Setting {
    let java = || format!("Java: {name}={value}");
    let lacks = || Setting { set: None, note: none(&format!("{name}={value}"), librd.lang) };
    let other = |name: &'static str, value: &str| Setting { set: Some((name, value.to_owned())), note: java() };
    if let Some(codec) = name.strip_prefix("compression.").and_then(|name| name.strip_suffix(".level"))
        && program.value("compression.type") != codec
    {
        let words = librd.lang.pick("of another compression.type", "다른 compression.type의 설정입니다");
        return Setting { set: None, note: format!("{name}={value}: {words}") };
    }
    if let Some(of) = NUMBERS.iter().find(|of| of.java == name) {
        let Ok(n) = value.parse::<i64>() else { return lacks() };
        let there = n.div_euclid(of.unit).clamp(of.least, of.most);
        let same = of.name == name && there == n;
        let note = if same { String::new() } else { java() };
        return Setting { set: Some((of.name, there.to_string())), note };
    }
    match name {
        "auto.offset.reset" if value == "none" => other(name, "error"),
        "auto.offset.reset" if value.starts_with("by_duration") => lacks(),
        "partition.assignment.strategy" => match assignors(value) {
            Some(names) => Setting { set: Some((name, names)), note: String::new() },
            None => lacks(),
        },
        "partitioner.ignore.keys" => other("partitioner", partitioner(value)),
        // It stands where the program takes records, or sends them.
        "max.poll.records" if program.has(super::librd_calls::takes_many) => {
            let is_too_many = !librd.rust && super::librd_values::usize_of(value, 0) > super::librd::MOST_CONSUMED;
            let most = librd.lang.pick("; consume() takes at most 1,000,000", ". consume()는 최대 1,000,000개");
            let note = taken_along(name, value, librd.lang) + if is_too_many { most } else { "" };
            Setting { set: None, note }
        }
        "max.block.ms" if librd.rust && program.sends(SendMode::Sync) => {
            Setting { set: None, note: taken_along(name, value, librd.lang) }
        }
        "max.block.ms" => {
            let (en, ko) = match librd.rust {
                false => ("produce() throws BufferError", "produce(): BufferError"),
                true => ("send_result() returns QueueFull", "send_result(): QueueFull"),
            };
            let words = librd.lang.pick(format!("; full, {en}"), format!(". 큐가 가득 차면 {ko}"));
            Setting { set: None, note: format!("{}{words}", none(&format!("{name}={value}"), librd.lang)) }
        }
        _ if NONE.iter().any(|of| name.starts_with(of)) && !SAME.iter().any(|of| name.starts_with(of)) => lacks(),
        _ => Setting { set: Some((name, value.to_owned())), note: String::new() },
    }
}

/// A default of Java's, as large as librdkafka wants it beside the other settings; empty: there is to be none.
fn default(program: &Program<'_>, java: &str) -> String {
    let ms = |name: &str| program.value(name).parse::<i64>().unwrap_or(0);
    let least = match java {
        // Of a transaction librdkafka takes its timeout itself.
        "delivery.timeout.ms" if !matches!(program.value("transactional.id").as_str(), "" | "null") => {
            return String::new();
        }
        "delivery.timeout.ms" => ms("linger.ms") + ms("request.timeout.ms"),
        "request.timeout.ms" if !program.is_producer => ms("fetch.max.wait.ms") + 1000,
        _ => return program.value(java),
    };
    ms(java).max(least).to_string()
}

fn taken_along(name: &str, value: &str, lang: Lang) -> String {
    lang.pick(format!("{name}={value}: an argument below"), format!("{name}={value}: 아래 호출의 인수"))
}

/// What a comment says of something that has no counterpart.
pub(super) fn none(of: &str, lang: Lang) -> String {
    lang.pick(format!("{of}: librdkafka has no counterpart"), format!("{of}: librdkafka에는 대응하는 것이 없습니다"))
}

/// The names of assignors, where librdkafka has them: those of one protocol, as Java's client begins with the eager one.
fn assignors(classes: &str) -> Option<String> {
    let name = |class: &str| {
        Some(match class.trim().rsplit('.').next()? {
            "RangeAssignor" => "range",
            "RoundRobinAssignor" => "roundrobin",
            "CooperativeStickyAssignor" => "cooperative-sticky",
            _ => return None,
        })
    };
    let names: Vec<&str> = classes.split(',').filter_map(name).collect();
    let eager: Vec<&str> = names.iter().copied().filter(|name| *name != "cooperative-sticky").collect();
    let names = if eager.is_empty() { names } else { eager };
    (!names.is_empty()).then(|| names.join(","))
}
