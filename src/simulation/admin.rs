//! The administrator's acts: real requests to a broker, one after another.

use std::sync::Arc;

use kafka_protocol::messages::{self as m, GroupId, TopicName};
use kafka_protocol::protocol::StrBytes;

use super::awaited::Awaited;
use super::owners::{Job, JobTarget};
use super::performed::{By, Performed};
use super::{ADMIN, Seen, Simulation, Sink};
use crate::client::admin::AdminAnswer;
use crate::cluster::Life;
use crate::error::{Code, Exception, Failure};
use crate::event::EventKind;
use crate::ids::{BrokerId, EventId, Process, TopicPartition};
use crate::node::Input;
use crate::script::{AdminStatement, Altered, NewTopic, Property};
use crate::wire::{Request, Response};

/// How long a script waits for a new topic's leaders, in milliseconds.
const LEADERS_LIMIT_MS: u64 = 30_000;

/// Milliseconds until a request is tried again (`retry.backoff.ms`), and for how long it is.
const RETRY_MS: u64 = 100;
const TRY_FOR_MS: u64 = 30_000;

fn text(of: &str) -> StrBytes {
    StrBytes::from_string(of.to_owned())
}

fn topic_name(of: &str) -> TopicName {
    TopicName(text(of))
}

impl Simulation {
    pub(super) fn create_topic(&mut self, by: By, topic: &NewTopic, sink: &mut Sink) -> Performed {
        use m::create_topics_request::{CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig};
        let placement = topic.placement(u32::try_from(self.cluster.size()).unwrap_or(1));
        let assignments = placement.iter().zip(0..).map(|(replicas, index)| {
            CreatableReplicaAssignment::default()
                .with_partition_index(index)
                .with_broker_ids(replicas.iter().map(|id| m::BrokerId(id.0)).collect())
        });
        let configs = topic.properties.iter().map(|property| {
            CreatableTopicConfig::default().with_name(text(&property.name)).with_value(Some(text(&property.value)))
        });
        let creatable = CreatableTopic::default()
            .with_name(topic_name(&topic.name))
            .with_num_partitions(-1)
            .with_replication_factor(-1)
            .with_assignments(assignments.collect())
            .with_configs(configs.collect());
        let request = m::CreateTopicsRequest::default().with_topics(vec![creatable]).with_timeout_ms(30_000);
        let leaders = placement.iter().filter_map(|replicas| replicas.first().copied()).collect();
        self.ask(by, JobTarget::Any, request.into(), Some((topic.name.clone(), leaders)), sink)
    }

    pub(super) fn perform_admin(&mut self, by: By, admin: &AdminStatement, sink: &mut Sink) -> Performed {
        match admin {
            AdminStatement::DeleteRecords { partition, offset } => self.delete_records(by, partition, *offset, sink),
            AdminStatement::AddPartitions { topic, total } => self.add_partitions(by, topic, *total, sink),
            AdminStatement::Alter { what, properties } => self.alter(by, what, properties, sink),
            AdminStatement::DeleteTopic { topic } => {
                use m::delete_topics_request::DeleteTopicState;
                let state = DeleteTopicState::default().with_name(Some(topic_name(topic)));
                let request = m::DeleteTopicsRequest::default().with_topics(vec![state]).with_timeout_ms(30_000);
                self.ask(by, JobTarget::Any, request.into(), None, sink)
            }
            AdminStatement::DeleteGroup { group } => {
                let request = m::DeleteGroupsRequest::default().with_groups_names(vec![GroupId(text(group))]);
                self.ask_coordinator(by, group, request.into(), sink)
            }
            AdminStatement::AlterOffsets { group, offsets } => self.alter_offsets(by, group, offsets, sink),
            AdminStatement::DeleteOffsets { group, partition } => {
                use m::offset_delete_request::{OffsetDeleteRequestPartition, OffsetDeleteRequestTopic};
                let one = OffsetDeleteRequestPartition::default().with_partition_index(partition.partition);
                let topic = OffsetDeleteRequestTopic::default()
                    .with_name(topic_name(&partition.topic))
                    .with_partitions(vec![one]);
                let request =
                    m::OffsetDeleteRequest::default().with_group_id(GroupId(text(group))).with_topics(vec![topic]);
                self.ask_coordinator(by, group, request.into(), sink)
            }
            AdminStatement::RemoveMember { group, instance } => {
                use m::leave_group_request::MemberIdentity;
                let member = MemberIdentity::default().with_group_instance_id(Some(text(instance)));
                let request =
                    m::LeaveGroupRequest::default().with_group_id(GroupId(text(group))).with_members(vec![member]);
                self.ask_coordinator(by, group, request.into(), sink)
            }
            _ => self.look(by, admin, sink),
        }
    }

