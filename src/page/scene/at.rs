//! Names of the places where wires end, in `data-at`, and of shapes that can only be pointed at, in `data-ring`.

use partita::ids::{BatchId, BrokerId, ClientId, ConnectionId, GroupNo, PartitionNo, Process};

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

pub fn batch(batch: BatchId) -> String {
    format!("batch-{}-{}", batch.client.0, batch.number)
}

pub fn request(connection: ConnectionId, correlation_id: i32) -> String {
    match connection.opener {
        Process::Client(client) => format!("request-{}-{}-{correlation_id}", client.0, connection.number),
        Process::Broker(broker) => format!("request-b{}-{}-{correlation_id}", broker.0, connection.number),
        Process::Controller => format!("request-c-{}-{correlation_id}", connection.number),
    }
}

pub fn group(group: GroupNo) -> String {
    format!("group-{}", group.0)
}

/// Whether a name is that of a place at which wires meet it elsewhere than in its middle (`data-y`): a tape or a member.
pub fn may_have_inside(name: &str) -> bool {
    name.starts_with("tape-") || name.starts_with("member-")
}

/// Whether it is that of a lane, which says who reads it (`data-reader`, `data-ghosts`).
pub fn is_lane(name: &str) -> bool {
    name.starts_with("lane-")
}

pub fn is_broker(name: &str) -> bool {
    name.starts_with("broker-")
}

/// The column in which it stands: the producers', the cluster's or the groups'.
pub fn column(name: &str) -> usize {
    match name.split('-').next() {
        Some("producer" | "station" | "send") => 0,
        Some("member") => 2,
        _ => 1,
    }
}
