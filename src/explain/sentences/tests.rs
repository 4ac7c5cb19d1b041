//! Every kind of event, in every shape that has sentences of its own.

use crate::error::{Code, Failure};
use crate::event::*;
use crate::explain::{Context, narrate, plain};
use crate::ids::*;
use crate::lang::Lang;
use crate::time::Instant;
use crate::wire::Api;

pub(super) const P: PartitionNo = PartitionNo { topic: TopicNo(0), partition: 1 };
pub(super) const C: ClientId = ClientId(1);
pub(super) const G: GroupNo = GroupNo(0);
pub(super) const B: BrokerId = BrokerId(2);
pub(super) const R: RecordId = RecordId { client: C, number: 1034 };
pub(super) const BATCH: BatchId = BatchId { client: C, number: 311 };
pub(super) const CON: ConnectionId = ConnectionId::of_client(C, 3);
pub(super) const ID: i32 = 1217;
const WORDS: ExceptionNo = ExceptionNo(1);
const LATER: Instant = Instant(123_456_700);

pub(super) fn names() -> Names {
    let mut names = Names::default();
    names.add_client(&"admin".into(), false);
    names.add_client(&"producer-1".into(), true);
    names.intern_topic(&"orders".into());
    names.intern_group(&"billing".into());
    // Sentences are measured without the words, which are Java's and may be long.
    assert_eq!(names.intern_exception("TimeoutException", &"".into()), WORDS);
    names
}

const CALLS: [CallKind; 22] = [
    CallKind::Send,
    CallKind::Flush,
    CallKind::Close,
    CallKind::PartitionsFor,
    CallKind::Subscribe,
    CallKind::Unsubscribe,
    CallKind::Assign,
    CallKind::Poll,
    CallKind::CommitSync,
    CallKind::CommitAsync,
    CallKind::Seek,
    CallKind::SeekToBeginning,
    CallKind::SeekToEnd,
    CallKind::Position,
    CallKind::Committed,
    CallKind::Pause,
    CallKind::Resume,
    CallKind::BeginningOffsets,
    CallKind::EndOffsets,
    CallKind::OffsetsForTimes,
    CallKind::CurrentLag,
    CallKind::EnforceRebalance,
];
const STATES: [GroupState; 5] = [
    GroupState::Empty,
    GroupState::PreparingRebalance,
    GroupState::CompletingRebalance,
    GroupState::Stable,
    GroupState::Dead,
];
const HOW: [CommitHow; 3] = [CommitHow::Auto, CommitHow::Sync, CommitHow::Async];
pub(super) const LONG: Code = Code::TransactionCoordinatorFenced;

fn calls_and_sends() -> Vec<EventKind> {
    use EventKind::*;
    let mut all = Vec::new();
    for kind in CALLS {
        all.push(CallStarted { client: C, call: CallId(1), kind });
        for (ok, exception) in [(true, ExceptionNo::NONE), (false, WORDS), (false, ExceptionNo::NONE)] {
            all.push(CallReturned { client: C, call: CallId(1), kind, ok, exception });
        }
    }
    for count in [1, 12] {
        all.push(RecordsProcessed { client: C, partition: P, first: 12, last: 11 + u64::from(count), count });
    }
    for partition in [-1, 1] {
        all.push(SendCalled { record: R, topic: TopicNo(0), partition });
    }
    all.push(MetadataAwaited { client: C, topic: TopicNo(0) });
    all.push(Serialized { record: R, key_bytes: 3, value_bytes: 1_048_576 });
    all.push(Serialized { record: R, key_bytes: -1, value_bytes: -1 });
    let by = [
        PartitionedBy::Explicit,
        PartitionedBy::Key { hash: -1_187_124_670 },
        PartitionedBy::Sticky,
        PartitionedBy::RoundRobin,
    ];
    for by in by {
        all.push(Partitioned { record: R, topic: TopicNo(0), partition: 1, partitions: 3, by });
    }
    all.push(MemoryAwaited { record: R, bytes: 16_384, available: 1_024 });
    for (new_batch, full) in [(true, false), (false, true), (false, false), (true, true)] {
        all.push(Appended { record: R, batch: BATCH, partition: P, index: 0, bytes: 16_384, new_batch, full });
    }
    for thrown in [true, false] {
        for exception in [ExceptionNo::NONE, WORDS] {
            all.push(SendFailed { record: R, why: Failure::Code(Code::MessageTooLarge), thrown, exception });
        }
    }
    all
}

