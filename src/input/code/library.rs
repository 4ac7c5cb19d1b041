//! Calls of the languages' own libraries whose result is known from what they are given: lists, texts, durations.

use std::rc::Rc;

use super::arguments::Arguments;
use super::round::Over;
use super::tree::Expr;
use super::value::{Joined, Value};

/// What a call makes.
#[derive(Clone, Copy)]
enum Makes {
    /// What [`made`] takes it of, as it is.
    Itself,
    /// A text that a loop may count in.
    Text,
    Joined,
    Formatted,
    FormattedBy,
    List,
    Only,
    Duration,
    Nanos,
    Long,
    Pattern,
    Numbers,
    /// So many of them at most.
    Taken,
    Partitions,
    Count,
    Record,
    Unknown,
}

/// Calls of classes, or of none: both columns hold names with blanks between them.
const OF_CLASSES: &[(&str, &str, Makes)] = &[
    ("String Integer Long Double Boolean", "valueOf toString parseInt parseLong", Makes::Text),
    ("String", "join", Makes::Joined),
    ("String", "format", Makes::FormattedBy),
    ("List Set ImmutableList ImmutableSet", "of copyOf", Makes::List),
    ("Arrays", "asList", Makes::List),
    ("Collections", "singletonList singleton emptyList", Makes::List),
    ("Stream", "of", Makes::List),
    ("", "listOf setOf mutableListOf arrayOf asList arrayListOf sequenceOf", Makes::List),
    ("Duration", "of", Makes::Duration),
    ("Duration", "ofNanos", Makes::Nanos),
    ("Pattern", "compile", Makes::Pattern),
    ("IntStream LongStream", "range rangeClosed", Makes::Numbers),
    ("StreamSupport", "stream", Makes::Itself),
    ("Optional", "of ofNullable", Makes::Itself),
    ("Objects", "requireNonNull", Makes::Itself),
];

// What a value is, as far as its calls are known.
const COUNTER: u16 = 1;
const MILLIS: u16 = 1 << 1;
const TEXT: u16 = 1 << 2;
const CLASS: u16 = 1 << 3;
const RANGE: u16 = 1 << 4;
const UNKNOWN: u16 = 1 << 5;
const MAPPED: u16 = 1 << 6;
const LIST: u16 = 1 << 7;
const ONLY: u16 = 1 << 8;
const POLLED: u16 = 1 << 9;
const PARTITIONS: u16 = 1 << 10;
const GATHERED: u16 = 1 << 11;
const BOOL: u16 = 1 << 12;
const SCALAR: u16 = 1 << 13;

/// Calls on values: of the rows that fit the first holds. A call of any name fits a row without names.
const OF_VALUES: &[(u16, &str, Makes)] = &[
    (COUNTER, "toString", Makes::Text),
    (MILLIS, "toMillis", Makes::Long),
    (MILLIS, "toJavaDuration", Makes::Itself),
    (TEXT, "formatted format", Makes::Formatted),
    (CLASS, "getName getCanonicalName getTypeName toString", Makes::Itself),
    (RANGE | UNKNOWN, "limit take", Makes::Taken),
    (RANGE, "boxed parallel sequential asSequence toList iterator", Makes::Itself),
    (MAPPED, "limit take filter filterNotNull toList boxed collect iterator", Makes::Itself),
    (LIST, "stream iterator asSequence toList parallelStream", Makes::Itself),
    (ONLY, "get first", Makes::Only),
    (POLLED, "partitions", Makes::Partitions),
    (POLLED | PARTITIONS, "count size", Makes::Count),
    (POLLED, "isEmpty any isNotEmpty", Makes::Unknown),
    (POLLED, "next", Makes::Record),
    (POLLED, "", Makes::Itself),
    (PARTITIONS | GATHERED, "iterator stream entrySet keySet values entries keys toMap copyOf", Makes::Itself),
    (
        SCALAR,
        "toString trim trimIndent trimMargin strip stripIndent toInt toLong intValue longValue getBytes toByteArray \
         encodeToByteArray asSequence intern",
        Makes::Itself,
    ),
    (BOOL, "get", Makes::Itself),
];

fn is(of: &Value) -> u16 {
    match of {
        Value::Counter { .. } => COUNTER | SCALAR,
        Value::Millis(_) => MILLIS | SCALAR,
        Value::Text(_) => TEXT | SCALAR,
        Value::Bool(_) => BOOL | SCALAR,
        Value::Int { .. } | Value::Parts(_) => SCALAR,
        Value::Class(_) => CLASS,
        Value::Range { .. } => RANGE,
        Value::Unknown => UNKNOWN,
        Value::Mapped(..) => MAPPED,
        Value::List(list) if list.len() == 1 => LIST | ONLY,
        Value::List(_) => LIST,
        Value::Polled => POLLED,
        Value::PolledPartitions => PARTITIONS,
        Value::Gathered(_) => GATHERED,
        _ => 0,
    }
}

fn has(names: &str, name: &str) -> bool {
    names.split(' ').any(|other| other == name)
}

/// Calls whose result is known: lists, texts of numbers, durations.
///
/// What a poll returned stays that whatever is called on it. A lambda that such a call is given is not walked here: whoever
/// asks has to do so.
pub(super) fn known_call<'t, 'a>(
    class: &str,
    on: Option<&Value<'t, 'a>>,
    name: &str,
    arguments: &Arguments<'t, 'a>,
) -> Option<Value<'t, 'a>> {
    let what = on.map_or(0, is);
    let of_value = OF_VALUES.iter().find(|(of, names, _)| of & what != 0 && (names.is_empty() || has(names, name)));
    if let (Some((.., makes)), Some(on)) = (of_value, on) {
        return made(*makes, on, name, arguments);
    }
    let number = || arguments.value(0).number();
    if let Some(unit) = duration_unit(name).filter(|_| class == "Duration" || on.is_none()) {
        return number()?.checked_mul(unit).map(Value::Millis);
    }
    if name == "toMillis"
        && let Some(unit) = unit_of(class)
    {
        return number()?.checked_mul(unit?).map(Value::Millis);
    }
    let (.., makes) = OF_CLASSES.iter().find(|(classes, names, _)| has(classes, class) && has(names, name))?;
    made(*makes, &arguments.value(0), name, arguments)
}

