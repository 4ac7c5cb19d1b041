//! Where partitions go when nobody says it (`StripedReplicaPlacer`).
//!
//! All brokers of a cluster share their settings here, and so their rack: Kafka's placer goes round the one rack then.

use crate::ids::BrokerId;
use crate::image::MetadataImage;

/// How many replicas of a partition brokers keep so far: more are refused.
pub(super) const MAX_REPLICATION_FACTOR: usize = 1;

/// The replicas of each of `partitions` partitions: brokers in a circle, from the `first`-th on, each partition one further;
/// those that are fenced come last, and lead nothing. Kafka begins at a random broker for each topic, and shuffles the brokers
/// when it has been round once; here topics follow one another, so that leaders spread evenly.
///
/// Errors: Kafka's sentence when there are too few brokers.
pub(super) fn striped(
    image: &MetadataImage,
    first: u32,
    partitions: u32,
    factor: usize,
) -> Result<Vec<Vec<BrokerId>>, String> {
    let of = |fenced: bool| -> Vec<BrokerId> {
        image.brokers.values().filter(|broker| broker.fenced == fenced).map(|broker| broker.id).collect()
    };
    let (unfenced, fenced) = (of(false), of(true));
    if factor == 0 {
        return Err(format!("Invalid replication factor {factor}: the replication factor must be positive."));
    }
    if unfenced.is_empty() {
        return Err("All brokers are currently fenced, or have all their log directories cordoned.".to_owned());
    }
    let total = unfenced.len() + fenced.len();
    if factor > total {
        return Err(format!(
            "The target replication factor of {factor} cannot be reached because only {total} broker(s) are registered or some brokers have all their log directories cordoned."
        ));
    }
    let place = |partition: u32| {
        let start = u64::from(first) + u64::from(partition);
        turned(&unfenced, start).chain(turned(&fenced, start)).take(factor).collect()
    };
    Ok((0..partitions).map(place).collect())
}

/// All brokers of a list, from the `start`-th on.
fn turned(brokers: &[BrokerId], start: u64) -> impl Iterator<Item = BrokerId> {
    let count = brokers.len().max(1) as u64;
    let (before, from) =
        brokers.split_at(usize::try_from(start % count).expect("an index into the brokers").min(brokers.len()));
    from.iter().chain(before).copied()
}
