//! A group coordinator in its runtime, above a log that commits at once, late or not at all, or refuses.

use std::sync::Arc;

use bytes::Bytes;
use kafka_protocol::messages::{OffsetFetchRequest, OffsetFetchResponse};
use partita::coordinator::group::{CoordinatorRequest, GroupConfig, GroupCoordinator, GroupRecord};
use partita::coordinator::runtime::{
    Appended, CoordinatorRuntime, CoordinatorShard, Effects, LoadedBatch, OperationKind, RequestToken,
};
use partita::error::Code;
use partita::ids::{ClientId, ConnectionId};
use partita::time::{Instant, Now};
use partita::wire::Request;

/// The one partition.
const PARTITION: i32 = 0;

pub type GroupEffects = Effects<GroupCoordinator>;

/// One batch: keys and values.
type Batch = Vec<(Bytes, Option<Bytes>)>;

/// What the log does with the next batches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    #[default]
    Commits,
    /// The high watermark stays where it is.
    Waits,
    Refuses(Code),
}

pub struct Coordinated {
    config: Arc<GroupConfig>,
    runtime: CoordinatorRuntime<GroupCoordinator>,
    batches: Vec<Batch>,
    /// Counted in batches: each is one offset here.
    committed: usize,
    epoch: i32,
    pub mood: Mood,
}

/// A request of a connection that sends one.
pub fn token(number: u32) -> RequestToken {
    RequestToken { connection: ConnectionId::of_client(ClientId(1), number), part: 0 }
}

impl Coordinated {
    pub fn new(now: Now, config: GroupConfig) -> Coordinated {
        let mut coordinated = Coordinated {
            config: Arc::new(config),
            runtime: CoordinatorRuntime::default(),
            batches: Vec::new(),
            committed: 0,
            epoch: 0,
            mood: Mood::Commits,
        };
        coordinated.load(now, &mut Effects::default());
        coordinated
    }

    pub fn coordinator(&self) -> &GroupCoordinator {
        self.runtime.read(PARTITION).expect("it is loaded").0
    }

    pub fn next_timeout(&self) -> Option<Instant> {
        self.runtime.next_timeout()
    }

    pub fn ask(&mut self, now: Now, request: CoordinatorRequest) -> GroupEffects {
        let kind = match request.body {
            Request::Heartbeat(_) | Request::OffsetFetch(_) => OperationKind::Touch,
            _ => OperationKind::Write,
        };
        let mut effects = Effects::default();
        let mut append = append(&mut self.batches, &mut self.committed, self.mood);
        let asked = self.runtime.operate(now, PARTITION, kind, &mut append, &mut effects, |coordinator, output| {
            coordinator.handle(now, request, output);
        });
        asked.expect("it is loaded");
        effects
    }

    pub fn fire(&mut self, now: Now) -> GroupEffects {
        let mut effects = Effects::default();
        let mut append = append(&mut self.batches, &mut self.committed, self.mood);
        self.runtime.on_timeout(now, PARTITION, &mut append, &mut effects);
        effects
    }

    /// All that is in the log is committed now.
    pub fn commit(&mut self, now: Now) -> GroupEffects {
        let mut effects = Effects::default();
        self.committed = self.batches.len();
        self.runtime.on_high_watermark(now, PARTITION, self.committed as i64, &mut effects);
        effects
    }

    /// Another broker leads: what was not committed is lost, or not. The effects are of the end, then of the beginning.
    pub fn fail_over(&mut self, now: Now, keeps_all: bool) -> (GroupEffects, GroupEffects) {
        let (mut ended, mut began) = (Effects::default(), Effects::default());
        if !keeps_all {
            self.batches.truncate(self.committed);
        }
        self.epoch += 1;
        self.runtime.unload(now, PARTITION, Some(self.epoch), &mut ended);
        assert_eq!(self.runtime.next_timeout(), None);
        self.load(now, &mut began);
        (ended, began)
    }

    fn load(&mut self, now: Now, effects: &mut GroupEffects) {
        let empty = GroupCoordinator::new(self.config.clone());
        assert!(self.runtime.begin_loading(PARTITION, self.epoch, empty), "it is to be loaded");
        assert_eq!(self.runtime.check(PARTITION), Err(Code::CoordinatorLoadInProgress));
        let batches: Vec<_> = (0..)
            .zip(&self.batches)
            .map(|(last_offset, batch)| LoadedBatch { last_offset, records: records(batch) })
            .collect();
        self.runtime.loaded(now, PARTITION, batches, self.committed as i64, effects);
    }

    /// What those who only read are told.
    pub fn read_committed(&self, request: &OffsetFetchRequest) -> OffsetFetchResponse {
        let (coordinator, before) = self.runtime.read(PARTITION).expect("it is loaded");
        coordinator.committed(before).offset_fetch(8, request)
    }

    /// What a coordinator that replays the log would know; its groups do not live yet.
    pub fn replayed(&self) -> GroupCoordinator {
        let mut fresh = GroupCoordinator::new(self.config.clone());
        for record in self.batches.iter().flat_map(records) {
            fresh.replay(&record);
        }
        fresh
    }
}

fn records(batch: &Batch) -> Vec<GroupRecord> {
    let read = |(key, value): &(Bytes, Option<Bytes>)| {
        GroupRecord::read(key, value.as_deref()).expect("a record").expect("of a type that is built")
    };
    batch.iter().map(read).collect()
}

fn append<'a>(
    batches: &'a mut Vec<Batch>,
    committed: &'a mut usize,
    mood: Mood,
) -> impl FnMut(&[GroupRecord]) -> Result<Appended, Code> + 'a {
    move |records| {
        if let Mood::Refuses(code) = mood {
            return Err(code);
        }
        batches.push(records.iter().map(|record| (record.key(), record.value())).collect());
        if mood == Mood::Commits {
            *committed = batches.len();
        }
        Ok(Appended { last_offset: batches.len() as i64 - 1, high_watermark: *committed as i64 })
    }
}
