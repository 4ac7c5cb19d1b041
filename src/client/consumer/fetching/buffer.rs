//! What was fetched and not yet returned (`FetchBuffer`, `CompletedFetch`).

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

use super::super::positions::SubscriptionState;
use crate::call::ConsumerRecord;
use crate::config::{ConsumerConfig, SerdeFormat};
use crate::error::{Code, Exception};
use crate::ids::{EventId, TopicPartition};
use crate::record::{self, Batches, Deserializer, TimestampType};
use crate::sorted::InOrder;

/// The head of one partition in a Fetch response.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartitionHead {
    pub error: Code,
    pub high_watermark: i64,
    pub last_stable_offset: i64,
    pub log_start_offset: i64,
    /// Whether the answer names the leader (KIP-951).
    pub names_leader: bool,
}

/// One partition's part of a Fetch response, with the place up to which it was read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CompletedFetch {
    pub partition: TopicPartition,
    pub head: PartitionHead,
    /// The batches that were not looked into yet.
    rest: Bytes,
    /// The offset asked for, then the one behind the last record returned.
    pub next_fetch_offset: i64,
    pub initialized: bool,
    pub consumed: bool,
    /// Records of the batch that is being read.
    batch: Arc<[ConsumerRecord]>,
    index: u32,
    /// The offset behind that batch.
    batch_end: Option<i64>,
    pub last_epoch: Option<i32>,
    pub returned_any: bool,
    /// The event of the response's arrival.
    pub cause: EventId,
}

/// `FetchBuffer`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FetchBuffer {
    pub completed: VecDeque<CompletedFetch>,
    pub next_in_line: Option<CompletedFetch>,
}

/// How a consumer reads records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecordReading {
    pub check_crcs: bool,
    /// None: every byte string is a value of the type.
    pub key: Option<Deserializer>,
    pub value: Option<Deserializer>,
}

impl RecordReading {
    pub fn of(config: &ConsumerConfig) -> RecordReading {
        let checking = |format: SerdeFormat| {
            let any = matches!(
                format,
                SerdeFormat::String | SerdeFormat::ByteArray | SerdeFormat::ByteBuffer | SerdeFormat::Bytes
            );
            Deserializer::from_class(&format!("{}Deserializer", format.name())).filter(|_| !any)
        };
        RecordReading {
            check_crcs: config.check_crcs,
            key: checking(config.key_deserializer),
            value: checking(config.value_deserializer),
        }
    }
}

impl CompletedFetch {
    pub fn new(partition: TopicPartition, head: PartitionHead, records: Bytes, offset: i64, cause: EventId) -> Self {
        CompletedFetch {
            partition,
            head,
            rest: records,
            next_fetch_offset: offset,
            initialized: false,
            consumed: false,
            batch: Arc::from([]),
            index: 0,
            batch_end: None,
            last_epoch: None,
            returned_any: false,
            cause,
        }
    }

    pub fn has_bytes(&self) -> bool {
        !self.rest.is_empty() || !self.batch.is_empty()
    }

    /// Whether there is a whole batch at the front.
    pub fn has_batch(&self) -> bool {
        Batches::of(&self.rest).next().is_some()
    }

    /// About how many records are left, of the batch being read.
    pub fn left_in_batch(&self) -> u64 {
        self.batch.len() as u64 - u64::from(self.index)
    }

    /// How many records are left, by the batches' headers.
    pub fn left(&self) -> u64 {
        if self.consumed {
            return 0;
        }
        let counted = Batches::of(&self.rest).map_while(Result::ok).filter(|batch| !batch.is_control());
        self.left_in_batch() + counted.map(|batch| u64::from(batch.records_count().max(0).unsigned_abs())).sum::<u64>()
    }

    pub fn drain(&mut self) {
        self.consumed = true;
        self.rest = Bytes::new();
        self.batch = Arc::from([]);
        self.index = 0;
    }

    /// The next records, at most so many (`CompletedFetch.fetchRecords`). Fails only when none could be read.
    pub fn fetch_records(&mut self, most: u32, reading: RecordReading) -> Result<Vec<ConsumerRecord>, Exception> {
        let mut records = Vec::new();
        while !self.consumed && (records.len() as u64) < u64::from(most) {
            match self.next_record(reading) {
                Ok(Some(record)) => {
                    self.next_fetch_offset = record.offset as i64 + 1;
                    self.index += 1;
                    self.returned_any = true;
                    records.push(record);
                }
                Ok(None) => break,
                // What is wrong is met again, and thrown, by the next poll.
                Err(_) if !records.is_empty() => break,
                Err(exception) => return Err(exception),
            }
        }
        Ok(records)
    }

    fn next_record(&mut self, reading: RecordReading) -> Result<Option<ConsumerRecord>, Exception> {
        loop {
            if let Some(record) = self.batch.get(self.index as usize) {
                if (record.offset as i64) < self.next_fetch_offset {
                    self.index += 1;
                    continue;
                }
                self.check_readable(record, reading)?;
                return Ok(Some(record.clone()));
            }
            if !self.next_batch(reading)? {
                if let Some(end) = self.batch_end {
                    self.next_fetch_offset = self.next_fetch_offset.max(end);
                }
                self.drain();
                return Ok(None);
            }
        }
    }

