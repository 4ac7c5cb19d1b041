//! Kafka's error codes by number, name and exception.

use std::fmt;

use crate::ids::{ExceptionNo, Names};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $code:literal $name:literal $exception:literal $retriable:literal $metadata:literal $message:literal;)*) => {
        /// Kafka's `Errors` (clients 4.3.1): every code of the protocol.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(i16)]
        pub enum Code {
            $($(#[$doc])* $variant = $code,)*
        }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The code that travels as this number; `UnknownServerError` for a number that Kafka does not know, as `Errors.forCode`.
            pub const fn from_i16(code: i16) -> Code {
                match code { $($code => Code::$variant,)* _ => Code::UnknownServerError }
            }

            /// Kafka's name: `NOT_LEADER_OR_FOLLOWER`.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// The simple name of the Java exception that a client throws for it; empty for `None`.
            pub const fn exception(self) -> &'static str {
                match self { $(Code::$variant => $exception,)* }
            }

            /// Whether the exception is a `RetriableException`.
            pub const fn is_retriable(self) -> bool {
                match self { $(Code::$variant => $retriable,)* }
            }

            /// Whether the exception is an `InvalidMetadataException`: the client asks for new metadata.
            pub const fn invalidates_metadata(self) -> bool {
                match self { $(Code::$variant => $metadata,)* }
            }

            /// Kafka's own sentence for it.
            pub const fn message(self) -> &'static str {
                match self { $(Code::$variant => $message,)* }
            }
        }
    };
}

