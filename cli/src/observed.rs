//! Observations of the model in the shape of a recorded run's.

use std::collections::BTreeMap;
use std::sync::Arc;

use partita::application::{Callback, Polled, SeenRecord, TaskResult};
use partita::call::Listener;
use partita::ids::{BrokerId, TopicPartition};
use partita::script::{
    AdminStatement, Call, Described, Line, OffsetSpec, Property, Script, Setting, SettingTarget, ShowRecords, Statement,
};
use partita::simulation::{DescribedGroup, DescribedPartition, DumpedBatch, Observation, Seen};
use partita::sorted::SortedMap;
use serde_json::{Map, Value, json};

use crate::outcomes::{send_outcome, show_outcomes};
use crate::stable::{self, Reading};

type Object = Map<String, Value>;

/// How each client reads, from which line on.
type Readings = BTreeMap<Arc<str>, Vec<(u32, Reading)>>;

/// Collects the observations of one run.
#[derive(Default)]
pub struct Collector {
    seen: Vec<(u32, Object)>,
    /// By line and index: the outcomes of sends, which come when they come.
    outcomes: BTreeMap<u32, BTreeMap<u32, Object>>,
    /// Producer ids in order of appearance.
    producers: Vec<i64>,
    /// Made of the script when a client is first observed.
    readings: Option<Readings>,
}

impl Collector {
    /// Takes in an observation; `now_ms` is the run's wall clock.
    pub fn take(&mut self, script: &Script, observation: &Observation, now_ms: i64) {
        if let Seen::Sent { index, outcome } = &observation.seen {
            let one = send_outcome(outcome, now_ms);
            self.outcomes.entry(observation.line).or_default().insert(*index, one);
            return;
        }
        let Some(line) = line_of(script, observation.line) else { return };
        let reading = self.reading(script, observation);
        let Some(facts) = self.facts(line, &observation.seen, now_ms, reading) else { return };
        let mut found = Object::new();
        found.insert("line".into(), line.number.into());
        found.insert("what".into(), line.statement.verb().into());
        if let Some(client) = &observation.client {
            found.insert("client".into(), (&**client).into());
        }
        found.extend(facts);
        self.seen.push((line.number, found));
    }

    /// All of them; sends with the outcomes that have come by now.
    pub fn finish(mut self, script: &Script) -> Vec<Value> {
        let mut all = Vec::new();
        for (number, mut found) in self.seen {
            let line = line_of(script, number);
            if let Some(Statement::Send(send)) = line.map(|line| &*line.statement) {
                let outcomes = self.outcomes.remove(&number).unwrap_or_default();
                show_outcomes(&mut found, send.show, send.times, outcomes);
            }
            let mut found = Value::Object(found);
            if line.is_some_and(|line| !line.messages) {
                stable::without_messages(&mut found);
            }
            all.push(found);
        }
        all
    }

    /// How the client of an observation reads: by the properties that it was made with last.
    fn reading(&mut self, script: &Script, observation: &Observation) -> Reading {
        let Some(client) = &observation.client else { return Reading::TEXT };
        let Some(known) = self.readings.get_or_insert_with(|| readings(script)).get(client) else {
            return Reading::TEXT;
        };
        let before = known.partition_point(|(line, _)| *line < observation.line);
        before.checked_sub(1).map_or(Reading::TEXT, |at| known[at].1)
    }

