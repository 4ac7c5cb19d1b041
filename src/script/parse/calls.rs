//! Reads the calls on clients.

use std::sync::Arc;

use crate::ids::TopicPartition;
use crate::lang::text;
use crate::script::ast::{
    ANY_KIND, Acknowledgement, Call, ClientKind, CloseOperation, Commit, Poll, PollGoal, ShowRecords, Statement,
    Subscription,
};
use crate::script::error::Allowed;
use crate::script::limits::MAX_TIMES;
use crate::script::table::YES_NO;

use super::args::Args;
use super::lists::{A_TIME, AN_OFFSET, sorted_as_text};

const PRODUCER: &[ClientKind] = &[ClientKind::Producer];
const CONSUMER: &[ClientKind] = &[ClientKind::Consumer];
const READERS: &[ClientKind] = &[ClientKind::Consumer, ClientKind::ShareConsumer];
const SHARE: &[ClientKind] = &[ClientKind::ShareConsumer];
const PLAIN: &[ClientKind] = &[ClientKind::Producer, ClientKind::Consumer];

/// Any other call: `verb ID …`.
pub(super) fn parse_call(args: &mut Args) -> Option<Statement> {
    let client = args.client(kinds(args.verb));
    let call = call(args);
    Some(Statement::Call { client: client?, call: call? })
}

/// The clients that a call is for.
fn kinds(verb: &str) -> &'static [ClientKind] {
    match verb {
        "flush" | "outcomes" | "init" | "begin" | "commit-transaction" | "abort" | "send-offsets" => PRODUCER,
        "close" | "exit" | "stop-loop" => ANY_KIND,
        "partitions-for" => PLAIN,
        "subscribe" | "unsubscribe" | "poll" | "loop" | "records" | "callbacks" | "commit" => READERS,
        "acknowledge" => SHARE,
        _ => CONSUMER,
    }
}

fn call(args: &mut Args) -> Option<Call> {
    Some(match args.verb {
        "flush" => Call::Flush,
        "close" => {
            Call::Close { timeout_ms: args.ms("timeout_ms"), operation: args.choice("operation", CloseOperation::ALL) }
        }
        "exit" => Call::Exit,
        "outcomes" => Call::Outcomes,
        "init" => Call::Init,
        "begin" => Call::Begin,
        "commit-transaction" => Call::CommitTransaction,
        "abort" => Call::Abort,
        "send-offsets" => return send_offsets(args),
        "subscribe" => return subscription(args).map(Call::Subscribe),
        "unsubscribe" => Call::Unsubscribe,
        "assign" => Call::Assign(args.partitions()),
        "poll" => Call::Poll(poll(args)),
        "loop" => Call::Loop,
        "stop-loop" => Call::StopLoop,
        "records" => Call::Records { show: args.choice("show", ShowRecords::ALL).unwrap_or_default() },
        "callbacks" => Call::Callbacks,
        "commit" => return commit(args),
        "seek" => Call::Seek(some_numbers(args, &AN_OFFSET)),
        "seek-to-beginning" => Call::SeekToBeginning(args.partitions()),
        "seek-to-end" => Call::SeekToEnd(args.partitions()),
        "position" => Call::Position { partitions: some(args), timeout_ms: args.ms("timeout_ms") },
        "committed" => Call::Committed { partitions: some(args), timeout_ms: args.ms("timeout_ms") },
        "pause" => Call::Pause(some(args)),
        "resume" => Call::Resume(some(args)),
        "current-lag" => Call::CurrentLag(some(args)),
        "end-offsets" => Call::EndOffsets(some(args)),
        "beginning-offsets" => Call::BeginningOffsets(some(args)),
        "offsets-for-times" => Call::OffsetsForTimes(some_numbers(args, &A_TIME)),
        "assignment" => Call::Assignment,
        "generation" => Call::Generation,
        "enforce-rebalance" => Call::EnforceRebalance,
        "partitions-for" => Call::PartitionsFor(args.name("TOPIC")?),
        "acknowledge" => return acknowledge(args),
        other => unreachable!("the table of verbs sends `{other}` elsewhere"),
    })
}

