//! What the printer writes is read as the same script, whatever the script says.

use std::sync::Arc;

use partita::error::Code;
use partita::ids::{BrokerId, TopicPartition};
use partita::lang::{Both, Lang};
use partita::script::*;
use partita::time::Instant;
use proptest::prelude::*;
use script_choices::Choices;

mod script_choices;

fn broker_ids(c: &mut Choices) -> Vec<BrokerId> {
    let mut all = c.some(Choices::broker);
    all.sort();
    all.dedup();
    all
}

fn condition(c: &mut Choices) -> Condition {
    let consumer: Arc<str> = Arc::from("c 1");
    let (partition, count) = (c.partition(), c.count());
    match c.byte() % 24 {
        0 => Condition::Isr { partition, brokers: broker_ids(c) },
        1 => Condition::Elr { partition, brokers: if c.yes() { Vec::new() } else { broker_ids(c) } },
        2 => Condition::Leader { partition, broker: c.maybe(Choices::broker) },
        3 => Condition::Broker { broker: c.broker(), up: c.yes() },
        4 => Condition::Partitions { topic: c.name(), count },
        5 => Condition::NoTopic { topic: c.name() },
        6 => Condition::Group { group: c.name(), facts: c.facts() },
        7 => Condition::ShareGroup { group: c.name(), facts: c.facts() },
        8 => Condition::Assignment { client: consumer, partitions: c.partition_set() },
        9 => Condition::AssignedCount { client: consumer, count },
        10 => Condition::Callbacks { client: consumer, count },
        11 => Condition::Generation { client: consumer, generation: c.of(&[-1, 0, 7]) },
        12 => Condition::Count { client: consumer, count },
        13 => Condition::Sent { client: Arc::from("p1") },
        14 => Condition::Latest { partition, offset: count },
        15 => Condition::Lso { partition, offset: count },
        16 => Condition::Earliest { partition, offset: count },
        17 => Condition::LogEnd { partition, place: c.place(), offset: count },
        18 => Condition::Segments { partition, place: c.place(), count },
        19 => Condition::Batches { partition, count },
        20 => Condition::RecordsInLog { partition, count },
        21 => Condition::Committed { group: c.name(), partition, offset: c.maybe(Choices::count) },
        _ => Condition::Transaction { id: c.name(), state: c.name() },
    }
}

const CONSUMER_CALLS: u8 = 24;

fn consumer_call(c: &mut Choices) -> Call {
    let some = |c: &mut Choices| c.some(Choices::partition);
    let timeout_ms = c.maybe(Choices::count);
    let show = c.of(&[ShowRecords::All, ShowRecords::Offsets, ShowRecords::Count, ShowRecords::Total]);
    match c.byte() % CONSUMER_CALLS {
        0 => Call::Close {
            timeout_ms,
            operation: c.of(&[None, Some(CloseOperation::LeaveGroup), Some(CloseOperation::RemainInGroup)]),
        },
        1 => Call::Exit,
        2 => Call::Subscribe(Subscription::Topics(c.some(Choices::name))),
        3 => Call::Subscribe(Subscription::Pattern(c.text())),
        4 => Call::Subscribe(Subscription::Re2j(c.text())),
        5 => Call::Unsubscribe,
        6 => Call::Assign(c.any(Choices::partition)),
        7 => {
            let goal = match c.byte() % 4 {
                0 => PollGoal::Records(c.below(100) as u32 + 1),
                1 => PollGoal::ForMs(c.count()),
                2 => PollGoal::Times(c.below(100) as u32 + 1),
                _ => PollGoal::Assigned(c.partition_set()),
            };
            let timeout_ms = timeout_ms.filter(|_| !matches!(goal, PollGoal::ForMs(_)));
            Call::Poll(Poll { goal, timeout_ms, show })
        }
        8 => {
            if c.yes() {
                Call::Loop
            } else {
                Call::StopLoop
            }
        }
        9 => Call::Records { show },
        10 => Call::Callbacks,
        11 => {
            let (metadata, metadata_size) = if c.yes() { (c.maybe(Choices::text), None) } else { (None, Some(4097)) };
            let (asynchronous, offsets) = (c.yes(), c.any(Choices::offsets));
            Call::Commit(Commit { asynchronous, offsets, metadata, metadata_size, timeout_ms })
        }
        12 => Call::Seek(c.some(Choices::offsets)),
        13 => Call::SeekToBeginning(some(c)),
        14 => Call::SeekToEnd(some(c)),
        15 => Call::Position { partitions: some(c), timeout_ms },
        16 => Call::Committed { partitions: some(c), timeout_ms },
        17 => {
            if c.yes() {
                Call::Pause(some(c))
            } else {
                Call::Resume(some(c))
            }
        }
        18 => Call::CurrentLag(some(c)),
        19 => {
            if c.yes() {
                Call::EndOffsets(some(c))
            } else {
                Call::BeginningOffsets(some(c))
            }
        }
        20 => Call::OffsetsForTimes(c.some(Choices::offsets)),
        21 => {
            if c.yes() {
                Call::Assignment
            } else {
                Call::Generation
            }
        }
        22 => Call::EnforceRebalance,
        _ => Call::PartitionsFor(c.name()),
    }
}

