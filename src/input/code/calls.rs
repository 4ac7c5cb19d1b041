//! The calls of a program on its client: what it sends and how, what it reads and when it commits.

use std::sync::Arc;

use crate::script::{CommitEvery, CommitMode, Payload, SendMode, Subscription};

use super::super::problem::{Problem, RecordPart, What};
use super::values::Source;
use super::{Code, CodeRecord, Consuming, Producing, Repeat, Role, loops, pairs};

/// Calls of clients that loops of the playground do not make.
const NOT_CARRIED: &[&str] = &[
    "initTransactions",
    "beginTransaction",
    "commitTransaction",
    "abortTransaction",
    "sendOffsetsToTransaction",
    "assign",
    "seek",
    "seekToBeginning",
    "seekToEnd",
    "pause",
    "resume",
    "enforceRebalance",
    "offsetsForTimes",
];

pub(super) fn read(source: &Source, code: &mut Code) {
    let (producers, consumers) = pairs::roles(source);
    let clients = clients(source);
    let mut producing = Producing::default();
    let mut consuming = Consuming::default();
    let mut reads = false;
    let over_records = record_loops(source);
    let loops = loops::loops(source);
    for i in 0..source.tokens.len() {
        if ["headers", "(", ")", ".", "add", "("].iter().enumerate().all(|(n, token)| source.is(i + n, token)) {
            not_carried(source, RecordPart::Headers, (i, source.arguments(i + 5).1 + 1), code);
        }
        if source.is(i, "ProducerRecord") {
            let of = record(source, i, loops::around(&loops, i).as_ref(), code);
            tell_second(of.as_ref(), &producing, code);
            producing.records.extend(of);
        }
        // Kotlin's `commitAsync { offsets, e -> … }` has no `(`.
        let is_called = source.is(i + 1, "(") || source.is(i, "commitAsync") && source.is(i + 1, "{");
        let Some(name) = source.word(i).filter(|_| is_called) else { continue };
        let of = |role, mentioned| is_call(source, i, role, mentioned, &clients);
        let line = source.tokens[i].line;
        match name {
            "send" if of(Role::Producer, producers) => {
                let around = loops::around(&loops, i);
                if let (None, Some(of)) = (producing.repeat, &around) {
                    producing.repeat = Some(of.repeat);
                    if of.round.is_some() {
                        let what = What::NestedLoops { times: of.repeat.times };
                        code.problems.push(Problem::new(line, source.tokens[i].column, what));
                    }
                }
                let is_first = producing.sends.is_empty() && around.is_none();
                if let Some((name, call)) = is_first.then(|| loops::calls_of_method(source, &loops, i)).flatten() {
                    let what = What::InMethod { name: name.to_owned(), line: call };
                    code.problems.push(Problem::new(line, source.tokens[i].column, what));
                }
                producing.sends.push((line, mode(source, i)));
            }
            "poll" if of(Role::Consumer, consumers) => {
                reads = true;
                consuming.poll_ms = consuming.poll_ms.or_else(|| poll_ms(source, i, code));
            }
            "subscribe" if of(Role::Consumer, consumers) => {
                reads = true;
                consuming.subscription = consuming.subscription.take().or_else(|| subscription(source, i, code));
            }
            "commitSync" | "commitAsync" => {
                reads = true;
                let mode = if name == "commitSync" { CommitMode::Sync } else { CommitMode::Async };
                if consuming.commits.is_empty() && over_records.iter().any(|(from, to)| (*from..*to).contains(&i)) {
                    consuming.every = CommitEvery::Record;
                }
                consuming.commits.push((line, mode));
            }
            _ if NOT_CARRIED.contains(&name) && (of(Role::Producer, false) || of(Role::Consumer, false)) => {
                let call = name.to_string();
                code.problems.push(Problem::new(line, source.tokens[i].column, What::NotCarried { call }));
            }
            _ => {}
        }
    }
    let auto = code.properties.iter().rfind(|p| p.found.name == "enable.auto.commit").map(|p| p.found.value.as_str());
    consuming.commit = match consuming.commits.first() {
        Some((_, mode)) => *mode,
        None if auto == Some("false") => CommitMode::None,
        None => CommitMode::Auto,
    };
    if let (Some(Repeat { times: None, endless: false, .. }), Some((line, _))) =
        (producing.repeat, producing.sends.first())
    {
        code.problems.push(Problem::new(*line, 1, What::TimesNotKnown));
    }
    code.producer = Some(producing).filter(|p| !p.sends.is_empty() || !p.records.is_empty());
    code.consumer = Some(consuming).filter(|_| reads);
}

