//! A past, told event by event.

use std::sync::Arc;

use super::super::RecordIndex;
use super::History;
use super::taking::World;
use crate::event::{EventKind, MemberGone, PositionWhy, ResetWhy};
use crate::ids::{ClientId, EventId, GroupNo, PartitionNo, TopicNo};

const P: PartitionNo = PartitionNo { topic: TopicNo(0), partition: 0 };
const G: GroupNo = GroupNo(0);

/// Consumers 1 and 2 are of one group, 3 is of none.
struct OneGroup;

impl World for OneGroup {
    fn reader_of(&self, client: ClientId) -> ClientId {
        if client == B { A } else { client }
    }

    fn asked(&self, _: ClientId, _: u32) -> Arc<[(PartitionNo, i64)]> {
        Arc::default()
    }
}

struct Told {
    past: History,
    next: u32,
}

impl Told {
    fn new() -> Told {
        let mut told = Told { past: History::default(), next: 1 };
        for client in 1..=3 {
            told.take(EventKind::ClientStarted { client: ClientId(client), consumer: true });
        }
        told
    }

    fn take(&mut self, kind: EventKind) -> EventId {
        self.caused(EventId::NONE, kind)
    }

    fn caused(&mut self, cause: EventId, kind: EventKind) -> EventId {
        let id = EventId(self.next);
        let event = crate::event::Event { at: crate::time::Instant(u64::from(self.next) * 1000), cause, kind };
        self.past.take(id, &event, &RecordIndex::default(), &OneGroup);
        self.next += 1;
        id
    }

    fn committed(&mut self, client: ClientId, offset: i64) -> EventId {
        self.take(EventKind::OffsetCommitted { group: G, client, partition: P, offset })
    }
}

const A: ClientId = ClientId(1);
const B: ClientId = ClientId(2);
const X: ClientId = ClientId(3);
const LATER: EventId = EventId(999);

#[test]
fn what_was_committed_is_known_as_of_each_event() {
    let mut told = Told::new();
    let first = told.committed(A, 5);
    let second = told.committed(B, 2);
    let past = &told.past;
    assert_eq!(past.committed(G, P, first), None);
    assert_eq!(past.committed(G, P, second).map(|it| (it.event, it.client, it.offset)), Some((first, A, Some(5))));
    assert_eq!(past.committed(G, P, LATER).and_then(|it| it.offset), Some(2));
    assert_eq!(past.group_of(B), Some(G), "one of the group was in touch");
    assert_eq!(past.group_of(X), None);
    let found = past.committed_past(G, P, 4, EventId::NONE, LATER).expect("5 is past 4");
    assert_eq!((found.0.event, found.1), (first, None));
    assert_eq!(past.committed_past(G, P, 4, first, LATER), None);
    let why = PositionWhy::Earliest(ResetWhy::NothingCommitted);
    told.take(EventKind::PositionSet { client: A, partition: P, offset: 0, why });
    assert_eq!(told.past.committed(G, P, LATER).and_then(|it| it.offset), None, "what was committed is deleted");
}

#[test]
fn an_offset_is_known_by_who_processed_it_and_each_group_for_itself() {
    let mut told = Told::new();
    let begin = |client, offset| EventKind::PositionSet { client, partition: P, offset, why: PositionWhy::Committed };
    let done = |client, first, last: u64| EventKind::RecordsProcessed {
        client,
        partition: P,
        first,
        last,
        count: (last + 1 - first) as u32,
    };
    told.take(begin(A, 0));
    let first = told.take(done(A, 0, 6));
    told.take(begin(B, 5));
    let second = told.take(done(B, 5, 5));
    told.take(done(X, 5, 5));
    let who = |offset, before| -> Vec<(EventId, ClientId)> {
        told.past.processed(B, P, offset, before).map(|taken| (taken.event, taken.client)).collect()
    };
    assert_eq!(who(5, LATER), [(first, A), (second, B)]);
    assert_eq!(who(5, second), [(first, A)]);
    assert_eq!(who(6, LATER), [(first, A)]);
    assert_eq!(told.past.processed(X, P, 6, LATER).count(), 0);
    assert_eq!(told.past.begun(B, P, LATER).map(|begun| begun.offset), Some(5));
    assert_eq!(told.past.begun(A, P, LATER).map(|begun| begun.offset), Some(0));
}

