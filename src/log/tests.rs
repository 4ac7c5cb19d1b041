use std::sync::Arc;

use super::*;
use crate::error::Code;
use crate::ids::TopicPartition;
use crate::record::{BatchBuilder, BatchOptions, BatchView, CompressionType, Header, ProducerState, TimestampType};
use proptest::prelude::*;

const NOW: i64 = 1_767_225_600_000;

fn log() -> PartitionLog {
    PartitionLog::new(TopicPartition::new(&Arc::from("orders"), 0), NOW)
}

/// A producer's batch with one record for each timestamp; values of 10 bytes.
fn batch(producer: ProducerState, timestamps: &[i64]) -> Arc<[u8]> {
    let mut builder = BatchBuilder::new(BatchOptions::default());
    for timestamp in timestamps {
        builder.append(*timestamp, Some(b"k"), Some(&[b'v'; 10]), &[]).unwrap();
    }
    builder.build(producer).unwrap()
}

fn append_at(log: &mut PartitionLog, config: &LogConfig, epoch: i32, bytes: &[u8]) -> Result<AppendInfo, AppendError> {
    let append = Append {
        now_ms: NOW,
        bytes,
        leader_epoch: epoch,
        origin: AppendOrigin::Client,
        guard: VerificationGuard::SENTINEL,
        transaction_version: -1,
    };
    log.append_as_leader(append, config)
}

fn append(log: &mut PartitionLog, timestamps: &[i64]) -> AppendInfo {
    append_at(log, &LogConfig::default(), 0, &batch(ProducerState::NONE, timestamps)).unwrap()
}

fn base_offsets(read: &LogRead) -> Vec<i64> {
    read.batches.iter().map(|bytes| BatchView::new(bytes).base_offset()).collect()
}

#[test]
fn a_read_begins_with_the_batch_that_holds_the_offset() {
    let mut log = log();
    for _ in 0..4 {
        append(&mut log, &[NOW, NOW, NOW]);
    }
    let size = log.size() as i32 / 4;
    let read = |offset, max_bytes, up_to, at_least_one| log.read(offset, max_bytes, up_to, at_least_one).unwrap();
    assert_eq!(base_offsets(&read(4, i32::MAX, 12, false)), [3, 6, 9]);
    assert_eq!(base_offsets(&read(0, i32::MAX, 6, false)), [0, 3]);
    // The limit within a batch: what comes before it is not given.
    assert_eq!(base_offsets(&read(0, i32::MAX, 7, false)), [0, 3]);
    assert_eq!(read(7, i32::MAX, 8, true), LogRead::default());
    let two_and_a_half = read(0, size * 5 / 2, 12, false);
    assert_eq!((base_offsets(&two_and_a_half), two_and_a_half.size), (vec![0, 3], size * 5 / 2));
    assert_eq!(base_offsets(&read(0, 1, 12, true)), [0]);
    let small = read(0, 1, 12, false);
    assert_eq!((small.batches.len(), small.size, small.is_first_entry_incomplete), (0, 1, true));
    assert_eq!(read(12, i32::MAX, 12, true), LogRead::default());
    assert_eq!(log.read(13, 1, 13, true).unwrap_err().code(), Code::OffsetOutOfRange);
    assert_eq!(log.bytes_between(4, 12), i64::from(size) * 3);
}

#[test]
fn a_read_stays_within_its_segment() {
    let mut log = log();
    let bytes = batch(ProducerState::NONE, &[NOW]);
    let config = LogConfig { segment_bytes: 2 * bytes.len() as i32, ..LogConfig::default() };
    for _ in 0..5 {
        append_at(&mut log, &config, 0, &bytes).unwrap();
    }
    let bases: Vec<i64> = log.segments().iter().map(|segment| segment.base_offset).collect();
    assert_eq!(bases, [0, 2, 4]);
    assert_eq!(base_offsets(&log.read(0, i32::MAX, 5, true).unwrap()), [0, 1]);
    assert_eq!(base_offsets(&log.read(3, i32::MAX, 5, true).unwrap()), [3]);
    let too_large = LogConfig { segment_bytes: bytes.len() as i32 - 1, ..config };
    assert_eq!(append_at(&mut log, &too_large, 0, &bytes).unwrap_err().code(), Code::RecordListTooLarge);
}

#[test]
fn a_segment_rolls_when_its_first_record_is_a_segment_ms_old() {
    let mut log = log();
    let config = LogConfig { segment_ms: 1000, message_timestamp_after_max_ms: i64::MAX, ..LogConfig::default() };
    for ahead in [0, 1000, 1001, 1500] {
        append_at(&mut log, &config, 0, &batch(ProducerState::NONE, &[NOW + ahead])).unwrap();
    }
    let bases: Vec<i64> = log.segments().iter().map(|segment| segment.base_offset).collect();
    assert_eq!(bases, [0, 2]);
}

