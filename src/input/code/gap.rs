//! What of a pasted program is not carried over, or otherwise than it stands there: each is said.

use crate::lang::Lang;
use crate::script::{MAX_CODE_BYTES, MAX_COUNT};

use super::super::said::{NONE, Said, SaidValue};
use super::limits::{LONGEST_POLL_MS, Limit, MAX_CLIENTS, MAX_OTHERS};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A call that stands in `catch`, a callback and such.
    Aside {
        call: String,
        aside: Aside,
    },
    /// A call under a condition.
    Conditional {
        call: String,
    },
    /// The same for a commit of a program that has no other.
    CommitsIf {
        call: String,
        /// Its listener commits as well.
        on_revoked: bool,
    },
    /// A commit that no poll is around.
    OutsideLoop {
        call: String,
    },
    /// A commit of another mode or rhythm than the first.
    SecondCommit {
        call: String,
        first: u32,
    },
    /// A send of another mode than the first.
    SecondMode {
        first: u32,
    },
    /// A pause in a loop around the one that sends.
    OuterPause {
        ms: u32,
    },
    /// A pause of a loop that reads which is not for each record.
    PollPause,
    /// A pause that no loop here can make.
    Pause,
    PauseNotKnown,
    /// A loop that sends without an end and without a pause.
    NoPause,
    /// The loop is left under a condition.
    EndsIf,
    /// `flush` behind what a program sends.
    NotFlushed,
    NotClosed,
    /// There is no loop around the poll.
    PolledOnce,
    /// A send under a condition; here it is done each time.
    SentIf,
    /// After each partition.
    EachPartition,
    /// Before the records are handled, which begins on that line.
    CommitsBefore {
        call: String,
        line: u32,
    },
    /// All that the poll returned, in the loop over its records.
    CommitsAllAtFirst {
        call: String,
    },
    /// Several times after each batch, or after each record.
    CommitsAgain {
        times: Option<u64>,
        each: bool,
    },
    /// The same, each time what the loop around it has at hand then: a partition of a list.
    CommitsInTurn {
        each: bool,
    },
    /// After polls that returned nothing, too.
    CommitsEmpty {
        call: String,
    },
    /// The record's own offset.
    OwnOffset,
    /// An exception of a call ends the loop: what catches it stands outside.
    EndsLoop {
        call: String,
    },
    /// Whether something is in a collection that some records are put into.
    HoldsSome,
    /// `seekToBeginning` before a group has given its member a partition.
    NothingAssigned {
        call: String,
        /// What does the same for a group that has no offsets yet.
        reset: &'static str,
    },
    /// The same for a partition that is named.
    NotAssigned {
        call: String,
    },
    /// A poll timeout longer than a script can say.
    LongPoll,
    /// The same for a pause, or for all the pauses of one record.
    LongPause,
    /// More records than a line of a script counts; `u64::MAX`: more than can be counted.
    ManyTimes {
        times: u64,
    },
    /// A text that is longer than a run keeps, so that none of its lines is shown as it runs.
    NotKept,
    /// A rebalance listener; of what it does only a `commitSync` when partitions are revoked is carried over.
    Listener {
        commits: bool,
    },
    /// A client that is made in a loop.
    MadeInLoop,
    /// The first client of a text beyond those that are looked at.
    TooManyClients,
    /// The first beyond those that are made beside the one that is chosen.
    TooManyOthers,
    /// A round or square bracket without its end.
    OpenBracket,
    /// More than is looked at, from here on.
    Beyond(Limit),
    /// A loop that goes round no time.
    NoRounds {
        call: String,
    },
    /// A topic that is subscribed to by a pattern.
    Pattern {
        pattern: String,
    },
    /// The same, for a client that runs already.
    RevokedOfOld,
    SpringTemplate,
    SpringListener {
        commit: SpringCommit,
    },
    SpringConcurrency {
        count: i64,
    },
    SpringManual,
    Framework {
        name: &'static str,
    },
}

/// What is not the way of a program that goes well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aside {
    Caught,
    Finally,
    Callback,
    /// `onPartitionsRevoked`
    Revoked,
    Listener,
    /// A shutdown hook.
    Hook,
}

