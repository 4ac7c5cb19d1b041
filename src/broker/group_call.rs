//! A request about groups on its way: its parts go to the coordinators of their groups, each when it can, and the
//! response is made of all their answers (`KafkaApis`, `GroupCoordinatorService`).

use std::sync::Arc;

use kafka_protocol::messages::offset_commit_response::OffsetCommitResponseTopic;
use kafka_protocol::messages::offset_delete_response::OffsetDeleteResponseTopic;
use kafka_protocol::messages::offset_fetch_response::OffsetFetchResponseTopics;
use kafka_protocol::messages::{DeleteGroupsResponse, OffsetCommitResponse, OffsetDeleteResponse, OffsetFetchResponse};

use crate::error::Code;
use crate::image::MetadataImage;
use crate::wire::{Frame, Request, Response};

/// What a broker answers itself, without a coordinator.
#[derive(Clone, Debug, Default)]
pub(super) enum AnsweredHere {
    #[default]
    Nothing,
    /// Of `OffsetFetch`, versions 8 and 9, of several groups.
    NothingFetched,
    /// Of `DeleteGroups`, of several groups.
    NothingDeleted,
    Commit(Vec<OffsetCommitResponseTopic>),
    Delete(Vec<OffsetDeleteResponseTopic>),
    /// By group: topics of ids that no topic has.
    FetchById(Vec<Vec<OffsetFetchResponseTopics>>),
}

/// A part of a request; `None`: the request itself.
#[derive(Clone, Debug)]
struct Part {
    request: Option<Arc<Request>>,
    response: Option<Response>,
}

/// A request about groups, with the answers that have come.
#[derive(Clone, Debug)]
pub struct GroupCall {
    parts: Vec<Part>,
    here: AnsweredHere,
}

impl GroupCall {
    /// One that goes to its coordinator as it is.
    pub(super) fn whole() -> GroupCall {
        GroupCall { parts: vec![Part { request: None, response: None }], here: AnsweredHere::Nothing }
    }

    pub(super) fn of(requests: impl IntoIterator<Item = Request>, here: AnsweredHere) -> GroupCall {
        let part = |request| Part { request: Some(Arc::new(request)), response: None };
        GroupCall { parts: requests.into_iter().map(part).collect(), here }
    }

    /// How many parts there are.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.parts.len()).unwrap_or(u32::MAX)
    }

    /// What a part asks for.
    pub(super) fn request<'a>(&'a self, place: u32, frame: &'a Frame) -> Option<&'a Request> {
        self.parts.get(place as usize)?.request.as_deref().or_else(|| frame.request())
    }

    pub(super) fn answer(&mut self, place: u32, response: Response) {
        if let Some(part) = self.parts.get_mut(place as usize) {
            part.response.get_or_insert(response);
        }
    }

    /// The response, when every part has its answer.
    pub(super) fn response(&self, image: &MetadataImage) -> Option<Response> {
        let responses: Vec<&Response> = self.parts.iter().map(|part| part.response.as_ref()).collect::<Option<_>>()?;
        Some(match (&self.here, responses.first()) {
            (AnsweredHere::Commit(refused), Some(Response::OffsetCommit(response))) => committed(refused, response),
            (AnsweredHere::Delete(refused), Some(Response::OffsetDelete(response))) => deleted(refused, response),
            (AnsweredHere::FetchById(unknown), _) => fetched_by_id(&responses, unknown, image),
            (AnsweredHere::NothingFetched, _) => fetched(&responses),
            (AnsweredHere::NothingDeleted, _) => groups_deleted(&responses),
            // Nobody else is to be asked.
            (AnsweredHere::Commit(refused), None) => committed(refused, &OffsetCommitResponse::default()),
            (AnsweredHere::Delete(refused), None) => deleted(refused, &OffsetDeleteResponse::default()),
            (_, response) => (*response?).clone(),
        })
    }
}

/// What was refused stands first, as Kafka's builder adds the rest to it: a client tells the first error.
fn committed(refused: &[OffsetCommitResponseTopic], response: &OffsetCommitResponse) -> Response {
    let mut topics = refused.to_vec();
    for committed in &response.topics {
        match topics.iter_mut().find(|topic| topic.name == committed.name) {
            Some(topic) => topic.partitions.extend(committed.partitions.iter().cloned()),
            None => topics.push(committed.clone()),
        }
    }
    OffsetCommitResponse::default().with_topics(topics).into()
}

fn deleted(refused: &[OffsetDeleteResponseTopic], response: &OffsetDeleteResponse) -> Response {
    let mut response = response.clone();
    if response.error_code == Code::None.code() {
        response.topics.extend(refused.iter().cloned());
    }
    response.into()
}

fn groups_deleted(responses: &[&Response]) -> Response {
    let results = responses.iter().filter_map(|response| match response {
        Response::DeleteGroups(response) => Some(response.results.clone()),
        _ => None,
    });
    DeleteGroupsResponse::default().with_results(results.flatten().collect()).into()
}

fn fetched(responses: &[&Response]) -> Response {
    let groups = responses.iter().filter_map(|response| match response {
        Response::OffsetFetch(response) => Some(response.groups.clone()),
        _ => None,
    });
    OffsetFetchResponse::default().with_groups(groups.flatten().collect()).into()
}

/// Coordinators know topics by name: of those that they tell of themselves, the ones are left out that have no id any
/// more.
fn fetched_by_id(
    responses: &[&Response],
    unknown: &[Vec<OffsetFetchResponseTopics>],
    image: &MetadataImage,
) -> Response {
    let Response::OffsetFetch(mut response) = fetched(responses) else { return fetched(&[]) };
    for (group, unknown) in response.groups.iter_mut().zip(unknown) {
        for topic in group.topics.iter_mut().filter(|topic| topic.topic_id.is_nil()) {
            topic.topic_id = image.topics.get(topic.name.as_str()).map(|topic| topic.id).unwrap_or_default();
        }
        group.topics.retain(|topic| !topic.topic_id.is_nil());
        if group.error_code == Code::None.code() {
            group.topics.extend(unknown.iter().cloned());
        }
    }
    response.into()
}
