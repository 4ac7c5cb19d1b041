//! Clients are made: their properties become a configuration, or the exception that Kafka's constructor throws.

use std::sync::Arc;

use super::cluster::{bootstrap, broker_of_host};
use super::performed::{By, Performed};
use super::process::Recipe;
use super::{ClientNode, ClientProcess, CommandError, Seen, Simulation, Sink};
use crate::application::Application;
use crate::call::OnRevoked;
use crate::client::consumer::Consumer;
use crate::client::producer::Producer;
use crate::cluster::{Life, Timer};
use crate::config::{ConfigValue, ConstructError, ConsumerConfig, LogLine, ProducerConfig, Side, refused_in_model};
use crate::error::{Code, Exception};
use crate::event::EventKind;
use crate::ids::{BrokerId, ClientId, EventId};
use crate::lang::Sentence;
use crate::script::{ClientKind, NewClient, Property, serdes_given};
use crate::time::Instant;

/// Why a client cannot be made of its properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmakeable {
    /// What Kafka's constructor throws.
    Kafka(ConstructError),
    /// Kafka would make it; this model cannot.
    Model(Sentence),
}

impl Simulation {
    pub(super) fn create_client(&mut self, by: By, client: &NewClient, sink: &mut Sink) -> Performed {
        let on_revoked = if client.commit_on_revoked { OnRevoked::CommitSync } else { OnRevoked::Nothing };
        let recipe =
            Recipe { name: client.id.clone(), kind: client.kind, properties: client.properties.clone(), on_revoked };
        self.make_client(by, recipe, sink)
    }

    /// Makes a client and starts its process; a constructor that throws makes none, and that is observed.
    pub(super) fn make_client(&mut self, by: By, recipe: Recipe, sink: &mut Sink) -> Performed {
        let side = if recipe.kind == ClientKind::Producer { Side::Producer } else { Side::Consumer };
        let id = ClientId(u16::try_from(self.clients.len() + 1).expect("the limit on clients is far below 65,536"));
        let node = match self.construct(id, &recipe) {
            Ok(node) => node,
            Err(error) => {
                self.constructor_threw(by, &recipe, exception(&error), sink);
                return Performed::Done;
            }
        };
        // Kafka's own constructor speaks first; what it accepts may still be more than the model has.
        for property in &recipe.properties {
            if let Some(sentence) = refused_in_model(side, &property.name, &property.value) {
                return Performed::Failed(CommandError::named(sentence));
            }
        }
        let name = recipe.name.clone();
        let given = self.out.names.add_client(&name, side == Side::Producer);
        assert_eq!(given, id, "clients and their names are numbered together");
        let former = self.by_name.insert(name, id);
        self.inherit_links(former, id);
        let (clients, by_name) = (&self.clients, &self.by_name);
        self.living.retain(|i| {
            let client = &clients[*i];
            let is_former = client.closed && by_name.get(&client.recipe.name) != Some(&client.id);
            client.life != Life::Gone && !(is_former && client.has_nothing_due())
        });
        self.living.push(self.clients.len());
        self.clients.push(ClientProcess {
            id,
            recipe: Arc::new(recipe),
            made: by.written(),
            node,
            application: Arc::new(Application::new(id)),
            life: Life::Running,
            closed: false,
            exited: false,
            stands_since: Instant::ZERO,
            held: Vec::new(),
            timer: Timer::OFF,
            program_timer: Timer::OFF,
        });
        let kind = EventKind::ClientStarted { client: id, consumer: side == Side::Consumer };
        self.out.emit(EventId::NONE, kind);
        self.follow_client(usize::from(id.0) - 1);
        Performed::Done
    }

    /// There is no such client: told with the line of the script's text, 0 for a command by hand.
    fn constructor_threw(&mut self, by: By, recipe: &Recipe, exception: Exception, sink: &mut Sink) {
        let line = match by {
            By::Line(_) => self.script_line().map_or(0, |line| line.row),
            By::Hand(_) => 0,
        };
        let number = self.out.names.intern_exception(exception.class, &exception.message);
        let consumer = recipe.kind != ClientKind::Producer;
        self.out.emit(EventId::NONE, EventKind::ConstructorThrew { line, consumer, exception: number });
        self.not_constructed.push((recipe.name.clone(), exception.clone()));
        self.observe(by, Some(&recipe.name), Seen::NotConstructed(exception), sink);
    }

