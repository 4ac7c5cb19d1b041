//! Bytes on a socket may be anybody's: whatever they are, a request is read or refused with a sentence.
//!
//! What is changed are the requests that real clients sent, and those made by hand; and the bytes within requests that
//! only clients read, which a coordinator keeps and hands on.

use std::io::Read;
use std::path::Path;
use std::sync::LazyLock;

use bytes::Bytes;
use kafka_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use kafka_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use kafka_protocol::messages::{GroupId, JoinGroupRequest, SyncGroupRequest};
use kafka_protocol::protocol::StrBytes;
use partita::coordinator::group::{CoordinatorRequest, GroupConfig};
use partita::error::Code;
use partita::event::GroupState;
use partita::ids::ClientId;
use partita::time::{Instant, Now};
use partita::wire::{Api, Frame, Request, Response};
use proptest::prelude::*;

#[path = "coordinator/log.rs"]
#[allow(dead_code, reason = "this program does not let the log wait")]
mod log;

use log::{Coordinated, token};

/// Every different request of the recorded conversations, without its four length bytes.
static REQUESTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/frames");
    let files = std::fs::read_dir(folder).expect("the folder of conversations").map(|entry| entry.unwrap().path());
    let mut found = Vec::new();
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "gz")) {
        let mut text = String::new();
        let packed = std::fs::File::open(&file).expect("a recorded conversation");
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("gzipped text");
        for line in text.lines() {
            let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
            let hex = line["hex"].as_str().filter(|hex| hex.len() >= 24 && line["direction"] != "response");
            let digits = hex.map_or(&[][..], str::as_bytes).chunks(2).skip(4);
            let bytes =
                digits.map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).expect("hex digits"));
            found.push(bytes.collect::<Vec<u8>>());
        }
    }
    found.retain(|request| !request.is_empty());
    found.sort();
    found.dedup();
    found
});

fn sentence(bytes: Vec<u8>) -> Option<String> {
    let sentence = Frame::decode_request(Bytes::from(bytes)).err()?;
    assert!(!sentence.is_empty() && !sentence.contains('\n'), "{sentence:?}");
    Some(sentence)
}

/// A change of a request: where, and what.
#[derive(Clone, Debug)]
enum Change {
    Put(prop::sample::Index, Vec<u8>),
    Add(prop::sample::Index, Vec<u8>),
    Cut(prop::sample::Index),
    Drop(prop::sample::Index, usize),
    Version(i16),
    Api(i16),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    // Lengths as attackers like them: greatest, negative, a varint that does not end, a little more than there is.
    let bytes = prop_oneof![
        Just(vec![0x7f, 0xff, 0xff, 0xff]),
        Just(vec![0xff, 0xff, 0xff, 0xff]),
        Just(vec![0x80, 0, 0, 0]),
        Just(vec![0xff, 0xff, 0xff, 0xff, 0x0f]),
        Just(vec![0x80, 0x80, 0x80, 0x80, 0x80, 0x01]),
        Just(vec![0x05, 0xf5, 0xe1, 0x00]),
        prop::collection::vec(any::<u8>(), 1..9),
    ];
    prop_oneof![
        4 => (at(), bytes.clone()).prop_map(|(at, bytes)| Change::Put(at, bytes)),
        2 => (at(), bytes).prop_map(|(at, bytes)| Change::Add(at, bytes)),
        1 => at().prop_map(Change::Cut),
        1 => (at(), 1_usize..20).prop_map(|(at, count)| Change::Drop(at, count)),
        1 => (-1_i16..20).prop_map(Change::Version),
        1 => prop::sample::select(Api::ALL).prop_map(|api| Change::Api(api as i16)),
    ]
}

fn changed(mut request: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let size = request.len().max(1);
        match change {
            Change::Put(at, bytes) => {
                let at = at.index(size);
                let end = request.len().min(at + bytes.len());
                request.splice(at.min(end)..end, bytes.iter().copied());
            }
            Change::Add(at, bytes) => {
                let at = at.index(size).min(request.len());
                request.splice(at..at, bytes.iter().copied());
            }
            Change::Cut(at) => request.truncate(at.index(size)),
            Change::Drop(at, count) => {
                let at = at.index(size).min(request.len());
                let end = request.len().min(at + count);
                request.drain(at..end);
            }
            Change::Version(version) if request.len() >= 4 => request[2..4].copy_from_slice(&version.to_be_bytes()),
            Change::Api(key) if request.len() >= 2 => request[..2].copy_from_slice(&key.to_be_bytes()),
            Change::Version(_) | Change::Api(_) => {}
        }
    }
    request
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn a_changed_request_is_read_or_refused(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        sentence(changed(which.get(&REQUESTS).clone(), &changes));
    }
}

/// Each place of each kind of request, where a length might stand, says that there is more than any memory holds.
#[test]
fn no_length_is_believed() {
    let mut seen = std::collections::BTreeSet::new();
    let mut refused = 0;
    for request in REQUESTS.iter().filter(|request| seen.insert(request[..4].to_vec())) {
        for at in 8..request.len() {
            for length in [&[0x7f, 0xff, 0xff, 0xff][..], &[0xff, 0xff, 0xff, 0xff, 0x0f]] {
                let mut bytes = request.clone();
                let end = bytes.len().min(at + length.len());
                bytes.splice(at..end, length.iter().copied());
                refused += u64::from(sentence(bytes).is_some_and(|sentence| sentence.contains("a length of")));
            }
        }
    }
    assert!(seen.len() > 80, "{} kinds of requests", seen.len());
    assert!(refused > 1000, "{refused} lengths were refused");
}

