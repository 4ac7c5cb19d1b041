//! Record batch v2 to the byte, CRC-32C, murmur2, serializers.

mod murmur2;

pub use murmur2::{murmur2, partition_for_key, to_positive};
