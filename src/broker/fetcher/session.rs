//! The asking side of a fetch session (`FetchSessionHandler`, KIP-227): what the leader knows already is not said again.

use uuid::Uuid;

use crate::error::Code;
use crate::ids::PartitionNo;
use crate::sorted::SortedMap;

/// What a follower wants of one partition (`FetchRequest.PartitionData`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    pub topic_id: Uuid,
    pub fetch_offset: i64,
    pub log_start_offset: i64,
    pub leader_epoch: i32,
    /// None: its log has no epoch yet, and the leader cannot say whether their histories part.
    pub last_fetched_epoch: Option<i32>,
}

/// The session as the follower sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::broker) struct Session {
    /// 0: none.
    id: i32,
    /// Of the next request; 0 begins a session.
    epoch: i32,
    /// What the leader was last told.
    told: SortedMap<PartitionNo, Position>,
}

/// What the next request says.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::broker) struct Told {
    pub id: i32,
    pub epoch: i32,
    pub partitions: Vec<(PartitionNo, Position)>,
    pub forgotten: Vec<(PartitionNo, Uuid)>,
}

impl Session {
    /// Whether there is something to say, with these partitions ready.
    pub(super) fn has_something(&self, ready: usize) -> bool {
        ready > 0 || !self.told.is_empty()
    }

    pub(in crate::broker) fn next(&mut self, ready: &[(PartitionNo, Position)]) -> Told {
        let is_full = self.epoch == 0;
        let is_ready = |no: &PartitionNo| ready.iter().any(|(other, _)| other == no);
        let gone = self.told.iter().filter(|(no, _)| !is_full && !is_ready(no));
        let mut forgotten: Vec<(PartitionNo, Uuid)> = gone.map(|(no, position)| (*no, position.topic_id)).collect();
        // A topic of another id is another topic: the old one is forgotten, the new one told.
        for (no, position) in ready.iter().filter(|_| !is_full) {
            let old = self.told.get(no).filter(|old| old.topic_id != position.topic_id);
            forgotten.extend(old.map(|old| (*no, old.topic_id)));
        }
        let is_news = |(no, position): &&(PartitionNo, Position)| is_full || self.told.get(no) != Some(position);
        let partitions = ready.iter().filter(is_news).copied().collect();
        self.told = ready.iter().copied().collect();
        Told { id: self.id, epoch: self.epoch, partitions, forgotten }
    }

    /// An answer has come: whether what it holds is to be used.
    pub(in crate::broker) fn answered(&mut self, code: i16, id: i32) -> bool {
        if code != Code::None.code() {
            if code == Code::FetchSessionIdNotFound.code() {
                self.id = 0;
            }
            self.begin_anew();
            return false;
        }
        if id == 0 {
            // The leader had no room for a session, or has ended it.
            self.id = 0;
            self.begin_anew();
        } else {
            self.id = id;
            self.epoch = if self.epoch == i32::MAX { 1 } else { self.epoch + 1 };
        }
        true
    }

    /// No answer came: the next request begins a session, and ends this one.
    pub(super) fn begin_anew(&mut self) {
        self.epoch = 0;
        self.told.clear();
    }
}
