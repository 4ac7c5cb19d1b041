//! The consumer: the Java client of the classic group protocol (`ClassicKafkaConsumer`).
//!
//! Three things run in it: the application's thread while it is inside a call (`calls`), the heartbeat thread
//! (`membership`), and nothing else. What arrives lies in the inbox until one of the two reads it;
//! callbacks and listeners run only inside calls.

pub mod assignor;
mod calls;
mod fetching;
mod lent;
mod membership;
mod network;
mod positions;
mod settings;
mod turn;
mod view;

pub use calls::{CallInfo, CloseStage, PollStage, Waiting};
pub use membership::{Generation, MemberState};
pub use positions::{
    FetchPosition, FetchState, LeaderAndEpoch, PartitionState, ResetStrategy, SubscriptionKind, SubscriptionState,
};
pub use settings::{ConsumerSettings, Strategy};
pub use view::{CallStage, RebalancePhase};

use std::sync::Arc;

use self::calls::CallStack;
use self::fetching::{Fetcher, RecordReading};
use self::lent::Lent;
use self::membership::Membership;
use self::membership::state::Coordinator;
use self::network::{ConsumerNetworkClient, Purpose};
use self::positions::OffsetFetcher;
use self::turn::Turn;

use crate::call::OnRevoked;
use crate::client::net::{Interest, Metadata, NetConfig, NetworkClient};
use crate::config::ConsumerConfig;
use crate::error::Exception;
use crate::ids::{BrokerId, ClientId, EventId};
use crate::java::ExponentialBackoff;
use crate::node::{Input, Outbox};
use crate::rng::Rng;
use crate::sorted::SortedSet;
use crate::time::{Instant, Now};
use crate::wire::Frame;

/// Requests in flight to one broker (`ConsumerNetworkClient` sets no limit of its own).
const MAX_IN_FLIGHT: u32 = 100;

/// A `KafkaConsumer` with `group.protocol=classic`.
#[derive(Clone, Debug, PartialEq)]
pub struct Consumer {
    id: ClientId,
    settings: Arc<ConsumerSettings>,
    retry_backoff: ExponentialBackoff,
    reading: RecordReading,
    on_revoked: OnRevoked,
    client: ConsumerNetworkClient,
    subscriptions: SubscriptionState,
    /// Topics that a call asks about beside what is subscribed.
    transient_topics: Arc<SortedSet<Arc<str>>>,
    membership: Membership,
    fetcher: Fetcher,
    offsets: OffsetFetcher,
    /// As the last poll found it (`cachedSubscriptionHasAllFetchPositions`).
    all_positions_known: bool,
    app: CallStack,
    closed: bool,
    rng: Rng,
    /// When the first of the unread inputs arrived.
    arrived_at: Instant,
    /// When the network client has something to do although nothing arrives.
    net_due: Option<Instant>,
}

/// The machines of a consumer, and what one of them is lent.
struct Parts<'a> {
    membership: &'a mut Membership,
    fetcher: &'a mut Fetcher,
    offsets: &'a mut OffsetFetcher,
    lent: Lent<'a>,
}

/// Why the membership of a group is there.
const OF_GROUP: &str = "only a consumer with a group.id comes here";

