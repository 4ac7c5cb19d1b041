//! How long a script waits for what may never come.

use crate::ids::ClientId;
use crate::lang::{Sentence, both, grouped_by};
use crate::script::{MAX_MOVES, MAX_MS};
use crate::time::Instant;

/// Moves in a row with nothing worth telling, after which a line is given up that waits for no instant and states no timeout
/// that still runs.
pub const QUIET_MOVES: u64 = 5_000_000;
/// Virtual milliseconds with nothing worth telling, after which a line without a deadline is given up: 30 days, in which
/// the longest timeout of a client, `Integer.MAX_VALUE` milliseconds, is over.
pub const QUIET_MS: u64 = MAX_MS;
/// Virtual milliseconds with nothing worth telling but attempts to connect that failed: a day, in which a client makes some
/// 86,400 of them. A line or a client that states a longer timeout is waited for as long as it says, within [`QUIET_MS`] and
/// [`SCRIPT_MOVES`].
pub const REFUSED_MS: u64 = 24 * 3600 * 1000;
/// Commits of `enable.auto.commit` that a client begins within a second, or heartbeats that are answered: an interval of a
/// millisecond allows a thousand, and one of none as many as the machine makes.
pub const REPEATED: u32 = 5_000;
/// Moves of a whole script.
pub const SCRIPT_MOVES: u64 = MAX_MOVES;
/// Virtual milliseconds that a line waits for a client that is frozen, as long as a `wait` does.
pub const FROZEN_MS: u64 = 40_000;

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
    /// The client does so without a pause.
    Repeats(ClientId, Repeated),
    TooManyMoves,
    /// The client stands still.
    Frozen,
    /// The client's process ended before it was done with the line.
    ClientEnded,
    EndOfTime,
}

/// The sentence for what lies behind the end of virtual time.
pub(super) fn end_of_time() -> Sentence {
    both("virtual time ends a year after its start", "가상 시간은 시작하고 1년 뒤에 끝납니다")
}

/// `5,000,000`
pub(super) fn grouped(number: u64) -> String {
    grouped_by(number, ',')
}

/// What an interval of 0 ms makes a client do without a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeated {
    /// `auto.commit.interval.ms`
    Commits,
    /// `heartbeat.interval.ms`
    Heartbeats,
}

/// How often a client has done one of these within a second: the one that did so first in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Repeats {
    of: Option<(ClientId, Repeated)>,
    since: Instant,
    count: u32,
}

impl Repeats {
    pub(super) fn count(&mut self, client: ClientId, what: Repeated, now: Instant) {
        if self.of.is_none() || now > self.since.plus_millis(1000) {
            *self = Repeats { of: Some((client, what)), since: now, count: 0 };
        }
        self.count += u32::from(self.of == Some((client, what)));
    }

    pub(super) fn too_many(&self) -> Option<(ClientId, Repeated)> {
        self.of.filter(|_| self.count >= REPEATED)
    }
}
