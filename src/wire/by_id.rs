//! `OffsetCommit` and `OffsetFetch` requests of version 10, which name topics by their ids (KIP-848).
//!
//! The messages' crate reads and writes them up to version 9. Version 10 has the same bytes, but for the 16 of an id
//! where 9 has a name: so it is carried over to 9 with the id's digits as the name, and back.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use kafka_protocol::messages::TopicName;
use kafka_protocol::protocol::StrBytes;
use kafka_protocol::protocol::buf::ByteBuf;
use uuid::Uuid;

use super::bounded::{self, Bounded};
use super::{Api, Request};

const FIRST_BY_ID: i16 = 10;
/// The version that the crate reads and writes.
const BY_NAME: i16 = 9;

const ID_BYTES: usize = 16;
/// The digits of an id, as it stands where version 9 has the name.
const DIGITS: u8 = 32;

/// What a message consists of. A struct ends with its tagged fields.
enum Part {
    /// A text, or null.
    Text,
    /// So many bytes.
    Fixed(usize),
    Id,
    /// An array of numbers of 32 bits, or null.
    Numbers,
    /// An array of structs, or null.
    Structs(&'static [Part]),
}

use Part::{Fixed, Id, Numbers, Structs, Text};

const COMMIT: &[Part] = &[Text, Fixed(4), Text, Text, Structs(&[Id, Structs(&[Fixed(16), Text])])];
const FETCH: &[Part] = &[Structs(&[Text, Text, Fixed(4), Structs(&[Id, Numbers])]), Fixed(1)];

/// What a request consists of that names its topics by their ids; none: the crate reads and writes it.
fn parts(api: Api, version: i16) -> Option<&'static [Part]> {
    match api {
        Api::OffsetCommit if version >= FIRST_BY_ID => Some(COMMIT),
        Api::OffsetFetch if version >= FIRST_BY_ID => Some(FETCH),
        _ => None,
    }
}

/// Carries a message over from one version to the other.
struct Carry {
    from: Bytes,
    to: BytesMut,
    to_names: bool,
}

impl Carry {
    fn take(&mut self, count: usize) -> Result<Bytes, String> {
        match self.from.len() {
            left if count > left => Err(format!("a length of {count} where {left} bytes are left")),
            _ => Ok(self.from.split_to(count)),
        }
    }

    fn copy(&mut self, count: usize) -> Result<(), String> {
        let bytes = self.take(count)?;
        self.to.put(bytes);
        Ok(())
    }

    /// An unsigned varint of at most 32 bits, copied.
    fn number(&mut self) -> Result<usize, String> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.take(1)?[0];
            self.to.put_u8(byte);
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return usize::try_from(number).map_err(|error| error.to_string());
            }
        }
        Err("a varint of more than five bytes".to_owned())
    }

    fn id(&mut self) -> Result<(), String> {
        if self.to_names {
            let id = Uuid::from_slice(&self.take(ID_BYTES)?).unwrap_or_default();
            self.to.put_u8(DIGITS + 1);
            self.to.put_slice(name_of(id).as_bytes());
        } else {
            let name = self.take(1 + usize::from(DIGITS))?;
            self.to.put_slice(id_of(&name[1..]).as_bytes());
        }
        Ok(())
    }

    fn carry(&mut self, parts: &[Part]) -> Result<(), String> {
        for part in parts {
            match part {
                Text => {
                    let length = self.number()?;
                    self.copy(length.saturating_sub(1))?;
                }
                Fixed(count) => self.copy(*count)?,
                Id => self.id()?,
                Numbers => {
                    let count = self.number()?.saturating_sub(1);
                    self.copy(count.saturating_mul(4))?;
                }
                Structs(parts) => {
                    for _ in 1..self.number()? {
                        self.carry(parts)?;
                    }
                }
            }
        }
        for _ in 0..self.number()? {
            self.number()?;
            let length = self.number()?;
            self.copy(length)?;
        }
        Ok(())
    }
}

fn name_of(id: Uuid) -> StrBytes {
    StrBytes::from_string(id.simple().to_string())
}

fn id_of(digits: &[u8]) -> Uuid {
    Uuid::try_parse_ascii(digits).unwrap_or_default()
}

fn carry(parts: &[Part], from: Bytes, to_names: bool) -> Result<BytesMut, String> {
    let mut carry = Carry { from, to: BytesMut::new(), to_names };
    carry.carry(parts)?;
    Ok(carry.to)
}

/// Changes the name and the id of each topic of the request; says how many topics there are.
fn rename(request: &mut Request, mut change: impl FnMut(&mut TopicName, &mut Uuid)) -> usize {
    let mut count = 0;
    let mut change = |name: &mut TopicName, id: &mut Uuid| {
        count += 1;
        change(name, id);
    };
    match request {
        Request::OffsetCommit(body) => {
            body.topics.iter_mut().for_each(|topic| change(&mut topic.name, &mut topic.topic_id));
        }
        Request::OffsetFetch(body) => {
            let topics = body.groups.iter_mut().filter_map(|group| group.topics.as_mut()).flatten();
            topics.for_each(|topic| change(&mut topic.name, &mut topic.topic_id));
        }
        _ => {}
    }
    count
}

