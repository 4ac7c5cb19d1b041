//! One is told as one, two as two.

use super::tests::{B, BATCH, C, CON, G, ID, LONG, P, R, event, names};
use crate::error::Failure;
use crate::event::{CommitHow, CreatedWhy, EventKind, MemberGone, PartitionedBy, ReadyWhy};
use crate::explain::{Context, narrate};
use crate::ids::{CallId, EventId, TopicNo};
use crate::lang::Lang;

/// Every kind that counts, with so many.
fn counting(n: u32) -> Vec<EventKind> {
    use EventKind::*;
    let (client, group, partition, broker, connection, correlation_id) = (C, G, P, B, CON, ID);
    let partitions = i32::try_from(n).expect("a small number");
    let (topic, by, why) = (TopicNo(0), PartitionedBy::Key { hash: 7 }, Failure::Code(LONG));
    vec![
        RecordsProcessed { client, partition, first: 5, last: 4 + u64::from(n), count: n },
        Partitioned { record: R, topic, partition: 0, partitions, by },
        Partitioned { record: R, topic, partition: 0, partitions, by: PartitionedBy::RoundRobin },
        MemoryAwaited { record: R, bytes: n, available: n.into() },
        BatchReady { batch: BATCH, partition, records: n, bytes: n, why: ReadyWhy::Full },
        BatchDrained { batch: BATCH, partition, broker, correlation_id, attempt: n, sequence: 7, records: n },
        BatchExpired { batch: BATCH, partition, records: n },
        BatchFailed { batch: BATCH, partition, records: n, why },
        BatchAcknowledged { batch: BATCH, partition, base_offset: 7, records: n },
        BatchAcknowledged { batch: BATCH, partition, base_offset: -1, records: n },
        ConnectionClosed { connection, broker, in_flight: n, idle: false },
        BatchAppended { partition, broker, connection, correlation_id, base_offset: 7, records: n },
        TopicCreated { topic, partitions: n, why: CreatedWhy::Automatic },
        PartitionsAdded { topic, partitions: n },
        MemberJoined { group, client, members: n },
        MemberRemoved { group, client, why: MemberGone::Left, members: n },
        GenerationStarted { group, generation: 7, members: n, leader: client },
        GroupLoaded { group, broker, generation: 7, members: n },
        RecordsReturned { client, partition, first: 5, position: 7, count: n },
        PollReturned { client, call: CallId(1), records: n },
        AssignmentComputed { client, group, members: n, partitions: n },
        AssignmentComputed { client, group, members: n + 1, partitions: n },
        PartitionsAssigned { client, group, generation: 7, partitions: n },
        PartitionsRevoked { client, group, partitions: n },
        PartitionsLost { client, group, partitions: n },
        CommitStarted { client, group, how: CommitHow::Sync, partitions: n },
    ]
}

/// `1 record` and `2 records`, and nothing that speaks of one as of many.
#[test]
fn one_is_told_as_one_and_two_as_two() {
    let names = names();
    let context = Context::of_names(&names);
    let nouns = ["record", "partition", "member"];
    for kind in counting(1) {
        let told = narrate(&context, EventId::NONE, &event(kind), Lang::En);
        let text = format!("{} {}", told.happened, told.meaning);
        for noun in nouns {
            assert!(!text.contains(&format!("1 {noun}s")), "{text}");
        }
        assert!(![" 1 are", " 1 were", "its 1 "].iter().any(|words| text.contains(words)), "{text}");
        let speaks_of_many = ["processes them", "They have", "in each", "in turn", "its records", "were written"];
        assert!(!speaks_of_many.iter().any(|words| text.contains(words)), "{text}");
    }
    for kind in counting(2) {
        let told = narrate(&context, EventId::NONE, &event(kind), Lang::En);
        let text = format!("{} {}", told.happened, told.meaning);
        for noun in nouns {
            assert!(!text.contains(&format!("2 {noun} ")) && !text.contains(&format!("2 {noun}.")), "{text}");
        }
        // A broker has a number too.
        let text = text.replace("broker 2 ", "broker ");
        assert!(!text.contains(" 2 is ") && !text.contains("processes it "), "{text}");
    }
}