    fn facts(&mut self, line: &Line, seen: &Seen, now_ms: i64, reading: Reading) -> Option<Object> {
        let facts = match seen {
            Seen::Task(result) => return task(line, result, now_ms, reading),
            Seen::Sends => json!({}),
            Seen::Pending(count) => json!({ "pending": count }),
            Seen::Records(records) => json!({ "records": show_records(records, shown(line), now_ms, reading) }),
            Seen::Callbacks(all) => json!({ "callbacks": all.iter().map(callback).collect::<Vec<_>>() }),
            Seen::Assignment(owned) => json!({ "assignment": stable::joined(owned) }),
            Seen::Generation { generation, member_given } => {
                json!({ "generation": generation, "member": if *member_given { "given" } else { "none" } })
            }
            Seen::Topic(partitions) => {
                json!({ "topic": described_topic(line), "partitions": partitions.iter().map(partition).collect::<Vec<_>>() })
            }
            Seen::Group(group) => described_group(line, group),
            Seen::ListedOffsets(offsets) => listed_offsets(line, offsets, now_ms),
            Seen::GroupOffsets(offsets) => {
                let all: Object = offsets.iter().map(|(p, offset)| (p.to_string(), json!(offset))).collect();
                json!({ "offsets": all })
            }
            Seen::Log { partition, segments, batches } => {
                let batches: Vec<Value> = batches.iter().map(|batch| self.batch(line, batch, now_ms)).collect();
                json!({ "segments": segments, "batches": batches, "partition": partition.to_string() })
            }
            Seen::GroupRecords(records) => crate::recorded::group_records(line, records),
            Seen::Producers(all) => {
                let one = |found: &partita::simulation::ActiveProducer| json!({ "producer": self.producer(found.producer_id), "epoch": found.epoch, "last-sequence": found.last_sequence });
                json!({ "partition": described_partition(line), "producers": all.iter().map(one).collect::<Vec<_>>() })
            }
            Seen::Config(values) => {
                Value::Object(values.iter().map(|(name, value)| (name.to_string(), json!(value.as_deref()))).collect())
            }
            Seen::LowWatermark(offset) => json!({ "low-watermark": offset }),
            Seen::Done => json!({ "done": true }),
            Seen::Failed(exception) => {
                let mut facts = json!({ "failed": stable::error(exception) });
                match &*line.statement {
                    Statement::Topic(topic) => facts["topic"] = (&*topic.name).into(),
                    // DescribeConfigs answers an exception without words with empty ones, not with the error's own.
                    Statement::Admin(AdminStatement::Describe(Described::Config { .. })) => {
                        facts["failed"]["message"] = "".into();
                    }
                    _ => {}
                }
                facts
            }
            Seen::NotConstructed(exception) => json!({ "threw": stable::error(exception) }),
            Seen::Refused(sentence) => json!({ "refused": &**sentence }),
            Seen::Sent { .. } => return None,
        };
        match facts {
            Value::Object(facts) => Some(facts),
            _ => None,
        }
    }

    /// The number under which a producer id is shown.
    fn producer(&mut self, id: i64) -> usize {
        let at = self.producers.iter().position(|other| *other == id).unwrap_or_else(|| {
            self.producers.push(id);
            self.producers.len() - 1
        });
        at + 1
    }

    fn batch(&mut self, line: &Line, batch: &DumpedBatch, now_ms: i64) -> Value {
        let (sizes, with_records) = match &*line.statement {
            Statement::Admin(AdminStatement::DumpLog { sizes, records, .. }) => (*sizes, *records),
            _ => (false, true),
        };
        let mut found =
            json!({ "base-offset": batch.base_offset, "last-offset": batch.last_offset, "count": batch.count });
        if let Some((id, epoch, sequence)) = batch.producer {
            found["producer"] = self.producer(id).into();
            found["epoch"] = epoch.into();
            if !batch.control {
                found["sequence"] = sequence.into();
            }
        }
        if batch.transactional {
            found["transactional"] = true.into();
        }
        if batch.compression != "none" {
            found["compression"] = batch.compression.into();
        }
        found["leader-epoch"] = batch.leader_epoch.into();
        if batch.log_append_time {
            found["timestamp-type"] = "LogAppendTime".into();
        }
        if sizes {
            found["bytes"] = batch.bytes.into();
        }
        if with_records && !batch.control {
            found["records"] =
                batch.records.iter().map(|record| stable::record(record, now_ms, false, Reading::TEXT)).collect();
        }
        found
    }
}

/// The line of this number: lines stand in the order of their numbers.
fn line_of(script: &Script, number: u32) -> Option<&Line> {
    let at = script.lines.binary_search_by_key(&number, |line| line.number).ok()?;
    script.lines.get(at).map(|line| &**line)
}

/// How clients read, by the lines that make them or set their properties anew.
fn readings(script: &Script) -> Readings {
    let mut properties: BTreeMap<Arc<str>, Vec<Property>> = BTreeMap::new();
    let mut readings = Readings::new();
    for line in &script.lines {
        let (client, given) = match &*line.statement {
            Statement::Client(made) => (&made.id, made.properties.clone()),
            Statement::Set(Setting { target: SettingTarget::Client(client), properties: new, .. }) => {
                let mut given = properties.remove(client).unwrap_or_default();
                given.retain(|old| new.iter().all(|property| property.name != old.name));
                given.extend(new.iter().cloned());
                (client, given)
            }
            _ => continue,
        };
        readings.entry(client.clone()).or_default().push((line.number, Reading::of(&given)));
        properties.insert(client.clone(), given);
    }
    readings
}