#[test]
fn a_batch_that_comes_twice_is_answered_with_its_first_offsets() {
    let mut log = log();
    let producer =
        |base_sequence| ProducerState { producer_id: 7, producer_epoch: 0, base_sequence, ..ProducerState::NONE };
    let config = LogConfig::default();
    for number in 0..6 {
        append_at(&mut log, &config, 0, &batch(producer(2 * number), &[NOW, NOW])).unwrap();
    }
    let again = append_at(&mut log, &config, 0, &batch(producer(2), &[NOW, NOW])).unwrap();
    assert!(again.is_duplicate);
    assert_eq!((again.first_offset, again.last_offset), (2, 3));
    // Only the last five are known.
    let too_old = append_at(&mut log, &config, 0, &batch(producer(0), &[NOW, NOW])).unwrap_err();
    assert_eq!(too_old.code(), Code::OutOfOrderSequenceNumber);
    assert_eq!(log.log_end_offset(), 12);
}

#[test]
fn limits_and_topics_refuse_whole_batches() {
    let bytes = batch(ProducerState::NONE, &[NOW, NOW]);
    let size = bytes.len() as i32;
    let code = |config: LogConfig, bytes: &[u8]| append_at(&mut log(), &config, 0, bytes).unwrap_err().code();
    let config = LogConfig::default;
    assert_eq!(code(LogConfig { max_message_bytes: size - 1, ..config() }, &bytes), Code::MessageTooLarge);
    let late = batch(ProducerState::NONE, &[NOW, NOW + 3_600_001]);
    assert_eq!(code(config(), &late), Code::InvalidTimestamp);
    let mut keyless = BatchBuilder::new(BatchOptions::default());
    keyless.append(NOW, None, Some(b"v"), &[Header::new("h", None)]).unwrap();
    let keyless = keyless.build(ProducerState::NONE).unwrap();
    assert_eq!(code(LogConfig { is_compacted: true, ..config() }, &keyless), Code::InvalidRecord);
    assert!(append_at(&mut log(), &config(), 0, &keyless).is_ok());
}

#[test]
fn log_append_time_and_compression_are_the_topics() {
    let mut log = log();
    let config = LogConfig {
        message_timestamp_type: TimestampType::LogAppendTime,
        compression: Some(CompressionType::Gzip),
        ..LogConfig::default()
    };
    let info = append_at(&mut log, &config, 3, &batch(ProducerState::NONE, &[5, 6])).unwrap();
    assert_eq!(info.log_append_time, NOW);
    let stored = log.batches().next().unwrap();
    let records = stored.view().records().unwrap();
    assert!(records.iter().all(|record| record.unwrap().timestamp == NOW));
    assert_eq!(stored.view().compression(), Ok(CompressionType::Gzip));
    assert_eq!((stored.leader_epoch, log.leader_epochs().latest()), (3, Some(3)));
}

#[test]
fn offsets_are_found_by_time() {
    let mut log = log();
    append(&mut log, &[NOW - 50, NOW - 40]);
    append(&mut log, &[NOW - 10, NOW - 20]);
    append(&mut log, &[NOW - 10]);
    let at = |timestamp| log.offset_for_timestamp(timestamp).map(|found| (found.offset, found.timestamp));
    assert_eq!(at(0), Some((0, NOW - 50)));
    assert_eq!(at(NOW - 45), Some((1, NOW - 40)));
    assert_eq!(at(NOW - 20), Some((2, NOW - 10)));
    assert_eq!(at(NOW), None);
    assert_eq!(log.max_timestamp_offset().map(|found| found.offset), Some(2));
    assert_eq!(log.earliest(), TimestampOffset { timestamp: -1, offset: 0, leader_epoch: Some(0) });
}

