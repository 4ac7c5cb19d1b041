//! `SocketServerConfigs.listenerListToEndPoints`: on which addresses a broker listens, and what it tells others.

use std::sync::Arc;

use super::parse::Values;
use super::value::{ConstructError, Value};

/// One address.
pub(super) struct Endpoint {
    /// The name of the listener, in capitals.
    pub listener: String,
    pub host: String,
}

/// Every endpoint of a list; all mistakes are the cause of one exception.
pub(super) fn endpoints(
    list: &[Arc<str>],
    values: &Values,
    distinct_ports: bool,
) -> Result<Vec<Endpoint>, ConstructError> {
    let failed = |cause: ConstructError| {
        let message = format!("Error creating broker listeners from '[{}]': {}", list.join(", "), cause.message);
        cause.under("IllegalArgumentException", message)
    };
    let mut endpoints: Vec<Endpoint> = Vec::new();
    let mut ports: Vec<&str> = Vec::new();
    for entry in list {
        let Some((listener, host, port)) = parse(entry) else {
            let message = format!("Unable to parse {entry} to a broker endpoint");
            return Err(failed(ConstructError::new("KafkaException", message)));
        };
        if !protocols(values).any(|known| known == listener) {
            let message = format!("No security protocol defined for listener {listener}");
            return Err(failed(ConstructError::new("IllegalArgumentException", message)));
        }
        if endpoints.iter().any(|known| known.listener == listener) {
            let message = format!("Each listener must have a different name, listeners: [{}]", list.join(", "));
            return Err(failed(ConstructError::new("IllegalArgumentException", message)));
        }
        if distinct_ports && port != "0" && ports.contains(&port) {
            let message = format!("Each listener must have a different port, listeners: [{}]", list.join(", "));
            return Err(failed(ConstructError::new("IllegalArgumentException", message)));
        }
        ports.push(port);
        endpoints.push(Endpoint { listener, host: host.into() });
    }
    Ok(endpoints)
}

/// The listeners that have a security protocol. Without a map of one's own, each controller listener has one as well,
/// as long as no listener is about security (`effectiveListenerSecurityProtocolMap`).
pub(super) fn protocols(values: &Values) -> impl Iterator<Item = String> {
    let map = values.text("listener.security.protocol.map").map_or("", |map| map);
    let own = map != DEFAULT_MAP;
    let secure = |name: &Arc<str>| ["SSL", "SASL_PLAINTEXT", "SASL_SSL"].iter().any(|kind| name.starts_with(kind));
    let add = !own && !values.list("listeners").iter().any(secure);
    let controllers = values.list("controller.listener.names").iter().filter(move |_| add);
    let mapped = map.split(',').filter_map(|pair| pair.split_once(':')).map(|(name, _)| name.trim().to_uppercase());
    mapped.chain(controllers.map(|name| name.to_uppercase())).collect::<Vec<_>>().into_iter()
}

const DEFAULT_MAP: &str = "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT";

/// `EndPoint`'s `^(.*)://\\[?([0-9a-zA-Z\\-%._:]*)\\]?:(-?[0-9]+)`.
fn parse(entry: &str) -> Option<(String, &str, &str)> {
    let (listener, address) = entry.rsplit_once("://")?;
    let (host, port) = address.rsplit_once(':')?;
    let digits = port.strip_prefix('-').unwrap_or(port);
    let host = host.strip_prefix('[').unwrap_or(host);
    let host = host.strip_suffix(']').unwrap_or(host);
    let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '%' | '.' | '_' | ':');
    let good = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()) && host.chars().all(allowed);
    good.then(|| (listener.to_uppercase(), host, port))
}

/// What `effectiveListenerSecurityProtocolMap` says to an entry of `listeners` that has no name.
pub(super) fn check_names(values: &Values) -> Result<(), ConstructError> {
    match values.list("listeners").iter().find(|entry| !entry.contains("://")) {
        None => Ok(()),
        Some(entry) => {
            Err(ConstructError::new("KafkaException", format!("Unable to parse a listener name from {entry}")))
        }
    }
}

/// `inter.broker.listener.name` must be a listener that is mapped.
pub(super) fn check_inter_broker(values: &Values) -> Result<(), ConstructError> {
    let Value::Text(name) = values.get("inter.broker.listener.name") else { return Ok(()) };
    if name.is_empty() {
        return Err(ConstructError::config("The provided listener name is null or empty string"));
    }
    if protocols(values).any(|known| known == name.to_uppercase()) {
        return Ok(());
    }
    Err(ConstructError::config(format!(
        "Listener with name {name} defined in inter.broker.listener.name not found in listener.security.protocol.map."
    )))
}
