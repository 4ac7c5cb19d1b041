//! `ClientUtils.parseAndValidateAddresses`: what stands in `bootstrap.servers`.

use std::net::Ipv6Addr;
use std::sync::Arc;

use super::value::{ConstructError, Level, LogLine};

/// Checks every address in order. One that does not resolve is left out with a warning; none left is an error.
pub(super) fn addresses(urls: &[Arc<str>], log: &mut Vec<LogLine>) -> Result<Vec<(Arc<str>, u16)>, ConstructError> {
    let mut addresses = Vec::new();
    for url in urls {
        let Some((host, port)) = host_and_port(url) else {
            return Err(ConstructError::config(format!("Invalid url in bootstrap.servers: {url}")));
        };
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
