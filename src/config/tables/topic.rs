//! `LogConfig`: the properties of a topic.

use crate::config::definition::Importance::*;
use crate::config::definition::Kind::*;
use crate::config::definition::Valid::*;
use crate::config::definition::{ConfigKey, null, p};

/// Every property of a topic.
#[rustfmt::skip]
pub static TOPIC: [ConfigKey; 34] = [
    p("segment.bytes", Int, "1073741824", AtLeast(1_048_576), Medium),
    p("segment.ms", Long, "604800000", AtLeast(1), Medium),
    p("segment.jitter.ms", Long, "0", AtLeast(0), Medium),
    p("segment.index.bytes", Int, "10485760", AtLeast(4), Medium),
    p("flush.messages", Long, "9223372036854775807", AtLeast(1), Medium),
    p("flush.ms", Long, "9223372036854775807", AtLeast(0), Medium),
    p("retention.bytes", Long, "-1", Any, Medium),
    p("retention.ms", Long, "604800000", AtLeast(-1), Medium),
    p("max.message.bytes", Int, "1048588", AtLeast(0), Medium),
    p("index.interval.bytes", Int, "4096", AtLeast(0), Medium),
    p("delete.retention.ms", Long, "86400000", AtLeast(0), Medium),
    p("min.compaction.lag.ms", Long, "0", AtLeast(0), Medium),
    p("max.compaction.lag.ms", Long, "9223372036854775807", AtLeast(1), Medium),
    p("file.delete.delay.ms", Long, "60000", AtLeast(0), Medium),
    p("min.cleanable.dirty.ratio", Double, "0.5", Fraction("0", "1"), Medium),
    p("cleanup.policy", List, "delete", ListOf("compact, delete", false), Medium),
    p("unclean.leader.election.enable", Bool, "false", Any, Medium),
    p("min.insync.replicas", Int, "1", AtLeast(1), Medium),
    p("compression.type", Text, "producer", OneOf("uncompressed, zstd, lz4, snappy, gzip, producer"), Medium),
    p("compression.gzip.level", Int, "-1", GzipLevel, Medium),
    p("compression.lz4.level", Int, "9", Between(1, 17), Medium),
    p("compression.zstd.level", Int, "3", Between(-131_072, 22), Medium),
    p("preallocate", Bool, "false", Any, Medium),
    p("message.timestamp.type", Text, "CreateTime", OneOf("CreateTime, LogAppendTime"), Medium),
    p("message.timestamp.before.max.ms", Long, "9223372036854775807", AtLeast(0), Medium),
    p("message.timestamp.after.max.ms", Long, "3600000", AtLeast(0), Medium),
    p("leader.replication.throttled.replicas", List, "", ThrottledReplicas, Medium),
    p("follower.replication.throttled.replicas", List, "", ThrottledReplicas, Medium),
    p("remote.storage.enable", Bool, "false", Any, Medium),
    p("local.retention.ms", Long, "-2", AtLeast(-2), Medium),
    p("local.retention.bytes", Long, "-2", AtLeast(-2), Medium),
    p("remote.log.copy.disable", Bool, "false", Any, Medium),
    p("remote.log.delete.on.disable", Bool, "false", Any, Medium),
    null("internal.segment.bytes", Int, Any, Medium).internal(),
];
