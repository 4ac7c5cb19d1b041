//! The group coordinator.

use super::fact::{Facts, Place, Rank};
use crate::event::group::GroupEvent;
use crate::ids::{BrokerId, GroupNo};

pub(super) const fn facts(event: GroupEvent) -> Facts {
    use GroupEvent::*;
    match event {
        GroupStateChanged(of) => Facts::new(Rank::Detail, coordinated(of.group, of.broker)),
        MemberIdGiven(of) => Facts::new(Rank::Consequence, Place::of_member(of.client, of.group)),
        MemberJoined(of) => Facts::new(Rank::Consequence, Place::of_member(of.client, of.group)),
        MemberRemoved(of) => Facts::new(Rank::Setback, Place::of_member(of.client, of.group)),
        GenerationStarted(of) => Facts::new(Rank::Step, Place::of_member(of.leader, of.group)),
        AssignmentStored(of) => Facts::new(Rank::Consequence, Place { group: Some(of.group), ..Place::nowhere() }),
        OffsetCommitted(of) => {
            let place = Place { group: Some(of.group), ..Place::of_reader(of.client, of.partition) };
            Facts::new(Rank::Consequence, place)
        }
        OffsetCommitRefused(of) => Facts::new(Rank::Setback, Place::of_member(of.client, of.group)),
        GroupLoaded(of) => Facts::new(Rank::Step, coordinated(of.group, of.broker)),
    }
}

const fn coordinated(group: GroupNo, broker: BrokerId) -> Place {
    Place { group: Some(group), ..Place::of_broker(broker) }
}
