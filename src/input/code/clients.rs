//! Calls of Kafka's clients: what is sent and how, what is read, what is committed.

use std::sync::Arc;

use crate::script::{CommitMode, SendMode, Subscription};

use super::super::problem::What;
use super::arguments::Arguments;
use super::described::{Role, Seek};
use super::entries::Config;
use super::found::{FoundClient, FoundCommit, FoundPoll, FoundSend, Sought, Spring, Subscribed, To};
use super::gap::{Aside, Gap};
use super::topics::{partitions, topics};
use super::tree::{Do, Expr};
use super::value::Value;
use super::walk::Walk;

/// Calls of a consumer that say by their name alone whose they are.
const ONLY_CONSUMERS: &[&str] =
    &["commitSync", "commitAsync", "seekToBeginning", "seekToEnd", "offsetsForTimes", "enforceRebalance"];

/// Tokens of an argument of a commit in which names are looked for.
const MOST_TOKENS: usize = 256;

/// Calls that a program here does not make; they can be made by hand.
const BY_HAND: &[&str] = &[
    "initTransactions",
    "beginTransaction",
    "commitTransaction",
    "abortTransaction",
    "sendOffsetsToTransaction",
    "executeInTransaction",
    "seek",
    "seekToBeginning",
    "seekToEnd",
    "pause",
    "resume",
    "enforceRebalance",
    "offsetsForTimes",
    "partitionsFor",
    "listTopics",
    "position",
    "committed",
    "beginningOffsets",
    "endOffsets",
    "currentLag",
    "unsubscribe",
];

/// Calls that change nothing of what a program here does.
const SILENT: &[&str] = &[
    "wakeup",
    "metrics",
    "assignment",
    "subscription",
    "groupMetadata",
    "paused",
    "destroy",
    "setCallback",
    "setProducerListener",
];

const BOTH: &[&str] = &["close", "metrics", "partitionsFor"];
const OF_PRODUCERS: &[&str] =
    &["send", "sendDefault", "flush", "destroy", "setProducerListener", "executeInTransaction"];

impl<'t, 'a> Walk<'t, 'a> {
    /// A call on a client, if it is one.
    pub fn client_call(
        &mut self,
        on_expr: Option<&Expr<'a>>,
        on: Option<&Value<'t, 'a>>,
        name: &'a str,
        arguments: &Arguments<'t, 'a>,
    ) -> Option<Value<'t, 'a>> {
        if let Some(Value::Sent(send)) = on {
            return self.future_call(*send, name, arguments);
        }
        let role = role_of_call(name)?;
        let client = self.client_of(on_expr, on, name, role, arguments)?;
        Some(match name {
            "send" => self.sent(client, arguments),
            "sendDefault" => self.sent(client, arguments),
            "poll" => self.polled(client, arguments),
            "subscribe" => self.subscribed_to(client, arguments),
            "assign" => self.assigned_to(client, arguments),
            "seek" | "seekToBeginning" | "seekToEnd" => {
                let to = sought(name, arguments);
                // To go back to a record is to seek its own offset.
                let given = arguments.at..self.source.closing(arguments.at + 1);
                while self.found.own_offsets.pop_if(|at| given.contains(at)).is_some() {}
                let place = self.way.place(arguments.at);
                let polls = self.found.polls.len();
                self.found.sought.push(Sought { client, to, polls, place });
                Value::Unknown
            }
            "commitSync" | "commitAsync" => {
                let mode = if name == "commitSync" { CommitMode::Sync } else { CommitMode::Async };
                let (place, given_in) = (self.way.place(arguments.at), self.given_in(arguments));
                // One argument is a timeout or offsets, and of `commitAsync` a callback.
                let is_whole = match arguments.len() {
                    0 => true,
                    1 => mode == CommitMode::Async || matches!(arguments.value(0), Value::Millis(_)),
                    _ => false,
                };
                self.found.commits.push(FoundCommit { client, mode, place, given_in, is_whole });
                self.call_back(arguments);
                Value::Unknown
            }
            "flush" => {
                if self.way.depth() > 0 {
                    self.told.not_carried(arguments.at, name);
                } else {
                    self.told.problem(arguments.at, Gap::NotFlushed);
                }
                Value::Unknown
            }
            "close" => {
                self.told.problem(arguments.at, Gap::NotClosed);
                Value::Unknown
            }
            _ if SILENT.contains(&name) => Value::Unknown,
            _ => {
                self.told.not_carried(arguments.at, name);
                self.call_back(arguments);
                Value::Unknown
            }
        })
    }