codes! {
    UnknownServerError -1 "UNKNOWN_SERVER_ERROR" "UnknownServerException" false false "The server experienced an unexpected error when processing the request.";
    #[default] None 0 "NONE" "" false false "";
    OffsetOutOfRange 1 "OFFSET_OUT_OF_RANGE" "OffsetOutOfRangeException" false false "The requested offset is not within the range of offsets maintained by the server.";
    CorruptMessage 2 "CORRUPT_MESSAGE" "CorruptRecordException" true false "This message has failed its CRC checksum, exceeds the valid size, has a null key for a compacted topic, or is otherwise corrupt.";
    UnknownTopicOrPartition 3 "UNKNOWN_TOPIC_OR_PARTITION" "UnknownTopicOrPartitionException" true true "This server does not host this topic-partition.";
    InvalidFetchSize 4 "INVALID_FETCH_SIZE" "InvalidFetchSizeException" false false "The requested fetch size is invalid.";
    LeaderNotAvailable 5 "LEADER_NOT_AVAILABLE" "LeaderNotAvailableException" true true "There is no leader for this topic-partition as we are in the middle of a leadership election.";
    NotLeaderOrFollower 6 "NOT_LEADER_OR_FOLLOWER" "NotLeaderOrFollowerException" true true "For requests intended only for the leader, this error indicates that the broker is not the current leader. For requests intended for any replica, this error indicates that the broker is not a replica of the topic partition.";
    RequestTimedOut 7 "REQUEST_TIMED_OUT" "TimeoutException" true false "The request timed out.";
    BrokerNotAvailable 8 "BROKER_NOT_AVAILABLE" "BrokerNotAvailableException" false false "The broker is not available.";
    ReplicaNotAvailable 9 "REPLICA_NOT_AVAILABLE" "ReplicaNotAvailableException" true true "The replica is not available for the requested topic-partition. Produce/Fetch requests and other requests intended only for the leader or follower return NOT_LEADER_OR_FOLLOWER if the broker is not a replica of the topic-partition.";
    MessageTooLarge 10 "MESSAGE_TOO_LARGE" "RecordTooLargeException" false false "The request included a message larger than the max message size the server will accept.";
    StaleControllerEpoch 11 "STALE_CONTROLLER_EPOCH" "ControllerMovedException" false false "The controller moved to another broker.";
    OffsetMetadataTooLarge 12 "OFFSET_METADATA_TOO_LARGE" "OffsetMetadataTooLarge" false false "The metadata field of the offset request was too large.";
    NetworkException 13 "NETWORK_EXCEPTION" "NetworkException" true true "The server disconnected before a response was received.";
    CoordinatorLoadInProgress 14 "COORDINATOR_LOAD_IN_PROGRESS" "CoordinatorLoadInProgressException" true false "The coordinator is loading and hence can't process requests.";
    CoordinatorNotAvailable 15 "COORDINATOR_NOT_AVAILABLE" "CoordinatorNotAvailableException" true false "The coordinator is not available.";
    NotCoordinator 16 "NOT_COORDINATOR" "NotCoordinatorException" true false "This is not the correct coordinator.";
    InvalidTopicException 17 "INVALID_TOPIC_EXCEPTION" "InvalidTopicException" false false "The request attempted to perform an operation on an invalid topic.";
    RecordListTooLarge 18 "RECORD_LIST_TOO_LARGE" "RecordBatchTooLargeException" false false "The request included message batch larger than the configured segment size on the server.";
    NotEnoughReplicas 19 "NOT_ENOUGH_REPLICAS" "NotEnoughReplicasException" true false "Messages are rejected since there are fewer in-sync replicas than required.";
    NotEnoughReplicasAfterAppend 20 "NOT_ENOUGH_REPLICAS_AFTER_APPEND" "NotEnoughReplicasAfterAppendException" true false "Messages are written to the log, but to fewer in-sync replicas than required.";
    InvalidRequiredAcks 21 "INVALID_REQUIRED_ACKS" "InvalidRequiredAcksException" false false "Produce request specified an invalid value for required acks.";
    IllegalGeneration 22 "ILLEGAL_GENERATION" "IllegalGenerationException" false false "Specified group generation id is not valid.";
    InconsistentGroupProtocol 23 "INCONSISTENT_GROUP_PROTOCOL" "InconsistentGroupProtocolException" false false "The group member's supported protocols are incompatible with those of existing members or first group member tried to join with empty protocol type or empty protocol list.";
    InvalidGroupId 24 "INVALID_GROUP_ID" "InvalidGroupIdException" false false "The group id is invalid.";
    UnknownMemberId 25 "UNKNOWN_MEMBER_ID" "UnknownMemberIdException" false false "The coordinator is not aware of this member.";
    InvalidSessionTimeout 26 "INVALID_SESSION_TIMEOUT" "InvalidSessionTimeoutException" false false "The session timeout is not within the range allowed by the broker (as configured by group.min.session.timeout.ms and group.max.session.timeout.ms).";
    RebalanceInProgress 27 "REBALANCE_IN_PROGRESS" "RebalanceInProgressException" false false "The group is rebalancing, so a rejoin is needed.";
    InvalidCommitOffsetSize 28 "INVALID_COMMIT_OFFSET_SIZE" "InvalidCommitOffsetSizeException" false false "The committing offset data size is not valid.";
    TopicAuthorizationFailed 29 "TOPIC_AUTHORIZATION_FAILED" "TopicAuthorizationException" false false "Topic authorization failed.";
    GroupAuthorizationFailed 30 "GROUP_AUTHORIZATION_FAILED" "GroupAuthorizationException" false false "Group authorization failed.";
    ClusterAuthorizationFailed 31 "CLUSTER_AUTHORIZATION_FAILED" "ClusterAuthorizationException" false false "Cluster authorization failed.";
    InvalidTimestamp 32 "INVALID_TIMESTAMP" "InvalidTimestampException" false false "The timestamp of the message is out of acceptable range.";
    UnsupportedSaslMechanism 33 "UNSUPPORTED_SASL_MECHANISM" "UnsupportedSaslMechanismException" false false "The broker does not support the requested SASL mechanism.";
    IllegalSaslState 34 "ILLEGAL_SASL_STATE" "IllegalSaslStateException" false false "Request is not valid given the current SASL state.";
    UnsupportedVersion 35 "UNSUPPORTED_VERSION" "UnsupportedVersionException" false false "The version of API is not supported.";
    TopicAlreadyExists 36 "TOPIC_ALREADY_EXISTS" "TopicExistsException" false false "Topic with this name already exists.";
    InvalidPartitions 37 "INVALID_PARTITIONS" "InvalidPartitionsException" false false "Number of partitions is below 1.";
    InvalidReplicationFactor 38 "INVALID_REPLICATION_FACTOR" "InvalidReplicationFactorException" false false "Replication factor is below 1 or larger than the number of available brokers.";
    InvalidReplicaAssignment 39 "INVALID_REPLICA_ASSIGNMENT" "InvalidReplicaAssignmentException" false false "Replica assignment is invalid.";
    InvalidConfig 40 "INVALID_CONFIG" "InvalidConfigurationException" false false "Configuration is invalid.";
    NotController 41 "NOT_CONTROLLER" "NotControllerException" true false "This is not the correct controller for this cluster.";
    InvalidRequest 42 "INVALID_REQUEST" "InvalidRequestException" false false "This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.";
    UnsupportedForMessageFormat 43 "UNSUPPORTED_FOR_MESSAGE_FORMAT" "UnsupportedForMessageFormatException" false false "The message format version on the broker does not support the request.";
    PolicyViolation 44 "POLICY_VIOLATION" "PolicyViolationException" false false "Request parameters do not satisfy the configured policy.";
    OutOfOrderSequenceNumber 45 "OUT_OF_ORDER_SEQUENCE_NUMBER" "OutOfOrderSequenceException" false false "The broker received an out of order sequence number.";
    DuplicateSequenceNumber 46 "DUPLICATE_SEQUENCE_NUMBER" "DuplicateSequenceException" false false "The broker received a duplicate sequence number.";
    InvalidProducerEpoch 47 "INVALID_PRODUCER_EPOCH" "InvalidProducerEpochException" false false "Producer attempted to produce with an old epoch.";
    InvalidTxnState 48 "INVALID_TXN_STATE" "InvalidTxnStateException" false false "The producer attempted a transactional operation in an invalid state.";
    InvalidProducerIdMapping 49 "INVALID_PRODUCER_ID_MAPPING" "InvalidPidMappingException" false false "The producer attempted to use a producer id which is not currently assigned to its transactional id.";
    InvalidTransactionTimeout 50 "INVALID_TRANSACTION_TIMEOUT" "InvalidTxnTimeoutException" false false "The transaction timeout is larger than the maximum value allowed by the broker (as configured by transaction.max.timeout.ms).";
    ConcurrentTransactions 51 "CONCURRENT_TRANSACTIONS" "ConcurrentTransactionsException" true false "The producer attempted to update a transaction while another concurrent operation on the same transaction was ongoing.";
    TransactionCoordinatorFenced 52 "TRANSACTION_COORDINATOR_FENCED" "TransactionCoordinatorFencedException" false false "Indicates that the transaction coordinator sending a WriteTxnMarker is no longer the current coordinator for a given producer.";
    TransactionalIdAuthorizationFailed 53 "TRANSACTIONAL_ID_AUTHORIZATION_FAILED" "TransactionalIdAuthorizationException" false false "Transactional Id authorization failed.";
    SecurityDisabled 54 "SECURITY_DISABLED" "SecurityDisabledException" false false "Security features are disabled.";
    OperationNotAttempted 55 "OPERATION_NOT_ATTEMPTED" "OperationNotAttemptedException" false false "The broker did not attempt to execute this operation. This may happen for batched RPCs where some operations in the batch failed, causing the broker to respond without trying the rest.";
    KafkaStorageError 56 "KAFKA_STORAGE_ERROR" "KafkaStorageException" true true "Disk error when trying to access log file on the disk.";
    LogDirNotFound 57 "LOG_DIR_NOT_FOUND" "LogDirNotFoundException" false false "The user-specified log directory is not found in the broker config.";
    SaslAuthenticationFailed 58 "SASL_AUTHENTICATION_FAILED" "SaslAuthenticationException" false false "SASL Authentication failed.";
    UnknownProducerId 59 "UNKNOWN_PRODUCER_ID" "UnknownProducerIdException" false false "This exception is raised by the broker if it could not locate the producer metadata associated with the producerId in question. This could happen if, for instance, the producer's records were deleted because their retention time had elapsed. Once the last records of the producerId are removed, the producer's metadata is removed from the broker, and future appends by the producer will return this exception.";
    ReassignmentInProgress 60 "REASSIGNMENT_IN_PROGRESS" "ReassignmentInProgressException" false false "A partition reassignment is in progress.";
    DelegationTokenAuthDisabled 61 "DELEGATION_TOKEN_AUTH_DISABLED" "DelegationTokenDisabledException" false false "Delegation Token feature is not enabled.";
    DelegationTokenNotFound 62 "DELEGATION_TOKEN_NOT_FOUND" "DelegationTokenNotFoundException" false false "Delegation Token is not found on server.";
    DelegationTokenOwnerMismatch 63 "DELEGATION_TOKEN_OWNER_MISMATCH" "DelegationTokenOwnerMismatchException" false false "Specified Principal is not valid Owner/Renewer.";
    DelegationTokenRequestNotAllowed 64 "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED" "UnsupportedByAuthenticationException" false false "Delegation Token requests are not allowed on PLAINTEXT/1-way SSL channels and on delegation token authenticated channels.";
    DelegationTokenAuthorizationFailed 65 "DELEGATION_TOKEN_AUTHORIZATION_FAILED" "DelegationTokenAuthorizationException" false false "Delegation Token authorization failed.";
    DelegationTokenExpired 66 "DELEGATION_TOKEN_EXPIRED" "DelegationTokenExpiredException" false false "Delegation Token is expired.";
    InvalidPrincipalType 67 "INVALID_PRINCIPAL_TYPE" "InvalidPrincipalTypeException" false false "Supplied principalType is not supported.";
    NonEmptyGroup 68 "NON_EMPTY_GROUP" "GroupNotEmptyException" false false "The group is not empty.";
    GroupIdNotFound 69 "GROUP_ID_NOT_FOUND" "GroupIdNotFoundException" false false "The group id does not exist.";
    FetchSessionIdNotFound 70 "FETCH_SESSION_ID_NOT_FOUND" "FetchSessionIdNotFoundException" true false "The fetch session ID was not found.";
    InvalidFetchSessionEpoch 71 "INVALID_FETCH_SESSION_EPOCH" "InvalidFetchSessionEpochException" true false "The fetch session epoch is invalid.";
    ListenerNotFound 72 "LISTENER_NOT_FOUND" "ListenerNotFoundException" true true "There is no listener on the leader broker that matches the listener on which metadata request was processed.";
    TopicDeletionDisabled 73 "TOPIC_DELETION_DISABLED" "TopicDeletionDisabledException" false false "Topic deletion is disabled.";
    FencedLeaderEpoch 74 "FENCED_LEADER_EPOCH" "FencedLeaderEpochException" true true "The leader epoch in the request is older than the epoch on the broker.";
    UnknownLeaderEpoch 75 "UNKNOWN_LEADER_EPOCH" "UnknownLeaderEpochException" true false "The leader epoch in the request is newer than the epoch on the broker.";
    UnsupportedCompressionType 76 "UNSUPPORTED_COMPRESSION_TYPE" "UnsupportedCompressionTypeException" false false "The requesting client does not support the compression type of given partition.";
    StaleBrokerEpoch 77 "STALE_BROKER_EPOCH" "StaleBrokerEpochException" false false "Broker epoch has changed.";
    OffsetNotAvailable 78 "OFFSET_NOT_AVAILABLE" "OffsetNotAvailableException" true false "The leader high watermark has not caught up from a recent leader election so the offsets cannot be guaranteed to be monotonically increasing.";
    MemberIdRequired 79 "MEMBER_ID_REQUIRED" "MemberIdRequiredException" false false "The group member needs to have a valid member id before actually entering a consumer group.";
    PreferredLeaderNotAvailable 80 "PREFERRED_LEADER_NOT_AVAILABLE" "PreferredLeaderNotAvailableException" true true "The preferred leader was not available.";
    GroupMaxSizeReached 81 "GROUP_MAX_SIZE_REACHED" "GroupMaxSizeReachedException" false false "The group has reached its maximum size.";
    FencedInstanceId 82 "FENCED_INSTANCE_ID" "FencedInstanceIdException" false false "The broker rejected this static consumer since another consumer with the same group.instance.id has registered with a different member.id.";
    EligibleLeadersNotAvailable 83 "ELIGIBLE_LEADERS_NOT_AVAILABLE" "EligibleLeadersNotAvailableException" true true "Eligible topic partition leaders are not available.";
    ElectionNotNeeded 84 "ELECTION_NOT_NEEDED" "ElectionNotNeededException" true true "Leader election not needed for topic partition.";
    NoReassignmentInProgress 85 "NO_REASSIGNMENT_IN_PROGRESS" "NoReassignmentInProgressException" false false "No partition reassignment is in progress.";
    GroupSubscribedToTopic 86 "GROUP_SUBSCRIBED_TO_TOPIC" "GroupSubscribedToTopicException" false false "Deleting offsets of a topic is forbidden while the consumer group is actively subscribed to it.";
    InvalidRecord 87 "INVALID_RECORD" "InvalidRecordException" false false "This record has failed the validation on broker and hence will be rejected.";
    UnstableOffsetCommit 88 "UNSTABLE_OFFSET_COMMIT" "UnstableOffsetCommitException" true false "There are unstable offsets that need to be cleared.";
    ThrottlingQuotaExceeded 89 "THROTTLING_QUOTA_EXCEEDED" "ThrottlingQuotaExceededException" true false "The throttling quota has been exceeded.";
    ProducerFenced 90 "PRODUCER_FENCED" "ProducerFencedException" false false "There is a newer producer with the same transactionalId which fences the current one.";
    ResourceNotFound 91 "RESOURCE_NOT_FOUND" "ResourceNotFoundException" false false "A request illegally referred to a resource that does not exist.";
    DuplicateResource 92 "DUPLICATE_RESOURCE" "DuplicateResourceException" false false "A request illegally referred to the same resource twice.";
    UnacceptableCredential 93 "UNACCEPTABLE_CREDENTIAL" "UnacceptableCredentialException" false false "Requested credential would not meet criteria for acceptability.";
    InconsistentVoterSet 94 "INCONSISTENT_VOTER_SET" "InconsistentVoterSetException" false false "Indicates that the either the sender or recipient of a voter-only request is not one of the expected voters.";
    InvalidUpdateVersion 95 "INVALID_UPDATE_VERSION" "InvalidUpdateVersionException" false false "The given update version was invalid.";
    FeatureUpdateFailed 96 "FEATURE_UPDATE_FAILED" "FeatureUpdateFailedException" false false "Unable to update finalized features due to an unexpected server error.";
    PrincipalDeserializationFailure 97 "PRINCIPAL_DESERIALIZATION_FAILURE" "PrincipalDeserializationException" false false "Request principal deserialization failed during forwarding. This indicates an internal error on the broker cluster security setup.";
    SnapshotNotFound 98 "SNAPSHOT_NOT_FOUND" "SnapshotNotFoundException" false false "Requested snapshot was not found.";
    PositionOutOfRange 99 "POSITION_OUT_OF_RANGE" "PositionOutOfRangeException" false false "Requested position is not greater than or equal to zero, and less than the size of the snapshot.";
    UnknownTopicId 100 "UNKNOWN_TOPIC_ID" "UnknownTopicIdException" true true "This server does not host this topic ID.";
    DuplicateBrokerRegistration 101 "DUPLICATE_BROKER_REGISTRATION" "DuplicateBrokerRegistrationException" false false "This broker ID is already in use.";
    BrokerIdNotRegistered 102 "BROKER_ID_NOT_REGISTERED" "BrokerIdNotRegisteredException" false false "The given broker ID was not registered.";
    InconsistentTopicId 103 "INCONSISTENT_TOPIC_ID" "InconsistentTopicIdException" true true "The log's topic ID did not match the topic ID in the request.";
    InconsistentClusterId 104 "INCONSISTENT_CLUSTER_ID" "InconsistentClusterIdException" false false "The clusterId in the request does not match that found on the server.";
    TransactionalIdNotFound 105 "TRANSACTIONAL_ID_NOT_FOUND" "TransactionalIdNotFoundException" false false "The transactionalId could not be found.";
    FetchSessionTopicIdError 106 "FETCH_SESSION_TOPIC_ID_ERROR" "FetchSessionTopicIdException" true false "The fetch session encountered inconsistent topic ID usage.";
    IneligibleReplica 107 "INELIGIBLE_REPLICA" "IneligibleReplicaException" false false "The new ISR contains at least one ineligible replica.";
    NewLeaderElected 108 "NEW_LEADER_ELECTED" "NewLeaderElectedException" false false "The AlterPartition request successfully updated the partition state but the leader has changed.";
    OffsetMovedToTieredStorage 109 "OFFSET_MOVED_TO_TIERED_STORAGE" "OffsetMovedToTieredStorageException" false false "The requested offset is moved to tiered storage.";
    FencedMemberEpoch 110 "FENCED_MEMBER_EPOCH" "FencedMemberEpochException" false false "The member epoch is fenced by the group coordinator. The member must abandon all its partitions and rejoin.";
    UnreleasedInstanceId 111 "UNRELEASED_INSTANCE_ID" "UnreleasedInstanceIdException" false false "The instance ID is still used by another member in the consumer group. That member must leave first.";
    UnsupportedAssignor 112 "UNSUPPORTED_ASSIGNOR" "UnsupportedAssignorException" false false "The assignor or its version range is not supported by the consumer group.";
    StaleMemberEpoch 113 "STALE_MEMBER_EPOCH" "StaleMemberEpochException" false false "The member epoch is stale. The member must retry after receiving its updated member epoch via the ConsumerGroupHeartbeat API.";
    MismatchedEndpointType 114 "MISMATCHED_ENDPOINT_TYPE" "MismatchedEndpointTypeException" false false "The request was sent to an endpoint of the wrong type.";
    UnsupportedEndpointType 115 "UNSUPPORTED_ENDPOINT_TYPE" "UnsupportedEndpointTypeException" false false "This endpoint type is not supported yet.";
    UnknownControllerId 116 "UNKNOWN_CONTROLLER_ID" "UnknownControllerIdException" false false "This controller ID is not known.";
    UnknownSubscriptionId 117 "UNKNOWN_SUBSCRIPTION_ID" "UnknownSubscriptionIdException" false false "Client sent a push telemetry request with an invalid or outdated subscription ID.";
    TelemetryTooLarge 118 "TELEMETRY_TOO_LARGE" "TelemetryTooLargeException" false false "Client sent a push telemetry request larger than the maximum size the broker will accept.";
    InvalidRegistration 119 "INVALID_REGISTRATION" "InvalidRegistrationException" false false "The controller has considered the broker registration to be invalid.";
    TransactionAbortable 120 "TRANSACTION_ABORTABLE" "TransactionAbortableException" false false "The server encountered an error with the transaction. The client can abort the transaction to continue using this transactional ID.";
    InvalidRecordState 121 "INVALID_RECORD_STATE" "InvalidRecordStateException" false false "The record state is invalid. The acknowledgement of delivery could not be completed.";
    ShareSessionNotFound 122 "SHARE_SESSION_NOT_FOUND" "ShareSessionNotFoundException" true false "The share session was not found.";
    InvalidShareSessionEpoch 123 "INVALID_SHARE_SESSION_EPOCH" "InvalidShareSessionEpochException" true false "The share session epoch is invalid.";
    FencedStateEpoch 124 "FENCED_STATE_EPOCH" "FencedStateEpochException" false false "The share coordinator rejected the request because the share-group state epoch did not match.";
    InvalidVoterKey 125 "INVALID_VOTER_KEY" "InvalidVoterKeyException" false false "The voter key doesn't match the receiving replica's key.";
    DuplicateVoter 126 "DUPLICATE_VOTER" "DuplicateVoterException" false false "The voter is already part of the set of voters.";
    VoterNotFound 127 "VOTER_NOT_FOUND" "VoterNotFoundException" false false "The voter is not part of the set of voters.";
    InvalidRegularExpression 128 "INVALID_REGULAR_EXPRESSION" "InvalidRegularExpression" false false "The regular expression is not valid.";
    RebootstrapRequired 129 "REBOOTSTRAP_REQUIRED" "RebootstrapRequiredException" false false "Client metadata is stale. The client should rebootstrap to obtain new metadata.";
    StreamsInvalidTopology 130 "STREAMS_INVALID_TOPOLOGY" "StreamsInvalidTopologyException" false false "The supplied topology is invalid.";
    StreamsInvalidTopologyEpoch 131 "STREAMS_INVALID_TOPOLOGY_EPOCH" "StreamsInvalidTopologyEpochException" false false "The supplied topology epoch is invalid.";
    StreamsTopologyFenced 132 "STREAMS_TOPOLOGY_FENCED" "StreamsTopologyFencedException" false false "The supplied topology epoch is outdated.";
    ShareSessionLimitReached 133 "SHARE_SESSION_LIMIT_REACHED" "ShareSessionLimitReachedException" true false "The limit of share sessions has been reached.";
}

