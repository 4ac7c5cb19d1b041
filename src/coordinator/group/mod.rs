//! The coordinator of classic groups (`GroupMetadataManager`, `OffsetMetadataManager`).

mod record;

pub use record::{GroupMetadataValue, GroupRecord, MemberMetadata, OffsetCommitValue};