    /// How many loops had been entered when the last of the names was made that a call is given: for loops that were entered
    /// before, it is given something else each time round. Of a longer argument the beginning is looked at.
    fn given_in(&mut self, arguments: &Arguments<'t, 'a>) -> u32 {
        let mut last = 0;
        for (value, of) in arguments.values.iter().zip(arguments.of) {
            if matches!(value, Value::Lambda(_) | Value::Members(_) | Value::Reference(_)) {
                continue;
            }
            for at in (of.from as usize..of.to as usize).take(MOST_TOKENS) {
                let is_member = at > 0 && (self.source.is(at - 1, ".") || self.source.is(at - 1, "?."));
                let slot = self.source.word(at).filter(|_| !is_member).and_then(|name| self.names.slot(name));
                last = slot.map_or(last, |slot| slot.since.max(last));
            }
        }
        last
    }

    /// What a client calls back is not the way of the program.
    fn call_back(&mut self, arguments: &Arguments<'t, 'a>) {
        self.within(self.way.aside().or(Some(Aside::Callback)), |walk| {
            for value in &arguments.values {
                walk.apply(value, Vec::new(), arguments.at);
            }
        });
    }

    fn future_call(&mut self, send: usize, name: &str, arguments: &Arguments<'t, 'a>) -> Option<Value<'t, 'a>> {
        const CALLBACKS: &[&str] = &[
            "whenComplete",
            "whenCompleteAsync",
            "thenAccept",
            "thenApply",
            "thenRun",
            "handle",
            "exceptionally",
            "addCallback",
            "subscribe",
        ];
        let mode = &mut self.found.sends[send].mode;
        if matches!(name, "get" | "join" | "await" | "block") {
            if *mode == SendMode::FireAndForget {
                *mode = SendMode::Sync;
            }
            return Some(Value::Unknown);
        }
        if CALLBACKS.contains(&name) {
            *mode = SendMode::Async;
            self.call_back(arguments);
        }
        Some(Value::Sent(send))
    }

    /// The client a call is on. A variable is one when it was made or declared so or is called so; any is, when the call
    /// can be no other or the text speaks of such clients and names none.
    fn client_of(
        &mut self,
        on_expr: Option<&Expr<'a>>,
        on: Option<&Value<'t, 'a>>,
        name: &str,
        role: Option<Role>,
        arguments: &Arguments<'t, 'a>,
    ) -> Option<usize> {
        let fits = |of: Role| role.is_none_or(|role| role == of);
        let of_value = match on {
            Some(Value::Client(client)) => Some(*client),
            None => match self.names.frame().this {
                Value::Client(client) => Some(client),
                _ => None,
            },
            _ => None,
        };
        if let Some(client) = of_value {
            return fits(self.found.clients[client].role).then_some(client);
        }
        let is_open = matches!(on, None | Some(Value::Unknown | Value::Null));
        if !is_open {
            return None;
        }
        if let Some((role, spring)) = on_expr.and_then(|on| self.declared_role(on)).filter(|(role, _)| fits(*role)) {
            let variable = on_expr.and_then(Expr::last_name).unwrap_or_default();
            return Some(self.found.client_named(&mut self.told, role, variable, spring, arguments.at));
        }
        let role = role?;
        let gives_record = arguments.values.iter().any(|value| matches!(value, Value::Record(_)));
        let gives_time = arguments.values.iter().any(|value| matches!(value, Value::Millis(_)));
        let is_sure = ONLY_CONSUMERS.contains(&name) || name == "send" && gives_record || name == "poll" && gives_time;
        let (producers, consumers) = self.found.mentioned();
        let is_mentioned = if role == Role::Producer { producers } else { consumers };
        // A text that makes or declares one names it.
        let class = if role == Role::Producer { "KafkaProducer" } else { "KafkaConsumer" };
        let is_known =
            self.source.number_of(class).is_some() || self.found.clients.iter().any(|client| client.role == role);
        let variable = on_expr.and_then(Expr::last_name).unwrap_or_default();
        let is_likely = is_mentioned && on.is_some() && (variable == "it" || !is_known);
        let is_own =
            on.is_none() && self.methods.method_of(name, Some(self.names.frame().class), arguments.len()).is_some();
        ((is_sure || is_likely) && !is_own)
            .then(|| self.found.client_named(&mut self.told, role, variable, false, arguments.at))
    }

