//! What exists in the run: names to choose from, and names that are still free.

use partita::script::ClientKind;
use partita::simulation::{ClientProcess, Life};

use crate::page::session::Run;

/// The newest client under each name.
fn newest(run: &Run) -> impl Iterator<Item = &ClientProcess> {
    let simulation = run.timeline.simulation();
    let is_newest =
        |client: &&ClientProcess| simulation.client(&client.recipe.name).is_some_and(|other| other.id == client.id);
    simulation.clients().iter().filter(is_newest)
}

fn lives(client: &ClientProcess) -> bool {
    client.life != Life::Gone && !client.closed
}

/// The names of clients of a kind that run.
pub fn clients(run: &Run, kind: ClientKind) -> Vec<String> {
    let wanted = newest(run).filter(|client| client.recipe.kind == kind && lives(client));
    wanted.map(|client| client.recipe.name.to_string()).collect()
}

/// All clients that run, with their kind.
pub fn all_clients(run: &Run) -> Vec<(String, ClientKind)> {
    newest(run)
        .filter(|client| lives(client))
        .map(|client| (client.recipe.name.to_string(), client.recipe.kind))
        .collect()
}

pub fn topics(run: &Run) -> Vec<String> {
    let topics = run.timeline.simulation().image().topics.iter().filter(|(_, topic)| !topic.internal);
    topics.map(|(name, _)| name.to_string()).collect()
}

/// The partitions of all topics: `orders-0`.
pub fn partitions(run: &Run) -> Vec<String> {
    let topics = run.timeline.simulation().image().topics.iter().filter(|(_, topic)| !topic.internal);
    topics.flat_map(|(name, topic)| (0..topic.partitions.len()).map(move |n| format!("{name}-{n}"))).collect()
}

/// The groups of the consumers that were made, each once.
pub fn groups(run: &Run) -> Vec<String> {
    let mut groups = Vec::new();
    for client in newest(run) {
        let group = client.recipe.properties.iter().find(|property| &*property.name == "group.id");
        if let Some(group) = group.map(|property| property.value.to_string()).filter(|group| !groups.contains(group)) {
            groups.push(group);
        }
    }
    groups
}

/// A name that no client has had: `c5`.
pub fn free_client(run: &Run, stem: &str) -> String {
    let simulation = run.timeline.simulation();
    let mut names = (1..).map(|n| format!("{stem}{n}"));
    names.find(|name| simulation.client(name).is_none()).unwrap_or_default()
}

pub fn free_topic(run: &Run) -> String {
    let topics = topics(run);
    let names = ["orders", "payments", "events"].map(str::to_owned).into_iter();
    let mut names = names.chain((2..).map(|n| format!("topic{n}")));
    names.find(|name| !topics.contains(name)).unwrap_or_default()
}

/// Choices whose words are their values.
pub fn plain(names: Vec<String>) -> Vec<(String, String)> {
    names.into_iter().map(|name| (name.clone(), name)).collect()
}
