//! What may stand next in a line that is being typed: verbs, names, options, values, properties. The grammar's own parser
//! is asked, so that whatever it reads can be completed.

use crate::config::{Default, Kind, Side, Valid};
use crate::lang::{Sentence, both};
use crate::script::{Allowed, ClientKind, Form, ScriptContext, ScriptProblem, asked, form, forms, parse_line};
use crate::simulation::Simulation;
use crate::sorted::InOrder;

use super::names;

/// So many are offered at once.
const MOST: usize = 40;
/// A word that nobody means.
const PROBE: &str = "\u{1}";

/// What a line can go on with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Completion {
    /// Where the word begins that is being typed, in bytes.
    pub from: usize,
    pub items: Vec<Completed>,
    /// The form of the line, once its verb is known.
    pub form: Option<Form>,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Completed {
    /// In the place of the word that is being typed.
    pub text: String,
    pub about: Sentence,
}

/// What exists in the run.
pub struct Known {
    pub context: ScriptContext,
    pub clients: Vec<(String, ClientKind)>,
    pub topics: Vec<String>,
    pub partitions: Vec<String>,
    pub groups: Vec<String>,
}

impl Known {
    pub fn of(simulation: &Simulation, context: ScriptContext) -> Known {
        Known {
            context,
            clients: names::all_clients(simulation),
            topics: names::topics(simulation),
            partitions: names::partitions(simulation),
            groups: names::groups(simulation),
        }
    }

    /// How a line can go on at its end.
    pub fn complete(&self, line: &str) -> Completion {
        let from = line.rfind(' ').map_or(0, |at| at + 1);
        let (before, word) = line.split_at(from);
        let mut words = before.split_whitespace();
        let Some(verb) = words.next() else {
            let items = forms().map(|form| Completed { text: form.name.to_owned(), about: form.about.into() });
            return Completion { from, items: fitting(items.collect(), word), form: None };
        };
        let items = match word.split_once('=') {
            Some((name, value)) => {
                let values = self.values(before, name, verb);
                let of_this = |value: Completed| Completed { text: format!("{name}={}", value.text), ..value };
                fitting(values, value).into_iter().map(of_this).collect()
            }
            None => fitting(self.next_words(before, verb, word), word),
        };
        Completion { from, items, form: form(verb) }
    }

    /// What is wrong with the word that nobody means, behind these words.
    fn allowed(&self, line: &str) -> Vec<String> {
        let Err(errors) = parse_line(line, 1, &mut self.context.clone()) else { return Vec::new() };
        let found = errors.into_iter().find(|error| error.found.contains(PROBE));
        match found.map(|error| error.allowed) {
            Some(Allowed::Words(words) | Allowed::Also(words, _)) => words.into_iter().map(str::to_owned).collect(),
            Some(Allowed::Names(names)) => names.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    }

    fn values(&self, before: &str, name: &str, verb: &str) -> Vec<Completed> {
        let allowed = self.allowed(&format!("{before}{name}={PROBE}"));
        if !allowed.is_empty() {
            return allowed.into_iter().map(plain).collect();
        }
        let property = self.side(before, verb).and_then(|side| side.table().iter().find(|key| key.name == name));
        let words = property.map_or(Vec::new(), |key| values_of(key.kind, key.valid));
        words.into_iter().map(|word| plain(word.to_owned())).collect()
    }

    fn next_words(&self, before: &str, verb: &str, word: &str) -> Vec<Completed> {
        let usage = form(verb).map_or("", |form| form.usage);
        let slot = self.missing(before);
        let of_slot = slot.map_or(Vec::new(), |slot| self.of_slot(slot, verb));
        let mut found: Vec<Completed> = of_slot.into_iter().map(plain).collect();
        // A word that is one too many is told with the options.
        let is_due = slot.is_some() || usage.contains('…');
        if is_due {
            found.extend(self.allowed(&format!("{before}{PROBE}")).into_iter().map(plain));
        }
        if slot.is_none() && usage.contains("PARTITION") && usage.contains('…') {
            found.extend(
                self.of_slot(if usage.contains("PARTITION=") { "PARTITION=N" } else { "PARTITION" }, verb)
                    .into_iter()
                    .map(plain),
            );
        }
        let given = |name: &str| before.split_whitespace().any(|word| word.split('=').next() == Some(name));
        let options = asked(before, &self.context).into_iter().filter(|name| !given(name));
        found.extend(
            options.map(|name| plain(if name == "header.NAME" { "header.".to_owned() } else { format!("{name}=") })),
        );
        if let Some(side) = self.side(before, verb).filter(|_| !word.is_empty()) {
            let keys = side.table().iter().filter(|key| !key.internal && !given(key.name));
            found.extend(keys.map(|key| Completed {
                text: format!("{}=", key.name),
                about: form_of(key.kind, key.valid, key.default),
            }));
        }
        found
    }

    /// The word that the line lacks next, as its form names it.
    fn missing(&self, before: &str) -> Option<&'static str> {
        let errors = parse_line(before, 1, &mut self.context.clone()).err()?;
        errors.into_iter().find_map(|error| match error.problem {
            ScriptProblem::MissingWord { slot, .. } => Some(slot),
            _ => None,
        })
    }

