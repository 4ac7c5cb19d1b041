//! Random clients.

use partita::coordinator::group::GroupConfig;
use partita::event::GroupState;
use proptest::prelude::*;

use crate::world::World;

/// What a random client does next.
fn step() -> impl Strategy<Value = String> {
    let client = prop_oneof![Just("c1"), Just("c2"), Just("c3"), Just("s1 static=one"), Just("s2 static=one")];
    let verbs = vec!["join", "join", "join", "sync", "sync", "beat", "leave", "commit"];
    let asks =
        (proptest::sample::select(verbs), client, 0..4u32).prop_map(|(verb, client, option): (&str, &str, u32)| {
            let option = match option {
                0 => "anew=1",
                1 => "protocols=range,roundrobin",
                2 => "metadata=2",
                _ => "version=3",
            };
            // Only JoinGroup takes these options.
            if verb == "join" { format!("join {client} {option} rebalance=9000") } else { format!("{verb} {client}") }
        });
    let waits = (0..6000u32).prop_map(|ms| format!("wait {ms}"));
    prop_oneof![12 => asks, 3 => waits, 1 => Just("wait 0".to_string()), 1 => Just("failover x".to_string())]
}

/// What the log does from here on.
fn mood() -> impl Strategy<Value = String> {
    let moods =
        vec!["log waits", "log commits", "log KAFKA_STORAGE_ERROR", "log NOT_LEADER_OR_FOLLOWER", "failover losing"];
    proptest::sample::select(moods).prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever they do, the log says what the coordinator knows; and when all fall silent, sessions and phases end:
    /// nobody is left, nothing is due.
    #[test]
    fn random_clients_end_in_an_empty_group(steps in proptest::collection::vec(step(), 1..120)) {
        let mut world = World::new(GroupConfig::default());
        for line in &steps {
            world.line(line);
        }
        world.line("wait 700000");
        prop_assert_eq!(world.coordinated.next_timeout(), None);
        let coordinator = world.coordinated.coordinator();
        for id in coordinator.group_ids() {
            let group = coordinator.group(id).expect("it is listed");
            prop_assert!(group.members.is_empty(), "{:?}", group);
            prop_assert_eq!((group.state, group.pending_members), (GroupState::Empty, 0));
        }
    }

    /// Above a log that waits, refuses and is lost, every request is answered exactly once (`World` refuses a second
    /// answer). A client that waits asks nothing else, since its connection is muted.
    #[test]
    fn every_request_has_one_answer_whatever_the_log_does(
        steps in proptest::collection::vec(prop_oneof![8 => step(), 3 => mood()], 1..120),
    ) {
        let mut world = World::new(GroupConfig::default());
        for line in &steps {
            let asker = line.split_whitespace().nth(1).unwrap_or_default();
            if !world.is_waiting(asker) {
                world.line(line);
            }
        }
        world.line("log commits");
        world.line("wait 700000");
        prop_assert_eq!(world.waiting(), 0, "{}", world.transcript.join("\n"));
        prop_assert_eq!(world.coordinated.next_timeout(), None);
    }
}