fn batches() -> Vec<EventKind> {
    use EventKind::*;
    let mut all = Vec::new();
    let why = [
        ReadyWhy::Full,
        ReadyWhy::Linger,
        ReadyWhy::Exhausted,
        ReadyWhy::Flush,
        ReadyWhy::Close,
        ReadyWhy::SameBroker,
        ReadyWhy::Retry,
    ];
    for why in why {
        all.push(BatchReady { batch: BATCH, partition: P, records: 12, bytes: 16_384, why });
    }
    for (attempt, sequence, records) in [(1, 1200, 12), (2, 12, 1), (3, -1, 4)] {
        all.push(BatchDrained {
            batch: BATCH,
            partition: P,
            broker: B,
            correlation_id: ID,
            attempt,
            sequence,
            records,
        });
    }
    all.push(BatchSplit { batch: BATCH, partition: P, into: 2 });
    all.push(BatchRetried { batch: BATCH, partition: P, attempt: 1, backoff_ms: 93, code: LONG });
    all.push(BatchExpired { batch: BATCH, partition: P, records: 12 });
    for why in [Failure::Code(LONG), Failure::Code(Code::NotLeaderOrFollower)] {
        all.push(BatchFailed { batch: BATCH, partition: P, records: 12, why });
    }
    for offset in [12, -1] {
        all.push(BatchAcknowledged { batch: BATCH, partition: P, base_offset: offset, records: 12 });
        all.push(RecordAcknowledged { record: R, partition: P, offset });
    }
    let why = Failure::Code(Code::OutOfOrderSequenceNumber);
    all.extend([ExceptionNo::NONE, WORDS].map(|exception| RecordFailed { record: R, partition: P, why, exception }));
    all.extend([true, false].map(|retried| ProducerIdRefused {
        client: C,
        code: Code::CoordinatorNotAvailable,
        retried,
    }));
    all.push(ProducerIdAssigned { client: C, producer_id: 1000, epoch: 0 });
    all.push(ProducerEpochBumped { client: C, producer_id: 1000, epoch: 1 });
    all
}

fn network() -> Vec<EventKind> {
    use EventKind::*;
    let (connection, broker, correlation_id) = (CON, B, ID);
    let mut all = vec![
        ConnectionOpening { connection, broker },
        ConnectionOpened { connection, broker },
        ConnectionRefused { connection, broker },
        ConnectionClosed { connection, broker, in_flight: 0, idle: true },
        ConnectionClosed { connection, broker, in_flight: 0, idle: false },
        ConnectionClosed { connection, broker, in_flight: 2, idle: false },
        MetadataUpdated { client: C },
        CoordinatorFound { client: C, broker },
        CoordinatorLost { client: C },
    ];
    let acceptor = Process::Broker(broker);
    for api in Api::ALL.iter().copied() {
        all.push(RequestSent { connection, acceptor, api, correlation_id, bytes: 157, arrives_at: LATER });
        all.push(RequestSent { connection, acceptor, api, correlation_id, bytes: 157, arrives_at: Instant::MAX });
        all.push(RequestArrived { connection, acceptor, api, correlation_id });
        all.push(ResponseSent { connection, acceptor, api, correlation_id, bytes: 157, arrives_at: LATER });
        all.push(ResponseSent { connection, acceptor, api, correlation_id, bytes: 157, arrives_at: Instant::MAX });
        all.push(ResponseArrived { connection, acceptor, api, correlation_id });
        all.push(RequestTimedOut { connection, broker, api, correlation_id });
    }
    all
}