/// Variables that hold a client: `KafkaConsumer<String, String> c`, `val p: Producer<String, String>`, `c = new KafkaConsumer…`.
fn clients<'a>(source: &Source<'_, 'a>) -> Vec<(&'a str, Role)> {
    let mut found = Vec::new();
    for i in 0..source.tokens.len() {
        let role = match source.word(i) {
            Some("KafkaProducer" | "Producer" | "MockProducer") => Role::Producer,
            Some("KafkaConsumer" | "Consumer" | "MockConsumer") => Role::Consumer,
            _ => continue,
        };
        let behind = source.generic_end(i + 1).unwrap_or(i + 1);
        let before = if i > 0 && source.is(i - 1, "new") { i - 1 } else { i };
        let declared = source.word(behind).filter(|_| !source.tokens[behind].first);
        let assigned = match before.checked_sub(2) {
            Some(name) if source.is(before - 1, "=") || source.is(before - 1, ":") => source.word(name),
            _ => None,
        };
        found.extend([declared, assigned].into_iter().flatten().map(|name| (name, role)));
    }
    found
}

/// Whether the word at `i`, which `(` follows, is a call on a client of that role. A variable is one when it was declared
/// so or is called so; any is, when the text speaks of such clients and declares none.
fn is_call(source: &Source, i: usize, role: Role, mentioned: bool, clients: &[(&str, Role)]) -> bool {
    let receiver = match i.checked_sub(2) {
        Some(before) if source.is(i - 1, ".") || source.is(i - 1, "?.") => source.word(before),
        _ => None,
    };
    let Some(receiver) = receiver else {
        // In a block on a client (`consumer.apply { subscribe(…) }`), and no declaration of a method of that name.
        return mentioned && i > 0 && source.word(i - 1).is_none() && matches!(source.sign(i - 1), "{" | ";" | "}");
    };
    let part = if role == Role::Producer { "producer" } else { "consumer" };
    let declared = clients.iter().any(|(_, other)| *other == role);
    clients.contains(&(receiver, role))
        || receiver.to_lowercase().contains(part)
        || mentioned && (receiver == "it" || !declared)
}

/// What the program does with the future of the `send` at `i`.
fn mode(source: &Source, i: usize) -> SendMode {
    let (arguments, close) = source.arguments(i + 1);
    let callback = arguments.get(1).is_some_and(|(from, _)| !source.is(*from, "null"));
    let lambda = source.is(close + 1, "{") && !source.tokens[close + 1].first;
    if callback || lambda {
        return SendMode::Async;
    }
    let waits = |at: usize| source.is(at, ".") && matches!(source.word(at + 1), Some("get" | "join" | "await"));
    if waits(close + 1) {
        return SendMode::Sync;
    }
    // `future = producer.send(record)`, and `future.get()` later.
    let mut start = i;
    while start >= 2 && source.is(start - 1, ".") && source.word(start - 2).is_some() {
        start -= 2;
    }
    let future = if start >= 2 && source.is(start - 1, "=") { source.word(start - 2) } else { None };
    let later = |name: &str| (close..source.tokens.len()).any(|at| source.is(at, name) && waits(at + 1));
    if future.is_some_and(later) { SendMode::Sync } else { SendMode::FireAndForget }
}

/// `ProducerRecord(topic, value)`, `(topic, key, value)`, `(topic, partition, key, value)`,
/// `(topic, partition, timestamp, key, value)`, and headers behind them.
fn record(source: &Source, i: usize, within: Option<&loops::Loop>, code: &mut Code) -> Option<CodeRecord> {
    let open = source.generic_end(i + 1).unwrap_or(i + 1);
    if !source.is(open, "(") {
        return None;
    }
    let (arguments, _) = source.arguments(open);
    let value = |at: usize| arguments.get(at).and_then(|(from, to)| source.eval(*from, *to));
    let mut record = CodeRecord {
        line: source.tokens[i].line,
        column: source.tokens[i].column,
        topic: value(0),
        ..CodeRecord::default()
    };
    let first = arguments.first()?;
    if record.topic.is_none() {
        let token = &source.tokens[first.0];
        let text = source.text(first.0, first.1);
        code.problems.push(Problem::new(token.line, token.column, What::TopicNotKnown { text }));
    }
    let number = |at: usize| value(at).and_then(|text| text.parse::<i64>().ok());
    // What is not null and cannot be said here.
    let mut lost = |part, of: Option<&(usize, usize)>| {
        let Some((from, to)) = of.filter(|(from, to)| !(source.is(*from, "null") && *to == from + 1)) else { return };
        not_carried(source, part, (*from, *to), code);
    };
    let (key, of_value) = match arguments.len() {
        2 => (None, arguments.get(1)),
        3 => (arguments.get(1), arguments.get(2)),
        4..=6 => {
            // The longest form has both a timestamp and headers; one of five tells by its third.
            let is_timed = arguments.len() == 6 || arguments.len() == 5 && is_time(source, arguments[2]);
            let key = if is_timed { 3 } else { 2 };
            record.partition = number(1).and_then(|n| i32::try_from(n).ok());
            record.timestamp = if is_timed { number(2) } else { None };
            lost(RecordPart::Partition, arguments.get(1).filter(|_| record.partition.is_none()));
            let is_unknown = |of: &&(usize, usize)| record.timestamp.is_none() && !is_now(source, **of);
            lost(RecordPart::Timestamp, arguments.get(2).filter(|_| is_timed).filter(is_unknown));
            lost(RecordPart::Headers, arguments.get(key + 2));
            (arguments.get(key), arguments.get(key + 1))
        }
        _ => (None, None),
    };
    let mut is_null = false;
    let mut part = |of: Option<&(usize, usize)>, is_key: bool| -> Option<Payload> {
        let of = *of?;
        let written = loops::written(source, of, within);
        // A loop here goes round with its keys alone.
        if written.lost || !is_key && written.keys.is_some() {
            lost(if is_key { RecordPart::Key } else { RecordPart::Value }, Some(&of));
            return None;
        }
        record.keys = record.keys.or(written.keys);
        is_null = written.null;
        written.payload
    };
    (record.key, record.value) = (part(key, true), part(of_value, false));
    record.null_value = is_null;
    Some(record)
}