    fn delete_records(&mut self, by: By, partition: &TopicPartition, offset: i64, sink: &mut Sink) -> Performed {
        use m::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};
        let one = DeleteRecordsPartition::default().with_partition_index(partition.partition).with_offset(offset);
        let topic = DeleteRecordsTopic::default().with_name(topic_name(&partition.topic)).with_partitions(vec![one]);
        let request = m::DeleteRecordsRequest::default().with_topics(vec![topic]).with_timeout_ms(30_000);
        self.ask(by, JobTarget::Leader(partition.clone()), request.into(), None, sink)
    }

    fn add_partitions(&mut self, by: By, topic: &str, total: u32, sink: &mut Sink) -> Performed {
        use m::create_partitions_request::{CreatePartitionsAssignment, CreatePartitionsTopic};
        let have = self.image().topics.get(topic).map_or(0, |topic| topic.partitions.len());
        let brokers = self.cluster.size();
        let count = i32::try_from(total).unwrap_or(i32::MAX);
        let assignments: Vec<CreatePartitionsAssignment> = (have..total as usize)
            .map(|p| {
                let broker = i32::try_from(p % brokers + 1).expect("at most nine brokers");
                CreatePartitionsAssignment::default().with_broker_ids(vec![m::BrokerId(broker)])
            })
            .collect();
        let assignments = (!assignments.is_empty()).then_some(assignments);
        let more = CreatePartitionsTopic::default()
            .with_name(topic_name(topic))
            .with_count(count)
            .with_assignments(assignments);
        let request = m::CreatePartitionsRequest::default().with_topics(vec![more]).with_timeout_ms(30_000);
        self.ask(by, JobTarget::Any, request.into(), None, sink)
    }

    pub(super) fn alter(&mut self, by: By, what: &Altered, properties: &[Property], sink: &mut Sink) -> Performed {
        use m::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
        /// `ConfigResource.Type.TOPIC`.
        const TOPIC: i8 = 2;
        const SET: i8 = 0;
        const DELETE: i8 = 1;
        let Altered::Topic(name) = what else { return Performed::Done };
        let configs = properties.iter().map(|property| {
            let delete = property.value.is_empty();
            AlterableConfig::default()
                .with_name(text(&property.name))
                .with_config_operation(if delete { DELETE } else { SET })
                .with_value((!delete).then(|| text(&property.value)))
        });
        let resource = AlterConfigsResource::default()
            .with_resource_type(TOPIC)
            .with_resource_name(text(name))
            .with_configs(configs.collect());
        let request = m::IncrementalAlterConfigsRequest::default().with_resources(vec![resource]);
        self.ask(by, JobTarget::Any, request.into(), None, sink)
    }

    fn alter_offsets(&mut self, by: By, group: &str, offsets: &[(TopicPartition, i64)], sink: &mut Sink) -> Performed {
        use m::offset_commit_request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic};
        if offsets.iter().any(|(_, offset)| *offset < 0) {
            // `OffsetAndMetadata`'s own constructor refuses it: nothing is asked of a broker.
            let exception = Exception::new("IllegalArgumentException", None, "Invalid negative offset");
            self.observe(by, None, Seen::Failed(exception), sink);
            return Performed::Done;
        }
        let topics = offsets.iter().map(|(partition, offset)| {
            let one = OffsetCommitRequestPartition::default()
                .with_partition_index(partition.partition)
                .with_committed_offset(*offset)
                .with_committed_metadata(Some(text("")));
            OffsetCommitRequestTopic::default().with_name(topic_name(&partition.topic)).with_partitions(vec![one])
        });
        let request = m::OffsetCommitRequest::default()
            .with_group_id(GroupId(text(group)))
            .with_generation_id_or_member_epoch(-1)
            .with_topics(topics.collect());
        self.ask_coordinator(by, group, request.into(), sink)
    }

    fn ask_coordinator(&mut self, by: By, group: &str, request: Request, sink: &mut Sink) -> Performed {
        self.ask(by, JobTarget::Coordinator(Arc::from(group)), request, None, sink)
    }

    fn ask(
        &mut self,
        by: By,
        target: JobTarget,
        request: Request,
        leaders: Option<(Arc<str>, Vec<BrokerId>)>,
        sink: &mut Sink,
    ) -> Performed {
        self.owners.jobs.push_back(Job { by, target, request, leaders, since: self.clock.at() });
        if self.owners.jobs.len() == 1 {
            self.try_job(0, sink);
        }
        Performed::Admin
    }

    /// Sends the first job's request in `delay_ms`: or, for a group that has no coordinator yet, `FindCoordinator`
    /// before it.
    fn try_job(&mut self, delay_ms: u64, sink: &mut Sink) {
        let Some(job) = self.owners.jobs.front() else { return };
        let living = |id: &BrokerId| self.cluster.life(Process::Broker(*id)) != Life::Gone;
        let any = self.broker_ids().find(living).unwrap_or(BrokerId(1));
        let (broker, request) = match &job.target {
            JobTarget::Any => (any, job.request.clone()),
            JobTarget::Leader(partition) => (self.leader(partition).unwrap_or(any), job.request.clone()),
            JobTarget::Coordinator(group) => match self.coordinator_of(group) {
                Some(broker) if self.coordinator(group).is_some() => (broker, job.request.clone()),
                _ => {
                    let find = m::FindCoordinatorRequest::default().with_coordinator_keys(vec![text(group)]);
                    (any, find.into())
                }
            },
        };
        let at = self.clock.at().plus_millis(delay_ms);
        self.admin.ask(at, broker, request, EventId::NONE);
        self.follow_admin();
        self.carry(Process::Client(ADMIN), sink);
    }

    fn follow_admin(&mut self) {
        self.admin_timer.set(self.admin.next_timeout(), &mut self.clock);
    }

    pub(super) fn handle_admin(&mut self, input: &Input, sink: &mut Sink) {
        let answer = self.admin.handle(self.clock.now, input, &mut self.out);
        self.follow_admin();
        self.carry(Process::Client(ADMIN), sink);
        let (Some(answer), Some(job)) = (answer, self.owners.jobs.front()) else { return };
        if self.clock.at() < job.since.plus_millis(TRY_FOR_MS) && is_to_be_tried_again(&answer) {
            self.try_job(RETRY_MS, sink);
            return;
        }
        if let AdminAnswer::Response(response) = &answer
            && matches!(**response, Response::FindCoordinator(_))
            && !is_to_be_tried_again(&answer)
        {
            self.try_job(0, sink);
            return;
        }
        let Some(job) = self.owners.jobs.pop_front() else { return };
        let (seen, next) = outcome_of(&job, answer);
        if let Some(Seen::Failed(error)) = &seen {
            let (why, exception) = (Failure::of(error), error.intern(&mut self.out.names));
            self.out.emit(EventId::NONE, EventKind::AdminRefused { api: job.request.api(), why, exception });
        }
        if let Some(seen) = seen {
            self.observe(job.by, None, seen, sink);
        }
        if matches!(job.by, By::Line(_)) {
            self.driver_admin_done(next);
        }
        self.try_job(0, sink);
    }

    /// The broker that coordinates a group, as far as the controller knows.
    pub(super) fn coordinator_of(&self, group: &str) -> Option<BrokerId> {
        self.image().group_partition(group)?.1.leader
    }
}

