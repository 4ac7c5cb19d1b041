//! The consumer: the Java client of the classic group protocol (`ClassicKafkaConsumer`).
//!
//! Three things run in it: the application's thread while it is inside a call ([`app`](self::app)), the heartbeat thread
//! ([`heartbeat`](self::heartbeat)), and nothing else. What arrives lies in the inbox until one of the two reads it;
//! callbacks and listeners run only inside calls.

mod app;
pub mod assignor;
mod calls;
mod close;
mod collect;
mod commit;
mod commit_request;
mod coordinator;
mod fetch_buffer;
mod fetch_session;
mod fetcher;
mod heartbeat;
mod join;
mod list_offsets;
mod lookup;
mod network;
mod offsets;
mod partitions_for;
mod poll;
mod rebalance;
mod settings;
mod subscription;
mod view;

pub use app::{CallInfo, Waiting};
pub use close::CloseStage;
pub use coordinator::{Generation, MemberState};
pub use poll::PollStage;
pub use settings::{Settings, Strategy};
pub use subscription::{
    FetchPosition, FetchState, LeaderAndEpoch, PartitionState, ResetStrategy, SubscriptionKind, SubscriptionState,
};
pub use view::{CallStage, RebalancePhase};

use std::sync::Arc;

use self::app::App;
use self::coordinator::Coordinator;
use self::fetch_buffer::Reading;
use self::fetcher::Fetcher;
use self::list_offsets::OffsetFetcher;
use self::network::{ConsumerNetworkClient, Purpose};
use self::offsets::Committed;
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
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Consumer {
    id: ClientId,
    settings: Arc<Settings>,
    retry_backoff: ExponentialBackoff,
    reading: Reading,
    on_revoked: OnRevoked,
    client: ConsumerNetworkClient,
    subscriptions: SubscriptionState,
    /// Topics that a call asks about beside what is subscribed.
    transient_topics: Arc<SortedSet<Arc<str>>>,
    /// None without `group.id`.
    coordinator: Option<Coordinator>,
    fetcher: Fetcher,
    offsets: OffsetFetcher,
    /// What the last look-up of committed offsets brought.
    fetched_committed: Option<Committed>,
    /// The event of its arrival.
    fetched_cause: EventId,
    /// The number of the last asynchronous commit.
    last_async_commit: Option<u32>,
    /// What the last look-up of a topic's partitions brought.
    topic_metadata: Option<Result<Vec<(i32, i32)>, Exception>>,
    /// As the last poll found it (`cachedSubscriptionHasAllFetchPositions`).
    all_positions_known: bool,
    app: App,
    closed: bool,
    rng: Rng,
    /// When the first of the unread inputs arrived.
    arrived_at: Instant,
    /// When the network client has something to do although nothing arrives.
    net_due: Option<Instant>,
    /// The event that led to what is being done.
    cause: EventId,
}

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
        let settings = Settings::of(&config);
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
        let coordinator = settings.group_id.clone().map(|group_id| Coordinator::new(group_id, &settings, now));
        Consumer {
            id,
            retry_backoff,
            reading: Reading::of(&config),
            on_revoked,
            client: ConsumerNetworkClient::new(net, settings.request_timeout_ms),
            subscriptions: SubscriptionState::new(settings.auto_offset_reset),
            transient_topics: Arc::default(),
            coordinator,
            fetcher: Fetcher::default(),
            offsets: OffsetFetcher::default(),
            fetched_committed: None,
            fetched_cause: EventId::NONE,
            last_async_commit: None,
            topic_metadata: None,
            all_positions_known: false,
            app: App::new(),
            closed: false,
            rng,
            arrived_at: now.at,
            net_due: None,
            cause: EventId::NONE,
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
            Input::Image(_) | Input::Controller(..) | Input::Answered(..) => unreachable!("a client is no broker"),
        }
    }

    fn run(&mut self, now: Now, out: &mut Outbox) {
        let (app, heartbeat) = (self.app_due(), self.heartbeat_thread_due());
        match (app, heartbeat) {
            (Some(app), Some(heartbeat)) if heartbeat <= app && heartbeat <= now.at => self.run_heartbeat(now, out),
            (None, Some(heartbeat)) if heartbeat <= now.at => self.run_heartbeat(now, out),
            (Some(app), _) if app <= now.at => self.run_app(now, out),
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

    fn handle_answer(&mut self, purpose: Purpose, result: Result<Arc<Frame>, Exception>, now: Now, out: &mut Outbox) {
        match purpose {
            Purpose::FindCoordinator => self.handle_find_coordinator(result, now, out),
            Purpose::JoinGroup(sent) => self.handle_join_group(&sent, result, now, out),
            Purpose::SyncGroup(sent) => self.handle_sync_group(&sent, result, out),
            Purpose::Heartbeat(sent) => self.handle_heartbeat(&sent, result, now, out),
            Purpose::LeaveGroup => {
                if let Err(exception) = result {
                    self.coordinator_request_failed(&exception, out);
                }
            }
            Purpose::OffsetCommit(number, sent) => self.handle_offset_commit(number, &sent, result, out),
            Purpose::OffsetFetch => self.handle_offset_fetch(result, out),
            Purpose::ResetPositions(asked) => self.handle_reset_positions(&asked, result, now, out),
            Purpose::ListOffsets(_) => self.handle_list_offsets(result),
            Purpose::CurrentLag(partition) => self.handle_current_lag(&partition, result),
            Purpose::ValidatePositions(asked) => self.handle_validate_positions(&asked, result, now, out),
            Purpose::Fetch(broker, asked) => self.handle_fetch(broker, &asked, result),
            Purpose::CloseSession(_) => {}
            Purpose::TopicMetadata => self.handle_topic_metadata(result),
        }
    }

    /// Tells the metadata which topics are of interest now.
    fn update_metadata_topics(&mut self) {
        let mut topics = self.subscriptions.metadata_topics();
        topics.extend(self.transient_topics.iter().cloned());
        self.client.net.metadata.set_topics(Some(topics.into_iter().collect()));
    }
}