fn producer_call(c: &mut Choices) -> Call {
    match c.byte() % 7 {
        0 => Call::Flush,
        1 => Call::Outcomes,
        2 => Call::Init,
        3 => Call::Begin,
        4 => Call::CommitTransaction,
        5 => Call::Abort,
        _ => Call::SendOffsets {
            consumer: Arc::from("c 1"),
            offsets: c.any(Choices::offsets),
            generation: c.maybe(|c| c.of(&[-1, 7, i32::MIN])),
            member: c.yes(),
        },
    }
}

/// An administrator names a partition once.
fn distinct(offsets: Vec<(TopicPartition, i64)>) -> Vec<(TopicPartition, i64)> {
    let mut out: Vec<(TopicPartition, i64)> = Vec::new();
    for (partition, offset) in offsets {
        if out.iter().all(|(other, _)| *other != partition) {
            out.push((partition, offset));
        }
    }
    out
}

fn admin(c: &mut Choices) -> AdminStatement {
    let partition = c.partition();
    let plain_topic = Arc::from("orders");
    match c.byte() % 18 {
        0 => AdminStatement::Describe(Described::Topic(c.name())),
        1 => AdminStatement::Describe(Described::Group { group: c.name(), shape: c.yes() }),
        2 => AdminStatement::Describe(Described::ShareGroup(c.name())),
        3 => AdminStatement::Describe(Described::ShareOffsets(c.name())),
        4 => AdminStatement::Describe(Described::Transaction(c.name())),
        5 => AdminStatement::Describe(Described::Producers(partition)),
        6 => AdminStatement::Describe(Described::Config { topic: c.name(), names: c.some(Choices::name) }),
        7 => AdminStatement::ListOffsets {
            topic: plain_topic,
            partition: c.maybe(|c| c.of(&[0, 7])),
            spec: c.of(&[OffsetSpec::Latest, OffsetSpec::Earliest, OffsetSpec::MaxTimestamp, OffsetSpec::Timestamp(5)]),
            read_committed: c.yes(),
            timeout_ms: c.maybe(Choices::count),
        },
        8 => AdminStatement::GroupOffsets { group: c.name() },
        9 => AdminStatement::DumpLog { partition, broker: c.maybe(Choices::broker), sizes: c.yes(), records: c.yes() },
        10 => AdminStatement::DumpGroup { group: c.name(), broker: c.maybe(Choices::broker) },
        11 => AdminStatement::DeleteRecords { partition, offset: c.of(&[-1, 0, 100]) },
        12 => AdminStatement::AddPartitions { topic: c.name(), total: c.below(100) as u32 + 1 },
        13 => {
            let what = match c.byte() % 4 {
                0 => Altered::Topic(c.name()),
                1 => Altered::Group(c.name()),
                2 => Altered::Broker(c.broker()),
                _ => Altered::AllBrokers,
            };
            AdminStatement::Alter { what, properties: c.properties() }
        }
        14 => {
            if c.yes() {
                AdminStatement::DeleteTopic { topic: c.name() }
            } else {
                AdminStatement::DeleteGroup { group: c.name() }
            }
        }
        15 => AdminStatement::AlterOffsets { group: c.name(), offsets: distinct(c.some(Choices::offsets)) },
        16 => {
            if c.yes() {
                AdminStatement::DeleteOffsets { group: c.name(), partition }
            } else {
                AdminStatement::RemoveMember { group: c.name(), instance: c.name() }
            }
        }
        _ => AdminStatement::ElectLeaders { election: c.of(&[Election::Preferred, Election::Unclean]), partition },
    }
}

