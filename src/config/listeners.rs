//! `SocketServerConfigs.listenerListToEndPoints`: on which addresses a broker listens, and what it tells others.

use std::sync::Arc;

use super::parse::{Given, Values};
use super::value::ConstructError;

const MAP: &str = "listener.security.protocol.map";
const PROTOCOLS: [&str; 4] = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];

/// One address.
pub(super) struct Endpoint {
    /// The name of the listener, in capitals.
    pub listener: String,
    pub host: String,
}

/// The names of listeners that have a security protocol, in capitals.
pub(super) struct Listeners {
    names: Vec<String>,
}

impl Listeners {
    /// `KafkaConfig.effectiveListenerSecurityProtocolMap`: without a map of one's own each controller listener has a
    /// protocol as well, as long as no listener is about security.
    pub fn of(given: &Given, values: &Values) -> Result<Listeners, ConstructError> {
        let mut names = Vec::new();
        for (name, protocol) in pairs(values, MAP)? {
            if !PROTOCOLS.contains(&protocol.to_ascii_uppercase().as_str()) {
                let message = format!("Invalid security protocol `{protocol}` defined in {MAP}");
                return Err(ConstructError::config(message).blaming(&[MAP]));
            }
            names.push(name.to_ascii_uppercase());
        }
        let listening = values.list("listeners");
        // `AbstractKafkaConfig.parseListenerName`: what stands before the first colon.
        if let Some(entry) = listening.iter().find(|entry| !entry.contains(':')) {
            let message = format!("Unable to parse a listener name from {entry}");
            return Err(ConstructError::new("KafkaException", message).blaming(&["listeners"]));
        }
        let is_secure = |entry: &Arc<str>| {
            let name = entry.split(':').next().unwrap_or_default().to_ascii_uppercase();
            PROTOCOLS[1..].contains(&name.as_str())
        };
        if !given.contains(MAP) && !listening.iter().any(is_secure) {
            names.extend(values.list("controller.listener.names").iter().map(|name| name.to_ascii_uppercase()));
        }
        Ok(Listeners { names })
    }

    /// `AbstractKafkaConfig.interBrokerListenerNameAndSecurityProtocol`: its name, in capitals.
    pub fn inter_broker(&self, given: &Given, values: &Values) -> Result<String, ConstructError> {
        let Some(name) = values.text("inter.broker.listener.name") else {
            return Ok(values
                .text("security.inter.broker.protocol")
                .map_or_else(String::new, |name| name.to_ascii_uppercase()));
        };
        if given.contains("security.inter.broker.protocol") {
            let message = "Only one of inter.broker.listener.name and security.inter.broker.protocol should be set.";
            return Err(ConstructError::config(message));
        }
        if name.is_empty() {
            return Err(ConstructError::config("The provided listener name is null or empty string"));
        }
        let name = name.to_ascii_uppercase();
        if self.names.contains(&name) {
            return Ok(name);
        }
        let message = format!("Listener with name {name} defined in inter.broker.listener.name not found in {MAP}.");
        Err(ConstructError::config(message))
    }

    /// Every endpoint of a list; all mistakes are the cause of one exception.
    pub fn endpoints(&self, list: &[Arc<str>], distinct_ports: bool) -> Result<Vec<Endpoint>, ConstructError> {
        let failed = |class, message: String| {
            let whole = format!("Error creating broker listeners from '[{}]': {message}", list.join(", "));
            Err(ConstructError::new(class, message).under("IllegalArgumentException", whole))
        };
        let mut endpoints: Vec<Endpoint> = Vec::new();
        let mut ports: Vec<&str> = Vec::new();
        for entry in list {
            let Some((listener, host, port)) = parse(entry) else {
                return failed("KafkaException", format!("Unable to parse {entry} to a broker endpoint"));
            };
            if listener.is_empty() {
                return failed("ConfigException", "The provided listener name is null or empty string".into());
            }
            if !self.names.contains(&listener) {
                let message = format!("No security protocol defined for listener {listener}");
                return failed("IllegalArgumentException", message);
            }
            let twice = match () {
                () if endpoints.iter().any(|known| known.listener == listener) => Some("name"),
                () if distinct_ports && port != "0" && ports.contains(&port) => Some("port"),
                () => None,
            };
            if let Some(what) = twice {
                let message = format!("Each listener must have a different {what}, listeners: [{}]", list.join(", "));
                return failed("IllegalArgumentException", message);
            }
            ports.push(port);
            endpoints.push(Endpoint { listener, host: host.into() });
        }
        Ok(endpoints)
    }
}

/// `Csv.parseCsvMap`: `name:value` pairs; Java's own words stand in the message where there is no colon.
pub(super) fn pairs<'a>(values: &'a Values, name: &str) -> Result<Vec<(&'a str, &'a str)>, ConstructError> {
    let text = values.text(name).map_or("", |text| text);
    let mut pairs = Vec::new();
    for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        let Some((key, value)) = entry.rsplit_once(':') else {
            let length = entry.encode_utf16().count();
            let message = format!("Error parsing configuration property '{name}': begin 0, end -1, length {length}");
            return Err(ConstructError::new("IllegalArgumentException", message).blaming(&[name]));
        };
        pairs.push((key.trim(), value.trim()));
    }
    Ok(pairs)
}

/// `EndPoint`'s `^(.*)://\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)`.
fn parse(entry: &str) -> Option<(String, &str, &str)> {
    let (listener, address) = entry.rsplit_once("://")?;
    let (host, port) = address.rsplit_once(':')?;
    let digits = port.strip_prefix('-').unwrap_or(port);
    let host = host.strip_prefix('[').unwrap_or(host);
    let host = host.strip_suffix(']').unwrap_or(host);
    let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '%' | '.' | '_' | ':');
    let good = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()) && host.chars().all(allowed);
    good.then(|| (listener.to_ascii_uppercase(), host, port))
}

#[cfg(test)]
mod tests {
    use crate::config::BrokerConfig;

    /// Asked of `KafkaConfig` 4.3.1.
    #[test]
    fn a_listener_without_a_name_is_refused() {
        let nameless = ("ConfigException", "The provided listener name is null or empty string");
        for (listeners, listed, (class, why)) in [
            (
                "://localhost:9092,CONTROLLER://localhost:9093",
                "://localhost:9092, CONTROLLER://localhost:9093",
                nameless,
            ),
            (
                "PLAINTEXT://localhost:9092,://localhost:9094,CONTROLLER://localhost:9093",
                "PLAINTEXT://localhost:9092, ://localhost:9094, CONTROLLER://localhost:9093",
                nameless,
            ),
            (
                "localhost:9092,CONTROLLER://localhost:9093",
                "localhost:9092, CONTROLLER://localhost:9093",
                ("KafkaException", "Unable to parse localhost:9092 to a broker endpoint"),
            ),
        ] {
            let error = BrokerConfig::construct(1, &[("listeners", listeners.into())]).expect_err("it is refused");
            let whole = format!("Error creating broker listeners from '[{listed}]': {why}");
            assert_eq!((error.class, &*error.message), ("IllegalArgumentException", &*whole));
            let cause = error.cause.expect("it has a cause");
            assert_eq!((cause.class, &*cause.message), (class, why));
        }
        let error = BrokerConfig::construct(1, &[("listeners", "abc,CONTROLLER://localhost:9093".into())]);
        let error = error.expect_err("it is refused");
        assert_eq!((error.class, &*error.message), ("KafkaException", "Unable to parse a listener name from abc"));
    }
}
