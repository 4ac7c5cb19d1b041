//! Reads what `wait` and `run until` wait for.

use std::sync::Arc;

use crate::ids::{BrokerId, TopicPartition};
use crate::lang::{Text, text};
use crate::script::ast::{ACKNOWLEDGED, ANY_KIND, ClientKind, Condition, GroupFacts, ReplicaPlace, Statement, Wait};
use crate::script::error::{Allowed, ScriptProblem};
use crate::script::lexer::Word;
use crate::script::limits::{MAX_BROKERS, MAX_COUNT};
use crate::sorted::InOrder;
use crate::time::Instant;

use super::args::{Args, broker};
use super::lists::sorted_as_text;

const SUBJECTS: &[&str] = &[
    "isr",
    "elr",
    "leader",
    "broker",
    "partitions",
    "group",
    "share-group",
    "assignment",
    "assigned-count",
    "callbacks",
    "generation",
    "count",
    "sent",
    "latest",
    "lso",
    "earliest",
    "log-end",
    "segments",
    "batches",
    "records-in-log",
    "committed",
    "transaction",
    "no-topic",
];
const STATES: &[&str] = &[
    "Unknown",
    "PreparingRebalance",
    "CompletingRebalance",
    "Stable",
    "Dead",
    "Empty",
    "Assigning",
    "Reconciling",
    "NotReady",
];

pub(super) fn parse_wait(args: &mut Args) -> Option<Statement> {
    wait(args, false).map(Statement::Wait)
}

/// `run until CONDITION`, `run until MS`.
pub(super) fn parse_run(args: &mut Args) -> Option<Statement> {
    args.choice_word("until", &[("until", ())])?;
    if args
        .peek()
        .is_some_and(|text| text.trim_start_matches(['-', '+', '.']).starts_with(|c: char| c.is_ascii_digit()))
    {
        let word = args.next()?;
        return args.read_of(&word, "MS", instant, AN_INSTANT).map(Statement::RunUntilInstant);
    }
    wait(args, true).map(Statement::RunUntil)
}

/// The line behind `run until` begins 1 ms later, within the run.
const LAST: Instant = Instant(Instant::END.micros() - 1_000);

// The number in this sentence.
const _: () = assert!(LAST.micros() == 31_535_999_999 * 1_000);
const AN_INSTANT: Text = text(
    "milliseconds since the start of the run from 0 to 31,535,999,999 (a year but for one) with at most three decimals, \
     such as `4198.0`",
    "실행 시작부터 센 밀리초, 0에서 31,535,999,999(1년에서 1밀리초 뺀 값)까지, 소수점 아래 셋째 자리까지, 예: `4198.0`",
);

/// `4198.0` is 4,198,000 microseconds.
fn instant(text: &str) -> Option<Instant> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 3 {
        return None;
    }
    let us: u64 = format!("{decimals:0<3}").parse().ok()?;
    let at = Instant::from_millis(whole.parse().ok()?).plus_micros(us);
    (at <= LAST).then_some(at)
}

fn wait(args: &mut Args, until: bool) -> Option<Wait> {
    let timeout_ms = timeout(args);
    let condition = condition(args, until)?;
    Some(Wait { condition, timeout_ms })
}

/// Words of a `wait` are never options but for this one, which may stand anywhere.
fn timeout(args: &mut Args) -> Option<u64> {
    let word = args.remove_word(|text| text.starts_with("timeout_ms="))?;
    let value = Word { text: word.text["timeout_ms=".len()..].to_string(), column: word.column + 11, quoted: false };
    args.ms_of(&value, "timeout_ms")
}

fn condition(args: &mut Args, until: bool) -> Option<Condition> {
    let what = args.word("WHAT")?;
    let consumer = &[ClientKind::Consumer];
    Some(match what.text.as_str() {
        "isr" => Condition::Isr { partition: args.partition("PARTITION")?, brokers: brokers(args, false)? },
        "elr" => Condition::Elr { partition: args.partition("PARTITION")?, brokers: brokers(args, true)? },
        "leader" => Condition::Leader { partition: args.partition("PARTITION")?, broker: leader(args)? },
        "broker" => {
            let word = args.word("broker-N")?;
            let broker = args.broker_of(&word, "broker-N")?;
            Condition::Broker { broker, up: args.choice_word("up|down", &[("up", true), ("down", false)])? }
        }
        "partitions" => Condition::Partitions { topic: args.name("TOPIC")?, count: count(args)? },
        "no-topic" => Condition::NoTopic { topic: args.name("TOPIC")? },
        "group" => Condition::Group { group: args.name("GROUP")?, facts: facts(args)? },
        "share-group" => Condition::ShareGroup { group: args.name("GROUP")?, facts: facts(args)? },
        "assignment" => Condition::Assignment { client: args.client(consumer)?, partitions: assignment(args)? },
        "assigned-count" => Condition::AssignedCount { client: args.client(consumer)?, count: count(args)? },
        "callbacks" => Condition::Callbacks { client: args.client(ANY_KIND)?, count: count(args)? },
        "generation" => {
            let client = args.client(consumer)?;
            equals(args)?;
            Condition::Generation { client, generation: args.whole_word("N", -1, i64::from(i32::MAX))? }
        }
        "count" => Condition::Count { client: args.client(ANY_KIND)?, count: count(args)? },
        "sent" => Condition::Sent { client: args.client(&[ClientKind::Producer])? },
        "latest" => Condition::Latest { partition: args.partition("PARTITION")?, offset: offset(args)? },
        "lso" => Condition::Lso { partition: args.partition("PARTITION")?, offset: offset(args)? },
        "earliest" => Condition::Earliest { partition: args.partition("PARTITION")?, offset: offset(args)? },
        "log-end" => {
            let (partition, place) = (args.partition("PARTITION")?, place(args)?);
            Condition::LogEnd { partition, place, offset: offset(args)? }
        }
        "segments" => {
            let (partition, place) = (args.partition("PARTITION")?, place(args)?);
            Condition::Segments { partition, place, count: count(args)? }
        }
        "batches" => Condition::Batches { partition: args.partition("PARTITION")?, count: count(args)? },
        "records-in-log" => Condition::RecordsInLog { partition: args.partition("PARTITION")?, count: count(args)? },
        "committed" => {
            let (group, partition) = (args.name("GROUP")?, args.partition("PARTITION")?);
            Condition::Committed { group, partition, offset: committed(args)? }
        }
        "transaction" => {
            let id = args.name("TXID")?;
            equals(args)?;
            Condition::Transaction { id, state: args.name("STATE")? }
        }
        ACKNOWLEDGED if until => Condition::Acknowledged { client: args.client(&[ClientKind::Producer])? },
        ACKNOWLEDGED => {
            args.fail(what.column, &what.text, ScriptProblem::OnlyRunUntil, Allowed::Words(SUBJECTS.to_vec()));
            return None;
        }
        _ => {
            let allowed = match until {
                true => Allowed::Also([SUBJECTS, &[ACKNOWLEDGED]].concat(), &AN_INSTANT),
                false => Allowed::Words(SUBJECTS.to_vec()),
            };
            args.bad(&what, "WHAT", allowed);
            return None;
        }
    })
}

