//! Whose what is under way is: tasks of programs, requests of the administrator.

use std::collections::VecDeque;
use std::sync::Arc;

use super::performed::By;
use super::process::Recipe;
use crate::application::{ProgramTask, Resumed, TaskId, Written};
use crate::ids::{BrokerId, TopicPartition};
use crate::script::Call;
use crate::sorted::SortedMap;
use crate::time::Instant;
use crate::wire::Request;

#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub(super) by: By,
    /// The place of the client whose task it is.
    pub(super) client: usize,
    pub(super) is_send: bool,
    /// What happens when the client was closed in order to be made anew.
    pub(super) remake: Option<Arc<Remake>>,
    /// What is looked at when the task is done.
    pub(super) look: Option<Call>,
}

/// Whose the tasks are, and the administrator's jobs.
#[derive(Clone, Debug, Default)]
pub(super) struct Owners {
    last: u32,
    open: SortedMap<TaskId, Owner>,
    /// Done, but for futures whose outcome is still to be told: the line they belong to.
    sending: SortedMap<TaskId, (By, u32)>,
    pub(super) jobs: VecDeque<Job>,
    /// The places of clients that are being closed in order to be made anew.
    remade: Vec<usize>,
    /// What such clients were told meanwhile, which is for those that take their places.
    kept: Vec<(usize, ForHeir)>,
}

/// What a client is told while it is being closed in order to be made anew.
#[derive(Clone, Debug)]
pub(super) enum ForHeir {
    Task(TaskId, Written, ProgramTask),
    Program(Resumed),
}

impl Owners {
    /// A task has an owner from now on; its number.
    pub(super) fn own(&mut self, owner: Owner) -> TaskId {
        self.last += 1;
        let task = TaskId(self.last);
        self.open.insert(task, owner);
        task
    }

    /// The outcomes of so many sends of this task are to be told.
    pub(super) fn await_outcomes(&mut self, task: TaskId, by: By, sends: u32) {
        self.sending.insert(task, (by, sends));
    }

    /// One more outcome of this task is told: who hears of it.
    pub(super) fn outcome_of(&mut self, task: TaskId) -> Option<By> {
        let (by, left) = self.sending.get_mut(&task)?;
        let by = *by;
        *left -= 1;
        if *left == 0 {
            self.sending.remove(&task);
        }
        Some(by)
    }

    /// A task is done: whose it was.
    pub(super) fn finish(&mut self, task: TaskId) -> Option<Owner> {
        self.open.remove(&task)
    }

    /// A client is being closed in order to be made anew.
    pub(super) fn remakes(&mut self, client: usize) {
        self.remade.push(client);
    }

    pub(super) fn is_remade(&self, client: usize) -> bool {
        self.remade.contains(&client)
    }

    pub(super) fn keep(&mut self, client: usize, of: ForHeir) {
        self.kept.push((client, of));
    }

    /// The client is closed: what it was told meanwhile, in order.
    pub(super) fn take_kept(&mut self, client: usize) -> Vec<ForHeir> {
        self.remade.retain(|other| *other != client);
        let (of_it, others) = std::mem::take(&mut self.kept).into_iter().partition(|(of, _)| *of == client);
        self.kept = others;
        let of_it: Vec<(usize, ForHeir)> = of_it;
        of_it.into_iter().map(|(_, of)| of).collect()
    }

    /// A task is another client's from now on.
    pub(super) fn give_to(&mut self, task: TaskId, client: usize) {
        if let Some(owner) = self.open.get_mut(&task) {
            owner.client = client;
        }
    }

    pub(super) fn is_open(&self, task: TaskId) -> bool {
        self.open.contains_key(&task)
    }

    /// The place of the client whose task it is.
    pub(super) fn client_of(&self, task: TaskId) -> Option<usize> {
        self.open.get(&task).map(|owner| owner.client)
    }
}

/// Which broker a request is for.
#[derive(Clone, Debug)]
pub(super) enum JobTarget {
    Any,
    Leader(TopicPartition),
    Coordinator(Arc<str>),
}

/// A request of the administrator that waits its turn or its answer.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) by: By,
    pub(super) target: JobTarget,
    pub(super) request: Request,
    /// What a created topic's partitions are led by, once it is there.
    pub(super) leaders: Option<(Arc<str>, Vec<BrokerId>)>,
    /// When it was first tried.
    pub(super) since: Instant,
}

/// How a client that was closed is made anew.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Remake {
    pub(super) recipe: Recipe,
    pub(super) topics: Vec<Arc<str>>,
    pub(super) assigned: Vec<TopicPartition>,
}
