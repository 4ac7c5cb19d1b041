//! Spring's containers of listeners as consumers, and its template as a producer.

use super::described::Role;
use super::findings::Findings;
use super::found::{FoundClient, FoundPlace, FoundPoll};
use super::gap::{Gap, SpringCommit};
use super::round::{Over, Round};
use super::told::ToldOfCode;
use super::tree::Method;
use super::way::WalkWay;

/// Milliseconds for which Spring's container polls.
const SPRING_POLL_MS: u64 = 5000;

impl<'t, 'a> Findings<'t, 'a> {
    /// The loops in which Spring's container calls a method; None: it is no listener's.
    pub fn rounds_of_listener(&mut self, way: &WalkWay<'a>, method: &Method<'a>) -> Option<Vec<Round<'a>>> {
        let at = method.at as usize;
        let next = way.rounds.len();
        let listener = self.listeners.iter_mut().find(|listener| listener.method == Some(at))?;
        listener.round = Some(next);
        let endless = Round { endless: true, ..Round::at(at, way.conditions()) };
        let records = Round { over: Over::Records, ..Round::at(at, way.conditions()) };
        Some(if listener.is_batch { vec![endless] } else { vec![endless, records] })
    }

    /// The listeners as consumers, once the whole text is walked.
    pub fn finish_listeners(&mut self, way: &mut WalkWay<'a>, told: &mut ToldOfCode<'t, 'a>) {
        for listener in std::mem::take(&mut self.listeners) {
            let at = listener.at;
            let around = vec![listener.round.unwrap_or(way.rounds.len())];
            way.rounds.push(Round { endless: true, ..Round::at(at, 0) });
            let place = FoundPlace { at, around, conditions: 0, asked: 0, caught: 0, aside: None, turn: 0 };
            self.polls.push(FoundPoll { client: listener.client, ms: Some(SPRING_POLL_MS), place });
            let ack = self.containers.ack.unwrap_or("BATCH");
            let commit = match ack {
                "RECORD" => SpringCommit::Record,
                _ if ack.starts_with("MANUAL") || listener.acknowledges => SpringCommit::Manual,
                _ => SpringCommit::Batch,
            };
            let each = commit == SpringCommit::Record || ack == "MANUAL_IMMEDIATE" && !listener.is_batch;
            self.spring_commits.push((listener.client, each));
            told.problem(at, Gap::SpringListener { commit });
            if let Some(count) = listener.concurrency.or(self.containers.concurrency).filter(|count| *count > 1) {
                told.problem(at, Gap::SpringConcurrency { count });
            }
            self.take_factory(listener.client);
        }
        let speaks = self.source.number_of("KafkaTemplate").is_some();
        let template = self.clients.iter().find(|client| client.spring.is_some() && client.role == Role::Producer);
        if let Some(client) = template.filter(|_| speaks) {
            let at = self.sends.first().map_or(client.at, |send| send.place.at);
            told.problem(at, Gap::SpringTemplate);
        }
    }

    /// The properties of a listener are those of the factory of consumers, when the text has one.
    fn take_factory(&mut self, client: usize) {
        let is_factory = |of: &FoundClient| of.role == Role::Consumer && of.is_made && of.spring.is_some();
        if let Some(factory) = self.clients.iter().position(is_factory) {
            self.clients[client].config = self.clients[factory].config;
            self.clients[client].is_made = false;
            self.factories.push(factory);
        }
    }
}
