//! How much a run may hold. Each limit is enforced with a sentence that names it.

/// Brokers of a cluster.
pub const MAX_BROKERS: u32 = 9;
/// Topics that a script creates.
pub const MAX_TOPICS: usize = 50;
/// Partitions of a topic.
pub const MAX_PARTITIONS: u32 = 100;
/// Clients (producers, consumers, share consumers) with names of their own.
pub const MAX_CLIENTS: usize = 50;
/// Bytes of the key, value and headers of one record: 1 MB.
pub const MAX_RECORD_BYTES: u32 = 1_048_576;
/// Records that one line sends.
pub const MAX_RECORDS_AT_ONCE: u32 = 1_000_000;
/// Bytes of a script's text: 32 MB. Pasted records (5 MB) become lines of a script, a few times as long at worst.
pub const MAX_SCRIPT_BYTES: usize = 32 * 1_048_576;
/// Lines of a script.
pub const MAX_LINES: u32 = 200_000;
/// Errors that are told one by one; the rest are counted.
pub const MAX_ERRORS: usize = 200;