impl Code {
    pub const fn code(self) -> i16 {
        self as i16
    }

    pub fn is_ok(self) -> bool {
        self == Code::None
    }

    /// The code with this name, as Kafka spells it.
    pub fn from_name(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A Java exception as a caller of a client sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exception {
    /// The simple class name: `TimeoutException`.
    pub class: &'static str,
    /// The protocol error that Kafka's `Errors.forException` finds for the class, if it has one.
    pub code: Option<Code>,
    /// Kafka's own words.
    pub message: std::sync::Arc<str>,
    pub cause: Option<std::sync::Arc<Exception>>,
}

impl Exception {
    pub fn new(class: &'static str, code: Option<Code>, message: impl Into<std::sync::Arc<str>>) -> Exception {
        Exception { class, code, message: message.into(), cause: None }
    }

    /// The exception that a client makes of an error code, with Kafka's own message.
    pub fn of(code: Code) -> Exception {
        Exception::new(code.exception(), Some(code), code.message())
    }

    /// The class's exception with another message.
    pub fn with_message(code: Code, message: impl Into<std::sync::Arc<str>>) -> Exception {
        Exception::new(code.exception(), Some(code), message)
    }

    /// Its number among the words of a run.
    pub fn intern(&self, names: &mut Names) -> ExceptionNo {
        names.intern_exception(self.class, &self.message)
    }

    #[must_use]
    pub fn caused_by(mut self, cause: Exception) -> Exception {
        self.cause = Some(std::sync::Arc::new(cause));
        self
    }
}

macro_rules! client_exceptions {
    ($($class:ident)*) => {
        /// Exceptions that a producer throws itself: Kafka's protocol has no code for them (`Errors.forException`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ClientException {
            $($class,)*
        }

        impl ClientException {
            const ALL: &'static [ClientException] = &[$(ClientException::$class,)*];

            /// The simple name of the class.
            pub const fn class(self) -> &'static str {
                match self { $(ClientException::$class => stringify!($class),)* }
            }
        }
    };
}

