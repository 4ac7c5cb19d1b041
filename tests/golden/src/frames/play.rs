//! Plays one conversation.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use kafka_protocol::messages::ApiVersionsRequest;
use partita::config::ConfigValue;
use partita::ids::{ClientId, ConnectionId, EventId};
use partita::time::Instant;
use partita::wire::{Api, Body, Frame, MAX_FRAME_BYTES, Request};
use serde_json::Value;

use super::compare::{Comparison, Drawn};
use super::cut::Limits;
use super::tree::Tree;
use super::world::World;
use crate::json;
use crate::verdict::{ANSWER, Difference, REQUEST};

pub struct Play {
    world: World,
    drawn: Drawn,
    /// What the Fetch requests of each connection allowed.
    limits: BTreeMap<ConnectionId, Limits>,
    /// Connections of hand-made requests that several share, by their name.
    shared: BTreeMap<String, u16>,
    next_connection: u16,
}

fn connection(number: u16) -> ConnectionId {
    ConnectionId::of_client(ClientId(number), 0)
}

impl Play {
    /// The cluster as it was before the first frame.
    pub fn new(header: &Value) -> Result<Play, String> {
        const RAW: [(&str, &str); 3] = [
            ("auto.create.topics.enable", "false"),
            ("group.initial.rebalance.delay.ms", "0"),
            ("offsets.topic.num.partitions", "1"),
        ];
        let mut settings: Vec<(&str, ConfigValue)> = RAW.iter().map(|(name, value)| (*name, (*value).into())).collect();
        if let Some(given) = header["broker_configs"].as_object() {
            settings = given.iter().map(|(name, value)| (name.as_str(), json::text(value).into())).collect();
        }
        let ports = header["broker_ports"].as_object();
        let brokers: Vec<(i32, i32)> = ports.map_or_else(
            || vec![(1, 39101)],
            |ports| ports.iter().map(|(id, port)| (id.parse().expect("a broker's id"), json::int(port))).collect(),
        );
        let world = World::new(&settings, &brokers);
        let mut play = Play {
            world,
            drawn: Drawn::default(),
            limits: BTreeMap::new(),
            shared: BTreeMap::new(),
            next_connection: 1000,
        };
        play.set_up(&header["setup"])?;
        Ok(play)
    }

    fn set_up(&mut self, setup: &Value) -> Result<(), String> {
        for (name, topic) in setup["topics"].as_object().into_iter().flatten() {
            self.world.create_topic(name, topic)?;
        }
        let internal = setup["internal_topics_existed"].as_array();
        if internal.is_some_and(|topics| topics.iter().any(|topic| topic == "__consumer_offsets")) {
            self.world.create_group_topic();
        }
        if setup["a_producer_id_was_given"] == true {
            self.world.give_producer_id();
        }
        Ok(())
    }

    /// One frame of a recorded session.
    pub fn frame(&mut self, case: &Value) -> Vec<Difference> {
        let id = connection(json::int(&case["connection"]));
        let at = Instant(json::int(&case["us"]));
        let is_request = case["direction"] == "request";
        let whole = if is_request { REQUEST } else { ANSWER };
        let Some(hex) = case.get("hex") else { return one(whole, "its bytes were not recorded") };
        let bytes = json::bytes(hex);
        self.world.run_until(at);
        if is_request {
            return self.ask(case, id, &bytes);
        }
        let version = case["answered_in_version"].as_i64().unwrap_or_else(|| json::int(&case["version"]));
        let Some(api) = Api::from_name(json::text(&case["api"])) else { return one(ANSWER, "its API is not served") };
        let correlation_id: i32 = json::int(&case["correlation_id"]);
        match self.world.answer(id, correlation_id, SLACK_US) {
            Some(ours) => self.compare(id, &ours, &bytes, api, version),
            None => one(ANSWER, "no answer came"),
        }
    }

    fn ask(&mut self, case: &Value, id: ConnectionId, bytes: &[u8]) -> Vec<Difference> {
        let frame = match self.read(bytes) {
            Ok(frame) => frame,
            Err(error) => return one(REQUEST, error),
        };
        self.note_limits(id, case);
        self.world.send(json::int(&case["broker"]), id, frame);
        match written_again(bytes) {
            Ok(()) => Vec::new(),
            Err(error) => one(REQUEST, error),
        }
    }

    fn note_limits(&mut self, id: ConnectionId, request: &Value) {
        if request["api"] == "Fetch" {
            let before = self.limits.entry(id).or_default();
            *before = before.of(&request["body"]);
        }
    }

