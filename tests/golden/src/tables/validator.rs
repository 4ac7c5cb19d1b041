//! `LogValidator`, `UnifiedLog`, `ProducerStateManager`.

use std::sync::Arc;

use partita::ids::TopicPartition;
use partita::log::{Append, AppendError, AppendOrigin, LogConfig, LogValidator, PartitionLog, VerificationGuard};
use partita::record::{
    BatchBuilder, BatchOptions, BatchView, CompressionType, EndTransactionMarker, ProducerState, TimestampType,
    end_transaction_batch,
};
use serde_json::{Value, json};

use super::records::{exception, header};
use crate::json::{bytes, equal, hex, int, list, text};
use crate::{Subject, each, no_part};

pub fn subject() -> Subject {
    Subject { name: "validator", player: || each(check), part: no_part }
}

fn check(case: &Value, _header: &Value) -> Result<(), String> {
    match text(&case["kind"]) {
        "validate" => validate(case),
        _ => play(case),
    }
}

fn place() -> TopicPartition {
    TopicPartition::new(&"t".into(), 0)
}

fn compression(name: &Value) -> CompressionType {
    CompressionType::from_name(text(name)).expect("a codec of Kafka's")
}

fn origin(name: &Value) -> AppendOrigin {
    match text(name) {
        "CLIENT" => AppendOrigin::Client,
        "COORDINATOR" => AppendOrigin::Coordinator,
        _ => AppendOrigin::Replication,
    }
}

fn validate(case: &Value) -> Result<(), String> {
    let limit = |value: &Value| if value.is_null() { i64::MAX } else { int(value) };
    let is_log_append_time = text(&case["timestampType"]) == TimestampType::LogAppendTime.name();
    let validator = LogValidator {
        topic_partition: &place(),
        now_ms: int(&case["now"]),
        source_compression: compression(&case["source"]),
        target_compression: compression(&case["target"]),
        gzip_level: -1,
        is_compacted: case["compacted"] == true,
        timestamp_type: if is_log_append_time { TimestampType::LogAppendTime } else { TimestampType::CreateTime },
        timestamp_before_max_ms: limit(&case["before"]),
        timestamp_after_max_ms: limit(&case["after"]),
        leader_epoch: int(&case["leaderEpoch"]),
        origin: origin(&case["origin"]),
    };
    let result = match validator.validate(&bytes(&case["in"]), int(&case["firstOffset"])) {
        Ok(result) => result,
        Err(error) => return equal("error", &Some(failure(&error)), &case.get("error").cloned()),
    };
    if let Some(error) = case.get("error") {
        return Err(format!("accepted, Kafka has {error}"));
    }
    let view = BatchView::new(&result.bytes);
    let mut ours = header(view)?;
    if let Some(section) = case.get("section") {
        // What was compressed anew need not have Kafka's size and checksum.
        let fields = ours.as_object_mut().expect("a header is an object");
        fields.remove("crc");
        fields.remove("sizeInBytes");
        equal("section", &hex(&view.section().map_err(|e| e.to_string())?), &text(section).to_string())?;
    } else {
        equal("out", &hex(&result.bytes), &text(&case["out"]).to_string())?;
    }
    equal("header", &ours, &case["header"])?;
    equal("maxTimestamp", &result.max_timestamp, &int(&case["maxTimestamp"]))?;
    equal("logAppendTime", &result.log_append_time_ms, &int(&case["logAppendTime"]))?;
    equal("sizeMaybeChanged", &Value::from(result.size_maybe_changed), &case["sizeMaybeChanged"])?;
    equal("nextOffset", &result.next_offset, &int(&case["nextOffset"]))
}

fn failure(error: &AppendError) -> Value {
    let mut said = exception(&error.exception);
    if !error.record_errors.is_empty() {
        said["recordErrors"] = error.record_errors.iter().map(|e| json!([e.index, e.message])).collect();
    }
    said
}