/// Reads the body of a request that names its topics by their ids; none: it is of another kind. Fails with a sentence.
pub(super) fn decode(api: Api, bytes: &mut Bounded, version: i16) -> Option<Result<Request, String>> {
    let parts = parts(api, version)?;
    let read = || {
        let from = bytes.get_bytes(bytes.remaining());
        let by_name = carry(parts, from, true)?.freeze();
        let mut request = bounded::decode(&by_name, |bytes| Request::decode_body(api, bytes, BY_NAME))?;
        rename(&mut request, |name, id| (*id, *name) = (id_of(name.as_bytes()), TopicName::default()));
        Ok(request)
    };
    Some({ read }())
}

/// Writes the body of a request that names its topics by their ids; none: it is of another kind. Fails with the
/// encoder's sentence.
pub(super) fn encode(request: &Request, version: i16) -> Option<Result<BytesMut, String>> {
    let parts = parts(request.api(), version)?;
    let mut request = request.clone();
    rename(&mut request, |name, id| *name = TopicName(name_of(*id)));
    let mut by_name = BytesMut::new();
    let written = request.encode_body(&mut by_name, BY_NAME);
    Some(written.and_then(|()| carry(parts, by_name.freeze(), false)))
}

/// The size of such a body in bytes; none: the request is of another kind. Without names version 9 has a byte for each.
#[cfg(not(feature = "page"))]
pub(super) fn size(request: &Request, version: i16) -> Option<usize> {
    parts(request.api(), version)?;
    let mut request = request.clone();
    let topics = rename(&mut request, |name, _| *name = TopicName::default());
    Some(request.body_size(BY_NAME) + topics * (ID_BYTES - 1))
}

#[cfg(test)]
mod tests {
    use kafka_protocol::messages::offset_commit_request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic};
    use kafka_protocol::messages::offset_fetch_request::{OffsetFetchRequestGroup, OffsetFetchRequestTopics};
    use kafka_protocol::messages::{GroupId, OffsetCommitRequest, OffsetFetchRequest};

    use super::*;
    use crate::ids::EventId;
    use crate::wire::{Body, Frame};

    fn frame(request: impl Into<Request>) -> Frame {
        let body = Body::Request(request.into());
        Frame { version: 10, correlation_id: 7, client_id: "c".into(), body, cause: EventId::NONE }
    }

    fn commit() -> OffsetCommitRequest {
        let partition = OffsetCommitRequestPartition::default().with_partition_index(1).with_committed_offset(3);
        let topic = OffsetCommitRequestTopic::default()
            .with_topic_id(Uuid::from_u128(0x1cb3_14c5))
            .with_partitions(vec![partition.with_committed_metadata(None)])
            .with_unknown_tagged_field(9, Bytes::from_static(b"tagged"));
        OffsetCommitRequest::default().with_group_id(GroupId(StrBytes::from_static_str("g"))).with_topics(vec![topic])
    }

    fn fetch() -> OffsetFetchRequest {
        let asked = OffsetFetchRequestTopics::default()
            .with_topic_id(Uuid::from_u128(u128::MAX))
            .with_partition_indexes((0..200).collect());
        let group = OffsetFetchRequestGroup::default().with_group_id(GroupId(StrBytes::from_static_str("g")));
        let all = group.clone().with_topics(None);
        OffsetFetchRequest::default().with_groups(vec![group.with_topics(Some(vec![asked])), all])
    }

    #[test]
    fn a_request_by_id_is_read_as_it_was_written_and_has_the_size_that_it_says() {
        for frame in [frame(commit()), frame(fetch())] {
            let bytes = frame.encode().unwrap();
            assert_eq!(Frame::decode_request(bytes.slice(4..)).unwrap(), frame);
            let header = 4 + 8 + 2 + 1 + 1;
            assert_eq!(frame.body_bytes() as usize, bytes.len() - header);
        }
    }

    #[test]
    fn no_length_is_believed_and_every_cut_gets_a_sentence() {
        for frame in [frame(commit()), frame(fetch())] {
            let bytes = frame.encode().unwrap().slice(4..);
            for end in 8..bytes.len() {
                assert!(Frame::decode_request(bytes.slice(..end)).is_err(), "cut at {end}");
            }
        }
        let mut bytes = BytesMut::from(&frame(commit()).encode().unwrap()[4..]);
        // The group's name: a length of more than there is.
        bytes[12..16].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f]);
        let sentence = Frame::decode_request(bytes.freeze()).unwrap_err();
        assert!(sentence.starts_with("OffsetCommit version 10: a length of 268435454 where "), "{sentence}");
    }
}
