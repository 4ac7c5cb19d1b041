//! A coordinator with its log and a few clients, told what to do by lines.
//!
//! After every line, a coordinator that replays the log (through its bytes) must know what this one knows, and a
//! request must not be answered twice.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use bytes::Bytes;
use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::leave_group_request::MemberIdentity;
use kafka_protocol::messages::offset_commit_request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic};
use kafka_protocol::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
use kafka_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use kafka_protocol::messages::{
    GroupId, HeartbeatRequest, JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest, OffsetCommitRequest,
    OffsetFetchRequest, OffsetFetchResponse, SyncGroupRequest, TopicName,
};
use kafka_protocol::protocol::StrBytes;
use partita::coordinator::group::{CoordinatorRequest, GroupConfig, GroupEventKind};
use partita::coordinator::runtime::{RequestToken, operation_error};
use partita::error::Code;
use partita::event::GroupState;
use partita::ids::ClientId;
use partita::rng::Rng;
use partita::time::{Instant, Now};
use partita::wire::{Request, Response};

use crate::kept_text::same_as_kept;
use crate::log::{Coordinated, GroupEffects, Mood, token};

fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_string())
}

/// What a client remembers between its requests.
#[derive(Clone, Debug, Default)]
struct Client {
    member_id: String,
    generation: i32,
    instance_id: Option<String>,
}

pub struct World {
    pub coordinated: Coordinated,
    now: Now,
    rng: Rng,
    clients: BTreeMap<String, Client>,
    /// Who asked, by token.
    asked: BTreeMap<RequestToken, String>,
    answered: BTreeSet<RequestToken>,
    pub transcript: Vec<String>,
}

impl World {
    pub fn new(config: GroupConfig) -> World {
        let now = Now { at: Instant::ZERO, start_ms: 1_767_225_600_000 };
        World {
            coordinated: Coordinated::new(now, config),
            now,
            rng: Rng::new(7),
            clients: BTreeMap::new(),
            asked: BTreeMap::new(),
            answered: BTreeSet::new(),
            transcript: Vec::new(),
        }
    }

    /// Words: verb, client, then `key=value`.
    pub fn line(&mut self, line: &str) {
        self.transcript.push(format!("> {line}"));
        let mut words = line.split_whitespace();
        let (verb, subject) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let options: BTreeMap<&str, &str> = words.filter_map(|word| word.split_once('=')).collect();
        match verb {
            "wait" => self.wait(subject.parse().expect("milliseconds")),
            "failover" => self.fail_over(subject != "losing"),
            "log" => self.log(subject),
            "join" => self.ask(subject, join_request, &options),
            "sync" => self.ask(subject, sync_request, &options),
            "beat" => self.ask(subject, heartbeat_request, &options),
            "leave" => self.ask(subject, leave_request, &options),
            "commit" => self.ask(subject, commit_request, &options),
            "fetch" => self.ask(subject, fetch_request, &options),
            "read" => {
                let read = offset_of(&self.coordinated.read_committed(&fetch_of(&options)));
                self.say(&format!("{subject} reads {read}"));
            }
            other => panic!("no verb {other}"),
        }
        self.check_log();
    }

    fn ask(
        &mut self,
        name: &str,
        body: fn(&World, &str, &BTreeMap<&str, &str>) -> Request,
        options: &BTreeMap<&str, &str>,
    ) {
        let client = self.clients.entry(name.to_string()).or_default();
        if let Some(instance_id) = options.get("static") {
            client.instance_id = Some(instance_id.to_string());
        }
        let body = body(self, name, options);
        let token = token(u32::try_from(self.asked.len()).expect("few requests"));
        self.asked.insert(token, name.to_string());
        let number = name.bytes().fold(0, |sum, byte| sum + u16::from(byte));
        let request = CoordinatorRequest {
            token,
            version: options
                .get("version")
                .map_or(body.api().java_version(), |version| version.parse().expect("a version")),
            client: ClientId(number),
            client_id: name,
            client_host: "/127.0.0.1",
            body: &body,
            draw: [self.rng.next_u64(), self.rng.next_u64()],
        };
        let effects = self.coordinated.ask(self.now, request);
        self.take(effects);
    }

    fn wait(&mut self, ms: u64) {
        let end = self.now.at.plus_millis(ms);
        while let Some(due) = self.coordinated.next_timeout().filter(|due| *due <= end) {
            assert!(due >= self.now.at, "a timer lies in the past");
            self.now.at = due;
            let effects = self.coordinated.fire(self.now);
            self.take(effects);
        }
        self.now.at = end;
    }

    /// Another broker takes over: it knows the log only, and perhaps only what was committed.
    fn fail_over(&mut self, keeps_all: bool) {
        let (ended, began) = self.coordinated.fail_over(self.now, keeps_all);
        self.tell(ended);
        self.take(began);
    }

