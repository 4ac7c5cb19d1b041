//! Fetch sessions as the client keeps them (`FetchSessionHandler`, KIP-227): only what changed is asked for again.

use std::sync::Arc;

use uuid::Uuid;

use crate::error::Code;
use crate::ids::TopicPartition;
use crate::sorted::Finder;

/// The epoch of a first request, which makes a session.
const INITIAL_EPOCH: i32 = 0;
/// The epoch of a last request, which ends it.
const FINAL_EPOCH: i32 = -1;

/// What is asked for one partition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FetchWanted {
    pub partition: TopicPartition,
    pub topic_id: Uuid,
    pub fetch_offset: i64,
    pub leader_epoch: Option<i32>,
}

/// A request as it was built: what its answer is compared with (`FetchRequestData`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FetchAsked {
    pub session_id: i32,
    pub epoch: i32,
    pub to_send: Vec<FetchWanted>,
    pub to_forget: Vec<(Uuid, TopicPartition)>,
    /// All partitions of the session with the offsets asked from.
    pub session: Arc<[FetchWanted]>,
}

/// The session with one broker.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FetchSessionHandler {
    session_id: i32,
    epoch: i32,
    partitions: Arc<[FetchWanted]>,
}

impl FetchAsked {
    pub fn is_full(&self) -> bool {
        self.epoch == INITIAL_EPOCH || self.epoch == FINAL_EPOCH
    }
}

impl FetchSessionHandler {
    pub fn new() -> FetchSessionHandler {
        FetchSessionHandler { session_id: 0, epoch: INITIAL_EPOCH, partitions: Arc::from([]) }
    }

    /// The next request, for exactly these partitions.
    pub fn build(&mut self, wanted: Vec<FetchWanted>) -> FetchAsked {
        if self.epoch == INITIAL_EPOCH || self.epoch == FINAL_EPOCH {
            self.partitions = wanted.clone().into();
            return FetchAsked {
                session_id: self.session_id,
                epoch: self.epoch,
                to_send: wanted,
                to_forget: Vec::new(),
                session: self.partitions.clone(),
            };
        }
        let by_name = |one: &FetchWanted, other: &FetchWanted| one.partition.cmp(&other.partition);
        let mut to_forget = Vec::new();
        let mut finder = Finder::default();
        for old in self.partitions.iter() {
            let kept = finder.find(&wanted, by_name, |new| by_name(new, old));
            if kept.is_none_or(|at| wanted[at].topic_id != old.topic_id) {
                to_forget.push((old.topic_id, old.partition.clone()));
            }
        }
        let mut finder = Finder::default();
        let mut is_new = |new: &FetchWanted| {
            let known = finder.find(&self.partitions, by_name, |old| by_name(old, new));
            known.is_none_or(|at| self.partitions[at] != *new)
        };
        let to_send: Vec<FetchWanted> = wanted.iter().filter(|new| is_new(new)).cloned().collect();
        if !to_send.is_empty() || !to_forget.is_empty() {
            self.partitions = wanted.into();
        }
        FetchAsked {
            session_id: self.session_id,
            epoch: self.epoch,
            to_send,
            to_forget,
            session: self.partitions.clone(),
        }
    }

    /// Takes in an answer's head; whether its partitions may be used.
    pub fn handle_response(&mut self, asked: &FetchAsked, error: Code, session_id: i32) -> bool {
        if !error.is_ok() {
            if error == Code::FetchSessionIdNotFound {
                self.session_id = 0;
            }
            self.epoch = INITIAL_EPOCH;
            return false;
        }
        if asked.is_full() {
            self.session_id = session_id;
            self.epoch = if session_id == 0 { INITIAL_EPOCH } else { 1 };
        } else {
            self.epoch = if asked.epoch == i32::MAX { 1 } else { asked.epoch + 1 };
        }
        true
    }

    /// The request failed on the way: the session is made anew.
    pub fn handle_error(&mut self) {
        self.epoch = INITIAL_EPOCH;
    }

    /// The next request ends the session.
    pub fn notify_close(&mut self) {
        self.epoch = FINAL_EPOCH;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(partition: i32, fetch_offset: i64) -> FetchWanted {
        let partition = TopicPartition { topic: Arc::from("t"), partition };
        FetchWanted { partition, topic_id: Uuid::from_u128(7), fetch_offset, leader_epoch: Some(0) }
    }

    #[test]
    fn a_session_asks_only_for_what_changed() {
        let mut session = FetchSessionHandler::new();
        let first = session.build(vec![wanted(0, 0), wanted(1, 0)]);
        assert_eq!((first.session_id, first.epoch, first.to_send.len()), (0, 0, 2));
        assert!(session.handle_response(&first, Code::None, 42));
        let second = session.build(vec![wanted(0, 5), wanted(1, 0)]);
        assert_eq!((second.session_id, second.epoch), (42, 1));
        assert_eq!(second.to_send, [wanted(0, 5)]);
        assert!(session.handle_response(&second, Code::None, 42));
        let third = session.build(vec![wanted(1, 0)]);
        assert_eq!((third.epoch, third.to_send.len(), third.to_forget.len()), (2, 0, 1));
        assert!(!session.handle_response(&third, Code::FetchSessionIdNotFound, 0));
        let fourth = session.build(vec![wanted(1, 0)]);
        assert_eq!((fourth.session_id, fourth.epoch, fourth.to_send.len()), (0, 0, 1));
    }

    #[test]
    fn a_closing_request_ends_the_session() {
        let mut session = FetchSessionHandler::new();
        let first = session.build(vec![wanted(0, 0)]);
        session.handle_response(&first, Code::None, 42);
        session.notify_close();
        let last = session.build(Vec::new());
        assert_eq!((last.session_id, last.epoch, last.to_send.len(), last.to_forget.len()), (42, -1, 0, 0));
    }
}
