//! Which line of a program runs now.

use super::super::program::{Standing, place};
use super::super::scene::Scene;
use super::out::{Lit, Part};
use crate::client::consumer::CallStage;
use crate::event::CallKind;
use crate::script::Statement;
use crate::simulation::{ClientNode, ClientProcess};

/// The line that the program of a client is at; none when it is in no call.
pub(super) fn of(scene: &Scene<'_>, process: &ClientProcess) -> Option<Lit> {
    let place = place(scene, process);
    let written = place.written?;
    let mut part = part(&place.standing)?;
    if let (Standing::InCall(CallKind::Poll), ClientNode::Consumer(consumer)) = (&place.standing, &process.node)
        && consumer.call_stage() == Some(CallStage::InListener)
        && process.recipe.on_revoked == crate::call::OnRevoked::CommitSync
    {
        part = Part::Listener;
    }
    let statement = super::super::statements::statement(scene.timeline.branch(), written);
    if part == Part::Commit && !matches!(statement, Some(Statement::ConsumeLoop(_))) {
        part = Part::Call;
    }
    Some(Lit { written, part, on: on(scene, &place.standing) })
}

/// The part of its statement at which a program stands.
pub(super) const fn part(standing: &Standing) -> Option<Part> {
    Some(match standing {
        Standing::InCall(kind) | Standing::Returned(kind) | Standing::Threw(kind, _) => match kind {
            CallKind::CommitSync | CallKind::CommitAsync => Part::Commit,
            _ => Part::Call,
        },
        Standing::Sending(_) => Part::Call,
        Standing::Made => Part::Make,
        Standing::Waiting(_) | Standing::Got(..) => Part::Get,
        Standing::Callback(..) => Part::Callback,
        Standing::Processing(..) | Standing::Processed(..) => Part::Process,
        Standing::Sleeping(_) => Part::Sleep,
        Standing::Ended | Standing::Frozen | Standing::Unseen(..) | Standing::Nothing => return None,
    })
}

/// What it works on.
fn on(scene: &Scene<'_>, standing: &Standing) -> String {
    match standing {
        Standing::Sending(record) | Standing::Waiting(record) => super::super::processes::record_name(scene, *record),
        Standing::Got(_, given) => given.result().to_owned(),
        Standing::Callback(_, given) => given.arguments(),
        Standing::Processing(partition, offset, _) => format!("{partition}@{offset}"),
        Standing::Processed(partition, offset) => format!("{}@{offset}", scene.partition_name(*partition)),
        _ => String::new(),
    }
}