#[test]
fn a_generation_says_who_is_new_and_who_is_gone() {
    let mut told = Told::new();
    let join = |client| EventKind::MemberJoined { group: G, client, members: 1 };
    let begin = |generation| EventKind::GenerationStarted { group: G, generation, members: 1, leader: A };
    told.take(join(A));
    let first = told.take(begin(1));
    let why = MemberGone::SessionExpired;
    let gone = told.take(EventKind::MemberRemoved { group: G, client: A, why, members: 0 });
    told.take(join(B));
    told.take(join(B));
    let second = told.take(begin(2));
    assert_eq!(told.past.changes(G, first), None);
    assert_eq!(told.past.changes(G, second), Some((vec![B], vec![A])));
    assert_eq!(told.past.removed(G, A, first, LATER).map(|it| (it.event, it.why)), Some((gone, why)));
    assert_eq!(told.past.removed(G, A, gone, LATER), None);
    assert_eq!(told.past.tally().rebalances, 1);
}

#[test]
fn the_tries_of_a_commit_are_those_of_one_call() {
    use crate::error::Code;
    use crate::event::{CallKind, CommitHow};
    use crate::ids::CallId;
    let mut told = Told::new();
    let tried = |told: &mut Told, how| {
        let began = told.take(EventKind::CommitStarted { client: A, group: G, how, partitions: 1 });
        let code = Code::CoordinatorNotAvailable;
        told.caused(began, EventKind::CommitFailed { client: A, group: G, how, code, retried: how == CommitHow::Sync });
        began
    };
    let call =
        |told: &mut Told, number, kind| told.take(EventKind::CallStarted { client: A, call: CallId(number), kind });
    call(&mut told, 1, CallKind::CommitSync);
    let (first, second) = (tried(&mut told, CommitHow::Sync), tried(&mut told, CommitHow::Sync));
    let (kind, exception) = (CallKind::CommitSync, crate::ids::ExceptionNo::NONE);
    told.take(EventKind::CallReturned { client: A, call: CallId(1), kind, ok: false, exception });
    call(&mut told, 2, CallKind::CommitSync);
    let anew = tried(&mut told, CommitHow::Sync);
    let other = tried(&mut told, CommitHow::Async);
    let before = |event| -> Vec<EventId> { told.past.tries_before(A, event).iter().map(|it| it.event).collect() };
    assert_eq!(before(second), [first]);
    assert_eq!([first, anew, other].map(before), [vec![], vec![], vec![]]);
}

#[test]
fn a_member_is_unaware_until_it_hears_how_it_stands() {
    use crate::error::Code;
    let mut told = Told::new();
    told.take(EventKind::MemberJoined { group: G, client: A, members: 1 });
    let why = MemberGone::SessionExpired;
    let removed = told.take(EventKind::MemberRemoved { group: G, client: A, why, members: 0 });
    let heartbeat = |code| EventKind::HeartbeatAnswered { client: A, group: G, code };
    let early = told.take(heartbeat(Code::RebalanceInProgress));
    let heard = told.take(heartbeat(Code::UnknownMemberId));
    let past = &told.past;
    assert_eq!([removed, early, heard, LATER].map(|at| past.is_unaware(G, A, at)), [false, true, true, false]);
    assert!(past.was_member(G, A) && !past.was_member(G, B));
}

#[test]
fn a_commit_that_never_left_ends_for_itself_and_others_end_in_order() {
    use crate::error::Code;
    use crate::event::CommitHow;
    let mut told = Told::new();
    let how = CommitHow::Async;
    let start = EventKind::CommitStarted { client: A, group: G, how, partitions: 1 };
    let (first, second, third) = (told.take(start), told.take(start), told.take(start));
    let failed = EventKind::CommitFailed { client: A, group: G, how, code: Code::UnknownMemberId, retried: false };
    let third_ends = told.caused(third, failed);
    let first_ends = told.caused(EventId(1), EventKind::CommitSucceeded { client: A, group: G, how });
    let second_ends = told.caused(EventId(2), EventKind::CommitSucceeded { client: A, group: G, how });
    for (began, ended) in [(first, first_ends), (second, second_ends), (third, third_ends)] {
        assert_eq!(told.past.pledge_that_ended(A, ended).map(|it| it.event), Some(began));
        assert_eq!(told.past.pledge(A, began).map(|it| it.ended), Some(ended));
    }
}
