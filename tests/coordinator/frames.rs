//! The group coordinator against what real clients and a real Kafka 4.3.1 said to each other: the recorded group
//! requests are given to it in order, and every answer must have the recorded bytes.
//!
//! After every request, a coordinator that replays the log must know what this one knows.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use bytes::Bytes;
use kafka_protocol::messages::{DeleteGroupsResponse, ListGroupsResponse};
use kafka_protocol::protocol::Decodable;
use partita::coordinator::group::{CoordinatorRequest, GroupConfig};
use partita::coordinator::runtime::RequestToken;
use partita::ids::{ClientId, EventId};
use partita::time::{Instant, Now};
use partita::wire::{Body, Frame, Request, Response};
use serde_json::Value;

use crate::log::{Coordinated, GroupEffects, token};

fn lines(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/frames").join(format!("{name}.jsonl.gz"));
    let file = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("gzipped text");
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn bytes(hex: &str) -> Bytes {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex digits")).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const GROUP_APIS: [&str; 10] = [
    "JoinGroup",
    "SyncGroup",
    "Heartbeat",
    "LeaveGroup",
    "OffsetCommit",
    "OffsetFetch",
    "DescribeGroups",
    "ListGroups",
    "DeleteGroups",
    "OffsetDelete",
];

/// A coordinator with its log, and the answers it gave.
struct Conversation {
    coordinated: Coordinated,
    answers: BTreeMap<RequestToken, Response>,
    now: Now,
}

impl Conversation {
    fn new() -> Conversation {
        let config = GroupConfig { initial_rebalance_delay_ms: 0, ..GroupConfig::default() };
        let now = Now { at: Instant::ZERO, start_ms: 1_767_225_600_000 };
        Conversation { coordinated: Coordinated::new(now, config), answers: BTreeMap::new(), now }
    }

    fn ask(&mut self, at: Instant, token: RequestToken, frame: &Frame, member_id: Option<&str>) {
        self.fire_until(at);
        let Some(body) = frame.request() else { panic!("a request") };
        let request = CoordinatorRequest {
            token,
            version: frame.version,
            client: ClientId(1),
            client_id: &frame.client_id,
            client_host: "/127.0.0.1",
            body,
            draw: member_id.map_or([0, 0], draw),
        };
        let effects = self.coordinated.ask(self.now, request);
        self.take(effects);
        self.fire_until(at);
    }

    fn fire_until(&mut self, at: Instant) {
        while let Some(due) = self.coordinated.next_timeout().filter(|due| *due <= at) {
            self.now.at = due.max(self.now.at);
            let effects = self.coordinated.fire(self.now);
            self.take(effects);
        }
        self.now.at = at.max(self.now.at);
    }

    fn take(&mut self, effects: GroupEffects) {
        self.answers.extend(effects.answers.into_iter().map(|(token, answer)| (token, answer.expect("no refusal"))));
        let fresh = self.coordinated.replayed();
        let live = self.coordinated.coordinator();
        assert_eq!(fresh.durable(), live.durable(), "replaying the log gives what the coordinator knows");
    }

    fn answer(&mut self, token: RequestToken, frame: &Frame) -> Option<Bytes> {
        let body = Body::Response(self.answers.remove(&token)?);
        let response = Frame { body, client_id: "".into(), cause: EventId::NONE, ..frame.clone() };
        Some(response.encode().expect("the answer fits its version"))
    }
}

/// The bits of the UUID that a member id ends with.
fn draw(member_id: &str) -> [u64; 2] {
    let Some(at) = member_id.len().checked_sub(36) else { return [0, 0] };
    let digits: String = member_id[at..].chars().filter(|c| *c != '-').collect();
    let bits = u128::from_str_radix(&digits, 16).unwrap_or(0);
    [(bits >> 64) as u64, bits as u64]
}

/// Arrays whose order is that of Kafka's own hash table.
fn sorted(response: &str, frame: &Frame) -> String {
    let mut body = bytes(response).slice(8..);
    match frame.request() {
        Some(Request::ListGroups(_)) => {
            let _tags = if frame.version >= 3 { body.split_to(1) } else { Bytes::new() };
            let response = ListGroupsResponse::decode(&mut body, frame.version).expect("ListGroups");
            let mut groups = response.groups;
            groups.sort_by(|a, b| a.group_id.as_str().cmp(b.group_id.as_str()));
            format!("{groups:?}")
        }
        Some(Request::DeleteGroups(_)) => {
            let _tags = if frame.version >= 2 { body.split_to(1) } else { Bytes::new() };
            let response = DeleteGroupsResponse::decode(&mut body, frame.version).expect("DeleteGroups");
            let mut results = response.results;
            results.sort_by(|a, b| a.group_id.as_str().cmp(b.group_id.as_str()));
            format!("{results:?}")
        }
        _ => response.to_string(),
    }
}

/// Takes out what the broker refuses before it asks the coordinator: commits of partitions that do not exist (there is
/// `orders` with two partitions). True when something was taken out.
fn refuse_what_is_not_there(frame: &mut Frame) -> bool {
    let Body::Request(Request::OffsetCommit(commit)) = &mut frame.body else { return false };
    let before = commit.clone();
    for topic in &mut commit.topics {
        topic.partitions.retain(|partition| partition.partition_index < 2);
    }
    commit.topics.retain(|topic| topic.name.as_str() == "orders");
    *commit != before
}

/// Whether a request names topics by their ids, of which the broker makes names before a coordinator sees them.
fn is_by_id(request: &Value) -> bool {
    ["OffsetCommit", "OffsetFetch"].contains(&request["api"].as_str().unwrap_or("")) && request["version"] == 10
}

fn read(line: &Value) -> Frame {
    Frame::decode_request(bytes(line["hex"].as_str().expect("hex")).slice(4..)).expect("a version that is read")
}

#[test]
fn hand_made_requests_are_answered_as_kafka_does() {
    let mut played = Conversation::new();
    let mut equal = 0;
    // The classic groups' part of the recording; later lines meet groups of the consumer protocol.
    for (at, line) in lines("raw-requests").iter().enumerate().filter(|(_, line)| {
        let number = line["n"].as_u64().unwrap_or(0);
        (134..=199).contains(&number) && GROUP_APIS.contains(&line["request"]["api"].as_str().unwrap_or(""))
    }) {
        if is_by_id(&line["request"]) {
            continue;
        }
        let mut frame = read(line);
        let refused = refuse_what_is_not_there(&mut frame);
        let token = token(u32::try_from(at).expect("few lines"));
        played.ask(Instant::from_millis(10 * at as u64), token, &frame, line["answer"]["memberId"].as_str());
        if refused {
            continue;
        }
        let ours = played.answer(token, &frame).map(|bytes| hex(&bytes)).unwrap_or_default();
        let kafka = line["answer_hex"].as_str().expect("hex");
        assert_eq!(sorted(&ours, &frame), sorted(kafka, &frame), "{}: {}", line["n"], line["what"]);
        equal += 1;
    }
    assert!(equal > 50, "only {equal} requests were played");
}

/// Plays a session.
fn play(session: &str) {
    let mut played = Conversation::new();
    let mut open: BTreeMap<(u64, i64), (RequestToken, Frame)> = BTreeMap::new();
    let recorded = lines(session);
    let key = |line: &Value| (line["connection"].as_u64().unwrap_or(0), line["correlation_id"].as_i64().unwrap_or(-1));
    let mut equal = 0;
    for (at, line) in recorded.iter().enumerate().skip(1) {
        if !GROUP_APIS.contains(&line["api"].as_str().unwrap_or("")) {
            continue;
        }
        if line["direction"] == "request" {
            if is_by_id(line) {
                continue;
            }
            let frame = read(line);
            let answer =
                recorded[at..].iter().find(|later| later["direction"] == "response" && key(later) == key(line));
            let member_id = answer.and_then(|answer| answer["body"]["memberId"].as_str());
            let token = token(u32::try_from(line["n"].as_u64().expect("a number")).expect("few lines"));
            played.ask(Instant(line["us"].as_u64().expect("a time")), token, &frame, member_id);
            open.insert(key(line), (token, frame));
        } else if let Some((token, frame)) = open.remove(&key(line)) {
            let ours = played.answer(token, &frame).map_or("held".into(), |bytes| hex(&bytes));
            assert_eq!(ours, line["hex"].as_str().expect("hex"), "{session}:{} {}", line["n"], line["api"]);
            equal += 1;
        }
    }
    assert!(equal > 5, "{session}: only {equal} answers were compared");
}

#[test]
fn sessions_of_real_clients_are_answered_as_kafka_does() {
    for client in ["java", "librdkafka", "kafka-python", "kafkajs", "franz-go"] {
        play(&format!("{client}-b-group"));
        play(&format!("{client}-e-errors"));
    }
}

#[test]
fn rebalances_of_real_clients_are_answered_as_kafka_does() {
    for client in ["java", "librdkafka", "kafka-python", "franz-go"] {
        play(&format!("{client}-c-range"));
        play(&format!("{client}-c-cooperative"));
    }
}