fn described_topic(line: &Line) -> Value {
    match &*line.statement {
        Statement::Admin(AdminStatement::Describe(Described::Topic(topic))) => (&**topic).into(),
        _ => Value::Null,
    }
}

fn described_partition(line: &Line) -> Value {
    match &*line.statement {
        Statement::Admin(AdminStatement::Describe(Described::Producers(partition))) => partition.to_string().into(),
        _ => Value::Null,
    }
}

fn brokers(ids: &[BrokerId]) -> Value {
    ids.iter().map(|id| Value::from(id.0)).collect()
}

fn partition(found: &DescribedPartition) -> Value {
    let mut isr = found.isr.clone();
    isr.sort();
    let mut shown = json!({
        "partition": found.partition,
        "leader": found.leader.map_or(-1, |leader| leader.0),
        "replicas": brokers(&found.replicas),
        "isr": brokers(&isr),
        "elr": brokers(&found.elr),
    });
    if !found.elr.is_empty() {
        shown["last-known-elr"] = brokers(&found.elr);
    }
    shown
}

fn described_group(line: &Line, group: &DescribedGroup) -> Value {
    let shape =
        matches!(&*line.statement, Statement::Admin(AdminStatement::Describe(Described::Group { shape: true, .. })));
    let member = |member: &partita::simulation::DescribedMember| {
        let mut found = Object::new();
        if !shape {
            found.insert("member".into(), (&*member.client_id).into());
        }
        if let Some(instance) = &member.instance {
            found.insert("instance".into(), (&**instance).into());
        }
        if shape {
            found.insert("partitions".into(), member.assignment.len().into());
        } else {
            found.insert("assignment".into(), stable::partitions(&member.assignment));
        }
        Value::Object(found)
    };
    let mut members: Vec<Value> = group.members.iter().map(member).collect();
    if shape {
        members.sort_by_key(Value::to_string);
    }
    let mut found = json!({ "group": &*group.group, "state": &*group.state, "type": "Classic" });
    if let Some(assignor) = &group.assignor {
        found["assignor"] = (&**assignor).into();
    }
    found["members"] = members.into();
    found
}

fn listed_offsets(
    line: &Line,
    offsets: &[(TopicPartition, Result<partita::call::ListedOffset, partita::error::Exception>)],
    now_ms: i64,
) -> Value {
    let of = match &*line.statement {
        Statement::Admin(AdminStatement::ListOffsets { spec, .. }) => match spec {
            OffsetSpec::Latest => "latest".to_owned(),
            OffsetSpec::Earliest => "earliest".to_owned(),
            OffsetSpec::MaxTimestamp => "max-timestamp".to_owned(),
            OffsetSpec::Timestamp(ms) => ms.to_string(),
        },
        _ => String::new(),
    };
    let one = |(partition, listed): &(TopicPartition, Result<partita::call::ListedOffset, _>)| {
        let found = match listed {
            Ok(listed) => {
                let mut found = json!({ "offset": listed.offset });
                if listed.timestamp >= 0 && stable::from_script(listed.timestamp, now_ms) {
                    found["timestamp"] = listed.timestamp.into();
                }
                if let Some(epoch) = listed.leader_epoch {
                    found["leader-epoch"] = epoch.into();
                }
                found
            }
            Err(exception) => json!({ "failed": stable::error(exception) }),
        };
        (partition.to_string(), found)
    };
    let all: Object = offsets.iter().map(one).collect();
    json!({ "of": of, "offsets": all })
}

