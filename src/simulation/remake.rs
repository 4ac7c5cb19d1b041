//! Settings that change while a run goes on.
//!
//! Kafka's clients read their properties once. "From now" therefore means what a real program does: the client is
//! closed, and one with the new value takes its place, subscribed to the same topics, its program running again. What the
//! client is told while it closes is for the one that takes its place.

use std::sync::Arc;

use super::owners::{ForHeir, Remake};
use super::performed::{By, Performed};
use super::process::Recipe;
use super::wait::owned;
use super::{ClientNode, CommandError, Simulation, Sink};
use crate::application::{ProgramTask, Resumed};
use crate::call::ConsumerCall;
use crate::ids::ClientId;
use crate::lang::both;
use crate::script::{Altered, MAX_OPTIONS, Property, Setting, SettingTarget};
use crate::sorted::SortedSet;

/// The properties with those that are set anew behind the others, each name once.
fn changed(properties: &[Property], new: &[Property]) -> Vec<Property> {
    let set: SortedSet<&Arc<str>> = new.iter().map(|property| &property.name).collect();
    let kept = properties.iter().filter(|property| !set.contains(&property.name));
    kept.chain(new).cloned().collect()
}

impl Simulation {
    pub(super) fn perform_setting(&mut self, by: By, setting: &Setting, sink: &mut Sink) -> Performed {
        match &setting.target {
            SettingTarget::Client(name) => self.set_client(by, name, &setting.properties, sink),
            SettingTarget::Topic(name) => self.alter(by, &Altered::Topic(name.clone()), &setting.properties, sink),
            // `check` has refused them.
            SettingTarget::Cluster | SettingTarget::Broker(_) => Performed::Done,
        }
    }

    /// Whether the client has room for the properties that it is given: each of its makings reads all of them.
    pub(super) fn check_room_for_properties(&self, name: &str, new: &[Property]) -> Result<(), CommandError> {
        let Some(client) = self.client(name) else { return Ok(()) };
        if changed(&client.recipe.properties, new).len() <= MAX_OPTIONS {
            return Ok(());
        }
        let en = format!("{name}: a client has at most {MAX_OPTIONS} properties, and these are more");
        let ko = format!("{name}: 클라이언트의 속성은 최대 {MAX_OPTIONS}개인데, 이 줄로 그보다 많아집니다");
        Err(CommandError::named(both(en, ko)))
    }

    fn set_client(&mut self, by: By, name: &Arc<str>, properties: &[Property], sink: &mut Sink) -> Performed {
        let Some(client) = self.client(name) else { return Performed::Done };
        let mut recipe = Recipe::clone(&client.recipe);
        recipe.properties = changed(&recipe.properties, properties);
        let (task, topics, assigned) = match &client.node {
            ClientNode::Producer(_) => (ProgramTask::Close { timeout_ms: None }, Vec::new(), Vec::new()),
            ClientNode::Consumer(consumer) => {
                let topics: Vec<Arc<str>> = consumer.subscriptions().subscription().iter().cloned().collect();
                let assigned = if topics.is_empty() { owned(consumer) } else { Vec::new() };
                (ProgramTask::CloseConsumer { timeout_ms: Some(30_000), remain: None }, topics, assigned)
            }
        };
        let remake = Remake { recipe, topics, assigned };
        self.owners.remakes(self.client_index(name));
        self.give_task_for(by, name, task, Some(Arc::new(remake)), sink)
    }

    /// The old client is closed: the new one takes its place.
    pub(super) fn remake_client(&mut self, by: By, closed: ClientId, remake: &Remake, sink: &mut Sink) {
        let name = remake.recipe.name.clone();
        let kept = self.owners.take_kept(usize::from(closed.0) - 1);
        let former = self.by_name.get(&name).copied();
        if former != Some(closed) {
            // Another setting, or the user, has made it anew while this one waited for the old one to close.
            let sentence = format!("{name} was made anew meanwhile: change the setting again");
            self.observe(by, Some(&name), super::Seen::Refused(Arc::from(sentence)), sink);
            self.give_kept(&name, kept, None, sink);
            return;
        }
        if let Performed::Failed(error) = self.make_client(by, remake.recipe.clone(), sink) {
            let seen = super::Seen::Refused(Arc::from(error.why.en.as_str()));
            self.observe(by, Some(&name), seen, sink);
            self.give_kept(&name, kept, None, sink);
            return;
        }
        if self.by_name.get(&name).copied() == former {
            return;
        }
        let subscribes = kept.iter().any(|of| matches!(of, ForHeir::Task(_, _, task) if task.says_what_is_read()));
        if subscribes {
            // What is read is another from the first on.
        } else if !remake.topics.is_empty() {
            let call = ConsumerCall::Subscribe { topics: remake.topics.clone() };
            self.give_task(by, &name, ProgramTask::Call(call), sink);
        } else if !remake.assigned.is_empty() {
            let call = ConsumerCall::Assign { partitions: remake.assigned.clone() };
            self.give_task(by, &name, ProgramTask::Call(call), sink);
        }
        let left = self.clients[usize::from(closed.0) - 1].application.left().cloned();
        self.give_kept(&name, kept, left, sink);
    }

    /// Gives the newest client of a name what one before it was told while it closed; `left` is the loop that it was in.
    fn give_kept(&mut self, name: &Arc<str>, kept: Vec<ForHeir>, left: Option<Resumed>, sink: &mut Sink) {
        let (i, mut program) = (self.client_index(name), left);
        if kept.is_empty() && program.is_none() {
            return;
        }
        let application = Arc::make_mut(&mut self.clients[i].application);
        for of in kept {
            match of {
                ForHeir::Task(id, written, task) => {
                    self.owners.give_to(id, i);
                    application.add(id, written, task);
                }
                ForHeir::Program(of) => program = Some(of),
            }
        }
        if let Some(program) = program {
            application.resume(program, self.clock.now);
        }
        self.go_on(i, sink);
    }
}
