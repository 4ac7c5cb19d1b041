//! Sentences with slots.
//!
//! `{name}` is an argument, `{name:가}` an argument with its Korean particle, `{$linger.ms}` a setting as a chip, and
//! `**…**` is set strongly.

use super::context::Context;
use super::number::{bytes, grouped};
use super::particle::Particle;
use super::text::{Span, Spans};
use crate::error::Code;
use crate::ids::{BatchId, BrokerId, ClientId, ExceptionNo, GroupNo, PartitionNo, RecordId, TopicNo};
use crate::lang::{self, Both, Lang};
use crate::time::Instant;
use crate::wire::Api;

/// Nothing to say.
pub(super) const NONE: Both<&'static str> = lang::text("", "");

/// What fills a slot.
#[derive(Clone, Copy, Debug)]
pub(super) enum Arg {
    Client(ClientId),
    Topic(TopicNo),
    Group(GroupNo),
    Partition(PartitionNo),
    Broker(BrokerId),
    Record(RecordId),
    Batch(BatchId),
    /// A request by its correlation id: `#17`.
    Request(i32),
    /// `orders-1@12`
    At(PartitionNo, i64),
    Number(i64),
    /// Whole milliseconds, as a length of time.
    Ms(u64),
    /// A point of time.
    Instant(Instant),
    Bytes(u64),
    Records(u64),
    Partitions(u64),
    Members(u64),
    Code(Code),
    Api(Api),
    /// A word of Kafka's, the same in every language.
    Kafka(&'static str),
    /// The class of an exception.
    Class(ExceptionNo),
    /// Its own words, without the full stop, which the sentence has.
    Message(ExceptionNo),
}

/// What there is to say about an event.
pub(super) struct Told {
    pub args: Vec<(&'static str, Arg)>,
    pub happened: Both<&'static str>,
    pub meaning: Both<&'static str>,
    pub why: Both<&'static str>,
}

pub(super) fn told(
    args: &[(&'static str, Arg)],
    happened: Both<&'static str>,
    meaning: Both<&'static str>,
    why: Both<&'static str>,
) -> Told {
    Told { args: args.to_vec(), happened, meaning, why }
}

/// Fills the slots of a sentence.
pub(super) fn fill(
    context: &Context<'_>,
    client: Option<ClientId>,
    told: &Told,
    said: &Both<&'static str>,
    lang: Lang,
) -> Spans {
    let mut out = Spans::default();
    let mut rest = *said.pick(lang);
    let mut strong = false;
    while let Some(at) = rest.find(['{', '*']) {
        words(&mut out, &rest[..at], strong);
        if let Some(after) = rest[at..].strip_prefix("**") {
            strong = !strong;
            rest = after;
            continue;
        }
        let end = rest[at..].find('}').map_or(rest.len(), |end| at + end);
        let slot = rest.get(at + 1..end).unwrap_or("");
        match slot.strip_prefix('$') {
            Some(setting) => out.push(Span::Chip(context.chip(client, setting))),
            None => argument(context, told, slot, strong, lang, &mut out),
        }
        rest = rest.get(end + 1..).unwrap_or("");
    }
    words(&mut out, rest, strong);
    out
}

fn words(out: &mut Spans, text: &str, strong: bool) {
    if !text.is_empty() {
        out.push(if strong { Span::Strong(text.to_owned()) } else { Span::Words(text.to_owned()) });
    }
}

fn argument(context: &Context<'_>, told: &Told, slot: &str, strong: bool, lang: Lang, out: &mut Spans) {
    let (name, particle) = match slot.split_once(':') {
        Some((name, form)) => (name, Particle::from_form(form)),
        None => (slot, None),
    };
    let found = told.args.iter().find(|(known, _)| *known == name);
    let Some((_, arg)) = found else {
        // A reader is better off with the slot's name than with a page that stops; tests fill every sentence.
        debug_assert!(false, "a sentence has no argument for its slot {slot}");
        return words(out, slot, strong);
    };
    let mut span = show(context, *arg, lang);
    if lang == Lang::En && out.is_empty() {
        capitalize(&mut span, *arg);
    }
    let particle = particle.map(|particle| {
        let mut name = String::new();
        span.push_plain(&mut name);
        particle.after(&name)
    });
    if strong && let Span::Words(text) = span {
        span = Span::Strong(text);
    }
    out.push(span);
    if let Some(form) = particle {
        words(out, form, strong);
    }
}

/// Names of clients keep their case; `broker 2` at the start of a sentence does not.
fn capitalize(span: &mut Span, arg: Arg) {
    let Span::Words(text) = span else { return };
    if !matches!(arg, Arg::Client(_) | Arg::Group(_) | Arg::Topic(_))
        && let Some(first) = text.get(0..1)
    {
        let upper = first.to_ascii_uppercase();
        text.replace_range(0..1, &upper);
    }
}

fn show(context: &Context<'_>, arg: Arg, lang: Lang) -> Span {
    let names = context.names();
    let words = |en: String, ko: String| Span::Words(lang.pick(en, ko));
    let counted = |count: u64, one: &str, many: &str, ko: &str, counter: &str| {
        let number = grouped(count);
        words(format!("{number} {}", if count == 1 { one } else { many }), format!("{ko} {number}{counter}"))
    };
    match arg {
        Arg::Client(id) => Span::Words(names.client(id).to_string()),
        Arg::Topic(topic) => Span::Mono(names.topic(topic).to_string()),
        Arg::Group(group) => Span::Words(names.group(group).to_string()),
        Arg::Partition(partition) => Span::Mono(context.partition(partition)),
        Arg::Broker(id) => words(format!("broker {}", id.0), format!("브로커 {}", id.0)),
        Arg::Record(id) => words(format!("record {}", id.number + 1), format!("레코드 {}", id.number + 1)),
        Arg::Batch(id) => words(format!("batch {}", id.number + 1), format!("배치 {}", id.number + 1)),
        Arg::Request(id) => Span::Mono(format!("#{id}")),
        Arg::At(partition, offset) => Span::Mono(format!("{}@{offset}", context.partition(partition))),
        Arg::Number(number) => Span::Words(number.to_string()),
        Arg::Ms(count) => Span::Words(format!("{} ms", grouped(count))),
        Arg::Instant(at) => Span::Mono(super::number::ms(at)),
        Arg::Bytes(count) => Span::Words(bytes(count)),
        Arg::Records(count) => counted(count, "record", "records", "레코드", "건"),
        Arg::Partitions(count) => counted(count, "partition", "partitions", "파티션", "개"),
        Arg::Members(count) => counted(count, "member", "members", "멤버", "명"),
        Arg::Code(code) => Span::Mono(code.name().to_owned()),
        Arg::Api(api) => Span::Words(api.name().to_owned()),
        Arg::Kafka(word) => Span::Mono(word.to_owned()),
        Arg::Class(no) => Span::Mono(names.exception(no).map_or("Exception", |(class, _)| class).to_owned()),
        Arg::Message(no) => match names.exception(no) {
            Some((_, message)) if !message.is_empty() => Span::Mono(message.trim_end_matches('.').to_owned()),
            _ => words("(no message)".to_owned(), "(메시지 없음)".to_owned()),
        },
    }
}