fn play(case: &Value) -> Result<(), String> {
    let config = LogConfig { transaction_verification: case["verify"] == true, ..LogConfig::default() };
    let start = 1_700_000_000_000;
    let mut log = PartitionLog::new(place(), start);
    let mut advanced = 0;
    for (number, step) in list(&case["steps"]).iter().enumerate() {
        let in_step = |difference: String| format!("step {number} {step}: {difference}");
        let mut now = start + 10 * (number as i64 + 1) + advanced;
        if let Some(by) = step.get("advance") {
            advanced += int::<i64>(by);
            now += int::<i64>(by);
            log.remove_expired_producers(now, &config);
        } else if let Some(offset) = step.get("hw") {
            log.update_high_watermark(int(offset));
        } else if step.get("data").is_some() {
            data(&mut log, step, now, &config).map_err(in_step)?;
        } else {
            marker(&mut log, step, now, &config).map_err(in_step)?;
        }
        let state = json!([log.log_end_offset(), log.high_watermark(), log.last_stable_offset()]);
        equal("state", &state, &step["state"]).map_err(in_step)?;
    }
    equal("producers", &producers(&log), &case["producers"])?;
    let aborted = log.aborted_transactions().iter();
    let ours: Value = aborted
        .map(|txn| json!([txn.producer_id, txn.first_offset, txn.last_offset, txn.last_stable_offset]))
        .collect();
    equal("aborted", &ours, &case["aborted"])
}

fn data(log: &mut PartitionLog, step: &Value, now_ms: i64, config: &LogConfig) -> Result<(), String> {
    let [id, epoch, sequence, count] = list(&step["data"]) else { return Err("four numbers are expected".into()) };
    let (producer_id, producer_epoch, base_sequence) = (int(id), int(epoch), int(sequence));
    let mut guard = VerificationGuard::SENTINEL;
    if step.get("guard") == Some(&Value::Bool(true)) {
        let is_v2 = int::<i16>(&step["tv"]) == 2;
        let started =
            log.maybe_start_transaction_verification(now_ms, producer_id, base_sequence, producer_epoch, is_v2);
        match started {
            Ok(started) => guard = started,
            Err(error) => return equal("verification", &Some(exception(&error)), &step.get("verification").cloned()),
        }
    }
    let mut builder = BatchBuilder::new(BatchOptions::default());
    for _ in 0..int::<i32>(count) {
        builder.append(now_ms, Some(b"k"), Some(b"v"), &[]).map_err(|e| e.to_string())?;
    }
    let is_transactional = step["txn"] == true;
    let producer = ProducerState { producer_id, producer_epoch, base_sequence, is_transactional };
    let batch = builder.build(producer).map_err(|e| e.to_string())?;
    append(log, step, &batch, AppendOrigin::Client, guard, now_ms, config)
}

fn marker(log: &mut PartitionLog, step: &Value, now_ms: i64, config: &LogConfig) -> Result<(), String> {
    let [id, epoch, kind, coordinator_epoch] = list(&step["marker"]) else {
        return Err("a marker has four parts".into());
    };
    let marker = EndTransactionMarker { is_commit: text(kind) == "COMMIT", coordinator_epoch: int(coordinator_epoch) };
    let batch = end_transaction_batch(0, now_ms, -1, int(id), int(epoch), marker);
    append(log, step, &batch, AppendOrigin::Coordinator, VerificationGuard::SENTINEL, now_ms, config)
}

fn append(
    log: &mut PartitionLog,
    step: &Value,
    batch: &Arc<[u8]>,
    origin: AppendOrigin,
    guard: VerificationGuard,
    now_ms: i64,
    config: &LogConfig,
) -> Result<(), String> {
    let append = Append { now_ms, bytes: batch, leader_epoch: 0, origin, guard, transaction_version: int(&step["tv"]) };
    let (column, ours) = match log.append_as_leader(append, config) {
        Ok(info) if info.is_duplicate => ("duplicate", json!([info.first_offset, info.last_offset])),
        Ok(info) => ("accepted", json!([info.first_offset, info.last_offset])),
        Err(error) => ("error", failure(&error)),
    };
    equal(column, &Some(&ours), &step.get(column))
}

fn producers(log: &PartitionLog) -> Value {
    let entries = log.producers().producers().map(|entry| {
        let batches = entry.batches().iter().map(|batch| {
            json!([
                batch.first_sequence(),
                batch.last_sequence,
                batch.first_offset(),
                batch.last_offset,
                batch.timestamp
            ])
        });
        let said = json!({
            "epoch": entry.producer_epoch,
            "coordinatorEpoch": entry.coordinator_epoch,
            "lastTimestamp": entry.last_timestamp,
            "txnFirstOffset": entry.current_txn_first_offset,
            "batches": batches.collect::<Value>(),
        });
        (entry.producer_id.to_string(), said)
    });
    Value::Object(entries.collect())
}
