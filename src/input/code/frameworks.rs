//! Spring's annotations and calls that stand for clients of Kafka.

use std::sync::Arc;

use crate::script::Subscription;

use super::arguments::{Arguments, named_argument};
use super::described::Role;
use super::found::{FoundClient, Listener, Spring, Subscribed, To};
use super::gap::Gap;
use super::topics::topics;
use super::tree::{Call, Expr, Method};
use super::value::Value;
use super::walk::Walk;

impl<'t, 'a> Walk<'t, 'a> {
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
}
