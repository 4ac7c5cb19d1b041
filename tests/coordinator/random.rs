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
}
