//! Prints the first line of a script, topics and changed settings.

use crate::script::ast::{NewCluster, NewTopic, Setting, SettingFrom, SettingTarget};
use crate::script::civil::iso_instant;
use crate::script::table::name_of;

use super::out::Out;

pub(super) fn print_cluster(cluster: &NewCluster, out: &mut Out) {
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
    match &setting.target {
        SettingTarget::Cluster => out.word("cluster"),
        SettingTarget::Broker(id) => out.word(&id.host()),
        SettingTarget::Topic(name) => {
            out.word("topic");
            out.word(name);
        }
        SettingTarget::Client(id) => out.word(id),
    }
    out.properties(&setting.properties);
    out.option("from", name_of(setting.from, SettingFrom::ALL));
}