fn cluster() -> Vec<EventKind> {
    use EventKind::*;
    let (partition, broker, connection, correlation_id) = (P, B, CON, ID);
    let mut all = Vec::new();
    for records in [1, 12] {
        all.push(BatchAppended { partition, broker, connection, correlation_id, base_offset: 1200, records });
    }
    all.push(DuplicateFound { partition, broker, connection, correlation_id, base_offset: 12, sequence: 12 });
    for code in [LONG, Code::NotEnoughReplicas] {
        all.push(AppendRefused { partition, broker, connection, correlation_id, code });
    }
    all.push(HighWatermarkMoved { partition, broker, offset: 15 });
    all.push(RecordsDeleted { partition, broker, offset: 15 });
    all.push(FetchParked { broker, connection, correlation_id, until: LATER });
    for bytes in [0, 16_384] {
        all.push(FetchAnswered { broker, connection, correlation_id, bytes });
    }
    for why in [CreatedWhy::Asked, CreatedWhy::Automatic, CreatedWhy::Internal] {
        all.push(TopicCreated { topic: TopicNo(0), partitions: 3, why });
    }
    all.push(PartitionsAdded { topic: TopicNo(0), partitions: 6 });
    all.push(TopicDeleted { topic: TopicNo(0) });
    all.extend(of_replicas(partition));
    all.push(BrokerRegistered { broker });
    all.extend(
        [FencedWhy::SessionExpired, FencedWhy::Stopping, FencedWhy::StartedAgain]
            .map(|why| BrokerFenced { broker, why }),
    );
    for from in STATES {
        for to in STATES {
            all.push(GroupStateChanged { group: G, broker, from, to });
        }
    }
    all.push(MemberIdGiven { group: G, client: C });
    all.extend([1, 4].map(|members| MemberJoined { group: G, client: C, members }));
    let gone = [
        MemberGone::Left,
        MemberGone::SessionExpired,
        MemberGone::NotRejoined,
        MemberGone::NotSynced,
        MemberGone::Replaced,
        MemberGone::Removed,
    ];
    for why in gone {
        all.push(MemberRemoved { group: G, client: C, why, members: 3 });
    }
    all.push(MemberRemoved { group: G, client: C, why: MemberGone::Left, members: 0 });
    all.push(GenerationStarted { group: G, generation: 5, members: 4, leader: C });
    all.push(AssignmentStored { group: G, generation: 5 });
    all.push(OffsetCommitted { group: G, client: C, partition, offset: 12 });
    for code in [LONG, Code::UnknownMemberId, Code::IllegalGeneration] {
        all.push(OffsetCommitRefused { group: G, client: C, code });
    }
    all.push(GroupLoaded { group: G, broker, generation: 5, members: 4 });
    all
}

