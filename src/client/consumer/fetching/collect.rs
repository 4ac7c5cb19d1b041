//! Taking records out of the buffer, and what errors of a fetch do (`FetchCollector`).

use super::super::lent::Lent;
use super::super::positions::{FetchPosition, ResetStrategy};
use super::Fetcher;
use super::buffer::{CompletedFetch, RecordReading};
use crate::call::ConsumerRecord;
use crate::client::net::Metadata;
use crate::error::{Code, Exception};
use crate::event::{EventKind, ResetWhy};
use crate::ids::{EventId, PartitionNo, TopicPartition};
use crate::node::Outbox;

/// Records of one partition that a `poll` returns, and the event of their arrival.
pub type Fetched = (TopicPartition, Vec<ConsumerRecord>, EventId);

/// What one `collectFetch` found.
#[derive(Debug, Default)]
pub struct CollectedFetch {
    pub records: Vec<Fetched>,
    /// A position moved although there may be no record (`Fetch.positionAdvanced`).
    pub advanced: bool,
}

impl CollectedFetch {
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && !self.advanced
    }
}

impl Fetcher {
    /// Up to `max.poll.records` records (`collectFetch`).
    pub fn collect_fetch(
        &mut self,
        lent: &mut Lent<'_>,
        reading: RecordReading,
        out: &mut Outbox,
    ) -> Result<CollectedFetch, Exception> {
        let mut collected = CollectedFetch::default();
        if self.buffer.is_empty() {
            return Ok(collected);
        }
        let mut paused = Vec::new();
        let result = self.collect_into(&mut collected, &mut paused, lent, reading, out);
        self.buffer.completed.extend(paused);
        match result {
            // What is wrong is thrown by the next poll when this one has something to return.
            Err(exception) if collected.is_empty() => Err(exception),
            _ => Ok(collected),
        }
    }

    fn collect_into(
        &mut self,
        collected: &mut CollectedFetch,
        paused: &mut Vec<CompletedFetch>,
        lent: &mut Lent<'_>,
        reading: RecordReading,
        out: &mut Outbox,
    ) -> Result<(), Exception> {
        let mut left = lent.settings.max_poll_records;
        while left > 0 {
            let Some(mut fetch) = self.buffer.next_in_line.take().filter(|fetch| !fetch.consumed) else {
                let Some(mut fetch) = self.buffer.completed.pop_front() else { break };
                if fetch.initialized {
                    self.buffer.next_in_line = Some(fetch);
                    continue;
                }
                match initialize(lent, &mut fetch) {
                    Ok(true) => self.buffer.next_in_line = Some(fetch),
                    Ok(false) => {}
                    Err(exception) => {
                        // Kept when it has records, so that none is lost behind the exception.
                        if !collected.is_empty() || fetch.has_bytes() {
                            self.buffer.completed.push_front(fetch);
                        }
                        return Err(exception);
                    }
                }
                continue;
            };
            if lent.subscriptions.get(&fetch.partition).is_some_and(|state| state.paused) {
                paused.push(fetch);
                continue;
            }
            let result = take_records(lent, &mut fetch, left, reading, collected, out);
            let partition = fetch.partition.clone();
            let drained = fetch.consumed && fetch.returned_any;
            self.buffer.next_in_line = Some(fetch);
            if drained {
                lent.subscriptions.move_partition_to_end(&partition);
            }
            left -= result?;
        }
        Ok(())
    }
}

fn take_records(
    lent: &mut Lent<'_>,
    fetch: &mut CompletedFetch,
    most: u32,
    reading: RecordReading,
    collected: &mut CollectedFetch,
    out: &mut Outbox,
) -> Result<u32, Exception> {
    // A rebalance, a pause or a reset may have come since it was fetched, or the position has moved.
    let position = lent.subscriptions.get(&fetch.partition).filter(|state| state.is_fetchable());
    let Some(position) =
        position.and_then(|state| state.position).filter(|position| position.offset == fetch.next_fetch_offset)
    else {
        fetch.drain();
        return Ok(0);
    };
    let records = fetch.fetch_records(most, reading)?;
    let count = u32::try_from(records.len()).expect("max.poll.records bounds it");
    if fetch.next_fetch_offset > position.offset {
        let next =
            FetchPosition { offset: fetch.next_fetch_offset, offset_epoch: fetch.last_epoch, leader: position.leader };
        if let Some(state) = lent.subscriptions.get_mut(&fetch.partition) {
            state.position = Some(next);
        }
        collected.advanced = true;
    }
    if let Some(first) = records.first() {
        let topic = out.names.intern_topic(&fetch.partition.topic);
        out.emit(
            fetch.cause,
            EventKind::RecordsReturned {
                client: lent.client,
                partition: PartitionNo { topic, partition: fetch.partition.partition },
                first: first.offset,
                position: fetch.next_fetch_offset.unsigned_abs(),
                count,
            },
        );
        match collected.records.iter_mut().find(|(partition, ..)| *partition == fetch.partition) {
            Some((_, before, _)) => before.extend(records),
            None => collected.records.push((fetch.partition.clone(), records, fetch.cause)),
        }
    }
    Ok(count)
}

