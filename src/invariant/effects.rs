//! What settings came to: of each client what its batches, requests, commits and polls ended by, counted.

use std::sync::Arc;

use crate::event::consumer::ConsumerEvent;
use crate::event::group::GroupEvent;
use crate::event::network::NetworkEvent;
use crate::event::producer::ProducerEvent;
use crate::event::{CommitHow, EventKind, Family, MemberGone, PositionWhy, ReadyWhy, ResetWhy};
use crate::ids::ClientId;
use crate::sorted::SortedMap;

/// What a client's settings came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Effects {
    /// Batches that might leave because `linger.ms` had passed, because they were full, and for another reason.
    pub lingered: u64,
    pub full: u64,
    pub otherwise: u64,
    /// Records whose results came with an offset, without one as `acks=0` has it, or with an exception.
    pub answered: u64,
    pub unanswered: u64,
    pub failed: u64,
    /// Batches that were put back to be sent again.
    pub retried: u64,
    pub timed_out: u64,
    /// Commits that succeeded: the client's own, and those of its program.
    pub auto_commits: u64,
    pub sync_commits: u64,
    pub async_commits: u64,
    /// Polls that returned records, and the most that one returned.
    pub polls: u64,
    pub most_polled: u64,
    /// How often its coordinator removed it because its session had ended.
    pub sessions_ended: u64,
    /// How often it gave its coordinator up itself, for want of an answer to its heartbeats.
    pub sessions_lost: u64,
    pub polls_too_late: u64,
    /// Positions that `auto.offset.reset` chose.
    pub resets: u64,
}

impl Effects {
    /// Of several clients together.
    #[must_use]
    pub fn and(self, of: Effects) -> Effects {
        Effects {
            lingered: self.lingered + of.lingered,
            full: self.full + of.full,
            otherwise: self.otherwise + of.otherwise,
            answered: self.answered + of.answered,
            unanswered: self.unanswered + of.unanswered,
            failed: self.failed + of.failed,
            retried: self.retried + of.retried,
            timed_out: self.timed_out + of.timed_out,
            auto_commits: self.auto_commits + of.auto_commits,
            sync_commits: self.sync_commits + of.sync_commits,
            async_commits: self.async_commits + of.async_commits,
            polls: self.polls + of.polls,
            most_polled: self.most_polled.max(of.most_polled),
            sessions_ended: self.sessions_ended + of.sessions_ended,
            sessions_lost: self.sessions_lost + of.sessions_lost,
            polls_too_late: self.polls_too_late + of.polls_too_late,
            resets: self.resets + of.resets,
        }
    }
}

/// Of all clients, by the events of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct EffectsOf {
    clients: Arc<SortedMap<ClientId, Effects>>,
}

impl EffectsOf {
    pub fn client(&self, client: ClientId) -> Effects {
        self.clients.get(&client).copied().unwrap_or_default()
    }

    pub(super) fn take(&mut self, event: &EventKind) {
        match event.family() {
            Family::Producer(of) => self.take_of_producer(of),
            Family::Consumer(of) => self.take_of_consumer(of),
            Family::Network(NetworkEvent::RequestTimedOut(of)) => {
                if let Some(client) = of.connection.client() {
                    self.of(client).timed_out += 1;
                }
            }
            Family::Group(GroupEvent::MemberRemoved(of)) if of.why == MemberGone::SessionExpired => {
                self.of(of.client).sessions_ended += 1;
            }
            Family::Program(_) | Family::Network(_) | Family::Broker(_) | Family::Group(_) | Family::Hand(_) => {}
        }
    }

    fn of(&mut self, client: ClientId) -> &mut Effects {
        Arc::make_mut(&mut self.clients).entry(client).or_default()
    }

    fn take_of_producer(&mut self, event: ProducerEvent) {
        use ProducerEvent::*;
        match event {
            BatchReady(of) => {
                let effects = self.of(of.batch.client);
                match of.why {
                    ReadyWhy::Linger => effects.lingered += 1,
                    ReadyWhy::Full => effects.full += 1,
                    ReadyWhy::Exhausted | ReadyWhy::Flush | ReadyWhy::Close | ReadyWhy::SameBroker => {
                        effects.otherwise += 1;
                    }
                    // It was counted when it was ready for the first time.
                    ReadyWhy::Retry => {}
                }
            }
            BatchRetried(of) => self.of(of.batch.client).retried += 1,
            RecordAcknowledged(of) if of.offset < 0 => self.of(of.record.client).unanswered += 1,
            RecordAcknowledged(of) => self.of(of.record.client).answered += 1,
            RecordFailed(of) => self.of(of.record.client).failed += 1,
            SendFailed(of) => self.of(of.record.client).failed += 1,
            SendCalled(_)
            | MetadataAwaited(_)
            | Serialized(_)
            | Partitioned(_)
            | MemoryAwaited(_)
            | Appended(_)
            | BatchDrained(_)
            | BatchSplit(_)
            | BatchExpired(_)
            | BatchFailed(_)
            | BatchAcknowledged(_)
            | ProducerIdRefused(_)
            | ProducerIdAssigned(_)
            | ProducerEpochBumped(_) => {}
        }
    }

    fn take_of_consumer(&mut self, event: ConsumerEvent) {
        use ConsumerEvent::*;
        match event {
            PollReturned(of) if of.records > 0 => {
                let effects = self.of(of.client);
                effects.polls += 1;
                effects.most_polled = effects.most_polled.max(of.records.into());
            }
            CommitSucceeded(of) => {
                let effects = self.of(of.client);
                match of.how {
                    CommitHow::Auto => effects.auto_commits += 1,
                    CommitHow::Sync => effects.sync_commits += 1,
                    CommitHow::Async => effects.async_commits += 1,
                }
            }
            SessionLost(of) => self.of(of.client).sessions_lost += 1,
            PollIntervalExceeded(of) => self.of(of.client).polls_too_late += 1,
            PositionSet(of) => match of.why {
                PositionWhy::Earliest(why) | PositionWhy::Latest(why) | PositionWhy::ByDuration(why) => {
                    // What the program asked for is no doing of the setting.
                    self.of(of.client).resets += u64::from(why != ResetWhy::Asked);
                }
                PositionWhy::Committed | PositionWhy::Seek | PositionWhy::Diverged => {}
            },
            RecordsReturned(_)
            | PollReturned(_)
            | JoinStarted(_)
            | Joined(_)
            | AssignmentComputed(_)
            | PartitionsAssigned(_)
            | PartitionsRevoked(_)
            | PartitionsLost(_)
            | OwnerChanged(_)
            | HeartbeatAnswered(_)
            | CommitStarted(_)
            | CommitFailed(_)
            | LeaveSent(_)
            | ConsumerPaused(_) => {}
        }
    }
}