fn not_carried(source: &Source, part: RecordPart, (from, to): (usize, usize), code: &mut Code) {
    let what = What::PartNotCarried { part, text: source.text(from, to) };
    code.problems.push(Problem::new(source.tokens[from].line, source.tokens[from].column, what));
}

/// Whether an argument is a timestamp rather than a key, as far as a text tells.
fn is_time(source: &Source, (from, to): (usize, usize)) -> bool {
    let is_word = |i: usize| {
        source.word(i).is_some_and(|word| {
            let word = word.to_lowercase();
            word.contains("time") || word.contains("milli") || word == "ts"
        })
    };
    let is_number = || source.eval(from, to).is_some_and(|text| text.parse::<i64>().is_ok());
    source.is(from, "null") || (from..to).any(is_word) || is_number()
}

/// `System.currentTimeMillis()`, `Instant.now().toEpochMilli()`: what a record without a timestamp gets.
fn is_now(source: &Source, (from, to): (usize, usize)) -> bool {
    let text = source.text(from, to);
    text == "System.currentTimeMillis()" || text == "Instant.now().toEpochMilli()"
}

/// A loop here sends one kind of record: the first that is written out.
fn tell_second(record: Option<&CodeRecord>, producing: &Producing, code: &mut Code) {
    if let (Some(record), Some(first)) = (record, producing.record()) {
        let what = What::SecondRecord { first: first.line };
        code.problems.push(Problem::new(record.line, record.column, what));
    }
}

fn poll_ms(source: &Source, i: usize, code: &mut Code) -> Option<u64> {
    let (arguments, _) = source.arguments(i + 1);
    let (from, to) = *arguments.first()?;
    let found = source.eval(from, to).and_then(|text| text.parse().ok());
    if found.is_none() {
        let token = &source.tokens[from];
        let (name, text) = ("poll".to_string(), source.text(from, to));
        code.problems.push(Problem::new(token.line, token.column, What::ValueNotKnown { name, text }));
    }
    found
}

/// `subscribe(List.of("a", "b"))`, `subscribe(Pattern.compile("a-.*"), listener)`
fn subscription(source: &Source, i: usize, code: &mut Code) -> Option<Subscription> {
    let (arguments, _) = source.arguments(i + 1);
    let (from, to) = *arguments.first()?;
    let compiled = source.is(from, "Pattern") && source.is(from + 2, "compile") && source.is(from + 3, "(");
    let found = if compiled {
        let (inner, _) = source.arguments(from + 3);
        inner.first().and_then(|(f, t)| source.eval(*f, *t)).map(|text| Subscription::Pattern(Arc::from(text)))
    } else {
        let topics = source.eval(from, to).filter(|text| !text.is_empty());
        topics.map(|text| Subscription::Topics(text.split(',').map(|topic| Arc::from(topic.trim())).collect()))
    };
    if found.is_none() {
        let token = &source.tokens[from];
        let text = source.text(from, to);
        code.problems.push(Problem::new(token.line, token.column, What::TopicNotKnown { text }));
    }
    found
}

/// The insides of loops over records: `for (… : records) { … }`, `for (r in records) { … }`, `records.forEach { … }`.
fn record_loops(source: &Source) -> Vec<(usize, usize)> {
    let mut loops = Vec::new();
    for i in 0..source.tokens.len() {
        let open = match source.word(i) {
            Some("for") if source.is(i + 1, "(") => {
                let (_, close) = source.arguments(i + 1);
                let each = (i + 2..close).any(|at| source.is(at, ":") || source.is(at, "in"));
                if each && source.is(close + 1, "{") { Some(close + 1) } else { None }
            }
            Some("forEach") if source.is(i + 1, "{") => Some(i + 1),
            Some("forEach") if source.is(i + 1, "(") => {
                let (_, close) = source.arguments(i + 1);
                (i + 2..close).find(|at| source.is(*at, "{"))
            }
            _ => None,
        };
        if let Some(open) = open {
            loops.push((open, source.closing(open)));
        }
    }
    loops
}