impl Consumer {
    /// `new KafkaConsumer(properties)`, whose checks the configuration has passed.
    pub fn new(
        id: ClientId,
        config: ConsumerConfig,
        bootstrap: Vec<BrokerId>,
        on_revoked: OnRevoked,
        now: Now,
        mut rng: Rng,
    ) -> Consumer {
        let settings = ConsumerSettings::of(&config);
        let ms = |value: i64| u64::try_from(value).unwrap_or(0);
        let retry_backoff = settings.retry_backoff();
        let interest = Interest::Consumer {
            topics: Some(Vec::new()),
            allow_auto_topic_creation: settings.allow_auto_create_topics,
        };
        let servers = u8::try_from(bootstrap.len()).expect("there are at most nine brokers");
        let max_age_ms = ms(config.metadata_max_age_ms);
        let metadata = Metadata::new(interest, retry_backoff, max_age_ms, servers, rng.fork());
        let net = NetConfig {
            client_id: settings.client_id.clone(),
            request_timeout_ms: settings.request_timeout_ms,
            max_in_flight: MAX_IN_FLIGHT,
            reconnect_backoff_ms: ms(config.reconnect_backoff_ms),
            reconnect_backoff_max_ms: ms(config.reconnect_backoff_max_ms),
            setup_timeout_ms: ms(config.socket_connection_setup_timeout_ms),
            setup_timeout_max_ms: ms(config.socket_connection_setup_timeout_max_ms),
            max_idle_ms: ms(config.connections_max_idle_ms),
            rebootstrap: config.metadata_rebootstrap,
            rebootstrap_trigger_ms: ms(config.metadata_rebootstrap_trigger_ms),
        };
        let net = NetworkClient::new(id, net, &bootstrap, metadata, rng.fork());
        let membership = Membership::of(&settings, now);
        Consumer {
            id,
            retry_backoff,
            reading: RecordReading::of(&config),
            on_revoked,
            client: ConsumerNetworkClient::new(net, settings.request_timeout_ms),
            subscriptions: SubscriptionState::new(settings.auto_offset_reset),
            transient_topics: Arc::default(),
            membership,
            fetcher: Fetcher::default(),
            offsets: OffsetFetcher::default(),
            all_positions_known: false,
            app: CallStack::new(),
            closed: false,
            rng,
            arrived_at: now.at,
            net_due: None,
            settings: Arc::new(settings),
        }
    }

    /// Takes in one input, or does the earliest piece of work that is due.
    pub fn handle(&mut self, now: Now, input: Input, out: &mut Outbox) {
        match input {
            Input::Timer => self.run(now, out),
            Input::Frame(..) | Input::Connected(_) | Input::Disconnected(_) => {
                if self.closed {
                    return;
                }
                if !self.client.wants_pass() {
                    self.arrived_at = now.at;
                }
                self.client.net.arrive(input, out);
            }
            Input::Image(_) | Input::Answered(..) => unreachable!("a client is no broker"),
        }
    }

    fn run(&mut self, now: Now, out: &mut Outbox) {
        let (app, heartbeat) = (self.app_due(), self.heartbeat_thread_due());
        let turn = &mut Turn { now, cause: EventId::NONE, out };
        match (app, heartbeat) {
            (Some(app), Some(heartbeat)) if heartbeat <= app && heartbeat <= now.at => self.run_heartbeat(turn),
            (None, Some(heartbeat)) if heartbeat <= now.at => self.run_heartbeat(turn),
            (Some(app), _) if app <= now.at => self.run_app(turn),
            _ => {}
        }
        self.net_due = self.client.next_timeout(now);
    }

    /// When [`Consumer::handle`] has something to do although nothing arrives.
    pub fn next_timeout(&self) -> Option<Instant> {
        match (self.app_due(), self.heartbeat_thread_due()) {
            (Some(app), Some(heartbeat)) => Some(app.min(heartbeat)),
            (app, heartbeat) => app.or(heartbeat),
        }
    }

    /// When the heartbeat thread runs next. While the application's thread is in the network client, or looks for the
    /// coordinator, it holds the lock that this thread needs.
    fn heartbeat_thread_due(&self) -> Option<Instant> {
        let is_locked = matches!(self.app.waiting, Waiting::Network { .. })
            || self.app.holds_coordinator_lock()
            || self.awaits_metadata_as_leader();
        if is_locked {
            return None;
        }
        let arrived = self.client.wants_pass().then_some(self.arrived_at);
        self.membership.classic()?.heartbeat_thread_due(&self.settings, arrived, self.net_due)
    }

    /// One turn of the heartbeat thread's loop.
    fn run_heartbeat(&mut self, turn: &mut Turn<'_>) {
        if !self.group_mut().heartbeat_thread_goes_on() {
            return;
        }
        // What cannot be written is thrown in the application's thread, too.
        _ = self.network_pass(turn);
        let (group, mut lent) = self.member(turn.cause);
        let looked = group.look_around(&mut lent, turn);
        if looked.left {
            _ = self.network_pass(turn);
        }
        self.group_mut().set_heartbeat_thread(looked.next);
    }