client_exceptions! {
    KafkaException SerializationException IllegalArgumentException IllegalStateException
}

/// Why a record or a batch failed, small enough for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    Code(Code),
    Client(ClientException),
}

impl Failure {
    /// Numbers from here on are those of `ClientException`; codes are far below.
    const CLIENT: i64 = 10_000;

    /// The failure that an exception tells. Every class without a code that a producer makes is a `ClientException`.
    pub fn of(error: &Exception) -> Failure {
        if let Some(code) = error.code {
            return Failure::Code(code);
        }
        let found = ClientException::ALL.iter().find(|known| known.class() == error.class);
        let Some(found) = found else { panic!("{} is no exception of a producer", error.class) };
        Failure::Client(*found)
    }

    /// The simple name of the Java exception.
    pub const fn exception(self) -> &'static str {
        match self {
            Failure::Code(code) => code.exception(),
            Failure::Client(known) => known.class(),
        }
    }

    /// The code, where the protocol has one.
    pub const fn code(self) -> Option<Code> {
        match self {
            Failure::Code(code) => Some(code),
            Failure::Client(_) => None,
        }
    }

    /// One number for either kind, read back by `from_number`.
    pub fn number(self) -> i64 {
        match self {
            Failure::Code(code) => i64::from(code.code()),
            Failure::Client(known) => Failure::CLIENT + known as i64,
        }
    }

    pub fn from_number(number: i64) -> Failure {
        let known = usize::try_from(number - Failure::CLIENT).ok().and_then(|index| ClientException::ALL.get(index));
        match known {
            Some(known) => Failure::Client(*known),
            None => Failure::Code(Code::from_i16(number as i16)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ClientException, Code, Failure};

    #[test]
    fn failures_survive_their_number() {
        let codes = Code::ALL.iter().map(|code| Failure::Code(*code));
        for failure in codes.chain(ClientException::ALL.iter().map(|known| Failure::Client(*known))) {
            assert_eq!(Failure::from_number(failure.number()), failure);
        }
    }

    #[test]
    fn codes_survive_the_wire() {
        for code in Code::ALL {
            assert_eq!(Code::from_i16(code.code()), *code);
            assert_eq!(Code::from_name(code.name()), Some(*code));
        }
        assert_eq!(Code::from_i16(999), Code::UnknownServerError);
    }
}
