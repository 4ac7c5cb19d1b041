//! How the lines of a script leave its clients, its topics and its brokers, read once from the first to the last.

use super::change::with;
use crate::script::{
    AdminStatement, Call, ClientKind, ClusterNode, Fault, MAX_OPTIONS, NamedProcess, NewClient, Property, Script,
    Setting, SettingFrom, SettingTarget, Statement,
};
use crate::sorted::SortedMap;

/// Beginnings of one client that are kept, those that are alike kept once.
const MOST_BEGINNINGS: usize = 20;

/// A client as the lines leave it.
#[derive(Default)]
pub(super) struct Standing<'a> {
    made: Option<&'a NewClient>,
    /// What `set` lines gave it since it was made.
    since: SortedMap<&'a str, &'a Property>,
    /// The lines that make it, as far as they differ.
    pub beginnings: Vec<&'a NewClient>,
    /// The verb of the line that ended it.
    pub ended: Option<&'static str>,
    pub is_frozen: bool,
    /// A command of the user's is about it: how it stands where its line is tried is not known.
    is_commanded: bool,
}

impl<'a> Standing<'a> {
    /// Its kind and all its properties; none: no line makes it, or they cannot be known.
    pub fn now(&self) -> Option<(ClientKind, Vec<Property>)> {
        let made = self.made.filter(|_| self.is_known())?;
        let since: Vec<Property> = self.since.values().map(|of| Property::clone(of)).collect();
        Some((made.kind, with(&made.properties, &since)))
    }

    fn is_known(&self) -> bool {
        !self.is_commanded && self.since.len() <= MAX_OPTIONS
    }

    fn make(&mut self, client: &'a NewClient) {
        let is_alike = |other: &&NewClient| other.kind == client.kind && other.properties == client.properties;
        if self.beginnings.len() < MOST_BEGINNINGS && !self.beginnings.iter().any(is_alike) {
            self.beginnings.push(client);
        }
        (self.made, self.ended, self.is_frozen) = (Some(client), None, false);
        self.since.clear();
    }

    fn set(&mut self, properties: &'a [Property]) {
        for property in properties {
            // A client with more is refused: nothing is known of it, and nothing has to be kept.
            if self.since.len() <= MAX_OPTIONS {
                self.since.insert(&property.name, property);
            }
        }
    }

    fn take(&mut self, statement: &'a Statement) {
        match statement {
            Statement::Client(client) => self.make(client),
            _ if self.made.is_none() => {}
            Statement::Set(Setting { properties, from: SettingFrom::Now, .. }) => self.set(properties),
            Statement::Call { call: Call::Close { .. }, .. } => self.ended = Some("close"),
            Statement::Call { call: Call::Exit, .. } => self.ended = Some("exit"),
            Statement::Fault(Fault::Kill { .. }) => self.ended = Some("kill"),
            Statement::Fault(Fault::PauseProcess(_)) => self.is_frozen = true,
            Statement::Fault(Fault::ResumeProcess(_)) => self.is_frozen = false,
            _ => {}
        }
    }
}

/// A topic as the lines leave it.
#[derive(Default)]
struct Topic {
    /// A line makes it.
    is_made: bool,
    /// No line behind that deletes it.
    is_there: bool,
    is_commanded: bool,
}

/// See the module.
#[derive(Default)]
pub(super) struct Standings<'a> {
    clients: SortedMap<&'a str, Standing<'a>>,
    topics: SortedMap<&'a str, Topic>,
    /// Processes of the cluster that a line does something to.
    touched: Vec<ClusterNode>,
    /// A line cannot be read, and may do anything.
    pub is_broken: bool,
}

impl<'a> Standings<'a> {
    /// Behind the last line. The commands that a user gave at places of the run do nothing here: what they are about is only
    /// not known any more.
    pub fn behind(script: &'a Script) -> Standings<'a> {
        let mut all = Standings::default();
        for line in &script.lines {
            all.is_broken |= line.is_broken;
            all.take(&line.statement, line.anchor.is_some());
        }
        all
    }

    fn take(&mut self, statement: &'a Statement, is_command: bool) {
        if let Some(name) = client(statement) {
            let of = self.clients.entry(name).or_default();
            of.is_commanded |= is_command;
            if !is_command {
                of.take(statement);
            }
        }
        if let Some((name, is_there)) = topic(statement) {
            let of = self.topics.entry(name).or_default();
            of.is_commanded |= is_command;
            of.is_made |= is_there;
            of.is_there = is_there;
        }
        if let Statement::Fault(fault) = statement
            && let Some(node) = node(fault)
            && !self.touched.contains(&node)
        {
            self.touched.push(node);
        }
    }

    pub fn client(&self, name: &str) -> Option<&Standing<'a>> {
        self.clients.get(name)
    }

    /// Whether a line makes this topic.
    pub fn makes(&self, topic: &str) -> bool {
        self.topics.get(topic).is_some_and(|of| of.is_made)
    }

    /// Whether a line makes a topic and no line deletes it.
    pub fn has(&self, topic: &str) -> bool {
        self.topics.get(topic).is_some_and(|of| of.is_there && !of.is_commanded)
    }

    /// Whether a line does something to the process of the cluster that a fault is about.
    pub fn touches(&self, fault: &Fault) -> bool {
        node(fault).is_some_and(|node| self.touched.contains(&node))
    }
}

/// The client that a line is about.
fn client(statement: &Statement) -> Option<&str> {
    match statement {
        Statement::Fault(
            Fault::Kill { client }
            | Fault::PauseProcess(NamedProcess::Client(client))
            | Fault::ResumeProcess(NamedProcess::Client(client)),
        )
        | Statement::Set(Setting { target: SettingTarget::Client(client), .. }) => Some(client),
        other => other.client().map(|name| &**name),
    }
}

/// The topic that a line makes or deletes, and whether it is there then.
fn topic(statement: &Statement) -> Option<(&str, bool)> {
    match statement {
        Statement::Topic(topic) => Some((&topic.name, true)),
        Statement::Admin(AdminStatement::DeleteTopic { topic }) => Some((topic, false)),
        _ => None,
    }
}

/// The broker that a fault is about.
fn node(fault: &Fault) -> Option<ClusterNode> {
    let node = match fault {
        Fault::Stop(node) | Fault::Crash(node) | Fault::Start { node, .. } => *node,
        Fault::PauseProcess(NamedProcess::Node(node)) | Fault::ResumeProcess(NamedProcess::Node(node)) => *node,
        _ => return None,
    };
    (node != ClusterNode::Controller).then_some(node)
}
