//! The records of `__consumer_offsets` (`GroupCoordinatorRecordSerde`): what a group coordinator knows for good.
//!
//! Written as Kafka 4.3 writes them: `OffsetCommit` in version 4 (1 when an expiry is set), `GroupMetadata` in version
//! 3. Read in every version. Of the other record types of 4.3 (the consumer and share protocols') none is built yet.

use std::sync::Arc;

use bytes::{BufMut, Bytes};
use uuid::Uuid;

use crate::coordinator::primitives::{PrimitiveReader, Writer};

/// The record types that are built: the first int16 of a key.
const OFFSET_COMMIT: i16 = 1;
const GROUP_METADATA: i16 = 2;

/// One record; a value of `None` is a tombstone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GroupRecord {
    OffsetCommit { group: Arc<str>, topic: Arc<str>, partition: i32, value: Option<OffsetCommitValue> },
    GroupMetadata { group: Arc<str>, value: Option<GroupMetadataValue> },
}

/// `OffsetAndMetadata`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OffsetCommitValue {
    pub offset: i64,
    /// -1: unknown.
    pub leader_epoch: i32,
    pub metadata: Arc<str>,
    /// Milliseconds since 1970.
    pub commit_timestamp: i64,
    /// Only old clients set one (`OffsetCommit` up to version 4); the leader epoch is then lost.
    pub expire_timestamp: Option<i64>,
    /// Of commits by topic id (`OffsetCommit` from version 10).
    pub topic_id: Option<Uuid>,
}

/// A classic group as of its last completed rebalance.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupMetadataValue {
    /// Empty: none yet.
    pub protocol_type: Arc<str>,
    pub generation: i32,
    pub protocol: Option<Arc<str>>,
    pub leader: Option<Arc<str>>,
    /// Milliseconds since 1970; -1 in versions that had none.
    pub current_state_timestamp: i64,
    pub members: Vec<MemberMetadata>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemberMetadata {
    pub member_id: Arc<str>,
    pub instance_id: Option<Arc<str>>,
    pub client_id: Arc<str>,
    pub client_host: Arc<str>,
    /// -1 in version 0: the session timeout holds.
    pub rebalance_timeout_ms: i32,
    pub session_timeout_ms: i32,
    /// The metadata of the chosen protocol.
    pub subscription: Bytes,
    pub assignment: Bytes,
}

impl GroupRecord {
    pub fn group(&self) -> &Arc<str> {
        match self {
            GroupRecord::OffsetCommit { group, .. } | GroupRecord::GroupMetadata { group, .. } => group,
        }
    }

    pub fn key(&self) -> Bytes {
        let mut out = Writer::new(false);
        match self {
            GroupRecord::OffsetCommit { group, topic, partition, .. } => {
                out.buffer.put_i16(OFFSET_COMMIT);
                out.string(group);
                out.string(topic);
                out.buffer.put_i32(*partition);
            }
            GroupRecord::GroupMetadata { group, .. } => {
                out.buffer.put_i16(GROUP_METADATA);
                out.string(group);
            }
        }
        out.buffer.freeze()
    }

    /// `None` for a tombstone.
    pub fn value(&self) -> Option<Bytes> {
        match self {
            GroupRecord::OffsetCommit { value, .. } => value.as_ref().map(OffsetCommitValue::write),
            GroupRecord::GroupMetadata { value, .. } => value.as_ref().map(GroupMetadataValue::write),
        }
    }

    /// Whether its texts are short enough for Kafka's records: at most 32,767 bytes each ("'group' field is too long to
    /// be serialized").
    pub fn is_writable(&self) -> bool {
        let fits = |text: &Arc<str>| i16::try_from(text.len()).is_ok();
        let of_member = |member: &MemberMetadata| {
            let texts = [&member.member_id, &member.client_id, &member.client_host];
            texts.into_iter().chain(&member.instance_id).all(fits)
        };
        match self {
            GroupRecord::OffsetCommit { group, topic, value, .. } => {
                fits(group) && fits(topic) && value.as_ref().is_none_or(|value| fits(&value.metadata))
            }
            GroupRecord::GroupMetadata { group, value: None } => fits(group),
            GroupRecord::GroupMetadata { group, value: Some(value) } => {
                let texts = [group, &value.protocol_type];
                texts.into_iter().chain(&value.protocol).chain(&value.leader).all(fits)
                    && value.members.iter().all(of_member)
            }
        }
    }

    /// Reads a record. `Ok(None)` for a type that is not built; a sentence for bytes that are no record.
    pub fn read(key: &[u8], value: Option<&[u8]>) -> Result<Option<GroupRecord>, String> {
        let mut input = PrimitiveReader::new(key, "the key of a group record")?;
        let kind = input.version;
        if kind != OFFSET_COMMIT && kind != GROUP_METADATA {
            return Ok(None);
        }
        let group = input.string()?;
        if kind == GROUP_METADATA {
            let value = value.map(GroupMetadataValue::read).transpose()?;
            return Ok(Some(GroupRecord::GroupMetadata { group, value }));
        }
        let (topic, partition) = (input.string()?, input.i32()?);
        let value = value.map(OffsetCommitValue::read).transpose()?;
        Ok(Some(GroupRecord::OffsetCommit { group, topic, partition, value }))
    }
}

