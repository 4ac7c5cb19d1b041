//! How long a script waits for what may never come.

use super::CommandError;
use crate::ids::ClientId;
use crate::lang::{Sentence, both, grouped};
use crate::node::Paced;
use crate::time::Instant;

/// Moves in a row with nothing worth telling, after which a line is given up that waits for no instant and states no timeout
/// that still runs.
pub const QUIET_MOVES: u64 = 5_000_000;
/// Virtual milliseconds with nothing worth telling but attempts to connect that failed: a day, in which a client makes some
/// 86,400 of them. A line or a client that states a longer timeout is waited for as long as it says, within
/// [`MAX_MS`](crate::script::MAX_MS) and [`MAX_MOVES`](crate::script::MAX_MOVES).
pub const REFUSED_MS: u64 = 24 * 3600 * 1000;
/// How often a client may do within a second what an interval keeps apart: one of a millisecond allows a thousand times, and
/// one of none as many as the machine makes.
pub const REPEATED: u32 = 5_000;

/// Why a line is given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GivenUp {
    /// Nothing is scheduled any more.
    NothingLeft,
    /// So many moves had nothing worth telling.
    QuietMoves(u64),
    /// Since then nothing worth telling has happened.
    QuietTime(Instant),
    /// Since then, for so many milliseconds, nothing but attempts to connect that failed.
    Refused {
        since: Instant,
        ms: u64,
    },
    TooManyMoves,
    /// The client stands still.
    Frozen,
    /// The client's process ended before it was done with the line.
    ClientEnded,
    EndOfTime,
}

/// The sentence for what lies behind the end of virtual time.
pub(super) fn end_of_time() -> Sentence {
    const { assert!(Instant::END.micros() == 365 * 24 * 3600 * 1_000_000) }
    both("virtual time ends a year after its start", "가상 시간은 시작하고 1년 뒤에 끝납니다")
}

/// An instant within a sentence: `60,131.5 ms`.
pub(super) fn instant(at: Instant) -> String {
    format!("{}.{} ms", grouped(at.micros() / 1000), at.micros() % 1000 / 100)
}

/// What was waited for in vain, since when, and why if that is known.
pub(super) fn in_vain(what: &Sentence, since: Instant, why: Option<Sentence>) -> CommandError {
    let since = instant(since);
    let (en, ko) = why.map_or_else(Default::default, |why| (format!(": {}", why.en), format!(": {}", why.ko)));
    CommandError::new(
        format!("waited in vain since {since} for {}{en}", what.en),
        format!("{since}부터 기다렸지만 이루어지지 않았습니다({}){ko}", what.ko),
    )
}

/// The sentence for a client that does something without a pause.
pub(super) fn without_a_pause(name: &str, what: Paced) -> Sentence {
    let most = grouped(u64::from(REPEATED));
    match what {
        Paced::Commit => both(
            format!(
                "{name} has committed by enable.auto.commit {most} times within a second: with \
                 auto.commit.interval.ms=0 each pass of a poll commits, in Kafka too. Allowed here: from 1"
            ),
            format!(
                "{name}: enable.auto.commit 커밋이 1초 안에 {most}번 일어났습니다. auto.commit.interval.ms=0이면 \
                 카프카에서도 poll이 한 번 돌 때마다 커밋합니다. 여기서 쓸 수 있는 값: 1 이상"
            ),
        ),
        Paced::Heartbeat => both(
            format!(
                "{name} has gone round without a pause {most} times within a second: with heartbeat.interval.ms=0 \
                 neither its polls nor its heartbeat thread wait, in Kafka too. Allowed here: from 1"
            ),
            format!(
                "{name}: 1초 안에 {most}번 쉬지 않고 돌았습니다. heartbeat.interval.ms=0이면 카프카에서도 poll과 하트비트 \
                 스레드가 쉬지 않습니다. 여기서 쓸 수 있는 값: 1 이상"
            ),
        ),
    }
}

/// How often a client has done one of these within a second: the one that did so first in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Repeats {
    of: Option<(ClientId, Paced)>,
    since: Instant,
    count: u32,
}

impl Repeats {
    pub(super) fn count(&mut self, client: ClientId, what: Paced, now: Instant) {
        if self.of.is_none() || now > self.since.plus_millis(1000) {
            *self = Repeats { of: Some((client, what)), since: now, count: 0 };
        }
        self.count += u32::from(self.of == Some((client, what)));
    }

    pub(super) fn is_too_many(&self) -> bool {
        self.count >= REPEATED
    }
}
