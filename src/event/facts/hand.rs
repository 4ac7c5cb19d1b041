//! The user's hand.

use super::fact::{Facts, Place, Rank};
use crate::event::hand::HandEvent;
use crate::ids::Process;

pub(super) const fn facts(event: HandEvent) -> Facts {
    use HandEvent::*;
    match event {
        ClientStarted(of) => Facts::new(Rank::Step, Place::of_client(of.client)),
        ClientClosed(of) => Facts::new(Rank::Step, Place::of_client(of.client)),
        // A program that ends by itself is as it was written.
        ClientKilled(of) if of.exited => Facts::new(Rank::Deed, Place::of_client(of.client)),
        ClientKilled(of) => Facts::of_fault(Rank::Deed, Place::of_client(of.client)),
        ProcessPaused(of) => {
            let place = match of.process {
                Process::Broker(broker) => Place::of_broker(broker),
                Process::Client(client) => Place::of_client(client),
                Process::Controller => Place::nowhere(),
            };
            Facts::of_fault(Rank::Deed, place)
        }
        ClusterPaused(_) => Facts::of_fault(Rank::Deed, Place::nowhere()),
        LinkCut(of) => Facts::of_fault(Rank::Deed, between(of.from, of.to)),
        LinkSlowed(of) => Facts::of_fault(Rank::Deed, between(of.from, of.to)),
        LinkMended(of) => Facts::of_fault(Rank::Deed, between(of.from, of.to)),
        HoldArmed(of) => Facts::of_fault(Rank::Deed, between(of.from, of.to)),
        MessageHeld(of) => {
            let request = Some((of.connection, of.correlation_id));
            Facts::of_fault(Rank::Deed, Place { request, ..between(of.from, of.to) })
        }
        HoldReleased(of) => Facts::of_fault(Rank::Deed, between(of.from, of.to)),
        BrokerCrashed(of) => Facts::of_fault(Rank::Deed, Place::of_broker(of.broker)),
        BrokerStopped(of) => Facts::of_fault(Rank::Deed, Place::of_broker(of.broker)),
        BrokerStarted(of) => Facts::of_fault(Rank::Deed, Place::of_broker(of.broker)),
        FaultArmed(of) => Facts::of_fault(Rank::Deed, Place::of_broker(of.broker)),
        ResponseDropped(of) => {
            Facts::of_fault(Rank::Deed, Place::of_request(of.connection, of.broker, of.correlation_id))
        }
        ErrorAnswered(of) => {
            Facts::of_fault(Rank::Deed, Place::of_request(of.connection, of.broker, of.correlation_id))
        }
        ProcessingChanged(of) => Facts::of_fault(Rank::Deed, Place::of_client(of.client)),
        AdminRefused(_) => Facts::new(Rank::Failure, Place::nowhere()),
        ConstructorThrew(_) => Facts::of_fault(Rank::Failure, Place::nowhere()),
        ChapterBegan(_) => Facts::new(Rank::Step, Place::nowhere()),
        ScriptStopped(_) => Facts::of_fault(Rank::Deed, Place::nowhere()),
    }
}

/// The client of two processes, if one is, and the broker of them.
const fn between(from: Process, to: Process) -> Place {
    let client = match from.client() {
        None => to.client(),
        first => first,
    };
    let broker = match from.broker() {
        None => to.broker(),
        first => first,
    };
    Place { client, broker, ..Place::nowhere() }
}