    fn handle_answer(&mut self, purpose: Purpose, result: Result<Arc<Frame>, Exception>, turn: &mut Turn<'_>) {
        let now = turn.now;
        match purpose {
            Purpose::FindCoordinator => {
                let (group, mut lent) = self.member(turn.cause);
                group.handle_find_coordinator(&mut lent, result, turn);
            }
            Purpose::JoinGroup(sent) => {
                let (group, mut lent) = self.member(turn.cause);
                group.handle_join_group(&mut lent, &sent, result, turn);
            }
            Purpose::SyncGroup(sent) => {
                let (group, mut lent) = self.member(turn.cause);
                group.handle_sync_group(&mut lent, &sent, result, turn);
            }
            Purpose::Heartbeat(sent) => {
                let (group, mut lent) = self.member(turn.cause);
                group.handle_heartbeat(&mut lent, &sent, result, turn);
            }
            Purpose::LeaveGroup => {
                let (group, mut lent) = self.member(turn.cause);
                group.handle_leave_group(&mut lent, &result, turn);
            }
            Purpose::OffsetCommit(number, sent) => {
                let (group, mut lent) = self.member(turn.cause);
                group.handle_offset_commit(&mut lent, number, &sent, result, turn);
            }
            Purpose::OffsetFetch(number) => {
                let (group, mut lent) = self.member(turn.cause);
                group.handle_offset_fetch(&mut lent, number, result, turn);
            }
            Purpose::ResetPositions(asked) => {
                let (offsets, mut lent) = self.offset_fetcher(turn.cause);
                offsets.handle_reset_positions(&mut lent, &asked, result, now, turn.out);
            }
            Purpose::ListOffsets(round) => self.offsets.handle_list_offsets(round, result),
            Purpose::CurrentLag(partition) => {
                OffsetFetcher::handle_current_lag(&mut self.lent(turn.cause), &partition, result);
            }
            Purpose::ValidatePositions(asked) => {
                let (offsets, mut lent) = self.offset_fetcher(turn.cause);
                offsets.handle_validate_positions(&mut lent, &asked, result, now, turn.out);
            }
            Purpose::Fetch(broker, asked) => {
                let (fetcher, mut lent) = self.fetcher(turn.cause);
                fetcher.handle_fetch(&mut lent, broker, &asked, result);
            }
            Purpose::CloseSession(_) => {}
            Purpose::TopicMetadata => self.handle_topic_metadata(result),
        }
    }

    /// What is lent to a machine for one step.
    fn lent(&mut self, cause: EventId) -> Lent<'_> {
        self.offset_fetcher(cause).1
    }

    fn offset_fetcher(&mut self, cause: EventId) -> (&mut OffsetFetcher, Lent<'_>) {
        let Parts { offsets, lent, .. } = self.parts(cause);
        (offsets, lent)
    }

    fn fetcher(&mut self, cause: EventId) -> (&mut Fetcher, Lent<'_>) {
        let Parts { fetcher, lent, .. } = self.parts(cause);
        (fetcher, lent)
    }

    /// The member of a consumer with a `group.id`.
    fn member(&mut self, cause: EventId) -> (&mut Coordinator, Lent<'_>) {
        let Parts { membership, lent, .. } = self.parts(cause);
        (membership.classic_mut().expect(OF_GROUP), lent)
    }

    fn group(&self) -> &Coordinator {
        self.membership.classic().expect(OF_GROUP)
    }

    fn group_mut(&mut self) -> &mut Coordinator {
        self.membership.classic_mut().expect(OF_GROUP)
    }

    /// The machines, apart from what they are lent.
    fn parts(&mut self, cause: EventId) -> Parts<'_> {
        let lent = Lent {
            client: self.id,
            settings: &self.settings,
            subscriptions: &mut self.subscriptions,
            network: &mut self.client,
            transient_topics: &self.transient_topics,
            cause,
        };
        Parts { membership: &mut self.membership, fetcher: &mut self.fetcher, offsets: &mut self.offsets, lent }
    }

    /// Tells the metadata which topics are of interest now.
    fn update_metadata_topics(&mut self) {
        self.lent(EventId::NONE).update_metadata_topics();
    }
}
