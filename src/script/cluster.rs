//! The first line of a script, topics, and changed settings.

use std::sync::Arc;

use crate::ids::BrokerId;
use crate::lang::text;

use super::args::{Args, MAX_COUNT};
use super::ast::{Property, Setting, SettingFrom, SettingTarget, Statement};
use super::civil::{iso_instant, parse_iso_instant};
use super::clients::ANY_KIND;
use super::error::Allowed;
use super::limits::{MAX_BROKERS, MAX_PARTITIONS};
use super::print::Out;
use super::sends::name_of;

/// `cluster brokers=3 seed=7 start=2026-01-01T00:00:00Z hop-us=500 auto.create.topics.enable=false`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// 1 to 9; not said: 1.
    pub brokers: u32,
    /// The seed of the run's generator; None: 0.
    pub seed: Option<u64>,
    /// The wall clock at the start, in milliseconds since 1970; None: 2026-01-01T00:00:00Z.
    pub start_ms: Option<i64>,
    /// Microseconds that a message travels, 1 to 60,000,000; None: 500. Without any, time would stand still wherever
    /// something is tried again at once.
    pub hop_us: Option<u32>,
    /// `transaction.version=1`: feature levels the cluster is formatted with.
    pub features: Vec<Property>,
    /// `controller=separate`: the controller is a process of its own even beside a single broker.
    pub separate_controller: bool,
    /// Properties of every broker.
    pub properties: Vec<Property>,
}

impl Cluster {
    pub const DEFAULT_START_MS: i64 = 1_767_225_600_000;
    pub const DEFAULT_HOP_US: u32 = 500;

    pub fn seed(&self) -> u64 {
        self.seed.unwrap_or(0)
    }

    pub fn start_ms(&self) -> i64 {
        self.start_ms.unwrap_or(Cluster::DEFAULT_START_MS)
    }

    pub fn hop_us(&self) -> u32 {
        self.hop_us.unwrap_or(Cluster::DEFAULT_HOP_US)
    }
}

/// `topic orders partitions=3 replication-factor=1 …` or `topic orders replicas=1,2;2,3 …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTopic {
    pub name: Arc<str>,
    /// 1 to 100; None: 1, or as many as `replicas` has.
    pub partitions: Option<u32>,
    /// None: 1.
    pub replication_factor: Option<u32>,
    /// The brokers of each partition, its preferred leader first.
    pub replicas: Option<Vec<Vec<i32>>>,
    pub properties: Vec<Property>,
}

impl NewTopic {
    /// The brokers of every partition on a cluster of that many: as given, or partition p on brokers p+1, p+2, … (cyclic).
    pub fn placement(&self, brokers: u32) -> Vec<Vec<BrokerId>> {
        if let Some(replicas) = &self.replicas {
            return replicas.iter().map(|ids| ids.iter().map(|id| BrokerId(*id)).collect()).collect();
        }
        let at = |p: u32, k: u32| BrokerId(((p + k) % brokers.max(1) + 1) as i32);
        let copies = self.replication_factor.unwrap_or(1);
        (0..self.partitions.unwrap_or(1)).map(|p| (0..copies).map(|k| at(p, k)).collect()).collect()
    }
}

pub(super) fn parse_cluster(args: &mut Args) -> Option<Statement> {
    let brokers = args.u32("brokers", 1, MAX_BROKERS);
    let seed = args.whole("seed", 0, i64::MAX).map(|n| n as u64);
    let start_ms = start(args);
    let hop_us = args.u32("hop-us", 1, 60_000_000);
    let features = features(args);
    let separate_controller = args.choice("controller", &[("separate", true)]).unwrap_or(false);
    let properties = args.properties();
    let brokers = brokers.unwrap_or(1);
    Some(Statement::Cluster(Cluster { brokers, seed, start_ms, hop_us, features, separate_controller, properties }))
}

fn start(args: &mut Args) -> Option<i64> {
    let word = args.take("start")?;
    // Timestamps before 1970 are refused by Kafka's own producer; the last year that the calendar form can write bounds it.
    let range = 0..=253_402_300_799_999;
    let found = word.text.parse().ok().or_else(|| parse_iso_instant(&word.text)).filter(|ms| range.contains(ms));
    if found.is_none() {
        let (en, ko) = (
            "an instant such as `2026-01-01T00:00:00Z`, or milliseconds since 1970, from 1970 to the year 9999",
            "`2026-01-01T00:00:00Z` 형식의 시각 또는 1970년부터 센 밀리초, 1970년부터 9999년까지",
        );
        args.bad(&word, "start", Allowed::Form(text(en, ko)));
    }
    found
}

fn features(args: &mut Args) -> Vec<Property> {
    let Some(word) = args.take("features") else { return Vec::new() };
    let level = |part: &str| {
        part.split_once('=')
            .filter(|(n, v)| !n.is_empty() && v.parse::<u16>().is_ok())
            .map(|(n, v)| Property::new(n, v))
    };
    let found: Option<Vec<Property>> = word.text.split(',').map(level).collect();
    if found.is_none() {
        let (en, ko) =
            ("features and levels, such as `transaction.version=1`", "`transaction.version=1`처럼 기능과 수준");
        args.bad(&word, "features", Allowed::Form(text(en, ko)));
    }
    found.unwrap_or_default()
}

