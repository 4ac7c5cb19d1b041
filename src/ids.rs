//! Small numbers that name things. Events and indexes carry these; words come from [`Names`].

use std::sync::Arc;

use crate::sorted::SortedMap;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        pub struct $name(pub $inner);
    };
}

id!(
    /// A broker's `node.id`: 1 and up.
    BrokerId(i32)
);

impl BrokerId {
    /// The name of its host, by which lines of scripts name it, too.
    pub fn host(self) -> String {
        format!("broker-{}", self.0)
    }
}

/// A few brokers, in two bytes: of ids from 1 to 15.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct BrokerSet(u16);

impl BrokerSet {
    pub fn of(brokers: &[BrokerId]) -> BrokerSet {
        let bit = |broker: &BrokerId| u32::try_from(broker.0).ok().and_then(|id| 1_u16.checked_shl(id)).unwrap_or(0);
        BrokerSet(brokers.iter().map(bit).fold(0, |all, one| all | one))
    }

    /// In order of their ids.
    pub fn iter(self) -> impl Iterator<Item = BrokerId> + Clone {
        (0..16).filter(move |id| self.0 & (1 << id) != 0).map(BrokerId)
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Those of it that are not in `others`.
    #[must_use]
    pub const fn without(self, others: BrokerSet) -> BrokerSet {
        BrokerSet(self.0 & !others.0)
    }
}

id!(
    /// A client (producer, consumer, or the administrator's, which is number 0), in order of creation.
    /// A client made anew under the same name is a new client.
    ClientId(u16)
);
id!(
    /// A topic, numbered in order of creation.
    TopicNo(u16)
);
id!(
    /// A consumer group, numbered in order of appearance.
    GroupNo(u16)
);
id!(
    /// One event of a run, numbered from 1 in order; 0 is no event.
    EventId(u32)
);
id!(
    /// One call of an application into its client, numbered from 1 in order over the whole run; 0 is none.
    CallId(u32)
);

id!(
    /// An exception of Java's that a program was given, numbered from 1 in order of first appearance; 0 is none, or one
    /// of too many different ones.
    ExceptionNo(u16)
);

impl ExceptionNo {
    pub const NONE: ExceptionNo = ExceptionNo(0);
}

impl EventId {
    pub const NONE: EventId = EventId(0);
}

/// A process that runs: what a fault can act on, and what opens or takes a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum Process {
    Client(ClientId),
    Broker(BrokerId),
    Controller,
}

impl Process {
    pub const fn client(self) -> Option<ClientId> {
        match self {
            Process::Client(id) => Some(id),
            Process::Broker(_) | Process::Controller => None,
        }
    }

    pub const fn broker(self) -> Option<BrokerId> {
        match self {
            Process::Broker(id) => Some(id),
            Process::Client(_) | Process::Controller => None,
        }
    }
}

/// A TCP connection: who opened it, and the how-manieth of that process it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct ConnectionId {
    pub opener: Process,
    pub number: u32,
}

impl ConnectionId {
    /// No connection: where what happened came over none.
    pub const NONE: ConnectionId = ConnectionId { opener: Process::Controller, number: u32::MAX };

    pub const fn of_client(client: ClientId, number: u32) -> ConnectionId {
        ConnectionId { opener: Process::Client(client), number }
    }

    /// The client that opened it; none of one between the cluster's own processes.
    pub const fn client(self) -> Option<ClientId> {
        self.opener.client()
    }
}

/// A partition of a topic, by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct PartitionNo {
    pub topic: TopicNo,
    pub partition: i32,
}

/// The identity of a record, which is not in its bytes: a duplicate has one id and two offsets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct RecordId {
    pub client: ClientId,
    /// The how-manieth `send` of this client it came from, from 0.
    pub number: u32,
}

/// A batch of a producer, numbered from 0 in order of creation by that producer (`ProducerBatch`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct BatchId {
    pub client: ClientId,
    pub number: u32,
}

/// A topic and a partition by name, as Kafka prints it: `orders-0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicPartition {
    pub topic: Arc<str>,
    pub partition: i32,
}

impl TopicPartition {
    pub fn new(topic: &Arc<str>, partition: i32) -> TopicPartition {
        TopicPartition { topic: topic.clone(), partition }
    }
}

impl std::fmt::Display for TopicPartition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.topic, self.partition)
    }
}

/// The names behind the numbers, each in order of first appearance: part of the run's state, so that equal runs number alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Names {
    clients: Vec<Arc<str>>,
    namesakes: Namesakes,
    topics: Vec<Arc<str>>,
    topic_numbers: SortedMap<Arc<str>, TopicNo>,
    groups: Vec<Arc<str>>,
    group_numbers: SortedMap<Arc<str>, GroupNo>,
    /// Class and message.
    exceptions: Arc<Vec<(&'static str, Arc<str>)>>,
}