#[test]
fn deleted_records_are_out_of_range_and_their_segments_go() {
    let mut log = log();
    let bytes = batch(ProducerState::NONE, &[NOW, NOW]);
    let config = LogConfig { segment_bytes: bytes.len() as i32, ..LogConfig::default() };
    for _ in 0..3 {
        append_at(&mut log, &config, 0, &bytes).unwrap();
    }
    assert_eq!(log.maybe_increment_log_start_offset(1).unwrap_err().code(), Code::OffsetOutOfRange);
    log.update_high_watermark(6);
    assert_eq!(log.maybe_increment_log_start_offset(3), Ok(true));
    assert_eq!(log.maybe_increment_log_start_offset(2), Ok(false));
    assert_eq!(log.read(2, 100, 6, true).unwrap_err().code(), Code::OffsetOutOfRange);
    // The batch of the new start comes whole.
    assert_eq!(base_offsets(&log.read(3, 1, 6, true).unwrap()), [2]);
    assert_eq!(log.delete_old_segments(NOW, &config), 1);
    assert_eq!((log.segments().len(), log.batches_count(), log.log_start_offset()), (2, 2, 3));
    assert_eq!(log.delete_old_segments(NOW + config.retention_ms + 1, &config), 2);
    assert_eq!((log.segments().len(), log.size(), log.log_start_offset()), (1, 0, 6));
    assert_eq!(append(&mut log, &[NOW]).first_offset, 6);
}

#[test]
fn a_follower_takes_what_continues_its_log() {
    let (mut leader, mut follower) = (log(), log());
    let config = LogConfig::default();
    for epoch in [0, 0, 2] {
        append_at(&mut leader, &config, epoch, &batch(ProducerState::NONE, &[NOW, NOW])).unwrap();
    }
    let fetched = leader.read(0, i32::MAX, 6, true).unwrap().batches.concat();
    follower.append_as_follower(NOW, &fetched, 2, &config).unwrap();
    assert_eq!(follower.log_end_offset(), 6);
    assert!(follower.batches().eq(leader.batches()));
    assert_eq!(follower.leader_epochs(), leader.leader_epochs());
    assert!(follower.append_as_follower(NOW, &fetched, 2, &config).is_err());
    // Batches of a leader that this replica does not follow yet are left out.
    follower.truncate_to(0, NOW);
    follower.append_as_follower(NOW, &fetched, 1, &config).unwrap();
    assert_eq!(follower.log_end_offset(), 4);
}

proptest! {
    /// A log that is cut equals, in all that can be asked, one that was never longer.
    #[test]
    fn cutting_undoes_appending(counts in proptest::collection::vec(1..4_usize, 1..150), keep in 0..150_usize) {
        let keep = keep.min(counts.len() - 1);
        let config = LogConfig { segment_bytes: 700, ..LogConfig::default() };
        let (mut whole, mut shorter) = (log(), log());
        let mut sequences = [0; 3];
        for (number, count) in counts.iter().enumerate() {
            let id = number % 3;
            let producer = ProducerState { producer_id: id as i64, producer_epoch: 0, base_sequence: sequences[id], ..ProducerState::NONE };
            sequences[id] += *count as i32;
            let bytes = batch(producer, &vec![NOW + number as i64; *count]);
            let epoch = number as i32 / 20;
            append_at(&mut whole, &config, epoch, &bytes).unwrap();
            if number < keep {
                append_at(&mut shorter, &config, epoch, &bytes).unwrap();
            }
        }
        let shared = whole.clone();
        whole.truncate_to(shorter.log_end_offset(), NOW);
        prop_assert!(whole.batches().eq(shorter.batches()));
        prop_assert_eq!(whole.log_end_offset(), shorter.log_end_offset());
        prop_assert_eq!(whole.leader_epochs(), shorter.leader_epochs());
        prop_assert_eq!(whole.producers(), shorter.producers());
        prop_assert_eq!(shared.batches_count(), counts.len());
        let next = batch(ProducerState::NONE, &[NOW]);
        prop_assert_eq!(append_at(&mut whole, &config, 9, &next), append_at(&mut shorter, &config, 9, &next));
        prop_assert_eq!(whole.size(), shorter.size());
    }

    /// Reading on from each answer gives every record once, in order, whatever the limits.
    #[test]
    fn reading_on_gives_all(counts in proptest::collection::vec(1..4_usize, 1..100), max_bytes in 1..600, segment in 200..900) {
        let config = LogConfig { segment_bytes: segment, ..LogConfig::default() };
        let mut log = log();
        for count in &counts {
            append_at(&mut log, &config, 0, &batch(ProducerState::NONE, &vec![NOW; *count])).unwrap();
        }
        let mut offset = 0;
        while offset < log.log_end_offset() {
            let read = log.read(offset, max_bytes, log.log_end_offset(), true).unwrap();
            prop_assert!(!read.batches.is_empty());
            for bytes in &read.batches {
                let view = BatchView::new(bytes);
                prop_assert_eq!(view.base_offset(), offset);
                offset = view.next_offset();
            }
        }
        prop_assert_eq!(offset, counts.iter().sum::<usize>() as i64);
    }
}
