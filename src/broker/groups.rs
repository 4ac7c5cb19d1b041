//! The APIs about groups: which coordinator of this broker takes a request, and what becomes of what it decided
//! (`KafkaApis`, `GroupCoordinatorService`). Each API's card stands where it is decided: `coordinator/group`.
//!
//! A broker has one coordinator for each partition of `__consumer_offsets` that it leads; all of them live in one
//! runtime, which says when an answer may be given. The log itself is in `groups_log`.
//! Simplified: settings that a user gives `__consumer_offsets` do not bind the coordinators.

use std::sync::Arc;

use kafka_protocol::messages::{
    DeleteGroupsRequest, DescribeGroupsRequest, DescribeGroupsResponse, ListGroupsRequest, ListGroupsResponse,
};

use crate::coordinator::group::{CoordinatorOutput, CoordinatorRequest, GroupCoordinator, GroupView};
use crate::coordinator::runtime::{Effects, OperationKind, RequestToken};
use crate::error::Code;
use crate::ids::{ClientId, ConnectionId, EventId, PartitionNo};
use crate::image::GROUP_METADATA_TOPIC;
use crate::node::Outbox;
use crate::sorted::SortedSet;
use crate::time::{Instant, Now};
use crate::wire::{Frame, Request, Response};

use super::answer::BrokerAnswer;
use super::connection::Origin;
use super::group_call::{AnsweredHere, GroupCall};
use super::parked::Parked;
use super::{Broker, group_errors};

/// Every client of the model is on this host.
const CLIENT_HOST: &str = "/127.0.0.1";

type GroupEffects = Effects<GroupCoordinator>;

/// What nobody asked for begins a chain of causes.
pub(super) fn cause_of(origin: Option<Origin>) -> EventId {
    origin.map_or(EventId::NONE, |origin| origin.cause)
}

/// An answer to the request that is being handled: of which part, and the event that led to it.
type OwnAnswer = (u32, Result<Response, Code>, EventId);

impl Broker {
    /// The coordinators of this broker, by partition of `__consumer_offsets`.
    pub fn coordinators(&self) -> impl Iterator<Item = (i32, &GroupCoordinator)> {
        self.groups.active()
    }

    /// A group that this broker coordinates.
    pub fn group(&self, id: &str) -> Option<GroupView> {
        self.groups.active().find_map(|(_, coordinator)| coordinator.group(id))
    }

    /// The partition of `__consumer_offsets` whose coordinator here takes this group. Errors: 14, 16.
    pub(super) fn coordinator_for(&self, group: &str) -> Result<i32, Code> {
        let (partition, _) = self.image.group_partition(group).ok_or(Code::NotCoordinator)?;
        self.groups.check(partition).map(|()| partition)
    }

    /// A request about one group, which its coordinator takes as it is.
    pub(super) fn group_request(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        self.group_call(now, connection, frame, GroupCall::whole(), out)
    }

    /// `DeleteGroups`: each group by its coordinator.
    pub(super) fn delete_groups(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        request: &DeleteGroupsRequest,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let one = |id: &_| DeleteGroupsRequest::default().with_groups_names(vec![Clone::clone(id)]).into();
        let call = GroupCall::of(request.groups_names.iter().map(one), AnsweredHere::NothingDeleted);
        self.group_call(now, connection, frame, call, out)
    }

    /// Asks the coordinators for all parts, and waits for those that do not answer at once.
    pub(super) fn group_call(
        &mut self,
        now: Now,
        connection: ConnectionId,
        frame: &Arc<Frame>,
        mut call: GroupCall,
        out: &mut Outbox,
    ) -> BrokerAnswer {
        let mut cause = frame.cause;
        for place in 0..call.count() {
            let Some(request) = call.request(place, frame) else { continue };
            let token = RequestToken { connection, part: place };
            let mut responses = Vec::new();
            for (part, answer, event) in self.ask_coordinator(now, token, frame, request, out) {
                let refused = |code| group_errors::refused(request, frame.version, code);
                responses.push((part, answer.unwrap_or_else(refused)));
                cause = event;
            }
            for (part, response) in responses {
                call.answer(part, response);
            }
        }
        match call.response(&self.image) {
            Some(response) => BrokerAnswer::respond(response, cause),
            None => BrokerAnswer::Park(Parked::Group { frame: frame.clone(), call: Box::new(call) }),
        }
    }

