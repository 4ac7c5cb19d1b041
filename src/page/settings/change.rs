//! Changing settings: the trial that says what Kafka would, and the two ways to apply them.

use std::sync::Arc;

use partita::config::TopicConfig;
use partita::lang::{Sentence, both};
use partita::script::{ClientKind, Line, Property, Script, Statement, quoted_value, quoted_word};
use partita::simulation::{CommandError, Simulation, Unmakeable};

use crate::page::session::{Run, Session, refused_sentence};

/// Whose settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Client(String),
    Topic(String),
    Cluster,
}

impl Target {
    /// Whom a settings panel is about.
    pub fn of(settings: &partita::view::Settings) -> Target {
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
pub fn trial(run: &Run, target: &Target, new: &[Property]) -> Trial {
    let simulation = run.timeline.simulation();
    match target {
        Target::Client(name) => {
            let Some(client) = simulation.client(name) else { return Trial::Fine(Vec::new()) };
            try_client(run, client.recipe.kind, name, &with(&client.recipe.properties, new))
        }
        Target::Topic(_) => {
            let pairs: Vec<_> = new.iter().map(|property| (&*property.name, (&*property.value).into())).collect();
            match TopicConfig::construct(&pairs, simulation.controller().config()) {
                Ok(_) => Trial::Fine(Vec::new()),
                Err(error) => Trial::Refused(both(error.message.clone(), error.message)),
            }
        }
        // The brokers read their properties when they start: the run begun anew says what Kafka says.
        Target::Cluster => match edited(&run.timeline.script(), target, new) {
            Some(script) => match Simulation::new(Arc::new(script)) {
                Ok(_) => Trial::Fine(Vec::new()),
                Err(error) => Trial::Refused(refused_sentence(&error)),
            },
            None => Trial::Fine(Vec::new()),
        },
    }
}

/// What making a client of these properties would come to.
pub fn try_client(run: &Run, kind: ClientKind, name: &str, properties: &[Property]) -> Trial {
    match run.timeline.simulation().try_client(kind, name, properties) {
        Ok(log) => Trial::Fine(
            log.iter().map(|line| format!("{} {}: {}", line.level.name(), line.class, line.message)).collect(),
        ),
        Err(Unmakeable::Kafka(error)) => {
            // A KafkaException only wraps what went wrong.
            let told = error.cause.as_deref().unwrap_or(&error);
            Trial::Refused(both(told.message.clone(), told.message.clone()))
        }
        Err(Unmakeable::Model(sentence)) => Trial::Refused(sentence),
    }
}

/// From now on: the client is closed and made anew, the topic is altered through the real request.
pub fn apply_now(
    session: Session,
    target: &Target,
    new: &[Property],
    after: impl FnOnce(Result<(), CommandError>) + 'static,
) {
    let words: String = new
        .iter()
        .map(|property| format!(" {}={}", quoted_word(&property.name), quoted_value(&property.value)))
        .collect();
    let line = match target {
        Target::Client(name) => format!("set {}{words} from=now", quoted_word(name)),
        Target::Topic(name) => format!("set topic {}{words} from=now", quoted_word(name)),
        Target::Cluster => format!("set cluster{words} from=now"),
    };
    match session.read_lines(&[line]) {
        Ok(statements) => session.act(statements, after),
        Err(refusal) => {
            let first = refusal.into_iter().next().unwrap_or_else(|| both("", ""));
            after(Err(first.into()));
        }
    }
}

/// From the start: the line that makes the client, the topic or the cluster is another, and the same commands run again.
pub fn apply_from_start(
    session: Session,
    target: &Target,
    new: &[Property],
    name: String,
    after: impl FnOnce(Result<(), CommandError>) + 'static,
) {
    match session.with_run(|run| edited(&run.timeline.script(), target, new)) {
        Some(script) => session.change_from_start(script, name, after),
        None => after(Err(CommandError::new(
            "No line of this run makes it: it can only be changed from now",
            "이 실행에는 이것을 만드는 줄이 없습니다. 지금부터만 바꿀 수 있습니다",
        ))),
    }
}

/// The script with the changed line; none when no line makes the target.
fn edited(script: &Script, target: &Target, new: &[Property]) -> Option<Script> {
    let mut script = script.clone();
    let mut found = false;
    for line in &mut script.lines {
        let mut statement = line.statement.clone();
        let properties = match (&mut statement, target) {
            (Statement::Client(client), Target::Client(name)) if *client.id == **name => &mut client.properties,
            (Statement::Topic(topic), Target::Topic(name)) if *topic.name == **name => &mut topic.properties,
            (Statement::Cluster(cluster), Target::Cluster) => &mut cluster.properties,
            _ => continue,
        };
        *properties = with(properties, new);
        found = true;
        let made = Line::made(line.number, line.anchor, statement);
        line.statement = made.statement;
        line.text = Arc::clone(&made.text);
    }
    found.then_some(script)
}
