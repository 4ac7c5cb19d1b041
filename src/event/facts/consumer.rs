//! A consumer.

use super::fact::{Facts, Place, Rank};
use crate::error::Code;
use crate::event::consumer::ConsumerEvent;

pub(super) const fn facts(event: ConsumerEvent) -> Facts {
    use ConsumerEvent::*;
    match event {
        RecordsReturned(of) => {
            let place = Place { offsets: Some((of.first, of.position)), ..Place::of_reader(of.client, of.partition) };
            Facts::new(Rank::Consequence, place)
        }
        PollReturned(of) => {
            let rank = if of.records == 0 { Rank::Routine } else { Rank::Frame };
            Facts::new(rank, Place::of_client(of.client))
        }
        PositionSet(of) => Facts::new(Rank::Detail, Place::of_reader(of.client, of.partition)),
        JoinStarted(of) => Facts::new(Rank::Consequence, Place::of_member(of.client, of.group)),
        Joined(of) => Facts::new(Rank::Consequence, Place::of_member(of.client, of.group)),
        AssignmentComputed(of) => Facts::new(Rank::Step, Place::of_member(of.client, of.group)),
        PartitionsAssigned(of) => Facts::new(Rank::Step, Place::of_member(of.client, of.group)),
        PartitionsRevoked(of) => Facts::new(Rank::Step, Place::of_member(of.client, of.group)),
        PartitionsLost(of) => Facts::new(Rank::Failure, Place::of_member(of.client, of.group)),
        OwnerChanged(of) => Facts::new(Rank::Frame, Place::of_reader(of.client, of.partition)),
        HeartbeatAnswered(of) => {
            let rank = if matches!(of.code, Code::None) { Rank::Routine } else { Rank::Detail };
            Facts::new(rank, Place::of_member(of.client, of.group))
        }
        CommitStarted(of) => Facts::new(Rank::Consequence, Place::of_member(of.client, of.group)),
        CommitSucceeded(of) => Facts::new(Rank::Consequence, Place::of_member(of.client, of.group)),
        CommitFailed(of) => Facts::new(Rank::Setback, Place::of_member(of.client, of.group)),
        PollIntervalExceeded(of) => Facts::new(Rank::Failure, Place::of_member(of.client, of.group)),
        SessionLost(of) => Facts::new(Rank::Failure, Place::of_member(of.client, of.group)),
        LeaveSent(of) => Facts::new(Rank::Consequence, Place::of_member(of.client, of.group)),
        ConsumerPaused(of) => Facts::new(Rank::Detail, Place::of_reader(of.client, of.partition)),
    }
}
