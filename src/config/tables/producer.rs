//! `ProducerConfig.CONFIG`: the order is the order in which Kafka parses, so it decides which of two errors is seen.

use super::security::SECURITY;
use crate::config::definition::Importance::*;
use crate::config::definition::Kind::*;
use crate::config::definition::Valid::*;
use crate::config::definition::{ConfigKey, concat, null, p, required};

/// Every property of a producer.
pub static PRODUCER: [ConfigKey; 113] = concat([&HEAD, &SECURITY, &TAIL]);

/// Before the security properties.
#[rustfmt::skip]
const HEAD: [ConfigKey; 42] = [
    required("bootstrap.servers", List, FullList, High),
    p("client.dns.lookup", Text, "use_all_dns_ips", OneOf("use_all_dns_ips, resolve_canonical_bootstrap_servers_only"), Medium),
    p("buffer.memory", Long, "33554432", AtLeast(0), High),
    p("retries", Int, "2147483647", Between(0, 2_147_483_647), High),
    p("acks", Text, "all", OneOf("all, -1, 0, 1"), Low),
    p("compression.type", Text, "none", OneOf("none, gzip, snappy, lz4, zstd"), High),
    p("compression.gzip.level", Int, "-1", GzipLevel, Medium),
    p("compression.lz4.level", Int, "9", Between(1, 17), Medium),
    p("compression.zstd.level", Int, "3", Between(-131_072, 22), Medium),
    p("batch.size", Int, "16384", AtLeast(0), Medium),
    p("partitioner.adaptive.partitioning.enable", Bool, "true", Any, Low).deprecated(),
    p("partitioner.availability.timeout.ms", Long, "0", AtLeast(0), Low),
    p("partitioner.ignore.keys", Bool, "false", Any, Medium),
    p("linger.ms", Long, "5", AtLeast(0), Medium),
    p("delivery.timeout.ms", Int, "120000", AtLeast(0), Medium),
    p("client.id", Text, "", Any, Medium),
    p("send.buffer.bytes", Int, "131072", AtLeast(-1), Medium),
    p("receive.buffer.bytes", Int, "32768", AtLeast(-1), Medium),
    p("max.request.size", Int, "1048576", AtLeast(0), Medium),
    p("reconnect.backoff.ms", Long, "50", AtLeast(0), Low),
    p("reconnect.backoff.max.ms", Long, "1000", AtLeast(0), Low),
    p("retry.backoff.ms", Long, "100", AtLeast(0), Low),
    p("retry.backoff.max.ms", Long, "1000", AtLeast(0), Low),
    p("enable.metrics.push", Bool, "true", Any, Low),
    p("max.block.ms", Long, "60000", AtLeast(0), Medium),
    p("request.timeout.ms", Int, "30000", AtLeast(0), Medium),
    p("metadata.max.age.ms", Long, "300000", AtLeast(0), Low),
    p("metadata.max.idle.ms", Long, "300000", AtLeast(5000), Low),
    p("metrics.sample.window.ms", Long, "30000", AtLeast(0), Low),
    p("metrics.num.samples", Int, "2", AtLeast(1), Low),
    p("metrics.recording.level", Text, "INFO", OneOf("INFO, DEBUG, TRACE"), Low),
    p("metric.reporters", List, "org.apache.kafka.common.metrics.JmxReporter", AnyList, Low),
    p("max.in.flight.requests.per.connection", Int, "5", AtLeast(1), Low),
    required("key.serializer", Class, Any, High),
    required("value.serializer", Class, Any, High),
    p("socket.connection.setup.timeout.ms", Long, "10000", Any, Medium),
    p("socket.connection.setup.timeout.max.ms", Long, "30000", Any, Medium),
    p("connections.max.idle.ms", Long, "540000", Any, Medium),
    null("partitioner.class", Class, Any, Medium),
    p("interceptor.classes", List, "", AnyList, Low),
    p("security.protocol", Text, "PLAINTEXT", AnyCaseOf("SASL_SSL, PLAINTEXT, SSL, SASL_PLAINTEXT"), Medium),
    null("security.providers", Text, Any, Low),
];

/// After the security properties.
#[rustfmt::skip]
const TAIL: [ConfigKey; 7] = [
    p("enable.idempotence", Bool, "true", Any, Low),
    p("transaction.timeout.ms", Int, "60000", Any, Low),
    null("transactional.id", Text, NonEmpty, Low),
    p("transaction.two.phase.commit.enable", Bool, "false", Any, Low),
    p("metadata.recovery.strategy", Text, "rebootstrap", AnyCaseOf("REBOOTSTRAP, NONE"), Low),
    p("metadata.recovery.rebootstrap.trigger.ms", Long, "300000", AtLeast(0), Low),
    p("config.providers", List, "", AnyList, Low),
];
