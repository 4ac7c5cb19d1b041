//! What a picture of a run needs beside its state: the keys in the order in which they appeared, what was sent lately,
//! what failed, and what was processed twice.

use std::collections::VecDeque;
use std::sync::Arc;

use super::chunks::Chunks;
use super::intervals::Intervals;
use super::promises::Promises;
use super::seen_groups::SeenGroups;
use crate::call::{Datum, ProducerRecord};
use crate::client::producer::{CallWork, Producer, SendCall};
use crate::event::hand::HandEvent;
use crate::event::producer::ProducerEvent;
use crate::event::program::ProgramEvent;
use crate::event::{Event, Family};
use crate::ids::{ClientId, PartitionNo, Process, RecordId};
use crate::simulation::{ClientNode, Simulation};
use crate::sorted::SortedMap;

/// So many different keys are told apart; a later one shares its number with all that follow.
const KEYS: usize = 999;
/// So many records that were sent are kept as the program gave them, so that one that never reached a log can be shown.
const RECENT: usize = 256;
/// Bytes: larger records are not kept.
const SMALL: usize = 2_048;
/// So many that failed are kept besides, whatever was sent since.
const FAILED: usize = 64;
/// Letters or bytes that are kept of each part of a larger record.
const BEGINNING: usize = 401;
/// The number of a null key.
const NULL: u16 = 0;

/// The number of a key, from 1 in order of appearance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyNumber {
    Null,
    Known(u16),
    /// One of those that came after the first 999.
    Late,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Keys {
    in_order: Vec<Arc<[u8]>>,
    numbers: SortedMap<Arc<[u8]>, u16>,
}

/// A record as the program gave it, or of a large one the beginnings of its parts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kept {
    id: RecordId,
    record: Arc<ProducerRecord>,
    is_whole: bool,
}

/// The keys, the latest records, and what became of records at their producers and consumers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SeenRecords {
    keys: Arc<Keys>,
    /// The number of each record's key, by client and the record's number.
    of: SortedMap<ClientId, Chunks<u16, 1024>>,
    recent: Arc<VecDeque<Kept>>,
    refused: Arc<VecDeque<Kept>>,
    twice: SortedMap<(ClientId, PartitionNo), Arc<Intervals>>,
    /// How many records of each producer failed.
    failed: SortedMap<ClientId, u64>,
    /// What last happened to each process as a whole.
    processes: SortedMap<Process, Event>,
    groups: SeenGroups,
}

impl SeenRecords {
    /// The number of a record's key; none before it is serialized.
    pub fn key_of(&self, record: RecordId) -> Option<KeyNumber> {
        let number = *self.of.get(&record.client)?.get(record.number)?;
        Some(match usize::from(number) {
            0 => KeyNumber::Null,
            n if n <= self.keys.in_order.len() => KeyNumber::Known(number),
            _ => KeyNumber::Late,
        })
    }

    /// The number that a key has, or would get if it came next.
    pub fn number_of(&self, key: Option<&[u8]>) -> KeyNumber {
        let Some(key) = key else { return KeyNumber::Null };
        match self.keys.numbers.get(key) {
            Some(number) => KeyNumber::Known(*number),
            None if self.keys.in_order.len() >= KEYS => KeyNumber::Late,
            None => KeyNumber::Known(self.keys.in_order.len() as u16 + 1),
        }
    }

    /// The bytes of a key by its number.
    pub fn key(&self, number: u16) -> Option<&Arc<[u8]>> {
        self.keys.in_order.get(usize::from(number).checked_sub(1)?)
    }

    /// A record as the program gave it, while it is among the latest.
    pub fn recent(&self, record: RecordId) -> Option<&Arc<ProducerRecord>> {
        let found = self.recent.iter().rev().find(|kept| kept.id == record);
        found.filter(|kept| kept.is_whole).map(|kept| &kept.record)
    }

    /// What is still known of a record as the program gave it: of a large one the beginnings of its parts. Those that failed
    /// are remembered longer: they lie in no log.
    pub fn given(&self, record: RecordId) -> Option<&Arc<ProducerRecord>> {
        let all = self.recent.iter().rev().chain(self.refused.iter().rev());
        all.into_iter().find(|kept| kept.id == record).map(|kept| &kept.record)
    }

    /// The offsets of a partition that this consumer processed although its group had processed them before.
    pub fn twice(&self, client: ClientId, partition: PartitionNo) -> Option<&Intervals> {
        self.twice.get(&(client, partition)).map(|intervals| &**intervals)
    }

    /// How many records of this producer have failed: their callbacks got an exception.
    pub fn failed(&self, client: ClientId) -> u64 {
        self.failed.get(&client).copied().unwrap_or_default()
    }

    /// What last happened to a process as a whole: it was started, stopped, killed, frozen, thawed.
    pub fn last_of(&self, process: Process) -> Option<&Event> {
        self.processes.get(&process)
    }

    /// What was seen of groups and their members.
    pub const fn groups(&self) -> &SeenGroups {
        &self.groups
    }

    /// Takes in an event, before the promises do.
    pub(super) fn take(&mut self, event: &Event, promises: &Promises, simulation: &Simulation) {
        self.groups.take(event, simulation);
        match event.kind.family() {
            Family::Producer(of) => self.take_of_producer(of, simulation),
            Family::Program(of) => self.take_of_program(of, promises),
            Family::Hand(of) => {
                if let Some(process) = process_of(of) {
                    self.processes.insert(process, *event);
                }
            }
            Family::Consumer(_) | Family::Broker(_) | Family::Group(_) | Family::Network(_) => {}
        }
    }