    /// What the log does from here on: `commits` (also what waits), `waits`, or an error's name.
    fn log(&mut self, mood: &str) {
        self.coordinated.mood = match mood {
            "commits" => Mood::Commits,
            "waits" => Mood::Waits,
            error => Mood::Refuses(*Code::ALL.iter().find(|code| code.name() == error).expect("an error's name")),
        };
        if self.coordinated.mood == Mood::Commits {
            let effects = self.coordinated.commit(self.now);
            self.take(effects);
        }
    }

    fn check_log(&self) {
        let (live, logged) = (self.coordinated.coordinator(), self.coordinated.replayed());
        assert_eq!(logged.durable(), live.durable(), "the log says what the coordinator knows");
        for id in live.group_ids() {
            let group = live.group(id).expect("it is listed");
            if group.state == GroupState::Stable && group.is_logged {
                let logged = live.durable().metadata(id).expect("a stable group is in the log");
                assert_eq!((logged.generation, &logged.leader), (group.generation, &group.leader));
                let logged: BTreeSet<_> = logged.members.iter().map(|member| &member.member_id).collect();
                assert_eq!(logged, group.members.iter().map(|member| &member.member_id).collect());
            }
        }
    }

    fn take(&mut self, effects: GroupEffects) {
        self.tell(effects);
        self.check_log();
    }

    fn tell(&mut self, effects: GroupEffects) {
        for event in &effects.events {
            let said = match &event.kind {
                GroupEventKind::StateChanged { from, to } => format!("{} -> {}", from.name(), to.name()),
                GroupEventKind::MemberRemoved { why, members, .. } => format!("removed {why:?}, {members} left"),
                GroupEventKind::Loaded { generation, members } => {
                    format!("loaded generation {generation}, {members} members")
                }
                _ => continue,
            };
            self.say(&format!("{} {said}", event.group));
        }
        for (token, answer) in effects.answers {
            assert!(self.answered.insert(token), "{token:?} is answered twice");
            let name = self.asked[&token].clone();
            let said = match answer {
                Ok(response) => self.told(&name, &response),
                Err(code) => format!("failed: {}", operation_error(code).name()),
            };
            self.say(&format!("{name} {said}"));
        }
    }

    /// Whether a client waits for an answer.
    pub fn is_waiting(&self, name: &str) -> bool {
        self.asked.iter().any(|(token, asker)| asker == name && !self.answered.contains(token))
    }

    /// How many clients do.
    pub fn waiting(&self) -> usize {
        self.asked.len() - self.answered.len()
    }

    fn say(&mut self, words: &str) {
        self.transcript.push(format!("  {} {words}", self.now.ms()));
    }

    /// A member id without its UUID: the client's id, or the instance id of a static member.
    fn name_of(&self, member_id: &str) -> String {
        member_id[..member_id.len().saturating_sub(37)].to_string()
    }

    fn told(&mut self, name: &str, response: &Response) -> String {
        let code = |code: i16| Code::from_i16(code).name();
        match response {
            Response::JoinGroup(join) => self.told_join(name, join),
            Response::SyncGroup(sync) => match sync.error_code {
                0 => format!("sync: [{}]", String::from_utf8_lossy(&sync.assignment)),
                error => format!("sync: {}", code(error)),
            },
            Response::Heartbeat(beat) => format!("beat: {}", code(beat.error_code)),
            Response::LeaveGroup(leave) => {
                let codes: Vec<&str> = leave.members.iter().map(|member| code(member.error_code)).collect();
                format!("leave: {}", codes.join(" "))
            }
            Response::OffsetCommit(commit) => {
                let partitions = commit.topics.iter().flat_map(|topic| &topic.partitions);
                let codes: Vec<&str> = partitions.map(|partition| code(partition.error_code)).collect();
                format!("commit: {}", codes.join(" "))
            }
            Response::OffsetFetch(fetch) => format!("fetch: {}", offset_of(fetch)),
            other => format!("{other:?}"),
        }
    }

    fn told_join(&mut self, name: &str, join: &JoinGroupResponse) -> String {
        let error = Code::from_i16(join.error_code);
        if matches!(error, Code::None | Code::MemberIdRequired) {
            let client = self.clients.get_mut(name).expect("it asked");
            client.member_id = join.member_id.as_str().into();
            client.generation = join.generation_id;
        }
        if !error.is_ok() {
            return format!("join: {}", error.name());
        }
        let mut members: Vec<String> = join.members.iter().map(|member| self.name_of(&member.member_id)).collect();
        members.sort();
        let protocol = join.protocol_name.as_ref().map_or("none", |name| name.as_str());
        let leader = self.name_of(&join.leader);
        let skip = if join.skip_assignment { " skip" } else { "" };
        format!(
            "join: generation {} {protocol} leader {leader} members [{}]{skip}",
            join.generation_id,
            members.join(" ")
        )
    }
}

fn group(options: &BTreeMap<&str, &str>) -> GroupId {
    GroupId(text(options.get("group").copied().unwrap_or("g")))
}

