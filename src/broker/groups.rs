//! The APIs about groups: which coordinator of this broker takes a request, and what becomes of what it decided
//! (`KafkaApis`, `GroupCoordinatorService`). Each API's card stands where it is decided: `coordinator/group`.
//!
//! A broker has one coordinator for each partition of `__consumer_offsets` that it leads. What a coordinator decides is
//! one batch in that partition's log; when the broker becomes leader the coordinator is rebuilt from the log.
//! Simplified: loading takes no time, records are written at once (`group.coordinator.append.linger.ms` 0), and
//! settings that a user gives `__consumer_offsets` do not bind the coordinators.

use std::sync::Arc;

use kafka_protocol::messages::{
    DeleteGroupsRequest, DeleteGroupsResponse, DescribeGroupsRequest, DescribeGroupsResponse, ListGroupsResponse,
};

use crate::coordinator::group::{
    CoordinatorOutput, CoordinatorRequest, GroupCoordinator, GroupRecord, GroupView, RequestToken,
};
use crate::error::Code;
use crate::event::EventKind;
use crate::ids::{ClientId, ConnectionId, EventId, PartitionNo, Process};
use crate::image::{GROUP_METADATA_TOPIC, TopicImage};
use crate::log::AppendOrigin;
use crate::node::Outbox;
use crate::record::{BatchBuilder, BatchOptions, ProducerState};
use crate::sorted::SortedSet;
use crate::time::{Instant, Now};
use crate::wire::{Api, Frame, Request, Response};

use super::answer::BrokerAnswer;
use super::connection::Origin;
use super::parked::Parked;
use super::partition::Partition;
use super::{Broker, group_errors};

/// Every client of the model is on this host.
const CLIENT_HOST: &str = "/127.0.0.1";

/// Whether what a request brings is written, so that the log may refuse it. What a coordinator's own time brings has no
/// one to refuse it to: it holds as long as the coordinator lives.
const fn writes(origin: Origin) -> bool {
    !matches!(origin.api, Api::Heartbeat | Api::ListGroups)
}

/// What nobody asked for begins a chain of causes.
fn cause_of(origin: Option<Origin>) -> EventId {
    origin.map_or(EventId::NONE, |origin| origin.cause)
}

/// A connection waits for one answer at most, so it can name the request.
fn token(connection: ConnectionId) -> RequestToken {
    RequestToken(u64::from(number_of(connection.opener)) << 32 | u64::from(connection.number))
}

/// Clients by their numbers, and no other process asks about groups.
fn number_of(opener: Process) -> u16 {
    opener.client().expect("`dispatch` lets none but clients ask about groups").0
}

fn connection_of(token: RequestToken) -> ConnectionId {
    let client = u16::try_from(token.0 >> 32).expect("made of a client's number");
    let number = u32::try_from(token.0 & 0xffff_ffff).expect("32 bits");
    ConnectionId::of_client(ClientId(client), number)
}

impl Broker {
    /// The coordinators of this broker, by partition of `__consumer_offsets`.
    pub fn coordinators(&self) -> impl Iterator<Item = (i32, &GroupCoordinator)> {
        self.coordinators.iter().map(|(partition, coordinator)| (*partition, &**coordinator))
    }

    /// A group that this broker coordinates.
    pub fn group(&self, id: &str) -> Option<GroupView> {
        self.coordinators.values().find_map(|coordinator| coordinator.group(id))
    }

    /// The partition of `__consumer_offsets` whose coordinator here takes this group. Errors: 16.
    pub(super) fn coordinator_for(&self, group: &str) -> Result<i32, Code> {
        let (partition, _) = self.image.group_partition(group).ok_or(Code::NotCoordinator)?;
        if self.coordinators.contains_key(&partition) { Ok(partition) } else { Err(Code::NotCoordinator) }
    }

    /// A request about one group; `JoinGroup` and `SyncGroup` may wait.
    pub(super) fn group_request(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &Request,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let group = group_errors::group_of(request);
        let has_room = out.names.has_room_for_group(group);
        let partition = match self.coordinator_for(group) {
            Ok(_) if !has_room => {
                let response = group_errors::refused(request, frame.version, Code::PolicyViolation);
                return BrokerAnswer::respond(response, frame.cause);
            }
            Ok(partition) => partition,
            Err(code) => {
                let response = group_errors::refused(request, frame.version, code);
                return BrokerAnswer::respond(response, frame.cause);
            }
        };
        let (draws, asked) = (matches!(request, Request::JoinGroup(_)), request);
        let request = CoordinatorRequest {
            token: token(connection),
            version: frame.version,
            client: ClientId(number_of(connection.opener)),
            client_id: &frame.client_id,
            client_host: CLIENT_HOST,
            body: request,
            draw: if draws { [out.rng.next_u64(), out.rng.next_u64()] } else { [0, 0] },
        };
        let origin = Some(Origin::of(connection, frame));
        let own = self.coordinate(now, partition, origin, out, |coordinator, output| {
            coordinator.handle(now, request, output);
        });
        match own {
            Err(code) => BrokerAnswer::respond(group_errors::refused(asked, frame.version, code), frame.cause),
            Ok(Some((response, cause))) => BrokerAnswer::respond(response, cause),
            Ok(None) => BrokerAnswer::Park(Parked::Group { frame: frame.clone() }),
        }
    }