fn some(args: &mut Args) -> Vec<TopicPartition> {
    let all = args.partitions();
    args.at_least_one(&all, "PARTITION");
    all
}

fn some_numbers(args: &mut Args, form: &Allowed) -> Vec<(TopicPartition, i64)> {
    let all = args.partition_numbers(form);
    args.at_least_one(&all, "PARTITION=NUMBER");
    all
}

fn send_offsets(args: &mut Args) -> Option<Call> {
    let word = args.word("CONSUMER")?;
    let consumer = args.client_from(&word, CONSUMER);
    let offsets = args.partition_numbers(&AN_OFFSET);
    let generation = args.whole("generation", i64::from(i32::MIN), i64::from(i32::MAX)).map(|n| n as i32);
    let member = args.choice("member", YES_NO).unwrap_or(true);
    Some(Call::SendOffsets { consumer: consumer?, offsets, generation, member })
}

fn subscription(args: &mut Args) -> Option<Subscription> {
    let word = args.word("TOPICS")?;
    if let Some(pattern) = word.text.strip_prefix("pattern:") {
        return Some(Subscription::Pattern(Arc::from(pattern)));
    }
    if let Some(pattern) = word.text.strip_prefix("re2j:") {
        return Some(Subscription::Re2j(Arc::from(pattern)));
    }
    if !args.has_room_for_parts(&word, &[',']) {
        return None;
    }
    let topics = |text: &str| text.split(',').map(|topic| (!topic.is_empty()).then(|| Arc::from(topic))).collect();
    let form = text(
        "topics parted by commas, `pattern:REGEX` or `re2j:REGEX`",
        "쉼표로 나눈 토픽들, `pattern:REGEX` 또는 `re2j:REGEX`",
    );
    args.read_of(&word, "TOPICS", topics, form).map(Subscription::Topics)
}

fn poll(args: &mut Args) -> Poll {
    let goals = ["until", "for_ms", "times", "assigned"];
    for (i, one) in goals.iter().enumerate() {
        goals[i + 1..].iter().for_each(|other| args.exclude(one, other));
    }
    args.exclude("for_ms", "timeout_ms");
    let until = args.count("until", 1).map(PollGoal::Records);
    let for_ms = args.ms("for_ms").map(PollGoal::ForMs);
    let times = args.u32("times", 1, MAX_TIMES).map(PollGoal::Times);
    let assigned = args.take("assigned").map(|word| match word.text.as_str() {
        "none" => PollGoal::Assigned(Vec::new()),
        _ => PollGoal::Assigned(sorted_as_text(args.partition_list(&word, "assigned"))),
    });
    let timeout_ms = args.ms("timeout_ms");
    let show = args.choice("show", ShowRecords::ALL).unwrap_or_default();
    let goal = until.or(for_ms).or(times).or(assigned).unwrap_or(PollGoal::Records(1));
    Poll { goal, timeout_ms, show }
}

fn commit(args: &mut Args) -> Option<Call> {
    args.exclude("metadata", "metadata-size");
    let asynchronous = args.choice_word("sync|async", Commit::WAYS);
    let offsets = args.partition_numbers(&AN_OFFSET);
    let metadata = args.text("metadata");
    let metadata_size = args.u32("metadata-size", 0, 1_048_576);
    let timeout_ms = args.ms("timeout_ms");
    Some(Call::Commit(Commit { asynchronous: asynchronous?, offsets, metadata, metadata_size, timeout_ms }))
}

fn acknowledge(args: &mut Args) -> Option<Call> {
    let how = args.choice_word("HOW", Acknowledgement::ALL);
    let partition = args.partition("PARTITION");
    let word = args.word("OFFSETS")?;
    if !args.has_room_for_parts(&word, &[',']) {
        return None;
    }
    let offsets = |text: &str| text.split(',').map(|o| o.parse().ok().filter(|o: &i64| *o >= 0)).collect();
    let offsets = args.read_of(&word, "OFFSETS", offsets, text("offsets parted by commas", "쉼표로 나눈 오프셋들"));
    Some(Call::Acknowledge { how: how?, partition: partition?, offsets: offsets? })
}