impl OffsetCommitValue {
    const LATEST: i16 = 4;

    fn write(&self) -> Bytes {
        let version = if self.expire_timestamp.is_some() { 1 } else { Self::LATEST };
        let mut out = Writer::new(version >= 4);
        out.buffer.put_i16(version);
        out.buffer.put_i64(self.offset);
        if version >= 3 {
            out.buffer.put_i32(self.leader_epoch);
        }
        out.string(&self.metadata);
        out.buffer.put_i64(self.commit_timestamp);
        match (self.expire_timestamp, self.topic_id) {
            (Some(expire), _) => out.buffer.put_i64(expire),
            (None, None) => out.no_tags(),
            (None, Some(id)) => {
                // One tagged field: tag 0, 16 bytes.
                out.buffer.put_slice(&[1, 0, 16]);
                out.buffer.put_slice(id.as_bytes());
            }
        }
        out.buffer.freeze()
    }

    fn read(bytes: &[u8]) -> Result<OffsetCommitValue, String> {
        let mut input = PrimitiveReader::new(bytes, "the value of an offset commit")?;
        input.flexible_from(4, Self::LATEST)?;
        let offset = input.i64()?;
        let leader_epoch = if input.version >= 3 { input.i32()? } else { -1 };
        let metadata = input.string()?;
        let commit_timestamp = input.i64()?;
        let expire = if input.version == 1 { input.i64()? } else { -1 };
        let topic_id = input.tags()?.into_iter().find(|(tag, bytes)| *tag == 0 && bytes.len() == 16);
        Ok(OffsetCommitValue {
            offset,
            leader_epoch,
            metadata,
            commit_timestamp,
            expire_timestamp: (expire != -1).then_some(expire),
            topic_id: topic_id.and_then(|(_, bytes)| Uuid::from_slice(&bytes).ok()),
        })
    }
}

impl GroupMetadataValue {
    const WRITTEN: i16 = 3;
    const LATEST: i16 = 4;

    fn write(&self) -> Bytes {
        let mut out = Writer::new(false);
        out.buffer.put_i16(Self::WRITTEN);
        out.string(&self.protocol_type);
        out.buffer.put_i32(self.generation);
        out.nullable(self.protocol.as_deref());
        out.nullable(self.leader.as_deref());
        out.buffer.put_i64(self.current_state_timestamp);
        out.buffer.put_i32(self.members.len() as i32);
        for member in &self.members {
            out.string(&member.member_id);
            out.nullable(member.instance_id.as_deref());
            out.string(&member.client_id);
            out.string(&member.client_host);
            out.buffer.put_i32(member.rebalance_timeout_ms);
            out.buffer.put_i32(member.session_timeout_ms);
            out.bytes(&member.subscription);
            out.bytes(&member.assignment);
        }
        out.buffer.freeze()
    }

    fn read(bytes: &[u8]) -> Result<GroupMetadataValue, String> {
        let mut input = PrimitiveReader::new(bytes, "the value of a group's metadata")?;
        input.flexible_from(4, Self::LATEST)?;
        let protocol_type = input.string()?;
        let generation = input.i32()?;
        let (protocol, leader) = (input.nullable()?, input.nullable()?);
        let current_state_timestamp = if input.version >= 2 { input.i64()? } else { -1 };
        let mut members = Vec::new();
        for _ in 0..input.count()? {
            members.push(MemberMetadata {
                member_id: input.string()?,
                instance_id: if input.version >= 3 { input.nullable()? } else { None },
                client_id: input.string()?,
                client_host: input.string()?,
                rebalance_timeout_ms: if input.version >= 1 { input.i32()? } else { -1 },
                session_timeout_ms: input.i32()?,
                subscription: input.bytes()?,
                assignment: input.bytes()?,
            });
            input.tags()?;
        }
        input.tags()?;
        Ok(GroupMetadataValue { protocol_type, generation, protocol, leader, current_state_timestamp, members })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_records_give_a_sentence() {
        assert_eq!(GroupRecord::read(&[1], None), Err("the key of a group record ends before its version".into()));
        assert_eq!(GroupRecord::read(&[0, 3, 0, 0], None), Ok(None));
        let key = [0, 2, 0, 1, b'g'];
        assert_eq!(
            GroupRecord::read(&key, Some(&[0, 9])),
            Err("the value of a group's metadata has version 9; 0 to 4 can be read".into())
        );
        assert_eq!(
            GroupRecord::read(&key, Some(&[0, 3, 0, 9])),
            Err("the value of a group's metadata ends early or is damaged".into())
        );
    }

    #[test]
    fn a_tombstone_has_no_value() {
        let record = GroupRecord::OffsetCommit { group: "g".into(), topic: "t".into(), partition: 1, value: None };
        assert_eq!(record.value(), None);
        assert_eq!(GroupRecord::read(&record.key(), None), Ok(Some(record)));
    }
}
