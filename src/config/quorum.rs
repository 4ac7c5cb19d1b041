//! `QuorumConfig`: who the controllers are.

use super::bootstrap::host_and_port;
use super::value::{ConstructError, Value};

fn parts(value: &Value) -> impl Iterator<Item = &str> {
    let parts = if let Value::List(parts) = value { parts.as_slice() } else { &[] };
    parts.iter().map(|part| &**part)
}

/// `QuorumConfig.parseVoterConnections` of `controller.quorum.voters`: the ids of the voters.
pub(super) fn voters(value: &Value) -> Result<Vec<i32>, ConstructError> {
    let form = "Each entry should be in the form `{id}@{host}:{port}`.";
    let mut ids = Vec::new();
    for entry in parts(value) {
        let Some((id, address)) = entry.split_once('@').filter(|(_, address)| !address.contains('@')) else {
            let message = format!("Invalid configuration value for controller.quorum.voters. {form}");
            return Err(ConstructError::config(message));
        };
        let Ok(id) = id.parse() else {
            return Err(ConstructError::config(format!("Failed to parse voter ID as an integer from {id}")));
        };
        if host_and_port(address).is_none() {
            return Err(ConstructError::config(format!(
                "Failed to parse host name from entry {entry} for the configuration controller.quorum.voters. {form}"
            )));
        }
        ids.push(id);
    }
    Ok(ids)
}

/// `QuorumConfig.parseBootstrapServers` of `controller.quorum.bootstrap.servers`.
pub(super) fn servers(value: &Value) -> Result<(), ConstructError> {
    match parts(value).find(|entry| host_and_port(entry).is_none()) {
        None => Ok(()),
        Some(entry) => Err(ConstructError::config(format!(
            "Failed to parse host name from {entry} for the configuration controller.quorum.bootstrap.servers. Each \
             entry should be in the form \"{{host}}:{{port}}\""
        ))),
    }
}
