//! What a sentence is told with: the names of a run, and the settings in force.

use super::text::Chip;
use crate::config::{SettingNo, Side};
use crate::event::Event;
use crate::ids::{CallId, ClientId, EventId, Names, PartitionNo, RecordId};
use crate::invariant::{History, RecordIndex};
use crate::time::Instant;

/// Knows the values of settings.
pub trait SettingValues {
    /// The setting as `client` has it, or the cluster when it is no client's.
    fn chip(&self, client: Option<ClientId>, setting: &'static str) -> Chip;
}

/// Knows when an event happened.
pub trait Times {
    fn of(&self, event: EventId) -> Option<Instant>;
}

/// Who hears what became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The program keeps no future and gave no callback.
    ByNobody,
    /// It waits in `get()`.
    ByGet,
    ByCallback,
}

/// Knows the programs.
pub trait Programs {
    fn heard(&self, record: RecordId) -> Heard;
    /// Whether a call that threw was a loop's, which ends with it and closes nothing.
    fn ended_loop(&self, client: ClientId, call: CallId) -> bool;
    /// Whether a consumer's program works on records that `poll` gave it.
    fn is_at_work(&self, client: ClientId) -> bool;
    /// Whether a consumer has joined its group, as far as it knows: one that was given partitions by `assign` never does.
    fn has_joined(&self, client: ClientId) -> bool;
    /// Whether a consumer has a `group.instance.id`.
    fn is_static(&self, client: ClientId) -> bool;
}

/// What happened before.
#[derive(Clone, Copy)]
pub struct Past<'a> {
    pub history: &'a History,
    pub index: &'a RecordIndex,
    pub times: &'a dyn Times,
    pub programs: &'a dyn Programs,
}

/// An event, and what happened before it.
pub(super) struct Before<'a> {
    pub context: &'a Context<'a>,
    pub past: Past<'a>,
    pub id: EventId,
    pub event: &'a Event,
}

impl Before<'_> {
    /// A client's setting as it stands in a properties file; none where nobody knows it.
    pub fn setting(&self, client: ClientId, name: &'static str) -> Option<String> {
        Some(self.context.chip(Some(client), name).value).filter(|value| !value.is_empty())
    }
}

/// What sentences are told with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    names: &'a Names,
    settings: Option<&'a dyn SettingValues>,
    past: Option<Past<'a>>,
}

impl<'a> Context<'a> {
    pub fn new(names: &'a Names, settings: &'a dyn SettingValues) -> Context<'a> {
        Context { names, settings: Some(settings), past: None }
    }

    /// Without settings: chips have no values.
    pub const fn of_names(names: &'a Names) -> Context<'a> {
        Context { names, settings: None, past: None }
    }

    /// The same with what happened before.
    #[must_use]
    pub const fn knowing(self, past: Past<'a>) -> Context<'a> {
        Context { past: Some(past), ..self }
    }

    pub(super) const fn past(&self) -> Option<Past<'a>> {
        self.past
    }

    pub const fn names(&self) -> &'a Names {
        self.names
    }

    /// `orders-1`
    pub fn partition(&self, partition: PartitionNo) -> String {
        format!("{}-{}", self.names.topic(partition.topic), partition.partition)
    }

    pub(super) const fn knows_settings(&self) -> bool {
        self.settings.is_some()
    }

    pub(super) fn chip(&self, client: Option<ClientId>, setting: &'static str) -> Chip {
        match self.settings {
            Some(settings) => settings.chip(client, setting),
            None => Chip { setting, value: String::new(), changed: false, of: String::new() },
        }
    }
}

/// The property of this name, of a client's side or else of the cluster's.
pub fn setting_of(side: Side, name: &str) -> Option<SettingNo> {
    let sides = [side, Side::Topic, Side::Broker];
    sides.into_iter().find_map(|side| SettingNo::find(side, name))
}
