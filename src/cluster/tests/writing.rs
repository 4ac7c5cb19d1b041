//! Produce.

use kafka_protocol::messages::IncrementalAlterConfigsRequest;
use kafka_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};

use super::world::{World, batch, connection, produce, text};
use crate::error::Code;
use crate::event::EventKind;
use crate::fault::{Armed, Deed};
use crate::ids::BrokerId;
use crate::record::ProducerState;
use crate::wire::{Api, Response};

#[test]
fn the_answer_names_the_append_as_its_cause() {
    let mut world = World::new(1);
    world.topic("orders", &[1]);
    world.events.clear();
    world.send(1, 1, 9, produce(("orders", 0), -1, batch(&["a", "b"], ProducerState::NONE)));
    let (_, frame) = world.sent.pop().expect("an answer");
    let (number, appended) = world.events[0];
    assert!(matches!(appended.kind, EventKind::BatchAppended { base_offset: 0, records: 2, .. }), "{appended:?}");
    assert!(matches!(world.events[1].1.kind, EventKind::HighWatermarkMoved { offset: 2, .. }));
    assert_eq!(world.events.len(), 2);
    assert_eq!((frame.cause, world.events[1].1.cause), (number, number));
}

#[test]
fn without_acks_nothing_is_said_and_a_failure_closes_the_connection() {
    let mut world = World::new(1);
    world.topic("orders", &[1]);
    let records = || batch(&["a"], ProducerState::NONE);
    assert_eq!(world.ask(1, 1, 9, produce(("orders", 0), 0, records())), None);
    assert_eq!(world.closed, []);
    assert_eq!(world.produce(1, ("orders", 0), &["b"]), (0, 1), "the first was written");
    assert_eq!(world.ask(1, 2, 9, produce(("orders", 7), 0, records())), None);
    assert_eq!(world.closed, [connection(2, 1)]);
}

#[test]
fn a_batch_sent_again_is_answered_with_the_offset_it_got() {
    let mut world = World::new(1);
    world.topic("orders", &[1]);
    let producer = ProducerState { producer_id: 5, producer_epoch: 0, base_sequence: 0, is_transactional: false };
    for _ in 0..2 {
        let answer = world.ask(1, 1, 9, produce(("orders", 0), -1, batch(&["a", "b"], producer)));
        let Some(Response::Produce(answer)) = answer else { panic!("no answer") };
        let partition = &answer.responses[0].partition_responses[0];
        assert_eq!((partition.error_code, partition.base_offset), (0, 0));
    }
    let duplicates = world.kinds().filter(|kind| matches!(kind, EventKind::DuplicateFound { base_offset: 0, .. }));
    assert_eq!(duplicates.count(), 1);
    let partition = world.broker(1).partitions().values().next().expect("one partition");
    assert_eq!(partition.log_end_offset(), 2);
}

#[test]
fn who_does_not_lead_says_who_does() {
    let mut world = World::new(2);
    world.topic("orders", &[2]);
    let answer = world.ask(1, 1, 10, produce(("orders", 0), 1, batch(&["a"], ProducerState::NONE)));
    let Some(Response::Produce(answer)) = answer else { panic!("no answer") };
    let partition = &answer.responses[0].partition_responses[0];
    assert_eq!(partition.error_code, Code::NotLeaderOrFollower.code());
    assert_eq!((partition.current_leader.leader_id.0, partition.current_leader.leader_epoch), (2, 0));
    assert_eq!((answer.node_endpoints.len(), answer.node_endpoints[0].host.as_str()), (1, "broker-2"));
    assert!(matches!(
        world.events.last().map(|(_, event)| event.kind),
        Some(EventKind::AppendRefused { code: Code::NotLeaderOrFollower, .. })
    ));
}

#[test]
fn altered_settings_hold_for_the_next_batch() {
    let mut world = World::new(1);
    world.topic("orders", &[1]);
    let alter = |name: &str, value: &str| {
        let config = AlterableConfig::default().with_name(text(name)).with_value(Some(text(value)));
        let resource = AlterConfigsResource::default().with_resource_type(2).with_resource_name(text("orders"));
        IncrementalAlterConfigsRequest::default().with_resources(vec![resource.with_configs(vec![config])])
    };
    for (name, value, code) in [
        ("max.message.bytes", "60", 0),
        ("max.message.bytes", "many", Code::InvalidConfig.code()),
        ("no.such", "1", Code::InvalidConfig.code()),
    ] {
        let Some(Response::IncrementalAlterConfigs(answer)) = world.ask(1, 0, 1, alter(name, value)) else {
            panic!("no answer")
        };
        assert_eq!(answer.responses[0].error_code, code, "{name}={value}");
    }
    assert_eq!(world.produce(1, ("orders", 0), &["a"]), (Code::MessageTooLarge.code(), -1));
}

#[test]
fn an_armed_error_is_answered_in_place_of_the_work() {
    let mut world = World::new(1);
    world.topic("orders", &[1]);
    let deed = Deed::Answer(Code::NotLeaderOrFollower);
    world.cluster.arm(Armed { broker: BrokerId(1), api: Api::Produce, asker: None, deed, skip: 0, times: 1 });
    let asked = world.send(1, 1, 9, produce(("orders", 0), -1, batch(&["a"], ProducerState::NONE)));
    let &(answered, event) = world.events.last().expect("the fault's deed");
    assert!(matches!(event.kind, EventKind::ErrorAnswered { .. }));
    assert_eq!(world.sent[0].1.cause, answered);
    let Some(Response::Produce(answer)) = world.answer(1, asked) else { panic!("no answer") };
    assert_eq!(answer.responses[0].partition_responses[0].error_code, Code::NotLeaderOrFollower.code());
    assert_eq!(world.produce(1, ("orders", 0), &["b"]), (0, 0), "nothing was written");
}
