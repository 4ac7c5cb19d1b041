//! `GroupConfig`: the properties of a group.

use crate::config::definition::Importance::*;
use crate::config::definition::Kind::*;
use crate::config::definition::Valid::*;
use crate::config::definition::{ConfigKey, p};

/// Every property of a group.
#[rustfmt::skip]
pub static GROUP: [ConfigKey; 17] = [
    p("consumer.session.timeout.ms", Int, "45000", AtLeast(1), Medium),
    p("consumer.heartbeat.interval.ms", Int, "5000", AtLeast(1), Medium),
    p("consumer.assignment.interval.ms", Int, "1000", AtLeast(0), Medium),
    p("share.session.timeout.ms", Int, "45000", AtLeast(1), Medium),
    p("share.heartbeat.interval.ms", Int, "5000", AtLeast(1), Medium),
    p("share.record.lock.duration.ms", Int, "30000", AtLeast(1000), Medium),
    p("share.delivery.count.limit", Int, "5", AtLeast(2), Medium),
    p("share.partition.max.record.locks", Int, "2000", AtLeast(100), Medium),
    p("share.auto.offset.reset", Text, "latest", ShareOffsetReset, Medium),
    p("share.isolation.level", Text, "read_uncommitted", OneOf("read_committed, read_uncommitted"), Medium),
    p("share.renew.acknowledge.enable", Bool, "true", Any, Medium),
    p("share.assignment.interval.ms", Int, "1000", AtLeast(0), Medium),
    p("streams.session.timeout.ms", Int, "45000", AtLeast(1), Medium),
    p("streams.heartbeat.interval.ms", Int, "5000", AtLeast(1), Medium),
    p("streams.num.standby.replicas", Int, "0", AtLeast(0), Medium),
    p("streams.initial.rebalance.delay.ms", Int, "3000", AtLeast(0), Medium),
    p("streams.assignment.interval.ms", Int, "1000", AtLeast(0), Medium),
];
