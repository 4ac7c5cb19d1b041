//! How much a run may hold. Each limit is enforced with a sentence that names it.

/// Brokers of a cluster.
pub const MAX_BROKERS: u32 = 9;
// A script counts the topics that it names: those it creates, and those that may come by themselves.
pub use crate::ids::{MAX_PARTITIONS, MAX_TOPICS};
/// Milliseconds that one line sleeps, waits or polls: 30 days. Most timeouts of a client are an `int` of milliseconds, 24.8
/// days at most; what is a `long`, as `max.block.ms`, may be longer.
pub const MAX_MS: u64 = 30 * 24 * 3600 * 1000;
/// Moves of a script that is played and not kept.
pub const MAX_MOVES: u64 = 20_000_000;
/// Moves of a run that keeps its history, of each of its branches: 50 bytes each where little happens, 140 where records are
/// dense.
pub const MAX_RUN_MOVES: u64 = 8_000_000;
/// Moves that all branches of a run keep together, those that several share counted for each, as each keeps its own: 2.2 GB
/// where records are dense, of the 4 GB that a page's memory of 32 bits has.
pub const MAX_HELD_MOVES: u64 = 2 * MAX_RUN_MOVES;
/// What a line may count: as many as the moves of a script, since none of it comes to more.
pub const MAX_COUNT: u64 = MAX_MOVES;
/// Clients (producers, consumers, share consumers) with names of their own.
pub const MAX_CLIENTS: usize = 50;
/// Clients that a run makes, those counted that take the place of one that is gone.
pub const MAX_CLIENTS_MADE: usize = 10_000;
/// Bytes of all records that a run's producers are given, and of all that is written to its logs: 256 MB each.
pub const MAX_RUN_BYTES: u64 = 256 * 1_048_576;
/// Consumer groups that a script names.
pub const MAX_GROUPS: usize = 1_000;
/// `name=value` words of one line, headers among them.
pub const MAX_OPTIONS: usize = 1_000;
/// Other words of one line behind its verb, and what commas and semicolons part in words and values.
pub const MAX_WORDS: usize = 10_000;
/// Bytes of the key, value and headers of one record, of the longest that a line sends: 1 MB.
pub const MAX_RECORD_BYTES: u32 = 1_048_576;
/// Records that one line sends, and keys that it takes turns with.
pub const MAX_RECORDS_AT_ONCE: u32 = 1_000_000;
/// Polls that one line makes, records a second of a loop, and messages that a fault counts.
pub(in crate::script) const MAX_TIMES: u32 = 1_000_000;
/// Milliseconds that a slow link takes more: a minute.
pub(in crate::script) const MAX_SLOW_LINK_MS: u32 = 60_000;
/// Bytes of a script's text: 32 MB. Pasted records (5 MB) become lines of a script, a few times as long at worst.
pub const MAX_SCRIPT_BYTES: usize = 32 * 1_048_576;
/// Characters of a link: the longest address that Firefox opens, the lowest limit of those browsers that have one.
pub const MAX_LINK: usize = 1_000_000;
/// Lines of a script, and of all branches of a run as they are written.
pub const MAX_LINES: u32 = 200_000;
/// Lines that the branches of a run hold, those that several share counted for each.
pub const MAX_HELD_LINES: u64 = 2_000_000;
/// Bytes of the text that a program was pasted from, where it is kept with the run.
pub const MAX_CODE_BYTES: usize = 100_000;
/// Chapters and `try` lines of a script.
pub(in crate::script) const MAX_CHAPTERS: usize = 50;
pub(in crate::script) const MAX_TRIES: usize = 20;
/// Characters of a chapter's title.
pub(in crate::script) const MAX_TITLE: usize = 40;
/// Characters of what a chapter says.
pub(in crate::script) const MAX_SAYS: usize = 240;
/// Characters of what a script proposes to try.
pub(in crate::script) const MAX_LABEL: usize = 60;
/// Errors that are told one by one; the rest are counted.
pub const MAX_ERRORS: usize = 200;