/// After what Spring's container of listeners commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpringCommit {
    Batch,
    Record,
    /// When the method acknowledges.
    Manual,
}

impl SpringCommit {
    fn text(self, lang: Lang) -> &'static str {
        let (en, ko) = match self {
            SpringCommit::Batch => ("commits after each batch", "배치마다 커밋합니다"),
            SpringCommit::Record => ("commits after each record", "레코드마다 커밋합니다"),
            SpringCommit::Manual => ("commits when the method acknowledges", "메서드가 acknowledge할 때 커밋합니다"),
        };
        lang.pick(en, ko)
    }
}

impl Aside {
    fn text(self, lang: Lang) -> &'static str {
        let (en, ko) = match self {
            Aside::Caught => ("in `catch`", "`catch` 안에"),
            Aside::Finally => ("in `finally`", "`finally` 안에"),
            Aside::Callback => ("in a callback", "콜백 안에"),
            Aside::Revoked => ("in `onPartitionsRevoked`", "`onPartitionsRevoked` 안에"),
            Aside::Listener => ("in a rebalance listener", "리밸런스 리스너 안에"),
            Aside::Hook => ("in a shutdown hook", "종료 훅 안에"),
        };
        lang.pick(en, ko)
    }
}

impl Gap {
    pub(in crate::input) fn said(&self, lang: Lang) -> Said<'_> {
        match self {
            Gap::Aside { call, aside } => (
                "`{0}` stands {1}, so it is no part of the loop. It is left out.",
                "`{0}` 호출은 {1} 있어 루프에 들어가지 않습니다. 제외했습니다.",
                [call.into(), aside.text(lang).into()],
            ),
            Gap::Conditional { call } => (
                "`{0}` stands under a condition, which a program here cannot have. It is left out.",
                "`{0}` 호출은 조건 안에 있습니다. 여기의 프로그램에는 조건이 없어 제외했습니다.",
                [call.into(), NONE],
            ),
            Gap::OutsideLoop { call } => (
                "`{0}` stands outside of the loop that polls. It is left out; it can be called by hand.",
                "`{0}` 호출은 폴링하는 루프 밖에 있습니다. 제외했으며 직접 호출할 수 있습니다.",
                [call.into(), NONE],
            ),
            Gap::SecondCommit { call, first } => (
                "a program here commits in one way, that of line {0}. This `{1}` is left out.",
                "여기의 프로그램은 한 가지 방법, 곧 {0}행의 방법으로만 커밋합니다. 이 `{1}` 호출은 제외했습니다.",
                [(*first).into(), call.into()],
            ),
            Gap::SecondMode { first } => (
                "a program here sends in one way, that of line {0}. This `send` handles its result otherwise, and is left out.",
                "여기의 프로그램은 한 가지 방법, 곧 {0}행의 방법으로만 보냅니다. 이 `send`는 결과를 다르게 다루므로 제외했습니다.",
                [(*first).into(), NONE],
            ),
            Gap::OuterPause { ms } => (
                "this pause of {0} ms stands in the loop around the one that sends. It is left out: the program here sends without it.",
                "이 {0} ms 대기는 전송 루프를 감싼 루프에 있습니다. 제외했으며 여기서는 대기 없이 보냅니다.",
                [(*ms).into(), NONE],
            ),
            Gap::PollPause => (
                "this pause is one for each poll, not for each record. It is left out.",
                "이 대기는 레코드마다가 아니라 poll마다 있습니다. 제외했습니다.",
                [NONE, NONE],
            ),
            Gap::Pause => (
                "this pause stands in no loop that is carried over. It is left out.",
                "이 대기는 옮겨 온 루프에 있지 않습니다. 제외했습니다.",
                [NONE, NONE],
            ),
            Gap::PauseNotKnown => (
                "how long this pause is is known only when the program runs. It is left out.",
                "이 대기의 길이는 프로그램을 실행해야 알 수 있습니다. 제외했습니다.",
                [NONE, NONE],
            ),
            Gap::NoPause => (
                "this loop sends without a pause and without an end. The program here sends every 100 ms.",
                "이 루프는 쉬지 않고 끝없이 보냅니다. 여기서는 100 ms마다 보냅니다.",
                [NONE, NONE],
            ),
            Gap::EndsIf => (
                "the loop is left here under a condition. The loop here goes on until it is stopped.",
                "이 조건이 맞으면 루프에서 나갑니다. 여기의 루프는 멈출 때까지 계속합니다.",
                [NONE, NONE],
            ),
            Gap::NotFlushed => (
                "`flush` waits until all that was sent is answered. It is left out: the producer here sends all of it without that call, which can be made by hand.",
                "`flush` 호출은 보낸 것에 모두 응답이 올 때까지 기다립니다. 제외했습니다. 여기의 프로듀서는 그 호출 없이도 모두 보내며, 직접 호출할 수 있습니다.",
                [NONE, NONE],
            ),
            Gap::NotClosed => (
                "`close` is left out: the client here stays open when its program has ended. It can be closed by hand.",
                "`close` 호출은 제외했습니다. 여기의 클라이언트는 프로그램이 끝나도 열려 있으며, 직접 닫을 수 있습니다.",
                [NONE, NONE],
            ),
            Gap::PolledOnce => (
                "no loop is around this `poll`. The program here polls again and again until it is stopped.",
                "이 `poll`을 감싼 루프가 없습니다. 여기서는 멈출 때까지 계속 폴링합니다.",
                [NONE, NONE],
            ),
            Gap::SentIf => (
                "this `send` stands under a condition. The program here sends each time.",
                "이 `send`는 조건 안에 있습니다. 여기서는 매번 보냅니다.",
                [NONE, NONE],
            ),
            Gap::EachPartition => (
                "this commits after each partition. The program here commits after each batch.",
                "파티션마다 커밋합니다. 여기서는 배치마다 커밋합니다.",
                [NONE, NONE],
            ),
            Gap::CommitsIf { .. }
            | Gap::CommitsBefore { .. }
            | Gap::CommitsAllAtFirst { .. }
            | Gap::CommitsAgain { .. }
            | Gap::CommitsInTurn { .. }
            | Gap::CommitsEmpty { .. }
            | Gap::OwnOffset
            | Gap::EndsLoop { .. }
            | Gap::HoldsSome
            | Gap::NothingAssigned { .. }
            | Gap::NotAssigned { .. } => self.said_of_readers(lang),
            Gap::LongPoll => (
                "this poll waits longer than a line of a program here can say. The program here waits {0} ms at most.",
                "이 poll은 여기의 프로그램에 적을 수 있는 것보다 오래 기다립니다. 여기서는 최대 {0} ms를 기다립니다.",
                [LONGEST_POLL_MS.into(), NONE],
            ),
            Gap::LongPause => (
                "this pause is longer than a line of a program here can say. The program here pauses for {0} ms at most.",
                "이 대기는 여기의 프로그램에 적을 수 있는 것보다 깁니다. 여기서는 최대 {0} ms를 쉽니다.",
                [LONGEST_POLL_MS.into(), NONE],
            ),
            // What cannot be counted.
            Gap::ManyTimes { times: u64::MAX } => (
                "this sends more than {0} times. A line of a program here counts to that at most, and the program here sends that many.",
                "{0}번보다 많이 보냅니다. 여기의 프로그램에 적을 수 있는 횟수는 그만큼까지이므로 여기서는 {0}번만 보냅니다.",
                [MAX_COUNT.into(), NONE],
            ),
            Gap::ManyTimes { times } => (
                "this sends {0} times. A line of a program here counts to {1} at most, and the program here sends that many.",
                "{0}번 보냅니다. 여기의 프로그램에 적을 수 있는 횟수는 최대 {1}번이므로 여기서는 그만큼만 보냅니다.",
                [(*times).into(), MAX_COUNT.into()],
            ),
            Gap::NotKept => (
                "the text has more than the {0} bytes that a run keeps: the program runs, but its own lines are not shown as they run.",
                "텍스트가 실행이 보관하는 최대 {0}바이트보다 깁니다. 프로그램은 실행하지만 실행 중인 줄을 원래 텍스트에서 보여 주지는 못합니다.",
                [(MAX_CODE_BYTES as u64).into(), NONE],
            ),
            Gap::MadeInLoop => (
                "this client is made in a loop, so there are several. This makes one of them; make the others likewise.",
                "이 클라이언트는 루프 안에서 만들어져 여러 개가 됩니다. 여기서는 하나만 만드니 나머지도 똑같이 만드세요.",
                [NONE, NONE],
            ),
            Gap::TooManyClients => (
                "at most {0} clients of a text are looked at. This one and those behind it are left out.",
                "텍스트 하나에서 클라이언트를 최대 {0}개까지 봅니다. 이 클라이언트부터는 제외했습니다.",
                [(MAX_CLIENTS as u64).into(), NONE],
            ),
            Gap::TooManyOthers => (
                "at most {0} clients of a text are made beside the one that is chosen. This one and those behind it are left out; paste the text again for them.",
                "고른 클라이언트 말고 최대 {0}개까지 함께 만듭니다. 이 클라이언트부터는 제외했습니다. 텍스트를 다시 붙여 넣어 만들 수 있습니다.",
                [(MAX_OTHERS as u64).into(), NONE],
            ),
            Gap::OpenBracket => (
                "a bracket that is not closed. What stands behind it in the statement is passed over.",
                "닫히지 않은 괄호입니다. 그 문장에서 괄호 뒤에 있는 것은 읽지 않았습니다.",
                [NONE, NONE],
            ),
            Gap::Beyond(limit) => (
                "too many {0}: at most {1} are looked at. What goes beyond that here is left out.",
                "{0}: 너무 많습니다. 최대 {1}개까지 보며, 여기서 그보다 더 있는 것은 제외했습니다.",
                [limit.text(lang).into(), limit.most().into()],
            ),
            Gap::NoRounds { call } => (
                "the loop around this `{0}` goes round no time. It is left out.",
                "이 `{0}` 호출을 감싼 루프는 한 번도 돌지 않습니다. 제외했습니다.",
                [call.into(), NONE],
            ),
            Gap::Pattern { pattern } => (
                "subscribing by a pattern (`{0}`) is not played here. Choose a topic for it.",
                "패턴(`{0}`) 구독은 여기서 실행하지 않습니다. 토픽을 고르세요.",
                [pattern.into(), NONE],
            ),
            Gap::Listener { commits: true } => (
                "of this rebalance listener only the `commitSync` in `onPartitionsRevoked` is carried over, as `on-revoked=commit-sync`.",
                "이 리밸런스 리스너에서는 `onPartitionsRevoked`의 `commitSync`만 `on-revoked=commit-sync`로 옮깁니다.",
                [NONE, NONE],
            ),
            Gap::Listener { commits: false } => {
                ("the rebalance listener is left out.", "리밸런스 리스너는 제외했습니다.", [NONE, NONE])
            }
            _ => self.said_of_frameworks(lang),
        }
    }

    fn said_of_readers(&self, lang: Lang) -> Said<'_> {
        match self {
            Gap::CommitsIf { call, on_revoked: true } => (
                "`{0}` stands under a condition, which a program here cannot have. It is left out: the program here commits in its rebalance listener and by `enable.auto.commit`.",
                "`{0}` 호출은 조건 안에 있는데, 여기의 프로그램에는 조건이 없습니다. 제외했습니다. 여기의 프로그램은 리밸런스 리스너에서, 그리고 `enable.auto.commit`으로 커밋합니다.",
                [call.into(), NONE],
            ),
            Gap::CommitsIf { call, on_revoked: false } => (
                "`{0}` stands under a condition, which a program here cannot have. It is left out: the program here commits by `enable.auto.commit` alone, and never when that is `false`.",
                "`{0}` 호출은 조건 안에 있는데, 여기의 프로그램에는 조건이 없습니다. 제외했습니다. 여기의 프로그램은 `enable.auto.commit`으로만 커밋하고, 그 값이 `false`이면 커밋하지 않습니다.",
                [call.into(), NONE],
            ),
            Gap::CommitsBefore { call, line } => (
                "this `{0}` commits before the records are processed (line {1}): a crash in between loses them. The program here commits after they are processed, so that loss cannot be seen here.",
                "이 `{0}` 호출은 레코드를 처리하기({1}행) 전에 커밋하므로, 그 사이에 죽으면 그 레코드를 잃습니다. 여기의 프로그램은 처리한 뒤에 커밋하므로 그 유실을 볼 수 없습니다.",
                [call.into(), (*line).into()],
            ),
            Gap::CommitsAllAtFirst { call } => (
                "this `{0}` stands in the loop over the records and is given no offsets: at the first of them it commits all that the poll returned, so that a crash loses those not processed by then. The program here commits each record's own offset after it is processed, so that loss cannot be seen here.",
                "이 `{0}` 호출은 레코드를 도는 루프 안에 있고 오프셋을 받지 않습니다. 첫 레코드에서 이미 poll이 돌려준 것을 모두 커밋하므로, 도중에 죽으면 아직 처리하지 않은 레코드를 잃습니다. 여기의 프로그램은 레코드마다 처리한 뒤 그 오프셋을 커밋하므로 그 유실을 볼 수 없습니다.",
                [call.into(), NONE],
            ),
            Gap::CommitsAgain { times: Some(times), each } => (
                "this commits {0} times {1}. The program here commits once; the others would commit the same offsets again.",
                "{1} {0}번 커밋합니다. 여기서는 한 번만 커밋합니다. 나머지는 같은 오프셋을 다시 커밋할 뿐입니다.",
                [(*times).into(), for_each(*each, lang)],
            ),
            Gap::CommitsAgain { times: None, each } => (
                "this commits several times {0}. The program here commits once; the others would commit the same offsets again.",
                "{0} 여러 번 커밋합니다. 여기서는 한 번만 커밋합니다. 나머지는 같은 오프셋을 다시 커밋할 뿐입니다.",
                [for_each(*each, lang), NONE],
            ),
            Gap::CommitsInTurn { each } => (
                "a loop commits here again and again {0}, each time what it has at hand then. The program here commits once, all that was read.",
                "{0} 루프가 여기서 되풀이해 그때그때의 오프셋을 커밋합니다. 여기서는 읽은 것을 한 번에 모두 커밋합니다.",
                [for_each(*each, lang), NONE],
            ),
            Gap::CommitsEmpty { call } => (
                "this `{0}` commits after a poll that returned nothing, too. The program here commits only after one that returned records.",
                "이 `{0}` 호출은 아무것도 돌려주지 않은 poll 뒤에도 커밋합니다. 여기의 프로그램은 레코드가 온 poll 뒤에만 커밋합니다.",
                [call.into(), NONE],
            ),
            Gap::OwnOffset => (
                "this is the record's own offset: once it is committed, the record is read again after a restart. Kafka means the next one, `offset() + 1`, and the program here commits that.",
                "레코드 자신의 오프셋입니다. 이것을 커밋하면 다시 시작할 때 그 레코드를 다시 읽습니다. 카프카에서는 다음 오프셋인 `offset() + 1`을 커밋해야 하며, 여기의 프로그램은 그렇게 커밋합니다.",
                [NONE, NONE],
            ),
            Gap::EndsLoop { call } => (
                "an exception of this `{0}` ends the loop, for the `try` stands outside of it. The loop here goes on.",
                "`try`가 루프 밖에 있어, 이 `{0}` 호출에서 예외가 나면 루프가 끝납니다. 여기의 루프는 계속합니다.",
                [call.into(), NONE],
            ),
            Gap::HoldsSome => (
                "only some records are put into the collection that is asked for here. The program here takes it that it holds some whenever a poll brought records.",
                "여기서 검사하는 컬렉션에는 레코드 일부만 담깁니다. 여기서는 레코드가 온 폴링이면 비어 있지 않은 것으로 봅니다.",
                [NONE, NONE],
            ),
            Gap::NotAssigned { call } => (
                "`{0}` throws `IllegalStateException` in Kafka: before the first `poll` no partition is assigned; a group gives them within `poll`. It is left out.",
                "`{0}` 호출은 카프카에서 `IllegalStateException`을 던집니다. 첫 `poll` 전에는 할당된 파티션이 없고, 그룹은 `poll` 안에서 파티션을 줍니다. 제외했습니다.",
                [call.into(), NONE],
            ),
            Gap::NothingAssigned { call, reset } => (
                "`{0}` does nothing in Kafka: before the first `poll` no partition is assigned; a group gives them within `poll`. It is left out; `auto.offset.reset={1}` does so for a group that has no offsets yet.",
                "`{0}` 호출은 카프카에서 아무 일도 하지 않습니다. 첫 `poll` 전에는 할당된 파티션이 없고, 그룹은 `poll` 안에서 파티션을 줍니다. 제외했습니다. 아직 오프셋이 없는 그룹에서는 `auto.offset.reset={1}` 설정이 그 일을 합니다.",
                [call.into(), (*reset).into()],
            ),
            _ => self.said_of_frameworks(lang),
        }
    }

    fn said_of_frameworks(&self, lang: Lang) -> Said<'_> {
        match self {
            Gap::SpringTemplate => (
                "`KafkaTemplate` is Spring's: its `send` is that of a `KafkaProducer`, and is carried over as one. Properties that stand in Spring's configuration, such as `spring.kafka.producer.acks`, are not in this text.",
                "`KafkaTemplate`은 스프링의 것이며, 그 `send`는 `KafkaProducer`의 `send`로 옮깁니다. `spring.kafka.producer.acks`처럼 스프링 설정에 있는 속성은 이 텍스트에 없습니다.",
                [NONE, NONE],
            ),
            Gap::SpringListener { commit } => (
                "`@KafkaListener` is Spring's: its container polls in a loop, calls the method with what it read, and {0} by `commitSync`, with `enable.auto.commit=false`. It is carried over as such a consumer.",
                "`@KafkaListener`는 스프링의 것입니다. 컨테이너가 루프에서 폴링하고, 읽은 것으로 메서드를 호출하고, `enable.auto.commit=false`인 채 `commitSync`로 {0}. 그런 컨슈머로 옮깁니다.",
                [commit.text(lang).into(), NONE],
            ),
            Gap::SpringConcurrency { count } => (
                "`concurrency` is Spring's: {0} threads, each with a consumer of its own in the same group. This makes one of them; make the others likewise.",
                "`concurrency`는 스프링의 것으로, 같은 그룹의 컨슈머를 하나씩 가진 스레드 {0}개를 뜻합니다. 여기서는 그중 하나를 만드니 나머지도 똑같이 만드세요.",
                [count.unsigned_abs().into(), NONE],
            ),
            Gap::SpringManual => (
                "`acknowledge` is Spring's. The program here commits in its place, by `commitSync`.",
                "`acknowledge`는 스프링의 것입니다. 여기서는 그 자리에서 `commitSync`로 커밋합니다.",
                [NONE, NONE],
            ),
            Gap::Framework { name } => (
                "`{0}` is no client of Kafka itself and is not played here. Its calls are left out.",
                "`{0}`: 카프카 클라이언트 자체가 아니어서 여기서는 실행하지 않습니다. 그 호출은 제외했습니다.",
                [(*name).into(), NONE],
            ),
            _ => (
                "the rebalance listener commits when partitions are revoked. Only a new consumer can be made so, with `on-revoked=commit-sync`; it is left out.",
                "리밸런스 리스너는 파티션을 내놓을 때 커밋합니다. `on-revoked=commit-sync`는 새 컨슈머를 만들 때만 줄 수 있어 제외했습니다.",
                [NONE, NONE],
            ),
        }
    }
}

fn for_each(record: bool, lang: Lang) -> SaidValue<'static> {
    let (en, ko) =
        if record { ("for each record", "레코드마다") } else { ("for each poll", "폴링할 때마다") };
    lang.pick(en, ko).into()
}