    /// What making a client of these properties would log, or why it cannot be made. Nothing changes.
    pub fn try_client(&self, kind: ClientKind, name: &str, given: &[Property]) -> Result<Vec<LogLine>, Unmakeable> {
        let side = if kind == ClientKind::Producer { Side::Producer } else { Side::Consumer };
        let everyone = bootstrap(self.cluster.size());
        let pairs = with_defaults(given, &defaults(kind, &everyone, name));
        let made = match side {
            Side::Producer => ProducerConfig::construct(&pairs).map(|(_, log)| log),
            _ => ConsumerConfig::construct(&pairs).map(|(_, log)| log),
        };
        let log = made.map_err(Unmakeable::Kafka)?;
        match given.iter().find_map(|property| refused_in_model(side, &property.name, &property.value)) {
            Some(sentence) => Err(Unmakeable::Model(sentence)),
            None => Ok(log),
        }
    }

    fn construct(&mut self, id: ClientId, recipe: &Recipe) -> Result<ClientNode, ConstructError> {
        let everyone = bootstrap(self.cluster.size());
        let pairs = with_defaults(&recipe.properties, &defaults(recipe.kind, &everyone, &recipe.name));
        if recipe.kind == ClientKind::Producer {
            let (config, _) = ProducerConfig::construct(&pairs)?;
            let servers = self.servers(&config.bootstrap_servers);
            let rng = self.out.rng.fork();
            return Ok(ClientNode::Producer(Arc::new(Producer::new(id, config, servers, self.clock.now, rng))));
        }
        let (config, _) = ConsumerConfig::construct(&pairs)?;
        let servers = self.servers(&config.bootstrap_servers);
        let rng = self.out.rng.fork();
        let consumer = Consumer::new(id, config, servers, recipe.on_revoked, self.clock.now, rng);
        Ok(ClientNode::Consumer(Arc::new(consumer)))
    }

    /// The brokers that a client begins with. At the address of another host nobody listens: it is a number that no
    /// broker has, and every connection to it is refused.
    fn servers(&self, hosts: &[(Arc<str>, u16)]) -> Vec<BrokerId> {
        let brokers = self.cluster.size();
        let nobody = BrokerId(i32::try_from(brokers + 1).unwrap_or(i32::MAX));
        hosts.iter().map(|(host, _)| broker_of_host(host, brokers).unwrap_or(nobody)).collect()
    }
}

/// What the playground gives a client that its user did not.
fn defaults<'a>(kind: ClientKind, everyone: &'a str, name: &'a str) -> [(&'a str, &'a str); 4] {
    let [key, value] = serdes_given(kind);
    [("bootstrap.servers", everyone), ("client.id", name), key, value]
}

fn with_defaults<'a>(given: &'a [Property], defaults: &[(&'a str, &'a str)]) -> Vec<(&'a str, ConfigValue)> {
    let missing = defaults.iter().filter(|(name, _)| given.iter().all(|property| &*property.name != *name));
    let mut pairs: Vec<(&str, ConfigValue)> = missing.map(|(name, value)| (*name, ConfigValue::from(*value))).collect();
    pairs.extend(given.iter().map(|property| (&*property.name, ConfigValue::Text(property.value.clone()))));
    pairs
}

/// What a constructor threw, as the program saw it.
fn exception(error: &ConstructError) -> Exception {
    // ConfigException and KafkaException are no ApiExceptions; the others that constructors throw have a code.
    let code = Code::ALL.iter().copied().find(|code| code.exception() == error.class);
    let made = Exception::new(error.class, code, error.message.as_str());
    match &error.cause {
        Some(cause) => made.caused_by(exception(cause)),
        None => made,
    }
}
