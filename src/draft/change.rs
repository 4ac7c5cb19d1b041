//! A setting that is to be another one: what Kafka says of it, and what changing it writes, from now or from the start.

use std::sync::Arc;

use crate::config::{Side, TopicConfig, refused_in_model};
use crate::lang::{Sentence, both};
use crate::script::{ClientKind, Line, Property, Script, Statement, line};
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
fn with(properties: &[Property], new: &[Property]) -> Vec<Property> {
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