/// Which of its name each client is. It follows from who was made in which order, which the run's state holds: a digest does
/// not take it in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Namesakes {
    /// By a client's number: the producers that were made under its name before.
    before: Vec<u16>,
    /// By a name: the last client that was made under it, and how many producers were.
    of_name: SortedMap<Arc<str>, (ClientId, u16)>,
}

impl std::hash::Hash for Namesakes {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

/// Topics that a run may have at a time, the internal ones not counted.
pub const MAX_TOPICS: usize = 50;
/// Partitions that a topic may have.
pub const MAX_PARTITIONS: u32 = 100;
/// Names of topics, and of groups, that a run may meet: what requests ask for that no script could.
const NAMES: usize = 10_000;

/// Different exceptions whose words are kept: a run that makes more of them tells the later ones without.
const EXCEPTIONS: usize = 1_000;

impl Names {
    /// A new client under `name`; the same name may be given again to a later client.
    pub fn add_client(&mut self, name: &Arc<str>, is_producer: bool) -> ClientId {
        let id = ClientId(u16::try_from(self.clients.len()).expect("the limit on clients is far below 65,536"));
        self.clients.push(name.clone());
        let (last, producers) = self.namesakes.of_name.entry(name.clone()).or_default();
        *last = id;
        self.namesakes.before.push(*producers);
        *producers += u16::from(is_producer);
        id
    }

    /// How many producers were made under a client's name before it.
    pub fn producers_before(&self, id: ClientId) -> u16 {
        self.namesakes.before.get(usize::from(id.0)).copied().unwrap_or(0)
    }

    /// Whether a later client was made under the name of this one.
    pub fn is_taken(&self, id: ClientId) -> bool {
        self.namesakes.of_name.get(self.client(id)).is_some_and(|(last, _)| *last > id)
    }

    pub fn client(&self, id: ClientId) -> &Arc<str> {
        &self.clients[usize::from(id.0)]
    }

    pub fn clients(&self) -> &[Arc<str>] {
        &self.clients
    }

    /// The number of a topic, given to it now if it has none.
    pub fn intern_topic(&mut self, name: &Arc<str>) -> TopicNo {
        if let Some(number) = self.topic_numbers.get(name) {
            return *number;
        }
        let number = TopicNo(u16::try_from(self.topics.len()).expect("the limit on topics is far below 65,536"));
        self.topics.push(name.clone());
        self.topic_numbers.insert(name.clone(), number);
        number
    }

    pub fn topic_no(&self, name: &str) -> Option<TopicNo> {
        self.topic_numbers.get(name).copied()
    }

    /// Whether a topic has this number by now: a reader may have chosen it later in the run.
    pub fn knows_topic(&self, number: TopicNo) -> bool {
        usize::from(number.0) < self.topics.len()
    }

    /// The same of a group.
    pub fn knows_group(&self, number: GroupNo) -> bool {
        usize::from(number.0) < self.groups.len()
    }

    pub fn topic(&self, number: TopicNo) -> &Arc<str> {
        &self.topics[usize::from(number.0)]
    }

    /// The number of a group, given to it now if it has none.
    pub fn intern_group(&mut self, name: &Arc<str>) -> GroupNo {
        if let Some(number) = self.group_numbers.get(name) {
            return *number;
        }
        let number = GroupNo(u16::try_from(self.groups.len()).expect("the limit on groups is far below 65,536"));
        self.groups.push(name.clone());
        self.group_numbers.insert(name.clone(), number);
        number
    }

    /// Whether a topic of this name can be met: it is known, or few are.
    pub fn has_room_for_topic(&self, name: &str) -> bool {
        self.topics.len() < NAMES || self.topic_numbers.contains_key(name)
    }

    /// The same of a group.
    pub fn has_room_for_group(&self, name: &str) -> bool {
        self.groups.len() < NAMES || self.group_numbers.contains_key(name)
    }

    pub fn group_no(&self, name: &str) -> Option<GroupNo> {
        self.group_numbers.get(name).copied()
    }

    pub fn group(&self, number: GroupNo) -> &Arc<str> {
        &self.groups[usize::from(number.0)]
    }

    /// The number of an exception with these words, given to it now if it has none. The same one mostly comes again.
    pub fn intern_exception(&mut self, class: &'static str, message: &Arc<str>) -> ExceptionNo {
        let number = |index: usize| ExceptionNo(u16::try_from(index + 1).expect("few exceptions are kept"));
        if let Some(index) = self.exceptions.iter().rposition(|(known, words)| *known == class && words == message) {
            return number(index);
        }
        if self.exceptions.len() >= EXCEPTIONS {
            return ExceptionNo::NONE;
        }
        Arc::make_mut(&mut self.exceptions).push((class, message.clone()));
        number(self.exceptions.len() - 1)
    }

    /// Class and message of an exception.
    pub fn exception(&self, number: ExceptionNo) -> Option<(&'static str, &str)> {
        let index = usize::from(number.0).checked_sub(1)?;
        self.exceptions.get(index).map(|(class, message)| (*class, &**message))
    }
}
