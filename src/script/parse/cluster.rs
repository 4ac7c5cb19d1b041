//! Reads the first line of a script, topics, and changed settings.

use std::sync::Arc;

use crate::lang::text;
use crate::script::ast::{ANY_KIND, NewCluster, NewTopic, Property, Setting, SettingFrom, SettingTarget, Statement};
use crate::script::civil::parse_iso_instant;
use crate::script::error::Allowed;
use crate::script::limits::{MAX_BROKERS, MAX_PARTITIONS};

use super::args::Args;

pub(super) fn parse_cluster(args: &mut Args) -> Option<Statement> {
    let brokers = args.u32("brokers", 1, MAX_BROKERS);
    let seed = args.whole("seed", 0, i64::MAX).map(|n| n as u64);
    let start_ms = start(args);
    let hop_us = args.u32("hop-us", 1, 60_000_000);
    let features = features(args);
    let separate_controller = args.choice("controller", &[("separate", true)]).unwrap_or(false);
    let properties = args.properties();
    let brokers = brokers.unwrap_or(1);
    Some(Statement::Cluster(NewCluster { brokers, seed, start_ms, hop_us, features, separate_controller, properties }))
}

fn start(args: &mut Args) -> Option<i64> {
    // Timestamps before 1970 are refused by Kafka's own producer; the last year that the calendar form can write bounds it.
    let range = 0..=253_402_300_799_999;
    let form = text(
        "an instant such as `2026-01-01T00:00:00Z`, or milliseconds since 1970, from 1970 to the year 9999",
        "`2026-01-01T00:00:00Z` 형식의 시각 또는 1970년부터 센 밀리초, 1970년부터 9999년까지",
    );
    args.read(
        "start",
        |text| text.parse().ok().or_else(|| parse_iso_instant(text)).filter(|ms| range.contains(ms)),
        form,
    )
}

fn features(args: &mut Args) -> Vec<Property> {
    let level = |part: &str| {
        part.split_once('=')
            .filter(|(n, v)| !n.is_empty() && v.parse::<u16>().is_ok())
            .map(|(n, v)| Property::new(n, v))
    };
    let form = text("features and levels, such as `transaction.version=1`", "`transaction.version=1`처럼 기능과 수준");
    let Some(word) = args.take("features").filter(|word| args.has_room_for_parts(word, &[','])) else {
        return Vec::new();
    };
    args.read_of(&word, "features", |text| text.split(',').map(level).collect(), form).unwrap_or_default()
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
    let replication_factor = replication_factor(args, most);
    let replicas = replicas(args, most as i32);
    let properties = args.properties();
    Some(Statement::Topic(NewTopic { name, partitions, replication_factor, replicas, properties }))
}

/// A real cluster has as many replicas as brokers, and recorded scripts of such are read; they are not played.
fn replication_factor(args: &mut Args, most: u32) -> Option<u32> {
    let form = text("1: a partition has one replica here", "1: 여기서 파티션의 복제본은 하나입니다");
    args.read("replication-factor", |text| text.parse().ok().filter(|n| (1..=most).contains(n)), form)
}

/// Several brokers of a partition are read as well, for the same reason.
fn replicas(args: &mut Args, most: i32) -> Option<Vec<Vec<i32>>> {
    let word = args.take("replicas").filter(|word| args.has_room_for_parts(word, &[';', ',']))?;
    let one = |part: &str| {
        let ids: Option<Vec<i32>> =
            part.split(',').map(|id| id.parse().ok().filter(|id| (1..=most).contains(id))).collect();
        ids.filter(|ids| (1..ids.len()).all(|i| !ids[..i].contains(&ids[i])))
    };
    let all = |text: &str| {
        let found: Option<Vec<Vec<i32>>> = text.split(';').map(one).collect();
        found.filter(|all| all.len() <= MAX_PARTITIONS as usize)
    };
    const { assert!(MAX_PARTITIONS == 100) }
    let form = text(
        "the broker of each partition, such as `1;2`: numbers of this cluster's brokers, at most 100 partitions",
        "`1;2`처럼 파티션마다 브로커 하나: 이 클러스터의 브로커 번호, 파티션은 최대 100개",
    );
    args.read_of(&word, "replicas", all, form)
}

pub(super) fn parse_set(args: &mut Args) -> Option<Statement> {
    let word = args.word("ID")?;
    let target = match word.text.as_str() {
        "topic" => SettingTarget::Topic(args.name("NAME")?),
        "cluster" => SettingTarget::Cluster,
        text if text.starts_with("broker-") => SettingTarget::Broker(args.broker_of(&word, "ID")?),
        _ => SettingTarget::Client(args.client_from(&word, ANY_KIND)?),
    };
    let from = args.choice("from", SettingFrom::ALL).unwrap_or(SettingFrom::Now);
    let properties = args.properties();
    args.at_least_one(&properties, "name=value");
    Some(Statement::Set(Setting { target, properties, from }))
}
