//! Record batches, byte for byte: read, written again, and damaged ones.

use bytes::Bytes;
use partita::ids::TopicPartition;
use partita::log::{Append, AppendOrigin, LogConfig, PartitionLog, VerificationGuard};
use partita::record::{
    BatchBuilder, BatchOptions, BatchView, Batches, CompressionType, ControlType, EndTransactionMarker, Header,
    ProducerState, Record, RecordException, RecordView, compress, decompress, empty_batch, end_transaction_batch,
    record_size_upper_bound, size_of_record, validate_produce_records,
};
use serde_json::{Value, json};

use crate::json::{bytes, equal, hex, int, list, text};
use crate::{Subject, each, no_part};

pub fn subject() -> Subject {
    Subject { name: "records", player: || each(check), part: no_part }
}

fn check(case: &Value, _header: &Value) -> Result<(), String> {
    let batch = bytes(&case["hex"]);
    match text(&case["kind"]) {
        "corrupt" => corrupt(case, &batch),
        kind => {
            let view = BatchView::new(&batch);
            equal("header", &header(view)?, &case["header"])?;
            if let Some(section) = case.get("section") {
                equal("section", &hex(&view.section().map_err(|e| e.to_string())?), &text(section).to_string())?;
            }
            let records = view.records().map_err(|e| e.to_string())?;
            let read: Result<Vec<RecordView>, RecordException> = records.iter().collect();
            let read = read.map_err(|e| e.to_string())?;
            equal("count of records", &read.len(), &list(&case["records"]).len())?;
            for (ours, kafkas) in read.iter().zip(list(&case["records"])) {
                equal("record", &record(ours, kind == "control")?, kafkas)?;
            }
            view.ensure_valid().map_err(|e| e.to_string())?;
            written_again(kind, view, case)
        }
    }
}

pub fn header(view: BatchView) -> Result<Value, String> {
    Ok(json!({
        "baseOffset": view.base_offset(),
        "sizeInBytes": view.size_in_bytes(),
        "leaderEpoch": view.partition_leader_epoch(),
        "magic": view.magic(),
        "crc": view.crc(),
        "attributes": view.attributes(),
        "lastOffsetDelta": view.last_offset_delta(),
        "baseTimestamp": view.base_timestamp(),
        "maxTimestamp": view.max_timestamp(),
        "producerId": view.producer_id(),
        "producerEpoch": view.producer_epoch(),
        "baseSequence": view.base_sequence(),
        "count": view.records_count(),
        "lastOffset": view.last_offset(),
        "lastSequence": view.last_sequence(),
        "nextOffset": view.next_offset(),
        "timestampType": view.timestamp_type().name(),
        "compression": view.compression().map_err(|e| e.to_string())?.name(),
        "transactional": view.is_transactional(),
        "control": view.is_control(),
        "deleteHorizon": view.delete_horizon_ms(),
    }))
}

fn record(view: &RecordView, is_control: bool) -> Result<Value, String> {
    let bytes = |bytes: Option<&[u8]>| bytes.map(hex);
    let mut record = json!({
        "offset": view.offset,
        "sequence": view.sequence,
        "timestamp": view.timestamp,
        "size": view.size_in_bytes,
        "key": bytes(view.key),
        "value": bytes(view.value),
    });
    if view.headers_count() > 0 {
        record["headers"] = view.headers().map(|(key, value)| json!([key, bytes(value)])).collect();
    }
    if is_control {
        let marker = EndTransactionMarker::parse(view).map_err(|e| e.to_string())?;
        let control_type = ControlType::parse(view.key.unwrap_or_default()).map_err(|e| e.to_string())?;
        equal("commit", &marker.is_commit, &(control_type == ControlType::Commit))?;
        record["controlType"] = control_type.name().into();
        record["coordinatorEpoch"] = marker.coordinator_epoch.into();
    }
    Ok(record)
}

/// Writes what was read once more: the bytes must be the same, save that compressed ones need only mean the same.
fn written_again(kind: &str, view: BatchView, case: &Value) -> Result<(), String> {
    let producer = ProducerState {
        producer_id: view.producer_id(),
        producer_epoch: view.producer_epoch(),
        base_sequence: view.base_sequence(),
        is_transactional: view.is_transactional(),
    };
    let options = BatchOptions {
        compression: view.compression().map_err(|e| e.to_string())?,
        timestamp_type: view.timestamp_type(),
        base_offset: view.base_offset(),
        log_append_time: case.get("logAppendTime").map_or(-1, int),
        is_control: view.is_control(),
        partition_leader_epoch: view.partition_leader_epoch(),
        delete_horizon_ms: view.delete_horizon_ms(),
        ..BatchOptions::default()
    };
    let written = match kind {
        "empty" => empty_batch(options, view.last_offset(), view.max_timestamp(), producer),
        "control" => {
            let record = &case["records"][0];
            let marker = EndTransactionMarker {
                is_commit: text(&record["controlType"]) == "COMMIT",
                coordinator_epoch: int(&record["coordinatorEpoch"]),
            };
            let (id, epoch) = (producer.producer_id, producer.producer_epoch);
            let time = int(&record["timestamp"]);
            end_transaction_batch(view.base_offset(), time, view.partition_leader_epoch(), id, epoch, marker)
        }
        _ => {
            let mut builder = BatchBuilder::new(options);
            append_all(&mut builder, view, &case["records"])?;
            builder.override_last_offset(view.last_offset());
            builder.build(producer).map_err(|e| e.to_string())?
        }
    };
    if options.compression == CompressionType::None {
        return equal("bytes written", &hex(&written), &hex(view.bytes()));
    }
    let again = BatchView::new(&written);
    equal("section written", &again.section().unwrap(), &view.section().unwrap())?;
    let section = view.section().unwrap();
    let stored = compress(options.compression, -1, &section).map_err(|e| e.to_string())?;
    equal("compressed and back", &decompress(options.compression, &stored).unwrap(), &section.into_owned())
}