pub(super) fn parse_topic(args: &mut Args) -> Option<Statement> {
    let word = args.word("NAME")?;
    if word.text.is_empty() {
        args.bad(&word, "NAME", Allowed::Form(text("a topic's name", "토픽 이름")));
    }
    let name: Arc<str> = Arc::from(word.text.as_str());
    args.exclude("partitions", "replicas");
    args.exclude("replication-factor", "replicas");
    let partitions = args.u32("partitions", 1, MAX_PARTITIONS);
    let most = args.context.brokers.unwrap_or(MAX_BROKERS);
    let replication_factor = args.u32("replication-factor", 1, most);
    let replicas = replicas(args, most as i32);
    let properties = args.properties();
    Some(Statement::Topic(NewTopic { name, partitions, replication_factor, replicas, properties }))
}

fn replicas(args: &mut Args, most: i32) -> Option<Vec<Vec<i32>>> {
    let word = args.take("replicas")?;
    let one = |part: &str| {
        let ids: Option<Vec<i32>> =
            part.split(',').map(|id| id.parse().ok().filter(|id| (1..=most).contains(id))).collect();
        ids.filter(|ids| (1..ids.len()).all(|i| !ids[..i].contains(&ids[i])))
    };
    let found: Option<Vec<Vec<i32>>> = word.text.split(';').map(one).collect();
    let found = found.filter(|all| all.len() <= MAX_PARTITIONS as usize);
    if found.is_none() {
        let (en, ko) = (
            "the brokers of each partition, such as `1,2;2,3`: numbers of this cluster's brokers, none twice, at most 100 partitions",
            "`1,2;2,3`처럼 파티션마다 브로커: 이 클러스터의 브로커 번호, 중복 없이, 파티션은 최대 100개",
        );
        args.bad(&word, "replicas", Allowed::Form(text(en, ko)));
    }
    found
}

const FROM: &[(&str, SettingFrom)] = &[("start", SettingFrom::Start), ("now", SettingFrom::Now)];

pub(super) fn parse_set(args: &mut Args) -> Option<Statement> {
    let word = args.word("ID")?;
    let target = match word.text.as_str() {
        "topic" => SettingTarget::Topic(args.name("NAME")?),
        "cluster" => SettingTarget::Cluster,
        text if text.starts_with("broker-") => SettingTarget::Broker(args.broker_of(&word, "ID")?),
        _ => SettingTarget::Client(args.client_of(&word, ANY_KIND)?),
    };
    let from = args.choice("from", FROM).unwrap_or(SettingFrom::Now);
    let properties = args.properties();
    args.at_least_one(&properties, "name=value");
    Some(Statement::Set(Setting { target, properties, from }))
}

pub(super) fn parse_sleep(args: &mut Args) -> Option<Statement> {
    args.whole_word("MS", 0, MAX_COUNT / 1000).map(|ms| Statement::Sleep(ms as u64))
}

pub(super) fn parse_step(args: &mut Args) -> Option<Statement> {
    if args.peek().is_none() {
        return Some(Statement::Step(1));
    }
    args.whole_word("N", 1, i64::from(u32::MAX)).map(|n| Statement::Step(n as u32))
}

pub(super) fn print_cluster(cluster: &Cluster, out: &mut Out) {
    out.word("cluster");
    out.option("brokers", cluster.brokers);
    out.some("seed", cluster.seed);
    out.some("start", cluster.start_ms.map(|ms| iso_instant(ms).unwrap_or_else(|| ms.to_string())));
    out.some("hop-us", cluster.hop_us);
    if !cluster.features.is_empty() {
        let all: Vec<String> = cluster.features.iter().map(|f| format!("{}={}", f.name, f.value)).collect();
        out.option("features", all.join(","));
    }
    if cluster.separate_controller {
        out.option("controller", "separate");
    }
    out.properties(&cluster.properties);
}

pub(super) fn print_topic(topic: &NewTopic, out: &mut Out) {
    out.word("topic");
    out.word(&topic.name);
    out.some("partitions", topic.partitions);
    out.some("replication-factor", topic.replication_factor);
    if let Some(replicas) = &topic.replicas {
        let ids = |ids: &Vec<i32>| ids.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
        out.option("replicas", replicas.iter().map(ids).collect::<Vec<_>>().join(";"));
    }
    out.properties(&topic.properties);
}

pub(super) fn print_set(setting: &Setting, out: &mut Out) {
    out.word("set");
    match &setting.target {
        SettingTarget::Cluster => out.word("cluster"),
        SettingTarget::Broker(id) => out.word(&format!("broker-{}", id.0)),
        SettingTarget::Topic(name) => {
            out.word("topic");
            out.word(name);
        }
        SettingTarget::Client(id) => out.word(id),
    }
    out.properties(&setting.properties);
    out.option("from", name_of(setting.from, FROM));
}

/// A name that a client may not have: a node of the cluster has it, or `set` says something else by it.
pub(super) fn is_reserved(name: &str) -> bool {
    matches!(name, "controller" | "cluster" | "topic") || name.starts_with("broker-")
}