/// Whether Kafka's own administrator would try again: the broker is not there, or is not the right one yet.
fn is_to_be_tried_again(answer: &AdminAnswer) -> bool {
    match answer {
        AdminAnswer::Unreachable => true,
        AdminAnswer::TimedOut => false,
        AdminAnswer::Response(response) => match &**response {
            Response::FindCoordinator(found) => found.coordinators.iter().any(|one| one.error_code != 0),
            other => error_of(other).and_then(|error| error.code).is_some_and(|code| {
                matches!(
                    code,
                    Code::NotCoordinator
                        | Code::CoordinatorNotAvailable
                        | Code::CoordinatorLoadInProgress
                        | Code::NotLeaderOrFollower
                        | Code::LeaderNotAvailable
                )
            }),
        },
    }
}

fn outcome_of(job: &Job, answer: AdminAnswer) -> (Option<Seen>, Performed) {
    let failed = |exception: Exception| (Some(Seen::Failed(exception)), Performed::Done);
    let response = match answer {
        AdminAnswer::Response(response) => response,
        AdminAnswer::Unreachable | AdminAnswer::TimedOut => {
            let message = format!("Timed out waiting for a node assignment. Call: {}", job.request.api().name());
            return failed(Exception::with_message(Code::RequestTimedOut, message));
        }
    };
    if let Response::DeleteRecords(found) = &*response
        && let Some(partition) = found.topics.iter().flat_map(|topic| &topic.partitions).next()
        && partition.error_code == 0
    {
        return (Some(Seen::LowWatermark(partition.low_watermark)), Performed::Done);
    }
    if let (Response::FindCoordinator(_), JobTarget::Coordinator(group)) = (&*response, &job.target) {
        let message = format!("{} timed out: the coordinator of group {group} is not available", call_of(&job.request));
        return failed(Exception::with_message(Code::RequestTimedOut, message));
    }
    if let Some(exception) = error_of(&response) {
        return failed(in_admin_words(&response, exception));
    }
    match &job.leaders {
        Some((topic, leaders)) => {
            let awaited = Awaited::Leaders(topic.clone(), leaders.clone());
            (None, Performed::Wait(awaited, LEADERS_LIMIT_MS))
        }
        None => (Some(Seen::Done), Performed::Done),
    }
}

