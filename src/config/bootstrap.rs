//! `ClientUtils.parseAndValidateAddresses`: what stands in `bootstrap.servers`.

use std::net::Ipv6Addr;
use std::sync::Arc;

use super::parse::Values;
use super::value::{ConstructError, Level, LogLine};

/// Checks every address in order. One that does not resolve is left out with a warning, or is an error when its canonical
/// name is asked for (`client.dns.lookup`); none left is an error.
pub(super) fn addresses(values: &Values, log: &mut Vec<LogLine>) -> Result<Vec<(Arc<str>, u16)>, ConstructError> {
    let lookup = values.text("client.dns.lookup").map(|lookup| &**lookup);
    let is_canonical = lookup == Some("resolve_canonical_bootstrap_servers_only");
    let mut addresses = Vec::new();
    for url in values.list("bootstrap.servers") {
        let Some((host, port)) = host_and_port(url) else {
            return Err(ConstructError::config(format!("Invalid url in bootstrap.servers: {url}")));
        };
        if is_canonical && !resolves(host) {
            return Err(ConstructError::config(format!("Unknown host in bootstrap.servers: {url}")));
        }
        let Ok(port) = port.parse::<u16>() else {
            return Err(ConstructError::config(format!("Invalid port in bootstrap.servers: {url}")));
        };
        if resolves(host) {
            addresses.push((host.into(), port));
            continue;
        }
        log.push(LogLine {
            level: Level::Warn,
            class: "ClientUtils",
            message: format!(
                "Couldn't resolve server {url} from bootstrap.servers as DNS resolution failed for {host}"
            ),
        });
    }
    if addresses.is_empty() {
        return Err(ConstructError::config("No resolvable bootstrap urls given in bootstrap.servers"));
    }
    Ok(addresses)
}

/// `Utils.HOST_PORT_PATTERN`: `^(?:[0-9a-zA-Z\-%._]*://)?\[?([0-9a-zA-Z\-%._:]*)]?:([0-9]+)`, the whole text.
pub(super) fn host_and_port(url: &str) -> Option<(&str, &str)> {
    let name = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '%' | '.' | '_');
    let rest = match url.split_once("://") {
        Some((scheme, rest)) if scheme.chars().all(name) => rest,
        _ => url,
    };
    let (host, port) = rest.rsplit_once(':')?;
    if port.is_empty() || !port.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let host = host.strip_prefix('[').unwrap_or(host);
    let host = host.strip_suffix(']').unwrap_or(host);
    host.chars().all(|char| name(char) || char == ':').then_some((host, port))
}

/// Names without a network: the machine itself, an IP address, and the hosts `broker-N` of this cluster.
fn resolves(host: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    host.is_empty()
        || host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv6Addr>().is_ok()
        || is_ipv4(host)
        || host.strip_prefix("broker-").is_some_and(number)
}

/// Java reads `1.2.3` and `127.1` as addresses too: the last number fills the remaining bytes.
fn is_ipv4(host: &str) -> bool {
    let parts: Vec<Option<u64>> = host
        .split('.')
        .map(|part| if part.bytes().all(|digit| digit.is_ascii_digit()) { part.parse().ok() } else { None })
        .collect();
    if parts.len() > 4 {
        return false;
    }
    let last = parts.len() - 1;
    parts.iter().enumerate().all(|(index, part)| {
        let bytes = if index == last { 4 - last } else { 1 };
        part.is_some_and(|number| number < 1 << (8 * bytes))
    })
}

#[cfg(test)]
mod tests {
    use crate::config::{ConfigValue, ConsumerConfig, ProducerConfig};

    const LOOKUP: &str = "resolve_canonical_bootstrap_servers_only";

    /// Asked of Kafka 4.3.1: the second host is not looked at.
    #[test]
    fn a_canonical_name_that_nobody_has_is_an_error() {
        let pairs = |servers: &'static str, lookup: &'static str| {
            let text = |value: &str| ConfigValue::from(value);
            let class = |side: &str| format!("org.apache.kafka.common.serialization.ByteArray{side}");
            let sides = [("key.serializer", "Serializer"), ("value.serializer", "Serializer")];
            let mut pairs: Vec<(&str, ConfigValue)> = sides.map(|(name, side)| (name, text(&class(side)))).to_vec();
            pairs.push(("bootstrap.servers", text(servers)));
            pairs.push(("client.dns.lookup", text(lookup)));
            pairs
        };
        let servers = "no-such-host.invalid:9092,other.invalid:9093";
        let error = ProducerConfig::construct(&pairs(servers, LOOKUP)).map(|_| ()).expect_err("nobody has the name");
        assert_eq!(error.message, "Failed to construct kafka producer");
        let cause = error.cause.expect("it has one");
        assert_eq!(cause.message, "Unknown host in bootstrap.servers: no-such-host.invalid:9092");
        assert_eq!(cause.class, "ConfigException");
        assert!(ProducerConfig::construct(&pairs("broker-1:9092", LOOKUP)).is_ok());
        let log = ProducerConfig::construct(&pairs("no-such-host.invalid:9092,broker-1:9092", "use_all_dns_ips"));
        assert!(log.expect("one resolves").1.iter().any(|line| line.message.contains("DNS resolution failed")));
        let none = ConsumerConfig::construct(&[("bootstrap.servers", ConfigValue::from("x:1"))]).map(|_| ());
        assert!(none.is_err());
    }
}