    /// Gives a part of a request to its coordinator; what comes at once comes back.
    fn ask_coordinator(
        &mut self,
        now: Now,
        token: RequestToken,
        frame: &Frame,
        request: &Request,
        out: &mut Outbox,
    ) -> Vec<OwnAnswer> {
        let origin = Origin::of(token.connection, frame);
        let group = group_errors::group_of(request);
        let kind = match request {
            // They write nothing.
            Request::Heartbeat(_) | Request::OffsetFetch(_) => OperationKind::Touch,
            _ => OperationKind::Write,
        };
        // Members are known by the client that they run in; no other process asks about groups.
        let client = token.connection.client().ok_or(Code::InvalidRequest);
        let asked = client.and_then(|client| Ok((client, self.coordinator_for(group)?)));
        let is_new_name = !matches!(request, Request::DeleteGroups(_) | Request::OffsetFetch(_));
        let asked = match asked {
            Ok(_) if is_new_name && !out.names.has_room_for_group(group) => Err(Code::PolicyViolation),
            asked => asked,
        };
        let effects = asked.and_then(|(client, partition)| {
            let request = coordinator_request(token, client, frame, request, out);
            let act = |coordinator: &mut GroupCoordinator, output: &mut CoordinatorOutput| {
                coordinator.handle(now, request, output);
            };
            self.operate(now, partition, kind, Some(origin), out, act)
        });
        match effects {
            Ok(effects) => self.carry_out(now, effects, origin.cause, Some(token.connection), out),
            Err(code) => vec![(token.part, Err(code), frame.cause)],
        }
    }

    /// `DescribeGroups` reads what is committed.
    pub(super) fn describe_groups(
        &self,
        version: i16,
        request: &DescribeGroupsRequest,
        cause: EventId,
    ) -> BrokerAnswer {
        let groups = request.groups.iter().map(|id| {
            let partition = self.coordinator_for(id);
            match partition.and_then(|partition| self.groups.read(partition)) {
                Ok((coordinator, before)) => coordinator.committed(before).describe_group(version, id),
                Err(code) => group_errors::description_refused(id, code),
            }
        });
        BrokerAnswer::respond(DescribeGroupsResponse::default().with_groups(groups.collect()), cause)
    }

    /// `ListGroups`: all committed groups of all coordinators of this broker. One that is loading fails the whole; one
    /// that is none any more has no groups.
    pub(super) fn list_groups(&self, version: i16, request: &ListGroupsRequest, cause: EventId) -> BrokerAnswer {
        let mut all = ListGroupsResponse::default();
        for partition in self.groups.partitions() {
            match self.groups.read(partition) {
                Ok((coordinator, before)) => {
                    all.groups.extend(coordinator.committed(before).list_groups(version, request).groups);
                }
                Err(Code::NotCoordinator) => {}
                Err(code) => {
                    return BrokerAnswer::respond(ListGroupsResponse::default().with_error_code(code.code()), cause);
                }
            }
        }
        BrokerAnswer::respond(all, cause)
    }

    /// When a coordinator of this broker next has something to do.
    pub(super) fn coordinators_timeout(&self) -> Option<Instant> {
        self.groups.next_timeout()
    }

    /// Lets the coordinator whose time has come first do one thing.
    pub(super) fn coordinator_timer(&mut self, now: Now, out: &mut Outbox) {
        let Some(partition) = self.groups.due(now) else { return };
        let mut effects = GroupEffects::default();
        let mut groups = std::mem::take(&mut self.groups);
        let mut append = |records: &[_]| self.append_group_records(now, partition, records, None, out);
        groups.on_timeout(now, partition, &mut append, &mut effects);
        self.groups = groups;
        self.carry_out(now, effects, EventId::NONE, None, out);
    }