/// Whether what was fetched is of use; errors act here (`initialize`).
fn initialize(lent: &mut Lent<'_>, fetch: &mut CompletedFetch) -> Result<bool, Exception> {
    let partition = fetch.partition.clone();
    let Some(state) = lent.subscriptions.get_mut(&partition).filter(|state| state.has_valid_position()) else {
        return Ok(false);
    };
    if fetch.head.error.is_ok() {
        if state.position.is_none_or(|position| position.offset != fetch.next_fetch_offset) {
            return Ok(false);
        }
        if fetch.has_bytes() && !fetch.has_batch() {
            let message = format!(
                "Failed to make progress reading messages at {partition}={}. Received a non-empty fetch response \
                 from the server, but no complete records were found.",
                fetch.next_fetch_offset
            );
            return Err(Exception::new("KafkaException", None, message));
        }
        let head = &fetch.head;
        let known = |offset: i64| Some(offset).filter(|offset| *offset >= 0);
        state.high_watermark = known(head.high_watermark).or(state.high_watermark);
        state.log_start_offset = known(head.log_start_offset).or(state.log_start_offset);
        state.last_stable_offset = known(head.last_stable_offset).or(state.last_stable_offset);
        fetch.initialized = true;
        return Ok(true);
    }
    let result = fetch_error(lent, fetch, &partition);
    lent.subscriptions.move_partition_to_end(&partition);
    result.map(|()| false)
}

/// `handleInitializeErrors`.
fn fetch_error(lent: &mut Lent<'_>, fetch: &CompletedFetch, partition: &TopicPartition) -> Result<(), Exception> {
    match fetch.head.error {
        Code::ReplicaNotAvailable
        | Code::NotLeaderOrFollower
        | Code::FencedLeaderEpoch
        | Code::KafkaStorageError
        | Code::OffsetNotAvailable
        | Code::UnknownTopicOrPartition
        | Code::UnknownTopicId
        | Code::InconsistentTopicId => {
            lent.network.net.metadata.request_update(false, fetch.cause);
            let waits = match fetch.head.error {
                Code::ReplicaNotAvailable => false,
                Code::NotLeaderOrFollower | Code::FencedLeaderEpoch => !fetch.head.names_leader,
                _ => true,
            };
            if let Some(state) = lent.subscriptions.get_mut(partition) {
                state.awaits_update = waits;
            }
            Ok(())
        }
        Code::OffsetOutOfRange => out_of_range(lent, fetch, partition),
        Code::TopicAuthorizationFailed => {
            let message = format!("Not authorized to access topics: [{}]", partition.topic);
            Err(Exception::with_message(Code::TopicAuthorizationFailed, message))
        }
        Code::UnknownLeaderEpoch | Code::UnknownServerError => Ok(()),
        Code::CorruptMessage => {
            let message = format!(
                "Encountered corrupt message when fetching offset {} for topic-partition {partition}",
                fetch.next_fetch_offset
            );
            Err(Exception::new("KafkaException", None, message))
        }
        other => {
            let message = format!(
                "Unexpected error code {} while fetching at offset {} from topic-partition {partition}",
                other.code(),
                fetch.next_fetch_offset
            );
            Err(Exception::new("IllegalStateException", None, message))
        }
    }
}

fn out_of_range(lent: &mut Lent<'_>, fetch: &CompletedFetch, partition: &TopicPartition) -> Result<(), Exception> {
    let position = lent.subscriptions.get(partition).and_then(|state| state.position);
    let Some(position) = position.filter(|position| position.offset == fetch.next_fetch_offset) else {
        return Ok(());
    };
    let policy = lent.subscriptions.default_reset();
    if policy != ResetStrategy::None {
        if let Some(state) = lent.subscriptions.get_mut(partition) {
            state.reset(policy, ResetWhy::OutOfRange);
        }
        return Ok(());
    }
    let message = format!(
        "Fetch position {} is out of range for partition {partition}",
        describe_position(&lent.network.net.metadata, position)
    );
    Err(Exception::new("OffsetOutOfRangeException", None, message))
}

/// `FetchPosition.toString`.
fn describe_position(metadata: &Metadata, position: FetchPosition) -> String {
    let optional = |text: Option<String>| match text {
        Some(text) => format!("Optional[{text}]"),
        None => "Optional.empty".to_owned(),
    };
    let cluster = metadata.cluster();
    let leader = position.leader.leader.map(|broker| {
        let server = cluster.brokers.get(&broker);
        let address = server.map(|server| format!("{}:{}", server.host, server.port)).unwrap_or_default();
        format!("{address} (id: {} rack: null isFenced: false)", broker.0)
    });
    let epoch = position.leader.epoch.map_or("absent".to_owned(), |epoch| epoch.to_string());
    format!(
        "FetchPosition{{offset={}, offsetEpoch={}, currentLeader=LeaderAndEpoch{{leader={}, epoch={epoch}}}}}",
        position.offset,
        optional(position.offset_epoch.map(|epoch| epoch.to_string())),
        optional(leader),
    )
}