    fn of_slot(&self, slot: &'static str, verb: &str) -> Vec<String> {
        let with_equals = || self.partitions.iter().map(|partition| format!("{partition}=")).collect();
        match slot {
            // Whoever makes something gives it a name of its own.
            "ID" | "NAME" if matches!(verb, "topic" | "producer" | "consumer" | "share-consumer") => Vec::new(),
            "ID" if verb == "set" => {
                let others = ["topic", "cluster"].map(str::to_owned);
                self.clients.iter().map(|(name, _)| name.clone()).chain(others).collect()
            }
            "TOPIC" | "NAME" => self.topics.clone(),
            "TOPIC|PARTITION" => [&*self.topics, &*self.partitions].concat(),
            "GROUP" => self.groups.clone(),
            "PARTITION" | "PARTITIONS" => self.partitions.clone(),
            "ERROR_NAME" => {
                crate::error::Code::ALL.iter().filter(|code| !code.is_ok()).map(|code| code.name().to_owned()).collect()
            }
            slot if slot.starts_with("PARTITION=") => with_equals(),
            slot if slot.contains('|') => slot.split('|').map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }

    /// Whose properties the line may have.
    fn side(&self, before: &str, verb: &str) -> Option<Side> {
        let of = before.split_whitespace().nth(1);
        match (verb, of) {
            ("cluster", _) | ("set", Some("cluster")) | ("alter", Some("broker")) => Some(Side::Broker),
            ("topic", Some(_)) | ("set" | "alter", Some("topic")) => Some(Side::Topic),
            ("alter", Some("group")) => Some(Side::Group),
            ("producer", Some(_)) => Some(Side::Producer),
            ("consumer" | "share-consumer", Some(_)) => Some(Side::Consumer),
            ("set", Some(name)) if name.starts_with("broker-") => Some(Side::Broker),
            ("set", Some(name)) => self.clients.iter().find(|(other, _)| other == name).map(|(_, kind)| match kind {
                ClientKind::Producer => Side::Producer,
                _ => Side::Consumer,
            }),
            _ => None,
        }
    }
}

fn plain(text: String) -> Completed {
    Completed { text, about: Sentence::default() }
}

/// Those that begin with what is typed, then those that have it in them; each once.
fn fitting(all: Vec<Completed>, word: &str) -> Vec<Completed> {
    let word = word.to_ascii_lowercase();
    let mut found: Vec<Completed> = Vec::new();
    for item in all {
        let fits = item.text.to_ascii_lowercase().contains(&word);
        if fits && found.iter().all(|other| other.text != item.text) {
            found.push(item);
        }
    }
    found.order_by_key(|item| !item.text.to_ascii_lowercase().starts_with(&word));
    found.truncate(MOST);
    found
}

/// The words of which a property's value is one.
fn values_of(kind: Kind, valid: Valid) -> Vec<&'static str> {
    match valid {
        Valid::OneOf(words) | Valid::AnyCaseOf(words) | Valid::ListOf(words, _) => words.split(", ").collect(),
        Valid::OffsetReset => vec!["earliest", "latest", "none"],
        Valid::ShareOffsetReset => vec!["earliest", "latest"],
        _ if kind == Kind::Bool => vec!["true", "false"],
        _ => Vec::new(),
    }
}

