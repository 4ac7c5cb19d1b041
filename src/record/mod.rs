//! Record batch v2 to the byte, CRC-32C, murmur2, control records, serializers.
//!
//! The bytes equal what Kafka's Java client writes. A batch is one `Arc<[u8]>` or `Bytes`; [`BatchView`] reads it in
//! place, [`BatchBuilder`] writes it, [`describe`] names every byte of it.

mod batches;
mod builder;
mod checksum;
#[cfg(feature = "codecs")]
mod codecs;
mod compression;
mod control;
mod exception;
mod fields;
mod gzip;
mod layout;
mod legacy;
mod murmur2;
mod ratio;
mod owned;
mod section;
mod serializers;
mod size;
mod varint;
mod view;

pub use batches::{Batches, validate_produce_records};
pub use builder::{BatchBuilder, BatchOptions, ProducerState, empty_batch};
pub use checksum::crc32c;
pub use compression::{compress, decompress};
pub use control::{ControlType, EndTransactionMarker, end_transaction_batch};
pub use exception::RecordException;
pub use fields::{FieldSpan, describe, describe_section};
pub use layout::{CompressionType, RECORD_BATCH_OVERHEAD, TimestampType, decrement_sequence, increment_sequence};
pub use murmur2::{murmur2, partition_for_key, to_positive};
pub use owned::{Header, Record};
pub use ratio::CompressionRatio;
pub use section::{RecordIter, RecordView, Records};
pub use serializers::{Deserializer, Serializer, Typed};
pub use size::{record_size_upper_bound, size_of_record};
pub use varint::{size_of_varint, size_of_varlong, write_varint, write_varlong};
pub use view::{BatchView, set_base_offset, set_last_offset, set_max_timestamp, set_partition_leader_epoch};
