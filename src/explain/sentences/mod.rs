//! The sentences, an event at a time. A kind of event without sentences does not compile, nor does one without a language.

mod broker;
mod consuming;
mod group;
mod hand;
mod identity;
mod network;
mod producing;
mod program;
#[cfg(test)]
mod tests;

use super::template::Told;
use crate::event::EventKind;

/// What there is to say about an event.
pub(super) fn told(kind: &EventKind) -> Told {
    use EventKind::*;
    match *kind {
        CallStarted { client, kind, .. } => program::call_started(client, kind),
        CallReturned { client, kind, ok: true, .. } => program::call_returned(client, kind),
        CallReturned { client, kind, ok: false, exception, .. } => program::call_threw(client, kind, exception),
        RecordsProcessed { client, partition, first, last, count } => {
            program::records_processed(client, partition, first, last, count)
        }

        SendCalled { record, topic, partition } => producing::send_called(record, topic, partition),
        MetadataAwaited { client, topic } => producing::metadata_awaited(client, topic),
        Serialized { record, key_bytes, value_bytes } => producing::serialized(record, key_bytes, value_bytes),
        Partitioned { record, topic, partition, partitions, by } => {
            producing::partitioned(record, topic, partition, partitions, by)
        }
        MemoryAwaited { record, bytes, available } => producing::memory_awaited(record, bytes, available),
        Appended { record, batch, partition, bytes, new_batch, full, .. } => {
            producing::appended(record, batch, partition, bytes, new_batch, full)
        }
        SendFailed { record, why, thrown, exception } => producing::send_failed(record, why, thrown, exception),
        BatchReady { batch, partition, records, bytes, why } => {
            producing::batch_ready(batch, partition, records, bytes, why)
        }
        BatchDrained { batch, partition, broker, correlation_id, attempt, sequence, records } => {
            let request = producing::Drained { broker, correlation_id, attempt, sequence, records };
            producing::batch_drained(batch, partition, request)
        }
        BatchSplit { batch, into, .. } => producing::batch_split(batch, into),
        BatchRetried { batch, partition, attempt, backoff_ms, code } => {
            producing::batch_retried(batch, partition, attempt, backoff_ms, code)
        }
        BatchExpired { batch, partition, records } => producing::batch_expired(batch, partition, records),
        BatchFailed { batch, partition, records, why } => producing::batch_failed(batch, partition, records, why),
        BatchAcknowledged { batch, partition, base_offset, records } => {
            producing::batch_acknowledged(batch, partition, base_offset, records)
        }
        RecordAcknowledged { record, partition, offset } => producing::record_acknowledged(record, partition, offset),
        RecordFailed { record, partition, why, exception } => {
            producing::record_failed(record, partition, why, exception)
        }
        ProducerIdRefused { client, code, retried } => identity::producer_id_refused(client, code, retried),
        ProducerIdAssigned { client, producer_id, epoch } => identity::producer_id_assigned(client, producer_id, epoch),
        ProducerEpochBumped { client, producer_id, epoch } => {
            identity::producer_epoch_bumped(client, producer_id, epoch)
        }

        ConnectionOpening { connection, broker } => network::connection_opening(connection, broker),
        ConnectionOpened { connection, broker } => network::connection_opened(connection, broker),
        ConnectionRefused { connection, broker } => network::connection_refused(connection, broker),
        ConnectionClosed { connection, broker, in_flight, idle } => {
            network::connection_closed(connection, broker, in_flight, idle)
        }
        RequestSent { connection, broker, api, correlation_id, bytes, arrives_at } => {
            network::request_sent(connection, broker, api, correlation_id, bytes, arrives_at)
        }
        RequestArrived { connection, broker, api, correlation_id } => {
            network::request_arrived(connection, broker, api, correlation_id)
        }
        ResponseSent { connection, broker, api, correlation_id, bytes, arrives_at } => {
            network::response_sent(connection, broker, api, correlation_id, bytes, arrives_at)
        }
        ResponseArrived { connection, broker, api, correlation_id } => {
            network::response_arrived(connection, broker, api, correlation_id)
        }
        RequestTimedOut { connection, broker, api, correlation_id } => {
            network::request_timed_out(connection, broker, api, correlation_id)
        }
        MetadataUpdated { client } => network::metadata_updated(client),
        CoordinatorFound { client, broker } => network::coordinator_found(client, broker),
        CoordinatorLost { client } => network::coordinator_lost(client),

        BatchAppended { partition, broker, base_offset, records, .. } => {
            broker::batch_appended(partition, broker, base_offset, records)
        }
        DuplicateFound { partition, broker, base_offset, sequence, .. } => {
            broker::duplicate_found(partition, broker, base_offset, sequence)
        }
        AppendRefused { partition, broker, correlation_id, code, .. } => {
            broker::append_refused(partition, broker, correlation_id, code)
        }
        HighWatermarkMoved { partition, broker, offset } => broker::high_watermark_moved(partition, broker, offset),
        FetchParked { broker, connection, until, .. } => broker::fetch_parked(broker, connection, until),
        FetchAnswered { broker, connection, bytes, .. } => broker::fetch_answered(broker, connection, bytes),
        TopicCreated { topic, partitions, automatic } => broker::topic_created(topic, partitions, automatic),
        PartitionsAdded { topic, partitions } => broker::partitions_added(topic, partitions),
        TopicDeleted { topic } => broker::topic_deleted(topic),
        LeaderChanged { partition, leader, epoch } => broker::leader_changed(partition, leader, epoch),
        BrokerFenced { broker, why } => broker::broker_fenced(broker, why),
        BrokerRegistered { broker } => broker::broker_registered(broker),

        GroupStateChanged { group, broker, from, to } => group::state_changed(group, broker, from, to),
        MemberIdGiven { group, client } => group::member_id_given(group, client),
        MemberJoined { group, client, members } => group::member_joined(group, client, members),
        MemberRemoved { group, client, why, members } => group::member_removed(group, client, why, members),
        GenerationStarted { group, generation, members, leader } => {
            group::generation_started(group, generation, members, leader)
        }
        AssignmentStored { group, generation } => group::assignment_stored(group, generation),
        OffsetCommitted { group, client, partition, offset } => {
            group::offset_committed(group, client, partition, offset)
        }
        OffsetCommitRefused { group, client, code } => group::offset_commit_refused(group, client, code),
        GroupLoaded { group, broker, generation, members } => group::loaded(group, broker, generation, members),

        RecordsReturned { client, partition, first, position, count } => {
            consuming::records_returned(client, partition, first, position, count)
        }
        PollReturned { client, records, .. } => consuming::poll_returned(client, records),
        PositionSet { client, partition, offset, why } => consuming::position_set(client, partition, offset, why),
        JoinStarted { client, group } => consuming::join_started(client, group),
        Joined { client, group, generation, leads } => consuming::joined(client, group, generation, leads),
        AssignmentComputed { client, group, members, partitions } => {
            consuming::assignment_computed(client, group, members, partitions)
        }
        PartitionsAssigned { client, group, generation, partitions } => {
            consuming::partitions_assigned(client, group, generation, partitions)
        }
        PartitionsRevoked { client, group, partitions } => consuming::partitions_revoked(client, group, partitions),
        PartitionsLost { client, group, partitions } => consuming::partitions_lost(client, group, partitions),
        OwnerChanged { client, partition, owned } => consuming::owner_changed(client, partition, owned),
        HeartbeatAnswered { client, group, code } => consuming::heartbeat_answered(client, group, code),
        CommitStarted { client, group, how, partitions } => consuming::commit_started(client, group, how, partitions),
        CommitSucceeded { client, group, how } => consuming::commit_succeeded(client, group, how),
        CommitFailed { client, how, code, retried, .. } => consuming::commit_failed(client, how, code, retried),
        PollIntervalExceeded { client, group } => consuming::poll_interval_exceeded(client, group),
        SessionLost { client, group } => consuming::session_lost(client, group),
        LeaveSent { client, group } => consuming::leave_sent(client, group),
        ConsumerPaused { client, partition, paused } => consuming::consumer_paused(client, partition, paused),

        ClientStarted { client, consumer } => hand::client_started(client, consumer),
        ClientClosed { client } => hand::client_closed(client),
        ClientKilled { client } => hand::client_killed(client),
        ProcessPaused { process, paused } => hand::process_paused(process, paused),
        BrokerCrashed { broker } => hand::broker_crashed(broker),
        BrokerStopped { broker } => hand::broker_stopped(broker),
        BrokerStarted { broker } => hand::broker_started(broker),
        FaultArmed { broker, api, code } => hand::fault_armed(broker, api, code),
        ResponseDropped { connection, broker, api, correlation_id } => {
            hand::response_dropped(connection, broker, api, correlation_id)
        }
        ErrorAnswered { broker, api, correlation_id, code, .. } => {
            hand::error_answered(broker, api, correlation_id, code)
        }
        ProcessingChanged { client, us_per_record } => hand::processing_changed(client, us_per_record),
        AdminRefused { api, why, exception } => hand::admin_refused(api, why, exception),
        ConstructorThrew { line, consumer, exception } => program::constructor_threw(line, consumer, exception),
        ScriptStopped { line } => hand::script_stopped(line),
    }
}
