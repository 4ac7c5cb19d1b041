//! What was found in a program, collected while it is walked.

use super::described::Role;
use super::entries::{Config, ConfigEntry};
use super::found::{
    Containers, FoundClient, FoundCommit, FoundPlace, FoundPoll, FoundRecord, FoundSend, Handled, Listener, Pause,
    Sought, Spring, Subscribed,
};
use super::limits::{Limit, MAX_CLIENTS, MAX_COPIED};
use super::source::Source;
use super::told::ToldOfCode;
use super::value::Value;

/// The clients, properties, records and calls of a program, each in the order in which the walk came by.
pub(super) struct Findings<'t, 'a> {
    pub source: &'t Source<'a>,
    pub configs: Vec<Config>,
    pub clients: Vec<FoundClient<'a>>,
    pub records: Vec<FoundRecord<'t, 'a>>,
    pub sends: Vec<FoundSend>,
    pub polls: Vec<FoundPoll>,
    pub commits: Vec<FoundCommit>,
    pub handled: Vec<Handled>,
    /// Where a record of a poll is given to a call that does something with it.
    pub used_records: Vec<FoundPlace>,
    /// Where the own offset of a record is made one that can be committed.
    pub own_offsets: Vec<usize>,
    pub pauses: Vec<Pause>,
    pub subscribed: Vec<Subscribed>,
    pub sought: Vec<Sought>,
    pub listeners: Vec<Listener>,
    pub containers: Containers<'a>,
    /// Consumers of Spring's listeners; true: they commit after each record.
    pub spring_commits: Vec<(usize, bool)>,
    /// Factories whose properties listeners have taken.
    pub factories: Vec<usize>,
    /// Properties that were copied from one map to another.
    copies: usize,
}

impl<'t, 'a> Findings<'t, 'a> {
    pub fn new(source: &'t Source<'a>) -> Findings<'t, 'a> {
        Findings {
            source,
            configs: Vec::new(),
            clients: Vec::new(),
            records: Vec::new(),
            sends: Vec::new(),
            polls: Vec::new(),
            commits: Vec::new(),
            handled: Vec::new(),
            used_records: Vec::new(),
            own_offsets: Vec::new(),
            pauses: Vec::new(),
            subscribed: Vec::new(),
            sought: Vec::new(),
            listeners: Vec::new(),
            containers: Containers::default(),
            spring_commits: Vec::new(),
            factories: Vec::new(),
            copies: 0,
        }
    }

    /// How much of a program was found that is done rather than made.
    pub const fn done(&self) -> usize {
        self.commits.len() + self.sends.len() + self.pauses.len()
    }

    /// The client of that name; a client that the text makes is the only one that is meant.
    pub fn client_named(
        &mut self,
        told: &mut ToldOfCode<'t, 'a>,
        role: Role,
        name: &'a str,
        spring: bool,
        at: usize,
    ) -> usize {
        let of_role = || self.clients.iter().enumerate().filter(|(_, client)| client.role == role).take(MAX_CLIENTS);
        let same = of_role().find(|(_, client)| client.name == name).map(|(i, _)| i);
        let known = same.or_else(|| {
            of_role().filter(|(_, client)| client.is_made || client.name.is_empty()).last().map(|(i, _)| i)
        });
        if let Some(known) = known.or_else(|| of_role().next().map(|(i, _)| i).filter(|_| name.is_empty())) {
            return known;
        }
        let first = self.clients.iter().position(|client| client.role == role);
        if let Some(first) = first.filter(|_| self.is_full(told, at)) {
            return first;
        }
        let spring = spring.then(Spring::default);
        self.clients.push(FoundClient::new(role, name, at, spring));
        self.clients.len() - 1
    }

    /// Whether the text has as many clients as are looked at, which is told.
    pub fn is_full(&self, told: &mut ToldOfCode<'t, 'a>, at: usize) -> bool {
        let is_full = self.clients.len() >= MAX_CLIENTS;
        if is_full {
            told.too_many_clients(at);
        }
        is_full
    }

    /// Whether the text speaks of producers, and of consumers.
    pub fn mentioned(&self) -> (bool, bool) {
        let any = |words: &[&str]| words.iter().any(|word| self.source.number_of(word).is_some());
        (
            any(&["KafkaProducer", "ProducerRecord", "ProducerConfig", "Producer", "RecordMetadata"]),
            any(&["KafkaConsumer", "ConsumerRecord", "ConsumerRecords", "ConsumerConfig", "Consumer"]),
        )
    }

    /// `conditions` are around the place.
    pub fn new_config(&mut self, conditions: u32, name: &str, entries: Vec<ConfigEntry>) -> usize {
        let is_properties = name == "Properties";
        self.configs.push(Config { name: String::new(), is_properties, conditions, entries });
        self.configs.len() - 1
    }

    /// What holds properties or a client is known by the first name it is given.
    pub fn name_config(&mut self, value: &Value<'t, 'a>, name: &'a str) {
        match value {
            Value::Config(config) if self.configs[*config].name.is_empty() => {
                self.configs[*config].name = name.to_owned();
            }
            Value::Client(client) if self.clients[*client].name.is_empty() => self.clients[*client].name = name,
            _ => {}
        }
    }

    pub fn copied(&mut self, told: &mut ToldOfCode<'t, 'a>, from: usize, to: usize, at: usize) {
        let entries = self.configs[from].entries.clone();
        self.copies += entries.len();
        if self.copies > MAX_COPIED {
            told.is_beyond(Limit::Copies, at);
        } else if from != to {
            self.configs[to].entries.extend(entries);
        }
    }

    pub fn both_configs(&mut self, told: &mut ToldOfCode<'t, 'a>, one: usize, two: usize, at: usize) -> Value<'t, 'a> {
        let both = self.new_config(self.configs[one].conditions, "", Vec::new());
        self.copied(told, one, both, at);
        self.copied(told, two, both, at);
        Value::Config(both)
    }

    /// Whether two clients made at the same place have the same properties: a factory's method that is called twice.
    pub fn is_same(&self, one: Option<(usize, usize)>, two: Option<(usize, usize)>) -> bool {
        let (Some((one, length)), Some((two, of_two))) = (one, two) else { return one == two };
        let texts = |config: usize, length: usize| {
            self.configs[config].entries[..length].iter().map(|entry| match entry {
                ConfigEntry::Pair { name, value, .. } => Some((name, value)),
                ConfigEntry::Loaded(..) => None,
            })
        };
        one == two && length == of_two || length == of_two && length < 200 && texts(one, length).eq(texts(two, of_two))
    }

    /// `factory.containerProperties.ackMode = AckMode.RECORD`
    pub fn set_property(&mut self, name: &str, value: Option<&'a str>, known: &Value<'t, 'a>) {
        match name {
            "ackMode" => self.containers.ack = value,
            "concurrency" => self.containers.concurrency = known.number(),
            _ => {}
        }
    }

    /// What a name holds that is given a value: whether that is an empty collection, as far as is known.
    pub fn is_collection(&self, value: &Value<'t, 'a>) -> bool {
        match value {
            Value::Unknown => true,
            Value::List(list) => list.is_empty(),
            Value::Config(config) => self.configs[*config].entries.is_empty(),
            _ => false,
        }
    }
}
