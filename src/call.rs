//! What an application may call on a client, and what comes back.

use std::sync::Arc;

use bytes::Bytes;

use crate::error::Exception;
use crate::event::CallKind;
use crate::ids::{BrokerId, CallId, RecordId, TopicPartition};

/// A key or a value as the application has it, before its serializer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Datum {
    Null,
    /// Text as typed: a `StringSerializer` takes it as it is, the others read their type from it.
    Text(Arc<str>),
    /// Raw bytes (`hex:00ff`): for `ByteArraySerializer`; others fail as a `ClassCastException` does.
    Bytes(Bytes),
}

/// `ProducerRecord`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProducerRecord {
    pub topic: Arc<str>,
    pub partition: Option<i32>,
    /// Milliseconds since 1970; none: the client's clock.
    pub timestamp: Option<i64>,
    pub key: Datum,
    pub value: Datum,
    /// In order; a value of none is null.
    pub headers: Arc<[(Arc<str>, Option<Bytes>)]>,
}

/// A call on a `KafkaProducer`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProducerCall {
    Send(Arc<ProducerRecord>),
    Flush,
    PartitionsFor {
        topic: Arc<str>,
    },
    /// Milliseconds; none waits as long as it takes (`Long.MAX_VALUE`).
    Close {
        timeout_ms: Option<u64>,
    },
}

/// An offset to commit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OffsetAndMetadata {
    pub offset: i64,
    pub leader_epoch: Option<i32>,
    pub metadata: Arc<str>,
}

/// What `ConsumerRebalanceListener.onPartitionsRevoked` does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnRevoked {
    #[default]
    Nothing,
    /// `commitSync()` of the positions.
    CommitSync,
}

/// A call on a `KafkaConsumer`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ConsumerCall {
    Subscribe {
        topics: Vec<Arc<str>>,
    },
    Unsubscribe,
    Assign {
        partitions: Vec<TopicPartition>,
    },
    Poll {
        timeout_ms: u64,
    },
    /// Offsets none: the current positions. Timeout none: `default.api.timeout.ms`.
    CommitSync {
        offsets: Option<Vec<(TopicPartition, OffsetAndMetadata)>>,
        timeout_ms: Option<u64>,
    },
    /// The callback's outcome comes as [`Notice::CommitCallback`] with this call's id.
    CommitAsync {
        offsets: Option<Vec<(TopicPartition, OffsetAndMetadata)>>,
    },
    Seek {
        partition: TopicPartition,
        offset: i64,
    },
    SeekToBeginning {
        partitions: Vec<TopicPartition>,
    },
    SeekToEnd {
        partitions: Vec<TopicPartition>,
    },
    /// Timeout none: `default.api.timeout.ms`.
    Position {
        partition: TopicPartition,
        timeout_ms: Option<u64>,
    },
    /// Timeout none: `default.api.timeout.ms`.
    Committed {
        partitions: Vec<TopicPartition>,
        timeout_ms: Option<u64>,
    },
    Pause {
        partitions: Vec<TopicPartition>,
    },
    Resume {
        partitions: Vec<TopicPartition>,
    },
    CurrentLag {
        partition: TopicPartition,
    },
    BeginningOffsets {
        partitions: Vec<TopicPartition>,
    },
    EndOffsets {
        partitions: Vec<TopicPartition>,
    },
    OffsetsForTimes {
        times: Vec<(TopicPartition, i64)>,
    },
    PartitionsFor {
        topic: Arc<str>,
    },
    EnforceRebalance,
    /// `remain`: `CloseOptions.GroupMembershipOperation` (KIP-1092); none is the default of the member's kind.
    Close {
        timeout_ms: Option<u64>,
        remain: Option<bool>,
    },
}

/// A record as `poll` returns it, before its deserializer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConsumerRecord {
    pub offset: u64,
    pub timestamp: i64,
    /// The topic has `message.timestamp.type=LogAppendTime`: the broker gave the timestamp.
    pub log_append_time: bool,
    pub leader_epoch: i32,
    pub key: Option<Bytes>,
    pub value: Option<Bytes>,
    pub headers: Arc<[(Arc<str>, Option<Bytes>)]>,
}

/// A topic's partitions by number, each with its leader.
pub type PartitionLeaders = Vec<(i32, Option<BrokerId>)>;

