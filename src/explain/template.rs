//! Sentences with slots.
//!
//! `{name}` is an argument, `{name:가}` an argument with its Korean particle, `{$linger.ms}` a setting as a chip, and
//! `**…**` is set strongly.

use super::context::Context;
use super::number::{bytes, grouped, ordinal};
use super::particle::Particle;
use super::text::{Span, Spans, Target};
use crate::error::Code;
use crate::ids::{
    BatchId, BrokerId, BrokerSet, ClientId, EventId, ExceptionNo, GroupNo, Names, PartitionNo, Process, RecordId,
    TopicNo,
};
use crate::lang::{self, Both, Lang, Sentence, both};
use crate::time::Instant;
use crate::wire::Api;

/// Nothing to say.
pub(super) const NONE: Both<&'static str> = lang::text("", "");

/// What fills a slot.
#[derive(Clone, Debug)]
pub(super) enum Arg {
    Client(ClientId),
    Topic(TopicNo),
    Group(GroupNo),
    Partition(PartitionNo),
    Broker(BrokerId),
    Brokers(BrokerSet),
    /// Whatever runs: a client by its name, a broker by its number, the controller.
    Process(Process),
    Record(RecordId),
    Batch(BatchId),
    /// A request by its correlation id: `#17`.
    Request(i32),
    /// `orders-1@12`
    At(PartitionNo, i64),
    Number(i64),
    /// How many there are of something, where its name stands elsewhere.
    Count(u64),
    /// Which time it is: `first`, `첫 번째`.
    Times(u64),
    /// An event, as a link with its time.
    When(EventId, Instant),
    /// A client that has gone, when another has its name by now: `the former c1`.
    Former(ClientId),
    /// What was committed, as a link to where it was.
    Was(Option<(i64, EventId)>),
    Offsets(Vec<Moved>),
    /// Partitions by their names.
    Names(Vec<PartitionNo>),
    /// Words of our own, in both languages.
    Said(Both<&'static str>),
    Clients(Vec<ClientId>),
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

/// An offset that a commit moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moved {
    pub partition: PartitionNo,
    pub to: i64,
    /// What it was, where that is to be said.
    pub was: Option<i64>,
}

/// So many partitions, or clients, are named; the others are counted.
const NAMED: usize = 3;

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
    match arg {
        Arg::Offsets(offsets) => return moved(context, offsets, lang, out),
        Arg::Names(partitions) => return named(context, partitions, particle, strong, lang, out),
        _ => {}
    }
    let mut span = show(context, arg, lang);
    if lang == Lang::En && out.is_empty() {
        capitalize(&mut span, arg);
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
fn capitalize(span: &mut Span, arg: &Arg) {
    let Span::Words(text) = span else { return };
    let is_name = matches!(arg, Arg::Former(_)) && !text.starts_with("the ");
    if !is_name
        && !matches!(arg, Arg::Client(_) | Arg::Process(Process::Client(_)) | Arg::Group(_) | Arg::Topic(_))
        && let Some(first) = text.get(0..1)
    {
        let upper = first.to_ascii_uppercase();
        text.replace_range(0..1, &upper);
    }
}

fn show(context: &Context<'_>, arg: &Arg, lang: Lang) -> Span {
    let names = context.names();
    let words = |en: String, ko: String| Span::Words(lang.pick(en, ko));
    let counted = |count: u64, one: &str, many: &str, ko: &str, counter: &str| {
        let number = grouped(count);
        words(format!("{number} {}", if count == 1 { one } else { many }), format!("{ko} {number}{counter}"))
    };
    match *arg {
        Arg::Client(id) | Arg::Process(Process::Client(id)) => Span::Words(names.client(id).to_string()),
        Arg::Topic(topic) => Span::Mono(names.topic(topic).to_string()),
        Arg::Group(group) => Span::Words(names.group(group).to_string()),
        Arg::Partition(partition) => Span::Mono(context.partition(partition)),
        Arg::Broker(id) | Arg::Process(Process::Broker(id)) => {
            words(format!("broker {}", id.0), format!("브로커 {}", id.0))
        }
        Arg::Brokers(brokers) => Span::Words(several(brokers).pick(lang).clone()),
        Arg::Process(Process::Controller) => words("the controller".to_owned(), "컨트롤러".to_owned()),
        Arg::Record(id) => Span::Words(record_name(names, id).pick(lang).clone()),
        Arg::Batch(id) => words(format!("batch {}", id.number + 1), format!("배치 {}", id.number + 1)),
        Arg::Request(id) => Span::Mono(format!("#{id}")),
        Arg::At(partition, offset) => Span::Mono(format!("{}@{offset}", context.partition(partition))),
        Arg::Times(number) => Span::Words(ordinal(number).pick(lang).clone()),
        Arg::When(event, at) => Span::Link { text: super::number::ms(at), to: Target::from(event) },
        Arg::Former(id) => former(context, id, lang),
        Arg::Was(Some((offset, event))) => {
            let text = lang.pick(format!("committed was {offset}"), format!("커밋된 오프셋: {offset}"));
            Span::Link { text, to: Target::from(event) }
        }
        Arg::Was(None) => words("nothing was committed".to_owned(), "커밋된 오프셋 없음".to_owned()),
        Arg::Clients(ref clients) => Span::Words(listed(context, clients, lang)),
        Arg::Said(ref said) => Span::Words((*said.pick(lang)).to_owned()),
        // A list is not one span.
        Arg::Offsets(_) | Arg::Names(_) => Span::Words(String::new()),
        Arg::Number(number) => Span::Words(number.to_string()),
        Arg::Count(count) => Span::Words(grouped(count)),
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

/// `broker 2`, `brokers 1 and 3`, `brokers 1, 2 and 3`, `none`.
fn several(brokers: BrokerSet) -> Sentence {
    let ids: Vec<String> = brokers.iter().map(|broker| broker.0.to_string()).collect();
    match ids.split_last() {
        None => both("none", "없음"),
        Some((only, [])) => both(format!("broker {only}"), format!("브로커 {only}")),
        Some((last, others)) => {
            both(format!("brokers {} and {last}", others.join(", ")), format!("브로커 {}", ids.join(", ")))
        }
    }
}

/// `record 7`; where its producer was made anew under a name, `the second producer-1's record 7`: both begin with a first.
pub fn record_name(names: &Names, record: RecordId) -> Sentence {
    let number = record.number + 1;
    let plain = both(format!("record {number}"), format!("레코드 {number}"));
    match (which_of_its_name(names, record.client), names.clients().get(usize::from(record.client.0))) {
        (Some(which), Some(name)) => {
            both(format!("the {} {name}'s {}", which.en, plain.en), format!("{} {name}의 {}", which.ko, plain.ko))
        }
        _ => plain,
    }
}

/// `second`: which of the producers that were made under its name a producer is, from the second on.
pub fn which_of_its_name(names: &Names, client: ClientId) -> Option<Sentence> {
    match names.producers_before(client) {
        0 => None,
        before => Some(ordinal(u64::from(before) + 1)),
    }
}

/// A client that has gone: its name is that of another when one was made anew under it.
fn former(context: &Context<'_>, id: ClientId, lang: Lang) -> Span {
    let name = context.names().client(id);
    Span::Words(if context.names().is_taken(id) {
        lang.pick(format!("the former {name}"), format!("이전 {name}"))
    } else {
        name.to_string()
    })
}

/// `c1, c2, c3 and 2 more`
fn listed(context: &Context<'_>, clients: &[ClientId], lang: Lang) -> String {
    let mut text = String::new();
    for client in clients.iter().take(NAMED) {
        if !text.is_empty() {
            text.push_str(", ");
        }
        former(context, *client, lang).push_plain(&mut text);
    }
    match clients.len().saturating_sub(NAMED) {
        0 => text,
        more => lang.pick(format!("{text} and {more} more"), format!("{text} 외 {more}")),
    }
}

/// `orders-0, orders-1, orders-2 and 2 more`
fn named(
    context: &Context<'_>,
    partitions: &[PartitionNo],
    particle: Option<Particle>,
    strong: bool,
    lang: Lang,
    out: &mut Spans,
) {
    let mut last = String::new();
    for (i, partition) in partitions.iter().take(NAMED).enumerate() {
        if i > 0 {
            out.push(Span::Words(", ".to_owned()));
        }
        last = context.partition(*partition);
        out.push(Span::Mono(last.clone()));
    }
    if let Some(more) = partitions.len().checked_sub(NAMED).filter(|more| *more > 0) {
        last = lang.pick(format!(" and {more} more"), format!(" 외 {more}개"));
        out.push(Span::Words(last.clone()));
    }
    if let Some(particle) = particle {
        words(out, particle.after(&last), strong);
    }
}

/// `orders-2: 8, was 5; orders-1: 3 as before; and 2 more`
fn moved(context: &Context<'_>, offsets: &[Moved], lang: Lang, out: &mut Spans) {
    for (i, Moved { partition, to, was }) in offsets.iter().take(NAMED).enumerate() {
        if i > 0 {
            out.push(Span::Words(lang.pick("; ", ", ").to_owned()));
        }
        out.push(Span::Mono(context.partition(*partition)));
        let was = match *was {
            Some(was) if was == *to => lang.pick(" as before".to_owned(), " (그대로)".to_owned()),
            Some(was) => lang.pick(format!(", was {was}"), format!(" (이전 값 {was})")),
            None => String::new(),
        };
        out.push(Span::Words(format!(": {to}{was}")));
    }
    if let Some(more) = offsets.len().checked_sub(NAMED).filter(|more| *more > 0) {
        out.push(Span::Words(lang.pick(format!("; and {more} more"), format!(" 외 {more}개"))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_says_which_producer_of_its_name_it_is_from() {
        let mut names = Names::default();
        names.add_client(&"admin".into(), false);
        let consumer = names.add_client(&"x".into(), false);
        let producers: Vec<ClientId> = (0..22).map(|_| names.add_client(&"x".into(), true)).collect();
        let named = |client: ClientId| {
            let name = record_name(&names, RecordId { client, number: 6 });
            format!("{} / {}", name.en, name.ko)
        };
        assert_eq!(named(producers[0]), "record 7 / 레코드 7", "a consumer of its name is given no records");
        assert_eq!(named(producers[1]), "the second x's record 7 / 두 번째 x의 레코드 7");
        assert_eq!(named(producers[11]), "the 12th x's record 7 / 12번째 x의 레코드 7");
        assert_eq!(named(producers[21]), "the 22nd x's record 7 / 22번째 x의 레코드 7");
        assert!(names.is_taken(consumer) && names.is_taken(producers[20]) && !names.is_taken(producers[21]));
    }
}