    /// Lets a coordinator act; without an `origin` nobody asked.
    fn operate(
        &mut self,
        now: Now,
        partition: i32,
        kind: OperationKind,
        origin: Option<Origin>,
        out: &mut Outbox,
        operation: impl FnOnce(&mut GroupCoordinator, &mut CoordinatorOutput),
    ) -> Result<GroupEffects, Code> {
        let mut effects = GroupEffects::default();
        let mut groups = std::mem::take(&mut self.groups);
        let mut append = |records: &[_]| self.append_group_records(now, partition, records, origin, out);
        let done = groups.operate(now, partition, kind, &mut append, &mut effects, operation);
        self.groups = groups;
        done.map(|()| effects)
    }

    /// Tells what happened, and answers: those who wait here, and by what it gives back the one who is being served.
    pub(super) fn carry_out(
        &mut self,
        now: Now,
        effects: GroupEffects,
        mut cause: EventId,
        served: Option<ConnectionId>,
        out: &mut Outbox,
    ) -> Vec<OwnAnswer> {
        for event in effects.events {
            let kind = event.kind(self.id, &mut out.names);
            cause = out.emit(cause, kind);
        }
        let mut own = Vec::new();
        for (RequestToken { connection, part }, answer) in effects.answers {
            match self.connections.get(&connection).and_then(|connection| connection.parked()) {
                Some(Parked::Group { frame, call }) => {
                    let (frame, call) = (frame.clone(), call.clone());
                    self.answer_waiting(now, connection, (frame, call), (part, answer, cause), out);
                }
                _ if served == Some(connection) => own.push((part, answer, cause)),
                // The client has closed its connection meanwhile.
                _ => {}
            }
        }
        own
    }

    /// One part of a request that waits has its answer, perhaps the last one.
    fn answer_waiting(
        &mut self,
        now: Now,
        id: ConnectionId,
        (frame, mut call): (Arc<Frame>, Box<GroupCall>),
        (part, answer, cause): OwnAnswer,
        out: &mut Outbox,
    ) {
        let Some(request) = call.request(part, &frame) else { return };
        let response = answer.unwrap_or_else(|code| group_errors::refused(request, frame.version, code));
        call.answer(part, response);
        match call.response(&self.image) {
            Some(response) => self.finish_parked(now, id, &frame, BrokerAnswer::respond(response, cause), out),
            None => {
                if let Some(connection) = self.connections.get_mut(&id) {
                    connection.park(Parked::Group { frame, call });
                }
            }
        }
    }

    /// High watermarks have moved: coordinators give the answers that waited for them.
    pub(super) fn coordinators_committed(&mut self, now: Now, moved: &[(PartitionNo, EventId)], out: &mut Outbox) {
        let Some(topic) = self.image.topics.get(GROUP_METADATA_TOPIC).map(|topic| topic.no) else { return };
        for (no, cause) in moved.iter().filter(|(no, _)| no.topic == topic) {
            let Some(offset) = self.partitions.get(no).map(|replica| replica.high_watermark()) else { continue };
            let mut effects = GroupEffects::default();
            self.groups.on_high_watermark(now, no.partition, offset, &mut effects);
            self.carry_out(now, effects, *cause, None, out);
        }
    }

    /// Topics were deleted: no group has offsets in them any more.
    pub(super) fn forget_offsets(&mut self, now: Now, topics: &SortedSet<Arc<str>>, out: &mut Outbox) {
        for partition in self.groups.partitions() {
            let act = |coordinator: &mut GroupCoordinator, output: &mut CoordinatorOutput| {
                coordinator.on_topics_deleted(topics, output);
            };
            if let Ok(effects) = self.operate(now, partition, OperationKind::Write, None, out, act) {
                self.carry_out(now, effects, EventId::NONE, None, out);
            }
        }
    }
}

/// A request in the coordinator's words.
fn coordinator_request<'a>(
    token: RequestToken,
    client: ClientId,
    frame: &'a Frame,
    body: &'a Request,
    out: &mut Outbox,
) -> CoordinatorRequest<'a> {
    let draws = matches!(body, Request::JoinGroup(_));
    CoordinatorRequest {
        token,
        version: frame.version,
        client,
        client_id: &frame.client_id,
        client_host: CLIENT_HOST,
        body,
        draw: if draws { [out.rng.next_u64(), out.rng.next_u64()] } else { [0, 0] },
    }
}