fn equals(args: &mut Args) -> Option<()> {
    args.choice_word("=", &[("=", ())])
}

fn count(args: &mut Args) -> Option<u64> {
    equals(args)?;
    args.whole_word("N", 0, MAX_COUNT as i64).map(|n| n as u64)
}

fn offset(args: &mut Args) -> Option<u64> {
    equals(args)?;
    args.whole_word("OFFSET", 0, i64::MAX).map(|n| n as u64)
}

fn committed(args: &mut Args) -> Option<Option<u64>> {
    equals(args)?;
    if args.peek() == Some("none") {
        args.next();
        return Some(None);
    }
    args.whole_word("OFFSET", 0, i64::MAX).map(|n| Some(n as u64))
}

fn brokers(args: &mut Args, none: bool) -> Option<Vec<BrokerId>> {
    equals(args)?;
    let word = args.word("BROKERS")?;
    if none && word.text == "none" {
        return Some(Vec::new());
    }
    if !args.has_room_for_parts(&word, &[',']) {
        return None;
    }
    let ids = |text: &str| text.split(',').map(|id| id.parse().ok().map(BrokerId)).collect();
    let form = text("numbers of brokers parted by commas, such as `1,2`", "`1,2`처럼 쉼표로 나눈 브로커 번호");
    let mut ids: Vec<BrokerId> = args.read_of(&word, "BROKERS", ids, form)?;
    ids.order();
    ids.dedup();
    Some(ids)
}

fn leader(args: &mut Args) -> Option<Option<BrokerId>> {
    equals(args)?;
    let id = args.whole_word("BROKER", -1, i64::from(MAX_BROKERS))?;
    Some((id > 0).then_some(BrokerId(id as i32)))
}

fn place(args: &mut Args) -> Option<ReplicaPlace> {
    let word = args.word("leader|broker-N")?;
    match word.text.as_str() {
        "leader" => Some(ReplicaPlace::Leader),
        text if broker(text).is_some() => args.broker_of(&word, "broker-N").map(ReplicaPlace::Broker),
        _ => {
            args.bad(&word, "leader|broker-N", Allowed::Words(vec!["leader", "broker-N"]));
            None
        }
    }
}

fn assignment(args: &mut Args) -> Option<Vec<TopicPartition>> {
    equals(args)?;
    let word = args.word("PARTITIONS")?;
    if word.text == "none" {
        return Some(Vec::new());
    }
    let found = args.partition_list(&word, "PARTITIONS");
    args.is_well().then(|| sorted_as_text(found))
}

/// `state Stable members 2 type Consumer epoch 3`
fn facts(args: &mut Args) -> Option<GroupFacts> {
    let mut facts = GroupFacts::default();
    let first = args.peek().is_none();
    while let Some(word) = if first { args.word("state|members|type|epoch") } else { args.next() } {
        match word.text.as_str() {
            "state" => {
                let state = args.word("STATE")?;
                if !STATES.contains(&state.text.as_str()) {
                    args.bad(&state, "STATE", Allowed::Words(STATES.to_vec()));
                }
                facts.state = Some(Arc::from(state.text));
            }
            "members" => facts.members = Some(args.whole_word("N", 0, MAX_COUNT as i64)? as u64),
            "type" => facts.kind = Some(args.name("TYPE")?),
            "epoch" => facts.epoch = Some(args.whole_word("N", 0, MAX_COUNT as i64)? as u64),
            _ => {
                args.bad(&word, "state|members|type|epoch", Allowed::Words(vec!["state", "members", "type", "epoch"]));
                return None;
            }
        }
    }
    (!first).then_some(facts)
}
