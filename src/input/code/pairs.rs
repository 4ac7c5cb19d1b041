//! Names and values that a program puts into the properties of a client.

use crate::config::{SettingNo, Side, suggest};

use super::super::problem::{Problem, What};
use super::Found;
use super::constants::nearest_constant;
use super::tokens::Kind;
use super::values::Source;
use super::{Code, CodeProperty, Role};

type Range = (usize, usize);

/// A name and a value, and the variable they go to.
struct Pair<'a> {
    name: Range,
    value: Range,
    receiver: Option<&'a str>,
}

/// `new KafkaProducer<>(props)`
struct Use<'a> {
    variable: Option<&'a str>,
    /// From the class to its `)`.
    range: Range,
    role: Role,
}

pub(super) fn read(source: &Source, code: &mut Code) {
    let uses = uses(source);
    let assigned: Vec<(&str, usize, usize)> = (0..source.tokens.len())
        .filter_map(|i| Some((source.word(i)?, i, source.expression_end(source.assigned(i)?))))
        .collect();
    for pair in pairs(source, &assigned) {
        let role = role_of(&pair, &uses, &assigned);
        let config = role.is_some() || pair.receiver.is_some_and(|name| is_config(name, &uses, source, &assigned));
        take(source, &pair, role, config, code);
    }
    let roles = roles(source);
    for property in &mut code.properties {
        property.role = property.role.or_else(|| role_by_name(&property.found.name)).or(match roles {
            (true, false) => Some(Role::Producer),
            (false, true) => Some(Role::Consumer),
            _ => None,
        });
    }
    keep_last(&mut code.properties);
    loads(source, &uses, &assigned, code);
}

/// Whether the text speaks of producers, and of consumers.
pub(super) fn roles(source: &Source) -> (bool, bool) {
    let any = |words: &[&str]| source.tokens.iter().any(|t| t.kind == Kind::Word && words.contains(&t.source));
    (
        any(&["KafkaProducer", "ProducerRecord", "ProducerConfig", "Producer", "RecordMetadata"]),
        any(&["KafkaConsumer", "ConsumerRecord", "ConsumerRecords", "ConsumerConfig", "Consumer"]),
    )
}

fn uses<'a>(source: &Source<'_, 'a>) -> Vec<Use<'a>> {
    let mut uses = Vec::new();
    for i in 0..source.tokens.len() {
        let role = match source.word(i) {
            Some("KafkaProducer") => Role::Producer,
            Some("KafkaConsumer") => Role::Consumer,
            _ => continue,
        };
        let open = source.generic_end(i + 1).unwrap_or(i + 1);
        if !source.is(open, "(") {
            continue;
        }
        let (arguments, close) = source.arguments(open);
        let variable = arguments.first().filter(|(from, to)| to - from == 1).and_then(|(from, _)| source.word(*from));
        uses.push(Use { variable, range: (i, close), role });
    }
    uses
}

/// Every place where a name and a value are put together, in the order of the text.
fn pairs<'a>(source: &Source<'_, 'a>, assigned: &[(&'a str, usize, usize)]) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    for i in 0..source.tokens.len() {
        let target = || assigned.iter().rfind(|(_, from, to)| *from < i && i < *to).map(|(name, _, _)| *name);
        let called = source.is(i + 1, "(");
        match source.word(i) {
            Some("put" | "setProperty" | "set" | "putIfAbsent") if called => {
                let receiver = if i > 1 && is_dot(source, i - 1) { source.word(i - 2) } else { target() };
                if let [name, value] = source.arguments(i + 1).0[..] {
                    pairs.push(Pair { name, value, receiver });
                }
            }
            Some("of" | "entry") if called && i > 1 && is_map(source, i - 2) => {
                for pair in source.arguments(i + 1).0.chunks_exact(2) {
                    pairs.push(Pair { name: pair[0], value: pair[1], receiver: target() });
                }
            }
            Some("to") if i > 0 && !called => {
                let from = operand_start(source, i);
                let (name, value) = ((from, i), (i + 1, source.expression_end(i + 1)));
                if from < i {
                    pairs.push(Pair { name, value, receiver: target() });
                }
            }
            None if source.is(i, "[") && i > 0 => {
                let (_, close) = source.arguments(i);
                if let (Some(variable), true) = (source.word(i - 1), source.is(close + 1, "=")) {
                    let receiver = if variable == "this" || variable == "it" { target() } else { Some(variable) };
                    let value = (close + 2, source.expression_end(close + 2));
                    pairs.push(Pair { name: (i + 1, close), value, receiver });
                }
            }
            _ => {}
        }
    }
    pairs
}

fn is_dot(source: &Source, i: usize) -> bool {
    source.is(i, ".") || source.is(i, "?.")
}

fn is_map(source: &Source, i: usize) -> bool {
    matches!(source.word(i), Some("Map" | "ImmutableMap")) && source.is(i + 1, ".")
}

