//! The topics and groups that a line names, which the limits of a run count: what is named may come by itself.

use std::sync::Arc;

use crate::script::ast::{AdminStatement, Call, Property, Statement, Subscription};

/// The topics that playing this line may create: by name, or because Kafka makes what a client asks about.
pub(super) fn topics(statement: &Statement) -> Vec<&Arc<str>> {
    match statement {
        Statement::Topic(topic) => vec![&topic.name],
        Statement::Send(send) => vec![&send.topic],
        Statement::ProduceLoop(of) => vec![&of.topic],
        Statement::Call { call, .. } => asked_about(call),
        Statement::Admin(AdminStatement::AlterOffsets { offsets, .. }) => {
            offsets.iter().map(|(partition, _)| &partition.topic).collect()
        }
        _ => Vec::new(),
    }
}

fn asked_about(call: &Call) -> Vec<&Arc<str>> {
    match call {
        Call::Subscribe(Subscription::Topics(topics)) => topics.iter().collect(),
        Call::PartitionsFor(topic) => vec![topic],
        Call::Assign(partitions)
        | Call::SeekToBeginning(partitions)
        | Call::SeekToEnd(partitions)
        | Call::Position { partitions, .. }
        | Call::Committed { partitions, .. }
        | Call::Pause(partitions)
        | Call::Resume(partitions)
        | Call::CurrentLag(partitions)
        | Call::EndOffsets(partitions)
        | Call::BeginningOffsets(partitions) => partitions.iter().map(|partition| &partition.topic).collect(),
        Call::Seek(offsets) | Call::OffsetsForTimes(offsets) | Call::SendOffsets { offsets, .. } => {
            offsets.iter().map(|(partition, _)| &partition.topic).collect()
        }
        Call::Commit(commit) => commit.offsets.iter().map(|(partition, _)| &partition.topic).collect(),
        _ => Vec::new(),
    }
}

/// The groups that playing this line may create.
pub(super) fn groups(statement: &Statement) -> Vec<&Arc<str>> {
    let of = |properties: &'_ [Property]| properties.iter().position(|property| &*property.name == "group.id");
    let found = match statement {
        Statement::Client(client) => of(&client.properties).map(|at| &client.properties[at].value),
        Statement::Set(setting) => of(&setting.properties).map(|at| &setting.properties[at].value),
        Statement::Admin(AdminStatement::AlterOffsets { group, .. }) => Some(group),
        _ => None,
    };
    found.into_iter().collect()
}
