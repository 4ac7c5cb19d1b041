//! What exists in a run: names to choose from, and names that are still free.

use crate::config::TopicConfig;
use crate::script::ClientKind;
use crate::simulation::{ClientProcess, Life, Simulation};

/// The newest client under each name.
fn newest(simulation: &Simulation) -> impl Iterator<Item = &ClientProcess> {
    let is_newest =
        |client: &&ClientProcess| simulation.client(&client.recipe.name).is_some_and(|other| other.id == client.id);
    simulation.clients().iter().filter(is_newest)
}

/// All clients that run, with their kind.
pub fn all_clients(simulation: &Simulation) -> Vec<(String, ClientKind)> {
    let lives = |client: &&ClientProcess| client.life != Life::Gone && !client.closed;
    let named = |client: &ClientProcess| (client.recipe.name.to_string(), client.recipe.kind);
    newest(simulation).filter(lives).map(named).collect()
}

/// The names of clients of a kind that run.
pub fn clients(simulation: &Simulation, kind: ClientKind) -> Vec<String> {
    all_clients(simulation).into_iter().filter(|(_, of)| *of == kind).map(|(name, _)| name).collect()
}

/// The topics of users.
pub fn topics(simulation: &Simulation) -> Vec<String> {
    let topics = simulation.image().topics.iter().filter(|(_, topic)| !topic.internal);
    topics.map(|(name, _)| name.to_string()).collect()
}

/// The partitions of all topics of users: `orders-0`.
pub fn partitions(simulation: &Simulation) -> Vec<String> {
    let topics = simulation.image().topics.iter().filter(|(_, topic)| !topic.internal);
    topics.flat_map(|(name, topic)| (0..topic.partitions.len()).map(move |n| format!("{name}-{n}"))).collect()
}

/// The settings of a topic as they are in force, or those that it would have if it were made now.
pub fn topic_settings(simulation: &Simulation, name: &str) -> Option<TopicConfig> {
    let given = simulation.image().topics.get(name).map(|topic| &topic.configs);
    let pairs: Vec<_> = given.into_iter().flatten().map(|(name, value)| (&**name, (&**value).into())).collect();
    TopicConfig::construct(&pairs, simulation.controller().config()).ok()
}

/// The groups of the consumers that were made, each once.
pub fn groups(simulation: &Simulation) -> Vec<String> {
    let mut groups = Vec::new();
    for client in newest(simulation) {
        let group = client.recipe.properties.iter().find(|property| &*property.name == "group.id");
        if let Some(group) = group.map(|property| property.value.to_string()).filter(|group| !groups.contains(group)) {
            groups.push(group);
        }
    }
    groups
}

/// A name that no client has had: `c5` for the stem `c`.
pub fn free_client(simulation: &Simulation, stem: &str) -> String {
    free_client_but(simulation, stem, &[])
}

/// The same, and none of those that others are to have.
pub fn free_client_but(simulation: &Simulation, stem: &str, taken: &[String]) -> String {
    let mut names = (1..).map(|n| format!("{stem}{n}"));
    names.find(|name| simulation.client(name).is_none() && !taken.contains(name)).unwrap_or_default()
}

pub fn free_topic(simulation: &Simulation) -> String {
    let topics = topics(simulation);
    let names = ["orders", "payments", "events"].map(str::to_owned).into_iter();
    let mut names = names.chain((2..).map(|n| format!("topic{n}")));
    names.find(|name| !topics.contains(name)).unwrap_or_default()
}
