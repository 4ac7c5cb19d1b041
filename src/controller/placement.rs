//! Where partitions go when nobody says it (`StripedReplicaPlacer`).

use crate::ids::BrokerId;

/// One leader for each of `partitions` partitions: the live brokers in a circle, from the `first`-th on. Kafka begins
/// at a random broker for each topic; here topics follow one another, so that leaders spread evenly.
pub(super) fn striped(live: &[BrokerId], first: u32, partitions: u32) -> Vec<BrokerId> {
    let at = |partition: u32| {
        let index = (u64::from(first) + u64::from(partition)) % live.len() as u64;
        live[usize::try_from(index).expect("an index into the live brokers")]
    };
    (0..partitions).map(at).collect()
}
