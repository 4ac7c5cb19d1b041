//! Names of the places where wires end, in `data-at`.

use partita::ids::{BrokerId, ClientId, GroupNo, PartitionNo};

pub fn producer(client: ClientId) -> String {
    format!("producer-{}", client.0)
}

pub fn station(client: ClientId, number: u8) -> String {
    format!("station-{}-{number}", client.0)
}

/// The row of station 5 for a broker.
pub fn send(client: ClientId, broker: i32) -> String {
    format!("send-{}-{broker}", client.0)
}

pub fn broker(broker: BrokerId) -> String {
    format!("broker-{}", broker.0)
}

pub fn tape(partition: PartitionNo) -> String {
    format!("tape-{}-{}", partition.topic.0, partition.partition)
}

pub fn lane(partition: PartitionNo, group: GroupNo) -> String {
    format!("lane-{}-{}-{}", partition.topic.0, partition.partition, group.0)
}

pub fn member(client: ClientId) -> String {
    format!("member-{}", client.0)
}
