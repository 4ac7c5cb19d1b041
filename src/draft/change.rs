//! A setting that is to be another one: what Kafka says of it, and what changing it writes, from now or from the start.

use std::sync::Arc;

use crate::config::{Side, TopicConfig, refused_in_model};
use crate::lang::{Sentence, both};
use crate::script::{Call, ClientKind, Line, Property, Script, Statement, line};
use crate::simulation::{Simulation, Unmakeable};

/// Whose settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Client(String),
    Topic(String),
    Cluster,
}

impl Target {
    /// Whom a settings panel is about.
    pub fn of(settings: &crate::view::Settings) -> Target {
        match settings.target.as_str() {
            "" => Target::Cluster,
            target if settings.of == target => Target::Client(target.to_owned()),
            target => Target::Topic(target.strip_prefix("topic ").unwrap_or(target).to_owned()),
        }
    }
}

/// What would come of new values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trial {
    /// What Kafka would log.
    Fine(Vec<String>),
    /// Why not: Kafka's own message, or what the model lacks.
    Refused(Sentence),
}

/// `properties` with new values; an empty value takes a property away.
pub(super) fn with(properties: &[Property], new: &[Property]) -> Vec<Property> {
    let mut all = properties.to_vec();
    for property in new {
        let value = (!property.value.is_empty()).then(|| property.value.clone());
        match (all.iter_mut().find(|other| other.name == property.name), value) {
            (Some(old), Some(value)) => old.value = value,
            (None, Some(_)) => all.push(property.clone()),
            (_, None) => all.retain(|other| other.name != property.name),
        }
    }
    all
}

/// What making the client or the topic anew with these values would come to.
/// `script` is the whole run's, with what the user did.
pub fn trial(simulation: &Simulation, script: &Script, target: &Target, new: &[Property]) -> Trial {
    match target {
        Target::Client(name) => {
            let Some(client) = simulation.client(name) else { return Trial::Fine(Vec::new()) };
            try_client(simulation, client.recipe.kind, name, &with(&client.recipe.properties, new))
        }
        Target::Topic(_) => {
            let pairs: Vec<_> = new.iter().map(|property| (&*property.name, (&*property.value).into())).collect();
            match TopicConfig::construct(&pairs, simulation.controller().config()) {
                // Kafka speaks first; what it accepts may still be more than the model has.
                Ok(_) => match new.iter().find_map(|of| refused_in_model(Side::Topic, &of.name, &of.value)) {
                    Some(sentence) => Trial::Refused(sentence),
                    None => Trial::Fine(Vec::new()),
                },
                Err(error) => Trial::Refused(kafkas(error.message)),
            }
        }
        // The brokers read their properties when they start: the run begun anew says what Kafka says.
        Target::Cluster => match edited(script, target, new) {
            Some(script) => match Simulation::new(Arc::new(script)) {
                Ok(_) => Trial::Fine(Vec::new()),
                Err(error) => Trial::Refused(error.alone()),
            },
            None => Trial::Fine(Vec::new()),
        },
    }
}

/// What making a client of these properties would come to.
pub fn try_client(simulation: &Simulation, kind: ClientKind, name: &str, properties: &[Property]) -> Trial {
    match simulation.try_client(kind, name, properties) {
        Ok(log) => Trial::Fine(
            log.iter().map(|line| format!("{} {}: {}", line.level.name(), line.class, line.message)).collect(),
        ),
        Err(Unmakeable::Kafka(error)) => {
            // A KafkaException only wraps what went wrong.
            let told = error.cause.as_deref().unwrap_or(&error);
            Trial::Refused(kafkas(told.message.clone()))
        }
        Err(Unmakeable::Model(sentence)) => Trial::Refused(sentence),
    }
}