    /// Whether a variable holds a client: by its type or by its name.
    fn declared_role(&mut self, on: &Expr<'a>) -> Option<(Role, bool)> {
        let name = on.last_name()?;
        let of = self.names.slot(name).map_or("", |slot| slot.of);
        match of {
            "KafkaProducer" | "Producer" | "MockProducer" => return Some((Role::Producer, false)),
            "KafkaConsumer" | "Consumer" | "MockConsumer" => return Some((Role::Consumer, false)),
            "KafkaTemplate" | "KafkaOperations" | "ReplyingKafkaTemplate" => return Some((Role::Producer, true)),
            _ => {}
        }
        let lower = name.to_ascii_lowercase();
        if lower.contains("producer") {
            Some((Role::Producer, false))
        } else if lower.contains("consumer") {
            Some((Role::Consumer, false))
        } else if lower.contains("kafkatemplate") || lower == "template" {
            Some((Role::Producer, true))
        } else {
            None
        }
    }

    /// `new KafkaProducer<>(props)`
    pub fn made_client(&mut self, name: &'a str, arguments: &Arguments<'t, 'a>) -> Option<Value<'t, 'a>> {
        let (role, spring) = match name {
            "KafkaProducer" => (Role::Producer, false),
            "KafkaConsumer" => (Role::Consumer, false),
            "DefaultKafkaProducerFactory" => (Role::Producer, true),
            "DefaultKafkaConsumerFactory" => (Role::Consumer, true),
            "KafkaTemplate" => {
                return Some(match arguments.value(0) {
                    client @ Value::Client(_) => client,
                    _ => Value::Client(self.found.client_named(&mut self.told, Role::Producer, "", true, arguments.at)),
                });
            }
            _ => return None,
        };
        let config = match arguments.value(0) {
            Value::Config(config) => Some((config, self.found.configs[config].entries.len())),
            _ => {
                if arguments.len() > 0 {
                    let (from, to) = arguments.range(0);
                    self.told.loaded(from, to);
                }
                None
            }
        };
        if self.found.is_full(&mut self.told, arguments.at) {
            return Some(Value::Unknown);
        }
        let same = self
            .found
            .clients
            .iter()
            .position(|client| client.at == arguments.at && self.found.is_same(client.config, config));
        if let Some(same) = same {
            // Its properties are those of the first.
            if let Some((config, _)) =
                config.filter(|config| self.found.clients[same].config.map(|of| of.0) != Some(config.0))
            {
                self.found.configs[config] = Config::default();
            }
            return Some(Value::Client(same));
        }
        if self.way.depth() > 0 {
            self.told.problem(arguments.at, Gap::MadeInLoop);
        }
        let mut client = FoundClient::new(role, "", arguments.at, spring.then(Spring::default));
        client.config = config;
        client.is_made = true;
        for (i, part) in [(1, "key"), (2, "value")] {
            let class = arguments.of.get(i).and_then(Expr::call).map(|call| call.name);
            let kind = if role == Role::Producer { "serializer" } else { "deserializer" };
            if let Some(class) = class.filter(|class| class.to_ascii_lowercase().ends_with(kind)) {
                client.classes.push((format!("{part}.{kind}"), self.imports.full_name(class), arguments.range(i).0));
            }
        }
        self.found.clients.push(client);
        Some(Value::Client(self.found.clients.len() - 1))
    }

    /// `producer.send(record, callback)`
    fn sent(&mut self, client: usize, arguments: &Arguments<'t, 'a>) -> Value<'t, 'a> {
        let is_spring = self.found.clients[client].spring.is_some();
        let record = match arguments.value(0) {
            Value::Record(record) => Some(record),
            _ if is_spring && arguments.len() >= 2 => {
                match self.found.made_record(self.way.place(arguments.at), arguments) {
                    Value::Record(record) => Some(record),
                    _ => None,
                }
            }
            _ => None,
        };
        let has_callback = !is_spring && arguments.len() >= 2 && !matches!(arguments.value(1), Value::Null);
        let mode = if has_callback { SendMode::Async } else { SendMode::FireAndForget };
        let place = self.way.place(arguments.at);
        self.found.sends.push(FoundSend { client, record, mode, place });
        let send = self.found.sends.len() - 1;
        self.call_back(arguments);
        Value::Sent(send)
    }

    fn polled(&mut self, client: usize, arguments: &Arguments<'t, 'a>) -> Value<'t, 'a> {
        let given = arguments.value(0).number();
        let ms = given.and_then(|ms| u64::try_from(ms).ok());
        if ms.is_none() && arguments.len() > 0 {
            let (from, to) = arguments.range(0);
            let what = What::ValueNotKnown { name: "poll".to_owned(), text: self.source.text(from, to) };
            self.told.problem(from, what);
        }
        let place = self.way.place(arguments.at);
        self.found.polls.push(FoundPoll { client, ms, place });
        Value::Polled
    }

