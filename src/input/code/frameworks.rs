//! Spring's template and listener, which stand for clients of Kafka; and the names of what is not played here.

use std::sync::Arc;

use crate::script::Subscription;

use super::arguments::{Arguments, named_argument};
use super::described::Role;
use super::found::{FoundClient, FoundPlace, FoundPoll, Listener, Spring, Subscribed, To};
use super::gap::{Gap, SpringCommit};
use super::round::{Over, Round};
use super::topics::topics;
use super::tree::{Call, Expr, Method};
use super::value::Value;
use super::walk::Walk;

/// Classes whose programs are not played here.
const NOT_PLAYED: &[&str] = &[
    "KafkaStreams",
    "StreamsBuilder",
    "AdminClient",
    "KafkaAdminClient",
    "KafkaSender",
    "KafkaReceiver",
    "StreamBridge",
    "StreamListener",
    "KafkaShareConsumer",
    "KafkaFuture",
];

/// Annotations of frameworks that are not played here.
const ANNOTATIONS: &[&str] =
    &["Incoming", "Outgoing", "KafkaClient", "RetryableTopic", "SendTo", "KafkaHandler", "EnableKafkaStreams"];

/// Milliseconds for which Spring's container polls.
const SPRING_POLL_MS: u64 = 5000;

impl<'t, 'a> Walk<'t, 'a> {
    pub fn frameworks(&mut self) {
        for name in NOT_PLAYED {
            self.framework(name, false);
        }
        for name in ANNOTATIONS {
            self.framework(name, true);
        }
    }

    fn framework(&mut self, name: &'static str, is_annotation: bool) {
        if self.source.number_of(name).is_none() {
            return;
        }
        let source = self.source;
        // Its import says less than its use.
        let is_use = |at: usize| source.is(at, name) && !(at > 0 && source.is(at - 1, "."));
        let found = (0..source.len()).find(|at| is_use(*at) && source.is(at.wrapping_sub(1), "@") == is_annotation);
        if let Some(at) = found {
            self.told.problem(at, Gap::Framework { name });
        }
    }

    pub fn annotation(&mut self, call: &'t Call<'a>, method: Option<&'t Method<'a>>) {
        let at = call.at as usize;
        if call.name != "KafkaListener" || self.found.is_full(&mut self.told, at) {
            return;
        }
        let mut client =
            FoundClient::new(Role::Consumer, method.map_or("", |method| method.name), at, Some(Spring::default()));
        let text = |walk: &mut Self, name: &str| {
            let of = named_argument(call, name)?;
            Some((walk.eval(of).as_text(), of.range()))
        };
        if let Some((Some(group), (from, _))) = text(self, "groupId").or_else(|| text(self, "id")) {
            client.spring = Some(Spring { group: Some((group.to_string(), from)) });
        }
        self.found.clients.push(client);
        let number = self.found.clients.len() - 1;
        let to = match (text(self, "topics"), text(self, "topicPattern")) {
            (Some((Some(text), _)), _) if topics(&text).is_some() => topics(&text),
            (_, Some((Some(pattern), _))) => Some(Subscription::Pattern(Arc::from(&*pattern))),
            (topics, _) => {
                let (from, to) = topics.map_or((at, at + 1), |(_, range)| range);
                self.told.unknown_topic((from, to));
                None
            }
        };
        let place = self.way.place(at);
        self.found.subscribed.push(Subscribed { client: number, to: to.map(To::Topics), place });
        let concurrency = named_argument(call, "concurrency").and_then(|of| self.eval(of).number());
        let first = method.and_then(|method| method.parameters.first()).map_or("", |first| first.of);
        let is_batch = matches!(first, "List" | "ConsumerRecords") || named_argument(call, "batch").is_some();
        let method = method.map(|method| method.at as usize);
        self.found.listeners.push(Listener {
            client: number,
            at,
            method,
            concurrency,
            is_batch,
            acknowledges: false,
            round: None,
        });
    }

    /// The loops in which Spring's container calls a method; None: it is no listener's.
    pub fn rounds_of_listener(&mut self, method: &Method<'a>) -> Option<Vec<Round<'a>>> {
        let at = method.at as usize;
        let next = self.way.rounds.len();
        let listener = self.found.listeners.iter_mut().find(|listener| listener.method == Some(at))?;
        listener.round = Some(next);
        let endless = Round { endless: true, ..Round::at(at, self.way.conditions) };
        let records = Round { over: Over::Records, ..Round::at(at, self.way.conditions) };
        Some(if listener.is_batch { vec![endless] } else { vec![endless, records] })
    }

    /// Calls that are Spring's own.
    pub fn spring_call(&mut self, call: &'t Call<'a>, arguments: &Arguments<'t, 'a>) -> Option<Value<'t, 'a>> {
        match call.name {
            "setAckMode" => self.found.containers.ack = call.arguments.first().and_then(Expr::last_name),
            "setConcurrency" => self.found.containers.concurrency = arguments.value(0).number(),
            "acknowledge" if arguments.len() == 0 => {
                let open: Vec<usize> = self.names.open_methods().map(|n| self.methods.get(n).at as usize).collect();
                let listener = self
                    .found
                    .listeners
                    .iter_mut()
                    .find(|of| of.method.is_some_and(|method| open.contains(&method)))?;
                listener.acknowledges = true;
                self.told.problem(arguments.at, Gap::SpringManual);
            }
            _ => return None,
        }
        Some(Value::Unknown)
    }

    /// The listeners as consumers, once the whole text is walked.
    pub fn finish_listeners(&mut self) {
        for listener in std::mem::take(&mut self.found.listeners) {
            let at = listener.at;
            let around = vec![listener.round.unwrap_or(self.way.rounds.len())];
            self.way.rounds.push(Round { endless: true, ..Round::at(at, 0) });
            let place = FoundPlace { at, around, conditions: 0, aside: None };
            self.found.polls.push(FoundPoll { client: listener.client, ms: Some(SPRING_POLL_MS), place });
            let ack = self.found.containers.ack.unwrap_or("BATCH");
            let commit = match ack {
                "RECORD" => SpringCommit::Record,
                _ if ack.starts_with("MANUAL") || listener.acknowledges => SpringCommit::Manual,
                _ => SpringCommit::Batch,
            };
            let each = commit == SpringCommit::Record || ack == "MANUAL_IMMEDIATE" && !listener.is_batch;
            self.found.spring_commits.push((listener.client, each));
            self.told.problem(at, Gap::SpringListener { commit });
            if let Some(count) = listener.concurrency.or(self.found.containers.concurrency).filter(|count| *count > 1) {
                self.told.problem(at, Gap::SpringConcurrency { count });
            }
            self.take_factory(listener.client);
        }
        let speaks = self.source.number_of("KafkaTemplate").is_some();
        let template =
            self.found.clients.iter().find(|client| client.spring.is_some() && client.role == Role::Producer);
        if let Some(client) = template.filter(|_| speaks) {
            let at = self.found.sends.first().map_or(client.at, |send| send.place.at);
            self.told.problem(at, Gap::SpringTemplate);
        }
    }

    /// The properties of a listener are those of the factory of consumers, when the text has one.
    fn take_factory(&mut self, client: usize) {
        let is_factory = |of: &FoundClient| of.role == Role::Consumer && of.is_made && of.spring.is_some();
        if let Some(factory) = self.found.clients.iter().position(is_factory) {
            self.found.clients[client].config = self.found.clients[factory].config;
            self.found.clients[client].is_made = false;
            self.found.factories.push(factory);
        }
    }
}