    /// Looks into the next batch; false when there is none.
    fn next_batch(&mut self, reading: RecordReading) -> Result<bool, Exception> {
        let bytes = self.rest.clone();
        let Some(batch) = Batches::of(&bytes).next() else { return Ok(false) };
        let batch = batch.map_err(|error| self.unreadable(&error))?;
        if reading.check_crcs
            && let Err(error) = batch.ensure_valid()
        {
            let message = format!(
                "Record batch for partition {} at offset {} is invalid, cause: {}",
                self.partition,
                batch.base_offset(),
                error.message.as_deref().unwrap_or("null")
            );
            return Err(Exception::new("KafkaException", None, message));
        }
        let end = batch.next_offset();
        let mut records = Vec::new();
        if batch.is_control() {
            self.next_fetch_offset = self.next_fetch_offset.max(end);
        } else {
            let epoch = batch.partition_leader_epoch();
            let read = batch.records().map_err(|error| self.unreadable(&error))?;
            records.reserve(usize::try_from(read.count()).unwrap_or_default());
            for record in read.iter() {
                let record = record.map_err(|error| self.unreadable(&error))?;
                // Uncompressed records share the bytes of the response.
                let own = |part: Option<&[u8]>| part.map(|part| share(&bytes, part));
                records.push(ConsumerRecord {
                    offset: record.offset.unsigned_abs(),
                    timestamp: record.timestamp,
                    log_append_time: batch.timestamp_type() == TimestampType::LogAppendTime,
                    leader_epoch: epoch,
                    key: own(record.key),
                    value: own(record.value),
                    headers: record.headers().map(|(name, value)| (Arc::from(&*name), own(value))).collect(),
                });
            }
        }
        self.last_epoch = Some(batch.partition_leader_epoch()).filter(|epoch| *epoch >= 0);
        self.batch = records.into();
        self.index = 0;
        self.batch_end = Some(end);
        let size = usize::try_from(batch.size_in_bytes()).expect("a whole batch has a size");
        self.rest = bytes.slice(size..);
        Ok(true)
    }

    fn check_readable(&self, record: &ConsumerRecord, reading: RecordReading) -> Result<(), Exception> {
        let parts = [("KEY", reading.key, &record.key), ("VALUE", reading.value, &record.value)];
        for (origin, deserializer, bytes) in parts {
            let Some(deserializer) = deserializer else { continue };
            if let Err(cause) = deserializer.deserialize(bytes.as_deref()) {
                let message = format!(
                    "Error deserializing {origin} for partition {} at offset {}. If needed, please seek past the \
                     record to continue consumption.",
                    self.partition, record.offset
                );
                return Err(
                    Exception::new("RecordDeserializationException", None, message).caused_by(of_record(&cause))
                );
            }
        }
        Ok(())
    }

    fn unreadable(&self, cause: &record::RecordException) -> Exception {
        let message = format!(
            "Received exception when fetching the next record from {}. If needed, please seek past the record to \
             continue consumption.",
            self.partition
        );
        Exception::new("KafkaException", None, message).caused_by(of_record(cause))
    }
}

fn of_record(exception: &record::RecordException) -> Exception {
    let code = Some(exception.code()).filter(|code| *code != Code::UnknownServerError);
    let made = Exception::new(exception.class, code, exception.message.clone().unwrap_or_default());
    match &exception.cause {
        Some(cause) => made.caused_by(of_record(cause)),
        None => made,
    }
}

fn share(bytes: &Bytes, part: &[u8]) -> Bytes {
    let inside = bytes.as_ptr_range().contains(&part.as_ptr());
    if inside { bytes.slice_ref(part) } else { Bytes::copy_from_slice(part) }
}

impl FetchBuffer {
    /// Partitions with data that was not returned yet, ascending (`bufferedPartitions`).
    pub fn partitions(&self) -> Vec<&TopicPartition> {
        let in_line = self.next_in_line.iter().filter(|fetch| !fetch.consumed);
        let mut all: Vec<&TopicPartition> = in_line.chain(&self.completed).map(|fetch| &fetch.partition).collect();
        all.order();
        all
    }

    pub fn is_empty(&self) -> bool {
        self.completed.is_empty() && self.next_in_line.as_ref().is_none_or(|fetch| fetch.consumed)
    }

    /// `hasAvailableFetches`.
    pub fn has_available(&self, subscriptions: &SubscriptionState) -> bool {
        self.completed.iter().any(|fetch| subscriptions.get(&fetch.partition).is_some_and(|state| state.is_fetchable()))
    }

    /// `retainAll`: forgets what is of other partitions.
    pub fn retain(&mut self, keep: impl Fn(&TopicPartition) -> bool) {
        self.completed.retain(|fetch| keep(&fetch.partition));
        if self.next_in_line.as_ref().is_some_and(|fetch| !keep(&fetch.partition)) {
            self.next_in_line = None;
        }
    }

    /// How many fetched records of a partition wait to be returned.
    pub fn buffered(&self, partition: &TopicPartition) -> u64 {
        let all = self.next_in_line.iter().chain(&self.completed);
        all.filter(|fetch| fetch.partition == *partition).map(CompletedFetch::left).sum()
    }
}
