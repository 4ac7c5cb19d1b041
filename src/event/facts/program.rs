//! The user's program.

use super::fact::{Facts, Place, Rank};
use crate::event::program::ProgramEvent;

pub(super) const fn facts(event: ProgramEvent) -> Facts {
    match event {
        ProgramEvent::CallStarted(of) => Facts::new(Rank::Routine, Place::of_client(of.client)),
        ProgramEvent::CallReturned(of) => {
            let rank = if of.ok { Rank::Routine } else { Rank::Setback };
            Facts::new(rank, Place::of_client(of.client))
        }
        ProgramEvent::RecordsProcessed(of) => Facts::new(
            Rank::Detail,
            Place { offsets: Some((of.first, of.last + 1)), ..Place::of_reader(of.client, of.partition) },
        ),
    }
}