fn fault(c: &mut Choices) -> Fault {
    let asker = |c: &mut Choices| {
        let broker = |c: &mut Choices| NamedProcess::Node(ClusterNode::Broker(c.broker()));
        c.maybe(|c| if c.yes() { NamedProcess::Client(Arc::from("p1")) } else { broker(c) })
    };
    match c.byte() % 16 {
        0 => Fault::Stop(c.node()),
        1 => Fault::Crash(c.node()),
        2 => Fault::Start { node: c.node(), wait: c.yes() },
        3 => Fault::Kill { client: Arc::from("c 1") },
        4 => Fault::PauseProcess(c.process()),
        5 => Fault::ResumeProcess(c.process()),
        6 => Fault::DropResponse { broker: c.broker(), api: c.api(), nth: c.below(9) as u32 + 1, asker: asker(c) },
        7 => {
            let error = c.of(&Code::ALL[..40]);
            let error = if error.is_ok() { Code::from_name("NOT_LEADER_OR_FOLLOWER").unwrap() } else { error };
            Fault::AnswerError {
                broker: c.broker(),
                api: c.api(),
                error,
                times: c.below(9) as u32 + 1,
                asker: asker(c),
            }
        }
        8 => Fault::PauseCluster,
        9 => Fault::ResumeCluster,
        10 => Fault::Cut(c.link()),
        11 => Fault::SlowLink { link: c.link(), ms: c.below(60_000) as u32 + 1 },
        12 => Fault::Mend(c.link()),
        13 => Fault::Hold { from: c.process(), to: c.process(), api: c.api(), nth: c.below(9) as u32 + 1 },
        14 => Fault::Release { from: c.process(), to: c.process() },
        _ => Fault::Slow { client: Arc::from("c 1"), process_us: c.count() },
    }
}

fn send(c: &mut Choices) -> Send {
    Send {
        client: Arc::from("p1"),
        topic: c.name(),
        mode: c.of(&[SendMode::FireAndForget, SendMode::Sync, SendMode::Async]),
        key: c.maybe(Choices::payload),
        value: c.maybe(Choices::value),
        partition: c.maybe(|c| c.of(&[-1, 0, i32::MAX])),
        timestamp: c.maybe(Choices::timestamp),
        headers: c.any(Choices::header),
        times: c.below(1_000_000) as u32 + 1,
        show: c.of(&[
            ShowOutcomes::All,
            ShowOutcomes::Spread,
            ShowOutcomes::Distinct,
            ShowOutcomes::Thrown,
            ShowOutcomes::Nothing,
        ]),
    }
}

fn produce_loop(c: &mut Choices) -> ProduceLoop {
    ProduceLoop {
        client: Arc::from("p1"),
        topic: c.name(),
        pace: if c.yes() {
            Pace::PerSecond(c.below(1_000_000) as u32 + 1)
        } else {
            Pace::IntervalMs(c.below(9999) as u32)
        },
        count: c.maybe(|c| c.count().max(1)),
        key: c.maybe(Choices::payload),
        keys: c.maybe(|c| c.below(1000) as u32 + 1),
        value: c.maybe(Choices::value),
        mode: c.of(&[SendMode::FireAndForget, SendMode::Sync, SendMode::Async]),
        partition: c.maybe(|c| c.of(&[-1, 0, i32::MAX])),
        timestamp: c.maybe(Choices::timestamp),
        headers: c.any(Choices::header),
    }
}