fn consumers() -> Vec<EventKind> {
    use EventKind::*;
    let (client, group, partition) = (C, G, P);
    let mut all = vec![RecordsReturned { client, partition, first: 1200, position: 1212, count: 12 }];
    for records in [0, 1, 12] {
        all.push(PollReturned { client, call: CallId(1), records });
    }
    let why = [PositionWhy::Committed, PositionWhy::Seek, PositionWhy::Diverged];
    let resets =
        [ResetWhy::NothingCommitted, ResetWhy::NoGroup, ResetWhy::OutOfRange, ResetWhy::Asked, ResetWhy::Diverged];
    let resets = resets
        .into_iter()
        .flat_map(|why| [PositionWhy::Earliest(why), PositionWhy::Latest(why), PositionWhy::ByDuration(why)]);
    for why in why.into_iter().chain(resets) {
        all.extend([0, 1200].map(|offset| PositionSet { client, partition, offset, why }));
    }
    all.push(JoinStarted { client, group });
    for leads in [true, false] {
        all.push(Joined { client, group, generation: 5, leads });
    }
    for (members, partitions) in [(4, 3), (2, 3)] {
        all.push(AssignmentComputed { client, group, members, partitions });
    }
    for partitions in [0, 1, 2] {
        all.push(PartitionsAssigned { client, group, generation: 5, partitions });
        all.push(PartitionsRevoked { client, group, partitions });
        all.push(PartitionsLost { client, group, partitions });
    }
    for yes in [true, false] {
        all.push(OwnerChanged { client, partition, owned: yes });
        all.push(ConsumerPaused { client, partition, paused: yes });
    }
    for code in [Code::None, Code::RebalanceInProgress, Code::UnknownMemberId] {
        all.push(HeartbeatAnswered { client, group, code });
    }
    for how in HOW {
        all.push(CommitStarted { client, group, how, partitions: 3 });
        all.push(CommitSucceeded { client, group, how });
        for retried in [true, false] {
            all.push(CommitFailed { client, group, how, code: Code::CoordinatorLoadInProgress, retried });
        }
    }
    all.push(PollIntervalExceeded { client, group });
    all.push(SessionLost { client, group });
    all.push(LeaveSent { client, group });
    all
}

fn hand() -> Vec<EventKind> {
    use EventKind::*;
    let (client, broker, connection, correlation_id) = (C, B, CON, ID);
    let why = Failure::Code(Code::TopicAlreadyExists);
    let mut all = vec![
        AdminRefused { api: Api::CreateTopics, why, exception: WORDS },
        AdminRefused { api: Api::OffsetDelete, why: Failure::Code(Code::RequestTimedOut), exception: WORDS },
        ChapterBegan { line: 12, follows: None },
        ScriptStopped { line: 12 },
        ScriptStopped { line: 0 },
        ConstructorThrew { line: 12, consumer: true, exception: WORDS },
        ConstructorThrew { line: 0, consumer: false, exception: WORDS },
        ConstructorThrew { line: 3, consumer: false, exception: crate::ids::ExceptionNo::NONE },
        ClientClosed { client },
        ClientKilled { client, exited: false },
        ClientKilled { client, exited: true },
        BrokerCrashed { broker },
        BrokerStopped { broker },
        BrokerStarted { broker },
        ProcessingChanged { client, us_per_record: 400_000 },
    ];
    for yes in [true, false] {
        all.push(ClientStarted { client, consumer: yes });
        all.push(ProcessPaused { process: Process::Broker(broker), paused: yes });
        all.push(ProcessPaused { process: Process::Client(client), paused: yes });
    }
    for code in [Code::None, LONG, Code::NotCoordinator] {
        all.push(FaultArmed { broker, api: Api::OffsetForLeaderEpoch, code });
        all.push(ErrorAnswered { connection, broker, api: Api::OffsetForLeaderEpoch, correlation_id, code });
    }
    all.push(ResponseDropped { connection, broker, api: Api::Produce, correlation_id });
    let (from, to, api) = (Process::Client(client), Process::Broker(broker), Api::OffsetForLeaderEpoch);
    for (both, waiting) in [(true, 0), (false, 12)] {
        all.push(ClusterPaused { paused: both });
        all.push(LinkCut { from, to, both });
        all.push(LinkSlowed { from, to: Process::Controller, both, ms: 60_000 });
        all.push(LinkMended { from, to, both, waiting });
        all.push(HoldReleased { from, to, waiting });
    }
    all.extend([HoldArmed { from, to, api }, MessageHeld { connection, from, to, api, correlation_id }]);
    all
}

fn every_kind() -> Vec<EventKind> {
    [calls_and_sends(), batches(), network(), cluster(), consumers(), hand()].concat()
}

