use super::*;
use crate::client::producer::{RecordBytes, Thunk};
use crate::ids::EventId;
use crate::ids::{BatchId, ClientId, TopicNo};
use crate::record::BatchOptions;

const AT: PartitionNo = PartitionNo { topic: TopicNo(0), partition: 0 };

fn store(batches: u32) -> BatchStore {
    let mut store = BatchStore::default();
    for number in 0..batches {
        let id = BatchId { client: ClientId(0), number };
        let mut batch = ProducerBatch::new(id, AT, &"t".into(), BatchOptions::default(), 0);
        let thunk = Thunk {
            record: number,
            timestamp: 0,
            serialized_key_size: -1,
            serialized_value_size: 1,
            event: EventId::NONE,
            threw: false,
        };
        let bytes = RecordBytes { timestamp: 0, key: None, value: Some(b"v"), headers: &[] };
        assert_eq!(batch.try_append(&bytes, thunk, 0), Ok(true));
        store.push(batch);
    }
    store
}

fn ready() -> TransactionManager {
    let mut manager = TransactionManager::default();
    assert!(!manager.bump_epoch_and_reset_id_if_needed(&mut BatchStore::default()));
    manager.sent_pending();
    assert!(manager.handle_init_producer_id(Code::None, ProducerIdAndEpoch { producer_id: 7, epoch: 0 }));
    manager
}

fn response(error: Code) -> BatchResponse {
    BatchResponse { error, log_start_offset: -1 }
}

#[test]
fn a_refused_batch_raises_the_epoch_and_restarts_the_sequences() {
    let (mut manager, mut store) = (ready(), store(3));
    for number in 0..3 {
        manager.assign_sequence(number, &mut store);
    }
    manager.handle_completed_batch(&store.get(0).clone());
    manager.handle_failed_batch(&store.get(1).clone(), &Exception::of(Code::MessageTooLarge), true);
    assert!(manager.bump_epoch_and_reset_id_if_needed(&mut store));
    assert_eq!(manager.producer_id_and_epoch(), ProducerIdAndEpoch { producer_id: 7, epoch: 1 });
    let moved = store.get(2);
    assert_eq!((moved.base_sequence(), moved.producer.producer_epoch), (0, 1));
}

#[test]
fn an_expired_batch_holds_new_ones_back_until_its_fate_is_known() {
    let (mut manager, mut store) = (ready(), store(3));
    manager.assign_sequence(0, &mut store);
    manager.assign_sequence(1, &mut store);
    manager.mark_sequence_unresolved(&store.get(0).clone());
    manager.remove_in_flight_batch(&store.get(0).clone());
    assert!(manager.should_stop_drain(store.get(2)));
    manager.maybe_resolve_sequences();
    assert!(manager.has_unresolved_sequences(), "one is in flight");
    manager.handle_completed_batch(&store.get(1).clone());
    manager.maybe_resolve_sequences();
    assert!(!manager.has_unresolved_sequences());
    assert!(!manager.should_stop_drain(store.get(2)));
    assert!(!manager.bump_epoch_and_reset_id_if_needed(&mut store), "the later one was written: no gap");
}

#[test]
fn out_of_order_is_retried_and_raises_the_epoch_only_at_a_gap() {
    let (mut manager, mut store) = (ready(), store(2));
    manager.assign_sequence(0, &mut store);
    manager.assign_sequence(1, &mut store);
    assert!(manager.can_retry(response(Code::OutOfOrderSequenceNumber), &store.get(1).clone()));
    assert!(!manager.bump_epoch_and_reset_id_if_needed(&mut store), "the batch before it will be retried");
    assert!(manager.can_retry(response(Code::OutOfOrderSequenceNumber), &store.get(0).clone()));
    assert!(manager.bump_epoch_and_reset_id_if_needed(&mut store));
    assert!(!manager.can_retry(response(Code::MessageTooLarge), &store.get(0).clone()));
}

/// Java's comment says that only a batch of the current epoch raises it; its code raises it for any.
#[test]
fn an_unknown_producer_id_raises_the_epoch_also_for_a_batch_of_an_older_one() {
    let (mut manager, mut store) = (ready(), store(2));
    manager.assign_sequence(0, &mut store);
    manager.handle_completed_batch(&store.get(0).clone());
    manager.assign_sequence(1, &mut store);
    let old = store.get(1).clone();
    let unknown = |log_start_offset| BatchResponse { log_start_offset, ..response(Code::UnknownProducerId) };
    assert!(manager.can_retry(unknown(-1), &old));
    assert!(
        !manager.bump_epoch_and_reset_id_if_needed(&mut store),
        "without a log start offset it is only tried again"
    );
    for epoch in [1, 2] {
        assert!(manager.can_retry(unknown(0), &old));
        assert!(manager.bump_epoch_and_reset_id_if_needed(&mut store));
        assert_eq!(manager.producer_id_and_epoch().epoch, epoch);
    }
    assert!(manager.can_retry(unknown(0), &store.get(1).clone()));
    assert!(!manager.bump_epoch_and_reset_id_if_needed(&mut store), "its sequence has been reset already");
}
