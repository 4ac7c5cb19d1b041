//! Brokers and their controller.

use super::fact::{Facts, Place, Rank};
use crate::event::broker::BrokerEvent;
use crate::ids::BrokerId;

pub(super) const fn facts(event: BrokerEvent) -> Facts {
    use BrokerEvent::*;
    match event {
        BatchAppended(of) => {
            let place = Place {
                partition: Some(of.partition),
                offsets: Some((of.base_offset, of.base_offset + of.records as u64)),
                ..Place::of_request(of.connection, of.broker, of.correlation_id)
            };
            Facts::new(Rank::Step, place)
        }
        DuplicateFound(of) => {
            // How many records the batch has is not the event's to know.
            let place = Place {
                partition: Some(of.partition),
                offsets: Some((of.base_offset, of.base_offset + 1)),
                ..Place::of_request(of.connection, of.broker, of.correlation_id)
            };
            Facts::new(Rank::Failure, place)
        }
        AppendRefused(of) => {
            let place = Place {
                partition: Some(of.partition),
                ..Place::of_request(of.connection, of.broker, of.correlation_id)
            };
            Facts::new(Rank::Failure, place)
        }
        ProduceParked(of) => {
            let place = Place {
                partition: Some(of.partition),
                ..Place::of_request(of.connection, of.broker, of.correlation_id)
            };
            Facts::new(Rank::Detail, place)
        }
        FollowerAppended(of) => {
            let place = Place {
                partition: Some(of.partition),
                offsets: Some((of.base_offset, of.base_offset + of.records as u64)),
                ..Place::of_broker(of.broker)
            };
            Facts::new(Rank::Detail, place)
        }
        LogTruncated(of) => {
            let place = Place {
                partition: Some(of.partition),
                offsets: Some((of.offset, of.offset + of.records as u64)),
                ..Place::of_broker(of.broker)
            };
            Facts::new(Rank::Failure, place)
        }
        IsrChangeAsked(of) => {
            Facts::new(Rank::Consequence, Place { partition: Some(of.partition), ..Place::of_broker(of.broker) })
        }
        HighWatermarkMoved(of) => {
            Facts::new(Rank::Detail, Place { partition: Some(of.partition), ..Place::of_broker(of.broker) })
        }
        RecordsDeleted(of) => {
            Facts::new(Rank::Step, Place { partition: Some(of.partition), ..Place::of_broker(of.broker) })
        }
        FetchParked(of) => Facts::new(Rank::Routine, Place::of_request(of.connection, of.broker, of.correlation_id)),
        FetchAnswered(of) => {
            let rank = if of.bytes == 0 { Rank::Routine } else { Rank::Detail };
            Facts::new(rank, Place::of_request(of.connection, of.broker, of.correlation_id))
        }
        TopicCreated(_) | PartitionsAdded(_) | TopicDeleted(_) => Facts::new(Rank::Step, Place::nowhere()),
        LeaderChanged(of) => {
            let broker = if of.leader < 0 { None } else { Some(BrokerId(of.leader)) };
            Facts::new(Rank::Consequence, Place { partition: Some(of.partition), broker, ..Place::nowhere() })
        }
        IsrChanged(of) => {
            let broker = if of.leader < 0 { None } else { Some(BrokerId(of.leader)) };
            Facts::new(Rank::Consequence, Place { partition: Some(of.partition), broker, ..Place::nowhere() })
        }
        ReassignmentBegan(of) => Facts::new(Rank::Step, Place { partition: Some(of.partition), ..Place::nowhere() }),
        ReassignmentEnded(of) => Facts::new(Rank::Step, Place { partition: Some(of.partition), ..Place::nowhere() }),
        BrokerFenced(of) => Facts::new(Rank::Failure, Place::of_broker(of.broker)),
        BrokerRegistered(of) => Facts::new(Rank::Consequence, Place::of_broker(of.broker)),
    }
}