    pub(super) fn describe_groups(
        &self,
        version: i16,
        request: &DescribeGroupsRequest,
        cause: EventId,
    ) -> BrokerAnswer {
        let groups = request.groups.iter().map(|id| match self.coordinator_for(id) {
            Ok(partition) => self.coordinators[&partition].describe_group(version, id),
            Err(code) => group_errors::description_refused(id, code),
        });
        BrokerAnswer::respond(DescribeGroupsResponse::default().with_groups(groups.collect()), cause)
    }

    /// `ListGroups`: all groups of all coordinators of this broker.
    pub(super) fn list_groups(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &Request,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let mut all = ListGroupsResponse::default();
        let origin = Some(Origin::of(connection, frame));
        for partition in self.coordinators.keys().copied().collect::<Vec<_>>() {
            let request = CoordinatorRequest {
                token: token(connection),
                version: frame.version,
                client: ClientId(number_of(connection.opener)),
                client_id: &frame.client_id,
                client_host: CLIENT_HOST,
                body: request,
                draw: [0, 0],
            };
            let own = self.coordinate(now, partition, origin, out, |coordinator, output| {
                coordinator.handle(now, request, output);
            });
            if let Ok(Some((Response::ListGroups(response), _))) = own {
                all.groups.extend(response.groups);
            }
        }
        BrokerAnswer::respond(all, frame.cause)
    }

    pub(super) fn delete_groups(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &DeleteGroupsRequest,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let mut response = DeleteGroupsResponse::default();
        for id in &request.groups_names {
            let mut result = None;
            if let Ok(partition) = self.coordinator_for(id) {
                let origin = Some(Origin::of(connection, frame));
                let deleted = self.coordinate(now, partition, origin, out, |coordinator, output| {
                    result = Some(coordinator.delete_group(id, output));
                });
                result = result.filter(|_| deleted.is_ok());
            }
            response.results.push(result.unwrap_or_else(|| group_errors::deletion_refused(id)));
        }
        BrokerAnswer::respond(response, frame.cause)
    }

    /// When a coordinator of this broker next has something to do.
    pub(super) fn coordinators_timeout(&self) -> Option<Instant> {
        self.coordinators.values().filter_map(|coordinator| coordinator.next_timeout()).min()
    }

    /// Lets the coordinator whose timer is due first do one thing.
    pub(super) fn coordinator_timer(&mut self, now: Now, out: &mut Outbox) {
        let timeout = |coordinator: &GroupCoordinator| coordinator.next_timeout().filter(|at| *at <= now.at);
        let due = self.coordinators.iter().filter_map(|(partition, it)| Some((timeout(it)?, *partition))).min();
        if let Some((_, partition)) = due {
            let _ = self.coordinate(now, partition, None, out, |coordinator, output| {
                coordinator.on_timeout(now, output);
            });
        }
    }

    /// Lets a coordinator act, writes what it decided, tells what happened, and answers: those who waited here, the one
    /// who asked by what it gives back; without an `origin` its own time had come, and nobody asked. When the log refuses its records, nothing of it has happened.
    fn coordinate(
        &mut self,
        now: Now,
        partition: i32,
        origin: Option<Origin>,
        out: &mut Outbox,
        act: impl FnOnce(&mut GroupCoordinator, &mut CoordinatorOutput),
    ) -> Result<Option<(Response, EventId)>, Code> {
        let Some(coordinator) = self.coordinators.get_mut(&partition) else { return Ok(None) };
        // As long as this is held, the first change copies the coordinator.
        let before = origin.is_some_and(writes).then(|| coordinator.clone());
        let mut output = CoordinatorOutput::default();
        act(Arc::make_mut(coordinator), &mut output);
        let written = self.append_group_records(now, partition, &output.records, origin, out);
        if let (Err(code), Some(before)) = (written, before) {
            self.coordinators.insert(partition, before);
            return Err(code);
        }
        let mut cause = cause_of(origin);
        for event in output.events {
            let kind = event.kind(self.id, &mut out.names);
            cause = out.emit(cause, kind);
        }
        let mut own = None;
        for (token, response) in output.replies {
            let id = connection_of(token);
            let waiting = self.connections.get(&id).and_then(|connection| connection.parked());
            match waiting {
                Some(Parked::Group { frame }) => {
                    let frame = frame.clone();
                    self.finish_parked(now, id, &frame, BrokerAnswer::respond(response, cause), out);
                }
                _ if origin.is_some_and(|origin| origin.connection == id) => own = Some((response, cause)),
                // The client has closed its connection meanwhile.
                _ => {}
            }
        }
        Ok(own)
    }

