//! What is worth a step: a fold over what can be told, for who follows a record.

use super::journey::Journey;
use super::told::{Subject, Told, Worth};
use crate::event::EventName;
use crate::ids::{ClientId, EventId, GroupNo, PartitionNo, RecordId};
use crate::sorted::SortedMap;

/// Records that are followed at once where nobody chose one: the newest, and the one before it, which may still be on its
/// way to its readers.
const AT_ONCE: usize = 2;

/// What is counted rather than told: of one kind and one actor, between two steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded {
    pub name: EventName,
    /// A client, or a broker's negative number.
    pub actor: i32,
    pub count: u32,
    /// The first and the last of them.
    pub first: EventId,
    pub last: EventId,
}

/// Who reads a story: whom one follows, and what one has opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// The record that the reader chose; none: the story's own, one after another.
    pub follows: Option<RecordId>,
    /// What repeats itself and is told one by one.
    pub opened: Option<Opened>,
}

/// A repetition that the reader has opened: each time is a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    pub name: EventName,
    pub actor: i32,
    pub count: u32,
    pub first: EventId,
    pub last: EventId,
}

impl Opened {
    /// Whether an event is one of them.
    pub fn holds(&self, told: &Told) -> bool {
        (self.name, self.actor) == (told.name, told.actor) && (self.first..=self.last).contains(&told.event)
    }
}

/// The fold. It takes what can be told in order, and says of each whether it is a step.
#[derive(Clone, Debug)]
pub struct Steps {
    reader: Reader,
    journeys: Vec<Journey>,
    /// The producer whose next record is followed: a chapter said so.
    awaited: Option<ClientId>,
    /// Whether a chapter has said whom to follow: no other record is then followed by itself.
    is_told_whom: bool,
    /// What has been told since something that always is: it is not told again.
    consequences: Vec<(EventName, i32)>,
    /// Who was told to look for its coordinator, and has not been in touch with one since.
    lost: Vec<i32>,
    committed: SortedMap<(GroupNo, PartitionNo), i64>,
    members: SortedMap<GroupNo, u32>,
    /// The last step: its move, its kind, its actor. In one move the same is told once: a commit of three partitions.
    last: Option<(u32, EventName, i32)>,
    /// The chapters that began so far.
    chapters: u32,
}

impl Steps {
    pub fn new(reader: Reader) -> Steps {
        Steps {
            reader,
            journeys: reader.follows.map(Journey::new).into_iter().collect(),
            awaited: None,
            is_told_whom: false,
            consequences: Vec::new(),
            lost: Vec::new(),
            committed: SortedMap::default(),
            members: SortedMap::default(),
            last: None,
            chapters: 0,
        }
    }

    /// The record that is followed now.
    pub fn followed(&self) -> Option<RecordId> {
        self.journeys.last().map(Journey::record)
    }

    /// The producer whose next record will be followed, where a chapter says so.
    pub const fn awaited(&self) -> Option<ClientId> {
        self.awaited
    }

    /// How many chapters have begun.
    pub const fn chapters(&self) -> u32 {
        self.chapters
    }

    /// Takes in the next event that can be told. True when it is a step.
    pub fn take(&mut self, told: &Told) -> bool {
        self.follow(told);
        let mut concerns = false;
        for journey in &mut self.journeys {
            concerns |= journey.take(told);
        }
        let here = Some(told.here());
        let is_opened = self.reader.opened.is_some_and(|opened| opened.holds(told));
        let is_said = self.is_said(told);
        let is_step = (self.weigh(told, concerns) && !is_said || is_opened) && self.last != here;
        if is_step {
            self.last = here;
        }
        is_step
    }

    /// Whether the step before has said it: of one move, a refusal says that it is answered, and who is out of time that it
    /// leaves.
    fn is_said(&self, told: &Told) -> bool {
        use EventName::{ErrorAnswered, LeaveSent, PollIntervalExceeded, ResponseSent};
        let pairs = [(ErrorAnswered, ResponseSent), (PollIntervalExceeded, LeaveSent)];
        self.last.is_some_and(|(number, before, actor)| {
            (number, actor) == (told.number, told.actor) && pairs.contains(&(before, told.name))
        })
    }

    /// Who has lost its coordinator may lose it again and again while it looks for it: that is one piece of news until a heartbeat
    /// of it is answered, a commit of it ends, or it joins.
    fn is_lost_already(&mut self, told: &Told) -> bool {
        use EventName::{CommitFailed, CommitSucceeded, CoordinatorLost, HeartbeatAnswered, MemberJoined, SessionLost};
        match told.name {
            SessionLost | CoordinatorLost => {
                let is_known = self.lost.contains(&told.actor);
                if !is_known {
                    self.lost.push(told.actor);
                }
                is_known && told.name == CoordinatorLost
            }
            HeartbeatAnswered | CommitSucceeded | CommitFailed | MemberJoined => {
                self.lost.retain(|actor| *actor != told.actor);
                false
            }
            _ => false,
        }
    }

    fn weigh(&mut self, told: &Told, concerns: bool) -> bool {
        let is_lost_already = self.is_lost_already(told);
        let is_news = match told.subject {
            Subject::Committed { group, partition, offset } => {
                // A commit of what was committed is no news, nor one of the start where nothing was.
                self.committed.insert((group, partition), offset).unwrap_or(0) != offset
            }
            // Who joins again, as all do when a group rebalances, is no news.
            Subject::Members { group, members } => {
                self.members.insert(group, members) != Some(members) || told.worth == Worth::Step
            }
            _ => !is_lost_already,
        };
        let worth = if is_news { told.worth } else { Worth::Counted };
        let (name, actor) = (told.name, told.actor);
        match worth {
            Worth::Step => {
                self.consequences.clear();
                true
            }
            _ if concerns => true,
            // A refusal that its asker will tell: what is asked next is told anew.
            Worth::Own if name == EventName::ErrorAnswered => {
                self.consequences.clear();
                false
            }
            Worth::Consequence => {
                let kind = (name, if is_shared(name) { 0 } else { actor });
                let is_first = !self.consequences.contains(&kind);
                if is_first {
                    self.consequences.push(kind);
                }
                is_first
            }
            Worth::Counted | Worth::Own => false,
        }
    }

    /// Whom to follow from here on, where the reader chose nobody.
    fn follow(&mut self, told: &Told) {
        if let Subject::Chapter { follows, .. } = told.subject {
            self.chapters += 1;
            self.is_told_whom |= follows.is_some();
            self.awaited = follows.or(self.awaited);
        }
        let (None, EventName::SendCalled, Subject::Record(record)) = (self.reader.follows, told.name, told.subject)
        else {
            return;
        };
        let is_next = match (self.awaited, self.is_told_whom) {
            (Some(producer), _) => record.client == producer,
            (None, true) => false,
            (None, false) => self.journeys.last().is_none_or(|journey| journey.has_result),
        };
        if is_next {
            self.awaited = None;
            if self.journeys.len() == AT_ONCE {
                self.journeys.remove(0);
            }
            self.journeys.push(Journey::new(record));
        }
    }
}

/// What the members of a group do one after another is told of the first of them.
const fn is_shared(name: EventName) -> bool {
    matches!(name, EventName::MemberJoined | EventName::HeartbeatAnswered | EventName::PartitionsRevoked)
}