    /// One hand-made request, and its answer.
    pub fn raw(&mut self, case: &Value) -> Vec<Difference> {
        let id = connection(self.connection_of(case));
        if case["pipelined"].is_null() {
            self.world.run_until(self.world.at().plus_millis(BETWEEN_MS));
        }
        let bytes = json::bytes(&case["hex"]);
        self.world.closed.clear();
        let length = i32::from_be_bytes(bytes[..4].try_into().expect("four bytes"));
        let whole = usize::try_from(length).is_ok_and(|length| length > 0 && length <= MAX_FRAME_BYTES);
        let read = match whole {
            true => self.read(&bytes),
            false => Err(format!("a frame of {length} bytes")),
        };
        let answer = &case["answer"];
        let frame = match read {
            Ok(frame) => frame,
            Err(_) if answer == "closed" => return Vec::new(),
            Err(_) if length as usize > bytes.len() - 4 && answer == "nothing in 2 s" => return Vec::new(),
            Err(error) => return one(REQUEST, format!("closed ({error}), Kafka has {answer}")),
        };
        self.note_limits(id, &case["request"]);
        self.world.send(1, id, frame.clone());
        let ours = self.world.answer(id, frame.correlation_id, 2_500_000);
        let closed = self.world.closed.contains(&id);
        let mut differences = Vec::new();
        match (ours, case.get("answer_hex"), answer.as_str()) {
            (Some(ours), Some(hex), _) => {
                let version = case["answered_in_version"].as_i64();
                let version = version.or_else(|| case["request"]["version"].as_i64());
                let version = version.unwrap_or(i64::from(frame.version));
                differences.extend(self.compare(id, &ours, &json::bytes(hex), frame.api(), version));
            }
            (None, None, Some("closed")) if closed => {}
            (None, None, Some("nothing in 2 s")) if !closed => {}
            (ours, ..) => {
                let ours = ours.map_or_else(|| "nothing".to_owned(), |ours| format!("{ours:?}"));
                differences.extend(one(ANSWER, format!("{ours} (closed: {closed}), Kafka has {answer}")));
            }
        }
        differences
    }

    /// A connection of its own for each request, unless the case says otherwise.
    fn connection_of(&mut self, case: &Value) -> u16 {
        let name = case["connection"].as_str().map(str::to_owned);
        let name = name.or_else(|| case["pipelined"].as_i64().map(|count| format!("pipelined {count}")));
        let fresh = self.next_connection;
        self.next_connection += 1;
        name.map_or(fresh, |name| *self.shared.entry(name).or_insert(fresh))
    }

    fn compare(&mut self, id: ConnectionId, ours: &Frame, bytes: &[u8], api: Api, version: i64) -> Vec<Difference> {
        let version = i16::try_from(version).expect("a version");
        let read = || -> Result<(Frame, Frame), String> {
            let kafka = Frame::decode_response(Bytes::copy_from_slice(&bytes[4..]), api, version)?;
            // What does not travel in this version is not compared.
            let ours = Frame::decode_response(ours.encode()?.slice(4..), api, version)?;
            Ok((ours, kafka))
        };
        let (ours, kafka) = match read() {
            Ok(both) => both,
            Err(error) => return one(ANSWER, error),
        };
        let limits = self.limits.get(&id).cloned().unwrap_or_default();
        let mut comparison = Comparison { drawn: &mut self.drawn, limits, differences: Vec::new() };
        comparison.compare(&Tree::of(&ours.body), &Tree::of(&kafka.body));
        comparison.differences
    }

    /// A request with what Kafka drew replaced by what the model drew.
    fn read(&self, bytes: &[u8]) -> Result<Arc<Frame>, String> {
        let mut bytes = bytes[4..].to_vec();
        for (kafka, model) in &self.drawn.pairs {
            let (from, to) = (raw(kafka), raw(model));
            if from.len() == to.len() && from.len() >= 16 {
                replace(&mut bytes, &from, &to);
            }
        }
        if bytes.len() >= 8 && bytes[..2] == (Api::ApiVersions as i16).to_be_bytes() {
            let version = i16::from_be_bytes([bytes[2], bytes[3]]);
            let (lowest, highest) = Api::ApiVersions.versions();
            if !(lowest..=highest).contains(&version) {
                // A version that nobody can read: what a broker knows of it is its number.
                let correlation_id = i32::from_be_bytes(bytes[4..8].try_into().expect("four bytes"));
                let body = Body::Request(Request::ApiVersions(ApiVersionsRequest::default()));
                let client_id = Arc::from("");
                return Ok(Arc::new(Frame { version, correlation_id, client_id, body, cause: EventId::NONE }));
            }
        }
        let mut frame = Frame::decode_request(bytes.into())?;
        if let Body::Request(Request::Fetch(fetch)) = &mut frame.body {
            let known = self.drawn.pairs.iter().find(|(kafka, _)| *kafka == fetch.session_id.to_string());
            if let Some((_, model)) = known {
                fetch.session_id = model.parse().expect("a session's id");
            }
        }
        Ok(Arc::new(frame))
    }
}

fn one(place: &str, text: impl Into<String>) -> Vec<Difference> {
    vec![Difference { place: place.to_owned(), text: text.into() }]
}

/// How long a person takes between two requests made by hand, in milliseconds.
const BETWEEN_MS: u64 = 50;

/// How much later than Kafka's an answer may come, in microseconds.
const SLACK_US: u64 = 1_500_000;

/// The bytes on the wire of something drawn: a text or an id.
fn raw(printed: &str) -> Vec<u8> {
    if let Some(text) = printed.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        return text.as_bytes().to_vec();
    }
    let digits: String = printed.chars().filter(char::is_ascii_hexdigit).collect();
    if digits.len() == 32 { json::bytes(&Value::String(digits)) } else { Vec::new() }
}

fn replace(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    let mut at = 0;
    while at + from.len() <= bytes.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
            at += from.len();
        } else {
            at += 1;
        }
    }
}

/// Whether a request that was read is written to the same bytes.
fn written_again(bytes: &[u8]) -> Result<(), String> {
    let version = i16::from_be_bytes([bytes[6], bytes[7]]);
    if bytes[4..6] == (Api::ApiVersions as i16).to_be_bytes() && version > Api::ApiVersions.versions().1 {
        return Ok(());
    }
    let frame = Frame::decode_request(Bytes::copy_from_slice(&bytes[4..]))?;
    let again = frame.encode()?;
    json::equal("the request written again", &json::hex(&again), &json::hex(bytes))
}
