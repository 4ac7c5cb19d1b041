//! Addresses of a real cluster, mapped to the brokers of this one.

use crate::lang::Lang;

/// What became of a `bootstrap.servers`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    /// The value to give to the client: as many addresses as there were, each of a broker of this cluster.
    pub value: String,
    /// The addresses that were mapped, in order, each with the broker that stands for it.
    pub mapped: Vec<(String, u32)>,
}

impl Bootstrap {
    /// Says what was mapped; None when every address was one of this cluster.
    pub fn note(&self, lang: Lang) -> Option<String> {
        if self.mapped.is_empty() {
            return None;
        }
        let arrow = |(address, broker): &(String, u32)| format!("`{address}` → `broker-{broker}`");
        let all = self.mapped.iter().map(arrow).collect::<Vec<_>>().join(", ");
        Some(lang.pick(
            format!(
                "`bootstrap.servers` names hosts that do not exist here. They stand for this cluster's brokers: {all}."
            ),
            format!("`bootstrap.servers`의 호스트는 여기에 없습니다. 이 클러스터의 브로커로 바꾸었습니다: {all}."),
        ))
    }
}

/// Maps every address that is not `broker-N:9092` of a cluster of `brokers` to one of its brokers: the first foreign host
/// to the first broker, the next other one to the next, and around. An address without host or port stays as it is,
/// so that Kafka's own refusal of it is seen.
pub fn bootstrap(value: &str, brokers: u32) -> Bootstrap {
    let mut mapped: Vec<(String, u32)> = Vec::new();
    let mut out: Vec<String> = Vec::new();
    for address in value.split(',').map(str::trim).filter(|address| !address.is_empty()) {
        if is_ours(address, brokers) || !is_address(address) {
            out.push(address.to_string());
            continue;
        }
        let known = mapped.iter().find(|(other, _)| other == address).map(|(_, broker)| *broker);
        let broker = known.unwrap_or(mapped.len() as u32 % brokers.max(1) + 1);
        if known.is_none() {
            mapped.push((address.to_string(), broker));
        }
        let ours = format!("broker-{broker}:9092");
        if !out.contains(&ours) {
            out.push(ours);
        }
    }
    Bootstrap { value: out.join(","), mapped }
}

fn is_ours(address: &str, brokers: u32) -> bool {
    let number = address.strip_prefix("broker-").and_then(|rest| rest.strip_suffix(":9092"));
    number.and_then(|n| n.parse::<u32>().ok()).is_some_and(|n| (1..=brokers).contains(&n))
}

fn is_address(address: &str) -> bool {
    address.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_hosts_are_mapped() {
        for (value, brokers, expected, mapped) in [
            ("kafka01:9092,kafka02:9092,kafka03:9092", 3, "broker-1:9092,broker-2:9092,broker-3:9092", 3),
            ("a:1, b:2 ,c:3", 2, "broker-1:9092,broker-2:9092", 3),
            ("broker-2:9092,localhost:9092", 3, "broker-2:9092,broker-1:9092", 1),
            ("broker-4:9092", 3, "broker-1:9092", 1),
            ("broker-1:9092", 1, "broker-1:9092", 0),
            ("nonsense", 1, "nonsense", 0),
            ("[::1]:9092", 1, "broker-1:9092", 1),
        ] {
            let out = bootstrap(value, brokers);
            assert_eq!((out.value.as_str(), out.mapped.len()), (expected, mapped), "{value}");
            assert_eq!(out.note(Lang::Ko).is_some(), mapped > 0);
        }
    }
}