/// What a call came back with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Done,
    /// `send` returned its future; the record's result comes as [`Notice::SendCompleted`].
    Sent(RecordId),
    /// Grouped by partition, in Kafka's order.
    Polled(Vec<(TopicPartition, Vec<ConsumerRecord>)>),
    /// One number for each partition asked for; none where Kafka has null or nothing.
    Offsets(Vec<(TopicPartition, Option<i64>)>),
    /// `offsetsForTimes`: offset and timestamp.
    OffsetsAndTimestamps(Vec<(TopicPartition, Option<(i64, i64)>)>),
    /// `committed`.
    Committed(Vec<(TopicPartition, Option<OffsetAndMetadata>)>),
    /// `partitionsFor`: the partitions' numbers and leaders.
    Partitions(PartitionLeaders),
    /// The call threw.
    Threw(Exception),
}

/// What `ListOffsets` says of a partition (the consumer's `ListOffsetData`, the administrator's
/// `ListOffsetsResultInfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListedOffset {
    /// -1: no record is that new.
    pub offset: i64,
    /// Milliseconds since 1970; -1 where the offset was not asked for by a time.
    pub timestamp: i64,
    pub leader_epoch: Option<i32>,
}

/// `RecordMetadata`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordMetadata {
    pub partition: i32,
    /// -1 with `acks=0`.
    pub offset: i64,
    /// Milliseconds since 1970: the record's own, or the broker's with `LogAppendTime`.
    pub timestamp: i64,
    /// -1: null.
    pub serialized_key_size: i32,
    pub serialized_value_size: i32,
}

/// A rebalance listener's method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Listener {
    Assigned,
    Revoked,
    Lost,
}

/// What a client tells its application beside the returns of calls: futures, callbacks, listeners, log lines.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Notice {
    /// `send` has made its record, of this number: `ProducerRecord` refused nothing.
    RecordMade { record: RecordId },
    /// The future of a `send` is complete and its callback ran. In the failed case the callback's metadata has
    /// `partition` (-1 when none was chosen) and offset -1.
    SendCompleted { record: RecordId, result: Result<RecordMetadata, (Exception, i32)> },
    /// An `OffsetCommitCallback` ran.
    CommitCallback { call: CallId, offsets: Vec<(TopicPartition, OffsetAndMetadata)>, error: Option<Exception> },
    /// A `ConsumerRebalanceListener` method ran. `commit`: what its `commitSync` did, when it makes one.
    Rebalance { listener: Listener, partitions: Vec<TopicPartition>, commit: Option<Result<(), Exception>> },
    /// A line that the real client logs at INFO or above and a user should see.
    Log(Arc<str>),
}

impl ProducerCall {
    pub const fn kind(&self) -> CallKind {
        match self {
            ProducerCall::Send(_) => CallKind::Send,
            ProducerCall::Flush => CallKind::Flush,
            ProducerCall::PartitionsFor { .. } => CallKind::PartitionsFor,
            ProducerCall::Close { .. } => CallKind::Close,
        }
    }
}

impl ConsumerCall {
    pub const fn kind(&self) -> CallKind {
        match self {
            ConsumerCall::Subscribe { .. } => CallKind::Subscribe,
            ConsumerCall::Unsubscribe => CallKind::Unsubscribe,
            ConsumerCall::Assign { .. } => CallKind::Assign,
            ConsumerCall::Poll { .. } => CallKind::Poll,
            ConsumerCall::CommitSync { .. } => CallKind::CommitSync,
            ConsumerCall::CommitAsync { .. } => CallKind::CommitAsync,
            ConsumerCall::Seek { .. } => CallKind::Seek,
            ConsumerCall::SeekToBeginning { .. } => CallKind::SeekToBeginning,
            ConsumerCall::SeekToEnd { .. } => CallKind::SeekToEnd,
            ConsumerCall::Position { .. } => CallKind::Position,
            ConsumerCall::Committed { .. } => CallKind::Committed,
            ConsumerCall::Pause { .. } => CallKind::Pause,
            ConsumerCall::Resume { .. } => CallKind::Resume,
            ConsumerCall::CurrentLag { .. } => CallKind::CurrentLag,
            ConsumerCall::BeginningOffsets { .. } => CallKind::BeginningOffsets,
            ConsumerCall::EndOffsets { .. } => CallKind::EndOffsets,
            ConsumerCall::OffsetsForTimes { .. } => CallKind::OffsetsForTimes,
            ConsumerCall::PartitionsFor { .. } => CallKind::PartitionsFor,
            ConsumerCall::EnforceRebalance => CallKind::EnforceRebalance,
            ConsumerCall::Close { .. } => CallKind::Close,
        }
    }
}