fn append_all(builder: &mut BatchBuilder, view: BatchView, records: &Value) -> Result<(), String> {
    // With LogAppendTime the records' own timestamps are hidden: they show when the bit is taken away.
    let mut plain = view.bytes().to_vec();
    plain[22] &= !8;
    let own_times = BatchView::new(&plain).records().map_err(|e| e.to_string())?;
    let times: Vec<i64> = own_times.iter().map(|record| record.expect("read before").timestamp).collect();
    let mut size = builder.estimated_bytes_written();
    for (kafkas, time) in list(records).iter().zip(times) {
        let record = owned(kafkas);
        let (key, value) = (record.key.as_deref(), record.value.as_deref());
        let offset: i64 = int(&kafkas["offset"]);
        let took = builder.append_with_offset(offset, time, key, value, &record.headers).map_err(|e| e.to_string())?;
        equal("size appended", &took, &int(&kafkas["size"]))?;
        let offset_delta = (offset - view.base_offset()) as i32;
        let computed =
            size_of_record(offset_delta, time.wrapping_sub(view.base_timestamp()), key, value, &record.headers);
        equal("size computed", &computed, &took)?;
        if record_size_upper_bound(key, value, &record.headers) < 61 + took {
            return Err("the upper bound of a record is below its size".into());
        }
        size += took;
    }
    equal("plain size", &builder.uncompressed_bytes_written(), &size)
}

fn owned(kafkas: &Value) -> Record {
    let optional = |value: &Value| (!value.is_null()).then(|| Bytes::from(bytes(value)));
    let headers = kafkas.get("headers").map_or(&[][..], list);
    Record {
        key: optional(&kafkas["key"]),
        value: optional(&kafkas["value"]),
        headers: headers.iter().map(|header| Header::new(text(&header[0]), optional(&header[1]))).collect(),
        timestamp: int(&kafkas["timestamp"]),
    }
}

fn corrupt(case: &Value, damaged: &[u8]) -> Result<(), String> {
    let batches: Result<Vec<BatchView>, RecordException> = Batches::of(damaged).collect();
    let sizes = batches.map(|batches| batches.iter().map(|batch| batch.bytes().len()).collect::<Vec<_>>());
    equal("batches", &outcome(sizes), &case["batches"])?;
    if let Some(Ok(first)) = Batches::of(damaged).next() {
        equal("valid", &outcome(first.ensure_valid_any_magic().map(|()| true)), &case["valid"])?;
        equal("read", &outcome(first.read_count()), &case["read"])?;
    }
    equal("request", &outcome(validate_produce_records(13, damaged).map(|()| true)), &case["request"])?;
    append(case, damaged)
}

/// To an empty log of the plain topic `t-0`, at leader epoch 5.
fn append(case: &Value, damaged: &[u8]) -> Result<(), String> {
    let mut log = PartitionLog::new(TopicPartition::new(&"t".into(), 0), 1_700_000_000_000);
    let config = LogConfig { transaction_verification: false, ..LogConfig::default() };
    let append = Append {
        now_ms: 1_700_000_000_000,
        bytes: damaged,
        leader_epoch: 5,
        origin: AppendOrigin::Client,
        guard: VerificationGuard::SENTINEL,
        transaction_version: -1,
    };
    let appended = log.append_as_leader(append, &config).map_err(|error| error.exception);
    let said = appended.map(|info| match info.first_offset {
        -1 => json!({ "nothing": true }),
        first => json!({ "accepted": [first, info.last_offset] }),
    });
    equal("append", &outcome(said), &case["append"])?;
    let stored = log.batches().next().map(|batch| hex(&batch.bytes));
    equal("appended", &stored.map(Value::from), &case.get("appended").cloned())
}

/// What worked, or `{"error": …}` as the tables have it.
pub fn outcome<T: Into<Value>>(result: Result<T, RecordException>) -> Value {
    match result {
        Ok(value) => value.into(),
        Err(error) => json!({ "error": exception(&error) }),
    }
}

pub fn exception(error: &RecordException) -> Value {
    let mut said = json!({ "class": error.class, "message": error.message });
    if let Some(cause) = &error.cause {
        said["cause"] = exception(cause);
    }
    said
}