/// Where the operand before `to` begins: a text, a name, or a path of names.
fn operand_start(source: &Source, to: usize) -> usize {
    let mut from = to;
    while from > 0 {
        let token = &source.tokens[from - 1];
        let part = match token.kind {
            Kind::Word | Kind::Text(_) | Kind::Template => from == to || source.is(from, "."),
            _ => token.is(".") && from < to,
        };
        if !part {
            break;
        }
        from -= 1;
    }
    from
}

/// The client that is made of the variable, between where it is assigned and where it is assigned anew; or the client in
/// whose brackets the pair stands.
fn role_of(pair: &Pair, uses: &[Use], assigned: &[(&str, usize, usize)]) -> Option<Role> {
    let at = pair.name.0;
    if let Some(inside) = uses.iter().find(|one| one.range.0 < at && at < one.range.1) {
        return Some(inside.role);
    }
    let receiver = pair.receiver?;
    let places = || assigned.iter().filter(|(name, _, _)| *name == receiver).map(|(_, at, _)| *at);
    let from = places().filter(|place| *place <= at).max().unwrap_or(0);
    let to = places().filter(|place| *place > at).min().unwrap_or(usize::MAX);
    let mut found = uses.iter().filter(|one| one.variable == Some(receiver) && (from..to).contains(&one.range.0));
    let first = found.next()?.role;
    found.all(|one| one.role == first).then_some(first)
}

/// Whether a variable holds properties of a client: by its name, or by what is assigned to it.
fn is_config(name: &str, uses: &[Use], source: &Source, assigned: &[(&str, usize, usize)]) -> bool {
    let lower = name.to_lowercase();
    ["prop", "config", "conf", "settings", "cfg"].iter().any(|part| lower.contains(part))
        || uses.iter().any(|one| one.variable == Some(name))
        || assigned.iter().any(|(other, from, to)| {
            *other == name && (*from..*to).any(|i| matches!(source.word(i), Some("Properties")))
        })
}

fn role_by_name(name: &str) -> Option<Role> {
    match (SettingNo::find(Side::Producer, name).is_some(), SettingNo::find(Side::Consumer, name).is_some()) {
        (true, false) => Some(Role::Producer),
        (false, true) => Some(Role::Consumer),
        (true, true) => None,
        (false, false) => match (suggest(Side::Producer, name).is_some(), suggest(Side::Consumer, name).is_some()) {
            (true, false) => Some(Role::Producer),
            (false, true) => Some(Role::Consumer),
            _ => None,
        },
    }
}

fn take(source: &Source, pair: &Pair, role: Option<Role>, config: bool, code: &mut Code) {
    let (line, column) = (source.tokens[pair.name.0].line, source.tokens[pair.name.0].column);
    let name = match source.property_name(pair.name.0, pair.name.1) {
        Ok(Some(name)) => name,
        Ok(None) => {
            if config {
                let text = source.text(pair.name.0, pair.name.1);
                code.problems.push(Problem::new(line, column, What::NameNotKnown { text }));
            }
            return;
        }
        Err(constant) => {
            let suggestion = nearest_constant(&constant);
            return code.problems.push(Problem::new(
                line,
                column,
                What::UnknownConstant { name: constant, suggestion },
            ));
        }
    };
    let known = SettingNo::find(Side::Producer, &name).is_some() || SettingNo::find(Side::Consumer, &name).is_some();
    // A pair of words elsewhere in a program is none of ours.
    if !known && !config || name.is_empty() {
        return;
    }
    let Some(value) = source.eval(pair.value.0, pair.value.1) else {
        let text = source.text(pair.value.0, pair.value.1);
        let at = source.tokens.get(pair.value.0).map_or((line, column), |token| (token.line, token.column));
        // A string that does not end was told already.
        if !code.problems.iter().any(|problem| (problem.line, problem.column) == at) {
            code.problems.push(Problem::new(at.0, at.1, What::ValueNotKnown { name, text }));
        }
        return;
    };
    code.properties.push(CodeProperty { found: Found { name, value, line, column }, role });
}

/// Of a property that is set twice for the same client, the last stays, at the place of the first.
fn keep_last(properties: &mut Vec<CodeProperty>) {
    let mut kept: Vec<CodeProperty> = Vec::new();
    for property in properties.drain(..) {
        match kept.iter_mut().find(|other| other.found.name == property.found.name && other.role == property.role) {
            Some(other) => *other = property,
            None => kept.push(property),
        }
    }
    *properties = kept;
}

/// `props.load(…)`, `props.putAll(…)`
fn loads(source: &Source, uses: &[Use], assigned: &[(&str, usize, usize)], code: &mut Code) {
    for i in 2..source.tokens.len() {
        let load = matches!(source.word(i), Some("load" | "putAll")) && source.is(i + 1, "(") && is_dot(source, i - 1);
        let Some(receiver) = source.word(i - 2).filter(|_| load) else { continue };
        if is_config(receiver, uses, source, assigned) {
            let (_, close) = source.arguments(i + 1);
            let text = source.text(i - 2, close + 1);
            let token = &source.tokens[i - 2];
            code.problems.push(Problem::new(token.line, token.column, What::LoadedElsewhere { text }));
        }
    }
}