/// What a call makes of `on`: of what it is called on, or of its first argument where it is a class's call or nobody's.
fn made<'t, 'a>(makes: Makes, on: &Value<'t, 'a>, name: &str, arguments: &Arguments<'t, 'a>) -> Option<Value<'t, 'a>> {
    let first = || arguments.value(0);
    let natural = |n: i64| u64::try_from(n).ok();
    Some(match makes {
        Makes::Itself => on.clone(),
        Makes::Text if matches!(on, Value::Counter { .. }) => Value::Parts(Rc::from(on.parts()?)),
        Makes::Text => on.clone(),
        Makes::Joined => {
            let (mut out, between) = (Joined::default(), on.as_text()?);
            for (i, of) in arguments.values.get(1..)?.iter().enumerate() {
                if i > 0 {
                    out.push_text(&between);
                }
                out.push_text(&of.as_text()?);
                if out.is_too_long() {
                    break;
                }
            }
            out.value()
        }
        Makes::Formatted => formatted(&on.as_text()?, &arguments.values)?,
        Makes::FormattedBy => formatted(&on.as_text()?, arguments.values.get(1..)?)?,
        Makes::List => Value::List(Rc::from(arguments.values.clone())),
        Makes::Only => match on {
            Value::List(list) => list[0].clone(),
            _ => return None,
        },
        Makes::Duration => {
            let unit = arguments.of.get(1).and_then(Expr::last_name).and_then(unit_of)??;
            Value::Millis(on.number()?.checked_mul(unit)?)
        }
        Makes::Nanos => Value::Millis(on.number()? / 1_000_000),
        Makes::Long => Value::Int { n: on.number()?, is_long: true },
        Makes::Pattern => Value::Pattern(on.as_text()?),
        Makes::Numbers => match (on.number(), arguments.value(1)) {
            (_, Value::PolledCount(Over::Partitions)) => Value::PolledPartitions,
            (_, Value::PolledCount(_)) => Value::Polled,
            (from, last) => {
                let more = i64::from(name == "rangeClosed");
                let times = from.zip(last.number()).and_then(|(from, to)| to.checked_sub(from)?.checked_add(more));
                Value::Range { times: times.and_then(|times| natural(times.max(0))), from_zero: from == Some(0) }
            }
        },
        Makes::Taken => match on {
            Value::Range { times, .. } => {
                let most = natural(first().number()?);
                Value::Range { times: (*times).min(most).or(most), from_zero: true }
            }
            _ => Value::Range { times: first().number().and_then(natural), from_zero: false },
        },
        Makes::Partitions => Value::PolledPartitions,
        Makes::Count if matches!(on, Value::PolledPartitions) => Value::PolledCount(Over::Partitions),
        Makes::Count => Value::PolledCount(Over::Records),
        Makes::Record => Value::PolledRecord,
        Makes::Unknown => Value::Unknown,
    })
}

/// A call that sleeps: for how many milliseconds, if that is known.
pub(super) fn slept(class: &str, name: &str, arguments: &Arguments) -> Option<Option<i64>> {
    let number = arguments.value(0).number();
    let unit = match (class, name) {
        ("Thread" | "Uninterruptibles" | "Utils" | "", "sleep" | "sleepUninterruptibly" | "delay") => {
            arguments.of.get(1).and_then(Expr::last_name).and_then(unit_of).unwrap_or(Some(1))
        }
        ("LockSupport", "parkNanos") => return Some(number.map(|n| n / 1_000_000)),
        (unit, "sleep") => unit_of(unit)?,
        _ => return None,
    };
    Some(number.zip(unit).map(|(n, unit)| n.saturating_mul(unit)))
}

/// Milliseconds of a unit of time; `Some(None)` is shorter than one.
pub(super) fn unit_of(name: &str) -> Option<Option<i64>> {
    Some(match name {
        "MILLISECONDS" | "MILLIS" => Some(1),
        "SECONDS" => Some(1000),
        "MINUTES" => Some(60_000),
        "HOURS" => Some(3_600_000),
        "NANOSECONDS" | "MICROSECONDS" | "NANOS" | "MICROS" => None,
        _ => return None,
    })
}

fn duration_unit(name: &str) -> Option<i64> {
    Some(match name {
        "ofMillis" => 1,
        "ofSeconds" => 1000,
        "ofMinutes" => 60_000,
        "ofHours" => 3_600_000,
        _ => return None,
    })
}

/// `String.format("v-%d", i)`: with `%s` and `%d` alone.
fn formatted<'t, 'a>(form: &str, values: &[Value<'t, 'a>]) -> Option<Value<'t, 'a>> {
    let mut out = Joined::default();
    let (mut rest, mut values) = (form, values.iter());
    while let Some((before, behind)) = rest.split_once('%') {
        out.push_text(before);
        let mut signs = behind.chars();
        match signs.next()? {
            '%' => out.push_text("%"),
            'n' => out.push_text("\n"),
            's' | 'd' => out.push(values.next()?.parts()?),
            _ => return Some(Value::Unknown),
        }
        if out.is_too_long() {
            break;
        }
        rest = signs.as_str();
    }
    out.push_text(rest);
    Some(out.value())
}