/// The form of a property: its type, what is valid, and its default, in Kafka's own words.
fn form_of(kind: Kind, valid: Valid, default: Default) -> Sentence {
    let valid = valid.describe();
    let form = [kind.name(), &valid].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    match default {
        Default::Required => both(format!("{form}, required"), format!("{form}, 필수")),
        Default::Null => both(form.clone(), form),
        Default::Text("") => both(form.clone(), form),
        Default::Text(text) => {
            let text: String = text.chars().take(40).collect();
            both(format!("{form}, default {text}"), format!("{form}, 기본값 {text}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::parse;

    fn known() -> Known {
        let (script, errors) = parse(
            "cluster brokers=2\ntopic orders partitions=2\nproducer p1\nproducer p2\nconsumer c1 group.id=billing\n",
        );
        assert_eq!(errors, []);
        Known {
            context: ScriptContext::after(&script),
            clients: [("p1", ClientKind::Producer), ("p2", ClientKind::Producer), ("c1", ClientKind::Consumer)]
                .map(|(name, kind)| (name.to_owned(), kind))
                .to_vec(),
            topics: vec!["orders".to_owned()],
            partitions: vec!["orders-0".to_owned(), "orders-1".to_owned()],
            groups: vec!["billing".to_owned()],
        }
    }

    fn items(line: &str) -> Vec<String> {
        known().complete(line).items.into_iter().map(|item| item.text).collect()
    }

    #[test]
    fn each_place_of_a_line_is_completed() {
        for (line, expected) in [
            ("sen", &["send", "send-sync", "send-offsets"][..]),
            ("send ", &["p1", "p2"]),
            ("send p1 o", &["orders", "topic"]),
            ("poll ", &["c1"]),
            ("commit c1 ", &["sync", "async"]),
            ("commit c1 sync orders", &["orders-0=", "orders-1="]),
            ("seek c1 ", &["orders-0=", "orders-1="]),
            ("crash ", &["broker-1", "broker-2", "controller"]),
            ("consume-loop c1 commit=a", &["commit=auto", "commit=async"]),
            ("consume-loop c1 com", &["commit=", "commit-every="]),
            ("drop-response broker-1 Prod", &["Produce"]),
            ("drop-response broker-1 Produce client=", &["client=p1", "client=p2", "client=c1"]),
            ("group-offsets ", &["billing"]),
            ("producer p3 lin", &["linger.ms="]),
            ("producer p3 enable.idempotence=", &["enable.idempotence=true", "enable.idempotence=false"]),
            ("consumer c2 auto.offset.reset=e", &["auto.offset.reset=earliest"]),
            ("set p1 batch", &["batch.size="]),
            ("set topic ", &["orders"]),
            ("set topic orders retention.m", &["retention.ms="]),
            ("set c1 max.poll.r", &["max.poll.records="]),
        ] {
            let found = items(line);
            for item in expected {
                let is_there = found.iter().any(|other| other == item);
                assert!(
                    is_there || *item == "topic" || *item == "controller",
                    "`{line}`: {item} is missing in {found:?}"
                );
            }
            assert!(found.len() <= expected.len().max(4) + 14, "`{line}`: {found:?}");
        }
    }

    #[test]
    fn what_cannot_stand_there_is_not_offered() {
        assert!(!items("poll ").contains(&"p1".to_owned()), "only a consumer polls");
        assert!(items("producer ").iter().all(|item| item != "p1"), "a new client has a new name");
        assert_eq!(items("send p1 orders xyzzy"), Vec::<String>::new());
        assert!(!items("send p1 orders key=a ").contains(&"key=".to_owned()), "it is given");
        assert!(items("send p1 orders ").contains(&"header.".to_owned()));
    }

    #[test]
    fn the_form_of_the_line_and_of_a_property_is_told() {
        let completion = known().complete("producer p3 linger");
        assert_eq!((completion.from, completion.form.map(|form| form.name)), (12, Some("producer")));
        assert_eq!(completion.items[0].about.en, "LONG [0,...], default 5");
        assert_eq!(known().complete("pro").form.map(|form| form.name), None);
        assert!(known().complete("pro").items[0].about.ko.contains("프로듀서"));
    }
}