    /// One batch for all that was decided (`CoordinatorRuntime`). Errors: -1 for what is too large for the log, as
    /// `OperationExceptionHandler` answers `MESSAGE_TOO_LARGE`, and for a text that no record can hold.
    fn append_group_records(
        &mut self,
        now: Now,
        partition: i32,
        records: &[GroupRecord],
        origin: Option<Origin>,
        out: &mut Outbox,
    ) -> Result<(), Code> {
        if records.is_empty() {
            return Ok(());
        }
        if !records.iter().all(GroupRecord::is_writable) {
            return Err(Code::UnknownServerError);
        }
        let topic = &self.image.topics[GROUP_METADATA_TOPIC];
        let no = PartitionNo { topic: topic.no, partition };
        let mut builder = BatchBuilder::new(BatchOptions::default());
        for record in records {
            builder
                .append(now.wall_ms(), Some(&record.key()), record.value().as_deref(), &[])
                .expect("a record of now fits a batch without a limit");
        }
        let batch = builder.build(ProducerState::NONE).expect("nothing is compressed");
        let replica = Arc::make_mut(self.partitions.get_mut(&no).expect("a coordinator's log is led here"));
        let info = replica.append(now, &batch, AppendOrigin::Coordinator);
        let Ok(info) = info else { return Err(Code::UnknownServerError) };
        out.written += batch.len() as u64;
        let (connection, correlation_id) =
            origin.map_or((ConnectionId::NONE, -1), |origin| (origin.connection, origin.correlation_id));
        let kind = EventKind::BatchAppended {
            partition: no,
            broker: self.id,
            connection,
            correlation_id,
            base_offset: u64::try_from(info.first_offset).expect("it was appended"),
            records: u32::try_from(records.len()).expect("few records"),
        };
        let appended = out.emit(cause_of(origin), kind);
        self.note_high_watermark(no, appended, out);
        Ok(())
    }

    /// Leadership of a partition began or ended: of the coordinators' topic it makes or ends a coordinator.
    pub(super) fn coordinate_if_led(&mut self, now: Now, topic: &TopicImage, partition: i32, out: &mut Outbox) {
        if &*topic.name != GROUP_METADATA_TOPIC {
            return;
        }
        self.unload(now, partition, out);
        let no = PartitionNo { topic: topic.no, partition };
        let Some(replica) = self.partitions.get(&no).filter(|replica| replica.leads()) else { return };
        let coordinator = self.replayed(replica);
        self.coordinators.insert(partition, Arc::new(coordinator));
        let _ = self.coordinate(now, partition, None, out, |coordinator, output| {
            coordinator.on_loaded(now, output);
        });
    }

    fn replayed(&self, replica: &Partition) -> GroupCoordinator {
        let mut coordinator = GroupCoordinator::new(self.group_config.clone());
        for record in replica.log().batches().flat_map(|batch| group_records(batch.view())) {
            coordinator.replay(&record);
        }
        coordinator
    }

    /// The groups that this broker's log of a partition of `__consumer_offsets` holds, as a coordinator would find them.
    pub fn read_groups(&self, now: Now, partition: PartitionNo) -> Option<GroupCoordinator> {
        let mut coordinator = self.replayed(self.partitions.get(&partition)?);
        coordinator.on_loaded(now, &mut CoordinatorOutput::default());
        Some(coordinator)
    }

    /// Topics were deleted: no group has offsets in them any more.
    pub(super) fn forget_offsets(&mut self, now: Now, topics: &SortedSet<Arc<str>>, out: &mut Outbox) {
        for partition in self.coordinators.keys().copied().collect::<Vec<_>>() {
            let _ = self.coordinate(now, partition, None, out, |coordinator, output| {
                coordinator.on_topics_deleted(topics, output);
            });
        }
    }

    /// Ends a coordinator: requests that it holds are answered `NOT_COORDINATOR`.
    pub(super) fn unload(&mut self, now: Now, partition: i32, out: &mut Outbox) {
        let _ = self.coordinate(now, partition, None, out, |coordinator, output| {
            coordinator.on_unloaded(now, output);
            output.records.clear();
        });
        self.coordinators.remove(&partition);
    }
}

/// The records of one batch; what is no group record is passed over, as Kafka's loader logs and passes over it.
fn group_records(batch: crate::record::BatchView<'_>) -> Vec<GroupRecord> {
    if batch.is_control() {
        return Vec::new();
    }
    let Ok(records) = batch.records() else { return Vec::new() };
    let read = |record: crate::record::RecordView<'_>| GroupRecord::read(record.key?, record.value).ok().flatten();
    records.iter().flatten().filter_map(read).collect()
}
