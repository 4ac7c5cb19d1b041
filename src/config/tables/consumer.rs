//! `ConsumerConfig.CONFIG`: the order is the order in which Kafka parses, so it decides which of two errors is seen.

use super::security::SECURITY;
use crate::config::definition::Importance::*;
use crate::config::definition::Kind::*;
use crate::config::definition::Valid::*;
use crate::config::definition::{ConfigKey, concat, null, p, required};

/// Every property of a consumer.
pub static CONSUMER: [ConfigKey; 116] = concat([&HEAD, &SECURITY, &TAIL]);

/// Before the security properties.
#[rustfmt::skip]
const HEAD: [ConfigKey; 47] = [
    required("bootstrap.servers", List, FullList, High),
    p("client.dns.lookup", Text, "use_all_dns_ips", OneOf("use_all_dns_ips, resolve_canonical_bootstrap_servers_only"), Medium),
    null("group.id", Text, Any, High),
    null("group.instance.id", Text, NonEmpty, Medium),
    p("session.timeout.ms", Int, "45000", Any, High),
    p("heartbeat.interval.ms", Int, "3000", Any, High),
    p("partition.assignment.strategy", List, "org.apache.kafka.clients.consumer.RangeAssignor,org.apache.kafka.clients.consumer.CooperativeStickyAssignor", AnyList, Medium),
    p("metadata.max.age.ms", Long, "300000", AtLeast(0), Low),
    p("enable.auto.commit", Bool, "true", Any, Medium),
    p("auto.commit.interval.ms", Int, "5000", AtLeast(0), Low),
    p("client.id", Text, "", Any, Low),
    p("client.rack", Text, "", Any, Low),
    p("max.partition.fetch.bytes", Int, "1048576", AtLeast(0), High),
    p("send.buffer.bytes", Int, "131072", AtLeast(-1), Medium),
    p("receive.buffer.bytes", Int, "65536", AtLeast(-1), Medium),
    p("fetch.min.bytes", Int, "1", AtLeast(0), High),
    p("fetch.max.bytes", Int, "52428800", AtLeast(0), Medium),
    p("fetch.max.wait.ms", Int, "500", AtLeast(0), Low),
    p("reconnect.backoff.ms", Long, "50", AtLeast(0), Low),
    p("reconnect.backoff.max.ms", Long, "1000", AtLeast(0), Low),
    p("retry.backoff.ms", Long, "100", AtLeast(0), Low),
    p("retry.backoff.max.ms", Long, "1000", AtLeast(0), Low),
    p("enable.metrics.push", Bool, "true", Any, Low),
    p("auto.offset.reset", Text, "latest", OffsetReset, Medium),
    p("check.crcs", Bool, "true", Any, Low),
    p("metrics.sample.window.ms", Long, "30000", AtLeast(0), Low),
    p("metrics.num.samples", Int, "2", AtLeast(1), Low),
    p("metrics.recording.level", Text, "INFO", OneOf("INFO, DEBUG, TRACE"), Low),
    p("metric.reporters", List, "org.apache.kafka.common.metrics.JmxReporter", AnyList, Low),
    required("key.deserializer", Class, Any, High),
    required("value.deserializer", Class, Any, High),
    p("request.timeout.ms", Int, "30000", AtLeast(0), Medium),
    p("default.api.timeout.ms", Int, "60000", AtLeast(0), Medium),
    p("socket.connection.setup.timeout.ms", Long, "10000", Any, Medium),
    p("socket.connection.setup.timeout.max.ms", Long, "30000", Any, Medium),
    p("connections.max.idle.ms", Long, "540000", Any, Medium),
    p("interceptor.classes", List, "", AnyList, Low),
    p("max.poll.records", Int, "500", AtLeast(1), Medium),
    p("max.poll.interval.ms", Int, "300000", AtLeast(1), Medium),
    p("exclude.internal.topics", Bool, "true", Any, Medium),
    p("internal.throw.on.fetch.stable.offset.unsupported", Bool, "false", Any, Low).internal(),
    p("isolation.level", Text, "read_uncommitted", OneOf("read_committed, read_uncommitted"), Medium),
    p("allow.auto.create.topics", Bool, "true", Any, Medium),
    p("group.protocol", Text, "classic", AnyCaseOf("CONSUMER, CLASSIC"), High),
    null("group.remote.assignor", Text, Any, Medium),
    null("security.providers", Text, Any, Low),
    p("security.protocol", Text, "PLAINTEXT", AnyCaseOf("SASL_SSL, PLAINTEXT, SSL, SASL_PLAINTEXT"), Medium),
];

/// After the security properties.
#[rustfmt::skip]
const TAIL: [ConfigKey; 5] = [
    p("metadata.recovery.strategy", Text, "rebootstrap", AnyCaseOf("REBOOTSTRAP, NONE"), Low),
    p("metadata.recovery.rebootstrap.trigger.ms", Long, "300000", AtLeast(0), Low),
    p("share.acknowledgement.mode", Text, "implicit", ShareAcknowledgement, Medium),
    p("share.acquire.mode", Text, "BATCH_OPTIMIZED", ShareAcquire, Medium),
    p("config.providers", List, "", AnyList, Low),
];