/// A call on a group that never found its coordinator, as Kafka's administrator names it (`AdminApiHandler.apiName`); how
/// often it tried, which Kafka says too, depends on the machine there.
fn call_of(request: &Request) -> String {
    let name = match request {
        Request::OffsetDelete(_) => "offsetDelete",
        Request::OffsetCommit(_) => "offsetCommit",
        Request::LeaveGroup(_) => "leaveGroup",
        _ => "deleteConsumerGroups",
    };
    format!("Call(callName={name}(api=FIND_COORDINATOR))")
}

/// Kafka's administrator puts the errors of altered offsets into one sentence of its own.
fn in_admin_words(response: &Response, exception: Exception) -> Exception {
    let (Response::OffsetCommit(found), Some(code)) = (response, exception.code) else { return exception };
    let refused = found.topics.iter().flat_map(|topic| {
        let refused = topic.partitions.iter().filter(|partition| partition.error_code != 0);
        refused.map(|partition| format!("{}-{}", topic.name.as_str(), partition.partition_index))
    });
    let names = refused.collect::<Vec<_>>().join(", ");
    Exception::with_message(code, format!("Failed altering group offsets for the following partitions: [{names}]"))
}

/// The first error in an answer, with the broker's own words where it gives some.
fn error_of(response: &Response) -> Option<Exception> {
    let with = |code: i16, message: Option<&StrBytes>| {
        let code = Code::from_i16(code);
        if code.is_ok() {
            return None;
        }
        Some(match message {
            Some(message) => Exception::with_message(code, message.as_str()),
            None => Exception::of(code),
        })
    };
    match response {
        Response::CreateTopics(found) => {
            found.topics.iter().find_map(|topic| with(topic.error_code, topic.error_message.as_ref()))
        }
        Response::DeleteTopics(found) => {
            found.responses.iter().find_map(|topic| with(topic.error_code, topic.error_message.as_ref()))
        }
        Response::CreatePartitions(found) => {
            found.results.iter().find_map(|topic| with(topic.error_code, topic.error_message.as_ref()))
        }
        Response::IncrementalAlterConfigs(found) => {
            found.responses.iter().find_map(|resource| with(resource.error_code, resource.error_message.as_ref()))
        }
        Response::DeleteRecords(found) => found
            .topics
            .iter()
            .flat_map(|topic| &topic.partitions)
            .find_map(|partition| with(partition.error_code, None)),
        Response::DeleteGroups(found) => found.results.iter().find_map(|group| with(group.error_code, None)),
        Response::OffsetCommit(found) => found
            .topics
            .iter()
            .flat_map(|topic| &topic.partitions)
            .find_map(|partition| with(partition.error_code, None)),
        Response::OffsetDelete(found) => with(found.error_code, None).or_else(|| {
            found
                .topics
                .iter()
                .flat_map(|topic| &topic.partitions)
                .find_map(|partition| with(partition.error_code, None))
        }),
        Response::LeaveGroup(found) => with(found.error_code, None)
            .or_else(|| found.members.iter().find_map(|member| with(member.error_code, None))),
        _ => None,
    }
}