pub(super) fn event(kind: EventKind) -> Event {
    Event { at: Instant(4_198_000), cause: EventId::NONE, kind }
}

#[test]
fn every_event_has_its_sentences_in_both_languages() {
    let names = names();
    let context = Context::of_names(&names);
    let mut long = Vec::new();
    for kind in every_kind() {
        let en = narrate(&context, EventId::NONE, &event(kind), Lang::En);
        let ko = narrate(&context, EventId::NONE, &event(kind), Lang::Ko);
        for (en, ko) in [(&en.happened, &ko.happened), (&en.meaning, &ko.meaning)] {
            // Else the page sets both sentences in small letters.
            long.extend([en, ko].into_iter().filter(|text| !text.fits_one_line()).map(|text| text.plain()));
            let (en, ko) = (en.plain(), ko.plain());
            assert!(!en.is_empty() && !ko.is_empty(), "{kind:?}");
            assert_ne!(en, ko, "{kind:?}");
            assert!(en.ends_with('.'), "{en}");
            assert!(!en.contains(['!', '{', '}', '*']) && !ko.contains(['!', '{', '}', '*']), "{en} {ko}");
            assert!(ko.chars().any(|c| ('가'..='힣').contains(&c)), "{ko}");
            assert!(!en.chars().any(|c| ('가'..='힣').contains(&c)), "{en}");
        }
        assert_eq!(en.why.is_empty(), ko.why.is_empty(), "{kind:?}");
        let chips = |text: &crate::explain::Spans| text.chips().map(|chip| chip.setting).collect::<Vec<_>>();
        assert_eq!(chips(&en.why), chips(&ko.why), "{kind:?}");
    }
    assert!(long.is_empty(), "too long:\n{}", long.join("\n"));
}

