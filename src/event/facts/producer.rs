//! A producer.

use super::fact::{Facts, Place, Rank};
use crate::event::producer::ProducerEvent;

pub(super) const fn facts(event: ProducerEvent) -> Facts {
    use ProducerEvent::*;
    match event {
        SendCalled(of) => Facts::new(Rank::Step, Place::of_record(of.record)),
        MetadataAwaited(of) => Facts::new(Rank::Consequence, Place::of_client(of.client)),
        Serialized(of) => Facts::new(Rank::Step, Place::of_record(of.record)),
        Partitioned(of) => Facts::new(Rank::Step, Place::of_record(of.record)),
        MemoryAwaited(of) => Facts::new(Rank::Consequence, Place::of_record(of.record)),
        Appended(of) => {
            let place = Place { batch: Some(of.batch), partition: Some(of.partition), ..Place::of_record(of.record) };
            Facts::new(Rank::Step, place)
        }
        SendFailed(of) => Facts::new(Rank::Failure, Place::of_record(of.record)),
        BatchReady(of) => Facts::new(Rank::Consequence, Place::of_batch(of.batch, of.partition)),
        BatchDrained(of) => {
            Facts::new(Rank::Step, Place { broker: Some(of.broker), ..Place::of_batch(of.batch, of.partition) })
        }
        BatchSplit(of) => Facts::new(Rank::Setback, Place::of_batch(of.batch, of.partition)),
        BatchRetried(of) => Facts::new(Rank::Setback, Place::of_batch(of.batch, of.partition)),
        BatchExpired(of) => Facts::new(Rank::Failure, Place::of_batch(of.batch, of.partition)),
        BatchFailed(of) => Facts::new(Rank::Setback, Place::of_batch(of.batch, of.partition)),
        BatchAcknowledged(of) => Facts::new(Rank::Consequence, Place::of_batch(of.batch, of.partition)),
        RecordAcknowledged(of) => {
            // With `acks=0` nobody knows the offset.
            let offsets =
                if of.offset < 0 { None } else { Some((of.offset.cast_unsigned(), of.offset.cast_unsigned() + 1)) };
            let place = Place { partition: Some(of.partition), offsets, ..Place::of_record(of.record) };
            Facts::new(Rank::Consequence, place)
        }
        RecordFailed(of) => Facts::new(Rank::Consequence, Place::of_record(of.record)),
        ProducerIdRefused(of) => Facts::new(Rank::Setback, Place::of_client(of.client)),
        ProducerIdAssigned(of) => Facts::new(Rank::Consequence, Place::of_client(of.client)),
        ProducerEpochBumped(of) => Facts::new(Rank::Setback, Place::of_client(of.client)),
    }
}