fn consume_loop(c: &mut Choices) -> ConsumeLoop {
    ConsumeLoop {
        client: Arc::from("c 1"),
        poll_ms: c.count(),
        process_us: c.count(),
        commit: c.of(&[CommitMode::Auto, CommitMode::Sync, CommitMode::Async, CommitMode::None]),
        every: c.of(&[CommitEvery::Batch, CommitEvery::Record]),
    }
}

fn topic(c: &mut Choices) -> NewTopic {
    let replicas = c.maybe(|c| c.some(|c| c.of(&[&[1][..], &[2, 1], &[9, 3, 2]]).to_vec()));
    let said = replicas.is_none();
    NewTopic {
        name: c.name(),
        partitions: c.maybe(|c| c.below(100) as u32 + 1).filter(|_| said),
        replication_factor: c.maybe(|c| c.below(9) as u32 + 1).filter(|_| said),
        replicas,
        properties: if c.yes() { Vec::new() } else { c.properties() },
    }
}

fn setting(c: &mut Choices) -> Setting {
    let target = match c.byte() % 4 {
        0 => SettingTarget::Cluster,
        1 => SettingTarget::Broker(c.broker()),
        2 => SettingTarget::Topic(c.name()),
        _ => SettingTarget::Client(Arc::from("c 1")),
    };
    Setting { target, properties: c.properties(), from: c.of(&[SettingFrom::Start, SettingFrom::Now]) }
}

const STATEMENTS: u8 = 20;

/// Both texts of a chapter, alike or not.
fn titles(c: &mut Choices) -> Both<Arc<str>> {
    let en: Arc<str> = Arc::from(format!("a=b{}", c.text()).chars().take(40).collect::<String>());
    let ko = if c.yes() { en.clone() } else { Arc::from(format!("{}가", c.count())) };
    Both { en, ko }
}

fn statement(variant: u8, c: &mut Choices) -> Statement {
    let timeout_ms = c.maybe(Choices::count);
    match variant {
        0 => Statement::Nothing,
        1 => Statement::Topic(topic(c)),
        2 => {
            let kind = c.of(&[ClientKind::Producer, ClientKind::Consumer, ClientKind::ShareConsumer]);
            // Only a consumer has a rebalance listener: elsewhere `on-revoked` is read as a property that Kafka does not know.
            let commit_on_revoked = kind == ClientKind::Consumer && c.yes();
            Statement::Client(NewClient { id: c.name(), kind, properties: c.properties(), commit_on_revoked })
        }
        3 => Statement::Send(send(c)),
        4 => Statement::Call { client: Arc::from("c 1"), call: consumer_call(c) },
        5 => Statement::Call { client: Arc::from("p1"), call: producer_call(c) },
        6 => {
            let (partition, offsets) = (c.partition(), c.some(|c| c.below(99) as i64));
            let how = c.of(&[
                Acknowledgement::Accept,
                Acknowledgement::Release,
                Acknowledgement::Reject,
                Acknowledgement::Renew,
            ]);
            Statement::Call { client: Arc::from("s1"), call: Call::Acknowledge { how, partition, offsets } }
        }
        7 => Statement::ProduceLoop(produce_loop(c)),
        8 => Statement::ConsumeLoop(consume_loop(c)),
        9 => Statement::Admin(admin(c)),
        10 => Statement::Fault(fault(c)),
        11 => Statement::Wait(Wait { condition: condition(c), timeout_ms }),
        12 => match c.yes() {
            true => {
                Statement::RunUntil(Wait { condition: Condition::Acknowledged { client: Arc::from("p1") }, timeout_ms })
            }
            false => Statement::RunUntil(Wait { condition: condition(c), timeout_ms }),
        },
        13 => Statement::RunUntilInstant(Instant(c.below(Instant::END.micros() + 1))),
        14 => Statement::Step(c.below(1000) as u32 + 1),
        15 => Statement::Sleep(c.below(MAX_MS + 1)),
        16 => Statement::Set(setting(c)),
        17 => Statement::Code(PastedCode {
            client: Arc::from("p1"),
            // Its parts stand within it.
            text: Arc::from(format!("x{}{}", c.text(), "\nx".repeat(6))),
            kotlin: c.yes(),
            parts: CodePart::ALL.iter().filter(|_| c.yes()).map(|(_, part)| (*part, 7)).collect(),
        }),
        18 => {
            let says = if c.yes() { titles(c) } else { Both::default() };
            Statement::Chapter(Chapter { title: titles(c), says, follows: c.maybe(|_| Arc::from("p1")) })
        }
        _ => Statement::Try(Try { label: titles(c), line: Arc::from("sleep 5"), instead: None }),
    }
}

