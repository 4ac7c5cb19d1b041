//! Prints the calls on clients.

use crate::script::ast::{Acknowledgement, Call, CloseOperation, Commit, Poll, PollGoal, ShowRecords, Subscription};
use crate::script::table::name_of;

use super::out::{Out, joined};

pub(super) fn print_call(client: &str, call: &Call, out: &mut Out) {
    out.word(client);
    match call {
        Call::Close { timeout_ms, operation } => {
            out.some("timeout_ms", *timeout_ms);
            out.some("operation", operation.map(|operation| name_of(operation, CloseOperation::ALL)));
        }
        Call::SendOffsets { consumer, offsets, generation, member } => {
            out.word(consumer);
            out.numbers(offsets);
            out.some("generation", *generation);
            if !member {
                out.option("member", "no");
            }
        }
        Call::Subscribe(Subscription::Topics(topics)) => out.word(&topics.join(",")),
        Call::Subscribe(Subscription::Pattern(pattern)) => out.word(&format!("pattern:{pattern}")),
        Call::Subscribe(Subscription::Re2j(pattern)) => out.word(&format!("re2j:{pattern}")),
        Call::Poll(poll) => print_poll(poll, out),
        Call::Records { show } => print_show(*show, out),
        Call::Commit(commit) => {
            out.word(name_of(commit.asynchronous, Commit::WAYS));
            out.numbers(&commit.offsets);
            out.some("metadata", commit.metadata.as_ref());
            out.some("metadata-size", commit.metadata_size);
            out.some("timeout_ms", commit.timeout_ms);
        }
        Call::Seek(all) | Call::OffsetsForTimes(all) => out.numbers(all),
        Call::Position { partitions, timeout_ms } | Call::Committed { partitions, timeout_ms } => {
            out.partitions(partitions);
            out.some("timeout_ms", *timeout_ms);
        }
        Call::Assign(all)
        | Call::SeekToBeginning(all)
        | Call::SeekToEnd(all)
        | Call::Pause(all)
        | Call::Resume(all)
        | Call::CurrentLag(all)
        | Call::EndOffsets(all)
        | Call::BeginningOffsets(all) => out.partitions(all),
        Call::PartitionsFor(topic) => out.word(topic),
        Call::Acknowledge { how, partition, offsets } => {
            out.word(name_of(*how, Acknowledgement::ALL));
            out.word(&partition.to_string());
            out.word(&offsets.iter().map(i64::to_string).collect::<Vec<_>>().join(","));
        }
        _ => {}
    }
}

fn print_poll(poll: &Poll, out: &mut Out) {
    match &poll.goal {
        PollGoal::Records(n) => out.option("until", n),
        PollGoal::ForMs(ms) => out.option("for_ms", ms),
        PollGoal::Times(n) => out.option("times", n),
        PollGoal::Assigned(partitions) => out.option("assigned", joined(partitions)),
    }
    out.some("timeout_ms", poll.timeout_ms);
    print_show(poll.show, out);
}

fn print_show(show: ShowRecords, out: &mut Out) {
    if show != ShowRecords::All {
        out.option("show", name_of(show, ShowRecords::ALL));
    }
}
