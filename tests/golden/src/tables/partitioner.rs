//! `Utils.murmur2` and the partition of a key.

use partita::record::{murmur2, partition_for_key};
use serde_json::Value;

use crate::json::{bytes, equal, int, list};
use crate::{Subject, each, no_part};

pub fn subject() -> Subject {
    Subject { name: "partitioner", player: || each(check), part: no_part }
}

fn check(case: &Value, header: &Value) -> Result<(), String> {
    let key = bytes(&case["key"]);
    equal("murmur2", &murmur2(&key), &int(&case["murmur2"]))?;
    let counts = list(&header["notes"]["counts"]);
    let ours: Vec<i32> = counts.iter().map(|count| partition_for_key(&key, int(count))).collect();
    equal("partitions", &ours, &list(&case["partitions"]).iter().map(int).collect())
}