fn number(options: &BTreeMap<&str, &str>, key: &str, default: i32) -> i32 {
    options.get(key).map_or(default, |value| value.parse().expect("a number"))
}

fn join_request(world: &World, name: &str, options: &BTreeMap<&str, &str>) -> Request {
    let client = &world.clients[name];
    let names = options.get("protocols").copied().unwrap_or("range");
    let metadata = Bytes::from(options.get("metadata").copied().unwrap_or("m").to_string());
    let protocols = names
        .split(',')
        .map(|protocol| JoinGroupRequestProtocol::default().with_name(text(protocol)).with_metadata(metadata.clone()));
    let member_id = if options.contains_key("anew") { "" } else { &client.member_id };
    JoinGroupRequest::default()
        .with_group_id(group(options))
        .with_member_id(text(member_id))
        .with_group_instance_id(client.instance_id.as_deref().map(text))
        .with_session_timeout_ms(number(options, "session", 10_000))
        .with_rebalance_timeout_ms(number(options, "rebalance", 60_000))
        .with_protocol_type(text("consumer"))
        .with_protocols(protocols.collect())
        .into()
}

/// Assignments `c1=…` by client.
fn sync_request(world: &World, name: &str, options: &BTreeMap<&str, &str>) -> Request {
    let client = &world.clients[name];
    let assignments = options.iter().filter_map(|(key, value)| {
        let member_id = &world.clients.get(*key)?.member_id;
        let assignment = Bytes::from(value.to_string());
        Some(SyncGroupRequestAssignment::default().with_member_id(text(member_id)).with_assignment(assignment))
    });
    SyncGroupRequest::default()
        .with_group_id(group(options))
        .with_member_id(text(&client.member_id))
        .with_group_instance_id(client.instance_id.as_deref().map(text))
        .with_generation_id(number(options, "generation", client.generation))
        .with_protocol_type(Some(text("consumer")))
        .with_protocol_name(Some(text("range")))
        .with_assignments(assignments.collect())
        .into()
}

fn heartbeat_request(world: &World, name: &str, options: &BTreeMap<&str, &str>) -> Request {
    let client = &world.clients[name];
    HeartbeatRequest::default()
        .with_group_id(group(options))
        .with_member_id(text(&client.member_id))
        .with_group_instance_id(client.instance_id.as_deref().map(text))
        .with_generation_id(number(options, "generation", client.generation))
        .into()
}

fn leave_request(world: &World, name: &str, options: &BTreeMap<&str, &str>) -> Request {
    let client = &world.clients[name];
    let member = MemberIdentity::default()
        .with_member_id(text(&client.member_id))
        .with_group_instance_id(client.instance_id.as_deref().map(text));
    LeaveGroupRequest::default().with_group_id(group(options)).with_members(vec![member]).into()
}

/// An offset of `t-0`.
fn commit_request(world: &World, name: &str, options: &BTreeMap<&str, &str>) -> Request {
    let client = &world.clients[name];
    let outside = options.contains_key("outside");
    let partition = OffsetCommitRequestPartition::default()
        .with_committed_offset(i64::from(number(options, "offset", 0)))
        .with_committed_metadata(Some(text(&"x".repeat(number(options, "metadata", 0) as usize))));
    let topic = OffsetCommitRequestTopic::default().with_name(TopicName(text("t"))).with_partitions(vec![partition]);
    OffsetCommitRequest::default()
        .with_group_id(group(options))
        .with_member_id(text(if outside { "" } else { &client.member_id }))
        .with_group_instance_id(client.instance_id.as_deref().map(text))
        .with_generation_id_or_member_epoch(if outside { -1 } else { client.generation })
        .with_topics(vec![topic])
        .into()
}

/// The offset of `t-0`.
fn fetch_of(options: &BTreeMap<&str, &str>) -> OffsetFetchRequest {
    let topic = OffsetFetchRequestTopics::default().with_name(TopicName(text("t"))).with_partition_indexes(vec![0]);
    let asked = OffsetFetchRequestGroup::default().with_group_id(group(options)).with_topics(Some(vec![topic]));
    OffsetFetchRequest::default().with_require_stable(true).with_groups(vec![asked])
}

fn fetch_request(_: &World, _: &str, options: &BTreeMap<&str, &str>) -> Request {
    fetch_of(options).into()
}

fn offset_of(fetched: &OffsetFetchResponse) -> i64 {
    fetched.groups[0].topics[0].partitions[0].committed_offset
}

/// Plays the lines of a story that begin with `>`; what follows must be the others.
#[track_caller]
pub fn check(config: GroupConfig, story: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/coordinator/stories/{story}.txt"));
    let told = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut world = World::new(config);
    for line in told.lines().filter_map(|line| line.strip_prefix("> ")) {
        world.line(line);
    }
    let mut ours = world.transcript.join("\n");
    ours.push('\n');
    same_as_kept(&path, &ours);
}