    fn take_of_producer(&mut self, event: ProducerEvent, simulation: &Simulation) {
        use ProducerEvent::*;
        match event {
            SendCalled(of) => {
                if let Some(send) = sending(simulation, of.record) {
                    self.keep(of.record, &send.record);
                }
            }
            Serialized(of) => {
                if let Some(send) = sending(simulation, of.record) {
                    self.number(of.record, send.key.as_slice());
                }
            }
            RecordFailed(of) => {
                *self.failed.entry(of.record.client).or_default() += 1;
                self.refuse(of.record);
            }
            SendFailed(of) => self.refuse(of.record),
            MetadataAwaited(_)
            | Partitioned(_)
            | MemoryAwaited(_)
            | Appended(_)
            | BatchReady(_)
            | BatchDrained(_)
            | BatchSplit(_)
            | BatchRetried(_)
            | BatchExpired(_)
            | BatchFailed(_)
            | BatchAcknowledged(_)
            | RecordAcknowledged(_)
            | ProducerIdRefused(_)
            | ProducerIdAssigned(_)
            | ProducerEpochBumped(_) => {}
        }
    }

    fn take_of_program(&mut self, event: ProgramEvent, promises: &Promises) {
        match event {
            ProgramEvent::RecordsProcessed(of) => {
                let Some(before) = promises.processed(of.client, of.partition) else { return };
                for (start, end) in before.iter() {
                    let (start, end) = (start.max(of.first), end.min(of.last + 1));
                    if start < end {
                        Arc::make_mut(self.twice.entry((of.client, of.partition)).or_default()).add(start, end);
                    }
                }
            }
            ProgramEvent::CallStarted(_) | ProgramEvent::CallReturned(_) => {}
        }
    }

    fn keep(&mut self, id: RecordId, record: &Arc<ProducerRecord>) {
        let size = |datum: &Datum| match datum {
            Datum::Null => 0,
            Datum::Text(text) => text.len(),
            Datum::Bytes(bytes) => bytes.len(),
        };
        let is_whole = size(&record.key) + size(&record.value) <= SMALL;
        let record = if is_whole { record.clone() } else { Arc::new(beginning(record)) };
        push(&mut self.recent, RECENT, Kept { id, record, is_whole });
    }

    /// A record failed: it is kept beyond those that are sent after it.
    fn refuse(&mut self, record: RecordId) {
        if let Some(kept) = self.recent.iter().rev().find(|kept| kept.id == record).cloned() {
            push(&mut self.refused, FAILED, kept);
        }
    }

    fn number(&mut self, record: RecordId, key: Option<&[u8]>) {
        let number = match key {
            None => NULL,
            Some(key) => match self.keys.numbers.get(key) {
                Some(number) => *number,
                None if self.keys.in_order.len() >= KEYS => KEYS as u16 + 1,
                None => {
                    let keys = Arc::make_mut(&mut self.keys);
                    let key: Arc<[u8]> = Arc::from(key);
                    keys.in_order.push(key.clone());
                    let number = keys.in_order.len() as u16;
                    keys.numbers.insert(key, number);
                    number
                }
            },
        };
        let of = self.of.entry(record.client).or_default();
        // A send that failed before it was serialized has no key here.
        while of.len() < record.number {
            of.push(NULL);
        }
        of.push(number);
    }
}

fn push(all: &mut Arc<VecDeque<Kept>>, most: usize, one: Kept) {
    let all = Arc::make_mut(all);
    if all.len() >= most {
        all.pop_front();
    }
    all.push_back(one);
}

/// A record with the beginnings of its key and its value.
fn beginning(record: &ProducerRecord) -> ProducerRecord {
    let cut = |datum: &Datum| match datum {
        Datum::Null => Datum::Null,
        Datum::Text(text) => Datum::Text(text.chars().take(BEGINNING).collect::<String>().into()),
        Datum::Bytes(bytes) => Datum::Bytes(bytes.iter().copied().take(BEGINNING).collect()),
    };
    ProducerRecord { key: cut(&record.key), value: cut(&record.value), headers: Arc::default(), ..record.clone() }
}

/// The process that something happened to as a whole.
const fn process_of(event: HandEvent) -> Option<Process> {
    use HandEvent::*;
    match event {
        BrokerCrashed(of) => Some(Process::Broker(of.broker)),
        BrokerStopped(of) => Some(Process::Broker(of.broker)),
        BrokerStarted(of) => Some(Process::Broker(of.broker)),
        ClientKilled(of) => Some(Process::Client(of.client)),
        ClientClosed(of) => Some(Process::Client(of.client)),
        ProcessPaused(of) => Some(of.process),
        ClientStarted(_) | FaultArmed(_) | ClusterPaused(_) | LinkCut(_) | LinkSlowed(_) | LinkMended(_)
        | HoldArmed(_) | MessageHeld(_) | HoldReleased(_) | ResponseDropped(_) | ErrorAnswered(_)
        | ProcessingChanged(_) | AdminRefused(_) | ConstructorThrew(_) | ChapterBegan(_) | ScriptStopped(_) => None,
    }
}

/// The send of this record, while it is on its way into the accumulator.
fn sending(simulation: &Simulation, record: RecordId) -> Option<&SendCall> {
    let client = simulation.clients().get(usize::from(record.client.0).checked_sub(1)?)?;
    let ClientNode::Producer(producer) = &client.node else { return None };
    match Producer::active_call(producer)?.work.as_ref()? {
        CallWork::Send(send) if send.id == record => Some(send),
        _ => None,
    }
}