#[test]
fn a_refusal_says_what_was_found() {
    let metadata = |length: [u8; 4]| {
        let head = [0, 3, 0, 1, 0, 0, 0, 9, 0, 1, b'x'];
        [&head[..], &length[..], &[0, 1, b't'][..]].concat()
    };
    assert_eq!(sentence(metadata([0, 0, 0, 1])), None);
    let found = sentence(metadata([0x7f, 0xff, 0xff, 0xff]));
    assert_eq!(found.as_deref(), Some("Metadata version 1: a length of 2147483647 where 3 bytes are left"));
    let newest = [0, 3, 0, 12, 0, 0, 0, 9, 0, 1, b'x', 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0];
    let found = sentence(newest.to_vec()).unwrap_or_default();
    assert!(found.starts_with("Metadata version 12: a length of ") && found.ends_with(" bytes are left"), "{found}");
    assert_eq!(sentence(vec![0, 3, 0, 99, 0, 0, 0, 9]).as_deref(), Some("Metadata version 99: 0 to 13 are served"));
    assert_eq!(sentence(vec![0, 3]).as_deref(), Some("a request of 2 bytes: the header alone has 8"));
}

/// Subscriptions and assignments whose lengths promise more than any memory holds, and some that merely end early.
fn promising_bytes() -> Vec<Bytes> {
    let mut all: Vec<Vec<u8>> = vec![vec![], vec![0], vec![0xff, 0xff, 0, 0]];
    for length in [i32::MAX, 0x0800_0000, 5] {
        // Topics; the partitions of a topic; the user's data; partitions that are owned.
        for head in [
            &[0, 3][..],
            &[0, 3, 0, 0, 0, 1, 0, 1, b't'],
            &[0, 3, 0, 0, 0, 0],
            &[0, 3, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
            &[0, 3, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 0, 1, b't'],
        ] {
            all.push([head, &length.to_be_bytes()].concat());
        }
    }
    all.into_iter().map(Bytes::from).collect()
}

/// A coordinator believes nothing in them either: it reads of them which topics a group subscribes to, and no more.
#[test]
fn a_coordinator_keeps_what_it_cannot_read() {
    let text = |text: &str| StrBytes::from_string(text.to_owned());
    for bytes in promising_bytes() {
        let config = GroupConfig { initial_rebalance_delay_ms: 0, ..GroupConfig::default() };
        let mut coordinated = Coordinated::new(Now { at: Instant::ZERO, start_ms: 0 }, config);
        let mut tokens = 0;
        let mut ask = |version: i16, body: Request| -> Response {
            tokens += 1;
            let request = CoordinatorRequest {
                token: token(tokens),
                version,
                client: ClientId(1),
                client_id: "c1",
                client_host: "/127.0.0.1",
                body: &body,
                draw: [1, 2],
            };
            let now = Now { at: Instant::from_millis(u64::from(tokens)), start_ms: 0 };
            let mut effects = coordinated.ask(now, request);
            while let (true, Some(due)) = (effects.answers.is_empty(), coordinated.next_timeout()) {
                effects = coordinated.fire(Now { at: due, start_ms: 0 });
            }
            effects.answers.pop().expect("an answer").1.expect("no refusal")
        };
        let protocol = JoinGroupRequestProtocol::default().with_name(text("range")).with_metadata(bytes.clone());
        // In version 3 a member joins without having been given its id before.
        let join = JoinGroupRequest::default()
            .with_group_id(GroupId(text("g")))
            .with_session_timeout_ms(10_000)
            .with_rebalance_timeout_ms(60_000)
            .with_protocol_type(text("consumer"))
            .with_protocols(vec![protocol]);
        let Response::JoinGroup(joined) = ask(3, join.into()) else { panic!("the answer to a JoinGroup") };
        assert_eq!((joined.error_code, joined.generation_id), (Code::None as i16, 1));
        assert_eq!(joined.members[0].metadata, bytes, "its leader gets what it sent");
        let assignment = SyncGroupRequestAssignment::default()
            .with_member_id(joined.member_id.clone())
            .with_assignment(bytes.clone());
        let sync = SyncGroupRequest::default()
            .with_group_id(GroupId(text("g")))
            .with_member_id(joined.member_id.clone())
            .with_generation_id(1)
            .with_assignments(vec![assignment]);
        let Response::SyncGroup(synced) = ask(3, sync.into()) else { panic!("the answer to a SyncGroup") };
        assert_eq!((synced.error_code, &synced.assignment), (Code::None as i16, &bytes));
        let group = coordinated.coordinator().group("g").expect("the group");
        assert_eq!(group.state, GroupState::Stable);
        assert!(
            group.members.iter().all(|member| member.topics.is_empty() && member.assignment.is_empty()),
            "{bytes:?}"
        );
    }
}