/// All that Kafka refuses of these properties, as it would come to it when each that it refused is left out. A client with
/// them cannot be made; none: it can.
pub fn refusals(simulation: &Simulation, kind: ClientKind, name: &str, properties: &[Property]) -> Vec<Sentence> {
    let refusal = |properties: &[Property]| match try_client(simulation, kind, name, properties) {
        Trial::Refused(sentence) => Some(sentence),
        Trial::Fine(_) => None,
    };
    let (mut left, mut out) = (properties.to_vec(), Vec::new());
    while let Some(refused) = refusal(&left) {
        // The one without which something else is said, or nothing.
        let without = |i: usize| {
            let mut fewer = left.clone();
            fewer.remove(i);
            fewer
        };
        let fewer = (0..left.len()).map(without).find(|fewer| refusal(fewer).as_ref() != Some(&refused));
        out.push(refused);
        match fewer {
            Some(fewer) if out.len() < MOST_REFUSED => left = fewer,
            _ => break,
        }
    }
    out
}

/// Refusals that are looked for.
const MOST_REFUSED: usize = 10;

/// Kafka's own message is the same in every language.
fn kafkas(message: String) -> Sentence {
    both(message.clone(), message)
}

impl Target {
    /// The line that changes it from now on: a client is closed and made anew, a topic altered through the real request.
    pub fn set_now(&self, new: &[Property]) -> String {
        let of = match self {
            Target::Client(name) => line("set").word(name),
            Target::Topic(name) => line("set").word("topic").word(name),
            Target::Cluster => line("set").word("cluster"),
        };
        new.iter().fold(of, |of, property| of.exact(&property.name, &property.value)).given("from", "now").end()
    }
}

/// The script with the changed line; none when no line makes the target.
pub fn edited(script: &Script, target: &Target, new: &[Property]) -> Option<Script> {
    let mut script = script.clone();
    let mut found = false;
    for line in &mut script.lines {
        let mut statement = Statement::clone(&line.statement);
        let properties = match (&mut statement, target) {
            (Statement::Client(client), Target::Client(name)) if *client.id == **name => &mut client.properties,
            (Statement::Topic(topic), Target::Topic(name)) if *topic.name == **name => &mut topic.properties,
            (Statement::Cluster(cluster), Target::Cluster) => &mut cluster.properties,
            _ => continue,
        };
        *properties = with(properties, new);
        found = true;
        let made = Line::made(line.number, line.anchor, Arc::new(statement));
        let line = Arc::make_mut(line);
        (line.statement, line.text) = (made.statement, made.text);
    }
    found.then_some(script)
}

/// The script in which a client runs a program from the start: it stands in place of the lines that begin the client's own
/// loops and say what it reads, or behind the line that makes it. The user's commands stay.
pub fn with_program(mut script: Script, client: &str, program: &[Statement]) -> Script {
    let reads = program.iter().any(|of| matches!(of, Statement::Call { .. }));
    let is_old = |line: &Line| match &*line.statement {
        _ if line.anchor.is_some() || program.is_empty() => false,
        Statement::ProduceLoop(of) => *of.client == *client,
        Statement::ConsumeLoop(of) => *of.client == *client,
        // The text that the old program was pasted from is not what the client does now.
        Statement::Code(of) => *of.client == *client,
        Statement::Call { client: of, call: Call::Subscribe(_) | Call::Assign(_) } => reads && **of == *client,
        _ => false,
    };
    let makes = |line: &Line| matches!(&*line.statement, Statement::Client(of) if *of.id == *client);
    let made = script.lines.iter().position(|line| makes(line));
    let old = script.lines.iter().position(|line| is_old(line));
    let Some(at) = old.or(made.map(|at| at + 1)) else { return script };
    let anchor = old.map_or(script.lines[at - 1].anchor, |_| None);
    script.lines.retain(|line| !is_old(line));
    let new = program.iter().map(|of| Arc::new(Line::made(0, anchor, Arc::new(of.clone()))));
    script.lines.splice(at..at, new);
    for (number, line) in (1..).zip(&mut script.lines) {
        if line.number != number {
            let line = Arc::make_mut(line);
            (line.number, line.row) = (number, number);
        }
    }
    script
}