    /// `subscribe(List.of("a", "b"))`, `subscribe(Pattern.compile("a-.*"), listener)`
    fn subscribed_to(&mut self, client: usize, arguments: &Arguments<'t, 'a>) -> Value<'t, 'a> {
        let to = match arguments.value(0) {
            Value::Pattern(pattern) => Some(Subscription::Pattern(Arc::from(&*pattern))),
            value => value.as_text().and_then(|text| topics(&text)),
        };
        let (from, stop) = arguments.range(0);
        if to.is_none() {
            self.told.unknown_topic((from, stop));
        }
        let place = self.way.place(arguments.at);
        self.found.subscribed.push(Subscribed { client, to: to.map(To::Topics), place });
        if arguments.len() > 1 {
            self.listener(client, &arguments.value(1), arguments.range(1));
        }
        Value::Unknown
    }

    /// A rebalance listener: a `commitSync` in `onPartitionsRevoked` is carried over, all else of it is told.
    fn listener(&mut self, client: usize, listener: &Value<'t, 'a>, range: (usize, usize)) {
        let methods: Vec<u32> = match listener {
            Value::Members(class) => {
                let number =
                    |of: &super::tree::Stmt| if let Do::Method(number) = of.kind { Some(number) } else { None };
                class.members.iter().filter_map(number).collect()
            }
            Value::Object(class) => {
                let of_class = |name: &str| self.methods.method_of(name, Some(*class), 1);
                ["onPartitionsRevoked", "onPartitionsAssigned", "onPartitionsLost"]
                    .iter()
                    .filter_map(|name| of_class(name))
                    .collect()
            }
            _ => Vec::new(),
        };
        let before = self.found.commits.len();
        let mut does_more = methods.is_empty();
        for number in methods {
            let method = self.methods.get(number);
            let is_revoked = method.name == "onPartitionsRevoked";
            let aside = if is_revoked { Aside::Revoked } else { Aside::Listener };
            self.within(Some(aside), |walk| walk.call_method(number, Vec::new(), Value::Unknown));
            does_more |= !is_revoked && !method.body.is_empty();
        }
        let commits = self.found.commits[before..].iter();
        let on_revoked =
            commits.filter(|of| of.place.aside == Some(Aside::Revoked) && of.mode == CommitMode::Sync).count();
        self.found.clients[client].commits_on_revoked |= on_revoked > 0;
        if does_more {
            self.told.problem(range.0, Gap::Listener { commits: on_revoked > 0 });
        }
    }

    fn assigned_to(&mut self, client: usize, arguments: &Arguments<'t, 'a>) -> Value<'t, 'a> {
        let all = partitions(&arguments.value(0));
        if all.as_ref().is_none_or(Vec::is_empty) {
            self.told.not_carried(arguments.at, "assign");
        }
        let place = self.way.place(arguments.at);
        let to = all.filter(|all: &Vec<_>| !all.is_empty()).map(To::Partitions);
        self.found.subscribed.push(Subscribed { client, to, place });
        Value::Unknown
    }
}

/// `seek(partition, 5)`, `seekToBeginning(partitions)`, `seekToEnd(consumer.assignment())`
fn sought(name: &str, arguments: &Arguments) -> Option<Seek> {
    const OF_ALL: &[&str] = &["assignment", "emptyList", "emptySet"];
    if name == "seek" {
        let (Value::Partition(topic, partition), Some(offset)) = (arguments.value(0), arguments.value(1).number())
        else {
            return None;
        };
        return Some(Seek::To(topic.to_string(), partition, offset));
    }
    let of_all = arguments.len() == 0
        || arguments.of.first().and_then(Expr::call).is_some_and(|call| OF_ALL.contains(&call.name));
    let all = if of_all { Some(Vec::new()) } else { partitions(&arguments.value(0)) }?;
    Some(if name == "seekToEnd" { Seek::End(all) } else { Seek::Beginning(all) })
}

/// Whose call it is; `Some(None)` is one of both, and None no client's.
fn role_of_call(name: &str) -> Option<Option<Role>> {
    const OF_CONSUMERS: &[&str] = &["poll", "subscribe", "assign", "commitSync", "commitAsync"];
    if BOTH.contains(&name) {
        return Some(None);
    }
    if OF_PRODUCERS.contains(&name) || name.contains("Transaction") && BY_HAND.contains(&name) {
        return Some(Some(Role::Producer));
    }
    let is_consumers = OF_CONSUMERS.contains(&name) || BY_HAND.contains(&name) || SILENT.contains(&name);
    is_consumers.then_some(Some(Role::Consumer))
}
