//! Texts of requests: the protocol writes their length in two bytes, and Java's client throws at a longer one.

use crate::error::Exception;
use crate::wire::Request;

/// The longest text of a request, in bytes of UTF-8.
const LONGEST: usize = 0x7fff;

/// Throws for a request with a text that is too long to be written, by Java's name of the field, as the message's own
/// class does (`addSize`). Texts that a broker made, and topics that one has named, are short.
pub fn check_writable(request: &Request) -> Result<(), Exception> {
    match first_too_long(request) {
        Some(field) => Err(unwritable(field)),
        None => Ok(()),
    }
}

/// The exception of a text that is too long.
pub fn unwritable(field: &str) -> Exception {
    Exception::new("RuntimeException", None, format!("'{field}' field is too long to be serialized"))
}

fn first_too_long(request: &Request) -> Option<&'static str> {
    let long = |text: &str| text.len() > LONGEST;
    let group = |id: &str| long(id).then_some("groupId");
    match request {
        Request::Metadata(request) => {
            let mut names = request.topics.iter().flatten().filter_map(|topic| topic.name.as_ref());
            names.any(|name| long(name)).then_some("name")
        }
        Request::FindCoordinator(request) => {
            request.coordinator_keys.iter().any(|key| long(key)).then_some("coordinatorKeysElement")
        }
        Request::Fetch(request) => long(&request.rack_id).then_some("rackId"),
        Request::ListOffsets(request) => request.topics.iter().any(|topic| long(&topic.name)).then_some("name"),
        Request::OffsetFetch(request) => request.groups.iter().find_map(|asked| {
            let mut topics = asked.topics.iter().flatten();
            group(&asked.group_id).or_else(|| topics.any(|topic| long(&topic.name)).then_some("name"))
        }),
        Request::OffsetCommit(request) => group(&request.group_id).or_else(|| {
            request.topics.iter().find_map(|topic| {
                let metadata = |text: Option<&str>| text.is_some_and(long);
                let any = topic.partitions.iter().any(|asked| metadata(asked.committed_metadata.as_deref()));
                if long(&topic.name) { Some("name") } else { any.then_some("committedMetadata") }
            })
        }),
        Request::JoinGroup(request) => group(&request.group_id)
            .or_else(|| request.group_instance_id.as_deref().is_some_and(long).then_some("groupInstanceId")),
        _ => None,
    }
}