fn line(statement: Statement, c: &mut Choices) -> Line {
    let nothing = statement == Statement::Nothing;
    let of_wait = matches!(statement, Statement::Wait(_) | Statement::RunUntil(_) | Statement::RunUntilInstant(_));
    let moves = c.maybe(|c| c.below(MAX_RUN_MOVES + 1));
    let anchor = c.maybe(|c| Anchor { at: Instant(c.below(Instant::END.micros() + 1)), moves }).filter(|_| !nothing);
    let comment = c.maybe(|c| Arc::from(format!("#{}", c.text().replace('\n', "").trim()))).filter(|_| !of_wait);
    let mut line = Line::made(5, anchor, Arc::new(statement));
    line.messages = nothing || of_wait || c.yes();
    line.comment = comment;
    line.text = Arc::from(print_line(&line));
    line
}

fn cluster(c: &mut Choices) -> NewCluster {
    NewCluster {
        brokers: 9,
        seed: c.maybe(Choices::count),
        start_ms: c.maybe(|c| c.of(&[0, 1_767_225_600_000, 1_767_225_600_123, 253_402_300_799_999])),
        hop_us: c.maybe(|c| 1 + c.below(60_000_000) as u32),
        features: c.any(|_| Property::new("transaction.version", "1")),
        separate_controller: c.yes(),
        properties: if c.yes() { Vec::new() } else { c.properties() },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn print_then_parse_is_the_same(variant in 0..STATEMENTS, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut choices = Choices(&bytes);
        let clients = "producer p1\nconsumer \"c 1\"\nshare-consumer s1\n";
        let cluster = Line::made(1, None, Arc::new(Statement::Cluster(cluster(&mut choices))));
        let made = statement(variant, &mut choices);
        let line = line(made, &mut choices);
        let text = format!("{}\n{clients}{}\nstep\n", cluster.text, line.text);
        let (script, errors) = parse(&text);
        prop_assert_eq!(errors.iter().map(|e| e.sentence(Lang::En)).collect::<Vec<_>>(), Vec::<String>::new());
        prop_assert_eq!(&*script.lines[0], &cluster);
        prop_assert_eq!(&*script.lines[4], &line);
        let first = line.text.split(' ').find(|word| !word.starts_with('@')).unwrap_or("");
        prop_assert!(first == line.statement.verb() || *line.statement == Statement::Nothing);
        let printed = print(&script);
        prop_assert_eq!(parse(&printed), (script, vec![]), "{}", printed);
        prop_assert_eq!(printed, text);
    }

    #[test]
    fn nothing_panics(text in "(cluster|send|wait|run until|topic|set|@5|poll|%|# about:|\"|\\\\|=|\n| |#|t-0|p1|\\PC){0,40}") {
        let (script, errors) = parse(&text);
        for error in &errors {
            prop_assert!(error.line >= 1 && error.column >= 1);
            prop_assert!(!error.sentence(Lang::Ko).is_empty());
        }
        let (again, broken) = parse(&print(&script));
        prop_assert!(again.lines.len() + broken.len() <= script.lines.len() + broken.len());
        stored::decode(&text);
    }
}