#[test]
fn chips_name_settings_that_exist_and_korean_has_no_particle_behind_them() {
    use crate::config::Side;
    use crate::explain::setting_of;
    let names = names();
    let context = Context::of_names(&names);
    for kind in every_kind() {
        for lang in [Lang::En, Lang::Ko] {
            let why = narrate(&context, EventId::NONE, &event(kind), lang).why;
            for chip in why.chips() {
                let known =
                    [Side::Producer, Side::Consumer].iter().any(|side| setting_of(*side, chip.setting).is_some());
                assert!(known, "{}", chip.setting);
            }
            if lang == Lang::Ko {
                for pair in why.spans().windows(2) {
                    if let (crate::explain::Span::Chip(_), crate::explain::Span::Words(after)) = (&pair[0], &pair[1]) {
                        assert!(after.starts_with([' ', ',', '.']), "{after}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_sentence_names_its_actor_with_the_right_particle() {
    let names = names();
    let context = Context::of_names(&names);
    let found = EventKind::DuplicateFound {
        partition: P,
        broker: B,
        connection: CON,
        correlation_id: 21,
        base_offset: 12,
        sequence: 12,
    };
    assert_eq!(
        plain(&names, &event(found)),
        "Broker 2 already holds sequence 12 of this producer, so it appends nothing."
    );
    let ko = narrate(&context, EventId::NONE, &event(found), Lang::Ko);
    assert_eq!(ko.happened.plain(), "브로커 2는 이 프로듀서의 시퀀스 12를 이미 갖고 있어 다시 쓰지 않습니다.");
    assert_eq!(ko.meaning.plain(), "새 배치를 받은 것처럼, 첫 번째 사본의 오프셋 orders-1@12로 응답합니다.");
    assert_eq!(ko.why.plain(), "중복 방지: enable.idempotence, 재시도: request.timeout.ms");
}

/// The files of the sentences, as they are written.
const FILES: [&str; 9] = [
    include_str!("broker.rs"),
    include_str!("consumer.rs"),
    include_str!("group.rs"),
    include_str!("hand.rs"),
    include_str!("identity.rs"),
    include_str!("network.rs"),
    include_str!("positions.rs"),
    include_str!("producer.rs"),
    include_str!("program.rs"),
];

/// A string literal at the start of a source text, and the text behind it.
fn literal(source: &str) -> (String, &str) {
    let source = source.trim_start().strip_prefix('"').expect("both languages are literals");
    let (mut said, mut rest) = (String::new(), source);
    loop {
        let at = rest.find(['"', '\\']).expect("a literal ends");
        said.push_str(&rest[..at]);
        match rest[at..].strip_prefix('\\') {
            // A line that goes on below.
            Some(escaped) if escaped.starts_with('\n') => rest = escaped.trim_start(),
            Some(escaped) => {
                said.extend(escaped.chars().next());
                rest = &escaped[1..];
            }
            None => return (said, &rest[at + 1..]),
        }
    }
}

/// A sentence that no event here is told with could have a slot that nothing fills.
#[test]
fn every_sentence_that_is_written_is_told_here() {
    let mut written = Vec::new();
    for file in FILES {
        for (at, _) in file.match_indices("text(") {
            let (en, rest) = literal(&file[at + "text(".len()..]);
            let (ko, _) = literal(rest.trim_start().strip_prefix(',').expect("both languages"));
            written.extend([en, ko]);
        }
    }
    assert!(written.len() > 400, "{}", written.len());
    let mut said: Vec<&str> = Vec::new();
    for kind in every_kind() {
        let told = super::told(kind);
        said.extend([told.happened, told.meaning, told.why].iter().flat_map(|text| [text.en, text.ko]));
        let slots = [told.happened, told.meaning, told.why].map(|text| [text.en, text.ko]);
        for slot in slots.as_flattened().iter().flat_map(|text| text.split('{').skip(1)) {
            let name = slot.split(['}', ':']).next().unwrap_or_default();
            let is_filled = name.starts_with('$') || told.args.iter().any(|(known, _)| *known == name);
            assert!(is_filled, "{kind:?}: {name}");
        }
    }
    let untold: Vec<&String> = written.iter().filter(|text| !said.contains(&text.as_str())).collect();
    assert!(untold.is_empty(), "{untold:#?}");
}

fn of_replicas(partition: PartitionNo) -> Vec<EventKind> {
    use EventKind::*;
    let elected = [
        ElectedWhy::Nobody,
        ElectedWhy::InSync,
        ElectedWhy::Preferred,
        ElectedWhy::Eligible,
        ElectedWhy::LastKnown,
        ElectedWhy::Unclean,
        ElectedWhy::Only,
        ElectedWhy::Still,
    ];
    let leader = |why| if why == ElectedWhy::Nobody { -1 } else { 2 };
    let mut all: Vec<_> =
        elected.map(|why| LeaderChanged { partition, leader: leader(why), epoch: 3, why }).into_iter().collect();
    let set = |ids: &[i32]| BrokerSet::of(&ids.iter().map(|id| BrokerId(*id)).collect::<Vec<_>>());
    let whys = [IsrWhy::Leader, IsrWhy::Fenced, IsrWhy::Unclean, IsrWhy::Elected, IsrWhy::Reassigned, IsrWhy::MinIsr];
    for why in whys {
        for (left, joined) in
            [(set(&[]), set(&[])), (set(&[1]), set(&[])), (set(&[]), set(&[2])), (set(&[1]), set(&[2, 3]))]
        {
            for eligible in [set(&[]), set(&[1, 4])] {
                all.push(IsrChanged { partition, leader: 2, isr: set(&[2, 3]), eligible, left, joined, why });
            }
        }
    }
    for (adding, removing) in [(set(&[1]), set(&[])), (set(&[]), set(&[2])), (set(&[1]), set(&[2]))] {
        all.push(ReassignmentBegan { partition, adding, removing });
    }
    all.extend([true, false].map(|done| ReassignmentEnded { partition, replicas: set(&[1, 2]), done }));
    all
}