fn task(line: &Line, result: &TaskResult, now_ms: i64, reading: Reading) -> Option<Object> {
    let by_partition = |all: &[(TopicPartition, Option<i64>)]| -> Object {
        all.iter().map(|(partition, number)| (partition.to_string(), json!(number))).collect()
    };
    let facts = match result {
        TaskResult::Done => json!({ "done": true }),
        TaskResult::Threw(exception) => json!({ "threw": stable::error(exception) }),
        TaskResult::Polled(polled) => Value::Object(show_polled(polled, shown(line), now_ms, reading)),
        TaskResult::Positions(all) => json!({ "position": by_partition(all) }),
        TaskResult::CurrentLags(all) => json!({ "current-lag": by_partition(all) }),
        TaskResult::Offsets(all) => match &*line.statement {
            Statement::Call { call: Call::BeginningOffsets(_), .. } => {
                json!({ "beginning-offsets": by_partition(all) })
            }
            _ => json!({ "end-offsets": by_partition(all) }),
        },
        TaskResult::Committed(all) => {
            let one = |offset: &partita::call::OffsetAndMetadata| {
                if offset.metadata.is_empty() {
                    json!(offset.offset)
                } else {
                    json!({ "offset": offset.offset, "metadata": stable::shorten(&offset.metadata) })
                }
            };
            let all: Object = all.iter().map(|(p, offset)| (p.to_string(), json!(offset.as_ref().map(one)))).collect();
            json!({ "committed": all })
        }
        TaskResult::OffsetsAndTimestamps(all) => {
            let one = |(offset, timestamp): &(i64, i64)| json!({ "offset": offset, "timestamp": timestamp });
            let all: Object = all.iter().map(|(p, found)| (p.to_string(), json!(found.as_ref().map(one)))).collect();
            json!({ "offsets-for-times": all })
        }
        TaskResult::Partitions(count) => json!({ "partitions": count }),
    };
    match facts {
        Value::Object(facts) => Some(facts),
        _ => None,
    }
}

fn shown(line: &Line) -> ShowRecords {
    match &*line.statement {
        Statement::Call { call: Call::Poll(poll), .. } => poll.show,
        Statement::Call { call: Call::Records { show }, .. } => *show,
        _ => ShowRecords::All,
    }
}

fn show_records(
    records: &SortedMap<TopicPartition, Vec<SeenRecord>>,
    show: ShowRecords,
    now_ms: i64,
    reading: Reading,
) -> Value {
    let by_partition = |one: &dyn Fn(&Vec<SeenRecord>) -> Value| -> Value {
        Value::Object(records.iter().filter(|(_, r)| !r.is_empty()).map(|(p, r)| (p.to_string(), one(r))).collect())
    };
    match show {
        ShowRecords::All => by_partition(&|records| {
            records.iter().map(|record| stable::record(record, now_ms, true, reading)).collect()
        }),
        ShowRecords::Offsets => by_partition(&|records| records.iter().map(|r| Value::from(r.offset)).collect()),
        ShowRecords::Count => by_partition(&|records| records.len().into()),
        ShowRecords::Total => records.values().map(Vec::len).sum::<usize>().into(),
    }
}

fn show_polled(polled: &Polled, show: ShowRecords, now_ms: i64, reading: Reading) -> Object {
    let mut found = Object::new();
    if let Some(sizes) = &polled.sizes {
        found.insert("polls".into(), json!(sizes));
    }
    if polled.gave_up {
        found.insert("gave-up".into(), true.into());
    }
    if let Some(exception) = &polled.threw {
        found.insert("threw".into(), stable::error(exception));
    }
    found.insert("records".into(), show_records(&polled.records, show, now_ms, reading));
    found
}

fn callback(of: &Callback) -> Value {
    match of {
        Callback::Rebalance { listener, partitions, commit } => {
            let name = match listener {
                Listener::Assigned => "assigned",
                Listener::Revoked => "revoked",
                Listener::Lost => "lost",
            };
            let mut found = json!({ name: stable::partitions(partitions) });
            match commit {
                None => {}
                Some(Ok(())) => found["commit"] = "done".into(),
                Some(Err(exception)) => found["commit-threw"] = stable::error(exception),
            }
            found
        }
        Callback::CommitAsync { offsets, error } => {
            let at: Object = offsets.iter().map(|(p, offset)| (p.to_string(), json!(offset))).collect();
            let mut found = json!({ "commit-async": at });
            match error {
                Some(exception) => found["failed"] = stable::error(exception),
                None => found["done"] = true.into(),
            }
            found
        }
        Callback::PollThrew(exception) => json!({ "poll-threw": stable::error(exception) }),
    }
}
